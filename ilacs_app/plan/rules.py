"""The pure rules of a plan: delivery status, timeliness, BRAG rating, impact kept apart (product rules 4 and 5).

Every date is an argument. ``rules_sql.py`` says the same in SQL; property tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

SOON_DAYS = 28
HELP_DAYS = 28
REPLY_DAYS = 14
"""A request for help closes this many days after a reply that no one judged."""


class Status(StrEnum):
    """Delivery status: what people say has been done. The only one of the four facts that people set."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    PARTLY_COMPLETE = "partly_complete"
    COMPLETED = "completed"
    VERIFIED = "verified"
    EMBEDDED = "embedded"
    SLIPPED_BACK = "slipped_back"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


STATUSES = tuple(Status)
STARTED = frozenset({Status.IN_PROGRESS, Status.PARTLY_COMPLETE})
OPEN = frozenset({Status.NOT_STARTED, *STARTED, Status.SLIPPED_BACK})
DONE = frozenset({Status.COMPLETED, Status.VERIFIED, Status.EMBEDDED})

STATUS_WORDS: Mapping[str, str] = {
    "not_started": "Not started",
    "in_progress": "In progress",
    "partly_complete": "Partly complete",
    "completed": "Completed, awaiting verification",
    "verified": "Verified",
    "embedded": "Embedded",
    "slipped_back": "Slipped back",
    "paused": "Paused",
    "withdrawn": "Withdrawn",
}


class Timeliness(StrEnum):
    """Computed from dates and today; never stored, never typed."""

    NOT_DUE = "not_due"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    REVIEW_LATER = "review_later"
    REVIEW_DUE = "review_due"
    REVIEW_OVERDUE = "review_overdue"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    DONE_DOUBTFUL = "done_doubtful"
    NO_DATE = "no_date"


TIMELINESS_WORDS: Mapping[str, str] = {
    "not_due": "Not due",
    "due_soon": "Due within 28 days",
    "overdue": "Overdue",
    "review_later": "Review later",
    "review_due": "Review due",
    "review_overdue": "Review overdue",
    "done_on_time": "Done on time",
    "done_late": "Done late",
    "done_doubtful": "Done, date to confirm",
    "no_date": "Date unclear",
}


class Brag(StrEnum):
    """The outlook, in the order in which a bar shows it."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    BLUE_OUTLINE = "blue_outline"
    BLUE = "blue"
    GREY = "grey"


BRAG_WORDS: Mapping[str, str] = {
    "red": "Red: off track",
    "amber": "Amber: at risk",
    "green": "Green: on track",
    "blue_outline": "Blue outline: to be verified",
    "blue": "Blue: verified",
    "grey": "Grey: not due",
}
BRAG_MEANINGS: Mapping[str, str] = {
    "red": "off track: overdue, slipped back, a second date change requested, or help not given for 28 days",
    "amber": "at risk: for example a late stage or review, an unclear date, or no recent update",
    "green": "on track: in progress and updated recently",
    "blue_outline": "completed, awaiting verification",
    "blue": "verified or embedded",
    "grey": "not due, paused or withdrawn",
}
"""What each rating means, for the key of a paper."""
TAG_WORDS: Mapping[str, str] = {
    **{brag: label for brag, label in BRAG_WORDS.items() if brag != "grey"},
    "embedded": "Blue: embedded",
    "grey": "Grey: not due",
    "paused": "Grey: paused",
    "withdrawn": "Grey: withdrawn",
}
"""What the tag of a rating says. Three delivery statuses have a tag of their own (``tag_of``)."""
TAG_MEANINGS: Mapping[str, str] = {
    **{brag: means.rpartition(": ")[2] for brag, means in BRAG_MEANINGS.items() if brag not in {"blue", "grey"}},
    "blue": "verified by someone who did not deliver it",
    "embedded": "still holds, as the lead board agreed",
    "grey": "not started, and not due yet",
    "paused": "paused for a reason, until a review date",
    "withdrawn": "no longer in the plan, for a reason",
}
"""What each tag means beyond its own words, for the key of a paper that shows tags."""
_OWN_TAGS: Mapping[tuple[str, str], str] = {
    ("blue", "embedded"): "embedded",
    ("grey", "paused"): "paused",
    ("grey", "withdrawn"): "withdrawn",
}


def tag_of(brag: str, status: str) -> str:
    """Return which tag of ``TAG_WORDS`` shows the rating of an action with this delivery status."""
    return _OWN_TAGS.get((brag, status), str(brag))


RECOMMENDATION_KINDS: Mapping[str, str] = {
    "": "Not specified",
    "area_for_improvement": "Area for improvement",
    "area_for_priority_action": "Area for priority action",
    "own": "The council’s own",
}


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of one action. ``window`` is the plan's reporting window in days."""

    status: str
    due_on: date | None = None
    review_on: date | None = None
    paused_until: date | None = None
    stage_due_on: date | None = None
    completed_on: date | None = None
    completion_imported: bool = False
    plan_dated_on: date = date.min
    last_word_on: date = date.min
    last_moved_on: date | None = None
    window: int = 35
    second_move_asked: bool = False
    help_asked_on: date | None = None
    help_replied_on: date | None = None
    brag_override: str | None = None


