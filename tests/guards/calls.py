"""Every public command that changes the record, called as someone would use it, on the world of the tests."""

from __future__ import annotations

import importlib
import inspect
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import CodeType, FrameType, FunctionType, SimpleNamespace
from uuid import uuid4

from sqlalchemy import select, update

import ilacs_app
from ilacs_app import clock
from ilacs_app.access import ActsAs
from ilacs_app.db import db
from ilacs_app.digests.commands import (
    claim_next,
    give_up_leases,
    mark_refused,
    mark_sent,
    mark_unsure,
    queue_letters,
    refuse_inactive,
    retry_letters,
    rewrite_letter,
)
from ilacs_app.digests.model import Letter
from ilacs_app.editing.actions.commands import (
    ActionChange,
    NewReference,
    change_action,
    change_actions,
    change_references,
    move_action,
    put_action,
)
from ilacs_app.editing.actions.queries import editable_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.governing_boards.commands import change_boards
from ilacs_app.editing.governing_boards.rules import BoardChange, BoardsChange
from ilacs_app.editing.handover.commands import change_owners, hand_over
from ilacs_app.editing.handover.queries import held_by
from ilacs_app.editing.inspections.commands import change_inspection, enter_inspection
from ilacs_app.editing.inspections.queries import InspectionContent
from ilacs_app.editing.plans.commands import change_plan, move_plan
from ilacs_app.editing.plans.queries import editable_plan
from ilacs_app.editing.recommendations.commands import (
    change_recommendation,
    move_recommendation,
    put_recommendation,
    return_recommendation,
    withdraw_recommendation,
)
from ilacs_app.editing.recommendations.queries import editable_recommendation
from ilacs_app.editing.recommendations.rules import RecommendationContent
from ilacs_app.editing.timescales.commands import correct_timescale, give_first_date
from ilacs_app.editing.twins.commands import link_twins, part_twin
from ilacs_app.editing.undo.commands import undo_change, undo_recommendation_change, undo_together
from ilacs_app.editing.undo.queries import changed_lately, one_by_one
from ilacs_app.files.store import FileKept
from ilacs_app.governance.agenda.commands import add_deep_dive, begin_meeting, change_agenda
from ilacs_app.governance.agenda.queries import arranged_at
from ilacs_app.governance.agenda.rules import AgendaChange, AgendaFact, AgendaKind
from ilacs_app.governance.attendance.commands import AttendanceEntry, record_attendance
from ilacs_app.governance.attendance.rules import Attended
from ilacs_app.governance.challenges.commands import (
    QuestionWish,
    answer_question,
    ask_question,
    judge_answer,
    withdraw_question,
)
from ilacs_app.governance.challenges.items import Askable
from ilacs_app.governance.decisions.commands import ArisingWish, DecisionWish, add_action_arising, decide
from ilacs_app.governance.decisions.rules import DecisionKind
from ilacs_app.governance.meetings.commands import cancel_meeting, change_meeting, set_meeting
from ilacs_app.governance.meetings.queries import meeting_of, meetings
from ilacs_app.governance.minutes.commands import publish_minutes
from ilacs_app.governance.minutes.queries import versions_of
from ilacs_app.governance.packs.commands import StoredPart, publish_pack
from ilacs_app.governance.packs.contents import pack_material
from ilacs_app.governance.packs.document import to_json
from ilacs_app.governance.packs.documents import pack_documents
from ilacs_app.governance.series.commands import set_series
from ilacs_app.history import Author, of_action, of_recommendation
from ilacs_app.intake.imports.commands import (
    confirm_into_plan,
    confirm_new_plan,
    correct_plan_file,
    put_away_plan_file,
    refuse_plan_file,
    take_in,
)
from ilacs_app.intake.imports.queries import ready_plan
from ilacs_app.intake.merging.commands import merge_plan_file
from ilacs_app.intake.merging.queries import plan_differences
from ilacs_app.intake.reader.choices import Choices
from ilacs_app.intake.reader.read import read_plan
from ilacs_app.people.boards.commands import board_named, boards_named, change_board, make_board
from ilacs_app.people.boards.queries import boards
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.model import Person
from ilacs_app.people.teams.commands import change_team, end_stand_in, let_stand_in, make_team
from ilacs_app.plan.assignments import link_account, link_team, match_account, name_people, part_account
from ilacs_app.plan.commands import Home, add_action, add_actions, add_recommendation, add_recommendations, make_plan
from ilacs_app.plan.lists.rows import action_row
from ilacs_app.plan.model import Action, Recommendation
from ilacs_app.progress.completion.commands import confirm_month
from ilacs_app.progress.dates.commands import DateWish, ask_from_file, ask_new_date, take_back_request
from ilacs_app.progress.dates.deciders.commands import agree_new_date, refuse_new_date
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence, withdraw_evidence
from ilacs_app.progress.help.commands import call_for_help, end_help, judge_help, reply_to_help
from ilacs_app.progress.notes.commands import correct_note, log_progress
from ilacs_app.progress.notes.rules import NoteText
from ilacs_app.progress.overrides.commands import OverrideWish, override_rating
from ilacs_app.progress.queries import action_for
from ilacs_app.progress.stages.commands import tick_stage, untick_stage
from ilacs_app.progress.status.commands import StatusWish, move_status
from ilacs_app.worklist.calendars.commands import make_calendar_address, revoke_calendar_address
from ilacs_app.worklist.calendars.queries import feeds
from ilacs_app.worklist.saved_filters.commands import save_filter, take_filter_away
from ilacs_app.worklist.saved_filters.queries import kept_filters
from tests.conftest import BY, CHARACTERS, DATED_ON, SAMPLES
from tests.data.history import commands as random_commands
from tests.factories import plan_file

