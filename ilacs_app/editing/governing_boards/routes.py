"""The boards of chosen recommendations: looked at as they will be, then all saved, or none of them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for

from ilacs_app import clock
from ilacs_app.access import requires
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.bulk.pages import filtered, lately, left, plan_to_reassign, said_before
from ilacs_app.editing.governing_boards.commands import change_boards
from ilacs_app.editing.governing_boards.forms import GoverningForm
from ilacs_app.editing.governing_boards.queries import governed
from ilacs_app.editing.governing_boards.rules import BoardChange, Governing
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, author, save_once
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.visibility import PlanHead
from ilacs_app.rows.list_page import asked_filter
from ilacs_app.rows.place import this_address
from ilacs_app.text import many
from ilacs_app.web import actor, after_saving, local_address, page

blueprint = Blueprint("governing_boards", __name__)


NOTHING_CHANGES = "None of these would change. Select others, or another board"


def _boards_list(plan_slug: str) -> str:
    return filtered(url_for("governing_boards.governing", plan_slug=plan_slug))


@blueprint.get("/plans/<plan_slug>/boards")
@requires("belongs")
def governing(plan_slug: str) -> Response:
    head, form = plan_to_reassign(plan_slug), GoverningForm.of(boards(), sent=False)
    draft = take_up(form, "governing_boards.govern")
    return _boards_page(head, form, left(form, draft) or [], draft=draft)


@blueprint.post("/plans/<plan_slug>/boards")
@requires("belongs", writes=True)
@drafted(GoverningForm, plan_to_reassign, _boards_list)
def govern(plan_slug: str) -> Response:
    head, form, by = plan_to_reassign(plan_slug), GoverningForm.of(boards()), author()
    chosen = [item for item in form.chosen() if item.part == "board"]
    change = form.ready(chosen)
    if change is None:
        return _boards_page(head, form, chosen, 422)
    ids = frozenset(item.id for item in chosen)
    now = {item.id: item for item in governed(actor(), Filter(plan_id=head.id), clock.today(), only=ids)}
    if not said_before(form) and any(item.id not in now or now[item.id].version != item.version for item in chosen):
        return _boards_page(head, form, chosen, 409)
    if not said_before(form) and all(item.after(change) == item.boards for item in now.values()):
        form.bad(form.board, NOTHING_CHANGES)
        return _boards_page(head, form, chosen, 422)
    if "save" not in request.form:
        return _boards_page(head, form, chosen, change=change)
    says = form.says(change)
    message = (
        f"Saved: {says}, in {many(sum(item.after(change) != item.boards for item in now.values()), 'recommendation')}."
    )
    status = save_once(form, message, lambda: change_boards(by, chosen, change, says), further=True)
    if status != SAVED:
        return _boards_page(head, form, chosen, status)
    return after_saving(
        message, local_address(form.back.data) or url_for("governing_boards.governing", plan_slug=plan_slug)
    )


def _boards_page(
    head: PlanHead,
    form: GoverningForm,
    chosen: list[Chosen],
    status: int = 200,
    *,
    change: BoardChange | None = None,
    draft: KeptDraft | None = None,
) -> Response:
    """The recommendations to choose from, or, with a change, those that were chosen before and after it."""
    asked, filters = asked_filter(Filter(plan_id=head.id))
    seen = {("board", item.id): item.version for item in chosen}
    if change is None:
        items = governed(actor(), asked.filter, clock.today())
    else:
        ids = {item.id for item in chosen}
        items = governed(actor(), Filter(plan_id=head.id), clock.today(), only=ids)
    named = {board.id: board.name for board in boards()}
    return page(
        "editing/governing_boards/governing.html",
        status=status,
        plan=head,
        draft=draft,
        items=items,
        now={item.id: _boards_in(item.boards, named) for item in items},
        then={item.id: _boards_in(item.after(change), named) for item in items} if change else {},
        stays={item.id for item in items if change and item.after(change) == item.boards},
        ticked={item.key for item in items if item.key in seen},
        form=form,
        says=form.says(change) if change else "",
        changed=[item for item in items if status == 409 and seen.get(item.key, item.version) != item.version],
        stale=status == 409,
        has_errors=status == 422,
        asked=asked,
        filters=filters,
        path=url_for("governing_boards.governing", plan_slug=head.slug),
        address=this_address(),
        lately=lately([head]),
    )


def _boards_in(boards: Governing, named: Mapping[int, str]) -> list[str]:
    """The boards of a recommendation in its order, with the lead board marked if there are several."""
    names = {id_: named.get(id_, "") for id_ in boards.ids}
    if len(names) > 1 and boards.lead is not None:
        names[boards.lead] += " (lead board)"
    return list(names.values())
