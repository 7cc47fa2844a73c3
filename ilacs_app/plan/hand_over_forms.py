"""The forms in which chosen items get another name or another board: first a preview, then saved."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import request
from wtforms import Field, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from ..forms import HouseForm, line
from ..people.queries import BoardName
from .governing_rules import BoardChange, How
from .versions import Chosen

MOST_ITEMS = 2000
_ITEM = re.compile(r"(lead|owner|contributor|board)-([1-9][0-9]{0,8})-([1-9][0-9]{0,8})")


class ChoosingForm(HouseForm):
    """A form of items to tick."""

    TELLS = ("item",)

    def chosen(self, left: str | None = None) -> list[Chosen]:
        """The items that were ticked, each as it was seen: in this request, or in a draft that was ``left``."""
        ticked = request.form.getlist("item") if left is None else left.split("\n")
        found = (_ITEM.fullmatch(given) for given in ticked[:MOST_ITEMS])
        return sorted({Chosen(one[1], int(one[2]), int(one[3])) for one in found if one})

    def any_of(self, chosen: list[Chosen]) -> bool:
        """Whether anything was chosen; says so above where nothing was."""
        if not chosen:
            self.form_errors.append("Choose at least one item.")
        return bool(chosen)


class HandOverForm(ChoosingForm):
    to = line("Give the chosen items to", description="The full name of a person or a team, as the plan is to say it")

    @property
    def name(self) -> str:
        """The name that was given, without spaces too many."""
        return " ".join((self.to.data or "").split())

    def ready(self, chosen: list[Chosen]) -> bool:
        """Whether it can be looked at or saved; says at the name or above what is missing."""
        held = bool(self.validate())
        if not self.name:
            held = self.bad(self.to, "Write the name that these items go to.")
        return self.any_of(chosen) and held


HOW = {
    How.ADD: "Add this board",
    How.LEAD: "Make this board the lead board",
    How.REPLACE: "Put this board in the place of another",
    How.REMOVE: "Take this board away",
}


class GoverningForm(ChoosingForm):
    how = RadioField("What to do", choices=[SelectChoice(*one) for one in HOW.items()], validate_choice=False)
    board = SelectField("Board", validate_choice=False, choices=[])
    instead = SelectField(
        "In the place of", description="Only where it takes the place of another", validate_choice=False, choices=[]
    )

    @classmethod
    def of(cls, boards: Sequence[BoardName], *, sent: bool = True) -> GoverningForm:
        """The form with the boards to choose from, as it was sent or empty."""
        form = cls() if sent else cls(formdata=None)
        offered = [SelectChoice("", "Choose"), *(SelectChoice(str(one.id), one.name) for one in boards)]
        form.board.choices, form.instead.choices = offered, offered
        return form

    def ready(self, chosen: list[Chosen]) -> BoardChange | None:
        """The change, if it can be looked at or saved; else says at each field or above what is missing."""
        held = bool(self.validate())
        how = next((one for one in How if one == self.how.data), None)
        if how is None:
            held = self.bad(self.how, "Choose what to do.")
        board, instead = _chosen_of(self.board), _chosen_of(self.instead)
        if board is None:
            held = self.bad(self.board, "Choose a board.")
        if how == How.REPLACE and instead is None:
            held = self.bad(self.instead, "Choose the board whose place it takes.")
        if how == How.REPLACE and instead is not None and instead == board:
            held = self.bad(self.instead, "Choose another board than the one that takes its place.")
        if not self.any_of(chosen) or not held or how is None or board is None:
            return None
        return BoardChange(how, board, instead if how == How.REPLACE else None)

    def says(self, change: BoardChange) -> str:
        """The change in words, such as ``MASH Board in the place of Quality Board``."""
        named = {str(one.value): str(one.label) for one in self.board.choices}
        board = named[str(change.board_id)]
        match change.how:
            case How.ADD:
                return f"{board} added"
            case How.LEAD:
                return f"{board} leads"
            case How.REMOVE:
                return f"{board} taken away"
            case How.REPLACE:
                return f"{board} in the place of {named[str(change.instead_of)]}"


def _chosen_of(field: Field) -> int | None:
    return next((int(one.value) for one in field.choices if one.value and one.value == field.data), None)
