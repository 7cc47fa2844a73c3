"""A sign-in that ends, a double click, a cut network, a database that does not answer: nothing is lost or doubled."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Site, email_of
from tests.browser.states import opened


def write(page: Page, site: Site, ref: str, words: str) -> None:
    opened(ref)(page, site)
    page.fill(site.field(ref, "did"), words)


def save(page: Page, site: Site, ref: str) -> None:
    page.click(f"{site.row(ref)} .buttons button:not([name])")


def end_sign_ins(site: Site) -> None:
    with site.record() as record:
        record.execute("update session set ended_at = seen_at")


def test_the_words_of_evidence_come_back_after_an_expired_sign_in(enter, site: Site, watch):
    watch.expected.add(401)
    action = site.actions["5.3"]
    page = enter("lead", f"/actions/{action}/evidence/new", own=True)
    for name, words in (("url", "https://intranet.example/audit"), ("shows", "Nine in ten"), ("period", "March 2018")):
        page.fill(f"#e{action}-{name}", words)
    with site.record() as record:
        record.execute("update session set seen_at = datetime('now', '-31 minutes')")
    page.click(".answer .buttons button[type=submit]")
    expect(page.locator("main")).to_contain_text("We saved what you wrote")
    page.fill("#email", email_of("lead"))
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(re.compile("/evidence/new$"))
    expect(page.locator(f"#e{action}-shows")).to_have_value("Nine in ten")
    expect(page.locator(f"#e{action}-period")).to_have_value("March 2018")
    page.click(".answer .buttons button[type=submit]")
    expect(page.locator("#status")).to_contain_text("Saved: https://intranet.example/audit")
    expect(page.locator(f"#e{action}-shows")).to_have_value("")
    site._cookies.clear()


def test_an_ended_sign_in_leads_to_the_sign_in_page_and_never_into_a_row(enter, site: Site, watch):
    watch.expected.add(401)
    page = enter("lead", "/plans/twin/recommendations/5", own=True)
    write(page, site, "5.3", "Typed while the sign-in ended.")
    end_sign_ins(site)
    save(page, site, "5.3")
    page.wait_for_url(re.compile("/sign-in"))
    expect(page.locator("h1")).to_have_text("Sign in")
    assert page.locator("[data-ref]").count() == 0
    assert site.notes("5.3") == []
    page.fill("#email", email_of("lead"))
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(re.compile("/plans/twin/recommendations/5$"))
    site._cookies.clear()


def test_a_row_that_is_opened_after_the_sign_in_ended_leads_to_the_sign_in_page(enter, site: Site, watch):
    watch.expected.add(401)
    page = enter("lead", own=True)
    end_sign_ins(site)
    page.click(f"{site.row('5.3')} .verb")
    page.wait_for_url(re.compile("/sign-in"))
    site._cookies.clear()


def test_an_ended_sign_in_is_shown_without_scripts(enter, site: Site, watch):
    watch.expected.add(401)
    page = enter("lead", scripts=False, own=True)
    opened("5.3")(page, site)
    page.fill(site.field("5.3", "did"), "Typed while the sign-in ended.")
    end_sign_ins(site)
    save(page, site, "5.3")
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page.locator("main")).to_contain_text("nothing was saved")
    site._cookies.clear()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_makes_one_note(enter, site: Site, scripts: bool):
    ref = "5.4" if scripts else "5.5"
    page = enter("lead", scripts=scripts)
    write(page, site, ref, "Clicked twice.")
    page.dblclick(f"{site.row(ref)} .buttons button:not([name])")
    expect(page.locator("#status")).to_contain_text(f"Saved: {ref}")
    page.wait_for_load_state("networkidle")
    assert site.notes(ref) == ["Clicked twice."]


def test_a_cut_network_keeps_the_text_and_the_retry_saves_once(enter, site: Site, watch):
    watch.offline = True
    page = enter("lead")
    write(page, site, "5.6", "Written in a tunnel.")
    page.context.set_offline(True)
    save(page, site, "5.6")
    box = page.locator(f"{site.row('5.6')} .not-saved")
    expect(box).to_contain_text("Not saved. Your text is still here.")
    expect(box.locator("button")).to_be_focused()
    expect(page.locator("#status")).to_contain_text("Not saved.")
    expect(page.locator(site.field("5.6", "did"))).to_have_value("Written in a tunnel.")
    page.keyboard.press("Enter")
    expect(box).to_have_count(1)
    page.context.set_offline(False)
    box.locator("button").click()
    expect(page.locator("#status")).to_contain_text("Saved: 5.6")
    expect(page.locator(f"{site.row('5.6')} .verb")).to_be_focused()
    assert site.notes("5.6") == ["Written in a tunnel."]


def test_an_answer_that_is_lost_on_its_way_back_is_not_saved_twice(enter, site: Site, watch):
    watch.offline = True
    page = enter("lead")
    write(page, site, "5.2", "Saved, but nobody heard.")

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/answer", lose, times=1)
    save(page, site, "5.2")
    retry = page.locator(".not-saved button")
    expect(retry).to_be_visible()
    assert site.notes("5.2") == ["Saved, but nobody heard."]
    retry.click()
    expect(page.locator("#status")).to_contain_text("Saved: 5.2")
    assert site.notes("5.2") == ["Saved, but nobody heard."]


def test_a_locked_database_is_reported_and_the_retry_saves_once(enter, site: Site, watch):
    watch.expected.add(503)
    page = enter("lead")
    write(page, site, "5.1", "Written while the record was locked.")
    with site.record() as record:
        record.execute("begin immediate")
        save(page, site, "5.1")
        expect(page.locator(".not-saved")).to_be_visible(timeout=12000)
        record.execute("rollback")
    assert site.notes("5.1") == []
    expect(page.locator(site.field("5.1", "did"))).to_have_value("Written while the record was locked.")
    page.locator(".not-saved button").click()
    expect(page.locator("#status")).to_contain_text("Saved: 5.1")
    assert site.notes("5.1") == ["Written while the record was locked."]


def test_a_row_that_cannot_be_fetched_says_so_beside_its_verb(enter, site: Site, watch):
    watch.offline = True
    page = enter("lead")
    page.context.set_offline(True)
    page.click(f"{site.row('5.3')} .verb")
    expect(page.locator(".no-answer")).to_have_text("We could not connect. Try again.")
    page.context.set_offline(False)
    page.click(f"{site.row('5.3')} .verb")
    expect(page.locator(site.field("5.3", "answer"))).to_be_focused()
    expect(page.locator(".no-answer")).to_have_count(0)


def test_a_draft_that_is_not_kept_is_reported_and_is_kept_once_when_the_network_is_back(enter, site: Site, watch):
    watch.offline = True
    page = enter("lead")
    opened("5.3")(page, site)
    page.context.set_offline(True)
    page.fill(site.field("5.3", "did"), "Typed in a tunnel.")
    expect(page.locator("#status")).to_contain_text("Draft not saved", timeout=15_000)
    expect(page.locator(site.field("5.3", "did"))).to_be_focused()
    page.context.set_offline(False)
    expect(page.locator("#status")).to_contain_text("Draft saved at")
    with site.record() as record:
        kept = record.execute("select fields from draft where fields like '%tunnel%'").fetchall()
    assert len(kept) == 1
    save(page, site, "5.3")
    expect(page.locator("#status")).to_contain_text("Saved: 5.3")
    assert site.notes("5.3") == ["Typed in a tunnel."]
    with site.record() as record:
        assert record.execute("select count(*) from draft where fields like '%tunnel%'").fetchone() == (0,)
