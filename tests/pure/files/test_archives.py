"""What is read of a zip archive before any library opens it."""

from __future__ import annotations

import io
import zipfile

import pytest

from ilacs_app.files.archives import MACRO_PARTS, directory_of, leaves_its_folder


def an_archive(comment: bytes = b"") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
        archive.writestr("[Content_Types].xml", "<t/>")
        archive.comment = comment
    return packed.getvalue()


def read(data: bytes):
    return directory_of(io.BytesIO(data), len(data))


def test_the_directory_of_an_archive_is_what_a_library_finds():
    data = an_archive()
    directory = read(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert (directory.entries, directory.starts) == (2, archive.start_dir)
    assert directory.starts + directory.size == directory.ends
    assert directory.is_whole


def test_a_comment_bytes_in_front_or_a_record_of_64_bits_are_told_apart_from_a_whole_directory():
    assert read(an_archive(b"a note")).has_comment and not read(an_archive(b"a note")).is_whole
    assert not read(b"%PDF-1.7" + an_archive()).is_whole
    data = an_archive()
    at = data.rfind(b"PK\x05\x06")
    wide = read(data[:at] + b"PK\x06\x07" + bytes(16) + data[at:])
    assert wide.has_64_bits and not wide.is_whole


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"words", an_archive()[:-1], an_archive() + b"more"])
def test_what_does_not_end_as_an_archive_has_no_directory(data):
    assert read(data) is None


def test_a_record_inside_a_comment_is_not_taken_for_the_last_one():
    inner = b"PK\x05\x06" + bytes(18)
    assert read(an_archive(b"x" + inner + b"y")).entries == 2


@pytest.mark.parametrize(
    ("name", "leaves"),
    [("word/document.xml", False), ("../evil", True), ("/etc/passwd", True), ("a\\..\\b", True), ("a/../b", True)],
)
def test_names_that_lead_out_of_the_folder_are_known(name, leaves):
    assert leaves_its_folder(name) == leaves


@pytest.mark.parametrize(
    ("name", "macros"),
    [("word/vbaProject.bin", True), ("xl/macrosheets/sheet1.xml", True), ("xl/worksheets/sheet1.xml", False)],
)
def test_parts_that_hold_macros_are_known_by_name(name, macros):
    assert bool(MACRO_PARTS.search(name)) == macros
