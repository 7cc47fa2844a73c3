"""Six waiting actions answered by keyboard on one screen, and a row that is kept while it is typed."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.states import opened
from tests.browser.test_by_keyboard import MARKED, STILL_MARKED

MOST = 10  # key presses for each action, beyond the words that are typed
ANSWERS = ("no_change", "on_track", "need_help", "done", "on_track", "no_change")
FOCUSED = "() => document.activeElement.id"
ON_A_VERB = "() => document.activeElement.matches('.work-list .verb')"


class Keys:
    """A keyboard that counts what is pressed and not typed."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
        self.pressed += times

    def to(self, name: str) -> None:
        while not self.page.evaluate(FOCUSED).endswith(f"-{name}"):
            self.press("Tab")
            assert self.pressed <= MOST

    def write(self, name: str, words: str) -> None:
        self.to(name)
        self.page.keyboard.type(words)

    def answer(self, wanted: str) -> None:
        match wanted:
            case "no_change":
                self.press("Space")
            case "on_track":
                self.press("ArrowRight")
            case "need_help":
                self.press("ArrowRight", 2)
                self.write("blocker", "The trainer has left.")
                self.press("Shift+Tab")
            case "done":
                self.press("ArrowLeft")
                self.write("did", "Every team has had it.")
                self.write("url", "https://intranet.example/proof")
                self.write("shows", "Who came")
        self.press("Enter")


def test_six_actions_are_answered_with_at_most_ten_keys_each_and_no_page_load(enter, site: Site, record_property):
    page = enter("lead")
    page.evaluate(MARKED)
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    rows = page.locator(".work-list [data-ref]")
    refs = [rows.nth(n).get_attribute("data-ref") or "" for n in range(rows.count())]
    assert len(refs) >= len(ANSWERS)
    counts = []
    for n, wanted in enumerate(ANSWERS):
        keys = Keys(page)
        if n == 0:  # from the moment that My work is shown
            keys.press("Tab")
            keys.press("Enter")
            while not page.evaluate(ON_A_VERB):
                keys.press("Tab")
            keys.press("Enter")
        expect(page.locator(site.field(refs[n], "answer"))).to_be_focused()
        keys.answer(wanted)
        expect(page.locator("#status")).to_contain_text(f"Saved: {refs[n]}")
        expect(page.locator(f"{site.row(refs[n])} form")).to_have_count(0)
        counts.append(keys.pressed)
    assert page.evaluate(STILL_MARKED) and [one for one in loads if "#" not in one] == []
    assert max(counts) <= MOST
    with site.record() as record:
        said = record.execute("select answer from progress_note order by id").fetchall()
    assert [row[0] for row in said][-len(ANSWERS) :] == list(ANSWERS)
    record_property("keys for each of six answers", counts)
    print(f"keys pressed for each of six answers: {counts}")


def test_an_open_row_is_kept_as_it_is_typed_and_comes_back(enter, site: Site):
    page = enter("programme_manager", "/plans/twin/recommendations/6")
    opened("6.2")(page, site)
    page.locator(site.field("6.2", "did")).press_sequentially("Half of it is written.")
    expect(page.locator(site.field("6.2", "form-kept"))).to_have_text(re.compile("Draft kept at "), timeout=8000)
    expect(page.locator(site.field("6.2", "did"))).to_be_focused()
    page.reload()
    opened("6.2")(page, site)
    expect(page.locator(site.field("6.2", "did"))).to_have_value("Half of it is written.")
    page.click(f"{site.row('6.2')} .buttons button:not([name])")
    expect(page.locator("#status")).to_contain_text("Saved: 6.2")
    with site.record() as record:
        assert record.execute("select count(*) from draft").fetchone() == (0,)
