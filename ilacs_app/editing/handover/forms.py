"""The form in which chosen items get another name: first a preview, then saved."""

from __future__ import annotations

from flask import request

from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.bulk.forms import ChoosingForm
from ilacs_app.forms.fields import line
from ilacs_app.text import whole_number
from ilacs_app.web import LARGEST_ID


class HandOverForm(ChoosingForm):
    to = line("Reassign to", description="Full name of a person or team, as it should appear in the plan")

    @property
    def name(self) -> str:
        """The name that was given, or the one chosen instead of it, without spaces too many."""
        return " ".join((request.form.get("instead") or self.to.data or "").split())

    @property
    def account_id(self) -> int | None:
        """The id of the account that was chosen of those that share the name."""
        return whole_number(request.form.get("account"), LARGEST_ID)

    def ready(self, chosen: list[Chosen]) -> bool:
        """Return whether it can be looked at or saved; adds an error for what is missing."""
        held = bool(self.validate())
        if not self.name:
            held = self.bad(self.to, "Enter the name to reassign to")
        return self.any_of(chosen) and held
