"""Files in a real browser: several at once with a line each, a cut network, a drop, and without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, sign_in

SEVERAL = (("Attendance.csv", "shift,came\n"), ("Minutes.txt", "We met.\n"), ("Tool.exe", "MZ"))


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two that may be evidence and one that may not."""
    for name, text in SEVERAL:
        (tmp_path / name).write_text(text)
    return [tmp_path / name for name, _ in SEVERAL]


def kept(site: Site, ref: str) -> list[tuple[str, str]]:
    """Name and words of each piece of evidence of an action, oldest first."""
    with site.record() as record:
        return record.execute(
            "select file_name, shows from evidence where action_id = ? order by id", (site.actions[ref],)
        ).fetchall()


def states(page: Page) -> list[str]:
    return [words.split(":")[0] for words in page.locator("[data-state]").all_inner_texts()]


def drop(page: Page, onto: str, name: str) -> None:
    page.evaluate(
        """([onto, name]) => {
          const over = document.querySelector(onto), dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["a,b\\n"], name));
          for (const type of ["dragover", "drop"])
            over.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
        }""",
        [onto, name],
    )


def test_lines_that_wait_while_the_sign_in_expires_are_saved_after_signing_in_in_another_window(
    enter, site: Site, watch, files
):
    watch.expected.add(401)
    had = len(kept(site, "5.7"))
    page = enter("lead", f"/actions/{site.actions['5.7']}/evidence/new", own=True)
    page.set_input_files("input[type=file]", files[:2])
    for place, words in enumerate(("Who came", "What was agreed")):
        page.locator("[data-of=shows]").nth(place).fill(words)
    with site.record() as record:
        record.execute("update session set seen_at = datetime('now', '-31 minutes')")
    page.click(".answer .buttons button[type=submit]")
    expect(page.locator("[data-state]").nth(1)).to_contain_text("Sign in in another tab, then try again")
    other = page.context.new_page()
    sign_in(other, "lead")
    other.close()
    page.click(".answer .buttons button[type=submit]")
    expect(page.locator("#status")).to_have_text("2 files saved")
    assert kept(site, "5.7")[had:] == [("Attendance.csv", "Who came"), ("Minutes.txt", "What was agreed")]
    site._cookies.clear()


def test_each_file_has_its_line_and_says_what_became_of_it(enter, site: Site, watch, files):
    watch.expected.add(422)
    page = enter("lead", f"/actions/{site.actions['5.3']}/evidence/new")
    expect(page.locator("#evidence-here")).to_have_text("None yet.")
    page.set_input_files("input[type=file]", files)
    assert states(page) == ["Waiting", "Waiting", "Waiting"]
    expect(page.locator("[data-of=shows]").first).to_be_focused()
    for n, words in enumerate(("Who came", "What was said", "Nothing")):
        page.locator("[data-of=shows]").nth(n).fill(words)
    page.keyboard.press("Enter")
    expect(page.locator("[data-is=Refused]")).to_have_count(1)
    assert states(page) == ["Saved", "Saved", "Refused"]
    expect(page.locator("#evidence-here li")).to_have_count(2)
    assert "Files of this kind cannot be evidence." in page.locator("[data-is=Refused]").inner_text()
    expect(page.locator("#status")).to_contain_text("2 files saved, 1 not saved")
    expect(page.locator("[data-is=Refused] [data-remove]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-is=Refused]")).to_have_count(0)
    expect(page.locator("input[type=file]")).to_be_focused()
    assert kept(site, "5.3") == [("Attendance.csv", "Who came"), ("Minutes.txt", "What was said")]


def test_what_is_missing_in_a_line_is_asked_for_and_sent_again(enter, site: Site, watch, files):
    watch.expected.add(422)
    page = enter("lead", f"/actions/{site.actions['5.4']}/evidence/new")
    page.set_input_files("input[type=file]", files[:2])
    page.locator("[data-of=shows]").nth(1).fill("What was said")
    page.click("main form button[type=submit].govuk-button")
    first = page.locator("[data-of=shows]").first
    expect(first).to_be_focused()
    assert states(page) == ["Waiting", "Saved"]
    assert "Enter what this evidence shows." in page.locator(".upload__line").first.inner_text()
    expect(page.locator("#status")).to_have_text("1 file saved, 1 not saved. Say what each file shows before you save")
    page.keyboard.type("Who came")
    page.keyboard.press("Enter")
    expect(page.locator("[data-is=Saved]")).to_have_count(2)
    assert kept(site, "5.4") == [("Minutes.txt", "What was said"), ("Attendance.csv", "Who came")]


