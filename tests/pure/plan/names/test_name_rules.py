"""Names as people type them: several in one field, and which are suggested."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.plan.names.rules import MOST_SUGGESTED, NameReach, Reach, names_typed, suggested
from ilacs_app.text import plain_name

KNOWN = ("Rina Patel", "Head of MASH", "Heads of Service", "Zoë Brown", "Health & Care Team", "Patel, Anil")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Rina Patel\nSam Lee", ("Rina Patel", "Sam Lee")),
        ("Rina Patel; Sam Lee", ("Rina Patel", "Sam Lee")),
        ("Rina Patel / Sam Lee & Jo Hall", ("Rina Patel", "Sam Lee", "Jo Hall")),
        (" Rina Patel ;\n; Rina Patel ", ("Rina Patel",)),
        ("Health & Care Team\nHealth & Safety", ("Health & Care Team", "Health", "Safety")),
        ("", ()),
        (None, ()),
    ],
)
def test_names_are_parted_as_in_a_file_but_a_known_name_stays_one(text, names):
    assert names_typed(text, {"health & care team"}) == names


@given(st.lists(st.sampled_from(KNOWN), unique=True))
def test_known_names_come_back_from_a_field_as_they_went_in(names):
    assert names_typed("\n".join(names), set(map(plain_name, KNOWN))) == tuple(names)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("pat", ["Patel, Anil", "Rina Patel"]),
        ("ri pa", ["Rina Patel"]),
        ("patel ri", ["Rina Patel"]),
        ("zoe", ["Zoë Brown"]),
        ("head", ["Head of MASH", "Heads of Service"]),
        ("care", ["Health & Care Team"]),
        ("Rina Patell", ["Rina Patel"]),
        ("R. Patel", ["Rina Patel"]),
        ("rina patel", []),
        ("xyz", []),
        ("", []),
        (" ;", []),
    ],
)
def test_each_part_that_is_typed_begins_a_part_of_a_suggested_name(typed, names):
    assert suggested(typed, KNOWN) == names


def test_a_name_that_is_in_the_field_already_is_not_suggested_again():
    assert suggested("pat", KNOWN, {"rina patel"}) == ["Patel, Anil"]


def test_one_typed_part_is_not_two_parts_of_a_name():
    assert suggested("sam sam", ["Sam Lee"]) == []
    assert suggested("sam sa", ["Sam Samson"]) == ["Sam Samson"]


@given(st.text(max_size=40), st.lists(st.text(max_size=30), max_size=30))
def test_whatever_is_typed_only_known_names_are_suggested(typed, known):
    names = suggested(typed, known)
    assert set(names) <= set(known) and len(names) <= MOST_SUGGESTED
    assert plain_name(typed) not in map(plain_name, names)


def test_a_name_says_who_it_reaches():
    assert NameReach("Rina Patel", Reach.ACCOUNT).sentence == "This person has an account"
    assert NameReach("R Patel", Reach.ACCOUNT, account="Rina Patel").says == "matched to Rina Patel, who has an account"
    assert NameReach("Leads", Reach.TEAM, number=1).says == "this is a team of 1 person"
    assert NameReach("Nobody Such", Reach.NO_ONE).says == "no account, so no one will get emails"
    assert [reach for reach in Reach if NameReach("x", reach).is_reached] == [Reach.ACCOUNT, Reach.TEAM]
