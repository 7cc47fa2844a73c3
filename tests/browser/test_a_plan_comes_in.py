"""The programme manager brings a plan in by keyboard alone, and then its next copy, with and without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_by_keyboard import tab_to
from tests.factories import OWN_WORDS, PLAN_FILE
from tests.pages.intake.merging.test_import_again import NEWER

CONFIRM = "form[action$='/confirm'] button"


def upload(page: Page, file: Path, *, into: str = "", title: str = "") -> None:
    """From the start page to the check page, with a file, a title or a plan, and the day that it is dated."""
    tab_to(page, "#file")
    page.set_input_files("#file", file)  # as the dialog does that Space opens here, which is not ours to test
    tab_to(page, "#into")
    if into:
        choose(page, "#into", into)
    tab_to(page, "#title")
    page.keyboard.type(title)
    tab_to(page, "#dated_on")
    page.keyboard.press("Control+A")
    page.keyboard.type("22 February 2018")
    page.keyboard.press("Enter")
    read = page.locator(".reading button")
    check = page.locator("h1:has-text('Check the file')")
    expect(read.or_(check)).to_be_visible()
    if not check.is_visible() and not page.evaluate("() => 'htmx' in window"):
        tab_to(page, ".reading button")
        page.keyboard.press("Enter")
    expect(check).to_be_visible(timeout=20_000)


def choose(page: Page, select: str, words: str) -> None:
    """Choose by the arrow keys in the select that has focus."""
    for _ in range(page.locator(f"{select} option").count()):
        if words in page.locator(f"{select} option:checked").inner_text():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{select} does not offer {words}")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_plan_is_brought_in_and_brought_in_again_by_keyboard(enter, site, tmp_path, scripts):
    title = "Scripted visits" if scripts else "Unscripted visits"
    first, newer = tmp_path / "our plan.csv", tmp_path / "our plan, newer.csv"
    first.write_text(PLAN_FILE, encoding="utf-8")
    newer.write_text(NEWER, encoding="utf-8")
    page = enter("programme_manager", "/import", scripts=scripts)
    page.set_default_timeout(15_000)

    upload(page, first, title=title)
    tab_to(page, ".verb[href*='row=1']")
    page.keyboard.press("Enter")
    tab_to(page, "#r-due")
    page.keyboard.press("Control+A")
    page.keyboard.type("30 June 2018")
    page.keyboard.press("Enter")
    expect(page.locator("#row-1 form")).to_have_count(0)
    expect(page.locator("#row-1")).to_contain_text("30 June 2018")
    tab_to(page, CONFIRM, most=120)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(title)
    slug = page.url.rstrip("/").rpartition("/")[2].partition("?")[0]

    page.goto("/import")
    upload(page, newer, into=title)
    expect(page.locator("#differences")).to_be_visible()
    asked = page.locator("fieldset:has(input[name^='take-'])")
    assert asked.count() > 1
    for n in range(asked.count()):
        line = asked.nth(n)
        chosen = line.locator("input:checked")
        stop = chosen if chosen.count() else line.locator("input").first
        tab_to(page, f"#{stop.get_attribute('id')}")
        page.keyboard.press("Space")
    tab_to(page, "form[action$='/merge'] button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).not_to_contain_text("Check the file")
    with site.record() as record:
        words = [
            row[0]
            for row in record.execute(
                "select a.text from action a join plan p on p.id = a.plan_id where p.slug = ?", (slug,)
            )
        ]
    assert "Ask the children" in words


def test_the_columns_that_are_asked_for_are_chosen_by_keyboard_and_without_scripts(enter, tmp_path):
    file = tmp_path / "our own words.csv"
    file.write_text(OWN_WORDS, encoding="utf-8")
    page = enter("programme_manager", "/import", scripts=False)
    page.set_default_timeout(15_000)
    upload(page, file, title="Our own words")
    expect(page.locator(CONFIRM)).to_have_count(0)
    for select, field in (("#column-0", "Recommendation"), ("#column-1", "Action")):
        tab_to(page, select)
        choose(page, select, field)
    tab_to(page, "form[action$='/choices'] button")
    page.keyboard.press("Enter")
    expect(page.locator(CONFIRM)).to_have_text("Import 1 recommendation and 1 action", timeout=20_000)
    tab_to(page, CONFIRM)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Our own words")
