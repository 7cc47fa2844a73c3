"""Two people at once: whose text is kept unless someone says otherwise, and which words are marked."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.forms.conflicts import MINE, THEIRS, kept_unless_said, likeness, marked


def test_what_only_one_of_them_changed_is_kept_and_what_both_changed_must_be_chosen():
    assert kept_unless_said("old", "new", "old") == MINE
    assert kept_unless_said("old", "old", "new") == THEIRS
    assert kept_unless_said("old", "new", "other") == ""
    assert kept_unless_said(None, "new", "other") == "", "nobody knows what it was"


def test_words_that_the_other_text_lacks_are_marked():
    assert marked("112 of 164 are trained", "118 of 164 are trained") == [("112 ", True), ("of 164 are trained", False)]
    assert marked("", "118") == []
    assert marked("one two", "one  two") == [("one two", False)], "spaces are no difference"


WORDS = st.lists(st.sampled_from(["one", "two", "three", " ", "\n"]), max_size=12).map(" ".join).map(str.strip)


@given(WORDS, WORDS)
def test_the_runs_are_the_whole_text_and_nothing_is_marked_in_two_that_say_the_same(text, other):
    runs = marked(text, other)
    assert "".join(run for run, _ in runs) == text
    if text.split() == other.split():
        assert not any(differs for _, differs in runs)


def test_very_long_texts_are_marked_as_a_whole():
    assert marked("word " * 4000, "word") == [("word " * 4000, True)]


def hard_texts(length: int) -> list[tuple[str, str]]:
    """Pairs of so many signs or a little more, of the kinds on which a comparison is slowest."""
    chance = random.Random(20181127)
    few = [" ".join(chance.choices("abc", k=length // 2)) for _ in range(2)]
    halves = ("a b " * (length // 4), "b a c " * (length // 6))
    stairs = tuple(" ".join("a" * n for n in range(1, 70, step)) * 3 for step in (1, 2))
    same = ("x " * (length // 2), "y " + "x " * (length // 3) + "z")
    return [
        (few[0], few[1]),
        halves,
        stairs,
        same,
        ("a" * length, "ab" * (length // 2)),
        ("ab" * length, "ba" * length),
    ]


@pytest.mark.parametrize("length", [3_000, 6_000])
def test_no_pair_of_texts_takes_longer_to_compare_than_a_reader_waits(length):
    for text, other in hard_texts(length):
        began = time.process_time()
        assert "".join(run for run, _ in marked(text, other)) == text
        assert 0 <= likeness(text, other) <= 1
        assert time.process_time() - began < 2, (text[:20], other[:20])


def test_a_text_that_is_too_dear_word_by_word_is_marked_line_by_line_or_in_its_middle():
    line = "the panel of the board of the council and " * 20
    lines = [f"{n} {line}\n" for n in range(4)]
    text = "".join([*lines[:2], "New line here\n", *lines[2:]])
    assert marked(text, "".join(lines)) == [
        ("".join(lines[:2]), False),
        ("New line here\n", True),
        ("".join(lines[2:]), False),
    ]
    same = "a b " * 300
    assert marked(f"Start {same}end", f"Start {'b a ' * 290}end")[0] == ("Start ", False)
    assert marked(f"Start {same}end", f"Start {'b a ' * 290}end")[-1] == ("end", False)


def test_the_likeness_of_texts_is_that_of_their_signs():
    assert likeness("Audit ten case files", "Audit 10 case files") > 0.8
    assert likeness("Audit ten case files", "Hire two people") < 0.5
    long = "Audit ten case files of each team every month and report to the board. " * 20
    assert likeness(long, long + "By May.") > 0.9
