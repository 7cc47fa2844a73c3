"""What history records: only changes of a known kind, with only the keys of that kind."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from ilacs_app.db import db, transaction
from ilacs_app.history import Author, HistoryEvent, record, record_each

SOMEBODY = Author(None, "Command line")


def _events() -> int:
    return db.session.scalar(select(func.count()).select_from(HistoryEvent)) or 0


def test_an_event_of_a_known_kind_is_recorded(app):
    with transaction():
        record(SOMEBODY, "board_made", about="A board", after={"slug": "a-board"})
    assert _events() == 1


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("board_renamed", None, None),
        ("board_made", None, {"slug": "a-board", "password": "secret"}),
        ("board_changed", {"nickname": "old"}, {"name": "new"}),
    ],
)
def test_an_unknown_verb_or_key_is_refused_and_nothing_is_recorded(app, verb, before, after):
    with pytest.raises(ValueError, match=r"is not a verb|has no key"), transaction():
        record(SOMEBODY, verb, before=before, after=after)
    with pytest.raises(ValueError, match=r"is not a verb|has no key"), transaction():
        record_each(SOMEBODY, verb, [{"about": "one", "before": before, "after": after}])
    assert _events() == 0
