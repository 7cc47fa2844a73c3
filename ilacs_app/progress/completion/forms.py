"""The form that confirms the month of completion."""

from __future__ import annotations

from datetime import date

from ilacs_app.forms.fields import line
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.plan.parsing.days import read_month


class MonthForm(VersionedForm):
    month = line("Month it was completed", description="For example, April 2026")

    @property
    def completed_in(self) -> date | None:
        """The first day of the month entered; None if it is no month."""
        return read_month(self.month.data)

    def check(self) -> bool:
        """Return whether the form holds a month, after adding an error to the field if not."""
        valid = bool(self.validate()) and self.check_version(self.month)
        if self.completed_in is None:
            valid = self.bad(self.month, "Enter a month and a year, like April 2026.")
        return valid
