"""Every answer here goes through the auditor; and the characters and items that the matrix names."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from ilacs_app.access import OPERATOR
from ilacs_app.db import db, transaction
from ilacs_app.editing.actions.commands import put_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.handover.commands import change_owners
from ilacs_app.editing.inspections.commands import enter_inspection
from ilacs_app.editing.recommendations.commands import put_recommendation
from ilacs_app.editing.recommendations.rules import RecommendationContent
from ilacs_app.editing.undo.queries import changed_lately
from ilacs_app.files.store import FileKept
from ilacs_app.governance.agenda.commands import begin_meeting
from ilacs_app.governance.agenda.queries import agenda_facts
from ilacs_app.governance.challenges.commands import QuestionWish, answer_question, ask_question
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.governance.meetings.queries import meeting_of
from ilacs_app.governance.minutes.commands import publish_minutes
from ilacs_app.governance.packs.commands import StoredPart, publish_pack
from ilacs_app.governance.packs.contents import pack_material
from ilacs_app.governance.packs.document import to_json
from ilacs_app.governance.packs.documents import pack_documents
from ilacs_app.history import Author
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.boards.queries import board_by_slug, boards
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.sign_in.commands import open_session
from ilacs_app.people.teams.commands import let_stand_in, make_team
from ilacs_app.plan.commands import make_plan
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from ilacs_app.worklist.calendars.commands import make_calendar_address
from ilacs_app.worklist.saved_filters.commands import save_filter
from tests.auditor import AuditedClient, PlainClient
from tests.conftest import BY, PASSWORD, TODAY
from tests.factories import plan_file
from tests.guards.matrix import MORE


@pytest.fixture(autouse=True)
def audited(request: pytest.FixtureRequest) -> None:
    if "app" in request.fixturenames:
        request.getfixturevalue("app").test_client_class = AuditedClient


class Cast:
    """A browser for each character, of the world and of ``MORE``, signed in without a password."""

    def __init__(self, world, people: dict[str, int]) -> None:
        self.world, self.people = world, world.people | people
        self._clients: dict[tuple[str | None, bool], FlaskClient] = {}

    def client(self, role: str | None, *, audited: bool = True) -> FlaskClient:
        if (role, audited) not in self._clients:
            self._clients[(role, audited)] = self.fresh(role, audited=audited)
        return self._clients[(role, audited)]

    def fresh(self, role: str | None, *, audited: bool = True) -> FlaskClient:
        """Another browser of the same character."""
        kind = AuditedClient if audited else PlainClient
        client = kind(self.world.app, self.world.app.response_class, use_cookies=True)
        if role is not None:
            with transaction():
                opened = open_session(self.people[role])
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = opened, True
        return client


@pytest.fixture
def cast(world) -> Cast:
    """The characters of the world, and managers and verifiers of one plan, a chair of one board and a stand-in.

    The plan Alpha, which only some of them know of, has one action; one of its two managers owns it.
    """
    with transaction():
        people = {role: add_person(BY, f"{role}@tests.example", name, PASSWORD) for role, name in MORE.items()}
        alpha = make_plan(BY, "alpha", "Alpha", TODAY, state="live")
        grant_role(BY, people["manager_here"], "programme_manager", plan_id=world.plan_id)
        for role in ("manager_elsewhere", "manager_owner"):
            grant_role(BY, people[role], "programme_manager", plan_id=alpha)
        only = put_recommendation(BY, alpha, "1", RecommendationContent("Children are seen in time."))
        put_action(BY, only, "1.1", ActionContent("See them.", (MORE["manager_owner"],)), "")
        grant_role(BY, people["verifier_elsewhere"], "verifier", plan_id=alpha)
        grant_role(BY, people["other_chair"], "chair", board_id=board_named(BY, "LAC Strategy Group"))
        let_stand_in(BY, people["stand_in"], world.people["lead"], TODAY, None, "Leave")
    return Cast(world, people)


@pytest.fixture
def named(world) -> dict[str, int]:
    """Return what the addresses of the matrix name. The evidence was added by someone who is none of the roles."""
    actions = {"mash": world.actions["5.3"], "other": world.actions["6.2"], "claimed": world.actions["6.1"]}
    store = world.app.extensions["evidence"]
    author = {"mash": world.author("lead"), "other": world.author("other_lead")}
    pieces = {}
    with transaction():
        for name in ("mash", "other"):
            for sensitivity in ("open", "restricted"):
                kept = FileKept(store.put(io.BytesIO(b"a,b\r\n1,2\r\n")), "sample.csv", "text/csv")
                text = EvidenceText("A sample", "audit", sensitivity)
                pieces[f"{sensitivity}_{name}"] = attach_evidence(author[name], actions[name], text, kept)
        link = EvidenceText("A link", "audit", "open", "https://intranet.example/")
        pieces["link"] = attach_evidence(world.author("lead"), actions["mash"], link)
        gone = add_person(BY, "gone@tests.example", "Somebody Gone", "a password of tests")
        db.session.execute(update(Evidence).values(person_id=gone))
        note = log_progress(world.author("lead"), actions["mash"], NoteText("Half the teams."))
        note_other = log_progress(world.author("other_lead"), actions["other"], NoteText("Half the teams."))
        make_calendar_address(world.author("programme_manager"))
        saved = save_filter(world.author("programme_manager"), "Red", "/plans/twin?brag=red")
        meeting_board = board_named(BY, "MASH Board")
        meeting = set_meeting(BY, meeting_board, TODAY)
        wish = DateWish("End June 2018", "vacancy", "Nothing changes.")
        request = ask_new_date(world.author("lead"), actions["mash"], wish)
        db.session.execute(update(DateRequest).values(asked_by_id=gone))
        team = make_team(BY, "A team", [])
        inspection = enter_inspection(BY, "Northmoor", "ILACS")
        imported, into = plan_file(world.app), plan_file(world.app, into=world.plan_id)
        change_owners(BY, [Chosen("owner", world.actions["12.5"], 1)], "Quality Lead")
        together = changed_lately([world.plan_id])[0].line.id
        mscb = board_named(BY, "MSCB")
        grant_role(BY, gone, "board_member", board_id=mscb)
        questions = {}
        for name, action, board, asker in (
            ("question", "mash", meeting_board, world.author("board_member")),
            ("answered", "mash", meeting_board, world.author("board_member")),
            ("question_other", "other", mscb, Author(gone, "Somebody Gone")),
        ):
            owner = author["other" if action == "other" else "mash"].name
            asked = QuestionWish(board, "How many wait?", owner, TODAY, action_id=actions[action])
            questions[name] = ask_question(asker, asked)
        answer_question(world.author("lead"), questions["answered"], "Three.")
        stand_in = let_stand_in(BY, gone, world.people["other_lead"], TODAY, None, "Leave")
        _publish_papers(world, meeting)
        _publish_minutes(world, meeting)
    return {
        **actions,
        **pieces,
        **questions,
        "note": note,
        "note_other": note_other,
        "feed": 1,
        "filter": saved,
        "meeting": meeting,
        "day": TODAY.isoformat(),
        "request": request,
        "team": team,
        "stand_in": stand_in,
        "inspection": inspection,
        "import": imported,
        "into": into,
        "together": together,
    }


def _publish_minutes(world, meeting_id: int) -> None:
    """Begin a meeting of the MASH Board and publish its minutes; what their file holds is tested elsewhere."""
    board = next(name for name in boards() if name.name == "MASH Board")
    begin_meeting(BY, meeting_id, agenda_facts(OPERATOR, board.id, meeting_id, TODAY))
    publish_minutes(world.author("secretary"), board, meeting_id, 0, draw=lambda _document: b"Minutes")


def _publish_papers(world, meeting_id: int) -> None:
    """Publish papers for a meeting of the MASH Board; what their formats hold is tested elsewhere."""
    board = board_by_slug("mash-board")
    assert board is not None
    material = pack_material(board, meeting_of(board.id, meeting_id), TODAY)
    document = to_json(pack_documents(material, published_by=BY.name, number=1).whole)
    files = {"page": document, "docx": b"Papers", "pdf": b"Papers"}
    store = world.app.extensions["evidence"]
    parts = [StoredPart(name, False, store.put(io.BytesIO(data))) for name, data in files.items()]
    publish_pack(BY, material, 1, parts=parts)
