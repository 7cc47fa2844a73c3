"""A chair's five minutes: what is late, whose it is and what waits for the board, on one screen without scrolling."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator

from tests.browser.conftest import Site
from tests.browser.test_by_keyboard import tab_to
from tests.browser.test_every_page import AXE

SCREEN = {"width": 1366, "height": 768}
BOARD = "/boards/mash-board"


@pytest.fixture
def waiting(site: Site) -> None:
    """Three of the board's actions are late, it meets in 9 days, and one of its questions is unanswered."""
    with site.record() as record:
        (board,) = record.execute("select id from board where slug = 'mash-board'").fetchone()
        record.execute(
            "insert into meeting (board_id, on_day, at_time, place, cancelled_reason, version) "
            "select ?, '2018-04-16', '10:00', '', '', 1 "
            "where not exists (select 1 from meeting where board_id = ? and on_day = '2018-04-16')",
            (board, board),
        )
        record.execute(
            "update action set status = 'in_progress', due_on = '2018-03-30' where id = ?", (site.actions["5.6"],)
        )
        record.execute(
            """insert into challenge (board_id, plan_id, action_id, asked_by_id, asked_at, owner, owner_person_id,
            due_on, question, state, withdrawn_reason, item_key, exempt) select ?, action.plan_id, action.id, chair.id,
            '2018-04-02 10:00:00', lead.name, lead.id, '2018-04-15', 'Why is it late?', 'open', '', '', 0
            from action, person chair, person lead where action.id = ? and chair.email = 'chair@tests.example'
            and lead.email = 'lead@tests.example' and not exists (select 1 from challenge where board_id = ?)""",
            (board, site.actions["5.1"], board),
        )


def in_sight(part: Locator) -> bool:
    box = part.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= SCREEN["height"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_is_late_whose_it_is_and_what_waits_are_on_one_screen(enter, waiting, tmp_path: Path, scripts: bool):
    page = enter("chair", BOARD, scripts=scripts)
    page.set_viewport_size(SCREEN)
    page.screenshot(path=tmp_path / "board.png")
    assert page.evaluate("scrollY") == 0
    part = page.locator("section[aria-labelledby=next-title]")
    assert in_sight(part)
    assert in_sight(page.locator("#late"))
    late = page.locator("#late li").all_inner_texts()
    assert len(late) == 3
    assert all(re.fullmatch(r"5\.\d .+, \d+ days? late, .*MASH Service Manager.*", line) for line in late), late
    assert part.get_by_text("Agenda for 16 April 2018").is_visible()
    assert part.get_by_text("1 unanswered question").is_visible()
    if scripts:
        page.evaluate(AXE_SCRIPT)
        assert page.evaluate(AXE) == []
        link = page.locator("#late a").first
        tab_to(page, f"#late a[href='{link.get_attribute('href')}']")
        page.keyboard.press("Enter")
        row = page.locator("#exceptions tbody tr").first
        assert row.bounding_box() is not None and row.locator(".ref").inner_text() == late[0].partition(" ")[0]


@pytest.mark.parametrize("width", [390, 320])
def test_what_is_late_is_read_on_a_phone_without_scrolling_sideways(enter, waiting, width: int):
    page = enter("chair", BOARD, width=width)
    assert page.locator("#late li").count() == 3
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
