"""The timescale of an action: its reading corrected in a live plan by keyboard alone, its words edited in a draft."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.conftest import HEIGHT, WIDTHS
from tests.browser.test_every_page import AXE, UNTIDY

MANAGER = "programme_manager"


def reads_well(page: Page, name: str) -> None:
    page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate(UNTIDY) == [], f"{name} at {width}"
        assert page.evaluate(AXE) == [], f"{name} at {width}"


def test_a_reading_is_corrected_by_keyboard_and_its_board_sees_it(enter, site, watch):
    watch.expected.add(422)
    page = enter(MANAGER, f"/actions/{site.actions['5.7']}/edit")
    reads_well(page, "edit")
    page.get_by_label("It means").focus()
    page.keyboard.type("31 March 2028")
    page.keyboard.press("Tab")
    page.keyboard.type("The board meets on the 9th.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("can only mean 1 May 2018 to 31 May 2018").first).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("The board meets on the 9th.")
    reads_well(page, "refused")
    page.get_by_label("It means").fill("9 May 2018")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved: 5.7 is now read as due on 9 May 2018")).to_be_visible()
    chair = enter("chair", "/boards/mash-board")
    expect(chair.locator("#corrected")).to_contain_text("The board meets on the 9th.")
    reads_well(chair, "board")


def test_a_draft_offers_its_timescale_with_the_other_words(enter, site):
    with site.record() as record:
        record.execute("update plan set state = 'draft' where slug = 'twin'")
    try:
        page = enter(MANAGER, f"/actions/{site.actions['5.3']}/edit")
        reads_well(page, "draft")
        page.get_by_label("Timescale", exact=True).fill("End June 2018")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved: 5.3 is now read as due on 30 June 2018")).to_be_visible()
    finally:
        with site.record() as record:
            record.execute("update plan set state = 'live' where slug = 'twin'")
