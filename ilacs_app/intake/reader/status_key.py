"""What a file explains beside its plan: its key of status words, colours, scores and symbols, and its initials.

Green is "on track" in one council and "complete" in another, so a meaning is proposed and never assumed (product rule:
section 5; the plan keeps its own words).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ilacs_app.intake.reader.contents.colours import ALSO_CALLED
from ilacs_app.intake.reader.contents.document import Cell, Document, Grid, Paragraph, Row, visible
from ilacs_app.plan.parsing.statuses import COUNCIL_RATINGS, read_status
from ilacs_app.plan.rules import Status
from ilacs_app.text import plain

LEAST_KEY, WIDEST_KEY, LONGEST_WORD, LEAST_INITIALS = 2, 3, 40, 2
_RATINGS = frozenset({"red", "amber", "green", "blue"})
_COLOURS = frozenset(
    {*(word for word in COUNCIL_RATINGS if len(word) > 1), "gold", "purple", "white", "black", "no fill"}
)
_SIGN = re.compile(r"[\u2190-\u21ff\u2500-\u27bf\u2b00-\u2bff]+|\d{1,3} ?%|[1-5]|[A-Z]{1,2}|[A-Z]/[A-Z]")
# What a key says of work that is under way, whether or not it goes well.
_UNDER_WAY = re.compile(
    r"\b(?:o(?:n|ff) (?:track|target|schedule|course)|at risk|slip\w*|delay\w*|half|part|partly|partial|partially"
    r"|behind|late|started|begun|concerns?|issues?|risks?|overdue)\b"
)
_SUBJECT = re.compile(
    r"(?:the |all )?(?:actions?|tasks?|work|items?)(?: (?:is|are|has|have|has been|have been))? ", re.IGNORECASE
)
_DONE_AND_MORE = re.compile(r"^(completed?|done|achieved|delivered|closed|finished) and ", re.IGNORECASE)
_NOT_BEGUN = re.compile(
    r"\b(?:not (?:yet )?(?:been )?(?:started|begun|commenced|due|under ?way)|yet to (?:start|begin)|no progress)\b"
)
_EMBEDDED = re.compile(r"(?:fully |now |complete(?:d)? and )?(?:embedded|business as usual|sustained)\b")
_INITIALS = re.compile(r"[A-Z][A-Za-z]?[A-Z]{1,3}|[A-Z]{2,6}")
_IN_A_LINE = re.compile(
    r"(?P<word>\b(?:red|amber|green|blue|grey|gray|yellow|purple|white|gold|black)\b|[\u2190-\u21ff\u2500-\u27bf]"
    r"|(?-i:\b[BRAGYW]\b(?=\s*[=:\u2013])))"
    r"\s*(?:=|:|-|\u2013|\bis\b|\bmeans\b)\s*(?P<means>[^,;.|\n]+)",
    re.IGNORECASE,
)

_KEY_LINE = re.compile(
    r"(?P<word>[^\s=](?:[^=\n]{0,38}[^\s=])?) ?= ?(?P<means>\S.*)"
    r"|(?P<short>[A-Z][A-Za-z]?[A-Z]{1,3}|(?i:red|amber|green|blue|gr[ae]y|yellow)) ?[:\u2013-] ?"
    r"(?P<stands_for>\S.*)"
)
"""A line that says what one word, colour or set of initials stands for: "LM = Locality Manager"."""
_SCORED = re.compile(
    r"(?<![\w.%/-])(?P<word>[A-Z]{1,3}|\d{1,3} ?%|\d)\s*(?P<joint>[=:\u2013-])\s*"
    r"(?P<means>[^\W\d][^,;.|\n=]*?)(?=\s*(?:[,;.|\n]|$|[ (](?:[A-Z]{1,3}|\d{1,3} ?%|\d)\s*[=:\u2013]))"
)
"""A score, share or short code and what it means: "1 = not started", "IP: in progress"."""
LEAST_MEANT, LEAST_BY_COLON = 2, 3
_STRUCK = re.compile(r"\b(?:struck|crossed|stricken)[ -]?(?:through|out|off)|\bstrike[ -]?through")
_DONE = re.compile(r"\b(?:complete[d]?|done|closed|finished|achieved|delivered)\b")
_TAKEN_OUT = re.compile(r"\b(?:withdrawn|cancelled|removed|no longer|deleted|superseded|replaced|dates?|not)\b")


@dataclass(frozen=True)
class Legend:
    """What initials stand for, and what the file's own status words and symbols mean, by ``key_word``."""

    initials: Mapping[str, str]
    key: Mapping[str, str]
    key_as_written: Mapping[str, str]
    """The same key under the words as the file writes them."""
    struck_is_done: bool = False
    """Whether the file says that what is struck out is complete."""


