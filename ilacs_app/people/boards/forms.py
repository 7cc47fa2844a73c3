"""The board form."""

from __future__ import annotations

from ilacs_app.forms.fields import line, lines
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.people.boards.commands import LARGEST_QUORUM
from ilacs_app.people.boards.queries import BoardLine
from ilacs_app.text import whole_number


class BoardForm(VersionedForm):
    name = line("Board name")
    other_names = lines(
        "Other names used in plans", description="Names that plans use for this board. Put each on a new line"
    )

    quorum = line(
        "Quorum",
        description="How many members must attend before the board can make decisions. Leave empty if it has no quorum",
    )

    @classmethod
    def of(cls, board: BoardLine) -> BoardForm:
        """Return the form filled in from a saved board."""
        form = cls(formdata=None)
        form.name.data, form.other_names.data = board.name, "\n".join(board.other_names)
        form.quorum.data = "" if board.quorum is None else str(board.quorum)
        form.version.data = str(board.version)
        return form

    @property
    def quorum_number(self) -> int | None:
        return whole_number(self.quorum.data, LARGEST_QUORUM)

    def check(self) -> bool:
        """Return whether it can be saved, after saying at a wrong field what to enter."""
        complete: bool = self.validate()
        if self.quorum.data and not self.quorum_number:
            complete = self.bad(self.quorum, f"Enter a number from 1 to {LARGEST_QUORUM}, or leave this empty")
        return complete

    @property
    def others(self) -> list[str]:
        return [name.strip() for name in (self.other_names.data or "").split("\n") if name.strip()]
