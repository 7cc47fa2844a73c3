"""The forms of a plan as a whole: what it says of itself, and its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app.dates import long_date
from ilacs_app.editing.inspections.forms import WRITE_A_DAY, inspection_choices
from ilacs_app.editing.inspections.queries import InspectionLine
from ilacs_app.editing.plans.queries import EditablePlan, PlanContent
from ilacs_app.editing.plans.rules import STATE_WORDS, plan_move
from ilacs_app.forms.conflicts import Conflict
from ilacs_app.forms.fields import HouseForm, line, lines
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.parsing.days import read_day
from ilacs_app.plan.plan_file import split_lines
from ilacs_app.plan.rules import STATUS_WORDS
from ilacs_app.text import plain_name, tidy, whole_number

LONGEST_WINDOW = 366


class NewPlanForm(HouseForm):
    BEGUN = frozenset({"inspection"})
    title = line("Title", description="As shown on the front page of the plan")
    slug = line(
        "Short name for web addresses",
        description="Lower case letters, numbers and hyphens. Leave it empty to use the title",
    )
    dated_on = line("Date of the plan", description="For example, 31 March 2027. Leave it empty for today")
    inspection = SelectField("Inspection", validate_choice=False, choices=[])

    @classmethod
    def of(cls, inspections: Sequence[InspectionLine], chosen: str = "") -> NewPlanForm:
        """The form with the inspections to choose from, one of them chosen."""
        form = cls()
        form.inspection.choices = inspection_choices(inspections)
        if not form.is_submitted():
            form.inspection.data = chosen
        return form


class PlanForm(VersionedForm):
    title = line("Title")
    short_name = line("Short name", description="Shown when there is more than one plan")
    dated_on = line("Date of the plan", description="Ongoing actions are reviewed every 3 months from this date")
    reporting_window = line("Reporting window, in days", description="Actions not updated for this long turn amber")
    inspection = SelectField("Inspection", validate_choice=False, choices=[])
    oversight_board = SelectField(
        "Oversight board", description="Can see every action", validate_choice=False, choices=[]
    )
    reporting_committee = line("Reporting committee", description="For example, the scrutiny committee")
    link_plans = lines("Linked plans", description="One on each line")
    status_key = lines(
        "The council’s own status words",
        description="One on each line. For example, Green = Completed",
    )
    glossary = lines("Glossary", description="One on each line. For example, MASH = Multi-agency safeguarding hub")
    role_titles = lines(
        "Job titles", description="Job titles to use when names are removed. One on each line: full name = job title"
    )

    @classmethod
    def of(
        cls, boards: Sequence[BoardName], inspections: Sequence[InspectionLine], facts: EditablePlan | None = None
    ) -> PlanForm:
        """The form with what can be chosen: as it was sent, or as the plan has it, if one is given."""
        form = cls() if facts is None else cls(formdata=None)
        form.inspection.choices = inspection_choices(inspections)
        form.oversight_board.choices = [
            SelectChoice("", "None"),
            *(SelectChoice(str(board.id), board.name) for board in boards),
        ]
        if facts is not None:
            form._show(facts)
        return form

    def _show(self, facts: EditablePlan) -> None:
        text = facts.text
        self.title.data, self.short_name.data = text.title, text.short_name
        self.dated_on.data, self.reporting_window.data = long_date(text.dated_on), str(text.reporting_window)
        self.inspection.data = str(text.inspection_id or "")
        self.oversight_board.data = str(text.oversight_board_id or "")
        self.reporting_committee.data = text.reporting_committee
        self.link_plans.data = "\n".join(text.link_plans)
        self.glossary.data, self.role_titles.data = shown_pairs(text.glossary), shown_pairs(text.role_titles)
        key = {
            entry["word"]: STATUS_WORDS.get(entry.get("means", ""), entry.get("means", "")) for entry in text.status_key
        }
        self.status_key.data = shown_pairs(key)
        self.version.data = str(facts.version)

    def text(self, facts: EditablePlan) -> PlanContent | None:
        """Return what to save, or None after adding an error to each wrong field."""
        is_valid: bool = self.validate()
        is_valid = is_valid if self.title.data else self.bad(self.title, "Enter the plan’s title")
        is_valid = is_valid if self.short_name.data else self.bad(self.short_name, "Enter a short name")
        dated_on = read_day(self.dated_on.data)
        if dated_on is None:
            is_valid = self.bad(self.dated_on, WRITE_A_DAY)
        window = whole_number(self.reporting_window.data, LONGEST_WINDOW)
        if not window:
            is_valid = self.bad(self.reporting_window, f"Enter a number of days from 1 to {LONGEST_WINDOW}")
        pairs = {}
        for field in (self.glossary, self.role_titles, self.status_key):
            read = read_pairs(field.data)
            if isinstance(read, str):
                is_valid = self.bad(field, read)
            else:
                pairs[field.name] = read
        if not is_valid or dated_on is None or window is None:
            return None
        return PlanContent(
            title=self.title.data,
            short_name=self.short_name.data,
            dated_on=dated_on,
            reporting_window=window,
            inspection_id=_chosen(self.inspection),
            oversight_board_id=_chosen(self.oversight_board),
            reporting_committee=self.reporting_committee.data,
            link_plans=list(split_lines(self.link_plans.data)),
            glossary=pairs["glossary"],
            role_titles=pairs["role_titles"],
            status_key=_key(pairs["status_key"], facts.text.status_key),
        )


def _chosen(field: SelectField) -> int | None:
    """The id that was chosen, if it is one of those offered."""
    known = {choice.value for choice in field.choices if choice.value}
    return int(field.data) if field.data in known else None


def _key(pairs: Mapping[str, str], before: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """A status key from its lines; our own meanings become their codes, and the other settings of a line stay."""
    ours = {plain_name(label): status for status, label in STATUS_WORDS.items()} | {"completed": "completed"}
    known = {entry["word"]: dict(entry) for entry in before}
    return [
        {**known.get(word, {}), "word": word, "means": ours.get(plain_name(means), means)}
        for word, means in pairs.items()
    ]


def shown_pairs(pairs: Mapping[str, str]) -> str:
    """Return lines of ``name = meaning``."""
    return "\n".join(f"{name} = {meaning}" for name, meaning in pairs.items())


def read_pairs(text: str | None) -> dict[str, str] | str:
    """Return the meanings in lines of ``name = meaning``, or a sentence that names the first wrong line."""
    pairs: dict[str, str] = {}
    for number, line_text in enumerate(tidy(text).split("\n"), 1):
        name, equals, meaning = (part.strip() for part in line_text.partition("="))
        if not line_text.strip():
            continue
        if not (name and equals and meaning):
            return f"Line {number}: enter a name, then =, then what it means"
        if name in pairs:
            return f"Line {number}: “{name}” is here twice. Remove one of the lines"
        pairs[name] = meaning
    return pairs


class StateForm(VersionedForm):
    TELLS = ("to",)
    to = HiddenField(filters=[tidy])
    on_day = line("Date", description="Leave it empty for today")
    reason = lines("Reason")

    def beside(self, facts: EditablePlan) -> Conflict:
        """Return the form of the step that was asked for, if the plan can still take it."""
        to = self.to.data or ""
        form = "" if isinstance(plan_move(facts.state, to), str) else f"{to}-form"
        now = f"The plan is {STATE_WORDS[facts.state].lower()}. Title: {facts.text.title}"
        return self.meets("Plan status", STATE_WORDS.get(to, to), now, form)
