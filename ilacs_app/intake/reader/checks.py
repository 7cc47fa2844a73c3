"""What someone should look at before a plan file is imported (product rule: sections 4, 5 and 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ilacs_app.dates import long_date, month_year
from ilacs_app.plan.parsing.statuses import read_status
from ilacs_app.plan.parsing.suggestions import suggested_day
from ilacs_app.plan.parsing.timescales import Timing, describe
from ilacs_app.plan.plan_file import FileAction, FileProblem, FileRecommendation, Severity
from ilacs_app.plan.rules import Status
from ilacs_app.text import plain

NOTHING_SAID = {"", "n/a", "na", "none", "-"}


def check_plan(
    recommendations: Sequence[FileRecommendation],
    column_names: Mapping[str, str],
    plan_dated_on: date,
    *,
    struck_out: frozenset[str] = frozenset(),
) -> tuple[FileProblem, ...]:
    """Everything to look at in a plan that was read, in the file's order; repeated actions come last.

    `column_names` says where a field is in the file, such as {"timescale": "column G"}; `struck_out` holds the
    addresses of actions whose text is struck out.
    """
    problems: list[FileProblem] = []
    for recommendation in recommendations:
        problems += _recommendation_problems(recommendation)
        for action in recommendation.actions:
            problems += _Checked(action, column_names, plan_dated_on, action.at in struck_out).problems()
    return (*problems, *_twins(recommendations))


def _recommendation_problems(recommendation: FileRecommendation) -> Iterator[FileProblem]:
    name = f"Recommendation {recommendation.number}"
    if not recommendation.text:
        yield FileProblem(
            recommendation.at,
            "error",
            f"{name} has no text.",
            "Write it in the file and import it again.",
            kind="no_text",
        )
    if not recommendation.actions:
        yield FileProblem(
            recommendation.at,
            "warning",
            f"{name} has no action.",
            "Add one, or check the rows below it.",
            kind="no_action",
        )
    if not any(plain(lead) not in NOTHING_SAID for lead in recommendation.leads):
        yield FileProblem(
            recommendation.at, "warning", f"{name} has no lead.", "Name one after the import.", kind="no_lead"
        )
    if not any(plain(board) not in NOTHING_SAID for board in recommendation.boards):
        yield FileProblem(
            recommendation.at, "warning", f"{name} has no board.", "Choose one after the import.", kind="no_board"
        )
    for heading in ("timescale", "note", "status"):
        if heading in recommendation.extra:
            yield FileProblem(
                recommendation.at,
                "info" if recommendation.actions else "warning",
                f"{name} has a {heading} without an action: “{recommendation.extra[heading]}”.",
                "It is kept beside the recommendation. If it belongs to an action, enter it there.",
                kind="value_without_action",
            )


@dataclass(frozen=True)
class _Checked:
    """One action under the checks."""

    action: FileAction
    column_names: Mapping[str, str]
    plan_dated_on: date
    is_struck_out: bool

    def problems(self) -> Iterator[FileProblem]:
        yield from self._timescale()
        yield from self._status()
        yield from self._completion()
        yield from self._brag()

    def _problem(self, field: str, severity: Severity, says: str, do: str, *, kind: str) -> FileProblem:
        column = self.column_names.get(field)
        at = f"{self.action.at}, {column}" if column else self.action.at
        return FileProblem(at, severity, f"{self.action.ref}: {says}", do, kind=kind)

    def _timescale(self) -> Iterator[FileProblem]:
        timescale = self.action.timescale
        if timescale.kind is Timing.NONE and self.action.completed_on:
            return  # it is done, and the file says when
        if timescale.kind is Timing.NONE:
            yield self._problem(
                "timescale", "warning", "No timescale is given.", "Give a first date.", kind="date_missing"
            )
        elif timescale.kind is Timing.NOT_UNDERSTOOD:
            yield self._problem(
                "timescale",
                "warning",
                f"“{timescale.text}” is not a date that we understand.{self._suggestion()}",
                "Enter a day, month and year, for example 31 March 2026, or add the date after the import.",
                kind="date_unclear",
            )
        elif timescale.guessed:
            yield self._problem(
                "timescale",
                "info",
                f"We read “{timescale.text}” as {describe(timescale)}.",
                "Check it, and correct the reading if it is wrong.",
                kind="date_guess",
            )

    def _suggestion(self) -> str:
        """A sentence with the day that the words may mean and why, where one is likely."""
        offered = suggested_day(self.action.timescale.text, self.plan_dated_on)
        return f" It may mean {long_date(offered.day)} ({offered.because})." if offered else ""

    def _status(self) -> Iterator[FileProblem]:
        action = self.action
        text = _source_of_status(action)
        column = next((field for field in ("status", "brag") if self._is_in(field, text)), "note")
        if plain(text) in NOTHING_SAID and action.status is None:
            yield self._problem(
                column,
                "info",
                "No status is given.",
                "Confirm the status that we propose, or choose another.",
                kind="status_missing",
            )
        elif action.status is None:
            yield self._problem(
                column,
                "warning",
                f"We cannot tell a status from “{_short(text)}”.",
                "Choose the status; the words are kept as the note.",
                kind="status_unclear",
            )
        elif action.status_guessed:
            yield self._problem(
                column,
                "info",
                self._why(text, action.status.value.replace("_", " ")),
                "Check it, and choose another status if it is wrong.",
                kind="status_guess",
            )

    def _is_in(self, field: str, text: str) -> bool:
        """Return whether the words of a status are those of a column of statuses or of ratings."""
        words_there = self.action.status_text if field == "status" else self.action.brag_text
        return field in self.column_names and bool(text) and text == words_there

    def _why(self, text: str, status: str) -> str:
        """The reason for a guessed status: its words, that they are struck out, or the date of completion beside."""
        if self.is_struck_out and read_status(text).status is not self.action.status:
            return f"Its text is struck out, so we read it as {status}."
        if plain(text):
            return f"We understand “{_short(text)}” to mean {status}."
        return f"No status is given. It has a date of completion, so we read it as {status}."

    def _completion(self) -> Iterator[FileProblem]:
        if self.action.status is not Status.COMPLETED:
            return
        completed_on = self.action.completed_on
        if completed_on is None:
            yield self._problem(
                "note",
                "warning",
                "It is complete, but no month is named.",
                "Ask the lead when it was completed.",
                kind="done_no_month",
            )
        # The plan's own month was not over on its date, and of the completion we only know the month.
        elif (completed_on.year, completed_on.month) > (self.plan_dated_on.year, self.plan_dated_on.month):
            month = month_year(completed_on)
            yield self._problem(
                "note",
                "warning",
                f"The completion month, {month}, is after the date of the plan, {long_date(self.plan_dated_on)}.",
                "Ask the lead which month is right. Until then it is shown as “Done, date to confirm”.",
                kind="done_after",
            )

    def _brag(self) -> Iterator[FileProblem]:
        text = self.action.brag_text or ""
        if text and not self.action.brag and plain(read_status(text).status_text) != plain(text):
            yield self._problem(
                "brag",
                "info",
                f"“{self.action.brag_text}” is not one colour.",
                "Your wording is kept. We work out the rating from status and dates.",
                kind="brag",
            )


def _source_of_status(action: FileAction) -> str:
    """The words of the file from which a status was read, or would be."""
    if action.status_text:
        return action.note if action.note.startswith(action.status_text) else action.status_text
    if action.brag_text and (action.status is None or read_status(action.note).status is not action.status):
        return action.brag_text
    return action.note or action.brag_text or ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


def _twins(recommendations: Sequence[FileRecommendation]) -> Iterator[FileProblem]:
    """Actions with the same words in two recommendations: offered for linking, never merged."""
    first_of: dict[str, FileAction] = {}
    for recommendation in recommendations:
        for action in recommendation.actions:
            first = first_of.setdefault(plain(action.text), action)
            if first not in recommendation.actions:
                yield FileProblem(
                    action.at,
                    "info",
                    f"{action.ref} has the same words as {first.ref}.",
                    "Link them if they are one action. Until then they are two.",
                    kind="twins",
                )
