"""What leads, the verifier and the programme manager of the demonstration do between the boards' meetings."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from ilacs_app import clock
from ilacs_app.dates import month_year
from ilacs_app.demo.cast import PEOPLE, Cast, Diary, month_end_after
from ilacs_app.files.store import FileKept
from ilacs_app.governance.challenges.commands import QuestionWish, answer_question, ask_question, judge_answer
from ilacs_app.history import Author
from ilacs_app.people.boards.commands import board_named
from ilacs_app.plan.assignments import name_people
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.dates.deciders.commands import agree_new_date
from ilacs_app.progress.dates.queries import requests_open_on
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence, withdraw_evidence
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import Answer, NoteText
from ilacs_app.progress.queries import action_for
from ilacs_app.progress.status.commands import StatusWish, move_status

# What has happened since the plan was made, by reference. All other actions stay as imported.
VERIFIED = ("7.1", "8.1", "3.1", "2.1", "6.2", "5.1", "7.2", "9.1", "10.1", "11.1", "2.5")
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
ASKS_LATELY = "9.3"
SLIPPED = "10.1"
CLAIMED_AND_VERIFIED = "10.2"
CLAIMED_LATELY = "5.5"
SENT_BACK_LATELY = "7.3"
DATE_MOVED = "11.2"
EVIDENCE_WITHDRAWN = "9.2"
BLOCKED = NoteText(
    "Two of the three housing providers have agreed.",
    "",
    "Meet the third provider.",
    answer=Answer.NEED_HELP,
    blocker="The third provider needs director approval for the number of homes.",
)


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


def tell_the_story(cast: Cast, diary: Diary) -> None:
    """Enter what happens to the actions, and the questions that are asked between meetings."""
    manager, contributor = cast.author(PEOPLE["programme_manager"]), PEOPLE["contributor"]
    for ref in ("1.4", "5.3", "8.2"):
        diary.on(cast.dated_on, partial(name_people, manager, cast.rows[ref].id, "contributor", [contributor]))
    _claims(cast, diary)
    for place, ref in enumerate(UNDER_WAY):
        diary.on(cast.today - timedelta(days=3 + place), partial(_take_up, cast, ref, NOTES[place % 3]))
    for ref in QUIET:
        diary.on(cast.dated_on + timedelta(days=6), partial(_take_up, cast, ref, NOTES[0]))
    for question in QUESTIONS:
        _question(cast, diary, question)
    _last_week(cast, diary)


def _claims(cast: Cast, diary: Diary) -> None:
    """Enter what is claimed, one action after the other until two weeks ago, and what the verifier says of it."""
    tester, claims = PEOPLE["verifier"], (*VERIFIED, *CLAIMED, *SENT_BACK)
    days = (cast.today - cast.dated_on).days - 21
    for place, ref in enumerate(claims):
        claimed_on = cast.dated_on + timedelta(days=9 + place * days // len(claims))
        if cast.rows[ref].status != "completed":
            diary.on(claimed_on, partial(_claim, cast, ref, restricted=place % 5 == 4))
        tested_on = claimed_on + timedelta(days=4)
        if ref in SENT_BACK:
            says = "The sample is 8 records from one week. Sample 20."
            diary.on(tested_on, partial(_move, cast, tester, ref, to="in_progress", reason=says))
        elif ref in VERIFIED:
            says = "20 records from two teams confirm the improvement."
            diary.on(tested_on, partial(_move, cast, tester, ref, to="verified", reason=says))


def _question(cast: Cast, diary: Diary, question: BoardAsks) -> None:
    """Enter a question that is asked between meetings, with its answer and what it led to."""
    asker, owner = cast.author(PEOPLE[question.by]), cast.author(question.owner)
    due_on = cast.today + timedelta(days=question.due_in)
    ids: dict[str, int] = {}

    def ask() -> None:
        board_id = board_named(asker, question.board)
        about = cast.rows[question.ref].id
        ids["question"] = ask_question(
            asker, QuestionWish(board_id, question.text, question.owner, due_on=due_on, action_id=about)
        )

    def answer() -> None:
        ids["answer"] = answer_question(owner, ids["question"], question.answer)

    def judge() -> None:
        judge_answer(asker, ids["question"], ids["answer"], satisfied=True, comment=question.led_to)

    diary.on(cast.today - timedelta(days=question.days_ago), ask)
    if question.answer:
        diary.on(due_on - timedelta(days=2), answer)
    if question.led_to:
        diary.on(due_on, judge)


def _last_week(cast: Cast, diary: Diary) -> None:
    """Enter a change of each kind that a board is told of."""
    tester, today = PEOPLE["verifier"], cast.today
    slipped = "Two of the plans in this month’s sample have no date for review."
    diary.on(today - timedelta(days=6), partial(_move, cast, tester, SLIPPED, to="slipped_back", reason=slipped))
    diary.on(today - timedelta(days=6), partial(_asks, cast, DATE_MOVED, 1, "vacancy"))
    for ref in (CLAIMED_AND_VERIFIED, CLAIMED_LATELY):
        diary.on(today - timedelta(days=5), partial(_claim, cast, ref, restricted=False))
    diary.on(today - timedelta(days=5), partial(_asks, cast, ASKS_LATELY, 3, "under_estimated"))
    diary.on(today - timedelta(days=4), partial(_agree, cast, DATE_MOVED))
    again = "The sample covers one team. Add a second."
    diary.on(today - timedelta(days=3), partial(_move, cast, tester, SENT_BACK_LATELY, to="in_progress", reason=again))
    diary.on(today - timedelta(days=3), partial(_withdraw_evidence, cast))
    holds = "Ten plans from two teams hold."
    diary.on(today - timedelta(days=2), partial(_move, cast, tester, CLAIMED_AND_VERIFIED, to="verified", reason=holds))
    diary.on(today - timedelta(days=2), partial(_note, cast, NEEDS_HELP, BLOCKED))
    timescale = f"End {month_year(today + timedelta(days=40))}"
    wish = DateWish(timescale, "partner_or_supplier", "No child will wait longer.")
    diary.on(
        today - timedelta(days=2), partial(ask_new_date, _writer(cast, LATE_AND_ASKS), _id(cast, LATE_AND_ASKS), wish)
    )


def _take_up(cast: Cast, ref: str, note: NoteText) -> None:
    if action_for(cast.actor(cast.writers[ref]), _id(cast, ref)).position.status == "not_started":
        _move(cast, cast.writers[ref], ref, to="in_progress")
    _note(cast, ref, note)


def _note(cast: Cast, ref: str, note: NoteText) -> None:
    log_progress(_writer(cast, ref), _id(cast, ref), note)


def _claim(cast: Cast, ref: str, *, restricted: bool) -> None:
    _note(cast, ref, NOTES[3])
    table = b"Week,Records sampled,Met the standard\r\n1,10,6\r\n2,10,8\r\n"
    shows = "How many sampled records met the standard"
    about = EvidenceText(shows, "audit", "restricted" if restricted else "open")
    _attach(cast, ref, about, name=f"Dip sample {ref}.csv", table=table)
    _move(cast, cast.writers[ref], ref, to="completed", month=clock.today())


def _attach(cast: Cast, ref: str, about: EvidenceText, *, name: str, table: bytes) -> int:
    file = FileKept(cast.store.put(io.BytesIO(table)), name, "text/csv")
    return attach_evidence(_writer(cast, ref), _id(cast, ref), about, file)


def _withdraw_evidence(cast: Cast) -> None:
    about, table = EvidenceText("Feedback from the first event", "staff", "open"), b"Event,People\r\n1,14\r\n"
    piece = _attach(cast, EVIDENCE_WITHDRAWN, about, name="Feedback.csv", table=table)
    withdraw_evidence(_writer(cast, EVIDENCE_WITHDRAWN), piece, "It is the feedback of another course.")


def _move(cast: Cast, who: str, ref: str, *, to: str, month: date | None = None, reason: str = "") -> None:
    action = action_for(cast.actor(who), _id(cast, ref))
    wish = StatusWish(to, action.version, reason, month)
    move_status(cast.author(who), action.action_id, wish, action.position, action.standing)


def _asks(cast: Cast, ref: str, months: int, reason_class: str) -> None:
    wish = DateWish(
        month_end_after(cast.rows[ref], months), reason_class, "The work goes on, and no child waits longer."
    )
    ask_new_date(_writer(cast, ref), _id(cast, ref), wish)


def _agree(cast: Cast, ref: str) -> None:
    request = next(iter(requests_open_on([_id(cast, ref)])))
    agree_new_date(cast.author(PEOPLE["programme_manager"]), request.id, request.version)


def _writer(cast: Cast, ref: str) -> Author:
    return cast.author(cast.writers[ref])


def _id(cast: Cast, ref: str) -> int:
    return cast.rows[ref].id
