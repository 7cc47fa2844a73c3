"""Every form of timescale that councils write, read as product rule section 4 says."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ilacs_app.dates import MONTHS, add_months_end, last_day_of_month
from ilacs_app.plan.parsing.dates import Precision
from ilacs_app.plan.parsing.timescales import Stage, Timescale, Timing, describe, read_timescale

PLAN_DATED_ON = date(2018, 2, 22)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def read(text: str) -> Timescale:
    return read_timescale(text, PLAN_DATED_ON)


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("End Apr 2018", "2018-04-30"),
        ("End April 2018", "2018-04-30"),
        ("End of March 2018", "2018-03-31"),
        ("end of Sept 2018", "2018-09-30"),
        ("by the end of April 2018", "2018-04-30"),
        ("April 2018", "2018-04-30"),
        ("April, 2018.", "2018-04-30"),
        ("END FEB 2020", "2020-02-29"),
        ("  End\u00a0April\n2018 ", "2018-04-30"),
        ("Sep-23", "2023-09-30"),
        ("Sept 23", "2023-09-30"),
        ("Sept’23", "2023-09-30"),
        ("Apr 18", "2018-04-30"),
        ("End Apr 18", "2018-04-30"),
        ("04/2018", "2018-04-30"),
        ("2018-04", "2018-04-30"),
        ("30/09/2023", "2023-09-30"),
        ("1/4/18", "2018-04-01"),
        ("31.12.24", "2024-12-31"),
        ("30-Sep-23", "2023-09-30"),
        ("2024-03-31", "2024-03-31"),
        ("2024-03-31 00:00:00", "2024-03-31"),
        ("31st March 2024", "2024-03-31"),
        ("31st of March 2024", "2024-03-31"),
        ("March 31, 2024", "2024-03-31"),
        ("by 1st Oct 2024", "2024-10-01"),
        ("Friday 30 March 2018", "2018-03-30"),
        ("w/e 16 March 2018", "2018-03-16"),
        ("45199", "2023-09-30"),
        ("2018-04-24T16:00:00.000Z", "2018-04-24"),
        ("2018-01-31T23:00:00Z", "2018-01-31"),
        ("15/Jun/18 12:00 AM", "2018-06-15"),
        ("30/09/2018 00:00", "2018-09-30"),
        ("30/09/2018, 5:00 pm", "2018-09-30"),
        ("Q1 2023/24", "2023-06-30"),
        ("Q3 2023/24", "2023-12-31"),
        ("Q4 2023-24", "2024-03-31"),
        ("End Q2 (Sept 2023)", "2023-09-30"),
        ("End of 2018", "2018-12-31"),
        ("end of financial year 2023/24", "2024-03-31"),
        ("end of the academic year 2025-26", "2026-08-31"),
    ],
)
def test_one_date_is_read_and_certain(text: str, due_on: str) -> None:
    timescale = read(text)
    assert timescale.kind is Timing.DATE
    assert timescale.due_on == date.fromisoformat(due_on)
    assert timescale.due_dates == (timescale.due_on,)
    assert not timescale.guessed
    assert timescale.text == text.strip()


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("mid-June 2025", "2025-06-15"),
        ("late June 2018", "2018-06-30"),
        ("by April 2018", "2018-04-30"),
        ("April 2018?", "2018-04-30"),
        ("End April 2018 (TBC)", "2018-04-30"),
        ("approx. April 2018", "2018-04-30"),
        ("Apr 28", "2028-04-30"),
        ("w/c 5 March 2018", "2018-03-09"),
        ("week commencing 5th March 2018", "2018-03-09"),
        ("week beginning 07/03/2018", "2018-03-09"),
        ("2018-06-29T23:00:00Z", "2018-06-30"),
        ("31st Janury 2019", "2019-01-31"),
        ("28 Febuary 2019", "2019-02-28"),
        ("end of Septmber 2018", "2018-09-30"),
        ("1st Apirl 2019", "2019-04-01"),
        ("Augsut 2018", "2018-08-31"),
        ("Decemeber 2018", "2018-12-31"),
        ("Full roll out - End April 2018", "2018-04-30"),
        ("Ongoing until March 2019", "2019-03-31"),
        ("End April 2018 and ongoing", "2018-04-30"),
    ],
)
def test_a_fairly_sure_date_is_marked_as_a_guess(text: str, due_on: str) -> None:
    timescale = read(text)
    assert timescale.kind is Timing.DATE
    assert timescale.due_on == date.fromisoformat(due_on)
    assert timescale.guessed


@pytest.mark.parametrize(
    ("text", "starts_on", "due_on", "guessed"),
    [
        ("Throughout 2018", "2018-01-01", "2018-12-31", False),
        ("during April 2018", "2018-04-01", "2018-04-30", False),
        ("May 2019 - June 2019", "2019-05-01", "2019-06-30", False),
        ("May–June 2019", "2019-05-01", "2019-06-30", False),
        ("May/June 2019", "2019-05-01", "2019-06-30", False),
        ("from 1 May 2019 to 14 June 2019", "2019-05-01", "2019-06-14", False),
        ("between May and June 2019", "2019-05-01", "2019-06-30", False),
        ("01/04/2018-31/03/2019", "2018-04-01", "2019-03-31", False),
        ("Nov - Feb 2019", "2018-11-01", "2019-02-28", True),
        ("academic year 2025-26", "2025-09-01", "2026-08-31", False),
        ("financial year 2023/24", "2023-04-01", "2024-03-31", False),
        ("2018/19", "2018-04-01", "2019-03-31", True),
    ],
)
def test_a_window_is_due_on_its_last_day(text: str, starts_on: str, due_on: str, guessed: bool) -> None:
    timescale = read(text)
    assert timescale.kind is Timing.WINDOW
    assert (timescale.starts_on, timescale.due_on) == (
        date.fromisoformat(starts_on),
        date.fromisoformat(due_on),
    )
    assert timescale.guessed is guessed


@pytest.mark.parametrize(
    ("text", "review_on", "guessed"),
    [
        ("Ongoing", "2018-05-31", False),
        ("On-going", "2018-05-31", False),
        ("Monthly", "2018-05-31", False),
        ("Quarterly", "2018-05-31", False),
        ("Ongoing - quarterly", "2018-05-31", False),
        ("Ongoing, reviewed monthly", "2018-05-31", False),
        ("Ongoing - review Dec 2023", "2023-12-31", False),
        ("Ongoing\nReview 15 June 2018", "2018-06-15", False),
        ("Ongoing (next review March 2024)", "2024-03-31", False),
        ("April 2018 onwards", "2018-05-31", True),
        ("Ongoing through supervision", "2018-05-31", True),
    ],
)
def test_ongoing_has_a_review_date_and_no_due_date(text: str, review_on: str, guessed: bool) -> None:
    timescale = read(text)
    assert timescale.kind is Timing.ONGOING
    assert timescale.due_on is None
    assert timescale.due_dates == ()
    assert timescale.review_on == date.fromisoformat(review_on)
    assert timescale.guessed is guessed


PILOT = (Stage("Pilot", date(2018, 2, 28)), Stage("Full Roll Out", date(2018, 4, 30)))


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("Pilot – End Feb 2018\nFull Roll Out – End April 2018", PILOT),
        ("Pilot - End Feb 2018  Full Roll Out - End April 2018", PILOT),
        ("Pilot: End Feb 2018; Full Roll Out: End April 2018", PILOT),
        ("Pilot (End Feb 2018)\n\nFull Roll Out (End April 2018)", PILOT),
        ("• Pilot by End Feb 2018\n• Full Roll Out by End April 2018", PILOT),
        ("End Feb 2018 - Pilot\nEnd April 2018 - Full Roll Out", PILOT),
        (
            "Mar 2019; Sept 2019",
            (Stage("Mar 2019", date(2019, 3, 31)), Stage("Sept 2019", date(2019, 9, 30))),
        ),
        (
            "1. Mar 2019\n2. Sept 2019",
            (Stage("Mar 2019", date(2019, 3, 31)), Stage("Sept 2019", date(2019, 9, 30))),
        ),
    ],
)
def test_stages_each_have_a_date_and_the_last_is_due(text: str, stages: tuple[Stage, ...]) -> None:
    timescale = read(text)
    assert timescale.kind is Timing.STAGES
    assert timescale.stages == stages
    assert timescale.due_on == stages[-1].due_on
    assert timescale.due_dates == tuple(stage.due_on for stage in stages)
    assert not timescale.guessed


def test_dates_that_share_a_year_are_stages_but_a_guess() -> None:
    timescale = read("March and September 2019")
    assert timescale.due_dates == (date(2019, 3, 31), date(2019, 9, 30))
    assert timescale.guessed


@pytest.mark.parametrize(
    "text",
    [
        "April 2015 (revised September 2015)",
        "April 2015, revised to September 2015",
        "April 2015 - now September 2015",
        "September 2015 (was April 2015)",
        "Revised: Sept 2015 (originally April 2015)",
    ],
)
def test_a_revised_date_keeps_the_original(text: str) -> None:
    timescale = read(text)
    assert timescale.kind is Timing.DATE
    assert (timescale.original_due_on, timescale.due_on) == (date(2015, 4, 30), date(2015, 9, 30))


@pytest.mark.parametrize(
    "text",
    [
        "TBC",
        "Immediate",
        "ASAP",
        "by Easter 2025",
        "Autumn term",
        "Autumn term 2025",
        "Summer 2024",
        "31/04/2019",
        "09/30/2023",
        "2024-02-30",
        "31 November 2018",
        "Monday 30 March 2018",
        "April",
        "1 Oct",
        "2018",
        "Q3 2023",
        "Q3 2023/25",
        "End Q2 (Aug 2023)",
        "April 2018 or May 2018",
        "not before April 2018",
        "after April 2018",
        "From April 2018",
        "Start - April 2018",
        "End April 2018 (pilot only)",
        "End April 2018 subject to funding",
        "April 2018 Board",
        "w/c April 2018",
        "30 Smarch 2018",
        "31 Novmber 2018",
        "Match 3 2018",
        "April 2018 17:30",
        "30/09/2018 at 17:30 or later",
        "Completed Jan 2024",
        "April 2015 revised July 2015 revised Sept 2015",
        "Phase 1: March 2018; Phase 2: TBC",
        "Within 3 months",
        "1. Mar 2019",
        "End of the month",
        "99999",
        "12345",
        "٣١/١٢/٢٠٢٤",
        "x" * 5000,
        "End April 2018 " * 100,
    ],
)
def test_what_is_not_certain_enough_is_no_date(text: str) -> None:
    timescale = read(text)
    assert timescale.kind is Timing.NOT_UNDERSTOOD
    assert timescale.due_on is None
    assert timescale.review_on is None
    assert timescale.text == text.strip()


@pytest.mark.parametrize("text", ["", "  ", "\n", "N/a", "n/a", "NA", "-", "–", "None"])
def test_nothing_said_is_no_timescale(text: str) -> None:
    assert read(text).kind is Timing.NONE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("End Apr 2018", "due on 30 April 2018, the last day of the month"),
        ("30/04/2018", "due on 30 April 2018"),
        ("Q3 2023/24", "due on 31 December 2023, the last day of the quarter"),
        ("Throughout 2018", "from 1 January to 31 December 2018"),
        ("academic year 2025-26", "from 1 September 2025 to 31 August 2026"),
        (
            "Pilot – End Feb 2018\nFull Roll Out – End April 2018",
            "2 stages: Pilot by 28 February 2018, Full Roll Out by 30 April 2018",
        ),
        ("Ongoing", "ongoing, first review on 31 May 2018"),
        (
            "April 2015 (revised September 2015)",
            "due on 30 September 2015, the last day of the month, moved from 30 April 2015",
        ),
        ("mid-June 2025", "due on 15 June 2025 (not certain)"),
        ("TBC", "date unclear"),
        ("", "no timescale given"),
    ],
)
def test_a_reading_is_shown_in_plain_words(text: str, words: str) -> None:
    assert describe(read(text)) == words


@pytest.mark.parametrize(
    ("text", "further"),
    [
        ("End April 2018", {}),
        ("Throughout 2018", {"starts_on": "2018-01-01"}),
        (
            "Draft: Mar 2019; Final: Sept 2019",
            {
                "stages": [
                    {"label": "Draft", "due_on": "2019-03-31"},
                    {"label": "Final", "due_on": "2019-09-30"},
                ]
            },
        ),
        ("Ongoing", {"review_on": "2018-05-31"}),
        ("April 2015 (revised September 2015)", {"original_due_on": "2015-04-30"}),
        ("TBC", {}),
        ("", {}),
    ],
)
def test_json_has_the_contract_s_keys_and_no_others(text: str, further: dict[str, object]) -> None:
    result = read(text).to_json()
    assert list(result) == ["text", "kind", "due_on", "due_dates", "guessed", *further]
    assert {key: result[key] for key in further} == further


def test_a_month_knows_that_it_is_no_day() -> None:
    assert read("End April 2018").precision is Precision.MONTH
    assert read("30/04/2018").precision is Precision.DAY
    assert read("Q3 2023/24").precision is Precision.QUARTER
    assert read("TBC").precision is None


def _ordinal(day: int) -> str:
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


@pytest.mark.parametrize(
    ("text", "due_on", "starts_on", "original"),
    [
        ("Target date: 31/03/18\nActual date: 15/05/18", "2018-03-31", None, None),
        ("Due: 31/03/2018, completed 15/05/2018", "2018-03-31", None, None),
        ("Plan - March 2018\nActual - May 2018", "2018-03-31", None, None),
        ("Reviewed: April 2018; Due: March 2018", "2018-03-31", None, None),
        ("Started: Jan 2018\nDue: Mar 2018", "2018-03-31", "2018-01-01", None),
        ("Start date 1 May 2018, end date 31 July 2018", "2018-07-31", "2018-05-01", None),
        ("Due: March 2018\nSlipped: June 2018", "2018-06-30", None, "2018-03-31"),
        ("Was: March 2018\nNow: June 2018", "2018-06-30", None, "2018-03-31"),
    ],
)
def test_dates_of_one_promise_are_no_stages(
    text: str, due_on: str, starts_on: str | None, original: str | None
) -> None:
    timescale = read(text)
    assert timescale.kind is not Timing.STAGES and timescale.guessed
    days = (timescale.due_on, timescale.starts_on, timescale.original_due_on)
    assert [day and day.isoformat() for day in days] == [due_on, starts_on, original]


@pytest.mark.parametrize(
    "text",
    ["Start: Jan 2018; Pilot: March 2018; End: June 2018", "Actual: May 2018; Reviewed: June 2018"],
)
def test_parts_that_make_no_one_promise_are_not_understood(text: str) -> None:
    assert read(text).kind is Timing.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("text", "original", "due_on"),
    [
        ("31st Jan (extended to 28th Feb 2018)", "2018-01-31", "2018-02-28"),
        ("30 November (revised to 31 January 2019)", "2018-11-30", "2019-01-31"),
    ],
)
def test_an_original_date_without_a_year_is_the_last_one_before_the_new_date(
    text: str, original: str, due_on: str
) -> None:
    timescale = read(text)
    assert (timescale.original_due_on, timescale.due_on) == (date.fromisoformat(original), date.fromisoformat(due_on))
    assert timescale.guessed


def test_stages_called_by_what_was_done_are_a_guess() -> None:
    assert read("Approved: March 2018\nImplemented: June 2018").guessed
    assert not read("Completion of pilot - End Feb 2018; Full roll out - End April 2018").guessed


def test_a_year_of_two_digits_may_come_first() -> None:
    timescale = read("18-03-31")
    assert (timescale.due_on, timescale.guessed) == (date(2018, 3, 31), True)


def _may_be_turned(day: date) -> bool:
    """Return whether a day written with two digits of its year is far off, and near if its year is first."""
    try:
        turned = date(2000 + day.day, day.month, day.year % 100)
    except ValueError:
        return False
    return abs(day.year - PLAN_DATED_ON.year) > 5 and abs(turned.year - PLAN_DATED_ON.year) <= 5


@given(DAYS, st.integers(0, 9))
def test_any_day_is_read_back_in_any_spelling(day: date, spelling: int) -> None:
    assume(spelling not in (1, 2) or not _may_be_turned(day))
    name, short = MONTHS[day.month - 1], SHORT[day.month - 1]
    text = (
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day:%y}",
        f"{day:%d.%m.%y}",
        f"{day:%d-%m-%Y}",
        day.isoformat(),
        f"{day.day} {name} {day.year}",
        f"{_ordinal(day.day)} {short} {day.year}",
        f"by {_ordinal(day.day)} of {name.upper()}, {day.year}",
        f"{day.day}-{short[:3]}-{day:%y}",
        f"{name} {day.day}, {day.year}",
    )[spelling]
    timescale = read(text)
    assert timescale.due_on == day
    assert not timescale.guessed


@given(DAYS, st.integers(0, 6))
def test_any_month_is_read_back_as_its_last_day(day: date, spelling: int) -> None:
    name, short = MONTHS[day.month - 1], SHORT[day.month - 1]
    text = (
        f"End {short} {day.year}",
        f"End of {name} {day.year}",
        f"{name} {day.year}",
        f"{short[:3]}-{day:%y}",
        f"{short} {day:%y}",
        f"end of {name}, {day.year}",
        f"{day:%m/%Y}",
    )[spelling]
    assert read(text).due_on == last_day_of_month(day)


@given(DAYS, st.integers(0, 400))
def test_any_window_is_read_back(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    if last.year > 2099:
        return
    timescale = read(f"{first:%d/%m/%Y} – {last:%d/%m/%Y}")
    assert (timescale.kind, timescale.starts_on, timescale.due_on) == (Timing.WINDOW, first, last)


@given(DAYS, st.sampled_from(["subject to funding", "or later", "Easter", "if agreed", "board", "not", "18"]))
def test_words_left_over_are_never_read_past(day: date, rest: str) -> None:
    for text in (f"End {MONTHS[day.month - 1]} {day.year} {rest}", f"{rest} {day:%d/%m/%Y}"):
        timescale = read(text)
        assert timescale.due_on is None or timescale.guessed


@given(st.text())
def test_no_text_makes_the_reading_fail(text: str) -> None:
    timescale = read(text)
    assert timescale.text == text.strip()
    describe(timescale)
    timescale.to_json()


@given(st.text().filter(lambda text: not any(sign.isnumeric() for sign in text)))
def test_without_a_figure_there_is_no_date(text: str) -> None:
    assert read(text).due_on is None


WORDS = "end|of|may|march|ongoing|-|–|\n|;|to|(|)|revised|q|by|review|2019|19|/".split("|")  # noqa: SIM905


@given(st.lists(st.sampled_from(WORDS), max_size=10))
def test_a_due_date_is_in_a_year_that_the_words_name(words: list[str]) -> None:
    timescale = read(" ".join(words))
    for due in timescale.due_dates:
        assert due.year in (2019, 2020)


@given(DAYS, st.integers(-60, 60))
def test_months_are_added_to_a_month_end(day: date, months: int) -> None:
    result = add_months_end(day, months)
    assert (result.year - day.year) * 12 + result.month - day.month == months
    assert (result + timedelta(days=1)).day == 1
