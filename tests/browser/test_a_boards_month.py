"""A board's month from a member's question to the next papers: by keyboard with scripts, and without them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Seed, Site, Windows, served
from tests.browser.test_boards_ask import press_to
from tests.browser.test_every_page import PRINTED
from tests.browser.test_papers import go
from tests.browser.test_six_answers import WORDS
from tests.conftest import TODAY

MEETS, MEETS_NEXT = TODAY, TODAY + timedelta(days=35)
QUESTION = "How many referrals wait longer than a day?"
ANSWER = "Eleven last week, and three this week."
PLACE = "/boards/mash-board/meetings"
SMALL_PRINT = """() => [...document.querySelectorAll("main *")].filter((part) => part.checkVisibility() &&
  !part.closest(".govuk-visually-hidden, option") && parseFloat(getComputedStyle(part).fontSize) < 16 &&
  [...part.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim()))
  .map((part) => part.outerHTML.slice(0, 120))"""
"""What is printed smaller than 12 points, which are 16 pixels."""
NARROW = """() => [...document.querySelectorAll(".meeting-view__main, .pack__section")].filter((part) =>
  part.offsetWidth < 0.9 * document.querySelector("main").clientWidth).map((part) => part.className)"""


@pytest.fixture
def site(browser: Browser, seed: Seed, tmp_path: Path) -> Iterator[Site]:
    """A server for each test: a board meets once on a day."""
    with served(browser, seed, tmp_path / "data") as running:
        yield running


@pytest.fixture
def windows(site: Site) -> Iterator[Windows]:
    shared = Windows(site)
    yield shared
    shared.close()


def press(page: Page, selector: str, *, keys: bool) -> None:
    """Press a button or link: by the Enter key once it has the focus, or with the mouse."""
    found = page.locator(selector).first
    if keys:
        found.focus()
        page.keyboard.press("Enter")
    else:
        found.click()


def open_item(page: Page, kind: str, *, keys: bool) -> None:
    """Go from an item of the meeting to the one that is on the agenda for this reason."""
    press(page, f".stops a[href*='/items/{kind}-']", keys=keys)
    expect(page.locator(".stops [aria-current=page]")).to_have_count(1)
    page.wait_for_url(f"**/items/{kind}-*")


def prints_well(page: Page) -> None:
    """Expect that the page prints as wide as the paper, in large print, and nothing that can only be pressed."""
    page.emulate_media(media="print")
    assert page.evaluate(PRINTED) == []
    assert page.evaluate(SMALL_PRINT) == []
    assert page.evaluate(NARROW) == []
    page.emulate_media(media="screen")


def open_row(page: Page, site: Site, ref: str, *, keys: bool) -> str:
    """Open the row of an action in My work and return its selector."""
    row = site.row(ref)
    if not page.locator(f"{row} form.answer").count():
        press(page, f"{row} .verb", keys=keys)
    page.wait_for_selector(f"{row} form.answer")
    return row


def complete_and_verify(ref: str, enter, site: Site, *, scripts: bool) -> None:
    """Say as its lead that an action is completed, with evidence, and as the verifier that it holds."""
    page = enter("lead", "/", scripts=scripts)
    row = open_row(page, site, ref, keys=scripts)
    page.locator(f"{row} input[name=answer][value=done]").focus()
    page.keyboard.press("Space")
    for name, words in WORDS["done"].items():
        if not page.locator(site.field(ref, name)).is_visible():
            press(page, f"{row} summary:has-text('evidence')", keys=True)
        page.fill(site.field(ref, name), words)
    press(page, f"{row} .buttons button", keys=scripts)
    expect(page.locator("#status")).to_contain_text(f"Saved: {ref}")

    page = enter("verifier", "/", scripts=scripts)
    row = open_row(page, site, ref, keys=scripts)
    page.fill(site.field(ref, "sample"), "Twelve records of March.")
    page.fill(site.field(ref, "reason"), "All twelve hold.")
    press(page, f"{row} button[name=status][value=verified]", keys=scripts)
    expect(page.locator("#status")).to_contain_text(f"Saved: {ref}")


def publish_papers(page: Page, day: str, *, keys: bool) -> None:
    page.goto(f"{PLACE}/{day}")
    go(page, "Publish papers for this meeting", keys=keys)
    page.wait_for_selector("#publish")
    go(page, "Publish papers", keys=keys)
    expect(page.locator("#status")).to_contain_text("Published: papers for")


@pytest.mark.parametrize("scripts", [True, False], ids=["by keyboard", "without scripts"])
def test_what_a_member_asks_and_a_lead_requests_is_decided_minuted_and_told_in_the_next_papers(
    enter, site: Site, scripts: bool
):
    keys = scripts
    complete_and_verify("5.5", enter, site, scripts=scripts)

    page = enter("board_member", f"/actions/{site.actions['5.4']}", scripts=scripts)
    press(page, "a:has-text('Ask a question for the MASH Board')", keys=keys)
    page.wait_for_selector("#ask-form")
    page.fill("#question", QUESTION)
    page.focus("#question")
    press_to(page, "Send question") if keys else page.click("button:has-text('Send question')")
    expect(page.locator("#questions")).to_contain_text(QUESTION)

    page = enter("lead", "/", scripts=scripts)
    row = page.locator("#updates li.row", has_text=QUESTION)
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    row.locator("textarea").fill(ANSWER)
    press(page, "#updates li.row button:has-text('Send answer')", keys=keys)
    expect(page.locator("#status")).to_contain_text("Answer sent")
    action = site.actions["5.3"]
    page = enter("lead", f"/actions/{action}?open={action}", scripts=scripts)
    press(page, "summary:has-text('Request a new date')", keys=keys)
    page.fill(site.field("5.3", "words"), "End August 2018")
    page.select_option(site.field("5.3", "reason_class"), "vacancy")
    page.fill(site.field("5.3", "effect"), "No child waits longer.")
    press(page, f"#a{action}-form .buttons button:not([name])", keys=keys)
    page.wait_for_selector("#status:has-text('Saved')")

    page = enter("secretary", PLACE, scripts=scripts)
    for day in (MEETS, MEETS_NEXT):
        page.goto(PLACE)
        page.fill("#n-on_day", f"{day:%d %B %Y}")
        page.press("#n-on_day", "Enter")
        page.wait_for_selector("#status:has-text('Meeting added')")
    publish_papers(page, MEETS.isoformat(), keys=keys)
    papers = page.locator(".pack")
    for text in (QUESTION, ANSWER, "End August 2018", "No child waits longer."):
        expect(papers).to_contain_text(text)
    prints_well(page)

    page = enter("chair", f"{PLACE}/{MEETS.isoformat()}", scripts=scripts)
    prints_well(page)
    go(page, "Begin the meeting", keys=keys)
    page.wait_for_selector(".stops")
    open_item(page, "date", keys=keys)
    prints_well(page)
    page.fill("#k-words", "The new trainer starts in June.")
    page.focus("#k-words")
    press_to(page, "Agree 31 August 2018") if keys else page.click("button:has-text('Agree 31 August 2018')")
    expect(page.locator("#decided")).to_contain_text("Agreed: 31 August 2018. The new trainer starts in June.")
    open_item(page, "embed", keys=keys)
    go(page, "Accept as embedded", keys=keys)
    expect(page.locator("#decided")).to_contain_text("Accepted as embedded")
    open_item(page, "question", keys=keys)
    expect(page.locator("h1")).to_have_text(QUESTION)
    page.fill("#k-words", "The board will look at the figures again.")
    page.focus("#k-words")
    press_to(page, "Note") if keys else page.click("button[value=note]")
    expect(page.locator("#decided")).to_contain_text("Noted: The board will look at the figures again.")

    page = enter("secretary", f"{PLACE}/{MEETS.isoformat()}", scripts=scripts)
    go(page, "Minutes of this meeting", keys=keys)
    page.wait_for_selector("h1:has-text('minutes of')")
    go(page, "Publish version 1", keys=keys)
    page.wait_for_selector("text=Download as Word")
    page = enter("viewer", f"{PLACE}/{MEETS.isoformat()}/minutes", scripts=scripts)
    for text in ("Agreed: 31 August 2018", "Accepted as embedded", "The board will look at the figures again."):
        expect(page.locator("section[aria-labelledby=items]")).to_contain_text(text)
    prints_well(page)
    for at in ("/governance", "/boards/mash-board", "/boards/mash-board/since", "/boards/mash-board/challenges"):
        page.goto(at)
        prints_well(page)

    page = enter("secretary", f"{PLACE}/{MEETS_NEXT.isoformat()}", scripts=scripts)
    expect(page.locator("#agenda")).to_contain_text("Minutes of 7 April 2018")
    publish_papers(page, MEETS_NEXT.isoformat(), keys=keys)
    changed = page.locator(".pack__section", has=page.locator("#pack-since-title"))
    expect(changed).to_contain_text("Dates changed: 1")
    expect(changed.locator("tr", has_text="5.3")).not_to_have_count(0)
    finished = page.locator(".pack__section", has=page.locator("#pack-verified-title"))
    expect(finished).to_contain_text("Embedded")
    expect(page.locator(".pack")).to_contain_text(ANSWER)
