"""Plan files that were uploaded, and those that a plan came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from ilacs_app.access import Act, Actor, may
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.intake.imports.model import PlanImport
from ilacs_app.intake.reader.choices import Choices, Reading, ReadyPlan
from ilacs_app.intake.reader.status_key import key_word
from ilacs_app.people.boards.model import Board
from ilacs_app.people.model import Person
from ilacs_app.people.queries import active_people
from ilacs_app.people.teams.queries import teams
from ilacs_app.plan.model import Plan
from ilacs_app.plan.plan_file import FileRecommendation
from ilacs_app.text import plain_name, slug_of


@dataclass(frozen=True)
class ImportLine:
    """One file: instants are UTC, ``size`` is in bytes. ``plan`` is the title of the plan it goes into or became."""

    id: int
    file_name: str
    state: str
    said: str
    dated_on: date
    uploaded_at: datetime
    confirmed_at: datetime | None
    size: int | None
    version: int
    store_key: str | None
    sha256: str | None
    who: str
    plan_id: int | None
    plan_slug: str | None
    plan: str
    title: str
    slug: str

    @property
    def is_open(self) -> bool:
        return self.state in {"reading", "read"}


_LINES = (
    select(
        PlanImport.id,
        PlanImport.file_name,
        PlanImport.state,
        PlanImport.said,
        PlanImport.dated_on,
        PlanImport.uploaded_at,
        PlanImport.confirmed_at,
        PlanImport.size,
        PlanImport.version,
        PlanImport.store_key,
        PlanImport.sha256,
        func.coalesce(Person.name, "command line").label("who"),
        PlanImport.plan_id,
        Plan.slug.label("plan_slug"),
        func.coalesce(Plan.title, "").label("plan"),
        PlanImport.choices,
    )
    .outerjoin(Person, Person.id == PlanImport.person_id)
    .outerjoin(Plan, Plan.id == PlanImport.plan_id)
)
NEWEST_IMPORTS = 50


def imports(actor: Actor) -> list[ImportLine]:
    """The newest files that this programme manager may see, newest first."""
    rows = db.session.execute(_LINES.order_by(PlanImport.id.desc()).limit(NEWEST_IMPORTS))
    lines = (_line(row) for row in rows)
    return [line for line in lines if _may_see(actor, line)]


def import_of(actor: Actor, import_id: int) -> ImportLine:
    """One file.

    Raises:
        NotKnown: there is none, or this person may not see it.
    """
    row = db.session.execute(_LINES.where(PlanImport.id == import_id)).first()
    line = _line(row) if row is not None else None
    if line is None or not _may_see(actor, line):
        raise NotKnown(str(import_id))
    return line


@dataclass(frozen=True)
class _Stored:
    """What an import holds of its file: what was read, and what was chosen, as JSON."""

    read: dict[str, Any] | None
    choices: dict[str, Any]
    dated_on: date
    version: int

    def reading(self, import_id: int) -> Reading:
        if self.read is None:
            raise NotKnown(str(import_id))
        return Reading.from_json(self.read, self.dated_on)


def _stored(import_id: int) -> _Stored:
    columns = (PlanImport.read, PlanImport.choices, PlanImport.dated_on, PlanImport.version)
    row = db.session.execute(select(*columns).where(PlanImport.id == import_id)).one()
    return _Stored(**row._mapping)


def reading_of(import_id: int) -> tuple[Reading, Choices]:
    """Return what was read of a file, and what was corrected so far.

    Raises:
        NotKnown: it was not read, or was discarded.
    """
    stored = _stored(import_id)
    return stored.reading(import_id), Choices.from_json(stored.choices)


def ready_plan(import_id: int) -> ReadyPlan:
    """The plan that a file makes, with what was corrected so far.

    Raises:
        NotKnown: it was not read, or was discarded.
    """
    stored = _stored(import_id)
    reading = stored.reading(import_id)
    file = reading.plan(stored.dated_on, Choices.from_json(stored.choices))
    title, slug = stored.choices["title"], stored.choices["slug"]
    return ReadyPlan(stored.version, file, reading.key, stored.dated_on, title, slug)


def choices_of(import_id: int) -> Choices:
    """Return what was chosen so far for a file, read or not."""
    return Choices.from_json(_choices(import_id))


def answers_before(import_id: int) -> Choices:
    """Return what the council had answered in earlier files when this one was uploaded."""
    return Choices.from_json(_choices(import_id).get("before", {}))


def _choices(import_id: int) -> dict[str, Any]:
    choices: dict[str, Any] = db.session.scalars(select(PlanImport.choices).where(PlanImport.id == import_id)).one()
    return choices


def council_answers(plan_id: int | None, among: Collection[int] | None = None) -> Choices:
    """Return what the headings, status words and boards of the plan's last file meant.

    Where it has none, those of the last file of another plan count. ``among`` are the plans that whoever asks may see,
    None for all.

    The words that a file explained in its own key count as answered. Corrections of single rows do not: they belong
    to their file.
    """
    confirmed = select(PlanImport.id).where(PlanImport.state == "confirmed", PlanImport.read.is_not(None))
    newest = confirmed.order_by(PlanImport.id.desc()).limit(1)
    others = newest if among is None else newest.where(PlanImport.plan_id.in_(among))
    last = db.session.scalar(newest.where(PlanImport.plan_id == plan_id)) or db.session.scalar(others)
    if last is None:
        return Choices()
    reading, choices = reading_of(last)
    explained = {key_word(word.word): word.status for word in reading.status_words() if word.means and word.status}
    return Choices(choices.columns, {**explained, **choices.statuses}, choices.boards)


def _line(row: Any) -> ImportLine:
    values = dict(row._mapping)
    choices = values.pop("choices")
    return ImportLine(**values, title=choices.get("title", ""), slug=choices.get("slug", ""))


def _may_see(actor: Actor, line: ImportLine) -> bool:
    return may(actor, Act.IMPORT_PLAN, line.plan_id)


@dataclass(frozen=True)
class BoardMatch:
    """A board as the file names it, and our name for it; None if the import will make a new board."""

    name: str
    ours: str | None


def board_matches(names: Iterable[str]) -> list[BoardMatch]:
    """The boards in a file, each matched by name or other name to one we have."""
    known: dict[str, str] = {}
    for row in db.session.execute(select(Board.slug, Board.name, Board.other_names)):
        known.update(dict.fromkeys((row.slug, *(slug_of(other) for other in row.other_names)), row.name))
    return [BoardMatch(name, known.get(slug_of(name))) for name in names]


@dataclass(frozen=True)
class NameMatch:
    """A name in the file and how many items it leads or owns; ``reaches`` is empty if it has no account."""

    name: str
    items: int
    reaches: str


def name_matches(recommendations: Iterable[FileRecommendation]) -> list[NameMatch]:
    """Every lead and owner in a file, in its order, and whether they would get emails."""
    times: Counter[str] = Counter()
    for recommendation in recommendations:
        times.update(recommendation.leads)
        times.update(name for action in recommendation.actions for name in action.owners)
    people = Counter(plain_name(person.name) for person in active_people())
    groups = {plain_name(team.name) for team in teams()}

    def reached(name: str) -> str:
        if people[plain_name(name)] == 1:
            return "an account"
        return "a team" if plain_name(name) in groups else ""

    return [NameMatch(name, items, reached(name)) for name, items in times.items()]


def plan_files_named() -> dict[str, str]:
    """The store key and SHA-256 of every file that an import names."""
    rows = db.session.execute(select(PlanImport.store_key, PlanImport.sha256).where(PlanImport.store_key.is_not(None)))
    return {row.store_key or "": row.sha256 or "" for row in rows}
