"""The form that ticks a stage, or opens it again."""

from __future__ import annotations

from wtforms import HiddenField

from ilacs_app.forms.fields import line
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.text import tidy, whole_number


class StageForm(VersionedForm):
    TELLS = ("stage", "done")
    stage = HiddenField(filters=[tidy])
    done = HiddenField(filters=[tidy])
    reason = line("Why are you reopening it?")

    @property
    def position(self) -> int:
        """The stage's place among the action's, from 0; -1 where none is named."""
        place = whole_number(self.stage.data, 999)
        return -1 if place is None else place
