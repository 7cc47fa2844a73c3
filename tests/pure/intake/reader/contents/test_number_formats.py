"""Numbers and dates as a workbook shows them."""

from datetime import date

import pytest

from ilacs_app.intake.reader.contents.excel.formats import (
    day_of,
    general,
    kind_of,
    number_shown,
    written_day,
    written_time,
)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1.1, "General", "1.1"),
        (1.1, "0.00", "1.10"),
        (0.1 + 0.2, "General", "0.3"),
        (0.755, "0.0%", "75.5%"),
        (1, "0%", "100%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (7, "000", "007"),
        (-5, "0;(0)", "(5)"),
        (-5, "0", "-5"),
        (0, '0;-0;"-"', "-"),
        (3, '"Rec "0', "Rec 3"),
        (3, "\\R0", "R3"),
        (1.1, "0.0#", "1.1"),
        (1.25, "0.##", "1.25"),
        (110, '0"."00', "1.10"),
        (5, ";;;", ""),
        (1234567, '#,##0,"k"', "1,235k"),
        (3, '[>2]"High";"Low"', "High"),
        (1, '[>2]"High";"Low"', "Low"),
        (2.5, "[$£-809]#,##0.00", "£2.50"),
        (4, 'General" days"', "4 days"),
        (1, '"R";"A";"G"', "R"),
        (-1, '"R";"A";"G"', "A"),
        (0, '"R";"A";"G"', "G"),
        (1.005, "0.00", "1.01"),
        (2, "@", "2"),
        (0.5, "# ?/?", "0.5"),
    ],
)
def test_a_number_is_shown_as_its_format_says(value: float, code: str, text: str) -> None:
    assert number_shown(value, code) == text


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        ("dd/mm/yyyy", "day", "31/03/2026"),
        ("mm-dd-yy", "day", "31/03/2026"),
        ("yyyy-mm-dd", "day", "31/03/2026"),
        ("d mmmm yyyy", "day", "31 March 2026"),
        ("dd-mmm-yy", "day", "31 Mar 2026"),
        ("[$-809]dddd d mmm yyyy;@", "day", "Tuesday 31 Mar 2026"),
        ("mmm-yy", "month", "March 2026"),
        ("mm/yyyy", "month", "March 2026"),
        ("yyyy", "year", "2026"),
        ('"Due "d mmm', "day", "31 Mar 2026"),
        ("dd/mm/yyyy hh:mm", "day", "31/03/2026"),
        ("h:mm", "time", None),
        ("mm:ss", "time", None),
        ("[h]:mm", "span", None),
        ("0.00", "number", None),
        ("General", "number", None),
        ('0 "days"', "number", None),
        ("[Red]0", "number", None),
        ("###0 d", "number", None),
        ("_([$USD] * #,##0.00_)", "number", None),
        ("@", "text", None),
    ],
)
def test_a_date_is_known_by_its_format_and_written_day_first(code: str, kind: str, text: str | None) -> None:
    assert kind_of(code) == kind
    if text:
        assert written_day(date(2026, 3, 31), code) == text


def test_days_are_counted_from_either_year() -> None:
    assert day_of(46112, 1900) == day_of(44650, 1904) == date(2026, 3, 31)
    assert day_of(59, 1900) == date(1900, 2, 28)
    assert day_of(61, 1900) == date(1900, 3, 1)
    assert day_of(-1, 1900) is day_of(9e9, 1900) is day_of(9e9, 1904) is None


def test_times_and_whole_numbers_have_no_needless_figures() -> None:
    assert written_time(0.375) == "09:00"
    assert general(3.0) == "3"
    assert general(1e16) == "1e+16"
