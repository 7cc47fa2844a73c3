"""After an item was saved with a name that reaches no one: who may be meant, and one press to take that name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Blueprint, Response, request, url_for
from wtforms import HiddenField

from ilacs_app import clock
from ilacs_app.access import requires
from ilacs_app.editing.actions.commands import change_action
from ilacs_app.editing.actions.queries import EditableAction, editable_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.names.queries import UnreachedHere, unreached_here
from ilacs_app.editing.pages import action_to_change, recommendation_to_change
from ilacs_app.editing.recommendations.commands import change_recommendation
from ilacs_app.editing.recommendations.queries import EditableRecommendation, editable_recommendation
from ilacs_app.editing.recommendations.rules import RecommendationContent
from ilacs_app.errors import Refused
from ilacs_app.forms.saving import REFUSED, SAVED, STALE, author, save_once
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.people.queries import administrators
from ilacs_app.plan.names.queries import names_reached
from ilacs_app.plan.visibility import PlanHead, managed_plans
from ilacs_app.text import tidy
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("unreached", __name__)

CHANGED_MEANWHILE = "Someone else changed this after you opened the page. Check the names, then choose again."


class TakeNameForm(VersionedForm):
    """Puts one name in the place of another."""

    name = HiddenField(filters=[tidy])
    to = HiddenField(filters=[tidy])


@dataclass(frozen=True)
class NamedItem:
    """An item whose names are checked, at a version. ``address`` is its page, and ``checked_at`` this one.

    ``under`` is the number of the recommendation that an action is in; empty for a recommendation.
    """

    title: str
    address: str
    checked_at: str
    plan: PlanHead
    under: str
    version: int
    names: list[UnreachedHere]


def _asked(names: list[UnreachedHere]) -> list[UnreachedHere]:
    """Return those that the address asks about (``name``), or all."""
    wanted = set(request.args.getlist("name"))
    return [name for name in names if name.reach.name in wanted] if wanted else names


def _asked_names(names: list[UnreachedHere]) -> list[str]:
    return [each.reach.name for each in names] if request.args.getlist("name") else []


def _plan(plan_id: int) -> PlanHead:
    return next(plan for plan in managed_plans(actor()) if plan.id == plan_id)


def _action(facts: EditableAction) -> NamedItem:
    named = (*facts.text.owners, *facts.text.contributors)
    names = _asked(unreached_here(actor(), named, clock.today(), plan_id=facts.plan_id, action_id=facts.id))
    return NamedItem(
        title=f"action {' and '.join(at.ref for at in facts.places)}",
        address=url_for("plan.action", action_id=facts.id),
        checked_at=url_for("unreached.action", action_id=facts.id, name=_asked_names(names)),
        plan=_plan(facts.plan_id),
        under=next((at.number for at in facts.places), ""),
        version=facts.version,
        names=names,
    )


@blueprint.get("/actions/<item:action_id>/names")
@requires("belongs")
def action(action_id: int) -> Response:
    """The names of an action that reach no one; ``name``, once or more, says which."""
    return _page(_action(action_to_change(action_id)))


@blueprint.post("/actions/<item:action_id>/names")
@requires("belongs", writes=True)
def take_in_action(action_id: int) -> Response:
    """Put the name ``to`` in the place of ``name``, at the ``version`` that was seen."""
    facts, by, form = action_to_change(action_id), author(), TakeNameForm()

    def write() -> None:
        now = action_to_change(action_id)
        change_action(by, action_id, form.seen_version or 0, _in_action(now.text, *_taken(form)))

    status = _save(form, write)
    if status == SAVED:
        return _saved(form, _action(editable_action(action_id)))
    return _page(_action(editable_action(facts.id)), form, status)


def _in_action(content: ActionContent, name: str, to: str) -> ActionContent:
    owners, contributors = _instead(content.owners, name, to), _instead(content.contributors, name, to)
    if (owners, contributors) == (content.owners, content.contributors):
        raise Refused(f"{name} is not named here any more. Go back to the names of the plan to see who is.")
    return replace(content, owners=owners, contributors=contributors, timescale=None)


def _instead(names: tuple[str, ...], name: str, to: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(to if each == name else each for each in names))


def _recommendation(plan_id: int, plan_slug: str, facts: EditableRecommendation) -> NamedItem:
    leads = unreached_here(actor(), facts.text.leads, clock.today(), plan_id=plan_id, recommendation_id=facts.id)
    names, number = _asked(leads), facts.number
    return NamedItem(
        title=f"recommendation {number}",
        address=url_for("plan.recommendation", plan_slug=plan_slug, number=number),
        checked_at=url_for("unreached.recommendation", plan_slug=plan_slug, number=number, name=_asked_names(names)),
        plan=_plan(plan_id),
        under="",
        version=facts.version,
        names=names,
    )


@blueprint.get("/plans/<plan_slug>/recommendations/<number>/names")
@requires("belongs")
def recommendation(plan_slug: str, number: str) -> Response:
    """The leads of a recommendation that reach no one; ``name``, once or more, says which."""
    head, id_, _ = recommendation_to_change(plan_slug, number)
    return _page(_recommendation(head.id, plan_slug, editable_recommendation(id_)))


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/names")
@requires("belongs", writes=True)
def take_in_recommendation(plan_slug: str, number: str) -> Response:
    """As ``take_in_action``, for the leads of a recommendation."""
    (head, id_, _), by, form = recommendation_to_change(plan_slug, number), author(), TakeNameForm()

    def write() -> None:
        recommendation_to_change(plan_slug, number)
        content = _in_recommendation(editable_recommendation(id_).text, *_taken(form))
        change_recommendation(by, id_, form.seen_version or 0, content)

    status = _save(form, write)
    item = _recommendation(head.id, plan_slug, editable_recommendation(id_))
    return _saved(form, item) if status == SAVED else _page(item, form, status)


def _in_recommendation(content: RecommendationContent, name: str, to: str) -> RecommendationContent:
    leads = _instead(content.leads, name, to)
    if leads == content.leads:
        raise Refused(f"{name} is not named here any more. Go back to the names of the plan to see who is.")
    accountable = to if content.accountable == name else content.accountable
    return replace(content, leads=leads, accountable="" if accountable == leads[0] else accountable)


def _taken(form: TakeNameForm) -> tuple[str, str]:
    """Return the name and the one to put in its place.

    Raises:
        Refused: that one reaches no one.
    """
    name, to = form.name.data or "", form.to.data or ""
    if not names_reached([to], clock.today())[0].is_reached:
        raise Refused(f"{to or 'This name'} does not reach anyone now. Choose another name.")
    return name, to


def _save(form: TakeNameForm, write: Callable[[], None]) -> int:
    if not form.validate() or form.seen_version is None:
        form.form_errors.append("Refresh the page and try again.")
        return REFUSED
    return save_once(form, _said(form), write)


def _said(form: TakeNameForm) -> str:
    return f"Saved: {form.to.data} instead of {form.name.data}. You can undo this in the history"


def _saved(form: TakeNameForm, item: NamedItem) -> Response:
    """Answer with the page of the item, or with this one while other names that were asked about reach no one."""
    goes_on = request.args.getlist("name") and item.names
    return after_saving(_said(form), item.checked_at if goes_on else item.address)


def _page(item: NamedItem, form: TakeNameForm | None = None, status: int = 200) -> Response:
    says = CHANGED_MEANWHILE if status == STALE else " ".join(map(str, form.form_errors)) if form else ""
    return page(
        "editing/names/names.html", status=status, item=item, problem=says, contacts=administrators(clock.today())
    )
