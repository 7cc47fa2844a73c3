"""The check page: what it shows of a file before the import. Several routes of this room draw it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from flask import Response, request, url_for

from ilacs_app.dates import long_date
from ilacs_app.forms.drafts import take_up_each
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import REFUSED, STALE, author, save_once
from ilacs_app.history import Author
from ilacs_app.intake.checking.file_view import ViewTable, file_view
from ilacs_app.intake.checking.forms import RowForm
from ilacs_app.intake.checking.problem_groups import ProblemGroup, problem_groups
from ilacs_app.intake.imports.forms import ImportForm
from ilacs_app.intake.imports.queries import (
    BoardMatch,
    ImportLine,
    NameMatch,
    answers_before,
    board_matches,
    import_of,
    name_matches,
    reading_of,
)
from ilacs_app.intake.merging.differences import ItemDifference
from ilacs_app.intake.merging.queries import is_draft, plan_differences
from ilacs_app.intake.reader.choices import Choices, Reading, RowChoice, StatusWord
from ilacs_app.intake.reader.status_key import key_word
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.commands import proposed_status
from ilacs_app.plan.parsing.suggestions import suggested_day
from ilacs_app.plan.parsing.timescales import Timing, describe
from ilacs_app.plan.plan_file import FURTHER_HEADINGS, HEADINGS, FileAction, PlanFile
from ilacs_app.plan.rules import STATUS_WORDS
from ilacs_app.text import many, whole_number
from ilacs_app.web import actor, after_saving, fragment, page, wants_fragment

CHANGED_BY_OTHERS = "Someone else changed this import. The page shows it as it is now. Your choice was not saved."
REFRESH = "Refresh the page and try again."
ROWS_ON_PAGE = 60
FIELD_WORDS = {**HEADINGS, **FURTHER_HEADINGS, "number": "Number"}
# Nothing can be verified before it is imported, so a file cannot bring these.
CHOOSABLE = {status: label for status, label in STATUS_WORDS.items() if status not in {"verified", "embedded"}}


@dataclass(frozen=True)
class SeverityMark:
    """How a problem is marked: a word, and the shape of its sign."""

    word: str
    sign: str


SEVERITY = {
    "error": SeverityMark("Error", "cross"),
    "warning": SeverityMark("Warning", "warning"),
    "info": SeverityMark("Note", "info"),
}
YEARS_AROUND = 3


@dataclass(frozen=True)
class FileRow:
    """One action as the file has it and as we read it; ``place`` is its place in the file, from 0."""

    place: int
    action: FileAction
    has_problem: bool
    proposed: str
    """The delivery status in words that its timescale proposes, for a row without one of its own."""

    @property
    def due(self) -> str:
        """Our reading of its timescale in a few words."""
        reading = describe(self.action.timescale).removeprefix("due on ").replace(", the last day of the month", "")
        return reading[:1].upper() + reading[1:]

    @property
    def status(self) -> str:
        """Our reading of its delivery status; empty if we propose one from its timescale."""
        return self.action.status or ""


@dataclass(frozen=True)
class Checked:
    """A file that was read, with the corrections so far."""

    reading: Reading
    choices: Choices
    file: PlanFile
    dated_on: date

    @cached_property
    def rows(self) -> list[FileRow]:
        return [
            FileRow(place, action, place in self._with_problem, STATUS_WORDS[proposed_status(action, self.dated_on)])
            for place, action in enumerate(self.file.actions)
        ]

    @cached_property
    def _with_problem(self) -> set[int]:
        """The places of the actions that have a problem."""
        addresses = {at for problem in self.file.problems for at in (problem.at, problem.at.split(", column ")[0])}
        return {place for place, action in enumerate(self.file.actions) if action.at in addresses}

    def alike(self, place: int) -> list[FileRow]:
        """The other actions whose timescale has the same wording."""
        text = self.rows[place].action.timescale.text
        return [row for row in self.rows if row.place != place and text and row.action.timescale.text == text]

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.file.problems)


def checked(upload: ImportLine) -> Checked:
    """The file of an import as it is now."""
    reading, choices = reading_of(upload.id)
    return Checked(reading, choices, reading.plan(upload.dated_on, choices), upload.dated_on)


@dataclass(frozen=True)
class WordChoice:
    """A status word of the file, its place among them, and the delivery status chosen for it."""

    place: int
    word: StatusWord
    chosen: str


@dataclass(frozen=True)
class RowsPage:
    """One page of the file's actions, those of one kind of problem where ``only`` names it."""

    rows: list[FileRow]
    only: str
    page: int
    pages: int
    opened: int | None
    with_problem: int

    @property
    def query(self) -> str:
        """The part of the address that brings this page back."""
        return f"only={self.only}&page={self.page}" if self.only else f"page={self.page}"


