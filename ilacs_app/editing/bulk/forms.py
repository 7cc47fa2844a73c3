"""The form in which several items are chosen."""

from __future__ import annotations

import re

from flask import request

from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.forms.fields import HouseForm

MOST_ITEMS = 2000
_ITEM = re.compile(r"(lead|owner|contributor|board)-([1-9][0-9]{0,8})-([1-9][0-9]{0,8})")


class ChoosingForm(HouseForm):
    """A form of items to tick."""

    TELLS = ("item",)

    def chosen(self, left: str | None = None) -> list[Chosen]:
        """The items that were ticked, each as it was seen: in this request, or in a draft that was ``left``."""
        ticked = request.form.getlist("item") if left is None else left.split("\n")
        matches = (_ITEM.fullmatch(given) for given in ticked[:MOST_ITEMS])
        return sorted({Chosen(match[1], int(match[2]), int(match[3])) for match in matches if match})

    def any_of(self, chosen: list[Chosen]) -> bool:
        """Return whether anything was chosen, after adding an error to the form if not."""
        if not chosen:
            self.form_errors.append("Select at least one")
        return bool(chosen)
