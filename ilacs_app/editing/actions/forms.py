"""The forms of an action: its words, people, place, and how its timescale is read."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app.editing.actions.queries import EditableAction, Place
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.recommendations.forms import LONGEST, names_in
from ilacs_app.forms.fields import line, lines
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.plan.queries import Named
from ilacs_app.text import tidy


class ActionForm(VersionedForm):
    text = lines("Action", most=LONGEST)
    owners = lines("Owners", description="People or teams, one on each line")
    contributors = lines("Contributors", description="People or teams, one on each line")

    @classmethod
    def of(cls, facts: EditableAction) -> ActionForm:
        """The form as the action stands."""
        form = cls(formdata=None)
        form.text.data, form.version.data = facts.text.text, str(facts.version)
        form.owners.data, form.contributors.data = "\n".join(facts.text.owners), "\n".join(facts.text.contributors)
        return form

    def given(self) -> ActionContent | None:
        """What is to be saved; nothing where it cannot be, and then each wrong field says what to write."""
        good: bool = self.validate()
        if not self.text.data:
            good = self.bad(self.text, "Write what will be done.")
        return ActionContent(self.text.data, names_in(self.owners), names_in(self.contributors)) if good else None


class NewActionForm(ActionForm):
    BEGUN = frozenset({"ref"})
    ABOUT = ("item",)
    item = HiddenField(filters=[tidy])
    ref = line("Reference")
    timescale = line("Timescale", description="Such as End June 2027, or Ongoing - review March 2027")


class PlaceForm(VersionedForm):
    TELLS = ("stood",)
    stood = HiddenField(filters=[tidy])
    ref = line("Reference")
    recommendation = SelectField("Recommendation", validate_choice=False, choices=[])
    place = line("Place in it", description="1 stands first")

    @classmethod
    def of(cls, offered: Sequence[Named], at: Place | None = None, version: int = 0) -> PlaceForm:
        """The form with the recommendations to choose from: as it was sent, or as the action stands ``at`` a place."""
        form = cls() if at is None else cls(formdata=None, ref=at.ref, place=str(at.place))
        form.recommendation.choices = [
            SelectChoice(str(one.id), f"{one.number}. {one.text[:80]}{'…' if len(one.text) > 80 else ''}")
            for one in offered
        ]
        if at is not None:
            form.version.data = str(version)
            form.recommendation.data = form.stood.data = str(at.recommendation_id)
        return form


class ReadingForm(VersionedForm):
    words = line("Words", description="Such as 31 March 2027, or Ongoing, review June 2027")
