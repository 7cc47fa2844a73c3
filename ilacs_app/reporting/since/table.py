"""What has changed since a board last met, as the rows of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ilacs_app.clock import london_day
from ilacs_app.dates import long_date, short_date
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.since.queries import ChangedAction, ChangedActions, SinceMet
from ilacs_app.governance.since.rules import MetChange
from ilacs_app.plan.lists.rows import People
from ilacs_app.plan.plan_file import FileColumn
from ilacs_app.reporting.export.progress_report import POINTS
from ilacs_app.reporting.export.table import Table, TableLine
from ilacs_app.text import printable

SINCE_COLUMNS = ("What has changed", "Reference", "Action or question", "Owner", "When", "More")
_WHEN: Mapping[str, str] = {MetChange.NEWLY_LATE: "Was due ", MetChange.NO_WORD: "Last update "}


def since_title(board: str, since_met: SinceMet) -> str:
    """Return what the file is called: ``MASH Board: what has changed since you last met, 19 March 2018``."""
    last = f"you last met, {long_date(since_met.met_on)}" if since_met.met_on else long_date(since_met.since)
    return f"{board}: what has changed since {last}"


def since_table(since_met: SinceMet, people: Mapping[int, People], unanswered: Sequence[BoardQuestion]) -> Table:
    """Return a row for each action in each kind of change, then one for each unanswered question.

    A kind without any has one row that says so.
    """
    columns = tuple(FileColumn(heading, None, "exact") for heading in SINCE_COLUMNS)
    rows = [*(row for changed in since_met.changes for row in _of_kind(changed, people)), *_of_questions(unanswered)]
    return Table(columns, tuple(rows), name="Since you last met", points=POINTS)


def _of_kind(changed: ChangedActions, people: Mapping[int, People]) -> Iterator[TableLine]:
    if not changed.actions:
        yield _line(changed.title, "", "None", "", "", "")
    for action in changed.actions:
        ref = f"{action.plan_short} {action.ref}" if action.several else action.ref
        owner = people.get(action.id, People()).labelled_names
        yield _line(changed.title, ref, action.text, owner, _when(changed, action), _more(changed, action))


def _when(changed: ChangedActions, action: ChangedAction) -> str:
    day = london_day(action.at) if action.at else action.on_day
    return f"{_WHEN.get(changed.change, '')}{short_date(day)}"


def _more(changed: ChangedActions, action: ChangedAction) -> str:
    told = [f"New date: {action.due_words}"] if changed.moved_dates else []
    return "\n".join([*told, *([changed.mark_words] if action.marked and changed.mark_words else [])])


def _of_questions(unanswered: Iterable[BoardQuestion]) -> Iterator[TableLine]:
    title, rows = "Questions that are not answered", list(unanswered)
    if not rows:
        yield _line(title, "", "None", "", "", "")
    for question in rows:
        ref = f"{question.plan_short} {question.ref}" if question.several else question.ref
        yield _line(title, ref, question.question, question.owner, f"Answer by {short_date(question.due_on)}", "")


def _line(*cells: str) -> TableLine:
    return TableLine(tuple(printable(cell) for cell in cells), first=True, of=cells[1] or cells[0])
