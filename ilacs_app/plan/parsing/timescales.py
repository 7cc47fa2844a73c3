"""What the words of a timescale mean, and when an ongoing action is next reviewed.

Product rule: section 4, timescales. The words stay for ever; this module only says how we read them. A
remainder that could change the meaning makes the timescale "not understood": a wrong date in silence is worse
than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from ilacs_app.dates import MONTHS, add_months_end, long_date
from ilacs_app.plan.parsing.dates import (
    END_OF,
    MONTH_WORD,
    WHICH_YEAR,
    YEAR_PAIR,
    Period,
    Precision,
    compiled,
    council_year,
    last_year_of,
    read_bare_period,
    read_period,
    whole_months,
    year_of,
)
from ilacs_app.text import plain

REVIEW_EVERY_MONTHS = 3
REVIEW_NOTICE_DAYS = 28
LONGEST_TIMESCALE = 400

_NOTHING = {"", "n/a", "na", "n.a", "-", "--", "none", "nil", "not applicable"}
_FREQUENCY = (
    r"(?:ongoing|on-going|on going|continuous(?:ly)?|continual(?:ly)?|continuing|rolling(?: programme)?|daily"
    r"|weekly|fortnightly|monthly|bi-?monthly|quarterly|termly|half[ -]yearly|bi-?annual(?:ly)?|annual(?:ly)?"
    r"|yearly|(?:two|three|six|twelve|2|3|6|12)[ -]monthly"
    r"|every (?:week|month|quarter|term|year|(?:two|three|six|2|3|6) months)"
    r"|business as usual|bau)"
)


class Timing(StrEnum):
    """How a timescale is read; spelled so in JSON."""

    DATE = "date"
    WINDOW = "window"
    STAGES = "stages"
    ONGOING = "ongoing"
    NOT_UNDERSTOOD = "not_understood"
    NONE = "none"


@dataclass(frozen=True)
class Stage:
    """One step of a timescale that has several. A stage that the plan does not name is labelled with its own words.

    `precision` says how finely the words name its date: None if the words were not read, as in a stored stage.
    """

    label: str
    due_on: date
    precision: Precision | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Timescale:
    """A plan's words and our reading of them.

    `due_on` is the last due date, `review_on` the first review date of an ongoing action, `original_due_on`
    the date before a move that was agreed before this system. `guessed` means fairly, not fully, certain.
    `precision` is None if there is no due date.
    """

    text: str
    kind: Timing
    due_on: date | None = None
    starts_on: date | None = None
    review_on: date | None = None
    stages: tuple[Stage, ...] = ()
    original_due_on: date | None = None
    guessed: bool = False
    precision: Precision | None = None

    @property
    def due_dates(self) -> tuple[date, ...]:
        """Every due date: one for each stage, else the one due date, else none."""
        if self.stages:
            return tuple(stage.due_on for stage in self.stages)
        return (self.due_on,) if self.due_on else ()

    def to_json(self) -> dict[str, Any]:
        """The timescale of the plan file contract (product rule: section 7), with ISO dates."""
        result: dict[str, Any] = {
            "text": self.text,
            "kind": self.kind.value,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "due_dates": [due.isoformat() for due in self.due_dates],
            "guessed": self.guessed,
        }
        if self.kind is Timing.WINDOW and self.starts_on:
            result["starts_on"] = self.starts_on.isoformat()
        if self.kind is Timing.STAGES:
            result["stages"] = [{"label": s.label, "due_on": s.due_on.isoformat()} for s in self.stages]
        if self.kind is Timing.ONGOING and self.review_on:
            result["review_on"] = self.review_on.isoformat()
        if self.original_due_on:
            result["original_due_on"] = self.original_due_on.isoformat()
        return result


def next_review(first_review: date, last_word_on: date | None) -> date:
    """The review date that applies now, given the day of the newest word.

    Reviews fall on `first_review` and then on the last day of every third month after it. A word within 28
    days before a review, or later, is that review; the next is the first more than 28 days after the word
    (product rule: section 4).
    """
    if last_word_on is None or (first_review - last_word_on).days > REVIEW_NOTICE_DAYS:
        return first_review
    earliest = last_word_on + timedelta(days=REVIEW_NOTICE_DAYS + 1)
    months = (earliest.year - first_review.year) * 12 + earliest.month - first_review.month
    steps = max(1, -(-months // REVIEW_EVERY_MONTHS))
    return add_months_end(first_review, steps * REVIEW_EVERY_MONTHS)


def describe(timescale: Timescale) -> str:
    """Our reading in plain words, without a full stop, to follow the plan's own words on a page."""
    description = _describe_kind(timescale)
    if timescale.original_due_on:
        description += f", moved from {long_date(timescale.original_due_on)}"
    return f"{description} (not certain)" if timescale.guessed else description


