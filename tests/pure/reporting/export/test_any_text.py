"""Any text that someone may have pasted prints in every format, and what a format cannot show is named."""

from __future__ import annotations

import csv
import email
import html
import io
import json
import random
import re
import zipfile
from datetime import UTC, date, datetime
from email import policy

import docx
import icalendar
import pytest
from openpyxl import load_workbook

from ilacs_app.digests.transport import Mail
from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.plan.plan_file import (
    HEADINGS,
    FileAction,
    FileColumn,
    FileRecommendation,
    FileSource,
    PlanFile,
    restored,
)
from ilacs_app.reporting.export import formats
from ilacs_app.reporting.export.coverage import settable
from ilacs_app.reporting.export.formats import FORMATS, printed
from ilacs_app.reporting.export.queries import PlanExport
from ilacs_app.reporting.export.table import CannotWrite, Cover
from ilacs_app.text import cut, named, one_line, printable
from ilacs_app.worklist.calendars.ics import CalendarEntry, calendar_file
from tests.pure.reporting.export.test_printed_pages import Printed

SEED = 20181127
DAY = date(2018, 2, 22)
TO_A_DOCUMENT = 100
NOT_A_CHARACTER = "\ufffe\uffff\ufdd0\U0001ffff"
PASTED = "\uf0b7\uf0a7\uf0d8\uf0fc\uf061"
SAMPLE = f"\uf0b7 Ask 中 of \x80\x9f{NOT_A_CHARACTER} 🤸 שלום مرحبا _x0041_ &P"


def cover(**changes: str) -> Cover:
    words = {"title": "Improvement plan", "council": "Northmoor Council", "board": "", **changes}
    return Cover(as_at=DAY, key=(("Done", "completed"),), **words)


def export_of(texts: list[str], heading: str = "") -> PlanExport:
    own = (FileColumn(heading, None, "unknown"),) if heading else ()
    columns = tuple(FileColumn(words, name, "exact") for name, words in HEADINGS.items()) + own
    actions = tuple(
        FileAction(f"1.{n}", text, read_timescale("", DAY), "", extra={heading: text} if heading else {})
        for n, text in enumerate(texts, start=1)
    )
    plan = PlanFile(FileSource("x", "csv"), columns, (FileRecommendation("1", "Improve", "", actions=actions),))
    return PlanExport(plan, ())


@pytest.fixture(autouse=True)
def without_rules(monkeypatch):
    """JSON adds what the rules say of each action to the plan; here the plan is all there is."""
    monkeypatch.setattr(PlanExport, "to_json", lambda self: self.file.to_json())


def texts_read(form: str, data: bytes, texts: list[str]) -> list[str]:
    """The text of each action as it is in the file."""
    match form:
        case "docx":
            table = docx.Document(io.BytesIO(data)).tables[0]
            rows = [[cell.text for cell in row.cells] for row in table.rows]
        case "xlsx":
            rows = [[str(cell or "") for cell in row] for row in load_workbook(io.BytesIO(data)).active.values]
        case "csv":
            lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
            rows = [[restored(cell) for cell in line] for line in lines]
        case _:
            return [one["text"] for one in json.loads(data)["recommendations"][0]["actions"]]
    at = rows[0].index(HEADINGS["action"])
    return [row[at] for row in rows[1:]]


def random_text(chance: random.Random) -> str:
    """Up to sixty signs of a mixture that holds every kind: whole Unicode, what Word pastes, marks, codes of Excel."""
    kinds = (
        lambda: chr(chance.choice((chance.randrange(0xD800), chance.randrange(0xE000, 0x110000)))),
        lambda: chr(chance.randrange(0x3000)),
        lambda: chr(chance.randrange(0xF000, 0xF100)),
        lambda: chr(chance.randrange(0x1F300, 0x1FAFF)),
        lambda: chance.choice(("e\u0301", "\u0301", "\u200d", "\ufe0f", "\u202e", "\ufeff", "\x00", "\x85", "\u2028")),
        lambda: chance.choice(("_x0041_", "&P", "&[Tab]", "=1+1", "\t", "\n", "\r\n", "-", "@", "'", "#import", "$x$")),
        lambda: chance.choice(NOT_A_CHARACTER),
        lambda: chance.choice("abc defg hijklm "),
    )
    return "a" + "".join(chance.choice(kinds)() for _ in range(chance.randrange(60)))


