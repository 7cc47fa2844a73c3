"""One action from a request for help, through a date change, to verification: every place says the same to everyone.

After each step each role looks at My work, the list, the board, the action's page, the letters and the printed plan.
Told twice, without JavaScript and as htmx asks. The record is the same.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from ilacs_app.dates import short_date
from ilacs_app.db import UtcInstant, db, transaction
from ilacs_app.digests.letters import letter_drafts
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.plan.labels import timeliness_words
from ilacs_app.plan.lists.rows import action_row
from tests.conftest import BY, TODAY
from tests.factories import PDF, all_rows
from tests.journeys.browser import Browser

REF = "5.3"
ROLES = (
    "lead",
    "contributor",
    "other_lead",
    "verifier",
    "board_member",
    "chair",
    "secretary",
    "programme_manager",
    "administrator",
    "viewer",
    "inspector",
    "partner",
)
READERS = ("lead", "verifier", "chair", "programme_manager", "inspector", "partner")
"""One of each way to see the plan: they look at the lists too, the others at My work alone."""
HOLDERS = ("lead", "contributor")
"""Whose action it is: they are told what becomes of it."""
PLACE, BOARD = "/plans/twin/recommendations/5", "/boards/mash-board"
EXPORT = "/plans/twin/export/file"
BASE = "http://localhost"
FACTS = ("data-status", "data-timeliness", "data-brag")


@dataclass(frozen=True)
class Shown:
    """What My work shows one person of the action, beside what needs them."""

    needs: tuple[str, ...]
    """The titles of the groups that it is in."""
    news: tuple[str, ...]
    """The titles of its changes since they last signed in, oldest first."""


NOTHING = Shown((), ())
HELP_ASKED = "No trainer is free."
LAND_ON_THE_PLAN = frozenset({"viewer", "inspector"})


class Council:
    """Everyone at once, looking at one action."""

    def __init__(self, world, *, htmx: bool) -> None:
        self.world = world
        self.action = world.actions[REF]
        text = action_row(world.actor("programme_manager"), self.action, TODAY).text
        self.list = f"/plans/twin?{urlencode({'q': text[:40]})}"
        self.due = date(2018, 4, 30)
        self.browsers = {role: Browser(world.client(role), htmx) for role in ROLES}

    def __getitem__(self, role: str) -> Browser:
        return self.browsers[role]

    def look(self, status: str, timeliness: str, brag: str, *, words: str = "", **expected: Shown) -> None:
        """Assert what everyone is shown. ``expected`` is what My work shows to each role; to all others, nothing."""
        facts = (status, timeliness, brag)
        shown = {}
        for role, browser in self.browsers.items():
            if role in READERS:
                self._look_at_pages(role, browser, facts, words)
            shown[role] = self._on_the_plan(browser) if role in LAND_ON_THE_PLAN else self._my_work(browser, facts)
            assert shown[role] == expected.get(role, NOTHING), role
        self._look_at_letters(facts, shown)
        self._look_at_print(facts, words)

    def _look_at_pages(self, role: str, browser: Browser, facts: tuple[str, ...], words: str) -> None:
        for address in (self.list, PLACE, BOARD, f"/actions/{self.action}"):
            row = browser.page(address).one(id=f"action-{self.action}")
            assert tuple(row.attrs[name] for name in FACTS) == facts, (role, address)
            if address == f"/actions/{self.action}":
                assert short_date(self.due) in row.text, role
            elif role == "inspector" and words == HELP_ASKED:
                assert words not in row.text, "an inspector does not read open requests for help"
            else:
                assert words in row.text, (role, address, row.text)

    def _on_the_plan(self, browser: Browser) -> Shown:
        """Assert that someone without work of their own begins on the plan."""
        answer = browser.client.get("/")
        assert answer.status_code in {302, 303} and answer.headers["Location"].startswith("/plans")
        return NOTHING

    def _my_work(self, browser: Browser, facts: tuple[str, ...]) -> Shown:
        page = browser.page("/")
        needs, number = [], 0
        for group in page.all("section", class_="group"):
            title, _, count = group.one("h2").text.rpartition(" ")
            rows = group.one("ul", class_="work-list").all("li", class_="row")
            assert int(count) == len(rows), title
            number += len(rows)
            mine = [row for row in rows if row.all("span", class_="row__ref")[0].text == REF]
            needs += [title] * len(mine)
            for row in mine:
                if "data-brag" in row.attrs:
                    assert tuple(row.attrs[name] for name in FACTS) == facts
        beside = page.all("span", class_="nav-count")
        shown = beside[0].text.split() if beside else []
        assert (int(shown[0]) if shown else 0) == number, "the number beside My work is that of its rows"
        panel = page.all("section", id="news")
        news = [link.text.partition(" ")[2] for p in panel for link in p.all("a") if link.text.startswith(f"{REF} ")]
        return Shown(tuple(needs), tuple(reversed(news)))

    def _look_at_letters(self, facts: tuple[str, ...], shown: dict[str, Shown]) -> None:
        """Assert that letters name the action to each person under the headings of My work, with the same news."""
        db.session.rollback()
        drafts, untold = letter_drafts(BASE, TODAY)
        row = action_row(self.world.actor("programme_manager"), self.action, TODAY)
        assert untold == 0
        for draft in drafts:
            for item in (item for group in draft.groups for item in group.items if item.action_id == self.action):
                assert (item.brag, item.when) == (facts[2], timeliness_words(row, TODAY))
        weekly = {draft.to.person_id: draft for draft in drafts if draft.kind == "lead"}
        for role, work in shown.items():
            draft = weekly.get(self.world.people[role])
            groups = draft.groups if draft else ()
            headings = [g.heading for g in groups for item in g.items if item.action_id == self.action]
            asked = [heading for heading in headings if not heading.startswith("Updated in")]
            assert asked == [title for title in work.needs if title != "Update due"], role
            if role in HOLDERS:
                news = draft.news if draft else ()
                told = [item.says.partition(". ")[0] for item in news if item.action_id == self.action]
                assert tuple(reversed(told)) == work.news, f"{role}: the letter tells what My work does"

    def _look_at_print(self, facts: tuple[str, ...], words: str) -> None:
        client = self.world.client("viewer")
        plan = json.loads(client.get(f"{EXPORT}?format=json").data)
        (action,) = [a for r in plan["recommendations"] for a in r["actions"] if a["ref"] == REF]
        assert (action["status"], action["timeliness"], action["brag_computed"]) == facts
        assert action["timescale"]["due_on"] == self.due.isoformat()
        assert words in action["note"]
        assert words in client.get(f"{EXPORT}?format=csv").data.decode("utf-8-sig")


def test_help_a_date_change_and_a_claim_told_to_everyone_with_and_without_htmx(world):
    for role in ROLES:
        world.client(role)
    path = Path(str(db.engine.url.database))
    _close()
    start = path.read_bytes()
    _walk(Council(world, htmx=False))
    plain = _record()
    _close()
    path.write_bytes(start)
    _walk(Council(world, htmx=True))
    assert _record() == plain


def _walk(council: Council) -> None:
    _help(council)
    _date_change(council)
    _corrected_reading(council)
    _verification(council)


DUE = ("Due within 28 days",)


def _help(council: Council) -> None:
    council.look("not_started", "due_soon", "amber", lead=Shown(DUE, ()), contributor=Shown(DUE, ()))

    council["contributor"].send("/", council.action, answer="need_help", blocker="No trainer is free.")
    asked = HELP_ASKED
    council.look("not_started", "due_soon", "amber", words=asked, lead=Shown(("Requests for help",), ()))

    replied, more, helped = "Reply to a request for help", "More help needed", "Your reply helped"
    _reply(council, "Ask the neighbouring team.")
    council.look("not_started", "due_soon", "amber", words=asked, contributor=Shown((), (replied,)))

    council["contributor"].submit(f"/actions/{council.action}", "h-judge", helped="not_yet")
    waits = {"contributor": Shown((), (replied,)), "lead": Shown(("Requests for help",), (more,))}
    council.look("not_started", "due_soon", "amber", words=asked, **waits)

    _reply(council, "A trainer comes on Monday.")
    twice = {"contributor": Shown((), (replied, replied)), "lead": Shown((), (more,))}
    council.look("not_started", "due_soon", "amber", words=asked, **twice)

    council["contributor"].submit(f"/actions/{council.action}", "h-judge", helped="yes")
    closed = {"contributor": Shown((), (replied, replied)), "lead": Shown((), (more, helped))}
    council.look("not_started", "due_soon", "amber", **closed)


def _reply(council: Council, words: str) -> None:
    form = council["lead"].page("/").one("form", hx_post=f"/actions/{council.action}/help")
    council["lead"].submit("/", form.attrs["id"], reply=words)


def _before(*later: str) -> dict[str, tuple[str, ...]]:
    """The news of those whose action it is, with what came after the request for help."""
    replied = "Reply to a request for help"
    return {
        "contributor": (replied, replied, *later),
        "lead": ("More help needed", "Your reply helped", *later),
    }


def _shown(news: dict[str, tuple[str, ...]]) -> dict[str, Shown]:
    return {role: Shown((), titles) for role, titles in news.items()}


OFFICERS = ("chair", "secretary")


def _date_change(council: Council) -> None:
    same = _shown(_before())
    _request(council)
    council.look("not_started", "due_soon", "amber", **same)

    with transaction():
        set_meeting(BY, board_by_slug("mash-board").id, TODAY)
    to_decide = {role: Shown(("Date changes to decide",), ()) for role in OFFICERS}
    council.look("not_started", "due_soon", "amber", **same, **to_decide)

    _decide(council, "refuse", words="Families cannot wait.")
    refused = "Date change refused"
    council.look("not_started", "due_soon", "amber", **_shown(_before(refused)))

    _request(council)
    council.look("not_started", "due_soon", "amber", **_shown(_before(refused)), **to_decide)

    _decide(council, "agree")
    council.due = date(2018, 6, 30)
    council.look("not_started", "not_due", "grey", **_shown(_before(refused, "Date change agreed")))


def _request(council: Council) -> None:
    council["lead"].send(
        PLACE,
        council.action,
        words="End June 2018",
        reason_class="vacancy",
        effect="Families wait for one month more.",
        cover="The duty team.",
    )


def _decide(council: Council, kind: str, **decision: str) -> None:
    """Record at today's meeting what the board decided on the request that is open."""
    section = council["chair"].page(BOARD).one("section", id="new-dates")
    assert REF in section.text
    item = next(link.attrs["href"] for link in section.all("a") if "/items/" in link.attrs["href"])
    council["chair"].submit(item, "k-form", kind=kind, **decision)


