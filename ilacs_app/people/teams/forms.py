"""The team form and the delegate forms."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.people.forms import AccountMeant, account_meant
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
    """Adds a delegate. ``person`` and ``for_person`` are a full name or an email address."""

    person = line("Delegate", description="Full name or email address")
    for_person = line("Acts for", description="Full name or email address")
    from_on = line("From", description="For example, 31 March 2027. Leave empty to start today")
    until_on = line("Until", description="The last day. Leave empty if you do not know yet")
    reason = line("Reason", description="For example, annual leave")

    @classmethod
    def of(cls, *, by_email: bool) -> StandInForm:
        """Return the form; ``by_email``, for someone who cannot see the names of all accounts, asks for an address."""
        return StandInByEmailForm() if by_email else cls()

    def stands(self, people: Sequence[Account]) -> AccountMeant:
        """Return the delegate, or those who may be meant after saying so at the field."""
        return account_meant(self, self.person, people, empty="Enter who the delegate is.")


class StandInByEmailForm(StandInForm):
    """Adds a delegate for someone who cannot see the names of all accounts."""

    person = line("Delegate’s email address")

    def stands(self, people: Sequence[Account]) -> AccountMeant:
        wanted = (self.person.data or "").lower()
        account = next((person for person in people if person.email == wanted), None)
        if account is None:
            self.bad(self.person, "Enter the email address of someone with an account.")
        return AccountMeant(account)
