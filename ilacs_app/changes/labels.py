"""What an event says in words: a label and a value for each key that it may hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ilacs_app.access import GRANTED_ROLES
from ilacs_app.dates import long_date, month_year, time_words
from ilacs_app.editing.plans.rules import STATE_WORDS
from ilacs_app.plan.plan_file import FURTHER_HEADINGS, HEADINGS
from ilacs_app.plan.rules import BRAG_WORDS, RECOMMENDATION_KINDS, STATUS_WORDS
from ilacs_app.progress.dates.rules import REASON_CLASSES, REQUEST_STATES
from ilacs_app.progress.notes.rules import ANSWERS
from ilacs_app.text import many


@dataclass(frozen=True)
class EventNames:
    """What the things are called whose ids events hold, by id."""

    people: Mapping[int, str] = field(default_factory=dict)
    boards: Mapping[int, str] = field(default_factory=dict)
    plans: Mapping[int, str] = field(default_factory=dict)
    inspections: Mapping[int, str] = field(default_factory=dict)
    evidence: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """One value that changed, in words; an empty text is none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class EventTerm:
    """What a key is called on screen, how its values read, and what it says where there is no value."""

    label: str
    reads: Callable[[Any, EventNames], str]
    absent: str = ""


def _typed(value: Any, _names: EventNames) -> str:
    """Return what people typed, as they typed it: lists with commas, pairs with a colon."""
    return _joined(value, ", ")


def _texts(value: Any, _names: EventNames) -> str:
    """Return several texts that may hold commas themselves."""
    return _joined(value, "; ")


def _joined(value: Any, between: str) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_joined(part, between)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return between.join(filter(None, (_joined(part, between) for part in value)))
    return str(value)


def _day(value: Any, _names: EventNames) -> str:
    day = _read(value)
    return long_date(day) if day else str(value)


def _month(value: Any, _names: EventNames) -> str:
    day = _read(value)
    return month_year(day) if day else str(value)


