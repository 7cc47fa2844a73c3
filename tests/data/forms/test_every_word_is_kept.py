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
from tests.conftest import CHARACTERS, PASSWORD, SAMPLES, email_of
from tests.data.files.test_uploads_at_once import told
from tests.factories import PDF, plan_file, set_plan

SEED = 20180407
WILD = 0.07
FORGOTTEN = {"session", "submission", "draft"}
TYPED = {None, "text", "url", "search", "email", "number"}
PAST = ("1 March 2018", "20 March 2018", "7 April 2018")
LATER = ("30 June 2018", "30 September 2018", "31 December 2018")
MONTHS = ("January", "March", "May", "July", "August", "October")
PAIR = "Term {} = what it means"
SHAPED = {  # what a form takes only in a certain shape
    "url": ("https://intranet.example/{}",),
    "day": LATER,
    "on_day": PAST,
    "tested_on": PAST,
    "dated_on": PAST,
    "review_on": LATER,
    "words": LATER,
    "timescale": LATER,
    "shorter": ("10 May 2018", "20 May 2018"),
    "from_on": PAST,
    "until_on": LATER,
    "on_site_from": ("1 February 2018",),
    "on_site_until": ("9 February 2018",),
    "received_on": ("1 March 2018", "5 March 2018"),
    "published_on": ("20 March 2018", "21 March 2018"),
    "successor": ("5.3", "6.2"),
    "ref": ("5.{}",),
    "slug": ("p{}",),
    "at_time": ("10:00", "14:30"),
    "due": LATER,
    "number": ("9{}",),
    "reporting_window": ("30", "42", "60"),
    "status_key": (PAIR,),
    "glossary": (PAIR,),
    "role_titles": (PAIR,),
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


def filled(form: Form, kind: str, draw: Random) -> Sent:
    """The form with a token in some of its fields, as the form wants them; one in fourteen is filled at random.

    ``kind`` is the endpoint that takes it.
    """
    wild = draw.random() < WILD
    wanted = {} if wild else wishes(form, kind, draw)
    fields, tokens = list(form.fields), set()
    for name, options in form.choices.items():
        given = [one for one in options if one] or options
        fields.append((name, wanted.get(name, draw.choice(options if wild else given))))
    ticked = [tick for tick in form.ticks if draw.random() < 0.5]
    fields += ticked if ticked or wild else form.ticks[:1]
    for name, value in form.texts.items():
        token = f"w{draw.getrandbits(40):010x}"
        shape = wanted.get(name, _shape(name, draw))
        if name not in wanted and draw.random() < 0.3 and (wild or value):
            text, token = value, ""
        elif name in wanted or (name in SHAPED and not (wild and draw.random() < 0.5)):
            text = shape.format(token)
            token = token if "{}" in shape else text
        else:
            text = f"Typed <{token}> & 'more'"
        fields.append((name, text))
        tokens |= {token} - {""}
    if form.buttons:
        fields.append(draw.choice(form.buttons))
    return Sent(fields, _file(form, kind, draw, wild=wild, wanted=wanted), tokens)


def _shape(name: str, draw: Random) -> str:
    return draw.choice(SHAPED.get(name, ("Typed <{}> & 'more'",)))


def _file(form: Form, kind: str, draw: Random, *, wild: bool, wanted: dict[str, str]) -> tuple[str, bytes] | None:
    name = f"f{draw.getrandbits(40):010x}"
    if kind == "intake.upload" and not wild:
        return f"{name}.csv", (SAMPLES / "plan.csv").read_bytes()
    bare = wanted.get("url") == "" and wanted.get("shows") != ""  # a piece of evidence without a link
    if form.takes_file and (draw.random() < 0.4 if wild else bare):
        return f"{name}.pdf", PDF + draw.randbytes(8)
    return None


def wishes(form: Form, kind: str, draw: Random) -> dict[str, str]:
    """Return what a form of this kind takes together: texts with ``{}`` for a token, and choices, by field."""
    linked = draw.random() < 0.6
    match kind:
        case "progress.answer":
            return _answer(form, draw, linked=linked)
        case "evidence.add_one":
            return {"url": SHAPED["url"][0] if linked else ""}
        case "dates.decide":
            answer = draw.choice(("agreed", "agreed_shorter", "refused"))
            shorter = _shape("shorter", draw) if answer == "agreed_shorter" else ""
            refusal = "Not before <{}>" if answer == "refused" else ""
            return {"answer": answer, "shorter": shorter, "refusal": refusal}
        case "recommendations.add_recommendation" | "recommendations.save_recommendation":
            return {"accountable": "", "lead_board": ""}
        case "actions.reading" | "actions.first_date":
            ongoing = draw.random() < 0.5  # the page does not say it in its form
            month = draw.choice(("April", "May", "June"))
            return {"words": f"Ongoing, review {month} 2018" if ongoing else f"{draw.randint(1, 29)} April 2018"}
        case "teams.add_stand_in":
            delegate, other = draw.sample([email_of(role) for role in CHARACTERS if role not in {"lead", "nobody"}], 2)
            return {"person": delegate} | ({"for_person": other} if "for_person" in form.texts else {})
        case "meetings.add" | "meetings.change":
            return {"on_day": f"{draw.randint(1, 28)} {draw.choice(MONTHS)} {draw.randint(2019, 2022)}"}
        case "actions.place_action" | "recommendations.move":
            return {"place": draw.choice(("1", "2"))}
    return {}


def _answer(form: Form, draw: Random, *, linked: bool) -> dict[str, str]:
    """Return one of the things that an open row is for, or a few at once; all its other fields stay empty."""
    asked = dict.fromkeys((*form.texts, *form.choices), "")
    asked |= {"kind": "audit", "sensitivity": "open"}
    words = {name: _shape(name, draw) for name in ("did", "difference", "next_step") if draw.random() < 0.7}
    words = words or {"did": _shape("did", draw)}
    piece = {"shows": _shape("shows", draw), "url": SHAPED["url"][0] if linked else "", "period": "March {}"}
    request = {"words": _shape("words", draw), "reason_class": "vacancy", "effect": _shape("effect", draw)}
    reworked = [one for one in form.choices.get("status", ()) if one in {"in_progress", "partly_complete"}]
    kinds: list[dict[str, str]] = [
        {"answer": "on_track", **words},
        {"answer": "need_help", "blocker": _shape("blocker", draw), **words},
        {"answer": "on_track", "blocker": _shape("blocker", draw), **words},
        words,
        {**words, **piece},
        {"answer": "on_track", **words, **piece},
        {**words, **request, "cover": _shape("cover", draw)},
    ]
    kinds += [{**words, "status": one} for one in reworked]
    chosen = draw.choice(kinds)
    return asked | chosen


def changed(sent: Sent, form: Form, draw: Random) -> Sent:
    """The same form with other words in one or more of its fields, and now and then with another file."""
    names = [name for name, value in sent.fields if name in form.texts and value]
    others = set(draw.sample(names, draw.randint(1, len(names)))) if names else {next(iter(form.texts))}
    fields, tokens = [], set()
    for name, value in sent.fields:
        token = f"w{draw.getrandbits(40):010x}"
        if name in others and name in SHAPED and draw.random() < 0.8:
            shape = _shape(name, draw)
            value = shape.format(token)
            tokens.add(token if "{}" in shape else value)
        elif name in others:
            value = f"{value} {token}".strip() if draw.random() < 0.5 else f"Other <{token}>"
            tokens.add(token)
        fields.append((name, value))
    file = sent.file
    if file and draw.random() < 0.5:
        kind = file[0].rpartition(".")[2]
        file = (f"f{draw.getrandbits(40):010x}.{kind}", file[1] if kind == "csv" else PDF + draw.randbytes(8))
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
        days = (date(2018, 5, 10), date(2018, 6, 14), date(2018, 7, 12))
        meetings = [set_meeting(manager, board_named(manager, "MASH Board"), on, "10:00", "Town hall") for on in days]
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
        ("programme_manager", "/plans/twin/recommendations/9/edit"),
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
        *(("secretary", f"/boards/mash-board/meetings?change={meeting}") for meeting in meetings),
        ("programme_manager", f"/settings/teams/{team}"),
        ("programme_manager", f"/actions/{a['7.1']}/edit"),
        ("programme_manager", f"/actions/{undated}/edit"),
        ("programme_manager", f"/people/{world.people['other_lead']}/hand-over"),
        ("programme_manager", "/plans/twin/owners"),
        ("programme_manager", "/plans/twin/boards"),
    ]


