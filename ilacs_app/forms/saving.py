"""Save a form: in one transaction, and once however often it is sent; or say why it was not saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import g
from wtforms import Field

from ilacs_app import clock
from ilacs_app.db import transaction
from ilacs_app.errors import Refused, Stale
from ilacs_app.forms.commands import EarlierSave, Sent, enter_once, say_once
from ilacs_app.forms.drafts import sent_texts, this_place
from ilacs_app.forms.fields import HouseForm, content_sent
from ilacs_app.forms.queries import answer_for_once_key
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.history import Author
from ilacs_app.plan.visibility import anew
from ilacs_app.web import actor

SAVED, REFUSED, STALE = 303, 422, 409


KEPT_THEIRS = "Nothing was changed. The other person’s version was kept."
SAVED_OTHERWISE = (
    "You saved this form a moment ago and then changed it. "
    "Check what was saved. To save this version as well, select Save again."
)


@dataclass(frozen=True)
class Saved:
    """What the person is told about a saved form, and whether this request saved it or an earlier one did."""

    message: str
    wrote: bool


class SavedOtherwise(Refused):
    """This form was already saved with other content, and it does not say whether both are wanted."""


def author() -> Author:
    """Return the person at the screen, as history names them."""
    return Author(actor().id, actor().name)


def saved_before(form: HouseForm) -> str | None:
    """Return what the person was told when this form was saved before with the same content, or None."""
    return answer_for_once_key(actor().id, form.once.data, content_sent()) if form.once.data else None


def write_once(form: HouseForm, message: str, write: Callable[[bool], object], *, further: bool = False) -> Saved:
    """Call ``write`` in one transaction, unless this form was saved before with the same content.

    ``write`` is told whether the form was saved before with other content. If it returns a string, that is what the
    person is told instead of ``message``. Pass ``further`` for a form whose other content is saved as well; a form that
    changes a value carries its version instead. The form's draft is deleted.

    Raises:
        Refused: ``write`` did; or the form was saved with other content and is not ``further`` (``SavedOtherwise``).
        Stale: ``write`` did.
    """
    who, place = actor().id, this_place()
    once = form.once.data or ""
    with transaction():
        sent = Sent(once, content_sent(), sent_texts(place.drafted.form) if place else {})
        entry = enter_once(who, sent, message) if once else EarlierSave()
        if entry.message is None:
            if entry.changed and not further and not (isinstance(form, VersionedForm) and form.seen_version):
                form.once.data = ""  # the next one is a form of its own
                raise SavedOtherwise(SAVED_OTHERWISE)
            told = write(entry.changed)
            if isinstance(told, str):
                message = told
                say_once(who, sent, message)
        if place:
            place.drop_saved(who)
    return Saved(entry.message if entry.message is not None else message, entry.message is None)


def check_still_allowed() -> None:
    """Check again, in the open transaction, that this person may send this form: a role may just have ended.

    Raises:
        NotAllowed, NotKnown: as the view of the form does.
    """
    g.actor = anew(actor(), clock.today())
    form = this_place()
    if form:
        form.drafted.may(**form.names)


def save_once(
    form: HouseForm,
    message: str,
    write: Callable[[], object],
    at: Field | Callable[[Refused], Field | None] | None = None,
    *,
    further: bool = False,
) -> int:
    """Save a form as ``write_once`` does, and return the status to answer with.

    - ``SAVED`` (303).
    - ``REFUSED`` (422): the reason is an error of the field ``at``, or of the field that ``at`` returns for it, or
      else of the form as a whole.
    - ``STALE`` (409): someone else saved first, and nothing was written.
    """

    def told(_changed: bool) -> None:
        check_still_allowed()
        write()

    try:
        write_once(form, message, told, further=further)
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
