"""Lists, exports and letters say of an action what its history says, whatever was done to it and in whatever order."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from ilacs_app import clock
from ilacs_app.access import OPERATOR
from ilacs_app.clock import london_day
from ilacs_app.db import db, transaction
from ilacs_app.digests.letters import letter_drafts
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import HistoryEvent
from ilacs_app.plan.labels import timeliness_words
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.model import Action
from ilacs_app.plan.rules import Status, help_is_open, outlook
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.dates.deciders.commands import agree_new_date, refuse_new_date
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence
from ilacs_app.progress.help.commands import judge_help, reply_to_help
from ilacs_app.progress.notes.commands import correct_note, log_progress
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.notes.queries import newest_words
from ilacs_app.progress.notes.rules import Answer, NoteText
from ilacs_app.progress.queries import action_for
from ilacs_app.progress.rules import Happened, Story, story
from ilacs_app.progress.status.commands import StatusWish, move_status
from ilacs_app.reporting.export.queries import plan_export
from tests.auditor import read
from tests.conftest import TODAY, World
from tests.factories import set_fact

STEPS = (4, 12)
TEXTS = ("Both teams have had the session.", "Twenty records were sampled.", "The rota is written.")


class Teller:
    """Does random things to actions of the world, as the roles that may, and counts what was done."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.draw, self.done = world, random.Random(seed), Counter[str]()

    def sequence(self, action_id: int, lead: str) -> None:
        """Do a few things to one action, on one day after another."""
        for _ in range(self.draw.randint(*STEPS)):
            clock.move_today(clock.today() + timedelta(days=self.draw.choices((0, 1, 14), (97, 2, 1))[0]))
            step = self.draw.choice(
                [self.answer] * 6
                + [self.note, self.reply, self.reply, self.judge, self.judge]
                + [self.correct, self.claim, self.test, self.ask_date, self.decide_date]
            )
            try:
                with transaction():
                    step(action_id, lead)
                self.done[step.__name__] += 1
            except (Refused, Stale):
                self.done[f"{step.__name__} refused"] += 1

    def _text(self) -> str:
        return self.draw.choice(("", "", *TEXTS))

    def answer(self, action_id: int, lead: str) -> None:
        answer = self.draw.choice((Answer.NO_CHANGE, Answer.NO_CHANGE, Answer.ON_TRACK, Answer.NEED_HELP))
        blocker = self.draw.choice(("No room.", "No trainer.")) if answer == Answer.NEED_HELP else ""
        text = self._text() if self.draw.random() < 0.3 else ""
        log_progress(self.world.author(lead), action_id, NoteText(text, answer=str(answer), blocker=blocker))

    def note(self, action_id: int, lead: str) -> None:
        log_progress(self.world.author(lead), action_id, NoteText(TEXTS[0], self._text(), self._text()))

    def reply(self, action_id: int, lead: str) -> None:
        access = action_for(self.world.actor("programme_manager"), action_id)
        reply_to_help(self.world.author("programme_manager"), action_id, "Use ours.", access.standing)

    def judge(self, action_id: int, lead: str) -> None:
        access = action_for(self.world.actor(lead), action_id)
        judge_help(self.world.author(lead), action_id, access.standing, helped=self.draw.random() < 0.5)

    def correct(self, action_id: int, lead: str) -> None:
        written = select(ProgressNote.id).where(ProgressNote.action_id == action_id).order_by(ProgressNote.id.desc())
        ids = list(db.session.scalars(written.limit(3)))
        if not ids:
            raise Stale
        correct_note(self.world.author(lead), self.draw.choice(ids), NoteText("Corrected: nineteen.", self._text()))

    def claim(self, action_id: int, lead: str) -> None:
        by = self.world.author(lead)
        log_progress(by, action_id, NoteText(TEXTS[1], answer=str(Answer.DONE)))
        attach_evidence(by, action_id, EvidenceText("The sample", "audit", "open", "https://intranet.example/s"))
        access = action_for(self.world.actor(lead), action_id)
        wish = StatusWish(Status.COMPLETED, access.version, month=clock.today())
        move_status(by, action_id, wish, access.position, access.standing)

    def test(self, action_id: int, lead: str) -> None:
        access = action_for(self.world.actor("verifier"), action_id)
        to = Status.IN_PROGRESS if self.draw.random() < 0.8 else Status.VERIFIED
        wish = StatusWish(to, access.version, reason="Nineteen of twenty.", sample="Twenty records")
        move_status(self.world.author("verifier"), action_id, wish, access.position, access.standing)

    def ask_date(self, action_id: int, lead: str) -> None:
        due_on = db.session.scalar(select(Action.due_on).where(Action.id == action_id)) or clock.today()
        words = f"{max(due_on, clock.today()) + timedelta(days=self.draw.randint(1, 27)):%d/%m/%Y}"
        ask_new_date(self.world.author(lead), action_id, DateWish(words, "vacancy", "None.", "The team"))

    def decide_date(self, action_id: int, lead: str) -> None:
        waits = select(DateRequest).where(DateRequest.action_id == action_id, DateRequest.state == "waiting")
        request = db.session.scalars(waits).first()
        if request is None:
            raise Stale
        manager = self.world.author("programme_manager")
        if self.draw.random() < 0.5:
            agree_new_date(manager, request.id, request.version)
        else:
            refuse_new_date(manager, request.id, request.version, "Keep to it.")