HOME = Path(ilacs_app.__file__).parent
DAY = date(2018, 4, 7)

# Parts of commands, in plan/assignments.py and editing/bulk/commands.py: the command that calls them is called here.
PARTS_OF_COMMANDS = {
    "together_key",
    "record_together",
    "person_named",
    "match_name",
    "match_names",
    "match_where_unreached",
    "names_linked",
    "lead_rows",
    "assigned_rows",
    "board_rows",
    "set_leads_of",
    "set_assigned_of",
    "set_boards_of",
    "relink",
    "ask_instead",
    "keep_items",
}

# What is in a commands.py and changes no part of the record.
EXEMPT = {
    "people": {
        "signed_in_person": "reads",
        "open_session": "a sign-in is not part of the record; its row says when",
        "end_session": "a sign-in is not part of the record; its row says when",
        "forget_old": "sign-ins and once-keys are not part of the record",
        "see_session": "a sign-in is not part of the record; its row says when",
        "keep_draft": "what is typed and not saved is no part of the record",
        "drop_draft": "what is typed and not saved is no part of the record",
        "say_once": "remembers what was said of a form; what the form saved has its own event",
        "enter_once": "remembers a form that was saved; what the form saved has its own event",
    },
    "plan": {"check_slug": "reads", "proposed_status": "computes"},
    "digests": {
        "claim_next": "a lease: it says who is sending, and ends by itself",
        "queue_again": "a lease: it says who is sending, and ends by itself",
    },
    "progress": {
        "note_bundle": "an event is all that it is: somebody took files away, and nothing changed",
        "attach_each": "attach_evidence, which it calls for each file, writes its event",
        "stands_already": "reads",
        "append_note": "the row of a note; log_progress and correct_note, which call it, write its event",
    },
    "intake": {"discard_unnamed": "takes a file away that no row names"},
    "demo": {
        "dated_for": "computes",
        "load_demo": "only calls the commands of others",
    },
}


def wish_status(world, role: str, ref: str, to: str, **more: object) -> None:
    stand = action_for(world.actor(role), world.actions[ref], today=DAY)
    wish = StatusWish(to, stand.version, **more)
    move_status(world.author(role), stand.action_id, wish, stand.position, stand.standing)


