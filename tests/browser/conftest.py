"""A real Chromium against the real server: one browser for the run, one server and one window or two for a module.

A new window costs half a second of CPU and starts with cold scripts, so a test gets a window that another has left: an
empty page, without cookies, routes or anything stored.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from ilacs_app import clock, create_app
from ilacs_app.db import db, transaction
from ilacs_app.people.boards.commands import board_named
from tests.conftest import BY, COOKIE, PASSWORD, TODAY, email_of, make_world, settings_for
from tests.factories import OWN_WORDS, plan_file

HERE = Path(__file__).parent
LONGEST = "test_every_page.py"
WIDTHS = (1366, 390)
HEIGHT = 900
START_SECONDS = 60
expect.set_options(timeout=15_000)  # a machine that is busy with other tests answers late
NO_CHROMIUM = "no Chromium found: apt-get install chromium-headless-shell, or set CHROMIUM to its path"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
EMPTY = "/healthz"  # of the same site, so that its process stays; a blank page would end it
PATIENCE = 20_000  # milliseconds
STORES_NOTHING = "() => location.protocol !== 'http:' || localStorage.length + sessionStorage.length === 0"
HEAR_REFUSALS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("refused by the policy: " + event.violatedDirective + " " + event.blockedURI));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of browsers, and begin with the longest file, which one process runs from beginning to end."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")
    items.sort(key=lambda item: item.path != HERE / LONGEST)


def chromium() -> str | None:
    """The path of a Chromium, if one is installed: by choice the one without a window, which draws for less."""
    if given := os.environ.get("CHROMIUM"):
        return given if Path(given).is_file() else None
    names = ("chromium-headless-shell", "/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome", "chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


@dataclass(frozen=True)
class Seed:
    """A data folder with the twin plan and the characters, to copy from; what each was given at their sign-in."""

    folder: Path
    actions: dict[str, int]
    cookies: dict[str, str]


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Seed:
    folder = tmp_path_factory.mktemp("seed")
    shutil.copy(migrated, folder / "ilacs.db")
    app = create_app(settings_for(folder, f"sqlite:///{folder / 'ilacs.db'}"))
    with app.app_context():
        made = make_world(app)
        with transaction():
            board_named(BY, "Quiet Board")
            plan_file(app)
            plan_file(app, into=made.plan_id)
            plan_file(app, text=OWN_WORDS)
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
        db.engine.dispose()
    clock.move_today(None)
    return Seed(folder, made.actions, {role: held.cookie for role, held in made.signed_in.items()})


@dataclass
class Site:
    """A running server on data of its own."""

    url: str
    folder: Path
    actions: dict[str, int]
    browser: Browser
    _cookies: dict[str, Any] = field(default_factory=dict)

    def cookies(self, role: str) -> Any:
        """The cookies of a browser in which the character has signed in, once for the whole module."""
        if role not in self._cookies:
            self._cookies[role] = self.fresh_cookies(role)
        return self._cookies[role]

    def fresh_cookies(self, role: str) -> Any:
        """The cookies of a sign-in that no one else uses. It takes no window: signing in has tests of its own."""
        context = self.browser.new_context(base_url=self.url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', context.request.get("/sign-in").text())
        assert token
        form = {"csrf_token": token[1], "email": email_of(role), "password": PASSWORD}
        assert context.request.post("/sign-in", form=form, max_redirects=0).status == 303
        cookies = context.cookies()
        context.close()
        return cookies

    @contextmanager
    def record(self) -> Iterator[sqlite3.Connection]:
        """The database of the server, for what no page can bring about: a sign-in that ends, a lock."""
        connection = sqlite3.connect(self.folder / "ilacs.db", isolation_level=None, timeout=10)
        try:
            yield connection
        finally:
            connection.close()

    def moved_by_another(self, ref: str) -> None:
        """Check the record after someone else has moved the action to partly complete."""
        with self.record() as record:
            record.execute(
                "update action set status = 'partly_complete', version = version + 1 where id = ?",
                (self.actions[ref],),
            )

    def notes(self, ref: str) -> list[str]:
        """Return what we did, as the notes of an action say it, oldest first."""
        with self.record() as record:
            found = record.execute(
                "select did from progress_note where action_id = ? order by id", (self.actions[ref],)
            )
            return [row[0] for row in found]

    def row(self, ref: str) -> str:
        return f"#action-{self.actions[ref]}"

    def field(self, ref: str, name: str) -> str:
        """The selector of a field in the open form of an action."""
        return f"#a{self.actions[ref]}-{name}"


def sign_in(page: Page, role: str) -> None:
    page.goto("/sign-in")
    page.fill("#email", email_of(role))
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)


@pytest.fixture(scope="module")
def site(browser: Browser, seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(browser, seed, tmp_path_factory.mktemp("site") / "data") as running:
        yield running


@contextmanager
def served(browser: Browser, seed: Seed, folder: Path) -> Iterator[Site]:
    """A server on a copy of the seed in ``folder``."""
    shutil.copytree(seed.folder, folder)
    with closing(sqlite3.connect(folder / "ilacs.db", isolation_level=None)) as record:
        record.execute("update session set opened_at = datetime('now'), seen_at = datetime('now')")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ILACS_")}
    told = {
        "ILACS_DATA": str(folder),
        "ILACS_BASE_URL": url,
        "ILACS_SECRET_KEY": "s" * 40,
        "ILACS_TODAY": TODAY.isoformat(),
    }
    log = folder.parent / "serve.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [Path(sys.executable).with_name("ilacs"), "serve", "--workers", "1", "--port", str(port)],
            env=plain | told,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if not _ready(server, url, log):
            _stop(server)
            pytest.fail(f"the server did not start: {log.read_text()}")
        try:
            signed_in = {role: [{"name": COOKIE, "value": it, "url": url}] for role, it in seed.cookies.items()}
            yield Site(url, folder, seed.actions, browser, signed_in)
        finally:
            _stop(server)


def _ready(server: subprocess.Popen[bytes], url: str, log: Path) -> bool:
    until = time.monotonic() + START_SECONDS
    while f"Ready: {url}" not in log.read_text():
        if server.poll() is not None or time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(3)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@dataclass
class Watch:
    """What a browser complained of: words in its console, policy refusals, faults in scripts, answers of 400 and above.

    A test that brings about a refusal says which statuses it expects.
    """

    complaints: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    offline: bool = False

    def listen(self, context: BrowserContext) -> Callable[[], None]:
        """Hear a context that reports refusals already; answers what ends it."""
        heard: dict[Any, Callable[[Any], None]] = {
            "console": self._said,
            "weberror": self._failed,
            "response": self._answered,
        }
        for what, hear in heard.items():
            context.on(what, hear)

        def end() -> None:
            for what, hear in heard.items():
                context.remove_listener(what, hear)

        return end

    def _failed(self, fault: Any) -> None:
        self.complaints.append(f"fault: {fault.error}")

    def _said(self, message: Any) -> None:
        # An answer of 400 and above is counted where it is answered.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _answered(self, answer: Any) -> None:
        if answer.status >= 400 and answer.status not in self.expected:
            self.complaints.append(f"{answer.status} from {answer.url}")

    def check(self) -> None:
        said = [words for words in self.complaints if not (self.offline and "Failed to fetch" in words)]
        assert not said, said


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fail on anything that the browser complains of."""
    watching = Watch()
    yield watching
    watching.check()


