"""The work of a lead, a verifier and a programme manager by keyboard: where focus goes, announcements, what changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Site, email_of
from tests.browser.states import opened, stale

FOCUS = """() => { const at = document.activeElement;
  return at === document.body ? "body" : at.id || at.className || at.tagName; }"""
MARKED = "() => { window.marked = true; }"
STILL_MARKED = "() => window.marked === true"


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Press Tab until the element has focus; nothing on the way may swallow it."""
    wanted = page.locator(selector)
    for _ in range(most):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS) != "body"
    raise AssertionError(f"{selector} is not reached in {most} steps")


def focus_is_in(page: Page, selector: str) -> None:
    expect(page.locator(selector)).to_be_focused()
    assert page.evaluate(STILL_MARKED), "the page was loaded again"


def choose(page: Page, words: str) -> None:
    """Choose in the select that has focus by typing, as a keyboard does."""
    page.keyboard.type(words)


def number(page: Page, selector: str) -> int:
    found = re.search(r"\d+", page.locator(selector).first.inner_text())
    assert found
    return int(found[0])


def test_signing_in_takes_five_keys(enter, site):
    page = enter(None, "/sign-in")
    tab_to(page, "#email")
    page.keyboard.type(email_of("viewer"))
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Twin")


def test_the_first_tab_offers_to_skip_to_the_content(enter):
    page = enter("lead")
    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUS) == "main"


def test_a_lead_answers_a_row_of_my_work_without_leaving_it(enter, site: Site, tmp_path: Path):
    page = enter("lead")
    page.evaluate(MARKED)
    row = site.row("5.3")
    waiting, due = number(page, ".nav-count"), number(page, "#group-due_soon .pill")

    tab_to(page, f"{row} .verb")
    page.keyboard.press("Enter")
    focus_is_in(page, site.field("5.3", "answer"))
    page.keyboard.press("ArrowRight")
    tab_to(page, site.field("5.3", "did"))

    page.keyboard.type("Three of five shifts have been trained.")
    tab_to(page, site.field("5.3", "status"))
    choose(page, "In progress")
    tab_to(page, f"{row} .proof > summary")
    page.keyboard.press("Enter")
    tab_to(page, site.field("5.3", "file"))
    proof = tmp_path / "attendance.txt"
    proof.write_text("who came, by shift")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(proof)
    tab_to(page, site.field("5.3", "shows"))
    page.keyboard.type("Who came, by shift")
    tab_to(page, f"{row} .buttons button:not([name])")
    page.keyboard.press("Enter")

    focus_is_in(page, f"{row} .verb")
    expect(page.locator(row)).to_have_attribute("data-status", "in_progress")
    expect(page.locator("#status")).to_contain_text("Saved: 5.3 Train police officers")
    expect(page.locator("#status")).to_contain_text(
        "On track. Note added. Evidence added. Delivery status: In progress."
    )
    # It is answered, so it rests for a week; it stays in every other count.
    assert number(page, ".nav-count") == waiting - 1
    assert number(page, "#group-due_soon .pill") == due - 1
    assert site.notes("5.3") == ["Three of five shifts have been trained."]


def test_a_claim_takes_the_item_out_of_every_count(enter, site: Site):
    page = enter("lead")
    page.evaluate(MARKED)
    row = site.row("5.1")
    waiting, overdue = number(page, ".nav-count"), number(page, "#group-overdue .pill")
    opened("5.1")(page, site)
    page.fill(site.field("5.1", "did"), "The day was held on 7 February.")
    page.select_option(site.field("5.1", "status"), "completed")
    page.select_option(site.field("5.1", "month"), "2018-02")
    page.click(f"{row} .proof > summary")
    page.fill(site.field("5.1", "url"), "https://intranet.example/day")
    page.fill(site.field("5.1", "shows"), "What the day agreed")
    page.press(site.field("5.1", "shows"), "Enter")  # as the first button does: save and next
    expect(page.locator(f"{row} form.answer")).to_have_count(0)
    expect(page.locator("main form.answer")).to_have_count(1)
    assert page.evaluate(FOCUS).endswith("-answer")
    expect(page.locator(row)).to_have_attribute("data-brag", "blue_outline")
    expect(page.locator(".nav-count")).to_contain_text(str(waiting - 1))
    expect(page.locator("#group-overdue .pill")).to_have_text(str(overdue - 1))
    expect(page.locator("#waiting")).to_contain_text(str(waiting - 1))


