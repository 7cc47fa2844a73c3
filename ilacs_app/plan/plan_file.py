"""The plan file: its twelve columns and the JSON contract that an import reads and an export writes.

Product rule: section 7. Key names and their order are the contract; text is a cell to the letter, with line
breaks as "\\n" and its ends trimmed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from ilacs_app.plan.parsing.timescales import Timescale, Timing
from ilacs_app.plan.rules import Status

# The twelve fields in the order of the printed table, with the headings for a plan that has none of its own.
HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "number": "No",
        "recommendation": "Recommendation",
        "leads": "Lead",
        "monitoring": "Performance Management Framework",
        "measures": "Measure",
        "action": "Action",
        "timescale": "Timescale",
        "note": "Progress Note",
        "partnership_focus": "Partnership Focus",
        "link_plans": "Link Plans",
        "boards": "Governance",
        "impact": "Impact",
    }
)
# Columns that some councils keep beside the twelve.
FURTHER_HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "ref": "Action reference",
        "revised_timescale": "Revised timescale",
        "owners": "Owner",
        "status": "Status",
        "brag": "BRAG",
        "evidence": "Evidence",
    }
)

# The fields that speak of a whole recommendation; the others speak of one action.
OF_RECOMMENDATION = (
    "recommendation",
    "leads",
    "monitoring",
    "measures",
    "partnership_focus",
    "link_plans",
    "boards",
    "impact",
)

# chosen: by the person who imports; contents: by what the cells hold, whatever the heading says
How = Literal["chosen", "exact", "synonym", "contents", "guess", "unknown"]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class FileSource:
    """The file's own name, without its folder, and its format: docx, xlsx, csv, odt, ods or xls."""

    file: str
    format: str

    def to_json(self) -> dict[str, Any]:
        return {"file": self.file, "format": self.format}


@dataclass(frozen=True)
class FileColumn:
    """A column as the file heads it and the field it was taken for; an unknown one has no field.

    `certainty` goes from 0 to 1, `why` says in a few words what speaks for it.
    """

    heading: str
    field: str | None
    how: How
    certainty: float = 1.0
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "heading": self.heading,
            "field": self.field,
            "how": self.how,
            "certainty": self.certainty,
            "why": self.why,
        }


@dataclass(frozen=True)
class FileProblem:
    """Something to check before a plan is imported: where it is, what is wrong, and what to do.

    `kind` names problems of one kind, so that a page can group them. It is not part of the JSON contract.
    """

    at: str
    severity: Severity
    says: str
    do: str
    kind: str = field(default="", compare=False)

    def to_json(self) -> dict[str, Any]:
        return {"at": self.at, "severity": self.severity, "says": self.says, "do": self.do}


@dataclass(frozen=True)
class FileAction:
    """One action. `note` is the whole cell; `status_text` its leading status words or "".

    `own_ref` says that the reference is the council's own and is in the file; else we counted it.
    """

    ref: str
    text: str
    timescale: Timescale
    at: str
    owners: tuple[str, ...] = ()
    status_text: str = ""
    status: Status | None = None
    status_guessed: bool = False
    completed_on: date | None = None
    note: str = ""
    brag_text: str | None = None
    brag: str | None = None
    evidence: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    own_ref: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "ref": self.ref,
            "text": self.text,
            "owners": list(self.owners),
            "timescale": self.timescale.to_json(),
            "status_text": self.status_text,
            "status": self.status.value if self.status else None,
            "status_guessed": self.status_guessed,
            "completed_on": self.completed_on.isoformat() if self.completed_on else None,
            "note": self.note,
            "brag_text": self.brag_text,
            "brag": self.brag,
            "evidence": self.evidence,
            "extra": dict(self.extra),
            "at": self.at,
        }


@dataclass(frozen=True)
class FileRecommendation:
    """One recommendation with its actions, in the file's order."""

    number: str
    text: str
    at: str
    leads: tuple[str, ...] = ()
    monitoring: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    partnership_focus: str = ""
    link_plans: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    impact: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    actions: tuple[FileAction, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "text": self.text,
            "leads": list(self.leads),
            "monitoring": list(self.monitoring),
            "measures": list(self.measures),
            "partnership_focus": self.partnership_focus,
            "link_plans": list(self.link_plans),
            "boards": list(self.boards),
            "impact": self.impact,
            "extra": dict(self.extra),
            "at": self.at,
            "actions": [action.to_json() for action in self.actions],
        }


@dataclass(frozen=True)
class PlanFile:
    """A whole plan as a file holds it, with what we could not be sure of."""

    source: FileSource
    columns: tuple[FileColumn, ...]
    recommendations: tuple[FileRecommendation, ...]
    problems: tuple[FileProblem, ...] = ()

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the file has a column for."""
        return frozenset(column.field for column in self.columns if column.field)

    @property
    def actions(self) -> tuple[FileAction, ...]:
        """Every action of the file, in order."""
        return tuple(action for recommendation in self.recommendations for action in recommendation.actions)

    @property
    def counts(self) -> dict[str, Any]:
        """Numbers to check the file by; "dated" is date plus stages, status texts include the empty one."""
        kinds = Counter(action.timescale.kind for action in self.actions)
        return {
            "recommendations": len(self.recommendations),
            "actions": len(self.actions),
            "dated": kinds[Timing.DATE] + kinds[Timing.STAGES],
            "window": kinds[Timing.WINDOW],
            "ongoing": kinds[Timing.ONGOING],
            "none": kinds[Timing.NONE],
            "not_understood": kinds[Timing.NOT_UNDERSTOOD],
            "by_status_text": dict(Counter(action.status_text for action in self.actions)),
        }

    def to_json(self) -> dict[str, Any]:
        """The contract of section 7, ready for `json.dumps`."""
        return {
            "source": self.source.to_json(),
            "columns": [column.to_json() for column in self.columns],
            "recommendations": [recommendation.to_json() for recommendation in self.recommendations],
            "problems": [problem.to_json() for problem in self.problems],
            "counts": self.counts,
        }


_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def neutral(cell: str) -> str:
    """A CSV cell that no spreadsheet takes for a formula: one apostrophe goes before what would be one."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """The cell that ``neutral`` made harmless; any other is left as it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


LOOKUP = re.compile(r";#\d+(?:;#|$)", re.MULTILINE)
"""What a list in SharePoint exports behind each name: "Duty Manager;#14;#Head of Service;#22"."""


def split_leads(cell: str) -> tuple[str, ...]:
    """People or teams of one cell, split at "/", ";", "&" and line breaks (product rule: section 7)."""
    return _parts(r"[/;&\n]", LOOKUP.sub(";", cell))


def split_boards(cell: str) -> tuple[str, ...]:
    """Boards of one cell, split at line breaks and ";" (product rule: section 7)."""
    return _parts(r"[;\n]", cell)


def split_lines(cell: str) -> tuple[str, ...]:
    """Reports, measures or link plans of one cell, one on each line."""
    return _parts(r"\n", cell)


def _parts(at: str, cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(at, cell) if part.strip())