@dataclass
class Windows:
    """Windows of one site that tests use in turn, with scripts or without."""

    site: Site
    _idle: dict[bool, list[Page]] = field(default_factory=lambda: {True: [], False: []})

    def take(self, role: str | None, *, width: int, scripts: bool, own: bool) -> Page:
        """Return an empty window in which the character has signed in (``None``: no one)."""
        page = self._idle[scripts].pop() if self._idle[scripts] else self._opened(scripts)
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if role:
            page.context.add_cookies(self.site.fresh_cookies(role) if own else self.site.cookies(role))
        return page

    def give_back(self, page: Page, *, scripts: bool) -> None:
        """Empty a window for the next test; one that holds anything or does not answer is closed."""
        context = page.context
        try:
            for other in context.pages:
                if other is not page:
                    other.close()
            page.unroute_all(behavior="ignoreErrors")
            context.set_offline(False)
            is_clean = page.evaluate(STORES_NOTHING)
            page.goto(EMPTY)
            page.emulate_media(media="null")
            page.set_default_timeout(PATIENCE)
            context.clear_cookies()
        except Error:
            is_clean = False
        if is_clean:
            self._idle[scripts].append(page)
        else:
            context.close()

    def _opened(self, scripts: bool) -> Page:
        context = self.site.browser.new_context(base_url=self.site.url, java_script_enabled=scripts)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(HEAR_REFUSALS)
        page = context.new_page()
        # The first listener is what makes Chromium report file choosers; set this late, a quick key press overtakes it.
        page.on("filechooser", lambda _: None)
        return page

    def close(self) -> None:
        for page in (*self._idle[True], *self._idle[False]):
            page.context.close()


@pytest.fixture(scope="module")
def windows(site: Site) -> Iterator[Windows]:
    shared = Windows(site)
    yield shared
    shared.close()


@pytest.fixture
def enter(windows: Windows, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a page as one of the characters (``None``: no one), in a window that holds nothing else."""
    taken: list[tuple[Page, bool, Callable[[], None]]] = []

    def opened(
        role: str | None, path: str = "/", *, width: int = 1366, scripts: bool = True, own: bool = False
    ) -> Page:
        page = windows.take(role, width=width, scripts=scripts, own=own)
        taken.append((page, scripts, watch.listen(page.context)))
        page.goto(path)
        return page

    yield opened
    for page, scripts, end in taken:
        end()
        windows.give_back(page, scripts=scripts)
