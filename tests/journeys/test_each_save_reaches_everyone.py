"""After each kind of save, every place tells everyone the same of the action, and those who need to act are told."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from icalendar import Calendar

from ilacs_app.db import db, transaction
from ilacs_app.digests.letters import letter_drafts
from ilacs_app.people.teams.commands import let_stand_in
from ilacs_app.plan.lists.rows import action_row
from ilacs_app.plan.rules import TAG_WORDS
from tests.auditor import Node, read
from tests.conftest import BY, CHARACTERS, TODAY, World
from tests.factories import NOTE, PROOF, send, token

REF, LIST, BOARD = "5.3", "/plans/twin/recommendations/5", "/boards/mash-board"
READERS = (
    *("lead", "contributor", "verifier", "board_member", "chair", "secretary", "programme_manager"),
    *("viewer", "inspector", "partner", "delegate"),
)
BASE = "http://localhost"


@dataclass(frozen=True)
class Told:
    """What a save makes places say of the action, and whom it gives something to do or to know.

    ``words`` are in each list, search result aside; ``tag`` is in the tag of its rating wherever there is one.
    ``download`` is in its line of a downloaded list, ``published`` in its progress column of the plan as published.
    ``work`` and ``news`` are, by role, the groups of My work that it is in and the titles of its news.
    """

    words: tuple[str, ...] = ()
    tag: str = ""
    download: tuple[str, ...] = ()
    published: str = ""
    work: dict[str, tuple[str, ...]] = field(default_factory=dict)
    news: dict[str, tuple[str, ...]] = field(default_factory=dict)
    calendar: str = "Due"
    kept_from: frozenset[str] = frozenset()
    """Roles that may not read the words."""


class Council:
    """Everyone who reads the plan; the administrator is the lead's delegate."""

    def __init__(self, world: World) -> None:
        self.world, self.action = world, world.actions[REF]
        self.feed = ""

    def role(self, name: str) -> str:
        return "administrator" if name == "delegate" else name

    def page(self, role: str, address: str) -> Node:
        answer = self.world.client(self.role(role)).get(address, follow_redirects=True)
        assert answer.status_code == 200, (role, address)
        return read(answer.text)

    def row(self, role: str, address: str) -> Node:
        return self.page(role, address).one(id=f"action-{self.action}")

    def look(self, told: Told) -> None:
        db.session.rollback()
        now = action_row(self.world.actor("programme_manager"), self.action, TODAY)
        facts = (now.status, str(now.timeliness), str(now.brag))
        for role in READERS:
            self._look_at_lists(role, told, facts, now.text)
            self._look_at_search(role, now)
            self._look_at_files(role, told, now)
        for role, titles in self._work().items():
            assert titles == told.work.get(role, ()), (role, titles)
        for role, titles in self._news().items():
            assert titles == told.news.get(role, ()), (role, titles)
        self._look_at_letters(told, now)
        assert [label for label in self._calendar() if label == told.calendar] == (
            [told.calendar] if told.calendar else []
        )

    def _look_at_lists(self, role: str, told: Told, facts: tuple[str, ...], text: str) -> None:
        for address in ("/plans/twin?brag=" + facts[2], "/plans/twin/actions", LIST, BOARD, f"/actions/{self.action}"):
            row = self.row(role, address)
            assert (row.attrs["data-status"], row.attrs["data-timeliness"], row.attrs["data-brag"]) == facts
            page = self.page(role, address).one("main").text
            assert text in page, (role, address)
            if told.tag:
                assert row.one("strong", class_=f"tag tag--{facts[2]}").text == told.tag, (role, address)
            said = page if address.startswith("/actions/") else row.text
            for words in told.words:
                assert (words in said) == (role not in told.kept_from), (role, address, words)

    def _look_at_search(self, role: str, now) -> None:
        hits = [item for item in self.page(role, f"/search?q={REF}").all("li") if item.all("span", class_="hits__ref")]
        (hit,) = [item for item in hits if item.one("span", class_="hits__ref").text == REF]
        assert now.text in hit.text and now.people.labelled_names in hit.text
        assert hit.all("strong")[0].text == TAG_WORDS[now.tag]

    def _look_at_files(self, role: str, told: Told, now) -> None:
        client = self.world.client(self.role(role))
        data = client.get("/plans/twin/export/list?recommendation=5&format=csv").data.decode("utf-8-sig")
        (line,) = [line for line in csv.DictReader(io.StringIO(data)) if line["Reference"] == REF]
        assert (line["Action"], line["Owner"]) == (now.text, "\n".join(now.people.names))
        assert TAG_WORDS[now.tag] in line["Rating"]
        for words in told.download:
            assert any(words in cell for cell in line.values()) == (role not in told.kept_from), (role, words, line)
        plan = json.loads(client.get("/plans/twin/export/file?format=json").data)
        (action,) = [a for r in plan["recommendations"] for a in r["actions"] if a["ref"] == REF]
        assert (action["text"], action["status"], action["brag_computed"]) == (now.text, now.status, str(now.brag))
        if role not in told.kept_from:
            assert told.published in action["note"], role

    def _work(self) -> dict[str, tuple[str, ...]]:
        shown = {}
        for role in READERS:
            titles = []
            for group in self.page(role, "/").all("section", class_="group"):
                rows = [row for row in group.all("li", class_="row") if row.all("span", class_="row__ref")]
                if any(row.all("span", class_="row__ref")[0].text == REF for row in rows):
                    titles.append(group.one("h2").text.rpartition(" ")[0])
            shown[role] = tuple(titles)
        return shown

    def _news(self) -> dict[str, tuple[str, ...]]:
        shown = {}
        for role in READERS:
            panel = self.page(role, "/").all("section", id="news")
            links = [link.text for part in panel for link in part.all("a")]
            shown[role] = tuple(link.partition(" ")[2] for link in links if link.startswith(f"{REF} "))
        return shown

    def _look_at_letters(self, told: Told, now) -> None:
        db.session.rollback()
        drafts, _ = letter_drafts(BASE, TODAY)
        roles = {self.world.people[self.role(role)]: role for role in READERS}
        for draft in drafts:
            role = roles.get(draft.to.person_id)
            for item in (item for group in draft.groups for item in group.items if item.action_id == self.action):
                assert (item.text, item.brag, item.rating) == (now.text, str(now.brag), TAG_WORDS[now.tag])
            if draft.kind == "lead" and role in told.news:
                said = tuple(item.says.partition(". ")[0] for item in draft.news if item.action_id == self.action)
                assert said == told.news[role], (role, said)

    def _calendar(self) -> list[str]:
        client = self.world.client("lead")
        if not self.feed:
            made = client.post("/calendar", data={"csrf_token": token(client), "board": "", "once": uuid4().hex})
            self.feed = read(made.text).one("input", id="address").attrs["value"].removeprefix(BASE)
        entries = Calendar.from_ical(self.world.client(None).get(self.feed).data).walk("VEVENT")
        titles = [str(entry["summary"]) for entry in entries]
        return [title.partition(":")[0] for title in titles if f": {REF} " in title]


