"""The forms that change an agenda."""

from __future__ import annotations

from wtforms import HiddenField

from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.governance.agenda.rules import AgendaChange
from ilacs_app.text import tidy


class AgendaForm(HouseForm):
    """The buttons of one item: ``key`` names it, ``change`` is a value of ``AgendaChange``."""

    key = HiddenField(filters=[tidy])
    change = HiddenField(filters=[tidy])

    @property
    def wanted(self) -> AgendaChange | None:
        return AgendaChange(self.change.data) if self.change.data in set(AgendaChange) else None


class DeepDiveForm(HouseForm):
    about = line("Add a deep dive", description="The number of an action or recommendation. For example, 5.3")
