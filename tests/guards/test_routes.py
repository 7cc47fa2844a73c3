"""Every address for every role, from a matrix that is written by hand, by making the request."""

from __future__ import annotations

from typing import Any

import pytest

from ilacs_app import _refuse_unmarked
from ilacs_app.db import transaction
from ilacs_app.history import Author
from ilacs_app.progress.commands import EvidenceText, FileKept, attach_evidence
from tests.conftest import CHARACTERS
from tests.factories import HTMX, fact, set_fact, token, version_of

ROLES = (*CHARACTERS, None)  # None: signed out

# Roles in the order of CHARACTERS, then signed out:
#   lead of 5 | lead of 6 | contributor to 5.3 | verifier | board member, chair, secretary of the MASH Board |
#   programme manager | administrator | viewer | inspector | partner on the MASH Board | nobody | signed out
#
# {mash} is action 5.3 (MASH Board), {other} is 6.2 (MSCB), {claimed} is 6.1 (claimed in the file, MSCB).
MATRIX: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("GET", "/"): [("/", "200 200 200 200 200 200 200 200 200 200 200 200 302 302")],
    ("GET", "/healthz"): [("/healthz", "200 200 200 200 200 200 200 200 200 200 200 200 200 200")],
    ("GET", "/favicon.ico"): [("/favicon.ico", "204 204 204 204 204 204 204 204 204 204 204 204 204 204")],
    ("GET", "/accessibility"): [("/accessibility", "200 200 200 200 200 200 200 200 200 200 200 200 200 200")],
    ("GET", "/privacy"): [("/privacy", "200 200 200 200 200 200 200 200 200 200 200 200 200 200")],
    ("GET", "/account"): [("/account", "200 200 200 200 200 200 200 200 200 200 200 200 200 302")],
    ("GET", "/sign-in"): [("/sign-in", "302 302 302 302 302 302 302 302 302 302 302 302 302 200")],
    ("POST", "/sign-in"): [("/sign-in", "422 422 422 422 422 422 422 422 422 422 422 422 422 422")],
    ("POST", "/sign-out"): [("/sign-out", "303 303 303 303 303 303 303 303 303 303 303 303 303 401")],
    ("GET", "/plans"): [("/plans", "302 302 302 302 302 302 302 302 302 302 302 302 404 302")],
    ("GET", "/plans/<plan_slug>"): [
        ("/plans/twin", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/no-such-plan", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/plans/<plan_slug>/recommendations/<number>"): [
        ("/plans/twin/recommendations/5", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/twin/recommendations/6", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/plans/twin/recommendations/99", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/actions/<int:action_id>"): [
        ("/actions/{mash}", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/actions/{other}", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/actions/999999", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/actions/<int:action_id>/row"): [
        ("/actions/{mash}/row", "302 302 302 302 302 302 302 302 302 302 302 302 404 302"),
        ("/actions/{mash}/row?open=1", "302 403 302 403 403 302 302 302 403 403 403 403 404 302"),
        ("/actions/{other}/row", "302 302 302 302 302 302 302 302 302 302 302 404 404 302"),
        ("/actions/{other}/row?open=1", "403 302 403 403 403 403 403 302 403 403 403 404 404 302"),
        ("/actions/{claimed}/row?open=1", "403 403 403 302 403 403 403 403 403 403 403 404 404 302"),
    ],
    ("POST", "/actions/<int:action_id>/notes"): [
        ("/actions/{mash}/notes", "303 403 303 403 403 403 403 303 403 403 403 403 404 401"),
        ("/actions/{other}/notes", "403 303 403 403 403 403 403 303 403 403 403 404 404 401"),
        ("/actions/999999/notes", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("POST", "/actions/<int:action_id>/evidence"): [
        ("/actions/{mash}/evidence", "303 403 303 403 403 403 403 303 403 403 403 403 404 401"),
        ("/actions/{other}/evidence", "403 303 403 403 403 403 403 303 403 403 403 404 404 401"),
        ("/actions/999999/evidence", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("POST", "/actions/<int:action_id>/answer"): [
        ("/actions/{mash}/answer", "303 403 303 403 403 422 422 303 403 403 403 403 404 401"),
        ("/actions/{other}/answer", "403 303 403 403 403 403 403 303 403 403 403 404 404 401"),
        ("/actions/999999/answer", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    # An ordinary move; the chair and the secretary of the lead board may pause and withdraw, and not this.
    ("POST", "/actions/<int:action_id>/status"): [
        ("/actions/{mash}/status", "303 403 303 403 403 422 422 303 403 403 403 403 404 401"),
        ("/actions/{other}/status", "403 303 403 403 403 403 403 303 403 403 403 404 404 401"),
        ("/actions/{claimed}/status", "403 403 403 303 403 403 403 403 403 403 403 404 404 401"),
        ("/actions/999999/status", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("GET", "/evidence/<int:evidence_id>"): [
        ("/evidence/{open_mash}", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/evidence/{open_other}", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/evidence/{restricted_mash}", "200 404 200 200 200 200 200 200 404 404 404 200 404 302"),
        ("/evidence/{restricted_other}", "404 200 404 200 404 404 404 200 404 404 404 404 404 302"),
        ("/evidence/{link}", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
        ("/evidence/999999", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/governance"): [("/governance", "200 200 200 200 200 200 200 200 200 200 200 200 404 302")],
    ("GET", "/boards/<board_slug>"): [
        ("/boards/mash-board", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/lac-strategy-group", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/boards/no-such-board", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
}


@pytest.fixture
def named(world) -> dict[str, int]:
    """What the addresses of the matrix name."""
    actions = {"mash": world.actions["5.3"], "other": world.actions["6.2"], "claimed": world.actions["6.1"]}
    store = world.app.extensions["evidence"]
    pieces = {}
    with transaction():
        for name in ("mash", "other"):
            for sensitivity in ("open", "restricted"):
                kept = FileKept(store.put(_stream()), "sample.csv", "text/csv")
                # by the administrator, who is none of those that may see a restricted piece otherwise
                text = EvidenceText("A sample", "audit", sensitivity)
                pieces[f"{sensitivity}_{name}"] = attach_evidence(
                    Author(world.people["inspector"], "x"), actions[name], text, kept
                )
        link = EvidenceText("A link", "audit", "open", "https://intranet.example/")
        pieces["link"] = attach_evidence(world.author("lead"), actions["mash"], link)
    _by_nobody_here(world)
    return {**actions, **pieces}


def _stream() -> Any:
    import io

    return io.BytesIO(b"a,b\r\n1,2\r\n")


def _by_nobody_here(world) -> None:
    """Whoever added a piece sees it: so they are nobody of the matrix."""
    from sqlalchemy import update

    from ilacs_app.db import db
    from ilacs_app.people.commands import add_person
    from ilacs_app.progress.model import Evidence

    with transaction():
        gone = add_person(Author(None, "tests"), "gone@tests.example", "Somebody Gone", "a password of tests")
        db.session.execute(update(Evidence).values(person_id=gone))


def test_every_address_stands_in_the_matrix(app):
    served = {
        (verb, rule.rule)
        for rule in app.url_map.iter_rules()
        for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == set(MATRIX)
    assert all(len(codes.split()) == len(ROLES) for cells in MATRIX.values() for _, codes in cells)


def _asked(client, verb: str, path: str, role: str | None, named: dict[str, int]) -> int:
    address = path.format_map(named)
    if verb == "GET":
        return client.get(address).status_code
    data: dict[str, Any] = {"email": "x@tests.example", "password": "wrong", "did": "Done.", "view": "work"}
    if role is not None:
        data["csrf_token"] = token(client)
    elif path == "/sign-in":
        data["csrf_token"] = _sign_in_token(client)
    if path.endswith("/evidence"):
        data |= {"url": "https://intranet.example/", "shows": "x", "kind": "audit", "sensitivity": "open"}
        del data["did"]
    if path.endswith("/status"):
        del data["did"]
        if "999999" not in path:
            data |= _next_move(int(address.split("/")[2]), claimed="claimed" in path)
    return client.post(address, data=data).status_code


def _sign_in_token(client) -> str:
    text = client.get("/sign-in").text
    return text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def _next_move(action_id: int, *, claimed: bool) -> dict[str, Any]:
    if claimed:
        return {"status": "verified", "reason": "Twenty records held.", "version": version_of(action_id)}
    to = "partly_complete" if fact(action_id, "status") == "in_progress" else "in_progress"
    return {"status": to, "version": version_of(action_id)}


@pytest.mark.parametrize("route", MATRIX, ids=lambda route: f"{route[0]} {route[1]}")
def test_each_role_gets_what_the_matrix_says(world, named, route):
    verb, _ = route
    wrong = []
    for path, codes in MATRIX[route]:
        for role, expected in zip(ROLES, codes.split(), strict=True):
            client = world.client(role)
            if path.endswith("/status") and "claimed" in path:
                set_fact(named["claimed"], status="completed")
            if path == "/sign-out" and role:
                client = world.fresh_client(role)
            found = _asked(client, verb, path, role, named)
            if found != int(expected):
                wrong.append(f"{verb} {path} by {role or 'signed out'}: {found} and not {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", [r for r in MATRIX if r[0] == "GET"], ids=lambda route: route[1])
def test_a_stranger_is_sent_to_sign_in_and_htmx_is_told_so(world, named, route):
    for path, codes in MATRIX[route]:
        address = path.format_map(named)
        if codes.split()[-1] != "302":
            continue
        plain = world.client(None).get(address)
        assert plain.headers["Location"].startswith("/sign-in?next="), address
        asked = world.client(None).get(address, headers={**HTMX, "HX-Current-URL": "http://localhost/plans?q=a"})
        assert (asked.status_code, asked.text) == (401, "")
        assert asked.headers["HX-Redirect"] == "/sign-in?next=/plans?q%3Da"


def test_no_page_links_to_what_its_reader_may_not_open(world):
    """Every link on every page that a role can come to answers 200, or leads on to a page that does."""
    from tests.auditor import read

    wrong = []
    for role in CHARACTERS:
        client = world.client(role)
        seen: set[str] = set()
        ahead = ["/account"] if role == "nobody" else ["/"]
        while ahead:
            address = ahead.pop()
            if address in seen or len(seen) > 60:
                continue
            seen.add(address)
            answer = client.get(address, follow_redirects=True)
            if answer.status_code != 200:
                wrong.append(f"{role}: {address} answers {answer.status_code}")
                continue
            for link in read(answer.text).all("a"):
                href = link.attrs["href"].partition("#")[0]
                if href.startswith("/") and href not in seen:
                    ahead.insert(0, href)
    assert not wrong, "\n".join(wrong)


def test_an_unmarked_view_stops_the_start(app):
    _refuse_unmarked(app)
    app.view_functions["plan.secret"] = lambda: "all of it"
    with pytest.raises(RuntimeError, match=r"plan\.secret"):
        _refuse_unmarked(app)


def test_every_view_that_takes_a_form_says_that_it_writes(app):
    for rule in app.url_map.iter_rules():
        mark = app.view_functions[rule.endpoint].mark
        assert mark.writes == bool((rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}), rule.rule


def test_a_view_that_did_not_say_that_it_writes_cannot(app):
    from flask import g

    with app.test_request_context("/"):
        g.writes = False
        with pytest.raises(RuntimeError, match="did not declare"), transaction():
            pass
