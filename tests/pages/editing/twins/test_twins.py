"""Repeated actions: offered, linked into one action shown in each recommendation, and unlinked."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.access import OPERATOR
from ilacs_app.db import db, transaction
from ilacs_app.editing.twins.commands import link_twins
from ilacs_app.editing.twins.rules import Placed, twins
from ilacs_app.errors import Refused
from ilacs_app.history import HistoryEvent
from ilacs_app.plan.lists.counts import board_counts, counts, ratings_by_recommendation
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.model import Action, Recommendation
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.reporting.export.queries import plan_check, plan_export
from ilacs_app.worklist.queries import waiting, what_waits
from tests.auditor import read
from tests.conftest import TODAY
from tests.factories import (
    BOTH_WAYS,
    HTMX,
    NOTE,
    all_rows,
    changed,
    fact,
    send,
    set_fact,
    set_plan,
    the_record,
    token,
    version_of,
)

PATH = "/plans/twin/twins"
FIRST, SECOND = "1.2", "3.4"  # they have the same words


def post(world, path: str, role: str = "programme_manager", headers=None, **fields):
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    return client.post(path, data=data, headers=headers or {})


def link(world, kept: str = FIRST, other: str = SECOND, headers=None):
    ids = [world.actions[ref] for ref in (kept, other)]
    seen = " ".join(f"{id_}:{version_of(id_)}" for id_ in ids)
    return post(world, f"{PATH}/link", headers=headers, keep=ids[0], seen=seen)


def part(world, ref: str = SECOND):
    id_ = world.actions[ref]
    return post(world, f"{PATH}/part", keep=id_, seen=f"{id_}:{version_of(id_)}")


def words_of(answer) -> str:
    return read(answer.text).one("main").text


def recommendation(number: str) -> int:
    db.session.rollback()
    return db.session.scalars(select(Recommendation.id).where(Recommendation.number == number)).one()


def refs_of(world, number: str) -> list[tuple[str, int]]:
    wanted = Filter(plan_id=world.plan_id, recommendation_id=recommendation(number))
    return [(row.ref, row.id) for row in action_rows(OPERATOR, wanted, TODAY, size=None)]


def test_twins_are_offered_and_never_linked_by_themselves(world):
    page = words_of(world.client("programme_manager").get(PATH))
    assert "1.2 and 3.4" in page and "1.3 and 3.5" in page
    assert db.session.scalars(select(Action.id).where(Action.linked_into_id.is_not(None))).all() == []


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_linked_twins_are_one_action_with_one_status_in_each_recommendation(world, _way, headers):
    kept, twin = world.actions[FIRST], world.actions[SECOND]
    before = counts(world.actor("viewer"), Filter(), TODAY).actions
    order = [ref for ref, _ in refs_of(world, "3")]
    assert link(world, headers=headers).status_code == 303
    assert [ref for ref, _ in refs_of(world, "3")] == order
    assert dict(refs_of(world, "3"))[SECOND] == dict(refs_of(world, "1"))[FIRST] == kept
    for wanted in (Filter(), Filter(plan_id=world.plan_id)):
        now = counts(world.actor("viewer"), wanted, TODAY)
        assert (now.actions, now.places) == (before - 1, before)
    assert sum(ratings_by_recommendation([recommendation("3")], TODAY)[recommendation("3")].by_brag.values()) == len(
        order
    )
    assert f"12 recommendations, {before - 1} actions in {before} places" in words_of(
        world.client("viewer").get("/plans/twin")
    )
    set_fact(kept, status="in_progress")
    rows = [row for row in action_rows(OPERATOR, Filter(), TODAY, size=None) if row.id in {kept, twin}]
    assert [(row.ref, row.id, row.status) for row in rows] == [
        (FIRST, kept, "in_progress"),
        (SECOND, kept, "in_progress"),
    ]
    page = words_of(world.client("viewer").get(f"/actions/{kept}"))
    assert "one action in 2 places: 1.2, 3.4" in page and "3.4 (view the old entry)" in page


def test_counts_are_of_distinct_actions_in_sql_and_in_python_alike(world):
    link(world)
    link(world, "1.3", "3.5")
    viewer = world.actor("viewer")
    by_board, total = board_counts(viewer, TODAY)
    whole = counts(viewer, Filter(), TODAY)
    assert (total.actions, total.by_brag, total.overdue) == (whole.actions, whole.by_brag, whole.overdue)
    for board_id, (held, _) in by_board.items():
        wanted = Filter(board_id=board_id)
        rows = action_rows(viewer, wanted, TODAY, size=None)
        found = counts(viewer, wanted, TODAY)
        assert held.actions == found.actions == len({row.id for row in rows})
        assert found.places == len(rows)
    for role in ("lead", "other_lead", "partner", "inspector"):
        rows = action_rows(world.actor(role), Filter(), TODAY, size=None)
        found = counts(world.actor(role), Filter(), TODAY)
        assert (found.actions, found.places) == (len({row.id for row in rows}), len(rows)), role
        assert what_waits(world.actor(role), TODAY).updates == len(waiting(world.actor(role), TODAY))


def test_an_export_keeps_the_row_in_each_place_and_the_check_no_longer_asks_to_link(world):
    asked = [remark.ref for remark in plan_check(OPERATOR, "twin", TODAY) if remark.kind == "twice"]
    assert asked == ["3.4", "3.5"]
    refs = [action.ref for action in plan_export(OPERATOR, "twin", TODAY).file.actions]
    link(world)
    db.session.rollback()
    export = plan_export(OPERATOR, "twin", TODAY).file
    assert [action.ref for action in export.actions] == refs
    same = {action.ref: action for action in export.actions}
    assert (same[FIRST].text, same[FIRST].timescale) == (same[SECOND].text, same[SECOND].timescale)
    assert [remark.ref for remark in plan_check(OPERATOR, "twin", TODAY) if remark.kind == "twice"] == ["3.5"]


def test_what_was_written_on_a_twin_can_still_be_read_and_nothing_more_is_written(world):
    twin = world.actions[SECOND]
    assert send(world.client("programme_manager"), twin, "notes", **NOTE).status_code == 303
    link(world)
    page = world.client("viewer").get(f"/actions/{twin}")
    assert NOTE["did"] in page.text and "This is a repeated action." in words_of(page)
    assert post(world, f"/actions/{twin}/notes", view="work", did="More").status_code == 403
    assert world.client("programme_manager").get(f"/actions/{twin}/edit").status_code == 403
    assert f"/actions/{world.actions[FIRST]}" in page.text


def test_a_search_finds_the_kept_action_once_and_what_was_written_on_its_twin(world):
    kept, twin = world.actions[FIRST], world.actions[SECOND]
    assert send(world.client("programme_manager"), twin, "notes", did="The zebra crossed.").status_code == 303
    link(world)
    hits = read(world.client("viewer").get("/search?q=3.4").text).one("main").all("a")
    found = {link_.attrs["href"].partition("?")[0] for link_ in hits}
    assert found & {f"/actions/{kept}", f"/actions/{twin}"} == {f"/actions/{kept}"}
    assert f"/actions/{twin}" in world.client("viewer").get("/search?q=zebra").text


def test_parted_twins_are_as_they_were_left(world):
    before = {number: refs_of(world, number) for number in ("1", "3")}
    whole = counts(world.actor("viewer"), Filter(), TODAY)
    link(world)
    assert part(world).status_code == 303
    assert {number: refs_of(world, number) for number in ("1", "3")} == before
    assert counts(world.actor("viewer"), Filter(), TODAY) == whole
    verbs = db.session.execute(
        select(HistoryEvent.verb, HistoryEvent.action_id).where(HistoryEvent.verb.in_(("twin_linked", "twin_parted")))
    ).all()
    both = {world.actions[FIRST], world.actions[SECOND]}
    assert {tuple(row) for row in verbs} == {(v, id_) for v in ("twin_linked", "twin_parted") for id_ in both}
    assert link(world, SECOND, FIRST).status_code == 303, "and they may be linked the other way round"


def test_a_linked_action_keeps_its_places_when_it_is_moved_or_its_recommendation_is_renumbered(world):
    link(world)
    three = recommendation("3")
    moved = post(world, "/plans/twin/recommendations/3/move", version=1, number="3A", place="1")
    assert moved.status_code == 303
    assert dict(refs_of(world, "3A"))["3A.4"] == world.actions[FIRST]
    fields = {"stood": three, "recommendation": three, "ref": "3A.4", "place": "1"}
    kept = world.actions[FIRST]
    assert post(world, f"/actions/{kept}/place", version=version_of(kept), **fields).status_code == 303
    assert refs_of(world, "3A")[0] == ("3A.4", kept)
    assert part(world).status_code == 303
    assert refs_of(world, "3A")[0] == ("3A.4", world.actions[SECOND])


@pytest.mark.parametrize(
    ("keep", "seen", "says"),
    [
        ("", "{a}:1 {b}:1", "Select which action to keep."),
        ("{a}", "", "Select which action to keep."),
        ("{a}", "{a}:1", "Choose a repeated action"),
        ("{a}", "{a}:1 {c}:1", "Select which action to keep."),
        ("{a}", "{a}:1 {d}:1", "Choose actions with the same words"),
    ],
)
def test_what_cannot_be_linked_is_refused(world, keep, seen, says):
    names = {
        "a": world.actions[FIRST],
        "b": world.actions[SECOND],
        "c": world.actions["5.2"],
        "d": world.actions["1.3"],
    }
    before = all_rows()
    answer = post(world, f"{PATH}/link", keep=keep.format_map(names), seen=seen.format_map(names))
    assert answer.status_code == 422 and says in words_of(answer)
    assert changed(before, all_rows()) <= {"session"}


def test_a_twin_with_something_open_on_it_is_not_linked(world):
    set_fact(world.actions[SECOND], help_asked_on=TODAY)
    answer = link(world)
    assert answer.status_code == 422 and "Help is requested for 3.4." in words_of(answer)
    set_fact(world.actions[SECOND], help_asked_on=None)
    set_plan(world.plan_id, state="closed")
    answer = link(world)
    assert answer.status_code == 422 and "This plan is closed" in words_of(answer)


def test_the_command_itself_links_nothing_for_which_a_date_change_is_requested(world):
    kept, twin = world.actions[FIRST], world.actions[SECOND]
    with transaction():
        ask_new_date(world.author("programme_manager"), twin, DateWish("End May 2018", "vacancy", "None."))
    before = the_record()
    with (
        pytest.raises(Refused, match=r"A date change is requested for 3\.4"),
        transaction(),
    ):
        link_twins(world.author("programme_manager"), kept, {twin: version_of(twin)})
    assert the_record() == before


def test_a_twin_that_changed_meanwhile_is_not_linked(world):
    ids = [world.actions[FIRST], world.actions[SECOND]]
    seen = " ".join(f"{id_}:{version_of(id_)}" for id_ in ids)
    set_fact(ids[1], version=7)
    answer = post(world, f"{PATH}/link", keep=ids[0], seen=seen)
    assert answer.status_code == 409 and "Someone else changed one of these actions" in words_of(answer)
    assert fact(ids[1], "linked_into_id") is None


def test_parting_what_is_not_linked_is_refused_and_strangers_are_sent_away(world):
    assert part(world).status_code == 422
    assert post(world, f"{PATH}/link", "lead", keep="1", seen="1:1").status_code == 403
    assert world.client(None).get(PATH).status_code == 302
    assert world.client(None).get(PATH, headers=HTMX).status_code == 401
    assert world.client("programme_manager").put(PATH).status_code == 405
    assert PATH not in world.client("lead").get("/plans/twin").text


def test_twins_have_the_same_words_in_different_recommendations():
    same = "Write it down."
    placed = [Placed(1, 1, same), Placed(2, 2, " write  it down. "), Placed(3, 3, "Say it."), Placed(4, 3, "Say it.")]
    assert twins(placed) == [(1, 2)]
    assert twins([Placed(1, 1, same), Placed(1, 2, same)]) == [], "one action in two places is no twin of itself"