def _describe_kind(timescale: Timescale) -> str:
    match timescale:
        case Timescale(kind=Timing.DATE, due_on=date() as due_on):
            period = timescale.precision or Precision.DAY
            ending = "" if period is Precision.DAY else f", the last day of the {period}"
            return f"due on {long_date(due_on)}{ending}"
        case Timescale(kind=Timing.WINDOW, starts_on=date() as starts_on, due_on=date() as due_on):
            same_year = starts_on.year == due_on.year
            start = f"{starts_on.day} {MONTHS[starts_on.month - 1]}" if same_year else long_date(starts_on)
            return f"from {start} to {long_date(due_on)}"
        case Timescale(kind=Timing.STAGES):
            steps = ", ".join(f"{stage.label} by {long_date(stage.due_on)}" for stage in timescale.stages)
            return f"{len(timescale.stages)} stages: {steps}"
        case Timescale(kind=Timing.ONGOING, review_on=date() as review_on):
            return f"ongoing, first review on {long_date(review_on)}"
        case Timescale(kind=Timing.NONE):
            return "no timescale given"
        case _:
            return "date unclear"


_MONTH_BEFORE_DAY = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})(?=\2(?:20)?\d\d(?!\d))")


def read_timescale(text: str, plan_dated_on: date, *, month_first: bool = False) -> Timescale:
    """Read the words of a timescale; never raises, whatever the words.

    `month_first` says that the numeric dates of the same file fit no other way: they are read so, as guesses.

    `plan_dated_on` is the plan's own date: the reviews of an ongoing action are counted from it, and a bare
    number or a year of two digits is believed only near it. Day comes before month, always; a year of two
    digits is 20xx; a month without a day is its last day (product rule: section 4).
    """
    text = text.strip()
    if month_first and (turned := _MONTH_BEFORE_DAY.sub(r"\3\2\1", text)) != text:
        return replace(read_timescale(turned, plan_dated_on), text=text, guessed=True)
    plain_text = plain(text)
    if plain_text in _NOTHING:
        return Timescale(text, Timing.NONE)
    if len(text) > LONGEST_TIMESCALE:
        return Timescale(text, Timing.NOT_UNDERSTOOD)
    return (
        _dates_by_part(text, plain_text, plan_dated_on)
        or _stages_by_piece(text, plan_dated_on)
        or _single_date(text, plain_text, plan_dated_on)
        or _window(text, plain_text, plan_dated_on)
        or _ongoing(text, plain_text, plan_dated_on)
        or _revised(text, plain_text, plan_dated_on)
        or _listed_dates(text, plain_text, plan_dated_on)
        or _named_date(text, plan_dated_on)
        or Timescale(text, Timing.NOT_UNDERSTOOD)
    )


def _due(text: str, period: Period, *, guessed: bool = False) -> Timescale:
    return Timescale(text, Timing.DATE, period.last, guessed=guessed or period.guessed, precision=period.precision)


