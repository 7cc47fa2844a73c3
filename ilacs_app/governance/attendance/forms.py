"""The form that says of everyone on the board whether they came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

from flask import request
from wtforms import Field, HiddenField

from ilacs_app.forms.fields import HouseForm, choice, line
from ilacs_app.governance.attendance.commands import AttendanceEntry
from ilacs_app.governance.attendance.queries import Attendee
from ilacs_app.governance.attendance.rules import ATTENDANCE_LABELS, Attended, why_not_attendance
from ilacs_app.text import tidy, whole_number

_NAME = re.compile(r"(attendance|deputy|interest|seen)-[1-9]\d{0,9}", re.ASCII)


@dataclass(frozen=True)
class AttendeeFields:
    """One person with the fields of their row."""

    person: Attendee
    attendance: Field
    deputy: Field
    interest: Field
    seen: Field

    @property
    def typed(self) -> Attended:
        return Attended(self.attendance.data or "", self.deputy.data or "", self.interest.data or "")

    @property
    def seen_version(self) -> int:
        return whole_number((self.seen.data or "").partition(":")[0], 999_999_999) or 0

    @property
    def is_touched(self) -> bool:
        """Whether it says otherwise than when the form was drawn."""
        return (self.seen.data or "").partition(":")[2] != _sum(self.typed)


@dataclass(frozen=True)
class AttendanceConflict:
    """A person of whom someone else recorded something meanwhile: what is recorded now, and what was typed."""

    name: str
    theirs: Attended
    mine: Attended


class AttendanceForm(HouseForm):
    """One row of fields for each person.

    ``seen-<id>`` has the version of a row and a checksum of its texts as they were drawn, so that a row that was left
    as it was does not meet what someone else recorded of it.
    """

    def __init__(self, people: Iterable[Attendee] = (), *, sent: bool = False) -> None:
        if sent:
            super().__init__()
        else:
            super().__init__(formdata=None)
        self.conflicts: list[AttendanceConflict] = []
        self.rows: list[AttendeeFields] = [self._row(person, sent) for person in people]

    def _row(self, person: Attendee, sent: bool) -> AttendeeFields:
        now = person.attended
        fields = {
            "attendance": self._add(f"attendance-{person.person_id}", choice("Attendance", dict(ATTENDANCE_LABELS))),
            "deputy": self._add(f"deputy-{person.person_id}", line("Deputy")),
            "interest": self._add(f"interest-{person.person_id}", line("Interest declared")),
            "seen": self._add(f"seen-{person.person_id}", HiddenField(filters=[tidy])),
        }
        values = {**vars(now), "seen": _seen(person)}
        for name, field in fields.items():
            # a form that was drawn before someone joined the board says nothing of them
            is_sent = sent and field.name in request.form
            field.process(request.form if is_sent else None, values[name])
        return AttendeeFields(person=person, **fields)

    def _add(self, name: str, field: Any) -> Field:
        bound: Field = self.meta.bind_field(self, field, {"name": name, "prefix": ""})
        self._fields[name] = bound
        return bound

    @classmethod
    def drafted(cls) -> list[str]:
        return [name for name in request.form if _NAME.fullmatch(name)]

    @classmethod
    def typed(cls) -> dict[str, str]:
        """Return what this request has of the form, for a draft; nothing if every row is as it was drawn."""
        given = {name: tidy(request.form[name]) for name in cls.drafted()}
        ids = {name.partition("-")[2] for name in given if name.startswith("seen-")}
        touched = any(given[f"seen-{id_}"].partition(":")[2] != _sum(_attended(given, id_)) for id_ in ids)
        return given if touched else {}

    def check(self, on_day: date, today: date) -> bool:
        """Return whether it can be saved, after saying at each wrong field what to enter."""
        complete: bool = self.validate()
        for row in self.rows:
            problem = why_not_attendance(row.typed, on_day, today) if row.is_touched else None
            if problem:
                complete = self.bad(row.attendance, f"{row.person.name}: {problem}")
        return complete

    @property
    def entries(self) -> Sequence[AttendanceEntry]:
        """What is to be recorded: the rows that say otherwise than when the form was drawn."""
        return [
            AttendanceEntry(row.person.person_id, row.typed, row.seen_version) for row in self.rows if row.is_touched
        ]

    def show_current(self, people: Iterable[Attendee]) -> None:
        """Collect the rows in which someone else recorded otherwise; from now on the form is saved over theirs.

        ``people`` are they as they are now. A row that was left as it was drawn shows what is recorded now.
        """
        current = {person.person_id: person for person in people}
        for row in self.rows:
            person = current.get(row.person.person_id, row.person)
            now = person.attended
            if not row.is_touched:
                row.attendance.data, row.deputy.data, row.interest.data = now.attendance, now.deputy, now.interest
                row.seen.data = _seen(person)
            elif row.seen_version != person.version and row.typed != now:
                self.conflicts.append(AttendanceConflict(person.name, now, row.typed))
                row.seen.data = f"{person.version}:{(row.seen.data or '').partition(':')[2]}"


def _attended(given: dict[str, str], id_: str) -> Attended:
    return Attended(
        given.get(f"attendance-{id_}", ""), given.get(f"deputy-{id_}", ""), given.get(f"interest-{id_}", "")
    )


def _seen(person: Attendee) -> str:
    return f"{person.version}:{_sum(person.attended)}"


def _sum(attended: Attended) -> str:
    return f"{crc32(repr((str(attended.attendance), attended.deputy, attended.interest)).encode()):x}"
