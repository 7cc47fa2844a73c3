"""What the letters of a day say. Writes nothing, and draws nothing: that is done by ``pages``.

Reads through the same queries as the screens, so that no one is told of what they may not see; each asks once for all
accounts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from ilacs_app.access import OPERATOR, Actor
from ilacs_app.clock import london_day
from ilacs_app.dates import long_date
from ilacs_app.digests.compose import (
    BoardItems,
    LetterDraft,
    LetterItem,
    LetterNews,
    LetterQuestion,
    Recipient,
    TaskItems,
    chair_letter,
    lead_letter,
    manager_letter,
    week_of,
)
from ilacs_app.digests.queries import told_until, unreached
from ilacs_app.governance.challenges.queries import questions_of_each, readable_questions
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.people.boards.queries import BoardName, boards
from ilacs_app.plan.labels import timeliness_words
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.rules import Timeliness
from ilacs_app.plan.visibility import actor_with, actors, plans
from ilacs_app.progress.dates.deciders.queries import OFFICERS
from ilacs_app.progress.dates.deciders.waiting import WaitingDate
from ilacs_app.progress.help.queries import Call, calls_to_answer
from ilacs_app.text import many, one_line
from ilacs_app.worklist.news.action_news import news_for_each
from ilacs_app.worklist.news.queries import AnyNews
from ilacs_app.worklist.news.question_news import QuestionNews, news_of_questions
from ilacs_app.worklist.news.recommendation_news import (
    RecommendationNews,
    recommendation_news_for_each,
    with_a_part_in,
)
from ilacs_app.worklist.news.rules import Batch, in_batches, news_since
from ilacs_app.worklist.queries import Tasks, Waiting, held_actions, tasks_for_each, waiting_for_each
from ilacs_app.worklist.rules import Asks, Group, group_of

LATE = frozenset({Timeliness.OVERDUE, Timeliness.REVIEW_OVERDUE})
PRESSING = frozenset({*LATE, Timeliness.DUE_SOON, Timeliness.REVIEW_DUE})


def letter_drafts(base_url: str, today: date) -> tuple[list[LetterDraft], int]:
    """Every letter for ``today``, in the outbox already or not, and how many actions no one at all is told about."""
    writer = _LetterWriter(base_url, today, unreached(today), [actor for actor in actors(today) if actor.belongs])
    drafts = writer.drafts()
    nobody = {row.id for row in writer.reaching_nobody(OPERATOR)}
    told = {id_ for draft in drafts if draft.kind == "manager" for id_ in draft.action_ids}
    return drafts, len(nobody - told)


class Addressed(Protocol):
    """A letter in the outbox, queued or claimed."""

    @property
    def person_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def action_ids(self) -> tuple[int, ...]: ...
    @property
    def challenge_ids(self) -> tuple[int, ...]: ...
    @property
    def recommendation_ids(self) -> tuple[int, ...]: ...


def no_longer_theirs(letter: Addressed, today: date) -> dict[str, int]:
    """Return how much of what a letter names its reader may no longer be told about, by what it is: ``action``..."""
    actor = actor_with(letter.person_id, today)
    reader = actor if actor and actor.belongs else None
    theirs = {
        "action": (letter.action_ids, still_readable(reader, letter.kind, letter.action_ids, today)),
        "question": (letter.challenge_ids, still_asked(actor, letter.challenge_ids)),
        "recommendation": (letter.recommendation_ids, with_a_part_in(reader, letter.recommendation_ids)),
    }
    lost = {thing: len(set(named) - left) for thing, (named, left) in theirs.items()}
    return {thing: number for thing, number in lost.items() if number}


def still_asked(actor: Actor | None, challenge_ids: Collection[int]) -> frozenset[int]:
    """Return those of the questions in a letter that its reader may still read."""
    return readable_questions(actor, challenge_ids) if actor and challenge_ids else frozenset()


def still_readable(actor: Actor | None, kind: str, action_ids: Collection[int], today: date) -> frozenset[int]:
    """Return those of the actions in a letter of this kind that its reader may still be told about."""
    if actor is None:
        return frozenset()
    wanted = Filter(action_ids=frozenset(action_ids))
    if kind == "lead":
        return _worked_on(actor, wanted, today)
    if kind == "chair":
        chaired = [grant.board_id for grant in actor.grants if grant.role == "chair"]
        at_each = (action_rows(actor, replace(wanted, board_id=id_), today, size=None) for id_ in chaired)
        rows = [row for its_rows in at_each for row in its_rows]
    else:
        rows = [row for row in action_rows(actor, wanted, today, size=None) if _manages(actor, row)]
    return frozenset(row.id for row in rows)


def draft_again(person_id: int, kind: str, base_url: str, today: date) -> LetterDraft | None:
    """The letter of this kind as it would be written to this person today; nothing if there is none to write."""
    actor = actor_with(person_id, today)
    if actor is None or not actor.belongs:
        return None
    drafts = _LetterWriter(base_url, today, unreached(today), [actor]).drafts()
    return next((draft for draft in drafts if draft.kind == kind), None)


def _worked_on(actor: Actor, wanted: Filter, today: date) -> frozenset[int]:
    """Return those of these actions that someone delivers, verifies, decides about or is asked to help with."""
    served = {grant.board_id for grant in actor.grants if grant.role in OFFICERS}
    governed = {row.id for id_ in served for row in action_rows(actor, replace(wanted, board_id=id_), today, size=None)}
    asked = {each.row.id for each in calls_to_answer(actor, today)}
    return frozenset(
        row.id
        for row in action_rows(actor, wanted, today, size=None)
        if row.delivers
        or row.id in governed | asked
        or _manages(actor, row)
        or actor.is_a("verifier", plan_id=row.plan_id)
    )


def _manages(actor: Actor, row: ActionRow) -> bool:
    return actor.is_a("programme_manager", plan_id=row.plan_id)


class _LetterWriter:
    """The letters of one day to some people."""

    def __init__(self, base_url: str, today: date, unreached: frozenset[int], readers: Collection[Actor]) -> None:
        self.base_url = base_url
        self.today = today
        self.unreached = unreached
        self.readers = readers
        chaired = {g.board_id for actor in readers for g in actor.grants if g.role == "chair"}
        self.boards = {board: self._overdue_at(board) for board in boards() if board.id in chaired}
        self.several_live = sum(plan.state == "live" for plan in plans(OPERATOR)) > 1

    def drafts(self) -> list[LetterDraft]:
        """The letters to the readers, in their order."""
        held_by = held_actions(self.readers)
        waits_for = waiting_for_each(self.readers, self.today)
        recently = news_since(self.today)
        questions_of = questions_of_each(self.readers, recently, self.today)
        tasks_of = tasks_for_each(self.readers, questions_of, self.today, held=held_by)
        news_of = news_for_each(self.readers, held_by, self.today)
        recommendations_of = recommendation_news_for_each(self.readers, self.today)
        since = told_until("lead", week_of(self.today))
        drafts: list[LetterDraft | None] = []
        for actor in self.readers:
            changes: list[AnyNews] = [
                *news_of[actor.id],
                *recommendations_of[actor.id],
                *news_of_questions(actor, questions_of[actor.id], recently),
            ]
            news = [item for item in changes if actor.id not in since or item.at > since[actor.id]]
            drafts.append(self._of_the_week(actor, waits_for[actor.id], news, tasks=tasks_of[actor.id]))
            drafts += [self._to_a_chair(actor), self._to_a_manager(actor)]
        return [draft for draft in drafts if draft]

    def reaching_nobody(self, actor: Actor) -> list[ActionRow]:
        """Return what presses, reaches no active account and may be seen by this person; the most overdue first."""
        if not self.unreached:
            return []
        rows = action_rows(actor, Filter(action_ids=self.unreached), self.today, size=None)
        return _once(row for row in rows if row.timeliness in PRESSING)

    def _of_the_week(
        self, actor: Actor, waiting: Iterable[Waiting], news: Collection[AnyNews], *, tasks: Tasks
    ) -> LetterDraft | None:
        several = self._sees_several(actor)
        items: dict[Group, list[LetterItem]] = defaultdict(list)
        updated: list[LetterItem] = []
        for each in waiting:
            if not each.rests:
                items[each.group].append(self._item(each.row, several))
            elif each.row.timeliness in PRESSING:
                updated.append(self._item(each.row, several))
        newest_first = sorted(news, key=lambda item: item.at, reverse=True)
        told = [
            self._batch(item.changes, several) if isinstance(item, Batch) else self._news(item, several)
            for item in in_batches(newest_first)
        ]
        to_do = TaskItems(
            to_answer=tuple(self._to_answer(each.row, each.call, several=several) for each in tasks.requests),
            to_decide=tuple(self._to_decide(date_change, several) for date_change in tasks.dates),
            to_verify=tuple(self._item(row, several) for row in tasks.to_test),
            claims=len(tasks.claims),
            questions=tuple(self._question(question, several) for question in tasks.questions),
            answers=tuple(self._question(question, several) for question in tasks.answers),
        )
        to = self._to(actor)
        return lead_letter(to, self.today, self.base_url, items, told, tasks=to_do, updated=updated)

    def _to_answer(self, row: ActionRow, call: Call, *, several: bool) -> LetterItem:
        item = self._item(row, several)
        since = f"Help requested on {long_date(london_day(call.at))}"
        return replace(item, url=f"{item.url}#help", since=since)

    def _to_decide(self, change: WaitingDate, several: bool) -> LetterItem:
        to = f" to {long_date(change.asked.due_on)}" if change.asked.due_on else ""
        since = f"Date change{to} requested on {long_date(change.asked.asked_on)}"
        url = f"{self.base_url}/date-requests/{change.asked.id}"
        return replace(self._item(change.row, several), url=url, since=since)

    def _to_a_chair(self, actor: Actor) -> LetterDraft | None:
        several = self._sees_several(actor)
        parts = [
            BoardItems(board.name, board.slug, tuple(self._item(row, several) for row in rows))
            for board, rows in self.boards.items()
            if actor.holds_on(board.id, "chair")
        ]
        return chair_letter(self._to(actor), self.today, self.base_url, parts) if parts else None

    def _to_a_manager(self, actor: Actor) -> LetterDraft | None:
        if not actor.has("programme_manager") or not self.unreached:
            return None
        several = self._sees_several(actor)
        items: dict[Group, list[LetterItem]] = defaultdict(list)
        for row in self.reaching_nobody(actor):
            group = group_of(row.facts, Asks(), self.today)
            if group and _manages(actor, row):
                items[group].append(self._item(row, several))
        return manager_letter(self._to(actor), self.today, self.base_url, items)

    def _to(self, actor: Actor) -> Recipient:
        return Recipient(actor.id, actor.email)

    def _sees_several(self, actor: Actor) -> bool:
        """Return whether a reference needs the plan's short name beside it."""
        if not self.several_live or actor.reads_all_plans:
            return self.several_live
        return sum(plan.state == "live" for plan in plans(actor)) > 1

    def _overdue_at(self, board: BoardName) -> list[ActionRow]:
        """Return what is overdue at a board: all of it is its chair's to see."""
        wanted = Filter(board_id=board.id, timeliness=Timeliness.OVERDUE)
        return _once(action_rows(OPERATOR, wanted, self.today, size=None))

    def _item(self, row: ActionRow, several: bool) -> LetterItem:
        return LetterItem(
            action_id=row.id,
            plan=row.plan_short if several else "",
            ref=row.ref,
            text=one_line(row.text),
            url=f"{self.base_url}/actions/{row.id}",
            when=timeliness_words(row, self.today),
            late=row.timeliness in LATE,
            brag=row.brag,
            people=one_line(row.people.labelled_names),
            tag=row.tag,
        )

    def _question(self, question: BoardQuestion, several: bool) -> LetterQuestion:
        late, newest = question.is_late(self.today), question.newest
        if question.waits_for_answer or newest is None:
            when = f"{'Answer was due on' if late else 'Answer by'} {long_date(question.due_on)}"
        else:
            when = f"Answered on {long_date(london_day(newest.at))}"
        return LetterQuestion(
            challenge_id=question.id,
            plan=question.plan_short if several else "",
            ref=question.ref,
            text=one_line(question.text),
            url=f"{self.base_url}{question.address}",
            when=when,
            late=late,
            since=f"{one_line(question.board)}, {long_date(london_day(question.asked_at))}",
        )

    def _news(self, item: AnyNews, several: bool) -> LetterNews:
        if isinstance(item, RecommendationNews):
            text, ids = item.text, _Ids(recommendation_ids=(item.recommendation_id,))
        elif isinstance(item, QuestionNews):
            text, ids = item.question.text, _Ids(challenge_id=item.question.id)
        else:
            text, ids = item.row.text, _Ids(action_id=item.row.id)
        return LetterNews(
            **vars(ids),
            plan=item.plan_short if several else "",
            ref=item.ref,
            text=one_line(text),
            url=f"{self.base_url}{item.address}",
            says=". ".join(filter(None, (item.title, one_line(item.due)))),
            by=f"{one_line(item.who)}, {long_date(london_day(item.at))}",
        )

    def _batch(self, changes: Sequence[AnyNews], several: bool) -> LetterNews:
        """Return one line for what was changed at once, which My work lists."""
        lines = [self._news(change, several) for change in changes]
        first = lines[0]
        return replace(
            first,
            plan=first.plan if len({item.plan_short for item in changes}) == 1 else "",
            ref="",
            text=many(len(changes), changes[0].thing),
            url=f"{self.base_url}/#news",
            says=changes[0].title,
            action_id=None,
            number=len(changes),
            covers=tuple(dict.fromkeys(id_ for line in lines for id_ in line.about)),
            recommendation_ids=tuple(dict.fromkeys(id_ for line in lines for id_ in line.recommendation_ids)),
        )


@dataclass(frozen=True)
class _Ids:
    """What a change in a letter is about, as ``LetterNews`` has it."""

    action_id: int | None = None
    challenge_id: int | None = None
    recommendation_ids: tuple[int, ...] = ()


def _once(rows: Iterable[ActionRow]) -> list[ActionRow]:
    """Each action once, at its first place; the most overdue first, then the soonest due."""
    once: dict[int, ActionRow] = {}
    for row in rows:
        once.setdefault(row.id, row)
    return sorted(once.values(), key=lambda row: (-row.days, row.due_on or date.max))
