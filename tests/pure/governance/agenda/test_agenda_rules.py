"""The order of an agenda, whatever was moved, struck or made exempt, and whatever came or went since."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.governance.agenda.rules import AgendaChange, AgendaFact, AgendaKind, Arranged, agenda_of, moved


def fact(key: str, kind: AgendaKind = AgendaKind.LATE) -> AgendaFact:
    return AgendaFact(key, kind, key, "/")


KEYS = [f"item-{number}" for number in range(8)]
FACTS = st.lists(
    st.builds(fact, key=st.sampled_from(KEYS), kind=st.sampled_from(AgendaKind)),
    unique_by=lambda each: each.key,
)
ARRANGED = st.lists(
    st.builds(
        Arranged,
        key=st.sampled_from(KEYS),
        place=st.none() | st.integers(1, 8),
        struck=st.booleans(),
        exempt=st.booleans(),
    ),
    unique_by=lambda each: each.key,
)


def keys(facts) -> list[str]:
    return [each.key for each in facts]


@given(FACTS, ARRANGED)
def test_every_item_is_on_the_agenda_once_in_one_of_its_parts(facts, arranged):
    agenda = agenda_of(facts, arranged)
    assert sorted(keys((*agenda.items, *agenda.exempt, *agenda.struck))) == sorted(keys(facts)) == sorted(agenda.order)
    struck = {entry.key for entry in arranged if entry.struck}
    assert {each.key for each in agenda.struck} == struck.intersection(keys(facts))


@given(FACTS)
def test_what_no_one_placed_is_in_the_order_of_the_rules(facts):
    order = list(AgendaKind)
    kinds = [order.index(each.kind) for each in agenda_of(facts, []).items]
    assert kinds == sorted(kinds)


@given(FACTS, ARRANGED, st.data())
def test_down_undoes_up_and_no_part_but_its_own_changes(facts, arranged, data):
    agenda = agenda_of(facts, arranged)
    if not agenda.items:
        return
    key = data.draw(st.sampled_from(keys(agenda.items)))
    order = moved(agenda, key, AgendaChange.UP)
    places = [
        Arranged(each, place=order.index(each) + 1, struck=e.struck, exempt=e.exempt)
        for each in order
        for e in [next((a for a in arranged if a.key == each), Arranged(each))]
    ]
    after = agenda_of(facts, places)
    assert after.order == order
    assert keys(after.exempt) == keys(agenda.exempt) and keys(after.struck) == keys(agenda.struck)
    at = keys(agenda.items).index(key)
    assert keys(after.items).index(key) == max(0, at - 1)
    if at:
        assert moved(after, key, AgendaChange.DOWN) == agenda.order


def test_an_item_that_came_since_follows_the_one_before_it_by_the_rules():
    placed = [Arranged("c", 1), Arranged("a", 2)]
    assert keys(agenda_of([fact("a"), fact("b"), fact("c")], placed).items) == ["c", "a", "b"]
    assert keys(agenda_of([fact("z", AgendaKind.DATE), fact("a"), fact("c")], placed).items) == ["z", "c", "a"]


def test_the_ends_of_a_part_stay():
    agenda = agenda_of([fact("a"), fact("b")], [])
    assert moved(agenda, "a", AgendaChange.UP) == moved(agenda, "b", AgendaChange.DOWN) == ("a", "b")
    assert moved(agenda, "gone", AgendaChange.UP) == ("a", "b")
