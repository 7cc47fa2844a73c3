"""The form of a row in a browser: its first line stays in sight, one row is open at a time, a file is not too large."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.states import opened
from tests.browser.test_by_keyboard import FOCUS, MARKED, STILL_MARKED, tab_to

SCREENS = {"desk": (1366, 700), "phone": (390, 844), "small phone": (320, 568)}
IN_SIGHT = """() => {
  const at = document.activeElement, row = at.closest("[data-ref]");
  const head = row.getBoundingClientRect(), own = at.closest("label, div, a").getBoundingClientRect();
  return { row: row.dataset.ref, head: head.top, focus: own.bottom, window: innerHeight };
}"""
LIST = "/plans/twin/recommendations/5"


def open_refs(page: Page) -> list[str]:
    forms = page.locator("[data-ref]:has(form.answer)")
    return [forms.nth(n).get_attribute("data-ref") or "" for n in range(forms.count())]


@pytest.mark.parametrize(
    ("role", "path", "screen", "rows"),
    [
        *(("programme_manager", LIST, screen, 3) for screen in SCREENS),
        ("lead", "/", "small phone", 2),
    ],
)
def test_the_first_line_of_the_next_row_stays_in_sight(enter, site: Site, role, path, screen, rows):
    page = enter(role, path)
    width, height = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    page.locator("[data-ref] .verb").first.click()
    for _ in range(rows):
        expect(page.locator("main form.answer")).to_have_count(1)
        before = open_refs(page)
        button = page.locator("form.answer button[name=go_on]")
        page.locator("form.answer input[name=answer]").nth(1).check(force=True)
        button.evaluate("(one) => window.scrollTo(0, one.getBoundingClientRect().top + scrollY - 20)")
        button.click()
        expect(page.locator(f"[data-ref='{before[0]}'] form.answer")).to_have_count(0)
        expect(page.locator("form.answer .row-saved")).to_have_text(f"{before[0]} saved.")
        page.wait_for_function("() => document.activeElement.closest('form.answer')")
        seen = page.evaluate(IN_SIGHT)
        assert seen["row"] != before[0]
        assert 0 <= seen["head"] < seen["window"] - 40, seen
        assert seen["focus"] <= seen["window"], seen
    page.set_viewport_size({"width": 1366, "height": 900})


def test_opening_a_row_closes_the_open_one_and_keeps_what_was_typed(enter, site: Site):
    page = enter("lead", LIST)
    page.evaluate(MARKED)
    opened("5.2")(page, site)
    page.fill(site.field("5.2", "did"), "Half of it is written.")
    tab_to(page, f"{site.row('5.3')} .verb", most=60)
    page.keyboard.press("Enter")
    expect(page.locator(f"{site.row('5.3')} form.answer")).to_have_count(1)
    expect(page.locator(f"{site.row('5.2')} form.answer")).to_have_count(0)
    assert open_refs(page) == ["5.3"] and page.evaluate(STILL_MARKED)
    expect(page.locator(site.field("5.3", "answer"))).to_be_focused()
    expect(page.locator(site.row("5.2"))).to_contain_text("Draft saved, not submitted")
    opened("5.2")(page, site)
    assert open_refs(page) == ["5.2"]
    expect(page.locator(site.field("5.2", "did"))).to_have_value("Half of it is written.")
    page.get_by_role("button", name="Discard draft").click()
    expect(page.locator(site.field("5.2", "did"))).to_have_value("")
    assert open_refs(page) == ["5.2"]
    expect(page.get_by_role("button", name="Discard draft")).to_be_hidden()


@pytest.mark.parametrize("link", ["Close", "Cancel"])
def test_closing_a_row_keeps_what_was_typed_a_moment_before(enter, site: Site, link):
    page = enter("lead", LIST)
    opened("5.4")(page, site)
    page.fill(site.field("5.4", "did"), f"Typed before {link}.")
    page.locator(site.row("5.4")).get_by_role("link", name=link).click()
    expect(page.locator(f"{site.row('5.4')} form.answer")).to_have_count(0)  # its "Close" is a verb too
    expect(page.locator(f"{site.row('5.4')} .verb")).to_be_focused()
    opened("5.4")(page, site)
    expect(page.locator(site.field("5.4", "did"))).to_have_value(f"Typed before {link}.")
    expect(page.get_by_role("button", name="Discard draft")).to_be_visible()


def test_discard_draft_is_offered_as_soon_as_there_is_one(enter, site: Site):
    page = enter("lead", LIST)
    opened("5.5")(page, site)
    expect(page.get_by_role("button", name="Discard draft")).to_be_hidden()
    page.locator(site.field("5.5", "did")).press_sequentially("Half.")
    expect(page.locator(site.field("5.5", "form-kept"))).to_have_text(re.compile("Draft saved at "), timeout=8000)
    expect(page.get_by_role("button", name="Discard draft")).to_be_visible()
    page.click(f"{site.row('5.5')} .buttons button:not([name])")
    expect(page.locator("#status")).to_contain_text("Saved: 5.5")


def test_a_row_whose_draft_cannot_be_saved_stays_open(enter, site: Site, watch, tmp_path: Path):
    watch.offline = True
    page = enter("lead", LIST)
    opened("5.6")(page, site)
    page.fill(site.field("5.6", "did"), "Not to be lost.")
    page.route(re.compile("/drafts"), lambda route: route.abort())
    page.click(f"{site.row('5.7')} .verb")
    expect(page.locator(f"{site.row('5.7')} form.answer")).to_have_count(1)
    assert sorted(open_refs(page)) == ["5.6", "5.7"]
    expect(page.locator(site.field("5.6", "did"))).to_have_value("Not to be lost.")
    page.unroute(re.compile("/drafts"))


def test_a_row_with_a_chosen_file_stays_open(enter, site: Site, tmp_path: Path):
    proof = tmp_path / "register.txt"
    proof.write_text("who came")
    page = enter("lead", LIST)
    opened("5.6")(page, site)
    page.click(f"{site.row('5.6')} .proof > summary")
    page.set_input_files(site.field("5.6", "file"), proof)
    page.click(f"{site.row('5.7')} .verb")
    expect(page.locator(f"{site.row('5.7')} form.answer")).to_have_count(1)
    assert sorted(open_refs(page)) == ["5.6", "5.7"]
    assert page.locator(site.field("5.6", "file")).evaluate("(one) => one.files.length") == 1


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(enter, site: Site, tmp_path: Path):
    large, small = tmp_path / "scan.pdf", tmp_path / "register.txt"
    with large.open("wb") as out:
        out.truncate(25 * 1024 * 1024 + 1)
    small.write_text("who came")
    page = enter("lead", LIST)
    opened("5.3")(page, site)
    page.click(f"{site.row('5.3')} .proof > summary")
    field = page.locator(site.field("5.3", "file"))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.set_input_files(site.field("5.3", "file"), large)
    error = page.locator(site.field("5.3", "file-error"))
    expect(error).to_have_text(
        re.compile("Error: scan.pdf is larger than 25.?MB. Make it smaller, or give a link to it.")
    )
    expect(field).to_have_attribute("aria-invalid", "true")
    assert "a5" not in (field.get_attribute("aria-describedby") or "x").split()
    assert field.evaluate("(one) => one.files.length") == 0
    assert [url for url in sent if "/drafts" not in url] == []
    page.set_input_files(site.field("5.3", "file"), small)
    expect(error).to_have_count(0)
    assert field.evaluate("(one) => one.files.length") == 1
    assert field.get_attribute("aria-invalid") is None


def test_the_reading_of_a_new_date_is_in_sight_after_an_error(enter, site: Site, watch):
    watch.expected.add(422)
    page = enter("lead", LIST)
    opened("5.7")(page, site)
    page.click(f"{site.row('5.7')} summary:has-text('Request a new date')")
    page.fill(site.field("5.7", "words"), "End June 2018")
    expect(page.locator(site.field("5.7", "reading"))).to_contain_text("30 June 2018")
    page.click(f"{site.row('5.7')} .buttons button:not([name])")
    expect(page.locator(f"{site.row('5.7')} [data-error-summary]")).to_be_focused()
    expect(page.locator(site.field("5.7", "reading"))).to_be_visible()
    expect(page.locator(site.field("5.7", "reading"))).to_contain_text("due on 30 June 2018")
    assert page.evaluate(FOCUS)