def _asked(world, ref: str = "5.3") -> int:
    wish = DateWish("End May 2018", "vacancy", "Nothing changes.")
    return ask_new_date(world.author("lead"), world.actions[ref], wish)


def _rating_overridden(world) -> None:
    stand = action_for(world.actor("chair"), world.actions["5.3"], today=DAY)
    facts = action_row(world.actor("chair"), stand.action_id, DAY).facts
    override_rating(
        world.author("chair"), stand.action_id, OverrideWish("red", stand.version, "No trainer."), facts, stand.standing
    )


def _month_confirmed(world) -> None:
    action = world.actions["6.1"]
    db.session.execute(update(Action).where(Action.id == action).values(completed_on=None))
    confirm_month(_manager(world), action, action_for(world.actor("programme_manager"), action).version, DAY)


def _ticked(world) -> None:
    stand = action_for(world.actor("programme_manager"), world.actions["8.3"], today=DAY)
    tick_stage(_manager(world), stand.action_id, 0, stand.version)


def _unticked(world) -> None:
    _ticked(world)
    stand = action_for(world.actor("programme_manager"), world.actions["8.3"], today=DAY)
    untick_stage(_manager(world), stand.action_id, 0, stand.version, "One team was left out.")


def _helpless(world) -> tuple[int, int]:
    """A request for help on 5.6: the action, and the note that holds it."""
    asked = NoteText(answer="need_help", blocker="No trainer.")
    return world.actions["5.6"], log_progress(world.author("programme_manager"), world.actions["5.6"], asked)


def _help_asked(world) -> None:
    action_id, note_id = _helpless(world)
    call_for_help(world.author("contributor"), action_id, note_id, "No room either.")


def _replied(world) -> None:
    action_id, _ = _helpless(world)
    stand = action_for(world.actor("lead"), action_id, today=DAY)
    reply_to_help(world.author("lead"), action_id, "One comes on Monday.", stand.standing)


def _help_judged(world) -> None:
    _replied(world)
    access = action_for(world.actor("contributor"), world.actions["5.6"], today=DAY)
    may_write = replace(access.standing, delivers=True)
    judge_help(world.author("contributor"), access.action_id, may_write, helped=False)


def _file(world) -> None:
    kept = FileKept(world.app.extensions["evidence"].put(io.BytesIO(b"a,b\n")), "a.csv", "text/csv")
    attach_evidence(world.author("lead"), world.actions["5.2"], EvidenceText("x", "audit", "open"), kept)


def _corrected(world) -> None:
    by = world.author("lead")
    correct_note(by, log_progress(by, world.actions["5.2"], NoteText("Done")), NoteText("Half done"))


def _withdrawn(world) -> None:
    link = EvidenceText("x", "audit", "open", "https://intranet.example/")
    withdraw_evidence(world.author("lead"), attach_evidence(world.author("lead"), world.actions["5.2"], link), "Wrong")


def _recommendation():
    return read_plan(SAMPLES / "plan.csv", DATED_ON).recommendations[0]


def _manager(world) -> Author:
    return world.author("programme_manager")


def _numbered(number: str = "99"):
    return replace(_recommendation(), number=number)


def _confirmed(world) -> None:
    import_id = plan_file(world.app)
    confirm_new_plan(BY, import_id, 2, ready_plan(import_id))


def _home(world) -> Home:
    return Home(world.plan_id, DATED_ON, db.session.scalars(select(Recommendation.id)).first(), 99)


def _rename_and_link(world) -> None:
    db.session.execute(update(Person).where(Person.id == world.people["nobody"]).values(name="Care Leavers Manager"))
    assert link_account(_manager(world), world.people["nobody"]) == 1


def _matched(world, name: str = "New Startr") -> None:
    name_people(_manager(world), world.actions["6.2"], "owner", [name])
    assert match_account(_manager(world), world.plan_id, name, world.people["nobody"]) == 1


