"""A save whose answer is lost, a form that is changed and sent again, in Chromium: every word is kept or shown."""

from __future__ import annotations

from html import unescape
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ilacs_app.db import db
from tests.browser.conftest import Site

FORGOTTEN = {"session", "submission", "draft"}
ROWS = ("5.1", "5.2", "5.3", "5.4", "5.5", "5.6")
FORMS = (  # forms that a browser sends by itself: who opens them, where, and the form's address
    ("programme_manager", "/plans/twin/edit", "/plans/twin/edit"),
    ("programme_manager", "/plans/twin/recommendations/5/edit", "/plans/twin/recommendations/5/edit"),
    ("programme_manager", "/plans/twin/recommendations/new", "/plans/twin/recommendations/new"),
    ("programme_manager", "/actions/{5.3}/edit", "/actions/{5.3}/edit"),
    ("programme_manager", "/inspections/new", "/inspections/new"),
    ("programme_manager", "/settings/boards/1", "/settings/boards/1"),
    ("programme_manager", "/settings/teams/new", "/settings/teams/new"),
    ("lead", "/actions/{5.3}/evidence/new", "/actions/{5.3}/evidence/new"),
    ("lead", "/actions/{5.2}?open={5.2}", "/actions/{5.2}/answer"),
    ("lead", "/filters?keep=/plans/twin%3Fq%3Dpolice", "/filters"),
    ("chair", "/actions/{5.6}", "/actions/{5.6}/rating"),
)
SEND = """
async (form) => {
  const answer = await fetch(form.action, {method: "POST", body: new FormData(form), redirect: "manual"});
  return answer.status;
}
"""
NUMBERED = (f"w{n:06d}" for n in count(1))


def the_record(site: Site) -> str:
    """Everything that the database holds for good, as text."""
    with site.record() as record:
        kept = sorted(set(db.metadata.tables) - FORGOTTEN)
        return "\n".join(repr(row) for name in kept for row in record.execute(f'select * from "{name}"'))


def nowhere(site: Site, page: Page, words: list[str]) -> list[str]:
    """The words that are neither in the record nor on the screen, fields included."""
    typed = page.eval_on_selector_all("input, textarea", "(all) => all.map((one) => one.value)")
    shown = unescape(page.content()) + "\n".join(typed)
    return [word for word in words if word not in shown and word not in the_record(site)]


def type_into(fields: list[Locator]) -> list[str]:
    """Give each field a word of its own, beside what is there."""
    words = []
    for field in fields:
        word = next(NUMBERED)
        field.fill(f"{field.input_value()} {word}".strip())
        words.append(word)
    return words


def in_a_row(page: Page, site: Site, ref: str) -> list[str]:
    """A row of My work or of a list, saved by htmx: its answer is lost, and the box in it sends it again."""
    page.click(f"{site.row(ref)} .verb")
    form = page.locator(f"{site.row(ref)} form.answer")
    expect(form).to_be_visible()
    fields = [page.locator(site.field(ref, name)) for name in ("did", "difference", "next_step")]
    words = type_into(fields)

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/answer", lose, times=1)
    form.locator(".buttons button:not([name])").click()
    retry = form.locator(".not-saved button")
    expect(retry).to_be_visible()
    words += type_into(fields[:2])
    with page.expect_response(lambda answer: answer.url.endswith("/answer")):
        retry.click()
    expect(page.locator("#status, .govuk-error-summary, .conflict").first).to_be_attached()
    expect(page.locator(f"{site.row(ref)} form.answer")).to_have_count(0)
    return words


def in_a_form(page: Page, address: str) -> list[str]:
    """A form that leaves the page: it is saved, the browser never hears of it, and it is changed and sent."""
    form = page.locator(f"main form[method=post][action='{address}']").first
    page.eval_on_selector_all("main details", "(all) => all.forEach((one) => { one.open = true; })")
    every = form.locator("textarea:visible, input[type=text]:visible, input[type=url]:visible").all()
    fields = [one for one in every if one.get_attribute("name") not in {"tested_on", "review_on", "time"}]
    words = type_into(fields)
    form.evaluate(SEND)
    words += type_into(fields[-2:])
    with page.expect_navigation():
        form.locator(".buttons button[type=submit]").first.click()
    return words


def _rounds(enter: Any, site: Site, watch: Any, rounds: int, record_property: Any) -> None:
    watch.offline, missed, typed = True, [], 0
    watch.expected |= {409, 422}
    windows = {role: enter(role) for role in ("lead", "programme_manager", "chair")}
    for n in range(rounds):
        if n % 2:
            role, path, address = FORMS[n // 2 % len(FORMS)]
            for ref in ROWS:
                path = path.replace(f"{{{ref}}}", str(site.actions[ref]))
                address = address.replace(f"{{{ref}}}", str(site.actions[ref]))
            page = windows[role]
            page.goto(path)
            words = in_a_form(page, address)
        else:
            page, path = windows["lead"], ("/plans/twin/recommendations/5", "/plans/twin?q=police")[n // 2 % 2]
            page.goto("/plans/twin/recommendations/5")
            words = in_a_row(page, site, ROWS[n // 2 % len(ROWS)])
        missed += [f"{path}: {word}" for word in nowhere(site, page, words)]
        typed += len(words)
    assert missed == []
    for name, value in (("rounds", rounds), ("words", typed), ("nowhere", len(missed))):
        record_property(name, value)


def test_4_forms_saved_but_not_heard_lose_no_word_in_a_browser(enter, site: Site, watch, record_property):
    _rounds(enter, site, watch, 4, record_property)


@pytest.mark.proof
def test_100_forms_saved_but_not_heard_lose_no_word_in_a_browser(enter, site: Site, watch, record_property):
    _rounds(enter, site, watch, 100, record_property)
