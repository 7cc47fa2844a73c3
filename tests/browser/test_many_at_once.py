"""Many items changed at once and taken back, and two at one small form: by keyboard, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_by_keyboard import choose, tab_to
from tests.browser.test_taking_back import press, write_over

WITH_AND_WITHOUT = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
TICKS = "main tbody input[type=checkbox]"
SAVED, LOOK = "#status", "main form[method=post] button.govuk-button[type=submit]"
QUALITY = "Quality Lead"


def tick(page: Page, selector: str) -> None:
    tab_to(page, selector, most=150)
    page.keyboard.press("Space")
    expect(page.locator(selector)).to_be_checked()


def undo_all(page: Page, link: str) -> None:
    """Open the newest change of many items from the list of those, and undo it as a whole."""
    press(page, f"main li a:has-text('{link}') >> nth=0")
    expect(page.locator("h1")).to_contain_text("Bulk change")
    expect(page.locator("main tbody tr")).to_have_count(2)
    press(page, "button:has-text('Undo 2 items')")
    expect(page.locator(SAVED)).to_contain_text("Change undone:")
    expect(page.locator("main .boxed")).to_have_text("Undone")


@WITH_AND_WITHOUT
def test_a_board_is_added_to_chosen_recommendations_after_a_look_and_taken_back_as_a_whole(enter, scripts):
    page = enter("programme_manager", "/plans/twin/boards", scripts=scripts)
    before = page.locator("main tbody").inner_text()
    for place in (3, 5):
        tick(page, f"{TICKS} >> nth={place}")
    tab_to(page, "#how", most=150)
    page.keyboard.press("Space")
    tab_to(page, "#board")
    choose(page, "MASH Board")
    press(page, LOOK)
    expect(page.locator("main .lead")).to_contain_text("MASH Board added")
    expect(page.locator("main tbody tr")).to_have_count(2)
    expect(page.locator("main tbody td[data-label='New boards'] >> nth=0")).to_contain_text("MASH Board")
    press(page, "button[name=save]")
    expect(page.locator(SAVED)).to_contain_text("Saved: MASH Board added, in 2 recommendations.")
    assert page.locator("main tbody").inner_text() != before
    undo_all(page, "MASH Board added")
    page.goto("/plans/twin/boards")
    assert page.locator("main tbody").inner_text() == before


@WITH_AND_WITHOUT
def test_another_owner_is_given_to_chosen_actions_after_a_look_and_taken_back_as_a_whole(enter, scripts):
    page = enter("programme_manager", "/plans/twin/owners?lead=MASH+Service+Manager", scripts=scripts)
    before = page.locator("main tbody").inner_text()
    for place in (0, 1):
        tick(page, f"{TICKS} >> nth={place}")
    write_over(page, "#to", QUALITY)
    page.keyboard.press("Escape")  # the names that are offered
    press(page, LOOK)
    expect(page.locator("main .lead")).to_contain_text(f"2 items will go to {QUALITY}")
    expect(page.locator("main tbody tr >> nth=0")).to_contain_text(f"then {QUALITY}")
    press(page, "button[name=save]")
    expect(page.locator(SAVED)).to_contain_text(f"Saved: {QUALITY} now owns 2 actions")
    expect(page.locator("main tbody tr >> nth=0")).to_contain_text(QUALITY)
    assert "lead=MASH" in page.url, "the list keeps its filter"
    undo_all(page, QUALITY)
    page.goto("/plans/twin/owners?lead=MASH+Service+Manager")
    assert page.locator("main tbody").inner_text() == before


@pytest.mark.parametrize(("scripts", "keep"), [(True, "mine"), (False, "theirs")], ids=["scripts", "plain"])
def test_two_who_move_one_recommendation_choose_whose_place_is_kept(enter, site: Site, watch, scripts, keep):
    watch.expected.add(409)
    at = f"/plans/twin/recommendations/{9 if scripts else 10}/edit"
    page = enter("programme_manager", at, scripts=scripts)
    other = enter("programme_manager", at)
    other.fill("#m-place", "2")
    other.click("#moved button.govuk-button")
    expect(other.locator(SAVED)).to_contain_text("at position 2")
    write_over(page, "#m-place", "3")
    press(page, "#moved button.govuk-button")
    expect(page.locator(".conflict h2")).to_have_text("Someone else changed this recommendation while you were writing")
    row = page.locator(".compare tr:has(th:has-text('Position'))")
    expect(row.locator("td[data-label=Yours]")).to_have_text("3")
    expect(row.locator("td[data-label=Theirs]")).to_have_text("2")
    tab_to(page, "#moved-keep-place", most=150)
    page.keyboard.press("Space" if keep == "mine" else "ArrowDown")
    press(page, "button[form=moved]:has-text('Save what I chose')")
    expect(page.locator(SAVED)).to_contain_text("at position 3" if keep == "mine" else "Nothing was changed")
    page.goto(at)
    expect(page.locator("#m-place")).to_have_value("3" if keep == "mine" else "2")