def _parted_account(world) -> None:
    _matched(world, "Nw Starter")
    assert part_account(_manager(world), world.plan_id, "Nw Starter", world.people["nobody"]) == 1


def _written(world) -> SimpleNamespace:
    """A letter as it comes from composing."""
    to = SimpleNamespace(person_id=world.people["lead"], email="lead@tests.example")
    draft = SimpleNamespace(
        to=to,
        kind="lead",
        period="2018-W14",
        subject="Your actions",
        action_ids=(1,),
        challenge_ids=(),
        recommendation_ids=(),
    )
    return SimpleNamespace(draft=draft, text="x", html="x", message_id=uuid4().hex)


def _letter(world, state: str) -> int:
    letter = Letter(
        person_id=world.people["lead"],
        kind="lead",
        period=uuid4().hex,
        to_email="lead@tests.example",
        subject="Your actions",
        text="x",
        html="x",
        message_id=uuid4().hex,
        state=state,
        queued_at=clock.now(),
    )
    db.session.add(letter)
    db.session.flush()
    return letter.id


def _held(world):
    """A letter that a sender holds."""
    letter_id = _letter(world, "queued")
    mail = claim_next(clock.real_now(), after=letter_id - 1)
    assert mail is not None and mail.id == letter_id
    return mail


def _gave_up(world) -> None:
    _held(world)
    assert give_up_leases(BY, clock.real_now() + timedelta(hours=1)) == 1


def _refuse_somebody_gone(world) -> None:
    _letter(world, "queued")
    db.session.execute(update(Person).where(Person.id == world.people["lead"]).values(active=False))
    assert refuse_inactive(BY) > 0
    db.session.execute(update(Person).where(Person.id == world.people["lead"]).values(active=True))


def _retry(world) -> None:
    _letter(world, "refused")
    assert retry_letters(BY) > 0


def _other_members(world) -> None:
    team_id = make_team(_manager(world), "A team", [])
    change_team(_manager(world), team_id, 1, "A team", [world.people["lead"]])


def _other_inspection(world) -> None:
    found = enter_inspection(_manager(world), "Northmoor", "ILACS")
    change_inspection(_manager(world), found, 1, InspectionContent("Northmoor", "ILACS, April 2026"))


def _other_title(world) -> None:
    facts = editable_plan(world.plan_id)
    change_plan(_manager(world), world.plan_id, facts.version, replace(facts.text, title="Another title"))


def _new_recommendation(world) -> int:
    number = str(100 + len(db.session.scalars(select(Recommendation.id)).all()))
    return put_recommendation(_manager(world), world.plan_id, number, RecommendationContent("Do it"))


def _reworded(world) -> None:
    id_ = _new_recommendation(world)
    change_recommendation(_manager(world), id_, 1, replace(editable_recommendation(id_).text, text="Do it well"))


def _taken_up(world) -> None:
    id_ = _new_recommendation(world)
    withdraw_recommendation(_manager(world), id_, 1, "Not needed.")
    return_recommendation(_manager(world), id_, 2, "It is.")


def _new_action(world, timescale: str = "") -> int:
    ref = f"100.{len(world.actions) + len(db.session.scalars(select(Action.id)).all())}"
    return put_action(_manager(world), _new_recommendation(world), ref, ActionContent("Write it down"), timescale)


def _undone(world) -> None:
    action_id = _new_action(world)
    change_action(_manager(world), action_id, 1, ActionContent("Write it up"))
    undo_change(_manager(world), action_id, 2, of_action(action_id)[0].id)


def _undone_recommendation(world) -> None:
    id_ = _new_recommendation(world)
    change_recommendation(_manager(world), id_, 1, replace(editable_recommendation(id_).text, leads=("Team Manager",)))
    undo_recommendation_change(_manager(world), id_, 2, of_recommendation(id_)[0].id)


def _moved_within(world) -> None:
    action_id = _new_action(world)
    (at,) = editable_action(action_id).places
    move_action(_manager(world), action_id, 1, at.recommendation_id, at.recommendation_id, f"{at.ref}.1")