def legend_of(document: Document, beside: Sequence[Grid], lines: Iterable[str]) -> Legend:
    """The legend of a file, from the tables that are not its plan, its paragraphs, and lines left out of its tables."""
    key_as_written = _status_key(beside)
    texts = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    texts_and_lines = [*texts, *lines, *_lines_in(document)]
    for text in texts_and_lines:
        pairs = [(match["word"], match["means"].strip()) for match in _IN_A_LINE.finditer(text)]
        if len(pairs) >= LEAST_KEY:
            for word, means in pairs:
                key_as_written.setdefault(word, means)
    for word, means in _scores(texts_and_lines):
        key_as_written.setdefault(word, means)
    cells = (cell.text for grid in beside for row in grid.rows for cell in row.cells)
    struck_is_done = any(_says_struck_is_done(text) for text in (*texts_and_lines, *cells))
    key = {key_word(word): means for word, means in key_as_written.items()}
    return Legend(_initials_of(beside, texts), key, key_as_written, struck_is_done)


def _lines_in(document: Document) -> Iterator[str]:
    """The rows of one cell of the tables: a key may be in one above the headings or below the last row.

    A CSV file parts a line at its commas, so a row of nothing but scores and their meanings is a line too.
    """
    for grid in document.grids:
        for row in grid.rows:
            texts = [cell.text for cell in row.cells if not cell.is_blank and cell.merged is None]
            if len(texts) == 1 or (texts and all(_SCORED.search(text) or _IN_A_LINE.search(text) for text in texts)):
                yield ", ".join(texts)


def _scores(texts: Sequence[str]) -> list[tuple[str, str]]:
    """The scores, shares and short codes that lines explain, if two or more of a line mean a delivery status.

    Lines of one pair each are one key. Without "=", three pairs are needed: "1: Front door" may be a list.
    """
    by_line = [list(_SCORED.finditer(text)) for text in texts]
    listed = [pairs[0] for pairs in by_line if len(pairs) == 1 and pairs[0].end() == len(pairs[0].string.rstrip(" .;"))]
    key: list[tuple[str, str]] = []
    for pairs in (*(pairs for pairs in by_line if len(pairs) > 1), listed):
        least = LEAST_KEY if all(pair["joint"] == "=" for pair in pairs) else LEAST_BY_COLON
        meant = sum(meant_by(pair["means"]) is not None for pair in pairs)
        if len(pairs) >= least and meant >= max(LEAST_MEANT, len(pairs) / 2):
            key += [(pair["word"], pair["means"].strip(" )")) for pair in pairs]
    return key


def is_key_line(texts: Sequence[str]) -> bool:
    """Return whether the cells of a row hold nothing but a key: each has a score or colour with its meaning."""
    if not texts or not all(_SCORED.search(text) or _IN_A_LINE.search(text) for text in texts):
        return False
    line = ", ".join(texts)
    return bool(_scores([line])) or len(_IN_A_LINE.findall(line)) >= LEAST_KEY


def _says_struck_is_done(text: str) -> bool:
    """Return whether a text explains that what is struck out is complete."""
    lowered = plain(text) if "str" in text or "Str" in text or "ross" in text else ""
    sentences = (sentence for sentence in re.split(r"[.;\n]", lowered) if _STRUCK.search(sentence))
    return any(_DONE.search(sentence) and not _TAKEN_OUT.search(sentence) for sentence in sentences)


def _status_key(grids: Sequence[Grid]) -> dict[str, str]:
    """The council's words and what they mean, from tables of a colour, symbol or status word and its meaning."""
    key: dict[str, str] = {}
    for grid in grids:
        pairs = list(_pairs(grid))
        if len(pairs) >= LEAST_KEY and any(key_word(word) in _COLOURS or _SIGN.fullmatch(word) for word, _ in pairs):
            for word, means in pairs:
                key.setdefault(word, means)
    return key


def _pairs(grid: Grid) -> Iterator[tuple[str, str]]:
    for row in grid.rows:
        cells = [cell for cell in row.cells if not cell.is_blank and cell.merged is None]
        texts = [visible(cell.live) for cell in cells]
        fill = _fill(row.cells)
        if texts and len(texts) <= LEAST_KEY and (line := key_line(texts[-1])):
            if is_key_word(line[0]) and not _is_only_initials(*line):
                yield line
            continue
        if len(texts) == 1 and fill:
            texts = [fill, *texts]
        short = 2 <= len(texts) <= WIDEST_KEY and len(texts[0]) <= LONGEST_WORD
        if short and is_key_word(texts[0]) and not _is_only_initials(texts[0], texts[1]):
            yield texts[0], texts[1]
            if fill and len(texts[0]) <= 3 and len(texts) == 2:
                yield fill, texts[1]


