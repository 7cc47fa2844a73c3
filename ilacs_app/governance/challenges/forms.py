"""The forms that ask, answer, judge and withdraw a question."""

from __future__ import annotations

from datetime import date

from wtforms import HiddenField

from ilacs_app.dates import long_date
from ilacs_app.forms.fields import HouseForm, line, lines
from ilacs_app.governance.challenges.rules import IS_SATISFIED, NOT_SATISFIED_YET, VERDICTS, why_not_due
from ilacs_app.plan.parsing.days import read_day
from ilacs_app.text import tidy, whole_number
from ilacs_app.web import LARGEST_ID

WHO_READS_QUESTIONS = "Everyone who can see this item and this board can read it. Do not name a child"


class AskForm(HouseForm):
    about = line("Action or recommendation", description="For example, 5.3 for an action or 5 for a recommendation")
    question = lines("Your question", description=WHO_READS_QUESTIONS)
    owner = line("Who should answer?", description="Full name of a person or a team, as it appears in the plan")
    due = line("Answer by", description="For example, 21 May 2027")
    action = HiddenField(filters=[tidy])
    recommendation = HiddenField(filters=[tidy])

    BEGUN = frozenset({"about", "owner", "due"})
    ABOUT = ("action", "recommendation")

    @property
    def action_id(self) -> int | None:
        return whole_number(self.action.data, LARGEST_ID)

    @property
    def recommendation_id(self) -> int | None:
        return whole_number(self.recommendation.data, LARGEST_ID)

    def begin(self, owner: str, due_on: date) -> None:
        """Fill in who is asked and by when, where the form is new."""
        self.owner.data, self.due.data = owner, long_date(due_on)

    @property
    def due_on(self) -> date | None:
        return read_day(self.due.data)

    def check(self, today: date) -> bool:
        """Return whether it can be sent, as far as the form alone shows; say what to enter where it cannot."""
        complete: bool = self.validate()
        if not self.question.data:
            complete = self.bad(self.question, "Enter your question.")
        if self.due.data:
            due_on = self.due_on
            late = "Enter a real date, like 21 May 2027." if due_on is None else why_not_due(due_on, today)
            complete = self.bad(self.due, late) if late else complete
        return complete


class AnswerForm(HouseForm):
    answer = lines("Your answer", description=WHO_READS_QUESTIONS)

    def check(self) -> bool:
        """Return whether it can be sent; say what to do where it cannot."""
        valid: bool = self.validate()
        return valid if self.answer.data else self.bad(self.answer, "Enter your answer.")


class JudgeForm(HouseForm):
    words = lines("What did it lead to, or what is still missing?", description="Required if you choose Not yet")
    satisfied = HiddenField(filters=[tidy])
    answer = HiddenField(filters=[tidy])

    ABOUT = ("answer",)

    @property
    def is_satisfied(self) -> bool:
        return bool(self.satisfied.data == IS_SATISFIED)

    @property
    def answer_id(self) -> int:
        """The answer that was seen; 0 where the form does not say."""
        return whole_number(self.answer.data, LARGEST_ID) or 0

    def check(self) -> bool:
        """Return whether it can be sent; say what to do where it cannot."""
        valid: bool = self.validate()
        if self.satisfied.data not in VERDICTS:
            return self.bad(self.words, "Select “Yes, satisfied” or “Not yet”.")
        if self.satisfied.data == NOT_SATISFIED_YET and not self.words.data:
            return self.bad(self.words, "Enter what is still missing.")
        return valid


class WithdrawQuestionForm(HouseForm):
    reason = line("Why do you withdraw it?")

    def check(self) -> bool:
        """Return whether it can be sent; say what to do where it cannot."""
        valid: bool = self.validate()
        return valid if self.reason.data else self.bad(self.reason, "Enter why you withdraw it.")