def print_texts(number: int) -> dict[str, int]:
    """Print that many random texts in every format, and read them again; answers what was seen."""
    chance = random.Random(SEED)
    seen = {"texts": 0, "documents": 0, "letters": 0, "names_of_signs_in_pdf": 0}
    for _ in range(0, number, TO_A_DOCUMENT):
        texts = [random_text(chance) for _ in range(min(TO_A_DOCUMENT, number))]
        title = one_line(texts[0])
        for form in FORMATS:
            data = printed(
                export_of(texts, heading=texts[1]), form, cover(title=texts[0], board=texts[2]), data=NOWHERE
            )
            seen["documents"] += 1
            if form != "pdf":
                assert texts_read(form, data, texts) == [printable(text) for text in texts], form
                continue
            assert data.startswith(b"%PDF-1.7") and b"pdfuaid" in data, "a sign without a letter would be refused"
            seen["names_of_signs_in_pdf"] += len(re.findall(r"\[U\+", "".join(map(settable, map(printable, texts)))))
        for text in texts:
            seen["letters"] += 1
            assert_letter_says(text)
        read = icalendar.Calendar.from_ical(
            calendar_file(title, [CalendarEntry("1", DAY, texts[3], texts[4], BASE)], NOON)
        )
        (event,) = read.walk("VEVENT")
        assert str(event["summary"]) == one_line(texts[3])
        seen["texts"] += len(texts)
    return seen


BASE = "https://plan.example.gov.uk/actions/1"
NOON = datetime(2018, 2, 22, 12, tzinfo=UTC)


class _Nowhere:
    """A data folder without a template of the council's own."""

    def __truediv__(self, _name: str):
        return self

    def is_file(self) -> bool:
        return False


NOWHERE = _Nowhere()


def assert_letter_says(text: str, *, subject: str | None = None) -> None:
    words = one_line(text) if subject is None else subject
    body = printable(text) + "\n"
    mail = Mail(1, 1, 1, "lead", "2018-W08", "a@tests.example", words, body, f"<p>{body}</p>", "<1@tests.example>")
    written = mail.as_bytes("plan@example.gov.uk", NOON)
    assert max(len(line) for line in written.split(b"\r\n")) <= 78, "no line is longer than mail allows"
    assert written.split(b"\r\n\r\n")[0].isascii()
    message = email.message_from_bytes(written, policy=policy.default)
    assert message["Subject"] == words
    assert len(message.get_all("Subject")) == 1 and set(message.keys()) >= {"From", "To", "Date", "Message-ID"}
    assert message.get_body(("plain",)).get_content().split() == body.split()


def test_a_hundred_random_texts_print_in_every_format():
    assert print_texts(100)["texts"] == 100


@pytest.mark.proof
def test_10_000_random_texts_print_in_every_format(record_property):
    seen = print_texts(10_000)
    for name, count in {"seed": SEED, **seen, "failures": 0}.items():
        record_property(name, count)
    assert seen["texts"] == seen["letters"] == 10_000
    assert seen["names_of_signs_in_pdf"] > 10_000


@pytest.mark.parametrize("form", list(FORMATS))
@pytest.mark.parametrize(
    "sign", ["😀", "\uf0b7", "\uf0a7", "中", "\x80", "\x9f", "\ufffe", "\uffff", "\ue000", "\u202e"]
)
def test_one_sign_in_one_note_breaks_no_export(form, sign):
    assert printed(export_of([f"Ask {sign} again"], heading=f"Of {sign}"), form, cover(title=sign), data=NOWHERE)


def test_what_word_pastes_as_bullets_ticks_and_arrows_becomes_them():
    pasted = "\uf0b7 One\n\uf0a7\tTwo\n\uf0d8 Three\n\uf0fc Done \uf0e0 next\n  \uf061 Four\nof \uf061"
    assert printable(pasted) == "• One\n•\tTwo\n• Three\n✓ Done → next\n  • Four\nof \uf061"


def test_control_signs_and_non_characters_are_left_out_and_lines_stay():
    assert printable(f"a\x00\x80\x9f{NOT_A_CHARACTER}b\r\nc\rd\u2028e\tf") == "ab\nc\nd\ne\tf"
    assert printable("a\ud800b") == "ab", "half of a pair is no sign"


