"""The reader over invented plans in every layout, with known, unseen and nonsense headings: what it must reach.

The targets are those of the reader's design. 300 files run by default and 10,000 other ones as proof; what each kind of
evidence is worth is measured by taking it away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import pytest

from ilacs_app.intake.reader.columns.evidence import EvidenceKinds
from ilacs_app.intake.reader.contents.document import Document
from ilacs_app.intake.reader.contents.read import read_document
from tests.corpus.case import MODES, Case, write_case
from tests.corpus.reading import read_contents
from tests.corpus.score import Score, score

DEFAULT, PROOF = range(300), range(93_000_000, 93_010_000)
ABLATED, ABLATED_PROOF = range(63), range(12_000_000, 12_001_000)
SHOWN = 25
PART = 25  # files that one process measures at a time: so few that all processes end together

Record = Callable[[str, object], None]
T = TypeVar("T")


@dataclass
class Measured:
    """Scores of many files: in all, by mode of headings, and by layout."""

    total: Score = field(default_factory=Score)
    by_mode: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    by_layout: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))

    def add(self, case: Case, made: Score) -> None:
        made.misses = [f"{case.name} ({case.layout}, {case.mode}): {miss}" for miss in made.misses]
        for one in (self.total, self.by_mode[case.mode], self.by_layout[case.layout]):
            one.add(made)

    def take(self, other: Measured) -> None:
        """Add what was measured of other files."""
        self.total.add(other.total)
        for mine, theirs in ((self.by_mode, other.by_mode), (self.by_layout, other.by_layout)):
            for name, made in theirs.items():
                mine[name].add(made)


def _contents(case: Case, folder: Path) -> Document:
    path = folder / case.name
    path.write_bytes(case.data)
    document = read_document(path)
    path.unlink()
    return document


def _measure(seeds: Iterable[int], folder: Path) -> Measured:
    measured = Measured()
    for seed in seeds:
        case = write_case(seed)
        read = read_contents(_contents(case, folder), case.answer.dated_on)
        measured.add(case, score(case.answer, read))
    return measured


def _apart(measure: Callable[[range, Path], T], seeds: range, folder: Path) -> Iterator[T]:
    """Measure many files, some at a time, in as many processes as there are processors; the results in order."""
    parts = [seeds[at : at + PART] for at in range(0, len(seeds), PART)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(measure, parts, [folder] * len(parts))


def _measure_apart(seeds: range, folder: Path) -> Measured:
    whole = Measured()
    for part in _apart(_measure, seeds, folder):
        whole.take(part)
    return whole


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return _measure(DEFAULT, tmp_path_factory.mktemp("corpus"))


def _some(one: Score, *begins: str) -> str:
    """The first misses of a kind, to help find out why."""
    kinds = [miss for miss in one.misses if any(f": {begin}" in miss for begin in begins)]
    return "\n".join(kinds[:SHOWN])


# The targets ----------------------------------------------------------------------------------------------


def _check_actions(measured: Measured) -> None:
    assert measured.total.actions_right >= 0.99, _some(measured.total, "lost", "invented", "action", "place", "refused")


def _check_columns(measured: Measured, mode: str) -> None:
    one = measured.by_mode[mode]
    if mode == "nonsense":
        assert one.core_right >= 0.90 * one.core, _some(one, "column")
        assert one.core_shown_as_guess == one.core_right
    else:
        least = {"known": 0.99, "unseen": 0.95}[mode]
        assert one.columns_right >= least * one.columns, _some(one, "column")


def _check_values(measured: Measured) -> None:
    assert measured.total.share("right", "asked right") >= 0.97, _some(measured.total, "asked:", "lost")
    assert measured.by_mode["known"].share("asked right") <= 0.05, _some(measured.by_mode["known"], "asked right")
    assert measured.by_mode["unseen"].share("asked right") <= 0.15, _some(measured.by_mode["unseen"], "asked right")


def _check_silence(measured: Measured) -> None:
    assert measured.total.silent == 0, _some(measured.total, "silent")


def test_every_action_is_found_once_and_under_its_recommendation(measured: Measured) -> None:
    _check_actions(measured)


@pytest.mark.parametrize("mode", MODES)
def test_columns_are_known_by_their_headings_or_by_what_they_hold(measured: Measured, mode: str) -> None:
    _check_columns(measured, mode)


def test_values_are_right_and_little_is_asked_in_vain(measured: Measured) -> None:
    _check_values(measured)


def test_nothing_is_wrong_in_silence(measured: Measured) -> None:
    _check_silence(measured)


@pytest.mark.proof
def test_10_000_plans_that_the_reader_has_not_seen(tmp_path: Path, record_property: Record) -> None:
    measured = _measure_apart(PROOF, tmp_path)
    record_property("files", measured.total.files)
    for mode in MODES:
        record_property(mode, _in_short(measured.by_mode[mode]))
    record_property("table", _table("Layout", measured.by_layout))
    record_property("table", _fields(measured.total))
    _check_silence(measured)
    _check_actions(measured)
    for mode in MODES:
        _check_columns(measured, mode)
    _check_values(measured)


def _per_cent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "-"


def _in_short(one: Score) -> str:
    return (
        f"actions {_per_cent(one.found, one.expected + one.invented)}; "
        f"columns {_per_cent(one.columns_right, one.columns)}; core columns {_per_cent(one.core_right, one.core)}; "
        f"values right {100 * one.share('right', 'asked right'):.2f} %; "
        f"asked though right {100 * one.share('asked right'):.2f} %; wrong in silence {one.silent}"
    )


def _table(first: str, scores: Mapping[str, Score]) -> str:
    lines = [
        f"| {first} | files | refused | actions right | invented | merged | lost | misplaced | core columns "
        "| values right | asked though right | asked | wrong in silence |",
        "| --- " * 13 + "|",
    ]
    for name, one in sorted(scores.items()):
        lines.append(
            f"| {name} | {one.files} | {one.refused} | {_per_cent(one.found, one.expected + one.invented)} "
            f"| {one.invented} | {one.merged} | {one.lost} | {one.misplaced} | {_per_cent(one.core_right, one.core)} "
            f"| {100 * one.share('right', 'asked right'):.2f} % | {100 * one.share('asked right'):.2f} % "
            f"| {100 * one.share('asked'):.2f} % | {one.silent} |"
        )
    return "\n".join(lines)


def _fields(one: Score) -> str:
    lines = ["| Field | values | right | asked though right | asked | lost | wrong in silence |", "| --- " * 7 + "|"]
    for name, counts in sorted(one.values.items()):
        verdicts = (counts[verdict] for verdict in ("right", "asked right", "asked", "lost", "silent"))
        lines.append(f"| {name} | {sum(counts.values())} | {' | '.join(map(str, verdicts))} |")
    return "\n".join(lines)


# What each kind of evidence is worth ----------------------------------------------------------------------

WITHOUT = {
    "headings": EvidenceKinds(headings=False),
    "contents": EvidenceKinds(contents=False),
    "layout": EvidenceKinds(layout=False),
}


def _points(one: Score) -> float:
    """Out of 100: actions under the right recommendation, core columns, and values right, in equal parts."""
    return 100 * (one.actions_right + one.core_right / max(1, one.core) + one.share("right", "asked right")) / 3


def _scores_without(seeds: Iterable[int], folder: Path) -> dict[str, Score]:
    """Scores with all evidence and without each kind; every file's contents are read once."""
    scores: dict[str, Score] = defaultdict(Score)
    for seed in seeds:
        case = write_case(seed)
        document = _contents(case, folder)
        for name, evidence in {"nothing": None, **WITHOUT}.items():
            scores[name].add(score(case.answer, read_contents(document, case.answer.dated_on, evidence)))
    return scores


def _ablated(parts: Iterable[Mapping[str, Score]]) -> dict[str, float]:
    """Points with all evidence and without each kind."""
    whole: dict[str, Score] = defaultdict(Score)
    for part in parts:
        for name, one in part.items():
            whole[name].add(one)
    return {name: round(_points(one), 1) for name, one in whole.items()}


def _each_carries_weight(points: Mapping[str, float]) -> None:
    for name in WITHOUT:
        assert points[name] <= points["nothing"] - 1, f"without {name}: {points}"


def test_every_kind_of_evidence_carries_weight(tmp_path: Path) -> None:
    _each_carries_weight(_ablated([_scores_without(ABLATED, tmp_path)]))


@pytest.mark.proof
def test_every_kind_of_evidence_carries_weight_over_1_000_plans(tmp_path: Path, record_property: Record) -> None:
    points = _ablated(_apart(_scores_without, ABLATED_PROOF, tmp_path))
    for name, value in points.items():
        record_property(f"points without {name}", value)
    _each_carries_weight(points)
