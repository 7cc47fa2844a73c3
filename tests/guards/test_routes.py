"""Every address for every role, from a matrix that is written by hand, by making the request."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask import g

from ilacs_app import _refuse_unmarked
from ilacs_app.db import transaction
from tests.auditor import read
from tests.factories import HTMX, fact, set_fact, token, version_of
from tests.guards.matrix import LIKE, MATRIX, ROLES, expected


def test_every_address_is_in_the_matrix(app):
    served = {
        (verb, rule.rule) for rule in app.url_map.iter_rules() for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
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
    if path.endswith("/withdraw"):
        data["reason"] = "Added to the wrong action."
    if path.endswith(("/evidence", "/evidence/new")):
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


AUDITED = ("lead", "chair", "programme_manager", "partner", "nobody", None)
"""Whose answers go through the auditor in the matrix: each page that is drawn in another way for someone."""


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_each_role_gets_what_the_matrix_says(cast, named, verb):
    wrong = []
    for (its, _), cells in MATRIX.items():
        for path, codes in cells if its == verb else ():
            for role in (*ROLES, *LIKE):
                if path == "/actions/{claimed}/status":
                    set_fact(named["claimed"], status="completed")
                open_for = cast.fresh if path == "/sign-out" else cast.client
                client = open_for(role, audited=role in AUDITED)
                try:
                    found = _asked(client, verb, path, role, named)
                except AssertionError as fault:
                    found = str(fault)
                wanted = expected(verb, path, codes, role)
                if found != wanted:
                    wrong.append(f"{verb} {path} by {role or 'signed out'}: {found} and not {wanted}")
    assert not wrong, "\n".join(wrong)


def test_a_stranger_is_sent_to_sign_in_and_htmx_is_told_so(world, named):
    client = world.client(None)
    for (verb, _), cells in MATRIX.items():
        for path, codes in cells if verb == "GET" else ():
            if codes.split()[-1] != "302":
                continue
            address = path.format_map(named)
            plain = client.get(address)
            assert plain.headers["Location"].startswith("/sign-in?next="), address
            asked = client.get(address, headers={**HTMX, "HX-Current-URL": "http://localhost/plans?q=a"})
            assert (asked.status_code, asked.text) == (401, "")
            assert asked.headers["HX-Redirect"] == "/sign-in?next=/plans?q%3Da"


@pytest.mark.parametrize("role", ["lead", "chair", "inspector", "partner", "nobody"])
def test_no_page_links_to_what_its_reader_may_not_open(world, role):
    """Every kind of page that a role can come to by links; of a partner, whose reach is narrow, many of each kind."""
    client = world.client(role)
    addresses = world.app.url_map.bind("localhost")
    most = 12 if role == "partner" else 3
    seen: Counter[str] = Counter()
    asked: set[str] = set()
    wrong = []
    ahead = ["/account"] if role == "nobody" else ["/"]
    while ahead:
        address = ahead.pop()
        kind = addresses.match(address.partition("?")[0])[0] + ("?" if "?" in address else "")
        if address in asked or seen[kind] == most:
            continue
        asked.add(address)
        seen[kind] += 1
        answer = client.get(address, follow_redirects=True)
        if answer.status_code != 200:
            wrong.append(f"{address} answers {answer.status_code}")
            continue
        if answer.mimetype != "text/html":  # a list to download
            continue
        hrefs = (link.attrs["href"].partition("#")[0] for link in read(answer.text).all("a"))
        ahead = [href for href in hrefs if href.startswith("/")] + ahead
    assert not wrong, "\n".join(wrong)
    assert len(seen) > (1 if role == "nobody" else 7)


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
    with app.test_request_context("/"):
        g.writes = False
        with pytest.raises(RuntimeError, match="did not declare"), transaction():
            pass
