"""A database that is stopped, locked, moved, replaced or full, under eight clients of a real server.

No one is answered with a 500, nothing that was acknowledged is lost, and a form that was refused shows its text.
"""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, text, update

from bench import client as c
from ilacs_app import clock
from ilacs_app.db import db
from ilacs_app.people.sign_in.model import SignInSession
from ilacs_app.progress.notes.model import ProgressNote
from tests.conftest import PASSWORD
from tests.data import outages as o

ROLES = ("lead", "programme_manager") * 4


def _kinds(world: Any, disk: Path | None, request: pytest.FixtureRequest, other: Path) -> dict[str, Any]:
    url = world.app.config["SQLALCHEMY_DATABASE_URI"]
    if url.get_backend_name() == "sqlite":
        file = Path(url.database)
        return {
            "locked": lambda: o.sqlite_locked(file),
            "moved": lambda: o.sqlite_moved(file),
            "log taken": lambda: o.sqlite_log_taken(file),
            "replaced": lambda: o.sqlite_replaced(file, other),
            "full": (lambda: o.disk_full(disk)) if disk else None,
        }
    address = url.render_as_string(hide_password=False)
    return {
        "locked": lambda: o.postgres_locked(address),
        "moved": lambda: o.postgres_moved(address, replaced=False),
        "replaced": lambda: o.postgres_moved(address, replaced=True),
        "stopped": lambda: o.postgres_stopped(request.getfixturevalue("postgres_server")),
        "full": (lambda: o.disk_full(disk)) if disk else None,
    }


def check(
    world: Any,
    folder: Path,
    request: pytest.FixtureRequest,
    record_property: Any,
    lasting: dict[str, tuple[float, ...]],
) -> None:
    url = world.app.config["SQLALCHEMY_DATABASE_URI"]
    action = world.actions["5.3"]
    with ExitStack() as stack:
        disk = stack.enter_context(o.small_disk())
        if url.get_backend_name() == "sqlite" and disk:
            db.session.remove()
            db.engine.dispose()
            shutil.copy(url.database, disk / "ilacs.db")
            url = url.set(database=str(disk / "ilacs.db"))
            world.app.config["SQLALCHEMY_DATABASE_URI"] = url
        address = url.render_as_string(hide_password=False)
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=None)
        db.session.remove()
        db.engine.dispose()
        if url.get_backend_name() != "sqlite" and disk:
            stack.enter_context(o.postgres_on(address, disk))
        counts: Counter[str] = Counter()
        settings = {"ILACS_DATABASE_URL": address, "ILACS_TODAY": "2018-04-07"}
        other = request.getfixturevalue("migrated")
        with c.sound_server(folder / "served", **settings) as (port, _, _):
            clients = o.people(port, action, ROLES, PASSWORD)
            stack.callback(lambda: [one.client.close() for one in clients])
            saved: list[str] = []
            for name, outage in _kinds(world, disk, request, other).items():
                if outage is None:
                    print("no small disk could be mounted, so a full one was not tried")
                    continue
                for seconds in lasting[name]:
                    with engine.begin() as connection:
                        connection.execute(
                            update(SignInSession).values(seen_at=clock.real_now() - timedelta(minutes=10))
                        )
                    engine.dispose()
                    asked = o.during(clients, outage(), seconds)
                    assert o.faults(asked) == [], (name, seconds)
                    refused = [one for one in asked if one.status == 503]
                    assert refused, f"nobody noticed: {name}, {seconds} s"
                    saved += [one.text for one in asked if one.saved]
                    for one in clients:  # and it is as before
                        assert one.step("plain", 0).status == 303, (name, one.asked[-1].body[:500])
                        saved.append(one.asked[-1].text)
                    counts["answers"] += len(asked)
                    counts["refused"] += len(refused)
                    counts["refused forms"] += sum(bool(one.text) for one in refused)
                    counts["slowest 503, ms"] = max(
                        counts["slowest 503, ms"], *(int(one.seconds * 1000) for one in refused)
                    )
        with engine.connect() as connection:
            written = Counter(connection.execute(select(ProgressNote.did)).scalars())
            if engine.dialect.name == "sqlite":
                assert connection.scalar(text("pragma integrity_check")) == "ok"
            assert connection.scalar(select(func.count()).select_from(ProgressNote))
        engine.dispose()
        assert [one for one in saved if written[one] != 1] == []
        counts["saved"] = len(saved)
    for what, value in counts.items():
        record_property(what, value)
    print(", ".join(f"{what} {value}" for what, value in counts.items()))


def test_an_outage_gives_no_fault_and_loses_nothing(world, tmp_path, request, record_property):
    short = dict.fromkeys(("moved", "log taken", "replaced", "full", "stopped"), (1.0,))
    check(world, tmp_path, request, record_property, {"locked": (6.5,), **short})


@pytest.mark.proof
def test_outages_of_up_to_30_seconds_give_no_fault_and_lose_nothing(world, tmp_path, request, record_property):
    long = dict.fromkeys(("moved", "log taken", "replaced", "full", "stopped"), (7.0, 12.0))
    check(world, tmp_path, request, record_property, {"locked": (7.0, 12.0, 20.0, 30.0), **long})
