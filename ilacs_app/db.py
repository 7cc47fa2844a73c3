"""The engine and the one way to write.

Every read runs under a plain ``BEGIN``; only ``with transaction():`` takes the write lock (``BEGIN IMMEDIATE`` on
SQLite), and a view may open it only if its mark declared that it writes. Measured without this rule: one edit in
two was lost.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Row,
    event,
    exc,
    insert,
    inspect,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.types import TypeDecorator

from ilacs_app.errors import Stale
from ilacs_app.settings import SettingsError, make_private

SAFE_SQLITE = (3, 51, 3)  # 3.7.0 to 3.51.2 can corrupt a WAL file that several connections write


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

JsonDocument = JSON().with_variant(JSONB(), "postgresql")
"""A column that holds lists of lines or named extra fields."""


class UtcInstant(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, the same in both databases. Refuses a naive value."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


_writing: ContextVar[bool] = ContextVar("writing", default=False)
_until: ContextVar[float] = ContextVar("until", default=0.0)  # on the monotonic clock: when a writer stops waiting
_turn = Lock()
_tried_at = [0.0]  # on the monotonic clock; read and written by the writer whose turn it is
PATIENCE = 5  # seconds for which a writer waits for the one before it
LARGEST_WAL = 8 * 1024 * 1024  # bytes: a longer write-ahead log is brought into the database by the next writer
CHECKPOINT_PATIENCE = 250  # milliseconds for which that writer waits for those who still read the old pages
CHECKPOINT_EVERY = 1.0  # seconds between two tries of a process

UNREACHABLE = (exc.DatabaseError, exc.InterfaceError, exc.TimeoutError, exc.PendingRollbackError)
"""What SQLAlchemy may raise if a database does not answer; ``is_unreachable`` tells whether it did."""


def is_unreachable(error: BaseException) -> bool:
    """Return whether this error says that the database is gone, locked, full, read-only or not the one that it was.

    Faults of the program are different: a broken constraint, a value or a statement that no database would take.
    """
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, exc.ProgrammingError):  # PostgreSQL: someone took the table or the schema away
        return getattr(error.orig, "sqlstate", None) in {"42P01", "3F000", "3D000"}
    return isinstance(error, UNREACHABLE) and not isinstance(
        error, (exc.IntegrityError, exc.DataError, exc.NotSupportedError)
    )


@contextmanager
def transaction(patience: float = PATIENCE) -> Iterator[None]:
    """All or nothing, committed before the answer is rendered.

    Ends the read that went before, so that what is decided inside is read inside. Only routes, ``forms.saving`` and
    command-line groups open it. ``patience`` is in seconds: how long it waits for other writers.

    Raises:
        RuntimeError: inside another transaction, or in a view that did not declare that it writes.
        OperationalError: another writer did not end in time, or the database is not there; nothing was changed.
    """
    if has_request_context() and not g.get("writes", False):
        raise RuntimeError("this view did not declare that it writes")
    with _write_lock(patience):
        yield


@contextmanager
def _write_lock(patience: float) -> Iterator[None]:
    if _writing.get():
        raise RuntimeError("a transaction is open already")
    db.session.rollback()
    writing, until = _writing.set(True), _until.set(time.monotonic() + patience)
    try:
        with _in_turn(patience):
            try:
                yield
                _commit()
            except BaseException:
                with suppress(*UNREACHABLE):
                    db.session.rollback()
                raise
            _shorten_wal()
    finally:
        _until.reset(until)
        _writing.reset(writing)


def write_if_free(write: Callable[[], object]) -> bool:
    """Write what may be left out, in a transaction that waits for no one; return whether it was written.

    The one write that a view need not declare: that a sign-in was used.
    """
    try:
        with _write_lock(patience=0):
            if db.engine.dialect.name == "postgresql":
                db.session.execute(text("set local lock_timeout = '50ms'"))
            write()
    except UNREACHABLE as error:
        if not is_unreachable(error):
            raise
        return False
    return True


@contextmanager
def _in_turn(patience: float) -> Iterator[None]:
    """Make the writers of this process follow each other on SQLite.

    It has one write lock, and writers retry at growing intervals, so some of many would never get it. So one
    of each process knocks, and the others wait here, all within the same time.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    if not _turn.acquire(timeout=patience):
        raise exc.OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
    try:
        yield
    finally:
        _turn.release()


def _commit() -> None:
    """Commit, and go on only if the SQLite file is still where it was opened.

    It is checked after the commit too: a file that was moved in between holds the change, but not for those who
    open it next.
    """
    _check_files()
    db.session.commit()
    _check_files()


def _shorten_wal() -> None:
    """Bring a long write-ahead log of SQLite into the database.

    SQLite does so by itself every 1,000 pages, but begins the log again only when no one reads it, which under steady
    load is never. A writer that waits for the readers of old pages lets it begin again; new readers need no log then.
    """
    if db.engine.dialect.name != "sqlite" or time.monotonic() - _tried_at[0] < CHECKPOINT_EVERY:
        return
    file = db.engine.url.database or ""
    with suppress(OSError, *UNREACHABLE):  # the change is saved; the next writer tries again
        if os.stat(f"{file}-wal").st_size <= LARGEST_WAL:
            return
        _tried_at[0] = time.monotonic()
        connection = db.engine.raw_connection()
        try:
            connection.execute(f"PRAGMA busy_timeout={CHECKPOINT_PATIENCE}")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            connection.close()


