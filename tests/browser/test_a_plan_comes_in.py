"""The programme manager imports a plan by keyboard alone, and then its next copy, with and without JavaScript."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_by_keyboard import tab_to
from tests.factories import OWN_WORDS, PLAN_FILE
from tests.pages.intake.merging.test_import_again import NEWER

TOP = ".buttons:not(.apart) > form[action$='/confirm'] button"
CONFIRM = ".buttons.apart > form[action$='/confirm'] button"
TWO_MINUTES = 120
OUR_TABLE = """Concern,Response,Contact,Until,Where it is
Chronologies are missing,Write a chronology guide,Practice Lead,31/03/2018,Half are written
Chronologies are missing,Check ten files a month,Quality Officer,30/04/2018,Nothing to show yet
Siblings meet too rarely,Set a yearly number,Head of Permanence,31/05/2018,Number agreed
"""


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
    page.keyboard.press("Home")
    for _ in range(page.locator(f"{select} option").count()):
        if words in page.locator(f"{select} option:checked").inner_text():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{select} does not offer {words}")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_plan_is_imported_and_imported_again_by_keyboard(enter, site, tmp_path, scripts):
    title = "Scripted visits" if scripts else "Unscripted visits"
    first, newer = tmp_path / "our plan.csv", tmp_path / "our plan, newer.csv"
    first.write_text(PLAN_FILE, encoding="utf-8")
    newer.write_text(NEWER, encoding="utf-8")
    page = enter("programme_manager", "/import", scripts=scripts)
    page.set_default_timeout(15_000)

    upload(page, first, title=title)
    tab_to(page, ".verb[href*='row=1']", most=150)
    page.keyboard.press("Enter")
    tab_to(page, "#r-due")
    page.keyboard.press("Control+A")
    page.keyboard.type("30 June 2018")
    page.keyboard.press("Enter")
    expect(page.locator("#row-1 form")).to_have_count(0)
    expect(page.locator("#row-1")).to_contain_text("30 June 2018")
    tab_to(page, CONFIRM, most=200)
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


# The choice of an earlier file is remembered, so each of these chooses something else.
@pytest.mark.parametrize(
    ("scripts", "words", "field"),
    [(True, "Evidence", "evidence"), (False, "Impact", "impact")],
    ids=["scripts", "no scripts"],
)
def test_a_wrong_column_is_corrected_and_the_plan_imported_by_keyboard_in_two_minutes(
    enter, site, tmp_path, scripts, words, field
):
    title = "Corrected with scripts" if scripts else "Corrected without scripts"
    file = tmp_path / "our table.csv"
    file.write_text(OUR_TABLE, encoding="utf-8")
    page = enter("programme_manager", "/import", scripts=scripts)
    page.set_default_timeout(15_000)
    begun = time.monotonic()
    upload(page, file, title=title)
    wrong = page.get_by_label("Import “Where it is” as")
    name = wrong.get_attribute("id")
    tab_to(page, f"#{name}")
    page.keyboard.type(words)
    if scripts:
        page.keyboard.press("Tab")
        expect(page.locator("#status")).to_contain_text("Saved")
        assert page.evaluate("() => document.activeElement.closest('#choices') !== null"), "focus is kept"
    else:
        tab_to(page, "form#choices > .buttons button >> nth=0")
        page.keyboard.press("Enter")
    expect(page.locator(f"#{name}-why")).to_contain_text("You chose this")
    expect(page.locator(f"#{name}")).to_have_value(field)
    tab_to(page, CONFIRM, most=150)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(title)
    assert time.monotonic() - begun < TWO_MINUTES
    with site.record() as record:
        kept = record.execute(
            "select count(*) from action a join plan p on p.id = a.plan_id where p.title = ?", (title,)
        ).fetchone()
    assert kept[0] == 3


def test_a_choice_made_by_mouse_is_applied_at_once_and_the_frame_stays_where_it_was(enter, tmp_path):
    file = tmp_path / "our table.csv"
    file.write_text(OUR_TABLE, encoding="utf-8")
    page = enter("programme_manager", "/import", width=390)
    page.set_default_timeout(15_000)
    upload(page, file, title="By mouse")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.locator(".sheet-frame").evaluate("(frame) => frame.scrollTo(9999, 0)")
    left = page.locator(".sheet-frame").evaluate("(frame) => frame.scrollLeft")
    page.select_option("#column-4", "measures")
    expect(page.locator("#column-4-why")).to_contain_text("You chose this")
    assert left > 0 and abs(page.locator(".sheet-frame").evaluate("(frame) => frame.scrollLeft") - left) < 120
    expect(page.locator(TOP)).to_have_text("Import 2 recommendations and 3 actions")


def test_a_choice_made_while_another_is_applied_is_not_lost(enter, tmp_path):
    file = tmp_path / "our table.csv"
    file.write_text(OUR_TABLE, encoding="utf-8")
    page = enter("programme_manager", "/import")
    page.set_default_timeout(15_000)
    upload(page, file, title="Two at once")
    page.evaluate("""() => { for (const [name, value] of [["column-4", "monitoring"], ["column-2", "leads"]]) {
      const select = document.getElementById(name); select.value = value;
      select.dispatchEvent(new Event("change", {bubbles: true})); } }""")
    for name, value in (("column-4", "monitoring"), ("column-2", "leads")):
        expect(page.locator(f"#{name}-why")).to_contain_text("You chose this", timeout=20_000)  # each reads the file
        expect(page.locator(f"#{name}")).to_have_value(value)


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
    tab_to(page, "form#choices > .buttons button >> nth=0", most=120)
    page.keyboard.press("Enter")
    expect(page.locator(CONFIRM)).to_have_text("Import 1 recommendation and 1 action", timeout=20_000)
    tab_to(page, CONFIRM, most=150)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Our own words")
