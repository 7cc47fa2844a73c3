"""Nothing typed is lost: which forms have drafts, where a draft is saved, and how a form opens with it.

A view that takes what someone types is marked with ``@drafted``. Only its writer sees the draft, on the form's page,
which first checks that they may. Saving the form deletes it (``saving``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

from ilacs_app.forms.commands import drop_draft, keep_draft
from ilacs_app.forms.fields import HouseForm
from ilacs_app.forms.queries import KeptDraft, drafts_of
from ilacs_app.text import tidy
from ilacs_app.web import actor

_View = TypeVar("_View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Drafted:
    """A form that has drafts.

    ``may`` is called with the names in the address, and raises what its view would raise for someone who may not send
    it. ``opens`` returns the address of the form's page, where that is not the one it is sent to. ``beside`` names the
    other views that the same form is sent to.
    """

    form: type[HouseForm]
    may: Callable[..., object]
    opens: Callable[..., str] | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class DraftPlace:
    """Where a draft is saved: the address that its form is sent to."""

    drafted: Drafted
    address: str
    names: Mapping[str, Any]

    @property
    def page(self) -> str:
        """The address at which the form opens with the draft."""
        return self.drafted.opens(**self.names) if self.drafted.opens else self.address

    def keep(self, person_id: int, back: str, *, any_length: bool = False) -> bool:
        """Save this request's form as a draft; return whether there was anything to save."""
        typed, once = self.drafted.form.typed(), request.form.get("once", "")
        return keep_draft(person_id, self.address, back, typed, once=once, any_length=any_length)

    def drop(self, person_id: int) -> None:
        """Delete the draft."""
        drop_draft(person_id, (self.address,))

    def drop_saved(self, person_id: int) -> None:
        """Delete the draft of what this request saves: its own, the one it opened with, or one that says no more.

        The draft of the same form in another window stays.
        """
        keys = {"", request.form.get("once"), request.form.get(TAKEN_UP)}  # "": kept before drafts had keys
        addresses = (self.address, *(url_for(endpoint, **self.names) for endpoint in self.drafted.beside))
        form = self.drafted.form
        drop_draft(person_id, addresses, lambda fields, key: key in keys or holds(form, sent_texts(form), fields))


TAKEN_UP = "taken_up"
"""The hidden field with the key of the draft that the form opened with."""


def sent_texts(form: type[HouseForm]) -> dict[str, str]:
    """Return what this request has for each field that a draft keeps, by name."""
    return {name: tidy("\n".join(request.form.getlist(name))) for name in form.drafted()}


def holds(form: type[HouseForm], saved: Mapping[str, str], draft: Mapping[str, str]) -> bool:
    """Return whether every text of a draft was saved with the form, or is an earlier state of what was."""
    typed = {name: draft[name] for name in form.drafted() if draft.get(name)}
    return all(saved.get(name, "").startswith(text) for name, text in typed.items())


_MARKED: dict[Callable[..., Any], Drafted] = {}


def drafted(
    form: type[HouseForm],
    may: Callable[..., object],
    opens: Callable[..., str] | None = None,
    *,
    beside: tuple[str, ...] = (),
) -> Callable[[_View], _View]:
    """Mark a view whose form has drafts."""

    def mark(view: _View) -> _View:
        _MARKED[view] = Drafted(form, may, opens, beside)
        return view

    return mark


def place_at(address: str) -> DraftPlace | None:
    """Return the form that is sent to an address of ours, if it has drafts."""
    try:
        endpoint, names = current_app.url_map.bind("").match(unquote(urlsplit(address).path), method="POST")
    except (HTTPException, ValueError):
        return None
    return _place(str(endpoint), names)


def this_place() -> DraftPlace | None:
    """Return the form that this request sends, if it has drafts."""
    return _place(request.endpoint or "", request.view_args or {})


def _place(endpoint: str, names: Mapping[str, Any]) -> DraftPlace | None:
    view = current_app.view_functions.get(endpoint)
    drafted = _MARKED.get(view) if view else None
    return DraftPlace(drafted, url_for(endpoint, **names), names) if drafted else None


def take_up(form: HouseForm, endpoint: str) -> KeptDraft | None:
    """Fill a form with this person's draft; ``endpoint`` is the view that the form is sent to, with this page's names.

    Return the draft, if there is one.
    """
    return take_up_each(form=(form, url_for(endpoint, **(request.view_args or {})))).get("form")


def take_up_each(**forms: tuple[HouseForm, str]) -> dict[str, KeptDraft]:
    """Fill several forms with this person's drafts; each comes with the address that it is sent to.

    Return the drafts that there are, by the names of the forms here.
    """
    if not forms:
        return {}
    by_address = drafts_of(actor().id, {address for _, address in forms.values()})
    drafts = {
        name: by_address[address]
        for name, (form, address) in forms.items()
        if address in by_address and form.is_about(by_address[address].fields)
    }
    for name, draft in drafts.items():
        forms[name][0].take_up(draft.fields)
    return drafts
