"""What a search finds, among what a person may see: the same clauses as on the screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, select
from sqlalchemy.orm import aliased

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.people.model import Person
from ilacs_app.plan.lists.filters import Filter, recommendation_clauses
from ilacs_app.plan.lists.rows import PAGE_ROWS
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation
from ilacs_app.plan.rules_sql import has_open_help
from ilacs_app.plan.visibility import only_inspected_by, visible_to
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.evidence.queries import shown_to
from ilacs_app.progress.notes.model import ProgressNote, first_id
from ilacs_app.progress.notes.rules import Answer
from ilacs_app.progress.queries import ON_BEHALF, signed
from ilacs_app.search.index import INDEX, Question, SearchKind, TextPart, excerpt, fits, place

MOST = 600  # hits of one kind; with more, the search needs another word


@dataclass(frozen=True)
class SearchHit:
    """One item that was found. ``parts`` are its words, each with whether it was looked for; ``at`` a UTC instant.

    ``item_id`` is its own id, that of a recommendation or of whatever was found about an action.
    """

    kind: SearchKind
    item_id: int
    ref: str
    plan_slug: str
    plan_short: str
    number: str
    action_id: int | None
    parts: tuple[TextPart, ...]
    beside: str = ""
    who: str = ""
    at: datetime | None = None
    withdrawn: bool = False
    corrected: bool = False
    """Whether it is a note that was corrected since."""


@dataclass(frozen=True)
class Found:
    """The page of hits that was asked for, and how many there are of each kind: at most ``MOST`` are counted."""

    hits: tuple[SearchHit, ...]
    by_kind: dict[SearchKind, int]
    page: int
    pages: int

    @property
    def all(self) -> int:
        return sum(self.by_kind.values())

    @property
    def cut(self) -> bool:
        """Whether there may be more than are counted."""
        return MOST in self.by_kind.values()


def search_hits(actor: Actor, asked: Question, *, plan_id: int | None, kind: SearchKind | None, page: int) -> Found:
    """Return the items that this person may see and that have every term, in live plans unless one plan is named.

    Recommendations and actions are in the plan's order, evidence and notes newest first.
    """
    scope = (visible_to(actor), *recommendation_clauses(Filter(plan_id=plan_id)))
    ids = {each: _ids(each, actor, asked, scope) for each in SearchKind}
    by_kind = {each: len(its) for each, its in ids.items()}
    wanted = [(each, id_) for each in SearchKind if kind in (None, each) for id_ in ids[each]]
    pages = max(1, -(-len(wanted) // PAGE_ROWS))
    page = min(page, pages)
    shown = wanted[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    hits: dict[tuple[SearchKind, int], SearchHit] = {}
    for kind_ in SearchKind:
        if its := [id_ for of, id_ in shown if of == kind_]:
            for row in db.session.execute(_DETAILS[kind_](its, scope)):
                hits.setdefault((kind_, row.id), _hit(kind_, row, asked))
    return Found(tuple(hits[key] for key in shown if key in hits), by_kind, page, pages)


@dataclass(frozen=True)
class SearchStop:
    """A page to which a search leads: of an action by its reference, of a recommendation by its number."""

    of_action: bool
    id: int
    name: str
    plan_slug: str


def stops_beside(
    actor: Actor, asked: Question, *, plan_id: int | None, kind: SearchKind | None, of_action: bool, item_id: int
) -> tuple[SearchStop | None, SearchStop | None]:
    """The pages before and after this one among those to which the hits lead, each once, where it first is.

    What someone may not see is no hit; nothing if this page is none of them.
    """
    if not asked.terms:
        return None, None
    scope = (visible_to(actor), *recommendation_clauses(Filter(plan_id=plan_id)))
    stops: dict[tuple[bool, int], None] = {}
    for each in SearchKind:
        if kind not in (None, each):
            continue
        for id_ in _pages(each, _ids(each, actor, asked, scope)):
            stops.setdefault((each != SearchKind.RECOMMENDATION, id_))
    keys = list(stops)
    at = keys.index((of_action, item_id)) if (of_action, item_id) in stops else None
    if at is None:
        return None, None
    before, after = keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None
    return _stop(before, scope), _stop(after, scope)


def _pages(kind: SearchKind, ids: list[int]) -> list[int]:
    """The ids of the pages to which these hits of a kind lead: of their actions, or of themselves."""
    if kind in (SearchKind.RECOMMENDATION, SearchKind.ACTION) or not ids:
        return ids
    table = Evidence if kind == SearchKind.EVIDENCE else ProgressNote
    rows = db.session.execute(select(table.id, table.action_id).where(table.id.in_(ids)))
    action_of = {row.id: row.action_id for row in rows}
    return [action_of[id_] for id_ in ids if id_ in action_of]


def _stop(key: tuple[bool, int] | None, scope: tuple[ColumnElement[bool], ...]) -> SearchStop | None:
    if key is None:
        return None
    kind = SearchKind.ACTION if key[0] else SearchKind.RECOMMENDATION
    name = (ActionPlace.ref if key[0] else Recommendation.number).label("name")
    places = _places(kind, name, Plan.slug).where(_OF[kind] == key[1], *scope)
    place_ = db.session.execute(places.order_by(Recommendation.position).limit(1)).first()
    return SearchStop(of_action=key[0], id=key[1], name=place_.name, plan_slug=place_.slug) if place_ else None


def _ids(kind: SearchKind, actor: Actor, asked: Question, scope: tuple[ColumnElement[bool], ...]) -> list[int]:
    if not asked.terms:
        return []
    # PostgreSQL underestimates the number of matches and reads a whole kind in order unless told to find them first
    fitting = select(INDEX.c.rowid).where(fits(kind, asked)).cte().prefix_with("materialized", dialect="postgresql")
    id_ = (fitting.c.rowid - place(kind, 0)).label("id")
    order = fitting.c.rowid if kind in (SearchKind.RECOMMENDATION, SearchKind.ACTION) else fitting.c.rowid.desc()
    newest = select(id_).order_by(order).limit(MOST)
    seen = _places(kind).where(*scope)
    if kind == SearchKind.EVIDENCE:
        seen = seen.where(shown_to(actor))
    elif kind == SearchKind.NOTE:
        asks_help = and_(ProgressNote.answer == Answer.NEED_HELP, has_open_help(clock.today()))
        seen = seen.where(not_(and_(only_inspected_by(actor), func.coalesce(asks_help, false()))))
    if actor.reads_all_plans:  # then they can usually see the first ones, and no further query is needed
        first = list(db.session.scalars(newest))
        theirs = set(db.session.scalars(seen.where(_OF[kind].in_(first)))) if first else set()
        if len(first) < MOST or len(theirs) == MOST:
            return [item_id for item_id in first if item_id in theirs]
    return list(db.session.scalars(newest.where(id_.in_(seen))))


_OF: dict[SearchKind, Any] = {
    SearchKind.RECOMMENDATION: Recommendation.id,
    SearchKind.ACTION: ActionPlace.action_id,
    SearchKind.EVIDENCE: Evidence.id,
    SearchKind.NOTE: ProgressNote.id,
}


def _places(kind: SearchKind, *columns: Any) -> Select[Any]:
    """The items of a kind, joined with each place where they are."""
    chosen = select(*columns) if columns else select(_OF[kind])
    if kind == SearchKind.RECOMMENDATION:
        return chosen.select_from(Recommendation).join(Plan, Plan.id == Recommendation.plan_id)
    match kind:
        case SearchKind.ACTION:
            chosen = chosen.select_from(ActionPlace).where(ActionPlace.position >= 0)  # not parked: decision 0013
        case SearchKind.NOTE:
            chosen = chosen.select_from(ProgressNote).join(ActionPlace, ActionPlace.action_id == ProgressNote.action_id)
        case SearchKind.EVIDENCE:
            chosen = chosen.select_from(Evidence).join(ActionPlace, ActionPlace.action_id == Evidence.action_id)
    return (
        chosen.join(Action, Action.id == ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
    )


_WHERE = (Plan.slug, Plan.short_name, Recommendation.number)
_OF_ACTION = (Action.id.label("action_id"), Action.text.label("action"), signed().label("who"))
_FIRST_PLACE = (Recommendation.position, ActionPlace.position)


def _recommendations(ids: list[int], scope: Any) -> Select[Any]:
    columns = (Recommendation.id, *_WHERE, Recommendation.number.label("ref"), Recommendation.text)
    return _places(SearchKind.RECOMMENDATION, *columns).where(Recommendation.id.in_(ids), *scope)


def _actions(ids: list[int], scope: Any) -> Select[Any]:
    columns = (Action.id, *_WHERE, ActionPlace.ref, Action.text, Action.imported_note)
    return _places(SearchKind.ACTION, *columns).where(Action.id.in_(ids), *scope).order_by(*_FIRST_PLACE)


def _evidence(ids: list[int], scope: Any) -> Select[Any]:
    texts = (Evidence.shows, Evidence.file_name, Evidence.url)
    columns = (Evidence.withdrawn_on, *texts, *_OF_ACTION, Evidence.added_at.label("at"))
    places = _places(SearchKind.EVIDENCE, Evidence.id, *_WHERE, ActionPlace.ref, *columns)
    return _signed(places, Evidence).where(Evidence.id.in_(ids), *scope).order_by(*_FIRST_PLACE)


def _notes(ids: list[int], scope: Any) -> Select[Any]:
    texts = (ProgressNote.did, ProgressNote.difference, ProgressNote.next_step, ProgressNote.blocker)
    later = aliased(ProgressNote)
    corrected = exists().where(
        later.action_id == ProgressNote.action_id, later.corrects_id == first_id(), later.id > ProgressNote.id
    )
    columns = (corrected.label("corrected"), *texts, *_OF_ACTION, ProgressNote.written_at.label("at"))
    places = _places(SearchKind.NOTE, ProgressNote.id, *_WHERE, ActionPlace.ref, *columns)
    return _signed(places, ProgressNote).where(ProgressNote.id.in_(ids), *scope).order_by(*_FIRST_PLACE)


def _signed(places: Select[Any], table: type[Evidence | ProgressNote]) -> Select[Any]:
    return places.join(Person, Person.id == table.person_id).outerjoin(ON_BEHALF, ON_BEHALF.id == table.for_person_id)


_DETAILS: dict[SearchKind, Callable[[list[int], Any], Select[Any]]] = {
    SearchKind.RECOMMENDATION: _recommendations,
    SearchKind.ACTION: _actions,
    SearchKind.EVIDENCE: _evidence,
    SearchKind.NOTE: _notes,
}


def _hit(kind: SearchKind, row: Any, asked: Question) -> SearchHit:
    item: dict[str, Any] = {
        "kind": kind,
        "item_id": row.id,
        "ref": row.ref,
        "plan_slug": row.slug,
        "plan_short": row.short_name,
        "number": row.number,
    }
    texts: tuple[str | None, ...]
    past: dict[str, Any]
    match kind:
        case SearchKind.RECOMMENDATION:
            return SearchHit(**item, action_id=None, parts=excerpt(row.text, asked))
        case SearchKind.ACTION:
            in_note = not _any_found(row.text, asked) and _any_found(row.imported_note, asked)
            parts = excerpt(row.imported_note if in_note else row.text, asked)
            return SearchHit(**item, action_id=row.id, parts=parts, beside=row.text if in_note else "")
        case SearchKind.EVIDENCE:
            texts = (row.shows, row.file_name, row.url)
            past = {"withdrawn": row.withdrawn_on is not None}
        case SearchKind.NOTE:
            texts = (row.did, row.difference, row.next_step, row.blocker)
            past = {"corrected": row.corrected}
    parts = excerpt(" · ".join(filter(None, texts)), asked)
    return SearchHit(**item, action_id=row.action_id, parts=parts, beside=row.action, who=row.who, at=row.at, **past)


def _any_found(text: str, asked: Question) -> bool:
    return any(part.is_match for part in excerpt(text, asked, len(text)))