def _single_date(text: str, plain_text: str, near: date) -> Timescale | None:
    period = read_period(plain_text, near)
    return _due(text, period) if period else None


_WHOLE_YEAR = compiled(
    r"(?:throughout|during|across|over|all of|in|within)(?: the)?(?: calendar year)? (?P<a>20\d\d)"
    r"|(?:the )?calendar year (?P<b>20\d\d)"
)
_COUNCIL_YEAR = compiled(
    rf"(?:(?:throughout|during|across|over|in|within) )?(?:the )?"
    rf"(?:{WHICH_YEAR} )?{YEAR_PAIR}(?: (?P<after>financial year|academic year))?"
)
_THROUGH_A_PERIOD = compiled(r"(?:throughout|during|across|over)(?: the)? (?P<period>.+)")
_BETWEEN = compiled(r" ?- ?| to | until | till | through(?: to)? |/")


def _span(text: str, first: date, last: Period, *, guessed: bool = False) -> Timescale:
    return Timescale(
        text,
        Timing.WINDOW,
        last.last,
        starts_on=first,
        guessed=guessed or last.guessed,
        precision=last.precision,
    )


def _window(text: str, plain_text: str, near: date) -> Timescale | None:
    year = _WHOLE_YEAR.fullmatch(plain_text)
    if year:
        whole = whole_months(year_of(year["a"] or year["b"]), 1, 12, Precision.YEAR)
        return _span(text, whole.first, whole)
    council_year = _COUNCIL_YEAR.fullmatch(plain_text)
    if council_year:
        return _council_window(text, council_year)
    through = _THROUGH_A_PERIOD.fullmatch(plain_text)
    if through:
        plain_text = through["period"]
        period = read_bare_period(plain_text, near)
        if period and period.first != period.last:
            return _span(text, period.first, period)
    return _from_one_date_to_another(text, plain_text, near)


def _council_window(text: str, match: re.Match[str]) -> Timescale | None:
    which, ends_in = match["which"] or match["after"], last_year_of(match)
    if ends_in is None or (which is None and not match["y1"].startswith("20")):
        return None
    year = council_year(which or "financial year", ends_in)
    return _span(text, year.first, year, guessed=which is None)


def _from_one_date_to_another(text: str, plain_text: str, near: date) -> Timescale | None:
    between = re.fullmatch(r"between (.+) and (.+)", plain_text)
    # No span has more than a few joints; a cell of dashes would have hundreds.
    pairs = [between.groups()] if between else list(islice(_splits(plain_text.removeprefix("from ")), 8))
    readings = {reading for left, right in pairs if (reading := _pair(text, left, right, near))}
    return readings.pop() if len(readings) == 1 else None


def _splits(plain_text: str) -> Iterator[tuple[str, str]]:
    for joint in _BETWEEN.finditer(plain_text):
        # "May/June 2019" is a span, "1/June 2019" is not.
        if joint.group() != "/" or re.fullmatch(MONTH_WORD, plain_text[: joint.start()]):
            yield plain_text[: joint.start()], plain_text[joint.end() :]


def _pair(text: str, left: str, right: str, near: date) -> Timescale | None:
    last = read_period(right, near)
    if last is None:
        return None
    # "End Feb - End April" may be two dates instead of a span: the due date is the same.
    guessed = bool(re.match(rf"by |{END_OF} ", left))
    first = read_period(left, near)
    if first is None:
        first = read_period(f"{left} {last.last.year}", near)
        if first and first.first > last.last:
            first, guessed = read_period(f"{left} {last.last.year - 1}", near), True
    if first is None or first.first > last.last:
        return None
    start = first.last if re.match(END_OF, left) else first.first
    return _span(text, start, last, guessed=guessed or first.guessed)


