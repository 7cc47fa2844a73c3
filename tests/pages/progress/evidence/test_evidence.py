"""Evidence: what may be added, how it is kept, who may see it, how it is given out."""

from __future__ import annotations

import io
import zipfile

import pytest

from ilacs_app.files.filetypes import WrongFile, media_type, safe_name
from ilacs_app.progress.evidence import queries as evidence_queries
from ilacs_app.progress.notes import queries
from tests.auditor import read
from tests.factories import (
    GOOD_FILES,
    HTMX,
    NOTE,
    PDF,
    PNG,
    PROOF,
    files_in,
    fresh,
    office,
    send,
    the_record,
    token,
)

evidence, notes = fresh(evidence_queries.evidence), fresh(queries.notes)


def _add(world, role: str = "lead", ref: str = "5.2", name: str = "Dip sample.pdf", data: bytes = PDF, **fields):
    fields = {"shows": "What it shows", **fields}
    return send(world.client(role), world.actions[ref], "evidence", file=(name, data), **fields)


def _newest(world, role: str = "lead", ref: str = "5.2"):
    return evidence(world.actor(role), world.actions[ref])[0]


def test_every_kind_of_file_on_the_list_is_kept_and_given_back_to_the_letter(world):
    client = world.client("lead")
    for name, (data, kind) in GOOD_FILES.items():
        answer = _add(world, name=name, data=data)
        assert answer.status_code == 303, name
        piece = _newest(world)
        assert (piece.file_name, piece.size) == (name, len(data))
        given = client.get(f"/evidence/{piece.id}")
        assert given.data == data and given.mimetype == kind, name
    assert len(files_in(world.app.config["ILACS"].evidence_folder)) == len(GOOD_FILES)


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def holding(inside: str, name: str, text: str) -> bytes:
    """A file of Office with one part of these words."""
    out = io.BytesIO(office(inside))
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr(name, text)
    return out.getvalue()


def word_text(inside: str, name: str = "word/header1.xml") -> bytes:
    return holding("word", name, f'<w:p xmlns:w="{WORD}">{inside}</w:p>')


def linked(kind: str, target: str, inside: str = "word", name: str = "word/_rels/settings.xml.rels") -> bytes:
    """A file of Office with a part that applies elsewhere."""
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    one = f'<Relationship Id="r1" Type="{types}/{kind}" Target="{target}" TargetMode="External"/>'
    return holding(inside, name, f"<Relationships>{one}</Relationships>")


