"""The styles of an OpenDocument file (ODF 1.3 part 3): what a run, a cell, a column and a list look like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ilacs_app.intake.reader.contents.colours import as_rgb
from ilacs_app.intake.reader.contents.symbols import UNKNOWN_SIGN, as_drawn
from ilacs_app.intake.reader.contents.word.numbering import BULLET, list_number

_BASE = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = f"{{{_BASE}office:1.0}}"
STYLE = f"{{{_BASE}style:1.0}}"
TEXT = f"{{{_BASE}text:1.0}}"
TABLE = f"{{{_BASE}table:1.0}}"
NUMBER = f"{{{_BASE}datastyle:1.0}}"
FORM = f"{{{_BASE}form:1.0}}"
FO = f"{{{_BASE}xsl-fo-compatible:1.0}}"
XLINK = "{http://www.w3.org/1999/xlink}"
_KINDS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "": "none"}
_LONGEST_CHAIN = 20
_LENGTH = re.compile(r"([\d.]+)(cm|mm|in|pt|pc|px)?")
_POINTS = {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75, None: 1.0}


@dataclass(frozen=True, slots=True)
class Look:
    """How words are drawn. Colours are six hexadecimal digits or ""."""

    struck: bool = False
    bold: bool = False
    hidden: bool = False
    font: str = ""
    ink: str = ""
    behind: str = ""

    def with_own(self, properties: Any) -> Look:
        """Return the look with the text properties of a style applied."""
        look = self
        line = properties.get(f"{STYLE}text-line-through-style") or properties.get(f"{STYLE}text-line-through-type")
        if line is not None:
            look = replace(look, struck=line != "none")
        if properties.get(f"{FO}font-weight") is not None:
            look = replace(look, bold=properties.get(f"{FO}font-weight") in ("bold", "600", "700", "800", "900"))
        if properties.get(f"{STYLE}font-name") or properties.get(f"{FO}font-family"):
            font = properties.get(f"{STYLE}font-name") or properties.get(f"{FO}font-family")
            look = replace(look, font=(font or "").strip("'\""))
        if properties.get(f"{FO}color"):
            look = replace(look, ink=as_rgb(properties.get(f"{FO}color")))
        if properties.get(f"{FO}background-color"):
            look = replace(look, behind=as_rgb(properties.get(f"{FO}background-color")))
        if properties.get(f"{TEXT}display") is not None:
            look = replace(look, hidden=properties.get(f"{TEXT}display") == "none")
        return look


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: its bullet, or how it counts."""

    bullet: str = ""
    kind: str = "none"
    before: str = ""
    after: str = ""
    start: int = 1
    shows: int = 1
    """How many levels the number shows: 2 for "1.2"."""


