"""Which changes are new to someone since they last used the product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.worklist.news.rules import (
    MOST_ALONE,
    SHOWN_DAYS,
    Batch,
    in_batches,
    made_at_once,
    news_since,
    since_last_sign_in,
)

LAST_USED = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)
INSTANTS = st.integers(-3, 3).map(lambda seconds: LAST_USED + timedelta(seconds=seconds))


@dataclass(frozen=True)
class Note:
    at: datetime


@given(st.lists(INSTANTS.map(Note)))
def test_what_happened_after_the_last_use_is_new_and_all_else_is_older_in_the_same_order(changes):
    told = since_last_sign_in(changes, LAST_USED)
    assert [change.at > LAST_USED for change in told.fresh] == [True] * len(told.fresh)
    assert [change.at > LAST_USED for change in told.older] == [False] * len(told.older)
    newest_first = sorted(changes, key=lambda change: change.at, reverse=True)
    whole = since_last_sign_in(newest_first, LAST_USED)
    assert [*whole.fresh, *whole.older] == newest_first


def test_everything_is_new_to_someone_who_never_signed_in_before():
    changes = [Note(LAST_USED)]
    assert since_last_sign_in(changes, None).fresh == changes
    assert since_last_sign_in(changes, None).older == []


def test_news_goes_back_to_the_beginning_of_a_day_in_london():
    assert SHOWN_DAYS == 14
    assert news_since(date(2026, 11, 27)) == datetime(2026, 11, 13, 0, 0, tzinfo=UTC)
    assert news_since(date(2026, 7, 20)) == datetime(2026, 7, 5, 23, 0, tzinfo=UTC), "summer time"


@dataclass(frozen=True)
class Made:
    at: datetime
    batch: str
    number: int


@given(st.lists(st.sampled_from(["", "a", "b", "c"])))
def test_in_batches_each_change_is_once_and_only_many_made_at_once_share_a_line(batches):
    changes = [Made(LAST_USED, batch, number) for number, batch in enumerate(batches)]
    lines = in_batches(changes)
    unfolded = [change for line in lines for change in (line.changes if isinstance(line, Batch) else [line])]
    assert sorted(unfolded, key=lambda change: change.number) == changes
    firsts = [line.changes[0] if isinstance(line, Batch) else line for line in lines]
    assert [change.number for change in firsts] == sorted(change.number for change in firsts)
    shared = {line.changes[0].batch for line in lines if isinstance(line, Batch)}
    assert shared == {batch for batch in batches if batch and batches.count(batch) > MOST_ALONE}


def test_what_one_import_or_one_change_of_many_did_is_made_at_once_and_what_another_did_is_not():
    def key(who: str = "Manager", minutes: int = 0, **after: object) -> str:
        return made_at_once("Action edited", who, LAST_USED + timedelta(minutes=minutes), after=after)

    assert key(together="a") == key(together="a", minutes=5) != key(together="b")
    assert key(imported_from="plan.docx") == key(imported_from="plan.docx", minutes=5) != key(imported_from="plan.xlsx")
    assert key() == key(undoes=3) != key(minutes=1)
    assert key() != key(who="Someone else")
