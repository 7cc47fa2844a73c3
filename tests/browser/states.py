"""Every page in every state that it can be in: how to get there, and as whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.conftest import TODAY

READERS = ("lead", "verifier", "chair", "programme_manager", "viewer")
PAGES = {
    "my work": "/",
    "the plan": "/plans/twin",
    "the plan, filtered": "/plans/twin?board=mash-board",
    "the plan, filtered to nothing": "/plans/twin?q=zzzz",
    "the plan's actions": "/plans/twin?brag=red",
    "all actions": "/plans/twin/actions?sort=-due",
    "all actions, narrowed": "/plans/twin/actions?no_owner=1&silent=1&board=mash-board&due_before=30+June+2018",
    "a recommendation": "/plans/twin/recommendations/5",
    "an action": "/actions/{5.1}",
    "an evidence index": "/plans/twin/recommendations/5/evidence",
    "governance": "/governance",
    "a board": "/boards/mash-board",
    "an empty board": "/boards/quiet-board",
    "the account": "/account",
    "how this works": "/help",
}
MATCH = "/manage/names/match?plan=twin&name=Heads+of+Locality"
SERIES = "/boards/mash-board/meetings/series"
SHOWN_AS_THEY_WERE = ("the plan", "a recommendation", "an action", "a board")


@dataclass(frozen=True)
class State:
    """One page as one person finds it; ``then`` does what brings the state about."""

    name: str
    role: str | None
    path: str
    then: Callable[[Page, Site], None] | None = None
    status: int | None = None
    offline: bool = False

    def __str__(self) -> str:
        return f"{self.name}, {self.role or 'nobody'}".replace(" ", "_")

    def address(self, site: Site) -> str:
        path = self.path
        for ref, number in site.actions.items():
            path = path.replace(f"{{{ref}}}", str(number))
        return path


def wrong_password(page: Page, site: Site) -> None:
    page.fill("#email", "lead@tests.example")
    page.fill("#password", "not this one")
    page.click("main button")
    page.wait_for_selector("[data-error-summary]")


def opened(ref: str) -> Callable[[Page, Site], None]:
    """Open the row of an action by its verb."""

    def then(page: Page, site: Site) -> None:
        page.click(f"{site.row(ref)} .verb")
        page.wait_for_selector(f"{site.row(ref)} form.answer")

    return then


def refused(ref: str) -> Callable[[Page, Site], None]:
    """Open a row and save it with everything wrong that can be."""

    def then(page: Page, site: Site) -> None:
        opened(ref)(page, site)
        page.click(f"{site.row(ref)} summary:has-text('evidence')")
        page.fill(site.field(ref, "url"), "not an address")
        page.select_option(site.field(ref, "status"), "completed")
        page.click(f"{site.row(ref)} .buttons button:not([name])")
        page.wait_for_selector("[data-error-summary]")

    return then


def saved_empty(page: Page, site: Site) -> None:
    page.click(".answer button[type=submit]")
    page.wait_for_selector("[data-error-summary]")


def stale(ref: str) -> Callable[[Page, Site], None]:
    """Write on a row while someone else moves its status, then save."""

    def then(page: Page, site: Site) -> None:
        opened(ref)(page, site)
        page.fill(site.field(ref, "did"), "Two of three sessions have run.")
        offered = page.locator(f"{site.field(ref, 'status')} option").nth(1).get_attribute("value")
        page.select_option(site.field(ref, "status"), offered)
        site.moved_by_another(ref)
        page.click(f"{site.row(ref)} .buttons button:not([name])")
        page.wait_for_selector(".conflict")

    return then


def stale_plainly(ref: str) -> Callable[[Page, Site], None]:
    """Meet someone else's status as a browser without scripts does: the answer is a page of its own."""

    def then(page: Page, site: Site) -> None:
        opened(ref)(page, site)
        page.fill(site.field(ref, "did"), "Two of three sessions have run.")
        offered = page.locator(f"{site.field(ref, 'status')} option").nth(1).get_attribute("value")
        page.select_option(site.field(ref, "status"), offered)
        site.moved_by_another(ref)
        page.locator(f"{site.row(ref)} form.answer").evaluate("(form) => form.submit()")
        page.wait_for_selector("h1 ~ * .conflict")

    return then


