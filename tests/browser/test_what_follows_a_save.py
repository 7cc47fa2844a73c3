"""What follows Save: a date change decided, a month confirmed, claims verified, a list downloaded, and who is told.

By keyboard with scripts, and without scripts. With scripts axe reads every state on the way, at both widths.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import HEIGHT, WIDTHS, Site
from tests.browser.test_by_keyboard import tab_to
from tests.browser.test_every_page import UNTIDY, reads_well
from tests.conftest import TODAY

BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["by_keyboard", "without_scripts"])
ASKED = {"words": "End September 2018", "effect": "Families wait longer.", "cover": "The duty team."}


def look(page: Page, *, scripts: bool) -> None:
    """Assert that a state reads well. Without scripts axe cannot run, so only that nothing scrolls sideways."""
    if scripts:
        reads_well(page)
        page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        return
    for width in (WIDTHS[1], WIDTHS[0]):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate(UNTIDY) == [], f"at {width}"


def press(page: Page, selector: str, key: str = "Enter") -> None:
    """Go to an element by Tab and press a key on it."""
    page.keyboard.press("Control+Home")
    tab_to(page, selector, most=120)
    page.keyboard.press(key)


def activate(page: Page, selector: str, *, scripts: bool) -> None:
    """Follow a link or press a button: by keyboard, or by a click without scripts."""
    if scripts:
        press(page, selector)
    else:
        page.click(selector)


def request_date(page: Page, site: Site, ref: str) -> None:
    """Request a date change that only a board may agree, from the open row of an action."""
    page.click("summary:has-text('Request a new date')")
    for name, words in ASKED.items():
        page.fill(site.field(ref, name), words)
    page.select_option(site.field(ref, "reason_class"), "vacancy")
    page.click(".answer .buttons button:not([name])")
    expect(page.locator("#status")).to_contain_text(f"Saved: {ref}")


def board_met_today(site: Site) -> None:
    with site.record() as record:
        record.execute(
            "insert or ignore into meeting (board_id, on_day, at_time, place, version, cancelled_reason)"
            " select id, ?, '', '', 1, '' from board where slug = 'mash-board'",
            (TODAY.isoformat(),),
        )


@BOTH
def test_a_board_refuses_a_date_change_and_those_whose_action_it_is_are_told(enter, site: Site, watch, scripts):
    watch.expected.add(422)
    ref = "5.5" if scripts else "5.6"
    action = site.actions[ref]
    request_date(enter("lead", f"/actions/{action}?open={action}"), site, ref)
    board_met_today(site)
    page = enter("secretary", scripts=scripts)
    look(page, scripts=scripts)
    activate(page, f"li.row:has(a[href='/actions/{action}']) a.verb", scripts=scripts)
    page.wait_for_url("**/date-requests/*")
    look(page, scripts=scripts)
    activate(page, "main a[href*='/items/date-']", scripts=scripts)
    page.wait_for_url("**/meetings/2018-04-07/items/date-*")
    look(page, scripts=scripts)
    refuse = "#k-form button[value=refuse]"
    activate(page, refuse, scripts=scripts)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    look(page, scripts=scripts)
    page.fill("#k-words", "Families cannot wait.")
    activate(page, refuse, scripts=scripts)
    expect(page.locator("#status")).to_contain_text("Date change refused")
    expect(page.locator("#decided")).to_contain_text("Families cannot wait.")
    look(page, scripts=scripts)

    lead = enter("lead", scripts=scripts)
    expect(lead.locator("#news")).to_contain_text(f"{ref} Date change refused")
    expect(lead.locator("#news")).to_contain_text("Families cannot wait.")
    look(lead, scripts=scripts)


@BOTH
def test_the_chair_agrees_a_date_change_at_the_meeting(enter, site: Site, scripts):
    ref = "5.4" if scripts else "5.2"
    action = site.actions[ref]
    request_date(enter("lead", f"/actions/{action}?open={action}"), site, ref)
    board_met_today(site)
    watcher = enter("board_member", "/boards/mash-board", scripts=scripts)
    expect(watcher.locator("#new-dates")).to_contain_text(ref)
    expect(watcher.locator("#new-dates form")).to_have_count(0)
    look(watcher, scripts=scripts)
    page = enter("chair", "/boards/mash-board", scripts=scripts)
    look(page, scripts=scripts)
    activate(page, f"tr:has(a[href='/actions/{action}']) a[href*='/items/date-']", scripts=scripts)
    page.wait_for_url("**/meetings/2018-04-07/items/date-*")
    look(page, scripts=scripts)
    activate(page, "#k-form button[value=agree]", scripts=scripts)
    expect(page.locator("#status")).to_contain_text("Agreed")
    expect(page.locator("#decided")).to_contain_text("Agreed: ")
    look(page, scripts=scripts)


@BOTH
def test_a_doubtful_month_is_confirmed_by_the_programme_manager(enter, site: Site, watch, scripts):
    watch.expected.add(422)
    ref = "2.1" if scripts else "7.1"
    with site.record() as record:
        record.execute("update action set completed_on = '2018-05-31' where id = ?", (site.actions[ref],))
    page = enter("programme_manager", f"/actions/{site.actions[ref]}", scripts=scripts)
    expect(page.locator("#completion")).to_be_visible()
    look(page, scripts=scripts)
    page.fill("#m-month", "soon")
    activate(page, "#m-form button[type=submit]", scripts=scripts)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    look(page, scripts=scripts)
    expect(page.locator("#m-month")).to_have_value("soon")
    page.fill("#m-month", "February 2018")
    activate(page, "#m-form button[type=submit]", scripts=scripts)
    expect(page.locator("#completion")).to_have_count(0)
    look(page, scripts=scripts)
    viewer = enter("viewer", f"/actions/{site.actions[ref]}", scripts=scripts)
    expect(viewer.locator("#completion")).to_have_count(0)


@BOTH
def test_a_verifier_verifies_one_claim_and_goes_on_to_the_next(enter, site: Site, watch, scripts):
    watch.expected.add(422)
    page = enter("verifier", scripts=scripts)
    rows = page.locator("section[aria-labelledby=group-claims] li.row")
    number = rows.count()
    assert number > 1
    first, following = (rows.nth(place).get_attribute("id") for place in (0, 1))
    activate(page, f"#{first} .verb", scripts=scripts)
    expect(page.locator(f"#{first} form.answer")).to_be_visible()
    look(page, scripts=scripts)
    id_ = str(first).removeprefix("action-")
    next_button = f"#{first} button:has-text('Verify and next')"
    activate(page, next_button, scripts=scripts)
    expect(page.locator("[data-error-summary]").first).to_be_visible()
    look(page, scripts=scripts)
    page.fill(f"#a{id_}-sample", "Twelve records.")
    page.fill(f"#a{id_}-reason", "All twelve hold.")
    month = page.locator(f"#a{id_}-month")
    if month.count():
        month.select_option(label="March 2018")
    activate(page, next_button, scripts=scripts)
    expect(page.locator(f"#{following} form.answer")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("Saved")
    look(page, scripts=scripts)


@BOTH
@pytest.mark.parametrize(
    ("role", "path", "link"),
    [
        ("viewer", "/plans/twin?board=mash-board", "Excel list"),
        ("lead", "/plans/twin?mine=yes", "CSV list"),
        ("board_member", "/boards/mash-board", "CSV list"),
    ],
)
def test_a_list_is_downloaded_where_people_are(enter, role, path, link, scripts):
    page = enter(role, path, scripts=scripts)
    look(page, scripts=scripts)
    with page.expect_download() as coming:
        activate(page, f"a:has-text('{link.split()[0]}') >> nth=0", scripts=scripts)
    assert coming.value.suggested_filename.endswith(".xlsx" if link.startswith("Excel") else ".csv")


@BOTH
@pytest.mark.parametrize(
    ("role", "path"),
    [("viewer", "/plans/twin/export"), ("chair", "/boards/mash-board/export"), ("inspector", "/plans/twin/export")],
)
def test_a_plan_and_a_boards_part_of_it_are_downloaded_from_their_page(enter, role, path, scripts):
    page = enter(role, path, scripts=scripts)
    look(page, scripts=scripts)
    with page.expect_download() as coming:
        activate(page, "main form button[type=submit]", scripts=scripts)
    assert coming.value.suggested_filename.endswith(".docx")


@BOTH
def test_a_reading_is_refused_and_corrected_and_a_first_date_given(enter, site: Site, watch, scripts):
    watch.expected.add(422)
    certain, dateless = ("5.7", "6.3") if scripts else ("5.3", "6.4")
    with site.record() as record:
        record.execute(
            "update action set timescale_kind = 'not_understood', timescale_text = 'TBC', due_on = null,"
            " original_due_on = null, starts_on = null, review_on = null, first_review_on = null,"
            " stage_due_on = null where id = ?",
            (site.actions[dateless],),
        )
    page = enter("programme_manager", f"/actions/{site.actions[certain]}/edit", scripts=scripts)
    save = "#read button[type=submit] >> nth=0"
    page.fill("#r-words", "31 March 2028")
    page.fill("#r-reason", "Typed wrongly.")
    activate(page, save, scripts=scripts)
    expect(page.locator("[data-error-summary]")).to_contain_text("request a date change")
    expect(page.locator("#r-reason")).to_have_value("Typed wrongly.")
    look(page, scripts=scripts)
    page.goto(f"/actions/{site.actions[dateless]}/edit")
    look(page, scripts=scripts)
    page.fill("#r-words", "End June 2018")
    activate(page, save, scripts=scripts)
    expect(page.locator("[data-error-summary]")).to_contain_text("Enter a reason")
    look(page, scripts=scripts)
    page.fill("#r-reason", "Agreed with the lead.")
    activate(page, save, scripts=scripts)
    expect(page.locator("#status")).to_contain_text("30 June 2018")
