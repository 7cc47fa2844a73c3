"""The forms of an item at a meeting: what the board decides, and an action that arises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app.forms.fields import HouseForm, line, lines
from ilacs_app.governance.challenges.forms import WHO_READS_QUESTIONS
from ilacs_app.governance.challenges.rules import why_not_due
from ilacs_app.governance.decisions.commands import ArisingWish, DecisionWish
from ilacs_app.governance.decisions.queries import DecisionLine, ItemNow
from ilacs_app.governance.decisions.rules import DECISION_WORDS, DecisionKind
from ilacs_app.plan.parsing.days import read_day
from ilacs_app.text import tidy, whole_number
from ilacs_app.web import LARGEST_ID


class DecisionForm(HouseForm):
    """What a board decides on an item; the button that is pressed sends ``kind``."""

    words = lines("Words for the minutes", description=WHO_READS_QUESTIONS)
    earlier = line("Earlier date", description="A month or date before the one requested")
    until = line("Review the pause on", description="For example, 31 March 2027")
    board = SelectField("Refer to", choices=[], validate_choice=False)
    corrects = SelectField("Does this correct an earlier decision?", choices=[], validate_choice=False)
    kind = HiddenField(filters=[tidy])
    seen = HiddenField(filters=[tidy])
    version = HiddenField(filters=[tidy])
    asked = HiddenField(filters=[tidy])

    TELLS = ("kind", "seen", "asked")

    def offering(self, boards: Sequence[Any], decided: Sequence[DecisionLine]) -> DecisionForm:
        """Return the form with the boards to refer to, and the decisions at this meeting that it may correct."""
        self.board.choices = [SelectChoice("", "Select a board"), *(SelectChoice(str(b.id), b.name) for b in boards)]
        open_to = [line for line in decided if not line.corrected]
        self.corrects.choices = [
            SelectChoice("", "No"),
            *(SelectChoice(str(decision.id), f"It corrects “{decision.label}”") for decision in open_to),
        ]
        return self

    def shown(self, item: ItemNow, seen: int) -> DecisionForm:
        """Return the form as it is drawn for an item as it is now; ``seen`` is the newest decision on it."""
        self.seen.data, self.version.data = str(seen), str(item.version)
        self.asked.data = f"{item.asked.id}.{item.asked.version}" if item.asked else ""
        return self

    @property
    def chosen(self) -> DecisionKind | None:
        return DecisionKind(self.kind.data) if self.kind.data in set(DecisionKind) else None

    @property
    def until_day(self) -> date | None:
        return read_day(self.until.data)

    def check(self) -> bool:
        """Return whether the form holds one decision, after saying at each wrong field what to enter."""
        valid: bool = self.validate()
        if self.chosen is None:
            valid = self.bad(self.words, "Select what the board decided.")
        if self.chosen == DecisionKind.PAUSE and self.until_day is None:
            valid = self.bad(
                self.until, "Enter the date to review the pause. It must be in the future, like 31 March 2027."
            )
        for field, kind in (
            (self.earlier, DecisionKind.AGREE_EARLIER),
            (self.until, DecisionKind.PAUSE),
            (self.board, DecisionKind.REFER),
        ):
            if field.data and self.chosen not in {None, kind}:
                valid = self.bad(field, f"Select “{DECISION_WORDS[kind].button}” to decide this, or clear it.")
        return valid

    def wish(self, key: str, kind: DecisionKind) -> DecisionWish:
        request_id, _, request_version = (self.asked.data or "").partition(".")
        return DecisionWish(
            key=key,
            kind=kind,
            words=self.words.data or "",
            seen=_number(self.seen.data),
            version=_number(self.version.data),
            request_id=_number(request_id),
            request_version=_number(request_version),
            earlier=self.earlier.data or "",
            until=self.until_day,
            board_id=whole_number(self.board.data, LARGEST_ID),
            corrects_id=whole_number(self.corrects.data, LARGEST_ID),
        )


def _number(text: str | None) -> int:
    return whole_number(text, LARGEST_ID) or 0


class ArisingForm(HouseForm):
    """An action that arises from an item."""

    task = lines("What is to be done?", description=WHO_READS_QUESTIONS)
    owner = line("Who by?", description="Full name of a person or a team, as it appears in the plan")
    due = line("By when?", description="For example, 21 May 2027")

    BEGUN = frozenset({"owner", "due"})

    def check(self, today: date) -> bool:
        """Return whether it can be saved, after saying at each wrong field what to enter."""
        valid: bool = self.validate()
        due_on = read_day(self.due.data)
        if not self.task.data:
            valid = self.bad(self.task, "Enter what is to be done.")
        if not self.owner.data:
            valid = self.bad(self.owner, "Enter who is to do it.")
        if due_on is None:
            return self.bad(self.due, "Enter a real date, like 21 May 2027.")
        late = why_not_due(due_on, today)
        return self.bad(self.due, late) if late else valid

    def wish(self, key: str, owner: str) -> ArisingWish | None:
        due_on = read_day(self.due.data)
        return ArisingWish(key, self.task.data or "", owner, due_on) if due_on else None