def called_for_help(page: Page, site: Site) -> None:
    """Help asked for on an action by someone else; its page then offers the reply."""
    page.check("[name=answer][value=need_help]")
    page.fill("[name=blocker]", "The trainer has left.")
    page.click(".answer .buttons button[type=submit]")
    page.wait_for_selector("text=This is your own request.")
    with site.record() as record:
        record.execute("update help_call set asked_by_id = (select min(id) from person)")
    page.reload()
    page.click("details:has(textarea[name=reply]) summary")
    page.wait_for_selector("textarea[name=reply]")


def empty_reply(page: Page, site: Site) -> None:
    called_for_help(page, site)
    page.locator("form:has(textarea[name=reply]) button[type=submit]").click()
    page.wait_for_selector("[data-error-summary], .govuk-error-message")


def kept_draft(ref: str) -> Callable[[Page, Site], None]:
    """Write into a row, leave it, and find it again as it was left."""

    def then(page: Page, site: Site) -> None:
        opened(ref)(page, site)
        page.fill(site.field(ref, "did"), "Half of it.")
        page.wait_for_selector("text=Draft saved at")
        page.goto(page.url)
        opened(ref)(page, site)
        page.wait_for_selector("text=Draft saved at")

    return then


def kept_form(page: Page, _site: Site) -> None:
    """Write into a form, leave it unsaved, and find it again as it was left."""
    page.locator("textarea").first.fill("Half of it.")
    page.wait_for_selector("text=Draft saved at")
    page.goto(page.url)
    page.wait_for_selector("text=Not saved yet")


def answered(ref: str, answer: str) -> Callable[[Page, Site], None]:
    """Open a row and choose an answer that asks for more."""

    def then(page: Page, site: Site) -> None:
        opened(ref)(page, site)
        page.check(f"{site.row(ref)} [name=answer][value={answer}]")

    return then


def sent_plainly(ref: str) -> Callable[[Page, Site], None]:
    """Send an empty form as a browser without scripts does: the answer is a page of its own."""

    def then(page: Page, site: Site) -> None:
        opened(ref)(page, site)
        page.locator(f"{site.row(ref)} form.answer").evaluate("(form) => form.submit()")
        page.wait_for_selector("[data-error-summary]")

    return then


def not_mine(page: Page, site: Site) -> None:
    page.evaluate(
        "(id) => htmx.ajax('GET', `/actions/${id}/row?open=1`, {target: '#waiting', swap: 'outerHTML'})",
        site.actions["1.1"],
    )
    page.wait_for_selector("#status .saved")


def saved_and_next(page: Page, site: Site) -> None:
    """Answer a row and go on: the next one is open and says which was saved."""
    opened("5.6")(page, site)
    page.check(f"{site.row('5.6')} [name=answer][value=on_track]")
    page.click(f"{site.row('5.6')} button[name=go_on]")
    page.wait_for_selector(".row-saved")


def paused(page: Page, _site: Site) -> None:
    """Pause the action of the page where no state before this one did."""
    if not page.locator("main .tag:has-text('Grey: paused')").count():
        page.select_option("select[name=status]", "paused")
        page.fill("textarea[name=reason]", "The provider has closed.")
        page.fill("[name=review_on]", "31 July 2018")
        page.click(".answer .buttons button[type=submit]")
    page.wait_for_selector("main .tag:has-text('Grey: paused')")


def without_answer(ref: str) -> Callable[[Page, Site], None]:
    """Save a row while no answer can come."""

    def then(page: Page, site: Site) -> None:
        opened(ref)(page, site)
        page.fill(site.field(ref, "did"), "Written in a tunnel.")
        page.route("**/answer", lambda route: route.abort())
        page.click(f"{site.row(ref)} .buttons button:not([name])")
        page.wait_for_selector(".not-saved")
        page.unroute("**/answer")

    return then


def shown_days(page: Page, site: Site) -> None:
    """Describe a series of meetings and have its days shown."""
    page.fill("#first_on", "1 May 2018")
    page.fill("#last_on", "30 September 2018")
    page.click("button:has-text('Show the days')")
    page.wait_for_selector("[name=day]")


def more_of_the_plan(page: Page, site: Site) -> None:
    page.click("summary:has-text('More')")
    page.wait_for_selector("text=Plan status: live")


