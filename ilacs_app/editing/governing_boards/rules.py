"""What becomes of the boards of a recommendation when several get or lose one. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BoardsChange(StrEnum):
    ADD = "add"
    LEAD = "lead"
    REPLACE = "replace"
    REMOVE = "remove"


@dataclass(frozen=True)
class Governing:
    """The boards of a recommendation in their order, and the lead board."""

    ids: tuple[int, ...]
    lead: int | None


@dataclass(frozen=True)
class BoardChange:
    """What is to become of a board; ``instead_of`` is the one whose place it takes, where it replaces one."""

    how: BoardsChange
    board_id: int
    instead_of: int | None = None


def governed_after(now: Governing, change: BoardChange) -> Governing:
    """The boards after a change. A lead board that goes is followed by the one in its place, or by the first left."""
    ids, lead, board = now.ids, now.lead, change.board_id
    match change.how:
        case BoardsChange.ADD:
            ids = (*ids, board)
        case BoardsChange.LEAD:
            ids, lead = (*ids, board), board
        case BoardsChange.REPLACE if change.instead_of in ids:
            ids = tuple(board if board_id == change.instead_of else board_id for board_id in ids)
            lead = board if lead == change.instead_of else lead
        case BoardsChange.REMOVE:
            ids = tuple(board_id for board_id in ids if board_id != board)
    ids = tuple(dict.fromkeys(ids))
    return Governing(ids, lead if lead in ids else next(iter(ids), None))
