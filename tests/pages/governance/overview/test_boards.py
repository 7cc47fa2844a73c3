"""Governance and a board: the counts are those of the rules, each reader sees their own, filters narrow the rows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import select, update

from ilacs_app.db import db, transaction
from ilacs_app.governance.attendance.commands import AttendanceEntry, record_attendance
from ilacs_app.governance.attendance.rules import Attended
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.governance.overview.queries import board_columns, governance
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.people.commands import grant_role
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.model import ActionPlace, Plan, RecommendationBoard
from ilacs_app.plan.rules import days_overdue
from tests.auditor import Node, read
from tests.conftest import BY, TODAY
from tests.factories import CLAIM, HTMX, NOTE, send, set_fact, set_plan, token


def _rows(world, slug: str | None, role: str = "viewer"):
    board_id = board_by_slug(slug).id if slug else None
    return action_rows(world.actor(role), Filter(board_id=board_id), TODAY, size=None)


def _columns(text: str) -> dict[str, dict[str, str]]:
    """Each board's column of the governance page: row heading -> words of its cell."""
    found: dict[str, dict[str, str]] = {}
    for table in read(text).all("table", class_="boards"):
        slugs = [link.attrs["href"].removeprefix("/boards/") for link in table.one("thead").all("a")]
        for line in table.one("tbody").all("tr"):
            label = line.all("td")[0].attrs["data-label"]
            for slug, cell in zip(slugs, line.all("td"), strict=True):
                found.setdefault(slug, {})[label] = cell.text
    return found


def _refs(node: Node) -> list[str]:
    return [n.attrs["data-ref"] for n in node.walk() if "data-ref" in n.attrs]


def test_governance_counts_every_board_as_the_rules_do(world):
    text = world.client("viewer").get("/governance").text
    columns = _columns(text)
    assert list(columns)[:3] == ["lac-strategy-group", "mash-board", "corporate-parenting-panel"]
    assert "childrens-management-team" in columns
    for slug, cells in columns.items():
        rows = {row.id: row for row in _rows(world, slug)}.values()
        brags = Counter(str(row.brag) for row in rows)
        assert cells["Items"].startswith(f"{len(rows)} action"), slug
        assert int(cells["Overdue"].split()[0]) == sum(row.timeliness == "overdue" for row in rows), slug
        assert int(cells["Off track"].split()[0]) == brags["red"], slug
        assert int(cells["Awaiting verification"].split()[0]) == sum(r.status == "completed" for r in rows), slug
        for brag, word in (("red", "red"), ("amber", "amber"), ("blue_outline", "to verify"), ("grey", "grey")):
            assert (f"{brags[brag]} {word}" in cells["Actions by rating"]) == bool(brags[brag]), (slug, brag)
    nothing_asked = "0 date changes to agree, 0 unanswered questions."
    assert f"59 actions, 16 overdue, 4 awaiting verification, {nothing_asked}" in read(text).one("main").text


def test_a_partner_sees_its_own_board_and_its_own_total(world):
    text = world.client("partner").get("/governance").text
    assert list(_columns(text)) == ["mash-board"]
    late = sum(row.timeliness == "overdue" for row in _rows(world, "mash-board"))
    assert f"7 actions, {late} overdue, 0 awaiting verification, 0 date changes" in read(text).one("main").text


def test_every_number_leads_to_as_many_rows(world):
    client = world.client("viewer")
    page = read(client.get("/governance").text)
    numbers = page.all("a", class_="big")
    assert len(numbers) > 5
    for link in numbers:
        rows = _refs(read(client.get(link.attrs["href"]).text))
        assert len(rows) == int(link.text.split()[0]), link.attrs["href"]


def test_a_board_shows_its_items_by_recommendation_and_its_officers(world):
    page = read(world.client("chair").get("/boards/mash-board").text)
    assert page.one("h1").text == "MASH Board"
    assert "Chair: Independent Chair. Secretary: Governance Officer. 2 members." in page.one("main").text
    assert _refs(page) == [row.ref for row in _rows(world, "mash-board")] == [f"5.{n}" for n in range(1, 8)]
    assert page.one("section", id="summary").one("h2").text == "1 recommendation, 7 actions"
    for row in _rows(world, "mash-board"):
        shown = page.one(id=f"action-{row.id}")
        assert shown.attrs["data-brag"] == row.brag and shown.attrs["data-timeliness"] == row.timeliness
        if row.timeliness == "overdue":
            assert f"Overdue by {days_overdue(row.facts, TODAY)} day" in shown.text


def test_filters_narrow_a_board_and_never_widen_it(world):
    client = world.client("viewer")
    mine = _rows(world, "lac-strategy-group")
    for query, fits in (
        ("timeliness=overdue", lambda r: r.timeliness == "overdue"),
        ("brag=red", lambda r: r.brag == "red"),
        ("status=completed", lambda r: r.status == "completed"),
        ("q=plan", lambda r: "plan" in (r.text + r.recommendation_text).lower()),
        ("board=mash-board", lambda r: True),
        ("brag=purple", lambda r: True),
    ):
        found = _refs(read(client.get(f"/boards/lac-strategy-group?{query}").text))
        assert found == [r.ref for r in mine if fits(r)], query


def test_the_whole_boards_counts_stay_while_its_rows_are_narrowed(world):
    client = world.client("viewer")
    for query in ("", "?brag=red", "?q=nothing+like+this"):
        page = read(client.get(f"/boards/mash-board{query}").text)
        assert page.one("section", id="summary").one("h2").text == "1 recommendation, 7 actions"
    assert "No actions match" in page.one("main").text


