"""Explanations of one matrix: where its headings are, which rows name a recommendation, and what is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from ilacs_app.intake.reader.columns.evidence import EvidenceKinds
from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.columns.traits import traits
from ilacs_app.intake.reader.contents.document import plain, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.matrix import (
    LONGEST_HEADING,
    Candidate,
    Context,
    Line,
    Matrix,
    RowRole,
    joined_headings,
    labelled_pairs,
)
from ilacs_app.intake.reader.layout.outline import by_levels

LAST_HEADING_ROW, MOST_HEADING_ROWS, TRIED_HEADINGS = 25, 3, 4
DATA = frozenset({"dates", "status", "rated", "refs", "numbers", "persons", "ongoing", "levels", "signs"})
_NUMBERED = re.compile(
    r"(?P<label>(?:[^\W\d]+[ /]+){0,4}?)\(?(?P<number>(?:[A-Z]{1,3}[ .-]?)?\d{1,3}[a-z]?|[A-Z])\)?"
    r"(?P<sep>\s*[:.)\u2010-\u2015-]+\s*|\s+)(?P<text>\S.*)",
    re.DOTALL,
)
_FOOTER = re.compile(
    r"\b(?:prepared|updated|version|page|key|note|notes|source|total|rag|brag|signed|date|author|owner|contact"
    r"|status as at"
    r"|end of|made by|produced|approved|copyright|official|draft)\b",
    re.IGNORECASE,
)


_YEAR = re.compile(r"20\d\d(?: ?[/-] ?(?:20)?\d\d)?")
"""What a group of months is headed by."""
_PROMPT = re.compile(
    r"\?$|\.\.\.|\u2026|\bdd/mm|\be\.?g\b|^\(.*\)$|\b(?:enter|insert|state|give|list)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Numbered:
    """The number and the words of a line that names a recommendation; ``label`` is what was before the number."""

    number: str
    text: str
    label: str = ""


def numbered(text: str, mark: str = "") -> Numbered:
    """Split "Priority area 1 – Supervision is irregular" into number and words; no number where none leads."""
    text = visible(text)
    if mark.strip(" .)"):
        return Numbered(mark.strip(" .)("), text)
    match = _NUMBERED.fullmatch(text)
    if match and _is_number(match):
        text = _without_label(match["text"].strip())
        label = match["label"].strip()
        number = "" if text != match["text"].strip() and _GROUP.fullmatch(label) else match["number"].strip()
        return Numbered(number, text, label)
    label, colon, rest = text.partition(":")
    evidence = heading_evidence(label).weights if colon and len(label) < 40 else {}
    if evidence.get("recommendation", 0.0) >= 3 or evidence.get("impact", 0.0) >= 4:
        if "priority" in label.lower():  # Ofsted's areas for priority improvement weigh more than others
            return Numbered("", text, label.strip())
        return Numbered("", rest.strip() or text, label.strip())
    return Numbered("", text)


def _without_label(text: str) -> str:
    """The words after "Ofsted recommendation:", which only says what they are, and after what it is part of."""
    label, colon, rest = text.partition(":")
    label = re.split(r"\s[\u2010-\u2015-]\s", label)[-1]
    evidence = heading_evidence(label)
    only_a_label = colon and evidence.known in {"own", "phrase"} and best_field(evidence.weights) == "recommendation"
    return rest.strip() or text if only_a_label else text


_GROUP = re.compile(r"(?:work ?stream|theme|section|part|chapter|tab|sheet|board|strand)", re.IGNORECASE)
"""What a number before a recommendation counts, where it is not the recommendation."""
_NO_NUMBER = re.compile(
    r"\b(?:version|v|draft|page|issue|edition|quarter|q|week|month|year|as at|dated?|on|of|at|from|in|by|the)$", re.I
)


def _is_number(match: re.Match[str]) -> bool:
    label, number, sep, text = match["label"].strip(), match["number"], match["sep"], match["text"]
    if _NO_NUMBER.search(label) or (sep.strip() in {".", "-", "/"} and text[0].isdigit()):
        return False
    if label:
        return bool(sep.strip()) or text[0].isupper()
    if number.isalpha():
        return bool(sep.strip()) and len(number) == 1 and sep.strip() in {":", ".", ")"}
    return bool(sep.strip(" ")) or text[0].isupper()


def frames(
    matrix: Matrix, common: Counter[tuple[str, ...]], near: date, evidence: EvidenceKinds
) -> Iterator[Candidate]:
    """Every explanation of a matrix that is worth scoring. ``common`` counts the words of rows over the whole file."""
    for top, bottom, quality in _heading_rows(matrix, common, near, evidence):
        for lone in ("plain", "across") if evidence.layout else ("plain",):
            frame = _frame(matrix, top, bottom, quality, lone)
            if frame is not None:
                yield frame
                outline = by_levels(frame) if lone == "plain" and evidence.layout else None
                if outline is not None:
                    yield outline


# Heading rows -----------------------------------------------------------------------------------------------


def _heading_rows(
    matrix: Matrix, common: Counter[tuple[str, ...]], near: date, evidence: EvidenceKinds
) -> Iterator[tuple[int, int, float]]:
    """Yield the places where headings may be: the first row, the row after the last, and how well they look."""
    candidates: list[tuple[float, int]] = []
    for at in range(min(LAST_HEADING_ROW, len(matrix.rows))):
        quality = _quality(matrix, at, common, near, evidence)
        if quality is not None and at + 1 < len(matrix.rows):
            candidates.append((quality, at))
    # Of headings that are typed again, the first ones are above all rows.
    first: dict[tuple[str, ...], tuple[float, int]] = {}
    for quality, at in candidates:
        best, place = first.get(_signature(matrix.rows[at]), (quality, at))
        first[_signature(matrix.rows[at])] = (max(best, quality), place)
    candidates = sorted(first.values(), key=lambda candidate: (-candidate[0], candidate[1]))
    for quality, at in candidates[:TRIED_HEADINGS]:
        yield at, at + 1, quality
        for top in range(at - 1, max(-1, at - MOST_HEADING_ROWS), -1):
            upper = matrix.rows[top]
            texts = [visible(upper.cells[n].live) for n in upper.filled]
            data = any(_is_data(text, near) and not _YEAR.fullmatch(text) for text in texts)
            if not evidence.layout or data or quality <= 0 or not _groups(upper, matrix.rows[at]):
                break
            yield top, at + 1, quality + 0.6
    if evidence.layout and not _ends_in_headings(matrix):
        yield 0, 0, -3.0


def _ends_in_headings(matrix: Matrix) -> bool:
    """Return whether the last row with words is a row of known headings, so that no row is filled in below it."""
    last = next((row for row in reversed(matrix.rows) if row.filled), None)
    if last is None:
        return False
    known = [heading_evidence(visible(last.cells[n].live)).known in {"own", "phrase"} for n in last.filled]
    return sum(known) >= 3 and sum(known) * 2 > len(known)


def _quality(
    matrix: Matrix, at: int, common: Counter[tuple[str, ...]], near: date, evidence: EvidenceKinds
) -> float | None:
    """Return how much a row looks like headings; None if it cannot be any."""
    row = matrix.rows[at]
    seen = [visible(row.seen(n).live) for n in range(matrix.width)]
    texts = [text for n, text in enumerate(seen) if text and (n == 0 or text != seen[n - 1])]
    if len(texts) < 2 or any(len(text) > LONGEST_HEADING for text in texts):
        return None
    if not row.is_head and labelled_pairs(row) and len(texts) <= 4 and matrix.width > 2:
        return None
    data = [text for text in texts if _is_data(text, near)]
    below = matrix.rows[at + 1 : at + 6]
    usual = sorted(len(line.filled) for line in below)[len(below) // 2] if below else 0
    quality = 2.0 * min(1.0, len(texts) / max(2, usual)) - 4.0 * len(data) / len(texts)
    quality -= 1.5 * (len(texts) - len(set(texts))) / len(texts)
    if evidence.headings:
        known = [heading_evidence(text) for text in texts if _may_be_heading(text, near)]
        fields = {best_field(signs.weights) for signs in known if signs.weights}
        quality += 1.2 * len(fields) * sum(bool(signs.weights) for signs in known) / len(texts)
    if row.is_head:
        quality += 2.0
    if common[_signature(row)] > 1:
        quality += 2.0
    if all(row.cells[n].bold for n in row.filled) and not all(
        line.cells[n].bold for line in below[:1] for n in line.filled
    ):
        quality += 1.0
    return quality + _contrast(matrix, at, near) - 0.15 * at


def _is_data(text: str, near: date) -> bool:
    """Return whether words are a value and no heading: a date, a status, a name, or a sentence that says what to do."""
    if heading_evidence(text).known in {"own", "phrase"}:
        return False
    kinds = traits(text, near)
    return bool(
        kinds & DATA and not (kinds & {"persons"} and heading_evidence(text).weights and len(text.split()) < 3)
    ) or ("verbs" in kinds and "long" in kinds and "?" not in text)


def _may_be_heading(text: str, near: date) -> bool:
    known = heading_evidence(text)
    if known.known in {"own", "phrase", "slip"}:
        return True
    return not _is_data(text, near) and len(text.split()) <= 9 and max(known.weights.values(), default=0.0) >= 3.0


_KINDS = ("dates", "persons", "status", "rated", "refs", "numbers", "verbs", "long", "signs", "boards")


def _contrast(matrix: Matrix, at: int, near: date) -> float:
    """Count how often a row differs in kind from the columns below it, less how often it agrees."""
    below = matrix.rows[at + 1 : at + 13]
    total = 0.0
    for place in range(matrix.width):
        text = visible(matrix.rows[at].seen(place).live)
        cells = [visible(row.cell(place).live) for row in below if not row.cell(place).is_blank]
        if not text or len(cells) < 2:
            continue
        own = traits(text, near)
        below_has = [traits(cell, near) for cell in cells]
        for kind in _KINDS:
            share = sum(kind in kinds for kinds in below_has) / len(below_has)
            if share > 0.7:
                total += -0.8 if kind in own else 0.5
                break
    return max(-3.0, min(3.0, total))


def _groups(upper: Line, lower: Line) -> bool:
    """Return whether a row names groups of the columns that the row below it heads."""
    filled = upper.filled
    if len(filled) < 2 and not any(upper.cells[n].columns > 1 for n in filled):
        return False
    if len(filled) == 2 and filled[0] == 0 and upper.cells[0].columns == 1 and upper.cells[0].rows == 1:
        return False  # a label and its value
    short = all(len(visible(upper.cells[n].live)) <= LONGEST_HEADING for n in filled)
    merged = any(upper.cells[n].columns > 1 or upper.cells[n].rows > 1 for n in filled)
    whole = len(filled) == 1 and upper.cells[filled[0]].columns >= len(lower.cells) - 1
    gaps = len(filled) < len(lower.filled)
    beside = any(n not in lower.filled for n in filled)
    return short and not whole and (merged or (gaps and len(filled) >= 2) or beside)


def _signature(row: Line) -> tuple[str, ...]:
    return tuple(plain(cell.live) for cell in row.cells)


def signatures(matrices: Sequence[Matrix]) -> Counter[tuple[str, ...]]:
    """Return how often each row's words are in a file, among its first rows of two cells and more."""
    return Counter(
        _signature(row) for matrix in matrices for row in matrix.rows[:LAST_HEADING_ROW] if len(row.filled) > 1
    )


