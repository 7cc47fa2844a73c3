"""The recommendation that a row begins, goes back to, or goes on with."""

from __future__ import annotations

from collections.abc import Mapping

from ilacs_app.intake.reader.contents.document import EMPTY, Cell, visible
from ilacs_app.intake.reader.layout.matrix import Line
from ilacs_app.intake.reader.rows.above import Above, above
from ilacs_app.intake.reader.rows.doubts import doubts_across, kept_as_section
from ilacs_app.intake.reader.rows.drafts import Gathered, ItemCells, whole_number_of, words_alone
from ilacs_app.intake.reader.rows.table import PlanTable
from ilacs_app.plan.plan_file import OF_RECOMMENDATION


def begin_recommendation(row: Line, cells: Mapping[str, Cell], table: PlanTable, made: Gathered) -> ItemCells | None:
    """The recommendation that a row begins or goes back to; None if it goes on with the one before."""
    if table.source is not None:
        return begin_above(row, table, made)
    number, text = visible(cells.get("number", EMPTY).live), cells["recommendation"].live.strip()
    current = made.drafts[made.current] if made.drafts else None
    if current is not None and not _begins(number, text, cells, current):
        return None
    again = _earlier(made, number, text) if text else None
    if again is not None:
        return made.go_back_to(again)
    draft = ItemCells(row.at, places=table.places, unsure=table.is_unsure)
    for section in [context for context in row.context if context.kind == "across"]:
        draft.add_extra("Section", section.text)
        if section.at not in {problem.at for problem in made.problems}:
            made.problems.append(kept_as_section(section))
    return made.begin(draft, words_alone(text))


def _begins(number: str, text: str, cells: Mapping[str, Cell], current: ItemCells) -> bool:
    if number and whole_number_of(number) != whole_number_of(current.text("number")):
        same = text and current.starts_with("recommendation", text) and not current.text("number")
        return not same
    if not text or current.starts_with("recommendation", text):
        return False
    # Without a number and an action, more words are the rest of the same recommendation.
    return bool(number or not cells["action"].is_blank or not current.text("number"))


def _earlier(made: Gathered, number: str, text: str) -> int | None:
    """The place of a recommendation of the same words, and of the same number where both have one, from before."""
    for place in made.begun.get(words_alone(text), ()):
        draft = made.drafts[place]
        own = draft.text("number")
        if words_alone(draft.text("recommendation")) == words_alone(text) and (
            not number or not own or whole_number_of(number) == whole_number_of(own)
        ):
            return place
    return None


def begin_above(row: Line, table: PlanTable, made: Gathered) -> ItemCells | None:
    named = above(row, table.source or "file", table.several)
    if named is None:
        if made.drafts:
            return None
        named = Above("", table.explanation.frame.matrix.name or "The plan", row.at, "file", asked=True)
    for place in made.begun.get(words_alone(named.text), ()):
        draft = made.drafts[place]
        if (draft.text("number"), words_alone(draft.text("recommendation"))) == (named.number, words_alone(named.text)):
            return made.go_back_to(place)
    made.problems += doubts_across(row, named, made)
    draft = ItemCells(
        named.at, places=table.places, kind=named.kind, asked=named.asked, unsure=bool(table.explanation.second)
    )
    if named.number:
        draft.add("number", Cell(named.number))
    draft.add("recommendation", Cell(named.text))
    for name, cell in named.fields:
        draft.add(name, cell)
        draft.led_above = draft.led_above or name == "leads"
    _add_columns_above(draft, named, table)
    for label, text in named.extra:
        draft.add_extra(label, text)
    return made.begin(draft, words_alone(named.text))


def _add_columns_above(draft: ItemCells, named: Above, table: PlanTable) -> None:
    """Add what the row above has in the columns of the table: its owners are the leads of the recommendation."""
    for name, place in table.explanation.fields.items():
        if place >= len(named.cells) or name in {"number", "ref", "action"}:
            continue
        if name in OF_RECOMMENDATION:
            draft.add(name, named.cells[place])
        elif name == "owners":
            draft.add("leads", named.cells[place])
        elif named.cells[place].live:
            draft.add_extra(name, named.cells[place].live)