REST_DAYS = 7
"""How many days an answer applies before another is asked for."""


def is_answered(facts: Facts, answered_on: date | None, today: date) -> bool:
    """Return whether an open action was answered in the last 7 days, and its date has not passed since."""
    if facts.status not in OPEN or answered_on is None or (today - answered_on).days >= REST_DAYS:
        return False
    return facts.due_on is None or not answered_on <= facts.due_on < today


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def timeliness(facts: Facts, today: date) -> Timeliness:
    """Return how the action is doing against its dates on ``today`` (product rule 5, fact 2).

    A claim names a month, so completion and due date are compared as months. "End Apr 2018" is overdue from 1 May.
    """
    if facts.status == Status.WITHDRAWN:
        return Timeliness.NO_DATE
    if facts.status in DONE:
        return _done(facts, today)
    if facts.status == Status.PAUSED:
        return _review(facts.paused_until, today)
    if facts.due_on is not None:
        if facts.due_on < today:
            return Timeliness.OVERDUE
        soon = facts.due_on <= today + timedelta(days=SOON_DAYS)
        return Timeliness.DUE_SOON if soon else Timeliness.NOT_DUE
    return _review(facts.review_on, today)


def _done(facts: Facts, today: date) -> Timeliness:
    done = facts.completed_on
    if done is None or _month(done) > _month(today):
        return Timeliness.DONE_DOUBTFUL
    if facts.completion_imported and _month(done) > _month(facts.plan_dated_on):
        return Timeliness.DONE_DOUBTFUL
    if facts.due_on is None or _month(done) <= _month(facts.due_on):
        return Timeliness.DONE_ON_TIME
    return Timeliness.DONE_LATE


def _review(review_on: date | None, today: date) -> Timeliness:
    if review_on is None:
        return Timeliness.NO_DATE
    if review_on < today:
        return Timeliness.REVIEW_OVERDUE
    soon = review_on <= today + timedelta(days=SOON_DAYS)
    return Timeliness.REVIEW_DUE if soon else Timeliness.REVIEW_LATER


def days_overdue(facts: Facts, today: date) -> int:
    """Days since the due (or review) date passed; 0 if it has not, or the clock is stopped."""
    when = timeliness(facts, today)
    if when == Timeliness.OVERDUE and facts.due_on:
        return (today - facts.due_on).days
    if when == Timeliness.REVIEW_OVERDUE:
        review = facts.paused_until if facts.status == Status.PAUSED else facts.review_on
        return (today - review).days if review else 0
    return 0


class Why(StrEnum):
    """Why the rule gives the rating that it gives."""

    WITHDRAWN = "withdrawn"
    PAUSED = "paused"
    VERIFIED = "verified"
    EMBEDDED = "embedded"
    CLAIMED = "claimed"
    OVERDUE = "overdue"
    SLIPPED_BACK = "slipped_back"
    SECOND_MOVE_ASKED = "second_move_asked"
    HELP_UNANSWERED = "help_unanswered"
    STAGE_LATE = "stage_late"
    REVIEW_OVERDUE = "review_overdue"
    NO_DATE = "no_date"
    HELP_ASKED = "help_asked"
    NOT_SHARED = "not_shared"
    """In place of the two reasons that tell of a request for help, for a reader with whom it is not shared."""
    MOVED_NO_WORD = "moved_no_word"
    SOON_NOT_STARTED = "soon_not_started"
    NO_WORD = "no_word"
    NOT_STARTED = "not_started"
    ON_TRACK = "on_track"


def rating(facts: Facts, today: date) -> tuple[Brag, Why]:
    """The BRAG rating that the rule gives, and the first reason that fits (product rule 5, fact 3)."""
    when = timeliness(facts, today)
    settled = _SETTLED.get(facts.status)
    if settled:
        return settled
    off_track = (
        (when == Timeliness.OVERDUE, Why.OVERDUE),
        (facts.status == Status.SLIPPED_BACK, Why.SLIPPED_BACK),
        (facts.second_move_asked, Why.SECOND_MOVE_ASKED),
        (
            facts.help_replied_on is None and _older(facts.help_asked_on, today, HELP_DAYS - 1),
            Why.HELP_UNANSWERED,
        ),
    )
    not_started = facts.status == Status.NOT_STARTED
    soon = when in _WITHIN_28_DAYS
    at_risk = (
        (facts.stage_due_on is not None and facts.stage_due_on < today, Why.STAGE_LATE),
        (when == Timeliness.REVIEW_OVERDUE, Why.REVIEW_OVERDUE),
        (when == Timeliness.NO_DATE, Why.NO_DATE),
        (help_is_open(facts.help_asked_on, facts.help_replied_on, today), Why.HELP_ASKED),
        (facts.last_moved_on is not None and facts.last_word_on < facts.last_moved_on, Why.MOVED_NO_WORD),
        (soon and not_started, Why.SOON_NOT_STARTED),
        (is_silent(facts, today), Why.NO_WORD),
    )
    for brag, reasons in ((Brag.RED, off_track), (Brag.AMBER, at_risk)):
        for holds, why in reasons:
            if holds:
                return brag, why
    return (Brag.GREY, Why.NOT_STARTED) if not_started else (Brag.GREEN, Why.ON_TRACK)


