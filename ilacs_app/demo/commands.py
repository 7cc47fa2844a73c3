"""A plan to look at: an invented council, loaded through the same commands as the screens use.

The clock is moved to each day on which something happens, so that history is in order and has the right dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ilacs_app.demo.boards import BOARDS
from ilacs_app.demo.cast import LEADS, PEOPLE, Diary, at, cast_of, email_of
from ilacs_app.demo.content import COUNCIL, GLOSSARY, demo_plan_rows
from ilacs_app.demo.meetings import hold_meetings
from ilacs_app.demo.story import tell_the_story
from ilacs_app.editing.inspections.commands import enter_inspection
from ilacs_app.editing.plans.commands import change_plan
from ilacs_app.editing.plans.queries import editable_plan
from ilacs_app.files.store import EvidenceStore
from ilacs_app.history import Author
from ilacs_app.intake.imports.commands import take_in
from ilacs_app.intake.reader.contents.document import Document, grid
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.people.boards.commands import boards_named, change_board
from ilacs_app.people.boards.queries import board_line
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.plan.assignments import link_account
from ilacs_app.plan.plan_file import FileSource, PlanFile

PLAN_SLUG = "improvement-plan"


@dataclass(frozen=True)
class SignIn:
    """A sign-in of the demonstration."""

    role: str
    email: str
    password: str


def dated_for(today: date) -> date:
    """The demonstration plan's own date: the 22nd of two months ago."""
    months = today.year * 12 + today.month - 3
    return date(months // 12, months % 12 + 1, 22)


def load_demo(passwords: Mapping[str, str], spare: str, store: EvidenceStore, today: date) -> list[SignIn]:
    """Load people, plan, progress and meetings. ``passwords`` by role; ``spare`` is for the leads without a printed
    sign-in.
    """
    dated_on = dated_for(today)
    by = Author(None, "demonstration", "demonstration")
    with at(dated_on):
        ids = {name: add_person(by, email_of(name), name, spare) for name in LEADS}
        for role, name in PEOPLE.items():
            ids[name] = add_person(by, email_of(name), name, passwords[role])
        plan_id = _take_in_plan(by, dated_on)
        _give_roles(by, ids, plan_id)
        for person_id in ids.values():
            link_account(by, person_id)
        cast = cast_of(ids, plan_id, dated_on=dated_on, today=today, store=store)
    diary = Diary()
    hold_meetings(cast, diary)
    tell_the_story(cast, diary)
    diary.live()
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
    plan_id = take_in(by, file, PLAN_SLUG, dated_on, state="live", inspection_id=inspection, title=title)
    plan = editable_plan(plan_id)
    change_plan(by, plan_id, plan.version, replace(plan.text, glossary=GLOSSARY))
    return plan_id


def _give_roles(by: Author, ids: Mapping[str, int], plan_id: int) -> None:
    boards = boards_named(by, BOARDS)
    for role in ("verifier", "programme_manager", "administrator", "viewer"):
        grant_role(by, ids[PEOPLE[role]], role)
    grant_role(by, ids[PEOPLE["inspector"]], "inspector", plan_id=plan_id)
    for name, board in BOARDS.items():
        board_id = boards[name]
        grant_role(by, ids[PEOPLE["chair"]], "chair", board_id=board_id)
        grant_role(by, ids[PEOPLE["secretary"]], "secretary", board_id=board_id)
        for member in board.members:
            grant_role(by, ids[member], "board_member", board_id=board_id)
        if board.quorum:
            line = board_line(board_id)
            change_board(by, board_id, line.version, line.name, line.other_names, quorum=board.quorum)
