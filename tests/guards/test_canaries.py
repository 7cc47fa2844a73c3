"""A canary in everything that a character may not see, and everything that they can come to read.

They follow every link of every page to its end, open what the other's addresses are, print every form of every plan,
read their calendar and their letters. A canary is an invented word that stands nowhere else, one for each thing hidden.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from ilacs_app.access import OPERATOR
from ilacs_app.db import db, transaction
from ilacs_app.digests.pages import letters_of
from ilacs_app.editing.actions.commands import put_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.inspections.commands import enter_inspection
from ilacs_app.editing.twins.commands import link_twins
from ilacs_app.files.store import FileKept
from ilacs_app.governance.agenda.queries import agenda_facts
from ilacs_app.governance.challenges.commands import QuestionWish, answer_question, ask_question, judge_answer
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.governance.decisions.commands import ArisingWish, DecisionWish, add_action_arising, decide
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.decisions.rules import DecisionKind
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.governance.meetings.queries import meeting_of
from ilacs_app.governance.minutes.commands import publish_minutes
from ilacs_app.governance.packs.commands import publish_pack
from ilacs_app.governance.packs.contents import pack_material
from ilacs_app.governance.packs.documents import pack_documents
from ilacs_app.history import Author
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.boards.queries import board_by_slug, boards
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.model import Person
from ilacs_app.plan.commands import add_recommendation, make_plan
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation, RecommendationBoard, RecommendationLead
from ilacs_app.plan.plan_file import FileRecommendation
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence, withdraw_evidence
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.help.commands import reply_to_help
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.notes.rules import NoteText
from ilacs_app.progress.queries import action_for
from ilacs_app.reporting.minutes.word import minutes_word
from ilacs_app.reporting.packs.formats import stored_parts
from ilacs_app.text import slug_of
from ilacs_app.worklist.calendars.commands import make_calendar_address
from tests.auditor import read
from tests.conftest import BY, DATED_ON, PASSWORD, TODAY, email_of
from tests.factories import plan_file, set_plan
from tests.pure.reporting.export.test_printed_pages import Printed

STEM = "zqcanary"
"""How each canary begins."""
BASE = "https://plan.example.gov.uk"


@dataclass
class Canaries:
    """The words planted in hidden items, each with its item."""

    tag: str
    said: dict[str, str] = field(default_factory=dict)

    def new(self, where: str) -> str:
        word = f"{STEM}{self.tag}{len(self.said):03d}x"
        self.said[word] = where
        return word


def _full(canary: Callable[[str], str], board: str, lead: str, number: str) -> FileRecommendation:
    return FileRecommendation(
        number,
        f"A text {canary('text of a recommendation')}",
        "row 1",
        leads=(lead,),
        monitoring=(canary("monitoring"),),
        measures=(canary("measure"),),
        partnership_focus=canary("partnership focus"),
        link_plans=(canary("link plan"),),
        boards=(board,),
        impact=canary("impact"),
        extra={canary("heading of an own column"): canary("own column")},
    )


def _filled(world, plan_id: int, tag: str, canary: Callable[[str], str], secret: Callable[[str], str]) -> int:
    """A recommendation of this plan with everything in it that people write; answers the id of its action."""
    store = world.app.extensions["evidence"]
    with transaction():
        name = f"Lead {canary('name of a lead')}"
        lead = add_person(BY, f"{tag}@tests.example", name, PASSWORD)
        given = _full(canary, f"Board {canary('name of a board')}", name, canary("number of a recommendation"))
        recommendation = add_recommendation(BY, plan_id, given, 90)
        db.session.execute(
            update(RecommendationLead)
            .where(RecommendationLead.recommendation_id == recommendation)
            .values(person_id=lead)
        )
        text = ActionContent(f"Do {canary('text of an action')}", (f"Owner {canary('owner')}",))
        action = put_action(BY, recommendation, canary("reference"), text, "End March 2018")
        db.session.execute(
            update(Action)
            .where(Action.id == action)
            .values(
                imported_note=canary("note as imported"),
                imported_evidence=canary("evidence as imported"),
                status="in_progress",
            )
        )
    by = Author(lead, name)
    with transaction():
        words = NoteText(canary("note"), canary("difference"), canary("next step"), "need_help", canary("blocker"))
        log_progress(by, action, words)
        for sensitivity in ("open", "restricted"):
            word = canary if sensitivity == "open" else secret
            kept = FileKept(store.put(io.BytesIO(b"a,b\r\n1,2\r\n")), f"{word('file')}.csv", "text/csv")
            attach_evidence(by, action, EvidenceText(word("evidence"), "audit", sensitivity), kept)
        ask_new_date(by, action, DateWish("End June 2018", "vacancy", canary("effect"), canary("cover")))
        link = EvidenceText(canary("evidence that was withdrawn"), "audit", "open", "https://intranet.example/old")
        withdraw_evidence(by, attach_evidence(by, action, link), canary("reason of a withdrawal"))
        access = action_for(world.actor("programme_manager"), action)
        reply_to_help(world.author("programme_manager"), action, canary("reply to a request for help"), access.standing)
        board = board_named(BY, given.boards[0])
        set_meeting(BY, board, TODAY, "10:00", canary("place of a meeting"))
        member = add_person(BY, f"member.{tag}@tests.example", f"Member {tag}", PASSWORD)
        grant_role(BY, member, "board_member", board_id=board)
        asker = Author(member, f"Member {tag}")
        for item in ({"action_id": action}, {"recommendation_id": recommendation}):
            wish = QuestionWish(board, canary("question of a board"), name, due_on=TODAY, **item)
            challenge_id = ask_question(asker, wish)
            answer_id = answer_question(by, challenge_id, canary("answer to a board"))
            judge_answer(asker, challenge_id, answer_id, satisfied=False, comment=canary("verdict of a board"))
    _decided(board, action, tag, name, canary=canary)
    return action


def _decided(board: int, action: int, tag: str, lead: str, *, canary: Callable[[str], str]) -> None:
    """Record what the board decides on the action, its referral to the MASH Board, and a task for the lead."""
    meeting = db.session.scalars(select(Meeting.id).where(Meeting.board_id == board, Meeting.on_day == TODAY)).one()
    with transaction():
        clerk = add_person(BY, f"clerk.{tag}@tests.example", f"Clerk {tag}", PASSWORD)
        grant_role(BY, clerk, "secretary", board_id=board)
    by = Author(clerk, f"Clerk {tag}")
    request = db.session.scalars(select(DateRequest.id).where(DateRequest.action_id == action)).one()
    with transaction():
        key = f"date-{request}"
        noted = decide(by, meeting, DecisionWish(key, DecisionKind.NOTE, canary("words of a decision")))
        mash = board_named(BY, "MASH Board")
        decide(by, meeting, DecisionWish(key, DecisionKind.REFER, canary("words of a referral"), noted, board_id=mash))
        add_action_arising(by, meeting, ArisingWish(key, canary("action that arises"), lead, TODAY))
    with transaction():
        named = next(name for name in boards() if name.id == board)
        publish_minutes(by, named, meeting, 0, draw=minutes_word)


@dataclass
class Hidden:
    """What was hidden in the world: canaries by item, and the addresses of the items."""

    plan: Canaries
    other: Canaries
    restricted: Canaries
    plan_restricted: Canaries
    other_restricted: Canaries
    draft: Canaries
    addresses: list[str]


@pytest.fixture
def hidden(cast) -> Hidden:
    """Canaries in the twin plan beyond the MASH Board, in another live plan, in a draft, and in restricted files."""
    world = cast.world
    plan, other, restricted, draft, plan_restricted, other_restricted = (Canaries(tag) for tag in "abcdef")
    alpha = db.session.scalars(select(Plan.id).where(Plan.slug == "alpha")).one()
    own = _filled(world, world.plan_id, "twinlead", plan.new, plan_restricted.new)
    elsewhere = _filled(world, alpha, "alphalead", other.new, other_restricted.new)
    with transaction():
        unborn = make_plan(BY, "draft-plan", f"Draft {draft.new('title of a draft')}", TODAY, state="live")
        inspection = enter_inspection(BY, "Northmoor", f"ILACS {other.new('inspection')}")
        db.session.execute(
            update(Plan)
            .where(Plan.id == alpha)
            .values(title=f"Alpha {other.new('title')}", short_name=other.new("short name"), inspection_id=inspection)
        )
    lost = _filled(world, unborn, "draftlead", draft.new, draft.new)
    set_plan(unborn, state="draft")
    with transaction():
        seen = world.actions["5.3"]
        stored = world.app.extensions["evidence"].put(io.BytesIO(b"a\r\n"))
        kept = FileKept(stored, f"{restricted.new('file')}.csv", "text/csv")
        piece = EvidenceText(restricted.new("evidence"), "audit", "restricted")
        attach_evidence(world.author("lead"), seen, piece, kept)
        # the hidden item is related to a visible one: it replaces it, repeats it, or came from it
        db.session.execute(update(Action).where(Action.id == seen).values(successor_id=own))
        text = ActionContent(db.session.scalars(select(Action.text).where(Action.id == world.actions["5.2"])).one())
        home = db.session.scalars(select(ActionPlace.recommendation_id).where(ActionPlace.action_id == own)).one()
        twin = put_action(BY, home, plan.new("reference of a twin"), text, "")
        link_twins(BY, world.actions["5.2"], {twin: 1})
        imports = [plan_file(world.app), plan_file(world.app, into=world.plan_id)]
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), TODAY)
    papers = _papers(world)
    pieces = db.session.scalars(select(Evidence.id)).all()
    requests = db.session.scalars(select(DateRequest.id)).all()
    addresses = [
        *(f"/actions/{id_}" for id_ in (own, elsewhere, lost, twin)),
        *(f"/actions/{id_}/edit" for id_ in (own, elsewhere, lost)),
        *(f"/actions/{id_}/row?open=1" for id_ in (own, elsewhere, lost)),
        *(f"/actions/{id_}/{part}" for id_ in (own, elsewhere, lost) for part in ("evidence/new", "names")),
        *(f"/actions/{id_}/date-requests/reading" for id_ in (own, elsewhere, lost)),
        *(f"/evidence/{id_}{part}" for id_ in pieces for part in ("", "/withdraw")),
        *(f"/notes/{id_}/correct" for id_ in db.session.scalars(select(ProgressNote.id))),
        *(f"/date-requests/{id_}" for id_ in requests),
        *(f"/challenges/{id_}" for id_ in db.session.scalars(select(Challenge.id))),
        *_of_boards(),
        *papers,
        *_of_plans(),
        *(f"/import/{id_}{part}" for id_ in imports for part in ("", "/file")),
        *(f"/inspections/{inspection}{part}" for part in ("", "/edit")),
        *(
            f"/people/{id_}{part}"
            for id_ in db.session.scalars(select(Person.id))
            for part in ("/history", "/hand-over")
        ),
        *OF_NO_ITEM,
        f"/search?q={STEM}",
        *(f"/search?q={word}" for word in list(plan.said)[:3]),
    ]
    return Hidden(plan, other, restricted, plan_restricted, other_restricted, draft, addresses)


OF_NO_ITEM = (
    "/plans",
    "/plans/new",
    "/actions",
    "/actions/export/list?format=csv",
    "/governance",
    "/challenges",
    "/names",
    "/names?typed=Lead",
    "/manage",
    "/manage/silent",
    "/manage/help",
    "/manage/names",
    "/manage/names/match?plan=alpha&name=Nobody",
    "/inspections",
    "/inspections/new",
    "/settings/boards",
    "/settings/boards/new",
    "/settings/boards/1",
    "/settings/teams",
    "/settings/teams/new",
    "/settings/teams/1",
    "/stand-ins",
    "/people/hand-over",
    "/date-requests",
    "/import",
    "/filters?keep=/plans/twin%3Fbrag%3Dred",
    "/calendar",
    "/account",
    "/help",
)
"""Pages that are about no single item."""


def _of_plans() -> list[str]:
    """Return the addresses of every plan, and of those recommendations in which canaries are."""
    addresses = []
    for plan_id, slug in db.session.execute(select(Plan.id, Plan.slug)).all():
        parts = ("", "/check", "/export", "/edit", "/state", "/owners", "/boards", "/actions", "/history", "/twins")
        addresses += [f"/plans/{slug}{part}" for part in parts]
        addresses += [f"/plans/{slug}/{part}" for part in ("recommendations/new", "together/1")]
        addresses += [f"/plans/{slug}/export/{part}?format=csv" for part in ("list", "file")]
        filled = select(Recommendation.number).where(Recommendation.plan_id == plan_id)
        for number in db.session.scalars(filled.where(Recommendation.number.startswith(STEM))):
            at = f"/plans/{slug}/recommendations/{number}"
            addresses += [f"{at}{part}" for part in ("", "/edit", "/evidence", "/actions/new", "/names")]
    return addresses


def _of_boards() -> list[str]:
    """Return the addresses of every board, and of each of its meetings but the papers."""
    addresses = []
    for board in boards():
        at = f"/boards/{board.slug}"
        parts = (
            "",
            "/since",
            "/since/file",
            "/challenges",
            "/challenges/file?format=csv",
            "/challenges/new",
            "/meetings",
            "/history",
        )
        addresses += [f"{at}{part}" for part in (*parts, "/meetings/series", "/export", "/export/list?format=csv")]
        for meeting in db.session.scalars(select(Meeting).where(Meeting.board_id == board.id)):
            on = f"{at}/meetings/{meeting.on_day.isoformat()}"
            addresses += [f"{on}{part}" for part in ("", "/minutes", "/minutes/1/file", "/pack/preview")]
            facts = agenda_facts(OPERATOR, board.id, meeting.id, TODAY)
            addresses += [f"{on}/items/{fact.key}" for fact in facts]
            addresses += [f"{on}/items/refer-{id_}" for id_ in db.session.scalars(select(Decision.id))]
    return addresses


def _papers(world) -> list[str]:
    """Publish papers for every meeting, in every format; answers their addresses."""
    addresses = []
    meetings = db.session.execute(select(Meeting.id, Meeting.on_day, Board.slug).join(Board)).all()
    for meeting_id, on_day, slug in meetings:
        board = board_by_slug(slug)
        assert board is not None
        with transaction():
            material = pack_material(board, meeting_of(board.id, meeting_id), TODAY)
        documents = pack_documents(material, published_by=BY.name, number=1)
        with world.app.test_request_context():
            parts = stored_parts(documents, world.app.extensions["evidence"])
        with transaction():
            publish_pack(BY, material, 1, parts=parts)
        at = f"/boards/{slug}/meetings/{on_day.isoformat()}/pack"
        addresses += [f"{at}{part}" for part in ("", "/1", "/1/file?format=pdf", "/1/file?format=docx", "/1/changes")]
    return addresses


def _crawled(client, first: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each of these addresses with what it says, then those that their links lead to, up to ``MOST_PAGES``."""
    ahead, asked, most = deque(first), set[str](), len(first) + MOST_PAGES
    while ahead:
        address = ahead.popleft()
        if address in asked or len(asked) > most:
            continue
        asked.add(address)
        answer = client.get(address, follow_redirects=True)
        yield address, _text(answer)
        if answer.mimetype != "text/html":
            continue
        hrefs = (link.attrs.get("href", "").partition("#")[0] for link in read(answer.text).all("a"))
        ahead.extend(href for href in hrefs if href.startswith("/") and _worth(href))


