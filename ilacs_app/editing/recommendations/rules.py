"""The words of a recommendation as a form or a file gives them, before they are a row."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class RecommendationContent:
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
    column.name
    for column in fields(RecommendationContent)
    if column.name not in {"leads", "accountable", "board_ids", "lead_board_id"}
)