def _other_reference(world) -> None:
    action_id = _new_action(world)
    (at,) = editable_action(action_id).places
    new = NewReference(action_id, 1, at.recommendation_id, f"{at.ref}b")
    assert change_references(_manager(world), world.plan_id, [new]) == []


def _twins(world) -> tuple[int, int]:
    """Two new actions with the same words, in two recommendations."""
    return _new_action(world, "End May 2018"), _new_action(world, "End June 2018")


def _linked_twins(world) -> int:
    kept, twin = _twins(world)
    link_twins(_manager(world), kept, {twin: 1})
    return twin


def _end_stand_in(world) -> None:
    by = _manager(world)
    assert end_stand_in(by, let_stand_in(by, world.people["inspector"], world.people["lead"], DAY, None, ""))


def _meeting(world) -> int:
    """A meeting on a day that no other meeting of this test has."""
    taken = len(meetings(board_named(BY, "MASH Board")))
    return set_meeting(_manager(world), board_named(BY, "MASH Board"), DAY + timedelta(days=30 + taken))


def papers_published(world) -> int:
    """Publish papers for a meeting on a new day; what their formats hold is tested elsewhere."""
    board = next(board for board in boards() if board.name == "MASH Board")
    material = pack_material(board, meeting_of(board.id, _meeting(world)), DAY)
    document = to_json(pack_documents(material, published_by=BY.name, number=1).whole)
    store = world.app.extensions["evidence"]
    files = {"page": document, "docx": b"Papers", "pdf": b"Papers"}
    parts = [StoredPart(name, False, store.put(io.BytesIO(data))) for name, data in files.items()]
    return publish_pack(world.author("secretary"), material, 1, parts=parts)


def minutes_published(world) -> int:
    """Publish the minutes of today's meeting; what their file holds is tested elsewhere."""
    board = next(board for board in boards() if board.name == "MASH Board")
    meeting, by = meeting_today(world), world.author("secretary")
    decide(by, meeting, DecisionWish(key_of_dive(world), DecisionKind.NOTE, "For the minutes."))
    seen = len(versions_of(meeting))
    return publish_minutes(by, board, meeting, seen, draw=lambda _document: b"Minutes")


def _late_item() -> AgendaFact:
    return AgendaFact("late-1", AgendaKind.LATE, "5.3 An overdue action", "/actions/1", action_id=1)


def meeting_today(world) -> int:
    """The meeting of the MASH Board today, with 5.3 on its agenda as a deep dive."""
    board = board_named(BY, "MASH Board")
    today = [meeting.id for meeting in meetings(board) if meeting.on_day == DAY]
    meeting = today[0] if today else set_meeting(_manager(world), board, DAY)
    if not any(entry.key == key_of_dive(world) for entry in arranged_at(meeting)):
        add_deep_dive(world.author("chair"), meeting, _deep_dive(world))
    return meeting


def key_of_dive(world) -> str:
    return f"dive-action-{world.actions['5.3']}"


def _deep_dive(world) -> Askable:
    return Askable(world.plan_id, "twin", "Twin", "5.3", "An action", "", action_id=world.actions["5.3"])


def question_asked(world) -> int:
    wish = QuestionWish(
        board_named(BY, "MASH Board"), "How many wait?", CHARACTERS["lead"], DAY, action_id=world.actions["5.3"]
    )
    return ask_question(world.author("chair"), wish)


def _question_answered(world) -> tuple[int, int]:
    challenge_id = question_asked(world)
    return challenge_id, answer_question(world.author("lead"), challenge_id, "Three.")


def _answer_judged(world) -> None:
    challenge_id, answer_id = _question_answered(world)
    judge_answer(world.author("chair"), challenge_id, answer_id, satisfied=True)


def _stop_calendar(world) -> None:
    by = world.author("lead")
    make_calendar_address(by)
    assert revoke_calendar_address(by, feeds(world.people["lead"])[-1].id)


