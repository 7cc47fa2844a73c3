"""Which ratings may be overridden (product rule 5: the override). The rating itself is in ``plan/rules.py``."""

from __future__ import annotations

from datetime import date

from ilacs_app.plan.rules import OPEN, STATUS_WORDS, Brag, Facts, Timeliness, overridden, rating, timeliness

SCALE = (Brag.GREEN, Brag.AMBER, Brag.RED)


def ratings_open(facts: Facts, today: date) -> list[Brag]:
    """The ratings that a person may set in place of the rule's, the best first."""
    by_rule = rating(facts, today)[0]
    return [wanted for wanted in SCALE if wanted != by_rule and overridden(by_rule, wanted, facts, today) == wanted]


def why_not_set(wanted: str, facts: Facts, today: date) -> str | None:
    """Return why this rating cannot be set, and which can; nothing if it can."""
    by_rule, may = rating(facts, today)[0], ratings_open(facts, today)
    if wanted in may:
        return None
    if facts.status not in OPEN:
        return f"{STATUS_WORDS[facts.status]}: you can only override ratings of open actions. Change its status first."
    if timeliness(facts, today) == Timeliness.OVERDUE:
        return "It is overdue, and overdue is always red. Agree a new date, or finish it."
    if not may:
        return (
            "The rule says grey: not started, and not due yet. You can only override red, amber and green. "
            "Wait until it is due or started."
        )
    if wanted == by_rule:
        return f"The rule says {by_rule} already. To remove the override, choose “Automatic”."
    return f"The rule says {by_rule}. One step better or any step worse: choose {' or '.join(may)}."