# Rows -------------------------------------------------------------------------------------------------------


def _frame(matrix: Matrix, top: int, bottom: int, quality: float, lone: str) -> Candidate | None:
    heads = matrix.rows[top:bottom]
    headings = joined_headings(_filled_from_the_left(heads), matrix.width)
    roles = [RowRole(row.index, "heading") for row in heads]
    above = _above(matrix, top, roles)
    if lone == "across" and above and above[-1].kind == "above" and above[-1].at == matrix.rows[top - 1].at:
        above[-1] = replace(above[-1], kind="across")  # the first line is above the headings, the others below
    body = matrix.rows[bottom:]
    usual, left = _usual(body)
    alone = [lone == "across" and _stands_alone(row, usual, left, body, n) for n, row in enumerate(body)]
    two = any(a and b for a, b in pairwise(alone))
    lines: list[Line] = []
    stack: list[Context] = []
    block: list[Context] = []
    across = 0
    texts_of_heads = {_signature(row) for row in heads}
    for n, row in enumerate(body):
        if _signature(row) in texts_of_heads or _is_heading_again(row, heads):
            roles.append(RowRole(row.index, "heading", "the headings again"))
            continue
        aside = _aside(row, n, lone)
        if aside is not None:
            roles.append(aside)
            continue
        if alone[n]:
            if is_furniture(row.cells[row.filled[-1]].live) or _is_footer(row, body, n):
                roles.append(RowRole(row.index, "left_out", "a line below the table"))
                continue
            across += 1
            stack = _deeper(stack, _context(row), alone, n, two=two)
            block = []
            roles.append(RowRole(row.index, "recommendation", "it goes across the table"))
            continue
        pairs = labelled_pairs(row) if lone == "across" and usual > 2 and len(row.filled) <= 2 else []
        if pairs and _first_cell_has_colon(row):
            block += [Context("block", value.live, row.at, label) for label, value in pairs]
            roles.append(RowRole(row.index, "above", "a label and its value"))
            continue
        named = [context for context in above if context.kind != "across"] if stack else above
        lines.append(replace(row, context=(*matrix.context, *row.context, *named, *stack, *block)))
        roles.append(RowRole(row.index, "action"))
    if not lines or (lone == "across" and not across and not block):
        return None
    head_at = heads[-1].at if heads else matrix.rows[0].at
    layout = "rows across" if lone == "across" else "table"
    return Candidate(matrix, layout, headings, tuple(lines), matrix.names, head_at, tuple(roles), bottom - top, quality)