MOST_PAGES = 300


def _worth(href: str) -> bool:
    """Filters can be combined without end, so one page of each kind stands for all."""
    return len(urlsplit(href).query) < 60


def _text(answer) -> str:
    """Return what a file or page says, with its headers, however it is packed."""
    head = str(answer.headers)
    if answer.mimetype == "application/pdf":
        pages = Printed(answer.data)
        return head + "".join((*pages.on_each_page(bold=False), *pages.on_each_page(bold=True)))
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            return (
                head
                + "".join(packed.namelist())
                + "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
            )
    return head + answer.get_data().decode("utf-8", "replace")


FORMS = ("docx", "xlsx", "csv", "json", "pdf")


def _printed(client) -> Iterator[tuple[str, str]]:
    for slug in ("twin", "alpha", "draft-plan"):
        for form in FORMS:
            for board in ("", "&board=mash-board", "&board=lac-strategy-group", "&published=1"):
                address = f"/plans/{slug}/export/file?format={form}{board}"
                yield address, _text(client.get(address))


def _personal(cast, role: str) -> Iterator[tuple[str, str]]:
    """The calendar and the letters of this character."""
    client = cast.client(role, audited=False)
    with transaction():
        key = make_calendar_address(Author(cast.people[role], role))
    yield "calendar", _text(client.get(f"/calendar/{key}.ics"))
    for letter in letters_of(BASE, TODAY).letters:
        if letter.draft.to.email == email_of(role):
            yield "letter", letter.draft.subject + letter.text + letter.html


