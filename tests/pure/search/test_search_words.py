"""What is read of a question, and how a text is shown with what was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.search.index import LONGEST_SEARCH, MOST_WORDS, Term, as_kept, excerpt, question


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("audit", (Term(("audit",), True),)),
        ("Audit AUDIT", (Term(("audit",), True),)),
        ("5.3", (Term(("5.3",)),)),
        ("2018", (Term(("2018",)),)),
        ("a", (Term(("a",)),)),
        ("“child protection” plan", (Term(("child", "protection")), Term(("plan",), True))),
        ('"plan" x', (Term(("plan",), True), Term(("x",)))),
        ('an "unended quote', (Term(("an",), True), Term(("unended", "quote")))),
        ("multi-agency", (Term(("multi",), True), Term(("agency",), True))),
        ("children’s children's", (Term(("childrens",), True),)),
        ("Café cafe\u0301", (Term(("cafe",), True),)),
        ("50%", (Term(("50",)),)),
        ("NOT OR* NEAR(", (Term(("not",), True), Term(("or",), True), Term(("near",), True))),
    ],
)
def test_a_question_is_read_as_words(typed, terms):
    assert question(typed).terms == terms


@pytest.mark.parametrize("typed", ["*", "-", "%", '"', "’", "😀", "()", "…", "_"])
def test_a_question_of_signs_is_told_to_be_none(typed):
    assert question(typed).terms == ()
    assert question(typed).says.startswith("Enter a word or a reference")


def test_a_question_that_is_too_long_is_told_so():
    for typed in ("x" * (LONGEST_SEARCH + 1), "ab " * (MOST_WORDS + 1)):
        assert question(typed).terms == ()
        assert "up to 12 words" in question(typed).says
    assert len(question("ab " * 12).terms) == 1


def test_an_empty_question_asks_nothing_and_says_nothing():
    assert question("") == question("  ")
    assert question("").says == ""


def test_what_was_found_is_marked_and_a_long_text_is_cut_around_it():
    asked = question("audit 5.3")
    assert excerpt("The Audits of 5.3, not 5.31", asked) == (
        ("The ", False),
        ("Audits", True),
        (" of ", False),
        ("5.3", True),
        (", not 5.31", False),
    )
    parts = excerpt("word " * 200 + "audit" + " word" * 200, asked, 100)
    assert ("audit", True) in parts
    assert parts[0][0].startswith("…")
    assert parts[-1][0].endswith("…")
    assert sum(len(part) for part, _ in parts) < 110


@given(st.text(max_size=600), st.text(max_size=40), st.integers(20, 200))
def test_any_text_is_shown_whole_or_cut_and_never_changed(text, typed, most):
    parts = excerpt(text, question(typed), most)
    shown = "".join(part for part, _ in parts)
    if len(text) <= most:
        assert shown == text
    else:
        assert shown.removeprefix("… ").removesuffix(" …") in text
    assert all(part for part, _ in parts)


@given(st.text(max_size=200))
def test_what_is_kept_holds_no_sign_of_either_database(text):
    assert not set(as_kept("sqlite", [text])) & set("\"'*()-:^+{}\0\\%")
    assert not set(as_kept("postgresql", [text]).replace("'", "").replace(":", "")) & set('"*()-&|!<>\0\\%')


def test_an_item_keeps_so_many_words_and_no_longer_ones():
    assert len(as_kept("sqlite", ["ab " * 30_000]).split()) == 10_000
    assert as_kept("sqlite", ["x" * 5000]) == "x" * 64
