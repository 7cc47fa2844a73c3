"""The team form and the delegate forms."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.forms.versioned import VersionedForm


class TeamForm(VersionedForm):
    name = line("Team name", description="As it appears in the plan. For example, Heads of Locality")
    members = SelectMultipleField("Members", coerce=int, validate_choice=False, choices=[])

    @classmethod
    def of(cls, people: Sequence[tuple[int, str, str]], **given: object) -> TeamForm:
        """Return the form with the people to choose from."""
        form = cls(formdata=None, data=given) if given else cls()
        form.members.choices = [SelectChoice(id_, f"{name}, {email}") for id_, name, email in people]
        return form

    def chosen(self, people: Sequence[tuple[int, str, str]]) -> list[int]:
        """Return the ids that were chosen, leaving out any that were not offered."""
        return sorted({id_ for id_, _, _ in people} & set(self.members.data or ()))


class StandInForm(HouseForm):
    """Adds a delegate. ``person`` is their id, or their email address in ``StandInByEmailForm``."""

    person = SelectField("Delegate", coerce=str, validate_choice=False, choices=[])
    for_person = SelectField("Acts for", coerce=str, validate_choice=False, choices=[])
    from_on = line("From", description="For example, 31 March 2027. Leave empty to start today")
    until_on = line("Until", description="The last day. Leave empty if you do not know yet")
    reason = line("Reason", description="For example, annual leave")

    @classmethod
    def of(cls, people: Sequence[tuple[int, str, str]], *, by_email: bool) -> StandInForm:
        """Return the form with the people to choose from, or ``by_email`` one that asks for an email address."""
        if by_email:
            return StandInByEmailForm()
        form = cls()
        options = [SelectChoice(str(id_), name) for id_, name, _ in people]
        form.person.choices = [SelectChoice("", "Choose a person"), *options]
        form.for_person.choices = [SelectChoice("", "Choose a person"), *options]
        return form

    def stands(self, people: Sequence[tuple[int, str, str]]) -> int | None:
        """Return the delegate’s id if they are one of these people (id, name, email)."""
        return next((id_ for id_, _, _ in people if str(id_) == self.person.data), None)


class StandInByEmailForm(StandInForm):
    """Adds a delegate for a partner, who cannot see the names of all accounts."""

    person = line("Delegate’s email address")

    def stands(self, people: Sequence[tuple[int, str, str]]) -> int | None:
        wanted = (self.person.data or "").lower()
        return next((id_ for id_, _, email in people if email == wanted), None)
