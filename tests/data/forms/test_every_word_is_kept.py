"""Every writing form, filled at random, saved without the answer being heard, changed and sent again.

Every word that someone typed is in the record or on the screen afterwards. Drafts and the keys of forms do not count
as the record here: both are forgotten one day.
"""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from bench import client as c
from ilacs_app.db import db, transaction
from ilacs_app.editing.inspections.commands import enter_inspection
from ilacs_app.forms import drafts as drafting
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.history import Author
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.teams.commands import make_team
from ilacs_app.plan.model import Action
from ilacs_app.plan.parsing.days import read_day
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from ilacs_app.progress.stages.commands import tick_stage
from tests.auditor import Node, read
from tests.conftest import PASSWORD, email_of
from tests.data.files.test_uploads_at_once import told
from tests.factories import PDF, plan_file, set_plan

SEED = 20180407
FORGOTTEN = {"session", "submission", "draft"}
TYPED = {None, "text", "url", "search", "email", "number"}
DAYS = ("30 June 2018", "1 March 2018", "31 December 2018", "7 April 2018")
SCARCE = {  # what a form takes only in a certain shape; half of the time it gets that
    "url": "https://intranet.example/{}",
    "on_day": DAYS,
    "day": DAYS,
    "review_on": DAYS,
    "tested_on": DAYS,
    "words": DAYS,
    "timescale": DAYS,
    "shorter": DAYS,
    "due": DAYS,
    "dated_on": DAYS,
    "received_on": DAYS,
    "from_on": DAYS,
    "until_on": DAYS,
    "successor": ("5.3", "6.2"),
    "ref": ("5.{}",),
    "place": ("1", "2"),
    "window": ("30",),
    "time": ("10:00",),
}


@dataclass
class Form:
    """One form of a page as a browser holds it; ``texts`` are the fields that someone types into."""

    address: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    ticks: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    takes_file: bool = False


def forms_of(text: str) -> list[Form]:
    """The forms of a page into which someone can type."""
    found = []
    for node in read(text).one("main").all("form"):
        form = Form(node.attrs.get("action", ""))
        if node.attrs.get("method") == "post" and form.address:
            _fill_in(form, node)
            if form.texts:
                found.append(form)
    return found


def _fill_in(form: Form, node: Node) -> None:
    for one in node.all():
        name, kind, value = one.attrs.get("name"), one.attrs.get("type"), one.attrs.get("value", "")
        if not name or any(above.tag == "template" for above in one.above()):
            continue
        if one.tag == "textarea":
            form.texts[name] = one.whole_text
        elif one.tag == "select":
            form.choices[name] = [option.attrs.get("value", "") for option in one.all("option")]
        elif one.tag == "button" and "formaction" not in one.attrs:
            form.buttons.append((name, value))
        elif one.tag == "input" and kind == "file":
            form.takes_file = True
        elif one.tag == "input" and kind == "radio":
            form.choices.setdefault(name, [""]).append(value)
        elif one.tag == "input" and kind == "checkbox":
            form.ticks.append((name, value))
        elif one.tag == "input" and kind in TYPED:
            form.texts[name] = value
        elif one.tag == "input":
            form.fields.append((name, value))


@dataclass
class Sent:
    """A form as it was filled, and each token that was typed into it."""

    fields: list[tuple[str, str]]
    file: tuple[str, bytes] | None
    tokens: set[str]


def filled(form: Form, draw: Random) -> Sent:
    """The form with a token in some of its fields, and what is chosen and ticked at random."""
    fields, tokens = list(form.fields), set()
    for name, options in form.choices.items():
        fields.append((name, draw.choice(options)))
    fields += [tick for tick in form.ticks if draw.random() < 0.5]
    for name, value in form.texts.items():
        shape, token = SCARCE.get(name), f"w{draw.getrandbits(40):010x}"
        if draw.random() < 0.3:
            text, token = value, ""
        elif shape and draw.random() < 0.7:
            shaped = shape if isinstance(shape, str) else draw.choice(shape)
            text = shaped.format(token)
            token = token if "{}" in shaped else text
        else:
            text = f"Typed <{token}> & 'more'"
        fields.append((name, text))
        tokens |= {token} - {""}
    if form.buttons:
        fields.append(draw.choice(form.buttons))
    file = None
    if form.takes_file and draw.random() < 0.4:
        name = f"f{draw.getrandbits(40):010x}.pdf"
        file = (name, PDF + draw.randbytes(8))
    return Sent(fields, file, tokens)


