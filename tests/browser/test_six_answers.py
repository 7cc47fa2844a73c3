"""Six waiting actions answered by keyboard on one screen, and a row that is kept while it is typed."""

from __future__ import annotations

import hashlib
import json
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, served
from tests.browser.states import opened
from tests.browser.test_by_keyboard import MARKED, STILL_MARKED

MOST = 10  # key presses for each action, beyond the words that are typed
ANSWERS = ("no_change", "on_track", "need_help", "done", "on_track", "no_change")
FOCUSED = "() => document.activeElement.id"
WORDS = {
    "need_help": {"blocker": "The trainer has left."},
    "done": {"did": "Every team has had it.", "url": "https://intranet.example/proof", "shows": "Who came"},
}
DRAWN = ("session", "submission")  # tokens that are drawn again for each browser and each form
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

    def fill(self, answer: str) -> None:
        for name, words in WORDS[answer].items():
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
                self.fill(wanted)
                self.press("Shift+Tab")
            case "done":
                self.press("ArrowLeft")
                self.fill(wanted)
        self.press("Enter")


def waiting(page: Page) -> list[str]:
    """The references of the first six rows of My work."""
    rows = page.locator(".work-list [data-ref]")
    found = [rows.nth(n).get_attribute("data-ref") or "" for n in range(rows.count())]
    assert len(found) >= len(ANSWERS)
    return found[: len(ANSWERS)]


def answer_plainly(page: Page, site: Site) -> None:
    """The same six answers as a browser without scripts gives them."""
    for ref, wanted in zip(waiting(page), ANSWERS, strict=True):
        if page.locator(f"{site.row(ref)} form.answer").count() == 0:
            page.click(f"{site.row(ref)} .verb")
        page.check(f"{site.row(ref)} input[name=answer][value={wanted}]")
        for name, words in WORDS.get(wanted, {}).items():
            if not page.locator(site.field(ref, name)).is_visible():
                page.click(f"{site.row(ref)} summary:has-text('evidence')")
            page.fill(site.field(ref, name), words)
        page.locator(f"{site.row(ref)} .buttons button").first.click()
        expect(page.locator("#status")).to_contain_text(f"Saved: {ref}")


def is_instant(name: str) -> bool:
    return name == "at" or name.endswith("_at")


def without_instants(value: object) -> object:
    """Return a document of history without its instants, its names in order; any other value as it is."""
    if not isinstance(value, str) or not value.startswith("{"):
        return value
    return sorted((name, part) for name, part in json.loads(value).items() if not is_instant(name))


def hashes(site: Site) -> dict[str, str]:
    """A hash of all rows of each table, but for instants, also of the rows in history, and what is drawn by chance."""
    found = {}
    with site.record() as record:
        tables = record.execute("select name from pragma_table_list where type = 'table' and name not like 'sqlite%'")
        for (table,) in tables.fetchall():
            columns = [row[1] for row in record.execute(f"pragma table_info({table})")]
            kept = ", ".join(name for name in columns if not is_instant(name))
            rows = record.execute(f"select {kept} from {table} order by rowid").fetchall()
            compared = [[without_instants(value) for value in row] for row in rows]
            found[table] = hashlib.sha256(repr(compared).encode()).hexdigest()
    return {table: hashed for table, hashed in found.items() if table not in DRAWN}


def test_six_actions_are_answered_with_at_most_ten_keys_each_and_no_page_load_and_leave_the_rows_of_a_plain_browser(
    enter, site: Site, browser, seed, tmp_path, record_property
):
    untouched = hashes(site)
    page = enter("lead")
    page.evaluate(MARKED)
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    refs, counts = waiting(page), []
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
        expect(page.locator(f"{site.row(refs[n])} form.answer")).to_have_count(0)
        counts.append(keys.pressed)
    assert page.evaluate(STILL_MARKED) and [one for one in loads if "#" not in one] == []
    assert max(counts) <= MOST
    with site.record() as record:
        said = record.execute("select answer from progress_note order by id").fetchall()
    assert [row[0] for row in said][-len(ANSWERS) :] == list(ANSWERS)
    with served(browser, seed, tmp_path / "data") as other:
        assert hashes(other) == untouched
        context = browser.new_context(base_url=other.url, java_script_enabled=False)
        context.add_cookies(other.cookies("lead"))
        plain = context.new_page()
        plain.goto("/")
        answer_plainly(plain, other)
        context.close()
        left, by_keys = hashes(other), hashes(site)
    changed = {table for table in left if left[table] != untouched[table]}
    assert {"progress_note", "evidence", "status_move", "history_event", "action"} <= changed
    assert left == by_keys
    record_property("keys for each of six answers", counts)
    record_property("tables with the same rows without scripts", len(left))
    print(f"keys pressed for each of six answers: {counts}")


def test_an_open_row_is_kept_as_it_is_typed_and_comes_back(enter, site: Site):
    page = enter("programme_manager", "/plans/twin/recommendations/6")
    opened("6.2")(page, site)
    page.locator(site.field("6.2", "did")).press_sequentially("Half of it is written.")
    expect(page.locator(site.field("6.2", "form-kept"))).to_have_text(re.compile("Draft saved at "), timeout=8000)
    expect(page.locator(site.field("6.2", "did"))).to_be_focused()
    page.reload()
    opened("6.2")(page, site)
    expect(page.locator(site.field("6.2", "did"))).to_have_value("Half of it is written.")
    page.click(f"{site.row('6.2')} .buttons button:not([name])")
    expect(page.locator("#status")).to_contain_text("Saved: 6.2")
    with site.record() as record:
        assert record.execute("select count(*) from draft").fetchone() == (0,)