def _aside(row: Line, n: int, lone: str) -> RowRole | None:
    """The role of a row that says nothing of the plan: a line of the page, or prompts below the headings; else None."""
    if lone == "across" and len(row.filled) == 1 and is_furniture(row.cells[row.filled[0]].live):
        return RowRole(row.index, "left_out", "a line that is not part of the table")
    if n == 0 and _is_prompts(row):
        return RowRole(row.index, "heading", "it says what to write under each heading")
    return None


def _may_be_label(row: Line) -> bool:
    """Return whether a row is a few words and, beside them, a value."""
    filled = row.filled
    return len(filled) == 2 and filled[0] == 0 and len(visible(row.cells[0].live)) <= 60


def _is_prompts(row: Line) -> bool:
    """Return whether a row tells whoever fills the form in what to write: questions, examples, a date's pattern."""
    texts = [visible(row.cells[n].live) for n in row.filled]
    return len(texts) > 2 and sum(bool(_PROMPT.search(text)) for text in texts) >= 0.6 * len(texts)


def _first_cell_has_colon(row: Line) -> bool:
    return all(":" in row.cells[n].live for n in row.filled[:1])


def _filled_from_the_left(heads: Sequence[Line]) -> Sequence[Line]:
    """Without merged cells, extend the name of a group from its first column over the blanks after it."""
    if len(heads) < 2 or any(cell.columns > 1 for row in heads[:-1] for cell in row.cells):
        return heads
    filled = []
    for row in heads[:-1]:
        cells = list(row.cells)
        last = None
        for n, cell in enumerate(cells):
            if not cell.is_blank:
                last = cell
            elif last is not None and n not in row.over and not heads[-1].cell(n).is_blank:
                cells[n] = last
        filled.append(replace(row, cells=tuple(cells)))
    return (*filled, heads[-1])


