"""Every action as one list: sorted by its columns, narrowed by its filters, answered in place, downloaded as shown."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import openpyxl
import pytest

from ilacs_app.db import transaction
from ilacs_app.intake.imports.commands import take_in
from ilacs_app.intake.reader.read import read_plan
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import PAGE_ROWS, action_rows
from ilacs_app.plan.lists.sorting import SORT_WORDS
from ilacs_app.plan.rules import BRAG_WORDS, STATUS_WORDS, TIMELINESS_WORDS
from tests.auditor import read
from tests.conftest import BY, DATED_ON, SAMPLES, TODAY
from tests.factories import HTMX, send, set_fact

PATH = "/plans/twin/actions"


def _refs(text: str) -> list[str]:
    return [node.attrs["data-ref"] for node in read(text).walk() if "data-ref" in node.attrs]


def _second(world) -> None:
    with transaction():
        take_in(BY, read_plan(SAMPLES / "plan.csv", DATED_ON), "second", DATED_ON, state="live")


@pytest.fixture
def owned(world):
    """The twin plan with a few owners, dates that moved and updates of different days."""
    with transaction():
        name_people(BY, world.actions["1.1"], "owner", ["Zara Team Manager"])
        name_people(BY, world.actions["5.2"], "owner", ["Advanced Practitioner", "Training Officer"])
    set_fact(
        world.actions["5.2"],
        moves=1,
        last_moved_on=DATED_ON,
        status="in_progress",
        last_word_on=TODAY - timedelta(days=90),
    )
    set_fact(world.actions["6.1"], last_word_on=TODAY)
    return world


def test_every_action_is_one_list_of_sixty_with_its_owner_or_lead(owned):
    page = read(owned.client("viewer").get(PATH).text)
    rows = action_rows(owned.actor("viewer"), Filter(plan_id=owned.plan_id), TODAY, size=None)
    assert _refs(owned.client("viewer").get(PATH).text) == [row.ref for row in rows][:PAGE_ROWS]
    cells = {
        body.attrs["data-ref"]: next(
            cell.text for cell in body.all("td") if cell.attrs.get("data-label", "").startswith(("Owner", "Lead"))
        )
        for body in page.all("tbody")
    }
    assert cells["5.2"] == "Advanced Practitioner, Training Officer"
    assert "MASH Service Manager" in cells["5.3"] and "no owner" in cells["5.3"]


@pytest.mark.parametrize("sort", SORT_WORDS)
def test_each_column_sorts_the_list_and_says_so(owned, sort):
    page = read(owned.client("viewer").get(f"{PATH}?sort={sort}").text)
    sorted_heads = [head for head in page.all("th") if "aria-sort" in head.attrs]
    assert [head.attrs["aria-sort"] for head in sorted_heads] == ["descending" if sort[0] == "-" else "ascending"]
    assert f"sorted by {SORT_WORDS[sort]}" in page.all("p", class_="chosen")[0].text
    turned = sorted_heads[0].one("a").attrs["href"]
    back = "" if sort == "-reference" else f"sort={sort[1:] if sort[0] == '-' else '-' + sort}"
    assert turned == (f"{PATH}?{back}" if back else PATH)


def test_a_sort_that_there_is_not_is_the_plans_own_order(owned):
    client = owned.client("viewer")
    for sort in ("", "due;drop table action", "--due", "-", "1", "Due"):
        assert _refs(client.get(PATH, query_string={"sort": sort}).text) == _refs(client.get(PATH).text)


def test_each_further_filter_narrows_to_what_it_says(owned):
    client = owned.client("lead")
    rows = action_rows(owned.actor("lead"), Filter(plan_id=owned.plan_id), TODAY, size=None)
    asked = {
        "mine=1": [row.ref for row in rows if row.delivers],
        "owner=Training+Officer": ["5.2"],
        "no_owner=1": [row.ref for row in rows if row.ref not in {"1.1", "5.2"}],
        "moved=1": ["5.2"],
        "silent=1&moved=1": ["5.2"],
        "due_before=2018-03-31": [row.ref for row in rows if row.due_on and row.due_on.isoformat() < "2018-03-31"],
        "recommendation=5": [row.ref for row in rows if row.recommendation_number == "5"],
        "owner=Training+Officer&no_owner=1": [],
        "contributor=Training+Officer": ["5.3"],
        "contributor=Training+Officer&owner=Training+Officer": [],
    }
    for query, refs in asked.items():
        page = client.get(f"{PATH}?{query}").text
        assert _refs(page) == refs, query
        assert read(page).all("p", class_="chosen")[0].text.startswith(f"{len(refs)} action"), query


def test_the_form_keeps_every_filter_and_the_order(owned):
    query = "owner=Training+Officer&mine=1&silent=1&due_before=31+March+2027&sort=-due&recommendation=5"
    page = read(owned.client("lead").get(f"{PATH}?{query}").text)
    form = page.one("form", class_="filters")
    chosen = {
        select.attrs["name"]: next(o.attrs["value"] for o in select.all("option") if "selected" in o.attrs)
        for select in form.all("select")
    }
    assert (chosen["owner"], chosen["sort"]) == ("Training Officer", "-due")
    ticked = {box.attrs["name"] for box in form.all("input", type="checkbox") if "checked" in box.attrs}
    assert ticked == {"mine", "silent"}
    assert form.one("input", name="due_before").attrs["value"] == "31 March 2027"
    assert form.one("input", name="recommendation").attrs["value"] == "5"


@pytest.mark.parametrize("typed", ["Spring", "31/02/2018", "tomorrow", "<b>", "31 March"])
def test_a_day_that_is_none_is_asked_for_again_and_kept(owned, typed):
    client = owned.client("viewer")
    answer = client.get(PATH, query_string={"due_before": typed, "brag": "red"})
    page = read(answer.text)
    field = page.one("input", id="f-due_before")
    assert (answer.status_code, field.attrs["value"]) == (422, typed)
    assert "Enter a real date, like 31 March 2027" in page.one("p", class_="govuk-error-message").text
    assert _refs(answer.text) == _refs(client.get(f"{PATH}?brag=red").text), "the list is not narrowed by it"
    file = client.get("/plans/twin/export/list", query_string={"due_before": typed, "format": "csv"})
    assert file.status_code == 422 and "Enter a real date" in file.text


def test_a_filter_of_other_lists_has_its_field_only_where_it_is_used(owned):
    client = owned.client("viewer")
    assert read(client.get("/plans/twin").text).all("input", type="checkbox") == []
    page = read(client.get("/boards/mash-board?moved=1&owner=Training+Officer").text)
    assert [box.attrs["name"] for box in page.all("input", type="checkbox")] == ["moved"]
    assert _refs(client.get("/boards/mash-board?moved=1").text) == ["5.2"]


QUERIES = (
    "",
    "sort=-due",
    "mine=1&sort=owner",
    "no_owner=1&sort=-word",
    "silent=1",
    "due_before=30+April+2018&sort=rating",
    "board=mash-board&brag=red&sort=-reference",
    "contributor=Training+Officer",
)


@pytest.mark.parametrize("role", ["lead", "viewer", "partner", "inspector"])
def test_the_download_holds_exactly_the_rows_of_the_list_in_its_order(owned, role):
    client = owned.client(role)
    for query in QUERIES:
        page, shown = 1, []
        while part := _refs(client.get(f"{PATH}?{query}&page={page}").text):
            shown += part
            page += 1
        link = next(
            (
                a.attrs["href"]
                for a in read(client.get(f"{PATH}?{query}").text).all("a")
                if "export/list" in a.attrs["href"] and "csv" in a.attrs["href"]
            ),
            None,
        )
        if not shown:
            assert link is None, query
            continue
        lines = list(csv.DictReader(io.StringIO(client.get(link).data.decode("utf-8-sig"))))
        assert [line["Reference"] for line in lines] == shown, (role, query)
        sheet = openpyxl.load_workbook(io.BytesIO(client.get(link.replace("csv", "xlsx")).data)).active
        column = [cell.value for cell in next(zip(*sheet.iter_rows(), strict=False))]
        assert column[column.index("Reference") + 1 :][: len(shown)] == shown


def test_a_partner_is_offered_and_shown_only_what_it_may_see(owned):
    page = owned.client("partner").get(PATH).text
    assert {ref.partition(".")[0] for ref in _refs(page)} == {"5"}
    assert "Zara Team Manager" not in page and "Training Officer" in page


def test_with_one_plan_the_list_of_all_leads_on_to_it_with_its_filter_and_with_two_it_holds_both(owned):
    client = owned.client("viewer")
    answer = client.get("/actions?brag=red&sort=-due")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PATH}?brag=red&sort=-due")
    _second(owned)
    page = client.get("/actions?timeliness=overdue")
    assert read(page.text).all("p", class_="chosen")[0].text.startswith("32 actions")
    assert _refs(client.get("/actions?timeliness=overdue&plan=twin").text) == _refs(
        client.get(f"{PATH}?timeliness=overdue").text
    )
    file = client.get("/actions/export/list?timeliness=overdue&format=csv").data.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(file)))) == 32


ON_PLAN_PAGES = ("", "/actions", "/recommendations/5", "/export", "/check")


@pytest.mark.parametrize("role", ["viewer", "programme_manager"])
def test_breadcrumbs_never_lead_back_to_the_page_that_they_are_on(world, role):
    client = world.client(role)

    def crumbs(path: str) -> list[str]:
        navs = read(client.get(path).text).all("nav", class_="govuk-breadcrumbs")
        return [link.attrs["href"] for nav in navs for link in nav.all("a")]

    pages = [f"/plans/twin{page}" for page in ON_PLAN_PAGES if client.get(f"/plans/twin{page}").status_code == 200]
    assert len(pages) >= 3
    for path in pages:
        for href in crumbs(path):
            assert client.get(href, follow_redirects=True).request.path != path, (path, href)
    assert "/plans" not in crumbs("/plans/twin/actions") and crumbs("/plans/twin") == []
    _second(world)
    assert crumbs("/plans/twin/actions") == ["/plans", "/plans/twin"] and crumbs("/plans/twin") == ["/plans"]


@pytest.mark.parametrize("htmx", [True, False])
def test_a_row_is_answered_where_it_is(owned, htmx):
    client, action = owned.client("lead"), owned.actions["5.2"]
    place = f"{PATH}?mine=1&sort=-due"
    opened = read(client.get(f"{place}&open={action}").text)
    assert opened.one("form", id=f"a{action}-form").one("input", name="view").attrs["value"] == "actions"
    sent = send(client, action, htmx=htmx, view="actions", back=place, did="Sampled 20 records.")
    if htmx:
        row = read(sent.text).one("tbody", id=f"action-{action}")
        assert len(row.all("td")) == 8 and "Sampled 20 records." in row.text
    else:
        assert sent.headers["Location"] == f"{PATH}?mine=1&sort=-due#action-{action}"


def test_a_row_that_could_not_be_saved_has_the_columns_of_its_list(owned):
    client, action = owned.client("lead"), owned.actions["5.2"]
    for headers in ({}, HTMX):
        sent = send(client, action, htmx=bool(headers), view="actions", back=PATH, answer="need_help")
        assert sent.status_code == 422
        assert len(read(sent.text).one("tbody", id=f"action-{action}").all("tr")[0].all("td")) == 8


def test_every_choice_of_every_filter_is_answered(owned):
    client = owned.client("programme_manager")
    for name, words in (("status", STATUS_WORDS), ("timeliness", TIMELINESS_WORDS), ("brag", BRAG_WORDS)):
        for value in words:
            assert client.get(f"{PATH}?{urlencode({name: value, 'sort': '-owner'})}").status_code == 200
    assert "nothing on page 9" in client.get(f"{PATH}?page=9").text


def test_the_list_can_be_read_as_it_was_on_a_past_day(owned):
    page = owned.client("viewer").get(f"{PATH}?at=2018-02-23&timeliness=overdue")
    assert page.status_code == 200 and "23 February 2018" in page.text
