"""The one way from a council's plan file to a plan, for the command line and the web import alike."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ..plan.format import FileSource, PlanFile
from .checks import check_plan
from .mapping import map_plan
from .readers import Grid, NotAPlan, read_grids
from .sandbox import grids_apart

__all__ = ["NotAPlan", "read_plan", "read_plan_apart"]


def read_plan(path: Path, plan_dated_on: date) -> PlanFile:
    """Read a Word, Excel or CSV file of our own as a plan; `plan_dated_on` is the plan's own date.

    Raises NotAPlan, whose message is one sentence for the reader with what to do, where the file is missing,
    damaged, not what its name says, or holds no table with the needed columns. Writes nothing.
    """
    return _plan_of(read_grids(path), path, plan_dated_on)


def read_plan_apart(path: Path, plan_dated_on: date) -> PlanFile:
    """Read a file that somebody else made: its limits first, then its cells in a process of their own.

    Raises NotAPlan as `read_plan` does, and where the file holds or asks for more than a plan may.
    """
    return _plan_of(grids_apart(path), path, plan_dated_on)


def _plan_of(grids: Sequence[Grid], path: Path, plan_dated_on: date) -> PlanFile:
    mapped = map_plan(grids, path.name, plan_dated_on)
    return PlanFile(
        FileSource(path.name, path.suffix.lower().removeprefix(".")),
        mapped.columns,
        mapped.recommendations,
        (*mapped.problems, *check_plan(mapped.recommendations, mapped.column_names, plan_dated_on)),
    )
