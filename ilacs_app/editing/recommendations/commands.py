"""What changes a recommendation once it is in a plan: reworded, moved, withdrawn, restored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.db import db, write_at
from ilacs_app.editing.recommendations.queries import boards_of_each, recommendations_say
from ilacs_app.editing.recommendations.rules import OWN_COLUMNS, RecommendationContent
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import BY_FORM, Author, Cause, changes, record
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.assignments import set_boards_of, set_leads_of
from ilacs_app.plan.commands import Further, add_recommendation
from ilacs_app.plan.model import ActionPlace, Recommendation
from ilacs_app.plan.plan_file import FileRecommendation
from ilacs_app.plan.writing import index_action, index_recommendation, index_recommendations, open_plan, submitted_words


def put_recommendation(by: Author, plan_id: int, number: str, text: RecommendationContent) -> int:
    """Add a recommendation at the end of a plan, written on screen. Returns its id.

    Raises:
        Refused: the plan is closed, or the number cannot be its own.
    """
    open_plan(plan_id)
    _check_number(plan_id, number)
    last = select(Recommendation.position).where(Recommendation.plan_id == plan_id)
    position = max(db.session.scalars(last), default=-1) + 1
    names = _board_names(text)
    given = FileRecommendation(
        number=number,
        text=text.text,
        at="",
        leads=text.leads,
        monitoring=text.monitoring,
        measures=text.measures,
        partnership_focus=text.partnership_focus,
        link_plans=text.link_plans,
        boards=tuple(names.values()),
        impact=text.impact,
    )
    further = Further(
        text.kind,
        text.judgement_area,
        text.exit_criteria,
        text.carried_forward_from,
        text.accountable,
        text.lead_board_id,
    )
    return add_recommendation(by, plan_id, given, position, further)


def change_recommendation(
    by: Author,
    recommendation_id: int,
    version: int,
    text: RecommendationContent,
    *,
    board_words: Mapping[int, str] | None = None,
    cause: Cause = BY_FORM,
) -> None:
    """Change what a recommendation says, who leads it and which boards govern it.

    Once the plan was submitted, the submitted words stay beside the new ones. Nothing is written where nothing differs.
    A board keeps the plan's own words for it, a new one gets those in ``board_words``, or else its name.

    Raises:
        Refused: the plan is closed.
        Stale: someone changed it since the version that was seen.
    """
    change_recommendations(
        by,
        [RecommendationChange(recommendation_id, version, text, board_words=board_words or {}, cause=cause)],
    )


@dataclass(frozen=True)
class RecommendationChange:
    """What a recommendation is to say, at the version that was seen; as ``change_recommendation`` takes it."""

    recommendation_id: int
    version: int
    content: RecommendationContent
    board_words: Mapping[int, str] = field(default_factory=dict)
    cause: Cause = BY_FORM


@dataclass(frozen=True)
class _Written:
    change: RecommendationChange
    named_as: dict[int, str]
    before: dict[str, Any]
    after: dict[str, Any]


def change_recommendations(by: Author, wanted: Sequence[RecommendationChange]) -> None:
    """Change several recommendations as ``change_recommendation`` does; makes as many queries for two as for many.

    Raises:
        Refused: one of their plans is closed.
        Stale: someone changed one of them since the version that was seen, or there is none of this id.
    """
    ids = [change.recommendation_id for change in wanted]
    items = {r.id: r for r in db.session.scalars(select(Recommendation).where(Recommendation.id.in_(ids)))}
    if len(items) < len(ids):
        raise Stale
    plans = {plan_id: open_plan(plan_id) for plan_id in sorted({item.plan_id for item in items.values()})}
    says, now, names = recommendations_say(ids), boards_of_each(ids), {board.id: board.name for board in boards()}
    written: list[_Written] = []
    for change in wanted:
        id_, item, content = change.recommendation_id, items[change.recommendation_id], change.content
        called = {**names, **{board_id: named for board_id, (named, _) in now[id_].items()}, **change.board_words}
        named_as = {board_id: called[board_id] for board_id in content.board_ids if board_id in called}
        values: dict[str, Any] = {name: _plain(getattr(content, name)) for name in OWN_COLUMNS}
        before, after = changes(says[id_], values | _people_and_boards(content, named_as))
        if not after and item.version == change.version:
            continue
        if "text" in after:
            values["submitted_text"] = submitted_words(plans[item.plan_id], item, content.text)
        write_at(Recommendation, id_, change.version, **values)
        written.append(_Written(change, named_as, before, after))
    by_id = {line.change.recommendation_id: line for line in written}
    contents = {id_: line.change.content for id_, line in by_id.items()}
    set_leads_of({id_: (content.leads, content.accountable) for id_, content in contents.items()})
    set_boards_of({id_: (line.named_as, contents[id_].lead_board_id) for id_, line in by_id.items()})
    index_recommendations(by_id)
    for line in written:
        item = items[line.change.recommendation_id]
        record(
            by,
            "recommendation_changed",
            plan_id=item.plan_id,
            recommendation_id=item.id,
            about=item.number,
            before=line.before,
            after=line.after | line.change.cause.payload,
        )


def _people_and_boards(content: RecommendationContent, named_as: Mapping[int, str]) -> dict[str, Any]:
    """Return who leads and which boards govern, as the history names them."""
    return {
        "leads": list(content.leads),
        "accountable": content.accountable or next(iter(content.leads), ""),
        "boards": list(named_as.values()),
        "lead_board": named_as.get(content.lead_board_id or 0) or next(iter(named_as.values()), ""),
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _board_names(text: RecommendationContent) -> dict[int, str]:
    known = {board.id: board.name for board in boards()}
    return {board_id: known[board_id] for board_id in text.board_ids if board_id in known}


def move_recommendation(by: Author, recommendation_id: int, version: int, number: str, place: int) -> None:
    """Give a recommendation another number or place (from 1) in its plan; references that begin with it follow.

    Raises:
        Refused: the plan is closed, or the number cannot be its own.
        Stale: someone changed it since the version that was seen.
    """
    recommendation = db.session.get_one(Recommendation, recommendation_id)
    open_plan(recommendation.plan_id)
    _check_number(recommendation.plan_id, number, recommendation_id)
    every = select(Recommendation.id).where(Recommendation.plan_id == recommendation.plan_id)
    order = list(db.session.scalars(every.order_by(Recommendation.position, Recommendation.id)))
    was = {"number": recommendation.number, "place": order.index(recommendation_id) + 1}
    order.remove(recommendation_id)
    order.insert(max(place, 1) - 1, recommendation_id)
    before, after = changes(was, {"number": number, "place": order.index(recommendation_id) + 1})
    if not after and recommendation.version == version:
        return
    write_at(Recommendation, recommendation_id, version, number=number)
    for position, id_ in enumerate(order):
        db.session.execute(update(Recommendation).where(Recommendation.id == id_).values(position=position))
    if "number" in after:
        _follow(recommendation_id, before["number"], number)
        index_recommendation(recommendation_id)
    record(
        by,
        "recommendation_moved",
        plan_id=recommendation.plan_id,
        recommendation_id=recommendation_id,
        about=number,
        before=before,
        after=after,
    )


def _follow(recommendation_id: int, old: str, new: str) -> None:
    here = ActionPlace.recommendation_id == recommendation_id
    for action_id, ref in db.session.execute(select(ActionPlace.action_id, ActionPlace.ref).where(here)).all():
        if ref.startswith(f"{old}."):
            place = update(ActionPlace).where(here, ActionPlace.action_id == action_id)
            db.session.execute(place.values(ref=new + ref.removeprefix(old)))
            index_action(action_id)


def withdraw_recommendation(by: Author, recommendation_id: int, version: int, reason: str) -> None:
    """Withdraw a recommendation with the reason. People can still view it; it is not in lists or totals.

    Raises:
        Refused: the plan is closed, the reason is missing, or it is withdrawn already.
        Stale: someone changed it since the version that was seen.
    """
    if not reason:
        raise Refused("Enter why you are withdrawing this recommendation")
    _stand(by, recommendation_id, version, "recommendation_withdrawn", reason, clock.today())


def return_recommendation(by: Author, recommendation_id: int, version: int, reason: str) -> None:
    """Restore a withdrawn recommendation, with the reason.

    Raises:
        Refused: the plan is closed, the reason is missing, or it is not withdrawn.
        Stale: someone changed it since the version that was seen.
    """
    if not reason:
        raise Refused("Enter why you are restoring this recommendation")
    _stand(by, recommendation_id, version, "recommendation_returned", reason, None)


def _stand(by: Author, recommendation_id: int, version: int, verb: str, reason: str, withdrawn_on: date | None) -> None:
    recommendation = db.session.get_one(Recommendation, recommendation_id)
    open_plan(recommendation.plan_id)
    if (recommendation.withdrawn_on is None) == (withdrawn_on is None):
        raise Refused(
            "Someone has withdrawn this recommendation already. Read why on its page, or restore it there"
            if withdrawn_on
            else "This recommendation is not withdrawn. You can change it on its page"
        )
    number, was = recommendation.number, recommendation.withdrawn_on
    why = reason if withdrawn_on else ""
    write_at(Recommendation, recommendation_id, version, withdrawn_on=withdrawn_on, withdrawn_reason=why)
    before, after = changes({"withdrawn_on": was}, {"withdrawn_on": withdrawn_on})
    record(
        by,
        verb,
        plan_id=recommendation.plan_id,
        recommendation_id=recommendation_id,
        about=f"{number}: {reason}",
        before=before,
        after=after,
    )


def _check_number(plan_id: int, number: str, its_own: int | None = None) -> None:
    """Go on only with a number that a recommendation of this plan can have in addresses.

    Raises:
        Refused: it is empty, no address can hold it, or another recommendation has it.
    """
    if not number:
        raise Refused("Enter a number for the recommendation")
    if "/" in number or number in {"new", ".", ".."} or len(number) > 20:
        raise Refused(f"“{number}” cannot be used in a web address. Enter a short number without a slash, like 13")
    taken = select(Recommendation.id).where(Recommendation.plan_id == plan_id, Recommendation.number == number)
    if db.session.scalar(taken) not in {None, its_own}:
        raise Refused(f"This plan already has a recommendation {number}. Enter another number")