def _read(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _time(value: Any, _names: EventNames) -> str:
    return time_words(value) if re.fullmatch(r"\d\d:\d\d", str(value)) else str(value)


def _days(value: Any, _names: EventNames) -> str:
    return many(value, "day") if isinstance(value, int) else str(value)


def _number(value: Any, _names: EventNames) -> str:
    """Return how many there are: a number, or a list of ids."""
    number = len(value) if isinstance(value, list | tuple) else value
    return f"{number:,}" if number else ""


def _yes(value: Any, _names: EventNames) -> str:
    return "Yes" if value else ""


def _guessed(value: Any, _names: EventNames) -> str:
    return "Not certain" if value else "Certain"


def _code(labels: Mapping[str, str]) -> Callable[[Any, EventNames], str]:
    """Return how a code reads; one that the program no longer has, without its underscores."""
    return lambda value, _names: labels.get(str(value), str(value).replace("_", " ").capitalize())


def _stages(value: Any, _names: EventNames) -> str:
    """Return ``Pilot: 2018-02-28`` with the day in words, and the name of the stage as it was typed."""
    stages = [str(stage).rpartition(": ") for stage in value]
    return "; ".join(f"{name}{between}{_day(due_on, _names)}" for name, between, due_on in stages)


def _status_key(value: Any, _names: EventNames) -> str:
    """Return the words of a council, each with the delivery status that it means."""
    status = _code(STATUS_WORDS)
    return "; ".join(f"{entry['word']}: {status(entry.get('means', ''), _names)}" for entry in value)


def _columns(value: Any, _names: EventNames) -> str:
    fields = {**HEADINGS, **FURTHER_HEADINGS, "": "kept as it is"}
    return "; ".join(f"“{heading}” as {fields.get(name, name)}" for heading, name in value.items())


def _status_words(value: Any, _names: EventNames) -> str:
    status = _code(STATUS_WORDS)
    return "; ".join(f"“{word}” as {status(means, _names)}" for word, means in value.items())


def _board_names(value: Any, _names: EventNames) -> str:
    return "; ".join(f"“{name}” as {to or 'none'}" for name, to in value.items())


def _rows(value: Any, _names: EventNames) -> str:
    """Return the corrections of single rows of a plan file."""
    status = _code(STATUS_WORDS)
    told = []
    for at, row in value.items():
        parts = [_day(row["due"], _names)] if row.get("due") else []
        parts += [status(row["status"], _names)] if row.get("status") else []
        told.append(f"{at}: {', '.join(parts) or 'as in the file'}")
    return "; ".join(told)


def _named(what: str) -> Callable[[Any, EventNames], str]:
    """Return how ids read: by what ``EventNames`` calls them; nothing where it does not know them."""

    def words(value: Any, names: EventNames) -> str:
        known: Mapping[int, str] = getattr(names, what)
        ids = value if isinstance(value, list | tuple) else [value]
        return ", ".join(filter(None, (known.get(id_, "") for id_ in ids)))

    return words


def _terms(**terms: tuple[str, Callable[[Any, EventNames], str]]) -> dict[str, EventTerm]:
    return {name: EventTerm(label=label, reads=reads) for name, (label, reads) in terms.items()}


_TERMS: Mapping[str, EventTerm] = _terms(
    account=("Account", _typed),
    accountable=("Accountable lead", _typed),
    actions=("Actions", _number),
    address=("Address", _typed),
    answer=("Answer", _code(ANSWERS)),
    at_time=("Time", _time),
    attendance=("Attendance", _texts),
    authority=("Authority", _typed),
    back=("Changed back", _typed),
    blocker=("What is stopping progress", _typed),
    board_id=("Board", _named("boards")),
    boards=("Boards", _typed),
    brag=("Rating", _code(BRAG_WORDS)),
    brag_text=("Rating in the file", _typed),
    carried_forward_from=("Carried forward from", _typed),
    columns=("Columns", _columns),
    contributors=("Contributors", _typed),
    cover=("In the meantime", _typed),
    dated_on=("Date of the plan", _day),
    did=("What we did", _typed),
    difference=("What difference it made", _typed),
    done_on=("Done on", _day),
    due_on=("Due", _day),
    effect=("Effect on children", _typed),
    email=("Email", _typed),
    evidence=("Evidence in the file", _typed),
    evidence_id=("What it shows", _named("evidence")),
    exit_criteria=("Exit criteria", _typed),
    extra=("Other columns", _typed),
    files=("Files", _number),
    framework=("Framework", _typed),
    glossary=("Glossary", _typed),
    impact=("Impact wanted", _typed),
    inspection_id=("Inspection", _named("inspections")),
    item=("Item", _typed),
    items=("Actions and recommendations linked", _number),
    judgement_area=("Judgement area", _typed),
    kept=("Kept as it was", _number),
    kind=("Kind", _code(RECOMMENDATION_KINDS)),
    lead_board=("Lead board", _typed),
    leads=("Leads", _typed),
    left_out=("Files left out", _number),
    link_plans=("Linked plans", _texts),
    measures=("Measures", _texts),
    members=("Members", _named("people")),
    monitoring=("Performance management framework", _texts),
    month=("Month of completion", _month),
    name=("Name", _typed),
    names=("Names", _typed),
    next_step=("What next", _typed),
    note=("Note in the file", _typed),
    number=("Number", _typed),
    on=("Date", _day),
    on_day=("Date", _day),
    on_site_from=("On site from", _day),
    on_site_until=("On site until", _day),
    other_names=("Other names", _typed),
    oversight_board_id=("Oversight board", _named("boards")),
    owner=("Owner", _typed),
    owners=("Owners", _typed),
    partner=("Partner", _yes),
    partnership_focus=("Partnership focus", _typed),
    place=("Place", _typed),
    plan_id=("Plan", _named("plans")),
    problem=("Problem", _typed),
    published_on=("Published on", _day),
    question=("Question", _typed),
    quorum=("Quorum", _typed),
    reason=("Reason", _typed),
    reason_class=("Reason", _code(REASON_CLASSES)),
    received_on=("Received on", _day),
    recommendation=("Recommendation", _typed),
    recommendations=("Recommendations", _number),
    ref=("Reference", _typed),
    reporting_committee=("Reporting committee", _typed),
    reporting_window=("Reporting window", _days),
    review_on=("Review date", _day),
    reviews_read_again=("Review dates worked out again", _number),
    role=("Role", _code(GRANTED_ROLES)),
    role_titles=("Job titles", _typed),
    rows=("Rows", _rows),
    sample=("Looked at", _typed),
    short_name=("Short name", _typed),
    slug=("Address", _typed),
    stage=("Stage", _typed),
    stages=("Stages", _stages),
    state=("Plan status", _code(STATE_WORDS)),
    status=("Delivery status", _code(STATUS_WORDS)),
    status_key=("Status key", _status_key),
    status_text=("Status in the file", _typed),
    stay=("Not changed back", _typed),
    successor=("Replaced by", _typed),
    taken=("Imported", _number),
    tested_on=("Tested on", _day),
    text=("Wording", _typed),
    timescale=("Timescale", _typed),
    title=("Title", _typed),
    to=("Asked of", _named("people")),
    until=("Until", _day),
    version=("Version", _typed),
    withdrawn_on=("Withdrawn on", _day),
    words=("Words", _typed),
) | {"guessed": EventTerm("Reading", _guessed, absent="Certain")}

_ASKED = _terms(timescale=("Timescale requested", _typed), due_on=("Due date requested", _day))
_DECIDED = _terms(state=("Decision", _code(REQUEST_STATES)))
_OF_VERB: Mapping[str, Mapping[str, EventTerm]] = {
    "date_asked": _ASKED,
    "date_taken_back": _DECIDED,
    "date_agreed": _DECIDED,
    "date_refused": _DECIDED,
    "stand_in_named": _terms(**{"from": ("From", _day)}),
    "plan_file_corrected": _terms(words=("Statuses", _status_words), boards=("Boards", _board_names)),
    "recommendation_moved": _terms(place=("Position in the plan", _typed)),
    "action_moved": _terms(place=("Position in the recommendation", _typed)),
    "meeting_begun": _terms(items=("Items on the agenda", _number)),
}
"""Keys that mean something else, or read differently, in the events of one verb."""

HIDDEN: Mapping[str, str] = {
    "action_id": "the item of the line",
    "as_at": "the papers say it",
    "answer_id": "an id that nobody reads",
    "challenge_id": "an id that nobody reads",
    "corrects_id": "an id that nobody reads",
    "decided_as": "says in which role a decision was made; the line names who made it",
    "decision_id": "an id that nobody reads",
    "decision_kind": "the line says what was decided",
    "draft": "says that the plan was a draft, as its own history does",
    "for_person_id": "the line names on whose behalf",
    "from": "whose name was replaced; the line says so",
    "hashes": "checksums",
    "imported_from": "the line names the file",
    "last_event_id": "an id that nobody reads",
    "letter_id": "an id that nobody reads",
    "meeting_id": "the line names the meeting",
    "minutes_id": "an id that nobody reads",
    "note_id": "an id that nobody reads",
    "owner_person_id": "the owner is named",
    "owner_team_id": "the owner is named",
    "pack_id": "an id that nobody reads",
    "person_id": "the line names the person",
    "recommendation_id": "the item of the line",
    "referred_to_id": "the line names the other board",
    "request_id": "an id that nobody reads",
    "seed": "a number of the sample plan",
    "sha256": "a checksum",
    "team_id": "the line names the team",
    "together": "what the lines of one bulk change have in common",
    "undoes": "an id that nobody reads",
}
"""Keys that history pages leave out, each with the reason."""

_HIDDEN_IN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("twin_linked", "twin_parted"), frozenset({"kept"})),  # an id; the line names the other action
    **dict.fromkeys(("board_changed", "calendar_address_made", "calendar_address_stopped"), frozenset({"board_id"})),
    **dict.fromkeys(("challenge_answered", "challenge_satisfied", "challenge_not_satisfied"), frozenset({"words"})),
    **dict.fromkeys(
        (
            "decision_made",
            "decision_owner_invited",
            "decision_deferred",
            "decision_referred",
            "decision_not_embedded",
        ),
        frozenset({"board_id"}),  # the line names the board
    ),
    **dict.fromkeys(("owner_named", "contributor_named"), frozenset({"names"})),
    **dict.fromkeys(("stage_done", "stage_undone"), frozenset({"stage"})),
    **dict.fromkeys(("inspection_entered", "inspection_changed"), frozenset({"inspection_id"})),
    "meeting_set": frozenset({"on_day"}),
    "challenge_asked": frozenset({"question"}),
    "challenge_withdrawn": frozenset({"reason"}),
    "meeting_cancelled": frozenset({"reason"}),
    "as_found": frozenset({"board_id", "plan_id", "inspection_id"}),
}
"""Keys that the lines of one verb leave out, because what they are about says the same."""

