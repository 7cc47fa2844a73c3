"""What the page shows on which a file is checked before it is imported. A top-layer file beside ``routes``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Response, request, url_for

from ilacs_app.forms.drafts import take_up_each
from ilacs_app.forms.saving import REFUSED, STALE, author, save_once
from ilacs_app.history import Author
from ilacs_app.intake.checking.forms import RowForm
from ilacs_app.intake.imports.forms import ImportForm
from ilacs_app.intake.imports.queries import ImportLine, board_matches, import_of, name_matches, reading_of
from ilacs_app.intake.merging.differences import Difference
from ilacs_app.intake.merging.queries import is_draft, plan_differences
from ilacs_app.intake.reader.choices import Choices, Reading, RowChoice, word_of
from ilacs_app.intake.reader.status_key import key_word
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.parsing.timescales import describe
from ilacs_app.plan.plan_file import FURTHER_HEADINGS, HEADINGS, FileAction, FileProblem, PlanFile
from ilacs_app.plan.rules import STATUS_WORDS
from ilacs_app.text import whole_number
from ilacs_app.web import actor, after_saving, page

MEANWHILE = "Somebody else changed this import meanwhile. It stands below as it is now; your choice was not saved."
ROWS_ON_PAGE, PROBLEMS_SHOWN = 60, 30
FIELD_WORDS = {**HEADINGS, **FURTHER_HEADINGS, "number": "Number"}
# Nobody can say before an import that something was tested, so a file cannot bring these.
CHOOSABLE = {status: words for status, words in STATUS_WORDS.items() if status not in {"verified", "embedded"}}
SEVERITY = {"error": ("To put right", "cross"), "warning": ("Warning", "warning"), "info": ("To know", "info")}


@dataclass(frozen=True)
class FileRow:
    """One action as the file has it and as we read it; ``place`` is its place in the file, from 0."""

    place: int
    action: FileAction
    asked: bool

    @property
    def due(self) -> str:
        """Our reading of its timescale in a few words."""
        words = describe(self.action.timescale).removeprefix("due on ").replace(", the last day of the month", "")
        return words[:1].upper() + words[1:]

    @property
    def status(self) -> str:
        """Our reading of its delivery status, "" where we propose one from its timescale."""
        return self.action.status or ""


@dataclass(frozen=True)
class Checked:
    """A file that was read, with the corrections so far."""

    reading: Reading
    choices: Choices
    file: PlanFile

    @cached_property
    def rows(self) -> list[FileRow]:
        asked = self.asked
        return [FileRow(place, one, one.at in asked) for place, one in enumerate(self.file.actions)]

    @cached_property
    def asked(self) -> set[str]:
        """The addresses of the rows that have a problem."""
        return {address for problem in self.file.problems for address in (problem.at, problem.at.split(", column ")[0])}

    def problem_row(self, problem: FileProblem) -> int | None:
        """The place of the action that a problem is about, if it is about one."""
        return self._places.get(problem.at, self._places.get(problem.at.split(", column ")[0]))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {one.at: place for place, one in enumerate(self.file.actions)}

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.file.problems)


def checked(found: ImportLine) -> Checked:
    """The file of an import as it now stands."""
    reading, choices = reading_of(found.id)
    return Checked(reading, choices, reading.plan(found.dated_on, choices))


def check_page(found: ImportLine, now: Checked) -> dict[str, Any]:
    """What the check page shows of a file; ``?only=asked``, ``?page=``, ``?row=`` and ``?all=`` choose what of it."""
    only = request.args.get("only") == "asked"
    every = [row for row in now.rows if row.asked or not only]
    pages = max(1, -(-len(every) // ROWS_ON_PAGE))
    opened = _number("row")
    at = next((place for place, row in enumerate(every) if row.place == opened), None)
    shown = at // ROWS_ON_PAGE + 1 if at is not None else min(max(1, _number("page") or 1), pages)
    problems = list(now.file.problems)
    order = ("error", "warning", "info")
    problems.sort(key=lambda problem: order.index(problem.severity))
    return {
        "found": found,
        "now": now,
        "counts": now.file.counts,
        "columns": now.reading.columns,
        "unknown": sum(column.field is None for column in now.reading.columns),
        "words": now.reading.words(),
        "chosen_word": {one.word: now.choices.words.get(key_word(one.word), one.status) for one in now.reading.words()},
        "boards": board_matches(now.reading.board_names()),
        "our_boards": [(board.name, board.name) for board in boards()],
        "names": name_matches(now.file.recommendations),
        "problems": problems if request.args.get("all") else problems[:PROBLEMS_SHOWN],
        "all_problems": len(problems),
        "rows": every[(shown - 1) * ROWS_ON_PAGE : shown * ROWS_ON_PAGE],
        "only": only,
        "asked_rows": sum(row.asked for row in now.rows),
        "page": shown,
        "pages": pages,
        "opened": opened if at is not None else None,
        "fields": FIELD_WORDS,
        "statuses": CHOOSABLE,
        "severity": SEVERITY,
        "word_of": word_of,
    }


def _number(name: str) -> int | None:
    return whole_number(request.args.get(name), 999_999)


CHANGE_WORDS = {
    "added": "New in the file",
    "removed": "No longer in the file",
    "file": "Changed in the file",
    "here": "Changed here",
    "both": "Changed in both",
}


def differences_page(found: ImportLine, chosen: Mapping[str, str]) -> dict[str, Any]:
    """How the file differs from the plan that it goes into; ``chosen`` are answers that could not be saved yet."""
    every = plan_differences(found.plan_id or 0, found.id)
    times = Counter(one.change.value for one in every)
    return {
        "asked": [one for one in every if one.asks],
        "ours_only": [one for one in every if not one.asks],
        "times": [(words, times[change]) for change, words in CHANGE_WORDS.items()],
        "change_words": CHANGE_WORDS,
        "whose": {one.key: chosen.get(one.key) or one.proposed for one in every},
        "place_of": place_of,
        "draft": is_draft(found.plan_id or 0),
    }


def place_of(one: Difference) -> str:
    """What a difference is about, in words."""
    item = one.ref or f"recommendation {one.number}"
    return f"{item}, {FIELD_WORDS[one.name].lower()}" if one.name else item


def shown(
    found: ImportLine,
    *,
    status: int = 200,
    says: str = "",
    chosen: Mapping[str, str] | None = None,
) -> Response:
    """The page of an import as it stands: to be read, to be checked, or what became of it."""
    if found.state != "read":
        return page("intake/imports/state.html", status=status, found=found, says=says, has_errors=bool(says))
    now = checked(found)
    context = check_page(found, now)
    return page(
        "intake/checking/check.html",
        status=status,
        says=says,
        form=ImportForm(formdata=None),
        **_row_form(found, now, context["opened"]),
        has_errors=bool(says),
        **context,
        **(differences_page(found, chosen or {}) if found.plan_id and not now.reading.asks else {}),
    )


def _row_form(found: ImportLine, now: Checked, opened: int | None) -> dict[str, Any]:
    """The form of the row that stands open, as it is read or as this person left it."""
    if opened is None:
        return {"row_form": None}
    form = RowForm(formdata=None)
    given = now.choices.rows.get(now.rows[opened].action.at, RowChoice())
    form.due.data, form.status.data = given.due, given.status or now.rows[opened].status
    left = take_up_each(row=(form, url_for("check.correct_row", import_id=found.id, place=opened)))
    return {"row_form": form, "row_draft": left.get("row")}


def kept(
    found: ImportLine, form: ImportForm, said: str, write: Callable[[Author, int], object], to: str = ""
) -> Response:
    """Save once from the version that was seen, and go on; else the page again with the reason."""
    if not form.validate() or form.seen_version is None:
        return shown(found, status=422, says="Load the page again, then choose once more.")
    by, seen = author(), form.seen_version

    def save() -> None:
        import_of(actor(), found.id)  # as this person is now
        write(by, seen)

    status = save_once(form, said, save)
    if status == REFUSED:
        return shown(found, status=status, says=" ".join(map(str, form.form_errors)))
    if status == STALE:
        return shown(import_of(actor(), found.id), status=status, says=MEANWHILE)
    return after_saving(said, to or url_for("intake.one", import_id=found.id))
