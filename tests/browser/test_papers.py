"""Papers for a meeting from the board's page to the day of the meeting: by keyboard with scripts, and without them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_boards_ask import press_to
from tests.conftest import TODAY

DAYS = {True: TODAY + timedelta(days=20), False: TODAY + timedelta(days=21)}

SPOKEN = """() => {
  const status = document.getElementById("status");
  const hear = () => { sessionStorage.spoken = status.textContent.trim(); };
  new MutationObserver(hear).observe(status, { childList: true, characterData: true, subtree: true });
}"""
"""Keeps what the status region says, beyond the page that it leaves."""


def go(page: Page, name: str, *, keys: bool) -> None:
    press_to(page, name) if keys else page.click(f":is(a, button):has-text('{name}')")


def test_what_takes_a_while_is_spoken_by_the_status_region(enter, site: Site):
    day = TODAY + timedelta(days=22)
    page = enter("secretary", "/boards/mash-board/meetings")
    page.fill("#n-on_day", f"{day:%d %B %Y}")
    page.press("#n-on_day", "Enter")
    page.goto(f"{site.url}/boards/mash-board/meetings/{day.isoformat()}/pack")
    page.evaluate(SPOKEN)
    page.click("#publish button")
    expect(page.locator("#status")).to_contain_text("Published: papers for")
    assert page.evaluate("sessionStorage.spoken") == "Making the page, PDF and Word document"


@pytest.mark.parametrize("scripts", [True, False], ids=["by keyboard", "without scripts"])
def test_papers_are_previewed_published_read_and_compared(enter, site: Site, scripts: bool, tmp_path: Path):
    day = DAYS[scripts]
    page = enter("secretary", "/boards/mash-board/meetings", scripts=scripts)
    page.fill("#n-on_day", f"{day:%d %B %Y}")
    page.press("#n-on_day", "Enter")
    page.goto(page.url.split("?")[0] + f"/{day.isoformat()}")
    go(page, "Publish papers for this meeting", keys=scripts)
    expect(page.locator("main")).to_contain_text("No papers have been published for this meeting yet.")
    go(page, "Preview the papers", keys=scripts)
    expect(page.locator("main")).to_contain_text("These papers are not published.")
    go(page, "Publish papers", keys=scripts)
    expect(page.locator("#status")).to_contain_text("Published: papers for")
    sections = page.locator(".pack h2")
    expect(sections.first).to_have_text("Where the plan is now")
    page.locator(".pack a[href='#pack-overdue']").first.click()
    expect(page.locator("#pack-overdue-title")).to_be_in_viewport()
    for name, begins in (("Download as PDF", b"%PDF"), ("Download as Word", b"PK")):
        with page.expect_download() as download:
            page.click(f"text={name}")
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.read_bytes().startswith(begins)

    page = enter("board_member", f"/boards/mash-board/meetings/{day.isoformat()}", scripts=scripts)
    go(page, "What has changed since the papers", keys=scripts)
    expect(page.locator("main")).to_contain_text("Nothing has changed.")

    action = site.actions["5.6"]
    page = enter("lead", f"/actions/{action}?open={action}", scripts=scripts)
    page.fill(site.field("5.6", "did"), f"Every team has had the session, {day}.")
    page.click(f"#a{action}-form .buttons button:not([name])")
    page.wait_for_selector("#status:has-text('Saved')")
    at = f"/boards/mash-board/meetings/{day.isoformat()}/pack/1/changes"
    page = enter("viewer", at, scripts=scripts)
    expect(page.locator("table")).to_contain_text(f"Every team has had the session, {day}.")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, "the sheet is one page"
