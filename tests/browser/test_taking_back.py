"""A change undone and a note corrected by keyboard alone, with scripts and without: both leave the same behind."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_by_keyboard import tab_to

WITH_AND_WITHOUT = pytest.mark.parametrize(
    ("scripts", "ref"), [(True, "7.1"), (False, "7.2")], ids=["scripts", "plain"]
)


def press(page: Page, selector: str) -> None:
    tab_to(page, selector, most=150)
    page.keyboard.press("Enter")


def write_over(page: Page, selector: str, words: str) -> None:
    tab_to(page, selector, most=150)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


@WITH_AND_WITHOUT
def test_a_wrong_change_is_undone_from_the_history_and_both_lines_lead_to_each_other(enter, site: Site, scripts, ref):
    action = site.actions[ref]
    page = enter("programme_manager", f"/actions/{action}/edit", scripts=scripts)
    old = page.locator("#text").input_value()
    write_over(page, "#text", "Words in the wrong row.")
    press(page, "form:has(#text) button[type=submit]")
    expect(page.locator("h1")).to_have_text("Words in the wrong row.")
    press(page, ".history li:first-child form button")
    expect(page.locator("h1")).to_have_text(old)
    expect(page.locator("#status")).to_contain_text("Change undone")
    new, undone = page.locator(".history li").nth(0), page.locator(".history li").nth(1)
    expect(new).to_contain_text("Restored the words from before the change by Programme Manager")
    expect(undone).to_contain_text("Undone by Programme Manager")
    press(page, ".history li:first-child a")
    assert page.url.endswith(f"#{undone.get_attribute('id')}")


@WITH_AND_WITHOUT
def test_a_note_is_corrected_and_the_old_one_stays_marked(enter, site: Site, scripts, ref):
    action = site.actions[ref]
    page = enter("programme_manager", f"/actions/{action}?open={action}", scripts=scripts)
    write_over(page, site.field(ref, "did"), "Five of six teams.")
    press(page, f"#a{action}-form .buttons button:not([name])")
    expect(page.locator(".notes li")).to_have_count(1)
    press(page, ".notes a[href$='/correct']")
    write_over(page, "main form textarea >> nth=0", "Six of six teams.")
    press(page, "main form button[type=submit]")
    expect(page.locator(".notes li")).to_have_count(2)
    expect(page.locator(".notes li.muted")).to_contain_text("Corrected")
    assert site.notes(ref) == ["Five of six teams.", "Six of six teams."]
