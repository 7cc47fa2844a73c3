"""A past date is chosen by keyboard, with and without JavaScript, and one link leads back to today."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.conftest import TODAY

FOLDED_BELOW = 641  # pixels: the form is folded on narrower screens
DAY = f"{TODAY.day} {TODAY:%B %Y}"


def tabbed_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"no Tab leads to {selector}")


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_past_date_is_chosen_and_left_by_keyboard(enter, site: Site, scripts, width):
    page = enter("viewer", f"/actions/{site.actions['5.1']}", width=width, scripts=scripts)
    page.focus("main")
    if width < FOLDED_BELOW:
        tabbed_to(page, "details.fold:has(+ form #at) > summary")
        page.keyboard.press("Enter")
    tabbed_to(page, "#at")
    page.keyboard.type(DAY)
    page.keyboard.press("Enter")
    page.wait_for_selector("#past")
    assert f"at the end of {DAY}" in page.locator("#past").inner_text()
    assert page.locator("main form").count() == 0
    assert page.locator("main").get_by_text("5.1").first.is_visible()
    tabbed_to(page, "#past a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#at", state="attached")
    assert page.locator("#past").count() == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_date_that_cannot_be_read_is_reported_and_stays_in_the_field(enter, watch, scripts):
    watch.expected.add(422)
    page = enter("viewer", "/plans/twin?at=soon", scripts=scripts)
    assert page.input_value("#at") == "soon"
    assert "Enter a past date" in page.locator("main").inner_text()
    page.fill("#at", DAY)
    page.press("#at", "Enter")
    page.wait_for_selector("#past")


def test_history_is_filtered_by_keyboard(enter):
    page = enter("programme_manager", "/plans/twin/history")
    tabbed_to(page, "#h-ref")
    page.keyboard.type("99.9")
    page.keyboard.press("Enter")
    page.wait_for_selector(".empty")
    tabbed_to(page, ".chosen a")
    page.keyboard.press("Enter")
    page.wait_for_selector("table.list tbody tr")
