"""Conditional formats: the colour that a cell has by its rules, or the rule in words where it is not worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ilacs_app.intake.reader.contents.colours import as_rgb
from ilacs_app.intake.reader.contents.excel.formulas import (
    Look,
    Solve,
    Unsolved,
    Value,
    compared,
    solver,
    text_of,
    truth,
)
from ilacs_app.intake.reader.contents.excel.ranges import Area, areas
from ilacs_app.intake.reader.contents.excel.styles import FormatDifference, S, Styles, _int

X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
_SIGNS = {
    "equal": "=", "notEqual": "<>", "lessThan": "<", "greaterThan": ">", "lessThanOrEqual": "<=",
    "greaterThanOrEqual": ">=",
}  # fmt: skip
_LIGHTS: Mapping[str, tuple[str, ...]] = {
    "3TrafficLights1": ("FF0000", "FFC000", "00B050"),
    "3TrafficLights2": ("FF0000", "FFC000", "00B050"),
    "3Signs": ("FF0000", "FFC000", "00B050"),
    "3Symbols": ("FF0000", "FFC000", "00B050"),
    "3Symbols2": ("FF0000", "FFC000", "00B050"),
    "3Flags": ("FF0000", "FFC000", "00B050"),
    "4TrafficLights": ("000000", "FF0000", "FFC000", "00B050"),
}
"""The colours of icon sets, from the lowest value up."""
_UNSOLVED = "A conditional format colours this cell. Its colour was not worked out."


@dataclass(frozen=True)
class Shown:
    """What the rules make of a cell. `unsolved` says that a rule may change more."""

    fill: str | None = None
    struck: bool | None = None
    unsolved: str = ""


NOT_MARKED = Shown()


@dataclass(frozen=True)
class Rule:
    """One rule over some areas."""

    areas: tuple[Area, ...]
    kind: str
    priority: int
    look: FormatDifference
    stops: bool
    tests: tuple[Solve, ...] | None
    """What is worked out for a cell; None if that is not done here."""
    sign: str = ""
    text: str = ""
    lights: tuple[tuple[float, str], ...] = ()
    """The least value and the colour of each icon, from the highest down."""

    @property
    def corner(self) -> tuple[int, int]:
        """The cell for which its formulas are written: the first of its areas."""
        return min(area.top for area in self.areas), min(area.left for area in self.areas)

    def covers(self, row: int, column: int) -> bool:
        return any(area.holds(row, column) for area in self.areas)


def shown_by(rules: Sequence[Rule], look: Look, row: int, column: int) -> Shown:
    """Return what the rules, in their order, make of a cell; of two that set the same the first counts."""
    fill: str | None = None
    struck: bool | None = None
    for rule in rules:
        if not rule.covers(row, column):
            continue
        try:
            shown = _result(rule, look, row, column)
        except Unsolved:
            return Shown(fill, struck, _UNSOLVED if fill is None else "")
        if shown is None:
            continue
        fill = shown.fill if fill is None else fill
        struck = shown.struck if struck is None else struck
        if rule.stops:
            break
    return Shown(fill, struck) if fill is not None or struck is not None else NOT_MARKED


def _result(rule: Rule, look: Look, row: int, column: int) -> FormatDifference | None:
    """The look that a rule gives to a cell; None if it does not hold."""
    value = look(row, column)
    if rule.lights:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return FormatDifference(next((colour for least, colour in rule.lights if value >= least), rule.lights[-1][1]))
    if rule.tests is None:
        raise Unsolved(rule.kind)
    top, left = rule.corner
    values = [test(look, row - top, column - left) for test in rule.tests]
    return rule.look if _holds(rule, value, values) else None


def _holds(rule: Rule, value: Value, values: Sequence[Value]) -> bool:
    text, wanted = text_of(value).casefold(), rule.text.casefold()
    if rule.kind == "expression":
        return truth(values[0])
    if rule.kind == "cellIs":
        if rule.sign in ("between", "notBetween"):
            low, high = (values[0], values[1]) if compared(values[0], "<=", values[1]) else (values[1], values[0])
            inside = compared(value, ">=", low) and compared(value, "<=", high)
            return inside == (rule.sign == "between")
        if rule.sign not in _SIGNS:
            raise Unsolved(rule.sign)
        return compared(value, _SIGNS[rule.sign], values[0])
    if rule.kind == "containsText":
        return wanted in text
    if rule.kind == "notContainsText":
        return wanted not in text
    if rule.kind == "beginsWith":
        return text.startswith(wanted)
    if rule.kind == "endsWith":
        return text.endswith(wanted)
    if rule.kind == "containsBlanks":
        return not text.strip()
    if rule.kind == "notContainsBlanks":
        return bool(text.strip())
    raise Unsolved(rule.kind)


def read_rules(element: Any, styles: Styles, numbers: Sequence[float]) -> Iterator[Rule]:
    """The rules of a `conditionalFormatting` of a sheet, in the usual form or that of Excel 2010.

    `numbers` are the numbers of the cells that it covers, for icons that go by percentages.
    """
    own = X14 if str(element.tag).startswith(X14) else S
    covered = tuple(areas(element.get("sqref") or element.findtext(f"{XM}sqref") or ""))
    if not covered:
        return
    for rule in element.iterfind(f"{own}cfRule"):
        kind = rule.get("type") or ""
        formulas = [formula.text or "" for formula in rule.iter(f"{S}formula", f"{XM}f")]
        if own == X14:
            inline = rule.find(f"{X14}dxf")
            look = styles.difference(inline) if inline is not None else FormatDifference()
        else:
            at = _int(rule.get("dxfId"), -1)
            look = styles.differences[at] if 0 <= at < len(styles.differences) else FormatDifference()
        if kind not in ("colorScale", "dataBar", "iconSet") and look == FormatDifference():
            continue
        if kind == "dataBar":
            continue
        icons = rule.find(f"{own}iconSet")
        lights = tuple(_lights(icons, own, numbers)) if icons is not None else ()
        if (
            kind == "iconSet"
            and not lights
            and icons is not None
            and "Lights" not in (icons.get("iconSet") or "3TrafficLights1")
        ):
            continue  # arrows and bars are no rating colours
        yield Rule(
            covered,
            kind,
            _int(rule.get("priority"), 10_000),
            look,
            rule.get("stopIfTrue") in ("1", "true"),
            _tests(kind, formulas, 2 if (rule.get("operator") or "").endswith("etween") else 1),
            rule.get("operator") or "",
            rule.get("text") or "",
            lights,
        )


def _tests(kind: str, formulas: Sequence[str], needed: int) -> tuple[Solve, ...] | None:
    if kind in ("containsText", "notContainsText", "beginsWith", "endsWith", "containsBlanks", "notContainsBlanks"):
        return ()
    if kind not in ("expression", "cellIs") or len(formulas) < needed:
        return None
    try:
        return tuple(solver(formula) for formula in formulas)
    except Exception:  # if a strange formula fails in any way, it counts as not evaluated
        return None


def _lights(icons: Any, own: str, numbers: Sequence[float]) -> Iterator[tuple[float, str]]:
    colours = _LIGHTS.get(icons.get("iconSet") or "3TrafficLights1")
    steps = icons.findall(f"{own}cfvo")
    if colours is None or len(steps) != len(colours):
        return
    if icons.get("reverse") in ("1", "true"):
        colours = colours[::-1]
    leasts = []
    for step in steps:
        text = step.get("val") or step.findtext(f"{XM}f") or ""
        try:
            value = float(text)
        except ValueError:
            return
        kind = step.get("type")
        if kind == "percent":
            low, high = min(numbers, default=0.0), max(numbers, default=0.0)
            value = low + (high - low) * value / 100
        elif kind == "percentile":
            ordered = sorted(numbers) or [0.0]
            value = ordered[min(int((len(ordered) - 1) * value / 100 + 0.5), len(ordered) - 1)]
        elif kind != "num":
            return
        leasts.append(value)
    yield from reversed(list(zip(leasts, (as_rgb(colour) for colour in colours), strict=True)))
