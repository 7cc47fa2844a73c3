"""A field in which one account is meant, by full name or email address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from wtforms import Field

from ilacs_app.forms.fields import HouseForm
from ilacs_app.people.queries import Account, accounts_meant
from ilacs_app.people.rules import similar_names
from ilacs_app.text import many


@dataclass(frozen=True)
class AccountMeant:
    """The account that a field means, or those of which one may be meant."""

    account: Account | None = None
    candidates: Sequence[Account] = ()


def chosen_instead(field: Field) -> str:
    """Return what was chosen below a field, if its text is still the one that the choice was about; else its text."""
    typed = field.data or ""
    return request.form.get(f"which-{field.name}", typed) if request.form.get(f"asked-{field.name}") == typed else typed


def account_meant(form: HouseForm, field: Field, known: Sequence[Account], *, empty: str) -> AccountMeant:
    """Return the account that a field means; where it is none, or more than one, say at the field what to do.

    ``empty`` is what to do where nothing was entered. Two accounts that share a name are told apart by their address.
    """
    typed = chosen_instead(field)
    meant = accounts_meant(typed, known) if typed else []
    if len(meant) == 1:
        return AccountMeant(meant[0])
    if not typed:
        form.bad(field, empty)
        return AccountMeant()
    if meant:
        form.bad(field, f"{many(len(meant), 'account')} have this name. Choose one.")
        return AccountMeant(candidates=meant)
    similar = similar_names(typed, (account.name for account in known))
    candidates = [account for name in similar for account in known if account.name == name]
    does = (
        "Choose one, or enter another name." if candidates else "Check the spelling, or ask an administrator to add it."
    )
    form.bad(field, f"No account has this name or email address. {does}")
    return AccountMeant(candidates=candidates)
