"""Who is in the demonstration, and the days on which something happens in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.dates import add_months_end, month_year
from ilacs_app.files.store import EvidenceStore
from ilacs_app.history import Author
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.visibility import actor_of

DOMAIN = "northmoor.example"

PEOPLE: Mapping[str, str] = {
    "lead": "MASH Service Manager",
    "contributor": "Workforce Development Officer",
    "verifier": "Quality Assurance Manager",
    "board_member": "Elected Member for Children",
    "chair": "Director of Children's Services",
    "secretary": "Governance Officer",
    "programme_manager": "Programme Manager",
    "administrator": "Service Administrator",
    "viewer": "Scrutiny Officer",
    "inspector": "Visiting Inspector",
}
LEADS = (
    "Deputy Director",
    "Principal Social Worker",
    "Private Fostering Manager",
    "Head of Quality",
    "Head of Permanence",
    "Head of Corporate Parenting",
    "Care Leavers Manager",
    "Virtual School Head",
    "Public Health Lead",
    "Strategic Housing Lead",
)


def email_of(name: str) -> str:
    return name.lower().replace("'", "").replace(" ", ".") + "@" + DOMAIN


@contextmanager
def at(day: date) -> Iterator[None]:
    """The clock at ``day`` while the past is written."""
    moved = clock.moved_to()
    clock.move_today(day)
    try:
        yield
    finally:
        clock.move_today(moved)


@dataclass(frozen=True)
class Cast:
    """The accounts of the demonstration by name, and its plan. ``rows`` are the actions as they were imported."""

    ids: Mapping[str, int]
    plan_id: int
    dated_on: date
    today: date
    store: EvidenceStore
    rows: Mapping[str, ActionRow]
    writers: Mapping[str, str]
    """Who writes on each action, by its reference: a lead with an account, else the programme manager."""

    def author(self, name: str) -> Author:
        return Author(self.ids[name], name)

    def actor(self, name: str) -> Actor:
        return actor_of(self.ids[name], name, email_of(name), False, clock.today())


def cast_of(ids: Mapping[str, int], plan_id: int, *, dated_on: date, today: date, store: EvidenceStore) -> Cast:
    """Return the cast, on the day that the plan is imported."""

    def rows_for(name: str, ours: Filter) -> list[ActionRow]:
        actor = actor_of(ids[name], name, email_of(name), False, dated_on)
        return list(action_rows(actor, ours, dated_on, size=None))

    manager = PEOPLE["programme_manager"]
    rows = {row.ref: row for row in rows_for(manager, Filter(plan_id=plan_id))}
    writers: dict[str, str] = {}
    for name in (*LEADS, PEOPLE["lead"]):
        acts_as = actor_of(ids[name], name, email_of(name), False, dated_on).acts_as
        for row in rows_for(name, Filter(delivered_by=acts_as)):
            writers.setdefault(row.ref, name)
    return Cast(ids, plan_id, dated_on, today, store, rows, {ref: writers.get(ref, manager) for ref in rows})


def month_end_after(row: ActionRow, months: int) -> str:
    """Return a timescale so many months after the date of an action: ``End March 2027``."""
    return f"End {month_year(add_months_end(row.due_on or clock.today(), months))}"


class Diary:
    """What happens in the demonstration. It is written in the order of its days, so that history is in order too."""

    def __init__(self) -> None:
        self._entries: list[tuple[date, Callable[[], object]]] = []

    def on(self, day: date, happens: Callable[[], object]) -> None:
        """Enter what happens on a day, after what was entered for that day before."""
        self._entries.append((day, happens))

    def live(self) -> None:
        """Do everything, each with the clock at its day."""
        for day, happens in sorted(self._entries, key=lambda entry: entry[0]):
            with at(day):
                happens()


def weekday_until(day: date) -> date:
    """Return this day, or the Friday before it if it is at a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
