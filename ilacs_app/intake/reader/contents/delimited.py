"""A CSV file as a document: its encoding, its separator and its rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ilacs_app.intake.reader.contents.document import EMPTY, Cell, Document, Grid, Row
from ilacs_app.plan.plan_file import restored

_MARKS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES: Mapping[str, str] = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp850": "DOS (850)",
}
_OF_ONE_BYTE = ("cp1252", "mac_roman", "cp850")
"""In the order that decides a tie."""
LEAST_WITHOUT_BOM = 0.3
"""Share of zero bytes on one side of the pairs from which a file is taken for UTF-16 without its mark."""
MOST_NAMED = 5


class NotText(ValueError):
    """The file is not text: it holds bytes that no text has."""


class NeverClosed(ValueError):
    """A quotation mark is never closed."""


@dataclass(frozen=True)
class Decoded:
    """A text, and what its reader should know of how it was read."""

    text: str
    remarks: tuple[str, ...] = ()


def read_csv(data: bytes, name: str) -> Document:
    """The rows of a CSV file.

    Raises:
        NotText: it is no text inside.
        NeverClosed: a quotation mark is never closed.
    """
    decoded = decode(data)
    rows = tuple(
        Row(f"row {line}", tuple(Cell(text) if text else EMPTY for text in cells))
        for line, cells in _table(decoded.text)
    )
    return Document("csv", name, (Grid("", rows, lettered=True, remarks=decoded.remarks),))


def decode(data: bytes) -> Decoded:
    """The text of some bytes, by the encoding that explains all of them and makes English.

    A byte order mark decides; then UTF-8, if all bytes agree with it; then that of Windows, of the Mac and of DOS under
    which the signs beyond ASCII are where English has them. Where lines disagree, as in a file put together from two,
    each is read by itself.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            if encoding != "utf-8-sig":
                return Decoded(data.decode(encoding, "replace"))
            try:
                return Decoded(data.decode(encoding))
            except UnicodeDecodeError:
                return _by_line(data.removeprefix(mark))
    wide = _wide_without_mark(data)
    if wide:
        return Decoded(data.decode(wide, errors="replace"))
    if b"\0" in data:
        raise NotText("zero bytes")
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _by_line(data)


def is_wide(data: bytes) -> bool:
    """Return whether a text has more than one byte for each character, so that zero bytes in it are no fault."""
    return any(data.startswith(mark) for mark, encoding in _BOMS if encoding != "utf-8-sig") or bool(
        _wide_without_mark(data)
    )


