"""The form that saves a filtered list under a name."""

from __future__ import annotations

from wtforms import HiddenField

from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.text import tidy

LONGEST_ADDRESS = 2000


class KeepForm(HouseForm):
    ABOUT = ("address",)
    name = line("Name", description="For example, Overdue at the MASH Board")
    address = HiddenField(filters=[tidy])

    def ready(self) -> bool:
        """Return whether it can be saved, after saying at the name what is missing."""
        complete = bool(self.validate())
        if not self.name.data:
            complete = self.bad(self.name, "Enter a name for this view")
        return complete