def _fill(cells: Sequence[Cell]) -> str:
    return next((cell.fill.capitalize() for cell in cells if cell.fill in _COLOURS), "")


def _is_only_initials(word: str, means: str) -> bool:
    """Return whether a pair is of a list of people or bodies: initials, and nothing about how far work is."""
    return bool(_INITIALS.fullmatch(word)) and meant_by(means) is None


def key_line(text: str) -> tuple[str, str] | None:
    """A word and what it stands for out of "Blue = complete"; None for any other text."""
    line = _KEY_LINE.fullmatch(visible(text))
    return (line["word"] or line["short"], line["means"] or line["stands_for"]) if line else None


def is_key_word(word: str) -> bool:
    """Return whether a word, colour, score or symbol is one that a key explains."""
    word = visible(word)
    return (
        key_word(word) in _COLOURS
        or bool(_SIGN.fullmatch(word))
        or (bool(word) and read_status(word).status_text == word)
    )


def key_word(word: str) -> str:
    """A status word or colour made comparable."""
    return plain(visible(word))


def meant_by(meaning: str) -> Status | None:
    """The delivery status that a key's own words come nearest to; none where they say nothing of delivery."""
    means = _SUBJECT.sub("", meaning.strip())
    reading = read_status(means)
    if not reading.status_text:
        reading = read_status(_DONE_AND_MORE.sub(r"\1, ", means))
    if reading.status is not None:
        return reading.status
    phrase = plain(meaning)
    if _NOT_BEGUN.search(phrase):
        return Status.NOT_STARTED
    if _EMBEDDED.match(phrase):
        return Status.EMBEDDED
    return Status.IN_PROGRESS if _UNDER_WAY.search(phrase) else None


def _initials_of(grids: Sequence[Grid], texts: Sequence[str]) -> dict[str, str]:
    """Return what initials stand for, from two-column tables of initials and words, or one line of them."""
    initials: dict[str, str] = {}
    for grid in grids:
        pairs = []
        for row in grid.rows:
            filled = [visible(cell.live) for cell in row.cells if not cell.is_blank]
            if len(filled) == 2:
                short, meaning = filled
                pairs.append((short, meaning))
        known = [
            (short, meaning) for short, meaning in pairs if _INITIALS.fullmatch(short) and len(meaning) > len(short)
        ]
        if len(known) >= LEAST_INITIALS and len(known) + 1 >= len(pairs):
            for short, meaning in known:
                initials.setdefault(short, meaning)
        lines = [line for row in grid.rows if (line := _line_of_key(row)) and _INITIALS.fullmatch(line[0])]
        if len(lines) >= LEAST_INITIALS:
            for short, meaning in lines:
                initials.setdefault(short, meaning)
    for text in texts:
        listed = re.findall(
            r"\b([A-Z][A-Za-z]?[A-Z]{1,3})\s*(?:=|\u2013|-|:)\s*([A-Z][A-Za-z][^,;=]+?)(?=[,;.]|$)", text
        )
        if len(listed) >= LEAST_INITIALS:
            for short, meaning in listed:
                initials.setdefault(short, meaning.strip())
    return initials


def _line_of_key(row: Row) -> tuple[str, str] | None:
    """The word and the meaning in the only cell of a row; None where it has more cells, or explains nothing."""
    texts = [cell.live for cell in row.cells if not cell.is_blank and cell.merged is None]
    return key_line(texts[0]) if len(texts) == 1 else None


def rating_word(cell: Cell, has: Callable[[str], bool]) -> str:
    """The word of a rating that is a fill alone; ``has`` says whether the file's own key names a colour."""
    if cell.live.strip() or not cell.fill or cell.pale:
        return ""
    named = cell.fill if has(cell.fill) else nearest_rating(cell.fill)
    return named.capitalize() if named in _RATINGS or has(named) else ""


def nearest_rating(fill: str) -> str:
    """The rating colour of a fill: its own name, or that which it is called most; "" where that is none."""
    named = fill if fill in _RATINGS else ALSO_CALLED.get(fill, (fill,))[0]
    return named if named in _RATINGS else ""
