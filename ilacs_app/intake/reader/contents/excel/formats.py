"""A workbook's numbers as they are shown: number formats, dates, times and percentages (ECMA-376 part 1, 18.8.30).

Dates are the exception. They are written day first and with four figures for the year whatever the format's order,
because "3/4/26" would be a riddle; a date whose format shows no day is a month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    **dict.fromkeys([*range(27, 32), 36, *range(50, 59)], "dd/mm/yyyy"),
}  # fmt: skip
"""The formats that a workbook names by number alone; 14 is the machine's own short date, here the British one."""

LAST_SERIAL = 2_958_465  # 31 December 9999
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|_(?P<pad>.)|\*.'
    r"|(?P<half>am/pm|a/p)|(?P<general>general)|(?P<power>e[+-])|(?P<letter>[dmyhsbg])(?P=letter)*"
    r"|(?P<place>[0#?])|(?P<sign>.)",
    re.IGNORECASE | re.DOTALL,
)
Shows = Literal["number", "day", "month", "year", "time", "span", "text", "nothing"]


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the up to four sections of a format: for positive and negative numbers, zero and text."""

    tokens: tuple[tuple[str, str], ...]
    shows: Shows
    condition: tuple[str, float] | None = None


@lru_cache(maxsize=1000)
def kind_of(code: str) -> Shows:
    """Return what a format shows of a positive number: a date down to day, month or year, a time of day, ..."""
    return _sections(code)[0].shows


def number_shown(value: float, code: str) -> str:
    """A number under a format that is no date."""
    section, number = _chosen(value, code)
    if section.shows == "nothing":
        return ""
    if not section.tokens or section.shows in ("text", "span") or any(kind == "general" for kind, _ in section.tokens):
        around = [text for kind, text in section.tokens if kind == "literal"]
        if section.shows == "span":
            return _span(value)
        before = [text for kind, text in _until_general(section.tokens) if kind == "literal"]
        return "".join([*before, general(number), *around[len(before) :]]).strip()
    return _filled(section.tokens, number)


def general(value: float) -> str:
    """A number without a format: no more figures than the workbook shows, and whole numbers without a point."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"


