"""A leaver's items in one screen, another owner for chosen actions, a board of chosen recommendations.

Each is chosen, looked at as it will be, and saved: all of it, or nothing where somebody changed an item meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from flask import Blueprint, Response, request, url_for

from .. import clock
from ..access import NotAllowed, requires
from ..drafting import drafted, take_up
from ..people.draft_queries import KeptDraft
from ..people.queries import active_people, boards, teams
from ..progress.listing import asked_filter, paged, this_address
from ..saving import SAVED, me, save_once, saved_before
from ..web import actor, after_saving, local_address, page
from .counting import counts
from .governing_commands import change_boards
from .governing_queries import governed
from .governing_rules import BoardChange, Governing
from .hand_over_commands import change_owners, hand_over
from .hand_over_forms import ChoosingForm, GoverningForm, HandOverForm
from .hand_over_queries import Held, held_by, holders, owners_of, person_name, who_receives
from .narrowing import Filter
from .queries import action_rows
from .reach import PlanHead, plan_for, plans
from .rules import OPEN
from .undo_queries import Lately, changed_lately
from .versions import Chosen
from .words import many

blueprint = Blueprint("hands", __name__)
WHO_HANDS_OVER = "Only the programme manager gives items to another name."

OWNED_ALREADY = "They own each of these already. Choose others, or write another name."
NOTHING_CHANGES = "This changes none of them. Choose others, or another board."


def _keeper(plan_id: int | None = None) -> None:
    who = actor()
    if not (who.has("programme_manager") if plan_id is None else who.is_a("programme_manager", plan_id=plan_id)):
        raise NotAllowed(WHO_HANDS_OVER)


def _may_give(person_id: int) -> str:
    """The name of who leaves."""
    _keeper()
    return person_name(person_id)


def _kept_plan(plan_slug: str) -> PlanHead:
    head = plan_for(actor(), plan_slug)
    _keeper(head.id)
    return head


def _owners_list(plan_slug: str) -> str:
    return _filtered(url_for("hands.owners", plan_slug=plan_slug))


def _boards_list(plan_slug: str) -> str:
    return _filtered(url_for("hands.governing", plan_slug=plan_slug))


def _filtered(path: str) -> str:
    """The list at this address, with the filter in which items were chosen."""
    back = local_address(request.form.get("back")) or ""
    return back if back.startswith(f"{path}?") else path


def _left(form: ChoosingForm, draft: KeptDraft | None) -> list[Chosen] | None:
    """What was chosen in a form that was left, if one was."""
    return form.chosen(draft.fields.get("item", "")) if draft else None


@blueprint.get("/people/hand-over")
@requires("belongs")
def who_leaves() -> Response:
    _keeper()
    return page("plan/holders.html", holders=holders(actor()))


@blueprint.get("/people/<item:person_id>/hand-over")
@requires("belongs")
def leaver(person_id: int) -> Response:
    _may_give(person_id)
    form = HandOverForm(formdata=None)
    draft = take_up(form, "hands.give")
    return _leaver_page(person_id, form, _left(form, draft), draft=draft)


@blueprint.post("/people/<item:person_id>/hand-over")
@requires("belongs", writes=True)
@drafted(HandOverForm, _may_give)
def give(person_id: int) -> Response:
    name, form, by = _may_give(person_id), HandOverForm(), me()
    chosen, mine = form.chosen(), {one.key: one.version for one in held_by(actor(), person_id)}
    if not form.ready(chosen):
        return _leaver_page(person_id, form, chosen, 422)
    if not _said_before(form) and any(mine.get((one.part, one.id)) != one.version for one in chosen):
        return _leaver_page(person_id, form, chosen, 409)
    if "save" not in request.form:
        return _leaver_page(person_id, form, chosen, preview=True)
    said = f"Saved: {many(len(chosen), 'item')} of {name} went to {form.name}."
    status = save_once(form, said, lambda: hand_over(by, person_id, chosen, form.name), further=True)
    if status != SAVED:
        return _leaver_page(person_id, form, chosen, status)
    return after_saving(said, url_for("hands.leaver", person_id=person_id))


@blueprint.get("/plans/<plan_slug>/owners")
@requires("belongs")
def owners(plan_slug: str) -> Response:
    head, form = _kept_plan(plan_slug), HandOverForm(formdata=None)
    draft = take_up(form, "hands.give_owner")
    return _owners_page(head, form, _left(form, draft), draft=draft)


@blueprint.post("/plans/<plan_slug>/owners")
@requires("belongs", writes=True)
@drafted(HandOverForm, _kept_plan, _owners_list)
def give_owner(plan_slug: str) -> Response:
    head, form, by = _kept_plan(plan_slug), HandOverForm(), me()
    chosen = [one for one in form.chosen() if one.part == "owner"]
    if not form.ready(chosen):
        return _owners_page(head, form, chosen, 422)
    wanted = Filter(plan_id=head.id, action_ids=frozenset(one.id for one in chosen))
    now = {row.id: row.version for row in action_rows(actor(), wanted, clock.today(), size=None)}
    if not _said_before(form) and any(now.get(one.id) != one.version for one in chosen):
        return _owners_page(head, form, chosen, 409)
    had = owners_of(list(now))
    if not _said_before(form) and all(had.get(one.id) == (form.name,) for one in chosen):
        form.bad(form.to, OWNED_ALREADY)
        return _owners_page(head, form, chosen, 422)
    if "save" not in request.form:
        return _owners_page(head, form, chosen, preview=True)
    said = f"Saved: {form.name} owns {many(len(chosen), 'action')} now."
    status = save_once(form, said, lambda: change_owners(by, chosen, form.name), further=True)
    if status != SAVED:
        return _owners_page(head, form, chosen, status)
    return after_saving(said, local_address(form.back.data) or url_for("hands.owners", plan_slug=plan_slug))


@blueprint.get("/plans/<plan_slug>/boards")
@requires("belongs")
def governing(plan_slug: str) -> Response:
    head, form = _kept_plan(plan_slug), GoverningForm.of(boards(), sent=False)
    draft = take_up(form, "hands.govern")
    return _boards_page(head, form, _left(form, draft) or [], draft=draft)


@blueprint.post("/plans/<plan_slug>/boards")
@requires("belongs", writes=True)
@drafted(GoverningForm, _kept_plan, _boards_list)
def govern(plan_slug: str) -> Response:
    head, form, by = _kept_plan(plan_slug), GoverningForm.of(boards()), me()
    chosen = [one for one in form.chosen() if one.part == "board"]
    change = form.ready(chosen)
    if change is None:
        return _boards_page(head, form, chosen, 422)
    ids = frozenset(one.id for one in chosen)
    now = {one.id: one for one in governed(actor(), Filter(plan_id=head.id), clock.today(), only=ids)}
    if not _said_before(form) and any(one.id not in now or now[one.id].version != one.version for one in chosen):
        return _boards_page(head, form, chosen, 409)
    if not _said_before(form) and all(one.after(change) == one.boards for one in now.values()):
        form.bad(form.board, NOTHING_CHANGES)
        return _boards_page(head, form, chosen, 422)
    if "save" not in request.form:
        return _boards_page(head, form, chosen, change=change)
    says = form.says(change)
    said = f"Saved: {says}, in {many(sum(one.after(change) != one.boards for one in now.values()), 'recommendation')}."
    status = save_once(form, said, lambda: change_boards(by, chosen, change, says), further=True)
    if status != SAVED:
        return _boards_page(head, form, chosen, status)
    return after_saving(said, local_address(form.back.data) or url_for("hands.governing", plan_slug=plan_slug))


def _said_before(form: ChoosingForm) -> bool:
    """Whether this very form was saved already: then it is answered as it was the first time."""
    return "save" in request.form and saved_before(form) is not None


def _leaver_page(
    person_id: int,
    form: HandOverForm,
    chosen: list[Chosen] | None,
    status: int = 200,
    *,
    preview: bool = False,
    draft: KeptDraft | None = None,
) -> Response:
    items = held_by(actor(), person_id)
    return _page(
        items,
        form,
        chosen,
        status,
        preview,
        name=person_name(person_id),
        path=url_for("hands.leaver", person_id=person_id),
        plan=None,
        pages=1,
        draft=draft,
        stays=(),
        lately=_lately([one for one in plans(actor()) if actor().is_a("programme_manager", plan_id=one.id)]),
    )


def _owners_page(
    head: PlanHead,
    form: HandOverForm,
    chosen: list[Chosen] | None,
    status: int = 200,
    *,
    preview: bool = False,
    draft: KeptDraft | None = None,
) -> Response:
    who, today = actor(), clock.today()
    asked, filters = asked_filter(Filter(plan_id=head.id))
    wanted = asked.filter
    if preview:
        wanted = Filter(plan_id=head.id, action_ids=frozenset(one.id for one in chosen or ()))
    rows = action_rows(who, wanted, today, page=1 if preview else asked.page)
    once = {row.id: row for row in rows}
    named = owners_of(list(once))
    items = [
        Held(
            "owner",
            row.id,
            row.version,
            row.ref,
            row.text,
            ", ".join(named.get(row.id, ())),
            row.status,
            row.status in OPEN,
        )
        for row in once.values()
    ]
    return _page(
        items,
        form,
        chosen if chosen is not None else [],
        status,
        preview,
        name=head.title,
        path=url_for("hands.owners", plan_slug=head.slug),
        plan=head,
        draft=draft,
        stays={one.key for one in items if preview and named.get(one.id) == (form.name,)},
        asked=asked,
        filters=filters,
        address=this_address(),
        lately=_lately([head]),
        **paged(asked, counts(who, asked.filter, today).actions),
    )


def _page(
    items: list[Held],
    form: HandOverForm,
    chosen: list[Chosen] | None,
    status: int,
    preview: bool,
    **more: object,
) -> Response:
    """The items to choose from, or, in a preview, those that were chosen as they were seen."""
    seen = {(one.part, one.id): one.version for one in chosen or ()}
    changed = [one for one in items if status == 409 and seen.get(one.key, one.version) != one.version]
    if preview:
        items = [replace(one, version=seen[one.key]) for one in items if one.key in seen]
    ticked = {one.key for one in items if (one.open if chosen is None else one.key in seen)}
    return page(
        "plan/hand_over.html",
        status=status,
        items=items,
        ticked=ticked,
        form=form,
        preview=preview,
        changed=changed,
        stale=status == 409,
        receives=who_receives(form.name) if preview else "",
        known=[*(name for _, name, _ in active_people()), *(team.name for team in teams())],
        has_errors=status == 422,
        **more,
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
    seen = {("board", one.id): one.version for one in chosen}
    if change is None:
        items = governed(actor(), asked.filter, clock.today())
    else:
        ids = {one.id for one in chosen}
        items = governed(actor(), Filter(plan_id=head.id), clock.today(), only=ids)
    named = {board.id: board.name for board in boards()}
    return page(
        "plan/governing.html",
        status=status,
        plan=head,
        draft=draft,
        items=items,
        now={one.id: _boards_in(one.boards, named) for one in items},
        then={one.id: _boards_in(one.after(change), named) for one in items} if change else {},
        stays={one.id for one in items if change and one.after(change) == one.boards},
        ticked={one.key for one in items if one.key in seen},
        form=form,
        says=form.says(change) if change else "",
        changed=[one for one in items if status == 409 and seen.get(one.key, one.version) != one.version],
        stale=status == 409,
        has_errors=status == 422,
        asked=asked,
        filters=filters,
        path=url_for("hands.governing", plan_slug=head.slug),
        address=this_address(),
        lately=_lately([head]),
    )


def _boards_in(boards: Governing, named: Mapping[int, str]) -> list[str]:
    """The boards of a recommendation in its order; the lead board says so where it is not alone."""
    words = {id_: named.get(id_, "") for id_ in boards.ids}
    if len(words) > 1 and boards.lead is not None:
        words[boards.lead] += " (lead board)"
    return list(words.values())


def _lately(heads: Collection[PlanHead]) -> list[tuple[str, Lately]]:
    """The newest changes of many items in these plans, each with its address."""
    slugs = {one.id: one.slug for one in heads}
    found = changed_lately(slugs)
    return [(f"/plans/{slugs[one.line.plan_id or 0]}/together/{one.line.id}", one) for one in found]