def _merged(world) -> None:
    import_id = plan_file(world.app, into=world.plan_id)
    taken = [one.key for one in plan_differences(world.plan_id, import_id) if one.proposed == "file"]
    merge_plan_file(_manager(world), world.actor("programme_manager"), import_id, 2, taken[:1])


def _hand_over(world) -> None:
    held = [one for one in held_by(world.actor("programme_manager"), world.people["other_lead"]) if one.part == "lead"]
    chosen = [Chosen(one.part, one.id, one.version) for one in held]
    hand_over(_manager(world), world.people["other_lead"], chosen, "Quality Lead")


def _change_boards(world) -> None:
    change = BoardChange(BoardsChange.ADD, max(board.id for board in boards()))
    facts = editable_recommendation(_new_recommendation(world))
    change_boards(_manager(world), [Chosen("board", facts.id, facts.version)], change, "A board added")


def _undo_together(world) -> None:
    _change_boards(world)
    (made,) = changed_lately([world.plan_id], newest=1)
    seen = [one.seen for one in one_by_one(made.line)]
    undo_together(_manager(world), world.plan_id, made.line.id, seen)


def owners_changed(world) -> None:
    seen = action_row(world.actor("programme_manager"), world.actions["5.3"], DAY).version
    change_owners(_manager(world), [Chosen("owner", world.actions["5.3"], seen)], "Quality Lead")


def _take_filter_away(world) -> None:
    (kept,) = kept_filters(world.people["lead"])
    assert take_filter_away(world.author("lead"), kept.id) == "Red"