# Which canaries each may not read: of the twin plan beyond the MASH Board, of the plan Alpha, restricted, of a draft.
BLIND = {
    "lead": ("plan_restricted", "other_restricted", "draft"),
    "verifier": ("draft",),
    "chair": ("plan_restricted", "other_restricted", "draft"),
    "secretary": ("plan_restricted", "other_restricted", "draft"),
    "administrator": ("plan_restricted", "other_restricted", "restricted"),
    "partner": ("plan", "other", "plan_restricted", "other_restricted", "draft"),
    "manager_here": ("other", "other_restricted", "draft"),
    "manager_elsewhere": ("plan", "plan_restricted", "restricted", "draft"),
    "manager_owner": ("plan", "plan_restricted", "restricted", "draft"),
    "verifier_elsewhere": ("plan", "plan_restricted", "restricted", "draft"),
    "inspector": ("other", "plan_restricted", "other_restricted", "restricted", "draft"),
    "board_member": ("plan_restricted", "other_restricted", "draft"),
    "contributor": ("plan_restricted", "other_restricted", "draft"),
    "other_lead": ("plan_restricted", "other_restricted", "restricted", "draft"),
    "viewer": ("plan_restricted", "other_restricted", "restricted", "draft"),
    "nobody": ("plan", "other", "plan_restricted", "other_restricted", "restricted", "draft"),
}
SHOWN_TO_ALL = {"name of a board", "name of a lead", "place of a meeting", "inspection"}
"""What belongs to no single plan and is read by everyone who is no partner."""


