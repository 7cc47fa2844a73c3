"""The forms of teams and of those who stand in."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.forms.versioned import VersionedForm


class TeamForm(VersionedForm):
    name = line("Name of the team", description="As the plan writes it, such as Heads of Locality")
    members = SelectMultipleField("Members", coerce=int, validate_choice=False, choices=[])

    @classmethod
    def of(cls, people: Sequence[tuple[int, str, str]], **given: object) -> TeamForm:
        """The form with the people to choose from."""
        form = cls(data=given) if given else cls()
        form.members.choices = [SelectChoice(id_, f"{name}, {email}") for id_, name, email in people]
        return form

    def chosen(self, people: Sequence[tuple[int, str, str]]) -> list[int]:
        """The ids that were chosen, of those that could be."""
        return sorted({id_ for id_, _, _ in people} & set(self.members.data or ()))


class StandInForm(HouseForm):
    """``person`` is the id of who stands in, or their email address (``StandInByEmailForm``)."""

    person = SelectField("Who stands in", coerce=str, validate_choice=False, choices=[])
    for_person = SelectField("For whom", coerce=str, validate_choice=False, choices=[])
    from_on = line("From", description="Such as 31 March 2027. Leave it empty for today")
    until_on = line("Until", description="The last day. Leave it empty if you will end it yourself")
    reason = line("Reason", description="Such as leave, or writes the notes for")

    @classmethod
    def of(cls, people: Sequence[tuple[int, str, str]], *, by_email: bool) -> StandInForm:
        """The form with the people to choose from; ``by_email``: it names nobody, and asks for an email address."""
        if by_email:
            return StandInByEmailForm()
        form = cls()
        options = [SelectChoice(str(id_), name) for id_, name, _ in people]
        form.person.choices = [SelectChoice("", "Choose a person"), *options]
        form.for_person.choices = [SelectChoice("", "Choose a person"), *options]
        return form

    def stands(self, people: Sequence[tuple[int, str, str]]) -> int | None:
        """The id of who stands in, if it was one of these people (id, name, email)."""
        return next((id_ for id_, _, _ in people if str(id_) == self.person.data), None)


class StandInByEmailForm(StandInForm):
    """For a partner, who may not read the names of all accounts."""

    person = line("Email address of the person who stands in")

    def stands(self, people: Sequence[tuple[int, str, str]]) -> int | None:
        wanted = (self.person.data or "").lower()
        return next((id_ for id_, _, email in people if email == wanted), None)
