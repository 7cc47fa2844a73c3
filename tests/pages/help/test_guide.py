"""How this works: the user's guide in the product."""

from __future__ import annotations

import re
from pathlib import Path

from ilacs_app import bundled
from tests.auditor import read

GUIDE = Path(__file__).parents[3] / "docs" / "guide.md"


def test_the_footer_of_every_page_leads_someone_signed_in_to_the_guide(world):
    for role in ("lead", "chair", "viewer", "nobody"):
        for address in ("/account", "/privacy", "/nothing/here"):
            footer = read(world.client(role).get(address).text).one("footer")
            assert [link.text for link in footer.all("a", href="/help")] == ["How this works"]
    assert not read(world.client(None).get("/privacy").text).all("a", href="/help")


def test_a_stranger_signs_in_first(world):
    assert world.client(None).get("/help").headers["Location"] == "/sign-in?next=/help"


def test_the_readers_own_role_comes_first(world):
    for role, heading in (
        ("lead", "Leads, owners and contributors"),
        ("verifier", "Verifiers"),
        ("secretary", "Board members, chairs and secretaries"),
        ("programme_manager", "Programme managers"),
        ("administrator", "Administrators"),
        ("inspector", "Viewers and inspectors"),
        ("nobody", "How an action is described"),
    ):
        page = read(world.client(role).get("/help").text)
        assert page.one("h1").text == "How this works"
        assert page.one("main").all("h2")[0].text == heading, role


def test_the_contents_lead_to_every_section(world):
    page = read(world.client("lead").get("/help").text)
    anchors = [link.attrs["href"] for link in page.one("nav", aria_label="Contents").all("a")]
    assert anchors == [f"#{heading.attrs['id']}" for heading in page.one("main").all("h2")] and len(anchors) == 9


def test_the_paper_in_docs_names_every_template_of_the_guide():
    named = set(re.findall(r"templates/help/(_\w+\.html)", GUIDE.read_text(encoding="utf-8")))
    assert named == {path.name for path in (bundled("templates") / "help").glob("_*.html")}