_ONGOING = compiled(rf"{_FREQUENCY}(?:(?: and |, | - |-|; |/| \(| ){_FREQUENCY}\)?)*")
_REVIEWED = compiled(
    rf"{_FREQUENCY}[ ,;:(-]+(?:to be |with )?(?:a )?(?:next |first |for )?review(?:ed|s)?(?: date| due)?"
    r"(?: in| by| on| at)?[ :-]*(?P<rest>[^()]*)\)?"
)
_ONGOING_UNTIL = compiled(rf"{_FREQUENCY},? (?:until|till|to|up to) (?P<period>.+)")
_ONGOING_FROM = compiled(rf"{_FREQUENCY},? (?:from|since|starting|commencing)(?: in)? (?P<period>.+)")
_ONWARDS = compiled(rf"(?:from )?(?P<period>.+?) (?:onwards?|(?:and|then) onwards?)(?:,? (?:and )?{_FREQUENCY})?")
_FROM_AND_ONGOING = compiled(rf"from (?P<period>.+?)(?: -| and| then|,)? {_FREQUENCY}")
_DATE_THEN_ONGOING = compiled(rf"(?P<period>.+?),? (?:and|then|and then)(?: is| on an)? {_FREQUENCY}")
_ONGOING_WITH_REST = compiled(rf"{_FREQUENCY}\b(?P<rest>.+)")
_REST_MATTERS = compiled(rf"\d|\b(?:{MONTH_WORD}|not|until|till|tbc|stop\w*|complete\w*|ends?|easter|christmas|term)\b")


def _ongoing(text: str, plain_text: str, near: date) -> Timescale | None:
    ongoing = Timescale(text, Timing.ONGOING, review_on=add_months_end(near, REVIEW_EVERY_MONTHS))
    if _ONGOING.fullmatch(plain_text):
        return ongoing
    reviewed = _REVIEWED.fullmatch(plain_text)
    if reviewed:
        return _reviewed(ongoing, reviewed["rest"].strip(), near)
    for pattern in (_ONGOING_FROM, _ONWARDS, _FROM_AND_ONGOING):
        match = pattern.fullmatch(plain_text)
        if match and read_period(match["period"], near):
            return replace(ongoing, guessed=True)
    for pattern in (_ONGOING_UNTIL, _DATE_THEN_ONGOING):
        match = pattern.fullmatch(plain_text)
        period = read_period(match["period"], near) if match else None
        if period:
            return _due(text, period, guessed=True)
    rest = _ONGOING_WITH_REST.fullmatch(plain_text)
    if rest and not _REST_MATTERS.search(rest["rest"]):
        return replace(ongoing, guessed=True)
    return None


def _reviewed(ongoing: Timescale, rest: str, near: date) -> Timescale | None:
    if not rest or _ONGOING.fullmatch(rest):
        return ongoing
    period = read_period(rest, near)
    return replace(ongoing, review_on=period.last, guessed=period.guessed) if period else None


_MOVED_TO = compiled(
    r"(?P<old>[^()]+?)[ ,;:(\[-]+(?:now |date )?"
    r"(?:revised|new|moved|changed|extended|slipped|rescheduled|amended|updated|now)"
    r"(?: date)?(?: to| is| as)?[ :-]+(?P<new>[^()]+?)[)\]]?"
)
_MOVED_FROM = compiled(
    r"(?:(?:now|revised)(?: to| date)?[: ]+)?(?P<new>[^()]+?)[ ,;:(\[-]+"
    r"(?:was|previously|formerly|originally|original(?: date)?|(?:revised|moved|changed|extended) from)"
    r"[ :]+(?P<old>[^()]+?)[)\]]?"
)


def _revised(text: str, plain_text: str, near: date) -> Timescale | None:
    for pattern in (_MOVED_TO, _MOVED_FROM):
        match = pattern.fullmatch(plain_text)
        old = read_period(match["old"], near) if match else None
        new = read_period(match["new"], near) if match else None
        if old and new:
            return replace(_due(text, new, guessed=old.guessed), original_due_on=old.last)
        before = _in_the_year_of(match["old"], new, near) if match and new else None
        if before and new:
            return replace(_due(text, new, guessed=True), original_due_on=before.last)
    return None


