"""What a careful reader would make of a file: the right reading beside which the product's is laid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class DueAnswer:
    """A timescale: its kind and dates. ``asks``: the words leave a doubt, so that a question is as right."""

    kind: str
    due_on: date | None = None
    starts_on: date | None = None
    original_due_on: date | None = None
    review_on: date | None = None
    stages: tuple[date, ...] = ()
    asks: bool = False
    may_have_moved: bool = False
    """Whether an earlier date in the same cell may be kept as the original one, or left aside."""
    may_start_on: date | None = None
    """The date of a column for the start, with which the same timescale may be read as a window."""


@dataclass(frozen=True)
class StatusAnswer:
    """A delivery status: each of ``statuses`` is right. ``asks``: nothing in the file makes it certain."""

    statuses: frozenset[str | None]
    completed_on: date | None = None
    asks: bool = False


@dataclass(frozen=True)
class ActionAnswer:
    """One action as it should come in. ``owners``: each inner set holds the ways in which one name may be said."""

    text: str
    owners: tuple[frozenset[str], ...] | None
    due: DueAnswer | None
    status: StatusAnswer
    note: str | None
    brag: str | None
    ref: str = ""


@dataclass(frozen=True)
class RecommendationAnswer:
    text: str
    number: str
    leads: tuple[frozenset[str], ...] | None
    actions: tuple[ActionAnswer, ...]
    asks: bool = False


@dataclass(frozen=True)
class Answer:
    """``columns``: heading -> field, with the six core columns and the others that the file has; "" is none of ours.

    ``news_by_month``: an action has a cell of news for each month, and its newest must be in its note.
    """

    dated_on: date
    recommendations: tuple[RecommendationAnswer, ...]
    columns: dict[str, str] = field(default_factory=dict)
    news_by_month: bool = False
