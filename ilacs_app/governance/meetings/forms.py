"""The forms that set, change and cancel a meeting."""

from __future__ import annotations

from datetime import date

from ilacs_app.dates import long_date, read_time
from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.governance.meetings.queries import MeetingLine
from ilacs_app.plan.parsing.days import read_day


class MeetingForm(VersionedForm):
    on_day = line("Day", description="For example, 21 May 2027")
    at_time = line("Time", description="For example, 2pm. You can add it later")
    place = line("Place", description="For example, Committee Room 2, or online")

    def shown(self, meeting: MeetingLine) -> MeetingForm:
        """Fill the form with the meeting as it is now."""
        self.on_day.data, self.at_time.data, self.place.data = long_date(meeting.on_day), meeting.time, meeting.place
        self.version.data = str(meeting.version)
        return self

    @property
    def on(self) -> date | None:
        return read_day(self.on_day.data)

    @property
    def time(self) -> str:
        """The time as ``14:00``; empty if none was given or it cannot be read."""
        return (read_time(self.at_time.data) or "") if self.at_time.data else ""

    def check(self) -> bool:
        """Return whether it can be saved, after saying at each wrong field what to enter."""
        complete: bool = self.validate()
        if self.on is None:
            complete = self.bad(self.on_day, "Enter a real date, like 21 May 2027")
        if self.at_time.data and read_time(self.at_time.data) is None:
            complete = self.bad(self.at_time, "Enter a time, like 2pm or 14:00, or leave this empty")
        return complete


class BeginForm(HouseForm):
    """The button that begins a meeting."""


class CancelForm(VersionedForm):
    reason = line("Why is it cancelled?")