def _usual(body: Sequence[Line]) -> tuple[int, int]:
    """Return how many cells rows usually fill, and the first column that full rows fill."""
    sizes = sorted(len(row.filled) + len(row.over) for row in body)
    left = min((row.filled[0] for row in body if len(row.filled) > 2), default=0)
    return (sizes[(len(sizes) * 3) // 5] if sizes else 0), left


def _is_heading_again(row: Line, heads: Sequence[Line]) -> bool:
    filled = row.filled
    if len(filled) < 2 or not heads:
        return False
    same = sum(any(plain(row.cells[n].live) == plain(head.cell(n).live) for head in heads) for n in filled)
    return same >= max(2, 0.8 * len(filled))


def _stands_alone(row: Line, usual: int, left: int, body: Sequence[Line], n: int) -> bool:
    """Return whether a row is one line of words, or a number and words, where rows of the table have more."""
    filled = row.filled
    if not filled or filled[0] > left + 1:
        return False
    first = row.cells[filled[0]]
    if len(filled) == 1:
        if first.columns >= max(2, len(row.cells) // 2):
            return True
        return usual > 1 and filled[0] <= left and not row.over and "\n" not in first.live
    return (
        len(filled) == 2
        and usual > 3
        and filled[1] <= left + 2
        and bool(re.fullmatch(r"(?:[A-Za-z ]{0,20})\d{1,2}[.:)]?", visible(first.live)))
        and not any(line.filled[:1] == filled[:1] for line in body[n + 1 : n + 2])
    )


def _is_footer(row: Line, body: Sequence[Line], n: int) -> bool:
    """Return whether only lines like this one follow, and nothing numbers it as the recommendations are."""
    rest = body[n:]
    if any(len(line.filled) > 2 for line in rest):
        return False
    text = row.cells[row.filled[0]].live
    return row.after_gap or any(line.after_gap for line in body[max(0, n - 2) : n]) or not numbered(text).number


def _context(row: Line) -> Context:
    texts = [visible(row.cells[n].live) for n in row.filled]
    mark = texts[0] if len(texts) == 2 else ""
    if mark:
        mark = numbered(f"{mark} - x").number or mark
    return Context("across", texts[-1], row.at, mark=mark, cells=row.cells)


def _deeper(stack: list[Context], context: Context, alone: Sequence[bool], n: int, *, two: bool) -> list[Context]:
    """The contexts after one more row across: a second one straight below the first is under it. ``two`` says
    that the table has such pairs, so that a single one is under the theme before it.
    """
    under = n > 0 and alone[n - 1]
    over = n + 1 < len(alone) and alone[n + 1]
    if over and not (under and stack):
        return [context]
    if stack and (under or two):
        return [stack[0], replace(context, level=1)]
    return [context]


def _above(matrix: Matrix, top: int, roles: list[RowRole]) -> list[Context]:
    """Return what is above the headings inside the table: labels with values, and lines of words."""
    contexts: list[Context] = []
    unknown = sum(_may_be_label(row) for row in matrix.rows[:top]) > 1
    for row in matrix.rows[:top]:
        pairs = labelled_pairs(row)
        if not pairs and unknown and _may_be_label(row):
            first, second = row.filled
            pairs = [(visible(row.cells[first].live).rstrip(": "), row.cells[second])]
        texts = list(dict.fromkeys(visible(row.cells[n].live) for n in row.filled))
        if pairs:
            contexts += [Context("block", value.live, row.at, label, doubted=row.doubted) for label, value in pairs]
            roles.append(RowRole(row.index, "above", "labels and their values"))
        else:
            if len(texts) == 1 and not is_furniture(texts[0]):
                contexts.append(Context("above", texts[0], row.at))
            roles.append(RowRole(row.index, "above", "it is above the headings"))
    return contexts