def day_of(serial: float, epoch: int) -> date | None:
    """The day of a serial number, counted from 1900 (with its 29 February that never was) or from 1904."""
    days = int(serial // 1)
    if epoch == 1904:
        return date(1904, 1, 1) + timedelta(days=days) if 0 <= days <= LAST_SERIAL - 1462 else None
    if not 1 <= days <= LAST_SERIAL:
        return None
    return date(1899, 12, 30 if days > 59 else 31) + timedelta(days=days)


def written_day(day: date, code: str) -> str:
    """A date as text: as the format shows it, but day first and with the whole year."""
    letters = [text for kind, text in _sections(code)[0].tokens if kind == "letter"]
    month = max((len(text) for text in letters if text[0] == "m" and not _is_minute(letters, text)), default=0)
    shows = kind_of(code)
    if shows == "year":
        return str(day.year)
    name = _MONTHS[day.month - 1]
    if shows == "month":
        return f"{name} {day.year}"
    if month < 3:
        return f"{day:%d/%m/%Y}"
    figure = max((len(text) for text in letters if text[0] == "d" and len(text) < 3), default=1)
    weekday = max((len(text) for text in letters if text[0] == "d"), default=0)
    called = {3: f"{_DAYS[day.weekday()][:3]} ", 4: f"{_DAYS[day.weekday()]} "}.get(weekday, "")
    return f"{called}{day.day:0{figure}} {name[:3] if month == 3 else name} {day.year}"


def written_time(serial: float) -> str:
    """The time of day of a serial number, to the minute."""
    minutes = round(serial % 1 * 24 * 60) % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _span(value: float) -> str:
    minutes = round(value * 24 * 60)
    return f"{minutes // 60}:{minutes % 60:02}"


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[_Section, ...]:
    sections: list[_Section] = []
    tokens: list[tuple[str, str]] = []
    condition: tuple[str, float] | None = None
    for match in _TOKEN.finditer(code):
        kind, text = _token(match)
        if (kind, text) == ("literal", ";") and match.lastgroup == "sign":
            sections.append(_Section(tuple(tokens), _shows(tokens), condition))
            tokens, condition = [], None
        elif kind == "condition":
            condition = _condition(text)
        elif kind:
            tokens.append((kind, text))
    return (*sections, _Section(tuple(tokens), _shows(tokens, is_empty_code=not code), condition))


def _token(match: re.Match[str]) -> tuple[str, str]:
    kind, text = match.lastgroup or "", match[0]
    if kind == "quoted":
        return "literal", match["quoted"]
    if kind == "escaped":
        return "literal", match["escaped"]
    if kind == "pad":
        return "literal", " "
    if kind == "bracket":
        inside = match["bracket"]
        if re.fullmatch(r"[hms]+", inside, re.IGNORECASE):
            return "span", inside.lower()
        if inside[:1] in "<>=" and inside:
            return "condition", inside
        if inside.startswith("$"):
            return "literal", inside[1:].partition("-")[0]
        return "", ""
    if kind in ("half", "general", "power"):
        return kind, text
    if kind == "letter":
        return "letter", text.lower()
    if kind == "place":
        return "place", text
    if not kind:  # a character that fills the cell: "*-"
        return "", ""
    return ("sign" if text in ".,%/@" else "literal"), text


def _condition(text: str) -> tuple[str, float] | None:
    match = re.fullmatch(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)", text)
    try:
        return (match[1], float(match[2])) if match else None
    except ValueError:
        return None


def _shows(tokens: list[tuple[str, str]], *, is_empty_code: bool = False) -> Shows:
    letters = [text for kind, text in tokens if kind == "letter"]
    if any(kind == "span" for kind, _ in tokens):
        return "span"
    if any(token in (("place", "#"), ("place", "?")) for token in tokens):
        return "number"  # whatever letters a program has left without quotation marks
    if any(text[0] == "d" for text in letters):
        return "day"
    if any(text[0] == "m" and not _is_minute(letters, text) for text in letters):
        return "month"
    if any(text[0] == "y" for text in letters):
        return "year"
    if any(text[0] in "hs" for text in letters):
        return "time"
    if any(kind in ("place", "general") for kind, _ in tokens):
        return "number"
    if ("sign", "@") in tokens:
        return "text"
    if not tokens:
        return "number" if is_empty_code else "nothing"
    return "number"


def _is_minute(letters: list[str], text: str) -> bool:
    """Return whether "m" or "mm" is a minute: the hour is before it, or the second after it."""
    if len(text) > 2:
        return False
    at = letters.index(text)
    before = letters[at - 1][0] if at else ""
    after = letters[at + 1][0] if at + 1 < len(letters) else ""
    return before == "h" or after == "s"


_COMPARES = {
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "=": lambda a, b: a == b,
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "<>": lambda a, b: a != b,
}  # fmt: skip


def _chosen(value: float, code: str) -> tuple[_Section, float]:
    """The section for a number, and the number as that section shows it: without a minus that the section has."""
    sections = _sections(code)
    numeric = [section for section in sections if section.shows != "text" or len(sections) == 1] or list(sections)
    for section in numeric:
        if section.condition and _COMPARES[section.condition[0]](value, section.condition[1]):
            return section, abs(value) if section is not numeric[0] else value
    if any(section.condition for section in numeric):
        return next((section for section in reversed(numeric) if not section.condition), numeric[0]), value
    if value < 0 and len(numeric) > 1:
        return numeric[1], -value
    if value == 0 and len(numeric) > 2:
        return numeric[2], value
    return numeric[0], value


def _until_general(tokens: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    before = []
    for token in tokens:
        if token[0] == "general" or token == ("sign", "@"):
            break
        before.append(token)
    return before


def _filled(tokens: tuple[tuple[str, str], ...], value: float) -> str:
    """The places of a section filled with the figures of a number."""
    if any(kind == "power" for kind, _ in tokens) or ("sign", "/") in tokens:
        return general(value)  # powers of ten and fractions: the plain number says the same
    places = [at for at, (kind, _) in enumerate(tokens) if kind == "place"]
    if not places:
        return "".join(text for kind, text in tokens if kind == "literal").strip()
    point = next(
        (at for at, token in enumerate(tokens) if token == ("sign", ".") and at <= places[-1] + 1), len(tokens)
    )
    whole_places = [at for at in places if at < point]
    parts = [at for at in places if at > point]
    commas = [at for at, token in enumerate(tokens) if token == ("sign", ",")]
    last_whole = whole_places[-1] if whole_places else -1
    thousands = any(whole_places and whole_places[0] < at < last_whole for at in commas)
    scale = sum(1 for at in commas if at > last_whole and (at < point or point == len(tokens)) and at > places[0])
    percents = sum(1 for token in tokens if token == ("sign", "%"))
    try:
        exact = Decimal(repr(value)).scaleb(2 * percents - 3 * scale)
        rounded = exact.quantize(Decimal(1).scaleb(-len(parts)), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return general(value)
    figures, _, decimals = f"{abs(rounded):f}".partition(".")
    minus = "-" if rounded < 0 else ""
    filled = dict(_whole(tokens, whole_places, figures.lstrip("0"), thousands=thousands))
    filled.update(_decimals(tokens, parts, decimals))
    if parts and not any(filled[at] for at in parts):
        filled[point] = "."
    text = minus
    for at, (kind, sign) in enumerate(tokens):
        if kind == "place":
            text += filled.get(at, "")
        elif kind == "literal" or sign == "%":
            text += sign
        elif at == point:
            text += "."
    return text.strip()


def _whole(
    tokens: tuple[tuple[str, str], ...], places: list[int], figures: str, *, thousands: bool
) -> list[tuple[int, str]]:
    """Put the figures before the point in their places, from the right; the first place takes the rest."""
    filled: list[tuple[int, str]] = []
    count = 0
    for n, at in enumerate(reversed(places)):
        is_first = n == len(places) - 1
        took = figures if is_first else figures[-1:]
        figures = "" if is_first else figures[:-1]
        took = took or ("0" if tokens[at][1] == "0" else "")
        if thousands:
            grouped = ""
            for figure in reversed(took):
                grouped = figure + ("," if count and count % 3 == 0 else "") + grouped
                count += 1
            took = grouped
        filled.append((at, took))
    return filled


def _decimals(tokens: tuple[tuple[str, str], ...], places: list[int], figures: str) -> list[tuple[int, str]]:
    """The figures after the point; zeros at the end that the format leaves optional are not shown."""
    filled = [(at, figures[n] if n < len(figures) else "0") for n, at in enumerate(places)]
    while filled and filled[-1][1] == "0" and tokens[filled[-1][0]][1] != "0":
        filled.pop()
    return [*filled, *((at, "") for at in places[len(filled) :])]