@pytest.mark.parametrize("key", ["Cancel", "Close"])
def test_closing_a_row_puts_focus_on_its_verb(enter, site: Site, key: str):
    page = enter("lead")
    page.evaluate(MARKED)
    row = site.row("5.4")
    tab_to(page, f"{row} .verb")
    page.keyboard.press("Enter")
    focus_is_in(page, site.field("5.4", "answer"))
    if key == "Close":
        page.keyboard.press("Shift+Tab")
        focus_is_in(page, f"{row} .verb")
    else:
        tab_to(page, f"{row} .buttons a")
    page.keyboard.press("Enter")
    expect(page.locator(f"{row} form.answer")).to_have_count(0)
    focus_is_in(page, f"{row} .verb")
    expect(page.locator(f"{row} .verb")).to_contain_text("Answer")


def test_an_error_puts_focus_on_its_summary_and_its_link_on_the_field(enter, site: Site, watch):
    watch.expected.add(422)
    page = enter("lead")
    page.evaluate(MARKED)
    opened("5.5")(page, site)
    tab_to(page, f"{site.row('5.5')} .buttons button:not([name])")
    page.keyboard.press("Enter")
    focus_is_in(page, f"{site.row('5.5')} [data-error-summary]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    focus_is_in(page, site.field("5.5", "answer"))


def test_a_conflict_puts_focus_on_its_heading_and_keeps_the_text(enter, site: Site, watch):
    watch.expected.add(409)
    page = enter("lead")
    page.evaluate(MARKED)
    stale("5.6")(page, site)
    focus_is_in(page, f"{site.row('5.6')} .conflict h2")
    expect(page.locator(site.field("5.6", "did"))).to_have_value("Two of three sessions have run.")
    expect(page.locator(f"{site.row('5.6')} .compare")).to_contain_text("Partly complete")
    tab_to(page, f"{site.row('5.6')} [value=mine]")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Keep theirs")).to_be_checked()
    tab_to(page, f"{site.row('5.6')} .buttons button:not([name])")
    page.keyboard.press("Enter")
    focus_is_in(page, f"{site.row('5.6')} .verb")
    assert site.notes("5.6") == ["Two of three sessions have run."]


@pytest.mark.parametrize(
    ("role", "path", "ref", "above"),
    [
        ("lead", "/plans/twin/recommendations/5", "5.2", "#bar-{} .counted"),
        ("programme_manager", "/boards/mash-board", "5.7", "#summary .counted"),
        ("programme_manager", "/plans/twin?timeliness=overdue&lead=Heads+of+Locality", "3.1", "#summary .counted"),
    ],
    ids=["a recommendation", "a board", "the plan's actions"],
)
def test_a_row_of_a_table_is_answered_in_its_place(enter, site: Site, role, path, ref, above):
    page = enter(role, path)
    page.evaluate(MARKED)
    row = site.row(ref)
    with site.record() as record:
        query = "select recommendation_id from action_place where action_id = ?"
        home = record.execute(query, (site.actions[ref],)).fetchone()[0]
    counted = page.locator(above.format(home))
    before = counted.inner_text()
    tab_to(page, f"{row} .verb", most=90)
    page.keyboard.press("Enter")
    focus_is_in(page, site.field(ref, "answer"))
    tab_to(page, site.field(ref, "did"))
    page.keyboard.type("Written at the table.")
    tab_to(page, site.field(ref, "status"))
    choose(page, "In progress" if ref == "5.7" else "Completed")
    if ref != "5.7":
        page.select_option(site.field(ref, "month"), "2018-03")
        page.click(f"{row} .proof > summary")
        page.fill(site.field(ref, "url"), "https://intranet.example/proof")
        page.fill(site.field(ref, "shows"), "Proof")
    tab_to(page, f"{row} .buttons button:not([name])")
    page.keyboard.press("Enter")
    expect(page.locator(f"{row} form.answer")).to_have_count(0)
    focus_is_in(page, f"{row} .verb")
    expect(page.locator("#status")).to_contain_text(f"Saved: {ref}")
    expect(page.locator(row)).to_contain_text("Written at the table.")
    expect(counted).not_to_have_text(before)


def test_all_actions_are_sorted_narrowed_answered_and_found_again_by_keyboard(enter, site: Site):
    page = enter("lead", "/plans/twin/actions")
    tab_to(page, "thead a[href*='sort=due']")
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=due*")
    tab_to(page, "#f-board")
    choose(page, "MASH")
    tab_to(page, "form.filters button:has-text('Filter')")
    page.keyboard.press("Enter")
    page.wait_for_url("**board=mash-board*")
    expect(page.locator(".chosen")).to_contain_text("7 actions: MASH Board")
    narrowed, row = page.url, site.row("5.5")
    page.evaluate(MARKED)
    tab_to(page, f"{row} .verb", most=90)
    page.keyboard.press("Enter")
    focus_is_in(page, site.field("5.5", "answer"))
    page.keyboard.press("Space")
    tab_to(page, f"{row} .buttons button:not([name])")
    page.keyboard.press("Enter")
    focus_is_in(page, f"{row} .verb")
    expect(page.locator(row)).to_contain_text("No change")
    assert page.url == narrowed
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Dip sample")
    tab_to(page, ".crumbs__turn a[rel=up]")
    page.keyboard.press("Enter")
    expect(page.locator(".chosen")).to_contain_text("7 actions: MASH Board")
    assert "sort=due" in page.url


def test_every_list_of_manage_is_reached_and_left_by_keyboard(enter):
    for heading, link in (("silent", "/manage/silent"), ("names", "/manage/names"), ("help", "/manage/help")):
        page = enter("programme_manager", "/manage")
        if not page.locator(f"section[aria-labelledby={heading}] a[href='{link}']").count():
            page.goto(link)
        else:
            tab_to(page, f"section[aria-labelledby={heading}] a[href='{link}']", most=120)
            page.keyboard.press("Enter")
            page.wait_for_url(f"**{link}")
        tab_to(page, "nav[aria-label=Breadcrumb] a[href='/manage']")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Manage")


def test_a_verifier_tests_a_claim_by_keyboard(enter, site: Site):
    page = enter("verifier")
    tab_to(page, f"{site.row('7.1')} .verb")
    page.keyboard.press("Enter")
    expect(page.locator(site.field("7.1", "sample"))).to_be_focused()
    page.keyboard.type("Twelve records of March.")
    tab_to(page, site.field("7.1", "reason"))
    page.keyboard.type("All twelve hold.")
    tab_to(page, f"{site.row('7.1')} button[name=status][value=verified]")
    page.keyboard.press("Enter")
    expect(page.locator(site.row("7.1"))).to_have_attribute("data-brag", "blue")
    assert page.evaluate(FOCUS) != "body"


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize(
    ("role", "path", "ref"),
    [
        ("lead", "/", "5.4"),
        ("lead", "/plans/twin/recommendations/5", "5.4"),
        ("programme_manager", "/boards/lac-strategy-group", "9.2"),
    ],
    ids=["my work", "a recommendation", "a board"],
)
def test_nothing_jumps_when_a_row_opens_and_closes(enter, site: Site, role, path, ref, width):
    page = enter(role, path, width=width)
    row = page.locator(site.row(ref))
    row.locator(".verb").evaluate("(one) => { one.scrollIntoView({block: 'center'}); one.focus(); }")
    top = row.bounding_box()["y"]
    page.keyboard.press("Enter")
    expect(row.locator("form.answer")).to_have_count(1)
    assert abs(row.bounding_box()["y"] - top) < 2
    row.locator(".verb").focus()
    top = row.bounding_box()["y"]
    page.keyboard.press("Enter")
    expect(row.locator("form.answer")).to_have_count(0)
    assert abs(row.bounding_box()["y"] - top) < 2
