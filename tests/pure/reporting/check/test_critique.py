"""What a plan check asks of a plan, and what looks as if it names a child."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.personal_data import names_a_child
from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.plan.plan_file import FileAction, FileRecommendation, FileSource, PlanFile
from ilacs_app.plan.rules import OPEN, Status
from ilacs_app.reporting.check.rules import MOST_DUE_IN_A_MONTH, critique

DATED_ON = date(2018, 2, 22)
GOOD_ACTION = FileAction(
    "1.1", "Write the guide and give it to every team", read_timescale("End May 2018", DATED_ON), ""
)
GOOD = FileRecommendation(
    "1",
    "Help new staff to settle in",
    "",
    leads=("Head of Staff",),
    measures=("New staff who stay a year: from 60 of 100 to 85 of 100",),
    boards=("MASH Board",),
    impact="Children know their worker.",
    actions=(GOOD_ACTION,),
)


def plan(*recommendations: FileRecommendation) -> PlanFile:
    return PlanFile(FileSource("x", "csv"), (), recommendations)


def kinds(*recommendations: FileRecommendation, **more) -> list[str]:
    return [remark.kind for remark in critique(plan(*recommendations), DATED_ON, **more)]


def with_action(**changes) -> FileRecommendation:
    return replace(GOOD, actions=(replace(GOOD_ACTION, **changes),))


def test_a_plan_that_says_who_what_when_and_how_much_is_left_in_peace():
    assert kinds(GOOD) == []


def test_a_plan_that_holds_nothing_is_not_called_good():
    assert kinds() == ["empty"]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"leads": ("N/a",)}, ["lead", "owner"]),
        ({"boards": ()}, ["board"]),
        ({"measures": ("n/a",)}, ["measure"]),
        ({"measures": ("Audit reports",)}, ["target"]),
        ({"measures": ("85 of 100 stay",)}, ["baseline"]),
        ({"impact": ""}, ["impact"]),
        ({"actions": ()}, ["actions"]),
    ],
)
def test_what_a_recommendation_lacks_is_asked_for(changes, kind):
    assert kinds(replace(GOOD, **changes)) == kind


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"timescale": read_timescale("TBC", DATED_ON)}, "date"),
        ({"timescale": read_timescale("", DATED_ON)}, "date"),
        ({"timescale": read_timescale("End Jan 2018", DATED_ON)}, "before"),
        ({"text": "Explore options for the guide"}, "vague"),
        ({"text": "We will continue to meet"}, "vague"),
        ({"note": "Seen with A, DOB 01/02/2010"}, "child"),
        ({"text": "Give the guide to the QRST"}, "letters"),
    ],
)
def test_what_is_wrong_with_an_action_is_shown_with_its_place(changes, kind):
    remarks = critique(plan(with_action(**changes)), DATED_ON)
    assert [(r.kind, r.at) for r in remarks] == [(kind, "Action 1.1")]
    assert all(r.says and r.why and r.do for r in remarks)


@pytest.mark.parametrize("status", list(Status))
def test_only_an_action_that_is_still_open_is_asked_why_it_was_due_before_the_plan(status):
    early = with_action(timescale=read_timescale("End Jan 2018", DATED_ON), status=status)
    assert kinds(early) == (["before"] if status in OPEN else [])


def test_a_vague_word_in_the_middle_is_no_ones_business():
    assert kinds(with_action(text="Write what we explore and consider")) == []


def test_an_acronym_is_asked_for_once_and_not_where_it_is_explained():
    twice = replace(GOOD, actions=(with_action(text="Tell the QRST and the QRST lead").actions[0],))
    assert kinds(twice) == ["letters"]
    assert kinds(twice, glossary={"QRST": "Quality review team"}) == []
    assert kinds(with_action(text="Tell the quality review team (QRST), then QRST leads")) == []


def test_a_completion_in_doubt_is_asked_about():
    assert kinds(GOOD, doubtful={"1.1"}) == ["completed"]


def test_the_same_words_twice_are_reported_at_the_second_place():
    other = replace(GOOD, number="2", actions=(replace(GOOD_ACTION, ref="2.1"),))
    remarks = critique(plan(GOOD, other), DATED_ON)
    assert [(r.kind, r.ref) for r in remarks] == [("twice", "2.1")]


def test_too_much_for_one_lead_in_one_month_is_reported_once():
    many = tuple(
        replace(GOOD_ACTION, ref=f"1.{n}", text=f"Write part {n} of it") for n in range(1, MOST_DUE_IN_A_MONTH + 2)
    )
    remarks = critique(plan(replace(GOOD, actions=many)), DATED_ON)
    assert [(r.kind, r.at) for r in remarks] == [("too_much", "The plan")]
    assert "Head of Staff has 9 actions due in May 2018." in remarks[0].says
    assert kinds(replace(GOOD, actions=many[:-1])) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NHS 943 476 5919 was given", "an NHS number"),
        ("9434765919", "an NHS number"),
        ("NHS 943 476 5918 was given", None),
        ("DOB 3/4/2011", "a date of birth"),
        ("born on 3rd April 2011", "a date of birth"),
        ("d.o.b. 03.04.11", "a date of birth"),
        ("The team was born on a good day", None),
        ("Call 0161 234 5000 or 07700 900123", None),
        ("112 of 164 officers, 41% to 33%, cost 1,234,567.89", None),
        ("Ref 2018-02-22-0001", None),
        ("", None),
    ],
)
def test_a_text_that_names_a_child_is_known_by_three_marks(text, found):
    assert names_a_child(text) == found


def pupil_number(digits: str) -> str:
    total = sum(int(d) * w for d, w in zip(digits, range(2, 14), strict=True))
    return "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23] + digits


@given(st.text("0123456789", min_size=12, max_size=12))
def test_a_pupil_number_is_known_by_its_letter_and_any_other_letter_is_none(digits):
    right = pupil_number(digits)
    assert names_a_child(f"UPN {right}.") == "a pupil number"
    other = next(letter for letter in "ABCDEFGH" if letter != right[0])
    assert names_a_child(f"UPN {other}{digits}.") is None
