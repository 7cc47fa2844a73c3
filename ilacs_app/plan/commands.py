"""What makes a plan, its recommendations and its actions. Screens, imports and the demo all go through these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.db import db, write_rows
from ilacs_app.errors import Refused
from ilacs_app.history import Author, record, record_each
from ilacs_app.people.boards.commands import boards_named
from ilacs_app.plan.assignments import assigned_rows, board_rows, lead_rows, match_names
from ilacs_app.plan.model import (
    Action,
    ActionPerson,
    ActionPlace,
    ActionStage,
    DateEntry,
    Plan,
    Recommendation,
    RecommendationBoard,
    RecommendationLead,
)
from ilacs_app.plan.parsing.timescales import Timing
from ilacs_app.plan.plan_file import FileAction, FileRecommendation
from ilacs_app.plan.rules import Status
from ilacs_app.plan.writing import first_dates, stage_rows, timescale_columns
from ilacs_app.search.index import SearchKind, keep_all
from ilacs_app.text import slug_of

TAKEN = frozenset({"new"})  # /plans/new is a page of its own


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
        raise Refused(f"There is a plan called “{slug}” already, and it was not changed. Choose another name.")


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
        after={
            "state": state,
            "dated_on": dated_on.isoformat(),
            "title": title,
            "short_name": title,
            "slug": slug,
            "inspection_id": inspection_id,
            "status_key": status_key or [],
        },
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
    boards = boards_named(by, dict.fromkeys(name for recommendation in given for name in recommendation.boards))
    reached = match_names({name for recommendation in given for name in recommendation.leads})
    rows = [
        _recommendation_row(plan_id, recommendation, place, further)
        for place, recommendation in enumerate(given, position)
    ]
    db.session.add_all(rows)
    db.session.flush()
    ids = [row.id for row in rows]
    made = list(zip(ids, given, strict=True))
    of_boards: list[dict[str, Any]] = []
    for id_, recommendation in made:
        named_as: dict[int, str] = {}
        for name in recommendation.boards:
            named_as.setdefault(boards[name], name)
        of_boards += board_rows(id_, named_as, further.lead_board_id)
    leads = (lead_rows(id_, recommendation.leads, reached, further.accountable) for id_, recommendation in made)
    write_rows(RecommendationLead, chain.from_iterable(leads))
    write_rows(RecommendationBoard, of_boards)
    record_each(
        by,
        "recommendation_added",
        (
            {
                "plan_id": plan_id,
                "recommendation_id": id_,
                "about": recommendation.number,
                "after": _recommendation_told(recommendation, further),
            }
            for id_, recommendation in made
        ),
    )
    keep_all(
        SearchKind.RECOMMENDATION, [(id_, (recommendation.number, recommendation.text)) for id_, recommendation in made]
    )
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


def _recommendation_told(given: FileRecommendation, further: Further) -> dict[str, Any]:
    """Return what history tells of a new recommendation: all of its text, its leads and boards; no empty values."""
    told = {
        "text": given.text,
        "leads": list(given.leads),
        "boards": list(given.boards),
        "accountable": further.accountable,
        "monitoring": list(given.monitoring),
        "measures": list(given.measures),
        "partnership_focus": given.partnership_focus,
        "link_plans": list(given.link_plans),
        "impact": given.impact,
        "kind": further.kind,
        "judgement_area": further.judgement_area,
        "exit_criteria": further.exit_criteria,
        "carried_forward_from": further.carried_forward_from,
        "extra": dict(given.extra),
    }
    return {name: value for name, value in told.items() if value or name in {"text", "leads", "boards"}}


def _action_told(given: FileAction, row: Action) -> dict[str, Any]:
    """Return what history tells of a new action: its text, people, dates and status, and what a file said of it."""
    told = {
        "text": given.text,
        "timescale": given.timescale.text,
        "status": str(row.status),
        "owners": list(dict.fromkeys(given.owners)),
        "stages": [f"{stage.label}: {stage.due_on.isoformat()}" for stage in given.timescale.stages],
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "month": row.completed_on.isoformat() if row.completed_on else "",
        "note": given.note,
        "status_text": given.status_text,
        "brag_text": given.brag_text,
        "evidence": given.evidence,
        "extra": dict(given.extra),
    }
    return {name: value for name, value in told.items() if value or name in {"text", "timescale", "status"}}


@dataclass(frozen=True)
class Home:
    """Where a new action is: its plan (with the plan's own date), recommendation and place in it."""

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
    reached = match_names({name for _, given in added for name in given.owners})
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
    owners = (assigned_rows(row.id, "owner", given.owners, reached) for row, _, given in made)
    stages = (stage_rows(row.id, given.timescale.stages) for row, _, given in made)
    dates = (first_dates(by, row.id, given.timescale) for row, _, given in made)
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
                "after": _action_told(given, row),
            }
            for row, home, given in made
        ),
    )
    keep_all(SearchKind.ACTION, ((row.id, (given.ref, given.text, given.note)) for row, _, given in made))
    return [row.id for row in rows]


def _action_row(home: Home, given: FileAction, *, imported: bool) -> Action:
    scale = given.timescale
    first_word = home.dated_on if imported else clock.today()
    status = given.status or proposed_status(given, home.dated_on)
    if status in {Status.VERIFIED, Status.EMBEDDED}:
        status = Status.COMPLETED  # a file can only claim completion; someone here has to verify it
    moved = scale.original_due_on is not None
    return Action(
        plan_id=home.plan_id,
        text=given.text,
        timescale_text=scale.text,
        **timescale_columns(scale, first_word),
        original_due_on=scale.original_due_on or scale.due_on,
        moves=int(moved),
        last_moved_on=home.dated_on if moved else None,
        status=status,
        status_before=proposed_status(given, home.dated_on) if status in {Status.PAUSED, Status.WITHDRAWN} else None,
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


def proposed_status(given: FileAction, dated_on: date) -> Status:
    """The delivery status of an action whose file states none (product rule 7)."""
    scale = given.timescale
    begun = scale.kind == Timing.WINDOW and scale.starts_on is not None and scale.starts_on <= dated_on
    return Status.IN_PROGRESS if scale.kind == Timing.ONGOING or begun else Status.NOT_STARTED
