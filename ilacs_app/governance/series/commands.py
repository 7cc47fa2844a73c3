"""Set the meetings of a series: all of them, or none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from ilacs_app.errors import Refused
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.history import Author


def set_series(by: Author, board_id: int, days: Collection[date], *, at_time: str, place: str) -> None:
    """Set a meeting of a board on each of these days. Each is a meeting like any other, and cancelled like one.

    Raises:
        Refused: there are no days.
        DayTaken: the board already has a meeting on one of the days; none is set.
    """
    if not days:
        raise Refused("Select at least one day")
    for day in sorted(days):
        set_meeting(by, board_id, day, at_time, place)
