"""Members' questions to those who lead an item, and the answers.

The tables are below the plan's names (decision 0028): who owns a question follows when names are linked or reassigned.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model, UtcInstant, one_of

CHALLENGE_STATES = ("open", "answered", "satisfied", "withdrawn")


class Challenge(Model):
    """A question that a member of a board asked about a recommendation or an action.

    The owner is a name, as in the plan: ``owner_person_id`` and ``owner_team_id`` are the account and the team that it
    reaches. ``state`` follows from the answers (``rules.state_of``), so that lists are filtered and counted in SQL.
    """

    __tablename__ = "challenge"
    __table_args__ = (
        CheckConstraint(one_of("state", CHALLENGE_STATES), name="state"),
        CheckConstraint("(action_id is null) <> (recommendation_id is null)", name="about"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at is not null)", name="withdrawn"),
        Index("ix_challenge_board", "board_id", "state"),
        Index("ix_challenge_action", "action_id"),
        Index("ix_challenge_recommendation", "recommendation_id"),
        Index("ix_challenge_state", "state", "owner_person_id"),
        Index("ix_challenge_asked_at", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), doc="none: asked between meetings")
    question: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    owner: Mapped[str] = mapped_column(Text)
    owner_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    owner_team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    item_key: Mapped[str] = mapped_column(Text, default="", doc="the item of the meeting's agenda from which it arose")
    exempt: Mapped[bool] = mapped_column(default=False, doc="that item is in the exempt part of the meeting")


class ChallengeAnswer(Model):
    """An answer, and what the asker or the chair said of it. Never changed otherwise: another answer is another row."""

    __tablename__ = "challenge_answer"
    __table_args__ = (
        CheckConstraint("(satisfied is null) = (judged_at is null)", name="judged"),
        Index("ix_challenge_answer_challenge", "challenge_id", "id"),
        Index("ix_challenge_answer_at", "at"),
        Index("ix_challenge_answer_judged_at", "judged_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    words: Mapped[str] = mapped_column(Text)
    satisfied: Mapped[bool | None] = mapped_column(doc="yes, not yet, or nobody has said")
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    judged_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    judged_words: Mapped[str] = mapped_column(Text, default="")
