"""No one tests or dates what is theirs, where it becomes theirs at the very moment at which they decide."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select, update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.editing.actions.commands import change_action
from ilacs_app.editing.actions.queries import editable_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.recommendations.commands import change_recommendation
from ilacs_app.editing.recommendations.queries import editable_recommendation
from ilacs_app.errors import Stale
from ilacs_app.history import HistoryEvent
from ilacs_app.plan.model import Action
from ilacs_app.progress.dates.model import DateRequest
from tests.conftest import BY
from tests.data.worklist.own_items import MOVED, NAMES, make_cast
from tests.factories import CLAIM, send, token, version_of


def at_once(world: Any, rounds: int, record_property: Any, kind: str) -> None:
    """A claim is verified, or a date agreed, while the same person is made lead, owner or contributor of the action.

    Each round begins both at one moment. Whichever came first, history never tells that they tested, or dated, an item
    that was theirs already.
    """
    app, outcomes = world.app, Counter()
    chance, decided_in = Random(20180407), 0.0
    cast = make_cast(app)
    who, other, rec, item = 1, 2, cast["recs"][0], cast["actions"][0]

    def made(part: str) -> None:
        with app.app_context(), transaction():
            if part == "lead":
                now = editable_recommendation(rec)
                change_recommendation(BY, rec, now.version, replace(now.text, leads=(NAMES[who],)))
            else:
                now = editable_action(item)
                owners, helpers = ((NAMES[who],), ()) if part == "owner" else ((), (NAMES[who],))
                change_action(BY, item, now.version, ActionContent(now.text.text, owners, helpers))

    for n in range(rounds):
        part = ("lead", "owner", "contributor", "lead")[n % 4]
        dates = n % 4 == 3
        with transaction():
            now, text = editable_recommendation(rec), editable_action(item)
            change_recommendation(BY, rec, now.version, replace(now.text, leads=()))
            change_action(BY, item, text.version, ActionContent(text.text.text))
            fresh = {"status": "not_started", "moves": 0, "last_moved_on": None, "due_on": date(2018, 6, 30)}
            db.session.execute(update(Action).where(Action.id == item).values(**fresh))
        if dates:
            sent = {"words": MOVED[1], "reason_class": "vacancy", "effect": "None.", "cover": "The deputy."}
            assert send(cast["clients"][other], item, "date-requests", **sent).status_code == 303
            db.session.rollback()
            asked = db.session.scalars(select(DateRequest).where(DateRequest.state == "waiting")).one()
            address, fields = f"/date-requests/{asked.id}/decide", {"answer": "agreed", "version": asked.version}
        else:
            assert send(cast["clients"][other], item, **CLAIM).status_code == 303
            address = f"/actions/{item}/status"
            fields = {"status": "verified", "reason": "It holds.", "sample": "Ten", "version": version_of(item)}
        client, last = cast["clients"][who], _last_event()
        fields |= {"csrf_token": token(client), "once": f"race-{n}", "view": "action"}
        # a decision is a request and takes longer to begin; the change waits for a part of that, so that either may win
        decide, wait = partial(client.post, address, data=fields), chance.uniform(0, 1.2 * decided_in)
        told, stale, decided_in = _together(decide, partial(made, part), wait)
        db.session.rollback()
        events = select(HistoryEvent.verb).where(HistoryEvent.id > last).order_by(HistoryEvent.id)
        verbs = list(db.session.scalars(events))
        decided = [verb for verb in verbs if verb in {"verification", "date_agreed"}]
        became = [verb for verb in verbs if verb in {"recommendation_changed", "action_changed"}]
        assert told.status_code in {303, 403, 409, 422}, told.text
        assert (told.status_code == 303) == bool(decided) and bool(became) != stale, (told.status_code, verbs)
        if decided and became:
            assert verbs.index(decided[0]) < verbs.index(became[0]), f"{part}: {verbs}"
        outcomes["both" if decided and became else "decided" if decided else "changed hands"] += 1
        if dates and not decided:
            with transaction():
                db.session.execute(update(DateRequest).values(state="refused", decided_at=clock.now()))
    if rounds >= 100:  # else it would be no race
        assert min(outcomes["changed hands"], outcomes["both"] + outcomes["decided"]) >= rounds // 20, outcomes
    record_property("database", kind)
    record_property("rounds", rounds)
    for name, count in sorted(outcomes.items()):
        record_property(name, count)


def _together(decide: Callable[[], Any], change: Callable[[], None], wait: float) -> tuple[Any, bool, float]:
    """Begin both together, the second after ``wait`` seconds.

    What the first was told, whether the second was too late, and how many seconds the first took.
    """
    both = threading.Barrier(2)

    def timed() -> tuple[Any, float]:
        both.wait(10)
        begun = time.monotonic()
        return decide(), time.monotonic() - begun

    def later() -> None:
        both.wait(10)
        time.sleep(wait)
        change()

    with ThreadPoolExecutor(2) as acts_as:
        told, changed = acts_as.submit(timed), acts_as.submit(later)
        late = changed.exception(60)
        if late is not None and not isinstance(late, Stale):
            raise late
        answer, seconds = told.result(60)
        return answer, late is not None, seconds


def _last_event() -> int:
    return db.session.scalar(select(func.max(HistoryEvent.id))) or 0


def test_8_times_at_once_no_one_decides_on_what_is_theirs_already(world, database_kind, record_property):
    at_once(world, 8, record_property, database_kind)


@pytest.mark.proof
def test_800_times_at_once_no_one_decides_on_what_is_theirs_already(world, database_kind, record_property):
    at_once(world, 800, record_property, database_kind)
