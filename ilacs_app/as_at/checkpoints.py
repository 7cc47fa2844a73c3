"""Checkpoints: copies of the record as it was at the end of a past day, each a file beside the data.

A long history takes seconds to replay. ``ilacs history checkpoint`` writes a file for each 5,000 changes, and a past
view is made from the nearest earlier one. One in eight is whole; the others hold the rows that differ from the last
whole one before them, because most rows of a record are never changed again. A checkpoint holds nothing that history
does not: any of them may be deleted.
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
from ilacs_app.history.catalogue import RECORD
from ilacs_app.settings import for_its_owner, make_private

EVERY = 5_000
"""How many changes of rows lie between two checkpoints, at least."""
FOLDER = "checkpoints"
"""The folder in the data folder that holds them."""


WHOLE_EVERY = 8
"""How many checkpoints there are for each whole one."""


@dataclass(frozen=True)
class Copy:
    """A database in memory that holds the record before ``until``.

    ``last`` is the last change in it, by id. ``mark`` says which change that is, of which database, and how much
    history there was before ``until``.
    """

    until: datetime
    last: int
    mark: str
    connection: Any

    def copy_into(self, connection: Any) -> None:
        """Make a new database in memory the same."""
        self.connection.backup(connection)


@dataclass(frozen=True)
class Checkpoint:
    """The same as a file: the whole record, or the rows that differ from those of ``whole``, another file."""

    until: datetime
    last: int
    mark: str
    path: Path
    whole: Path | None

    def copy_into(self, connection: Any) -> None:
        """Make a new database in memory the same.

        Raises:
            DatabaseError: a file is damaged.
        """
        with closing(_opened(self.whole or self.path)) as whole:
            whole.backup(connection)
        if self.whole is None:
            return
        connection.execute("attach ? as changed", [_address(self.path)])
        for table in _tables(connection, "main"):
            if connection.execute(f'select 1 from changed."{GONE}{table}"').fetchone():
                key = ", ".join(f'"{name}"' for name in _key_of(connection, table))
                gone = f'select {key} from changed."{GONE}{table}"'
                connection.execute(f'delete from main."{table}" where ({key}) in ({gone})')
            connection.execute(f'insert or replace into main."{table}" select * from changed."{table}"')
        connection.execute("detach changed")


GONE = "gone_"
"""How the table begins that holds the keys of the rows that were deleted since the whole checkpoint."""


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


def checkpoints_before(folder: Path, until: datetime, schema: str) -> Iterator[Checkpoint]:
    """Yield the checkpoints in a folder that hold the record before ``until`` or earlier, newest first.

    Those that a program with other tables wrote are left out, and those whose whole checkpoint is another by now.
    """
    for path in sorted(folder.glob("*.sqlite"), reverse=True):
        with suppress(sqlite_library().DatabaseError, ValueError):  # a damaged file is as none
            if clock.end_of(date.fromisoformat(path.stem)) > until:
                continue
            about = _about(path)
            whole = folder / about["whole"] if about.get("whole") else None
            if about["schema"] == _short(schema) and (whole is None or _about(whole)["mark"] == about["whole_mark"]):
                held_until = datetime.fromisoformat(about["until"])
                yield Checkpoint(held_until, about["last"], about["mark"], path, whole)


def write_checkpoint(folder: Path, day: date, copy: Copy, schema: str, *, whole: Checkpoint | None) -> Checkpoint:
    """Write a copy of the record at the end of a day into a folder. It is there entirely, or not at all.

    ``whole`` is the whole checkpoint from which the rows are to differ; without it, this one is whole.

    Raises:
        OSError: the folder cannot be written to.
    """
    make_private(folder)
    path, unfinished = folder / f"{day}.sqlite", folder / f"{day}.unfinished"
    unfinished.unlink(missing_ok=True)
    os.close(for_its_owner(str(unfinished), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    about = {
        "until": copy.until.isoformat(),
        "last": copy.last,
        "mark": copy.mark,
        "schema": _short(schema),
        "whole": whole.path.name if whole else "",
        "whole_mark": whole.mark if whole else "",
    }
    if whole:
        _write_changed(copy.connection, whole.path, unfinished)
    with closing(sqlite_library().connect(str(unfinished), isolation_level=None)) as connection:
        if whole is None:
            copy.connection.backup(connection)
        connection.execute("drop table if exists checkpoint")  # that of the checkpoint that the copy was made from
        connection.execute("create table checkpoint (about text)")
        connection.execute("insert into checkpoint values (?)", [json.dumps(about)])
    unfinished.replace(path)
    return Checkpoint(copy.until, copy.last, copy.mark, path, whole.path if whole else None)


def _write_changed(connection: Any, whole: Path, path: Path) -> None:
    """Write the rows of a database into a file that differ from those of a whole checkpoint."""
    connection.execute("attach ? as whole", [_address(whole)])
    connection.execute("attach ? as changed", [str(path)])
    connection.execute("pragma changed.page_size = 1024")  # each table takes a page, and most are empty
    connection.execute("begin")
    for table in _tables(connection, "main"):
        key = ", ".join(f'"{name}"' for name in _key_of(connection, table))
        rows, earlier = f'main."{table}"', f'whole."{table}"'
        connection.execute(f'create table changed."{table}" as select * from {rows} except select * from {earlier}')
        gone = f"select {key} from {earlier} except select {key} from {rows}"
        connection.execute(f'create table changed."{GONE}{table}" as {gone}')
    connection.execute("commit")
    connection.execute("detach whole")
    connection.execute("detach changed")


def _tables(connection: Any, schema: str) -> list[str]:
    """Return the tables of the record that a database holds."""
    names = connection.execute(f"select name from {schema}.sqlite_master where type = 'table'").fetchall()
    return [name for (name,) in names if name in RECORD]


def _key_of(connection: Any, table: str) -> list[str]:
    """Return the columns of the primary key of a table."""
    names = connection.execute("select name from pragma_table_info(?, 'main') where pk order by pk", [table]).fetchall()
    return [name for (name,) in names]


def remove_checkpoints(folder: Path, *, but: list[date]) -> None:
    """Delete the checkpoints in a folder, but those of these days."""
    for path in folder.glob("*.*"):
        if path.name not in {f"{day}.sqlite" for day in but}:
            path.unlink()


def _about(path: Path) -> dict[str, Any]:
    with closing(_opened(path)) as connection:
        (text,) = connection.execute("select about from checkpoint").fetchone() or ("",)
        about: dict[str, Any] = json.loads(text)
        return about


def _opened(path: Path) -> Any:
    return sqlite_library().connect(_address(path), uri=True)


def _address(path: Path) -> str:
    """Return the address by which SQLite reads a file and never makes one."""
    return f"{path.as_uri()}?mode=ro"


def _short(schema: str) -> str:
    return sha256(schema.encode()).hexdigest()
