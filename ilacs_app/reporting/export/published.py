"""A plan as a council publishes it: role titles where the plan names people. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ilacs_app.plan.plan_file import FileAction, FileRecommendation, PlanFile
from ilacs_app.reporting.export.progress_report import ReportLine

# A lead or owner whose words hold one of these is a role or a team already.
ROLE_WORDS = frozenset(
    {
        "adviser",
        "advisor",
        "all",
        "assistant",
        "board",
        "business",
        "chair",
        "chief",
        "commissioner",
        "commissioners",
        "coordinator",
        "council",
        "deputy",
        "director",
        "directors",
        "dsl",
        "executive",
        "group",
        "head",
        "heads",
        "health",
        "housing",
        "hub",
        "iro",
        "iros",
        "lado",
        "lead",
        "leads",
        "manager",
        "managers",
        "mash",
        "officer",
        "officers",
        "panel",
        "partners",
        "partnership",
        "performance",
        "police",
        "practitioner",
        "principal",
        "safeguarding",
        "school",
        "schools",
        "service",
        "services",
        "social",
        "support",
        "tbc",
        "team",
        "teams",
        "unit",
        "vacant",
        "virtual",
        "worker",
        "workers",
    }
)
UNKNOWN = "Named officer"


def published(plan: PlanFile, titles: Mapping[str, str]) -> PlanFile:
    """The plan with every person's name replaced by a role title, in leads and owners and inside every text.

    ``titles`` maps a full name to a role title. A lead or owner without one is kept where its words are a role or a
    team, and becomes “Named officer 1”, the same number wherever it is, where they are not. Other names inside a
    text cannot be known; whoever publishes reads the plan once more.
    """
    named = [
        *(lead for recommendation in plan.recommendations for lead in recommendation.leads),
        *(owner for action in plan.actions for owner in action.owners),
    ]
    says = _says(named, titles)
    return replace(
        plan, recommendations=tuple(_recommendation(recommendation, says) for recommendation in plan.recommendations)
    )


def progress_published(lines: Sequence[ReportLine], titles: Mapping[str, str]) -> tuple[ReportLine, ...]:
    """The progress report with every person's name replaced by a role title, as ``published`` does for a plan."""
    says = _says([owner for line in lines for owner in line.owners], titles)
    return tuple(
        replace(
            line,
            text=says(line.text),
            owners=tuple(dict.fromkeys(map(says, line.owners))),
            update=says(line.update),
            next_step=says(line.next_step),
        )
        for line in lines
    )


def _says(named: Sequence[str], titles: Mapping[str, str]) -> Callable[[str], str]:
    """Return what replaces the names in a text: known names by their titles, unknown ones of ``named`` by a number."""
    given = {name: title for name, title in titles.items() if title}
    known = {_plain(name) for name in given}
    unknown = [name for name in dict.fromkeys(named) if _plain(name) not in known and not is_role(name)]
    return _replacer({**given, **{name: f"{UNKNOWN} {n}" for n, name in enumerate(unknown, start=1)}})


def is_role(text: str) -> bool:
    """Return whether the words name a role or a team, or no one, and not a person."""
    parts = set(re.findall(r"[a-z]+", text.casefold()))
    return bool(parts & ROLE_WORDS) or len(parts) < 2 or text.isupper()


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _replacer(title_of: Mapping[str, str]) -> Callable[[str], str]:
    if not title_of:
        return lambda text: text
    titles = {_plain(name): title for name, title in title_of.items()}
    longest_first = sorted(titles, key=len, reverse=True)
    names = "|".join(r"\s+".join(re.escape(word) for word in name.split(" ")) for name in longest_first)
    pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(lambda match: titles[_plain(match[0])], text)


def _recommendation(recommendation: FileRecommendation, says: Callable[[str], str]) -> FileRecommendation:
    return replace(
        recommendation,
        text=says(recommendation.text),
        leads=tuple(dict.fromkeys(says(lead) for lead in recommendation.leads)),
        monitoring=tuple(says(text) for text in recommendation.monitoring),
        measures=tuple(says(text) for text in recommendation.measures),
        partnership_focus=says(recommendation.partnership_focus),
        impact=says(recommendation.impact),
        extra={heading: says(text) for heading, text in recommendation.extra.items()},
        actions=tuple(_action(action, says) for action in recommendation.actions),
    )


def _action(action: FileAction, says: Callable[[str], str]) -> FileAction:
    return replace(
        action,
        text=says(action.text),
        note=says(action.note),
        owners=tuple(dict.fromkeys(says(owner) for owner in action.owners)),
        evidence=says(action.evidence) if action.evidence else action.evidence,
        extra={heading: says(text) for heading, text in action.extra.items()},
    )
