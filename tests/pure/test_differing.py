"""Two people at once: whose text is kept unless somebody says otherwise, and which words are marked."""

from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.differing import MINE, THEIRS, kept_unless_said, marked


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
