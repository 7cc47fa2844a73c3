"""What a line of history is undone to, and when it is not."""

from __future__ import annotations

from datetime import UTC, datetime

from ilacs_app.editing.undo import rules as undo_rules
from ilacs_app.editing.undo.rules import ACTION, CHANGED_SINCE, NOT_HERE, RECOMMENDATION, undone
from ilacs_app.history import Event

NOON = datetime(2018, 6, 1, 12, tzinfo=UTC)
NOW = {"text": "Hear children.", "owners": ("Head of Service",), "contributors": ()}


def put_back(event_id, lines, now, of=ACTION):
    return undo_rules.put_back(event_id, lines, now, of)


def undoable(lines, now, of=ACTION):
    return undo_rules.undoable(lines, now, of)


def line(id_: int, before: dict[str, object], after: dict[str, object], verb: str = "action_changed") -> Event:
    return Event(id_, NOON, "Programme Manager", "", verb, "", before, after)


WORDS = line(1, {"text": "Ask children."}, {"text": "Hear children."})
OWNER = line(2, {"owners": ["Team Manager"]}, {"owners": ["Head of Service"]})


def test_each_field_goes_back_to_what_it_was_while_it_still_says_the_new():
    assert put_back(1, [OWNER, WORDS], NOW) == {"text": "Ask children."}
    assert put_back(2, [OWNER, WORDS], NOW) == {"owners": ["Team Manager"]}
    assert undoable([OWNER, WORDS], NOW) == {1, 2}


def test_a_change_that_was_changed_again_is_not_undone():
    assert put_back(1, [WORDS], {**NOW, "text": "Listen to children."}) == CHANGED_SINCE
    there, again = line(3, WORDS.after, WORDS.before), line(4, WORDS.before, WORDS.after)
    assert put_back(1, [again, there, WORDS], NOW) == CHANGED_SINCE
    assert undoable([again, there, WORDS], NOW) == {4}


def test_a_name_given_twice_is_the_one_that_was_kept():
    twice = line(5, {"owners": []}, {"owners": ["Head of Service", "Head of Service"]})
    assert put_back(5, [twice], NOW) == {"owners": []}


def test_a_verdict_a_move_an_import_and_a_date_are_never_undone_here():
    for verb in ("verification", "sent_back", "claim", "move", "imported", "date_agreed", "rating_set", "note_logged"):
        its = line(6, {"status": "completed", "text": "Ask."}, {"status": "verified", "text": "Hear children."}, verb)
        assert put_back(6, [its], NOW) == ACTION.nothing_else
        assert not undoable([its], NOW)


def test_a_line_of_another_history_is_not_known():
    assert put_back(99, [OWNER, WORDS], NOW) == NOT_HERE


def test_what_is_chosen_from_a_list_goes_back_with_it_or_not_at_all():
    now = {"leads": ["A", "B"], "accountable": "B", "boards": ["MASH Board"], "lead_board": "MASH Board"}
    more = line(1, {"leads": ["A"]}, {"leads": ["A", "B"]}, "recommendation_changed")
    chosen = line(2, {"accountable": "A"}, {"accountable": "B"}, "recommendation_changed")
    board = line(
        3, {"boards": [], "lead_board": ""}, {"boards": ["MASH Board"], "lead_board": "MASH Board"}, "handed_over"
    )
    assert put_back(1, [chosen, more], now, RECOMMENDATION) == CHANGED_SINCE
    assert undoable([board, chosen, more], now, RECOMMENDATION) == {2, 3}


def test_an_accountable_lead_goes_back_with_a_reassignment_that_does_not_name_one_where_it_can_only_be_one():
    def back(was: list[str], leads: list[str], accountable: str) -> object:
        given = line(1, {"leads": was}, {"leads": leads}, "handed_over")
        now = {"leads": leads, "accountable": accountable}
        return put_back(1, [given], now, RECOMMENDATION)

    assert back(["A", "B"], ["C", "B"], "C") == {"leads": ["A", "B"], "accountable": "A"}
    assert back(["A", "B"], ["C", "B"], "B") == {"leads": ["A", "B"]}, "B was it and is it still"
    assert back(["A", "C"], ["C"], "C") == {"leads": ["A", "C"]}, "C may have been it before"
    assert back(["A", "D"], ["C"], "C") == {"leads": ["A", "D"]}, "two names went"


def test_a_line_is_undone_while_what_undid_it_applies():
    back = line(2, WORDS.after, {**WORDS.before, "undoes": 1})
    again = line(3, WORDS.before, {**WORDS.after, "undoes": 2})
    assert undone([back, WORDS]) == {1: back}
    assert undone([again, back, WORDS]) == {2: again}
