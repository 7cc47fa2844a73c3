"""The form that ticks a stage, or opens it again."""

from __future__ import annotations

from wtforms import HiddenField

from ..forms import VersionedForm, line, tidy


class StageForm(VersionedForm):
    TELLS = ("stage", "done")
    stage = HiddenField(filters=[tidy])
    done = HiddenField(filters=[tidy])
    reason = line("Why it is open again")

    @property
    def position(self) -> int:
        """The stage's place among the action's, from 0; -1 where none is named."""
        given = self.stage.data or ""
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else -1
