"""A council's own references: given to several actions at once, found by search, and the old one in the history."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.editing.actions.commands import NewReference, change_references
from ilacs_app.errors import Stale
from ilacs_app.history import of_action
from ilacs_app.plan.model import Action, ActionPlace
from ilacs_app.search.index import SearchKind, question
from ilacs_app.search.queries import search_hits
from tests.conftest import BY


def new(world, old: str, ref: str, version: int | None = None) -> NewReference:
    """Another reference for the action that has this one in the twin plan."""
    id_ = world.actions[old]
    stood, kept = db.session.execute(
        select(ActionPlace.recommendation_id, Action.version).join(Action).where(ActionPlace.action_id == id_)
    ).one()
    return NewReference(id_, version or kept, stood, ref)


def given(world, *wanted: NewReference) -> list[str]:
    """Ask for new references; those that could not be given."""
    with transaction():
        return [one.ref for one in change_references(BY, world.plan_id, wanted)]


def ref_of(world, old: str) -> str:
    return db.session.scalars(select(ActionPlace.ref).where(ActionPlace.action_id == world.actions[old])).one()


def finds(world, typed: str) -> list[str]:
    hits = search_hits(world.actor("viewer"), question(typed), plan_id=None, kind=SearchKind.ACTION, page=1).hits
    return [hit.ref for hit in hits]


def test_an_action_is_found_by_its_new_reference_and_no_longer_by_the_old(world):
    assert given(world, new(world, "5.3", "R2/A7"), new(world, "5.4", "R2/A70")) == []
    assert finds(world, "R2/A7") == finds(world, "r2/a7") == finds(world, '"R2/A7"') == ["R2/A7"]
    assert finds(world, "R2/A70") == ["R2/A70"] and finds(world, "5.3") == finds(world, '"A7/R2"') == []
    last = of_action(world.actions["5.3"])[0]
    assert (last.verb, last.before, last.after) == ("action_moved", {"ref": "5.3"}, {"ref": "R2/A7"})


def test_no_sign_of_a_reference_means_anything_to_the_index(world):
    for ref in ("R2'A7", 'R2"A7', "R2&!A7:*", "(R2)|(A7)", "R2 NEAR A7", "R2\\A7", "-R2^A7", "R2<->A7"):
        assert given(world, new(world, "5.3", ref)) == []
        assert finds(world, ref) == [ref]


def test_two_actions_change_places_and_what_another_has_is_not_given(world):
    assert given(world, new(world, "5.1", "5.2"), new(world, "5.2", "5.1")) == []
    assert (ref_of(world, "5.1"), ref_of(world, "5.2")) == ("5.2", "5.1")
    assert given(world, new(world, "5.3", "5.4"), new(world, "5.5", "5.3"), new(world, "5.6", "5.6b")) == ["5.4", "5.3"]
    assert [ref_of(world, old) for old in ("5.3", "5.5", "5.6")] == ["5.3", "5.5", "5.6b"]


def test_an_action_that_someone_changed_meanwhile_keeps_its_reference(world):
    stale = new(world, "5.3", "R2/A7", version=99)
    with pytest.raises(Stale):
        given(world, stale)
    db.session.rollback()
    assert ref_of(world, "5.3") == "5.3"
