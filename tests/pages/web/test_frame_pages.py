"""Account, health, accessibility and privacy; and the frame that is around every page."""

from __future__ import annotations

from tests.auditor import read
from tests.conftest import CHARACTERS, email_of
from tests.factories import HTMX, set_plan


def test_the_account_page_says_who_and_which_roles(world):
    for role, words in (
        ("lead", "Lead, owner or contributor of actions"),
        ("chair", "Board chair, MASH Board"),
        ("administrator", "Administrator"),
        ("nobody", "You do not have access yet."),
    ):
        text = read(world.client(role).get("/account").text).one("dl").text
        assert CHARACTERS[role] in text and email_of(role) in text and words in text
        assert (role == "lead") == ("Lead, owner" in text)


def test_a_stranger_has_no_account_page(world):
    assert world.client(None).get("/account").headers["Location"] == "/sign-in?next=/account"
    assert world.client(None).get("/account", headers=HTMX).status_code == 401


def test_without_a_role_there_is_only_the_own_account(world):
    client = world.client("nobody")
    assert client.get("/").headers["Location"] == "/account"
    page = read(client.get("/account").text)
    assert page.all("nav", aria_label="Service") == []
    for address in ("/plans", "/plans/twin", "/governance", "/boards/mash-board", f"/actions/{world.actions['5.2']}"):
        assert client.get(address).status_code == 404


def test_the_statements_are_open_to_everyone(world):
    for role in ("lead", "nobody", None):
        for address, title in (("/accessibility", "Accessibility"), ("/privacy", "Privacy")):
            page = read(world.client(role).get(address).text)
            assert title in page.one("h1").text
            assert page.all("a", href="/accessibility") and page.all("a", href="/privacy")


def test_the_wrong_verb_is_refused(world):
    for address in ("/account", "/healthz", "/accessibility", "/privacy"):
        assert world.client("lead").post(address).status_code == 405


def test_health_needs_no_sign_in_and_tells_nothing_else(world):
    answer = world.client(None).get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")
    assert "Set-Cookie" not in answer.headers


def test_the_frame_marks_the_place_and_counts_what_waits(world):
    client = world.client("lead")
    for address, current in (
        ("/", "My work"),
        ("/plans/twin", "Plan"),
        (f"/actions/{world.actions['5.2']}", "Plan"),
        ("/governance", "Governance"),
        ("/boards/mash-board", "Governance"),
    ):
        page = read(client.get(address).text)
        listed = page.all("ul", class_="nav__list")[0]
        marked = [link.text for link in listed.all("a") if "aria-current" in link.attrs]
        assert len(marked) == 1 and marked[0].startswith(current), address
    count = read(client.get("/").text).all("span", class_="nav-count")[0].text
    rows = [node for node in read(client.get("/").text).all("li") if "data-ref" in node.attrs]
    assert int(count.split()[0]) == len(rows) > 0


def test_the_key_is_only_where_ratings_are_shown(world):
    client = world.client("chair")
    with_ratings = (
        "/plans/twin",
        "/governance",
        "/boards/mash-board",
        f"/actions/{world.actions['5.2']}",
        "/plans/twin/actions",
    )
    for address in with_ratings:
        assert read(client.get(address).text).one("footer").all("div", class_="key"), address
    for address in (
        "/account",
        "/boards/mash-board/since",
        "/boards/mash-board/meetings",
        "/help",
        "/privacy",
        "/nothing/here",
    ):
        page = read(client.get(address).text)
        assert not page.one("footer").all("div", class_="key") and not page.one("main").all("strong", class_="tag"), (
            address
        )


def test_a_moved_today_is_shown_on_every_page(world):
    for role in ("lead", None):
        text = world.client(role).get("/privacy").text
        assert "today’s date is set to 7 April 2018" in text


def test_a_page_that_is_not_there_says_so_and_shows_the_way(world):
    page = read(world.client("lead").get("/nothing/here").text)
    assert page.one("h1").text == "Page not found"
    assert page.one("main").all("a", href="/")
    fragment = world.client("lead").get("/nothing/here", headers=HTMX)
    assert fragment.headers["HX-Retarget"] == "#status"
    assert "<html" not in fragment.text


def test_a_page_that_may_not_be_opened_leads_on_to_a_page_that_this_person_has(world):
    for who, href, words in (("viewer", "/plans", "Go to the plan"), ("lead", "/", "Go to My work")):
        answer = world.client(who).get("/manage")
        assert answer.status_code == 403
        assert f'<a href="{href}">{words}</a>' in answer.text


def test_htmx_gets_a_whole_page_when_it_restores_history_or_is_boosted(world):
    for more in ({"HX-History-Restore-Request": "true"}, {"HX-Boosted": "true"}):
        answer = world.client("lead").get("/nothing", headers={**HTMX, **more})
        assert answer.status_code == 404 and answer.text.startswith("<!doctype html>")


def test_a_name_with_markup_is_shown_as_text_everywhere(world):
    set_plan(world.plan_id, title="<script>alert(1)</script>", short_name="<b>x</b>")
    client = world.client("viewer")
    for address in ("/plans/twin", "/plans/twin/recommendations/5", f"/actions/{world.actions['5.2']}"):
        text = client.get(address).text
        assert "<script>alert" not in text and "<b>x" not in text
        assert "&lt;" in text
