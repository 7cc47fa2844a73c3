"""The same merge, sent several times at the same moment: done once, and each is answered as the first was."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, select

from bench import client as c
from ilacs_app.db import db
from ilacs_app.plan.model import Action
from tests.conftest import PASSWORD
from tests.data.files.test_uploads_at_once import told
from tests.pages.intake.merging.test_import_again import NEWER, bring, choices, first, version

TIMES = 4


def test_a_merge_that_is_sent_four_times_at_once_is_done_once_and_answered_alike(world: Any, tmp_path):
    client = world.client("programme_manager")
    first(client)
    address = bring(client, NEWER, "newer.csv", into="new-plan")
    fields = {"version": version(), "once": "m", **choices(client.get(address).text)}
    db.session.remove()
    with c.sound_server(tmp_path / "served", **told(world)) as (port, _, _), ThreadPoolExecutor(TIMES) as pool:
        signed = c.Client(port)
        signed.sign_in("programme_manager@tests.example", PASSWORD)
        clients = [signed.copy() for _ in range(TIMES)]
        start = threading.Barrier(TIMES)

        def merge(one: c.Client) -> tuple[int, str]:
            body = urlencode({"csrf_token": one.token, **fields}).encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            start.wait(60)
            answer = one.ask("POST", f"{address}/merge", body, headers)
            return answer.status, answer.headers["location"]

        answers = list(pool.map(merge, clients))
        for one in (signed, *clients):
            one.close()
    assert answers == [(303, "/plans/new-plan")] * TIMES
    assert db.session.scalar(select(func.count()).where(Action.text == "Ask the children")) == 1