def test_a_pdf_shows_hebrew_arabic_and_ticks_and_names_what_it_has_no_letters_for():
    assert settable("Zoë ✓ שלום مرحبا → ₤") == "Zoë ✓ שלום مرحبا → ₤"
    assert settable("Well done 🤸") == "Well done [U+1F938 person doing cartwheel]"
    assert settable("中") == "[U+4E2D]" and named("\ue000") == "[U+E000]"
    words = "".join(Printed(printed(export_of([SAMPLE]), "pdf", cover(), data=NOWHERE)).on_each_page(bold=False))
    assert "•Ask[U+4E2D]of[U+1F938persondoingcartwheel]" in words


def test_a_mark_that_its_letter_s_font_lacks_is_named_after_it():
    assert settable("a\u0363") == "a\u0363" and settable("ب\u064e") == "ب\u064e"
    assert settable("ب\u0363 c") == "ب[U+0363 combining latin small letter a] c"


def test_the_head_and_foot_of_a_sheet_keep_within_what_excel_takes():
    made = printed(
        export_of(["x"]), "xlsx", cover(title="Audit & review " * 40, council="A & B &[Tab] 😀" * 40), data=NOWHERE
    )
    sheet = load_workbook(io.BytesIO(made)).active
    xml = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml").decode()
    for which in ("oddHeader", "oddFooter"):
        (written,) = re.findall(f"<{which}>(.*?)</{which}>", xml, re.DOTALL)
        codes = html.unescape(written)
        assert len(codes.encode("utf-16-le")) // 2 <= 255, which
        shown = re.sub(r"&[LCRPN]", "", codes.replace("&&", ""))
        assert "&" not in shown, "no ampersand of a title is read as a code"
        assert "…" in codes, "a cut is shown"
    assert len(sheet.title) <= 31


def test_a_cell_longer_than_excel_holds_is_cut_and_says_so():
    for text in ("x" * 40_000, "😀" * 20_000, "_x0041_" * 5_000):
        made = printed(export_of([text]), "xlsx", cover(), data=NOWHERE)
        (cell,) = texts_read("xlsx", made, [text])
        assert cell.endswith("The full text is in the Word, PDF and CSV files.]")
        assert 30_000 < len(cell.encode("utf-16-le")) // 2 <= 32_767
        assert text.startswith(cell.partition("…")[0])
    whole = "x" * 32_767
    assert texts_read("xlsx", printed(export_of([whole]), "xlsx", cover(), data=NOWHERE), [whole]) == [whole]


def test_a_long_title_is_no_fault_of_word_s_properties():
    made = docx.Document(io.BytesIO(printed(export_of(["x"]), "docx", cover(title="Plan " * 200), data=NOWHERE)))
    assert len(made.core_properties.title) <= 255
    assert made.paragraphs[0].text == one_line("Plan " * 200)


def test_what_cannot_be_printed_all_the_same_is_named_by_its_reference(monkeypatch):
    def refusing(table, _cover):
        if any("unheard of" in cell for line in table.lines for cell in line.cells):
            raise RuntimeError("no library is whole")
        return b""

    monkeypatch.setattr(formats, "pdf_file", refusing)
    with pytest.raises(CannotWrite, match=r"^Action 1\.7 cannot be printed as PDF\."):
        printed(export_of([*"abcdef", "unheard of", *"hij"]), "pdf", cover(), data=NOWHERE)


@pytest.mark.parametrize(
    "subject",
    [
        "4 actions wait for you, Friday 27 November 2026",
        "Panel “North & South”: 3 actions are overdue",
        "a  b é  c   d",
        "x" * 400,
        "😀" * 120,
        "日本語" * 50,
        "=?utf-8?q?not_encoded?=",
        " led and trailed ",
        "Ünï -- ok, with: colons; and <at> @",
        "Board of " + "Łódź and Kraków " * 12,
    ],
)
def test_a_subject_decodes_to_exactly_what_was_written(subject):
    assert_letter_says("Text", subject=subject)


def test_a_line_break_in_a_subject_is_a_space_and_no_new_heading():
    mail = Mail(1, 1, 1, "chair", "2018-02", "a@tests.example", "A\r\nBcc: b@tests.example", "t", "h", "<1@x>")
    message = email.message_from_bytes(mail.as_bytes("p@example.gov.uk", NOON), policy=policy.default)
    assert message["Subject"] == "A Bcc: b@tests.example" and message["Bcc"] is None


def test_a_text_is_cut_where_it_fits():
    assert cut("abcdef", 6, "…") == "abcdef"
    assert cut("abcdefg", 6, "…") == "abcde…"
