"""Others go on working while a long plan file is read: their pages answer from the same one process.

How long a file may take is measured by itself, in ``test_hostile_plan_files``.
"""

from __future__ import annotations

import http.client
import re
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Site
from tests.data.intake.reader.test_hostile_plan_files import workbook

PAGE = "/boards/mash-board"


def _get(site: Site, cookies: str) -> float:
    """Seconds until a page of someone else is there."""
    started = time.monotonic()
    line = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=30)
    line.request("GET", PAGE, headers={"Cookie": cookies})
    answer = line.getresponse()
    answer.read()
    line.close()
    assert answer.status == 200
    return time.monotonic() - started


def _while_it_is_read(actions: int, site: Site, folder: Path, record_property: Callable[[str, object], None]) -> float:
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in site.cookies("chair"))
    idle = [_get(site, cookies) for _ in range(20)]
    file = workbook(actions, folder / "long plan.xlsx")
    context = site.browser.new_context(base_url=site.url, java_script_enabled=False)
    context.add_cookies(site.cookies("programme_manager"))
    page = context.new_page()
    page.goto("/import")
    page.set_input_files("#file", file)
    page.fill("#title", f"A plan of {actions}")
    page.fill("#dated_on", "22 February 2018")
    page.click("main button.govuk-button")
    ends, busy = threading.Event(), []

    def others() -> None:
        while not ends.is_set():
            busy.append(_get(site, cookies))
            time.sleep(0.1)  # as someone who reads pages, not as a flood

    thread = threading.Thread(target=others)
    thread.start()
    started = time.monotonic()
    try:
        page.click("text=Read it", timeout=60_000)
        page.wait_for_selector("text=Check the file before", timeout=60_000)
    finally:
        ends.set()
        thread.join()
    seconds = time.monotonic() - started
    shown = page.locator(".number__n").nth(1).inner_text()
    assert int(re.sub(r"\D", "", shown)) == actions
    context.close()
    before, meanwhile = statistics.median(idle), statistics.median(busy)
    for name, value in (
        ("actions", actions),
        ("seconds_until_the_check_is_shown", round(seconds, 1)),
        ("pages_meanwhile", len(busy)),
        ("median_ms_before", round(before * 1000)),
        ("median_ms_meanwhile", round(meanwhile * 1000)),
        ("longest_ms_meanwhile", round(max(busy) * 1000)),
    ):
        record_property(name, value)
    assert meanwhile < 0.5
    return max(busy)


def test_others_are_answered_while_a_plan_is_read(site, tmp_path, record_property):
    assert _while_it_is_read(100, site, tmp_path, record_property) < 5


@pytest.mark.proof
def test_others_are_answered_while_a_plan_of_ten_thousand_actions_is_read(site, tmp_path, record_property):
    assert _while_it_is_read(10_000, site, tmp_path, record_property) < 5