@dataclass(frozen=True)
class LabelledNumber:
    """A number at the top of the page, and what it counts."""

    n: int
    label: str


@dataclass(frozen=True)
class CheckPage:
    """Everything the check page shows of a file. ``sent`` is what a form that could not be saved had chosen."""

    upload: ImportLine
    checked: Checked
    tables: list[ViewTable]
    groups: list[ProblemGroup]
    new_words: list[WordChoice]
    known_words: list[WordChoice]
    boards: list[BoardMatch]
    our_boards: Mapping[str, str]
    names: list[NameMatch]
    actions: RowsPage
    every_row: bool
    years: range
    sent: Mapping[str, str] = field(default_factory=dict)

    @property
    def asks(self) -> str:
        """What has to be chosen before any row can be read; empty if the rows were read."""
        return self.checked.reading.asks

    @property
    def counts(self) -> dict[str, Any]:
        return self.checked.file.counts

    @property
    def can_import(self) -> bool:
        """Whether the button that makes a plan of the file is shown."""
        return not self.asks and not self.upload.plan_id and not self.checked.errors

    @property
    def button(self) -> str:
        counts = self.counts
        return f"Import {many(counts['recommendations'], 'recommendation')} and {many(counts['actions'], 'action')}"

    @property
    def numbers(self) -> list[LabelledNumber]:
        """The numbers at the top of the page, each with its label."""
        counts, columns = self.counts, self.checked.reading.columns
        unknown = sum(column.field is None for column in columns)
        unknown_columns = f", {unknown} kept as extra" if unknown else ""
        dates = counts["dated"] + counts["window"]
        return [
            LabelledNumber(counts["recommendations"], _named(counts["recommendations"], "recommendation")),
            LabelledNumber(counts["actions"], _named(counts["actions"], "action")),
            LabelledNumber(dates, _named(dates, "date") + " understood"),
            LabelledNumber(counts["ongoing"], "ongoing, no due date"),
            LabelledNumber(counts["not_understood"] + counts["none"], "without a clear date"),
            LabelledNumber(len(columns), _named(len(columns), "column") + unknown_columns),
        ]

    @property
    def year_options(self) -> dict[str, str]:
        """The years that can be given to dates without one, as choices."""
        return {str(year): str(year) for year in self.years}

    def chosen(self, name: str, now: str) -> str:
        """Return what a choice shows: what was sent and not saved, else what it is now."""
        return self.sent.get(name, now)


def _named(n: int, noun: str) -> str:
    return noun if n == 1 else f"{noun}s"


