"""How a day or a month in a form is read."""

from __future__ import annotations

import re
from datetime import date

from ilacs_app.plan.parsing.timescales import Timing, read_timescale


def read_month(text: str | None) -> date | None:
    """A day of the month that is meant: ``2026-04`` or ``April 2026``."""
    plain = (text or "").strip()
    if re.fullmatch(r"\d{4}-\d{2}", plain):
        try:
            return date.fromisoformat(f"{plain}-01")
        except ValueError:
            return None
    return read_day(plain)


def read_day(text: str | None) -> date | None:
    """A day written as people write it, or nothing where it is not certain."""
    plain = (text or "").strip()
    if not plain:
        return None
    read = read_timescale(plain, date(2000, 1, 1))
    return read.due_on if read.kind == Timing.DATE and not read.guessed else None
