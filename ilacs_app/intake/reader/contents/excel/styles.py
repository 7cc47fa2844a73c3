"""What the cells of a workbook look like: fills, fonts, number formats, and the looks of conditional formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ilacs_app.intake.reader.contents.colours import excel_colour
from ilacs_app.intake.reader.contents.excel.formats import BUILT_IN

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_Item = TypeVar("_Item")
_OFF = {"0", "false"}
_THIN = {"gray0625", "lightGray", "lightHorizontal", "lightVertical", "lightDown", "lightUp", "lightGrid"}
"""Patterns of a few dots or lines, through which mostly the colour behind them is seen."""


@dataclass(frozen=True, slots=True)
class Font:
    struck: bool = False
    bold: bool = False
    ink: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class CellStyle:
    """The look of a cell: the format of its number, its font, its fill as six digits or ""."""

    code: str = "General"
    font: Font = Font()
    fill: str = ""
    is_check_box: bool = False
    """Whether its TRUE or FALSE is drawn as a check box."""
    goes_across: bool = False
    """Whether its words are centred over it and the empty cells beside it of the same kind, as if merged."""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class FormatDifference:
    """What a conditional format changes in the look of a cell; None for what it leaves."""

    fill: str | None = None
    struck: bool | None = None


class Styles:
    """The styles of one workbook."""

    def __init__(self, root: Any, theme: Mapping[str, str]) -> None:
        from openpyxl.styles.colors import COLOR_INDEX  # only a workbook needs it, and it is slow to import

        self.theme = theme
        self._palette: Sequence[str] = COLOR_INDEX
        self.cells: list[CellStyle] = [CellStyle()]
        self.differences: list[FormatDifference] = []
        if root is None:
            return
        own = [colour.get("rgb") or "" for colour in root.iterfind(f"{S}colors/{S}indexedColors/{S}rgbColor")]
        self._palette = [*own, *COLOR_INDEX[len(own) :]]
        codes = {
            **BUILT_IN,
            **{
                _int(number_format.get("numFmtId")): number_format.get("formatCode") or ""
                for number_format in root.iter(f"{S}numFmt")
            },
        }
        fonts = [self.font(font) for font in root.iterfind(f"{S}fonts/{S}font")]
        fills = [self._fill(fill) for fill in root.iterfind(f"{S}fills/{S}fill")]
        self.cells = [
            CellStyle(
                codes.get(_int(style.get("numFmtId")), "General"),
                _at(fonts, style.get("fontId"), Font()),
                _at(fills, style.get("fillId"), ""),
                any(str(inside.tag).endswith("}xfComplement") for inside in style.iter()),
                _is_across(style.find(f"{S}alignment")),
                _indent(style.find(f"{S}alignment")),
            )
            for style in root.iterfind(f"{S}cellXfs/{S}xf")
        ] or self.cells
        self.differences = [self.difference(difference) for difference in root.iterfind(f"{S}dxfs/{S}dxf")]

    def cell(self, index: str | None) -> CellStyle:
        """The style of a cell by the number that it has in the sheet."""
        return _at(self.cells, index, self.cells[0])

    def font(self, element: Any, otherwise: Font | None = None) -> Font:
        """A font, or the properties of a part of a rich text above the cell's own font."""
        usual = otherwise or Font()
        if element is None:
            return usual
        name = element.find(f"{S}name")
        if name is None:
            name = element.find(f"{S}rFont")
        colour = element.find(f"{S}color")
        return Font(
            _is_on(element, "strike", False),
            _is_on(element, "b", False),
            self.colour(colour) if colour is not None else usual.ink,
            (name.get("val") or "") if name is not None else usual.name,
        )

    def colour(self, element: Any) -> str:
        return excel_colour(element, self.theme, self._palette)

    def difference(self, element: Any) -> FormatDifference:
        """The look that a conditional format gives (`dxf`)."""
        pattern = element.find(f"{S}fill/{S}patternFill")
        fill = None
        if pattern is not None:
            behind, before = pattern.find(f"{S}bgColor"), pattern.find(f"{S}fgColor")
            fill = self.colour(behind if behind is not None else before)
        strike = element.find(f"{S}font/{S}strike")
        return FormatDifference(fill, None if strike is None else (strike.get("val") or "1") not in _OFF)

    def _fill(self, element: Any) -> str:
        pattern = element.find(f"{S}patternFill")
        if pattern is not None:
            kind = pattern.get("patternType") or "none"
            if kind == "none":
                return ""
            return (
                self.colour(pattern.find(f"{S}{'bgColor' if kind in _THIN else 'fgColor'}"))
                if kind != "gray125"
                else ""
            )
        stop = element.find(f"{S}gradientFill/{S}stop/{S}color")
        return self.colour(stop)


def _is_on(element: Any, tag: str, otherwise: bool) -> bool:
    child = element.find(f"{S}{tag}")
    return otherwise if child is None else (child.get("val") or "1") not in _OFF


def _is_across(alignment: Any) -> bool:
    return alignment is not None and alignment.get("horizontal") == "centerContinuous"


def _indent(alignment: Any) -> int:
    return _int(alignment.get("indent")) if alignment is not None else 0


def _int(text: str | None, otherwise: int = 0) -> int:
    try:
        return int(text) if text else otherwise
    except ValueError:
        return otherwise


def _at(items: Sequence[_Item], index: str | None, otherwise: _Item) -> _Item:
    at = _int(index)
    return items[at] if 0 <= at < len(items) else otherwise
