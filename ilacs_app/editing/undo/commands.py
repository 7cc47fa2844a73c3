"""A change of an action or a recommendation undone from its history, as a new change that names the one it undoes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ilacs_app.db import db
from ilacs_app.editing.actions.commands import ActionChange, change_action, change_actions
from ilacs_app.editing.actions.queries import action_says
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.recommendations.commands import RecommendationChange, change_recommendations
from ilacs_app.editing.recommendations.queries import boards_of, boards_of_each, contents_of, recommendation_says
from ilacs_app.editing.recommendations.rules import OWN_COLUMNS
from ilacs_app.editing.undo.queries import BulkItem, changed_together, one_by_one, questions_handed_over
from ilacs_app.editing.undo.rules import ACTION, RECOMMENDATION, Undoable, put_back
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, Cause, Event, of_action, of_recommendation, record
from ilacs_app.people.boards.queries import board_lines
from ilacs_app.plan.assignments import ask_instead, match_name, relink
from ilacs_app.plan.model import Action, Recommendation
from ilacs_app.plan.writing import hold, hold_each, open_plan
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
    _give_questions_back(by, _key(known, event_id), actions=[action_id])


def undo_recommendation_change(by: Author, recommendation_id: int, version: int, event_id: int) -> None:
    """As ``undo_change``, for a line of a recommendation's history.

    Raises:
        Refused: as there, or a board that it would name again is not known any more.
        Stale: someone changed the recommendation since the version that was seen.
    """
    item, known = db.session.get_one(Recommendation, recommendation_id), of_recommendation(recommendation_id)
    was = _before(known, event_id, item, version, recommendation_says(recommendation_id), RECOMMENDATION)
    change = _as_it_was(
        was,
        RecommendationChange(
            recommendation_id,
            version,
            contents_of([recommendation_id])[recommendation_id],
            cause=Cause(undoes=event_id),
        ),
        boards_of(recommendation_id),
        _boards_called() if was["boards"] else {},
    )
    change_recommendations(by, [change])
    for person_id, name in _gave(known, event_id):
        relink(person_id, name, recommendation_id=recommendation_id)
    _give_questions_back(by, _key(known, event_id), recommendations=[recommendation_id])


def _as_it_was(
    was: Mapping[str, Any],
    change: RecommendationChange,
    here: Mapping[int, tuple[str, bool]],
    called: Mapping[str, int],
) -> RecommendationChange:
    """The change that makes a recommendation say what it said.

    Args:
        was: what each of its fields said.
        change: the recommendation as it is, at the version that was seen.
        here: its boards now, with the plan's own words for them.
        called: every board by its names, as ``slug_of`` writes them.

    Raises:
        Refused: a board that it would name again is not known any more.
    """
    own: dict[str, Any] = {name: was[name] if isinstance(was[name], str) else tuple(was[name]) for name in OWN_COLUMNS}
    stands = {named: board_id for board_id, (named, _) in here.items()}
    board_words = {}
    for named in was["boards"]:
        board_id = stands.get(named) or called.get(slug_of(named))
        if board_id is None:
            raise Refused(f"No board is called “{named}” any more. Choose the boards on the edit page")
        board_words[board_id] = named
    content = replace(
        change.content,
        **own,
        leads=tuple(was["leads"]),
        accountable=was["accountable"] if was["accountable"] in was["leads"] else "",
        board_ids=tuple(board_words),
        lead_board_id=next((id_ for id_, named in board_words.items() if named == was["lead_board"]), None),
    )
    return replace(change, content=content, board_words=board_words)


def _before(
    lines: Iterable[Event],
    event_id: int,
    item: Action | Recommendation,
    version: int,
    now: Mapping[str, Any],
    of: Undoable,
) -> dict[str, Any]:
    """Return what an item says once a change is undone; ``now`` is what it says at the version that was seen."""
    if item.version != version:
        raise Stale
    back = put_back(event_id, lines, now, of)
    if isinstance(back, str):
        raise Refused(back)
    return {**now, **back}


def _gave(lines: Iterable[Event], event_id: int) -> list[tuple[int, str]]:
    """The account, with its name, whose item was reassigned by this change, if it is a reassignment."""
    return [
        (line.after["from"][0], line.after["from"][1]) for line in lines if line.id == event_id and "from" in line.after
    ]


def _key(lines: Iterable[Event], event_id: int) -> str:
    """The key of the bulk change that a line belongs to; empty if it is not part of one."""
    return next((line.after.get("together", "") for line in lines if line.id == event_id), "")


def _give_questions_back(
    by: Author, key: str, *, actions: Collection[int] = (), recommendations: Collection[int] = ()
) -> None:
    """Ask the questions that went with these items to another name of those who were asked before."""
    if not key:
        return
    for id_, asked in questions_handed_over(key, actions=actions, recommendations=recommendations).items():
        reaches_no_one = asked["owner_person_id"] is None and asked["owner_team_id"] is None
        ask_instead(by, [id_], {**asked, **(_reached_by(asked["owner"]) if reaches_no_one else {})})


def _reached_by(name: str) -> dict[str, int | None]:
    match = match_name(name)
    return {"owner_person_id": match["person_id"], "owner_team_id": match["team_id"]}


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
        raise Refused("This change has already been undone. Refresh the page to see by whom")
    hold_each(change.line.after["actions"])
    every = one_by_one(change.line)
    going = [item for item in every if not isinstance(item.back, str)]
    if not going:
        raise Refused(
            "Everything has been changed since, so there is nothing left to undo. Change each one on its own page"
        )
    if {item.seen for item in going} != set(seen):
        raise Stale
    _put_back_actions(by, [item for item in going if item.of_action])
    _put_back_recommendations(by, [item for item in going if not item.of_action])
    for item in going:
        for person_id, name in _gave([item.line], item.line.id):
            if item.of_action:
                relink(person_id, name, action_id=item.id)
            else:
                relink(person_id, name, recommendation_id=item.id)
    _give_questions_back(
        by,
        change.line.after["together"],
        actions=[item.id for item in going if item.of_action],
        recommendations=[item.id for item in going if not item.of_action],
    )
    stay = [item.ref for item in every if isinstance(item.back, str)]
    record(
        by,
        "undone_together",
        plan_id=plan_id,
        about=change.line.about,
        after={"undoes": event_id, "back": [item.ref for item in going], "stay": stay},
    )


def _put_back_actions(by: Author, items: Sequence[BulkItem]) -> None:
    change_actions(
        by,
        [
            ActionChange(
                item.id,
                item.version,
                ActionContent(item.then["text"], tuple(item.then["owners"]), tuple(item.then["contributors"])),
                cause=Cause(undoes=item.line.id),
            )
            for item in items
        ],
    )


def _put_back_recommendations(by: Author, items: Sequence[BulkItem]) -> None:
    ids = [item.id for item in items]
    contents, here, called = contents_of(ids), boards_of_each(ids), _boards_called()
    as_they_are = (
        RecommendationChange(item.id, item.version, contents[item.id], cause=Cause(undoes=item.line.id))
        for item in items
    )
    change_recommendations(
        by,
        [_as_it_was(item.then, change, here[item.id], called) for item, change in zip(items, as_they_are, strict=True)],
    )


def _boards_called() -> dict[str, int]:
    """Every board by its address, its name and its other names, as ``slug_of`` writes them."""
    return {slug_of(name): board.id for board in board_lines() for name in (board.slug, board.name, *board.other_names)}
