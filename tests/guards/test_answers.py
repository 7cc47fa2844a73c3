"""What every answer carries, also when things go wrong; and what the templates and scripts may hold."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from sqlalchemy import event, text

from ilacs_app import bundled, create_app
from ilacs_app.access import requires
from ilacs_app.db import db
from ilacs_app.web import HEADERS
from tests.auditor import AuditedClient, read
from tests.conftest import settings_for
from tests.factories import HTMX, NOTE, all_rows, send

TEMPLATES = Path(str(bundled("templates")))
STATIC = Path(str(bundled("static")))
PROGRAM = Path(__file__).parents[2] / "ilacs_app"
SOURCES = {path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.*")}


def _headers(answer) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, name
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_every_answer_carries_the_headers(world, headers):
    client = world.client("lead")
    mine = world.actions["5.2"]
    other = world.actions["6.2"]
    for status, answer in (
        (200, client.get("/", headers=headers)),
        (200, client.get("/healthz", headers=headers)),
        (204, client.get("/favicon.ico", headers=headers)),
        (404, client.get("/nothing", headers=headers)),
        (404, client.get("/actions/999999", headers=headers)),
        (405, client.post("/plans", headers=headers)),
        (405, client.get(f"/actions/{mine}/notes", headers=headers)),
        (403, send(client, other, "notes", htmx=bool(headers), **NOTE)),
        (400, client.post(f"/actions/{mine}/notes", data=NOTE, headers=headers)),
        (422, send(client, mine, "notes", htmx=bool(headers))),
        (401 if headers else 302, world.client(None).get("/", headers=headers)),
    ):
        assert answer.status_code == status, answer.text
        _headers(answer)


def test_the_wrong_verb_is_told_which_are_right(world):
    answer = world.client("lead").post("/plans")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_fault_of_ours_is_a_calm_page_with_the_headers_and_without_its_text(migrated, tmp_path, headers):
    app = create_app(settings_for(tmp_path, f"sqlite:///{migrated}"))
    app.test_client_class = AuditedClient

    @requires("anyone")
    def fault() -> str:
        raise ZeroDivisionError("a secret of the inside")

    app.add_url_rule("/fault", view_func=fault)
    answer = app.test_client().get("/fault", headers=headers)
    assert answer.status_code == 500
    _headers(answer)
    assert "Try again" in answer.text and "Nothing was saved" not in answer.text, "nothing was to be saved"
    assert "secret" not in answer.text and "ZeroDivision" not in answer.text and "Traceback" not in answer.text


def test_another_host_name_is_refused(world):
    answer = world.client(None).get("/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_a_locked_database_is_answered_503_with_the_text_kept(world):
    """Section 9: not saved, said so, and the text is still in the form."""

    @event.listens_for(db.engine, "checkout")
    def impatient(connection, _record, _proxy) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    client = world.client("lead")
    action = world.actions["5.2"]
    client.get("/account")
    before = all_rows()
    with db.engine.connect() as holder:
        holder.exec_driver_sql("ROLLBACK")
        holder.exec_driver_sql("BEGIN IMMEDIATE")
        plain = send(client, action, did="What I wrote.", version=1)
        asked = send(client, action, did="What I wrote.", version=1, htmx=True)
        read_on = client.get("/account")
        holder.exec_driver_sql("ROLLBACK")
        holder.exec_driver_sql("BEGIN")
    event.remove(db.engine, "checkout", impatient)
    assert (plain.status_code, asked.status_code) == (503, 503)
    assert "Not saved" in plain.text
    assert read_on.status_code == 200, "readers are not held up"
    assert all_rows() == before
    assert "What I wrote." in plain.text, "a plain browser has no other copy of the text"


def _without_the_file(world) -> Path:
    path = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)
    return path


def test_health_is_503_when_the_database_cannot_be_opened(world):
    client = world.client(None)
    assert client.get("/healthz").text == "ok\n"
    _without_the_file(world).mkdir()
    assert client.get("/healthz").status_code == 503


def test_health_is_503_when_the_database_is_gone_and_no_empty_one_is_made_in_its_place(world):
    path = _without_the_file(world)
    assert world.client(None).get("/healthz").status_code == 503
    assert not path.exists()


# Static files


def test_vendor_files_are_what_their_list_says():
    listed = re.findall(
        r"^\| `([^`]+)` \| .*? \| `([0-9a-f]{64})` \|", (STATIC / "vendor/VENDOR.md").read_text(), re.MULTILINE
    )
    assert len(listed) == 2
    for name, sha256 in listed:
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == sha256, name
    served = {path.name for path in (STATIC / "vendor").iterdir() if path.suffix in {".js", ".css", ".woff2"}}
    assert served == {name for name, _ in listed}
    for name in re.findall(r"`(LICENSE\.[^`]+)`", (STATIC / "vendor/VENDOR.md").read_text()):
        assert (STATIC / "vendor" / name).stat().st_size > 200


def test_each_page_names_static_files_that_are_there_and_will_never_change(world):
    page = read(world.client("lead").get("/").text)
    named = [n.attrs["href"] for n in page.all("link")] + [n.attrs["src"] for n in page.all("script")]
    assert len(named) == 4
    for address in named:
        assert re.fullmatch(r"/static/.+\?v=[0-9a-f]{10}", address)
        answer = world.app.test_client().get(address, buffered=True)
        assert answer.status_code == 200
        assert answer.data == (STATIC / address.partition("?")[0].removeprefix("/static/")).read_bytes()
        answer.close()


def test_our_script_is_short_and_keeps_nothing_in_the_browser():
    script = (STATIC / "app.js").read_text(encoding="utf-8")
    assert len(script.splitlines()) < 250
    for word in (
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
        "eval(",
        "innerHTML",
        "new Function",
    ):
        assert word not in script, word


def test_the_style_sheet_asks_no_one_else():
    for name in ("app.css", "vendor/govuk-frontend.css"):
        assert not re.search(r"url\(|@import|@font-face", (STATIC / name).read_text(encoding="utf-8")), name


# Templates


def test_every_template_is_used():
    said = "\n".join(path.read_text(encoding="utf-8") for path in PROGRAM.rglob("*.py")) + "\n".join(SOURCES.values())
    assert [name for name in SOURCES if f'"{name}"' not in said and f"'{name}'" not in said] == []


def test_fragments_begin_with_an_underscore_and_pages_do_not():
    for name, source in SOURCES.items():
        if name.startswith(("macros/", "digests/")) or name == "base.html":
            continue
        if "{% macro " in source and "{% extends" not in source:
            continue  # imported, neither included nor answered by itself
        assert name.rpartition("/")[2].startswith("_") != ('{% extends "base.html" %}' in source), name


@pytest.mark.parametrize("name", [name for name in SOURCES if not name.startswith("digests/")])
def test_a_template_carries_no_style_no_script_and_trusts_no_one(name):
    source = re.sub(r"\{#.*?#\}", "", SOURCES[name], flags=re.DOTALL)
    for pattern in (r"\|\s*safe\b", r"\bautoescape\b", r"\sstyle=", r"\son[a-z]+=", r"hx-on", r"\bjs:", r"hx-boost"):
        assert not re.search(pattern, source), pattern
    for script in re.findall(r"<script[^>]*>", source):
        assert "src=" in script


def test_letters_trust_no_one_either():
    for name, source in SOURCES.items():
        if name.startswith("digests/"):
            assert not re.search(r"\|\s*safe\b|<script|\son[a-z]+=", source), name


def test_no_python_writes_markup_past_the_escaping():
    wrong = [
        f"{path.name}: {found[0]}"
        for path in PROGRAM.rglob("*.py")
        if (found := re.search(r"\bMarkup\(|render_template_string|\.unsafe\b", path.read_text(encoding="utf-8")))
    ]
    assert not wrong


def test_health_asks_the_database(app):
    with db.engine.connect() as connection:
        assert connection.execute(text("select 1")).scalar() == 1
    answer = app.test_client().get("/healthz")
    assert (answer.text, answer.mimetype) == ("ok\n", "text/plain")


def test_what_builds_the_static_files_is_not_served(world):
    client = world.client(None)
    for path in STATIC.rglob("*"):
        if path.is_file():
            name = path.relative_to(STATIC).as_posix()
            wanted = 200 if name.endswith((".css", ".js")) else 404
            with client.get(f"/static/{name}") as answer:
                assert answer.status_code == wanted, name
    assert client.get("/static/compress.py").status_code == 404
    assert client.get("/static/vendor/build.sh").status_code == 404