def sent_empty(page: Page, _site: Site) -> None:
    page.click("main form button.govuk-button[type=submit]")
    page.wait_for_selector("[data-error-summary]")


def meeting_opened(page: Page, _site: Site) -> None:
    """Open the page of a meeting far ahead, which is added where no state before this one did."""
    link = page.get_by_role("link", name="Friday 21 May 2027")
    if not link.count():
        page.fill("#n-on_day", "21 May 2027")
        page.click("#n-form button.govuk-button")
    link.first.click()
    page.wait_for_selector("#attendance")


def deep_dive_refused(page: Page, site: Site) -> None:
    meeting_opened(page, site)
    page.fill("#d-about", "99.9")
    page.click("#d-form button.govuk-button")
    page.wait_for_selector("[data-error-summary]")


def deep_dive_struck(page: Page, site: Site) -> None:
    """Put a deep dive on the agenda, make it exempt and strike it, where no state before this one did."""
    meeting_opened(page, site)
    if not page.get_by_role("button", name="Put back on the agenda").count():
        page.fill("#d-about", "5.2")
        page.click("#d-form button.govuk-button")
        page.locator("[id^=agenda-dive] button", has_text="Make exempt").click()
        page.locator("[id^=agenda-dive] button", has_text="Strike").click()
    page.wait_for_selector("text=Struck from the agenda")


def papers_opened(page: Page, site: Site) -> None:
    """Open the papers of that meeting, published or not."""
    meeting_opened(page, site)
    page.get_by_role("link", name="apers for this meeting").click()
    page.wait_for_selector("h1:has-text('Papers')")


def papers_previewed(page: Page, site: Site) -> None:
    papers_opened(page, site)
    page.click("text=Preview the papers")
    page.wait_for_selector("text=These papers are not published")


def papers_published(page: Page, site: Site) -> None:
    papers_opened(page, site)
    if not page.locator(".pack").count():
        page.click("#publish button")
    page.wait_for_selector(".pack")


def papers_compared(page: Page, site: Site) -> None:
    papers_published(page, site)
    page.click("text=What has changed since these papers")
    page.wait_for_selector("h1:has-text('What has changed')")


def item_opened(page: Page, _site: Site) -> None:
    """Open the first item of a meeting today, which is set and begun where no state before this one did."""
    link = page.get_by_role("link", name="Saturday 7 April 2018")
    if not link.count():
        page.fill("#n-on_day", "7 April 2018")
        page.click("#n-form button.govuk-button")
    link.first.click()
    page.wait_for_selector("#attendance")
    if page.get_by_role("button", name="Begin the meeting").count():
        if not page.locator(".agenda a[href*='/items/dive-action']").count():
            page.fill("#d-about", "5.1")
            page.click("#d-form button.govuk-button")
        page.get_by_role("button", name="Begin the meeting").click()
    else:
        page.locator(".agenda a[href*='/items/']").first.click()
    page.wait_for_selector("#k-form")


def decision_refused(page: Page, site: Site) -> None:
    item_opened(page, site)
    page.click("#k-form button[value=refer]")
    page.wait_for_selector("[data-error-summary]")


def decision_made(page: Page, site: Site) -> None:
    item_opened(page, site)
    page.fill("#k-words", "Members asked for the evaluation by June.")
    page.click("#k-form button[value=defer]")
    page.wait_for_selector("#decided li")


def decided_by_another(page: Page, site: Site) -> None:
    """Send a decision that was drawn before another one was made."""
    item_opened(page, site)
    page.locator("#k-form [name=seen]").evaluate("field => { field.value = '0'; }")
    page.fill("#k-words", "Not before the review.")
    page.click("#k-form button[value=defer]")
    page.wait_for_selector(".conflict, #decided li")
    if not page.locator(".conflict").count():
        decided_by_another_again(page)


def decided_by_another_again(page: Page) -> None:
    page.locator("#k-form [name=seen]").evaluate("field => { field.value = '0'; }")
    page.fill("#k-words", "Not before the review.")
    page.click("#k-form button[value=defer]")
    page.wait_for_selector(".conflict")


def minutes_drafted(page: Page, site: Site) -> None:
    """Open the draft of the minutes of that meeting, on which something was decided."""
    decision_made(page, site)
    page.get_by_role("link", name="Back to the meeting").click()
    page.get_by_role("link", name="Minutes of this meeting").click()
    draft = page.get_by_role("link", name="View the draft")
    if draft.count():
        draft.click()
    page.wait_for_selector("#items")


