"""The index finds the same in both databases, takes whatever is typed, and changes with its transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update

from ilacs_app.db import db, transaction
from ilacs_app.plan.model import Action, Plan, Recommendation
from ilacs_app.plan.writing import index_action
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from ilacs_app.search import queries as search_queries
from ilacs_app.search.index import SearchKind, keep, question
from ilacs_app.search.queries import MOST, search_hits
from tests.conftest import TODAY

HOSTILE = (
    "'",
    '"',
    '""',
    '"a" "b',
    "a' OR 1=1 --",
    "AND",
    "NOT x",
    "x NEAR(y, 2)",
    "words:x",
    "{words} : x",
    "^x",
    "x + y",
    "x*y*",
    "-x",
    "%",
    "_",
    "\\",
    "\\'",
    "':* & '",
    "x <-> y | !z",
    "(",
    "))((",
    "\x01\x7f",
    "😀 x",
    "👩‍👧‍👦",
    "ǅ İ ß ﬁ ½ ² ⑴ ⒈",
    "\u0301",
    "‮x",
    "1.2.3.4.5",
    "5.",
    ".5",
    "ab " * 12,
    "x" * 200,
)


LEADS = {"5": "lead", "6": "other_lead"}


def look(world, typed: str, role: str = "viewer", **more):
    wanted = {"plan_id": None, "kind": None, "page": 1, **more}
    return search_hits(world.actor(role), question(typed), **wanted)


def note(world, ref: str, words: str) -> int:
    with transaction():
        return log_progress(world.author(LEADS[ref[0]]), world.actions[ref], NoteText(words))


def evidence(world, ref: str, shows: str, sensitivity: str = "open") -> int:
    with transaction():
        piece = EvidenceText(shows, "audit", sensitivity, "https://intranet.example/")
        return attach_evidence(world.author(LEADS[ref[0]]), world.actions[ref], piece)


def test_words_of_every_kind_are_found(world):
    note(world, "5.2", "Quokka sessions ran.")
    evidence(world, "5.2", "The quokka register")
    with transaction():
        db.session.execute(
            update(Action).where(Action.id == world.actions["5.3"]).values(text="Count every quokka", imported_note="")
        )
        index_action(world.actions["5.3"])
    assert look(world, "QUOKKA").by_kind == {
        SearchKind.RECOMMENDATION: 0,
        SearchKind.ACTION: 1,
        SearchKind.EVIDENCE: 1,
        SearchKind.NOTE: 1,
    }
    assert look(world, "quokkas").all == 0
    assert look(world, "quok").all == 3
    assert look(world, "quokka register").all == 1
    assert look(world, "“quokka register”").all == 1
    assert look(world, "“register quokka”").all == 0
    assert [hit.ref for hit in look(world, "5.3").hits if hit.kind == SearchKind.ACTION] == ["5.3"]


def test_every_recommendation_and_action_is_found_by_its_own_words(world):
    actions = dict(db.session.execute(select(Action.id, Action.text)).all())
    for words in actions.values():
        first = " ".join(words.split()[:6])
        assert words in {actions[hit.action_id] for hit in look(world, first).hits if hit.kind == SearchKind.ACTION}, (
            words
        )


def test_whatever_is_typed_is_an_answer_or_a_sentence(world):
    for typed in HOSTILE:
        asked = question(typed)
        assert asked.terms or asked.says, typed
        before = look(world, typed).by_kind.get(SearchKind.NOTE, 0)
        for kind in SearchKind:
            look(world, typed, kind=kind)
        note(world, "5.2", typed)
        assert look(world, typed).by_kind[SearchKind.NOTE] == before + bool(asked.terms), typed


def test_words_that_were_replaced_are_not_found(world):
    with transaction():
        keep(SearchKind.ACTION, world.actions["5.3"], "one quokka")
        keep(SearchKind.ACTION, world.actions["5.3"], "one wombat")
    assert look(world, "quokka").all == 0
    assert look(world, "wombat").all == 1


def test_what_is_rolled_back_is_not_found(world):
    with pytest.raises(KeyError), transaction():
        log_progress(world.author("lead"), world.actions["5.2"], NoteText("Quokka"))
        raise KeyError
    assert look(world, "quokka").all == 0


def test_a_partner_finds_and_counts_only_what_its_boards_govern(world):
    note(world, "5.2", "Quokka at the MASH Board.")
    note(world, "6.2", "Quokka elsewhere.")
    assert look(world, "quokka").by_kind[SearchKind.NOTE] == 2
    assert look(world, "quokka", "partner").by_kind[SearchKind.NOTE] == 1
    assert {hit.ref for hit in look(world, "quokka", "partner").hits} == {"5.2"}
    assert look(world, "6.2", "partner").all == 0
    assert look(world, "quokka", "nobody").all == 0


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("lead", True),
        ("other_lead", False),
        ("contributor", True),
        ("verifier", True),
        ("board_member", True),
        ("programme_manager", True),
        ("administrator", False),
        ("viewer", False),
        ("inspector", False),
        ("partner", True),
    ],
)
def test_restricted_evidence_is_found_by_those_who_may_see_it(world, role, may):
    evidence(world, "5.3", "Quokka register", "restricted")
    assert look(world, "quokka", role).all == int(may)


@pytest.mark.parametrize(("state", "viewer", "manager"), [("live", 1, 1), ("closed", 0, 0), ("draft", 0, 0)])
def test_a_plan_that_is_not_live_is_found_only_where_it_is_asked_for(world, state, viewer, manager):
    note(world, "5.2", "Quokka")
    with transaction():
        db.session.execute(update(Plan).values(state=state))
    assert look(world, "quokka").all == viewer
    assert look(world, "quokka", "programme_manager").all == manager
    assert look(world, "quokka", plan_id=world.plan_id).all == (0 if state == "draft" else 1)
    assert look(world, "quokka", "programme_manager", plan_id=world.plan_id).all == 1


def test_the_newest_notes_come_first_and_so_many_are_counted(world):
    with transaction():
        for n in range(MOST + 5):
            log_progress(world.author("lead"), world.actions["5.2"], NoteText(f"Quokka number {n}"))
    first = look(world, "quokka")
    assert first.by_kind[SearchKind.NOTE] == MOST
    assert first.cut
    assert (len(first.hits), first.pages) == (60, 10)
    assert "".join(part for part, _ in first.hits[0].parts) == f"Quokka number {MOST + 4}"
    last = look(world, "quokka", page=99)
    assert (last.page, len(last.hits)) == (10, 60)


def test_an_action_in_two_places_is_found_once(world):
    with transaction():
        other = db.session.execute(text("select recommendation_id from action_place where ref = '6.1'")).scalar_one()
        db.session.execute(
            text("insert into action_place (recommendation_id, action_id, position, ref) values (:r, :a, 99, '6.9')"),
            {"r": other, "a": world.actions["5.3"]},
        )
        index_action(world.actions["5.3"])
    assert [hit.action_id for hit in look(world, "6.9").hits] == [world.actions["5.3"]]


def test_newer_notes_that_are_not_shown_take_no_place_of_older_ones(world, monkeypatch):
    """More items match than are counted, and the newest are under a withdrawn recommendation."""
    monkeypatch.setattr(search_queries, "MOST", 3)
    for ref in ("5.2", "5.3", "6.2", "6.2", "6.2", "6.2"):
        note(world, ref, "Quokka")
    assert [hit.ref for hit in look(world, "quokka").hits] == ["6.2", "6.2", "6.2"]
    with transaction():
        db.session.execute(update(Recommendation).where(Recommendation.number == "6").values(withdrawn_on=TODAY))
    for role in ("viewer", "programme_manager", "partner"):
        assert [hit.ref for hit in look(world, "quokka", role).hits] == ["5.3", "5.2"], role
