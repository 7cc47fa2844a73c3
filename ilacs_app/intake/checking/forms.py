"""The form in which a row of a plan file is corrected."""

from __future__ import annotations

from datetime import date

from wtforms import SelectField

from ilacs_app.forms.fields import line
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.intake.reader.choices import RowChoice
from ilacs_app.plan.parsing.timescales import Kind, read_timescale


class RowForm(VersionedForm):
    due = line("When it is due", description="Such as 30 April 2026, End April 2026 or Ongoing")
    status = SelectField("Delivery status", validate_choice=False, choices=[])

    def check(self, dated_on: date, statuses: set[str]) -> bool:
        """Whether this says how to read the row; says what to do at each field that is wrong."""
        good: bool = self.validate()
        if self.due.data and read_timescale(self.due.data, dated_on).kind in {Kind.NOT_UNDERSTOOD, Kind.NONE}:
            good = self.bad(self.due, "We read no date in these words. Write a day that exists, such as 30 April 2026.")
        if self.status.data and self.status.data not in statuses:
            good = self.bad(self.status, "Choose one of the delivery statuses.")
        return good

    @property
    def choice(self) -> RowChoice:
        return RowChoice(self.due.data or "", self.status.data or "")
