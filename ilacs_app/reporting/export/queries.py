"""A plan as the rows that an export prints: the contract of product rule 7, read back from the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from ilacs_app.access import Actor
from ilacs_app.dates import month_year
from ilacs_app.db import db
from ilacs_app.people.model import Person
from ilacs_app.plan.labels import timeliness_words
from ilacs_app.plan.lists.filters import Filter, governed_by
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.lists.sorting import PLAN_ORDER, Sort
from ilacs_app.plan.model import Action, ActionStage, Plan, Recommendation
from ilacs_app.plan.parsing.statuses import read_brag
from ilacs_app.plan.parsing.timescales import Stage, Timescale, Timing
from ilacs_app.plan.plan_file import FileAction, FileColumn, FileRecommendation, FileSource, PlanFile
from ilacs_app.plan.queries import BoardPart, assigned, board_parts, council_name, lead_names
from ilacs_app.plan.rules import BRAG_MEANINGS, BRAG_WORDS, STATUS_WORDS, Status, Timeliness
from ilacs_app.plan.visibility import plan_for, visible_to
from ilacs_app.progress.help.queries import open_calls
from ilacs_app.progress.notes.queries import newest_words, plan_words
from ilacs_app.progress.notes.rules import Latest, PlanWords
from ilacs_app.progress.queries import with_help_hidden
from ilacs_app.progress.status.queries import moved_here, reasons_set_aside
from ilacs_app.reporting.check.rules import Remark, critique
from ilacs_app.reporting.export.progress_report import SHAPES, ReportLine
from ilacs_app.reporting.export.table import Cover


@dataclass(frozen=True)
class PlanExport:
    """A plan as a file would hold it, and what the rules say of each action today (by action id and place)."""

    file: PlanFile
    rows: tuple[ActionRow, ...]

    def to_json(self) -> dict[str, Any]:
        """The contract with each action's ``timeliness`` and ``brag_computed`` added."""
        out = self.file.to_json()
        printed = (action for recommendation in out["recommendations"] for action in recommendation["actions"])
        for action, row in zip(printed, self.rows, strict=True):
            action["timeliness"] = str(row.timeliness)
            action["brag_computed"] = str(row.brag)
        return out


def cover_of(actor: Actor, slug: str, today: date, *, board: str = "", form: str = "plan") -> Cover:
    """Return what is printed around the table of a plan: title, council and day.

    The progress report shows ratings, so the council's own key and ours come with it.
    """
    head = plan_for(actor, slug)
    key = (*_own_key(head.id), *RATING_KEY) if form == "progress" else ()
    return Cover(head.title, _council(), board, today, key)


def list_cover(title: str, today: date, *, chosen: Sequence[str] = (), plan_id: int | None = None) -> Cover:
    """Return what is printed around a downloaded list: its title, the filters in words, and the key to ratings."""
    own = _own_key(plan_id) if plan_id else ()
    return Cover(title, _council(), ", ".join(chosen), today, (*own, *RATING_KEY))


def _council() -> str:
    return db.session.scalar(council_name()) or ""


def _own_key(plan_id: int) -> tuple[tuple[str, str], ...]:
    key = db.session.scalar(select(Plan.status_key).where(Plan.id == plan_id)) or []
    return tuple((line["word"], STATUS_WORDS.get(line.get("means", ""), line.get("means", ""))) for line in key)


def plan_check(actor: Actor, slug: str, today: date) -> tuple[Remark, ...]:
    """Return the plan check's suggestions for what this person has access to.

    Raises:
        NotKnown: there is no such plan, or they may not know of it.
    """
    head, out = plan_for(actor, slug), plan_export(actor, slug, today)
    glossary = db.session.scalar(select(Plan.glossary).where(Plan.id == head.id)) or {}
    doubtful = {row.ref for row in out.rows if row.timeliness == Timeliness.DONE_DOUBTFUL}
    first: dict[int, str] = {}
    linked = {row.ref for row in out.rows if first.setdefault(row.id, row.ref) != row.ref}
    return critique(out.file, head.dated_on, doubtful=doubtful, glossary=glossary, linked=linked)


