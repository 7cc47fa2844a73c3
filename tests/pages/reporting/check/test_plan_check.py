"""The plan's check: remarks with their places, for whoever may see the plan, on a page and on the command line."""

from __future__ import annotations

import json

import pytest

from ilacs_app.access import OPERATOR
from ilacs_app.reporting.export.queries import plan_check
from tests.auditor import read
from tests.conftest import TODAY
from tests.factories import BOTH_WAYS, fresh, set_fact

PATH = "/plans/twin/check"


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_each_remark_is_shown_with_its_place_its_reason_and_the_next_step(world, _way, headers):
    remarks = plan_check(OPERATOR, "twin", TODAY)
    page = read(world.client("programme_manager").get(PATH, headers=headers).text)
    rows = page.one("tbody").all("tr")
    assert len(rows) == len(remarks) > 0
    for row, remark in zip(rows, remarks, strict=True):
        assert all(words in row.text for words in (remark.at, remark.says, remark.why, remark.do))
    links = {link.attrs["href"] for link in page.one("tbody").all("a")}
    for href in links:
        assert world.client("programme_manager").get(href).status_code == 200


def test_what_is_corrected_is_asked_no_more(world):
    asked = fresh(plan_check)
    before = {(r.kind, r.ref) for r in asked(OPERATOR, "twin", TODAY)}
    set_fact(world.actions["5.2"], text="Explore what could be done")
    assert {(r.kind, r.ref) for r in asked(OPERATOR, "twin", TODAY)} - before >= {("vague", "5.2")}
    set_fact(world.actions["5.2"], text="Write the guide by hand")
    assert ("vague", "5.2") not in {(r.kind, r.ref) for r in asked(OPERATOR, "twin", TODAY)}


def test_a_partner_reads_remarks_on_what_they_may_see_alone(world):
    whole = {r.number for r in plan_check(OPERATOR, "twin", TODAY)}
    theirs = {r.number for r in plan_check(world.actor("partner"), "twin", TODAY)}
    assert theirs <= {"5", ""} and theirs < whole


def test_a_stranger_and_an_unknown_plan(world):
    assert world.client(None).get(PATH).headers["Location"].startswith("/sign-in")
    assert world.client("viewer").get("/plans/none/check").status_code == 404
    assert world.client("viewer").post(PATH).status_code == 405


def test_remarks_are_json_for_other_programs(world):
    remarks = plan_check(OPERATOR, "twin", TODAY)
    out = json.loads(json.dumps([remark.to_json() for remark in remarks]))
    assert set(out[0]) == {"kind", "recommendation", "action", "says", "why", "do"}
