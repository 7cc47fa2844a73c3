"""What a board has to settle next, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ilacs_app.text import many

REFS_NAMED = 5
_ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


@dataclass(frozen=True)
class AskedOfBoard:
    """A date change that a board has to agree or refuse; ``moves`` is how often the date has changed already."""

    ref: str
    moves: int


@dataclass(frozen=True)
class ToSettle:
    """One thing for a board to settle, and the part of its page that shows it."""

    says: str
    place: str


def to_settle(
    dates: Sequence[AskedOfBoard],
    *,
    overdue_unasked: int,
    to_verify: int,
    unanswered: int,
    to_approve: int = 0,
    to_embed: int = 0,
) -> tuple[ToSettle, ...]:
    """Return what a board has to settle next, the most pressing first; nothing where nothing waits for it.

    ``overdue_unasked`` are its overdue actions without a requested date, ``to_verify`` those completed and not
    verified, ``to_embed`` the verified ones that it leads, ``unanswered`` the questions of its members, ``to_approve``
    the meetings whose minutes are published and not approved.
    """
    things = []
    if dates:
        things.append(ToSettle(f"Agree or refuse {many(len(dates), 'date change')}: {_refs(dates)}", "#new-dates"))
    if overdue_unasked:
        things.append(
            ToSettle(f"{overdue_unasked} overdue with no date change requested", "?timeliness=overdue&no_request=1")
        )
    if to_embed:
        things.append(ToSettle(f"{to_embed} verified, to accept as embedded", "?status=verified&to_embed=1"))
    if unanswered:
        things.append(ToSettle(many(unanswered, "unanswered question"), "/challenges?state=open"))
    if to_verify:
        things.append(ToSettle(f"{to_verify} completed, awaiting verification", "?status=completed"))
    if to_approve:
        minutes = "Minutes of 1 meeting" if to_approve == 1 else f"Minutes of {to_approve} meetings"
        things.append(ToSettle(f"{minutes} to approve", "/meetings"))
    return tuple(things)


def _refs(dates: Sequence[AskedOfBoard]) -> str:
    named = [f"{request.ref}{_again(request.moves)}" for request in dates[:REFS_NAMED]]
    more = len(dates) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _again(moves: int) -> str:
    """Return which change it would be, after the first."""
    if not moves:
        return ""
    number = moves + 1
    return f" ({_ORDINALS[number]} change)" if number in _ORDINALS else f" (change {number})"
