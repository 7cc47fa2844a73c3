"""A field that names people, in a browser: suggestions by keyboard and by mouse, and without scripts a text field."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.test_every_page import AXE
from tests.conftest import CHARACTERS

LEAD = CHARACTERS["lead"]


def _answer(status: int, route: Route) -> None:
    route.fulfill(status=status, headers={"HX-Redirect": "/"})


def opened(page: Page, site: Site) -> Page:
    page.goto(f"{site.url}/actions/{site.actions['6.3']}/edit")
    return page


def test_a_name_is_chosen_by_keyboard_and_focus_comes_back_to_the_field(enter, site: Site):
    page = opened(enter("programme_manager", "/"), site)
    field, box = page.locator("#owners"), page.locator("#owners-names")
    page.locator("#status").evaluate("(status) => { status.innerHTML = '<div class=saved><p>Saved: 6.3</p></div>'; }")
    field.fill("Someone Else\n")
    field.press("End")
    field.type("mash ser")
    expect(box.locator("button")).to_have_text([LEAD])
    expect(page.locator("#status > .govuk-visually-hidden")).to_contain_text("1 suggestion, below the field")
    expect(page.locator("#status .saved")).to_have_text("Saved: 6.3")
    field.press("Tab")
    expect(box.locator("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value(f"Someone Else\n{LEAD}")
    expect(box).to_contain_text(f"{LEAD}: this person has an account")
    expect(box).to_contain_text("Someone Else: no account, so no one will get emails")
    page.keyboard.type("; trai")
    expect(box.locator("button")).to_have_text([CHARACTERS["contributor"]])
    page.keyboard.press("Escape")
    expect(box.locator("button")).to_have_count(0)
    expect(field).to_be_focused()
    page.keyboard.type("n")
    box.locator("button").click()
    expect(field).to_have_value(f"Someone Else\n{LEAD}; {CHARACTERS['contributor']}")
    expect(field).to_be_focused()


def test_a_lookup_that_fails_or_is_signed_out_disturbs_no_one_who_types(enter, site: Site, watch):
    watch.expected |= {401, 403, 500}
    page = opened(enter("programme_manager", "/"), site)
    field = page.locator("#owners")
    for status in (500, 401, 403):
        page.route("**/names?**", partial(_answer, status))
        field.fill(f"mash {status}")
        page.wait_for_timeout(600)
        expect(field).to_have_value(f"mash {status}")
        expect(page.locator("h1")).to_contain_text("Edit action")
        expect(page.locator(".no-answer, .not-saved")).to_have_count(0)
        page.unroute("**/names?**")
    page.route("**/names?**", lambda route: route.abort())
    field.fill("mash")
    page.wait_for_timeout(600)
    expect(page.locator(".no-answer, .not-saved")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_misspelt_name_is_corrected_with_one_press_after_saving(enter, site: Site, scripts: bool):
    page = enter("programme_manager", f"/actions/{site.actions['6.4']}/edit", scripts=scripts)
    page.fill("#owners", f"{LEAD[:-1]}x")
    page.click("#changed button.govuk-button")
    expect(page.locator("h1")).to_contain_text("Check the names on action 6.4")
    page.click(f"main form button:has-text('{LEAD}')")
    expect(page.locator("main")).to_contain_text(f"Saved: {LEAD} instead of {LEAD[:-1]}x")
    expect(page.locator("main")).to_contain_text(LEAD)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 390, 320])
def test_suggestions_read_well_at_every_width_and_in_both_schemes(
    enter, site: Site, tmp_path: Path, width: int, scheme: str
):
    page = enter("programme_manager", f"/actions/{site.actions['6.3']}/edit", width=width)
    page.emulate_media(color_scheme=scheme)
    page.fill("#owners", "Someone With A Very Long Name Indeed Who Has No Account At All Here\nma")
    expect(page.locator("#owners-names button").first).to_be_visible()
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    for box in page.locator("#owners-names button").all():
        assert box.bounding_box()["height"] >= 24
    page.screenshot(path=tmp_path / f"names-{width}-{scheme}.png", full_page=True)
    page.goto(f"{site.url}/actions/{site.actions['6.2']}/names")
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.screenshot(path=tmp_path / f"check-{width}-{scheme}.png", full_page=True)
