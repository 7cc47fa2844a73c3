"""The plan: inspections, plans, recommendations, actions and what hangs on them.

The words of the council are beside how we read them. An action is held once and has a place in each recommendation
that it serves. Columns named ``last_word_on``, ``moves``, ``stage_due_on`` and ``review_on`` are kept by the commands
so that lists can be filtered in SQL; whether something is late is never stored.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import JsonDocument, Model, UtcInstant, one_of
from ilacs_app.plan.parsing.timescales import Timing
from ilacs_app.plan.rules import STATUSES

PLAN_STATES = ("draft", "submitted", "live", "closed")


class Inspection(Model):
    __tablename__ = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(Text)
    framework: Mapped[str] = mapped_column(Text)
    on_site_from: Mapped[date | None]
    on_site_until: Mapped[date | None]
    received_on: Mapped[date | None]
    published_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class Plan(Model):
    __tablename__ = "plan"
    __table_args__ = (CheckConstraint(one_of("state", PLAN_STATES), name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    short_name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    dated_on: Mapped[date]
    reporting_window: Mapped[int] = mapped_column(default=35, doc="days")
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"))
    oversight_board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"))
    live_on: Mapped[date | None]
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JsonDocument, default=list)
    version: Mapped[int] = mapped_column(default=1)
    status_key: Mapped[list[dict[str, str]]] = mapped_column(
        JsonDocument, default=list, doc="this council's words and what they mean"
    )
    link_plans: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    glossary: Mapped[dict[str, str]] = mapped_column(
        JsonDocument, default=dict, doc="abbreviation -> what it stands for"
    )
    role_titles: Mapped[dict[str, str]] = mapped_column(
        JsonDocument, default=dict, doc="a name in the plan -> the role title that papers say instead"
    )
    reporting_committee: Mapped[str] = mapped_column(Text, default="")
    submitted_on: Mapped[date | None]
    closed_on: Mapped[date | None]


class Recommendation(Model):
    __tablename__ = "recommendation"
    __table_args__ = (UniqueConstraint("plan_id", "number", name="uq_recommendation_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    monitoring: Mapped[list[str]] = mapped_column(JsonDocument, default=list, doc="performance management framework")
    measures: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    partnership_focus: Mapped[str] = mapped_column(Text, default="")
    link_plans: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    impact: Mapped[str] = mapped_column(Text, default="")
    extra: Mapped[dict[str, str]] = mapped_column(JsonDocument, default=dict)
    at: Mapped[str] = mapped_column(Text, default="", doc="its place in the file that it was imported from")
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(Text, default="", doc="a finding's kind, or the council's own; empty: not said")
    judgement_area: Mapped[str] = mapped_column(Text, default="")
    exit_criteria: Mapped[str] = mapped_column(Text, default="")
    carried_forward_from: Mapped[str] = mapped_column(Text, default="")
    submitted_text: Mapped[str | None] = mapped_column(Text, doc="its words when the plan was submitted, once reworded")
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")


class RecommendationLead(Model):
    """A lead as the plan names it; ``person_id`` once an account has that full name."""

    __tablename__ = "recommendation_lead"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "position", name="uq_recommendation_lead_position"),
        Index("ix_recommendation_lead_person", "person_id", "recommendation_id"),
        Index("ix_recommendation_lead_team", "team_id", "recommendation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    accountable: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))


class RecommendationBoard(Model):
    __tablename__ = "recommendation_board"
    __table_args__ = (Index("ix_recommendation_board_board", "board_id", "recommendation_id"),)

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"), primary_key=True)
    position: Mapped[int]
    lead: Mapped[bool] = mapped_column(default=False)
    named_as: Mapped[str] = mapped_column(Text, doc="the plan's own words")


class Action(Model):
    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint(one_of("status", STATUSES), name="status"),
        CheckConstraint(one_of("timescale_kind", tuple(Timing)), name="timescale_kind"),
        CheckConstraint("(moves = 0) = (last_moved_on is null)", name="moves"),
        CheckConstraint("brag_override is null or brag_override in ('red', 'amber', 'green')", name="brag_override"),
        Index(  # all that the rating of an action asks, so that counting reads the index alone
            "ix_action_rating",
            "plan_id",
            "status",
            "due_on",
            "review_on",
            "stage_due_on",
            "last_word_on",
            "last_moved_on",
            "linked_into_id",
            "second_move_asked",
            "help_asked_on",
            "help_replied_on",
            "brag_override",
        ),
        Index("ix_action_linked_into", "linked_into_id"),
        Index("ix_action_successor", "successor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    text: Mapped[str] = mapped_column(Text)
    timescale_text: Mapped[str] = mapped_column(Text, default="")
    timescale_kind: Mapped[str] = mapped_column(Text)
    timescale_guessed: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    moves: Mapped[int] = mapped_column(default=0)
    last_moved_on: Mapped[date | None]
    first_review_on: Mapped[date | None]
    review_on: Mapped[date | None] = mapped_column(doc="next review of an ongoing action")
    stage_due_on: Mapped[date | None] = mapped_column(doc="the earliest stage that is not ticked")
    status: Mapped[str] = mapped_column(Text)
    status_before: Mapped[str | None] = mapped_column(Text, doc="what a paused or withdrawn action goes back to")
    paused_until: Mapped[date | None]
    completed_on: Mapped[date | None] = mapped_column(doc="the last day of the month that the claim names")
    completion_imported: Mapped[bool] = mapped_column(default=False)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    last_word_on: Mapped[date]
    imported_status_text: Mapped[str] = mapped_column(Text, default="")
    imported_note: Mapped[str] = mapped_column(Text, default="")
    imported_brag_text: Mapped[str | None] = mapped_column(Text)
    imported_evidence: Mapped[str | None] = mapped_column(Text)
    extra: Mapped[dict[str, str]] = mapped_column(JsonDocument, default=dict)
    at: Mapped[str] = mapped_column(Text, default="", doc="its place in the file that it was imported from")
    version: Mapped[int] = mapped_column(default=1)
    submitted_text: Mapped[str | None] = mapped_column(Text, doc="its words when the plan was submitted, once reworded")
    linked_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("action.id"), doc="the action that it is linked into; this one is left out of lists and totals"
    )
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"), doc="what takes a withdrawn one's place")
    second_move_asked: Mapped[bool] = mapped_column(default=False)
    help_asked_on: Mapped[date | None] = mapped_column(doc="the day from which the 28 days of a request for help run")
    answered_on: Mapped[date | None] = mapped_column(doc="the day of the newest answer given in My work")
    brag_override: Mapped[str | None] = mapped_column(Text)
    override_reason: Mapped[str] = mapped_column(Text, default="")
    override_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    override_on: Mapped[date | None]
    help_replied_on: Mapped[date | None] = mapped_column(
        doc="the day of the latest reply that was not rejected; none while it is unanswered"
    )


class ActionPlace(Model):
    """Where an action is: its reference in one recommendation."""

    __tablename__ = "action_place"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "position", name="uq_action_place_position"),
        Index("ix_action_place_action", "action_id"),
    )

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True)
    position: Mapped[int]
    ref: Mapped[str] = mapped_column(Text)


class ActionStage(Model):
    __tablename__ = "action_stage"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ActionPerson(Model):
    """An owner or contributor of an action, as named; ``person_id`` once an account has that full name."""

    __tablename__ = "action_person"
    __table_args__ = (
        CheckConstraint("part in ('owner', 'contributor')", name="part"),
        UniqueConstraint("action_id", "part", "name", name="uq_action_person_name"),
        Index("ix_action_person_person", "person_id", "action_id"),
        Index("ix_action_person_team", "team_id", "action_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    part: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))


class DateEntry(Model):
    """One line of the date ledger: the original words and reading, then every move, first date and new reading."""

    __tablename__ = "date_entry"
    __table_args__ = (
        CheckConstraint("kind in ('original', 'move', 'reading', 'first_date')", name="kind"),
        Index("ix_date_entry_action", "action_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    kind: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    says: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("date_request.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
