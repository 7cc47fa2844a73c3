"""A manager's Monday: who is silent, who has no account and which dates wait, in at most three clicks each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_every_page import AXE

LARGEST = 3


class Clicks:
    """Counts what is clicked from the page after sign-in."""

    def __init__(self, page: Page) -> None:
        self.page, self.number = page, 0

    def on(self, text: str, within: str = "body") -> None:
        self.number += 1
        self.page.locator(f"{within} a:visible", has_text=text).first.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_three_questions_are_answered_in_three_clicks_each(enter, site: Site, scripts: bool):
    page = enter("programme_manager", "/", scripts=scripts)
    clicks = Clicks(page)
    clicks.on("Manage", "nav")
    silent = page.locator("section[aria-labelledby=silent] tbody tr").first
    expect(silent.locator("th")).not_to_be_empty()
    clicks.on("action", "section[aria-labelledby=silent] tbody")
    expect(page.locator("h1")).to_have_text("All actions")
    expect(page.locator(".chosen")).to_contain_text("no recent update")
    assert clicks.number <= LARGEST

    page = enter("programme_manager", "/", scripts=scripts)
    clicks = Clicks(page)
    clicks.on("Manage", "nav")
    clicks.on("All names")
    expect(page.locator("tbody")).to_contain_text("Heads of Locality")
    clicks.on("Match to", "tbody")
    expect(page.locator("#to")).to_be_visible()
    assert clicks.number <= LARGEST

    page = enter("programme_manager", "/", scripts=scripts)
    clicks = Clicks(page)
    clicks.on("Manage", "nav")
    heading = page.locator("#dates")
    expect(heading).to_contain_text("Date changes to decide")
    if page.locator("text=All date changes").count():
        clicks.on("All date changes")
        expect(page.locator("h1")).to_have_text("Date change requests")
    assert clicks.number <= LARGEST


@pytest.mark.parametrize("width", [1366, 390, 320])
def test_manage_reads_well_at_every_width_in_forced_colours_and_on_paper(enter, tmp_path: Path, width: int):
    page = enter("programme_manager", "/manage", width=width)
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.screenshot(path=tmp_path / f"manage-{width}.png", full_page=True)
    page.emulate_media(forced_colors="active")
    expect(page.locator(".nav a[aria-current]:visible, .nav summary:visible").first).to_be_visible()
    page.screenshot(path=tmp_path / f"manage-{width}-forced.png", full_page=True)
    page.emulate_media(forced_colors="none", media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("nav.nav")).to_be_hidden()


REQUESTED = {"words": "End May 2018", "effect": "None: the interim form is in use.", "cover": "The duty team checks."}


@pytest.mark.parametrize(("scripts", "ref"), [(True, "5.5"), (False, "5.6")], ids=["with scripts", "without scripts"])
def test_a_waiting_date_is_decided_by_the_third_click(enter, site: Site, scripts: bool, ref: str):
    action = site.actions[ref]
    page = enter("lead", f"/actions/{action}?open={action}")
    page.click("summary:has-text('Request a new date')")
    due = site.field(ref, "words")
    for name, text in REQUESTED.items():
        page.fill(site.field(ref, name), text)
    page.fill(due, _a_month_later(site, ref))
    page.select_option(site.field(ref, "reason_class"), "vacancy")
    page.click(".answer .buttons button:not([name])")
    expect(page.locator("#status")).to_contain_text(f"Saved: {ref}")

    page = enter("programme_manager", "/", scripts=scripts)
    clicks = Clicks(page)
    clicks.on("Manage", "nav")
    line = page.locator("section[aria-labelledby=dates] li.row", has_text=ref)
    expect(line).to_contain_text("For you to decide")
    line.locator("a").first.click()
    agree = page.locator("main button", has_text="Agree").first
    expect(agree).to_be_visible()
    agree.click()
    expect(page.locator("main")).to_contain_text("agreed")
    with site.record() as record:
        state = record.execute("select state from date_request where action_id = ?", (action,)).fetchone()
    assert state == ("agreed",) and clicks.number + 2 <= LARGEST


def _a_month_later(site: Site, ref: str) -> str:
    """Return the words for the month end after the one on which an action is due."""
    with site.record() as record:
        due_on = date.fromisoformat(
            record.execute("select due_on from action where id = ?", (site.actions[ref],)).fetchone()[0]
        )
    following = date(due_on.year + due_on.month // 12, due_on.month % 12 + 1, 1)
    return f"End {following:%B} {following.year}"
