"""OpenDocument texts and spreadsheets, as LibreOffice writes them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ilacs_app.intake.reader.contents.document import Control, Document, Grid, Heading, Link, Paragraph
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.limits import check_limits
from tests.pure.intake.reader.contents.packages import packed, texts

BASE = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        **{one: f"{BASE}{one}:1.0" for one in ("office", "style", "text", "table", "form")},
        "draw": f"{BASE}drawing:1.0",
        "number": f"{BASE}datastyle:1.0",
        "fo": f"{BASE}xsl-fo-compatible:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
        "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    }.items()
)
TYPE = "application/vnd.oasis.opendocument."


def parts(kind: str, body: str, styles: str = "") -> dict[str, str | bytes]:
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    return {"mimetype": f"{TYPE}{kind}", "content.xml": content, "META-INF/manifest.xml": "<manifest/>"}


def written(folder: Path, kind: str, body: str, styles: str = "") -> Path:
    path = folder / ("plan.odt" if kind == "text" else "plan.ods")
    path.write_bytes(packed(parts(kind, body, styles)))
    return path


def text(folder: Path, body: str, styles: str = "") -> Document:
    path = written(folder, "text", body, styles)
    check_limits(path)
    return read_document(path)


def sheet(folder: Path, rows: str, styles: str = "", before: str = "") -> Grid:
    body = f'<table:table table:name="Plan">{before}{rows}</table:table>'
    path = written(folder, "spreadsheet", body, styles)
    check_limits(path)
    return read_document(path).grids[0]


def p(words: str) -> str:
    return f"<text:p>{words}</text:p>"


def td(words: str = "", attributes: str = "") -> str:
    inside = words if words.startswith("<") else p(words) if words else ""
    return f"<table:table-cell {attributes}>{inside}</table:table-cell>"


COVERED = "<table:covered-table-cell/>"


def tr(*cells: str, attributes: str = "") -> str:
    made = (cell if cell.startswith("<table") else td(cell) for cell in cells)
    return f"<table:table-row {attributes}>{''.join(made)}</table:table-row>"


def style(name: str, family: str, properties: str, attributes: str = "") -> str:
    return f'<style:style style:name="{name}" style:family="{family}" {attributes}>{properties}</style:style>'


STRUCK = '<style:text-properties style:text-line-through-style="solid"/>'
GREEN = '<style:table-cell-properties fo:background-color="#00b050"/>'

NOTE = f"<office:annotation>{p('Why?')}</office:annotation>"

# Spreadsheets


def test_a_sheet_is_read_with_its_repeats(tmp_path: Path) -> None:
    rows = (
        tr("Action", "Lead", td("", 'table:number-columns-repeated="2"'), "Due")
        + tr("", attributes='table:number-rows-repeated="2"')
        + tr(td("Same", 'table:number-columns-repeated="2"'), attributes='table:number-rows-repeated="2"')
        + tr(td("", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="1048570"')
    )
    read = sheet(tmp_path, rows)
    assert [list(row.texts) for row in read.rows] == [
        ["Action", "Lead", "", "", "Due"], [], [], ["Same", "Same"], ["Same", "Same"]
    ]  # fmt: skip
    assert read.place(3, 1) == "sheet Plan, row 4, column B"


def test_merged_cells_are_seen_wherever_they_reach(tmp_path: Path) -> None:
    rows = (
        tr(td("Plan", 'table:number-columns-spanned="2"'), COVERED)
        + tr(td("Improve plans", 'table:number-rows-spanned="2"'), "First")
        + tr(COVERED, "Second")
    )
    read = sheet(tmp_path, rows)
    assert texts(read) == [["Plan", "Plan"], ["Improve plans", "First"], ["Improve plans", "Second"]]
    assert read.title == "Plan"


@pytest.mark.parametrize(
    ("date_style", "words"),
    [
        ("<number:day/><number:month/><number:year/>", "31/03/2026"),
        ('<number:day/><number:month number:textual="true" number:style="long"/><number:year/>', "31 March 2026"),
        ('<number:month number:textual="true"/><number:year/>', "March 2026"),
    ],
)
def test_a_date_is_written_day_first_or_as_a_month(tmp_path: Path, date_style: str, words: str) -> None:
    styles = (
        f'<number:date-style style:name="N1">{date_style}</number:date-style>'
        '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'
    )
    attributes = 'table:style-name="ce1" office:value-type="date" office:date-value="2026-03-31"'
    cell = sheet(tmp_path, tr(td("03/31/26", attributes)), styles).cell(0, 0)
    assert (cell.text, cell.day) == (words, date(2026, 3, 31))


def test_numbers_are_shown_as_they_are_and_formulas_without_a_value_are_unknown(tmp_path: Path) -> None:
    rows = tr(
        td("1.10", 'office:value-type="float" office:value="1.1"'),
        td("", 'table:formula="of:=[.A1]&amp;[.B1]"'),
        td("#REF!", 'table:formula="of:=[.A9]" office:value-type="string"'),
    )
    read = sheet(tmp_path, rows)
    cells = read.rows[0].cells
    assert (cells[0].text, cells[0].number) == ("1.10", 1.1)
    assert (cells[1].unknown, cells[1].is_blank) == (True, False)
    assert cells[2].error == "#REF!"
    assert any("no stored value, the first is in B1" in said for said in read.remarks)


def test_fills_struck_out_words_links_and_comments_are_kept(tmp_path: Path) -> None:
    styles = (
        style("ce1", "table-cell", GREEN + STRUCK) + style("T1", "text", STRUCK)
        + style("ce2", "table-cell", '<style:text-properties style:font-name="Wingdings"/>')
    )  # fmt: skip
    rows = tr(
        td("Gone", 'table:style-name="ce1"'),
        td(p('<text:span text:style-name="T1">June</text:span> July')),
        td("ü", 'table:style-name="ce2"'),
        td(p('<text:a xlink:href="https://council.example/a">Audit</text:a>') + NOTE),
        td("", 'table:style-name="ce1"'),
    )  # fmt: skip
    cells = sheet(tmp_path, rows, styles).rows[0].cells
    assert (cells[0].fill, cells[0].is_struck) == ("green", True)
    assert (cells[1].text, cells[1].live) == ("June July", "July")
    assert cells[2].text == "✓"
    assert (cells[3].links, cells[3].notes) == ((Link("Audit", "https://council.example/a"),), ("Why?",))
    assert (cells[4].text, cells[4].fill) == ("", "green")


def test_hidden_rows_columns_and_sheets_are_marked(tmp_path: Path) -> None:
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    read = sheet(tmp_path, tr("a", "b") + tr("c", attributes='table:visibility="filter"'), before=columns)
    assert (read.rows[1].hidden, read.hidden_columns) == (True, (1,))
    styles = style("ta1", "table", '<style:table-properties table:display="false"/>')
    body = f'<table:table table:name="Lists" table:style-name="ta1">{tr("Green")}</table:table>'
    assert read_document(written(tmp_path, "spreadsheet", body, styles)).grids[0].hidden


def test_a_row_repeated_without_end_is_refused(tmp_path: Path) -> None:
    rows = tr(td("x", 'table:number-columns-repeated="9000"'), attributes='table:number-rows-repeated="999999"')
    with pytest.raises(NotAPlan, match="delete the empty rows and columns"):
        sheet(tmp_path, rows)


# Texts


def odt_table(*rows: str, columns: int = 3) -> str:
    return f'<table:table><table:table-column table:number-columns-repeated="{columns}"/>{"".join(rows)}</table:table>'


def test_headings_paragraphs_and_tables_come_in_their_order(tmp_path: Path) -> None:
    body = (
        '<text:sequence-decls/><text:h text:outline-level="2">Improve plans</text:h>'
        + odt_table(f"<table:table-header-rows>{tr('Action', 'Due')}</table:table-header-rows>", tr("Train", "May"))
        + "<text:section>" + p("Two<text:s text:c='2'/>blanks<text:line-break/>and a line") + "</text:section>"
    )  # fmt: skip
    whole = text(tmp_path, body)
    heading, table, first, second = whole.blocks
    assert isinstance(heading, Heading) and isinstance(table, Grid)
    assert (heading.text, heading.level, table.title) == ("Improve plans", 2, "Improve plans")
    assert texts(table) == [["Action", "Due"], ["Train", "May"]]
    assert [row.is_head for row in table.rows] == [True, False]
    assert [b.text for b in (first, second) if isinstance(b, Paragraph)] == ["Two  blanks", "and a line"]


def test_a_heading_is_known_by_its_style_too(tmp_path: Path) -> None:
    styles = style("H", "paragraph", "", 'style:default-outline-level="1"') + style(
        "Ours", "paragraph", "", 'style:parent-style-name="H"'
    )
    whole = text(tmp_path, '<text:p text:style-name="Ours">Our plan</text:p>', styles)
    assert whole.blocks == (Heading("paragraph 1", "Our plan", 1),)


LISTS = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/>'
    '<text:list-level-style-bullet text:level="3" text:bullet-char="–"/></text:list-style>'
)


def items(*inside: str, attributes: str = "") -> str:
    made = "".join(f"<text:list-item>{one}</text:list-item>" for one in inside)
    return f"<text:list {attributes}>{made}</text:list>"


def test_list_marks_are_worked_out_and_are_not_part_of_the_text(tmp_path: Path) -> None:
    deep = items(p("Dash"))
    inner = items(p("One one") + deep, p("One two") + p("goes on"))
    body = items(p("One") + inner, p("Two"), attributes='text:style-name="L1"')
    more = items(p("Three"), attributes='text:style-name="L1" text:continue-numbering="true"')
    cell = text(tmp_path, odt_table(tr(td(body + more)), columns=1), LISTS).grids[0].cell(0, 0)
    assert [(line.mark, line.level) for line in cell.lines] == [
        ("1.", 1), ("1.1", 2), ("–", 3), ("1.2", 2), ("", 2), ("2.", 1), ("3.", 1)
    ]  # fmt: skip
    assert cell.text.startswith("One\nOne one\nDash")


def test_merged_cells_of_a_text_are_seen_wherever_they_reach(tmp_path: Path) -> None:
    body = odt_table(
        tr(td("Priority 1", 'table:number-columns-spanned="3"'), COVERED, COVERED),
        tr(td("Improve plans", 'table:number-rows-spanned="2"'), "First", "May"),
        tr(COVERED, "Second", "June"),
        tr("Next", "Third", "July"),
    )
    read = text(tmp_path, body).grids[0]
    assert texts(read) == [
        ["Priority 1"] * 3, ["Improve plans", "First", "May"], ["Improve plans", "Second", "June"],
        ["Next", "Third", "July"],
    ]  # fmt: skip
    assert (read.cell(0, 0).columns, read.cell(1, 0).rows) == (3, 2)


def test_borders_moved_by_a_hair_are_one(tmp_path: Path) -> None:
    widths = {"A": "3cm", "B": "0.1cm", "C": "3cm"}
    styles = "".join(
        style(name, "table-column", f'<style:table-column-properties style:column-width="{width}"/>')
        for name, width in widths.items()
    )
    columns = "".join(f'<table:table-column table:style-name="{name}"/>' for name in widths)
    wide = 'table:number-columns-spanned="2"'
    rows = tr("Action", td("Due", wide), COVERED) + tr(td("Train", wide), COVERED, "May")
    body = f"<table:table>{columns}{rows}</table:table>"
    assert texts(text(tmp_path, body, styles).grids[0]) == [["Action", "Due"], ["Train", "May"]]


def test_tracked_deletions_notes_and_prompts_are_no_words(tmp_path: Path) -> None:
    body = f"<text:tracked-changes><text:changed-region>{p('Gone')}</text:changed-region></text:tracked-changes>" + p(
        "Train<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        + p("Agreed in May")
        + "</text:note-body></text:note> staff<text:placeholder>Name</text:placeholder>"
    )
    whole = text(tmp_path, body)
    block = whole.blocks[0]
    assert isinstance(block, Paragraph)
    assert (block.text, block.notes) == ("Train staff", ("Agreed in May",))
    assert any("tracked changes" in said for said in whole.remarks)


def test_controls_say_what_is_chosen(tmp_path: Path) -> None:
    labels = '<text:label text:value="Done"/><text:label text:value="Late"/>'
    forms = (
        '<office:forms><form:form><form:checkbox form:id="c1" form:current-state="checked"/></form:form></office:forms>'
    )
    control = "<loext:content-control loext:checkbox='true' loext:checked='false'>☐</loext:content-control>"
    prompt = "<loext:content-control loext:showing-place-holder='true' loext:date='true'>Choose</loext:content-control>"
    body = forms + odt_table(
        tr(
            td(p(f"<text:drop-down>{labels}Late</text:drop-down>")),
            td(p('<draw:control draw:control="c1"/> Agreed')),
            td(p(control + prompt)),
        )
    )
    cells = text(tmp_path, body).grids[0].rows[0].cells
    assert (cells[0].text, cells[0].controls) == ("Late", (Control("dropdown", "Late", ("Done", "Late")),))
    assert (cells[1].text, cells[1].controls) == ("☒ Agreed", (Control("checkbox", "yes"),))
    assert (cells[2].text, cells[2].controls) == ("☐", (Control("checkbox", "no"), Control("date", "")))


def test_a_table_inside_a_cell_and_a_text_box_are_kept(tmp_path: Path) -> None:
    inner = odt_table(tr("Step", "By"), columns=2)
    box = p(f"<draw:frame><draw:text-box>{p('In the box')}</draw:text-box></draw:frame>")
    whole = text(tmp_path, odt_table(tr(td(p("Steps:") + inner)), columns=1) + box)
    cell = whole.grids[0].cell(0, 0)
    assert (cell.text, texts(cell.grids[0])) == ("Steps:", [["Step", "By"]])
    assert [b.text for b in whole.blocks if isinstance(b, Paragraph) and b.boxed] == ["In the box"]


# Refusals

ENCRYPTED = {"META-INF/manifest.xml": "<a><encryption-data/></a>"}


@pytest.mark.parametrize(
    ("name", "kind", "change", "says"),
    [
        ("plan.odt", "text", ENCRYPTED, "protected by a password: open it in LibreOffice"),
        ("plan.odt", "text", {"content.xml": "<a"}, "damaged or only half saved: open it in LibreOffice"),
        ("plan.odt", "presentation", {}, "no OpenDocument text inside: save the plan as .odt"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_cause(tmp_path: Path, name: str, kind: str, change: dict[str, str], says: str) -> None:
    path = tmp_path / name
    path.write_bytes(packed({**parts(kind, p("x")), **change}))
    with pytest.raises(NotAPlan, match=says):
        read_document(path)


@pytest.mark.parametrize("name", ["plan.ods", "plan.docx", "plan.xlsx"])
def test_a_text_with_another_ending_is_read_and_this_is_reported(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(packed(parts("text", p("x"))))
    document = read_document(path)
    assert document.kind == "writer"
    assert any("the file is an OpenDocument text" in says for says in document.remarks)


def test_macros_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.odt"
    path.write_bytes(packed({**parts("text", p("x")), "Basic/Standard/Module1.xml": "<x/>"}))
    with pytest.raises(NotAPlan, match="holds macros"):
        check_limits(path)
