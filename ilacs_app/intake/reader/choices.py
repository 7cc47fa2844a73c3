"""A file as it was read, what someone corrected before the import, and the plan that follows from both.

The file's words never change here: a correction changes our reading of them (product rules 4, 5 and 7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ilacs_app.intake.reader.checks import check_plan
from ilacs_app.intake.reader.explain import Explained
from ilacs_app.intake.reader.status_key import key_word
from ilacs_app.plan.parsing.dates import Precision
from ilacs_app.plan.parsing.timescales import Stage, Timescale, Timing, read_timescale
from ilacs_app.plan.plan_file import FileAction, FileColumn, FileProblem, FileRecommendation, FileSource, PlanFile
from ilacs_app.plan.rules import Status


@dataclass(frozen=True)
class RowChoice:
    """A correction of one action: words to read as its date, and its delivery status; "" keeps ours."""

    due: str = ""
    status: str = ""


@dataclass(frozen=True)
class Choices:
    """Corrections made before a file is imported.

    ``columns``: heading -> field, "" to keep it beside the others. ``statuses``: status word or colour, as ``key_word``
    makes it -> delivery status. ``boards``: a board as the file names it -> the name to use, "" for none. ``rows``:
    the address of an action in the file -> its correction.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    boards: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, RowChoice] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "columns": dict(self.columns),
            "words": dict(self.statuses),
            "boards": dict(self.boards),
            "rows": {at: {"due": row.due, "status": row.status} for at, row in self.rows.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Choices:
        return cls(
            stored.get("columns", {}),
            stored.get("words", {}),
            stored.get("boards", {}),
            {at: RowChoice(**row) for at, row in stored.get("rows", {}).items()},
        )


@dataclass(frozen=True)
class StatusWord:
    """One status word or colour of the file: how many actions have it, what the file says that it means, our reading.

    ``word`` is the council's, to the letter of its first use; ``status`` is empty if we cannot tell.
    """

    word: str
    actions: int
    means: str
    status: str


@dataclass(frozen=True)
class Reading:
    """A file as it was read, before any correction.

    ``problems`` are those of the file itself; those of its rows follow from the choices. ``column_names`` says where
    a field is; ``key`` is the file's status key; ``explained`` what every row and column was taken for.
    """

    source: FileSource
    columns: tuple[FileColumn, ...]
    recommendations: tuple[FileRecommendation, ...]
    problems: tuple[FileProblem, ...]
    column_names: Mapping[str, str]
    key: Mapping[str, str]
    explained: Explained = field(default_factory=Explained)

    def plan(self, dated_on: date, choices: Choices | None = None) -> PlanFile:
        """The plan with every correction made, and what is still to be looked at."""
        made = tuple(
            _corrected(recommendation, dated_on, choices or Choices()) for recommendation in self.recommendations
        )
        struck_out = frozenset(problem.at for problem in self.problems if problem.kind == "struck_out")
        checked = check_plan(made, self.column_names, dated_on, struck_out=struck_out)
        problems = (*self.problems, *checked)
        return PlanFile(self.source, self.columns, made, problems)

    def with_guesses_marked(self) -> Reading:
        """Mark every date as not certain if the column of dates is itself a guess that no one has confirmed."""
        if not any(column.field == "timescale" and column.how in {"guess", "contents"} for column in self.columns):
            return self
        marked = tuple(
            replace(
                recommendation,
                actions=tuple(
                    replace(action, timescale=replace(action.timescale, guessed=True))
                    if action.timescale.kind not in {Timing.NONE, Timing.NOT_UNDERSTOOD}
                    else action
                    for action in recommendation.actions
                ),
            )
            for recommendation in self.recommendations
        )
        return replace(self, recommendations=marked)

    @property
    def asks(self) -> str:
        """What someone must say about the columns before any row can be read; "" if the rows were read."""
        return "" if self.recommendations else " ".join(f"{problem.says} {problem.do}" for problem in self.problems)

    def status_words(self) -> list[StatusWord]:
        """Every status word and colour of the file, in its order: one query for each."""
        first: dict[str, FileAction] = {}
        means = {key_word(word): meaning for word, meaning in self.key.items()}
        times: Counter[str] = Counter()
        for recommendation in self.recommendations:
            for action in recommendation.actions:
                word = key_word(word_of(action))
                first.setdefault(word, action)
                times[word] += 1
        return [
            StatusWord(word_of(action), times[word], means.get(word, ""), action.status or "")
            for word, action in first.items()
            if word
        ]

    def board_names(self) -> list[str]:
        """Every board that the file names, in its order."""
        return list(dict.fromkeys(name for recommendation in self.recommendations for name in recommendation.boards))

    def to_json(self) -> dict[str, Any]:
        """The contract of product rule 7, and beside it what the file itself says of its columns and words."""
        read = PlanFile(self.source, self.columns, self.recommendations, self.problems).to_json()
        own_refs = [
            action.at for recommendation in self.recommendations for action in recommendation.actions if action.own_ref
        ]
        beside = {
            "column_names": dict(self.column_names),
            "key": dict(self.key),
            "own_refs": own_refs,
            "precision": {
                action.at: str(action.timescale.precision)
                for recommendation in self.recommendations
                for action in recommendation.actions
                if action.timescale.precision
            },
            "explained": self.explained.to_json(),
            "kinds": [problem.kind for problem in self.problems],
        }
        return {**read, "beside": beside}

    @classmethod
    def from_json(cls, read: Mapping[str, Any], dated_on: date) -> Reading:
        """The reading that ``to_json`` kept; timescales kept by an older version are read again from their words."""
        own_refs = frozenset(read["beside"].get("own_refs", ()))
        precision = read["beside"].get("precision")
        kinds = read["beside"].get("kinds", ())
        return cls(
            FileSource(**read["source"]),
            tuple(FileColumn(**column) for column in read["columns"]),
            tuple(_recommendation(stored, dated_on, own_refs, precision) for stored in read["recommendations"]),
            tuple(
                FileProblem(**problem, kind=kinds[n] if n < len(kinds) else "")
                for n, problem in enumerate(read["problems"])
            ),
            read["beside"]["column_names"],
            read["beside"]["key"],
            Explained.from_json(read["beside"].get("explained", {})),
        )


@dataclass(frozen=True)
class ReadyPlan:
    """A file to make a plan from, as it was at this version of its import."""

    version: int
    file: PlanFile
    key: Mapping[str, str]
    dated_on: date
    title: str
    slug: str


def word_of(action: FileAction) -> str:
    """The word or colour that stands for an action's delivery status; "" if only a note or nothing does."""
    return action.status_text or action.brag_text or ""


def _corrected(recommendation: FileRecommendation, dated_on: date, choices: Choices) -> FileRecommendation:
    boards = (choices.boards.get(name, name) for name in recommendation.boards)
    return replace(
        recommendation,
        boards=tuple(dict.fromkeys(name for name in boards if name)),
        actions=tuple(_corrected_action(action, dated_on, choices) for action in recommendation.actions),
    )


def _corrected_action(action: FileAction, dated_on: date, choices: Choices) -> FileAction:
    row = choices.rows.get(action.at, RowChoice())
    status = row.status or choices.statuses.get(key_word(word_of(action)), "")
    if status:
        done_on = action.completed_on if status == Status.COMPLETED else None
        action = replace(action, status=Status(status), status_guessed=False, completed_on=done_on)
    if row.due:
        scale = replace(read_timescale(row.due, dated_on), text=action.timescale.text, guessed=False)
        action = replace(action, timescale=scale)
    return action


def _recommendation(
    stored: Mapping[str, Any], dated_on: date, own_refs: Collection[str], precision: Mapping[str, str] | None
) -> FileRecommendation:
    lists = {name: tuple(stored[name]) for name in ("leads", "monitoring", "measures", "link_plans", "boards")}
    return FileRecommendation(
        number=stored["number"],
        text=stored["text"],
        at=stored["at"],
        partnership_focus=stored["partnership_focus"],
        impact=stored["impact"],
        extra=stored["extra"],
        actions=tuple(_actions(stored["actions"], dated_on, own_refs, precision)),
        **lists,
    )


def _timescale(stored: Mapping[str, Any], at: str, dated_on: date, precision: Mapping[str, str] | None) -> Timescale:
    """A timescale as it was read, with the evidence of its whole file."""
    if precision is None:
        return read_timescale(stored["text"], dated_on)
    days = {
        name: date.fromisoformat(stored[name])
        for name in ("due_on", "starts_on", "review_on", "original_due_on")
        if stored.get(name)
    }
    stages = tuple(Stage(stage["label"], date.fromisoformat(stage["due_on"])) for stage in stored.get("stages", ()))
    return Timescale(
        stored["text"],
        Timing(stored["kind"]),
        stages=stages,
        guessed=stored["guessed"],
        precision=Precision(precision[at]) if at in precision else None,
        **days,
    )


def _actions(
    stored: list[Mapping[str, Any]], dated_on: date, own_refs: Collection[str], precision: Mapping[str, str] | None
) -> Iterator[FileAction]:
    for action in stored:
        yield FileAction(
            ref=action["ref"],
            text=action["text"],
            timescale=_timescale(action["timescale"], action["at"], dated_on, precision),
            at=action["at"],
            owners=tuple(action["owners"]),
            status_text=action["status_text"],
            status=Status(action["status"]) if action["status"] else None,
            status_guessed=action["status_guessed"],
            completed_on=date.fromisoformat(action["completed_on"]) if action["completed_on"] else None,
            note=action["note"],
            brag_text=action["brag_text"],
            brag=action["brag"],
            evidence=action["evidence"],
            extra=action["extra"],
            own_ref=action["at"] in own_refs,
        )
