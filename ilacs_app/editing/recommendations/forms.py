"""The forms of a recommendation: its words, leads, boards and place; withdrawing it."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Field, HiddenField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ilacs_app.dates import long_date
from ilacs_app.editing.recommendations.queries import EditableRecommendation
from ilacs_app.editing.recommendations.rules import RecommendationContent
from ilacs_app.forms.conflicts import Conflict
from ilacs_app.forms.fields import HouseForm, choice, line, lines
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.names.queries import names_in
from ilacs_app.plan.plan_file import split_lines
from ilacs_app.plan.rules import RECOMMENDATION_KINDS
from ilacs_app.text import plain_name, tidy, whole_number

LONGEST_FIELD = 20_000
LAST_PLACE = 99_999


ONE_ON_EACH_LINE = "One on each line"
SEVERAL_NAMES = "People or teams. One on each line, or separated by ; or / or &"


class RecommendationForm(VersionedForm):
    BEGUN = frozenset({"number"})
    ABOUT = ("item",)
    item = HiddenField(filters=[tidy])
    number = line("Number")
    text = lines("Recommendation", most=LONGEST_FIELD)
    kind = choice("Kind", dict(RECOMMENDATION_KINDS))
    judgement_area = line("Judgement area", description="For example, help and protection")
    leads = lines("Leads", description=f"{SEVERAL_NAMES}. The first is accountable unless you say so")
    accountable = line("Accountable lead", description="One of the names above. Leave it empty for the first")
    monitoring = lines("Performance management framework", most=LONGEST_FIELD, description=ONE_ON_EACH_LINE)
    measures = lines("Measures", most=LONGEST_FIELD, description=ONE_ON_EACH_LINE)
    partnership_focus = lines("Partnership focus", most=LONGEST_FIELD)
    link_plans = lines("Linked plans", most=LONGEST_FIELD, description=ONE_ON_EACH_LINE)
    boards = SelectMultipleField("Boards", coerce=int, validate_choice=False, choices=[])
    lead_board = SelectField("Lead board", validate_choice=False, choices=[])
    impact = lines("Impact wanted", most=LONGEST_FIELD)
    exit_criteria = lines("Exit criteria", most=LONGEST_FIELD, description="What must be true before this is embedded")
    carried_forward_from = line("Carried forward from", description="Earlier plan and number")

    @classmethod
    def of(cls, boards: Sequence[BoardName], facts: EditableRecommendation | None = None) -> RecommendationForm:
        """The form with the boards to choose from: as it was sent, or as the recommendation has it, if one is given."""
        form = cls() if facts is None else cls(formdata=None)
        form.boards.choices = [SelectChoice(board.id, board.name) for board in boards]
        first = SelectChoice("", "The first board")
        form.lead_board.choices = [first, *(SelectChoice(str(board.id), board.name) for board in boards)]
        if facts is not None:
            form._show(facts)
        return form

    def _show(self, facts: EditableRecommendation) -> None:
        text = facts.text
        self.item.data, self.number.data, self.version.data = str(facts.id), facts.number, str(facts.version)
        for name in ("text", "kind", "judgement_area", "accountable", "partnership_focus", "impact", "exit_criteria"):
            self[name].data = getattr(text, name)
        self.carried_forward_from.data = text.carried_forward_from
        for name in ("leads", "monitoring", "measures", "link_plans"):
            self[name].data = "\n".join(getattr(text, name))
        self.boards.data, self.lead_board.data = list(text.board_ids), str(text.lead_board_id or "")

    def given(self, plan_id: int, before: Sequence[int] = ()) -> RecommendationContent | None:
        """Return what to save in this plan; nothing if it cannot be, and then each wrong field says what to write.

        Boards keep the order that they have (``before``); new ones come after them.
        """
        is_valid: bool = self.validate()
        is_valid = is_valid if self.text.data else self.bad(self.text, "Enter the recommendation")
        leads = names_in(self.leads.data, plan_id)
        accountable = plain_name(self.accountable.data or "")
        if accountable and accountable not in map(plain_name, leads):
            is_valid = self.bad(self.accountable, "Enter one of the leads above, or leave this empty")
        offered = [option.value for option in self.boards.choices]
        chosen = set(self.boards.data or ())
        board_ids = (
            *(board_id for board_id in before if board_id in chosen),
            *(o for o in offered if o in chosen - set(before)),
        )
        lead = next((board_id for board_id in board_ids if str(board_id) == self.lead_board.data), None)
        if self.lead_board.data and lead is None:
            is_valid = self.bad(self.lead_board, "Select one of the boards you ticked")
        if not is_valid:
            return None
        return RecommendationContent(
            text=self.text.data,
            kind=self.kind.data if self.kind.data in RECOMMENDATION_KINDS else "",
            judgement_area=self.judgement_area.data,
            leads=leads,
            accountable=next((name for name in leads[1:] if plain_name(name) == accountable), ""),
            monitoring=split_lines(self.monitoring.data),
            measures=split_lines(self.measures.data),
            partnership_focus=self.partnership_focus.data,
            link_plans=split_lines(self.link_plans.data),
            board_ids=board_ids,
            lead_board_id=lead,
            impact=self.impact.data,
            exit_criteria=self.exit_criteria.data,
            carried_forward_from=self.carried_forward_from.data,
        )


def place_in(form: HouseForm, field: Field) -> int | None:
    """The place that a field names, counted from 1; says at the field what to write if it names none."""
    place = whole_number(field.data, LAST_PLACE)
    if not place:
        form.bad(field, f"Enter a whole number from 1 to {LAST_PLACE:,}")
    return place or None


class MoveForm(VersionedForm):
    ABOUT = ("item",)
    item = HiddenField(filters=[tidy])
    number = line("Number", description="Action references that start with the old number change too")
    place = line("Position", description="1 is first")

    @classmethod
    def of(cls, facts: EditableRecommendation) -> MoveForm:
        now = {"number": facts.number, "place": str(facts.place), "version": str(facts.version)}
        return cls(formdata=None, item=str(facts.id), **now)


class ReasonForm(VersionedForm):
    ABOUT = ("item",)
    item = HiddenField(filters=[tidy])
    reason = lines("Reason")

    @classmethod
    def at(cls, facts: EditableRecommendation) -> ReasonForm:
        """The form as it opens."""
        return cls(formdata=None, version=str(facts.version))

    def beside(self, facts: EditableRecommendation, withdraws: bool) -> Conflict:
        """Return the change that was asked for beside the current value, if it can still be made."""
        gone = facts.withdrawn_on is not None
        now = f"It was withdrawn on {long_date(facts.withdrawn_on)}." if gone else "It has not been withdrawn."
        wanted = "Withdraw" if withdraws else "Restore"
        return self.meets("Status", wanted, f"{now} It says: {facts.text.text}", "stands" * (gone != withdraws))
