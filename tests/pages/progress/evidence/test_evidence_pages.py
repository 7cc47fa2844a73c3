"""Evidence by itself: several files at once, withdrawn with a reason, listed and bundled for a recommendation."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from uuid import uuid4

import pytest
from flask import session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from ilacs_app.progress.evidence import queries as evidence_queries
from ilacs_app.progress.notes import queries
from ilacs_app.web import after_saving
from tests.auditor import read
from tests.conftest import CHARACTERS
from tests.factories import HTMX, NOTE, PDF, PNG, PROOF, files_in, fresh, send, the_record, token

evidence, notes = fresh(evidence_queries.evidence), fresh(queries.notes)
INDEX = "/plans/twin/recommendations/5/evidence"
BORN = "One family, born on 3 May 2012, was looked at."
NHS = "943 476 5919"  # made up; its last digit checks the others


def add(client, action, *files, htmx=False, **fields):
    data = {
        "csrf_token": token(client),
        "once": uuid4().hex,
        "view": "action",
        "shows": "What it shows",
        "kind": "audit",
        "sensitivity": "open",
        **fields,
    }
    data["file"] = [(io.BytesIO(content), name) for name, content in files]
    return client.post(
        f"/actions/{action}/evidence/new",
        data=data,
        content_type="multipart/form-data",
        headers=HTMX if htmx else {},
    )


def withdraw(client, piece_id, reason="It belongs to another action.", **fields):
    data = {"csrf_token": token(client), "once": uuid4().hex, "view": "action", "reason": reason, **fields}
    return client.post(f"/evidence/{piece_id}/withdraw", data=data)


def bundle(client, path=INDEX):
    return client.post(path, data={"csrf_token": token(client), "once": uuid4().hex, "view": "action"})


def folder(world):
    return world.app.config["ILACS"].evidence_folder


def the_piece(world, role="lead", ref="5.2"):
    return evidence(world.actor(role), world.actions[ref])[0]


def test_a_file_is_added_by_itself_and_its_line_says_saved(world):
    client, action = world.client("lead"), world.actions["5.2"]
    page = read(client.get(f"/actions/{action}/evidence/new").text)
    form = page.one("form", id=f"e{action}-form")
    assert form.attrs["action"] == f"/actions/{action}/evidence/new"
    assert "multiple" in form.one("input", name="file").attrs
    plain = add(client, action, ("Dip sample.pdf", PDF), period="January to March 2018")
    assert plain.status_code == 303
    after = client.get(plain.location).text
    assert "Saved: Dip sample.pdf." in read(after).one(id="status").text and "January to March 2018" in after
    line = add(client, action, ("Wall.png", PNG), htmx=True)
    assert line.status_code == 200 and read(line.text).one("p").text == "Saved."
    assert [piece.file_name for piece in evidence(world.actor("lead"), action)] == ["Wall.png", "Dip sample.pdf"]


def test_without_scripts_one_form_takes_several_files_all_or_none(world):
    client, action = world.client("lead"), world.actions["5.2"]
    files = [("One.pdf", PDF), ("Two.png", PNG), ("Three.csv", b"a,b\n")]
    answer = add(client, action, *files, shows="Three papers of one audit")
    assert "Saved: One.pdf, Two.png, Three.csv." in read(client.get(answer.location).text).one(id="status").text
    found = evidence(world.actor("lead"), action)
    assert {piece.file_name for piece in found} == {name for name, _ in files}
    assert {piece.shows for piece in found} == {"Three papers of one audit"}
    before = the_record()
    wrong = add(client, action, ("Good.pdf", PDF), ("Bad.html", b"<html>"))
    assert wrong.status_code == 422
    assert "Bad.html: Files of this kind cannot be evidence." in wrong.text
    assert the_record() == before and len(files_in(folder(world))) == 3


def test_a_note_and_several_files_of_one_row_are_saved_together(world):
    client, action = world.client("lead"), world.actions["5.2"]
    data = {"csrf_token": token(client), "once": uuid4().hex, "view": "work", "back": "/", **NOTE}
    data |= {"shows": "Both", "kind": "audit", "sensitivity": "open"}
    data["file"] = [(io.BytesIO(PDF), "One.pdf"), (io.BytesIO(PNG), "Two.png")]
    answer = client.post(f"/actions/{action}/answer", data=data, content_type="multipart/form-data", headers=HTMX)
    assert answer.status_code == 200 and "Evidence added: 2 files." in answer.text
    assert len(notes(action)) == 1 and len(evidence(world.actor("lead"), action)) == 2


def test_a_refused_line_names_the_field_and_keeps_nothing(world):
    client, action = world.client("lead"), world.actions["5.2"]
    before = the_record()
    for files, fields, named in (
        ([("Sample.exe", b"MZ")], {}, "file"),
        ([("Sample.pdf", PDF)], {"shows": ""}, "shows"),
        ([("Sample.pdf", PDF)], {"kind": "gossip"}, "kind"),
        ([], {"url": "nowhere"}, "url"),
    ):
        line = add(client, action, *files, htmx=True, **fields)
        assert line.status_code == 422
        assert [one.attrs["data-field"] for one in read(line.text).all("li")] == [named]
        page = add(client, action, *files, **fields)
        assert page.status_code == 422 and "There is a problem" in page.text
        assert read(page.text).one("input", name="shows").attrs["value"] == fields.get("shows", "What it shows")
    assert the_record() == before and files_in(folder(world)) == []


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_the_same_form_sent_again_answers_as_before_and_adds_nothing(world, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    answers = [add(client, action, ("Dip sample.pdf", PDF), htmx=bool(headers), once="the-same-form") for _ in range(3)]
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    assert len(evidence(world.actor("lead"), action)) == len(files_in(folder(world))) == 1


def test_25_mb_are_taken_and_one_byte_more_is_refused(world):
    client, action = world.client("lead"), world.actions["5.2"]
    fields = {"csrf_token": token(client), "shows": "x", "kind": "audit", "sensitivity": "open"}
    for size, status in ((25 * 1024 * 1024, 200), (25 * 1024 * 1024 + 1, 422)):
        file = FileStorage(io.BytesIO(PDF + b"\0" * (size - len(PDF))), "Largest.pdf")
        boundary, body = encode_multipart({**fields, "file": file})
        answer = client.post(
            f"/actions/{action}/evidence/new",
            input_stream=io.BytesIO(body),
            content_length=len(body),
            content_type=f"multipart/form-data; boundary={boundary}",
            headers=HTMX,
        )
        assert answer.status_code == status, size
    assert "larger than 25MB" in answer.text
    assert [piece.size for piece in evidence(world.actor("lead"), action)] == [25 * 1024 * 1024]
    assert len(files_in(folder(world))) == 1


def test_the_picture_of_a_telephone_is_known_by_any_of_its_brands(world):
    client, action = world.client("lead"), world.actions["5.2"]
    for major, also in ((b"heic", b"mif1"), (b"heix", b"mif1"), (b"mif1", b"heic")):
        head = b"\0\0\0\x1cftyp" + major + b"\0\0\0\0" + also + b"miaf" + b"\0" * 64
        assert add(client, action, ("Wall.heic", head)).status_code == 303, major
    other = b"\0\0\0\x1cftypavif\0\0\0\0mif1miaf" + b"\0" * 64
    assert add(client, action, ("Wall.heic", other)).status_code == 422


def test_a_link_is_added_by_itself(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert add(client, action, **PROOF).status_code == 303
    assert the_piece(world).url == PROOF["url"]


WARNED = "This seems to include"


def test_a_text_that_may_name_a_child_is_saved_and_reported(world):
    client, action = world.client("lead"), world.actions["5.2"]
    for fields, found in (
        ({"did": BORN}, "a date of birth"),
        ({"difference": f"NHS number {NHS}"}, "an NHS number"),
        ({"did": "Done", **PROOF, "shows": f"Record {NHS}"}, "an NHS number"),
    ):
        for htmx in (False, True):
            answer = send(client, action, htmx=htmx, **fields)
            assert answer.status_code == (200 if htmx else 303)
            said = answer.text if htmx else client.get("/").text
            assert f"{WARNED} {found}." in said, fields
    assert notes(action)[-1].did == BORN, "the text is what was written"
    quiet = send(client, action, htmx=True, **NOTE)
    assert quiet.status_code == 200 and WARNED not in quiet.text


def test_a_file_that_may_name_a_child_is_kept_and_reported(world):
    client, action = world.client("lead"), world.actions["5.2"]
    rows = f"Name,NHS\r\nSomebody,{NHS}\r\n"
    for number, (name, data) in enumerate(
        (
            ("Rows.csv", rows.encode()),
            ("Rows of Windows.txt", rows.encode("utf-16")),
            ("Mail.eml", f"From: a@b.example\r\nSubject: x\r\n\r\n{BORN}".encode()),
            (f"Record {NHS}.pdf", PDF),
        ),
        start=1,
    ):
        line = add(client, action, (name, data), htmx=True)
        assert line.status_code == 200 and WARNED in read(line.text).one("span", data_warning="").text, name
        assert len(evidence(world.actor("lead"), action)) == number
    again = add(client, action, ("Rows.csv", rows.encode()))
    assert WARNED in client.get(again.location).text
    answer = send(client, action, "evidence", file=("Rows.csv", rows.encode()), shows="x", htmx=True)
    assert WARNED in answer.text


def test_a_piece_is_withdrawn_with_a_reason_and_stays_in_the_record(world):
    client, action = world.client("lead"), world.actions["5.2"]
    add(client, action, ("Wrong action.pdf", PDF))
    piece = the_piece(world)
    page = read(client.get(f"/evidence/{piece.id}/withdraw").text)
    assert "Wrong action.pdf" in page.one("ul", class_="files").text
    empty = withdraw(client, piece.id, reason=" ")
    assert empty.status_code == 422 and "Enter why this evidence is withdrawn." in empty.text
    done = withdraw(client, piece.id)
    assert done.status_code == 303 and done.location.endswith(f"/actions/{action}#evidence")
    shown = read(client.get(f"/actions/{action}").text).one("ul", class_="files").text
    assert "Withdrawn by MASH Service Manager, 7 April 2018: It belongs to another action." in shown
    assert client.get(f"/evidence/{piece.id}").data == PDF
    assert "Evidence withdrawn" in client.get(f"/actions/{action}?history=all").text
    late = withdraw(client, piece.id, reason="Twice over.")
    assert late.status_code == 409 and "It was withdrawn before" in late.text and "Twice over." in late.text


def test_a_search_says_that_a_piece_was_withdrawn(world):
    client = world.client("lead")
    add(client, world.actions["5.2"], ("Dip sample.pdf", PDF), shows="Corvid numbers")
    assert "Withdrawn" not in client.get("/search?q=corvid").text
    withdraw(client, the_piece(world).id)
    assert "Withdrawn" in read(client.get("/search?q=corvid").text).one("ol", class_="hits").text


def test_the_same_withdrawal_sent_twice_is_one(world):
    client, action = world.client("lead"), world.actions["5.2"]
    add(client, action, ("A.pdf", PDF))
    piece = the_piece(world)
    assert [withdraw(client, piece.id, once="same").status_code for _ in range(2)] == [303, 303]


def test_a_claim_cannot_rest_on_a_withdrawn_piece(world):
    client, action = world.client("lead"), world.actions["5.2"]
    add(client, action, ("A.pdf", PDF))
    withdraw(client, the_piece(world).id)
    claim = send(client, action, **NOTE, status="completed", month="2018-04")
    assert claim.status_code == 422
    assert send(client, action, **NOTE, **PROOF, status="completed", month="2018-04").status_code == 303


def test_what_a_withdrawn_piece_was_is_in_no_history_that_others_read(world):
    client, action = world.client("lead"), world.actions["5.2"]
    add(client, action, ("One family.csv", b"a,b\n"), sensitivity="restricted")
    withdraw(client, the_piece(world).id, reason="It names the family.")
    text = world.client("viewer").get(f"/actions/{action}?history=all").text
    assert "Evidence withdrawn" in text and "family" not in text


def test_readers_and_strangers_add_and_withdraw_nothing(world):
    action = world.actions["5.2"]
    add(world.client("lead"), action, ("A.pdf", PDF))
    piece = the_piece(world)
    before = the_record()
    for role in ("viewer", "chair", "verifier", "other_lead", "inspector"):
        client = world.client(role)
        assert add(client, action, ("B.pdf", PDF)).status_code == 403, role
        assert withdraw(client, piece.id).status_code == 403, role
        assert f"/evidence/{piece.id}/withdraw" not in client.get(f"/actions/{action}").text
        assert f"/actions/{action}/evidence/new" not in client.get(f"/actions/{action}").text
    assert add(world.client("nobody"), action, ("B.pdf", PDF)).status_code == 404
    assert the_record() == before and len(files_in(folder(world))) == 1


def test_wrong_verbs_and_missing_ids(world):
    client, action = world.client("lead"), world.actions["5.2"]
    for path in (f"/actions/{action}/evidence/new", "/evidence/1/withdraw", INDEX):
        assert client.put(path).status_code == 405
    for path in (
        "/actions/999999/evidence/new",
        "/evidence/999999/withdraw",
        "/plans/twin/recommendations/99/evidence",
    ):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"csrf_token": token(client)}).status_code == 404


def test_the_index_holds_every_piece_with_its_hash_and_what_became_of_the_claim(world):
    lead = world.client("lead")
    add(lead, world.actions["5.2"], ("Dip sample.pdf", PDF), period="March 2018")
    send(lead, world.actions["5.2"], **NOTE, status="completed", month="2018-04")
    add(lead, world.actions["5.3"], **PROOF)
    page = read(lead.get(INDEX).text)
    assert "2 pieces of evidence you can see" in page.one("p", class_="lead").text
    (first,) = [table for table in page.all("table") if "Dip sample.pdf" in table.text]
    assert len(page.all("form", action=INDEX)) == len(page.all("a", href=INDEX.removesuffix("/evidence"))) == 1
    assert hashlib.sha256(PDF).hexdigest() in first.text
    assert "March 2018" in first.text and "Completed, awaiting verification" in first.text
    send(
        world.client("verifier"), world.actions["5.2"], "status", status="verified", reason="It held.", sample="Twenty"
    )
    (first,) = [table for table in read(lead.get(INDEX).text).all("table") if "Dip sample.pdf" in table.text]
    assert f"Verified{CHARACTERS['verifier']}, 7 Apr 2018" in first.text
    linked = read(lead.get("/plans/twin/recommendations/5").text).all("a", href=INDEX)
    assert len(linked) == 1


def test_an_index_without_evidence_says_so_and_offers_no_bundle(world):
    page = read(world.client("viewer").get(INDEX).text)
    assert "0 pieces" in page.one("p", class_="lead").text
    assert page.all("form", action=INDEX) == []


def unpacked(answer):
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_bundle_holds_the_files_the_index_and_the_hashes(world):
    lead = world.client("lead")
    add(lead, world.actions["5.2"], ("Dip sample.pdf", PDF), ("Wall.png", PNG))
    add(lead, world.actions["5.3"], **PROOF)
    files = unpacked(bundle(lead))
    assert set(files) == {
        "index.html",
        "index.csv",
        "SHA256SUMS",
        "files/5.2-1 Wall.png",
        "files/5.2-2 Dip sample.pdf",
    }
    for line in files["SHA256SUMS"].decode().splitlines():
        sha256, name = line.split("  ", 1)
        assert hashlib.sha256(files[name]).hexdigest() == sha256
    rows = list(csv.DictReader(io.StringIO(files["index.csv"].decode("utf-8-sig"))))
    assert [row["File name in this bundle"] for row in rows] == [
        "files/5.2-1 Wall.png",
        "files/5.2-2 Dip sample.pdf",
        "",
    ]
    assert rows[2]["File or link"] == PROOF["url"]
    index = files["index.html"].decode()
    assert "files/5.2-2%20Dip%20sample.pdf" in index and "<script" not in index


def test_who_downloaded_a_bundle_is_in_history_once(world):
    lead = world.client("lead")
    add(lead, world.actions["5.2"], ("Dip sample.pdf", PDF))
    before = len(the_record()["history_event"])
    data = {"csrf_token": token(lead), "once": "one-bundle", "view": "action"}
    for _ in range(2):
        assert lead.post(INDEX, data=data).status_code == 200
    assert len(the_record()["history_event"]) == before + 1


def test_two_bundles_of_one_key_are_both_downloaded_and_in_history(world):
    lead = world.client("lead")
    add(lead, world.actions["5.2"], ("Dip sample.pdf", PDF))
    before = len(the_record()["history_event"])
    for number in (5, 6):
        index = f"/plans/twin/recommendations/{number}/evidence"
        unpacked(lead.post(index, data={"csrf_token": token(lead), "once": "one-bundle", "view": "action"}))
    assert len(the_record()["history_event"]) == before + 2


def test_a_bundle_holds_only_what_its_reader_may_see(world):
    lead = world.client("lead")
    add(lead, world.actions["5.2"], ("Secret.csv", b"a,b\n"), sensitivity="restricted", shows="About one family")
    add(lead, world.actions["5.2"], ("Open.csv", b"a,b\n"))
    for role in ("viewer", "inspector", "other_lead"):
        files = unpacked(bundle(world.client(role)))
        assert [name for name in files if name.startswith("files/")] == ["files/5.2-1 Open.csv"], role
        assert not any(b"family" in data or b"Secret" in data for data in files.values()), role
    assert "files/5.2-2 Secret.csv" in unpacked(bundle(world.client("verifier")))


def test_a_file_that_was_changed_or_lost_is_left_out_of_the_bundle_and_named(world):
    lead = world.client("lead")
    add(lead, world.actions["5.2"], ("Changed.csv", b"changed,b\n"))
    add(lead, world.actions["5.2"], ("Good.pdf", PDF))
    (stored,) = [path for path in files_in(folder(world)) if path.read_bytes() != PDF]
    stored.write_bytes(b"Changed,b\n")
    files = unpacked(bundle(lead))
    assert [name for name in files if name.startswith("files/")] == ["files/5.2-1 Good.pdf"]
    assert b"Not in this bundle: This file is different from what was stored" in files["index.csv"]
    assert b"Changed,b" not in b"".join(files.values())
    stored.unlink()
    assert b"missing from the evidence folder" in unpacked(bundle(lead))["index.html"]


def test_no_name_in_a_bundle_leads_out_of_its_folder_and_no_cell_of_its_index_is_a_formula(world):
    lead = world.client("lead")
    for name in ("..\\..\\run.pdf", "../up.pdf", "a:b|c?.pdf", "=cmd.csv", "CON.pdf", "… .pdf"):
        assert add(lead, world.actions["5.2"], (name, b"a,b\n" if name.endswith("csv") else PDF)).status_code == 303
    add(lead, world.actions["5.2"], ("x.pdf", PDF), shows="=HYPERLINK(1)")
    files = unpacked(bundle(lead))
    for name in files:
        assert ".." not in name.split("/") and not set('<>:"\\|?*') & set(name), name
        assert name.count("/") <= 1 and not name.startswith("/")
    cells = [cell for row in csv.reader(io.StringIO(files["index.csv"].decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_partner_is_not_told_of_another_boards_recommendation(world):
    assert world.client("partner").get("/plans/twin/recommendations/6/evidence").status_code == 404
    assert bundle(world.client("partner"), "/plans/twin/recommendations/6/evidence").status_code == 404


def test_sixty_files_in_one_form_without_javascript_are_shown_to_be_saved(world):
    client, action = world.fresh_client("lead"), world.actions["5.2"]
    names = [f"{n} {hashlib.sha256(bytes([n])).hexdigest()} Zoë.pdf" for n in range(60)]
    born = {"shows": BORN}
    sent = add(client, action, *((name, PDF + name.encode()) for name in names), **born)
    assert sent.status_code == 303
    assert all(len(cookie) < 4093 for cookie in sent.headers.getlist("Set-Cookie"))
    said = read(client.get(sent.location).text).one(id="status").text
    assert said.startswith(f"Saved: {names[0]}, {names[1]}, {names[2]} and 57 more files. ")
    assert "child" in said, "what was noticed about the words is said after many files too"


def test_a_very_long_sentence_about_what_was_saved_fits_into_a_cookie(world):
    with world.app.test_request_context("/"):
        after_saving("Saved: " + "Zoë 中 " * 900, "/")
        cookie = world.app.session_interface.get_signing_serializer(world.app).dumps(dict(session))
    assert len(cookie) < 3000
