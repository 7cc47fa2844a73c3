"""A plan of any size, the same each time, for measuring: notes, evidence rows, boards, leads.

The records are written in bulk, in the shape that the commands leave them in; its history says that it is a sample.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from ilacs_app import clock
from ilacs_app.dates import LONDON, long_date
from ilacs_app.db import db
from ilacs_app.history import Author, record
from ilacs_app.people.boards.commands import boards_named
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.plan.commands import make_plan
from ilacs_app.plan.model import Action, ActionPlace, DateEntry, Recommendation, RecommendationBoard, RecommendationLead
from ilacs_app.plan.parsing.timescales import next_review
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.search.index import SearchKind, keep_all

SEED = 2018
PER_RECOMMENDATION = 5
NOTES_EACH = 10
_BOARDS = (
    "LAC Strategy Group",
    "MASH Board",
    "Corporate Parenting Panel",
    "Children's Management Team",
    "Safeguarding Partnership",
    "Strategic Housing Board",
    "Education Partnership Board",
    "Health and Wellbeing Board",
)
SAME_ROWS = 12  # recommendations that the MASH Board governs at every size, so that its first page is the same
PASSWORD = "measure-measure-measure"  # of the accounts of a sample, which holds nothing real
TEXTS = (
    "Revise the guidance for staff and brief every team on it",
    "Audit a sample of records each month and report what it shows",
    "Agree a pathway with partner agencies and publish it",
    "Train managers to review plans with their staff",
    "Ask children and families what has changed for them",
)


def load_sample(actions: int, today: date) -> dict[str, int]:
    """Fill the open transaction with ``actions`` actions, 3 in 10 of them overdue. Returns how many of what."""
    draw = Random(SEED)
    by = Author(None, "sample", "sample")
    dated_on = today - timedelta(days=120)
    plan_id = make_plan(by, "sample", "Sample plan", dated_on, state="live")
    boards = list(boards_named(by, _BOARDS).values())
    leads = max(4, min(200, actions // 50))
    people = [add_person(by, f"lead{n}@sample.example", f"Lead {n}", PASSWORD) for n in range(leads)]
    manager = add_person(by, "manager@sample.example", "Programme Manager", PASSWORD)
    chair = add_person(by, "chair@sample.example", "Board Chair", PASSWORD)
    grant_role(by, manager, "programme_manager")
    grant_role(by, chair, "chair", board_id=boards[1])
    held = -(-actions // PER_RECOMMENDATION)
    _insert(Recommendation, [_recommendation(n, plan_id) for n in range(held)])
    recommendations = list(db.session.scalars(_ids(Recommendation)))
    _insert(RecommendationLead, [_lead(r, people[n % leads], n % leads) for n, r in enumerate(recommendations)])
    _insert(RecommendationBoard, [row for n, r in enumerate(recommendations) for row in _governed_by(n, r, boards)])
    _insert(Action, [_action(n, plan_id, dated_on, today, draw) for n in range(actions)])
    ids = list(db.session.scalars(_ids(Action)))
    _insert(ActionPlace, [_place(n, recommendations[n // PER_RECOMMENDATION], id_) for n, id_ in enumerate(ids)])
    _insert(DateEntry, [_date_entry(id_) for id_ in ids])
    notes = [
        _note(id_, people[(n // PER_RECOMMENDATION) % leads], k, today, draw)
        for n, id_ in enumerate(ids)
        for k in range(NOTES_EACH)
    ]
    _insert(ProgressNote, notes)
    pieces = [_evidence(id_, people[(n // PER_RECOMMENDATION) % leads]) for n, id_ in enumerate(ids) if n % 2]
    _insert(Evidence, pieces)
    _make_findable()
    record(by, "sample_loaded", plan_id=plan_id, after={"actions": actions, "seed": SEED})
    return {
        "actions": actions,
        "recommendations": held,
        "notes": len(notes),
        "evidence": len(pieces),
        "leads": leads,
    }


def _make_findable() -> None:
    numbers = db.session.execute(db.select(Recommendation.id, Recommendation.number, Recommendation.text))
    keep_all(SearchKind.RECOMMENDATION, [(row.id, (row.number, row.text)) for row in numbers])
    places = db.select(Action.id, ActionPlace.ref, Action.text).join(ActionPlace, ActionPlace.action_id == Action.id)
    keep_all(SearchKind.ACTION, [(row.id, (row.ref, row.text)) for row in db.session.execute(places)])
    notes = db.select(ProgressNote.id, ProgressNote.did, ProgressNote.difference, ProgressNote.next_step)
    texts = [(row.id, (row.did, row.difference, row.next_step)) for row in db.session.execute(notes)]
    keep_all(SearchKind.NOTE, texts)
    pieces = db.session.execute(db.select(Evidence.id, Evidence.shows, Evidence.url))
    keep_all(SearchKind.EVIDENCE, [(row.id, (row.shows, row.url)) for row in pieces])


def _ids(table: Any) -> Any:
    return db.select(table.id).order_by(table.id)


def _insert(table: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 5000):
        db.session.execute(insert(table), rows[start : start + 5000])


def _recommendation(n: int, plan_id: int) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "number": str(n + 1),
        "position": n,
        "text": f"Improve how area {n + 1} of the service works for children and their families",
        "monitoring": ["Monthly performance report"],
        "measures": ["Records of the standard, 90%"],
        "link_plans": ["Children's plan"],
        "impact": "Children get the right help sooner.",
    }


def _lead(recommendation_id: int, person_id: int, n: int) -> dict[str, Any]:
    return {
        "recommendation_id": recommendation_id,
        "position": 0,
        "name": f"Lead {n}",
        "accountable": True,
        "person_id": person_id,
    }


def _governed_by(n: int, recommendation_id: int, boards: list[int]) -> list[dict[str, Any]]:
    """Return the lead board of a recommendation and, unless it is the same one, a board that oversees it too."""
    first, second = 1 if n < SAME_ROWS else n % len(boards), (n * 3 + 1) % len(boards)
    chosen = list(dict.fromkeys((first, second)))
    return [_governed(recommendation_id, boards[at], _BOARDS[at], position) for position, at in enumerate(chosen)]


def _governed(recommendation_id: int, board_id: int, name: str, position: int) -> dict[str, Any]:
    return {
        "recommendation_id": recommendation_id,
        "board_id": board_id,
        "position": position,
        "lead": position == 0,
        "named_as": name,
    }


def _action(n: int, plan_id: int, dated_on: date, today: date, draw: Random) -> dict[str, Any]:
    """Of ten: three overdue, two due soon, one ongoing, one not due, one claimed, two verified."""
    kind = n % 10
    ongoing = kind == 5
    days = (-draw.randint(1, 60), draw.randint(0, 28), draw.randint(40, 300), -draw.randint(61, 90))
    due = today + timedelta(days=days[0] if kind < 3 else days[1] if kind < 5 else days[2] if kind == 6 else days[3])
    status = ("in_progress", "not_started", "partly_complete", "in_progress", "not_started")[kind] if kind < 5 else None
    status = status or ("in_progress", "not_started", "completed", "verified", "verified")[kind - 5]
    done = kind > 6
    last_word = today - timedelta(days=draw.randint(0, 60))
    first_review = dated_on + timedelta(days=90)
    return {
        "plan_id": plan_id,
        "text": f"{TEXTS[n % len(TEXTS)]} ({n + 1})",
        "timescale_text": "Ongoing" if ongoing else long_date(due),
        "timescale_kind": "ongoing" if ongoing else "date",
        "due_on": None if ongoing else due,
        "original_due_on": None if ongoing else due,
        "first_review_on": first_review if ongoing else None,
        "review_on": next_review(first_review, last_word) if ongoing else None,
        "status": status,
        "completed_on": due if done else None,
        "last_word_on": last_word,
        "version": 1,
        "extra": {},
    }


def _place(n: int, recommendation_id: int, action_id: int) -> dict[str, Any]:
    return {
        "recommendation_id": recommendation_id,
        "action_id": action_id,
        "position": n % PER_RECOMMENDATION,
        "ref": f"{n // PER_RECOMMENDATION + 1}.{n % PER_RECOMMENDATION + 1}",
    }


def _date_entry(action_id: int) -> dict[str, Any]:
    return {"action_id": action_id, "kind": "original", "words": "", "says": "", "at": clock.now()}


def _note(action_id: int, person_id: int, k: int, today: date, draw: Random) -> dict[str, Any]:
    day = today - timedelta(days=7 * (NOTES_EACH - k) + draw.randint(0, 6))
    return {
        "action_id": action_id,
        "person_id": person_id,
        "written_at": datetime.combine(day, time(10), LONDON),
        "did": f"Step {k + 1} is done and the team knows what comes after it.",
        "difference": "Too early to say." if k % 2 else "",
        "next_step": "Look at the figures again next month.",
    }


def _evidence(action_id: int, person_id: int) -> dict[str, Any]:
    return {
        "action_id": action_id,
        "person_id": person_id,
        "added_at": clock.now(),
        "shows": "The figures of the month",
        "kind": "data",
        "sensitivity": "open",
        "url": "https://intranet.example/figures",
    }
