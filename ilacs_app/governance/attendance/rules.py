"""The pure rules of attendance: what can be recorded of a member, and whether a board has its quorum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Attendance(StrEnum):
    """Whether someone came to a meeting."""

    NOT_RECORDED = ""
    PRESENT = "present"
    APOLOGIES = "apologies"
    ABSENT = "absent"


ATTENDANCE_LABELS: Mapping[str, str] = {
    Attendance.NOT_RECORDED: "Not recorded",
    Attendance.PRESENT: "Present",
    Attendance.APOLOGIES: "Apologies",
    Attendance.ABSENT: "Absent",
}


@dataclass(frozen=True)
class Attended:
    """What is recorded of one person at a meeting. ``deputy`` is the name of who came in their place."""

    attendance: str = Attendance.NOT_RECORDED
    deputy: str = ""
    interest: str = ""

    @property
    def label(self) -> str:
        """``Apologies, deputy: Head of Fostering``."""
        label = ATTENDANCE_LABELS[self.attendance]
        return f"{label}, deputy: {self.deputy}" if self.deputy else label

    @property
    def fills_a_seat(self) -> bool:
        """Whether the person or a deputy was there."""
        return self.attendance == Attendance.PRESENT or bool(self.deputy and self.attendance)


def why_not_attendance(attended: Attended, on_day: date, today: date) -> str | None:
    """Return why this cannot be recorded of a meeting on ``on_day``; None if it can."""
    if attended.attendance not in ATTENDANCE_LABELS:
        return "Select whether they are present, absent or have sent apologies."
    if attended.deputy and attended.attendance not in {Attendance.APOLOGIES, Attendance.ABSENT}:
        return "Select apologies or absent to record a deputy, or clear the deputy’s name."
    if attended.attendance in {Attendance.PRESENT, Attendance.ABSENT} and on_day > today:
        return "You can record this from the day of the meeting. Before then, you can record apologies."
    return None


@dataclass(frozen=True)
class Quorum:
    """How many members a board needs, and how many of them came or sent a deputy.

    ``needed``: None where the board has no quorum. ``recorded``: whether anyone's attendance is recorded.
    """

    needed: int | None
    filled: int
    recorded: bool

    @property
    def is_met(self) -> bool:
        return self.needed is None or self.filled >= self.needed

    @property
    def sentence(self) -> str:
        if self.needed is None:
            return "No quorum is set for this board."
        count = f"The quorum is {self.needed}. {self.filled} {'member' if self.filled == 1 else 'members'} attended"
        if not self.recorded:
            return f"The quorum is {self.needed}. Attendance is not recorded yet."
        if self.is_met:
            return f"{count}, so the board can make decisions."
        return f"{count}, so the board can discuss items but cannot make decisions."


def quorum_of(needed: int | None, members: Iterable[Attended]) -> Quorum:
    """Return whether a meeting has its quorum. Apologies sent before it, with a deputy or without, record nothing yet.

    ``members`` are the chair and the members, without the secretary. A deputy counts as the member they came for.
    """
    attended = list(members)
    came = any(each.attendance in {Attendance.PRESENT, Attendance.ABSENT} for each in attended)
    is_recorded = came or (bool(attended) and all(each.attendance for each in attended))
    return Quorum(needed, sum(each.fills_a_seat for each in attended), recorded=is_recorded)
