"""What is on the pages of a printed plan, read from the PDF: its text, page by page, and its structure tree."""

from __future__ import annotations

import re
import zlib
from datetime import date

from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.plan.plan_file import HEADINGS, FileAction, FileRecommendation, FileSource, PlanFile
from ilacs_app.reporting.export.pdf import pdf_file
from ilacs_app.reporting.export.table import Cover, table_of

DATED_ON = date(2018, 2, 22)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Printed:
    """As much of a PDF as typst writes it as these tests ask for: its objects, and the words of each page."""

    def __init__(self, data: bytes) -> None:
        found = re.finditer(rb"^(\d+) 0 obj\s*(.*?)\s*endobj", data, re.DOTALL | re.MULTILINE)
        self.objects = {int(one[1]): one[2] for one in found}

    def elements(self, kind: str) -> list[bytes]:
        """The elements of the structure tree that are of this kind."""
        wanted = rb"/Type/StructElem/S/%b\b" % kind.encode()
        return [one for one in self.objects.values() if re.search(wanted, one)]

    def parent(self, element: bytes) -> bytes:
        return self._at(rb"/P (\d+) 0 R", element)

    def on_each_page(self, *, bold: bool) -> list[str]:
        """Every word in bold letters, or in plain ones, page by page and in their order, without spaces."""
        pages = [one for one in self.objects.values() if b"/Type/Page/" in one]
        return [self._words(self._at(rb"/Resources (\d+) 0 R", one), self._content(one), bold) for one in pages]

    def _words(self, resources: bytes, content: bytes, bold: bool) -> str:
        fonts = {name: self.objects[int(at)] for name, at in re.findall(rb"/(f\d+) (\d+) 0 R", resources)}
        signs = {name: self._signs(font) for name, font in fonts.items() if (b"-Bold" in font) == bold}
        out = ""
        for name, drawn in re.findall(rb"/(f\d+) [\d.]+ Tf(.*?)\nET", content, re.DOTALL):
            for piece in re.findall(rb"\(((?:\\.|[^\\()])*)\)", drawn, re.DOTALL) if name in signs else ():
                glyphs = re.sub(rb"\\([0-7]{3}|.)", _unescaped, piece, flags=re.DOTALL)
                out += "".join(
                    signs[name].get(glyphs[at : at + 2], "\N{REPLACEMENT CHARACTER}") for at in range(0, len(glyphs), 2)
                )
        return "".join(out.split())

    def _signs(self, font: bytes) -> dict[bytes, str]:
        """Return what each glyph of a font stands for."""
        pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", self._stream(self._at(rb"/ToUnicode (\d+) 0 R", font)))
        return {bytes.fromhex(a.decode()): bytes.fromhex(b.decode()).decode("utf-16-be") for a, b in pairs}

    def _content(self, page: bytes) -> bytes:
        return self._stream(self._at(rb"/Contents (\d+) 0 R", page))

    def _stream(self, made: bytes) -> bytes:
        return zlib.decompress(made.partition(b"stream\n")[2])

    def _at(self, pattern: bytes, within: bytes) -> bytes:
        found = re.search(pattern, within)
        assert found, pattern
        return self.objects[int(found[1])]


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if len(said) == 3 else _ESCAPED.get(said, said)


def test_the_header_row_is_marked_as_one_and_is_on_every_page():
    actions = tuple(FileAction(f"1.{n}", "Do it. " * 60, read_timescale("", DATED_ON), "") for n in range(1, 13))
    plan = PlanFile(FileSource("x", "csv"), (), (FileRecommendation("1", "Improve", "", actions=actions),))
    made = Printed(pdf_file(table_of(plan), Cover("Our plan", "Northmoor", "", DATED_ON, ())))

    pages, header = made.on_each_page(bold=True), "".join("".join(HEADINGS.values()).split())
    assert len(pages) > 1
    assert pages == [f"Ourplan{header}", *[header] * (len(pages) - 1)]

    heads, cells = made.elements("TH"), made.elements("TD")
    assert len(heads) == len(HEADINGS) and all(b"/Scope/Column" in one for one in heads)
    assert len({made.parent(one) for one in heads}) == 1 and len(made.elements("THead")) == 1
    assert all(made.parent(made.parent(one)) in made.elements("THead") for one in heads)
    names = {name for one in heads for name in re.findall(rb"/ID(\(\w+\))", one)}
    named = {name for one in cells for name in re.findall(rb"/Headers\[(\(\w+\))\]", one)}
    assert named == names and len(names) == len(HEADINGS)
    assert all(b"/Headers[(" in one for one in cells), "every cell says which column it is of"


def test_no_action_is_parted_by_the_end_of_a_page_unless_it_is_higher_than_one():
    texts = [f"Begin{n}. {'We will do this soon. ' * (9 + n % 7)}End{n}." for n in range(1, 41)]
    texts.append(f"Begin41. {'A very long step of many words. ' * 80}End41.")
    actions = tuple(FileAction(f"1.{n}", text, read_timescale("", DATED_ON), "") for n, text in enumerate(texts, 1))
    plan = PlanFile(FileSource("x", "csv"), (), (FileRecommendation("1", "Improve", "", actions=actions),))
    pages = Printed(pdf_file(table_of(plan), Cover("Our plan", "Northmoor", "", DATED_ON, ()))).on_each_page(bold=False)
    assert len(pages) > 3
    for n in range(1, 41):
        assert sum(f"Begin{n}." in page and f"End{n}." in page for page in pages) == 1, n
    assert any("Begin41." in page for page in pages) and "End41." in pages[-1]
    whole = "Averylongstepofmanywords."
    assert sum(page.count(whole) for page in pages) >= 78, "all of it is printed; at an end of a page it may be parted"
