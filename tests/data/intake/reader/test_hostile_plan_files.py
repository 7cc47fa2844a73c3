"""Files that are made to hurt are refused at once with a sentence, cost little memory and leave nothing behind."""

from __future__ import annotations

import io
import os
import stat
import statistics
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from ilacs_app.intake.reader import sandbox
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.limits import check_limits
from ilacs_app.intake.reader.read import read_plan_apart
from tests.conftest import SAMPLES
from tests.factories import files_in

DATED_ON = date(2018, 2, 22)
MOST_SECONDS = 2
MOST_MEMORY = 64 * 1024  # kilobytes
CONTENT = "[Content_Types].xml"
BOOK, SHEET = "xl/workbook.xml", "xl/worksheets/sheet1.xml"
WORD = "word/document.xml"


def package(*parts: tuple[str | zipfile.ZipInfo, bytes | str], stored: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as made:
        for name, data in parts:
            made.writestr(name, data)
    return out.getvalue()


def changed(name: str, part: str, data: bytes | str) -> bytes:
    """One of our own samples with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(SAMPLES / name) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != part:
                new.writestr(entry, old.read(entry))
        new.writestr(part, data)
    return out.getvalue()


def sample(kind: str) -> bytes:
    return (SAMPLES / f"plan.{kind}").read_bytes()


def word(body: str, head: str = "") -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<?xml version="1.0"?>{head}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'


def sheet(rows: str, head: str = "", tail: str = "") -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?>{head}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>{tail}</worksheet>'


LAUGHS = (
    '<!DOCTYPE z [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
OUTSIDE = '<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
QUADRATIC = f'<!DOCTYPE z [<!ENTITY q "{"q" * 50_000}">]>'


def link() -> bytes:
    entry = zipfile.ZipInfo("word/linked.xml")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return package((CONTENT, "<x/>"), (WORD, word("")), (entry, "/etc/hostname"))


def lying_size(kind: str) -> bytes:
    """A directory that says that a part is small when it is not."""
    data = bytearray(changed(f"plan.{kind}", WORD if kind == "docx" else SHEET, b"<a>" + b"x" * 900_000 + b"</a>"))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 10)
    return bytes(data)


def encrypted_flag() -> bytes:
    data = bytearray(sample("docx"))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<H", data, at + 8, 1)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def overlapping() -> bytes:
    """Two directory entries that point at the same packed bytes."""
    data = bytearray(package((CONTENT, "<x/>"), (WORD, word("x" * 5000)), ("word/other.xml", word("x" * 5000))))
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    third = data.find(b"PK\x01\x02", second + 4)
    data[third + 42 : third + 46] = data[second + 42 : second + 46]
    return bytes(data)


def far_cell(place: str) -> str:
    return sheet(f'<row r="1"><c r="{place}" t="inlineStr"><is><t>x</t></is></c></row>')


def merged(number: int) -> str:
    cells = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, number))
    return sheet("", tail=f"<mergeCells>{cells}</mergeCells>")


def open_document(body: str, head: str = "", *more: tuple[str, str]) -> bytes:
    """An OpenDocument spreadsheet of one part."""
    base = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = " ".join(f'xmlns:{name}="{base}{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0"?>{head}<office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Plan">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return package(("mimetype", kind), ("content.xml", content), *more)


REPEATED = (
    '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000">'
    "<text:p>x</text:p></table:table-cell></table:table-row>"
)
PROGRAM = b"MZ" + b"\0" * 4000
HOSTILE: dict[str, Callable[[], bytes]] = {
    "ratio.docx": lambda: changed("plan.docx", WORD, word("<w:p/>" + " " * 60_000_000)),
    "ratio.xlsx": lambda: changed("plan.xlsx", SHEET, sheet(" " * 60_000_000)),
    "picture.docx": lambda: changed("plan.docx", "word/media/image1.png", b"\0" * 90_000_000),
    "large.docx": lambda: changed("plan.docx", "word/media/image1.png", b"\0" * 130_000_000),
    "count.docx": lambda: package((CONTENT, "<x/>"), *((f"word/{n}.xml", "<x/>") for n in range(3000))),
    "count.xlsx": lambda: package((BOOK, "<x/>"), *((f"xl/{n}.xml", "") for n in range(9000)), stored=True),
    "nested.docx": lambda: changed("plan.docx", "word/embeddings/../inner.zip", package(("a", "b"))),
    "inside.docx": lambda: changed("plan.docx", "word/media/image.png", package(("a", b"\0" * 9_000_000))),
    "gzip.xlsx": lambda: changed("plan.xlsx", "xl/media/image.png", b"\x1f\x8b\x08" + b"\0" * 900),
    "laughs.docx": lambda: changed("plan.docx", WORD, word("<w:p>&j;</w:p>", LAUGHS)),
    "laughs.xlsx": lambda: changed("plan.xlsx", SHEET, sheet("&j;", LAUGHS)),
    "outside.docx": lambda: changed("plan.docx", WORD, word("<w:p>&x;</w:p>", OUTSIDE)),
    "outside.xlsx": lambda: changed("plan.xlsx", "xl/sharedStrings.xml", OUTSIDE + "<sst>&x;</sst>"),
    "quadratic.docx": lambda: changed("plan.docx", WORD, word("&q;" * 50_000, QUADRATIC)),
    "utf16.docx": lambda: changed("plan.docx", WORD, word("&j;", LAUGHS).encode("utf-16")),
    "ebcdic.docx": lambda: changed("plan.docx", WORD, b'<?xml version="1.0" encoding="cp037"?><a/>'),
    "half.docx": lambda: sample("docx")[: len(sample("docx")) // 2],
    "half.xlsx": lambda: sample("xlsx")[: len(sample("xlsx")) // 2],
    "tail.docx": lambda: sample("docx")[4000:],
    "flipped.docx": lambda: sample("docx")[:900] + b"\xff" * 300 + sample("docx")[1200:],
    "macros.docx": lambda: changed("plan.docx", "word/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
    "macros.xlsx": lambda: changed("plan.xlsx", "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
    "types.xlsx": lambda: changed(
        "plan.xlsx", CONTENT, '<Types><a ContentType="x.sheet.macroEnabled.main+xml"/></Types>'
    ),
    "plan.docm": lambda: sample("docx"),
    "plan.xlsm": lambda: sample("xlsx"),
    "program.docx": lambda: PROGRAM,
    "program.csv": lambda: PROGRAM,
    "program.exe": lambda: PROGRAM,
    "elf.xlsx": lambda: changed("plan.xlsx", "xl/media/image1.png", b"\x7fELF" + b"\0" * 900),
    "password.docx": lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 9000,
    "flag.docx": encrypted_flag,
    "columns.xlsx": lambda: changed("plan.xlsx", SHEET, far_cell("BDWGN1")),
    "columns.csv": lambda: b"No,Recommendation,Action" + b"," * 1_000_000 + b"\n1,a,b\n",
    "rows.xlsx": lambda: changed("plan.xlsx", SHEET, far_cell("C1048576")),
    "span.docx": lambda: changed(
        "plan.docx",
        WORD,
        word('<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'),
    ),
    "merged.xlsx": lambda: changed("plan.xlsx", SHEET, merged(300_000)),
    "deep.docx": lambda: changed("plan.docx", WORD, word("<w:sdt>" * 100_000)),
    "line.csv": lambda: b"No,Recommendation,Action\n1," + b"x" * 5_000_000 + b",b\n",
    "lines.csv": lambda: b"No,Recommendation,Action\n" + b"1,a,b\n" * 400_000,
    "filled.csv": lambda: b"No,Recommendation,Action\n" + b"1,a,b\n" * 199_000,
    "filled.xlsx": lambda: changed("plan.xlsx", SHEET, sheet('<row><c t="n"><v>1</v></c></row>' * 30_000)),
    "filled.docx": lambda: changed(
        "plan.docx", WORD, word("<w:tbl>" + "<w:tr><w:tc><w:p/></w:tc></w:tr>" * 30_000 + "</w:tbl>")
    ),
    "paragraphs.docx": lambda: changed("plan.docx", WORD, word("<w:p/>" * 120_000)),
    "merged too often.xlsx": lambda: changed("plan.xlsx", SHEET, merged(49_000)),
    "nul.csv": lambda: b"No,Recommendation,Action\n1,a\0b,c\n" * 10,
    "link.docx": link,
    "ratio.ods": lambda: open_document(" " * 60_000_000),
    "laughs.ods": lambda: open_document("&j;", LAUGHS),
    "repeated.ods": lambda: open_document(REPEATED),
    "macros.ods": lambda: open_document("", "", ("Basic/Standard/Module1.xml", "<x/>")),
    "password.ods": lambda: open_document("", "", ("META-INF/manifest.xml", "<m:encryption-data/>")),
    "password.xls": lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 9000,
    "upwards.docx": lambda: package((CONTENT, "<x/>"), (WORD, word("")), ("../../outside.xml", "<x/>")),
    "absolute.xlsx": lambda: package((BOOK, "<x/>"), ("/etc/outside.xml", "<x/>")),
    "twice.docx": lambda: package((CONTENT, "<x/>"), (WORD, word("")), (WORD.upper(), word(""))),
    "overlap.docx": overlapping,
    "lies.docx": lambda: lying_size("docx"),
    "lies.xlsx": lambda: lying_size("xlsx"),
    "cells.docx": lambda: changed(
        "plan.docx", WORD, word("<w:tbl>" + "<w:tr>" + "<w:tc><w:p/></w:tc>" * 200_000 + "</w:tr></w:tbl>")
    ),
}


@pytest.fixture
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    path.write_bytes(HOSTILE[request.param]())
    return path


def memory(what: str) -> int:
    """``VmRSS`` (now) or ``VmHWM`` (the most since it was last reset) of this process, in kilobytes."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what))
    return int(line.split()[1])


def reset_peak() -> int:
    """Begin to measure the most memory again; answers what is in use now."""
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


def processor_seconds() -> float:
    """Return the CPU time of this process and its ended children; a clock would count other processes too."""
    return sum(os.times()[:4])


@pytest.mark.parametrize("file", sorted(HOSTILE), indirect=True)
def test_a_hostile_file_is_refused_at_once_and_leaves_nothing(file, tmp_path, record_property):
    before, started, worked = reset_peak(), time.monotonic(), processor_seconds()
    with pytest.raises(NotAPlan) as refused:
        read_plan_apart(file, DATED_ON)
    seconds, worked = time.monotonic() - started, processor_seconds() - worked
    says = str(refused.value)
    assert says.startswith(file.name) or file.name in says
    assert ":" in says and says.endswith(".") and len(says) < 220, says
    assert "Traceback" not in says and str(tmp_path) not in says
    assert worked < MOST_SECONDS, f"{worked:.2f} s of a processor, {seconds:.2f} s by the clock: {says}"
    assert memory("VmHWM") - before < MOST_MEMORY
    assert files_in(tmp_path) == [file]
    record_property("seconds", round(seconds, 2))
    record_property("processor_seconds", round(worked, 2))


def test_there_are_forty_and_more_of_them():
    assert len(HOSTILE) >= 40


def test_the_samples_pass_the_limits_and_read_as_they_do_without():
    for kind in ("docx", "xlsx", "csv"):
        assert read_plan_apart(SAMPLES / f"plan.{kind}", DATED_ON).counts["actions"] == 59


def test_a_reader_that_takes_too_long_is_ended_and_reported(monkeypatch):
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.01)
    with pytest.raises(NotAPlan, match="more time or memory"):
        read_plan_apart(SAMPLES / "plan.docx", DATED_ON)


