"""When the minutes of a meeting can be published. Pure."""

from __future__ import annotations

from datetime import date

from ilacs_app.dates import long_date


def why_not_publish_minutes(
    on_day: date, cancelled_on: date | None, approved_on: date | None, *, begun: bool, today: date
) -> str:
    """Return why the minutes cannot be published; empty if they can.

    ``approved_on`` is the day on which the board approved them, ``begun`` whether anything is recorded of the meeting.
    """
    if cancelled_on is not None:
        return "This meeting is cancelled, so it has no minutes. Publish those of the meeting that was held instead."
    if on_day > today:
        return f"You can publish the minutes from the day of the meeting, {long_date(on_day)}."
    if approved_on is not None:
        day = long_date(approved_on)
        return f"The board approved these minutes on {day}. Have a correction minuted at a later meeting."
    if not begun:
        return "Nothing is recorded of this meeting yet. Record who attended, or what the board decided."
    return ""