def _in_the_year_of(text: str, later: Period, near: date) -> Period | None:
    """A date without a year, "31 January", as the last such day before a later one."""
    for year in (later.last.year, later.last.year - 1):
        period = read_period(f"{text} {year}", near)
        if period and period.last < later.last:
            return period
    return None


# Names of dates that belong to the same promise as the date beside them, and so are no stages of their own.
_PART_NAMES: dict[str, str] = {
    "due": r"target(?:ed)?|due|deadline|planned|plan|agreed|timescale|baseline|scheduled|proposed|estimated|expected",
    "first": r"original(?:ly)?|initial(?:ly)?|first|previous(?:ly)?|old|was",
    "moved": r"revised|slipped(?: to)?|new|moved(?: to)?|extended(?: to)?|now|amended|forecast|current|reset|re-set",
    "begun": r"start(?:ed|s|ing)?|begin(?:s|ning)?|began|commenc(?:ed?|es|ing)|from(?=:)",
    "ended": r"end(?:s|ed|ing)?(?= date|:| -)|finish(?:es|ed)?|(?:to|until)(?=:)",
    "met": r"actual(?:ly)?|achieved|completed|completion|complete|done|delivered|closed|met|signed off",
    "seen": r"(?:last |next )?(?:reviewed|review|updated?|checked|reported)",
}
_PART = "|".join(rf"(?P<{part}>{names})" for part, names in _PART_NAMES.items())
_OF_A_DATE = (
    r"(?: (?:completion|end|start|finish|delivery|implementation|review))?(?: (?:date|due|on|by|in|for|is|as))*"
)
_PART_BEGINS = compiled(
    rf"(?:^|(?<=[\s;,/|(-]))(?:{_PART}){_OF_A_DATE}"
    rf"(?: ?[:=]| -(?= )|(?= (?:\d|q[1-4]|(?:{END_OF} )?{MONTH_WORD}\b)))\s*"
)
_MOST_PARTS = 4


def _dates_by_part(text: str, plain_text: str, near: date) -> Timescale | None:
    """Read dates that are named as parts of one promise, "Target: March; Actual: May"; they are never stages.

    Due is the date that was set, or the one that it was moved to; a start makes a window. Every such reading is a
    guess, and if the parts do not make one promise, nothing is understood.
    """
    begins = list(_PART_BEGINS.finditer(plain_text))
    if not 2 <= len(begins) <= _MOST_PARTS or begins[0].start() > 0:
        return None
    ends = [*(match.start() for match in begins[1:]), len(plain_text)]
    pieces = [plain_text[match.end() : end].strip(" .,;:/|()-") for match, end in zip(begins, ends, strict=True)]
    read = [read_period(piece, near) for piece in pieces]
    if not any(read):
        return None
    parts = {str(match.lastgroup): period for match, period in zip(begins, read, strict=True) if period}
    due, moved = parts.get("due") or parts.get("first") or parts.get("ended"), parts.get("moved")
    if len(parts) < len(begins) or not (due or moved):
        return Timescale(text, Timing.NOT_UNDERSTOOD)
    if moved and due:
        return replace(_due(text, moved, guessed=True), original_due_on=due.last)
    begun, last = parts.get("begun"), due or moved
    if begun and last and begun.first <= last.last:
        return _span(text, begun.first, last, guessed=True)
    return _due(text, last, guessed=True) if last else None


