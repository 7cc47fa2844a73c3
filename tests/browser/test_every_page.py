"""Every page in every state: no fault that axe knows, nothing that scrolls sideways, nothing in the console."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import HEIGHT, WIDTHS
from tests.browser.states import STATES, State

ALL_WIDTHS = (320, 768, 1920)  # beside the two that axe reads at
AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations.map((found) =>
  `${found.id} (${found.impact}): ` +
  found.nodes.map((node) => node.target.join(" ") + " " + node.failureSummary).join("; "))"""
UNTIDY = """() => [
  ...(document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth
    ? [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => `sideways: ${one.tagName}.${one.getAttribute("class")}`).slice(0, 5) : []),
  ...[...document.querySelectorAll(".tag")].filter((tag) => tag.offsetHeight > 30)
    .map((tag) => `broken: ${tag.textContent}`)]"""
PRINTED = """() => [...document.querySelectorAll("form, nav, button, .verb, .buttons, .skip-link, .written")]
  .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_page_reads_well_for_everyone_at_every_width(enter, site, watch, state: State):
    if state.status:
        watch.expected.add(state.status)
    watch.offline = state.offline
    page = enter(state.role, state.address(site))
    if state.then:
        state.then(page, site)
    reads_well(page)


def reads_well(page: Page) -> None:
    page.evaluate(AXE_SCRIPT)
    for width in (*WIDTHS, *ALL_WIDTHS):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate(UNTIDY) == [], f"at {width}"
        if width in WIDTHS:
            assert page.evaluate(AXE) == [], f"at {width}"


def test_planted_faults_are_found(enter, watch):
    page = enter("viewer")
    page.evaluate(AXE_SCRIPT)
    page.evaluate(
        "() => document.querySelector('main').insertAdjacentHTML('beforeend', '<p class=wide><img src=x></p>')"
    )
    assert "image-alt" in page.evaluate(AXE)[0]
    page.evaluate(
        "() => document.querySelector('h1').insertAdjacentHTML('beforeend', '<i style=\"width:3000px\">x</i>')"
    )
    page.evaluate("() => document.querySelector('h1').insertAdjacentHTML('beforeend', '<b class=probe>x</b>')")
    page.evaluate("() => { document.querySelector('.probe').style.cssText = 'display:block;width:3000px'; }")
    assert "sideways" in page.evaluate(UNTIDY)[0]
    heard = " ".join(watch.complaints)
    assert "refused by the policy: style-src" in heard
    assert "404 from" in heard
    watch.complaints.clear()


@pytest.mark.parametrize("path", ["/", "/plans/twin", "/plans/twin?brag=red", "/actions/{5.1}?open={5.1}"])
def test_paper_shows_what_is_reported_and_nothing_to_press(enter, site, path: str):
    page = enter("lead", State("", None, path).address(site))
    page.emulate_media(media="print")
    assert page.evaluate(PRINTED) == []
    assert page.locator("h1").is_visible()
    assert page.locator("main .tag").first.is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


@pytest.mark.parametrize("role", ["lead", "nobody"])
def test_everyone_can_sign_out_at_either_width(enter, role: str):
    page = enter(role, "/account")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if page.locator(".nav__menu summary").is_visible():
            page.click(".nav__menu summary")
        assert page.locator("button:has-text('Sign out'):visible").count() == 1, f"at {width}"
