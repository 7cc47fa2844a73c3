"""Abbreviations in papers, what has changed since papers, and when they can be published."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.governance.packs.document import (
    PackCell,
    PackLine,
    PackList,
    PackParagraph,
    PackPoint,
    PackSection,
    PackState,
    PackTable,
    StateItem,
    StateQuestion,
    texts_of,
)
from ilacs_app.governance.packs.rules import changed_since_papers, expanded, why_not_publish

TODAY = date(2018, 4, 7)
GLOSSARY = {"LAC": ["looked after children"], "PEP": ["personal education plan"]}
ITEM = StateItem(
    id=1,
    ref="5.3",
    text="Dip sample 20 records",
    rating="Red: off track",
    status="In progress",
    due="30 Apr 2018",
    request="",
    update_id=0,
    update="",
)
QUESTION = StateQuestion(1, "Action 5.3", "How many wait?", "Not answered yet", 0)


def section(*texts: str) -> PackSection:
    """A section with a table, a list and paragraphs, in which these texts are read in this order."""
    first, *others = texts
    table = PackTable("Caption LAC", ("LAC",), (1,), ((PackCell((PackLine(first),)),),))
    rest = [PackParagraph(text) for text in others[1:]]
    points = (PackList((PackPoint(others[0]),)),) if others else ()
    return PackSection("overdue", "Overdue", (table, *points, *rest))


def explained_texts(*texts: str, glossary=GLOSSARY) -> list[str]:
    return texts_of(expanded([section(*texts)], glossary).sections)


def test_an_abbreviation_is_explained_where_it_is_first_used():
    assert explained_texts("The LAC team", "LAC again", "A PEP for each LAC") == [
        "The LAC (looked after children) team",
        "LAC again",
        "A PEP (personal education plan) for each LAC",
    ]


def test_a_plural_and_a_word_that_holds_the_letters():
    assert explained_texts("All PEPs are late") == ["All PEPs (personal education plan) are late"]
    assert explained_texts("BLACK and LACK") == ["BLACK and LACK"]
    assert explained_texts("LAC&C") == ["LAC&C"]


def test_what_the_text_explains_itself_is_left_alone():
    assert explained_texts("Children (LAC) wait", "LAC") == ["Children (LAC) wait", "LAC"]
    assert explained_texts("LAC (looked after children) wait") == ["LAC (looked after children) wait"]


def test_an_abbreviation_with_two_meanings_is_not_explained_in_the_text():
    glossary = {"CP": ["child protection", "care plan"]}
    assert explained_texts("The CP review", glossary=glossary) == ["The CP review"]
    assert expanded([section("The CP review")], glossary).used == {"CP": ("child protection", "care plan")}


def test_an_abbreviation_in_the_name_of_the_board_is_in_the_glossary():
    made = expanded([section("Agree the date")], GLOSSARY, names=("LAC Strategy Group",))
    assert list(made.used) == ["LAC"] and texts_of(made.sections) == ["Agree the date"]


def test_abbreviations_of_no_glossary_are_named():
    made = expanded([section("The MASH and the NHS", "An LAC review (IRO)")], GLOSSARY)
    assert made.unexplained == ("MASH",) and set(made.used) == {"LAC"}


LETTERS = st.text(string.ascii_uppercase, min_size=2, max_size=4)
TEXTS = st.lists(st.text("ABC abc().&\n", max_size=20), min_size=1, max_size=5)


@given(TEXTS, st.dictionaries(LETTERS, st.just(["a meaning"]), max_size=3))
def test_nothing_but_one_explanation_of_each_is_ever_added(texts, glossary):
    before, after = texts_of([section(*texts)]), explained_texts(*texts, glossary=glossary)
    added = sum(map(len, after)) - sum(map(len, before))
    assert added % len(" (a meaning)") == 0 and added // len(" (a meaning)") <= len(glossary)
    assert [text.replace(" (a meaning)", "") for text in after] == before


def state(*items: StateItem, questions: tuple[StateQuestion, ...] = ()) -> PackState:
    return PackState(items, questions)


def test_nothing_is_reported_of_what_has_not_changed():
    then = state(ITEM, questions=(QUESTION,))
    assert changed_since_papers(then, then) == ()


def test_each_change_of_an_action_is_reported():
    later = replace(
        ITEM,
        status="Completed, awaiting verification",
        rating="Blue outline: to be verified",
        due="31 May 2018",
        request="End June 2018",
        update_id=7,
        update="All are sampled.",
    )
    (line,) = changed_since_papers(state(ITEM), state(later))
    assert line.ref == "5.3" and line.says == (
        "Status: In progress → Completed, awaiting verification",
        "Rating: Red: off track → Blue outline: to be verified",
        "Date: 30 Apr 2018 → 31 May 2018",
        "Date change requested: to End June 2018",
        "Update: All are sampled.",
    )


def test_what_has_come_and_gone_is_reported():
    other = replace(ITEM, id=2, ref="5.4")
    came, left = changed_since_papers(state(ITEM), state(other))
    assert (came.ref, came.says) == ("5.4", ("New for this board",))
    assert (left.ref, left.says) == ("5.3", ("No longer with this board",))


def test_a_request_that_was_decided_is_reported():
    (line,) = changed_since_papers(state(replace(ITEM, request="End May 2018")), state(ITEM))
    assert line.says == ("Date change to End May 2018 no longer needs a decision",)


def test_questions_asked_answered_and_withdrawn_are_reported():
    answered = replace(QUESTION, state="Answered", answers=1)
    (line,) = changed_since_papers(state(questions=(QUESTION,)), state(questions=(answered,)))
    assert line.says == ("Answered", "Not answered yet → Answered")
    (line,) = changed_since_papers(state(), state(questions=(QUESTION,)))
    assert line.says == ("New question",)
    (line,) = changed_since_papers(state(questions=(QUESTION,)), state())
    assert line.says == ("Withdrawn, or no longer with this board",)


def test_what_is_exempt_in_either_is_exempt_in_what_has_changed():
    for then, now in ((True, False), (False, True), (True, True)):
        later = replace(ITEM, status="Verified", exempt=now)
        (line,) = changed_since_papers(state(replace(ITEM, exempt=then)), state(later))
        assert line.exempt


ITEMS = st.lists(
    st.builds(
        StateItem,
        id=st.integers(1, 5),
        ref=st.just("1.1"),
        text=st.sampled_from(("a", "b")),
        rating=st.sampled_from(("red", "green")),
        status=st.sampled_from(("open", "done")),
        due=st.sampled_from(("May", "June")),
        request=st.sampled_from(("", "July")),
        update_id=st.integers(0, 2),
        update=st.just("x"),
        exempt=st.just(False),
    ),
    max_size=5,
    unique_by=lambda item: item.id,
).map(tuple)


@given(ITEMS, ITEMS)
def test_an_action_is_listed_exactly_when_it_differs(then, now):
    lines = changed_since_papers(PackState(then, ()), PackState(now, ()))
    before, after = ({item.id: item for item in items} for items in (then, now))
    differ = {id_ for id_ in before | after if before.get(id_) != after.get(id_)}
    assert len(lines) == len(differ) and all(line.says for line in lines)


def test_papers_are_published_up_to_the_day_of_a_meeting_that_is_not_cancelled():
    assert why_not_publish(TODAY, None, TODAY) == ""
    assert why_not_publish(TODAY + timedelta(days=1), None, TODAY) == ""
    assert "is over" in why_not_publish(TODAY - timedelta(days=1), None, TODAY)
    assert "is cancelled" in why_not_publish(TODAY, TODAY, TODAY)
