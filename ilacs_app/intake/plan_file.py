"""The one way from a council's plan file to a plan, for the command line and the web import alike."""

from datetime import date
from pathlib import Path

from ..plan.format import FileSource, PlanFile
from .checks import check_plan
from .mapping import map_plan
from .readers import NotAPlan, read_grids

__all__ = ["NotAPlan", "read_plan"]


def read_plan(path: Path, plan_dated_on: date) -> PlanFile:
    """Read a Word, Excel or CSV file as a plan; `plan_dated_on` is the plan's own date.

    Raises NotAPlan, whose message is one sentence for the reader with what to do, where the file is missing,
    damaged, not what its name says, or holds no table with the needed columns. Writes nothing.
    """
    mapped = map_plan(read_grids(path), path.name, plan_dated_on)
    return PlanFile(
        FileSource(path.name, path.suffix.lower().removeprefix(".")),
        mapped.columns,
        mapped.recommendations,
        (*mapped.problems, *check_plan(mapped.recommendations, mapped.column_names, plan_dated_on)),
    )
