"""Evaluate the short formulas by which people colour the rows of a plan, such as =$F2="Complete".

Only what a conditional format needs: comparisons, arithmetic, text and a few functions over cells of the same sheet.
Anything else, and above all what depends on today's date, raises `Unsolved`; no one then claims to know the colour.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # it takes a tenth of a second to import, and few processes meet a formula
    from openpyxl.formula.tokenizer import Token

Value = str | float | bool | None
Look = Callable[[int, int], Value]
"""What is in a row and column of the sheet, both from 0."""


class Unsolved(Exception):
    """The formula holds something that is not evaluated here."""


@dataclass(frozen=True)
class _Place:
    row: int
    column: int
    row_fixed: bool
    column_fixed: bool

    def moved(self, rows: int, columns: int) -> tuple[int, int]:
        return self.row + (0 if self.row_fixed else rows), self.column + (0 if self.column_fixed else columns)


Solve = Callable[[Look, int, int], Value]
_PLACE = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")
_ORDER: Mapping[str, int] = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4}
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip


def solver(formula: str) -> Solve:
    """A function that works the formula out for a cell so many rows and columns from the one it was written for.

    Raises:
        Unsolved: the formula holds something that is not worked out here.
    """
    from openpyxl.formula import Tokenizer

    tokens = [token for token in Tokenizer(f"={formula.removeprefix('=')}").items if token.type != token.WSPACE]
    parser = _Parser(tokens)
    solve = parser.expression(0)
    if parser.at < len(tokens):
        raise Unsolved(formula)
    return solve


class _Parser:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self.at = 0

    def _next(self) -> Token:
        if self.at >= len(self._tokens):
            raise Unsolved("ends too early")
        self.at += 1
        return self._tokens[self.at - 1]

    def expression(self, least: int) -> Solve:
        left = self._operand()
        while self.at < len(self._tokens):
            token = self._tokens[self.at]
            if token.type == token.OP_POST:
                self.at += 1
                left = _percent(left)
                continue
            if token.type != token.OP_IN or _ORDER.get(token.value, 0) <= least:
                break
            self.at += 1
            left = _pair(token.value, left, self.expression(_ORDER[token.value]))
        return left

    def _operand(self) -> Solve:
        token = self._next()
        if token.type == token.OP_PRE:
            return _signed(token.value, self.expression(5))
        if token.type == token.OPERAND:
            return _operand(token)
        if token.type == token.PAREN and token.subtype == token.OPEN:
            inside = self.expression(0)
            self._next()
            return inside
        if token.type == token.FUNC and token.subtype == token.OPEN:
            return _called(token.value[:-1].upper().removeprefix("_XLFN."), list(self._arguments()))
        raise Unsolved(token.value)

    def _arguments(self) -> Iterator[Solve]:
        token = self._tokens[self.at]
        if token.subtype == token.CLOSE:
            self.at += 1
            return
        while True:
            yield self.expression(0)
            token = self._next()
            if token.subtype == token.CLOSE:
                return
            if token.type != token.SEP:
                raise Unsolved(token.value)


def _operand(token: Token) -> Solve:
    if token.subtype == token.TEXT:
        text = token.value[1:-1].replace('""', '"')
        return lambda look, rows, columns: text
    if token.subtype == token.NUMBER:
        number = float(token.value)
        return lambda look, rows, columns: number
    if token.subtype == token.LOGICAL:
        truth = token.value.upper() == "TRUE"
        return lambda look, rows, columns: truth
    match = _PLACE.fullmatch(token.value) if token.subtype == token.RANGE else None
    if not match:
        raise Unsolved(token.value)
    from openpyxl.utils import column_index_from_string

    place = _Place(int(match[4]) - 1, column_index_from_string(match[2]) - 1, bool(match[3]), bool(match[1]))
    return lambda look, rows, columns: look(*place.moved(rows, columns))


def _percent(inside: Solve) -> Solve:
    return lambda look, rows, columns: number(inside(look, rows, columns)) / 100


def _signed(sign: str, inside: Solve) -> Solve:
    if sign == "-":
        return lambda look, rows, columns: -number(inside(look, rows, columns))
    return inside


def _pair(sign: str, left: Solve, right: Solve) -> Solve:
    def solve(look: Look, rows: int, columns: int) -> Value:
        a, b = left(look, rows, columns), right(look, rows, columns)
        if sign in _COMPARED:
            return compared(a, sign, b)
        if sign == "&":
            return text_of(a) + text_of(b)
        x, y = number(a), number(b)
        if sign == "/" and y == 0:
            raise Unsolved("divides by nothing")
        return {"+": x + y, "-": x - y, "*": x * y}[sign] if sign != "/" else x / y

    return solve


def compared(a: Value, sign: str, b: Value) -> bool:
    """Two values as a workbook compares them: text without regard to case, a blank equal to "" and 0."""
    a, b = (_like(b) if a is None else a), (_like(a) if b is None else b)
    if isinstance(a, str) and isinstance(b, str):
        return bool(_COMPARED[sign](a.casefold(), b.casefold()))
    if type(a) is type(b) or not (isinstance(a, str | bool) or isinstance(b, str | bool)):
        return bool(_COMPARED[sign](a, b))
    # Of two kinds a number is less than any text, and text less than TRUE or FALSE.
    return bool(_COMPARED[sign](_rank(a), _rank(b)))


def _like(other: Value) -> Value:
    return "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0


def _rank(value: Value) -> int:
    return 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0


def number(value: Value) -> float:
    """A value as a number, as a workbook takes it in a sum.

    Raises:
        Unsolved: it is a text.
    """
    if value is None:
        return 0.0
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise Unsolved(value) from None
    return float(value)


def text_of(value: Value) -> str:
    """A value as text, as a workbook joins it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, str) else f"{value:.15g}"