def write_rows(table: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write new rows of one table together, in order, many in a statement; nothing is read back."""
    written = list(rows)
    if written:
        db.session.flush()
        # empty values are written too: rows without them would need a statement of their own
        db.session.execute(insert(table), written, execution_options={"render_nulls": True})


def write_at(
    table: type[Base],
    id_: int,
    version: int,
    *still: ColumnElement[bool],
    returning: Iterable[InstrumentedAttribute[Any]] = (),
    **values: Any,
) -> Row[Any]:
    """Change one row and give it the next version, if it is still at the version that was seen.

    ``still`` are further conditions that the row must still meet. Returns the columns in ``returning``, by name.

    Raises:
        Stale: someone changed the row after that version, or it no longer meets a condition.
    """
    columns: Any = table
    written = db.session.execute(
        update(table)
        .where(columns.id == id_, columns.version == version, *still)
        .values(version=version + 1, **values)
        .returning(columns.id, *returning)
    ).first()
    if written is None:
        raise Stale
    return written


def insert_once(table: type[Base], **values: Any) -> int | None:
    """Insert a row unless one with the same unique key exists; return the new id, or None.

    If two callers insert at the same moment, the database accepts one.
    """
    columns: Any = table
    statement = _dialect_insert(table).values(**values).on_conflict_do_nothing().returning(columns.id)
    inserted: int | None = db.session.scalar(statement)
    return inserted


def insert_or_update(table: type[Base], key: Mapping[str, Any], **values: Any) -> None:
    """Insert a row, or give the one with this unique ``key`` these values, in one statement."""
    statement = _dialect_insert(table).values(**key, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def _dialect_insert(table: type[Base]) -> Any:
    """Return the INSERT of the database in use: only the dialects' own know ON CONFLICT."""
    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert(table)


def init_db(app: Flask, url: str) -> None:
    """Bind the application to the database at ``url``.

    Raises:
        SettingsError: no safe SQLite library is at hand, or the PostgreSQL driver is not installed.
    """
    # text about children never goes into a log: an error names the statement, not its values
    options: dict[str, Any] = {"hide_parameters": True, "pool_size": 32, "pool_timeout": PATIENCE}
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        options["module"] = sqlite_library()
    else:
        try:
            import psycopg  # noqa: F401
        except ImportError:
            raise SettingsError(
                "PostgreSQL needs the extra “postgres”. Install it with: pip install 'psycopg[binary]'."
            ) from None
        options |= {"pool_pre_ping": True, "isolation_level": "READ COMMITTED"}
        # psycopg parses long statements again each time: with 1,000 rows in each, that took half the time
        options["insertmanyvalues_page_size"] = 100
        options["connect_args"] = {
            "connect_timeout": PATIENCE,
            "options": f"-c lock_timeout={PATIENCE * 1000}",
            "tcp_user_timeout": PATIENCE * 1000,  # end the wait on a network that loses packets too
            "keepalives_idle": PATIENCE,
            "keepalives_interval": 2,
            "keepalives_count": 3,
        }
    app.config["SQLALCHEMY_DATABASE_URI"] = parsed
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    app.teardown_appcontext(_let_go)  # after that of Flask-SQLAlchemy, so it runs before it
    with app.app_context():
        if parsed.get_backend_name() == "sqlite":
            _prepare_sqlite(db.engine)


def _let_go(_fault: BaseException | None) -> None:
    """Close the session even if the database is no longer there: the answer has been made."""
    try:
        db.session.remove()
    except UNREACHABLE:
        with suppress(*UNREACHABLE):
            db.session().invalidate()
        db.session.registry.clear()


def data_folder() -> Path:
    """The folder for all files of the application that runs."""
    folder: Path = current_app.config["ILACS"].data
    return folder


def sqlite_library() -> ModuleType:
    """The SQLite driver whose library has no known WAL fault: the standard one, else the ``pysqlite3`` wheel.

    Raises:
        SettingsError: neither is safe; the message says what to do.
    """
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return sqlite3
    try:
        import pysqlite3.dbapi2 as wheel
    except ImportError:
        wheel = None
    if wheel is not None and wheel.sqlite_version_info >= SAFE_SQLITE:
        library: ModuleType = wheel
        return library
    raise SettingsError(
        f"This machine's SQLite {sqlite3.sqlite_version} can damage a file that several connections write. "
        "Use PostgreSQL (ILACS_DATABASE_URL), or a Python whose SQLite is 3.51.3 or newer."
    )


Identity = tuple[int, int]  # device and number of a file


@dataclass
class _Files:
    """The files that an engine has open: a SQLite database, and its write-ahead log while there are connections.

    SQLite deletes the log with its last connection and begins another, so the log is compared only while it is open.
    """

    path: str
    database: Identity | None = None
    log: Identity | None = None
    connections: int = 0

    def stand(self) -> bool:
        """Return whether both are where they were opened; true before the first connection."""
        database, log = _identity(self.path), _identity(f"{self.path}-wal")
        return self.database in {None, database} and (self.connections == 0 or self.log == log)

    def check(self) -> None:
        """Go on only where both are where they were opened.

        Raises:
            OperationalError: one was moved, replaced or deleted under the running program; what is written now, the
                next reader would not find.
        """
        if not self.stand():
            why = "the database file was moved or replaced while the program ran: put it back, or restart the program"
            raise exc.OperationalError("", None, sqlite3.OperationalError(why))


_files: dict[Engine, _Files] = {}


def _identity(path: str) -> Identity | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _check_files() -> None:
    files = _files.get(db.engine)
    if files is not None:
        files.check()


def lower(text: str | None) -> str | None:
    """Text in small letters, for SQLite, whose own function knows a to z alone; what is no text stays."""
    return text.lower() if isinstance(text, str) else text


def _prepare_sqlite(engine: Engine) -> None:
    files = _files[engine] = _Files(str(engine.url.database or ""))
    lock = Lock()

    @event.listens_for(engine, "engine_disposed")
    def on_disposed(_engine: Engine) -> None:
        files.database = None

    @event.listens_for(engine, "do_connect")
    def on_do_connect(dialect: Any, _record: Any, _args: Any, _kwargs: Any) -> None:
        if not Path(files.path).is_file():
            raise dialect.loaded_dbapi.OperationalError("the database file is missing")
        files.check()

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves
        for pragma in (
            f"busy_timeout={PATIENCE * 1000}",
            "journal_mode=WAL",
            f"journal_size_limit={LARGEST_WAL}",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("lower", 1, lower, deterministic=True)  # SQLite's own function only knows a to z
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()  # opens the write-ahead log
        with lock:
            files.check()
            if files.database is None:
                files.database = _identity(files.path)
            if files.connections == 0:
                files.log = _identity(f"{files.path}-wal")
            files.connections += 1

    @event.listens_for(engine, "close")
    def on_close(_connection: Any, _record: Any) -> None:
        with lock:
            files.connections -= 1

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        files.check()
        writing = _writing.get()
        patience = max(0.0, _until.get() - time.monotonic()) if writing else PATIENCE
        connection.connection.dbapi_connection.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _file_stands() -> bool:
    """Return whether the SQLite file is in its place; opening a missing one would create an empty one."""
    return db.engine.dialect.name != "sqlite" or Path(db.engine.url.database or "").is_file()


def answers() -> bool:
    """Return whether the database is there and answers a plain question."""
    try:
        return _file_stands() and bool(db.session.scalar(text("select 1")) == 1)
    except UNREACHABLE:
        return False


class SchemaError(RuntimeError):
    """The database does not fit this program; the message says what to do."""


class SchemaFault(Enum):
    """A reason why the database does not fit this program; the value is the sentence to print."""

    MISSING = "There is no plan database here yet. Create it with: ilacs db upgrade."
    OLDER = "The database is older than this program. Update it with: ilacs db upgrade."
    NEWER = (
        "The database is from a newer version of this program, so nothing was changed. "
        "Install that version, or restore a backup that this one made."
    )


def schema_fault() -> SchemaFault | None:
    """Return why the database does not fit this program, or None if it does."""
    if not _file_stands():
        return SchemaFault.MISSING
    steps = sorted(file.name[:4] for file in Path(current_app.config["MIGRATIONS"], "versions").glob("*.py"))
    with db.engine.connect() as connection:
        is_migrated = inspect(connection).has_table("alembic_version")
        at = connection.scalar(text("select version_num from alembic_version")) if is_migrated else None
    if at == steps[-1]:
        return None
    if at is None:
        return SchemaFault.MISSING
    return SchemaFault.OLDER if at in steps else SchemaFault.NEWER


def upgrade_schema() -> None:
    """Make the database, or bring it up to date; each migration whole or not at all.

    Raises:
        SchemaError: it is from a newer version of the program.
    """
    fault = schema_fault()
    if fault is SchemaFault.NEWER:
        raise SchemaError(fault.value)
    if fault and not _file_stands():
        file = Path(db.engine.url.database or "")
        make_private(file.parent)
        file.touch(mode=0o600)
    if fault:
        import flask_migrate  # brings Alembic, which a server that starts has no use for

        flask_migrate.Migrate(current_app, db, directory=current_app.config["MIGRATIONS"])
        flask_migrate.upgrade()


def check_schema() -> None:
    """Go on only with a database that fits this program.

    Raises:
        SchemaError: it is missing, older or newer; the message says what to do.
    """
    fault = schema_fault()
    if fault:
        raise SchemaError(fault.value)


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The SQL text of a check that ``column`` holds one of ``values``."""
    return f"{column} in ({', '.join(repr(str(v)) for v in values)})"
