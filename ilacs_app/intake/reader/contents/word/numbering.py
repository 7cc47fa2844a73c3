"""The numbers and bullets that Word draws before a paragraph and keeps in no text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ilacs_app.intake.reader.contents.symbols import UNKNOWN_SIGN, as_drawn
from ilacs_app.intake.reader.contents.word.styles import VAL, W, number_or, value

BULLET = "•"
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_SMALL = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST = 30_000  # a counter beyond is drawn as a plain figure


@dataclass(frozen=True)
class _Level:
    kind: str = "decimal"
    text: str = ""
    start: int = 1
    restarts_after: int | None = None
    """The level, from 1, after which it starts again; 0 for never; None for any higher one."""
    font: str = ""
    in_figures: bool = False
    style: str = ""


@dataclass
class _List:
    levels: dict[int, _Level]
    counters: dict[int, int] = field(default_factory=dict)
    restarted: set[str] = field(default_factory=set)


class Numbering:
    """All lists of one document, counted as its paragraphs come. Ask for each paragraph once, in order."""

    def __init__(self, root: Any) -> None:
        self._lists: dict[str, _List] = {}
        self._of_number: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        if root is not None:
            self._load(root)

    def _load(self, root: Any) -> None:
        by_style_link: dict[str, str] = {}
        links: dict[str, str] = {}
        for definition in root.iter(f"{W}abstractNum"):
            key = definition.get(f"{W}abstractNumId") or ""
            self._lists[key] = _List({_at(level): _read_level(level) for level in definition.iter(f"{W}lvl")})
            if value(definition, "styleLink"):
                by_style_link[value(definition, "styleLink") or ""] = key
            if value(definition, "numStyleLink"):
                links[key] = value(definition, "numStyleLink") or ""
        for number in root.iter(f"{W}num"):
            key = value(number, "abstractNumId") or ""
            key = by_style_link.get(links.get(key, ""), key)
            levels, starts = {}, {}
            for over in number.iter(f"{W}lvlOverride"):
                at = _at(over)
                own = over.find(f"{W}lvl")
                if own is not None:
                    levels[at] = _read_level(own)
                if value(over, "startOverride") is not None:
                    starts[at] = number_or(value(over, "startOverride"), 1)
            self._of_number[number.get(f"{W}numId") or ""] = (key, levels, starts)

    def level_of_style(self, list_id: str, style: str) -> int | None:
        """The level of a list that is tied to a paragraph style; None if none is."""
        key, own, _ = self._of_number.get(list_id, ("", {}, {}))
        levels = {**self._lists[key].levels, **own} if key in self._lists else own
        return next((at for at, level in levels.items() if level.style and level.style == style), None)

    def mark(self, list_id: str, at: int) -> str:
        """Count one paragraph on a level, from 0, of a list; answer the mark before it, "" for an unknown list."""
        key, own, starts = self._of_number.get(list_id, ("", {}, {}))
        counted = self._lists.get(key)
        if counted is None:
            return ""
        levels = {**counted.levels, **own}
        level = levels.get(at)
        if level is None:
            return ""
        if list_id not in counted.restarted and starts:
            counted.restarted.add(list_id)
            for where, start in starts.items():
                counted.counters[where] = start - 1
        counted.counters[at] = counted.counters.get(at, level.start - 1) + 1
        for deeper in [place for place in counted.counters if place > at]:
            after = levels[deeper].restarts_after if deeper in levels else None
            if after is None or (after and at < after):
                del counted.counters[deeper]
        if level.kind == "bullet":
            drawn = as_drawn(level.font, level.text).strip()
            return BULLET if not drawn or UNKNOWN_SIGN in drawn or _is_private(drawn) else drawn
        if level.kind == "none":
            return ""
        return _PLACE.sub(lambda match: self._figure(counted, levels, level, int(match[1]) - 1), level.text).strip()

    def _figure(self, counted: _List, levels: dict[int, _Level], level: _Level, at: int) -> str:
        meant = levels.get(at, _Level())
        number = counted.counters.setdefault(at, meant.start)
        return list_number(number, "decimal" if level.in_figures else meant.kind)


def list_number(number: int, kind: str) -> str:
    """A number as a list writes it: 3, c, iii, 3rd."""
    if kind in ("lowerLetter", "upperLetter") and 0 < number <= _MOST:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = ""
        for size, letters in (*_ROMAN, *_ROMAN_SMALL):
            count, number = divmod(number, size)
            roman += letters * count
        return roman.upper() if kind == "upperRoman" else roman
    if kind == "decimalZero":
        return f"{number:02}"
    if kind == "ordinal":
        ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending}"
    return "" if kind == "none" else str(number)


def _read_level(element: Any) -> _Level:
    fonts = element.find(f"{W}rPr/{W}rFonts")
    restart = element.find(f"{W}lvlRestart")
    figures = element.find(f"{W}isLgl")
    return _Level(
        value(element, "numFmt") or "decimal",
        value(element, "lvlText") or "",
        number_or(value(element, "start"), 0),
        None if restart is None else number_or(restart.get(VAL)),
        (fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "") if fonts is not None else "",
        figures is not None and (figures.get(VAL) or "1") not in ("0", "false", "off"),
        value(element, "pStyle") or "",
    )


def _at(element: Any) -> int:
    return number_or(element.get(f"{W}ilvl"))


def _is_private(text: str) -> bool:
    return any(0xE000 <= ord(letter) <= 0xF8FF for letter in text)
