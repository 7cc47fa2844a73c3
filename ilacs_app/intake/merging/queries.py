"""A plan as a plan file would hold it, and how a new file differs from it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.intake.imports.model import PlanImport
from ilacs_app.intake.imports.queries import reading_of
from ilacs_app.intake.merging.differences import ItemDifference, OurAction, OurRecommendation, PlanItem, differences
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation
from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.plan.plan_file import FileAction, FileRecommendation
from ilacs_app.plan.queries import assigned, board_parts, lead_names
from ilacs_app.plan.rules import Status
from ilacs_app.progress.dates.queries import new_dates
from ilacs_app.progress.notes.model import ProgressNote


def plan_differences(plan_id: int, import_id: int) -> list[ItemDifference]:
    """Return how the file of an import, as it was read and corrected, differs from the plan that it goes into."""
    dated_on = db.session.scalars(select(PlanImport.dated_on).where(PlanImport.id == import_id)).one()
    reading, choices = reading_of(import_id)
    file = reading.plan(dated_on, choices)
    return differences(plan_now(plan_id), file.recommendations, last_file(plan_id), file.fields)


def plan_called(slug: str) -> int | None:
    """The id of the plan with this short address; None if there is none."""
    return db.session.scalar(select(Plan.id).where(Plan.slug == slug))


def is_draft(plan_id: int) -> bool:
    """Return whether a plan is a draft, so that a file changes its timescales like any other text."""
    return db.session.scalar(select(Plan.state).where(Plan.id == plan_id)) == "draft"


def last_file(plan_id: int) -> tuple[FileRecommendation, ...]:
    """The recommendations of the file last imported into a plan; none where it never was."""
    last = db.session.execute(
        select(PlanImport.id, PlanImport.dated_on)
        .where(PlanImport.plan_id == plan_id, PlanImport.state == "confirmed")
        .order_by(PlanImport.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return ()
    reading, choices = reading_of(last.id)
    return reading.plan(last.dated_on, choices).recommendations


def plan_now(plan_id: int) -> list[OurRecommendation]:
    """Every recommendation and action of a plan as it is now, including withdrawn ones."""
    dated_on = db.session.scalars(select(Plan.dated_on).where(Plan.id == plan_id)).one()
    actions = _actions(plan_id, dated_on)
    rows = db.session.scalars(
        select(Recommendation).where(Recommendation.plan_id == plan_id).order_by(Recommendation.position)
    ).all()
    ids = [row.id for row in rows]
    leads, boards = lead_names(ids), board_parts(ids)
    return [
        OurRecommendation(
            PlanItem(row.id, row.version, row.withdrawn_on is not None),
            FileRecommendation(
                number=row.number,
                text=row.text,
                at=row.at,
                leads=leads.get(row.id, ()),
                monitoring=tuple(row.monitoring),
                measures=tuple(row.measures),
                partnership_focus=row.partnership_focus,
                link_plans=tuple(row.link_plans),
                boards=tuple(board.named_as for board in boards.get(row.id, ())),
                impact=row.impact,
                actions=tuple(action.says for action in actions[row.id]),
            ),
            tuple(actions[row.id]),
        )
        for row in rows
    ]


def _actions(plan_id: int, dated_on: date) -> dict[int, list[OurAction]]:
    rows = db.session.execute(
        select(
            ActionPlace.recommendation_id,
            ActionPlace.ref,
            Action.id,
            Action.version,
            Action.text,
            Action.timescale_text,
            Action.status,
            Action.imported_note,
            Action.at,
        )
        .join(Action, Action.id == ActionPlace.action_id)
        .where(Action.plan_id == plan_id, ActionPlace.position >= 0)
        .order_by(ActionPlace.recommendation_id, ActionPlace.position)
    ).all()
    ids = [row.id for row in rows]
    people, notes, requests = assigned(ids), _notes(plan_id), new_dates(ids)
    actions: dict[int, list[OurAction]] = defaultdict(list)
    for row in rows:
        requested = requests[row.id].words if row.id in requests else ""
        withdrawn = row.status == Status.WITHDRAWN
        standing = PlanItem(row.id, row.version, withdrawn, requested, frozenset(notes[row.id]))
        scale = read_timescale(row.timescale_text, dated_on)
        says = FileAction(row.ref, row.text, scale, row.at, people[row.id].owners, note=row.imported_note)
        actions[row.recommendation_id].append(OurAction(standing, says))
    return actions


def _notes(plan_id: int) -> dict[int, list[str]]:
    notes: dict[int, list[str]] = defaultdict(list)
    rows = db.session.execute(
        select(ProgressNote.action_id, ProgressNote.did)
        .join(Action, Action.id == ProgressNote.action_id)
        .where(Action.plan_id == plan_id)
    )
    for row in rows:
        notes[row.action_id].append(row.did)
    return notes