def changed(sent: Sent, form: Form, draw: Random) -> Sent:
    """The same form with other words in one or more of its fields, and now and then with another file."""
    names = [name for name, value in sent.fields if name in form.texts and value]
    others = set(draw.sample(names, draw.randint(1, len(names)))) if names else {next(iter(form.texts))}
    fields, tokens = [], set()
    for name, value in sent.fields:
        token = f"w{draw.getrandbits(40):010x}"
        if name in others:
            value = f"{value} {token}".strip() if draw.random() < 0.5 else f"Other <{token}>"
            tokens.add(token)
        fields.append((name, value))
    file = sent.file
    if form.takes_file and draw.random() < 0.3:
        file = (f"f{draw.getrandbits(40):010x}.pdf", PDF + draw.randbytes(8))
    return Sent(fields, file, tokens | {one for one in sent.tokens if any(one in value for _, value in fields)})


def post(client: c.Client, form: Form, sent: Sent) -> c.Answer:
    mark = secrets.token_hex(16)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in sent.fields
    ]
    body = "".join(parts).encode()
    if sent.file:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{sent.file[0]}"\r\n\r\n'
        body += head.encode() + sent.file[1] + b"\r\n"
    headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    return client.ask("POST", form.address, body + f"--{mark}--\r\n".encode(), headers)


def the_record() -> str:
    """Everything that the database holds for good, as text."""
    db.session.rollback()
    with db.engine.connect() as connection:
        tables = [table for name, table in db.metadata.tables.items() if name not in FORGOTTEN]
        return "\n".join(repr(tuple(row)) for table in tables for row in connection.execute(select(table)))


def _as_kept(token: str) -> str:
    """A day as the record holds it; any other text as it is."""
    day = read_day(token)
    return repr(day) if day else token


def _places(world: Any, draw: Random) -> list[tuple[str, str]]:
    """Pages with forms, and who opens them."""
    manager = Author(world.people["programme_manager"], "Programme Manager")
    lead = Author(world.people["lead"], "MASH Service Manager")
    a = world.actions
    with transaction():
        inspection = enter_inspection(manager, authority="Northshire", framework="ILACS")
        note = log_progress(lead, a["5.2"], NoteText("We met."))
        log_progress(lead, a["5.4"], NoteText(answer="need_help", blocker="No room."))
        piece = attach_evidence(lead, a["5.2"], EvidenceText("It", "audit", "open", "https://intranet.example/a"))
        ask_new_date(lead, a["5.5"], DateWish("End May 2018", "vacancy", "Nothing changes."))
        tick_stage(manager, a["8.3"], 0, 1)
        brought = plan_file(world.app)
        team = make_team(manager, "Duty Team", [world.people["lead"]])
        for day in (date(2018, 5, 10), date(2018, 6, 14), date(2018, 7, 12)):
            set_meeting(manager, board_named(manager, "MASH Board"), day, "10:00", "Town hall")
        undated = db.session.scalars(select(Action.id).where(Action.timescale_kind == "ongoing").limit(1)).one()
        db.session.execute(update(Action).where(Action.id == a["7.1"]).values(timescale_kind="none", due_on=None))
    mine = [a[ref] for ref in ("5.1", "5.3", "5.6")]
    return [
        *(("lead", f"/?open={one}") for one in mine),
        *(("lead", f"/actions/{one}?open={one}") for one in mine),
        *(("programme_manager", f"/plans/twin?open={one}") for one in mine),
        ("verifier", f"/actions/{a['6.1']}?open={a['6.1']}"),
        ("chair", f"/actions/{a['5.3']}"),
        ("lead", f"/actions/{a['5.3']}/evidence/new"),
        ("lead", f"/notes/{note}/correct"),
        ("lead", f"/evidence/{piece}/withdraw"),
        ("lead", "/stand-ins"),
        ("lead", "/filters?keep=/plans/twin%3Fq%3Dpolice"),
        ("programme_manager", f"/actions/{a['5.4']}"),
        ("programme_manager", f"/actions/{a['8.3']}"),
        ("programme_manager", f"/actions/{a['5.3']}/edit"),
        ("programme_manager", "/date-requests"),
        ("programme_manager", "/plans/new"),
        ("programme_manager", "/plans/twin/edit"),
        ("programme_manager", "/plans/twin/state"),
        ("programme_manager", "/plans/twin/recommendations/new"),
        ("programme_manager", "/plans/twin/recommendations/5/edit"),
        ("programme_manager", "/plans/twin/recommendations/5/actions/new"),
        ("programme_manager", "/inspections/new"),
        ("programme_manager", f"/inspections/{inspection}/edit"),
        ("programme_manager", "/settings/boards/new"),
        ("programme_manager", "/settings/boards/1"),
        ("programme_manager", "/settings/teams/new"),
        ("programme_manager", "/stand-ins"),
        ("programme_manager", "/import"),
        ("programme_manager", f"/import/{brought}?row=0"),
        ("secretary", "/boards/mash-board/meetings"),
        ("secretary", "/boards/mash-board/meetings"),
        ("programme_manager", f"/settings/teams/{team}"),
        ("programme_manager", f"/actions/{a['7.1']}/edit"),
        ("programme_manager", f"/actions/{undated}/edit"),
        ("programme_manager", f"/people/{world.people['other_lead']}/hand-over"),
        ("programme_manager", "/plans/twin/owners"),
        ("programme_manager", "/plans/twin/boards"),
    ]


