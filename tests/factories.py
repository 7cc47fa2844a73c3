"""What tests send and look at: a filled form of a row, files of every kind, and all rows of the database."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from ilacs_app.db import db, transaction
from ilacs_app.history import Author
from ilacs_app.intake.imports.commands import Destination, keep_plan_file, keep_reading
from ilacs_app.intake.reader.choices import Choices, Reading
from ilacs_app.intake.reader.read import read_or_ask
from ilacs_app.plan.model import Action, Plan, Recommendation

HTMX = {"HX-Request": "true"}
BOTH_WAYS = (("plain", {}), ("htmx", HTMX))
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
JPG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
HEIC = bytes.fromhex("000000186674797068656963000000006d69663168656963") + b"\0" * 64
MSG = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "__properties_version1.0".encode("utf-16-le")


def office(inside: str, *more: str) -> bytes:
    """A file of Office: a zip with its list of contents and a part in the folder ``inside``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in ("[Content_Types].xml", f"{inside}/document.xml", *more):
            packed.writestr(name, "<x/>")
    return out.getvalue()


TOKENS: WeakKeyDictionary[FlaskClient, str] = WeakKeyDictionary()
"""The token for the forms of each browser, once it is known."""

GOOD_FILES = {
    "Dip sample.pdf": (PDF, "application/pdf"),
    "Minutes.docx": (
        office("word"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "Figures.xlsx": (office("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "Slides.pptx": (
        office("ppt"),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "Rows.csv": (b"Week,Looked at\r\n1,10\r\n", "text/csv"),
    "Words.txt": ("Children’s words\n".encode(), "text/plain"),
    "Old words.txt": ("Children’s words\n".encode("cp1252"), "text/plain"),
    "Board.png": (PNG, "image/png"),
    "Wall.jpg": (JPG, "image/jpeg"),
    "Wall.JPEG": (JPG, "image/jpeg"),
    "Phone.heic": (HEIC, "image/heic"),
    "Mail.msg": (MSG, "application/vnd.ms-outlook"),
    "Mail.eml": (b"From: a@b.example\r\nSubject: Audit\r\n\r\nText\r\n", "message/rfc822"),
}


def token(client: FlaskClient) -> str:
    """A token for the forms of this browser; it lasts as long as the sign-in."""
    if client in TOKENS:
        return TOKENS[client]
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert found
    TOKENS[client] = found[1]
    return found[1]


def version_of(action_id: int) -> int:
    return fact(action_id, "version")


def fact(action_id: int, name: str) -> Any:
    """One column of an action as it is in the database now."""
    db.session.rollback()
    return db.session.execute(select(getattr(Action, name)).where(Action.id == action_id)).scalar_one()


def set_fact(action_id: int, **values: Any) -> None:
    """Put an action where a test wants it."""
    with transaction():
        db.session.execute(update(Action).where(Action.id == action_id).values(**values))


def set_plan(plan_id: int, **values: Any) -> None:
    with transaction():
        db.session.execute(update(Plan).where(Plan.id == plan_id).values(**values))


def set_recommendation(plan_id: int, at: str, **values: Any) -> None:
    """Give the recommendation with the number ``at`` other words."""
    with transaction():
        db.session.execute(
            update(Recommendation)
            .where(Recommendation.plan_id == plan_id, Recommendation.number == at)
            .values(**values)
        )


def send(
    client: FlaskClient,
    action_id: int,
    part: str = "answer",
    *,
    htmx: bool = False,
    file: tuple[str, bytes] | None = None,
    **fields: Any,
) -> TestResponse:
    """Send the form of a row as a browser does: token, once, view, back and the version of now, unless given."""
    data: dict[str, Any] = {
        "csrf_token": token(client),
        "once": uuid4().hex,
        "view": "work",
        "back": "/",
        "version": version_of(action_id),
        "kind": "audit",
        "sensitivity": "open",
        **fields,
    }
    if file:
        data["file"] = (io.BytesIO(file[1]), file[0])
    headers = {**HTMX, "HX-Current-URL": f"http://localhost{data['back']}"} if htmx else {}
    return client.post(
        f"/actions/{action_id}/{part}",
        data={name: value for name, value in data.items() if value is not None},
        content_type="multipart/form-data",
        headers=headers,
    )


NOTE = {"did": "Both teams have had the session.", "difference": "Fewer came back.", "next_step": "Look again in May."}
PROOF = {"url": "https://intranet.example/audit", "shows": "Nine in ten records are of the standard"}
CLAIM = {**NOTE, **PROOF, "status": "completed", "month": "2018-04"}


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the database holds it now."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for name, table in db.metadata.tables.items()
        }


def the_record() -> dict[str, list[tuple[Any, ...]]]:
    """Every row but the sign-ins, which come and go with the browsers of a test."""
    return {name: rows for name, rows in all_rows().items() if name != "session"}


def fresh(query: Callable[..., Any]) -> Callable[..., Any]:
    """The query, asked of the database as it is now and not as this test saw it before."""

    def asked(*args: Any, **kwargs: Any) -> Any:
        db.session.rollback()
        return query(*args, **kwargs)

    return asked


def changed(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    """The names of the tables of which rows were added, changed or deleted."""
    return {name for name in before if before[name] != after[name]}


def files_in(folder: Path) -> list[Path]:
    """Every file under a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


PLAN_FILE = """No,Recommendation,Lead,Action,Timescale,Status,Governance,Cost code
1,Visits are made on time,Service Manager,Write the rota,End April 2018,Green,MASH Board,C1
,,,Check it each week,TBC,Blue,,C2
2,Plans are clear,Nobody Known,Train each team,31/04/2018,Green,A New Board,
"""


OWN_WORDS = "Round,Piece,Bell\nVisits,Rota,Noon\n"
"""A plan whose needed columns are called what we do not know."""


def plan_file(
    app: Flask, *, read: bool = True, into: int | None = None, text: str = PLAN_FILE, slug: str = "new-plan"
) -> int:
    """A council's file on its way into a new plan or another, kept and read. Call it inside ``transaction()``."""
    by = Author(None, "A manager", "tests")
    stored = app.extensions["evidence"].put(io.BytesIO(text.encode()))
    to = Destination(date(2018, 2, 22), into, "New plan", slug)
    import_id = keep_plan_file(by, "our plan.csv", stored, to)
    if read:
        keep_reading(by, import_id, 1, _reading(text, to.dated_on), Choices())
    return import_id


@cache
def _reading(text: str, dated_on: date) -> Reading:
    """Read a council's file, once for each process of tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "our plan.csv"
        path.write_text(text, encoding="utf-8")
        return read_or_ask(path, dated_on, {})