_PIECES = re.compile(r"\n|;|\s{2,}|\t")
_BULLET = re.compile(r"^(?:[-\u2022*\u00b7\u2010-\u2015]\s*|\(?[a-z0-9]{1,2}[.)]\s+)", re.IGNORECASE)
_DASH = r"\s*(?:\s[-\u2010-\u2015]|[-\u2010-\u2015]\s|:|\u2013|\u2014)\s*"
_LABEL_FIRST = re.compile(rf"(?P<label>.+?)(?:{_DASH}|\s+by\s+|\s*\((?=[^()]+\)$))(?P<period>[^()]+)\)?")
_LABEL_LAST = re.compile(rf"(?P<period>.+?)(?:{_DASH}|\s*\((?=[^()]+\)$))(?P<label>[^()]+)\)?")
_NO_LABEL = compiled(
    rf"\d{{3}}|\b(?:{MONTH_WORD}|revised?|was|originally|original|previously|not|no|reviews?|ongoing|starts?|starting|from"
    r"|begins?|commenc\w+|after|since|before|until|completed?|done|tbc|if|or|either|unless|subject|depend\w*|cancel\w*|now|new"
    r"|moved|changed|extended|end|by|about|around|approx|monthly|quarterly|throughout|during|between|easter|term|spring"
    r"|summer|autumn|winter)\b"
)


_SAYS_WHAT_WAS_DONE = compiled(r"[a-z]+ed|set|met|begun|done|made|sent|put|paid|given")


def _stages_by_piece(text: str, near: date) -> Timescale | None:
    pieces = [piece.strip() for piece in _PIECES.split(text) if piece.strip(" .,-")]
    if len(pieces) < 2:
        return None
    read = [_stage(piece, near) for piece in pieces]
    stages = [stage for stage in read if stage]
    if len(stages) < len(pieces):
        return None
    # "Approved: March 2024; Implemented: June 2024" says what was done with one promise, so it may be no stage.
    return _in_stages(text, stages, guessed=any(_SAYS_WHAT_WAS_DONE.fullmatch(plain(label)) for label, _ in stages))


def _stage(piece: str, near: date) -> tuple[str, Period] | None:
    piece = _BULLET.sub("", piece)
    period = read_period(plain(piece), near)
    if period:
        return piece.strip(" .,"), period
    return _labelled(piece, _LABEL_FIRST, near) or _labelled(piece, _LABEL_LAST, near)


def _labelled(piece: str, pattern: re.Pattern[str], near: date) -> tuple[str, Period] | None:
    match = pattern.fullmatch(piece)
    if not match:
        return None
    label, period = match["label"].strip(" .,:-"), read_period(plain(match["period"]), near)
    plain_label = plain(label)
    names_a_stage = any(sign.isalpha() for sign in plain_label) and not _NO_LABEL.search(plain_label)
    return (label, period) if period and names_a_stage else None


def _in_stages(text: str, stages: list[tuple[str, Period]], *, guessed: bool = False) -> Timescale:
    last = max((period for _, period in stages), key=lambda period: period.last)
    return Timescale(
        text,
        Timing.STAGES,
        last.last,
        stages=tuple(Stage(label, period.last, period.precision) for label, period in stages),
        guessed=guessed or any(period.guessed for _, period in stages),
        precision=last.precision,
    )


def _listed_dates(text: str, plain_text: str, near: date) -> Timescale | None:
    """Dates in a row, "Mar 2019, Sept 2019" or "March and September 2019"; the year may be at the end."""
    pieces = [piece.strip() for piece in re.split(r",| and | & ", plain_text)]
    if len(pieces) < 2:
        return None
    stages: list[tuple[str, Period]] = []
    guessed, following = False, None
    for piece in reversed(pieces):
        period = read_period(piece, near)
        if period is None and following:
            period, guessed = read_period(f"{piece} {following.last.year}", near), True
        if period is None or (following and period.last >= following.last):
            return None
        stages.insert(0, (piece.capitalize(), period))
        following = period
    return _in_stages(text, stages, guessed=guessed)


def _named_date(text: str, near: date) -> Timescale | None:
    """One date with a name before it, "Full roll out - End April 2018"; the name may matter, so a guess."""
    named = _labelled(" ".join(text.split()), _LABEL_FIRST, near)
    return _due(text, named[1], guessed=True) if named else None
