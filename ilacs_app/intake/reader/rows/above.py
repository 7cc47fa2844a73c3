"""The recommendation that rows belong to, taken from what is above them if no column names it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ilacs_app.intake.reader.columns.headings import comparable, heading_evidence
from ilacs_app.intake.reader.contents.document import Cell, plain
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.explanations.explanation import Explanation
from ilacs_app.intake.reader.layout.matrix import Context, ContextKind, Line
from ilacs_app.intake.reader.layout.tables.numbers import Numbered, numbered
from ilacs_app.intake.reader.rows.lines import without_continued
from ilacs_app.intake.reader.weights import listed
from ilacs_app.plan.plan_file import OF_RECOMMENDATION

LABEL_IS_THE_FIELD = 3.0
_NUMBER = re.compile(r"(?:[A-Za-z]{1,14}\.? ?)?\d{1,6}[a-z]?[.)]?")
_NEAREST: tuple[ContextKind, ...] = ("outline", "across", "above", "heading", "paragraph", "sheet", "file")
_NOT_A_NAME = listed("""
    action actions action plan improvement plan plan progress key tasks tasks next steps table what we will do
""") | {"action plan", "improvement plan", "key actions", "what we will do", "next steps", "our actions", "the plan"}


_OF_STATE = re.compile(
    r"(?:\d+[.)]? )?(?:the |our )?(?:live|open|closed|completed?|outstanding|current|new|overdue|ongoing|finished"
    r"|archived|remaining|active)(?: (?:actions?|items?|tasks?|milestones?))(?: (?:since|to date|this|in|at|as"
    r"|continued|for|by|and|log|list|tracker|colour|b?rag)\b.*)?|(?:\d+[.)]? )?completed since .*|.* continued"
)
"""What tells actions from others by how far they are, and names no recommendation."""


@dataclass(frozen=True)
class Above:
    """The recommendation above a row. ``asked`` where only a title stands in for it; ``cells`` are those of its row."""

    number: str
    text: str
    at: str
    kind: str
    asked: bool = False
    cells: tuple[Cell, ...] = ()
    fields: tuple[tuple[str, Cell], ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


def source_of(plan: Sequence[Explanation]) -> dict[int, ContextKind]:
    """Return, for each table without a column of recommendations, the kind of text above it that names them.

    It is the nearest kind that differs between its rows, or between its table and the others. Keys are places.
    """
    texts: dict[ContextKind, set[str]] = {}
    for table in plan:
        for row in table.frame.rows:
            for context in row.context:
                texts.setdefault(context.kind, set()).add(plain(context.text))
    return {n: _source(table, texts) for n, table in enumerate(plan) if "recommendation" not in table.fields}


def _source(table: Explanation, texts: Mapping[ContextKind, set[str]]) -> ContextKind:
    kinds = {context.kind for row in table.frame.rows for context in row.context if _names_one(context)}
    if any(label_field(c) == "recommendation" for row in table.frame.rows for c in row.context if c.kind == "block"):
        return "block"
    for kind in ("outline", "across"):
        if kind in kinds:
            return kind
    for kind in _NEAREST[2:5]:
        own = [c for row in table.frame.rows for c in row.context if c.kind == kind]
        if kind in kinds and any(numbered(c.text, c.mark).number or numbered(c.text).label for c in own):
            return kind
    for kind in _NEAREST[2:6]:
        if kind in kinds and len(texts.get(kind, ())) > 1:
            return kind
    return next((kind for kind in ("heading", "above", "paragraph", "sheet", "file") if kind in kinds), "file")


def _names_one(context: Context) -> bool:
    text = comparable(context.text)
    return text not in _NOT_A_NAME and not _OF_STATE.fullmatch(text) and not is_furniture(context.text)


def above(row: Line, kind: ContextKind, several: bool) -> Above | None:
    """The recommendation above a row, by the kind of words that name it; ``several`` says that the file has more."""
    named = [context for context in row.context if context.kind == kind and _names_one(context)]
    block = [context for context in row.context if context.kind == "block"]
    fields = tuple((f, Cell(c.text)) for c in block if (f := label_field(c)) and f != "recommendation")
    labelled = [context for context in block if label_field(context) == "recommendation"]
    if kind == "block":
        if not labelled:
            return None
        own = _number_beside(block) or numbered(labelled[-1].text)
        number = own.number
        text = labelled[-1].text if _number_beside(block) else own.text
        extra = _extra(row, block, ())
        asked = labelled[-1].doubted
        return Above(number, text, labelled[-1].at, "block", asked=asked, fields=fields, extra=extra)
    if not named:
        return None
    context = named[-1]
    name = numbered(without_continued(context.text), context.mark)
    nearer = row.context[row.context.index(context) + 1 :]
    of_others = any(below.kind == kind and _OF_STATE.fullmatch(comparable(below.text)) for below in nearer)
    sure = (several or bool(name.number) or kind in {"outline", "across"}) and not of_others
    return Above(
        name.number,
        name.text,
        context.at,
        kind,
        asked=kind in {"sheet", "file"} or not sure,
        cells=context.cells if kind == "outline" else (),
        fields=fields,
        extra=_extra(row, block, named[:-1]),
    )


def _extra(row: Line, block: Sequence[Context], higher: Sequence[Context]) -> tuple[tuple[str, str], ...]:
    """Return the other fields above, by label; a theme above recommendations becomes their section."""
    own = [(c.label, c.text) for c in block if label_field(c) is None]
    return (*own, *(("Section", c.text) for c in higher))


def _number_beside(block: Sequence[Context]) -> Numbered | None:
    for context in block:
        weights = heading_evidence(context.label).weights
        named = max(weights.get("number", 0.0), weights.get("recommendation", 0.0), weights.get("ref", 0.0))
        if named >= LABEL_IS_THE_FIELD and _NUMBER.fullmatch(context.text.strip()):
            return numbered(f"{context.text.strip()} - x")
    return None


def label_field(context: Context) -> str | None:
    """The field of a recommendation that a label above a table names."""
    if context.doubted:
        return "recommendation"
    if _NUMBER.fullmatch(context.text.strip()):
        return None
    weights = dict(heading_evidence(context.label).weights)
    weights["leads"] = max(weights.get("leads", 0.0), weights.pop("owners", 0.0))
    weights.pop("number", None)
    best = max(weights, key=lambda name: weights[name], default="")
    return best if best in OF_RECOMMENDATION and weights[best] >= LABEL_IS_THE_FIELD else None
