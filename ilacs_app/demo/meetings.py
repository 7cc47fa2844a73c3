"""Hold the meetings of the demonstration, as its chair and secretary do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from ilacs_app import clock
from ilacs_app.demo.boards import (
    ASKED_WORDS,
    BOARDS,
    LAC_STRATEGY_GROUP,
    LATE_WORDS,
    MATTERS_WORDS,
    WAITS_WORDS,
    Arises,
    DateAsked,
    Decided,
    DemoBoard,
    DemoMeeting,
)
from ilacs_app.demo.cast import PEOPLE, Cast, Diary, month_end_after, weekday_until
from ilacs_app.governance.agenda.commands import add_deep_dive, begin_meeting, change_agenda
from ilacs_app.governance.agenda.queries import facts_at
from ilacs_app.governance.agenda.rules import AgendaChange, AgendaFact, AgendaKind, id_in
from ilacs_app.governance.attendance.commands import AttendanceEntry, record_attendance
from ilacs_app.governance.attendance.queries import attendees
from ilacs_app.governance.attendance.rules import Attendance, Attended
from ilacs_app.governance.challenges.commands import answer_question, judge_answer
from ilacs_app.governance.challenges.items import askable_named
from ilacs_app.governance.decisions.commands import ArisingWish, DecisionWish, add_action_arising, decide
from ilacs_app.governance.decisions.queries import item_now
from ilacs_app.governance.decisions.rules import DecisionKind
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.governance.meetings.queries import meeting_of
from ilacs_app.governance.minutes.commands import publish_minutes
from ilacs_app.governance.packs.commands import publish_pack
from ilacs_app.governance.packs.contents import pack_material
from ilacs_app.governance.packs.documents import pack_documents
from ilacs_app.people.boards.commands import boards_named
from ilacs_app.people.boards.queries import BoardName, boards
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.reporting.minutes.word import minutes_word
from ilacs_app.reporting.packs.formats import stored_parts

DAYS_OF_PAPERS = 7
"""How long before a meeting its papers are published."""
PAPERS_OUT, DAYS_OUT = LAC_STRATEGY_GROUP, 4
"""The board whose next papers are published already, and since when; the others leave theirs to be tried."""
DAYS_OF_MINUTES = 2
"""How long after a meeting its minutes are published."""
DAYS_TO_ANSWER = 6
"""How long after a meeting the actions that arose at it are answered."""


@dataclass(frozen=True)
class _Asked:
    """An action that arose: its question's id, and the newest answer's, 0 where there is none."""

    arises: Arises
    question_id: int
    answer_id: int = 0


@dataclass
class _Table:
    """A board at its meetings; ``ids`` are those of the meetings by their days, ``arisen`` what waits for an answer."""

    cast: Cast
    board: BoardName
    script: DemoBoard
    ids: dict[date, int] = field(default_factory=dict)
    arisen: list[_Asked] = field(default_factory=list)

    def set_meeting(self, on_day: date) -> None:
        secretary = self.cast.author(PEOPLE["secretary"])
        self.ids[on_day] = set_meeting(secretary, self.board.id, on_day, self.script.at_time, self.script.place)

    def ask_for_date(self, asked: DateAsked) -> None:
        row = self.cast.rows[asked.ref]
        wish = DateWish(month_end_after(row, asked.months), asked.reason_class, asked.effect, asked.cover)
        ask_new_date(self.cast.author(self.cast.writers[asked.ref]), row.id, wish)

    def arrange(self, on_day: date, meets: DemoMeeting) -> None:
        """Choose the deep dives, and move what is exempt to that part."""
        chair, secretary = self.cast.author(PEOPLE["chair"]), self.cast.author(PEOPLE["secretary"])
        for ref in meets.deep_dives:
            add_deep_dive(chair, self.ids[on_day], askable_named(self.cast.actor(chair.name), self.board.id, ref)[0])
        for kind, ref in meets.exempt:
            facts = self._facts(on_day)
            change_agenda(
                secretary, self.ids[on_day], self._fact(facts, kind, ref).key, change=AgendaChange.CLOSE, facts=facts
            )

    def publish(self, on_day: date) -> None:
        """Publish the papers of a meeting."""
        secretary = self.cast.author(PEOPLE["secretary"])
        material = pack_material(self.board, meeting_of(self.board.id, self.ids[on_day]), clock.today())
        documents = pack_documents(material, published_by=secretary.signed, number=1)
        publish_pack(secretary, material, 1, parts=stored_parts(documents, self.cast.store))

    def record_attendance(self, on_day: date, attended: dict[str, Attended], *, others: Attended | None) -> None:
        """Record who attends; ``others``: what is recorded of everyone else, None for nothing."""
        entries = [
            AttendanceEntry(person.person_id, recorded, person.version)
            for person in attendees(self.ids[on_day])
            if (recorded := attended.get(person.name, others)) is not None
        ]
        record_attendance(self.cast.author(PEOPLE["secretary"]), self.ids[on_day], entries)

    def publish_minutes(self, on_day: date) -> None:
        publish_minutes(self.cast.author(PEOPLE["secretary"]), self.board, self.ids[on_day], 0, draw=minutes_word)

    def hold(self, on_day: date, meets: DemoMeeting, next_on: date) -> None:
        """Hold a meeting: judge the answers since the last one, and decide on what is on the agenda."""
        meeting_id, secretary = self.ids[on_day], self.cast.author(PEOPLE["secretary"])
        facts = self._facts(on_day)
        begin_meeting(secretary, meeting_id, facts)
        self.record_attendance(on_day, dict(meets.attended), others=Attended(Attendance.PRESENT))
        decided = [(self._fact(facts, each.on, each.ref), each) for each in meets.decided]
        self._judge()
        for fact, each in [*decided, *self._on_the_rest(facts, {fact.key for fact, _ in decided})]:
            self._decide(meeting_id, fact, each)
            if each.arises:
                wish = ArisingWish(fact.key, each.arises.text, each.arises.owner, next_on - timedelta(days=1))
                self.arisen.append(_Asked(each.arises, add_action_arising(secretary, meeting_id, wish)))

    def answer(self) -> None:
        """Answer what arose at the last meeting, where it is answered."""
        for place, asked in enumerate(self.arisen):
            if asked.arises.answer:
                owner = self.cast.author(asked.arises.owner)
                answer_id = answer_question(owner, asked.question_id, asked.arises.answer)
                self.arisen[place] = _Asked(asked.arises, asked.question_id, answer_id)

    def _judge(self) -> None:
        chair = self.cast.author(PEOPLE["chair"])
        for asked in self.arisen:
            if asked.arises.satisfied is not None:
                judge_answer(
                    chair,
                    asked.question_id,
                    asked.answer_id,
                    satisfied=asked.arises.satisfied,
                    comment=asked.arises.comment,
                )
        self.arisen.clear()

    def _on_the_rest(self, facts: Sequence[AgendaFact], done: Collection[str]) -> list[tuple[AgendaFact, Decided]]:
        """Return what the board says of the minutes, and of every other question or item that is late or verified."""
        says = {
            AgendaKind.MINUTES: Decided(AgendaKind.MINUTES, "", DecisionKind.APPROVE),
            AgendaKind.MATTERS: Decided(AgendaKind.MATTERS, "", DecisionKind.NOTE, MATTERS_WORDS),
            AgendaKind.LATE: Decided(AgendaKind.LATE, "", DecisionKind.NOTE, LATE_WORDS),
            AgendaKind.EMBED: Decided(AgendaKind.EMBED, "", DecisionKind.DEFER, WAITS_WORDS),
            AgendaKind.QUESTION: Decided(AgendaKind.QUESTION, "", DecisionKind.NOTE, ASKED_WORDS),
        }
        return [(fact, says[fact.kind]) for fact in facts if fact.kind in says and fact.key not in done]

    def _decide(self, meeting_id: int, fact: AgendaFact, decided: Decided) -> None:
        secretary = self.cast.author(PEOPLE["secretary"])
        item = item_now(self.cast.actor(secretary.name), self.board.id, fact, clock.today())
        wish = DecisionWish(
            fact.key,
            decided.kind,
            decided.text,
            version=item.version,
            request_id=item.asked.id if item.asked else 0,
            request_version=item.asked.version if item.asked else 0,
            earlier=month_end_after(self.cast.rows[decided.ref], decided.months) if decided.months else "",
            board_id=boards_named(secretary, [decided.board])[decided.board] if decided.board else None,
        )
        decide(secretary, meeting_id, wish)

    def _facts(self, on_day: date) -> list[AgendaFact]:
        secretary = self.cast.actor(PEOPLE["secretary"])
        return facts_at(secretary, self.board.id, self.ids[on_day], clock.today())

    def _fact(self, facts: Sequence[AgendaFact], kind: AgendaKind, ref: str) -> AgendaFact:
        """Return the item that is on the agenda for this reason: of an action, or else of a recommendation."""
        row = self.cast.rows.get(ref)
        arisen = {asked.question_id for asked in self.arisen}
        for fact in facts:
            here = fact.action_id == row.id if row else fact.title.startswith(f"{ref} ")
            if fact.kind == kind and here and (kind != AgendaKind.QUESTION or id_in(fact.key) in arisen):
                return fact
        raise LookupError(f"{kind} {ref} is not on the agenda of the {self.board.name}")


def hold_meetings(cast: Cast, diary: Diary) -> None:
    """Enter two meetings of each board, with their papers and minutes, and set the next one."""
    by_name = {board.name: board for board in boards()}
    for name, script in BOARDS.items():
        table = _Table(cast, by_name[name], script)
        after, before, ahead = (timedelta(days=days) for days in script.days)
        first, second, coming = map(weekday_until, (cast.dated_on + after, cast.today - before, cast.today + ahead))
        diary.on(cast.dated_on, partial(table.set_meeting, first))
        diary.on(cast.dated_on, partial(table.set_meeting, second))
        diary.on(cast.dated_on, partial(table.set_meeting, coming))
        for on_day, meets, next_on in ((first, script.first, second), (second, script.second, coming)):
            papers_on = on_day - timedelta(days=DAYS_OF_PAPERS)
            for asked in meets.asked:
                diary.on(papers_on - timedelta(days=1), partial(table.ask_for_date, asked))
            diary.on(papers_on, partial(table.arrange, on_day, meets))
            diary.on(papers_on, partial(table.publish, on_day))
            diary.on(on_day, partial(table.hold, on_day, meets, next_on))
            diary.on(on_day + timedelta(days=DAYS_OF_MINUTES), partial(table.publish_minutes, on_day))
            diary.on(on_day + timedelta(days=DAYS_TO_ANSWER), table.answer)
        _prepare(cast, diary, table, coming)


def _prepare(cast: Cast, diary: Diary, table: _Table, coming: date) -> None:
    """Enter what is done for a board's next meeting."""
    out_on = cast.today - timedelta(days=DAYS_OUT)
    diary.on(out_on, partial(table.arrange, coming, table.script.coming))
    if table.board.name == PAPERS_OUT:
        diary.on(out_on, partial(table.publish, coming))
    apologies = dict(table.script.coming.attended)
    if apologies:
        diary.on(cast.today - timedelta(days=1), partial(table.record_attendance, coming, apologies, others=None))
