"""Small pure functions on text: tidy it, make it printable, shorten it, count, compare."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

_BULLET = "•"
LONGEST_ENDING = 10
_SYMBOLS = {
    0xF02D: "–",
    0xF04A: "☺",
    0xF04C: "☹",
    0xF06C: "●",
    0xF06E: "■",
    0xF06F: "□",
    0xF071: "□",
    0xF0A2: "○",
    0xF0A8: "□",
    0xF0AB: "★",
    0xF0AC: "←",
    0xF0AE: "→",
    0xF0DE: "⇒",
    0xF0DF: "←",
    0xF0E0: "→",
    0xF0E8: "→",
    0xF0F0: "⇒",
    0xF0FB: "✗",
    0xF0FC: "✓",
    0xF0FD: "☒",
    0xF0FE: "☑",
    **dict.fromkeys((0xF075, 0xF076, 0xF077, 0xF09E, 0xF09F, 0xF0A7, 0xF0B7, 0xF0B2, 0xF0D8), _BULLET),
}
"""The private-use characters that Word pastes from Symbol and Wingdings: U+F000 plus the place in the font."""
_PASTED = re.compile("[\uf020-\uf0ff]")
_PASTED_BULLET = re.compile("^([ \t]*)[\uf020-\uf0ff](?=[ \t])", re.MULTILINE)
_LINE_BREAK = re.compile("\r\n?|[\u2028\u2029]")
_LEFT_OUT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)


def printable(text: str) -> str:
    """Return the text without what no file can hold.

    Control characters, surrogates and non-characters are left out; tabs and line breaks stay, the latter as ``\\n``. A
    bullet, tick or arrow that Word pasted as a private-use character becomes the character that it looked like.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _LEFT_OUT.sub("", _LINE_BREAK.sub("\n", text))
    if not _PASTED.search(text):
        return text
    text = _PASTED.sub(lambda sign: _SYMBOLS.get(ord(sign[0]), sign[0]), text)
    return _PASTED_BULLET.sub(rf"\1{_BULLET}", text)


def one_line(text: str) -> str:
    """Return the printable text as one line, each run of blanks as one blank."""
    return " ".join(printable(text).split())


def named(sign: str) -> str:
    """Return what is printed in place of a character that no font of ours shows: ``[U+1F600 grinning face]``."""
    code = f"{ord(sign):04X}"
    name = unicodedata.name(sign, "").lower()
    return f"[U+{code}{f' {name}' if name and code.lower() not in name else ''}]"


def cut(text: str, most: int, says: str, size: Callable[[str], int] = len) -> str:
    """Return the text if its ``size`` is at most ``most``, else its beginning and ``says``, together at most that."""
    if size(text) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) + size(says) <= most else (low, middle - 1)
    return text[:low] + says


def shortened(text: str, most: int) -> str:
    """Return the text as one line of at most ``most`` characters; one that is cut ends after a word, with ``…``."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[: most - 1].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"


def short_name(name: str, most: int, most_bytes: int) -> str:
    """Return the name of a file, at most so long in characters and in UTF-8 bytes; its ending stays."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    room = most_bytes - len(f"{dot}{ending}".encode())
    return cut(stem[: most - len(dot) - len(ending)], room, "", lambda part: len(part.encode())) + dot + ending


def tidy(text: str | None) -> str:
    """The text with one kind of line break and no space at its ends."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def whole_number(text: str | None, most: int) -> int | None:
    """The number from 0 to ``most`` that these digits name, however many they are; nothing if they name none."""
    given = text or ""
    if not (given.isascii() and given.isdecimal()):
        return None
    digits = given.lstrip("0") or "0"
    return int(digits) if len(digits) <= len(str(most)) and int(digits) <= most else None


def slug_of(name: str) -> str:
    """Lower case, apostrophes dropped, other characters to one hyphen (product rule 3, Board)."""
    plain = unicodedata.normalize("NFKD", re.sub("[’'‘`]", "", name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def plain_name(name: str) -> str:
    """A full name as it is compared: without regard to capitals and spaces."""
    return " ".join(name.casefold().split())


def plain(text: str) -> str:
    """Words made comparable: small letters, one kind of dash and apostrophe, single spaces, bare ends."""
    plain_text = unicodedata.normalize("NFKC", text).casefold()
    plain_text = re.sub("[\u2010-\u2015\u2212]", "-", plain_text).translate({0x2018: "'", 0x2019: "'"})
    return " ".join(plain_text.split()).strip(" .,;:")


def sentence(text: str) -> str:
    """Return the text with a capital at its beginning and a full stop at its end, if it has no other sign there."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"


def many(number: int, singular: str, more: str | None = None) -> str:
    """``1 day``, ``14 days``."""
    return f"{number:,} {singular if number == 1 else more or singular + 's'}"


def days_later(days: int) -> str:
    """``31 days later``; of fewer than none ``31 days earlier``."""
    return f"{many(abs(days), 'day')} {'later' if days >= 0 else 'earlier'}"


def joined_with_and(parts: Sequence[str]) -> str:
    """``a``; ``a and b``; ``a, b and c``."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def file_size(size: int | None) -> str:
    """``61 KB``, ``2.4 MB``; ``size`` in bytes."""
    kilobytes = (size or 0) / 1024
    return f"{max(1, round(kilobytes))} KB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB"
