"""Every task without JavaScript, and that it leaves the same row as with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

PLACES = {
    "my work": ("lead", "/", "5.3", "5.4"),
    "a recommendation": ("lead", "/plans/twin/recommendations/5", "5.5", "5.6"),
    "a board": ("programme_manager", "/boards/childrens-management-team", "2.2", "2.3"),
}


def open_row(page: Page, site: Site, ref: str) -> None:
    page.click(f"{site.row(ref)} .verb")
    page.wait_for_selector(f"{site.row(ref)} form.answer")


def write(page: Page, site: Site, ref: str, proof: Path) -> None:
    page.fill(site.field(ref, "did"), "Four of six sessions have run.")
    page.fill(site.field(ref, "difference"), "Too early to say.")
    page.select_option(site.field(ref, "status"), "in_progress")
    page.click("summary:has-text('evidence')")
    page.set_input_files(site.field(ref, "file"), proof)
    page.fill(site.field(ref, "shows"), "Who came")


def save(page: Page, site: Site, ref: str) -> None:
    page.click(f"#a{site.actions[ref]}-form .buttons button:not([name])")


def facts(page: Page, site: Site, ref: str) -> list[str]:
    """All that a row says but its reference and its action's text."""
    return page.locator(site.row(ref)).evaluate(
        """(row) => { const own = row.cloneNode(true);
          own.querySelectorAll(".ref, .row__ref, .row__text > a, .text > a, .verb").forEach((one) => one.remove());
          return [row.dataset.status, row.dataset.timeliness, row.dataset.brag,
            own.textContent.replace(/\\s+/g, " ").trim()]; }"""
    )


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    path = tmp_path / "attendance.csv"
    path.write_text("shift,came\nnight,12\n")
    return path


@pytest.mark.parametrize("place", ["my work", "a recommendation", "a board"])
def test_note_status_and_file_are_saved_from_a_list_and_leave_the_same_row_as_with_scripts(
    enter, site: Site, proof: Path, place: str
):
    role, path, plain, scripted = PLACES[place]
    page = enter(role, path, scripts=False)
    open_row(page, site, plain)
    assert f"open={site.actions[plain]}" in page.url, "the open row has an address of its own"
    write(page, site, plain, proof)
    save(page, site, plain)
    expect(page.locator("#status")).to_contain_text(f"Saved: {plain}")
    expect(page.locator("#status")).to_contain_text("Note added. Evidence added. Delivery status: In progress.")
    assert page.url.endswith(f"{path}#action-{site.actions[plain]}")
    assert site.notes(plain) == ["Four of six sessions have run."]

    other = enter(role, path)
    open_row(other, site, scripted)
    write(other, site, scripted, proof)
    save(other, site, scripted)
    expect(other.locator("#status")).to_contain_text(f"Saved: {scripted}")
    assert facts(page, site, plain) == facts(other, site, scripted)
    for ref in (plain, scripted):
        page.goto(f"/actions/{site.actions[ref]}")
        expect(page.locator(".files")).to_contain_text("attendance.csv")


def test_note_status_and_file_are_saved_on_the_page_of_an_action(enter, site: Site, proof: Path):
    page = enter("lead", f"/actions/{site.actions['5.7']}", scripts=False)
    page.click("main a.govuk-button")
    write(page, site, "5.7", proof)
    save(page, site, "5.7")
    expect(page.locator("#status")).to_contain_text("Saved: 5.7")
    expect(page.locator(".notes")).to_contain_text("Four of six sessions have run.")
    expect(page.locator(".line")).to_contain_text("In progress")
    expect(page.locator(".files")).to_contain_text("attendance.csv")


