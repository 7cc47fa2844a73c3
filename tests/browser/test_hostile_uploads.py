"""Two hundred files that are made to hurt: each is refused, or goes out as a download that no browser runs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from bench import client as c
from tests.browser.conftest import HEIGHT, Site
from tests.conftest import PASSWORD
from tests.factories import HEIC, JPG, MSG, PDF, PNG, files_in, office

ENDINGS = ("pdf", "docx", "xlsx", "pptx", "csv", "txt", "png", "jpg", "jpeg", "heic", "msg", "eml")
RUN = b"window.ran=top.ran=1;fetch('/ran')"
HTML = b"<!doctype html><html><title>ran</title><img src=/ran><script>" + RUN + b"</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="top.ran=1"><script>' + RUN + b"</script></svg>"
XML = b'<?xml version="1.0"?><x:html xmlns:x="http://www.w3.org/1999/xhtml"><x:script>' + RUN + b"</x:script></x:html>"
PROGRAMS = {
    "windows": b"MZ" + b"\0" * 500,
    "linux": b"\x7fELF" + b"\0" * 500,
    "shell": b"#!/bin/sh\ntouch ran\n",
}
ARCHIVES = {
    "rar": b"Rar!\x1a\x07\x00" + b"\0" * 500,
    "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 500,
    "gz": b"\x1f\x8b\x08" + b"\0" * 500,
}
NOT_ALLOWED = (
    "html htm xhtml svg svgz xml xsl js mjs css swf hta lnk exe dll bat cmd ps1 vbs wsf jar sh msi scr com url webloc"
    " desktop mht mhtml php asp jsp docm dotm xlsm xlsb pptm ppsm doc xls ppt zip rar 7z gz tar iso gif webp"
)
NAMES = (
    "../../../etc/passwd.pdf",
    "..\\..\\..\\Windows\\System32\\x.pdf",
    "/etc/cron.d/x.pdf",
    "C:\\Users\\Public\\x.pdf",
    "\\\\server\\share\\x.pdf",
    "file:///etc/x.pdf",
    "x.html\0.pdf",
    "x.pdf\0.html",
    "x.pdf\r\nContent-Type: text/html\r\n\r\n<script>",
    "x.html; y.pdf",
    'x.pdf"; filename="y.html',
    "x.html%00.pdf",
    "x.pdf.html",
    "x.html.pdf",
    "x.pdf ",
    "x.pdf.",
    "x.pdf::$DATA",
    "fdp.\u202efdp.exe",
    "exe.\u202efdp.pdf",
    "<img src=x onerror=top.ran=1>.pdf",
    "<script>top.ran=1</script>.pdf",
    "javascript:top.ran=1.pdf",
    "'; drop table evidence; --.pdf",
    "{{ 7*7 }}.pdf",
    "$(touch ran).pdf",
    "`touch ran`.pdf",
    "=cmd|' /C calc'!A0.csv",
    ".htaccess",
    ".pdf",
    "..",
    "con.pdf",
    "nul",
    "x" * 5000 + ".pdf",
    "\u0000\u0001\u001b[2J.pdf",
    "\U0001f4a9.pdf",
)


def packed(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts:
            made.writestr(name, data)
    return out.getvalue()


def word(*parts: tuple[str, bytes]) -> bytes:
    """A file of Word with more in it than words."""
    return packed(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>"), *parts)


CHUNK = b"\x00\x00\x10\x00tEXtComment\0"
BOTH_AT_ONCE = {
    "page behind.pdf": PDF + HTML,
    "page within.pdf": b"%PDF-1.7\n" + HTML,
    "action.pdf": PDF.replace(b"<<>>", b"<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"),
    "archive behind.pdf": PDF + packed(("run.exe", b"MZ")),
    "page behind.png": PNG + HTML,
    "page within.png": PNG[:33] + CHUNK + HTML + PNG[33:],
    "script within.png": PNG[:33] + CHUNK + b"\n" + RUN + b"\n" + PNG[33:],
    "page behind.jpg": JPG + HTML,
    "page within.jpg": JPG[:2] + b"\xff\xfe\x00\xff" + HTML + JPG[2:],
    "script first.jpg": b"/*" + JPG + b"*/" + RUN,
    "page behind.heic": HEIC + HTML,
    "page behind.msg": MSG + HTML,
    "page late.csv": b"a,b\n" * 3000 + HTML,
    "page late.txt": b"words\n" * 3000 + HTML,
    "script.txt": RUN,
    "script.csv": RUN,
    "sheet.txt": b"body{background:url(/ran)}",
    "page in seven bits.txt": b"+ADw-script+AD4-top.ran=1+ADw-/script+AD4-",
    "page in sixteen bits.txt": HTML.decode().encode("utf-16"),
    "page behind a mark.txt": b"\xef\xbb\xbf" + HTML,
    "page in capitals.txt": HTML.upper(),
    "page as mail.eml": b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + HTML,
    "parts.eml": b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n\r\n" + HTML,
    "formula.csv": b"=cmd|' /C calc'!A0,b\n",
    "macros.docx": word(("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")),
    "macros by content.docx": packed(
        ("[Content_Types].xml", b"<x>application/vnd.ms-word.document.macroEnabled.main+xml</x>"),
        ("word/document.xml", b"<x/>"),
    ),
    "controls.docx": word(("word/activeX/activeX1.bin", b"x")),
    "program inside.docx": word(("word/embeddings/run.exe", b"MZ")),
    "program in disguise.docx": word(("word/media/image1.png", b"MZ" + b"\0" * 90)),
    "page inside.docx": word(("word/afchunk.html", HTML)),
    "upwards.docx": word(("../../../outside", b"x")),
    "bomb.docx": word(("word/media/image1.png", b"\0" * 30_000_000)),
    "sheet macros.xlsx": packed(("[Content_Types].xml", b"<x/>"), ("xl/macrosheets/sheet1.xml", b"<x/>")),
    "slides as words.docx": office("ppt"),
}


def files() -> Iterator[tuple[str, bytes]]:
    """Name and content of every one of them."""
    for ending in ENDINGS:
        for content, data in (("page", HTML), ("drawing", SVG), ("markup", XML), *PROGRAMS.items()):
            yield f"{content}.{ending}", data
    for ending in ("pdf", "docx", "txt", "png", "msg"):
        for content, data in ARCHIVES.items():
            yield f"{content}.{ending}", data
    for ending in NOT_ALLOWED.split():
        yield f"Sample.{ending}", HTML if ending in {"html", "svg", "xml", "mht"} else PDF
    for name in NAMES:
        yield name, b"a,b\n" if name.endswith(".csv") else PDF
    yield from BOTH_AT_ONCE.items()


HOSTILE = list(files())


def sent(client: c.Client, action: int, number: int, name: str, data: bytes) -> int:
    """Send a file with its name to the letter, as no browser would; answers the status."""
    fields = {
        "csrf_token": client.token,
        "once": f"hostile-{number}",
        "shows": str(number),
        "kind": "audit",
        "sensitivity": "open",
    }
    body, headers = c.with_file(fields, name, data)
    return client.ask("POST", f"/actions/{action}/evidence/new", body, {**headers, "HX-Request": "true"}).status


LET_IN = """(ids) => Promise.all(ids.flatMap((id) => [["iframe", "src"], ["object", "data"], ["embed", "src"],
  ["script", "src"], ["link", "href"], ["img", "src"]].map(([tag, name]) => new Promise((done) => {
    const one = document.createElement(tag);
    if (tag === "link") one.rel = "stylesheet";
    one.onload = one.onerror = done;
    one[name] = `/evidence/${id}`;
    document.body.append(one);
    setTimeout(done, 1500);
  }))))"""


def _all(site: Site, hostile: list[tuple[str, bytes]], record_property: Callable[[str, object], None]) -> None:
    action = site.actions["5.2"]
    evidence = site.folder / "evidence"
    outside = {path for path in files_in(site.folder) if evidence not in path.parents}
    with site.record() as record:
        newest = record.execute("select coalesce(max(id), 0) from evidence").fetchone()[0]
    client = c.Client(urlsplit(site.url).port or 0)
    client.sign_in("lead@tests.example", PASSWORD)
    statuses = [sent(client, action, number, name, data) for number, (name, data) in enumerate(hostile)]
    assert set(statuses) <= {200, 422}, [pair for pair in zip(hostile, statuses, strict=True) if pair[1] > 422]

    with site.record() as record:
        rows = record.execute(
            "select id, file_name, store_key from evidence where id > ? order by id", (newest,)
        ).fetchall()
    assert len(rows) == statuses.count(200)
    stored = files_in(evidence)
    strange = [path for path in stored if len(path.name) != 32 or set(path.name) - set("0123456789abcdef")]
    assert strange == [], "a file lies there under a name that somebody chose"
    assert {key for _, _, key in rows} <= {path.name for path in stored}
    assert {path for path in files_in(site.folder) if evidence not in path.parents} <= outside | {
        site.folder / f"ilacs.db-{end}" for end in ("wal", "shm")
    }
    attached = 0
    for id_, name, _ in rows:
        answer = client.get(f"/evidence/{id_}")
        attached += (
            answer.status == 200
            and answer.headers["content-disposition"].startswith("attachment;")
            and answer.headers["x-content-type-options"] == "nosniff"
            and answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        )
        assert name.isprintable() and not set("/\\") & set(name), name
    client.close()
    ran = _run_in_chromium(site, [id_ for id_, _, _ in rows])
    for label, value in (
        ("files", len(hostile)),
        ("refused", statuses.count(422)),
        ("sent_as_attachment", attached),
        ("stored_under_a_users_name", len(strange)),
        ("rendered_active", len(ran)),
    ):
        record_property(label, value)
    assert ran == []
    assert attached == len(rows)


def _run_in_chromium(site: Site, ids: list[int]) -> list[str]:
    """Open each by its address, then let each into a page without its policy; answers all that ran."""
    ran: list[str] = []
    context = site.browser.new_context(
        base_url=site.url, viewport={"width": 1366, "height": HEIGHT}, bypass_csp=True, accept_downloads=True
    )
    context.add_cookies(site.cookies("lead"))
    context.on("request", lambda asked: ran.append(asked.url) if asked.url.endswith("/ran") else None)
    context.on("dialog", lambda box: (ran.append(box.message), box.dismiss()))
    page = context.new_page()
    page.goto("/accessibility")
    for id_ in ids:
        with page.expect_download() as begun:
            page.evaluate("(path) => { location.href = path; }", f"/evidence/{id_}")
        if not page.url.endswith("/accessibility"):
            ran.append(f"{page.url} was shown as {begun.value.suggested_filename}")
    for at in range(0, len(ids), 5):
        page.evaluate(LET_IN, ids[at : at + 5])
    for path in ("/accessibility", f"/actions/{site.actions['5.2']}", "/plans/twin/recommendations/5/evidence"):
        if path != "/accessibility":
            page.goto(path)
        if page.evaluate("window.ran === 1") or page.title() == "ran" or page.locator("img[src=x]").count():
            ran.append(path)
    context.close()
    return ran


def test_there_are_200_of_them():
    assert len(HOSTILE) >= 200
    assert len({name for name, _ in HOSTILE}) == len(HOSTILE)


def test_hostile_files_one_of_each_kind_are_refused_or_sent_as_attachment(site: Site, record_property):
    _all(site, HOSTILE[::9], record_property)


@pytest.mark.proof
def test_200_hostile_files_are_refused_or_sent_as_attachment(site: Site, record_property):
    _all(site, HOSTILE, record_property)
