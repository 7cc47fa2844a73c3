"""A change of an action or a recommendation undone from its history, as a new change that names the one it undoes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ilacs_app.db import db
from ilacs_app.editing.actions.commands import change_action
from ilacs_app.editing.actions.queries import action_says
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.recommendations.commands import change_recommendation
from ilacs_app.editing.recommendations.queries import boards_of, editable_recommendation, recommendation_says
from ilacs_app.editing.recommendations.rules import OWN_COLUMNS
from ilacs_app.editing.undo.queries import changed_together, one_by_one
from ilacs_app.editing.undo.rules import ACTION, RECOMMENDATION, Undoable, put_back
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, Cause, Event, of_action, of_recommendation, record
from ilacs_app.people.boards.queries import board_lines
from ilacs_app.plan.assignments import relink
from ilacs_app.plan.model import Action, Recommendation
from ilacs_app.plan.writing import hold, open_plan
from ilacs_app.text import slug_of


def undo_change(by: Author, action_id: int, version: int, event_id: int) -> None:
    """Put back what one line of an action's history changed. That line stays; a new one says that it is undone.

    Raises:
        Refused: the plan is closed, the line is no such change, or what it changed was changed again since.
        Stale: someone changed the action since the version that was seen.
    """
    hold(action_id)
    known = of_action(action_id)
    was = _before(known, event_id, db.session.get_one(Action, action_id), version, action_says(action_id), ACTION)
    text = ActionContent(was["text"], tuple(was["owners"]), tuple(was["contributors"]))
    change_action(by, action_id, version, text, cause=Cause(undoes=event_id))
    for person_id, name in _gave(known, event_id):
        relink(person_id, name, action_id=action_id)


def undo_recommendation_change(by: Author, recommendation_id: int, version: int, event_id: int) -> None:
    """As ``undo_change``, for a line of a recommendation's history.

    Raises:
        Refused: as there, or a board that it would name again is not known any more.
        Stale: someone changed the recommendation since the version that was seen.
    """
    item, known = db.session.get_one(Recommendation, recommendation_id), of_recommendation(recommendation_id)
    was = _before(known, event_id, item, version, recommendation_says(recommendation_id), RECOMMENDATION)
    own: dict[str, Any] = {name: was[name] if isinstance(was[name], str) else tuple(was[name]) for name in OWN_COLUMNS}
    words = {_board_called(name, recommendation_id): name for name in was["boards"]}
    text = replace(
        editable_recommendation(recommendation_id).text,
        **own,
        leads=tuple(was["leads"]),
        accountable=was["accountable"] if was["accountable"] in was["leads"] else "",
        board_ids=tuple(words),
        lead_board_id=next((id_ for id_, name in words.items() if name == was["lead_board"]), None),
    )
    change_recommendation(by, recommendation_id, version, text, board_words=words, cause=Cause(undoes=event_id))
    for person_id, name in _gave(known, event_id):
        relink(person_id, name, recommendation_id=recommendation_id)


def _before(
    lines: Iterable[Event],
    event_id: int,
    item: Action | Recommendation,
    version: int,
    now: Mapping[str, Any],
    of: Undoable,
) -> dict[str, Any]:
    """What an item says once one of its lines is undone; ``now`` is what it says at the version that was seen."""
    if item.version != version:
        raise Stale
    back = put_back(event_id, lines, now, of)
    if isinstance(back, str):
        raise Refused(back)
    return {**now, **back}


def _gave(lines: Iterable[Event], event_id: int) -> list[tuple[int, str]]:
    """The account, with its name, whose item changed hands by this line, if it is one of handing over."""
    return [(one.after["from"][0], one.after["from"][1]) for one in lines if one.id == event_id and "from" in one.after]


def undo_together(by: Author, plan_id: int, event_id: int, seen: Collection[str]) -> None:
    """Undo a change of many items: each goes back that was not changed since, and every other stays as it is.

    ``seen`` names each item that goes back with the version at which it was seen (``OneOfMany.seen``).

    Raises:
        NotKnown: no such change is in this plan's history.
        Refused: the plan is closed, it is undone already, or nothing of it can go back.
        Stale: someone changed one of its items since it was seen.
    """
    open_plan(plan_id)
    change = changed_together(plan_id, event_id)
    if change.undone:
        raise Refused("This change has already been undone")
    every = one_by_one(change.line)
    going = [one for one in every if not isinstance(one.back, str)]
    if not going:
        raise Refused("Everything has been changed since, so there is nothing left to undo")
    if {one.seen for one in going} != set(seen):
        raise Stale
    for one in going:
        if one.of_action:
            undo_change(by, one.id, db.session.get_one(Action, one.id, populate_existing=True).version, one.line.id)
        else:
            undo_recommendation_change(by, one.id, one.version, one.line.id)
    stay = [one.ref for one in every if isinstance(one.back, str)]
    record(
        by,
        "undone_together",
        plan_id=plan_id,
        about=change.line.about,
        after={"undoes": event_id, "back": [one.ref for one in going], "stay": stay},
    )


def _board_called(name: str, recommendation_id: int) -> int:
    """The board that a plan's words mean: one that is here so, or the one of this name or other name."""
    here = {words: id_ for id_, (words, _) in boards_of(recommendation_id).items()}
    called = {slug_of(one): board.id for board in board_lines() for one in (board.slug, board.name, *board.other_names)}
    found = here.get(name) or called.get(slug_of(name))
    if found is None:
        raise Refused(f"No board is called “{name}” any more. Choose the boards on the edit page")
    return found