def _wide_without_mark(data: bytes) -> str:
    """The sixteen-bit encoding of a text that has lost its mark: every other byte of English is zero."""
    sample = data[:4000]
    if len(sample) < 4 or len(data) % 2:
        return ""
    even, odd = sample[::2].count(0) / len(sample[::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > LEAST_WITHOUT_BOM and even < odd / 10:
        return "utf-16-le"
    if even > LEAST_WITHOUT_BOM and odd < even / 10:
        return "utf-16-be"
    return ""


def _by_line(data: bytes) -> Decoded:
    lines = data.splitlines(keepends=True)
    encodings = ["" if line.isascii() else "utf-8" if _is_utf8(line) else "?" for line in lines]
    unclear = [line for line, encoding in zip(lines, encodings, strict=True) if encoding == "?"]
    usual = _best(b"".join(unclear))
    strange = sum(byte > 0x7F for line in unclear for byte in line)
    if strange > SOME * len(data) and _likelihood(b"".join(unclear), usual) <= NONSENSE * strange:
        raise NotText("it is not text in any encoding that we know")
    for at, line in enumerate(lines):
        if encodings[at] == "?":
            own = _best(line)
            clearly = _likelihood(line, own) - _likelihood(line, usual) >= CLEARLY
            encodings[at] = own if clearly else usual
    text = "".join(line.decode(encoding or "ascii", "replace") for line, encoding in zip(lines, encodings, strict=True))
    return Decoded(text, tuple(_remarks(encodings)))


def _remarks(encodings: Sequence[str]) -> Iterator[str]:
    counted = Counter(encoding for encoding in encodings if encoding)
    if len(counted) < 2:
        return
    usual = counted.most_common(1)[0][0]
    other = [at for at, encoding in enumerate(encodings, start=1) if encoding not in ("", usual)]
    named = ", ".join(map(str, other[:MOST_NAMED])) + (
        f" and {len(other) - MOST_NAMED} more" if other[MOST_NAMED:] else ""
    )
    names = " and ".join(_NAMES[encoding] for encoding in sorted(counted))
    yield (
        f"The file mixes the encodings {names}. Each line was read by itself. "
        f"Check the accents and apostrophes of {'line' if len(other) == 1 else 'lines'} {named}."
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


CLEARLY = 2.0
"""How much likelier a line must be by itself than by the rest of the file, in characters."""
SOME, NONSENSE = 0.02, -0.5
"""Share of bytes beyond ASCII, and likelihood of each, from which a file is no text."""
_WORD_SIGN = re.compile(r"[A-Za-z]")
_OPENS, _CLOSES = "‘“(", "’”"
_IN_WORDS = set("éèêëáàâäíìîïóòôöúùûüñçÉŵŷŴŶãõåæøß")
_FREE = set("–—•…·✓½¼¾°²³×§©®™€†«»\xa0")


def _best(data: bytes) -> str:
    return max(_OF_ONE_BYTE, key=lambda encoding: _likelihood(data, encoding)) if data else _OF_ONE_BYTE[0]


def _likelihood(data: bytes, encoding: str) -> float:
    """Score how well the characters beyond ASCII fit English: about 1 for each that does, less for others."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    return sum(
        _fits(sign, text[at - 1] if at else " ", text[at + 1] if at + 1 < len(text) else " ")
        for at, sign in enumerate(text)
        if sign > "\x7f"
    )


def _fits(sign: str, before: str, after: str) -> float:
    if sign == "\ufffd" or sign < "\xa0":
        return -3.0
    in_word, goes_on = bool(_WORD_SIGN.match(before)), bool(_WORD_SIGN.match(after))
    if sign == "£":
        return 1.0 if after.isdigit() or not in_word else -1.0
    if sign == "’":
        return 1.0 if in_word or before.isdigit() else 0.2
    if sign in _OPENS:
        return 1.0 if goes_on and not in_word else -0.5
    if sign in _CLOSES:
        return 1.0 if not before.isspace() and not goes_on else -0.5
    if sign in "–—…":
        return 1.0 if not (in_word and goes_on) else 0.3
    if sign in _FREE:
        return 0.6 if not (in_word and goes_on) else -0.5
    if sign in _IN_WORDS:
        return 0.8 if in_word or goes_on else -0.5
    return -1.0


def _table(text: str) -> list[tuple[int, list[str]]]:
    """The rows with the number of the line on which each begins, with the separator that makes the best table."""
    first, _, rest = text.partition("\n")
    hint = re.fullmatch(r'"?sep=(.)"?\s*', first, re.IGNORECASE)  # Excel's own way to name the separator
    if hint:
        return [(line + 1, cells) for line, cells in _rows(rest, hint[1])]
    readings: list[list[tuple[int, list[str]]]] = []
    failed: csv.Error | None = None
    for mark in _MARKS:
        try:
            readings.append(_rows(text, mark))
        except NeverClosed as error:
            failed = csv.Error(str(error))
    best = max(readings, key=_evenness, default=[])
    inner = _unwrapped(best)
    if inner:
        return inner
    if failed and _evenness(best)[0] < 2:
        raise NeverClosed(str(failed))
    return best


def _unwrapped(rows: Sequence[tuple[int, Sequence[str]]]) -> list[tuple[int, list[str]]]:
    """The rows of a file whose every line was put into one pair of quotation marks; none where it was not."""
    lines = [(line, cells[0]) for line, cells in rows if any(cells)]
    if len(lines) < 2 or any(len(cells) > 1 for _, cells in rows):
        return []
    for mark in _MARKS:
        try:
            inner = [(line, _parsed(text, mark, strict=True)) for line, text in lines]
        except csv.Error:
            continue
        unwrapped = [(line, parsed[0][1]) for line, parsed in inner if len(parsed) == 1]
        if len(unwrapped) == len(lines) and _evenness(unwrapped)[0] > 2 and _evenness(unwrapped)[1] == 1.0:
            return unwrapped
    return []


def _evenness(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, float]:
    """Return how many cells most rows have, and the share of rows that have as many."""
    widths = Counter(len(cells) for _, cells in rows if any(cells))
    if not widths:
        return 0, 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return width, count / widths.total()


def _rows(text: str, mark: str) -> list[tuple[int, list[str]]]:
    try:
        return _parsed(text, mark, strict=True)
    except csv.Error as error:
        if "end of data" in str(error):
            raise NeverClosed(str(error)) from error
    try:
        return _parsed(text, mark, strict=False)  # a quotation mark inside a quoted cell, written once
    except csv.Error as error:
        raise NeverClosed(str(error)) from error


def _parsed(text: str, mark: str, *, strict: bool) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    line = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=strict)
    for cells in reader:
        rows.append((line, [restored(_tidy(cell)) for cell in cells]))
        line = reader.line_num + 1
    return rows


def _tidy(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").strip()
