"""Suggestions for every field that names people: what may be meant, and who the names in the field reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request

from ilacs_app import clock
from ilacs_app.access import ANY_PLAN, Act, check_may, requires
from ilacs_app.people.queries import Account, accounts_meant, active_people
from ilacs_app.people.rules import similar_names
from ilacs_app.plan.assignments import NameMatched, names_linked
from ilacs_app.plan.names.queries import known_names, names_reached, names_to_ask
from ilacs_app.plan.names.rules import NameReach, Reach, names_typed, suggested
from ilacs_app.plan.visibility import board_for, plan_for, recommendation_for, visible_action
from ilacs_app.text import plain_name, whole_number
from ilacs_app.web import LARGEST_ID, actor, fragment

blueprint = Blueprint("names", __name__)
LONGEST_TYPED = 2000


@dataclass(frozen=True)
class Suggestion:
    """A name to choose: ``value`` is put into the field; ``says`` tells who it is."""

    name: str
    value: str
    says: str = ""


@blueprint.get("/names")
@requires("belongs")
def names() -> Response:
    """Suggest names for ``typed``, to those who may name someone there.

    ``plan`` (a slug), with ``action`` or ``recommendation`` where the item is known: for who leads, owns or contributes
    in it; without any, for all plans that someone manages. ``board``: for who is asked for that board. ``accounts``:
    for one account. ``names`` are all names of the field.
    """
    typed = " ".join(request.args.get("typed", "")[:LONGEST_TYPED].split())
    field_text = request.args.get("names", typed)[:LONGEST_TYPED]
    if "accounts" in request.args:
        return _of_accounts(typed)
    return _to_ask(typed, field_text) if "board" in request.args else _in_plans(typed, field_text)


def _of_accounts(typed: str) -> Response:
    slug = request.args.get("plan")
    if slug is None:
        check_may(actor(), Act.READ_ACCOUNTS)
    else:
        plan_for(actor(), slug, to=Act.REASSIGN)
    known = active_people()
    meant = accounts_meant(typed, known) if typed else []
    labels = {f"{account.name} {account.email}": account for account in known if account not in meant[:1]}
    alike = similar_names(typed, (account.name for account in known))
    offered = [labels[label] for label in suggested(typed, labels)] or [each for each in known if each.name in alike]
    if len(meant) > 1:
        offered = meant
    shared = _shared(known)
    suggestions = [
        Suggestion(account.name, account.email if plain_name(account.name) in shared else account.name, account.email)
        for account in offered
    ]
    reached = [NameReach(meant[0].name, Reach.ACCOUNT)] if len(meant) == 1 else []
    return _answer(suggestions, reached)


def _shared(known: Iterable[Account]) -> set[str]:
    """Return the names, as they are compared, that more than one account has."""
    names_once: set[str] = set()
    shared: set[str] = set()
    for account in known:
        name = plain_name(account.name)
        shared.update({name} & names_once)
        names_once.add(name)
    return shared


def _to_ask(typed: str, name: str) -> Response:
    """Suggest only names that this person can read in the plans; of any other name, say nothing."""
    board_for(actor(), request.args["board"], to=Act.ASK_QUESTION)
    known = names_to_ask(actor())
    readable = {plain_name(each) for each in known}
    reached = names_reached([name] if plain_name(name) in readable else [], clock.today())
    return _answer(_as_they_reach(suggested(typed, known)), reached)


def _in_plans(typed: str, field_text: str) -> Response:
    slug = request.args.get("plan")
    links: Mapping[str, NameMatched] = {}
    if slug is None:
        check_may(actor(), Act.REASSIGN, ANY_PLAN)
        known = known_names(actor())
    else:
        head = plan_for(actor(), slug, to=Act.EDIT_PLAN)
        known = known_names(actor(), head.id)
        action_id = whole_number(request.args.get("action"), LARGEST_ID)
        if action_id is not None:
            links = names_linked(action_id=visible_action(actor(), action_id))
        elif "recommendation" in request.args:
            number = request.args["recommendation"]
            links = names_linked(recommendation_id=recommendation_for(actor(), head.id, number))
    in_field = names_typed(field_text, {plain_name(name) for name in known.all})
    reached = names_reached(in_field, clock.today(), links)
    suggestions = suggested(typed, known.all, set(in_field) - {typed})
    is_half_typed = bool(suggestions)
    told = [reach for reach in reached if reach.is_reached or not (is_half_typed and reach.name == typed)]
    return _answer(_as_they_reach(suggestions), told)


def _as_they_reach(suggestions: list[str]) -> list[Suggestion]:
    return [Suggestion(reach.name, reach.name, reach.says) for reach in names_reached(suggestions, clock.today())]


def _answer(suggestions: list[Suggestion], reached: Iterable[NameReach]) -> Response:
    return fragment("plan/names/_suggestions.html", suggestions=suggestions, reached=list(reached))