@pytest.mark.parametrize("place", ["my work", "a recommendation", "a board"])
def test_an_error_comes_as_a_page_that_keeps_the_text(enter, site: Site, watch, place: str):
    watch.expected.add(422)
    role, path, ref, _ = PLACES[place]
    page = enter(role, path, scripts=False)
    open_row(page, site, ref)
    page.fill(site.field(ref, "did"), "All but the month.")
    page.select_option(site.field(ref, "status"), "completed")
    page.select_option(site.field(ref, "month"), "")
    save(page, site, ref)
    expect(page).to_have_title(f"Error: Answer {ref} - Improvement plan")
    expect(page.locator(site.field(ref, "did"))).to_have_value("All but the month.")
    expect(page.locator(site.field(ref, "status"))).to_have_value("completed")
    expect(page.locator("[data-error-summary] a").first).to_be_visible()
    assert "All but the month." not in site.notes(ref)


@pytest.mark.parametrize("place", ["my work", "a recommendation", "a board", "an action"])
def test_a_conflict_comes_as_a_page_that_keeps_both_and_can_be_saved(enter, site: Site, watch, place: str):
    watch.expected.add(409)
    role, path, ref = {
        "my work": ("lead", "/", "5.2"),
        "a recommendation": ("programme_manager", "/plans/twin/recommendations/3", "3.4"),
        "a board": ("programme_manager", "/boards/childrens-management-team", "2.4"),
        "an action": ("programme_manager", f"/actions/{site.actions['4.4']}?open={site.actions['4.4']}", "4.4"),
    }[place]
    page = enter(role, path, scripts=False)
    if place != "an action":
        open_row(page, site, ref)
    page.fill(site.field(ref, "did"), f"Written from {place}.")
    page.select_option(site.field(ref, "status"), "in_progress")
    site.moved_by_another(ref)
    save(page, site, ref)
    expect(page.locator(".conflict")).to_contain_text(f"Someone else changed {ref}")
    expect(page.locator(".compare")).to_contain_text("In progress")
    expect(page.locator(".compare")).to_contain_text("Partly complete")
    expect(page.locator(site.field(ref, "did"))).to_have_value(f"Written from {place}.")
    assert site.notes(ref) == []
    page.get_by_label("Keep mine").check()
    save(page, site, ref)
    expect(page.locator("#status")).to_contain_text(f"Saved: {ref}")
    assert site.notes(ref) == [f"Written from {place}."]
    assert page.locator(f"[data-ref='{ref}']").get_attribute("data-status") == "in_progress"


def test_cancel_closes_the_row_where_it_was(enter, site: Site):
    page = enter("lead", "/plans/twin/recommendations/5", scripts=False)
    open_row(page, site, "5.1")
    page.click(f"{site.row('5.1')} .buttons a")
    expect(page.locator("form.answer")).to_have_count(0)
    assert page.url.endswith(f"/plans/twin/recommendations/5#action-{site.actions['5.1']}")


def test_a_verifier_tests_a_claim(enter, site: Site, watch):
    watch.expected.add(422)
    page = enter("verifier", scripts=False)
    open_row(page, site, "6.1")
    page.click(f"{site.row('6.1')} button[name=status][value=verified]")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.fill(site.field("6.1", "sample"), "Ten files of March.")
    page.fill(site.field("6.1", "reason"), "All ten hold.")
    page.select_option(site.field("6.1", "month"), label="March 2018")  # the plan's own month is still to come
    page.click(f"{site.row('6.1')} button[name=status][value=verified]")
    expect(page.locator("#status")).to_contain_text("Saved: 6.1")
    expect(page.locator("#status")).to_contain_text("Delivery status: Verified.")
    expect(page.locator(site.row("6.1"))).to_have_count(0)


def test_a_filter_is_set_and_removed(enter):
    page = enter("viewer", "/plans/twin", scripts=False)
    page.select_option("#f-brag", "red")
    page.click(".filters button")
    expect(page.locator(".chosen")).to_contain_text("16 actions")
    page.click(".chosen a")
    expect(page.locator(".chosen")).to_contain_text("All 12 recommendations")
