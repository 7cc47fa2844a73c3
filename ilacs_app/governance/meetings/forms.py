"""The forms that set, change and cancel a meeting."""

from __future__ import annotations

from datetime import date

from ilacs_app.dates import long_date, read_time
from ilacs_app.forms.fields import line
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.governance.meetings.queries import MeetingLine
from ilacs_app.plan.parsing.days import read_day


class MeetingForm(VersionedForm):
    on_day = line("Day", description="Such as 21 May 2026")
    at_time = line("Time", description="Such as 2pm, if it is known")
    place = line("Place", description="A room, or “online”")

    def shown(self, meeting: MeetingLine) -> MeetingForm:
        """The form as the meeting stands."""
        self.on_day.data, self.at_time.data, self.place.data = long_date(meeting.on_day), meeting.time, meeting.place
        self.version.data = str(meeting.version)
        return self

    @property
    def on(self) -> date | None:
        return read_day(self.on_day.data)

    @property
    def time(self) -> str:
        """``14:00``, or nothing."""
        return (read_time(self.at_time.data) or "") if self.at_time.data else ""

    def check(self) -> bool:
        """Whether it can be saved; says what to write at each field that is wrong."""
        good: bool = self.validate()
        if self.on is None:
            good = self.bad(self.on_day, "Write a day that exists, such as 21 May 2026.")
        if self.at_time.data and read_time(self.at_time.data) is None:
            good = self.bad(self.at_time, "Write a time of day, such as 2pm or 14:00, or leave it empty.")
        return good


class CancelForm(VersionedForm):
    reason = line("Why it is cancelled")
