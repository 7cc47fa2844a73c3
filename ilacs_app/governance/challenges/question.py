"""A board's question, as one person sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ilacs_app.access import Act, Actor, QuestionStanding, may
from ilacs_app.clock import london_day
from ilacs_app.dates import long_date
from ilacs_app.governance.challenges.rules import STATE_LABELS, BoardAnswer, ChallengeState, is_late

_NOBODY = Actor(0, "", "")  # what may be done to a question depends on the standing alone


@dataclass(frozen=True)
class BoardQuestion:
    """A question about a recommendation or an action, as one person sees it; the instants are UTC.

    ``ref`` is the action's reference or the recommendation's number. ``answers`` are oldest first, and empty where a
    list was asked for without them. ``standing`` is what the reader is to it. ``item_key`` is the item of the meeting's
    agenda from which it arose; ``exempt``: only the board and who is asked can read it.
    """

    id: int
    board_id: int
    board: str
    board_slug: str
    plan_id: int
    plan_slug: str
    plan_short: str
    several: bool
    action_id: int | None
    recommendation_id: int | None
    ref: str
    text: str
    question: str
    asked_by_id: int
    asked_by: str
    asked_at: datetime
    owner: str
    reached: bool
    due_on: date
    state: str
    withdrawn_at: datetime | None
    withdrawn_reason: str
    item_key: str
    exempt: bool
    standing: QuestionStanding
    answers: tuple[BoardAnswer, ...] = ()

    @property
    def item(self) -> str:
        """``Action 5.3`` or ``Recommendation 5``."""
        return f"{'Action' if self.action_id else 'Recommendation'} {self.ref}"

    @property
    def item_address(self) -> str:
        """The page of the item."""
        if self.action_id:
            return f"/actions/{self.action_id}"
        return f"/plans/{self.plan_slug}/recommendations/{self.ref}"

    @property
    def address(self) -> str:
        return f"/challenges/{self.id}"

    @property
    def label(self) -> str:
        return STATE_LABELS[self.state]

    @property
    def newest(self) -> BoardAnswer | None:
        """The newest answer."""
        return self.answers[-1] if self.answers else None

    @property
    def is_open(self) -> bool:
        """Whether an answer is still wanted, from whomever it was asked of."""
        return self.state == ChallengeState.OPEN

    @property
    def waits_for_answer(self) -> bool:
        """Whether it waits for the reader's answer."""
        return self.is_open and self.standing.owns

    @property
    def offers_answer(self) -> bool:
        """Whether a page offers the reader the form for an answer."""
        return self.state in {ChallengeState.OPEN, ChallengeState.ANSWERED} and self.may(Act.ANSWER_QUESTION)

    @property
    def offers_verdict(self) -> bool:
        """Whether a page asks the reader if the newest answer satisfies."""
        return self.state == ChallengeState.ANSWERED and self.may(Act.JUDGE_ANSWER)

    @property
    def offers_withdrawal(self) -> bool:
        return self.state in {ChallengeState.OPEN, ChallengeState.ANSWERED} and self.may(Act.WITHDRAW_QUESTION)

    def may(self, act: Act) -> bool:
        return may(_NOBODY, act, self.standing)

    def outcome(self, today: date) -> str:
        """Return what has become of it: ``Answered on 3 May 2026``, or ``Not answered yet, and late``."""
        match self.state:
            case ChallengeState.ANSWERED if self.newest:
                return f"Answered on {long_date(london_day(self.newest.at))}"
            case ChallengeState.SATISFIED if self.newest:
                return f"Done: the board is satisfied with the answer of {long_date(london_day(self.newest.at))}"
            case ChallengeState.WITHDRAWN:
                return f"Withdrawn: {self.withdrawn_reason}" if self.withdrawn_reason else self.label
        return f"{self.label}, and late" if self.is_late(today) else self.label

    def is_late(self, today: date) -> bool:
        """Return whether it is unanswered after the day it was due."""
        return is_late(self.state, self.due_on, today)
