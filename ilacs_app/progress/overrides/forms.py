"""The form that overrides a rating, or removes the override."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app.forms.fields import lines
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.plan.rules import BRAG_WORDS, Brag


class OverrideForm(VersionedForm):
    brag = SelectField("Rating", validate_choice=False, choices=[])
    reason = lines("Why override it?")

    def offering(self, may: Iterable[Brag], *, lift: bool) -> OverrideForm:
        """The form with the ratings that the rule allows and, if there is an override, the choice to remove it."""
        first = SelectChoice("", "Automatic" if lift else "Select a rating")
        self.brag.choices = [first, *(SelectChoice(brag.value, BRAG_WORDS[brag]) for brag in may)]
        return self
