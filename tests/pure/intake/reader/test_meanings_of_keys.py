"""What the words of a council's own key come nearest to."""

import pytest

from ilacs_app.intake.reader.status_key import meant_by
from ilacs_app.plan.rules import Status


@pytest.mark.parametrize(
    ("meaning", "status"),
    [
        ("Action complete", Status.COMPLETED),
        ("All actions are completed", Status.COMPLETED),
        ("Work not started", Status.NOT_STARTED),
        ("Action not yet due to start", Status.NOT_STARTED),
        ("Tasks have not been started", Status.NOT_STARTED),
        ("Action on track", Status.IN_PROGRESS),
        ("The action is off track", Status.IN_PROGRESS),
        ("Embedded in practice", Status.EMBEDDED),
        ("Fully embedded and tested", Status.EMBEDDED),
        ("Fully achieved", Status.COMPLETED),
        ("Agreed by the partnership", None),
    ],
)
def test_a_meaning_is_read_with_or_without_the_word_action(meaning: str, status: Status | None) -> None:
    assert meant_by(meaning) is status