HOLDERS = ("lead", "contributor", "delegate")
DUE = dict.fromkeys(HOLDERS, ("Due within 28 days",))


def all_of(*titles: str, but: str = "") -> dict[str, tuple[str, ...]]:
    """The same for everyone whose action it is, but for the one who did it."""
    return {role: titles for role in HOLDERS if role != but}


def save(world: World, role: str, address: str, **fields: str) -> None:
    """Send a form of a page, which has the version that was seen if it needs one."""
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, "view": "action", **fields}
    answer = client.post(address, data=data)
    assert answer.status_code == 303, answer.text


def note(world: World) -> None:
    assert send(world.client("contributor"), world.actions[REF], **NOTE).status_code == 303


def correct(world: World) -> None:
    """Correct a note: its new words are read everywhere, and the old ones on the action's page only."""
    note(world)
    writer, action = world.client("contributor"), world.actions[REF]
    (link,) = [a for a in read(writer.get(f"/actions/{action}").text).all("a") if a.attrs["href"].endswith("/correct")]
    save(world, "contributor", link.attrs["href"], **{**NOTE, "did": "One of the two teams has had the session."})


def withdraw_evidence(world: World) -> None:
    assert send(world.client("lead"), world.actions[REF], **PROOF).status_code == 303
    page = read(world.client("lead").get(f"/actions/{world.actions[REF]}").text)
    (link,) = [a for a in page.all("a") if a.attrs["href"].endswith("/withdraw")]
    save(world, "lead", link.attrs["href"], reason="It is about another team.")


def on_track(world: World) -> None:
    assert send(world.client("lead"), world.actions[REF], answer="on_track").status_code == 303


def no_change(world: World) -> None:
    assert send(world.client("lead"), world.actions[REF], answer="no_change").status_code == 303


