"""A lead logs a note and evidence and claims; a verifier sends it back, then verifies; the board sees it in its counts.

Told twice, by following the pages' own links and forms: without JavaScript, and as htmx asks. The record is the same.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from ilacs_app.db import db
from tests.factories import PDF, all_rows
from tests.journeys.browser import Browser

LEFT_OUT = {"id", "at", "written_at", "added_at", "once", "said", "store_key", "sha256", "token_hash", "opened_at"}


def _counts(browser: Browser) -> dict[str, str]:
    summary = browser.page("/boards/mash-board").one("section", id="summary")
    return {name: summary.one(data_count=name).text.split()[0] for name in ("overdue", "completed", "verified")}


def test_from_a_note_to_a_verified_claim_with_and_without_htmx(world):
    for role in ("lead", "verifier", "board_member"):
        world.client(role)
    path = Path(str(db.engine.url.database))
    _close()
    start = path.read_bytes()
    _tell(world, htmx=False)
    plain = _record()
    _close()
    path.write_bytes(start)
    _tell(world, htmx=True)
    assert _record() == plain
    assert len(plain["progress_note"]) == 3 and len(plain["evidence"]) == 2 and len(plain["status_move"]) == 5


def _close() -> None:
    """Close the database, so that all of it is in its one file."""
    db.session.remove()
    db.engine.dispose()


def _tell(world, *, htmx: bool) -> None:
    lead, verifier, member = (Browser(world.client(r), htmx) for r in ("lead", "verifier", "board_member"))
    action, place = world.actions["5.2"], "/plans/twin/recommendations/5"
    start = _counts(member)

    tree = lead.send("/", action, did="The guidance is written.", status="in_progress")
    assert lead.said(tree).startswith("Saved: 5.2") and "Delivery status: In progress." in lead.said(tree)

    tree = lead.send(
        place,
        action,
        did="Every officer has had it.",
        difference="Nine in ten referrals now fit the rule.",
        file=(io.BytesIO(PDF), "Dip sample.pdf"),
        shows="Twenty notices read by two people",
        status="completed",
        month="2018-04",
    )
    assert "Delivery status: Completed, awaiting verification." in lead.said(tree)
    claimed = _counts(member)
    assert int(claimed["overdue"]) == int(start["overdue"]) - 1
    assert (start["completed"], claimed["completed"]) == ("0", "1")

    tree = verifier.send(
        "/", action, status="in_progress", sample="One week of notices.", reason="The sample is of one week. Test four."
    )
    assert "Sent back." in verifier.said(tree)
    assert _counts(member) == start, "the clock runs again from the same date"
    waiting = lead.page("/").one(id=f"action-{action}").text
    assert "The sample is of one week. Test four." in waiting and "Quality Assurance Manager" in waiting

    form = lead.form("/", action)
    assert "completed" in {o.attrs["value"] for o in form.one("select", name="status").all("option")}
    lead.send(
        "/",
        action,
        did="Four weeks were read.",
        url="https://intranet.example/four-weeks",
        shows="Eighty notices of four weeks",
        status="completed",
        month="2018-04",
    )
    tree = verifier.send(place, action, status="verified", sample="Eighty notices.", reason="What was claimed holds.")
    assert "Delivery status: Verified." in verifier.said(tree)
    end = _counts(member)
    assert (end["completed"], end["verified"]) == ("0", "1") and end["overdue"] == claimed["overdue"]
    row = member.page("/boards/mash-board").one(id=f"action-{action}")
    assert (row.attrs["data-status"], row.attrs["data-brag"]) == ("verified", "blue")
    assert row.all("a", class_="verb") == []
    history = member.page(f"/actions/{action}?history=all").one("ol", class_="history").text
    for words in ("Marked as completed", "Sent back", "Verified", "Evidence added", "Note added"):
        assert words in history


def _record() -> dict[str, list[dict[str, Any]]]:
    """Return what the journey left behind, without what differs from one telling to the next."""
    rows = all_rows()
    found = {}
    for name in ("progress_note", "evidence", "status_move", "history_event", "action"):
        columns = [column.name for column in db.metadata.tables[name].columns]
        found[name] = [
            {column: value for column, value in zip(columns, row, strict=True) if column not in LEFT_OUT}
            for row in rows[name]
        ]
        for row in found[name]:
            if isinstance(row.get("after"), dict):
                row["after"] = {k: v for k, v in row["after"].items() if k != "sha256"}
    return found