def truth(value: Value) -> bool:
    """Return whether a condition holds.

    Raises:
        Unsolved: the value is a text.
    """
    if isinstance(value, str):
        raise Unsolved(value)
    return bool(value)


def _called(name: str, arguments: list[Solve]) -> Solve:
    if name not in _FUNCTIONS and name not in ("IF", "ISERROR", "IFERROR"):
        raise Unsolved(name)

    def solve(look: Look, rows: int, columns: int) -> Value:
        if name in ("ISERROR", "IFERROR"):
            try:
                value = arguments[0](look, rows, columns)
            except _NotFound:
                return True if name == "ISERROR" else arguments[1](look, rows, columns)
            return False if name == "ISERROR" else value
        if name == "IF":
            holds = truth(arguments[0](look, rows, columns))
            if not holds and len(arguments) < 3:
                return False
            return arguments[1 if holds else 2](look, rows, columns)
        if name == "ISNUMBER":
            try:
                value = arguments[0](look, rows, columns)
            except _NotFound:
                return False
            return isinstance(value, int | float) and not isinstance(value, bool)
        values = [argument(look, rows, columns) for argument in arguments]
        try:
            answer: Value = _FUNCTIONS[name](*values)
        except (TypeError, IndexError) as error:
            raise Unsolved(name) from error
        return answer

    return solve


class _NotFound(Unsolved):
    """SEARCH or FIND found nothing, which is an error value in a workbook."""


def _search(wanted: Value, within: Value, start: Value = 1.0) -> float:
    return _find(text_of(wanted).casefold(), text_of(within).casefold(), start)


def _find(wanted: Value, within: Value, start: Value = 1.0) -> float:
    if any(sign in text_of(wanted) for sign in "*?~"):
        raise Unsolved("wildcards")
    at = text_of(within).find(text_of(wanted), int(number(start)) - 1)
    if at < 0:
        raise _NotFound("not found")
    return at + 1.0


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "AND": lambda *values: all(truth(value) for value in values),
    "OR": lambda *values: any(truth(value) for value in values),
    "NOT": lambda value: not truth(value),
    "ISBLANK": lambda value: value is None,
    "ISTEXT": lambda value: isinstance(value, str),
    "ISNUMBER": lambda value: isinstance(value, float),
    "LEN": lambda value: float(len(text_of(value))),
    "LEFT": lambda value, count=1.0: text_of(value)[: int(number(count))],
    "RIGHT": lambda value, count=1.0: text_of(value)[max(len(text_of(value)) - int(number(count)), 0) :],
    "MID": lambda value, start, count: text_of(value)[int(number(start)) - 1 : int(number(start) - 1 + number(count))],
    "TRIM": lambda value: " ".join(text_of(value).split()),
    "UPPER": lambda value: text_of(value).upper(),
    "LOWER": lambda value: text_of(value).lower(),
    "EXACT": lambda a, b: text_of(a) == text_of(b),
    "SEARCH": _search,
    "FIND": _find,
    "TRUE": lambda: True,
    "FALSE": lambda: False,
}