OF_QUESTIONS = {"question of a board", "answer to a board", "verdict of a board"}
"""What is shared with no inspector, in the plan they inspect either."""


def _those(hidden: Hidden, role: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for kind in BLIND[role]:
        for word, where in getattr(hidden, kind).said.items():
            if role in {"partner", "nobody"} or where not in SHOWN_TO_ALL:
                words[word] = f"{where} ({kind})"
    if role == "inspector":
        words |= {word: f"{where} (plan)" for word, where in hidden.plan.said.items() if where in OF_QUESTIONS}
    return words


AS_AT = re.compile(r"/actions/\d+|/boards/[^/]+(/since)?|/plans/[^/]+(/actions|/recommendations/[^/]+)?")
"""The addresses of the pages that are shown as at a date."""


def _of_the_past(hidden: Hidden) -> list[str]:
    """History, as pages and as a file, and the pages of what is hidden as they were at the end of a day."""
    roads = ["/history", "/history/file", "/plans/twin/history", "/boards/mash-board/history"]
    those = [address for address in hidden.addresses if AS_AT.fullmatch(address)]
    earlier = f"&since={DATED_ON.isoformat()}"
    return roads + [f"{address}?at={TODAY.isoformat()}{earlier}" for address in ("/plans/twin", *those)]


def _starts(hidden: Hidden) -> list[str]:
    return ["/", "/plans/twin", "/plans/twin?brag=red", *hidden.addresses, *_of_the_past(hidden)]


def _found(cast, hidden: Hidden, role: str) -> tuple[int, list[str]]:
    client, words = cast.client(role, audited=False), _those(hidden, role)
    number, found = 0, []
    starts = _starts(hidden)
    asked = [f"/search?q={word}" for word in list(words)[:3]]
    for read_in in (_crawled(client, starts), _printed(client), () if role == "nobody" else _personal(cast, role)):
        for where, text in read_in:
            number += 1
            told = text.casefold()
            asks = where.partition("?q=")[2] if where.startswith("/search") else ""
            found += [f"{role}: {what} on {where}" for word, what in words.items() if word in told and word != asks]
    assert asked
    return number, found


ALWAYS = ("partner", "manager_elsewhere", "manager_owner", "nobody")
"""Those who go through all of it in the default run; the others in the proof."""


@pytest.mark.parametrize(
    "role", [role if role in ALWAYS else pytest.param(role, marks=pytest.mark.proof) for role in sorted(BLIND)]
)
def test_no_one_reads_what_is_hidden_from_them(cast, hidden, role, record_property):
    number, found = _found(cast, hidden, role)
    record_property("answers read", number)
    record_property("canaries", len(_those(hidden, role)))
    record_property("found", len(found))
    assert not found, "\n".join(sorted(set(found))[:40])
    assert number > 60


def _said_of_the_same_item(world, action: int, canary: Callable[[str], str]) -> list[str]:
    """Fill the month of a second board of an item: its meeting, question, decision, minutes and papers.

    Returns the addresses at which these are.
    """
    with transaction():
        board = board_named(BY, "Joint Board")
        item = db.session.scalars(select(ActionPlace.recommendation_id).where(ActionPlace.action_id == action)).one()
        second = RecommendationBoard(recommendation_id=item, board_id=board, position=9, named_as="Joint Board")
        db.session.add(second)
        meeting = set_meeting(BY, board, TODAY, "10:00", canary("place of a meeting"))
        clerk = add_person(BY, "clerk.joint@tests.example", f"Clerk {canary('name of a secretary')}", PASSWORD)
        grant_role(BY, clerk, "secretary", board_id=board)
    by, lead = Author(clerk, "Clerk"), world.author("lead")
    with transaction():
        wish = QuestionWish(board, canary("question"), lead.name, due_on=TODAY, action_id=action)
        question = ask_question(by, wish)
        answer = answer_question(lead, question, canary("answer"))
        judge_answer(by, question, answer, satisfied=False, comment=canary("verdict"))
    with transaction():
        key = f"question-{question}"
        decide(by, meeting, DecisionWish(key, DecisionKind.NOTE, canary("words of a decision")))
        add_action_arising(by, meeting, ArisingWish(key, canary("action that arises"), lead.name, TODAY))
    with transaction():
        publish_minutes(by, next(name for name in boards() if name.id == board), meeting, 0, draw=minutes_word)
    questions = db.session.scalars(select(Challenge.id)).all()
    return [f"/actions/{action}", *(f"/challenges/{id_}" for id_ in questions), *_papers(world), *_of_boards()]


def test_a_partner_reads_nothing_that_another_board_says_of_an_item_of_both(cast, record_property):
    world, canaries = cast.world, Canaries("g")
    addresses = _said_of_the_same_item(world, world.actions["5.3"], canaries.new)
    client = cast.client("partner", audited=False)
    starts = [*addresses, *OF_NO_ITEM, "/history", "/history/file", f"/search?q={STEM}"]
    read_in = [*_crawled(client, starts), *_printed(client), *_personal(cast, "partner")]
    told = [(where, text.casefold()) for where, text in read_in]
    found = [f"{what} on {where}" for word, what in canaries.said.items() for where, text in told if word in text]
    record_property("answers read", len(told))
    record_property("found", len(found))
    assert not found, "\n".join(found)
    assert len(told) > 60
    manager = cast.client("programme_manager", audited=False)
    heard = "".join(_text(manager.get(address)) for address in (*addresses, "/settings/boards", "/history"))
    assert all(word in heard for word in canaries.said)


NOT_READ = {
    "/sign-in": "for those who are signed out",
    "/healthz": "says whether the server is up",
    "/favicon.ico": "nothing",
    "/accessibility": "the same for everyone",
    "/privacy": "the same for everyone",
    "/calendar/<token>.ics": "read as the calendar of each character",
}
"""Addresses that are not asked, each with the reason."""


def test_every_kind_of_page_is_among_those_that_are_asked(cast, hidden):
    addresses = cast.world.app.url_map.bind("localhost")
    asked = {addresses.match(urlsplit(start).path, return_rule=True)[0].rule for start in _starts(hidden)}
    rules = {rule.rule for rule in cast.world.app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert rules - asked - NOT_READ.keys() == set()
    assert not set(NOT_READ) - rules and not asked & NOT_READ.keys()


def test_the_canaries_sing_to_who_may_hear_them(cast, hidden):
    """This guard can fail: the manager of all plans reads what is in a live plan, in each file too."""
    client = cast.client("programme_manager", audited=False)
    pages = [address for address in hidden.addresses if "evidence" not in address]
    for slug, canaries in (("twin", hidden.plan), ("alpha", hidden.other)):
        words = {where: word for word, where in canaries.said.items()}
        pages.append(f"/plans/{slug}/recommendations/{words['number of a recommendation']}")
        board = slug_of(f"Board {words['name of a board']}")
        pages += [f"/boards/{board}", f"/boards/{board}/meetings", f"/boards/{board}/challenges"]
        pages += [f"/boards/{board}/meetings/{TODAY.isoformat()}"]
        pages += [f"{pages[-1]}/minutes", f"{pages[-1]}/minutes/1/file"]
        agenda = client.get(pages[-3]).text
        pages += sorted(set(re.findall(rf"/boards/{board}/meetings/[-0-9]+/items/[-a-z0-9]+", agenda)))
        pages += [f"/boards/{board}/meetings/{TODAY.isoformat()}/pack"]
    told = "".join(_text(client.get(address)) for address in pages)
    known = hidden.plan.said | hidden.other.said | hidden.plan_restricted.said
    deaf = [where for word, where in known.items() if word not in told]
    assert not deaf
    text = next(word for word, where in hidden.plan.said.items() if where == "text of an action")
    unread = [form for form in FORMS if text not in _text(client.get(f"/plans/twin/export/file?format={form}"))]
    assert not unread
