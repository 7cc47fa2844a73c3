"""The form of a board."""

from __future__ import annotations

from ilacs_app.forms.fields import line, lines
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.people.boards.queries import BoardLine


class BoardForm(VersionedForm):
    name = line("Name of the board")
    other_names = lines("Other names", description="By which plans know it. One on each line")

    @classmethod
    def of(cls, found: BoardLine) -> BoardForm:
        """The form as the board stands."""
        form = cls(formdata=None)
        form.name.data, form.other_names.data = found.name, "\n".join(found.other_names)
        form.version.data = str(found.version)
        return form

    @property
    def others(self) -> list[str]:
        return [name.strip() for name in (self.other_names.data or "").split("\n") if name.strip()]
