"""What makes and changes a plan. Screens, imports and the demo all go through these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import select, update

from .. import clock
from ..db import db, write_rows
from ..history import Author, record, record_each
from ..people.commands import Refused, board_named, slug_of
from ..people.model import Person
from ..people.queries import plain_name, teams
from ..search import Kind, keep_all
from .format import FileAction, FileRecommendation
from .model import (
    Action,
    ActionPerson,
    ActionPlace,
    ActionStage,
    DateEntry,
    Inspection,
    Plan,
    Recommendation,
    RecommendationBoard,
    RecommendationLead,
)
from .naming import board_rows, lead_rows, person_named, reached_by, reached_by_each, worker_rows
from .readings import reading_of, stage_rows
from .rules import Status
from .timescale import Kind as Timing

TAKEN = frozenset({"new"})  # /plans/new is a page of its own


def enter_inspection(
    by: Author,
    authority: str,
    framework: str,
    *,
    on_site_from: date | None = None,
    on_site_until: date | None = None,
    received_on: date | None = None,
    published_on: date | None = None,
) -> int:
    """Enter an inspection of this authority and return its id. ``framework`` is its name with its version."""
    inspection = Inspection(
        authority=authority,
        framework=framework,
        on_site_from=on_site_from,
        on_site_until=on_site_until,
        received_on=received_on,
        published_on=published_on,
    )
    db.session.add(inspection)
    db.session.flush()
    record(by, "inspection_entered", about=f"{authority}, {framework}", after={"inspection_id": inspection.id})
    return inspection.id


def check_slug(slug: str) -> None:
    """Go on only with a short name that can be the address of a new plan.

    Raises:
        Refused: it is no address, belongs to a page, or another plan has it.
    """
    if slug in TAKEN:
        raise Refused(f"“{slug}” is the address of a page. Choose another name.")
    if not slug or slug_of(slug) != slug:
        like = slug_of(slug) or "improvement-plan"
        raise Refused(f"“{slug}” cannot be a plan's address. Use small letters, digits and hyphens, such as {like}.")
    if db.session.scalar(select(Plan.id).where(Plan.slug == slug)):
        raise Refused(f"There is a plan called “{slug}” already, and it was not touched. Choose another name.")


def make_plan(
    by: Author,
    slug: str,
    title: str,
    dated_on: date,
    *,
    state: str,
    inspection_id: int | None = None,
    columns: list[dict[str, Any]] | None = None,
    status_key: list[dict[str, str]] | None = None,
) -> int:
    """Make a plan and return its id. ``dated_on`` is the plan's own date, ``status_key`` its own words with meanings.

    Raises:
        Refused: the slug is not one, or another plan has it.
    """
    check_slug(slug)
    plan = Plan(
        slug=slug,
        short_name=title,
        title=title,
        state=state,
        dated_on=dated_on,
        inspection_id=inspection_id,
        live_on=clock.today() if state == "live" else None,
        columns=columns or [],
        status_key=status_key or [],
    )
    db.session.add(plan)
    db.session.flush()
    record(
        by,
        "plan_made",
        plan_id=plan.id,
        about=title,
        after={"state": state, "dated_on": dated_on.isoformat()},
    )
    return plan.id


@dataclass(frozen=True)
class Further:
    """What a screen says of a new recommendation beyond the columns of a file."""

    kind: str = ""
    judgement_area: str = ""
    exit_criteria: str = ""
    carried_forward_from: str = ""
    accountable: str = ""
    lead_board_id: int | None = None


def add_recommendation(
    by: Author, plan_id: int, given: FileRecommendation, position: int, further: Further = Further()
) -> int:
    """Add a recommendation with its leads and boards; boards that we lack are made. Returns its id.

    The first lead is accountable and the first board leads, unless ``further`` names others.
    """
    return add_recommendations(by, plan_id, [given], position, further)[0]


def add_recommendations(
    by: Author, plan_id: int, given: Sequence[FileRecommendation], position: int = 0, further: Further = Further()
) -> list[int]:
    """Add many as ``add_recommendation`` adds one, the first at ``position``. Returns their ids.

    The rows of all are written together: one by one, 10,000 actions held the database for two minutes.
    """
    boards = {name: board_named(by, name) for name in dict.fromkeys(name for one in given for name in one.boards)}
    reached = reached_by_each({name for one in given for name in one.leads})
    rows = [_recommendation_row(plan_id, one, place, further) for place, one in enumerate(given, position)]
    db.session.add_all(rows)
    db.session.flush()
    ids = [row.id for row in rows]
    made = list(zip(ids, given, strict=True))
    of_boards: list[dict[str, Any]] = []
    for id_, one in made:
        named_as: dict[int, str] = {}
        for name in one.boards:
            named_as.setdefault(boards[name], name)
        of_boards += board_rows(id_, named_as, further.lead_board_id)
    leads = (lead_rows(id_, one.leads, reached, further.accountable) for id_, one in made)
    write_rows(RecommendationLead, chain.from_iterable(leads))
    write_rows(RecommendationBoard, of_boards)
    record_each(
        by,
        "recommendation_added",
        (
            {
                "plan_id": plan_id,
                "recommendation_id": id_,
                "about": one.number,
                "after": {"text": one.text, "leads": list(one.leads), "boards": list(one.boards)},
            }
            for id_, one in made
        ),
    )
    keep_all(Kind.RECOMMENDATION, [(id_, (one.number, one.text)) for id_, one in made])
    return ids


def _recommendation_row(plan_id: int, given: FileRecommendation, position: int, further: Further) -> Recommendation:
    return Recommendation(
        plan_id=plan_id,
        number=given.number,
        position=position,
        text=given.text,
        monitoring=list(given.monitoring),
        measures=list(given.measures),
        partnership_focus=given.partnership_focus,
        link_plans=list(given.link_plans),
        impact=given.impact,
        extra=dict(given.extra),
        at=given.at,
        kind=further.kind,
        judgement_area=further.judgement_area,
        exit_criteria=further.exit_criteria,
        carried_forward_from=further.carried_forward_from,
    )


@dataclass(frozen=True)
class Home:
    """Where a new action stands: its plan (with the plan's own date), recommendation and place in it."""

    plan_id: int
    dated_on: date
    recommendation_id: int
    position: int


def add_action(by: Author, home: Home, given: FileAction, *, imported_from: str = "") -> int:
    """Add an action with its timescale as read, its stages, owners and first ledger line. Returns its id.

    ``imported_from`` names the file; then the first word on it is the plan's own date, and a completion is what the
    file states. A blank status is proposed as in progress for ongoing work and a window that has begun, else as not
    started (product rule 7).
    """
    return add_actions(by, [(home, given)], imported_from=imported_from)[0]


def add_actions(by: Author, added: Sequence[tuple[Home, FileAction]], *, imported_from: str = "") -> list[int]:
    """Add many as ``add_action`` adds one, and write their rows together. Returns their ids."""
    reached = reached_by_each({name for _, given in added for name in given.owners})
    rows = [_action_row(home, given, imported=bool(imported_from)) for home, given in added]
    db.session.add_all(rows)
    db.session.flush()
    made = [(row, home, given) for row, (home, given) in zip(rows, added, strict=True)]
    places = (
        {
            "recommendation_id": home.recommendation_id,
            "action_id": row.id,
            "position": home.position,
            "ref": given.ref,
        }
        for row, home, given in made
    )
    owners = (worker_rows(row.id, "owner", given.owners, reached) for row, _, given in made)
    stages = (stage_rows(row.id, given.timescale.stages) for row, _, given in made)
    dates = (_first_dates(by, row.id, given) for row, _, given in made)
    write_rows(ActionPlace, places)
    write_rows(ActionPerson, chain.from_iterable(owners))
    write_rows(ActionStage, chain.from_iterable(stages))
    write_rows(DateEntry, chain.from_iterable(dates))
    record_each(
        by,
        "imported" if imported_from else "action_added",
        (
            {
                "plan_id": home.plan_id,
                "recommendation_id": home.recommendation_id,
                "action_id": row.id,
                "about": f"{imported_from}, {given.at}" if imported_from else given.ref,
                "after": {"text": given.text, "timescale": given.timescale.text, "status": str(row.status)},
            }
            for row, home, given in made
        ),
    )
    keep_all(Kind.ACTION, ((row.id, (given.ref, given.text, given.note)) for row, _, given in made))
    return [row.id for row in rows]


def _action_row(home: Home, given: FileAction, *, imported: bool) -> Action:
    scale = given.timescale
    first_word = home.dated_on if imported else clock.today()
    status = given.status or _proposed(given, home.dated_on)
    if status in {Status.VERIFIED, Status.EMBEDDED}:
        status = Status.COMPLETED  # a file can claim; only somebody here can say that it was tested
    moved = scale.original_due_on is not None
    return Action(
        plan_id=home.plan_id,
        text=given.text,
        timescale_text=scale.text,
        **reading_of(scale, first_word),
        original_due_on=scale.original_due_on or scale.due_on,
        moves=int(moved),
        last_moved_on=home.dated_on if moved else None,
        status=status,
        status_before=_proposed(given, home.dated_on) if status in {Status.PAUSED, Status.WITHDRAWN} else None,
        completed_on=given.completed_on if status == Status.COMPLETED else None,
        completion_imported=imported and status == Status.COMPLETED,
        last_word_on=first_word,
        imported_status_text=given.status_text,
        imported_note=given.note,
        imported_brag_text=given.brag_text,
        imported_evidence=given.evidence,
        extra=dict(given.extra),
        at=given.at,
    )


def _proposed(given: FileAction, dated_on: date) -> Status:
    scale = given.timescale
    begun = scale.kind == Timing.WINDOW and scale.starts_on is not None and scale.starts_on <= dated_on
    return Status.IN_PROGRESS if scale.kind == Timing.ONGOING or begun else Status.NOT_STARTED


def _first_dates(by: Author, action_id: int, given: FileAction) -> Iterator[dict[str, Any]]:
    """The first lines of its ledger: the date that it has, and a move that was agreed before."""
    scale = given.timescale
    line = {"action_id": action_id, "person_id": by.person_id, "at": clock.now(), "words": scale.text, "says": ""}
    yield {**line, "kind": "original", "due_on": scale.original_due_on or scale.due_on}
    if scale.original_due_on:
        yield {**line, "kind": "move", "due_on": scale.due_on, "says": "agreed before this system"}


def name_people(by: Author, action_id: int, part: str, names: list[str]) -> None:
    """Add owners or contributors (``part``) to an action; a name given twice stays one."""
    plan_id = db.session.scalar(select(Action.plan_id).where(Action.id == action_id))
    known = set(
        db.session.scalars(
            select(ActionPerson.name).where(ActionPerson.action_id == action_id, ActionPerson.part == part)
        )
    )
    new = [name for name in dict.fromkeys(names) if name not in known]
    for name in new:
        db.session.add(ActionPerson(action_id=action_id, part=part, name=name, **reached_by(name)))
    if new:
        record(
            by,
            f"{part}_named",
            plan_id=plan_id,
            action_id=action_id,
            about=", ".join(new),
            after={"names": new},
        )


def link_account(by: Author, person_id: int) -> int:
    """Give an account the items that already name it: leads, owners and contributors. Returns how many."""
    name = db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""
    if person_named(name) != person_id:
        return 0
    linked = 0
    for table in (RecommendationLead, ActionPerson):
        unlinked = db.session.execute(select(table.id, table.name).where(table.person_id.is_(None)))
        ids = [id_ for id_, known in unlinked if plain_name(known) == plain_name(name)]
        db.session.execute(update(table).where(table.id.in_(ids)).values(person_id=person_id))
        linked += len(ids)
    if linked:
        record(by, "account_linked", about=name, after={"items": linked})
    return linked


def link_team(by: Author, team_id: int) -> int:
    """Give a team the items that name it, and let go of those that no longer do. Returns how many changed."""
    name = next((team.name for team in teams() if team.id == team_id), "")
    changed = 0
    for table in (RecommendationLead, ActionPerson):
        rows = db.session.execute(select(table.id, table.name, table.team_id)).all()
        gained = [id_ for id_, known, its in rows if plain_name(known) == plain_name(name) and its is None]
        lost = [id_ for id_, known, its in rows if plain_name(known) != plain_name(name) and its == team_id]
        db.session.execute(update(table).where(table.id.in_(gained)).values(team_id=team_id))
        db.session.execute(update(table).where(table.id.in_(lost)).values(team_id=None))
        changed += len(gained) + len(lost)
    if changed:
        record(by, "team_linked", about=name, after={"items": changed})
    return changed