def check_page(upload: ImportLine, now: Checked, sent: Mapping[str, str] | None = None) -> CheckPage:
    """Return what the check page shows of a file; ``?only=``, ``?page=``, ``?row=`` and ``?rows=all`` select it."""
    before = answers_before(upload.id)
    groups = problem_groups(now.file.problems, now.file.actions, upload.dated_on)
    choices = [
        WordChoice(place, word, now.choices.statuses.get(key_word(word.word), word.status))
        for place, word in enumerate(now.reading.status_words())
    ]
    known = [choice for choice in choices if before.statuses.get(key_word(choice.word.word)) == choice.chosen != ""]
    every_row = request.args.get("rows") == "all"
    return CheckPage(
        upload=upload,
        checked=now,
        tables=file_view(now.reading, before=before.columns, every_row=every_row),
        groups=groups,
        new_words=[choice for choice in choices if choice not in known],
        known_words=known,
        boards=board_matches(now.reading.board_names()),
        our_boards={board.name: board.name for board in boards()},
        names=name_matches(now.file.recommendations),
        actions=_rows_page(now, groups),
        every_row=every_row,
        years=range(upload.dated_on.year - YEARS_AROUND, upload.dated_on.year + YEARS_AROUND + 1),
        sent=sent or {},
    )


def _rows_page(now: Checked, groups: list[ProblemGroup]) -> RowsPage:
    only = request.args.get("only", "")
    chosen = {place for group in groups if group.kind == only for place in group.actions}
    only = only if chosen or only == "asked" else ""
    rows = [row for row in now.rows if not only or row.place in chosen or (only == "asked" and row.has_problem)]
    pages = max(1, -(-len(rows) // ROWS_ON_PAGE))
    opened = _number("row")
    at = next((n for n, row in enumerate(rows) if row.place == opened), None)
    number = at // ROWS_ON_PAGE + 1 if at is not None else min(max(1, _number("page") or 1), pages)
    return RowsPage(
        rows[(number - 1) * ROWS_ON_PAGE : number * ROWS_ON_PAGE],
        only,
        number,
        pages,
        opened if at is not None else None,
        sum(row.has_problem for row in now.rows),
    )


def _number(name: str) -> int | None:
    return whole_number(request.args.get(name), 999_999)


CHANGE_WORDS = {
    "added": "New in the file",
    "removed": "No longer in the file",
    "file": "Changed in the file",
    "here": "Changed here",
    "both": "Changed in both",
}


@dataclass(frozen=True)
class DifferencesPage:
    """How the file differs from its plan; ``whose`` is the choice of each, by its key.

    In a ``draft`` a timescale is text like any other.
    """

    to_decide: list[ItemDifference]
    ours_only: list[ItemDifference]
    counts: Mapping[str, int]
    whose: Mapping[str, str]
    draft: bool


def differences_page(upload: ImportLine, chosen: Mapping[str, str]) -> DifferencesPage:
    """Return how the file differs from its plan; ``chosen`` are answers that could not be saved yet."""
    every = plan_differences(upload.plan_id or 0, upload.id)
    times = Counter(difference.change.value for difference in every)
    return DifferencesPage(
        [difference for difference in every if difference.asks],
        [difference for difference in every if not difference.asks],
        {label: times[change] for change, label in CHANGE_WORDS.items() if times[change]},
        {difference.key: chosen.get(difference.key) or difference.proposed for difference in every},
        is_draft(upload.plan_id or 0),
    )


def place_of(difference: ItemDifference) -> str:
    """Return what a difference is about, in words."""
    item = difference.ref or f"recommendation {difference.number}"
    return f"{item}, {FIELD_WORDS[difference.name].lower()}" if difference.name else item


@dataclass(frozen=True)
class RowToCorrect:
    """The form of the row that is open, its draft if this person left one, and how many rows say the same."""

    form: RowForm
    alike: int
    draft: KeptDraft | None = None


def shown(
    upload: ImportLine,
    *,
    status: int = 200,
    says: str = "",
    chosen: Mapping[str, str] | None = None,
    sent: Mapping[str, str] | None = None,
) -> Response:
    """The page of an import as it is: to be read, to be checked, or what became of it."""
    if upload.state != "read":
        return page("intake/imports/state.html", status=status, upload=upload, says=says, has_errors=bool(says))
    now = checked(upload)
    check = check_page(upload, now, sent)
    return drawn(check, _open_row(check), status=status, says=says, chosen=chosen)


def drawn(
    check: CheckPage,
    row: RowToCorrect | None,
    *,
    status: int = 200,
    says: str = "",
    saved: str = "",
    chosen: Mapping[str, str] | None = None,
) -> Response:
    """The check page, or for htmx the part of it below the heading; ``saved`` goes to the status region."""
    merges = check.upload.plan_id and not check.asks
    context: dict[str, Any] = {
        "check": check,
        "row": row,
        "says": says,
        "differences": differences_page(check.upload, chosen or {}) if merges else None,
        "fields": FIELD_WORDS,
        "statuses": CHOOSABLE,
        "severity": SEVERITY,
        "change_words": CHANGE_WORDS,
        "place_of": place_of,
    }
    if wants_fragment():
        return fragment("intake/checking/_check.html", status=status, said=saved, **context)
    errors = bool(says or (row and row.form.errors))
    return page("intake/checking/check.html", status=status, has_errors=errors, **context)


def _open_row(check: CheckPage) -> RowToCorrect | None:
    """The form of the row that is open, as it is read or as this person left it."""
    opened = check.actions.opened
    if opened is None or check.upload.plan_id:  # the rows of a newer file are corrected in the file
        return None
    form = RowForm(formdata=None)
    row = check.checked.rows[opened]
    given = check.checked.choices.rows.get(row.action.at, RowChoice())
    form.due.data, form.status.data = given.due, given.status or row.status
    _offer_a_date(form, check, opened)
    alike = len(check.checked.alike(opened))
    form.same.data = bool(alike)
    address = url_for("check.correct_row", import_id=check.upload.id, place=opened)
    return RowToCorrect(form, alike, take_up_each(row=(form, address)).get("row"))


def _offer_a_date(form: RowForm, check: CheckPage, place: int) -> None:
    """Say at the date what loose words may mean; it is never filled in, so that no one saves it unseen."""
    timescale = check.checked.rows[place].action.timescale
    unclear = timescale.kind is Timing.NOT_UNDERSTOOD
    offered = suggested_day(timescale.text, check.checked.dated_on) if unclear else None
    if offered:
        form.due.description = f"“{timescale.text}” may mean {long_date(offered.day)} ({offered.because})"


def with_open_row(check: CheckPage, form: RowForm, place: int) -> tuple[CheckPage, RowToCorrect]:
    """The page with this form open in its row, whichever rows the page shows otherwise."""
    _offer_a_date(form, check, place)
    rows = check.actions.rows
    if not any(row.place == place for row in rows):
        rows = [check.checked.rows[place], *rows]
    check = replace(check, actions=replace(check.actions, rows=rows, opened=place))
    return check, RowToCorrect(form, len(check.checked.alike(place)))


def save_import(
    upload: ImportLine,
    form: ImportForm,
    message: str,
    write: Callable[[Author, int], object],
    *,
    to: str = "",
    sent: Mapping[str, str] | None = None,
) -> Response:
    """Save once from the version that was seen, and go on; else the page again with the reason."""
    if not form.validate() or form.seen_version is None:
        return shown(upload, status=REFUSED, says=REFRESH, sent=sent)
    by, seen = author(), form.seen_version

    def save() -> None:
        import_of(actor(), upload.id)  # with this person's current roles
        write(by, seen)

    status = save_once(form, message, save)
    if status == REFUSED:
        return shown(upload, status=status, says=" ".join(map(str, form.form_errors)), sent=sent)
    if status == STALE:
        return shown(import_of(actor(), upload.id), status=status, says=CHANGED_BY_OTHERS, sent=sent)
    return saved_import(upload, message, to)


def saved_import(upload: ImportLine, message: str, to: str = "") -> Response:
    """Go on after saving: htmx gets the check page as it is now, a plain browser another address."""
    if wants_fragment() and not to:
        now = import_of(actor(), upload.id)
        check = check_page(now, checked(now))
        return drawn(check, _open_row(check), saved=message)
    return after_saving(message, to or url_for("intake.import_page", import_id=upload.id))
