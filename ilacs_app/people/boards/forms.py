"""The board form."""

from __future__ import annotations

from ilacs_app.forms.fields import line, lines
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.people.boards.queries import BoardLine


class BoardForm(VersionedForm):
    name = line("Board name")
    other_names = lines(
        "Other names used in plans", description="Names that plans use for this board. Put each on a new line"
    )

    @classmethod
    def of(cls, board: BoardLine) -> BoardForm:
        """Return the form filled in from a saved board."""
        form = cls(formdata=None)
        form.name.data, form.other_names.data = board.name, "\n".join(board.other_names)
        form.version.data = str(board.version)
        return form

    @property
    def others(self) -> list[str]:
        return [name.strip() for name in (self.other_names.data or "").split("\n") if name.strip()]