def told(starts: dict[int, Story], after: int) -> dict[int, Story]:
    """Return what the pure function says of each action, from the events after one alone."""
    events: dict[int, list[Happened]] = {id_: [] for id_ in starts}
    rows = db.session.execute(
        select(HistoryEvent.action_id, HistoryEvent.at, HistoryEvent.verb, HistoryEvent.after)
        .where(HistoryEvent.action_id.in_(starts), HistoryEvent.id > after)
        .order_by(HistoryEvent.id)
    )
    for row in rows:
        events[row.action_id].append(Happened(london_day(row.at), row.verb, row.after or {}))
    return {id_: story(start, events[id_]) for id_, start in starts.items()}


def starts_of(ids: list[int]) -> dict[int, Story]:
    """The actions before anything is done to them."""
    rows = db.session.execute(select(Action).where(Action.id.in_(ids))).scalars()
    return {row.id: Story(row.status, row.due_on, row.last_word_on, moves=row.moves) for row in rows}


def kept_agrees(stories: dict[int, Story]) -> None:
    """The columns that ratings and lists are computed from."""
    names = ("status", "due_on", "last_word_on", "moves", "answered_on", "help_asked_on", "help_replied_on")
    rows = db.session.execute(select(Action).where(Action.id.in_(stories))).scalars()
    for row in rows:
        assert {name: getattr(row, name) for name in names} == {
            name: getattr(stories[row.id], name) for name in names
        }, row.id
    words = {id_: found.latest for id_, found in newest_words(list(stories)).items()}
    assert words == {id_: known.latest for id_, known in stories.items() if known.latest}


def listed_agrees(world: World, stories: dict[int, Story], today: date) -> None:
    """Each row of the plan's pages shows the newest words, the answers since, and the rating that follows."""
    client = world.client("viewer")
    for number in ("5", "6"):
        page = read(client.get(f"/plans/twin/recommendations/{number}").text)
        for id_, known in stories.items():
            rows = page.all("tbody", id=f"action-{id_}")
            for row in rows:
                said = known.latest
                line = said.line(help_open=is_open(known, today)) if said else ""
                assert line[:100] in row.text and (said.since if said else "") in row.text, (id_, line, row.text)
                assert row.attrs["data-status"] == known.status


def is_open(known: Story, today: date) -> bool:
    return help_is_open(known.help_asked_on, known.help_replied_on, today)


def printed_agrees(stories: dict[int, Story], today: date) -> None:
    """The progress column of an export."""
    out = plan_export(OPERATOR, "twin", today)
    notes = {row.id: action.note for row, action in zip(out.rows, out.file.actions, strict=True)}
    for id_, known in stories.items():
        if known.latest is not None:
            assert notes[id_] == known.latest.printed(help_open=is_open(known, today)), id_


def mailed_agrees(rows: dict[int, ActionRow], stories: dict[int, Story], today: date) -> int:
    """The date and the rating beside each action in a letter. Returns how many were compared."""
    drafts, _ = letter_drafts("https://ilacs.example", today)
    compared = 0
    for draft in drafts:
        for item in (item for group in draft.groups for item in group.items):
            known = stories.get(item.action_id)
            if known is None:
                continue
            facts = replace(
                rows[item.action_id].facts,
                status=known.status,
                due_on=known.due_on,
                last_word_on=known.last_word_on,
                help_asked_on=known.help_asked_on,
                help_replied_on=known.help_replied_on,
            )
            brag, by_rule, why = outlook(facts, today)
            row = replace(rows[item.action_id], facts=facts, brag=brag, by_rule=by_rule, why=why)
            assert (item.when, item.brag) == (timeliness_words(row, today), brag), item
            compared += 1
    return compared


def run(world: World, sequences: int, record_property: Any, seed: int = 20261127) -> None:
    """Tell ``sequences`` stories, each on one action, and compare everything after each round of all the actions."""
    leads = {"5": "lead", "6": "other_lead"}
    ids = {world.actions[ref]: leads[ref.partition(".")[0]] for ref in world.actions if ref.partition(".")[0] in leads}
    clock.move_today(TODAY)
    for number, action_id in enumerate(ids):
        if number % 2:  # half of them are far in the future, so that their dates can be changed without a board
            set_fact(action_id, due_on=TODAY + timedelta(days=400 + number), status="in_progress")
    starts = starts_of(list(ids))
    before = db.session.scalar(select(func.max(HistoryEvent.id))) or 0
    db.session.rollback()
    teller = Teller(world, seed)
    done = letters = 0
    while done < sequences:
        for action_id, lead in ids.items():
            teller.sequence(action_id, lead)
            done += 1
        today = clock.today()
        db.session.rollback()
        stories = told(starts, before)
        kept_agrees(stories)
        listed_agrees(world, stories, today)
        printed_agrees(stories, today)
        rows = {row.id: row for row in action_rows(OPERATOR, Filter(plan_id=world.plan_id), today, size=None)}
        letters += mailed_agrees(rows, stories, today)
    if sequences >= 100:
        wanted = ("answer", "note", "reply", "judge", "correct", "claim", "test", "ask_date", "decide_date")
        assert [step for step in wanted if not teller.done[step]] == [], teller.done
    record_property("sequences", done)
    record_property("letter items", letters)
    print(
        f"{done:,} sequences on {len(ids)} actions, {teller.done.total():,} steps ({dict(teller.done)}), seed {seed};"
    )
    print(f"{letters:,} items of letters: columns, lists, export and letters agree with the history")


def test_what_is_kept_listed_printed_and_mailed_is_what_the_history_says(world, record_property):
    run(world, 10, record_property)


@pytest.mark.proof
def test_1000_sequences_are_kept_listed_printed_and_mailed_as_the_history_says(world, record_property):
    run(world, 1000, record_property)
