"""Taking a read plan file into the record: the same commands as the screens, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..history import Author, record
from ..plan.commands import Home, add_actions, add_recommendations, make_plan
from ..plan.format import PlanFile


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
    """Make a plan of a file that was read. Boards that it names and we lack are made; people never. Returns its id.

    ``key`` is the status key that the file holds: its words, and what they mean.

    Raises:
        Refused: there is a plan of this name already, or the name cannot be an address.
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