def run(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


ELSEWHERE = (
    "http://example.org/a.dotm",
    "https://example.org/a.dotx",
    "file://///server/share/a.dotm",
    r"\\\\server\a.dotm",
)
PASSWORD = OLE + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
FETCHES = {
    **{f"a password in {ending}": (f"a.{ending}", PASSWORD, "password") for ending in ("docx", "xlsx", "pptx")},
    "an old file under a new name": ("a.docx", OLE + b"\0" * 900, "in an older format of Office. Save it as docx"),
    **{f"a template at {to}": ("a.docx", linked("attachedTemplate", to), "uses a template") for to in ELSEWHERE},
    "an object elsewhere": (
        "a.pptx",
        linked("oleObject", "http://example.org/x", "ppt", "ppt/slides/_rels/slide1.xml.rels"),
        "is fetched from another place",
    ),
    "a frame": ("a.docx", linked("frame", "http://example.org/", name="word/_rels/webSettings.xml.rels"), "is fetched"),
    "dde": ("a.docx", word_text(mark("begin") + run(" DDEAUTO c:\\\\x ") + mark("end")), "(DDE)"),
    "dde in pieces": (
        "a.docx",
        word_text(mark("begin") + run(" D") + run("D") + run("e excel") + mark("separate") + mark("end")),
        "(DDE)",
    ),
    "dde from a field inside": (
        "a.docx",
        word_text(
            mark("begin")
            + (mark("begin") + run(" QUOTE 68 68 69 ") + mark("separate") + "<w:r><w:t>DDE</w:t></w:r>" + mark("end"))
            + (run(" cmd ") + mark("end")),
            "word/document.xml.xml",
        ),
        "(DDE)",
    ),
    "dde as one field": ("a.docx", word_text('<w:fldSimple w:instr=" ddeauto x "/>', "word/footnotes.xml"), "(DDE)"),
    "dde in a workbook": (
        "a.xlsx",
        holding("xl", "xl/externalLinks/externalLink1.xml", '<externalLink><ddeLink ddeService="cmd"/></externalLink>'),
        "(DDE)",
    ),
    "a page before a pdf": ("a.pdf", b"<html><script>x()</script>" + PDF, "holds a web page as well"),
    "a program before a pdf": ("a.pdf", b"MZ" + b"\0" * 100 + PDF, "This is not a pdf file"),
    "a pdf too far down": ("a.pdf", b" " * 1025 + PDF, "This is not a pdf file"),
}


@pytest.mark.parametrize("why", FETCHES)
def test_what_fetches_or_starts_something_when_it_is_opened_is_refused_with_the_reason(why):
    name, data, says = FETCHES[why]
    with pytest.raises(WrongFile) as refusal:
        media_type(name, io.BytesIO(data))
    assert says in str(refusal.value)


ORDINARY = {
    "a template of one's own machine": ("a.docx", linked("attachedTemplate", "file:///C:\\Templates\\Council.dotx")),
    "a template beside it": ("a.docx", linked("attachedTemplate", "Council.dotx")),
    "a link to click": ("a.docx", linked("hyperlink", "https://example.org/", name="word/_rels/document.xml.rels")),
    "a table of contents": ("a.docx", word_text(mark("begin") + run(' TOC "DDE" ') + mark("separate") + mark("end"))),
    "words about it": ("a.docx", word_text("<w:r><w:t>DDE is a protocol</w:t></w:r>")),
    "values of another workbook": (
        "a.xlsx",
        holding("xl", "xl/externalLinks/externalLink1.xml", "<externalLink><externalBook/></externalLink>"),
    ),
    "bytes before a pdf": ("a.pdf", b"\r\n\xef\xbb\xbf" + PDF),
    "as many bytes before a pdf as readers take": ("a.pdf", b" " * 1024 + PDF),
}


@pytest.mark.parametrize("what", ORDINARY)
def test_what_only_links_or_begins_a_little_late_is_taken(what):
    name, data = ORDINARY[what]
    assert media_type(name, io.BytesIO(data))


BAD_FILES = {
    "empty": ("Empty.pdf", b"", "This file is empty."),
    "a page as pdf": ("Sample.pdf", b"<!doctype html><script>x()</script>", "This is not a pdf file"),
    "a page as text": ("Sample.txt", b"  <HTML><script>x()</script>", "This is not a txt file"),
    "a picture as csv": ("Sample.csv", PNG, "This is not a csv file"),
    "a pdf as picture": ("Sample.png", PDF, "This is not a png file"),
    "a zip as docx": ("Sample.docx", office("xl"), "This is not a docx file"),
    "a broken docx": ("Sample.docx", b"PK\x03\x04" + b"\0" * 50, "This is not a docx file"),
    "macros in docx": ("Sample.docx", office("word", "word/vbaProject.bin"), "This file has macros."),
    "macros in xlsx": ("Sample.xlsx", office("xl", "xl/VBAPROJECT.BIN"), "This file has macros."),
    "a file with macros by name": ("Sample.docm", office("word"), "they may hold macros."),
    "a program": ("Sample.exe", b"MZ" + b"\0" * 100, "Files of this kind cannot be evidence."),
    "a web page": ("Sample.html", b"<html></html>", "Files of this kind cannot be evidence."),
    "a drawing with scripts": ("Sample.svg", b"<svg><script/></svg>", "Files of this kind cannot be evidence."),
    "two endings": ("Sample.pdf.html", PDF, "Files of this kind cannot be evidence."),
    "no ending": ("Sample", PDF, "Files of this kind cannot be evidence."),
    "only an ending": (".pdf.", PDF, "Files of this kind cannot be evidence."),
}


def test_what_may_not_be_evidence_is_refused_with_a_sentence_and_nothing_is_left(world):
    before = the_record()
    for why, (name, data, says) in BAD_FILES.items():
        for htmx in (False, True):
            client, action = world.client("lead"), world.actions["5.2"]
            answer = send(client, action, file=(name, data), shows="x", htmx=htmx, **NOTE)
            assert answer.status_code == 422, why
            form = read(answer.text).one("form", id=f"a{action}-form")
            assert says in form.one("div", role="alert").text, why
            assert form.one("textarea", name="did").whole_text == NOTE["did"], why
    assert the_record() == before
    assert files_in(world.app.config["ILACS"].evidence_folder) == []


def test_a_file_larger_than_25_mb_is_refused(world):
    before = the_record()
    client, action = world.client("lead"), world.actions["5.2"]
    form = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token(client)}\r\n'
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    body = (form + file).encode() + PDF + b"\0" * (28 * 1024 * 1024) + b"\r\n--x--\r\n"
    for headers in ({}, HTMX):
        answer = client.post(
            f"/actions/{action}/evidence",
            input_stream=io.BytesIO(body),
            content_length=len(body),
            content_type="multipart/form-data; boundary=x",
            headers=headers,
        )
        assert answer.status_code == 413 and "25MB or smaller" in answer.text
    with pytest.raises(WrongFile, match="larger than 25MB"):
        media_type("a.pdf", io.BytesIO(PDF + b"\0" * (25 * 1024 * 1024)))
    assert the_record() == before
    assert files_in(world.app.config["ILACS"].evidence_folder) == []