def role_titles(plan_slug: str) -> dict[str, str]:
    """Full name -> role title: those of the accounts, and before them those that the plan itself keeps."""
    accounts = db.session.execute(select(Person.name, Person.title).where(Person.title != ""))
    titles = db.session.scalar(select(Plan.role_titles).where(Plan.slug == plan_slug)) or {}
    return {**{row.name: row.title for row in accounts}, **titles}


RATING_KEY = tuple(
    (f"{SHAPES[brag]} {BRAG_WORDS[brag].partition(':')[0]}", means) for brag, means in BRAG_MEANINGS.items()
)


def plan_export(actor: Actor, slug: str, today: date, *, board_id: int | None = None) -> PlanExport:
    """The plan at this address as this person may see it, or the part of it that one board governs.

    Raises:
        NotKnown: there is no such plan, or they may not know of it.
    """
    head = plan_for(actor, slug)
    rows = action_rows(actor, Filter(plan_id=head.id, board_id=board_id), today, size=None)
    ids = sorted({row.id for row in rows})
    newest, actions = _newest(ids, with_help_hidden(actor, rows)), _actions(ids)
    people, stages, moved = assigned(ids), _stages(ids), moved_here(ids)
    placed: dict[int, list[FileAction]] = defaultdict(list)
    for row in rows:
        owners, here = people[row.id].owners, row.id in moved
        made = _file_action(row, actions[row.id], newest.get(row.id), owners, stages[row.id], here)
        placed[row.recommendation_id].append(made)
    wanted = (
        select(Recommendation)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(Recommendation.plan_id == head.id, Recommendation.withdrawn_on.is_(None), visible_to(actor))
        .order_by(Recommendation.position)
    )
    if board_id is not None:
        wanted = wanted.where(Recommendation.id.in_(governed_by(board_id)))
    recommendations = list(db.session.scalars(wanted))
    leads, boards = lead_names([r.id for r in recommendations]), board_parts([r.id for r in recommendations])
    columns = db.session.scalar(select(Plan.columns).where(Plan.id == head.id)) or []
    file = PlanFile(
        FileSource(f"{slug}.json", "json"),
        tuple(FileColumn(**column) for column in columns),
        tuple(
            _file_recommendation(r, placed[r.id], leads=leads.get(r.id, ()), boards=boards.get(r.id, ()))
            for r in recommendations
        ),
    )
    by_place = {r.id: position for position, r in enumerate(recommendations)}
    return PlanExport(file, tuple(sorted(rows, key=lambda row: by_place[row.recommendation_id])))


def progress_lines(actor: Actor, wanted: Filter, today: date, *, sort: Sort = PLAN_ORDER) -> tuple[ReportLine, ...]:
    """Return the actions that fit, in the order of ``sort``, as the progress report prints them.

    An action without an owner is shown with the leads of its recommendation.
    """
    rows = action_rows(actor, wanted, today, size=None, sort=sort)
    ids = sorted({row.id for row in rows})
    people, newest = assigned(ids), _newest(ids, with_help_hidden(actor, rows))
    leads = lead_names({row.recommendation_id for row in rows})
    reasons = reasons_set_aside(rows)
    imported = plan_words(set(ids).difference(newest))
    return tuple(
        ReportLine(
            ref=f"{row.plan_short} {row.ref}" if row.several else row.ref,
            text=row.text,
            owners=people[row.id].owners or leads.get(row.recommendation_id, ()),
            timescale=row.timescale_text,
            original_due_on=row.original_due_on,
            due_on=row.due_on,
            moves=row.moves,
            lateness=timeliness_words(row, today),
            status=row.status,
            brag=row.brag,
            reason=reasons.get(row.id, ""),
            update=newest[row.id].in_report if row.id in newest else _from_plan(imported.get(row.id)),
            updated_on=newest[row.id].latest.on if row.id in newest else None,
            next_step=newest[row.id].latest.text.next_step if row.id in newest else "",
        )
        for row in rows
    )


