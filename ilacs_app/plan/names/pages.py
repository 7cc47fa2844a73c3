"""A field in which one name is typed for a board, and what to say when it reaches no one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from wtforms import Field

from ilacs_app import clock
from ilacs_app.access import Act, may
from ilacs_app.forms.fields import HouseForm
from ilacs_app.people.forms import chosen_instead
from ilacs_app.people.rules import similar_names
from ilacs_app.plan.names.queries import names_reached, names_to_ask
from ilacs_app.text import plain_name
from ilacs_app.web import actor


@dataclass(frozen=True)
class NameMeant:
    """The name that a field means, or the names to choose from before anything is saved."""

    name: str
    candidates: Sequence[str] = ()


def name_to_ask(form: HouseForm, field: Field) -> NameMeant:
    """Return the name in a field; ask at the field where a name in the plans is much like it and it is not one itself.

    Only names that this person can read in the plans are offered. Whoever keeps the name as it is chooses it once.
    """
    name = chosen_instead(field)
    known = names_to_ask(actor())
    is_kept = f"which-{field.name}" in request.form and request.form.get(f"asked-{field.name}") == (field.data or "")
    if not name or is_kept or plain_name(name) in map(plain_name, known):
        return NameMeant(name)
    similar = similar_names(name, known)
    if not similar:
        return NameMeant(name)
    form.bad(field, "No one in the plans you can see has this name. Choose who you mean.")
    return NameMeant(name, (*similar, name))


def who_sees_it(name: str) -> str:
    """Return the sentence that says who will see what is asked of a name.

    Of a name that this person cannot read anywhere it does not say whether someone has an account.
    """
    known = names_to_ask(actor())
    if not may(actor(), Act.READ_ACCOUNTS) and plain_name(name) not in map(plain_name, known):
        return f"It is for {name}."
    if names_reached([name], clock.today())[0].is_reached:
        return f"{name} will see it."
    return f"No account has the name {name}, so they will not get emails about it."