class Styles:
    """All styles of one file; `roots` are its parts, those that count more last."""

    def __init__(self, roots: Sequence[Any]) -> None:
        self._styles = {
            (style.get(f"{STYLE}family") or "", style.get(f"{STYLE}name") or ""): style
            for root in roots
            for style in root.iter(f"{STYLE}style")
        }
        self._defaults = {
            style.get(f"{STYLE}family") or "": style for root in roots for style in root.iter(f"{STYLE}default-style")
        }
        self._lists = {
            list_style.get(f"{STYLE}name") or "": dict(_levels(list_style))
            for root in roots
            for list_style in root.iter(f"{TEXT}list-style")
        }
        self._dates = {
            style.get(f"{STYLE}name") or "": style for root in roots for style in root.iter(f"{NUMBER}date-style")
        }
        self._properties: dict[tuple[str, str, str], str] = {}
        self._looks: dict[tuple[str, str, Look], Look] = {}

    def look(self, family: str, name: str | None, look: Look | None = None) -> Look:
        """The look of words in a style above another look."""
        key = (family, name or "", look or Look())
        if key not in self._looks:
            shown = key[2]
            for style in self._chain(family, name, with_default=look is None):
                for properties in style.iterfind(f"{STYLE}text-properties"):
                    shown = shown.with_own(properties)
                for properties in style.iterfind(f"{STYLE}paragraph-properties"):
                    if properties.get(f"{FO}background-color"):
                        shown = replace(shown, behind=as_rgb(properties.get(f"{FO}background-color")))
            self._looks[key] = shown
        return self._looks[key]

    def property(self, family: str, name: str | None, kind: str, attribute: str) -> str:
        """One property of a style or of those that it is based on, such as a cell's background colour; "" for none."""
        key = (family, name or "", attribute)
        if key not in self._properties:
            value = ""
            for style in self._chain(family, name, with_default=False):
                for properties in style.iterfind(f"{STYLE}{kind}"):
                    value = properties.get(attribute) or value
            self._properties[key] = value
        return self._properties[key]

    def outline(self, name: str | None) -> int | None:
        """The outline level that a paragraph style gives; 0 for the title; None for body text."""
        level: int | None = None
        for style in self._chain("paragraph", name, with_default=False):
            called = (style.get(f"{STYLE}display-name") or style.get(f"{STYLE}name") or "").casefold()
            own = style.get(f"{STYLE}default-outline-level")
            level = 0 if called == "title" else int(own) if own and own.isdecimal() else level
        return level

    def list_of(self, name: str | None) -> str:
        """The list style that a paragraph style brings; "" for none."""
        list_style = ""
        for style in self._chain("paragraph", name, with_default=False):
            list_style = style.get(f"{STYLE}list-style-name") or list_style
        return list_style

    def level(self, name: str, depth: int) -> Level:
        """A level, from 1, of a list style; a bullet where the style is not known."""
        return self._lists.get(name, {}).get(depth, Level(bullet=BULLET))

    def date_shows(self, name: str | None) -> tuple[bool, int]:
        """Return whether the dates of a cell style show a day, and the month as 2 figures, 3 short, 4 full."""
        date_style = ""
        for style in self._chain("table-cell", name, with_default=False):
            date_style = style.get(f"{STYLE}data-style-name") or date_style
        style = self._dates.get(date_style)
        if style is None:
            return True, 2
        month = style.find(f"{NUMBER}month")
        length = 2
        if month is not None and month.get(f"{NUMBER}textual") == "true":
            length = 4 if month.get(f"{NUMBER}style") == "long" else 3
        return style.find(f"{NUMBER}day") is not None, length

    def _chain(self, family: str, name: str | None, *, with_default: bool) -> list[Any]:
        chain: list[Any] = []
        while name and (family, name) in self._styles and len(chain) < _LONGEST_CHAIN:
            chain.append(self._styles[family, name])
            name = self._styles[family, name].get(f"{STYLE}parent-style-name")
        if with_default and family in self._defaults:
            chain.append(self._defaults[family])
        return chain[::-1]


def _levels(style: Any) -> Iterator[tuple[int, Level]]:
    for level in style:
        depth = level.get(f"{TEXT}level") or ""
        if not depth.isdecimal():
            continue
        if level.tag == f"{TEXT}list-level-style-bullet":
            properties = level.find(f"{STYLE}text-properties")
            font = Look().with_own(properties).font if properties is not None else ""
            sign = as_drawn(font, level.get(f"{TEXT}bullet-char") or "").strip()
            is_drawn = sign and UNKNOWN_SIGN not in sign and not any(0xE000 <= ord(letter) <= 0xF8FF for letter in sign)
            yield int(depth), Level(bullet=sign if is_drawn else BULLET)
        elif level.tag == f"{TEXT}list-level-style-number":
            yield (
                int(depth),
                Level(
                    kind=_KINDS.get(level.get(f"{STYLE}num-format") or "", "decimal"),
                    before=level.get(f"{STYLE}num-prefix") or "",
                    after=level.get(f"{STYLE}num-suffix") or "",
                    start=_whole(level.get(f"{TEXT}start-value")),
                    shows=_whole(level.get(f"{TEXT}display-levels")),
                ),
            )
        else:
            yield int(depth), Level(bullet=BULLET)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 1


def mark(styles: Styles, name: str, counters: Sequence[int]) -> str:
    """The mark before an item of a list, from the counts of its level and those above it."""
    level = styles.level(name, len(counters))
    if level.bullet:
        return level.bullet
    shown = range(max(len(counters) - level.shows, 0), len(counters))
    figures = [list_number(counters[at], styles.level(name, at + 1).kind) for at in shown]
    text = ".".join(figure for figure in figures if figure)
    return f"{level.before}{text}{level.after}".strip() if text else ""


def points(text: str | None) -> float:
    """A length in points; 0 for what is none."""
    match = _LENGTH.fullmatch(text or "")
    try:
        return float(match[1]) * _POINTS[match[2]] if match else 0.0
    except ValueError:
        return 0.0
