"""What a form of the plan changes in one go, field by field as the record names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
