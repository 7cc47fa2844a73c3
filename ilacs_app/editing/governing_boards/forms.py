"""The form in which chosen recommendations get another board."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Field, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.bulk.forms import ChoosingForm
from ilacs_app.editing.governing_boards.rules import BoardChange, BoardsChange
from ilacs_app.forms.fields import choices_from
from ilacs_app.people.boards.queries import BoardName

HOW = {
    BoardsChange.ADD: "Add this board",
    BoardsChange.LEAD: "Make this board the lead board",
    BoardsChange.REPLACE: "Replace a board",
    BoardsChange.REMOVE: "Remove this board",
}


class GoverningForm(ChoosingForm):
    how = RadioField("What to do", choices=choices_from(HOW), validate_choice=False)
    board = SelectField("Board", validate_choice=False, choices=[])
    instead = SelectField(
        "Board to replace", description="Only if you are replacing a board", validate_choice=False, choices=[]
    )

    @classmethod
    def of(cls, boards: Sequence[BoardName], *, sent: bool = True) -> GoverningForm:
        """The form with the boards to choose from, as it was sent or empty."""
        form = cls() if sent else cls(formdata=None)
        offered = [SelectChoice("", "Choose"), *(SelectChoice(str(board.id), board.name) for board in boards)]
        form.board.choices, form.instead.choices = offered, offered
        return form

    def ready(self, chosen: list[Chosen]) -> BoardChange | None:
        """The change, if it can be looked at or saved; or None after adding an error for what is missing."""
        held = bool(self.validate())
        how = next((known for known in BoardsChange if known == self.how.data), None)
        if how is None:
            held = self.bad(self.how, "Select what to do")
        board, instead = _chosen_of(self.board), _chosen_of(self.instead)
        if board is None:
            held = self.bad(self.board, "Select a board")
        if how == BoardsChange.REPLACE and instead is None:
            held = self.bad(self.instead, "Select the board to replace")
        if how == BoardsChange.REPLACE and instead is not None and instead == board:
            held = self.bad(self.instead, "Select a different board to replace")
        if not self.any_of(chosen) or not held or how is None or board is None:
            return None
        return BoardChange(how, board, instead if how == BoardsChange.REPLACE else None)

    def says(self, change: BoardChange) -> str:
        """The change in words, such as ``MASH Board replaces Quality Board``."""
        named = {str(choice.value): str(choice.label) for choice in self.board.choices}
        board = named[str(change.board_id)]
        match change.how:
            case BoardsChange.ADD:
                return f"{board} added"
            case BoardsChange.LEAD:
                return f"{board} leads"
            case BoardsChange.REMOVE:
                return f"{board} removed"
            case BoardsChange.REPLACE:
                return f"{board} replaces {named[str(change.instead_of)]}"


def _chosen_of(field: Field) -> int | None:
    return next((int(choice.value) for choice in field.choices if choice.value and choice.value == field.data), None)
