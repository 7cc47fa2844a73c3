"""The form that keeps a list's filter under a name."""

from __future__ import annotations

from wtforms import HiddenField

from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.text import tidy

LONGEST_ADDRESS = 2000


class KeepForm(HouseForm):
    ABOUT = ("address",)
    name = line("Name of this filter", description="Such as Overdue at the MASH Board")
    address = HiddenField(filters=[tidy])

    def ready(self) -> bool:
        """Whether it can be kept; says at the name what is missing."""
        held = bool(self.validate())
        if not self.name.data:
            held = self.bad(self.name, "Write a name for this filter.")
        return held
