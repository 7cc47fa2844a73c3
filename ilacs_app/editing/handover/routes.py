"""A leaver's items in one screen, and another owner for chosen actions.

Each is chosen, looked at as it will be, and saved: all of it, or nothing where someone changed an item meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, Response, request, url_for

from ilacs_app import clock
from ilacs_app.access import ANY_PLAN, Act, check_may, may, requires
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.bulk.pages import filtered, lately, left, plan_to_reassign, said_before
from ilacs_app.editing.handover.commands import change_owners, hand_over
from ilacs_app.editing.handover.forms import HandOverForm
from ilacs_app.editing.handover.queries import Held, NewHolder, held_by, holders, new_holder, owners_of, person_name
from ilacs_app.errors import Stale
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, author, save_once
from ilacs_app.plan.lists.counts import counts
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.rules import OPEN
from ilacs_app.plan.visibility import PlanHead, plans
from ilacs_app.rows.list_page import asked_filter, paged
from ilacs_app.rows.place import this_address
from ilacs_app.text import many
from ilacs_app.web import actor, after_saving, local_address, page

blueprint = Blueprint("hands", __name__)


@dataclass(frozen=True)
class _Choice:
    """What was chosen and typed, and how the page answers.

    ``chosen`` is None where nothing could be chosen yet: then every open item of a leaver is ticked.
    """

    form: HandOverForm
    chosen: list[Chosen] | None
    status: int = 200
    preview: bool = False
    holder: NewHolder | None = None
    draft: KeptDraft | None = None


OWNED_ALREADY = "They already own all of these. Select others, or enter another name"


def _account_chosen(form: HandOverForm, holder: NewHolder) -> int | None:
    """Return the account that was chosen of those that share the name."""
    return next((account.id for account in holder.sharing if account.id == form.account_id), None)


def _is_confirmed(form: HandOverForm, holder: NewHolder) -> bool:
    """Return whether the preview was confirmed; say at the form that one of several accounts must be chosen."""
    if "save" not in request.form:
        return False
    if holder.sharing and _account_chosen(form, holder) is None:
        return form.bad(form.to, f"Choose which {form.name} you mean")
    return True


def _status(form: HandOverForm) -> int:
    return 422 if form.errors else 200


def _may_give(person_id: int) -> str:
    """The name of who leaves."""
    check_may(actor(), Act.REASSIGN, ANY_PLAN)
    return person_name(person_id)


def _owners_list(plan_slug: str) -> str:
    return filtered(url_for("hands.owners", plan_slug=plan_slug))


@blueprint.get("/people/hand-over")
@requires("belongs")
def who_leaves() -> Response:
    check_may(actor(), Act.REASSIGN, ANY_PLAN)
    return page("editing/handover/holders.html", holders=holders(actor()))


@blueprint.get("/people/<item:person_id>/hand-over")
@requires("belongs")
def leaver(person_id: int) -> Response:
    _may_give(person_id)
    form = HandOverForm(formdata=None)
    draft = take_up(form, "hands.give")
    return _leaver_page(person_id, _Choice(form, left(form, draft), draft=draft))


@blueprint.post("/people/<item:person_id>/hand-over")
@requires("belongs", writes=True)
@drafted(HandOverForm, _may_give)
def give(person_id: int) -> Response:
    name, form, by = _may_give(person_id), HandOverForm(), author()
    chosen, mine = form.chosen(), {item.key: item.version for item in held_by(actor(), person_id)}
    if not form.ready(chosen):
        return _leaver_page(person_id, _Choice(form, chosen, status=422))
    if not said_before(form) and any(mine.get((item.part, item.id)) != item.version for item in chosen):
        return _leaver_page(person_id, _Choice(form, chosen, status=409))
    holder = new_holder(actor(), form.name, None)
    if not said_before(form) and not _is_confirmed(form, holder):
        return _leaver_page(person_id, _Choice(form, chosen, preview=True, holder=holder, status=_status(form)))
    message = f"Saved: {many(len(chosen), 'item')} reassigned from {name} to {form.name}"

    def write() -> None:
        if not {(item.part, item.id) for item in chosen} <= {item.key for item in held_by(actor(), person_id)}:
            raise Stale  # a role for one of the plans has just ended
        hand_over(by, person_id, chosen, form.name, account_id=_account_chosen(form, holder))

    status = save_once(form, message, write, further=True)
    if status != SAVED:
        return _leaver_page(person_id, _Choice(form, chosen, status=status))
    return after_saving(message, url_for("hands.leaver", person_id=person_id))


@blueprint.get("/plans/<plan_slug>/owners")
@requires("belongs")
def owners(plan_slug: str) -> Response:
    head, form = plan_to_reassign(plan_slug), HandOverForm(formdata=None)
    draft = take_up(form, "hands.give_owner")
    return _owners_page(head, _Choice(form, left(form, draft), draft=draft))


@blueprint.post("/plans/<plan_slug>/owners")
@requires("belongs", writes=True)
@drafted(HandOverForm, plan_to_reassign, _owners_list)
def give_owner(plan_slug: str) -> Response:
    head, form, by = plan_to_reassign(plan_slug), HandOverForm(), author()
    chosen = [item for item in form.chosen() if item.part == "owner"]
    if not form.ready(chosen):
        return _owners_page(head, _Choice(form, chosen, status=422))
    wanted = Filter(plan_id=head.id, action_ids=frozenset(item.id for item in chosen))
    now = {row.id: row.version for row in action_rows(actor(), wanted, clock.today(), size=None)}
    if not said_before(form) and any(now.get(item.id) != item.version for item in chosen):
        return _owners_page(head, _Choice(form, chosen, status=409))
    had = owners_of(list(now))
    if not said_before(form) and all(had.get(item.id) == (form.name,) for item in chosen):
        form.bad(form.to, OWNED_ALREADY)
        return _owners_page(head, _Choice(form, chosen, status=422))
    holder = new_holder(actor(), form.name, head.id)
    if not said_before(form) and not _is_confirmed(form, holder):
        return _owners_page(head, _Choice(form, chosen, preview=True, holder=holder, status=_status(form)))
    message = f"Saved: {form.name} now owns {many(len(chosen), 'action')}"

    def write() -> None:
        change_owners(by, chosen, form.name, account_id=_account_chosen(form, holder))

    status = save_once(form, message, write, further=True)
    if status != SAVED:
        return _owners_page(head, _Choice(form, chosen, status=status))
    return after_saving(message, local_address(form.back.data) or url_for("hands.owners", plan_slug=plan_slug))


def _leaver_page(person_id: int, choice: _Choice) -> Response:
    items = held_by(actor(), person_id)
    return _page(
        items,
        choice,
        name=person_name(person_id),
        path=url_for("hands.leaver", person_id=person_id),
        plan=None,
        pages=1,
        stays=(),
        lately=lately([plan for plan in plans(actor()) if may(actor(), Act.REASSIGN, plan.id)]),
    )


def _owners_page(head: PlanHead, choice: _Choice) -> Response:
    who, today = actor(), clock.today()
    asked, filters = asked_filter(Filter(plan_id=head.id))
    wanted = asked.filter
    if choice.preview:
        wanted = Filter(plan_id=head.id, action_ids=frozenset(item.id for item in choice.chosen or ()))
    rows = action_rows(who, wanted, today, page=1 if choice.preview else asked.page)
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
        choice if choice.chosen is not None else replace(choice, chosen=[]),
        name=head.title,
        path=url_for("hands.owners", plan_slug=head.slug),
        plan=head,
        stays={item.key for item in items if choice.preview and named.get(item.id) == (choice.form.name,)},
        asked=asked,
        filters=filters,
        address=this_address(),
        lately=lately([head]),
        **paged(asked, counts(who, asked.filter, today).actions),
    )


def _page(items: list[Held], choice: _Choice, **more: object) -> Response:
    """The items to choose from, or, in a preview, those that were chosen as they were seen."""
    seen = {(item.part, item.id): item.version for item in choice.chosen or ()}
    changed = [item for item in items if choice.status == 409 and seen.get(item.key, item.version) != item.version]
    if choice.preview:
        items = [replace(item, version=seen[item.key]) for item in items if item.key in seen]
    ticked = {item.key for item in items if (item.open if choice.chosen is None else item.key in seen)}
    return page(
        "editing/handover/hand_over.html",
        status=choice.status,
        items=items,
        ticked=ticked,
        form=choice.form,
        draft=choice.draft,
        preview=choice.preview,
        changed=changed,
        stale=choice.status == 409,
        holder=choice.holder,
        has_errors=choice.status == 422,
        **more,
    )
