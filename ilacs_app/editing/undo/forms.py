"""The form that undoes a change."""

from __future__ import annotations

from wtforms import HiddenField

from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.text import tidy, whole_number
from ilacs_app.web import LARGEST_ID


class UndoForm(VersionedForm):
    event = HiddenField(filters=[tidy])

    @property
    def event_id(self) -> int | None:
        """The id of the line of history that is to be undone, if one was given."""
        return whole_number(self.event.data, LARGEST_ID)