def test_what_reads_apart_has_no_secret_and_no_memory_to_spare():
    """The limits hold in the process that reads: asking for more than they allow fails there."""
    code = "from ilacs_app.intake.reader.sandbox import _limit; _limit(); bytearray(2_000_000_000)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=False)
    assert b"MemoryError" in done.stderr
    code = (
        "from ilacs_app.intake.reader.sandbox import _limit; _limit(); open('/tmp/ilacs-limit', 'w').write('x' * 99999)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=False)
    assert done.returncode != 0


def workbook(actions: int, path: Path) -> Path:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Plan")
    page.append(
        ["No", "Recommendation", "Lead", "Measure", "Action", "Timescale", "Progress Note", "Governance", "Impact"]
    )
    for n in range(actions):
        first = n % 5 == 0
        page.append(
            [
                n // 5 + 1 if first else None,
                f"Improve the part of the service that has the number {n // 5}" if first else None,
                f"Lead {n % 40}" if first else None,
                "Audit reports" if first else None,
                f"Do the step {n} with both teams and look again at what it showed in the month after",
                ("End April 2018", "Ongoing", "30/09/2018", "Throughout 2018")[n % 4],
                ("Not Due", "Completed - Jan 2018", "", "Partially complete - draft is out")[n % 4],
                "MASH Board" if first else None,
                "Children are seen sooner" if first else None,
            ]
        )
    book.save(path)
    return path


def _read_large(actions: int, folder: Path, record_property: Callable[[str, object], None]) -> None:
    """Read a workbook as the command line does, in a process whose children's memory can be asked for."""
    path = workbook(actions, folder / "large.xlsx")
    code = (
        "import resource, sys, time; from datetime import date; from pathlib import Path;"
        "from ilacs_app.intake.reader.read import read_plan_apart;"
        "t = time.monotonic(); p = read_plan_apart(Path(sys.argv[1]), date(2018, 2, 22));"
        "own = next(x.split()[1] for x in open('/proc/self/status') if x.startswith('VmHWM'));"
        "kids = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss;"
        "print(len(p.actions), time.monotonic() - t, own, kids)"
    )
    ends = threading.Event()
    waits: list[float] = []

    def ticks() -> None:
        """Another process on the same machine does a little work all the while."""
        while not ends.is_set():
            started = time.monotonic()
            sum(range(20_000))
            waits.append(time.monotonic() - started)
            time.sleep(0.02)

    thread = threading.Thread(target=ticks)
    thread.start()
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, cwd=os.getcwd()
        )
    finally:
        ends.set()
        thread.join()
    found, seconds, own, kids = done.stdout.split()
    record_property("actions", int(found))
    record_property("seconds", round(float(seconds), 1))
    record_property("peak_mb_both", round((int(own) + int(kids)) / 1024))
    record_property("median_ms_of_other_work", round(statistics.median(waits) * 1000, 2))
    assert int(found) == actions
    assert float(seconds) < 15
    assert int(own) + int(kids) < 300 * 1024


