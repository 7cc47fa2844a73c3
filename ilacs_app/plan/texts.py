"""What a form of the plan changes in one go, field by field as the record names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date


@dataclass(frozen=True)
class InspectionText:
    """``framework`` is its name with its version, such as “ILACS, April 2026”."""

    authority: str
    framework: str
    on_site_from: date | None = None
    on_site_until: date | None = None
    received_on: date | None = None
    published_on: date | None = None


@dataclass(frozen=True)
class PlanText:
    """``reporting_window`` in days; ``status_key`` the council's words and what they mean."""

    title: str
    short_name: str
    dated_on: date
    reporting_window: int
    inspection_id: int | None = None
    oversight_board_id: int | None = None
    reporting_committee: str = ""
    link_plans: list[str] = field(default_factory=list)
    glossary: Mapping[str, str] = field(default_factory=dict)
    role_titles: Mapping[str, str] = field(default_factory=dict)
    status_key: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class RecommendationText:
    """``accountable`` is one of ``leads`` and ``lead_board_id`` one of ``board_ids``; empty: the first of them."""

    text: str
    kind: str = ""
    judgement_area: str = ""
    leads: tuple[str, ...] = ()
    accountable: str = ""
    monitoring: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    partnership_focus: str = ""
    link_plans: tuple[str, ...] = ()
    board_ids: tuple[int, ...] = ()
    lead_board_id: int | None = None
    impact: str = ""
    exit_criteria: str = ""
    carried_forward_from: str = ""


OWN_COLUMNS = tuple(
    one.name
    for one in fields(RecommendationText)
    if one.name not in {"leads", "accountable", "board_ids", "lead_board_id"}
)
"""What a recommendation keeps in its own row; its leads and boards have rows of theirs."""


@dataclass(frozen=True)
class ActionText:
    text: str
    owners: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
