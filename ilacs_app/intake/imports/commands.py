"""Store, read, correct and import a plan file, all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from ilacs_app import clock
from ilacs_app.db import db, write_at
from ilacs_app.errors import Refused, Stale
from ilacs_app.files.store import EvidenceStore, Stored
from ilacs_app.history import Author, record
from ilacs_app.intake.imports.model import PlanImport
from ilacs_app.intake.imports.queries import council_answers
from ilacs_app.intake.reader.choices import Choices, Reading, ReadyPlan
from ilacs_app.plan.commands import Home, add_actions, add_recommendations, check_slug, make_plan
from ilacs_app.plan.plan_file import PlanFile


def take_in(
    by: Author,
    file: PlanFile,
    slug: str,
    dated_on: date,
    *,
    state: str,
    inspection_id: int | None = None,
    title: str = "",
    key: Mapping[str, str] | None = None,
) -> int:
    """Make a plan from a file that was read, with any boards it names that we lack. Return the plan's id.

    People are never added. ``key`` is the file's own status key: its words, and what they mean.

    Raises:
        Refused: the short address is taken or not valid.
    """
    plan_id = make_plan(
        by,
        slug,
        title or slug.replace("-", " ").capitalize(),
        dated_on,
        state=state,
        inspection_id=inspection_id,
        columns=[column.to_json() for column in file.columns],
        status_key=[{"word": word, "means": means} for word, means in (key or {}).items()],
    )
    ids = add_recommendations(by, plan_id, file.recommendations)
    actions = [
        (Home(plan_id, dated_on, recommendation_id, place), action)
        for recommendation_id, recommendation in zip(ids, file.recommendations, strict=True)
        for place, action in enumerate(recommendation.actions)
    ]
    add_actions(by, actions, imported_from=file.source.file)
    record(
        by,
        "plan_imported",
        plan_id=plan_id,
        about=file.source.file,
        after={"recommendations": len(file.recommendations), "actions": len(actions)},
    )
    return plan_id


@dataclass(frozen=True)
class Destination:
    """Where a file goes: into an existing plan, or into a new one with this title and short address."""

    dated_on: date
    plan_id: int | None = None
    title: str = ""
    slug: str = ""


def keep_plan_file(
    by: Author, file_name: str, stored: Stored, into: Destination, *, seen: Collection[int] | None = None
) -> int:
    """Record a file in the evidence store that is to be read. Return the import's id.

    What the council answered in its last file is applied to this one (``council_answers``). ``seen`` are the plans
    that the person may see, None for all.

    Raises:
        Refused: the new plan's short address is taken or not valid.
    """
    if into.plan_id is None:
        check_slug(into.slug)
    before = council_answers(into.plan_id, seen).to_json()
    upload = PlanImport(
        person_id=by.person_id,
        plan_id=into.plan_id,
        file_name=file_name,
        store_key=stored.key,
        sha256=stored.sha256,
        size=stored.size,
        dated_on=into.dated_on,
        state="reading",
        choices={"title": into.title, "slug": into.slug, **before, "before": before},
        uploaded_at=clock.now(),
    )
    db.session.add(upload)
    db.session.flush()
    record(by, "plan_file_uploaded", plan_id=into.plan_id, about=file_name, after={"sha256": stored.sha256})
    return upload.id


def discard_unnamed(store: EvidenceStore, key: str) -> None:
    """Delete a plan file whose import failed, unless it failed only after the import was committed.

    The database is asked on a connection of its own. If it does not answer, the file stays: a sweep deletes files
    that no row names, but nothing can restore one that a row does name.
    """
    try:
        with db.engine.connect() as connection:
            named = connection.scalar(select(PlanImport.id).where(PlanImport.store_key == key).limit(1))
    except DBAPIError:
        return
    if named is None:
        store.discard(key)


def keep_reading(by: Author, import_id: int, version: int, reading: Reading, choices: Choices) -> None:
    """Save what was read of a file, and the choices it was read with.

    Raises:
        Stale: someone else read, corrected or confirmed it first.
    """
    all_choices = {**_choices(import_id), **choices.to_json()}
    values = {"state": "read", "read": reading.to_json(), "choices": all_choices}
    plan_id, file_name = _changed(import_id, version, ("reading", "read"), values)
    record(by, "plan_file_read", plan_id=plan_id, about=file_name)


def correct_plan_file(by: Author, import_id: int, version: int, choices: Choices) -> None:
    """Save corrections to a file that was read.

    Raises:
        Stale: someone else corrected or confirmed it first.
    """
    all_choices = {**_choices(import_id), **choices.to_json()}
    plan_id, file_name = _changed(import_id, version, ("read",), {"choices": all_choices})
    record(by, "plan_file_corrected", plan_id=plan_id, about=file_name, after=choices.to_json())


def refuse_plan_file(by: Author, import_id: int, version: int, why: str) -> None:
    """Record why a file could not be read. The caller deletes it from the store afterwards."""
    values = {"state": "refused", "said": why, "store_key": None}
    plan_id, file_name = _changed(import_id, version, ("reading", "read"), values)
    record(by, "plan_file_refused", plan_id=plan_id, about=f"{file_name}: {why}")


def put_away_plan_file(by: Author, import_id: int, version: int) -> None:
    """Discard an import. The caller deletes its file from the store afterwards."""
    values = {"state": "discarded", "store_key": None, "read": None}
    plan_id, file_name = _changed(import_id, version, ("reading", "read"), values)
    record(by, "plan_file_put_away", plan_id=plan_id, about=file_name)


def confirm_new_plan(by: Author, import_id: int, version: int, ready: ReadyPlan, *, state: str = "draft") -> int:
    """Make a plan from a file that was read and corrected, and keep the file with it. Return the plan's id.

    ``ready`` is built before the transaction begins, so that a long file holds no lock.

    Raises:
        Refused: the file has errors, or the short address is taken by now.
        Stale: someone else corrected or confirmed it first.
    """
    seen = select(PlanImport.version, PlanImport.sha256).where(PlanImport.id == import_id)
    now, sha256 = db.session.execute(seen).one()
    if now != version or ready.version != version:
        raise Stale
    if any(problem.severity == "error" for problem in ready.file.problems):
        raise Refused("Fix the errors in the file, then upload it again.")
    check_slug(ready.slug)
    plan_id = take_in(by, ready.file, ready.slug, ready.dated_on, state=state, title=ready.title, key=ready.key)
    _, file_name = _changed(
        import_id,
        version,
        ("read",),
        {"state": "confirmed", "plan_id": plan_id, "confirmed_at": clock.now(), "person_id": by.person_id},
    )
    record(by, "plan_file_kept", plan_id=plan_id, about=file_name, after={"sha256": sha256})
    return plan_id


def confirm_into_plan(by: Author, import_id: int, version: int, *, taken: int, unchanged: int) -> None:
    """Record that a file was merged into a plan, with how many changes were used and how many of ours were kept.

    Raises:
        Stale: someone else corrected or confirmed it first.
    """
    values = {"state": "confirmed", "confirmed_at": clock.now(), "person_id": by.person_id}
    plan_id, file_name = _changed(import_id, version, ("read",), values)
    record(by, "plan_imported_again", plan_id=plan_id, about=file_name, after={"taken": taken, "kept": unchanged})


def _choices(import_id: int) -> dict[str, Any]:
    return db.session.scalar(select(PlanImport.choices).where(PlanImport.id == import_id)) or {}


def _changed(import_id: int, version: int, states: tuple[str, ...], values: dict[str, Any]) -> tuple[int | None, str]:
    """Change an import that is as it was seen. Return its plan and file name."""
    changed = write_at(
        PlanImport,
        import_id,
        version,
        PlanImport.state.in_(states),
        returning=[PlanImport.plan_id, PlanImport.file_name],
        **values,
    )
    return changed.plan_id, changed.file_name