def test_a_workbook_of_100_actions_is_read_apart(tmp_path, record_property):
    _read_large(100, tmp_path, record_property)


@pytest.mark.proof
def test_a_workbook_of_10_000_actions_is_read_in_15_seconds_and_300_mb(tmp_path, record_property):
    _read_large(10_000, tmp_path, record_property)


@pytest.mark.parametrize("parts", [{"word/a.xml": 2_000_000}, {f"word/{n}.xml": 1_000_000 for n in range(10)}])
def test_what_is_packed_too_tightly_is_refused_for_that_alone(parts, tmp_path):
    path = tmp_path / "tight.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("[Content_Types].xml", "word/document.xml"):
            packed.writestr(name, "<a/>")
        for name, size in parts.items():
            packed.writestr(name, b" " * size)
    with pytest.raises(NotAPlan, match="is far larger once it is opened"):
        check_limits(path)


def test_rows_without_words_are_not_counted_and_a_long_cell_is_one_row(tmp_path):
    path = tmp_path / "plan.csv"
    long = '"' + "A line\n" * 30_000 + '"'
    path.write_text("No,Recommendation,Action\n1,a," + long + "\n" + ",,\n; \n" * 60_000)
    check_limits(path)
    path.write_text("No,Recommendation,Action\n" + "1,a,b\n" * 19_999)
    check_limits(path)
    with path.open("a") as more:
        more.write("2,c,d\n")
    with pytest.raises(NotAPlan, match="more than 20,000 rows with words in them"):
        check_limits(path)
