"""Every writing address as every character, with an empty form and with a full one, as a page and as a fragment.

What the written matrix refuses stays refused whatever the form holds, and nothing is written; what it allows is asked
with an empty form, and the database is put back.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.people.boards.model import Board
from ilacs_app.plan.model import Action, ActionPlace, Recommendation, RecommendationBoard, RecommendationLead
from ilacs_app.text import slug_of
from tests.conftest import CHARACTERS
from tests.factories import HTMX, the_record, token
from tests.guards.matrix import LIKE, MATRIX, MORE, ROLES, expected

REFUSALS = {401, 403, 404}
WRITTEN = {200, 204, 303}
TAKEN = WRITTEN | {409, 422}
FULL = {
    "did": "Done.",
    "difference": "Fewer waits.",
    "next_step": "More.",
    "answer": "on_track",
    "status": "in_progress",
    "reason": "It was wrong.",
    "month": "2018-04",
    "words": "End June 2018",
    "reason_class": "vacancy",
    "effect": "Nothing changes.",
    "reply": "I will ring them.",
    "brag": "red",
    "url": "https://intranet.example/",
    "shows": "A sample",
    "kind": "audit",
    "sensitivity": "open",
    "text": "Other words",
    "name": "Another name",
    "title": "Another title",
    "authority": "Northmoor",
    "framework": "ILACS",
    "number": "77",
    "ref": "77.7",
    "place": "1",
    "stage": "0",
    "done": "yes",
    "event": "1",
    "to": "Somebody Else",
    "save": "1",
    "on_day": "1 May 2018",
    "version": "1",
    "view": "action",
    "refusal": "Not now.",
    "confirm": "yes",
}
AFRESH = {
    ("/stand-ins/{stand_in}/end", "programme_manager"): 303,
    ("/stand-ins/{stand_in}/end", "manager_here"): 403,
    ("/stand-ins/{stand_in}/end", "manager_elsewhere"): 403,
    ("/stand-ins/{stand_in}/end", "manager_owner"): 403,
}
"""What differs from the matrix because nothing was ended before: there the other lead comes first."""
EMPTY = {("/actions/{mash}/answer", "chair"), ("/actions/{mash}/answer", "secretary")}
"""Who may open the form but not write in it: an empty one is told to choose a delivery status, not refused."""
MOST_ACTIONS = 17  # of recommendations that none of the characters leads or governs


@dataclass(frozen=True)
class Cell:
    """One request, and what the matrix says of it: a refusal, or ``0`` where it is taken."""

    path: str
    role: str | None
    htmx: bool
    full: bool
    refusal: int


def _cells(world, named: dict[str, int]) -> Iterator[Cell]:
    for (verb, _), rows in MATRIX.items():
        for path, codes in rows if verb == "POST" else ():
            if path.startswith("/sign-"):
                continue
            for role in (*ROLES, *LIKE):
                code = AFRESH.get((path, role or ""), expected("POST", path, codes, role))
                yield from _ways(path.format_map(named), role, code, opens=(path, role) in EMPTY)
    for action_id, stands in _others(world):
        for path, codes in _of_actions():
            for role in (*ROLES, *LIKE):
                yield from _ways(path.format(id=action_id), role, _elsewhere(path, codes, role, stands))


def _ways(path: str, role: str | None, code: int, *, opens: bool = False) -> Iterator[Cell]:
    """The four requests of a refusal, the two of what is taken; ``opens``: the empty form is none to refuse."""
    refusal = code if code in REFUSALS else 0
    for htmx in (False, True):
        for full in (False, True) if refusal else (False,):
            yield Cell(path, role, htmx, full, 0 if opens and not full else refusal)


def _of_actions() -> Iterator[tuple[str, str]]:
    """The addresses that write on {mash}, for any action."""
    for (verb, _), rows in MATRIX.items():
        for path, codes in rows if verb == "POST" else ():
            if path.startswith("/actions/{mash}"):
                yield path.replace("{mash}", "{id}"), codes


def _elsewhere(path: str, codes: str, role: str | None, stands: str) -> int:
    """As on {mash}, but no one of the world leads, owns, contributes to or governs it."""
    code = expected("POST", path.replace("{id}", "{mash}"), codes, role)
    if role == "partner":
        return 404
    if role in {"lead", "contributor", "stand_in", "chair", "secretary"} and code not in {401, 404}:
        return 403
    return code


def _others(world) -> list[tuple[int, str]]:
    """Open actions that no character leads, owns or governs, with their delivery status."""
    people = {*CHARACTERS.values(), *MORE.values()}
    led = select(RecommendationLead.recommendation_id).where(RecommendationLead.name.in_(people))
    boards = select(Board.id).where(Board.slug.in_([slug_of("MASH Board"), slug_of("LAC Strategy Group")]))
    governed = select(RecommendationBoard.recommendation_id).where(RecommendationBoard.board_id.in_(boards))
    rows = db.session.execute(
        select(Action.id, Action.status)
        .join(ActionPlace, ActionPlace.action_id == Action.id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .where(
            Recommendation.plan_id == world.plan_id,
            Recommendation.id.not_in(led),
            Recommendation.id.not_in(governed),
            Action.status.in_(("not_started", "in_progress")),
        )
        .order_by(Action.id)
    )
    return list(dict.fromkeys((row[0], row[1]) for row in rows))[:MOST_ACTIONS]


class Restored:
    """The database's file as it was, to put back."""

    def __init__(self, world, folder: Path) -> None:
        self.file = Path(world.app.config["ILACS"].database_url.removeprefix("sqlite:///"))
        self.copy = folder / "as-it-was.db"
        self._closed()
        shutil.copy(self.file, self.copy)

    def _closed(self) -> None:
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
        db.engine.dispose()

    def back(self) -> None:
        self._closed()
        shutil.copy(self.copy, self.file)


def _wrong(cast, cells: list[Cell], restored: Restored) -> list[str]:
    wrong = []
    for cell in cells:
        client = cast.client(cell.role, audited=False)
        data = dict(FULL) if cell.full else {}
        if cell.role is not None:
            data["csrf_token"] = token(client)
        found = client.post(cell.path, data=data, headers=HTMX if cell.htmx else {}).status_code
        if found != cell.refusal if cell.refusal else found not in TAKEN:
            wrong.append(f"{cell}: {found}")
        if found in WRITTEN:
            restored.back()
    return wrong


def _run(cast, named, tmp_path, share: float) -> tuple[int, list[str]]:
    cells = list(_cells(cast.world, named))
    if share < 1:
        cells = random.Random(11).sample(cells, int(len(cells) * share))
    for role in (*ROLES, *LIKE):
        if role is not None:
            token(cast.client(role, audited=False))
    restored = Restored(cast.world, tmp_path)
    before = the_record()
    wrong = _wrong(cast, cells, restored)
    if the_record() != before:
        wrong.append("something was written that the matrix refuses")
    return len(cells), wrong


def test_no_form_gets_past_the_matrix_a_sample(cast, named, tmp_path):
    number, wrong = _run(cast, named, tmp_path, 0.05)
    assert not wrong, "\n".join(wrong)
    assert number > 500


@pytest.mark.proof
def test_no_form_gets_past_the_matrix(cast, named, tmp_path, record_property):
    number, wrong = _run(cast, named, tmp_path, 1)
    record_property("cells", number)
    record_property("mismatches", len(wrong))
    assert not wrong, "\n".join(wrong)
    assert number >= 12_000