def test_a_claim_moves_the_counts_of_its_board_at_once(world):
    client = world.client("viewer")
    before = _columns(client.get("/governance").text)["mash-board"]
    assert send(world.client("lead"), world.actions["5.2"], **CLAIM).status_code == 303
    after = _columns(client.get("/governance").text)["mash-board"]
    assert int(after["Overdue"].split()[0]) == int(before["Overdue"].split()[0]) - 1
    assert (before["Awaiting verification"].split()[0], after["Awaiting verification"].split()[0]) == ("0", "1")


def test_the_oversight_board_sees_everything_and_comes_fourth(world):
    board = board_by_slug("strategic-housing-board")
    with transaction():
        db.session.execute(update(Plan).values(oversight_board_id=board.id))
    client = world.client("viewer")
    columns = _columns(client.get("/governance").text)
    assert columns["strategic-housing-board"]["Items"].startswith("59 actions")
    assert list(columns)[3] == "strategic-housing-board"
    summary = read(client.get("/boards/strategic-housing-board").text).one("section", id="summary")
    assert summary.one("h2").text == "12 recommendations, 59 actions"


def test_a_plan_that_was_closed_leaves_the_boards(world):
    with transaction():
        db.session.execute(update(Plan).values(state="closed"))
    text = world.client("viewer").get("/governance").text
    assert "0 actions, 0 overdue, 0 awaiting verification, 0 date changes" in read(text).one("main").text
    assert "This board has no actions yet" in world.client("viewer").get("/boards/mash-board").text


def test_strangers_readers_wrong_verbs_and_missing_boards(world):
    for address in ("/governance", "/boards/mash-board"):
        assert world.client(None).get(address).headers["Location"] == f"/sign-in?next={address}"
        assert world.client(None).get(address, headers=HTMX).status_code == 401
        assert world.client("viewer").post(address).status_code == 405
        assert world.client("nobody").get(address).status_code == 404
    assert world.client("viewer").get("/boards/no-such").status_code == 404
    assert world.client("partner").get("/boards/lac-strategy-group").status_code == 404


def test_the_newest_note_is_shown_in_the_boards_row(world):
    assert send(world.client("lead"), world.actions["5.2"], **NOTE).status_code == 303
    row = read(world.client("board_member").get("/boards/mash-board").text).one(id=f"action-{world.actions['5.2']}")
    assert NOTE["did"] in row.text and "7 Apr 2018" in row.text


def test_my_boards_count_what_the_governance_page_counts_for_them(world):
    with transaction():
        overseeing = board_named(BY, "Improvement Board")
        for board in ("LAC Strategy Group", "Improvement Board"):
            grant_role(BY, world.people["chair"], "chair", board_id=board_named(BY, board))
    set_plan(world.plan_id, oversight_board_id=overseeing)
    for role, boards in (("chair", 3), ("board_member", 1), ("partner", 1), ("viewer", 0)):
        db.session.rollback()
        actor = world.actor(role)
        mine = board_columns(actor, TODAY)
        assert len(mine) == boards
        assert list(mine) == [c for c in governance(actor, TODAY).columns if c.board.id in actor.board_ids]


def test_a_board_is_told_how_often_no_change_was_the_answer(world, on):
    def told() -> str:
        found = read(world.client("board_member").get("/boards/mash-board").text).all(id="no-change")
        return found[0].text if found else ""

    lead = world.client("lead")
    assert told() == ""
    assert send(lead, world.actions["5.2"], answer="no_change").status_code == 303
    assert told() == "“No change” and nothing else since the last update: 1 action, 1 answer."
    on(TODAY + timedelta(days=1))
    for ref in ("5.2", "5.3"):
        assert send(lead, world.actions[ref], answer="no_change").status_code == 303
    assert told() == "“No change” and nothing else since the last update: 2 actions, 3 answers."
    assert send(lead, world.actions["5.2"], answer="no_change", **NOTE).status_code == 303
    assert told() == "“No change” and nothing else since the last update: 1 action, 1 answer.", (
        "with an update it is no empty answer"
    )
    assert send(world.client("other_lead"), world.actions["6.1"], answer="no_change").status_code in {303, 422}
    assert "1 action" in told(), "what this board does not govern is not counted here"


def test_a_board_has_to_settle_its_minutes_and_the_verified_actions_that_it_leads(world):
    """Actions that another board leads are not counted for it: it may not accept them."""
    set_fact(world.actions["5.4"], status="verified")
    with transaction():
        mash, lac = board_named(BY, "MASH Board"), board_named(BY, "LAC Strategy Group")
        place = select(ActionPlace.recommendation_id).where(ActionPlace.action_id == world.actions["5.4"])
        db.session.add(
            RecommendationBoard(
                recommendation_id=db.session.scalar(place),
                board_id=lac,
                position=9,
                lead=False,
                named_as="LAC Strategy Group",
            )
        )
        earlier = set_meeting(BY, mash, TODAY - timedelta(days=7))
        record_attendance(BY, earlier, [AttendanceEntry(world.people["chair"], Attended("present"), 0)])
    client = world.client("secretary")
    sent = {"csrf_token": token(client), "seen": "0"}
    assert client.post(f"/boards/mash-board/meetings/{earlier}/minutes", data=sent).status_code == 303
    columns = {column.board.slug: column for column in governance(world.actor("viewer"), TODAY).columns}
    assert (columns["mash-board"].to_approve, columns["mash-board"].to_embed) == (1, 1)
    assert (columns["lac-strategy-group"].to_approve, columns["lac-strategy-group"].to_embed) == (0, 0)
    settle = read(world.client("viewer").get("/governance").text).one("section", id="settle").text
    assert "1 verified, to accept as embedded" in settle and "Minutes of 1 meeting to approve" in settle
