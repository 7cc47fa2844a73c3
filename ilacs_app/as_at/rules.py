"""Which day a page may be shown as at. Pure."""

from __future__ import annotations

from datetime import date

from ilacs_app.dates import long_date


def why_not(day: date | None, today: date) -> str:
    """The sentence that says why a page cannot be shown as at a day as it was read; empty where it can."""
    if day is None:
        return "Enter a past date, such as 14 May 2026."
    if day > today:
        return f"{long_date(day)} is in the future. Enter today’s date or an earlier one."
    return ""