def _rounds(world: Any, folder: Any, rounds: int, record_property: Any, kind: str) -> None:
    draw, tried, answers = Random(SEED), Counter[str](), Counter[str]()
    places = _places(world, draw)
    missed: list[str] = []
    typed = n = 0
    db.session.remove()
    with c.sound_server(folder / "served", **told(world)) as (port, _, _):
        clients = {role: c.Client(port) for role in {role for role, _ in places}}
        for role, client in clients.items():
            client.sign_in(email_of(role), PASSWORD)
        adapter = world.app.url_map.bind("")
        while n < rounds:
            role, path = places.pop(0)
            client = clients[role]
            page = client.get(path)
            forms = forms_of(page.text) if page.status == 200 else []
            if not forms:
                continue  # nothing is written there any more
            places.append((role, path))
            form = min(forms, key=lambda one: tried[one.address])
            tried[form.address] += 1
            first = filled(form, draw)
            heard = post(client, form, first).status  # no one hears it
            second = changed(first, form, draw)
            answer = post(client, form, second)
            screen, record = unescape(answer.text), the_record()
            words = second.tokens | (first.tokens if heard == 303 else set())
            for token in sorted(words):
                if not any(one in record or one in screen for one in (token, _as_kept(token))):
                    missed.append(f"{role} {form.address}: {token}, answered {heard} and {answer.status}")
            if second.file and answer.status in {200, 303} and second.file[0] not in record:
                missed.append(f"{role} {form.address}: the file {second.file[0]}")
            assert answer.status in {200, 303, 400, 403, 404, 409, 422}, f"{form.address} answered {answer.status}"
            if answer.status == 303:
                again = post(client, form, second).status
                assert again == 303, f"{form.address} answered 303, and then {again} to the same"
                same = the_record() == record  # not in the assertion: no one reads how the two differ
                assert same, f"{form.address} was written twice"
            if form.address.endswith("/state"):
                set_plan(world.plan_id, state="live")
            answers[f"{heard} then {answer.status}"] += 1
            typed += len(words)
            tried[adapter.match(form.address.partition("?")[0], method="POST")[0]] += 1
            n += 1
        for client in clients.values():
            client.close()
    assert missed == [], f"{len(missed)} of {typed} words are nowhere:\n" + "\n".join(missed[:40])
    if rounds >= 500:
        named = {f"{view.__module__}.{view.__name__}" for view in drafting._MARKED}
        views = world.app.view_functions
        covered = {f"{views[name].__module__}.{views[name].__name__}" for name in tried if name in views}
        assert len(named - covered) <= len(named) // 10, sorted(named - covered)
    record_property("seed", SEED)
    record_property("database", kind)
    record_property("rounds", n)
    record_property("forms", sum(name in world.app.view_functions for name in tried))
    record_property("words", typed)
    record_property("nowhere", len(missed))
    for name, times in sorted(answers.items()):
        record_property(name, times)


def test_10_forms_saved_but_not_heard_and_sent_again_lose_no_word(world, tmp_path, database_kind, record_property):
    _rounds(world, tmp_path, 10, record_property, database_kind)


@pytest.mark.proof
def test_1_000_forms_saved_but_not_heard_and_sent_again_lose_no_word(world, tmp_path, database_kind, record_property):
    _rounds(world, tmp_path, 1000, record_property, database_kind)
