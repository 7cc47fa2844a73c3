"""Every page in every state: no fault that axe knows, nothing that scrolls sideways, nothing in the console."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.conftest import HEIGHT, WIDTHS
from tests.browser.states import STATES, State

ALL_WIDTHS = (320, 768, 1920)  # beside the two that axe reads at
AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations.map((found) =>
  `${found.id} (${found.impact}): ` + found.nodes.map((node) => node.target.join(" ") + " " + node.failureSummary).join("; "))"""
SIDEWAYS = """() => document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth
  ? [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
      .map((one) => `${one.tagName}.${one.getAttribute("class")}`).slice(0, 5) : []"""


@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_page_reads_well_for_everybody_at_every_width(enter, site, watch, state: State):
    if state.status:
        watch.expected.add(state.status)
    page = enter(state.role, state.address(site))
    if state.then:
        state.then(page, site)
    page.evaluate(AXE_SCRIPT)
    for width in (*WIDTHS, *ALL_WIDTHS):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate(SIDEWAYS) == [], f"scrolls sideways at {width}"
        if width in WIDTHS:
            assert page.evaluate(AXE) == [], f"at {width}"
