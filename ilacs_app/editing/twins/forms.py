"""The form that links repeated actions into one of them, or unlinks one."""

from __future__ import annotations

import re

from ilacs_app.forms.fields import HouseForm, line


class TwinForm(HouseForm):
    keep = line("Which one is kept")
    seen = line("Seen")

    @property
    def chosen_id(self) -> int:
        """The id of the action that was chosen; 0 if none was."""
        given = self.keep.data or ""
        return int(given) if re.fullmatch(r"[0-9]{1,9}", given) else 0

    @property
    def versions(self) -> dict[int, int]:
        """The actions that the form was drawn from, and the version of each: ``12:1 40:3``."""
        pairs = re.findall(r"([0-9]{1,9}):([0-9]{1,9})", self.seen.data or "")
        return {int(id_): int(version) for id_, version in pairs}
