"""Saving a form: in one transaction, once however often it is sent, and else why not."""

from __future__ import annotations

from collections.abc import Callable

from flask import g
from wtforms import Field

from . import clock
from .db import transaction
from .drafting import this_place
from .forms import HouseForm
from .history import Author
from .people.commands import Refused, Stale, enter_once
from .people.queries import said_before
from .plan.reach import anew
from .web import actor

SAVED, REFUSED, STALE = 303, 422, 409


KEPT_THEIRS = "Nothing was changed: it stays as the other person saved it."


def me() -> Author:
    """Who is at the screen, as history names them."""
    return Author(actor().id, actor().name)


def saved_before(form: HouseForm) -> str | None:
    """What was said when this very form was saved already; then it is answered so again."""
    return said_before(actor().id, form.once.data) if form.once.data else None


def forget_draft() -> None:
    """What this request sends is saved in the open transaction, and needs no draft any more."""
    draft = this_place()
    if draft:
        draft.drop(actor().id)


def check_still_allowed() -> None:
    """Ask once more, in the open transaction, whether this person may send this form: a role may just have ended.

    Raises:
        NotAllowed, NotKnown: as the view of the form does.
    """
    g.actor = anew(actor(), clock.today())
    form = this_place()
    if form:
        form.drafted.may(**form.names)


def save_once(
    form: HouseForm, said: str, write: Callable[[], object], at: Field | Callable[[Refused], Field | None] | None = None
) -> int:
    """``write`` in one transaction, unless this form was saved before. Answers the status to answer with:

    ``SAVED`` (303), ``REFUSED`` (422: the reason is said at the field ``at``, or at what ``at`` answers for it; at
    none, of the form as a whole) or ``STALE`` (409: somebody else saved first, nothing is written). What is saved
    needs no draft any more.
    """
    try:
        with transaction():
            if not form.once.data or enter_once(actor().id, form.once.data, said) is None:
                check_still_allowed()
                write()
            forget_draft()
    except Refused as refusal:
        field = at if at is None or isinstance(at, Field) else at(refusal)
        if field is None:
            form.form_errors.append(str(refusal))
        else:
            form.bad(field, str(refusal))
        return REFUSED
    except Stale:
        return STALE
    return SAVED
