"""Word's styles: what a run, a paragraph and a heading look like after every style they are based on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ilacs_app.intake.reader.contents.colours import HIGHLIGHTS, as_rgb, word_theme_colour

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
_OFF = {"0", "false", "off", "none"}
_LONGEST_CHAIN = 20  # Word itself stops at 11 styles that are based on each other
_HEADING = re.compile(r"heading\s*([1-9])", re.IGNORECASE)


def value(element: Any, tag: str) -> str | None:
    """The `w:val` of a child; None without the child, "" for one without a value."""
    child = element.find(f"{W}{tag}") if element is not None else None
    return None if child is None else child.get(VAL) or ""


def number_or(text: str | None, otherwise: int = 0) -> int:
    try:
        return int(float(text)) if text else otherwise
    except (ValueError, OverflowError):
        return otherwise


@dataclass(frozen=True, slots=True)
class Look:
    """How a run is drawn. Colours are six hexadecimal digits or ""."""

    struck: bool = False
    bold: bool = False
    hidden: bool = False
    font: str = ""
    ink: str = ""
    behind: str = ""

    def with_own(self, properties: Any, theme: Mapping[str, str]) -> Look:
        """Return the look with the properties (`w:rPr`) of a run or style applied."""
        if properties is None or not len(properties):
            return self
        look = self
        for child in properties:
            tag = str(child.tag).removeprefix(W)
            if tag in ("strike", "dstrike"):
                other = properties.find(f"{W}{'dstrike' if tag == 'strike' else 'strike'}")
                look = replace(look, struck=_on(child) or (other is not None and _on(other)))
            elif tag == "b":
                look = replace(look, bold=_on(child))
            elif tag == "vanish":
                look = replace(look, hidden=_on(child))
            elif tag == "rFonts":
                look = replace(look, font=child.get(f"{W}ascii") or child.get(f"{W}hAnsi") or look.font)
            elif tag == "color":
                look = replace(look, ink=_coloured(child, theme, "val", "themeColor"))
            elif tag == "highlight":
                look = replace(look, behind=HIGHLIGHTS.get(child.get(VAL) or "", ""))
            elif tag == "shd":
                look = replace(look, behind=look.behind or shading(child, theme))
        return look


def shading(element: Any, theme: Mapping[str, str]) -> str:
    """The colour of a shading (`w:shd`), "" for none. A solid pattern shows its own colour, not the fill behind it."""
    if element is None:
        return ""
    if (element.get(VAL) or "").casefold() == "solid":
        return _coloured(element, theme, "color", "themeColor")
    return _coloured(element, theme, "fill", "themeFill")


def _coloured(element: Any, theme: Mapping[str, str], plain: str, themed: str) -> str:
    name = element.get(f"{W}{themed}")
    if name and name != "none":
        tint, shade = element.get(f"{W}{themed}Tint") or "", element.get(f"{W}{themed}Shade") or ""
        rgb = word_theme_colour(theme, name, tint=tint, shade=shade)
        if rgb:
            return rgb
    return as_rgb(element.get(f"{W}{plain}"))


def _on(element: Any) -> bool:
    return (element.get(VAL) or "1").casefold() not in _OFF


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a paragraph takes from its style. `level` is its heading level: 0 the title, None body text."""

    name: str = ""
    look: Look = Look()
    level: int | None = None
    numbering: tuple[str, int] | None = None
    """The id of its list and the list's level from 0."""


class Styles:
    """The styles of one document, each worked out once."""

    def __init__(self, root: Any, theme: Mapping[str, str]) -> None:
        self.theme = theme
        self._styles = {} if root is None else {style.get(f"{W}styleId"): style for style in root.iter(f"{W}style")}
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if root is not None else None
        self._start = Look().with_own(defaults, theme)
        self._default = next(
            (
                key
                for key, style in self._styles.items()
                if style.get(f"{W}type") == "paragraph" and (style.get(f"{W}default") or "0") not in _OFF
            ),
            None,
        )
        self._paragraphs: dict[str | None, ParagraphStyle] = {}
        self._runs: dict[tuple[str, Look], Look] = {}

    def paragraph(self, style: str | None) -> ParagraphStyle:
        """Return what a paragraph of this style takes from it and from the styles that it is based on."""
        key = style or self._default
        if key not in self._paragraphs:
            self._paragraphs[key] = self._worked_out(key)
        return self._paragraphs[key]

    def run(self, style: str, look: Look) -> Look:
        """The look of a run in a character style, above the look of its paragraph."""
        if (style, look) not in self._runs:
            shown = look
            for element in self._chain(style):
                shown = shown.with_own(element.find(f"{W}rPr"), self.theme)
            self._runs[style, look] = shown
        return self._runs[style, look]

    def _worked_out(self, style: str | None) -> ParagraphStyle:
        worked_out = ParagraphStyle(look=self._start)
        for element in self._chain(style):
            name = (value(element, "name") or "").strip()
            properties = element.find(f"{W}pPr")
            worked_out = ParagraphStyle(
                name,
                worked_out.look.with_own(element.find(f"{W}rPr"), self.theme),
                _level(name, properties, worked_out.level),
                numbering(properties, worked_out.numbering),
            )
        return worked_out

    def _chain(self, style: str | None) -> list[Any]:
        """Return a style with all styles that it is based on applied."""
        chain: list[Any] = []
        while style in self._styles and len(chain) < _LONGEST_CHAIN:
            chain.append(self._styles[style])
            style = value(self._styles[style], "basedOn")
        return chain[::-1]


def _level(name: str, properties: Any, inherited: int | None) -> int | None:
    match = _HEADING.fullmatch(name)
    if match:
        return int(match[1])
    if name.casefold() == "title":
        return 0
    return outline_level(properties, inherited)


def outline_level(properties: Any, inherited: int | None) -> int | None:
    """The heading level after a paragraph's or style's own outline level, which Word counts from 0, 9 being none."""
    own = value(properties, "outlineLvl")
    if own is None:
        return inherited
    level = number_or(own, 9)
    return level + 1 if 0 <= level < 9 else None


def numbering(properties: Any, inherited: tuple[str, int] | None) -> tuple[str, int] | None:
    """Return the list of a paragraph or style with its own properties applied; the list "0" means no list."""
    own = properties.find(f"{W}numPr") if properties is not None else None
    if own is None:
        return inherited
    list_id = value(own, "numId")
    level = number_or(value(own, "ilvl"), inherited[1] if inherited else 0)
    if list_id is None:
        return (inherited[0], level) if inherited else None
    return None if list_id == "0" else (list_id, level)
