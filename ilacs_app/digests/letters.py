"""The letters of a day, laid out. Writes nothing.

Reads through the same queries as the screens, so that nobody is told of what they may not see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import render_template

from ilacs_app.access import OPERATOR, Actor
from ilacs_app.digests.compose import (
    BoardItems,
    Draft,
    LetterItem,
    Recipient,
    Written,
    chair_letter,
    lead_letter,
    manager_letter,
    message_id,
)
from ilacs_app.digests.queries import accounts, unreached
from ilacs_app.people.boards.queries import BoardName, boards
from ilacs_app.plan.labels import timeliness_words
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.rules import Timeliness
from ilacs_app.plan.visibility import actor_of, actor_with, plans
from ilacs_app.text import one_line, printable
from ilacs_app.worklist.queries import waiting
from ilacs_app.worklist.rules import Asks, Group, group_of

LATE = frozenset({Timeliness.OVERDUE, Timeliness.REVIEW_OVERDUE})
PRESSING = (Timeliness.OVERDUE, Timeliness.DUE_SOON, Timeliness.REVIEW_OVERDUE, Timeliness.REVIEW_DUE)


@dataclass(frozen=True)
class DayOfLetters:
    """Every letter of a day; ``untold`` counts the actions that reach nobody, the programme manager included."""

    letters: tuple[Written, ...]
    untold: int


def letters_of(base_url: str, today: date) -> DayOfLetters:
    """Every letter that stands to be written on ``today``, whether or not it is in the outbox already."""
    desk = _LetterWriter(base_url, today, unreached(today), boards())
    drafts: list[Draft] = []
    for account in accounts():
        actor = actor_of(account.id, account.name, account.email, account.partner, today)
        if actor.belongs:
            drafts.extend(desk.letters_to(actor))
    nobody = {row.id for row in desk.reaching_nobody(OPERATOR)}
    told = {id_ for draft in drafts if draft.kind == "manager" for id_ in draft.action_ids}
    return DayOfLetters(tuple(_laid_out(draft, base_url) for draft in drafts), len(nobody - told))


def still_readable(person_id: int, kind: str, action_ids: Collection[int], today: date) -> frozenset[int]:
    """Those of the actions in a letter that its reader may still be written to about, in a letter of this kind."""
    actor = actor_with(person_id, today)
    if actor is None or not actor.belongs:
        return frozenset()
    wanted = Filter(action_ids=frozenset(action_ids))
    if kind == "lead":
        rows = action_rows(actor, replace(wanted, delivered_by=actor.acts_as), today, size=None)
    elif kind == "chair":
        chaired = [grant.board_id for grant in actor.grants if grant.role == "chair"]
        its = (action_rows(actor, replace(wanted, board_id=id_), today, size=None) for id_ in chaired)
        rows = [row for found in its for row in found]
    else:
        rows = [row for row in action_rows(actor, wanted, today, size=None) if _manages(actor, row)]
    return frozenset(row.id for row in rows)


def written_again(person_id: int, kind: str, base_url: str, today: date) -> Written | None:
    """The letter of this kind as it would be written to this person today; nothing if there is none to write."""
    actor = actor_with(person_id, today)
    if actor is None or not actor.belongs:
        return None
    drafts = _LetterWriter(base_url, today, unreached(today), boards()).letters_to(actor)
    return next((_laid_out(draft, base_url) for draft in drafts if draft.kind == kind), None)


def _manages(actor: Actor, row: ActionRow) -> bool:
    return actor.is_a("programme_manager", plan_id=row.plan_id)


@dataclass(frozen=True)
class _LetterWriter:
    """What the letters of one day have in common."""

    base_url: str
    today: date
    unreached: frozenset[int]
    boards: Sequence[BoardName]

    def letters_to(self, actor: Actor) -> list[Draft]:
        to = Recipient(actor.id, actor.email)
        several = sum(plan.state == "live" for plan in plans(actor)) > 1
        found = [lead_letter(to, self.today, self.base_url, self._waiting(actor, several))]
        chaired = [board for board in self.boards if actor.holds_on(board.id, "chair")]
        if chaired:
            parts = [self._overdue_at(actor, board, several) for board in chaired]
            found.append(chair_letter(to, self.today, self.base_url, parts))
        if actor.has("programme_manager") and self.unreached:
            rows = [row for row in self.reaching_nobody(actor) if _manages(actor, row)]
            found.append(manager_letter(to, self.today, self.base_url, self._by_group(rows, several)))
        return [draft for draft in found if draft]

    def reaching_nobody(self, actor: Actor) -> list[ActionRow]:
        """What waits, reaches no active account and may be seen by this person; the most overdue first."""
        rows = [
            row
            for when in PRESSING
            for row in action_rows(actor, Filter(timeliness=when), self.today, size=None)
            if row.id in self.unreached
        ]
        return _once(rows)

    def _waiting(self, actor: Actor, several: bool) -> Mapping[Group, list[LetterItem]]:
        items: dict[Group, list[LetterItem]] = defaultdict(list)
        for each in waiting(actor, self.today, resting=True):
            items[each.group].append(self._item(each.row, several))
        return items

    def _overdue_at(self, actor: Actor, board: BoardName, several: bool) -> BoardItems:
        wanted = Filter(board_id=board.id, timeliness=Timeliness.OVERDUE)
        rows = _once(action_rows(actor, wanted, self.today, size=None))
        return BoardItems(board.name, board.slug, tuple(self._item(row, several) for row in rows))

    def _by_group(self, rows: Iterable[ActionRow], several: bool) -> Mapping[Group, list[LetterItem]]:
        items: dict[Group, list[LetterItem]] = defaultdict(list)
        for row in rows:
            group = group_of(row.facts, Asks(), self.today)
            if group:
                items[group].append(self._item(row, several))
        return items

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
        )


def _once(rows: Iterable[ActionRow]) -> list[ActionRow]:
    """Each action once, at its first place; the most overdue first, then the soonest due."""
    once: dict[int, ActionRow] = {}
    for row in rows:
        once.setdefault(row.id, row)
    return sorted(once.values(), key=lambda row: (-row.days, row.due_on or date.max))


def _laid_out(draft: Draft, base_url: str) -> Written:
    return Written(
        draft=draft,
        text=printable(render_template("digests/letter.txt", letter=draft)),
        html=printable(render_template("digests/letter.html", letter=draft)),
        message_id=message_id(draft, base_url),
    )
