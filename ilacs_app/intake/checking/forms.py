"""The form that corrects a row of a plan file."""

from __future__ import annotations

from datetime import date

from wtforms import BooleanField, SelectField

from ilacs_app.forms.fields import line
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.intake.reader.choices import RowChoice
from ilacs_app.plan.parsing.timescales import Timing, read_timescale


class RowForm(VersionedForm):
    due = line("When it is due", description="For example, 30 April 2026, End April 2026 or Ongoing")
    same = BooleanField("Use this date for every action with the same wording")
    status = SelectField("Delivery status", validate_choice=False, choices=[])

    def check(self, dated_on: date, statuses: set[str]) -> bool:
        """Say at each field what is wrong; return whether nothing is."""
        valid: bool = self.validate()
        if self.due.data and read_timescale(self.due.data, dated_on).kind in {
            Timing.NOT_UNDERSTOOD,
            Timing.NONE,
        }:
            valid = self.bad(self.due, "Enter a real date, like 30 April 2026")
        if self.status.data and self.status.data not in statuses:
            valid = self.bad(self.status, "Select a delivery status from the list")
        return valid

    @property
    def choice(self) -> RowChoice:
        return RowChoice(self.due.data or "", self.status.data or "")