_AS_IT_IS = frozenset({"date_asked", "date_taken_back", "date_agreed", "date_refused"})
"""Verbs that say before what is true of the item then: a value that they do not say again after is unchanged."""


def term(verb: str, key: str) -> EventTerm | None:
    """Return what a key of an event is called and how it reads; None where history pages leave it out."""
    special = _OF_VERB.get(verb, {}).get(key)
    if special is None and (key in HIDDEN or key in _HIDDEN_IN.get(verb, ())):
        return None
    return special or _TERMS.get(key) or EventTerm(key.replace("_", " ").capitalize(), _typed)


def has_term(verb: str, key: str) -> bool:
    """Return whether it is decided how a key of an event reads, or why it is left out."""
    return key in _OF_VERB.get(verb, {}) or key in HIDDEN or key in _HIDDEN_IN.get(verb, ()) or key in _TERMS


def change_words(
    verb: str, before: Mapping[str, Any], after: Mapping[str, Any], *, names: EventNames | None = None
) -> tuple[Difference, ...]:
    """Return what an event changed, value by value, without what means nothing to a reader."""
    names, out = names or EventNames(), []
    for key in dict.fromkeys((*before, *after)):
        how = term(verb, key)
        if how is None or (verb in _AS_IT_IS and key not in after):
            continue
        was, now = (_in_words(how, side.get(key), names) for side in (before, after))
        if was != now:
            out.append(Difference(how.label, was, now))
    return tuple(out)


def _in_words(how: EventTerm, value: Any, names: EventNames) -> str:
    return how.absent if value is None or value in ("", [], {}) else how.reads(value, names)


_EMAIL = re.compile(r"(?P<kind>lead|chair|manager), (?P<period>\d{4}-(?:W\d\d|\d\d)), (?P<to>.+)")


SAID_BY_VALUES = frozenset({"name_matched", "name_unmatched", "month_confirmed"})
"""Verbs whose values say what their lines are about."""


def about_words(verb: str, about: str) -> str:
    """Return what a line is about; of an email, who gets it and for which week or month."""
    if verb in SAID_BY_VALUES:
        return ""
    email = _EMAIL.fullmatch(about) if verb.startswith("letter_") else None
    if email is None:
        return about
    year, _, part = email["period"].partition("-")
    period = f"week {int(part[1:])} of {year}" if part.startswith("W") else month_year(date(int(year), int(part), 1))
    return f"{email['to']}, {period}"