# Every command that changes the record, as someone would use it.
CALLS = {
    "people": {
        "add_person": lambda w: add_person(_manager(w), "n@tests.example", "N", "a password of tests"),
        "grant_role": lambda w: grant_role(_manager(w), w.people["nobody"], "viewer"),
        "board_named": lambda w: board_named(_manager(w), "A new board"),
        "boards_named": lambda w: boards_named(_manager(w), ["A new board", "Another new board"]),
        "make_board": lambda w: make_board(_manager(w), "Practice Board", ["PB"]),
        "change_board": lambda w: change_board(
            _manager(w), make_board(_manager(w), "One Board"), 1, "Other Board", [], quorum=3
        ),
        "make_team": lambda w: make_team(_manager(w), "Quality Board Team", [w.people["nobody"]]),
        "change_team": _other_members,
        "let_stand_in": lambda w: let_stand_in(_manager(w), w.people["viewer"], w.people["lead"], DAY, None, "Leave"),
        "end_stand_in": _end_stand_in,
    },
    "plan": {
        "enter_inspection": lambda w: enter_inspection(_manager(w), "Northmoor", "ILACS"),
        "make_plan": lambda w: make_plan(_manager(w), "other", "Other", DAY, state="draft"),
        "add_recommendation": lambda w: add_recommendation(_manager(w), w.plan_id, _numbered(), 99),
        "add_recommendations": lambda w: add_recommendations(_manager(w), w.plan_id, [_numbered("98")], 98),
        "add_actions": lambda w: add_actions(
            _manager(w), [(replace(_home(w), position=98), _recommendation().actions[0])]
        ),
        "add_action": lambda w: add_action(_manager(w), _home(w), _recommendation().actions[0]),
        "name_people": lambda w: name_people(_manager(w), w.actions["1.1"], "owner", ["Training Officer"]),
        "hand_over": _hand_over,
        "change_owners": owners_changed,
        "change_boards": _change_boards,
        "undo_together": _undo_together,
        "link_account": _rename_and_link,
        "match_account": _matched,
        "part_account": _parted_account,
        "link_team": lambda w: link_team(_manager(w), make_team(_manager(w), "Private Fostering Manager", [])),
        "put_recommendation": _new_recommendation,
        "change_recommendation": _reworded,
        "change_recommendations": _change_boards,
        "move_recommendation": lambda w: move_recommendation(_manager(w), _new_recommendation(w), 1, "200", 1),
        "withdraw_recommendation": lambda w: withdraw_recommendation(_manager(w), _new_recommendation(w), 1, "No."),
        "return_recommendation": _taken_up,
        "put_action": _new_action,
        "change_action": lambda w: change_action(_manager(w), _new_action(w), 1, ActionContent("Write it up")),
        "change_actions": lambda w: change_actions(
            _manager(w), [ActionChange(_new_action(w), 1, ActionContent("Write them up"))]
        ),
        "undo_change": _undone,
        "undo_recommendation_change": _undone_recommendation,
        "move_action": _moved_within,
        "change_references": _other_reference,
        "give_first_date": lambda w: give_first_date(
            _manager(w), _new_action(w), 1, "End June 2018", reason="Agreed.", acts_as=ActsAs((0,))
        ),
        "correct_timescale": lambda w: correct_timescale(
            _manager(w), _new_action(w, "End May 2018"), 1, "9 May 2018", reason="Typed wrongly.", acts_as=ActsAs((0,))
        ),
        "link_twins": _linked_twins,
        "part_twin": lambda w: part_twin(_manager(w), _linked_twins(w), 2),
        "change_inspection": _other_inspection,
        "change_plan": _other_title,
        "move_plan": lambda w: move_plan(
            _manager(w), make_plan(_manager(w), "one", "One", DAY, state="draft"), 1, "submitted"
        ),
    },
    "progress": {
        "log_progress": lambda w: log_progress(w.author("lead"), w.actions["5.2"], NoteText("Done")),
        "correct_note": _corrected,
        "call_for_help": _help_asked,
        "reply_to_help": _replied,
        "judge_help": _help_judged,
        "end_help": lambda w: end_help(w.author("lead"), _helpless(w)[0], "answered since"),
        "attach_evidence": _file,
        "withdraw_evidence": _withdrawn,
        "move_status": lambda w: wish_status(w, "lead", "5.2", "in_progress"),
        "ask_from_file": lambda w: ask_from_file(_manager(w), w.actions["5.2"], "End July 2018", "plan-2.docx"),
        "ask_new_date": _asked,
        "take_back_request": lambda w: take_back_request(w.author("lead"), _asked(w), 1),
        "refuse_new_date": lambda w: refuse_new_date(_manager(w), _asked(w), 1, "Not now."),
        "agree_new_date": lambda w: agree_new_date(_manager(w), _asked(w), 1),
        "confirm_month": _month_confirmed,
        "untick_stage": _unticked,
        "tick_stage": _ticked,
        "override_rating": _rating_overridden,
    },
    "digests": {
        "queue_letters": lambda w: queue_letters(BY, [_written(w)]),
        "mark_sent": lambda w: mark_sent(BY, _held(w)),
        "mark_refused": lambda w: mark_refused(BY, _held(w), "No such mailbox."),
        "mark_unsure": lambda w: mark_unsure(BY, _held(w), "No answer."),
        "give_up_leases": _gave_up,
        "refuse_inactive": _refuse_somebody_gone,
        "retry_letters": _retry,
        "rewrite_letter": lambda w: rewrite_letter(BY, _held(w), _written(w)),
    },
    "governance": {
        "ask_question": question_asked,
        "answer_question": _question_answered,
        "judge_answer": _answer_judged,
        "withdraw_question": lambda w: withdraw_question(w.author("chair"), question_asked(w), "Settled."),
        "set_meeting": lambda w: _meeting(w),
        "set_series": lambda w: set_series(
            _manager(w),
            board_named(BY, "MASH Board"),
            [DAY + timedelta(days=300), DAY + timedelta(days=328)],
            at_time="14:00",
            place="",
        ),
        "change_meeting": lambda w: change_meeting(_manager(w), _meeting(w), 1, DAY, "10:00", "Room 1"),
        "change_agenda": lambda w: change_agenda(
            w.author("secretary"), _meeting(w), "late-1", change=AgendaChange.STRIKE, facts=[_late_item()]
        ),
        "begin_meeting": lambda w: begin_meeting(w.author("secretary"), meeting_today(w), [_late_item()]),
        "decide": lambda w: decide(
            w.author("secretary"), meeting_today(w), DecisionWish(key_of_dive(w), DecisionKind.NOTE, "Seen.")
        ),
        "add_action_arising": lambda w: add_action_arising(
            w.author("secretary"),
            meeting_today(w),
            ArisingWish(key_of_dive(w), "Send it round.", CHARACTERS["lead"], DAY),
        ),
        "add_deep_dive": lambda w: add_deep_dive(w.author("chair"), _meeting(w), _deep_dive(w)),
        "publish_pack": papers_published,
        "publish_minutes": minutes_published,
        "record_attendance": lambda w: record_attendance(
            w.author("secretary"), _meeting(w), [AttendanceEntry(w.people["chair"], Attended("apologies"), 0)]
        ),
        "cancel_meeting": lambda w: cancel_meeting(_manager(w), _meeting(w), 1, "No quorum."),
    },
    "worklist": {
        "make_calendar_address": lambda w: make_calendar_address(w.author("lead")),
        "revoke_calendar_address": _stop_calendar,
        "save_filter": lambda w: save_filter(w.author("lead"), "Red", "/plans/twin?brag=red"),
        "take_filter_away": _take_filter_away,
    },
    "intake": {
        "take_in": lambda w: take_in(
            _manager(w), read_plan(SAMPLES / "plan.csv", DATED_ON), "second", DATED_ON, state="live"
        ),
        "keep_plan_file": lambda w: plan_file(w.app, read=False),
        "keep_reading": lambda w: plan_file(w.app),
        "correct_plan_file": lambda w: correct_plan_file(
            BY, plan_file(w.app), 2, Choices(statuses={"green": "completed"})
        ),
        "refuse_plan_file": lambda w: refuse_plan_file(BY, plan_file(w.app, read=False), 1, "It is no plan."),
        "put_away_plan_file": lambda w: put_away_plan_file(BY, plan_file(w.app), 2),
        "confirm_new_plan": _confirmed,
        "merge_plan_file": _merged,
        "confirm_into_plan": lambda w: confirm_into_plan(BY, plan_file(w.app, into=w.plan_id), 2, taken=1, unchanged=0),
    },
}