def test_a_link_is_evidence_and_is_never_fetched_or_run(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, "evidence", **PROOF).status_code == 303
    link = read(client.get(f"/actions/{action}").text).one("a", href=PROOF["url"])
    assert link.attrs["rel"] == "noopener noreferrer"
    for wrong in ("javascript:alert(1)", "data:text/html,x", "ftp://x/y", "intranet.example", "https://", "http://a b"):
        answer = send(client, action, "evidence", url=wrong, shows="x")
        assert answer.status_code == 422 and "Enter a full web address" in answer.text, wrong
    assert len(evidence(world.actor("lead"), action)) == 1


def test_an_address_that_no_reader_of_addresses_can_read_is_refused(world):
    answer = send(world.client("lead"), world.actions["5.2"], "evidence", url="https://[", shows="x")
    assert answer.status_code == 422


def test_evidence_needs_a_file_or_a_link_what_it_shows_and_known_words(world):
    client, action = world.client("lead"), world.actions["5.2"]
    before = the_record()
    for fields, says in (
        ({}, "Add a file or a link."),
        ({"shows": "x"}, "Add a file or a link."),
        ({"url": PROOF["url"]}, "Enter what this evidence shows."),
        ({**PROOF, "kind": "gossip"}, "Select the kind of evidence."),
        ({**PROOF, "sensitivity": "secret"}, "Select who can see it."),
        ({**PROOF, "file": ("a.pdf", PDF)}, "Add a file or a link, not both."),
    ):
        answer = send(client, action, "evidence", **fields)
        assert answer.status_code == 422 and says in answer.text, fields
    assert the_record() == before


