"""Every page in every state: no fault that axe knows, nothing that scrolls sideways, nothing in the console."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import HEIGHT, WIDTHS
from tests.browser.states import STATES, State
from tests.conftest import CHARACTERS

ALL_WIDTHS = (320, 768, 1920)  # beside the two that axe reads at
AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations.map((found) =>
  `${found.id} (${found.impact}): ` +
  found.nodes.map((node) => node.target.join(" ") + " " + node.failureSummary).join("; "))"""
CONTRAST = AXE.replace('resultTypes: ["violations"]', 'runOnly: ["color-contrast"]')
UNTIDY = """() => [
  ...(document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth
    ? [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => `sideways: ${one.tagName}.${one.getAttribute("class")}`).slice(0, 5) : []),
  ...[...document.querySelectorAll(".tag")].filter((tag) => tag.offsetHeight > 30)
    .map((tag) => `broken: ${tag.textContent}`),
  ...[...document.querySelectorAll(".number")].filter((number) => number.scrollWidth > number.clientWidth + 1)
    .map((number) => `too wide: ${number.textContent.trim()}`),
  ...[...document.querySelectorAll(".verb")].filter((verb) => verb.getClientRects().length > 1)
    .map((verb) => `broken: ${verb.textContent}`)]"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
PRINTED = """() => {
  const links = (block) => [...block.querySelectorAll("a")];
  const bare = (block) => links(block).some((link) => link.checkVisibility()) && !/\\d/.test(block.textContent) &&
    links(block).reduce((text, link) => text.replace(link.textContent, ""), block.textContent)
      .replace(/[\\s·,.:]/g, "") === "";
  return [...document.querySelectorAll(
      "form, nav, button, .verb, .buttons, .skip-link, .written, .fold, details:has(form)"),
    ...[...document.querySelectorAll("main p")].filter(bare)]
    .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 120)); }"""


@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_page_reads_well_for_everyone_at_every_width(enter, site, watch, state: State):
    if state.status:
        watch.expected.add(state.status)
    watch.offline = state.offline
    page = enter(state.role, state.address(site))
    if state.then:
        state.then(page, site)
    reads_well(page)


def untidy(page: Page) -> list[str]:
    """Return what is untidy once the page is drawn: on a busy machine its first frame at a new width can be late."""
    if page.evaluate(UNTIDY):
        page.evaluate(TWO_FRAMES)
    faults: list[str] = page.evaluate(UNTIDY)
    return faults


def reads_well(page: Page) -> None:
    page.evaluate(AXE_SCRIPT)
    for width in (*WIDTHS, *ALL_WIDTHS):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert untidy(page) == [], f"at {width}"
        if width in WIDTHS:
            assert page.evaluate(AXE) == [], f"at {width}"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(CONTRAST) == [], "in the dark scheme"
    page.emulate_media(color_scheme="light")


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


ON_PAPER = [
    "/",
    "/plans/twin",
    "/plans/twin?brag=red",
    "/plans/twin/actions",
    "/actions/{5.1}?open={5.1}",
    "/boards/mash-board",
]


@pytest.mark.parametrize("path", ON_PAPER)
def test_paper_shows_what_is_reported_and_nothing_to_press(enter, site, path: str):
    page = enter("lead", State("", None, path).address(site))
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(PRINTED) == []
    assert page.locator("h1").is_visible()
    assert page.locator("main .tag").first.is_visible()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


@pytest.mark.parametrize("path", ["/account", "/boards/mash-board/since"])
def test_a_page_without_ratings_leaves_links_off_paper_too(enter, path: str):
    page = enter("chair", path)
    page.emulate_media(media="print")
    assert page.evaluate(PRINTED) == []


def page_sizes(pdf: bytes) -> set[str]:
    """Return how the pages of a PDF lie: ``across`` or ``upright``."""
    boxes = re.findall(rb"/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    return {"across" if float(wide) > float(high) else "upright" for wide, high in boxes}


def test_the_governance_table_lies_across_the_paper_and_lists_are_upright(enter):
    page = enter("chair", "/governance")
    assert page_sizes(page.pdf(prefer_css_page_size=True)) == {"across"}
    page.set_viewport_size({"width": 390, "height": HEIGHT})
    page.emulate_media(media="print")
    assert page.locator(".boards").first.evaluate("(table) => getComputedStyle(table).display") == "table"
    page.emulate_media(media="screen")
    page.goto("/plans/twin")
    assert page_sizes(page.pdf(prefer_css_page_size=True)) == {"upright"}


def test_a_printed_list_repeats_its_heads_and_breaks_no_row(enter):
    page = enter("viewer", "/plans/twin/actions")
    page.set_viewport_size({"width": 390, "height": HEIGHT})
    page.emulate_media(media="print")
    styles = page.evaluate(
        """() => [getComputedStyle(document.querySelector(".list thead")).display,
        ...[...document.querySelectorAll(".list tbody tr")].map((row) => getComputedStyle(row).breakInside)]"""
    )
    assert styles[0] == "table-header-group" and len(styles) > 30 and set(styles[1:]) == {"avoid"}


def test_forced_colours_keep_the_search_box_the_current_entry_and_the_shape_of_tags(enter):
    page = enter("viewer", "/plans/twin/actions")
    page.emulate_media(forced_colors="active")
    assert page.evaluate(
        """() => { const style = (found) => getComputedStyle(document.querySelector(found));
        const current = ".nav__list [aria-current]", other = ".nav__list a:not([aria-current])";
        return [parseFloat(style("form.search").borderTopWidth) > 0, style("form.search").borderTopStyle,
          style(current).borderBottomColor !== style(other).borderBottomColor,
          style(other).borderBottomColor === style("body").backgroundColor,
          style("main .tag").borderTopWidth, style("main .tag .shape").forcedColorAdjust]; }"""
    ) == [True, "solid", True, True, "1px", "none"]
    hues = page.evaluate(
        """() => ["red", "amber", "grey"].map((hue) =>
        getComputedStyle(document.querySelector(`main .tag--${hue}`)).backgroundColor)"""
    )
    assert len(set(hues)) == 3


def test_filters_fold_on_a_phone_and_open_by_themselves_where_one_is_set(enter):
    page = enter("viewer", "/plans/twin/actions")
    form, fold = page.locator("main form.filters").first, page.locator("details.fold").first
    assert form.is_visible() and not fold.is_visible()
    page.set_viewport_size({"width": 390, "height": HEIGHT})
    assert not form.is_visible() and fold.is_visible()
    fold.locator("summary").press("Enter")
    assert form.is_visible()
    page.goto("/plans/twin/actions?brag=red")
    assert form.is_visible() and fold.get_attribute("open") is not None


def test_a_long_address_on_the_account_page_fits_the_narrowest_screen(enter):
    page = enter("lead", "/account")
    page.set_viewport_size({"width": 320, "height": HEIGHT})
    page.locator("main dd").nth(1).evaluate("(fact) => { fact.textContent = 'a.long.name.of.a.team@'.repeat(4); }")
    assert page.evaluate(UNTIDY) == []


def test_a_long_file_name_in_the_history_fits_the_narrowest_screen(enter):
    page = enter("chair", "/boards/mash-board/history")
    page.set_viewport_size({"width": 320, "height": HEIGHT})
    name = "Imported: a_plan_with_a_long_name_and_no_space_2018.docx, table 2, row 34"
    page.locator("main td.text .row__note").first.evaluate("(note, name) => { note.textContent = name; }", name)
    page.locator("main td.text strong").first.evaluate("(label, name) => { label.textContent = name; }", name)
    assert page.evaluate(UNTIDY) == []


@pytest.mark.proof
@pytest.mark.parametrize("role", [role for role in CHARACTERS if role != "nobody"])
def test_no_page_that_a_role_can_reach_scrolls_sideways_or_prints_what_can_only_be_pressed(
    enter, role: str, record_property
):
    page = enter(role, "/help")
    page.set_viewport_size({"width": 320, "height": HEIGHT})
    todo, seen, untidy = ["/", "/plans", "/governance", "/account", "/help"], set(), {}
    while todo:
        address = todo.pop(0)
        kind = re.sub(r"\d+", "N", address.partition("?")[0]) + "?" * ("?" in address)
        if kind in seen or "/file" in address or "format=" in address or address.endswith((".ics", "/bundle")):
            continue
        seen.add(kind)
        answer = page.goto(address)
        if answer and "text/html" in answer.headers.get("content-type", ""):
            faults = page.evaluate(UNTIDY)
            page.emulate_media(media="print")
            faults += page.evaluate(PRINTED)
            page.emulate_media(media="screen")
            if faults:
                untidy[address] = faults
            links = page.evaluate(
                "() => [...document.querySelectorAll('a[href^=\"/\"]')].map((a) => a.getAttribute('href'))"
            )
            todo += [link.partition("#")[0] for link in links]
    record_property("kinds of pages", len(seen))
    assert untidy == {}, "\n".join(f"{address}: {faults}" for address, faults in untidy.items())
    assert len(seen) > 12


@pytest.mark.parametrize("role", ["lead", "nobody"])
def test_everyone_can_sign_out_at_either_width(enter, role: str):
    page = enter(role, "/account")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if page.locator(".nav__menu summary").is_visible():
            page.click(".nav__menu summary")
        assert page.locator("button:has-text('Sign out'):visible").count() == 1, f"at {width}"
