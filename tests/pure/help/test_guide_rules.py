"""Whose section of the guide comes first."""

from __future__ import annotations

import pytest

from ilacs_app.access import GRANTED_ROLES, Actor, Grant
from ilacs_app.help.rules import guide_for

SECTION_OF = {
    "verifier": "verifiers",
    "board_member": "boards",
    "chair": "boards",
    "secretary": "boards",
    "programme_manager": "managers",
    "administrator": "administrators",
    "viewer": "readers",
    "inspector": "readers",
}


def names_in(actor: Actor) -> dict[str, list[str]]:
    return {part.heading: [section.name for section in part.sections] for part in guide_for(actor)}


def someone(*roles: str, has_items: bool = False) -> Actor:
    grants = tuple(Grant(role, board_id=1) for role in roles)
    return Actor(1, "Team Manager", "manager@example.gov.uk", grants=grants, has_items=has_items)


@pytest.mark.parametrize("role", GRANTED_ROLES)
def test_each_role_has_a_section_of_its_own_and_it_comes_first(role):
    guide = names_in(someone(role))
    assert next(iter(guide)) == "Your role" and guide["Your role"] == [SECTION_OF[role]]


def test_a_lead_who_is_also_a_chair_and_a_verifier_gets_all_three_sections_first():
    guide = names_in(someone("chair", "verifier", "board_member", has_items=True))
    assert guide["Your role"] == ["leads", "verifiers", "boards"]
    assert guide["Other roles"] == ["managers", "administrators", "readers"]


def test_every_reader_gets_every_section_once():
    for actor in (someone(), someone(has_items=True), *(someone(role) for role in GRANTED_ROLES)):
        listed = [section for sections in names_in(actor).values() for section in sections]
        everything = {"leads", "actions", "timescales", "pages", *SECTION_OF.values()}
        assert len(listed) == len(set(listed)) and set(listed) == everything


def test_someone_without_a_role_has_no_empty_part():
    assert list(names_in(someone())) == ["For everyone", "Other roles"]
