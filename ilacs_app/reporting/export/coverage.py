"""Which characters our fonts show, read from the fonts themselves, and text that holds only those."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ilacs_app.text import named

FONTS = Path(__file__).parent / "fonts"
FIRST, FALLBACK = ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"), ("DejaVuSans.ttf",)
_PRIVATE = "Co"  # PDF/UA allows no character without a meaning
_MARKS = frozenset({"Mn", "Mc", "Me"})
_NOT_SEEN = "Cf"
_JOINERS = "\u200c\u200d"
_VARIANTS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))


@cache
def signs_of(face: str) -> frozenset[int]:
    """The code points that a font of ours shows: its ``cmap``, as OpenType describes it (formats 4 and 12)."""
    data = (FONTS / face).read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {data[at : at + 4]: struct.unpack_from(">L", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    start = tables[b"cmap"]
    shown: set[int] = set()
    for n in range(struct.unpack_from(">H", data, start + 2)[0]):
        platform, _, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * n)
        kind = struct.unpack_from(">H", data, start + offset)[0]
        if platform in {0, 3} and kind in {4, 12}:
            shown.update((_short if kind == 4 else _long)(data, start + offset))
    return frozenset(sign for sign in shown if unicodedata.category(chr(sign)) != _PRIVATE)


def _short(data: bytes, at: int) -> Iterator[int]:
    twice = struct.unpack_from(">H", data, at + 6)[0]
    ends, starts, deltas, offsets = (at + 14 + n * twice + (2 if n else 0) for n in range(4))
    for n in range(0, twice, 2):
        end, start, delta, offset = (
            struct.unpack_from(">H", data, base + n)[0] for base in (ends, starts, deltas, offsets)
        )
        for sign in range(start, min(end, 0xFFFE) + 1):
            glyph = sign
            if offset:
                glyph = struct.unpack_from(">H", data, offsets + n + offset + 2 * (sign - start))[0]
                if not glyph:
                    continue
            if (glyph + delta) & 0xFFFF:
                yield sign


def _long(data: bytes, at: int) -> Iterator[int]:
    for n in range(struct.unpack_from(">L", data, at + 12)[0]):
        start, end, first = struct.unpack_from(">LLL", data, at + 16 + 12 * n)
        yield from (sign for sign in range(start, end + 1) if first + sign - start)


@cache
def _families() -> tuple[frozenset[int], ...]:
    """Return what each family shows in every weight that we have of it, in the order in which they are tried."""
    return tuple(frozenset.intersection(*map(signs_of, faces)) for faces in (FIRST, FALLBACK))


def settable(text: str) -> str:
    """Return the printable text, with the name of each character that our fonts do not show in its place.

    A character and the marks that are set on it come from one font; a mark that this font lacks is named after it.
    """
    if text.isascii():
        return text
    return "".join(_settable(unicodedata.normalize("NFC", text)))


def _settable(text: str) -> Iterator[str]:
    families = _families()
    for sign in text:
        code, kind = ord(sign), unicodedata.category(sign)
        if sign in "\n\t":
            families = _families()
        elif (kind == _NOT_SEEN and sign not in _JOINERS) or code in _VARIANTS:
            continue
        elif sign not in _JOINERS:
            families = tuple(family for family in (families if kind in _MARKS else _families()) if code in family)
            if not families:
                families = _families()
                sign = named(sign)
        yield sign