def public_commands() -> dict[str, FunctionType]:
    """Return every public function of a ``commands`` file and of ``plan/assignments``, but the parts of commands."""
    commands: dict[str, FunctionType] = {}
    for path in (*sorted(HOME.rglob("commands.py")), HOME / "plan" / "assignments.py"):
        room = ".".join(path.relative_to(HOME).with_suffix("").parts)
        module = importlib.import_module(f"ilacs_app.{room}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == module.__name__:
                commands[name] = function
    return commands


CALLED_BY = {
    "board_named": "make_board",
    "add_recommendation": "put_recommendation",
    "add_recommendations": "confirm_new_plan",
    "add_action": "put_action",
    "add_actions": "confirm_new_plan",
    "make_plan": "confirm_new_plan",
    "take_in": "confirm_new_plan",
    "confirm_into_plan": "merge_plan_file",
    "change_actions": "change_action",
    "change_recommendations": "change_recommendation",
    "call_for_help": "log_progress",
    "end_help": "log_progress",
    "ask_from_file": "merge_plan_file",
}
"""Commands that random commands do not call themselves, each with the drawn command that calls it."""


def drawn_commands() -> set[str]:
    """Return the public commands that the random commands of ``tests/data/history/commands.py`` call."""
    commands = public_commands()
    return {name for name, named in vars(random_commands).items() if commands.get(name) is named}


@contextmanager
def running() -> Iterator[set[CodeType]]:
    """Yield the code of every function that begins while the block runs."""
    begun: set[CodeType] = set()

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            begun.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield begun
    finally:
        sys.setprofile(before)
