"""What councils call their columns: words that the reader may know, words that it has not been shown, and none.

``KNOWN`` are headings that the reader's own weights may be learnt from. ``HELD_OUT`` are nowhere else in the project,
so that reading them shows what the reader makes of a heading that is new to it (a test holds the two apart).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

KNOWN: Mapping[str, tuple[str, ...]] = {
    "number": ("No", "No.", "Rec No", "Number", "Recommendation number", "Item"),
    "recommendation": (
        "Recommendation",
        "Recommendations",
        "Ofsted recommendation",
        "Area for improvement",
        "What needs to improve",
        "Finding",
        "Area requiring improvement",
        "Improvement objective",
    ),
    "leads": (
        "Lead",
        "Lead officer",
        "Strategic lead",
        "Accountable lead",
        "Responsible officer",
        "Lead person",
    ),
    "monitoring": ("Performance framework", "How will this be monitored", "Monitoring reports"),
    "measures": ("Measure", "Measures", "Success measures", "Performance indicators", "How we will measure success"),
    "ref": ("Action ref", "Action no", "Action reference", "Action number"),
    "action": (
        "Action",
        "Actions",
        "Action required",
        "Actions to be taken",
        "What we will do",
        "Key actions",
        "Task",
        "Specific actions",
    ),
    "owners": ("Owner", "Action owner", "By whom", "Action lead", "Named officer", "Assigned to"),
    "timescale": (
        "Timescale",
        "Timescales",
        "Deadline",
        "Due date",
        "Target date",
        "By when",
        "Target completion date",
        "When",
        "To be completed by",
    ),
    "revised_timescale": ("Revised timescale", "Revised date", "Revised target date"),
    "status": ("Status", "Delivery status", "Action status", "Current status", "Progress status"),
    "brag": ("BRAG", "RAG", "RAG rating", "BRAG rating", "RAG status"),
    "note": (
        "Progress note",
        "Progress",
        "Progress update",
        "Progress to date",
        "Latest update",
        "Comments",
        "Current position",
        "Commentary",
    ),
    "partnership_focus": ("Partnership Focus", "Partners", "Partner contribution"),
    "link_plans": ("Link Plans", "Linked strategies", "Links to other plans"),
    "boards": ("Governance", "Board", "Governance board", "Reporting to", "Oversight board"),
    "impact": ("Impact", "Intended impact", "Outcome", "Expected outcome", "What difference will it make"),
    "evidence": ("Evidence", "Evidence of completion", "Supporting evidence"),
}

HELD_OUT: Mapping[str, tuple[str, ...]] = {
    "number": ("Rec #", "Ofsted ref", "Our number"),
    "recommendation": (
        "Ofsted said",
        "Inspectors told us",
        "Improvement the inspectors asked for",
        "What must get better",
        "Issue raised at inspection",
        "Improvement theme",
        "Weakness identified",
        "Development need",
    ),
    "leads": ("Head of service responsible", "Senior sponsor", "Overall lead", "Director accountable"),
    "monitoring": ("Performance reports used", "How we keep watch"),
    "measures": ("How success is measured", "Indicator(s) and target", "Numbers we will track"),
    "ref": ("Action ID no.", "Step ref", "Task ref"),
    "action": (
        "Steps we are taking",
        "So we will",
        "Improvement activity planned",
        "Work to be undertaken",
        "Our response to this",
        "Agreed next steps",
        "What is going to happen",
        "Delivery tasks",
    ),
    "owners": (
        "Who will do it",
        "Manager responsible",
        "Officer leading",
        "Person leading this",
        "Officer name and post",
        "Delivered by (officer)",
    ),
    "timescale": (
        "Complete by date",
        "Finish date",
        "Date for delivery",
        "Target for completing",
        "Expected to finish",
        "Planned finish",
        "Date this will be done by",
    ),
    "revised_timescale": ("New target (if moved)", "Date now expected", "Re-set date"),
    "status": ("State of play", "Where are we (status)", "Done or not", "Delivery position", "Stage reached"),
    "brag": ("RAG this month", "Colour rating now", "Self-assessed RAG", "R/A/G score"),
    "note": (
        "Narrative for the board",
        "What has happened so far",
        "Story so far",
        "News since last board",
        "Highlights and progress this period",
        "Manager's remarks",
        "Summary of work to date",
    ),
    "partnership_focus": ("Who else is involved", "Partner agencies supporting"),
    "link_plans": ("See also (plans)", "Ties in with"),
    "boards": ("Taken to which board", "Forum overseeing this", "Scrutinised at"),
    "impact": ("The difference for families", "What children will notice", "Result we want for children"),
    "evidence": ("How we can prove it", "Proof held", "Where the evidence is"),
}

# Columns that plans have beside the record, for none of its fields.
BESIDE: Mapping[str, tuple[str, ...]] = {
    "priority": ("Priority", "Priority level", "Priority (H/M/L)"),
    "cost": ("Cost", "Budget", "Resource implications"),
    "risk": ("Risk rating", "Risk score"),
    "last_brag": ("Previous RAG", "RAG last month", "Last quarter's RAG"),
    "travel": ("Direction of travel", "DoT", "Trend"),
    "started": ("Start date", "Started on", "Date begun"),
    "updated": ("Last updated", "Date of last update", "Update entered on"),
    "theme": ("Theme", "Workstream", "Service area"),
}

# Fields that may stand for each other where a table has only one of them.
MEANS_AS_WELL: Mapping[str, frozenset[str]] = {
    "leads": frozenset({"leads", "owners"}),
    "owners": frozenset({"leads", "owners"}),
    "status": frozenset({"status"}),
    "note": frozenset({"note"}),
}

_NONSENSE_STARTS = ("bl", "dr", "fl", "gl", "kr", "pl", "qu", "sk", "spl", "th", "v", "wr", "z", "j", "m", "n")
_NONSENSE_MIDDLES = ("ax", "eb", "ilf", "ond", "urv", "amp", "ezz", "irn", "omb", "usk")
_NONSENSE_ENDS = ("", "er", "ock", "le", "ix", "owt", "um", "ane")


def nonsense(rng: Random, taken: Sequence[str]) -> str:
    """A word of no language that is in none of the headings before it."""
    while True:
        word = rng.choice(_NONSENSE_STARTS) + rng.choice(_NONSENSE_MIDDLES) + rng.choice(_NONSENSE_ENDS)
        if word.capitalize() not in taken:
            return word.capitalize()


# A second row under the headings that tells whoever fills the form in what to write.
PROMPTS: Mapping[str, str] = {
    "number": "1, 2, 3 ...",
    "recommendation": "What did the inspectors say?",
    "leads": "Name of the director",
    "action": "What will be done? One row each",
    "owners": "Who will do it?",
    "timescale": "By when? (dd/mm/yyyy)",
    "status": "Where is it now?",
    "brag": "R, A, G or B",
    "note": "What has happened since last time?",
    "measures": "How will we know?",
    "impact": "What will be better for children?",
    "boards": "Which board looks at this?",
    "evidence": "What shows it?",
    "ref": "1.1, 1.2 ...",
}

_DRESSES = ("plain", "plain", "plain", "plain", "plain", "capitals", "numbered", "broken", "colon", "footnote")


class Headings:
    """The headings of one file, drawn once for each field: ``mode`` is known, unseen or nonsense.

    Some councils write all of theirs in capitals, numbered, over two lines, with a colon or with footnote marks.
    """

    def __init__(self, rng: Random, mode: str) -> None:
        self._rng, self.mode = rng, mode
        self._drawn: dict[str, str] = {}
        self._dress = rng.choice(_DRESSES)

    def dressed(self, heading: str, place: int) -> str:
        """A heading as this file writes it, in the column of this place from 0."""
        match self._dress:
            case "capitals":
                return heading.upper()
            case "numbered":
                return f"{place + 1}. {heading}"
            case "broken":
                return heading.replace(" ", "\n", 1)
            case "colon":
                return f"{heading}:"
            case "footnote":
                return f"{heading}[{place + 1}]" if place % 2 else heading
        return heading

    def set(self, field: str, heading: str) -> None:
        """Decide the heading of a field."""
        self._drawn[field] = heading

    def of(self, field: str) -> str:
        """The heading of a field or of a column beside the record; the same one each time."""
        if field not in self._drawn:
            self._drawn[field] = self._draw(field)
        return self._drawn[field]

    def _draw(self, field: str) -> str:
        if self.mode == "nonsense":
            return nonsense(self._rng, list(self._drawn.values()))
        pool = BESIDE.get(field) or (HELD_OUT if self.mode == "unseen" else KNOWN)[field]
        free = [heading for heading in pool if heading not in self._drawn.values()]
        return self._rng.choice(free or pool)