CORRECTED = "Due date reading corrected"
NEWS = ("Date change refused", "Date change agreed", CORRECTED)


def _corrected_reading(council: Council) -> None:
    edit = f"/actions/{council.action}/edit"
    council["programme_manager"].submit(edit, "read", words="15 June 2018", reason="The audit is on the 15th.")
    council.due = date(2018, 6, 15)
    officers = {role: Shown((), (CORRECTED,)) for role in OFFICERS}
    council.look("not_started", "not_due", "grey", **_shown(_before(*NEWS)), **officers)
    for role in READERS:
        shown = council[role].page(BOARD).one("section", id="corrected").text
        assert REF in shown and "15 Jun 2018" in shown and "The audit is on the 15th." in shown, role


def _verification(council: Council) -> None:
    news, officers = _before(*NEWS), {role: Shown((), (CORRECTED,)) for role in OFFICERS}
    council["lead"].send(
        PLACE,
        council.action,
        did="Every team has had the session.",
        difference="Nine in ten records are of the standard.",
        file=(io.BytesIO(PDF), "Dip sample.pdf"),
        shows="Twenty records read by two people",
        status="completed",
        month="2018-04",
    )
    claimed = _shown(news) | officers
    words = "Every team has had the session."
    to_verify = Shown(("Actions to verify",), ())
    council.look("completed", "done_on_time", "blue_outline", words=words, **claimed, verifier=to_verify)

    council["verifier"].send("/", council.action, status="in_progress", sample="Ten records.", reason="Test twenty.")
    back = {role: Shown(("Sent back to you",), (*titles, "Sent back")) for role, titles in news.items()} | officers
    council.look("in_progress", "not_due", "green", words=words, **back)

    council["lead"].send(
        "/",
        council.action,
        did="Twenty records were read.",
        url="https://intranet.example/twenty",
        shows="Twenty records",
        status="completed",
        month="2018-04",
    )
    words = "Twenty records were read."
    claimed = {role: replace(shown, needs=()) for role, shown in back.items()}
    council.look("completed", "done_on_time", "blue_outline", words=words, **claimed, verifier=to_verify)

    council["verifier"].send("/", council.action, status="verified", sample="Twenty records.", reason="All hold.")
    verified = {role: Shown((), (*claimed[role].news, "Verified")) for role in HOLDERS} | officers
    council.look("verified", "done_on_time", "blue", words=words, **verified)


def _close() -> None:
    """Close the database, so that all of it is in its one file."""
    db.session.remove()
    db.engine.dispose()


LEFT_OUT = {"id", "once", "store_key", "sha256"}
KEPT = ("progress_note", "evidence", "status_move", "help_call", "help_reply", "date_request", "date_entry", "action")


def _record() -> dict[str, list[dict[str, object]]]:
    """Return what the walk left behind, without what differs from one to the next."""
    rows = all_rows()
    return {
        name: [
            {
                column.name: value
                for column, value in zip(db.metadata.tables[name].columns, row, strict=True)
                if column.name not in LEFT_OUT and not isinstance(column.type, UtcInstant)
            }
            for row in rows[name]
        ]
        for name in KEPT
    }
