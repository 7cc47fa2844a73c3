"""The team form and the delegate forms."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.people.queries import Account


class TeamForm(VersionedForm):
    name = line("Team name", description="As it appears in the plan. For example, Heads of Locality")
    members = SelectMultipleField("Members", coerce=int, validate_choice=False, choices=[])

    @classmethod
    def of(cls, people: Sequence[Account], **given: object) -> TeamForm:
        """Return the form with the people to choose from."""
        form = cls(formdata=None, data=given) if given else cls()
        form.members.choices = [SelectChoice(person.id, f"{person.name}, {person.email}") for person in people]
        return form

    def chosen(self, people: Sequence[Account]) -> list[int]:
        """Return the ids that were chosen, leaving out any that were not offered."""
        return sorted({person.id for person in people} & set(self.members.data or ()))


class StandInForm(HouseForm):
    """Adds a delegate. ``person`` is their id, or their email address in ``StandInByEmailForm``."""

    person = SelectField("Delegate", coerce=str, validate_choice=False, choices=[])
    for_person = SelectField("Acts for", coerce=str, validate_choice=False, choices=[])
    from_on = line("From", description="For example, 31 March 2027. Leave empty to start today")
    until_on = line("Until", description="The last day. Leave empty if you do not know yet")
    reason = line("Reason", description="For example, annual leave")

    @classmethod
    def of(cls, people: Sequence[Account], *, by_email: bool) -> StandInForm:
        """Return the form with the people to choose from, or ``by_email`` one that asks for an email address."""
        if by_email:
            return StandInByEmailForm()
        form = cls()
        options = [SelectChoice(str(person.id), person.name) for person in people]
        form.person.choices = [SelectChoice("", "Choose a person"), *options]
        form.for_person.choices = [SelectChoice("", "Choose a person"), *options]
        return form

    def stands(self, people: Sequence[Account]) -> int | None:
        """Return the delegate’s id if they are one of these people."""
        return next((person.id for person in people if str(person.id) == self.person.data), None)


class StandInByEmailForm(StandInForm):
    """Adds a delegate for a partner, who cannot see the names of all accounts."""

    person = line("Delegate’s email address")

    def stands(self, people: Sequence[Account]) -> int | None:
        wanted = (self.person.data or "").lower()
        return next((person.id for person in people if person.email == wanted), None)
