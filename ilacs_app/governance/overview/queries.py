"""The boards' views: every board side by side, and one board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ilacs_app.access import Actor
from ilacs_app.governance.meetings.queries import MeetingLine, next_meetings
from ilacs_app.people.boards.queries import BoardName, boards
from ilacs_app.plan.lists.counts import Counts, board_counts, summary
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.visibility import knows_board


@dataclass(frozen=True)
class BoardColumn:
    """One board in the comparison: its distinct actions and its recommendations in live plans."""

    board: BoardName
    counts: Counts
    recommendations: int
    next_meeting: MeetingLine | None = None

    @property
    def to_verify(self) -> int:
        """Claims that nobody has tested."""
        return self.counts.by_status.get("completed", 0)


@dataclass(frozen=True)
class Governance:
    """All boards side by side, and the totals in which a shared item counts once."""

    columns: tuple[BoardColumn, ...]
    total: Counts


def governance(actor: Actor, today: date) -> Governance:
    """The three that lead each page first, then the others by number of items; boards without items stand last."""
    by_board, total = board_counts(actor, today)
    meets = next_meetings(today)
    columns = [
        BoardColumn(board, *by_board.get(board.id, (Counts(), 0)), meets.get(board.id))
        for board in boards()
        if knows_board(actor, board.id)
    ]
    columns.sort(key=lambda c: (c.board.leads_page or 4, -c.counts.actions))
    return Governance(tuple(columns), total)


def board_columns(actor: Actor, today: date) -> tuple[BoardColumn, ...]:
    """The boards that this person serves on."""
    return tuple(column for column in governance(actor, today).columns if column.board.id in actor.board_ids)


def board_summary(actor: Actor, board_id: int, today: date) -> tuple[Counts, int]:
    """One board's counts: its distinct actions in live plans, and its recommendations."""
    return summary(actor, Filter(board_id=board_id), today)