def pause(world: World) -> None:
    fields = {"status": "paused", "reason": "The provider has closed.", "review_on": "31 July 2018"}
    assert send(world.client("programme_manager"), world.actions[REF], **fields).status_code == 303


def restore(world: World) -> None:
    pause(world)
    fields = {"status": "not_started", "reason": "Another provider was found."}
    assert send(world.client("programme_manager"), world.actions[REF], **fields).status_code == 303


def withdraw(world: World) -> None:
    fields = {"status": "withdrawn", "reason": "Action 5.4 covers it."}
    assert send(world.client("programme_manager"), world.actions[REF], **fields).status_code == 303


def _edit(world: World, **fields: str) -> None:
    action = world.actions[REF]
    page = read(world.client("programme_manager").get(f"/actions/{action}/edit").text)
    form = next(form for form in page.all("form") if form.all("textarea", name="owners"))
    sent = {node.attrs["name"]: node.attrs.get("value", "") for node in form.all("input", type="hidden")}
    sent |= {node.attrs["name"]: node.whole_text for node in form.all("textarea")}
    save(world, "programme_manager", form.attrs["action"], **{**sent, "once": uuid4().hex, **fields})


def reword(world: World) -> None:
    _edit(world, text="Train every police officer in thresholds")


def give_an_owner(world: World) -> None:
    _edit(world, owners=CHARACTERS["other_lead"])


def unsay(world: World) -> None:
    """Undo a change of the wording."""
    reword(world)
    action = world.actions[REF]
    page = read(world.client("programme_manager").get(f"/actions/{action}").text)
    (form,) = [form for form in page.all("form") if form.attrs["action"].endswith("/undo")]
    fields = {node.attrs["name"]: node.attrs.get("value", "") for node in form.all("input", type="hidden")}
    save(world, "programme_manager", form.attrs["action"], **fields)


KINDS: dict[Callable[[World], None], Told] = {
    note: Told(
        words=("Both teams have had the session.",),
        download=("Both teams have had the session.", "Look again in May."),
        published="Both teams have had the session.",
        work=DUE,
    ),
    correct: Told(
        words=("One of the two teams has had the session.",),
        download=("One of the two teams has had the session.", "Look again in May."),
        published="One of the two teams has had the session.",
        work=DUE,
    ),
    withdraw_evidence: Told(work=DUE),
    on_track: Told(words=("On track",), download=("On track",), published="On track"),
    no_change: Told(words=("No change",), download=("No change",), published="No change"),
    pause: Told(
        words=("Reason: The provider has closed.",),
        tag="Grey: paused",
        download=("Reason: The provider has closed.", "Grey: paused"),
        news=all_of("Paused"),
        calendar="Pause reviewed",
    ),
    restore: Told(download=("Not started",), work=DUE, news=all_of("Restored", "Paused")),
    withdraw: Told(
        words=("Reason: Action 5.4 covers it.",),
        tag="Grey: withdrawn",
        download=("Reason: Action 5.4 covers it.", "Grey: withdrawn"),
        news=all_of("Withdrawn"),
        calendar="",
    ),
    reword: Told(words=("Train every police officer",), work=DUE, news=all_of("Action edited")),
    unsay: Told(words=("Train police officers",), work=DUE, news=all_of("Action edited", "Action edited")),
    give_an_owner: Told(
        words=(CHARACTERS["other_lead"],),
        download=(CHARACTERS["other_lead"],),
        work=DUE,
        news=all_of("Action edited"),
    ),
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_save_reaches_everyone(world, kind):
    with transaction():
        let_stand_in(BY, world.people["administrator"], world.people["lead"], TODAY, None, "Leave")
    council = Council(world)
    kind(world)
    council.look(KINDS[kind])


@pytest.mark.parametrize(
    ("kind", "role", "fields"),
    [
        (note, "contributor", NOTE),
        (on_track, "lead", {"answer": "on_track"}),
        (no_change, "lead", {"answer": "no_change"}),
    ],
    ids=["note", "on_track", "no_change"],
)
def test_a_save_without_loading_the_page_reaches_everyone_too(world, kind, role, fields):
    with transaction():
        let_stand_in(BY, world.people["administrator"], world.people["lead"], TODAY, None, "Leave")
    council = Council(world)
    answer = send(world.client(role), world.actions[REF], htmx=True, **fields)
    assert answer.status_code == 200, answer.text
    council.look(KINDS[kind])
