"""The bank holidays of England and Wales."""

from __future__ import annotations

from datetime import date

import pytest

from ilacs_app.plan.parsing.bank_holidays import bank_holiday, bank_holidays

# As gov.uk/bank-holidays lists them for England and Wales.
PUBLISHED = {
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_days_are_those_that_are_published(year):
    assert sorted(f"{day:%m-%d}" for day in bank_holidays(year)) == PUBLISHED[year].split()


def test_christmas_on_a_sunday_moves_to_the_tuesday():
    assert sorted(day for day in bank_holidays(2033) if day.month == 12) == [date(2033, 12, 26), date(2033, 12, 27)]


def test_no_bank_holiday_is_at_a_weekend_and_each_year_has_eight():
    for year in range(2024, 2100):
        assert len(bank_holidays(year)) == 8 and all(day.weekday() < 5 for day in bank_holidays(year)), year


def test_an_ordinary_day_has_no_name():
    assert bank_holiday(date(2026, 12, 28)) == "Boxing Day"
    assert bank_holiday(date(2026, 12, 29)) == ""
