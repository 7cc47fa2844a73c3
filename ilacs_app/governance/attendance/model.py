"""Who came to a board's meeting, who sent apologies, and who came as a deputy."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model, one_of

ATTENDANCES = ("", "present", "apologies", "absent")


class MeetingAttendance(Model):
    """What is recorded of one person on the board at one meeting; empty: nothing yet."""

    __tablename__ = "meeting_attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id", name="uq_meeting_attendance_person"),
        CheckConstraint(one_of("attendance", ATTENDANCES), name="attendance"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    attendance: Mapped[str] = mapped_column(Text, default="")
    deputy: Mapped[str] = mapped_column(Text, default="", doc="the name of who came in their place")
    interest: Mapped[str] = mapped_column(Text, default="", doc="what they declared, beside the items they lead or own")
    version: Mapped[int] = mapped_column(default=1)