def minutes_on_show(page: Page, site: Site) -> None:
    minutes_drafted(page, site)
    page.locator("main form button.govuk-button").click()
    page.wait_for_selector("text=Download as Word")


def arising_refused(page: Page, site: Site) -> None:
    item_opened(page, site)
    page.click("#arisen summary")
    page.click("#r-form button.govuk-button")
    page.wait_for_selector("[data-error-summary]")


def attendance_refused(page: Page, site: Site) -> None:
    meeting_opened(page, site)
    page.locator("[id^=t-attendance]").first.select_option("present")
    page.click("#t-form button.govuk-button")
    page.wait_for_selector("[data-error-summary]")


def filled(field: str, words: str) -> Callable[[Page, Site], None]:
    """Write into a field what cannot be saved, and send the form."""

    def then(page: Page, site: Site) -> None:
        page.fill(field, words)
        sent_empty(page, site)

    return then


def saved_by_another_first(field: str) -> Callable[[Page, Site], None]:
    """Change a field of a form of the plan while another window saves that form first."""

    def then(page: Page, site: Site) -> None:
        other = page.context.new_page()
        other.goto(page.url)
        other.fill(field, "What another window wrote")
        other.click("main form button.govuk-button[type=submit]")
        other.wait_for_selector("#status .saved")
        other.close()
        page.fill(field, "What this window wrote")
        page.click("main form button.govuk-button[type=submit]")
        page.wait_for_selector(".conflict")

    return then


def moved_by_another_first(page: Page, _site: Site) -> None:
    """Move a recommendation while another window moves it first: the small form offers both."""
    other = page.context.new_page()
    other.goto(page.url)
    other.fill("#m-place", "2")
    other.click("#moved button.govuk-button")
    other.wait_for_selector("#status .saved")
    other.close()
    page.fill("#m-place", "3")
    page.click("#moved button.govuk-button")
    page.wait_for_selector(".conflict")


def stepped_back(page: Page, _site: Site) -> None:
    page.click("main button.govuk-button--secondary")
    page.wait_for_selector("[data-error-summary]")


def row_refused(page: Page, _site: Site) -> None:
    page.fill("#r-due", "31/04/2018")
    page.click("form.answer button[type=submit]")
    page.wait_for_selector("[data-error-summary]")


def withdrawn(page: Page, _site: Site) -> None:
    page.fill("#w-reason", "It is part of another recommendation now.")
    page.click("section:has(#w-reason) button")
    page.wait_for_selector("#status .saved")


def read_as_nothing(page: Page, _site: Site) -> None:
    page.fill("#r-words", "soon")
    page.click("section:has(#r-words) button")
    page.wait_for_selector("[data-error-summary]")


def linked(page: Page, _site: Site) -> None:
    page.click("main section form button")
    page.wait_for_selector("#status .saved")


def looked_at(page: Page, _site: Site) -> None:
    page.fill("#to", "Quality Lead")
    page.click("main form button.govuk-button[type=submit]")
    page.wait_for_selector("button[name=save]")


def boards_unsaid(page: Page, _site: Site) -> None:
    page.click("main form[method=post] button.govuk-button[type=submit]")
    page.wait_for_selector("[data-error-summary]")


def boards_looked_at(page: Page, _site: Site) -> None:
    page.check("main tbody input[type=checkbox] >> nth=0")
    page.check("main tbody input[type=checkbox] >> nth=1")
    page.check("#how")
    page.select_option("#board", label="MASH Board")
    page.click("main form[method=post] button.govuk-button[type=submit]")
    page.wait_for_selector("th:has-text('New boards')")


def changed_together(page: Page, site: Site) -> None:
    boards_looked_at(page, site)
    page.click("button[name=save]")
    page.click("main li a:has-text('MASH Board added')")
    page.wait_for_selector("button:has-text('Undo')")


def address_made(page: Page, _site: Site) -> None:
    page.click("main form button[type=submit]")
    page.wait_for_selector("#address")