def test_a_file_whose_answer_was_lost_goes_again_and_is_there_once(enter, site: Site, watch, files):
    watch.offline = True
    page = enter("lead", f"/actions/{site.actions['5.5']}/evidence/new")
    page.set_input_files("input[type=file]", files[:1])
    page.locator("[data-of=shows]").fill("Who came")

    def taken_but_not_answered(route) -> None:
        route.fetch()
        route.abort()

    page.route("**/evidence/new", taken_but_not_answered)
    page.click("main form button[type=submit].govuk-button")
    expect(page.locator("[data-is='Not saved']")).to_contain_text("we could not connect. The file is still here.")
    page.unroute("**/evidence/new")
    page.get_by_role("button", name="Try again Attendance.csv").click()
    expect(page.locator("[data-is=Saved]")).to_have_count(1)
    assert kept(site, "5.5") == [("Attendance.csv", "Who came")]


def test_a_file_is_dropped_and_the_next_one_beside_it_makes_two_lines(enter, site: Site):
    page = enter("lead", f"/actions/{site.actions['5.6']}?open={site.actions['5.6']}")
    drop(page, "textarea[name=did]", "First.csv")
    assert page.locator(".upload__line").count() == 0, "one file stays part of the form"
    assert page.locator("input[type=file]").evaluate("(one) => one.files[0].name") == "First.csv"
    drop(page, "textarea[name=did]", "Second.csv")
    assert page.locator("[data-name]").all_inner_texts() == ["First.csv", "Second.csv"]
    for field in page.locator("[data-of=shows]").all():
        field.fill("What it shows")
    page.fill("textarea[name=did]", "Both shifts came.")
    page.click(".answer button[type=submit].govuk-button")
    expect(page.locator("#status .saved")).to_contain_text("Note added.")
    assert kept(site, "5.6") == [("First.csv", "What it shows"), ("Second.csv", "What it shows")]
    assert site.notes("5.6") == ["Both shifts came."]


def test_several_files_and_a_note_are_saved_from_a_row_in_place(enter, site: Site, files):
    page = enter("lead", "/plans/twin/recommendations/5")
    had = len(kept(site, "5.7"))
    page.click(f"{site.row('5.7')} .verb")
    page.wait_for_selector(f"{site.row('5.7')} form.answer")
    page.click(f"{site.row('5.7')} summary:has-text('evidence')")
    page.set_input_files(site.field("5.7", "file"), files[:2])
    for field in page.locator(f"{site.row('5.7')} [data-of=shows]").all():
        field.fill("What it shows")
    page.fill(site.field("5.7", "did"), "Two papers of one audit.")
    page.click(f"{site.row('5.7')} .buttons button:not([name])")
    expect(page.locator(f"{site.row('5.7')} form.answer")).to_have_count(0)
    assert len(kept(site, "5.7")) == had + 2
    assert site.notes("5.7") == ["Two papers of one audit."]


def test_without_scripts_the_same_form_takes_several_files(enter, site: Site, files):
    page = enter("lead", f"/actions/{site.actions['5.2']}?open={site.actions['5.2']}", scripts=False)
    page.fill("textarea[name=did]", "Two papers of one audit.")
    page.click("summary:has-text('evidence')")
    page.set_input_files("input[type=file]", files[:2])
    page.fill("[name=shows]", "One audit")
    page.click(".answer button[type=submit].govuk-button")
    expect(page.locator("#status")).to_contain_text("Evidence added: 2 files.")
    assert kept(site, "5.2") == [("Attendance.csv", "One audit"), ("Minutes.txt", "One audit")]
    assert site.notes("5.2") == ["Two papers of one audit."]


def test_a_bundle_is_downloaded_and_the_page_stays(enter, site: Site, files):
    page = enter("lead", f"/actions/{site.actions['5.1']}/evidence/new")
    page.set_input_files("input[type=file]", files[0])
    page.locator("[data-of=shows]").fill("Who came")
    page.click("main form button[type=submit].govuk-button")
    expect(page.locator("[data-is=Saved]")).to_have_count(1)
    page.goto("/plans/twin/recommendations/5/evidence")
    with page.expect_download() as begun:
        page.click("main form button[type=submit]")
    assert begun.value.suggested_filename == "twin-recommendation-5-evidence.zip"
    assert begun.value.failure() is None
    assert page.url.endswith("/plans/twin/recommendations/5/evidence")


def test_a_plan_file_that_is_too_large_is_refused_before_it_is_sent(enter, tmp_path: Path):
    large, small = tmp_path / "plan.docx", tmp_path / "plan.csv"
    with large.open("wb") as out:
        out.truncate(25 * 1024 * 1024 + 1)
    small.write_text("No,Recommendation\n")
    page = enter("programme_manager", "/import")
    page.fill("#title", "Improvement plan 2026")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.set_input_files("#file", large)
    expect(page.locator("#file-error")).to_have_text(
        "Error: plan.docx is larger than 25MB. Remove its pictures and save it again."
    )
    expect(page.locator("#file")).to_have_attribute("aria-invalid", "true")
    assert page.locator("#file").evaluate("(one) => one.files.length") == 0
    assert [url for url in sent if "/drafts" not in url] == []
    expect(page.locator("#title")).to_have_value("Improvement plan 2026")
    page.set_input_files("#file", small)
    expect(page.locator("#file-error")).to_have_count(0)
    assert page.locator("#file").evaluate("(one) => one.files.length") == 1
