"""Pure rules of the month in which an action was completed (product rule 5, fact 2)."""

from __future__ import annotations

from datetime import date

from ilacs_app.dates import last_day_of_month, long_date, month_year
from ilacs_app.plan.rules import Facts, Timeliness, timeliness


def why_month_unsure(facts: Facts, today: date) -> str | None:
    """Return why the month of completion has to be confirmed; None if it is certain, or nothing is complete."""
    if timeliness(facts, today) != Timeliness.DONE_DOUBTFUL:
        return None
    if facts.completed_on is None:
        return "No month of completion is recorded."
    month = month_year(facts.completed_on)
    if last_day_of_month(facts.completed_on) > last_day_of_month(today):
        return f"{month} is in the future."
    return f"{month} is later than the plan it came from, dated {long_date(facts.plan_dated_on)}."
