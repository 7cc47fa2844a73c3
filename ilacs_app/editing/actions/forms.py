"""The forms of an action: its words, people, place, and how its timescale is read."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app.editing.actions.queries import EditableAction, Place
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.recommendations.forms import LONGEST_FIELD, SEVERAL_NAMES
from ilacs_app.editing.timescales.rules import NO_REASON, UNCLEAR
from ilacs_app.forms.fields import line, lines
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.plan.names.queries import names_in
from ilacs_app.plan.queries import Named
from ilacs_app.text import tidy

TIMESCALE_HINT = "For example, End June 2027, or Ongoing - review March 2027"


class ActionForm(VersionedForm):
    text = lines("Action", most=LONGEST_FIELD)
    owners = lines("Owners", description=SEVERAL_NAMES)
    contributors = lines("Contributors", description=SEVERAL_NAMES)
    timescale = lines("Timescale", description=TIMESCALE_HINT)

    @classmethod
    def of(cls, facts: EditableAction) -> ActionForm:
        """Return the form of an action as it is saved."""
        form = cls(formdata=None)
        form.timescale.data = facts.text.timescale
        form.text.data, form.version.data = facts.text.text, str(facts.version)
        form.owners.data, form.contributors.data = "\n".join(facts.text.owners), "\n".join(facts.text.contributors)
        return form

    def given(self, plan_id: int) -> ActionContent | None:
        """Return what to save in this plan, or None after adding an error to each wrong field."""
        is_valid: bool = self.validate()
        if not self.text.data:
            is_valid = self.bad(self.text, "Enter what will be done")
        owners, contributors = names_in(self.owners.data, plan_id), names_in(self.contributors.data, plan_id)
        return ActionContent(self.text.data, owners, contributors, self.timescale.data) if is_valid else None

    def fill_unsent(self, facts: EditableAction) -> None:
        """Leave the timescale as it is saved where the page did not offer it: only a draft plan's page does."""
        if "timescale" not in request.form:
            self.timescale.data = tidy(facts.text.timescale)


class NewActionForm(ActionForm):
    BEGUN = frozenset({"ref"})
    ABOUT = ("item",)
    item = HiddenField(filters=[tidy])
    ref = line("Reference")
    timescale = line("Timescale", description=TIMESCALE_HINT)


class PlaceForm(VersionedForm):
    TELLS = ("stood",)
    stood = HiddenField(filters=[tidy])
    ref = line("Reference")
    recommendation = SelectField("Recommendation", validate_choice=False, choices=[])
    place = line("Position", description="1 is first")

    @classmethod
    def of(cls, offered: Sequence[Named], at: Place | None = None, version: int = 0) -> PlaceForm:
        """The form with the recommendations to choose from: as it was sent, or as the action is ``at`` a place."""
        form = cls() if at is None else cls(formdata=None, ref=at.ref, place=str(at.place))
        form.recommendation.choices = [
            SelectChoice(str(item.id), f"{item.number}. {item.text[:80]}{'…' if len(item.text) > 80 else ''}")
            for item in offered
        ]
        if at is not None:
            form.version.data = str(version)
            form.recommendation.data = form.stood.data = str(at.recommendation_id)
        return form


class ReadingForm(VersionedForm):
    words = line("Words", description="For example, 31 March 2027, or Ongoing, review June 2027")
    reason = line("Reason")

    def given(self) -> bool:
        """Return whether both are given, after adding an error to each that is not."""
        is_valid: bool = self.validate()
        if not self.words.data:
            is_valid = self.bad(self.words, UNCLEAR)
        if not self.reason.data:
            is_valid = self.bad(self.reason, NO_REASON)
        return is_valid
