"""Which field a column is, known by the meaning of its heading (product rule: section 7)."""

from __future__ import annotations

import difflib
import re

from ilacs_app.plan.plan_file import FURTHER_HEADINGS, HEADINGS, How

# Words that councils use for a column, in small letters, without brackets and end signs.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "number": (
        "#",
        "no",
        "number",
        "ref",
        "ref no",
        "reference",
        "rec",
        "rec no",
        "recommendation no",
        "recommendation number",
        "item",
    ),
    "recommendation": (
        "recommendations",
        "recommendation text",
        "the recommendation",
        "ofsted recommendation",
        "inspection recommendation",
        "area for improvement",
        "areas for improvement",
        "ofsted area for improvement",
        "what needs to improve",
        "finding",
        "priority",
    ),
    "leads": (
        "leads",
        "lead officer",
        "lead officers",
        "lead person",
        "strategic lead",
        "strategic leads",
        "strategic lead with responsibility for delivery against the recommendation",
        "accountable lead",
        "accountable officer",
        "responsible officer",
        "responsible",
        "responsibility",
        "who is responsible",
        "who",
    ),
    "monitoring": (
        "performance framework",
        "performance management",
        "monitoring",
        "monitoring reports",
        "monitored by",
        "monitored through",
        "how we will monitor",
        "how will this be monitored",
        "reports",
    ),
    "measures": (
        "measures",
        "performance measure",
        "performance measures",
        "performance indicator",
        "performance indicators",
        "kpi",
        "kpis",
        "metric",
        "metrics",
        "success measure",
        "success measures",
        "measure of success",
        "measures of success",
        "how we will measure success",
        "how will we measure success",
    ),
    "action": (
        "actions",
        "the action",
        "action required",
        "actions required",
        "action to be taken",
        "actions to be taken",
        "what we will do",
        "what will we do",
        "what are we going to do",
        "key action",
        "key actions",
        "task",
        "tasks",
        "activity",
        "activities",
    ),
    "timescale": (
        "timescales",
        "time scale",
        "timeframe",
        "time frame",
        "timeline",
        "deadline",
        "due",
        "due date",
        "due by",
        "date due",
        "target date",
        "target completion date",
        "by when",
        "when",
        "when by",
        "end date",
        "to be completed by",
    ),
    "note": (
        "note",
        "notes",
        "progress notes",
        "progress",
        "progress update",
        "progress to date",
        "progress made",
        "progress and status",
        "update",
        "updates",
        "latest update",
        "latest position",
        "current position",
        "comment",
        "comments",
        "commentary",
    ),
    "partnership_focus": (
        "partnership",
        "partnerships",
        "partners",
        "partner focus",
        "partner contribution",
        "partner engagement",
        "partners involved",
        "partnership working",
    ),
    "link_plans": (
        "link plan",
        "linked plan",
        "linked plans",
        "linked strategies",
        "links to other plans",
        "links to plans",
        "related plans",
        "associated plans",
        "strategy or policy",
    ),
    "boards": (
        "board",
        "boards",
        "governance board",
        "governance boards",
        "governance arrangements",
        "governance group",
        "accountable board",
        "responsible board",
        "oversight",
        "oversight board",
        "reports to",
        "reporting to",
    ),
    "impact": (
        "impact statement",
        "intended impact",
        "expected impact",
        "desired impact",
        "impact wanted",
        "impact on children",
        "outcome",
        "outcomes",
        "intended outcome",
        "intended outcomes",
        "expected outcome",
        "expected outcomes",
        "desired outcome",
        "what difference will it make",
        "what difference will this make",
        "what success looks like",
        "what will success look like",
    ),
    "revised_timescale": (
        "revised timescales",
        "revised date",
        "revised due date",
        "revised deadline",
        "revised target date",
        "revised completion date",
        "new timescale",
        "new date",
        "new deadline",
    ),
    "ref": ("action ref", "action reference number", "action no", "action number", "action id", "sub ref"),
    "owners": (
        "owners",
        "action owner",
        "action owners",
        "action lead",
        "by whom",
        "named officer",
        "assigned to",
    ),
    "status": ("delivery status", "action status", "current status", "progress status", "completion status"),
    "brag": (
        "rag",
        "rag rating",
        "rag status",
        "brag rating",
        "brag status",
        "rag rated",
        "rating",
        "colour",
    ),
    "evidence": (
        "evidence of completion",
        "evidence of progress",
        "evidence of impact",
        "supporting evidence",
    ),
}
# "Timescale reported at end of month", "Progress note (updated monthly)": what follows only qualifies.
PREFIXES = {
    "timescale": "timescale",
    "progress note": "note",
    "progress update": "note",
    "governance": "boards",
}


SHORTEST_GUESS = 6
LIKE_ENOUGH = 0.88


def words_of(heading: str) -> str:
    """A heading made comparable: small letters, single spaces, "Lead(s)" as "leads", no end signs."""
    words = heading.casefold().replace("\u2019", "'").replace("(s)", "s")
    return " ".join(re.sub(r"[()/:*?.,-]", " ", words).split())


_EXACT = {words_of(heading): field for field, heading in {**HEADINGS, **FURTHER_HEADINGS}.items()}
_SYNONYM = {words_of(heading): field for field, listed in SYNONYMS.items() for heading in listed}


def field_of(heading: str) -> tuple[str | None, How]:
    """The field that a heading means and how we know: its own name, a synonym, or not at all."""
    words = words_of(heading)
    if words in _EXACT:
        return _EXACT[words], "exact"
    if words in _SYNONYM:
        return _SYNONYM[words], "synonym"
    for prefix, field in PREFIXES.items():
        if words.startswith(f"{prefix} "):
            return field, "synonym"
    return _nearly(words)


def _nearly(words: str) -> tuple[str | None, How]:
    """The one field that a heading with a slip of the pen may mean; it shows itself as a guess."""
    if len(words) < SHORTEST_GUESS:
        return None, "unknown"
    near = difflib.get_close_matches(words, [*_EXACT, *_SYNONYM], n=3, cutoff=LIKE_ENOUGH)
    fields = {_EXACT.get(known) or _SYNONYM[known] for known in near}
    return (fields.pop(), "guess") if len(fields) == 1 else (None, "unknown")
