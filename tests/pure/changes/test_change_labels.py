"""Every key of every event has a label and reads as words: no code, no id, no date as a computer writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ilacs_app.access import GRANTED_ROLES
from ilacs_app.changes import labels
from ilacs_app.changes.labels import (
    HIDDEN,
    Difference,
    EventNames,
    EventTerm,
    about_words,
    change_words,
    has_term,
    term,
)
from ilacs_app.editing.plans.rules import STATE_WORDS
from ilacs_app.history import VERBS
from ilacs_app.plan.rules import BRAG_WORDS, RECOMMENDATION_KINDS, STATUS_WORDS
from ilacs_app.progress.dates.rules import REASON_CLASSES, REQUEST_STATES
from ilacs_app.progress.notes.rules import ANSWERS

RAW = re.compile(r"\b\d{4}-\d\d-\d\d\b|\b[a-z]+(?:_[a-z]+)+\b|[{}\[\]]|\bNone\b(?!\.)|\bTrue\b|\bFalse\b|\b7\d{3}\b")
"""What is not written for people: days in ISO 8601, codes, brackets of JSON, the ids of these tests."""

NAMES = EventNames(
    people={7001: "Quality Lead"},
    boards={7002: "MASH Board"},
    plans={7003: "Improvement plan"},
    inspections={7004: "Northmoor, ILACS"},
    evidence={7005: "A dip sample of 20 records"},
)
DAYS = (
    "dated_on due_on on on_day on_site_from on_site_until published_on received_on review_on tested_on until"
    " withdrawn_on done_on"
)
SAMPLES: Mapping[str, tuple[Any, ...]] = {
    **dict.fromkeys(DAYS.split(), ("2018-04-30",)),
    **dict.fromkeys(("board_id", "oversight_board_id"), (7002,)),
    **dict.fromkeys(("actions", "recommendations", "items", "files", "taken", "kept"), (7, [7001, 7002])),
    "answer": tuple(ANSWERS),
    "attendance": (["Quality Lead: Present", "Head of Fostering: Apologies"],),
    "back": (["3.4", "3.5"],),
    "brag": tuple(BRAG_WORDS),
    "columns": ({"Date due": "timescale", "Group": "", "Focus": "partnership_focus"},),
    "evidence_id": (7005,),
    "extra": ({"Cost code": "C1"},),
    "glossary": ({"MASH": "multi-agency safeguarding hub"},),
    "guessed": (True, False),
    "inspection_id": (7004,),
    "kind": tuple(RECOMMENDATION_KINDS),
    "left_out": (0, 2),
    "members": ([7001],),
    "month": ("2018-11-30",),
    "partner": (True, False),
    "plan_id": (7003,),
    "quorum": (3,),
    "reason_class": tuple(REASON_CLASSES),
    "reporting_window": (35, 1),
    "reviews_read_again": (0, 4),
    "role": tuple(GRANTED_ROLES),
    "rows": ({"row 3": {"due": "2018-04-30", "status": "in_progress"}, "row 4": {"due": "", "status": ""}},),
    "stages": (["Pilot: 2018-02-28", "Full: roll-out: 2018-04-30"],),
    "state": (*STATE_WORDS, *REQUEST_STATES),
    "status": tuple(STATUS_WORDS),
    "status_key": ([{"word": "On track", "means": "in_progress"}],),
    "to": (7001,),
}
"""Values as commands write them. Of every other key it is what people typed."""
OF_VERB: Mapping[tuple[str, str], tuple[Any, ...]] = {
    ("stand_in_named", "from"): ("2018-04-30",),
    ("plan_file_corrected", "words"): ({"rag amber": "partly_complete"},),
    ("plan_file_corrected", "boards"): ({"MASH Ops": "MASH Board", "Old board": ""},),
}


def samples() -> Iterator[tuple[str, str, Any]]:
    for verb, about in VERBS.items():
        for key in sorted(about.keys):
            for value in OF_VERB.get((verb, key), SAMPLES.get(key, ("Typed words",))):
                yield verb, key, value


def faults() -> list[str]:
    """Return what the lines of history would say that is not written for people."""
    out = [f"{verb}: {key}" for verb, about in VERBS.items() for key in about.keys if not has_term(verb, key)]
    for verb, key, value in samples():
        for told in change_words(verb, {}, {key: value}, names=NAMES):
            if not re.fullmatch(r"[A-Z][A-Za-z ]+", told.label) or RAW.search(f"{told.before} {told.after}"):
                out.append(f"{verb}: {told.label}: {told.after}")
    return out


def test_every_value_of_every_kind_of_change_reads_as_words():
    assert faults() == []
    assert len(list(samples())) > 300


def test_a_key_without_words_and_a_date_as_it_is_stored_are_found(monkeypatch):
    unlabelled = {key: how for key, how in labels._TERMS.items() if key != "quorum"}
    monkeypatch.setattr(labels, "_TERMS", unlabelled)
    assert faults() == ["board_changed: quorum"]
    monkeypatch.setattr(
        labels, "_TERMS", {**unlabelled, "quorum": EventTerm("quorum_of", _raw), "month": EventTerm("Month", _raw)}
    )
    assert {"month_confirmed: Month: 2018-11-30", "board_changed: quorum_of: 3"} <= set(faults())


def _raw(value: Any, _names: EventNames) -> str:
    return str(value)


def test_each_key_that_is_left_out_has_a_reason_and_every_other_says_something():
    assert all(len(reason) > 8 for reason in HIDDEN.values())
    shown = [(verb, key) for verb, key, value in samples() if term(verb, key) and value not in ("", 0, False)]
    assert [at for at in shown if not change_words(at[0], {}, {at[1]: _sample(*at)}, names=NAMES)] == []
    assert len(shown) > 200


def _sample(verb: str, key: str) -> Any:
    return next(value for of, name, value in samples() if (of, name) == (verb, key) and value not in ("", 0, False))


@pytest.mark.parametrize("verb", ["date_refused", "date_taken_back"])
def test_a_date_change_that_was_not_made_does_not_say_that_the_date_is_gone(verb):
    before = {"timescale": "End April 2018", "due_on": "2018-04-30"}
    told = change_words(verb, before, {"request_id": 4, "state": "refused"})
    assert told == (Difference("Decision", "", "Refused"),)


def test_a_date_change_says_what_was_asked_and_what_was_agreed():
    before = {"timescale": "End April 2018", "due_on": "2018-04-30"}
    after = {"timescale": "June 2018", "due_on": "2018-06-30"}
    assert change_words("date_asked", before, {**after, "reason_class": "competing_demand"}) == (
        Difference("Timescale requested", "End April 2018", "June 2018"),
        Difference("Due date requested", "30 April 2018", "30 June 2018"),
        Difference("Reason", "", "Competing demand"),
    )
    assert change_words("date_agreed", before, {**after, "state": "agreed_shorter"})[2] == Difference(
        "Decision", "", "Agreed for an earlier date"
    )


def test_words_that_people_typed_stay_as_they_typed_them():
    typed = {"timescale": "2018-04-30", "title": "2018-04-30", "did": "in_progress", "text": "{draft} [1]"}
    assert {told.after for told in change_words("action_changed", {}, typed)} == set(typed.values())


def test_a_place_is_shown_of_a_meeting_a_recommendation_and_an_action():
    assert change_words("meeting_changed", {"place": ""}, {"place": "Room 1"})[0].after == "Room 1"
    assert change_words("recommendation_moved", {"place": 3}, {"place": 1}) == (
        Difference("Position in the plan", "3", "1"),
    )


def test_a_team_is_shown_by_the_names_of_its_members_and_one_that_is_not_known_is_left_out():
    names = EventNames(people={1: "Quality Lead", 2: "Head of Fostering"})
    told = change_words("team_changed", {"members": [1]}, {"members": [1, 2, 9]}, names=names)
    assert told == (Difference("Members", "Quality Lead", "Quality Lead, Head of Fostering"),)


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("lead, 2026-W08, lead@council.example", "lead@council.example, week 8 of 2026"),
        ("manager, 2026-11, manager@council.example", "manager@council.example, November 2026"),
        ("something else", "something else"),
    ],
)
def test_an_email_is_told_by_its_reader_and_its_week_or_month(about, words):
    assert about_words("letter_sent", about) == words
    assert about_words("note_logged", about) == about
    assert about_words("name_matched", about) == ""


@pytest.mark.parametrize("verb", ["first_date_given", "reading_corrected"])
def test_a_reading_that_is_not_doubted_any_more_is_certain_and_not_none(verb):
    before, after = {"guessed": True, "timescale": "TBC"}, {"timescale": "End May 2018"}
    assert change_words(verb, before, after)[0] == Difference("Reading", "Not certain", "Certain")


def test_evidence_that_is_described_says_what_it_shows():
    assert change_words("evidence_added", {}, {"evidence_id": 7005}, names=NAMES) == (
        Difference("What it shows", "", "A dip sample of 20 records"),
    )
    assert change_words("evidence_added", {}, {"evidence_id": 7005}) == ()


@pytest.mark.parametrize(
    ("verb", "after"),
    [
        ("owner_named", {"names": ["Quality Lead"]}),
        ("stage_done", {"stage": "Pilot"}),
        ("meeting_set", {"on_day": "2018-04-30"}),
        ("inspection_entered", {"inspection_id": 7004}),
    ],
)
def test_what_a_line_says_already_is_not_said_again(verb, after):
    assert change_words(verb, {}, after, names=NAMES) == ()


def test_the_items_of_a_meeting_that_begins_are_those_of_its_agenda():
    assert change_words("meeting_begun", {}, {"items": 3}) == (Difference("Items on the agenda", "", "3"),)


def test_a_value_of_a_program_before_reads_without_underscores():
    assert change_words("move", {}, {"status": "nearly_done"})[0].after == "Nearly done"
