"""Every number that is a link leads to a list of exactly as many, for everyone who reads the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest

from ilacs_app.db import transaction
from ilacs_app.editing.recommendations.commands import withdraw_recommendation
from ilacs_app.editing.twins.commands import link_twins
from ilacs_app.governance.challenges.commands import QuestionWish, answer_question, ask_question
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.lists.rows import PAGE_ROWS
from ilacs_app.plan.visibility import recommendation_for
from tests.auditor import Node, read
from tests.conftest import BY, DATED_ON, TODAY, World
from tests.factories import CLAIM, NOTE, send, set_fact, version_of

READERS = (
    *("lead", "contributor", "verifier", "board_member", "chair", "secretary", "programme_manager"),
    *("administrator", "viewer", "inspector", "partner"),
)
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
COUNTED = re.compile(rf"(?:View all |leads |owns |All |Undo )?(\d[\d,]*)\b(?!\.\d)(?! {MONTH}| [A-Z][a-z]{{2}} 20)")
"""The text of a link that begins with a number of things."""
EXCEPT = ("/meetings/", "/pack", "/minutes", "/import/", "/history", "page=")
"""Parts of addresses that a number in a link may lead to and that are not a list of so many."""


@pytest.fixture
def busy(world: World) -> World:
    """A plan in which every number is more than none, and none is every action."""
    lead, manager = world.client("lead"), world.client("programme_manager")
    chair, other = world.author("chair"), world.client("other_lead")
    ids = world.actions
    with transaction():
        name_people(BY, ids["5.2"], "owner", ["Advanced Practitioner", "Nobody Known"])
        mash = board_by_slug("mash-board").id
        set_meeting(BY, mash, TODAY - timedelta(days=20))
        set_meeting(BY, mash, TODAY + timedelta(days=9))
        for ref in ("5.1", "5.2"):
            ask_question(chair, QuestionWish(mash, f"Why is {ref} late?", "MASH Service Manager", TODAY, ids[ref]))
        first = ask_question(chair, QuestionWish(mash, "Who is trained?", "MASH Service Manager", TODAY, ids["5.3"]))
        answer_question(world.author("lead"), first, "Both teams.")
    set_fact(ids["5.1"], due_on=TODAY - timedelta(days=3), status="in_progress")
    set_fact(ids["5.2"], due_on=TODAY - timedelta(days=5), moves=1, last_moved_on=DATED_ON, last_word_on=DATED_ON)
    set_fact(ids["6.1"], due_on=TODAY - timedelta(days=9), status="in_progress")
    asked = {"reason_class": "vacancy", "effect": "None.", "cover": "The team."}
    assert send(lead, ids["5.2"], "date-requests", words="End August 2018", **asked).status_code == 303
    for ref in ("5.3", "5.4"):
        assert send(lead, ids[ref], answer="no_change").status_code == 303
    assert send(lead, ids["5.4"], answer="no_change").status_code == 303
    assert send(lead, ids["5.5"], **CLAIM).status_code == 303
    assert send(other, ids["6.2"], **CLAIM).status_code == 303
    sample = {"status": "verified", "sample": "Ten records.", "reason": "All hold."}
    assert send(world.client("verifier"), ids["6.2"], **sample).status_code == 303
    assert send(lead, ids["5.6"], answer="need_help", blocker="No trainer is free.").status_code == 303
    away = {"status": "paused", "reason": "The provider closed.", "review_on": "31 July 2018"}
    set_fact(ids["6.3"], due_on=TODAY + timedelta(days=60))
    assert send(manager, ids["6.3"], **away).status_code == 303
    assert send(lead, ids["5.1"], **NOTE).status_code == 303
    with transaction():
        link_twins(BY, ids["1.2"], {ids["3.4"]: version_of(ids["3.4"])})
        gone = recommendation_for(world.actor("programme_manager"), world.plan_id, "9")
        withdraw_recommendation(BY, gone, 1, "Recommendation 5 says it.")
    return world


@dataclass(frozen=True)
class Number:
    """A number on a page, and the list to which it leads."""

    text: str
    number: int
    href: str


def numbers_on(page: Node) -> list[Number]:
    """The links of a page whose text begins with a number of things, or that name a number beside them."""
    numbers = []
    for link in page.one("main").all("a"):
        href = link.attrs["href"]
        if any(part in href for part in EXCEPT):
            continue
        at = next((node for node in link.above() if node.attrs.get("class") == "number"), None)
        beside = at.one("span", class_="number__n").text if at else ""
        found = COUNTED.match(beside or link.text)
        if found:
            numbers.append(Number(f"{beside} {link.text}".strip(), int(found[1].replace(",", "")), href))
    return numbers


class Follower:
    """Counts what a link leads to, as one person sees it."""

    def __init__(self, world: World, role: str) -> None:
        self.client = world.client(role)
        self.seen: dict[str, Node] = {}

    def page(self, path: str) -> Node:
        if path not in self.seen:
            answer = self.client.get(path, follow_redirects=True)
            assert answer.status_code == 200, path
            self.seen[path] = read(answer.text)
        return self.seen[path]

    def count(self, here: str, href: str, *, of_recommendations: bool) -> int:
        """Return how many there are in the list at an address, counted row by row."""
        path, _, part = href.partition("#")
        path = path or here
        page = self.page(path)
        if part and part != "all":
            return self._in_part(page.one(id=part))
        said = page.all("p", class_="chosen")
        if not said:
            return len(_rows(page.one("main")))
        if of_recommendations and path.startswith("/boards/"):
            return len([node for node in page.walk() if node.attrs.get("id", "").startswith("bar-")])
        number, what = said[0].text.removeprefix("All ").split()[:2]
        ids: set[str] = set()
        for turned in range(1, 20):
            main = self.page(f"{path}{'&' if '?' in path else '?'}page={turned}").one("main")
            rows = re.findall(rf"{what.rstrip('s:')}-\d+", " ".join(n.attrs.get("id", "") for n in _items(main)))
            ids.update(rows)
            if len(rows) < PAGE_ROWS:
                break
        assert int(number) == len(ids), path
        return len(ids)

    def _in_part(self, part: Node) -> int:
        if part.attrs["id"] == "settle":
            return sum(int(n) for n in re.findall(r"Agree or refuse (\d+)", part.text))
        if part.tag == "h2":
            if pills := part.all("span", class_="pill"):
                return int(pills[0].text)
            section = next(node for node in part.above() if node.tag == "section")
            return sum(int(n) for n in re.findall(r"(\d+) actions?\b", section.all("p")[0].text))
        return len(_rows(part))


def _items(part: Node) -> list[Node]:
    return [*part.all("tbody"), *part.all("tr")]


def _rows(part: Node) -> list[Node]:
    """The items of the list in a part of a page: rows of its tables, else of its lists."""
    rows = [row for row in (*part.all("tbody"), *part.all("li")) if "data-ref" in row.attrs]
    rows = rows or [row for body in part.all("tbody") for row in body.all("tr") if "id" in row.attrs]
    return rows or [row for body in part.all("tbody") for row in body.all("tr")] or part.all("li")


def test_numbers_of_lists_are_told_from_dates_and_references():
    texts = ("33 overdue", "View all 12", "5.2", "12 April 2018", "30 Apr 2018", "leads 2 recommendations", "7")
    assert [COUNTED.match(text) is not None for text in texts] == [True, True, False, False, False, True, True]


@pytest.mark.parametrize("role", READERS)
def test_each_number_leads_to_a_list_of_as_many(busy, role):
    follower = Follower(busy, role)
    known = (busy.client(role).get("/governance"), busy.client(role).get("/plans/twin"))
    boards = sorted(set(re.findall(r'href="(/boards/[a-z-]+)"', known[0].text)))
    places = sorted(set(re.findall(r'href="(/plans/twin/recommendations/[^"?]+)"', known[1].text)))
    pages = ["/", "/plans/twin", "/plans/twin?brag=red", "/governance", "/search?q=police", *places, *boards]
    pages += [f"{board}/since" for board in boards]
    pages += ["/search?q=mash+service+manager", "/challenges", "/plans/twin/actions"]
    if role in {"programme_manager", "administrator"}:
        pages += ["/manage", "/manage/silent", "/manage/names"]
    wrong, followed = [], 0
    for here in pages:
        for number in numbers_on(follower.page(here)):
            followed += 1
            counted = follower.count(here, number.href, of_recommendations="recommendation" in number.text)
            if counted != number.number:
                wrong.append(f"{here}: “{number.text}” leads to {counted} at {number.href}")
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert followed > 40