_WITHIN_28_DAYS = frozenset({Timeliness.DUE_SOON, Timeliness.REVIEW_DUE})


def is_silent(facts: Facts, today: date) -> bool:
    """Return whether an update is missing: started or due within 28 days, and none within the reporting window.

    A review due within 28 days counts as due. Only open actions can be silent.
    """
    if facts.status not in OPEN:
        return False
    expected = facts.status in STARTED or timeliness(facts, today) in _WITHIN_28_DAYS
    return expected and _older(facts.last_word_on, today, facts.window)


_SETTLED: Mapping[str, tuple[Brag, Why]] = {
    Status.WITHDRAWN: (Brag.GREY, Why.WITHDRAWN),
    Status.PAUSED: (Brag.GREY, Why.PAUSED),
    Status.VERIFIED: (Brag.BLUE, Why.VERIFIED),
    Status.EMBEDDED: (Brag.BLUE, Why.EMBEDDED),
    Status.COMPLETED: (Brag.BLUE_OUTLINE, Why.CLAIMED),
}


def help_is_open(asked_on: date | None, replied_on: date | None, today: date) -> bool:
    """Return whether a request for help is open: no one said it helped, and 14 days from a reply have not passed.

    ``replied_on`` is the day of the reply that applies; none while the request waits for one.
    """
    if asked_on is None:
        return False
    return replied_on is None or (today - replied_on).days < REPLY_DAYS


def why_not_date(leads: bool) -> str | None:
    """Say why someone may not give this action a first date or correct its reading; None if they may.

    ``leads``: they lead or own it, by name, in a team or standing in.
    """
    if leads:
        return "You cannot date an action that you lead or own. Ask another programme manager, or request a new date."
    return None


def _older(day: date | None, today: date, days: int) -> bool:
    return day is not None and (today - day).days > days


_SCALE = (Brag.GREEN, Brag.AMBER, Brag.RED)


def overridden(by_rule: Brag, wanted: Brag | None, facts: Facts, today: date) -> Brag:
    """The rating that applies when someone asked for ``wanted``.

    An override is for open actions on the scale red, amber, green; it goes one step better or any step worse, and
    never lifts an overdue action from red. One that does not hold leaves the rule's rating.
    """
    if wanted is None or facts.status not in OPEN or wanted not in _SCALE:
        return by_rule
    if timeliness(facts, today) == Timeliness.OVERDUE or by_rule not in _SCALE:
        return by_rule
    return wanted if _SCALE.index(wanted) >= _SCALE.index(by_rule) - 1 else by_rule


def outlook(facts: Facts, today: date) -> tuple[Brag, Brag, Why]:
    """The rating that applies, the one that the rule gives, and why the rule gives it."""
    by_rule, why = rating(facts, today)
    wanted = Brag(facts.brag_override) if facts.brag_override else None
    return overridden(by_rule, wanted, facts, today), by_rule, why


_TELLS_OF_HELP = frozenset({Why.HELP_ASKED, Why.HELP_UNANSWERED})


def why_without_help(facts: Facts, today: date) -> Why:
    """Return the reason for a reader with whom an open request for help is not shared.

    It is the next reason for the same rating; where the request is the only one, ``NOT_SHARED``.
    """
    brag, why = rating(facts, today)
    if why not in _TELLS_OF_HELP:
        return why
    without, other = rating(replace(facts, help_asked_on=None, help_replied_on=None), today)
    return other if without == brag else Why.NOT_SHARED


def worst_open(ratings: Iterable[tuple[str, Brag]]) -> Brag:
    """The rating of a recommendation from the (status, rating) of its actions: the worst of the open ones.

    With none open: blue outline if a claim waits, blue if one is verified or embedded, else grey. Never an average.
    """
    all_of = list(ratings)
    open_ones = {brag for status, brag in all_of if status in OPEN}
    for brag in (Brag.RED, Brag.AMBER, Brag.GREEN, Brag.GREY):
        if brag in open_ones:
            return brag
    closed = {brag for _, brag in all_of}
    for brag in (Brag.BLUE_OUTLINE, Brag.BLUE):
        if brag in closed:
            return brag
    return Brag.GREY


def keeps_submitted_words(state: str) -> bool:
    """Return whether rewording keeps the words that were submitted beside the new ones."""
    return state != "draft"
