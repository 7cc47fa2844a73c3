"""Files on their way in, and those that a plan came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from ilacs_app.access import Act, Actor, may
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.intake.imports.model import PlanImport
from ilacs_app.intake.reader.choices import Choices, Reading, ReadyPlan
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


_LINE = (
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
        Person.name,
        PlanImport.plan_id,
        Plan.slug,
        Plan.title,
        PlanImport.choices,
    )
    .outerjoin(Person, Person.id == PlanImport.person_id)
    .outerjoin(Plan, Plan.id == PlanImport.plan_id)
)
NEWEST_IMPORTS = 50


def imports(actor: Actor) -> list[ImportLine]:
    """The newest files that this programme manager may see, newest first."""
    rows = db.session.execute(_LINE.order_by(PlanImport.id.desc()).limit(NEWEST_IMPORTS))
    return [one for row in rows if _may_see(actor, (one := _line(row)))]


def import_of(actor: Actor, import_id: int) -> ImportLine:
    """One file.

    Raises:
        NotKnown: there is none, or it is not theirs to know of.
    """
    row = db.session.execute(_LINE.where(PlanImport.id == import_id)).first()
    found = _line(row) if row is not None else None
    if found is None or not _may_see(actor, found):
        raise NotKnown(str(import_id))
    return found


def reading_of(import_id: int) -> tuple[Reading, Choices]:
    """What was read of a file, and what was corrected so far.

    Raises:
        NotKnown: it was not read, or is put away.
    """
    row = db.session.execute(
        select(PlanImport.read, PlanImport.dated_on, PlanImport.choices).where(PlanImport.id == import_id)
    ).one()
    if row[0] is None:
        raise NotKnown(str(import_id))
    return Reading.from_json(row[0], row[1]), Choices.from_json(row[2])


def ready_plan(import_id: int) -> ReadyPlan:
    """The plan that a file makes, with what was corrected so far.

    Raises:
        NotKnown: it was not read, or is put away.
    """
    row = select(PlanImport.read, PlanImport.dated_on, PlanImport.choices, PlanImport.version)
    read, dated_on, kept, version = db.session.execute(row.where(PlanImport.id == import_id)).one()
    if read is None:
        raise NotKnown(str(import_id))
    reading = Reading.from_json(read, dated_on)
    file = reading.plan(dated_on, Choices.from_json(kept))
    return ReadyPlan(version, file, reading.key, dated_on, kept["title"], kept["slug"])


def choices_of(import_id: int) -> Choices:
    """What was corrected so far of a file, read or not."""
    return Choices.from_json(db.session.scalars(select(PlanImport.choices).where(PlanImport.id == import_id)).one())


def _line(row: Any) -> ImportLine:
    *_, who, plan_id, plan_slug, plan, choices = row
    return ImportLine(
        id=row[0],
        file_name=row[1],
        state=row[2],
        said=row[3],
        dated_on=row[4],
        uploaded_at=row[5],
        confirmed_at=row[6],
        size=row[7],
        version=row[8],
        store_key=row[9],
        sha256=row[10],
        who=who or "command line",
        plan_id=plan_id,
        plan_slug=plan_slug,
        plan=plan or "",
        title=choices.get("title", ""),
        slug=choices.get("slug", ""),
    )


def _may_see(actor: Actor, one: ImportLine) -> bool:
    return may(actor, Act.IMPORT_PLAN, one.plan_id)


@dataclass(frozen=True)
class BoardMatch:
    """A board as the file names it, and the board of ours that it is; none where one will be made."""

    name: str
    ours: str | None


def board_matches(names: Iterable[str]) -> list[BoardMatch]:
    """Which boards of a file there are already, by name or other name."""
    known: dict[str, str] = {}
    for slug, name, others in db.session.execute(select(Board.slug, Board.name, Board.other_names)):
        known.update(dict.fromkeys((slug, *(slug_of(other) for other in others)), name))
    return [BoardMatch(name, known.get(slug_of(name))) for name in names]


@dataclass(frozen=True)
class NameMatch:
    """A name of the file and how many items it leads or owns; ``reaches`` says whom, nobody where empty."""

    name: str
    items: int
    reaches: str


def name_matches(recommendations: Iterable[FileRecommendation]) -> list[NameMatch]:
    """Every lead and owner of a file, in its order, and whether a letter would reach them."""
    times: Counter[str] = Counter()
    for one in recommendations:
        times.update(one.leads)
        times.update(name for action in one.actions for name in action.owners)
    people = Counter(plain_name(name) for _, name, _ in active_people())
    groups = {plain_name(team.name) for team in teams()}

    def reached(name: str) -> str:
        if people[plain_name(name)] == 1:
            return "an account"
        return "a team" if plain_name(name) in groups else ""

    return [NameMatch(name, items, reached(name)) for name, items in times.items()]


def files_named() -> dict[str, str]:
    """The key of every file in the evidence store that an import names, with its SHA-256."""
    rows = db.session.execute(select(PlanImport.store_key, PlanImport.sha256).where(PlanImport.store_key.is_not(None)))
    return {key or "": sha256 or "" for key, sha256 in rows}
