"""The form that creates a calendar link."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app.forms.fields import HouseForm
from ilacs_app.people.boards.queries import BoardName


class AddressForm(HouseForm):
    board = SelectField("Which dates?", validate_choice=False, choices=[])

    @classmethod
    def of(cls, known: Sequence[BoardName]) -> AddressForm:
        """Return the form with these boards to choose from."""
        form = cls()
        form.board.choices = [
            SelectChoice("", "My actions, and their boards’ meetings"),
            *(SelectChoice(board.slug, board.name) for board in known),
        ]
        return form
