"""Colours by their plain names: theme colours, tints and the palette of old workbooks resolved.

The names are those that people use in a key. Where two names are used for one colour (an amber is often a gold),
`ALSO_CALLED` has the others.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "amber": ("orange", "gold", "yellow"),
    "gold": ("amber", "yellow", "orange"),
    "yellow": ("amber", "gold"),
    "teal": ("green", "blue"),
    "pink": ("red", "purple"),
    "brown": ("amber",),
}

_BY_HUE = (
    (15, "red"),
    (40, "amber"),
    (54, "gold"),
    (70, "yellow"),
    (168, "green"),
    (186, "teal"),
    (255, "blue"),
    (290, "purple"),
    (342, "pink"),
    (361, "red"),
)
LEAST_CHROMA = 0.06
"""Under this share of difference between the strongest and the weakest part a colour is a grey."""
PALE_UNDER = 0.35
DARK_UNDER = 0.22
BROWN_UNDER = 0.62
ALMOST_WHITE = 0.97

OFFICE_THEME: Mapping[str, str] = {
    "lt1": "FFFFFF",
    "dk1": "000000",
    "lt2": "E7E6E6",
    "dk2": "44546A",
    "accent1": "4472C4",
    "accent2": "ED7D31",
    "accent3": "A5A5A5",
    "accent4": "FFC000",
    "accent5": "5B9BD5",
    "accent6": "70AD47",
    "hlink": "0563C1",
    "folHlink": "954F72",
}
"""The colours of Office's own theme, for a file that carries none."""

EXCEL_THEME = (
    "lt1",
    "dk1",
    "lt2",
    "dk2",
    "accent1",
    "accent2",
    "accent3",
    "accent4",
    "accent5",
    "accent6",
    "hlink",
    "folHlink",
)
"""Theme colours in the order in which a workbook counts them (ECMA-376 part 1, 18.8.3: light before dark)."""

_WORD_THEME = {
    "background1": "lt1",
    "text1": "dk1",
    "background2": "lt2",
    "text2": "dk2",
    "light1": "lt1",
    "dark1": "dk1",
    "light2": "lt2",
    "dark2": "dk2",
    "bg1": "lt1",
    "tx1": "dk1",
    "bg2": "lt2",
    "tx2": "dk2",
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}
HIGHLIGHTS: Mapping[str, str] = {
    "black": "000000",
    "blue": "0000FF",
    "cyan": "00FFFF",
    "green": "00FF00",
    "magenta": "FF00FF",
    "red": "FF0000",
    "yellow": "FFFF00",
    "darkBlue": "000080",
    "darkCyan": "008080",
    "darkGreen": "008000",
    "darkMagenta": "800080",
    "darkRed": "800000",
    "darkYellow": "808000",
    "darkGray": "808080",
    "lightGray": "C0C0C0",
}
"""The pens of Word's highlighter."""

_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@lru_cache(maxsize=4096)
def colour_name(rgb: str) -> str:
    """The plain name of a colour of six hexadecimal digits; "" for white and for what is no colour."""
    parts = _parts(rgb)
    if parts is None:
        return ""
    hue, saturation, value = colorsys.rgb_to_hsv(*parts)
    if max(parts) - min(parts) < LEAST_CHROMA:
        return "" if value >= ALMOST_WHITE else "black" if value < DARK_UNDER else "grey"
    name = next(name for until, name in _BY_HUE if hue * 360 < until)
    if value < DARK_UNDER:
        return "black"
    if name in ("amber", "gold", "yellow") and value < BROWN_UNDER and saturation >= PALE_UNDER:
        return "brown"
    return name


@lru_cache(maxsize=4096)
def is_pale(rgb: str) -> bool:
    """Return whether a colour is so light that it may be no more than decoration, such as that of a heading row."""
    parts = _parts(rgb)
    return parts is not None and colorsys.rgb_to_hsv(*parts)[1] < PALE_UNDER and max(parts) > DARK_UNDER


def as_rgb(text: str | None) -> str:
    """The last six hexadecimal digits, in capitals, of a colour as Office writes it; "" for "auto" and the like."""
    digits = (text or "")[-6:]
    return digits.upper() if _HEX.fullmatch(digits) else ""


def tinted(rgb: str, tint: float) -> str:
    """The colour made lighter (tint over 0) or darker (under 0), as a workbook does (ECMA-376 part 1, 18.8.19)."""
    parts = _parts(rgb)
    if parts is None or not tint:
        return rgb
    hue, lightness, saturation = colorsys.rgb_to_hls(*parts)
    tint = max(-1.0, min(1.0, tint))
    lightness = lightness * (1 + tint) if tint < 0 else lightness * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, lightness, saturation))


def word_theme_colour(theme: Mapping[str, str], name: str, *, tint: str = "", shade: str = "") -> str:
    """A theme colour as Word names it ("accent1", "background1"), with its tint or shade as two hexadecimal digits."""
    rgb = theme.get(_WORD_THEME.get(name, name), "")
    try:
        if tint:
            return tinted(rgb, 1 - int(tint, 16) / 255)
        if shade:
            return tinted(rgb, int(shade, 16) / 255 - 1)
    except ValueError:
        return rgb
    return rgb


def theme_of(root: Any) -> Mapping[str, str]:
    """The colours of a theme part by their short names; Office's own where there is none, or where one is missing."""
    colours = dict(OFFICE_THEME)
    scheme = root.find(f".//{_DRAWING}clrScheme") if root is not None else None
    for entry in scheme if scheme is not None else ():
        for colour in entry:
            rgb = as_rgb(colour.get("lastClr") or colour.get("val"))
            if rgb:
                colours[str(entry.tag).rpartition("}")[2]] = rgb
    return colours


def drawn_colour(fill: Any, theme: Mapping[str, str]) -> str:
    """The colour of a drawing's solid fill; "" if it has none."""
    solid = fill.find(f"{_DRAWING}solidFill") if fill is not None else None
    for colour in solid if solid is not None else ():
        kind = str(colour.tag).rpartition("}")[2]
        if kind == "schemeClr":
            return word_theme_colour(theme, colour.get("val") or "")
        return as_rgb(colour.get("lastClr") or colour.get("val"))
    return ""


def excel_colour(element: Any, theme: Mapping[str, str], palette: Sequence[str]) -> str:
    """The six digits of a workbook's colour element: by RGB, theme and tint, or a place in the palette."""
    if element is None:
        return ""
    tint = _number(element.get("tint"))
    if element.get("rgb"):
        return tinted(as_rgb(element.get("rgb")), tint)
    if element.get("theme"):
        at = int(_number(element.get("theme")))
        return tinted(theme.get(EXCEL_THEME[at], ""), tint) if 0 <= at < len(EXCEL_THEME) else ""
    at = int(_number(element.get("indexed"), -1))
    if 0 <= at < len(palette):
        return tinted(as_rgb(palette[at]), tint)
    return ""


def _number(text: str | None, otherwise: float = 0.0) -> float:
    try:
        return float(text) if text else otherwise
    except ValueError:
        return otherwise


def _parts(rgb: str) -> tuple[float, float, float] | None:
    if not _HEX.fullmatch(rgb):
        return None
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue
