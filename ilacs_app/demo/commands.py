"""A plan to look at: an invented council, loaded through the same commands as the screens use.

The clock is moved while the past is written, so that notes and moves have the right dates.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.dates import add_months_end, month_year
from ilacs_app.demo.content import COUNCIL, demo_plan_rows
from ilacs_app.demo.papers import publish_demo_papers
from ilacs_app.editing.inspections.commands import enter_inspection
from ilacs_app.files.store import EvidenceStore, FileKept
from ilacs_app.governance.challenges.commands import QuestionWish, answer_question, ask_question, judge_answer
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.history import Author
from ilacs_app.intake.imports.commands import take_in
from ilacs_app.intake.reader.contents.document import Document, grid
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.people.boards.commands import board_named, boards_named
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.plan.assignments import link_account, name_people
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.plan_file import FileSource, PlanFile
from ilacs_app.plan.visibility import actor_of
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.dates.deciders.commands import agree_new_date
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence, withdraw_evidence
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import Answer, NoteText
from ilacs_app.progress.queries import action_for
from ilacs_app.progress.status.commands import StatusWish, move_status
from ilacs_app.text import slug_of

PLAN_SLUG = "improvement-plan"
DOMAIN = "northmoor.example"

PEOPLE: Mapping[str, str] = {
    "lead": "MASH Service Manager",
    "contributor": "Workforce Development Officer",
    "verifier": "Quality Assurance Manager",
    "board_member": "Elected Member for Children",
    "chair": "Director of Children's Services",
    "secretary": "Governance Officer",
    "programme_manager": "Programme Manager",
    "administrator": "Service Administrator",
    "viewer": "Scrutiny Officer",
    "inspector": "Visiting Inspector",
}
LEADS = (
    "Deputy Director",
    "Principal Social Worker",
    "Private Fostering Manager",
    "Head of Quality",
    "Head of Permanence",
    "Head of Corporate Parenting",
    "Care Leavers Manager",
    "Virtual School Head",
    "Public Health Lead",
    "Strategic Housing Lead",
)

# What has happened since the plan was made, by reference. All other actions stay as imported.
VERIFIED = ("2.1", "3.1", "5.1", "6.2", "7.1", "7.2", "8.1", "9.1", "10.1", "11.1", "2.5")
CLAIMED = ("3.2", "6.3", "6.5", "1.5", "7.3")
SENT_BACK = ("5.2",)
UNDER_WAY = (
    "1.1",
    "1.2",
    "1.4",
    "1.6",
    "2.2",
    "3.4",
    "4.1",
    "4.4",
    "5.3",
    "5.5",
    "6.4",
    "8.2",
    "9.2",
    "10.2",
    "11.2",
)
QUIET = ("7.4", "3.3", "4.6", "10.3", "12.1")


@dataclass(frozen=True)
class BoardAsks:
    """A question of the demonstration. ``due_in`` is in days from today, and negative in the past."""

    ref: str
    board: str
    by: str
    owner: str
    text: str
    days_ago: int
    due_in: int
    answer: str = ""
    led_to: str = ""


QUESTIONS = (
    BoardAsks(
        "5.5",
        "MASH Board",
        "chair",
        "MASH Service Manager",
        "Did the dip sample include referrals from schools?",
        days_ago=35,
        due_in=-20,
        answer="Yes. Six of the 20 referrals came from schools, and five of those met the standard.",
        led_to="Each sample now includes at least five referrals from schools.",
    ),
    BoardAsks(
        "9.2",
        "Corporate Parenting Panel",
        "board_member",
        "Head of Permanence",
        "How many children in care have life-story work that is up to date?",
        days_ago=25,
        due_in=-3,
    ),
    BoardAsks(
        "8.2",
        "LAC Strategy Group",
        "board_member",
        "Head of Permanence",
        "How many children have waited more than six months for a permanence plan, and what is delaying them?",
        days_ago=18,
        due_in=-4,
        answer="Nine children. Seven need a court date and two need an adoption match. We track each one weekly.",
    ),
    BoardAsks(
        "5.3",
        "MASH Board",
        "chair",
        "MASH Service Manager",
        "How many police officers have completed the training on levels of need, and how many are booked?",
        days_ago=6,
        due_in=8,
    ),
)
NOTES = (
    NoteText(
        "The working group has met twice and agreed its terms of reference.",
        "",
        "Present the draft at the next meeting.",
    ),
    NoteText(
        "Half of the teams have had the workshop. The rest are booked.",
        "Fewer assessments were returned for more work this month.",
        "Run the last two workshops.",
    ),
    NoteText(
        "The first draft is out for consultation with teams.",
        "It is too early to tell.",
        "Close the consultation in two weeks.",
    ),
    NoteText(
        "Two managers dip sampled 20 case records from other teams.",
        "14 plans say what will change for the child, up from 9.",
        "Repeat the dip sample in a month.",
    ),
)
NEEDS_HELP = "12.1"
LATE_AND_ASKS = "7.4"
BLOCKED = NoteText(
    "Two of the three housing providers have agreed.",
    "",
    "Meet the third provider.",
    answer=Answer.NEED_HELP,
    blocker="The third provider needs director approval for the number of homes.",
)
_BOARDS: Mapping[str, tuple[int, int]] = {
    "LAC Strategy Group": (-23, 9),
    "MASH Board": (-30, 5),
    "Corporate Parenting Panel": (-37, 19),
}
"""Each board that meets, with the days from today to its last meeting and to its next."""


@dataclass(frozen=True)
class SignIn:
    """A sign-in of the demonstration."""

    role: str
    email: str
    password: str


@contextmanager
def at(day: date) -> Iterator[None]:
    """The clock at ``day`` while the past is written."""
    moved, today = clock.moved_to(), day
    clock.move_today(today)
    try:
        yield
    finally:
        clock.move_today(moved)


def dated_for(today: date) -> date:
    """The demonstration plan's own date: the 22nd of two months ago."""
    months = today.year * 12 + today.month - 3
    return date(months // 12, months % 12 + 1, 22)


def email_of(name: str) -> str:
    return name.lower().replace("'", "").replace(" ", ".") + "@" + DOMAIN


def load_demo(passwords: Mapping[str, str], spare: str, store: EvidenceStore, today: date) -> list[SignIn]:
    """Load people, plan and progress. ``passwords`` by role; ``spare`` is for the leads without a printed sign-in."""
    dated_on = dated_for(today)
    by = Author(None, "demonstration", "demonstration")
    with at(dated_on):
        ids = {name: add_person(by, email_of(name), name, spare) for name in LEADS}
        for role, name in PEOPLE.items():
            ids[name] = add_person(by, email_of(name), name, passwords[role])
        plan_id = _take_in_plan(by, dated_on)
        _give_roles(by, ids, plan_id)
        _set_meetings(ids, today)
    for person_id in ids.values():
        link_account(by, person_id)
    _tell_the_story(ids, plan_id, dated_on, today, store)
    _ask_questions(ids, plan_id, today)
    _change_since_the_boards_met(ids, plan_id, today, store)
    secretary = Author(ids[PEOPLE["secretary"]], PEOPLE["secretary"])
    publish_demo_papers(secretary, list(map(slug_of, _BOARDS)), store, today=today, at=at)
    return [SignIn(role, email_of(name), passwords[role]) for role, name in PEOPLE.items()]


def _take_in_plan(by: Author, dated_on: date) -> int:
    rows = demo_plan_rows(dated_on)
    document = Document("word", "demonstration plan.docx", (grid(rows, at=""),))
    read = plan_from(document, dated_on)
    inspection = enter_inspection(
        by, COUNCIL, "Inspection of children’s services", published_on=dated_on - timedelta(days=60)
    )
    file = PlanFile(FileSource("demonstration plan", "docx"), read.columns, read.recommendations, read.problems)
    title = f"Improvement plan {dated_on.year}"
    return take_in(by, file, PLAN_SLUG, dated_on, state="live", inspection_id=inspection, title=title)


def _give_roles(by: Author, ids: Mapping[str, int], plan_id: int) -> None:
    lac, mash, panel = boards_named(by, _BOARDS).values()
    for role in ("verifier", "programme_manager", "administrator", "viewer"):
        grant_role(by, ids[PEOPLE[role]], role)
    grant_role(by, ids[PEOPLE["inspector"]], "inspector", plan_id=plan_id)
    for board_id in (lac, panel, mash):
        grant_role(by, ids[PEOPLE["chair"]], "chair", board_id=board_id)
        grant_role(by, ids[PEOPLE["secretary"]], "secretary", board_id=board_id)
    for board_id in (panel, lac):
        grant_role(by, ids[PEOPLE["board_member"]], "board_member", board_id=board_id)


def _set_meetings(ids: Mapping[str, int], today: date) -> None:
    secretary = Author(ids[PEOPLE["secretary"]], PEOPLE["secretary"])
    for name, days in _BOARDS.items():
        for away in days:
            day = today + timedelta(days=away)
            set_meeting(
                secretary, board_named(secretary, name), day - timedelta(days=max(0, day.weekday() - 4)), "09:30"
            )


def _tell_the_story(ids: Mapping[str, int], plan_id: int, dated_on: date, today: date, store: EvidenceStore) -> None:
    manager = _actor(ids, PEOPLE["programme_manager"], today)
    rows = {row.ref: row for row in action_rows(manager, Filter(plan_id=plan_id), today, size=None)}
    contributor = Author(ids[PEOPLE["contributor"]], PEOPLE["contributor"])
    for ref in ("1.4", "5.3", "8.2"):
        name_people(Author(manager.id, manager.name), rows[ref].id, "contributor", [contributor.name])
    names = {id_: name for name, id_ in ids.items()}
    writers = _writers(rows, manager, ids, today)
    for place, ref in enumerate((*VERIFIED, *CLAIMED, *SENT_BACK)):
        claimed_on = dated_on + timedelta(days=12 + 2 * place % 30)
        row, who = rows[ref], writers[ref]
        with at(claimed_on):
            if row.status != "completed":
                _note_and_proof(who, row, NOTES[3], store, restricted=place % 5 == 4)
                _move(who, row, "completed", claimed_on, month=claimed_on)
        if ref not in CLAIMED:
            with at(claimed_on + timedelta(days=5)):
                tester = _actor(ids, PEOPLE["verifier"], today)
                if ref in SENT_BACK:
                    _move(
                        tester,
                        row,
                        "in_progress",
                        today,
                        reason="The sample is 8 records from one week. Sample 20.",
                    )
                else:
                    _move(
                        tester,
                        row,
                        "verified",
                        today,
                        reason="20 records from two teams confirm the improvement.",
                    )
    for place, ref in enumerate(UNDER_WAY):
        with at(today - timedelta(days=3 + place)):
            _begin(writers[ref], rows[ref], today)
            log_progress(Author(writers[ref].id, names[writers[ref].id]), rows[ref].id, NOTES[place % 3])
    for ref in QUIET:
        with at(dated_on + timedelta(days=6)):
            _begin(writers[ref], rows[ref], today)
            log_progress(Author(writers[ref].id, names[writers[ref].id]), rows[ref].id, NOTES[0])
    with at(today - timedelta(days=2)):
        stuck, late = (Author(writers[ref].id, names[writers[ref].id]) for ref in (NEEDS_HELP, LATE_AND_ASKS))
        log_progress(stuck, rows[NEEDS_HELP].id, BLOCKED)
        wish = DateWish(
            f"End {month_year(today + timedelta(days=40))}", "partner_or_supplier", "No child will wait longer."
        )
        ask_new_date(late, rows[LATE_AND_ASKS].id, wish)


SLIPPED = "10.1"
CLAIMED_AND_VERIFIED = "10.2"
CLAIMED_LATELY = "5.5"
SENT_BACK_LATELY = "7.3"
DATE_MOVED = "11.2"
EVIDENCE_WITHDRAWN = "9.2"


def _change_since_the_boards_met(ids: Mapping[str, int], plan_id: int, today: date, store: EvidenceStore) -> None:
    """Add a change of each kind that a board is told of, in the last week."""
    manager, tester = (_actor(ids, PEOPLE[role], today) for role in ("programme_manager", "verifier"))
    rows = {row.ref: row for row in action_rows(manager, Filter(plan_id=plan_id), today, size=None)}
    writers = _writers(rows, manager, ids, today)
    with at(today - timedelta(days=6)):
        slipped = "Two of the plans in this month’s sample have no date for review."
        _move(tester, rows[SLIPPED], "slipped_back", today, reason=slipped)
        dated, by = rows[DATE_MOVED], _author(writers[DATE_MOVED])
        timescale = f"End {month_year(add_months_end(dated.due_on or today, 1))}"
        wish = DateWish(timescale, "vacancy", "The survey goes on, and no child waits longer.")
        request_id = ask_new_date(by, dated.id, wish)
    for ref in (CLAIMED_AND_VERIFIED, CLAIMED_LATELY):
        with at(today - timedelta(days=5)):
            _note_and_proof(writers[ref], rows[ref], NOTES[3], store, restricted=False)
            _move(writers[ref], rows[ref], "completed", today, month=today)
    with at(today - timedelta(days=4)):
        agree_new_date(_author(manager), request_id, 1)
    with at(today - timedelta(days=3)):
        _move(tester, rows[SENT_BACK_LATELY], "in_progress", today, reason="The sample covers one team. Add a second.")
        by, shows = _author(writers[EVIDENCE_WITHDRAWN]), EvidenceText("Feedback from the first event", "staff", "open")
        feedback = FileKept(store.put(io.BytesIO(b"Event,People\r\n1,14\r\n")), "Feedback.csv", "text/csv")
        piece = attach_evidence(by, rows[EVIDENCE_WITHDRAWN].id, shows, feedback)
        withdraw_evidence(by, piece, "It is the feedback of another course.")
    with at(today - timedelta(days=2)):
        _move(tester, rows[CLAIMED_AND_VERIFIED], "verified", today, reason="Ten plans from two teams hold.")


def _author(actor: Actor) -> Author:
    return Author(actor.id, actor.name)


def _ask_questions(ids: Mapping[str, int], plan_id: int, today: date) -> None:
    """Ask the questions of the demonstration: two are open, one is answered, and one satisfied its board."""
    manager = _actor(ids, PEOPLE["programme_manager"], today)
    rows = {row.ref: row for row in action_rows(manager, Filter(plan_id=plan_id), today, size=None)}
    for question in QUESTIONS:
        asker = Author(ids[PEOPLE[question.by]], PEOPLE[question.by])
        owner = Author(ids[question.owner], question.owner)
        due_on = today + timedelta(days=question.due_in)
        with at(today - timedelta(days=question.days_ago)):
            board_id = board_named(asker, question.board)
            wish = QuestionWish(board_id, question.text, question.owner, due_on=due_on, action_id=rows[question.ref].id)
            challenge_id = ask_question(asker, wish)
        if question.answer:
            with at(due_on - timedelta(days=2)):
                answer_id = answer_question(owner, challenge_id, question.answer)
        if question.led_to:
            with at(due_on):
                judge_answer(asker, challenge_id, answer_id, satisfied=True, comment=question.led_to)


def _actor(ids: Mapping[str, int], name: str, today: date) -> Actor:
    return actor_of(ids[name], name, email_of(name), False, today)


def _writers(rows: Mapping[str, ActionRow], manager: Actor, ids: Mapping[str, int], today: date) -> dict[str, Actor]:
    """Return who writes on each action: a lead with an account, else the programme manager."""
    leads: dict[str, Actor] = {}
    for name in (*LEADS, PEOPLE["lead"]):
        lead = _actor(ids, name, today)
        for row in action_rows(lead, Filter(delivered_by=lead.acts_as), today, size=None):
            leads.setdefault(row.ref, lead)
    return {ref: leads.get(ref, manager) for ref in rows}


def _begin(who: Actor, row: ActionRow, today: date) -> None:
    if row.status == "not_started":
        _move(who, row, "in_progress", today)


def _move(who: Actor, row: ActionRow, to: str, today: date, *, month: date | None = None, reason: str = "") -> None:
    stand = action_for(who, row.id)
    wish = StatusWish(to, stand.version, reason, month)
    move_status(Author(who.id, who.name), row.id, wish, stand.position, stand.standing)


def _note_and_proof(who: Actor, row: ActionRow, note: NoteText, store: EvidenceStore, *, restricted: bool) -> None:
    by = Author(who.id, who.name)
    log_progress(by, row.id, note)
    table = b"Week,Records sampled,Met the standard\r\n1,10,6\r\n2,10,8\r\n"
    file = FileKept(store.put(io.BytesIO(table)), f"Dip sample {row.ref}.csv", "text/csv")
    shows = "How many sampled records met the standard"
    attach_evidence(by, row.id, EvidenceText(shows, "audit", "restricted" if restricted else "open"), file)
