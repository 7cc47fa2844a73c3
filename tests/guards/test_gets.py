"""No GET changes a row, except when a session was last seen."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.editing.inspections.commands import enter_inspection
from ilacs_app.editing.undo.queries import changed_lately
from ilacs_app.people.teams.commands import make_team
from tests.conftest import BY
from tests.factories import HTMX, NOTE, PROOF, all_rows, changed, plan_file, send
from tests.guards.calls import DAY, key_of_dive, minutes_published, owners_changed, papers_published, question_asked

PAPERS_ON = DAY + timedelta(days=30)
"""The day of the meeting that has papers."""


def test_no_get_changes_a_row(world):
    """Each page, with and without htmx, for readers and writers; the sign-ins are done before."""
    lead = world.client("lead")
    action = world.actions["5.2"]
    assert send(lead, action, **NOTE, **PROOF).status_code == 303
    assert send(lead, action, file=("a.csv", b"a,b\n"), shows="x").status_code == 303
    with transaction():
        make_team(BY, "A team", [])
        enter_inspection(BY, "Northmoor", "ILACS")
        plan_file(world.app)
        owners_changed(world)
        question = question_asked(world)
        papers_published(world)
        minutes_published(world)
    clients = {
        role: world.client(role) for role in ("lead", "verifier", "programme_manager", "secretary", "partner", "nobody")
    }
    addresses = [
        "/",
        "/plans",
        "/plans/twin",
        "/plans/twin?brag=red&page=2",
        f"/plans/twin?open={action}",
        "/actions",
        "/actions/export/list?format=csv",
        "/plans/twin/actions",
        "/plans/twin/check",
        "/plans/twin/export",
        "/plans/twin/export/file?format=xlsx",
        "/plans/twin/export/list?format=xlsx",
        "/boards/mash-board/challenges?state=open",
        "/challenges?state=open",
        "/boards/mash-board/challenges/file?format=xlsx",
        "/boards/mash-board/since/file?format=xlsx",
        "/boards/mash-board/challenges/new",
        f"/challenges/{question}",
        "/boards/mash-board/export",
        "/boards/mash-board/export/list?format=csv",
        "/plans/twin/recommendations/5",
        f"/plans/twin/recommendations/5?open={action}",
        f"/actions/{action}",
        f"/actions/{action}?history=all",
        f"/actions/{action}?open={action}",
        f"/actions/{action}/date-requests/reading?words=End May 2018",
        "/manage",
        "/manage/silent",
        "/manage/help",
        "/manage/names",
        "/manage/names/match?plan=twin&name=Deputy+Director",
        "/boards/mash-board/meetings/series",
        "/date-requests",
        "/date-requests/1",
        f"/actions/{action}/row",
        f"/actions/{action}/row?open=1&view=work&back=/",
        "/evidence/1",
        "/evidence/2",
        "/inspections",
        "/inspections/new",
        "/inspections/1",
        "/import?into=twin",
        "/import/1",
        "/import/1?only=asked&row=1",
        "/import/1/file",
        "/inspections/1/edit",
        "/plans/new",
        "/plans/twin/edit",
        "/plans/twin/state",
        "/evidence/2/withdraw",
        "/notes/1/correct",
        f"/actions/{action}/evidence/new",
        "/plans/twin/recommendations/5/evidence",
        "/plans/twin/twins",
        "/plans/twin/recommendations/new",
        "/plans/twin/recommendations/5/edit",
        "/plans/twin/recommendations/5/actions/new",
        f"/actions/{action}/edit",
        "/history",
        "/history?before=40&group=updates",
        "/history/file",
        "/plans/twin/history",
        "/boards/mash-board/history",
        "/plans/twin?at=2018-03-01",
        "/plans/twin/recommendations/5?at=2018-03-01",
        f"/actions/{action}?at=2018-03-01",
        "/boards/mash-board?at=2018-03-01",
        "/governance",
        "/boards/mash-board",
        "/boards/mash-board/since",
        "/boards/mash-board/meetings",
        "/boards/mash-board/meetings?change=1",
        f"/boards/mash-board/meetings/{DAY.isoformat()}",
        f"/boards/mash-board/meetings/{PAPERS_ON.isoformat()}/pack",
        f"/boards/mash-board/meetings/{PAPERS_ON.isoformat()}/pack/preview",
        f"/boards/mash-board/meetings/{PAPERS_ON.isoformat()}/pack/1",
        f"/boards/mash-board/meetings/{PAPERS_ON.isoformat()}/pack/1/file?format=docx",
        f"/boards/mash-board/meetings/{PAPERS_ON.isoformat()}/pack/1/changes",
        f"/boards/mash-board/meetings/{DAY.isoformat()}/items/{key_of_dive(world)}",
        f"/boards/mash-board/meetings/{DAY.isoformat()}/minutes",
        f"/boards/mash-board/meetings/{DAY.isoformat()}/minutes?version=draft",
        f"/boards/mash-board/meetings/{DAY.isoformat()}/minutes/1/file",
        "/boards/mash-board?timeliness=overdue",
        "/account",
        "/calendar",
        "/stand-ins",
        "/settings/boards",
        "/settings/boards/new",
        "/settings/boards/1",
        "/settings/teams",
        "/settings/teams/new",
        "/settings/teams/1",
        "/calendar/no-such-token.ics",
        "/people/hand-over",
        "/names?plan=twin&typed=mash",
        f"/actions/{action}/names",
        "/plans/twin/recommendations/5/names",
        f"/people/{world.people['lead']}/hand-over",
        f"/people/{world.people['lead']}/history",
        "/plans/twin/owners",
        "/plans/twin/boards",
        f"/plans/twin/together/{changed_lately([world.plan_id])[0].line.id}",
        "/filters",
        "/filters?keep=/plans/twin%3Fbrag%3Dred",
        "/search",
        "/search?q=team&kind=notes&page=2",
        "/help",
        "/accessibility",
        "/privacy",
        "/healthz",
        "/favicon.ico",
        "/sign-in",
        "/nothing",
    ]
    kinds = {rule.rule for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    reach = world.app.url_map.bind("localhost")
    assert {reach.match(a.partition("?")[0], return_rule=True)[0].rule for a in addresses[:-1]} == kinds
    before = all_rows()
    for role, client in clients.items():
        for address in addresses:
            for headers in ({}, HTMX):
                client.get(address, headers=headers)
            if role == "lead":
                client.head(address)
        assert changed(before, all_rows()) == set(), role


def test_a_get_moves_only_when_the_session_was_seen(world):
    client = world.client("lead")
    before = all_rows()
    later = clock.real_now().timestamp() + 6 * 60
    with time_machine.travel(later, tick=True):
        assert client.get("/account").status_code == 200
        first = all_rows()
        assert client.get("/account").status_code == 200
        assert all_rows() == first
    assert changed(before, first) == {"session"}
    columns = [column.name for column in db.metadata.tables["session"].columns]
    moved = {
        columns[n]
        for old, new in zip(before["session"], first["session"], strict=True)
        for n in range(len(columns))
        if old[n] != new[n]
    }
    assert moved == {"seen_at"}
