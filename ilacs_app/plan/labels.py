"""The rules' answers in plain English, for pages and letters alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from ilacs_app.dates import long_date, short_date
from ilacs_app.history import VERBS
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.plan.parsing.timescales import Timing
from ilacs_app.plan.rules import STATUS_WORDS, Timeliness, Why
from ilacs_app.text import many, sentence

WHY_WORDS: Mapping[Why, str] = {
    Why.WITHDRAWN: "withdrawn",
    Why.PAUSED: "paused",
    Why.VERIFIED: "verified by someone else",
    Why.EMBEDDED: "the lead board agreed that it is embedded",
    Why.CLAIMED: "completed, and not verified yet",
    Why.OVERDUE: "overdue",
    Why.SLIPPED_BACK: "it slipped back after it was verified",
    Why.SECOND_MOVE_ASKED: "a second date change is requested",
    Why.HELP_UNANSWERED: "help requested 28 days ago and not answered",
    Why.STAGE_LATE: "a stage is late",
    Why.REVIEW_OVERDUE: "its review is overdue",
    Why.NO_DATE: "date unclear",
    Why.HELP_ASKED: "help requested",
    Why.NOT_SHARED: "a concern about progress has been raised",
    Why.MOVED_NO_WORD: "date changed and not updated since",
    Why.SOON_NOT_STARTED: "due within 28 days, and not started",
    Why.NO_WORD: "not updated for a while",
    Why.NOT_STARTED: "not started, and not due yet",
    Why.ON_TRACK: "in progress and updated recently",
}


def timeliness_words(row: ActionRow, today: date) -> str:
    """Say how an action is doing against its dates, with the number of days."""
    facts, paused = row.facts, row.status == "paused"
    review = facts.paused_until if paused else facts.review_on
    match row.timeliness:
        case Timeliness.OVERDUE:
            return f"Overdue by {many(row.days, 'day')}"
        case Timeliness.DUE_SOON if facts.due_on:
            left = (facts.due_on - today).days
            return "Due today" if left == 0 else f"Due in {many(left, 'day')}"
        case Timeliness.NOT_DUE:
            return f"Due {short_date(facts.due_on)}"
        case Timeliness.REVIEW_OVERDUE:
            return f"Review overdue by {many(row.days, 'day')}"
        case Timeliness.REVIEW_DUE if review:
            left = (review - today).days
            return "Review due today" if left == 0 else f"Review in {many(left, 'day')}"
        case Timeliness.REVIEW_LATER:
            return f"Review {short_date(review)}"
        case Timeliness.DONE_ON_TIME:
            return "Done on time"
        case Timeliness.DONE_LATE:
            return "Done late"
        case Timeliness.DONE_DOUBTFUL:
            return "Done, date to confirm"
        case _:
            return "Withdrawn" if row.status == "withdrawn" else "Date unclear"


def timeliness_beside_date(row: ActionRow, today: date) -> str:
    """Say the same as ``timeliness_words`` where the date itself is shown beside it: it is not repeated."""
    if row.timeliness == Timeliness.REVIEW_LATER and row.status != "paused" and row.facts.review_on:
        return f"Review in {many((row.facts.review_on - today).days, 'day')}"
    return to_go_words(row, today) or timeliness_words(row, today)


def to_go_words(row: ActionRow, today: date) -> str:
    """Say how many days are left until an action that is not due soon; nothing for any other."""
    if row.timeliness != Timeliness.NOT_DUE or row.due_on is None:
        return ""
    return f"{many((row.due_on - today).days, 'day')} to go"


def why_words(row: ActionRow) -> str:
    """Return why the action has the rating that it has, without anyone's free text; a late stage is named."""
    by_rule = rule_words(row)
    return f"overridden; the rule says {row.by_rule}: {by_rule}" if row.overridden else by_rule


def why_in_full(row: ActionRow, date_reason: str = "") -> str:
    """Return the same in sentences, with the reason of who overrode it and of who has requested another date.

    ``date_reason``: the class of reason of the open date request, in words; empty where there is none.
    """
    reasons = [sentence(why_words(row))]
    if row.overridden and row.override_reason:
        reasons.append(row.override_reason)
    if date_reason:
        reasons.append(f"Date change requested: {date_reason[:1].lower()}{date_reason[1:]}.")
    return " ".join(reasons)


def rule_words(row: ActionRow) -> str:
    """Return why the rule gives the rating that it gives."""
    if row.why == Why.STAGE_LATE and row.stage:
        return f"the stage “{row.stage}” is late"
    if row.why == Why.NO_WORD:
        return f"nothing new for more than {many(row.facts.window, 'day')}, the plan’s reporting window"
    return WHY_WORDS[row.why]


def status_words(status: str) -> str:
    """The delivery status as people say it."""
    return STATUS_WORDS.get(status, status)


def reading_words(row: ActionRow) -> str:
    """Return how we read the plan's words of a timescale, in plain words; a guess says that it is one."""
    match row.timescale_kind:
        case Timing.DATE | Timing.STAGES:
            reading = f"due on {long_date(row.due_on)}"
        case Timing.WINDOW:
            reading = f"a period that ends on {long_date(row.due_on)}"
        case Timing.ONGOING:
            reading = f"ongoing, next review on {long_date(row.facts.review_on)}"
        case Timing.NONE:
            reading = "no timescale given"
        case _:
            reading = "date unclear"
    return f"{reading} (not certain)" if row.guessed else reading


_FIELD_WORDS: Mapping[str, str] = {
    "text": "words",
    "accountable": "accountable lead",
    "impact": "impact wanted",
    "monitoring": "performance management framework",
}


def recorded_words(value: str) -> str:
    """A value of a line of history; a day as ``30 April 2026``."""
    try:
        return long_date(date.fromisoformat(value)) if len(value) == len("2026-04-30") else value
    except ValueError:
        return value


def field_words(names: Iterable[str]) -> str:
    """Return what fields of an item are called together: ``words, owners and contributors``."""
    labels = [_FIELD_WORDS.get(name, name.replace("_", " ")) for name in names]
    return " and ".join(filter(None, (", ".join(labels[:-1]), labels[-1]))) if labels else ""


def event_words(verb: str) -> str:
    """Return what history pages call an event."""
    return VERBS[verb].label
