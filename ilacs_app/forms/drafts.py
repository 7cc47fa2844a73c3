"""Nothing typed is lost: which forms keep a draft, where it is kept, and how it stands in its form again.

A view that takes what somebody types is marked with ``@drafted``. Its draft is its writer's alone, offered back by the
page of the form, which checks first who may see it, and gone once the form is saved (``saving``).
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

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Drafted:
    """A form that keeps a draft.

    ``may`` gets what the address names and raises what its view would where somebody may not write there; ``opens``
    answers the page on which the form stands, where that is another address than the one that it is sent to;
    ``beside`` names the other views that the same form is sent to.
    """

    form: type[HouseForm]
    may: Callable[..., object]
    opens: Callable[..., str] | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class DraftPlace:
    """Where a draft is kept: the one address of the view that its form is sent to."""

    drafted: Drafted
    address: str
    names: Mapping[str, Any]

    @property
    def page(self) -> str:
        """The address at which the form stands with the draft in it."""
        return self.drafted.opens(**self.names) if self.drafted.opens else self.address

    def keep(self, person_id: int, back: str, *, any_length: bool = False) -> bool:
        """Keep what this request holds of the form; answers whether there was anything to keep."""
        typed, once = self.drafted.form.typed(), request.form.get("once", "")
        return keep_draft(person_id, self.address, back, typed, once=once, any_length=any_length)

    def drop(self, person_id: int) -> None:
        """Forget the draft, whatever it holds."""
        drop_draft(person_id, (self.address,))

    def drop_saved(self, person_id: int) -> None:
        """Forget what this request saves: a draft of this very form, one that it took up, or one with no other word.

        What the same person types into the same form in another window stays kept.
        """
        keys = {"", request.form.get("once"), request.form.get(TAKEN_UP)}  # "": kept before drafts had keys
        addresses = (self.address, *(url_for(endpoint, **self.names) for endpoint in self.drafted.beside))
        form = self.drafted.form
        drop_draft(person_id, addresses, lambda fields, key: key in keys or holds(form, sent_texts(form), fields))


TAKEN_UP = "taken_up"
"""The hidden field with the key of the draft that a form opened with."""


def sent_texts(form: type[HouseForm]) -> dict[str, str]:
    """What this request holds of the fields of a form that a draft keeps, by name."""
    return {name: tidy("\n".join(request.form.getlist(name))) for name in form.drafted()}


def holds(form: type[HouseForm], saved: Mapping[str, str], draft: Mapping[str, str]) -> bool:
    """Whether every text of a draft stands in what was saved of the form, or is an earlier state of it."""
    typed = {name: draft[name] for name in form.drafted() if draft.get(name)}
    return all(saved.get(name, "").startswith(text) for name, text in typed.items())


_MARKED: dict[Callable[..., Any], Drafted] = {}


def drafted(
    form: type[HouseForm],
    may: Callable[..., object],
    opens: Callable[..., str] | None = None,
    *,
    beside: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Let the form of a view keep what is typed into it."""

    def mark(view: View) -> View:
        _MARKED[view] = Drafted(form, may, opens, beside)
        return view

    return mark


def place_at(address: str) -> DraftPlace | None:
    """The form that is sent to an address of ours, if it keeps a draft."""
    try:
        endpoint, names = current_app.url_map.bind("").match(unquote(urlsplit(address).path), method="POST")
    except (HTTPException, ValueError):
        return None
    return _place(str(endpoint), names)


def this_place() -> DraftPlace | None:
    """The form that this request sends, if it keeps a draft."""
    return _place(request.endpoint or "", request.view_args or {})


def _place(endpoint: str, names: Mapping[str, Any]) -> DraftPlace | None:
    view = current_app.view_functions.get(endpoint)
    found = _MARKED.get(view) if view else None
    return DraftPlace(found, url_for(endpoint, **names), names) if found else None


def take_up(form: HouseForm, endpoint: str) -> KeptDraft | None:
    """Let a form that opens stand as this person left it; ``endpoint`` is the view that it is sent to.

    It has the names of this page's address. Answers the draft, if there is one.
    """
    return take_up_each(form=(form, url_for(endpoint, **(request.view_args or {})))).get("form")


def take_up_each(**forms: tuple[HouseForm, str]) -> dict[str, KeptDraft]:
    """The same for a page of several forms, each with the address that it is sent to.

    Answers the drafts that there are, by the names that the forms have here.
    """
    if not forms:
        return {}
    kept = drafts_of(actor().id, {address for _, address in forms.values()})
    here = {name: (form, kept[address]) for name, (form, address) in forms.items() if address in kept}
    found = {name: draft for name, (form, draft) in here.items() if form.is_about(draft.fields)}
    for name, draft in found.items():
        forms[name][0].take_up(draft.fields)
    return found
