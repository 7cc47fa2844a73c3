"""A board's question from the first word to the last: by keyboard with scripts, and without them."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_every_page import AXE

ASKED = "How many referrals wait longer than a day?"
SAID = "Eleven last week, and three this week."


def press_to(page: Page, name: str) -> None:
    """Go on with the Tab key to what has this name, and press Enter there."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate("() => document.activeElement.textContent.replace(/\\s+/g, ' ').trim()")
        if here.startswith(name):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab does not reach {name}")


def send(page: Page, name: str, *, keys: bool) -> None:
    press_to(page, name) if keys else page.click(f"button:has-text('{name}')")


@pytest.mark.parametrize("scripts", [True, False], ids=["by keyboard", "without scripts"])
def test_a_question_is_asked_answered_judged_and_listed_until_then(enter, site: Site, scripts: bool):
    action, text = site.actions["5.4" if scripts else "5.5"], f"{ASKED} {'A' if scripts else 'B'}"
    page = enter("board_member", f"/actions/{action}", scripts=scripts)
    send(page, "Ask a question for the MASH Board", keys=True) if scripts else page.click(
        "text=Ask a question for the MASH"
    )
    page.wait_for_selector("#ask-form")
    expect(page.locator("#owner")).to_have_value("MASH Service Manager")
    page.fill("#question", text)
    page.focus("#question")
    send(page, "Send question", keys=scripts)
    expect(page.locator("#questions")).to_contain_text(text)

    page = enter("chair", "/boards/mash-board", scripts=scripts)
    expect(page.locator("#questions")).to_contain_text(text)
    expect(page.locator("#questions")).to_contain_text("Not answered yet")

    page = enter("lead", "/", scripts=scripts)
    row = page.locator("#updates li.row", has_text=text)
    expect(row).to_have_count(1)
    summary = row.locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    row.locator("textarea").fill(SAID)
    row.locator("textarea").focus()
    send(page, "Send answer", keys=True) if scripts else row.locator("button:has-text('Send answer')").click()
    expect(page.locator("#status")).to_contain_text("Answer sent")
    expect(page.locator("li.row", has_text=text)).to_have_count(0)

    page = enter("board_member", "/", scripts=scripts)
    row = page.locator("#asked li.row", has_text=text)
    expect(row).to_contain_text(SAID)
    row.locator("textarea").first.fill("A daily check is in place.")
    row.locator("textarea").first.focus()
    send(page, "Yes, satisfied", keys=True) if scripts else row.locator("button:has-text('Yes, satisfied')").click()
    expect(page.locator("#status")).to_contain_text("The board is satisfied")

    for role, sees in (("viewer", True), ("partner", True), ("inspector", False)):
        page = enter(role, "/boards/mash-board/challenges", scripts=scripts)
        expect(page.get_by_text(text)).to_have_count(1 if sees else 0)
    page = enter("chair", "/boards/mash-board", scripts=scripts)
    expect(page.locator("main")).not_to_contain_text(text)

    page = enter("secretary", "/boards/mash-board/challenges", scripts=scripts)
    page.emulate_media(media="print")
    row = page.locator("tr", has_text=text)
    for told in (SAID, "Satisfied. A daily check is in place."):
        expect(row).to_contain_text(told)
    expect(row).to_be_visible()
    expect(page.locator("main .no-print:visible")).to_have_count(0)
    page.emulate_media(media="screen")
    with page.expect_download() as begun:
        press_to(page, "CSV") if scripts else page.click("main a:has-text('CSV')")
    told = Path(begun.value.path()).read_text(encoding="utf-8-sig")
    assert text in told and SAID in told and "A daily check is in place." in told


@pytest.mark.parametrize("width", [1366, 390])
def test_pages_with_questions_have_no_fault_that_axe_knows(enter, site: Site, tmp_path: Path, width: int):
    page = enter("board_member", f"/boards/mash-board/challenges/new?action={site.actions['5.6']}", width=width)
    page.fill("#question", f"{ASKED} {width}")
    faults = {"the form": faults_of(page, tmp_path / f"form-{width}.png")}
    page.click("button:has-text('Send question')")
    pages = [
        ("lead", "/"),
        ("lead", f"/actions/{site.actions['5.6']}"),
        ("chair", "/boards/mash-board"),
        ("chair", "/boards/mash-board/challenges"),
        ("chair", "/governance"),
    ]
    for role, address in pages:
        page = enter(role, address, width=width)
        expect(page.locator("main")).to_contain_text("uestion")
        name = address.strip("/").replace("/", "-") or "my-work"
        faults[f"{role} at {address}"] = faults_of(page, tmp_path / f"{name}-{width}.png")
    assert {where: found for where, found in faults.items() if found} == {}


def faults_of(page: Page, picture: Path) -> list[str]:
    """Return what axe finds on a page, and whether it scrolls sideways; ``picture`` is where the page is drawn."""
    page.screenshot(path=picture, full_page=True)
    page.evaluate(AXE_SCRIPT)
    sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*page.evaluate(AXE), *(["scrolls sideways"] if sideways else [])]