def in_lines(page: Page, _site: Site) -> None:
    """Choose three files at once and save them: one is saved with a warning, two are refused."""
    made = (("Rows.csv", b"NHS number\r\n943 476 5919\r\n"), ("Sample.exe", b"MZ"), ("Empty.pdf", b""))
    page.set_input_files("input[type=file]", [{"name": name, "mimeType": "", "buffer": data} for name, data in made])
    for field in page.locator("[data-of=shows]").all():
        field.fill("What it shows")
    page.click("main form button.govuk-button[type=submit]")
    page.wait_for_selector(".upload__line:nth-of-type(3)[data-is=Refused]")


def to_withdraw(page: Page, _site: Site) -> None:
    page.fill("[name=url]", "https://intranet.example/audit")
    page.fill("[name=shows]", "What it shows")
    page.click("main form button.govuk-button[type=submit]")
    page.click("a[href$='/withdraw'] >> nth=0")
    page.wait_for_selector("textarea[name=reason]")


def without_a_reason(page: Page, site: Site) -> None:
    to_withdraw(page, site)
    sent_empty(page, site)


def to_correct(page: Page, _site: Site) -> None:
    page.fill("textarea[name=did]", "Half the teams have had it.")
    page.click("section.written button.govuk-button[type=submit]")
    page.click("a[href$='/correct'] >> nth=0")
    page.wait_for_selector("h1:has-text('Correct a note')")


def unchanged_note(page: Page, site: Site) -> None:
    to_correct(page, site)
    sent_empty(page, site)


def corrected(page: Page, site: Site) -> None:
    to_correct(page, site)
    page.fill("textarea[name=did]", "All of the teams have had it.")
    page.click("main form button.govuk-button[type=submit]")
    page.wait_for_selector(".notes .boxed")


