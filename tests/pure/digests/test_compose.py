"""What letters say, from finished records alone."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.digests.compose import (
    GROUPS,
    MARKS,
    NO_NAMES,
    WIDTH,
    BoardItems,
    Button,
    LetterItem,
    LetterNews,
    LetterQuestion,
    Recipient,
    TaskItems,
    chair_letter,
    lead_letter,
    mail_host,
    manager_letter,
    message_id,
    month_of,
    week_of,
    wrapped,
)
from ilacs_app.plan.rules import Brag
from ilacs_app.worklist.rules import Group

TODAY = date(2026, 5, 14)
BASE = "https://plan.example.gov.uk"
TO = Recipient(17, "lead@example.gov.uk")


def item(number: int, *, plan: str = "") -> LetterItem:
    return LetterItem(
        number, plan, f"5.{number}", "Audit referrals", f"{BASE}/actions/{number}", "Overdue by 14 days", True, "red"
    )


def test_the_subject_of_a_leads_letter_says_number_and_day():
    letter = lead_letter(TO, TODAY, BASE, {Group.OVERDUE: [item(1), item(2)], Group.DUE_SOON: [item(3)]})
    assert letter.subject == "3 improvement plan actions to update, 14 May"
    assert letter.intro == "Overdue: 2. Due within 28 days: 1."
    assert (letter.kind, letter.period) == ("lead", "2026-W20")
    assert letter.action_ids == (1, 2, 3)
    one = lead_letter(TO, TODAY, BASE, {Group.OVERDUE: [item(1)]})
    assert one.subject == "1 improvement plan action to update, 14 May"


def test_a_lead_is_told_what_has_changed_also_where_nothing_needs_an_update():
    url = f"{BASE}/actions/1#help"
    told = LetterNews("", "5.1", "Audit referrals", url, "Verified", "Officer, 12 May 2026", action_id=1)
    letter = lead_letter(TO, TODAY, BASE, {Group.OVERDUE: [item(2)]}, [told])
    assert letter.subject == "1 improvement plan action to update, 14 May"
    assert letter.action_ids == (2, 1)
    alone = lead_letter(TO, TODAY, BASE, {}, [told])
    assert alone.subject == "1 change to your improvement plan actions, 14 May"
    assert (alone.heading, alone.intro, alone.action_ids) == ("1 change to your actions", "", (1,))
    assert lead_letter(TO, TODAY, BASE, {}, [told, told]).heading == "2 changes to your actions"


def test_no_one_gets_an_empty_letter():
    assert lead_letter(TO, TODAY, BASE, {}) is None
    assert lead_letter(TO, TODAY, BASE, {Group.OVERDUE: []}) is None
    assert chair_letter(TO, TODAY, BASE, [BoardItems("MASH Board", "mash-board", ())]) is None
    assert manager_letter(TO, TODAY, BASE, {}) is None


def test_an_update_that_is_due_is_not_reason_enough_to_write():
    assert lead_letter(TO, TODAY, BASE, {Group.NEEDS_WORD: [item(1)]}) is None
    letter = lead_letter(TO, TODAY, BASE, {Group.NEEDS_WORD: [item(1)], Group.REVIEW_DUE: [item(2)]})
    assert letter.action_ids == (2,)


def test_groups_are_in_the_order_of_my_work():
    asked = LetterQuestion(7, "", "5.1", "Audit referrals", f"{BASE}/questions/7", "Answer by 20 May 2026", late=False)
    waiting = {group: [item(n)] for n, group in enumerate(reversed(Group)) if group != Group.BOARD_ASKS}
    letter = lead_letter(TO, TODAY, BASE, waiting, tasks=TaskItems(questions=(asked,)))
    assert [group.heading for group in letter.groups] == [
        "Sent back to you",
        "Overdue",
        "Asked by a board",
        "Due within 28 days",
        "Review due",
    ]
    assert len(GROUPS) == 5


def test_a_chair_of_one_board_reads_its_name_in_the_subject():
    letter = chair_letter(TO, TODAY, BASE, [BoardItems("MASH Board", "mash-board", (item(1), item(2)))])
    assert letter.subject == "MASH Board: 2 actions overdue, 14 May"
    assert (letter.kind, letter.period) == ("chair", "2026-05")
    assert letter.button == Button("Open the board", f"{BASE}/boards/mash-board?timeliness=overdue")
    assert [group.heading for group in letter.groups] == ["Overdue"]
    assert letter.why == "You get this email every month because you chair the MASH Board."


def test_a_chair_of_several_boards_gets_one_letter_with_a_section_for_each():
    boards = [
        BoardItems("MASH Board", "mash-board", (item(1), item(2))),
        BoardItems("LAC Strategy Group", "lac-strategy-group", (item(2),)),
        BoardItems("Corporate Parenting Panel", "corporate-parenting-panel", ()),
    ]
    letter = chair_letter(TO, TODAY, BASE, boards)
    assert letter.heading == "Your 2 boards: 2 actions overdue"
    assert letter.intro == "Actions governed by several boards are listed under each."
    assert [group.heading for group in letter.groups] == ["MASH Board", "LAC Strategy Group"]
    assert letter.action_ids == (1, 2)
    assert letter.why.endswith("you chair the MASH Board, the LAC Strategy Group and the Corporate Parenting Panel.")


def test_what_reaches_no_one_is_reported_to_the_programme_manager():
    letter = manager_letter(TO, TODAY, BASE, {Group.OVERDUE: [item(1)], Group.DUE_SOON: [item(2)]})
    assert letter.heading == "2 actions have no one to update them"
    assert letter.subject == "2 actions have no one to update them, 14 May"
    assert (letter.kind, letter.period) == ("manager", "2026-W20")
    assert manager_letter(TO, TODAY, BASE, {Group.OVERDUE: [item(1)]}).heading == "1 action has no one to update it"


def test_each_letter_says_why_it_came_and_asks_for_no_names_in_a_reply():
    for letter in (
        lead_letter(TO, TODAY, BASE, {Group.OVERDUE: [item(1)]}),
        chair_letter(TO, TODAY, BASE, [BoardItems("MASH Board", "mash-board", (item(1),))]),
        manager_letter(TO, TODAY, BASE, {Group.OVERDUE: [item(1)]}),
    ):
        why, no_names = letter.closing
        assert why.startswith("You get this email every ")
        assert no_names == NO_NAMES == "Do not reply with names or case details."


def test_every_rating_has_its_own_mark_and_words():
    assert set(MARKS) == set(Brag)
    assert len(set(MARKS.values())) == len(MARKS)
    assert (item(1).mark, item(1).rating) == ("◆", "Red: off track")


def test_references_carry_the_plan_where_there_are_several():
    assert item(1).plain == "5.1  Audit referrals"
    assert item(1, plan="Plan 2026").plain == "Plan 2026 5.1  Audit referrals"


def test_the_message_id_stays_the_same_and_differs_by_person_kind_and_period():
    letter = lead_letter(TO, TODAY, BASE, {Group.OVERDUE: [item(1)]})
    assert message_id(letter, BASE) == "<lead-2026-W20-17@plan.example.gov.uk>"
    assert message_id(replace(letter, subject="another"), BASE) == message_id(letter, BASE)


def test_a_host_that_mail_cannot_name_becomes_localhost():
    assert mail_host("http://[::1]:8000") == "localhost"
    assert mail_host("https://plan.example.gov.uk:8443/x") == "plan.example.gov.uk"


def test_weeks_are_those_of_iso():
    assert week_of(date(2026, 1, 1)) == "2026-W01"
    assert week_of(date(2027, 1, 3)) == "2026-W53"
    assert month_of(date(2026, 5, 31)) == "2026-05"


@given(st.dates(), st.integers(0, 6))
def test_a_week_has_seven_days_from_monday(day, later):
    monday = date.fromordinal(max(1, day.toordinal() - day.weekday()))
    assert week_of(date.fromordinal(min(monday.toordinal() + later, date.max.toordinal()))) == week_of(monday)


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30), min_size=1))
def test_plain_text_is_narrow_and_keeps_every_word(words):
    text = " ".join(words)
    lines = wrapped(text, indent="    ").splitlines()
    assert all(len(line) <= WIDTH for line in lines)
    assert " ".join(line.strip() for line in lines) == text


@pytest.mark.parametrize(
    ("news", "changed"),
    [
        ([{"recommendation_ids": (5,)}], "recommendations"),
        ([{"challenge_id": 7}], "questions"),
        ([{"action_id": 1}, {"covers": (2, 3)}], "actions"),
        (
            [{"action_id": 1}, {"recommendation_ids": (5,)}, {"challenge_id": 7}],
            "actions, recommendations and questions",
        ),
    ],
)
def test_a_letter_of_changes_alone_says_what_they_were_made_to(news, changed):
    told = [LetterNews("", "5", "Text", "https://x", says="Edited", by="Someone", **ids) for ids in news]
    draft = lead_letter(TO, TODAY, BASE, {}, told)
    assert draft is not None
    number = f"{len(news)} change{'s' if len(news) > 1 else ''}"
    assert draft.heading == f"{number} to your {changed}"
    assert draft.subject == f"{number} to your improvement plan {changed}, 14 May"
