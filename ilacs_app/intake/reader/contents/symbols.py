"""Signs of Microsoft's symbol fonts as Unicode characters.

A tick put in by "Insert symbol" is a letter of the font Wingdings, which is no tick in any other font. The tables hold
the symbols that people use in tables and lists: ticks, crosses, boxes, bullets, arrows, faces, stars and numbers in
circles (Unicode 7.0 took these fonts in; its names say which symbol is which).
"""

from __future__ import annotations

from collections.abc import Mapping

UNKNOWN_SIGN = "\ufffd"
"""Stands for a symbol of a symbol font that has no character here, so that someone checks it."""

_WINGDINGS = {
    0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x36: "⌛", 0x3F: "✍", 0x41: "✌", 0x43: "👍", 0x44: "👎", 0x45: "☜",
    0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x4D: "💣", 0x4E: "☠", 0x4F: "⚐", 0x50: "⚑",
    0x51: "✈", 0x52: "☼", 0x53: "💧", 0x54: "❄", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "◻", 0x71: "❑",
    0x72: "❒", 0x73: "⬧", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x78: "⌧", 0x79: "⍓", 0x7A: "⌘", 0x7B: "❀",
    0x7C: "✿", 0x7D: "❝", 0x7E: "❞", 0x80: "⓪",
    **{0x81 + n: chr(0x2460 + n) for n in range(10)}, 0x8B: "⓿", **{0x8C + n: chr(0x2776 + n) for n in range(10)},
    0x9E: "·", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA2: "⭕", 0xA3: "⭕", 0xA4: "◉", 0xA5: "◎", 0xA7: "▪", 0xA8: "◻",
    0xAA: "✦", 0xAB: "★", 0xAC: "✶", 0xAD: "✴", 0xAE: "✹", 0xAF: "✵", 0xB1: "⌖", 0xB2: "⟡", 0xB4: "?", 0xB5: "✪",
    0xB6: "✰", 0xD5: "⌫", 0xD6: "⌦", 0xD7: "◀", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓",
    0xE3: "↖", 0xE4: "↗", 0xE5: "↙", 0xE6: "↘", 0xE7: "←", 0xE8: "➔", 0xE9: "↑", 0xEA: "↓", 0xEB: "↖", 0xEC: "↗",
    0xED: "↙", 0xEE: "↘", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xF3: "⬄", 0xF4: "⇳", 0xFB: "✗", 0xFC: "✓",
    0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {
    0x21: "✒", 0x22: "✒", 0x24: "✎", 0x25: "✂", 0x27: "☎", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒",
    0x54: "☒", 0x55: "⊗", 0x56: "⊗", 0x57: "⊘", 0x58: "⊘", 0x6A: "⓪", **{0x6B + n: chr(0x2460 + n) for n in range(10)},
    0x75: "⓿", **{0x76 + n: chr(0x2776 + n) for n in range(10)}, 0x96: "•", 0x97: "●", 0x98: "●", 0x99: "●", 0x9A: "○",
    0x9B: "○", 0x9C: "○", 0x9D: "◉", 0x9E: "◎", 0x9F: "▪", 0xA0: "■", 0xA1: "■", 0xA2: "□", 0xA3: "☐", 0xA4: "☐",
    0xA5: "◻", 0xAD: "◆", 0xAE: "◇", 0xDF: "✡", 0xE0: "★", 0xEA: "★", 0xF6: "✶",
}  # fmt: skip
_WINGDINGS_3 = {
    **dict(zip(range(0x21, 0x29), "→→←→↑↓↖↗", strict=True)), 0x66: "←", 0x67: "→", 0x68: "↑", 0x69: "↓", 0x6A: "↖",
    0x6B: "↗", 0x6C: "↙", 0x6D: "↘", 0x70: "▲", 0x71: "▼", 0x72: "△", 0x73: "▽", 0x74: "◀", 0x75: "▶", 0x76: "◁",
    0x77: "▷", 0x7D: "▶", 0x7E: "◀", 0x7F: "▲", 0x80: "▼",
}  # fmt: skip
_WEBDINGS = {
    0x33: "◀", 0x34: "▶", 0x35: "▲", 0x36: "▼", 0x37: "⏪", 0x38: "⏩", 0x3C: "■", 0x3D: "❚", 0x61: "✔", 0x63: "□",
    0x67: "■", 0x69: "ℹ", 0x6E: "●", 0x72: "✖", 0x73: "?", 0x78: "⛔", 0x79: "⊘", 0x7E: "⚡", 0x98: "★", 0x99: "●",
}  # fmt: skip
_SYMBOL = {
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
    **dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
    **{n: chr(n) for n in range(0x20, 0x40)}, 0x2D: "−", 0x2A: "∗", 0x5B: "[", 0x5D: "]", 0x5F: "_", 0x7B: "{",
    0x7C: "|", 0x7D: "}", 0xA0: "€", 0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xA7: "♣", 0xA8: "♦", 0xA9: "♥", 0xAA: "♠",
    0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×",
    0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD6: "√", 0xD7: "⋅", 0xDB: "⇔", 0xDC: "⇐",
    0xDD: "⇑", 0xDE: "⇒", 0xDF: "⇓", 0xE0: "◊", 0xE5: "∑",
}  # fmt: skip

_FONTS: Mapping[str, Mapping[int, str]] = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
}


def is_symbol_font(name: str) -> bool:
    """Return whether letters in this font are drawn as symbols."""
    return name.strip().casefold() in _FONTS


def sign(font: str, code: int) -> str:
    """The character for a symbol of a font, its code with or without the 0xF000 that Word adds.

    A font that is not known and a code beyond the private area give the character itself.
    """
    table = _FONTS.get(font.strip().casefold())
    private = 0xF000 <= code <= 0xF0FF
    low = code - 0xF000 if private else code
    if 0xD800 <= code <= 0xDFFF:
        return UNKNOWN_SIGN
    if table is None:
        return UNKNOWN_SIGN if private else chr(code) if 0x20 <= code <= 0x10FFFF else ""
    if low in (0x20, 0xA0) and low not in table:
        return " "
    if low > 0xFF:
        return chr(code)
    return table.get(low, UNKNOWN_SIGN)


def as_drawn(font: str, text: str) -> str:
    """A text in a symbol font as the characters that are drawn for it; text in other fonts as it is.

    The letters of a symbol font lie in the private area or in Latin-1, where Windows-1252 keeps a few of them higher.
    """
    if not is_symbol_font(font):
        return text
    return "".join(letter if letter in "\n\t " else sign(font, _code(letter)) for letter in text)


def _code(letter: str) -> int:
    try:
        return letter.encode("cp1252")[0] if ord(letter) > 0xFF else ord(letter)
    except UnicodeEncodeError:
        return ord(letter)
