"""The form in which chosen items get another name: first a preview, then saved."""

from __future__ import annotations

import re

from flask import request

from ..forms import HouseForm, line
from .hand_over_commands import Chosen

MOST_ITEMS = 2000
_ITEM = re.compile(r"(lead|owner|contributor)-([1-9][0-9]{0,8})-([1-9][0-9]{0,8})")


class HandOverForm(HouseForm):
    to = line("Give the chosen items to", description="The full name of a person or a team, as the plan is to say it")

    @property
    def name(self) -> str:
        """The name that was given, without spaces too many."""
        return " ".join((self.to.data or "").split())

    def chosen(self) -> list[Chosen]:
        """The items that were ticked, each as it was seen."""
        found = (_ITEM.fullmatch(given) for given in request.form.getlist("item")[:MOST_ITEMS])
        return sorted({Chosen(one[1], int(one[2]), int(one[3])) for one in found if one})

    def ready(self, chosen: list[Chosen]) -> bool:
        """Whether it can be looked at or saved; says at the name or above what is missing."""
        held = bool(self.validate())
        if not self.name:
            held = self.bad(self.to, "Write the name that these items go to.")
        if not chosen:
            self.form_errors.append("Choose at least one item.")
            held = False
        return held