STATES = (
    State("sign in", None, "/sign-in"),
    State("sign in with an error", None, "/sign-in", wrong_password, 422),
    State("accessibility", None, "/accessibility"),
    State("privacy", None, "/privacy"),
    State("nothing here, signed out", None, "/nothing-here", None, 404),
    *(State(name, role, path) for name, path in PAGES.items() for role in READERS),
    State("my work, open", "lead", "/", opened("5.1")),
    State("my work, refused", "lead", "/", refused("5.3"), 422),
    State("my work, changed by another", "lead", "/", stale("5.2"), 409),
    State("my work, a draft kept", "lead", "/", kept_draft("5.4")),
    State("a row changed by another", "lead", "/", stale_plainly("5.6"), 409),
    State("my work, help needed", "lead", "/", answered("5.5", "need_help")),
    State("my work, done", "lead", "/", answered("5.5", "done")),
    State("my work, no answer", "lead", "/", without_answer("5.4"), offline=True),
    State("a row that could not be saved", "lead", "/", sent_plainly("5.5"), 422),
    State("a line that could not be saved", "lead", "/plans/twin/recommendations/5", sent_plainly("5.5"), 422),
    State("my work, saved and next", "lead", "/", saved_and_next),
    State("a paused action", "programme_manager", "/actions/{12.5}?open={12.5}", paused),
    State("all actions, a date that is none", "viewer", "/plans/twin/actions?due_before=soon", None, 422),
    State("my work, not allowed", "lead", "/", not_mine, 403),
    State("evidence by itself", "lead", "/actions/{5.6}/evidence/new"),
    State("evidence by itself, refused", "lead", "/actions/{5.6}/evidence/new", sent_empty, 422),
    State("evidence in lines", "lead", "/actions/{5.6}/evidence/new", in_lines, 422),
    State("evidence to withdraw", "lead", "/actions/{5.6}/evidence/new", to_withdraw),
    State("evidence to withdraw, refused", "lead", "/actions/{5.6}/evidence/new", without_a_reason, 422),
    State("a note to correct", "lead", "/actions/{5.6}?open={5.6}", to_correct),
    State("a note to correct, refused", "lead", "/actions/{5.6}?open={5.6}", unchanged_note, 422),
    State("a note corrected", "lead", "/actions/{5.6}?open={5.6}", corrected),
    State("the plan's actions, open", "programme_manager", "/plans/twin?brag=red", opened("5.1")),
    State("a recommendation, open", "lead", "/plans/twin/recommendations/5", opened("5.1")),
    State("a recommendation, open without scripts", "lead", "/plans/twin/recommendations/5?open={5.1}"),
    State("a board, open", "programme_manager", "/boards/mash-board", opened("5.1")),
    State("an action, open", "lead", "/actions/{5.1}?open={5.1}"),
    State("an action, help called for", "programme_manager", "/actions/{4.4}?open={4.4}", called_for_help),
    State("an action, a reply refused", "programme_manager", "/actions/{4.3}?open={4.3}", empty_reply, 422),
    State("an action, refused", "lead", "/actions/{5.1}?open={5.1}", saved_empty, 422),
    State("a claim under test", "verifier", "/actions/{2.1}?open={2.1}"),
    State("a claim under test, refused", "verifier", "/actions/{2.1}?open={2.1}", saved_empty, 422),
    State("meetings of a board", "secretary", "/boards/mash-board/meetings"),
    State("a meeting that is not set", "secretary", "/boards/mash-board/meetings", sent_empty, 422),
    State("a meeting", "secretary", "/boards/mash-board/meetings", meeting_opened),
    State("a deep dive refused", "secretary", "/boards/mash-board/meetings", deep_dive_refused, 422),
    State("an item struck", "chair", "/boards/mash-board/meetings", deep_dive_struck),
    State("papers to publish", "secretary", "/boards/mash-board/meetings", papers_opened),
    State("papers previewed", "chair", "/boards/mash-board/meetings", papers_previewed),
    State("papers published", "secretary", "/boards/mash-board/meetings", papers_published),
    State("what has changed since papers", "secretary", "/boards/mash-board/meetings", papers_compared),
    State("an item at a meeting", "secretary", "/boards/mash-board/meetings", item_opened),
    State("a decision refused", "chair", "/boards/mash-board/meetings", decision_refused, 422),
    State("a decision made", "secretary", "/boards/mash-board/meetings", decision_made),
    State("a decision made by another", "chair", "/boards/mash-board/meetings", decided_by_another, 409),
    State("a draft of minutes", "secretary", "/boards/mash-board/meetings", minutes_drafted),
    State("minutes published", "chair", "/boards/mash-board/meetings", minutes_on_show),
    State("an action that arises, refused", "secretary", "/boards/mash-board/meetings", arising_refused, 422),
    State("attendance refused", "secretary", "/boards/mash-board/meetings", attendance_refused, 422),
    State("import a plan", "programme_manager", "/import"),
    State("import without a file", "programme_manager", "/import", sent_empty, 422),
    State("a plan file to check", "programme_manager", "/import/1"),
    State("a plan file, a row open", "programme_manager", "/import/1?row=1"),
    State("a plan file, a row refused", "programme_manager", "/import/1?row=1", row_refused, 422),
    State("a plan file that asks for its columns", "programme_manager", "/import/3"),
    State("a newer plan file and what differs", "programme_manager", "/import/2"),
    State("manage", "programme_manager", "/manage"),
    State("manage", "administrator", "/manage"),
    State("silent names", "programme_manager", "/manage/silent"),
    State("names without an account", "programme_manager", "/manage/names"),
    State("a name to match", "programme_manager", MATCH),
    State("a name not matched", "programme_manager", MATCH, sent_empty, 422),
    State("requests for help", "programme_manager", "/manage/help"),
    State("regular meetings", "programme_manager", SERIES),
    State("regular meetings refused", "programme_manager", SERIES, sent_empty, 422),
    State("regular meetings to choose", "programme_manager", SERIES, shown_days),
    State("the plan, more", "programme_manager", "/plans/twin", more_of_the_plan),
    State("check a plan", "programme_manager", "/plans/twin/check"),
    State("print a plan", "programme_manager", "/plans/twin/export"),
    State("inspections", "programme_manager", "/inspections"),
    State("enter an inspection", "programme_manager", "/inspections/new"),
    State("an inspection refused", "programme_manager", "/inspections/new", sent_empty, 422),
    State("make a plan", "programme_manager", "/plans/new"),
    State("a plan that is not made", "programme_manager", "/plans/new", sent_empty, 422),
    State("change a plan", "programme_manager", "/plans/twin/edit"),
    State("a plan refused", "programme_manager", "/plans/twin/edit", filled("#glossary", "MASH"), 422),
    State(
        "a plan changed by another", "programme_manager", "/plans/twin/edit", saved_by_another_first("#short_name"), 409
    ),
    State("state of a plan", "programme_manager", "/plans/twin/state"),
    State("a step back without a reason", "programme_manager", "/plans/twin/state", stepped_back, 422),
    State("twins", "programme_manager", "/plans/twin/twins"),
    State("twins linked", "programme_manager", "/plans/twin/twins", linked),
    State("add a recommendation", "programme_manager", "/plans/twin/recommendations/new"),
    State(
        "a recommendation that is not added", "programme_manager", "/plans/twin/recommendations/new", sent_empty, 422
    ),
    State("change a recommendation", "programme_manager", "/plans/twin/recommendations/6/edit"),
    State(
        "a recommendation changed by another",
        "programme_manager",
        "/plans/twin/recommendations/7/edit",
        saved_by_another_first("#text"),
        409,
    ),
    State(
        "a recommendation moved by another",
        "programme_manager",
        "/plans/twin/recommendations/8/edit",
        moved_by_another_first,
        409,
    ),
    State("a withdrawn recommendation", "programme_manager", "/plans/twin/recommendations/11/edit", withdrawn),
    State("add an action", "programme_manager", "/plans/twin/recommendations/6/actions/new"),
    State(
        "an action that is not added", "programme_manager", "/plans/twin/recommendations/6/actions/new", sent_empty, 422
    ),
    State("change an action", "programme_manager", "/actions/{6.2}/edit"),
    State("an action, a draft kept", "programme_manager", "/actions/{6.3}/edit", kept_form),
    State("a reading that is none", "programme_manager", "/actions/{6.2}/edit", read_as_nothing, 422),
    State("calendar addresses", "lead", "/calendar"),
    State("standing in", "lead", "/stand-ins"),
    State("standing in, refused", "programme_manager", "/stand-ins", sent_empty, 422),
    State("boards", "programme_manager", "/settings/boards"),
    State("a new board, refused", "programme_manager", "/settings/boards/new", sent_empty, 422),
    State("a board's names", "programme_manager", "/settings/boards/1"),
    State("teams", "programme_manager", "/settings/teams"),
    State("a new team", "programme_manager", "/settings/teams/new"),
    State("a new team, refused", "programme_manager", "/settings/teams/new", sent_empty, 422),
    State("a new calendar address", "lead", "/calendar", address_made),
    State("who hands over", "programme_manager", "/people/hand-over"),
    State("hand over", "programme_manager", "/people/1/hand-over"),
    State("hand over, refused", "programme_manager", "/people/1/hand-over", sent_empty, 422),
    State("hand over, preview", "programme_manager", "/people/1/hand-over", looked_at),
    State("boards of recommendations", "programme_manager", "/plans/twin/boards"),
    State("boards of recommendations, refused", "programme_manager", "/plans/twin/boards", boards_unsaid, 422),
    State("boards of recommendations, preview", "programme_manager", "/plans/twin/boards", boards_looked_at),
    State("changed together", "programme_manager", "/plans/twin/boards", changed_together),
    State("owners", "programme_manager", "/plans/twin/owners?brag=red"),
    State("filters", "lead", "/filters"),
    State("a filter to keep", "lead", "/filters?keep=/plans/twin%3Fbrag%3Dred"),
    State("a filter to keep, refused", "lead", "/filters?keep=/plans/twin%3Fbrag%3Dred", sent_empty, 422),
    State("search", "lead", "/search"),
    State("search, found", "lead", "/search?q=staff"),
    State("search, nothing found", "lead", "/search?q=zzzz+yyyy"),
    State("search, no word", "lead", "/search?q=%25"),
    State("nothing here", "lead", "/nothing-here", None, 404),
    *(State(f"{name}, as it was", "viewer", f"{PAGES[name]}?at={TODAY}") for name in SHOWN_AS_THEY_WERE),
    State("the plan, what changed since", "lead", f"/plans/twin?at={TODAY}&since={TODAY - timedelta(days=1)}"),
    State("a past date that is none", "viewer", "/plans/twin?at=soon", None, 422),
    State("a past date before the first event", "viewer", "/plans/twin?at=2018-01-01", None, 404),
    State("history", "programme_manager", "/history"),
    State("history, a date that is none", "programme_manager", "/history?since=soon", None, 422),
    State("history, nothing found", "viewer", "/history?ref=99.9"),
    State("history of a plan", "viewer", "/plans/twin/history"),
    State("history of a board", "chair", "/boards/mash-board/history"),
)