def test_a_download_is_an_attachment_that_runs_nothing(world):
    for name in ("Dip sample.pdf", "Ünïcøde “quoted”; x=y.pdf", "../../etc/passwd.pdf", "C:\\Temp\\a.pdf"):
        assert _add(world, name=name).status_code == 303
        piece = _newest(world)
        answer = world.client("lead").get(f"/evidence/{piece.id}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "/" not in piece.file_name and "\\" not in piece.file_name
    assert safe_name("a\r\nSet-Cookie: x=y.pdf") == "aSet-Cookie: x=y.pdf"


def test_a_file_that_was_changed_or_lost_is_not_given_out(world):
    assert _add(world).status_code == 303
    piece = _newest(world)
    (stored,) = files_in(world.app.config["ILACS"].evidence_folder)
    assert stored.name != piece.file_name
    data = bytearray(stored.read_bytes())
    data[10] ^= 1
    stored.write_bytes(bytes(data))
    answer = world.client("lead").get(f"/evidence/{piece.id}")
    assert answer.status_code == 500 and "different from what was stored" in answer.text
    assert bytes(data) not in answer.data and "Content-Disposition" not in answer.headers
    stored.unlink()
    lost = world.client("lead").get(f"/evidence/{piece.id}")
    assert lost.status_code == 500 and "missing from the evidence folder" in lost.text


def test_a_folder_that_takes_nothing_saves_neither_file_nor_note(world):
    folder = world.app.config["ILACS"].evidence_folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file stands where the folder should be")
    before = the_record()
    for htmx in (False, True):
        answer = send(world.client("lead"), world.actions["5.2"], file=("a.pdf", PDF), shows="x", htmx=htmx, **NOTE)
        assert answer.status_code == 422
        assert "nothing was saved" in answer.text and NOTE["did"] in answer.text
    assert the_record() == before


SEES_RESTRICTED = (
    "lead",
    "contributor",
    "verifier",
    "board_member",
    "chair",
    "secretary",
    "programme_manager",
    "partner",
)
SEES_OPEN_ONLY = ("other_lead", "administrator", "viewer", "inspector")


def test_restricted_evidence_is_seen_as_the_product_says(world):
    hidden = _add(world, ref="5.3", sensitivity="restricted", name="Restricted sample.csv", data=b"a,b\n")
    shown = _add(world, ref="5.3", name="Open sample.csv", data=b"a,b\n")
    assert (hidden.status_code, shown.status_code) == (303, 303)
    action = world.actions["5.3"]
    opened, restricted = (piece.id for piece in evidence(world.actor("lead"), action))
    for role in (*SEES_RESTRICTED, *SEES_OPEN_ONLY):
        client, may = world.client(role), role in SEES_RESTRICTED
        assert client.get(f"/evidence/{opened}").status_code == 200, role
        assert client.get(f"/evidence/{restricted}").status_code == (200 if may else 404), role
        page = client.get(f"/actions/{action}?history=all").text
        assert "Open sample.csv" in page, role
        assert ("Restricted sample.csv" in page) == may, role
    assert world.client("nobody").get(f"/evidence/{opened}").status_code == 404
    assert world.client(None).get(f"/evidence/{opened}").status_code == 302
    assert world.client(None).get(f"/evidence/{opened}", headers=HTMX).status_code == 401


def test_what_a_restricted_piece_shows_is_in_no_history_that_others_read(world):
    assert _add(world, sensitivity="restricted", name="Child at risk.csv", data=b"a,b\n", shows="About one family")
    text = world.client("viewer").get(f"/actions/{world.actions['5.2']}?history=all").text
    assert "Child at risk" not in text and "About one family" not in text


def test_evidence_of_another_boards_item_is_not_a_partners_to_know_of(world):
    assert _add(world, role="other_lead", ref="6.2").status_code == 303
    piece = _newest(world, "other_lead", "6.2")
    assert world.client("partner").get(f"/evidence/{piece.id}").status_code == 404


def test_wrong_verb_and_missing_id(world):
    client = world.client("lead")
    assert client.get("/evidence/999999").status_code == 404
    assert client.post("/evidence/1", data={"csrf_token": token(client)}).status_code == 405
    assert client.get("/evidence/../evidence/x").status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_note_and_evidence_are_saved_together_or_not_at_all(world, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    wrong = send(client, action, htmx=bool(headers), **NOTE, url="no address", shows="x")
    assert wrong.status_code == 422 and notes(action) == []
    good = send(client, action, htmx=bool(headers), **NOTE, file=("a.pdf", PDF), shows="x")
    assert good.status_code in {200, 303}
    assert len(notes(action)) == len(evidence(world.actor("lead"), action)) == 1
    stale = send(
        client, action, htmx=bool(headers), **NOTE, file=("a.pdf", PDF), shows="x", status="in_progress", version=99
    )
    assert stale.status_code == 409
    assert len(files_in(world.app.config["ILACS"].evidence_folder)) == 1, "the file of a refused form is taken away"


def test_a_name_beyond_ascii_is_given_out_to_the_letter_and_near_enough(world):
    assert _add(world, name="Zoë’s “dip” sample 中.pdf").status_code == 303
    given = world.client("lead").get(f"/evidence/{_newest(world).id}").headers["Content-Disposition"]
    assert given.startswith("attachment; filename=\"Zoes dip sample .pdf\"; filename*=UTF-8''Zo%C3%AB%E2%80%99s%20")
    assert _add(world, name="中.pdf").status_code == 303
    given = world.client("lead").get(f"/evidence/{_newest(world).id}").headers["Content-Disposition"]
    assert given == "attachment; filename=file.pdf; filename*=UTF-8''%E4%B8%AD.pdf"