def plan_progress(actor: Actor, slug: str, today: date, *, board_id: int | None = None) -> tuple[ReportLine, ...]:
    """Return the progress report of a plan, or of the part of it that one board governs.

    Raises:
        NotKnown: there is no such plan, or they may not know of it.
    """
    return progress_lines(actor, Filter(plan_id=plan_for(actor, slug).id, board_id=board_id), today)


@dataclass(frozen=True)
class Newest:
    """The latest update of an action, and whether the request for help that it may hold is open today."""

    latest: Latest
    help_open: bool

    @property
    def printed(self) -> str:
        return self.latest.printed(help_open=self.help_open)

    @property
    def in_report(self) -> str:
        """The same without the next step and the day, for which the report has columns of their own."""
        text = self.latest.text
        texts = (self.latest.asked(help_open=self.help_open), text.did, text.difference)
        lines = list(filter(None, texts)) or ([] if text.next_step else [self.latest.line(help_open=self.help_open)])
        return "\n".join(filter(None, (*lines, self.latest.since)))


def _from_plan(progress: PlanWords | None) -> str:
    return f"{progress.label}: {progress.text}" if progress else ""


def _newest(ids: Collection[int], without_help: Collection[int]) -> dict[int, Newest]:
    asked = open_calls(ids)
    return {
        id_: Newest(newest.latest, id_ in asked) for id_, newest in newest_words(ids, without_help=without_help).items()
    }


def _actions(ids: list[int]) -> dict[int, Action]:
    return {a.id: a for a in db.session.scalars(select(Action).where(Action.id.in_(ids)))}


def _stages(ids: list[int]) -> dict[int, tuple[Stage, ...]]:
    by_action: dict[int, tuple[Stage, ...]] = defaultdict(tuple)
    rows = db.session.execute(
        select(ActionStage.action_id, ActionStage.label, ActionStage.due_on)
        .where(ActionStage.action_id.in_(ids))
        .order_by(ActionStage.action_id, ActionStage.position)
    )
    for row in rows:
        by_action[row.action_id] = (*by_action[row.action_id], Stage(row.label, row.due_on))
    return by_action


def _file_recommendation(
    r: Recommendation, actions: Sequence[FileAction], *, leads: tuple[str, ...], boards: Sequence[BoardPart]
) -> FileRecommendation:
    return FileRecommendation(
        number=r.number,
        text=r.text,
        at=r.at,
        leads=leads,
        monitoring=tuple(r.monitoring),
        measures=tuple(r.measures),
        partnership_focus=r.partnership_focus,
        link_plans=tuple(r.link_plans),
        boards=tuple(b.named_as for b in boards),
        impact=r.impact,
        extra=dict(r.extra),
        actions=tuple(actions),
    )


def _file_action(
    row: ActionRow, a: Action, newest: Newest | None, owners: tuple[str, ...], stages: tuple[Stage, ...], moved: bool
) -> FileAction:
    """Return the council's own words if nothing has changed since the import, else ours.

    ``moved``: whether the delivery status was moved here.
    """
    return FileAction(
        ref=row.ref,
        text=a.text,
        timescale=Timescale(
            text=a.timescale_text,
            kind=Timing(a.timescale_kind),
            due_on=a.due_on,
            starts_on=a.starts_on,
            review_on=a.first_review_on,
            stages=stages,
            original_due_on=a.original_due_on if a.moves else None,
            guessed=a.timescale_guessed,
        ),
        at=a.at,
        owners=owners,
        status_text=_status_said(a) if moved else a.imported_status_text,
        status=Status(a.status),
        completed_on=a.completed_on,
        note=newest.printed if newest else a.imported_note,
        brag_text=a.imported_brag_text,
        brag=read_brag(a.imported_brag_text) if a.imported_brag_text else None,
        evidence=a.imported_evidence,
        extra=dict(a.extra),
    )


def _status_said(a: Action) -> str:
    month = f", {month_year(a.completed_on)}" if a.completed_on and a.status == Status.COMPLETED else ""
    return STATUS_WORDS[a.status] + month
