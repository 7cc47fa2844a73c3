"""The engine and the one way to write.

Every read runs under a plain ``BEGIN``; only ``with transaction():`` takes the write lock (``BEGIN IMMEDIATE`` on
SQLite), and a view may open it only if its mark declared that it writes. Measured without this: one edit in two lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, event, insert, inspect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from .settings import SettingsError

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

Document = JSON().with_variant(JSONB(), "postgresql")
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
_turn = Lock()
PATIENCE = 5  # seconds for which a writer waits for the one before it


@contextmanager
def transaction() -> Iterator[None]:
    """All or nothing, committed before the answer is rendered.

    Ends the read that went before, so that what is decided inside is read inside. Only routes and command-line
    groups open it.

    Raises:
        RuntimeError: inside another transaction, or in a view that did not declare that it writes.
    """
    if _writing.get():
        raise RuntimeError("a transaction is open already")
    if has_request_context() and not g.get("writes", False):
        raise RuntimeError("this view did not declare that it writes")
    db.session.rollback()
    token = _writing.set(True)
    try:
        with _in_turn():
            try:
                yield
                db.session.commit()
            except BaseException:
                db.session.rollback()
                raise
    finally:
        _writing.reset(token)


@contextmanager
def _in_turn() -> Iterator[None]:
    """Let the writers of this process follow each other on SQLite.

    It has one write lock, for which writers knock at growing intervals: of many, some would never be let in. So one
    of each process knocks, and the others wait here; who waited too long knocks as well.
    """
    waited = db.engine.dialect.name == "sqlite" and _turn.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if waited:
            _turn.release()


def write_rows(table: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write new rows of one table together, in order, many in a statement; nothing is read back."""
    written = list(rows)
    if written:
        db.session.flush()
        # an empty value is written as one: rows that leave it out would go by themselves
        db.session.execute(insert(table), written, execution_options={"render_nulls": True})


def init_db(app: Flask, url: str) -> None:
    """Bind the application to the database at ``url``.

    Raises:
        SettingsError: no safe SQLite library is at hand, or the PostgreSQL driver is not installed.
    """
    # what people write about children stands in no log: an error names the statement and not what it was given
    options: dict[str, Any] = {"hide_parameters": True, "pool_size": 32}
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
        # psycopg parts each statement anew unless it is short: with 1,000 rows in each, half the time went there
        options["insertmanyvalues_page_size"] = 100
        options["connect_args"] = {"connect_timeout": 5, "options": f"-c lock_timeout={PATIENCE * 1000}"}
    app.config["SQLALCHEMY_DATABASE_URI"] = parsed
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        if parsed.get_backend_name() == "sqlite":
            _prepare_sqlite(db.engine)


def sqlite_library() -> ModuleType:
    """The SQLite driver whose library has no known WAL fault: the standard one, else the ``pysqlite3`` wheel.

    Raises:
        SettingsError: neither is safe; the message names the way out.
    """
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return sqlite3
    try:
        import pysqlite3.dbapi2 as wheel
    except ImportError:
        wheel = None
    if wheel is not None and wheel.sqlite_version_info >= SAFE_SQLITE:
        found: ModuleType = wheel
        return found
    raise SettingsError(
        f"This machine's SQLite {sqlite3.sqlite_version} can damage a file that several connections write. "
        "Use PostgreSQL (ILACS_DATABASE_URL), or a Python whose SQLite is 3.51.3 or newer."
    )


def _prepare_sqlite(engine: Engine) -> None:
    file = Path(engine.url.database or "")

    @event.listens_for(engine, "do_connect")
    def on_do_connect(dialect: Any, _record: Any, _args: Any, _kwargs: Any) -> None:
        if not file.is_file():
            raise dialect.loaded_dbapi.OperationalError("the database file is missing")

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves
        for pragma in (f"busy_timeout={PATIENCE * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def _file_stands() -> bool:
    """Whether the SQLite file is where it should be; opening a missing one would make an empty one in its place."""
    return db.engine.dialect.name != "sqlite" or Path(db.engine.url.database or "").is_file()


def answers() -> bool:
    """Whether the database is there and answers a plain question."""
    return _file_stands() and bool(db.session.scalar(text("select 1")) == 1)


class SchemaError(RuntimeError):
    """The database does not fit this program; the message says what to do."""


NO_DATABASE = "There is no plan database here yet. Make it with: ilacs db upgrade."


def schema_fault() -> str | None:
    """Why the database does not fit this program, or nothing if it does."""
    if not _file_stands():
        return NO_DATABASE
    steps = sorted(file.name[:4] for file in Path(current_app.config["MIGRATIONS"], "versions").glob("*.py"))
    with db.engine.connect() as connection:
        kept = inspect(connection).has_table("alembic_version")
        at = connection.scalar(text("select version_num from alembic_version")) if kept else None
    if at == steps[-1]:
        return None
    if at is None:
        return NO_DATABASE
    if at in steps:
        return "The database is older than this program. Bring it up to date with: ilacs db upgrade."
    return (
        "The database is from a newer version of this program, so nothing was changed. "
        "Install that version, or restore a backup that this one made."
    )


def upgrade_schema() -> None:
    """Make the database, or bring it up to date; each migration whole or not at all.

    Raises:
        SchemaError: it is from a newer version of the program.
    """
    fault = schema_fault()
    if fault and "newer" in fault:
        raise SchemaError(fault)
    if fault and not _file_stands():
        file = Path(db.engine.url.database or "")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    if fault:
        import flask_migrate  # brings Alembic, which a server that starts has no use for

        flask_migrate.Migrate(current_app, db, directory=current_app.config["MIGRATIONS"])
        flask_migrate.upgrade()


def check_schema() -> None:
    """Go on only with a database that fits this program.

    Raises:
        SchemaError: it is missing, older or newer; the message names the way out.
    """
    fault = schema_fault()
    if fault:
        raise SchemaError(fault)
