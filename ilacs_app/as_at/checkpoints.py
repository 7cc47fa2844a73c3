"""Checkpoints: copies of the record as it was at the end of a past day, each a file beside the data.

A long history takes seconds to replay. ``ilacs history checkpoint`` writes a file for each 10,000 changes, and a past
view is made from the nearest earlier one. A checkpoint holds nothing that history does not: any of them may be deleted.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from ilacs_app import clock
from ilacs_app.db import db, sqlite_library
from ilacs_app.history import HistoryChange, HistoryEvent
from ilacs_app.settings import for_its_owner, make_private

EVERY = 10_000
"""How many changes of rows lie between two checkpoints, at least."""
FOLDER = "checkpoints"
"""The folder in the data folder that holds them."""


@dataclass(frozen=True)
class Copy:
    """A database that holds the record before ``until``.

    ``last`` is the last change in it, by id. ``mark`` says which change that is, of which database, and how much
    history there was before ``until``.
    """

    until: datetime
    last: int
    mark: str
    connection: Any


def days_to_keep() -> list[date]:
    """Return the days, before today, at whose end there is a checkpoint: those on which another ``EVERY`` changes had
    been made since the one before. The same history gives the same days.
    """
    changes: Counter[date] = Counter()
    query = select(HistoryEvent.at, func.count(HistoryChange.id).label("number"))
    for row in db.session.execute(query.join(HistoryChange).group_by(HistoryEvent.id, HistoryEvent.at)):
        changes[clock.london_day(row.at)] += row.number
    days, since = [], 0
    for day in sorted(changes):
        since += changes[day]
        if since >= EVERY and day < clock.today():
            days.append(day)
            since = 0
    return days


def checkpoints_before(folder: Path, until: datetime, schema: str) -> Iterator[Copy]:
    """Yield the checkpoints in a folder that hold the record before ``until`` or earlier, newest first.

    Those that a program with other tables wrote are left out. The connection of each is closed after its turn.
    """
    for path in sorted(folder.glob("*.sqlite"), reverse=True):
        with suppress(sqlite_library().DatabaseError, ValueError):  # a damaged file is as none
            if clock.end_of(date.fromisoformat(path.stem)) > until:
                continue
            with closing(_opened(path)) as connection:
                about = json.loads(connection.execute("select about from checkpoint").fetchone()[0])
                if about["schema"] == _short(schema):
                    held_until = datetime.fromisoformat(about["until"])
                    yield Copy(held_until, about["last"], about["mark"], connection)


def write_checkpoint(folder: Path, day: date, copy: Copy, schema: str) -> None:
    """Write a copy of the record at the end of a day into a folder. It is there whole, or not at all.

    Raises:
        OSError: the folder cannot be written to.
    """
    make_private(folder)
    path, unfinished = folder / f"{day}.sqlite", folder / f"{day}.unfinished"
    unfinished.unlink(missing_ok=True)
    os.close(for_its_owner(str(unfinished), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    about = {"until": copy.until.isoformat(), "last": copy.last, "mark": copy.mark, "schema": _short(schema)}
    with closing(sqlite_library().connect(str(unfinished), isolation_level=None)) as connection:
        copy.connection.backup(connection)
        connection.execute("drop table if exists checkpoint")  # that of the checkpoint that the copy was made from
        connection.execute("create table checkpoint (about text)")
        connection.execute("insert into checkpoint values (?)", [json.dumps(about)])
    unfinished.replace(path)


def remove_checkpoints(folder: Path, *, but: list[date]) -> None:
    """Delete the checkpoints in a folder, but those of these days."""
    for path in folder.glob("*.*"):
        if path.name not in {f"{day}.sqlite" for day in but}:
            path.unlink()


def _opened(path: Path) -> Any:
    return sqlite_library().connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)


def _short(schema: str) -> str:
    return sha256(schema.encode()).hexdigest()