def _rounds(world: Any, folder: Any, rounds: int, record_property: Any, database: str) -> None:
    draw, tried, answers = Random(SEED), Counter[str](), Counter[str]()
    places = _places(world, draw)
    missed: list[str] = []
    typed = taken = n = 0
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
            kind = adapter.match(form.address.partition("?")[0], method="POST")[0]
            first = filled(form, kind, draw)
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
                same = the_record() == record  # not in the assertion, whose difference would be too long to read
                assert same, f"{form.address} was written twice"
            if form.address.endswith("/state"):
                set_plan(world.plan_id, state="live")
            answers[f"{heard} then {answer.status}"] += 1
            typed += len(words)
            tried[kind] += 1
            taken += heard in {200, 303}
            n += 1
        for client in clients.values():
            client.close()
    assert missed == [], f"{len(missed)} of {typed} words are nowhere:\n" + "\n".join(missed[:40])
    assert taken >= 0.85 * n, f"only {taken} of {n} forms were filled as they want to be"
    if rounds >= 500:
        named = {f"{view.__module__}.{view.__name__}" for view in drafting._MARKED}
        views = world.app.view_functions
        covered = {f"{views[name].__module__}.{views[name].__name__}" for name in tried if name in views}
        assert len(named - covered) <= len(named) // 10, sorted(named - covered)
    record_property("seed", SEED)
    record_property("database", database)
    record_property("rounds", n)
    record_property("forms", sum(name in world.app.view_functions for name in tried))
    record_property("taken at first", taken)
    record_property("words", typed)
    record_property("nowhere", len(missed))
    for name, times in sorted(answers.items()):
        record_property(name, times)


def test_10_forms_saved_but_not_heard_and_sent_again_lose_no_word(world, tmp_path, database_kind, record_property):
    _rounds(world, tmp_path, 10, record_property, database_kind)


@pytest.mark.proof
def test_1_000_forms_saved_but_not_heard_and_sent_again_lose_no_word(world, tmp_path, database_kind, record_property):
    _rounds(world, tmp_path, 1000, record_property, database_kind)
