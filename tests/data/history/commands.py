"""Random commands of every kind on the plan of the world, as the people who may, on one day after another."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.access import OPERATOR, ActsAs
from ilacs_app.db import db, transaction
from ilacs_app.editing.actions.commands import NewReference, change_action, change_references, move_action, put_action
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
from ilacs_app.editing.plans.rules import plan_moves
from ilacs_app.editing.recommendations.commands import (
    change_recommendation,
    move_recommendation,
    put_recommendation,
    return_recommendation,
    withdraw_recommendation,
)
from ilacs_app.editing.recommendations.rules import RecommendationContent
from ilacs_app.editing.timescales.commands import correct_timescale, give_first_date
from ilacs_app.editing.twins.commands import link_twins, part_twin
from ilacs_app.editing.undo.commands import undo_change, undo_recommendation_change, undo_together
from ilacs_app.editing.undo.queries import changed_lately, one_by_one
from ilacs_app.errors import NotAllowed, NotKnown, Refused, Stale
from ilacs_app.governance.agenda.commands import add_deep_dive, begin_meeting, change_agenda
from ilacs_app.governance.agenda.queries import facts_at
from ilacs_app.governance.agenda.rules import AgendaChange, AgendaFact, AgendaKind
from ilacs_app.governance.attendance.commands import AttendanceEntry, record_attendance
from ilacs_app.governance.attendance.queries import attendees
from ilacs_app.governance.attendance.rules import Attended
from ilacs_app.governance.challenges.commands import (
    QuestionWish,
    answer_question,
    ask_question,
    judge_answer,
    withdraw_question,
)
from ilacs_app.governance.challenges.items import askable_of
from ilacs_app.governance.challenges.model import Challenge, ChallengeAnswer
from ilacs_app.governance.decisions.commands import ArisingWish, DecisionWish, add_action_arising, decide
from ilacs_app.governance.decisions.queries import item_now, newest_decision
from ilacs_app.governance.decisions.rules import DecisionKind, kinds_for
from ilacs_app.governance.meetings.commands import cancel_meeting, change_meeting, set_meeting
from ilacs_app.governance.meetings.queries import meeting_of
from ilacs_app.governance.minutes.commands import publish_minutes
from ilacs_app.governance.minutes.queries import versions_of
from ilacs_app.governance.packs.commands import StoredPart, publish_pack
from ilacs_app.governance.packs.contents import pack_material
from ilacs_app.governance.packs.queries import next_version
from ilacs_app.governance.series.commands import set_series
from ilacs_app.history import HistoryEvent, of_action, of_recommendation
from ilacs_app.intake.imports.commands import confirm_new_plan
from ilacs_app.intake.imports.queries import ready_plan
from ilacs_app.intake.merging.commands import merge_plan_file
from ilacs_app.intake.merging.queries import plan_differences
from ilacs_app.people.boards.commands import boards_named, change_board, make_board
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.boards.queries import boards
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.model import Person
from ilacs_app.people.teams.commands import change_team, end_stand_in, let_stand_in, make_team
from ilacs_app.people.teams.model import StandIn, Team
from ilacs_app.plan.assignments import link_account, link_team, match_account, name_people, part_account
from ilacs_app.plan.lists.rows import action_row
from ilacs_app.plan.model import Action, ActionPlace, ActionStage, Inspection, Plan, Recommendation, RecommendationBoard
from ilacs_app.plan.visibility import delivered_by
from ilacs_app.progress.completion.commands import confirm_month
from ilacs_app.progress.dates.commands import DateWish, ask_new_date, take_back_request
from ilacs_app.progress.dates.deciders.commands import agree_new_date, refuse_new_date
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence, withdraw_evidence
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.help.commands import judge_help, reply_to_help
from ilacs_app.progress.notes.commands import correct_note, log_progress
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.notes.rules import Answer, NoteText
from ilacs_app.progress.overrides.commands import OverrideWish, override_rating
from ilacs_app.progress.queries import action_for
from ilacs_app.progress.stages.commands import tick_stage, untick_stage
from ilacs_app.progress.status.commands import StatusWish, move_status
from ilacs_app.progress.status.rules import moves
from tests.conftest import CHARACTERS, World
from tests.factories import plan_file

TEXTS = ("Both teams have had the session.", "Twenty records were sampled.", "The rota is written.", "Brief each team.")
DATES = ("End June 2018", "30/09/2018", "Ongoing", "Mar 2019; Sept 2019", "TBC", "Throughout 2018", "End May 2018")
NAMES = ("Quality Lead", "Training Officer", "Head of Fostering", "Care Leavers Manager", "Health Partner")


class Nothing(Exception):
    """There is nothing to do this to."""


NEWER = {
    "do_agenda",
    "do_attendance",
    "do_begin_meeting",
    "do_deep_dive",
    "do_pack",
    "do_board_decision",
    "do_arising",
    "do_minutes",
    "do_ask_question",
    "do_answer_question",
    "do_judge_answer",
    "do_withdraw_question",
}


class Everybody:
    """Does random things to everything, and counts what was done and what was refused."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.draw, self.done = world, random.Random(seed), Counter[str]()
        self.made = 0
        self.asks = (
            True  # whether boards ask questions and it is recorded who came: there was neither in the version before
        )
        self.manager = world.author("programme_manager")

    def steps(self) -> dict[str, Callable[[], Any]]:
        names = [name for name in dir(type(self)) if name.startswith("do_")]
        return {name: getattr(self, name) for name in names if self.asks or name not in NEWER}

    def command(self) -> None:
        """Do one thing that is not refused; days pass now and then."""
        steps = self.steps()
        while True:
            clock.move_today(clock.today() + timedelta(days=self.draw.choices((0, 1, 9), (90, 8, 2))[0]))
            name = self.draw.choice(sorted(steps))
            try:
                with transaction():
                    last = self._last()
                    steps[name]()
                    if self._last() == last:
                        continue
                self.done[name] += 1
                return
            except (Refused, Stale, NotAllowed, NotKnown, Nothing, ValueError):
                self.done["refused"] += 1

    def _last(self) -> int:
        return db.session.scalar(select(HistoryEvent.id).order_by(HistoryEvent.id.desc()).limit(1)) or 0

    # what there is

    def _one(self, column: Any, *which: Any) -> Any:
        ids = list(db.session.scalars(select(column).where(*which).order_by(column)))
        if not ids:
            raise Nothing
        return self.draw.choice(ids)

    def _place(self, action_id: int) -> Any:
        places = editable_action(action_id).places
        if not places:
            raise Nothing
        return self.draw.choice(places)

    def _version(self, table: Any, id_: int) -> int:
        return int(db.session.execute(select(table.version).where(table.id == id_)).scalar_one())

    def _action(self) -> int:
        return int(self._one(Action.id, Action.plan_id == self.world.plan_id))

    def _of_the_lead(self) -> int:
        return int(self._one(Action.id, delivered_by(self.world.actor("lead").acts_as)))

    def _recommendation(self) -> int:
        return int(self._one(Recommendation.id, Recommendation.plan_id == self.world.plan_id))

    def _person(self) -> int:
        return int(self._one(Person.id))

    def _some(self, choices: Sequence[str], most: int = 3) -> tuple[str, ...]:
        return tuple(self.draw.sample(choices, self.draw.randint(0, most)))

    def _new(self) -> int:
        self.made += 1
        return self.made

    def _text(self) -> str:
        return f"{self.draw.choice(TEXTS)} {self.draw.randint(1, 40)}"

    # what a lead does

    def do_note(self) -> None:
        log_progress(self.manager, self._action(), NoteText(self._text(), self.draw.choice(("", "Fewer came back."))))

    def do_answer(self) -> None:
        answer = self.draw.choice((Answer.NO_CHANGE, Answer.ON_TRACK, Answer.NEED_HELP))
        blocker = "No trainer." if answer == Answer.NEED_HELP else ""
        log_progress(self.world.author("lead"), self._of_the_lead(), NoteText(answer=str(answer), blocker=blocker))

    def do_correct(self) -> None:
        correct_note(self.manager, self._one(ProgressNote.id), NoteText("Corrected.", self._text()))

    def do_reply(self) -> None:
        action_id = self._one(Action.id, Action.help_asked_on.is_not(None))
        access = action_for(self.world.actor("programme_manager"), action_id)
        reply_to_help(self.manager, action_id, "Use ours.", access.standing)

    def do_judge(self) -> None:
        action_id = self._one(Action.id, Action.help_replied_on.is_not(None))
        access = action_for(self.world.actor("programme_manager"), action_id)
        judge_help(self.manager, action_id, access.standing, helped=self.draw.random() < 0.5)

    def do_attach(self) -> None:
        sensitivity = self.draw.choice(("open", "restricted"))
        text = EvidenceText(self._text(), "audit", sensitivity, "https://intranet.example/sample")
        attach_evidence(self.manager, self._action(), text)

    def do_withdraw_evidence(self) -> None:
        withdraw_evidence(self.manager, self._one(Evidence.id), "The wrong file.")

    def do_status(self) -> None:
        role = self.draw.choice(("programme_manager", "verifier", "chair", "lead"))
        action_id, by = self._action(), self.world.author(role)
        access = action_for(self.world.actor(role), action_id)
        ways = moves(access.position, access.standing)
        if not ways:
            raise Nothing
        way = self.draw.choice(ways)
        if way.to == "completed":
            log_progress(by, action_id, NoteText(self._text(), answer=str(Answer.DONE)))
            text = EvidenceText("The sample", "audit", "open", "https://intranet.example/s")
            attach_evidence(by, action_id, text)
            access = action_for(self.world.actor(role), action_id)
        wish = StatusWish(
            way.to,
            access.version,
            reason="It was agreed.",
            month=clock.today() if way.to == "completed" else None,
            review_on=clock.today() + timedelta(days=60) if way.to == "paused" else None,
            sample="Twenty records",
        )
        move_status(by, action_id, wish, access.position, access.standing)

    def do_stage(self) -> None:
        action_id = self._one(ActionStage.action_id)
        stage = self._one(ActionStage.position, ActionStage.action_id == action_id)
        version = self._version(Action, action_id)
        if self.draw.random() < 0.6:
            tick_stage(self.manager, action_id, stage, version)
        else:
            untick_stage(self.manager, action_id, stage, version, "One team was left out.")

    def do_month(self) -> None:
        action_id = self._one(Action.id, Action.status == "completed")
        confirm_month(self.manager, action_id, self._version(Action, action_id), clock.today())

    def do_rating(self) -> None:
        action_id = self._action()
        access = action_for(self.world.actor("programme_manager"), action_id)
        facts = action_row(self.world.actor("programme_manager"), action_id, clock.today()).facts
        brag = self.draw.choice(("red", "amber", ""))
        override_rating(self.manager, action_id, OverrideWish(brag, access.version, "As seen."), facts, access.standing)

    def do_ask_date(self) -> None:
        words = f"{clock.today() + timedelta(days=self.draw.randint(20, 300)):%d/%m/%Y}"
        ask_new_date(self.world.author("lead"), self._of_the_lead(), DateWish(words, "vacancy", "None.", "The team"))

    def do_decide_date(self) -> None:
        request = db.session.get_one(DateRequest, self._one(DateRequest.id, DateRequest.state == "waiting"))
        way = self.draw.choice(("agree", "refuse", "take back"))
        if way == "agree":
            agree_new_date(self.manager, request.id, request.version)
        elif way == "refuse":
            refuse_new_date(self.manager, request.id, request.version, "Keep to it.")
        else:
            take_back_request(self.world.author("lead"), request.id, request.version)

    # what the programme manager keeps

    def do_put_action(self) -> None:
        content = ActionContent(self._text(), self._some(NAMES), self._some(NAMES))
        put_action(self.manager, self._recommendation(), f"90.{self._new()}", content, self.draw.choice(DATES))

    def do_change_action(self) -> None:
        action_id = self._action()
        content = ActionContent(self._text(), self._some(NAMES), self._some(NAMES))
        change_action(self.manager, action_id, self._version(Action, action_id), content)

    def do_undo(self) -> None:
        action_id = self._action()
        changed = [event.id for event in of_action(action_id) if event.verb == "action_changed"]
        if not changed:
            raise Nothing
        undo_change(self.manager, action_id, self._version(Action, action_id), changed[0])

    def do_move_action(self) -> None:
        action_id = self._action()
        at = self._place(action_id)
        to, ref = self._recommendation(), f"91.{self._new()}"
        move_action(self.manager, action_id, self._version(Action, action_id), at.recommendation_id, to, ref, 1)

    def do_renumber(self) -> None:
        action_id = self._action()
        at = self._place(action_id)
        new = NewReference(action_id, self._version(Action, action_id), at.recommendation_id, f"92.{self._new()}")
        change_references(self.manager, self.world.plan_id, [new])

    def do_name_people(self) -> None:
        part = self.draw.choice(("owner", "contributor"))
        name_people(self.manager, self._action(), part, [f"{self.draw.choice(NAMES)} {self.draw.randint(1, 9)}"])

    def do_date_by_manager(self) -> None:
        action_id, words = self._action(), self.draw.choice(DATES)
        change = self.draw.choice((give_first_date, correct_timescale))
        version = self._version(Action, action_id)
        change(self.manager, action_id, version, words, reason="As agreed.", acts_as=ActsAs((0,)))

    def do_link_twins(self) -> None:
        first, second = self._recommendation(), self._recommendation()
        text = ActionContent(self._text())
        kept = put_action(self.manager, first, f"93.{self._new()}", text, "End May 2019")
        twin = put_action(self.manager, second, f"93.{self._new()}", text, "End June 2019")
        link_twins(self.manager, kept, {twin: 1})

    def do_part_twin(self) -> None:
        twin = self._one(Action.id, Action.linked_into_id.is_not(None))
        part_twin(self.manager, twin, self._version(Action, twin))

    def _content(self) -> RecommendationContent:
        boards = list(db.session.scalars(select(Board.id).order_by(Board.id)))
        return RecommendationContent(
            self._text(),
            leads=self._some(NAMES),
            measures=self._some(TEXTS),
            monitoring=self._some(TEXTS),
            link_plans=self._some(NAMES),
            board_ids=tuple(self.draw.sample(boards, self.draw.randint(0, 2))),
            impact=self._text(),
            exit_criteria=self.draw.choice(("", "Held for two quarters.")),
        )

    def do_put_recommendation(self) -> None:
        put_recommendation(self.manager, self.world.plan_id, str(200 + self._new()), self._content())

    def do_change_recommendation(self) -> None:
        id_ = self._recommendation()
        change_recommendation(self.manager, id_, self._version(Recommendation, id_), self._content())

    def do_undo_recommendation(self) -> None:
        id_ = self._recommendation()
        changed = [event.id for event in of_recommendation(id_) if event.verb == "recommendation_changed"]
        if not changed:
            raise Nothing
        undo_recommendation_change(self.manager, id_, self._version(Recommendation, id_), changed[0])

    def do_move_recommendation(self) -> None:
        id_ = self._recommendation()
        number = str(200 + self._new())
        version = self._version(Recommendation, id_)
        move_recommendation(self.manager, id_, version, number, self.draw.randint(1, 5))

    def do_withdraw_recommendation(self) -> None:
        id_ = self._recommendation()
        withdraw_recommendation(self.manager, id_, self._version(Recommendation, id_), "Done elsewhere.")

    def do_return_recommendation(self) -> None:
        id_ = self._one(Recommendation.id, Recommendation.withdrawn_on.is_not(None))
        return_recommendation(self.manager, id_, self._version(Recommendation, id_), "It is needed.")

    def do_change_plan(self) -> None:
        facts = editable_plan(self.world.plan_id)
        text = replace(
            facts.text,
            title=self._text(),
            reporting_window=self.draw.randint(20, 60),
            dated_on=date(2018, 2, self.draw.randint(1, 27)),
            link_plans=list(self._some(TEXTS)),
            glossary={"MASH": self._text()},
        )
        change_plan(self.manager, self.world.plan_id, facts.version, text)

    def do_move_plan(self) -> None:
        plan = db.session.get_one(Plan, self.world.plan_id, populate_existing=True)
        order = ["draft", "submitted", "live"]  # back to live when it left it, so that most things can be done
        step = next((m for m in plan_moves(plan.state) if m.to in order and (plan.state != "live")), None)
        if step is None and self.draw.random() < 0.2:
            step = plan_moves(plan.state)[-1]
        if step is None:
            raise Nothing
        move_plan(self.manager, plan.id, plan.version, step.to, reason="As agreed.")

    def do_hand_over(self) -> None:
        person = self.world.people[self.draw.choice(("lead", "other_lead", "contributor"))]
        held = held_by(self.world.actor("programme_manager"), person)
        if not held:
            raise Nothing
        one = self.draw.choice(held)
        hand_over(self.manager, person, [Chosen(one.part, one.id, one.version)], self.draw.choice(NAMES))

    def do_give_back(self) -> None:
        role = self.draw.choice(("lead", "other_lead", "contributor"))
        action_id = self._action()
        change_owners(self.manager, [Chosen("owner", action_id, self._version(Action, action_id))], CHARACTERS[role])

    def do_change_boards(self) -> None:
        id_ = self._recommendation()
        change = BoardChange(self.draw.choice((BoardsChange.ADD, BoardsChange.REMOVE)), self._one(Board.id))
        change_boards(self.manager, [Chosen("board", id_, self._version(Recommendation, id_))], change, "Boards")

    def do_undo_together(self) -> None:
        made = changed_lately([self.world.plan_id], newest=1)
        if not made:
            raise Nothing
        line = made[0].line
        undo_together(self.manager, self.world.plan_id, line.id, [one.seen for one in one_by_one(line)])

    def do_merge(self) -> None:
        if self.draw.random() < 0.7:
            raise Nothing
        import_id = plan_file(self.world.app, into=self.world.plan_id)
        found = [one.key for one in plan_differences(self.world.plan_id, import_id)]
        taken = found[: self.draw.randint(0, 3)]
        merge_plan_file(self.manager, self.world.actor("programme_manager"), import_id, 2, taken)

    def do_confirm_new_plan(self) -> None:
        if self.draw.random() < 0.7:
            raise Nothing
        import_id = plan_file(self.world.app, slug=f"plan-{self._new()}")
        state = self.draw.choice(("draft", "live"))
        confirm_new_plan(self.manager, import_id, 2, ready_plan(import_id), state=state)

    # people, teams, boards, inspections

    def do_add_person(self) -> None:
        number = self._new()
        name = self.draw.choice(NAMES) if self.draw.random() < 0.3 else f"Officer {number}"
        person = add_person(self.manager, f"n{number}@tests.example", name, "a password of tests")
        link_account(self.manager, person)

    def do_grant(self) -> None:
        grant_role(self.manager, self._person(), self.draw.choice(("viewer", "verifier")))

    def do_match_account(self) -> None:
        name = self.draw.choice(("No Account Yet", "Head of Nothing"))
        name_people(self.manager, self._one(Action.id), "owner", [name])
        person = self._person()
        match_account(self.manager, self.world.plan_id, name, person)
        if self.draw.random() < 0.5:
            part_account(self.manager, self.world.plan_id, name, person)

    def do_make_team(self) -> None:
        name = self.draw.choice((*NAMES, f"Team {self._new()}"))
        link_team(self.manager, make_team(self.manager, name, [self._person()]))

    def do_change_team(self) -> None:
        team = self._one(Team.id)
        members = {self._person(), self._person()}
        change_team(self.manager, team, self._version(Team, team), f"Team {self._new()}", members)
        link_team(self.manager, team)

    def do_stand_in(self) -> None:
        until = clock.today() + timedelta(days=20) if self.draw.random() < 0.5 else None
        let_stand_in(self.manager, self._person(), self._person(), clock.today(), until, "Leave")

    def do_end_stand_in(self) -> None:
        end_stand_in(self.manager, self._one(StandIn.id))

    def do_make_board(self) -> None:
        make_board(self.manager, f"Board {self._new()}", [f"Group {self._new()}"])

    def do_boards_named(self) -> None:
        names = [f"Board {self._new()}", f"Board {self.draw.randint(1, 9)}"]
        boards_named(self.manager, names)

    def do_change_board(self) -> None:
        board = self._one(Board.id)
        change_board(
            self.manager,
            board,
            self._version(Board, board),
            f"Renamed Board {self._new()}",
            [],
            quorum=3 if self.asks else None,
        )

    def do_set_meeting(self) -> None:
        day = clock.today() + timedelta(days=self.draw.randint(1, 200))
        set_meeting(self.manager, self._one(Board.id), day, "14:00", "Room 1")

    def do_series(self) -> None:
        first, every = self.draw.randint(1, 200), self.draw.choice((7, 28))
        days = [clock.today() + timedelta(days=first + every * n) for n in range(self.draw.randint(1, 3))]
        set_series(self.manager, self._one(Board.id), days, at_time="14:00", place="")

    def do_ask_question(self) -> None:
        board = db.session.scalars(select(Board.id).where(Board.slug == "mash-board")).one()
        asker = self.world.author(self.draw.choice(("chair", "board_member")))
        owner = self.draw.choice(("MASH Service Manager", "No Account Yet"))
        governed = select(RecommendationBoard.recommendation_id).where(RecommendationBoard.board_id == board)
        action_id = self._one(ActionPlace.action_id, ActionPlace.recommendation_id.in_(governed))
        wish = QuestionWish(board, "How many wait?", owner, due_on=clock.today(), action_id=action_id)
        ask_question(asker, wish)

    def do_answer_question(self) -> None:
        question = self._one(Challenge.id, Challenge.state == "open")
        answer_question(self.world.author(self.draw.choice(("lead", "programme_manager"))), question, "Three.")

    def do_judge_answer(self) -> None:
        answered = select(Challenge.id).where(Challenge.state == "answered")
        waiting = (ChallengeAnswer.challenge_id.in_(answered), ChallengeAnswer.satisfied.is_(None))
        answer = db.session.get_one(ChallengeAnswer, self._one(ChallengeAnswer.id, *waiting))
        satisfied = self.draw.random() < 0.5
        judge_answer(self.world.author("chair"), answer.challenge_id, answer.id, satisfied=satisfied, comment="So.")

    def do_withdraw_question(self) -> None:
        withdraw_question(self.world.author("chair"), self._one(Challenge.id), "Settled.")

    def do_change_meeting(self) -> None:
        meeting = self._one(Meeting.id)
        day = clock.today() + timedelta(days=self.draw.randint(1, 200))
        change_meeting(self.manager, meeting, self._version(Meeting, meeting), day, "10:00", "")

    def do_attendance(self) -> None:
        meeting = self._one(Meeting.id)
        people = attendees(meeting)
        if not people:
            raise Nothing
        person = self.draw.choice(people)
        attended = Attended("apologies", self.draw.choice(("", "Head of Fostering")), self._text())
        record_attendance(self.manager, meeting, [AttendanceEntry(person.person_id, attended, person.version)])

    def do_agenda(self) -> None:
        meeting = self._one(Meeting.id)
        facts = [
            AgendaFact(f"late-{number}", AgendaKind.LATE, f"{number} An action", f"/actions/{number}")
            for number in range(1, 4)
        ]
        change = self.draw.choice(list(AgendaChange))
        change_agenda(self.manager, meeting, self.draw.choice(facts).key, change=change, facts=facts)

    def _meeting_today(self) -> tuple[int, int]:
        """Return the MASH Board and its meeting today, which is set where there is none."""
        board = db.session.scalars(select(Board.id).where(Board.slug == "mash-board")).one()
        here = select(Meeting.id, Meeting.cancelled_on).where(
            Meeting.board_id == board, Meeting.on_day == clock.today()
        )
        meeting = db.session.execute(here).first()
        if meeting is not None and meeting.cancelled_on is None:
            return board, meeting.id
        return board, set_meeting(self.manager, board, clock.today(), "14:00", "Room 1")

    def do_begin_meeting(self) -> None:
        board, meeting = self._meeting_today()
        begin_meeting(self.manager, meeting, facts_at(OPERATOR, board, meeting, clock.today()))

    def do_deep_dive(self) -> None:
        board, meeting = self._meeting_today()
        governed = select(RecommendationBoard.recommendation_id).where(RecommendationBoard.board_id == board)
        if self.draw.random() < 0.5:
            action = self._one(ActionPlace.action_id, ActionPlace.recommendation_id.in_(governed))
            items = askable_of(OPERATOR, board, [action], [])
        else:
            items = askable_of(OPERATOR, board, [], [self._one(Recommendation.id, Recommendation.id.in_(governed))])
        if not items:
            raise Nothing
        add_deep_dive(self.world.author("secretary"), meeting, items[0])

    def do_pack(self) -> None:
        board, meeting = self._meeting_today()
        name = next(name for name in boards() if name.id == board)
        material = pack_material(name, meeting_of(board, meeting), clock.today())
        store = self.world.app.extensions["evidence"]
        parts = [StoredPart(kind, kind == "pdf", store.put(io.BytesIO(b"Papers"))) for kind in ("page", "pdf")]
        publish_pack(self.world.author("secretary"), material, next_version(meeting), parts=parts)

    def do_board_decision(self) -> None:
        board, meeting = self._meeting_today()
        facts = facts_at(OPERATOR, board, meeting, clock.today())
        if not facts:
            raise Nothing
        fact, role = self.draw.choice(facts), self.draw.choice(("chair", "secretary"))
        item = item_now(self.world.actor(role), board, fact, clock.today())
        kind = self.draw.choice([*kinds_for(item.state), *kinds_for(item.state), DecisionKind.NOTE])
        wish = DecisionWish(
            fact.key,
            kind,
            self._text(),
            seen=newest_decision(meeting, fact.key),
            version=item.version,
            until=clock.today() + timedelta(days=60) if kind == DecisionKind.PAUSE else None,
            earlier=f"{clock.today() + timedelta(days=19):%d/%m/%Y}" if kind == DecisionKind.AGREE_EARLIER else "",
            board_id=self._one(Board.id, Board.id != board) if kind == DecisionKind.REFER else None,
        )
        decide(self.world.author(role), meeting, wish)

    def do_minutes(self) -> None:
        board, meeting = self._meeting_today()
        name = next(name for name in boards() if name.id == board)
        seen = max((version.number for version in versions_of(meeting)), default=0)
        publish_minutes(self.world.author("secretary"), name, meeting, seen, draw=lambda _document: b"Minutes")

    def do_arising(self) -> None:
        board, meeting = self._meeting_today()
        facts = facts_at(OPERATOR, board, meeting, clock.today())
        if not facts:
            raise Nothing
        due_on = clock.today() + timedelta(days=self.draw.randint(0, 30))
        wish = ArisingWish(self.draw.choice(facts).key, self._text(), "MASH Service Manager", due_on)
        add_action_arising(self.world.author("secretary"), meeting, wish)

    def do_cancel_meeting(self) -> None:
        meeting = self._one(Meeting.id)
        cancel_meeting(self.manager, meeting, self._version(Meeting, meeting), "No quorum.")

    def do_inspection(self) -> None:
        enter_inspection(self.manager, self._text(), "ILACS", received_on=clock.today())

    def do_change_inspection(self) -> None:
        found = self._one(Inspection.id)
        content = InspectionContent(self._text(), "ILACS", published_on=clock.today())
        change_inspection(self.manager, found, self._version(Inspection, found), content)
