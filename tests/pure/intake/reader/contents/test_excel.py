"""Excel workbooks: what each cell shows, and what only the sheet round it tells."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, FormulaRule, IconSetRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from ilacs_app.intake.reader.contents.document import Cell, Control, Document, Grid, Link, Paragraph
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from tests.pure.intake.reader.contents.packages import (
    DRAWING,
    EXCEL,
    OFFICE,
    excel_parts,
    read_parts,
    relations,
    strict,
    texts,
)


@pytest.fixture
def book() -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.active.title = "Plan"
    return made


def saved(book: openpyxl.Workbook, folder: Path) -> Document:
    path = folder / "plan.xlsx"
    book.save(path)
    return read_document(path)


def sheet(book: openpyxl.Workbook, folder: Path) -> Grid:
    return saved(book, folder).grids[0]


def first(book: openpyxl.Workbook, folder: Path) -> Cell:
    return sheet(book, folder).cell(0, 0)


def raw(folder: Path, cells: str, **others: str) -> Grid:
    """A sheet from the XML of its cells."""
    data = f'<sheetData><row r="1">{cells}</row></sheetData>'
    return read_parts(folder, excel_parts(data, **others), "plan.xlsx").grids[0]


def fill(colour: str | Color) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


# Values


def test_rows_and_columns_keep_their_place(book: openpyxl.Workbook, tmp_path: Path) -> None:
    book.active["B3"] = "Action"
    book.active["D5"] = "Due"
    read = sheet(book, tmp_path)
    assert texts(read) == [[""] * 4, [""] * 4, ["", "Action", "", ""], [""] * 4, ["", "", "", "Due"]]
    assert read.place(4, 3) == "sheet Plan, row 5, column D"
    assert (read.name, read.lettered) == ("Plan", True)


@pytest.mark.parametrize(
    ("value", "code", "text", "number", "day"),
    [
        (1.1, "0.00", "1.10", 1.1, None),
        (0.8, "0%", "80%", 0.8, None),
        (date(2026, 3, 31), "dd/mm/yyyy", "31/03/2026", 46112.0, date(2026, 3, 31)),
        (datetime(2026, 3, 31, 9, 30), "m/d/yyyy h:mm", "31/03/2026", 46112.39583333334, date(2026, 3, 31)),  # noqa: DTZ001
        (date(2026, 3, 1), "mmm-yy", "March 2026", 46082.0, date(2026, 3, 1)),
        (46112, "General", "46112", 46112.0, None),
        (True, "General", "TRUE", None, None),
        ("Line\nbreak", "General", "Line\nbreak", None, None),
        (12, '"Rec "0', "Rec 12", 12.0, None),
    ],
)
def test_a_cell_shows_its_value_in_its_format(  # type: ignore[no-untyped-def]
    book: openpyxl.Workbook, tmp_path: Path, value, code, text, number, day
) -> None:
    book.active["A1"] = value
    book.active["A1"].number_format = code
    read = first(book, tmp_path)
    assert (read.text, read.number, read.day) == (text, number, day)


def test_a_workbook_that_counts_from_1904_has_the_same_days(book: openpyxl.Workbook, tmp_path: Path) -> None:
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = date(2026, 3, 31)
    book.active["B1"] = 44650
    whole = saved(book, tmp_path)
    assert whole.epoch == 1904
    cells = whole.grids[0].rows[0].cells
    assert (cells[0].day, cells[1].day, cells[1].number) == (date(2026, 3, 31), None, 44650.0)


def test_a_formula_without_a_stored_value_is_unknown_and_not_empty(book: openpyxl.Workbook, tmp_path: Path) -> None:
    book.active["A1"] = '="Train "&"staff"'
    read = sheet(book, tmp_path)
    cell = read.cell(0, 0)
    assert (cell.text, cell.unknown, cell.formula, cell.is_blank) == ("", True, '="Train "&"staff"', False)
    assert "1 formula has no stored value, the first is in A1" in read.remarks[0]


@pytest.mark.parametrize(
    ("cells", "text", "unknown"),
    [
        ('<c r="A1" t="str"><f>B1&amp;C1</f><v>Done</v></c>', "Done", False),
        ('<c r="A1" t="str"><f>B1</f><v></v></c>', "", False),
        ('<c r="A1"><f>SUM(B1:B3)</f><v>6</v></c>', "6", False),
        ('<c r="A1"><f t="shared" si="0"/></c>', "", True),
        ('<c r="A1" t="e"><f>VLOOKUP(1,B:C,2)</f><v>#N/A</v></c>', "#N/A", False),
        ('<c r="A1" t="inlineStr"><is><t>Plain</t></is></c>', "Plain", False),
        ('<c r="A1" t="inlineStr"><is><r><t>Two </t></r><r><t>runs</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',
         "Two runs", False),
        ('<c t="inlineStr"><is><t>No address</t></is></c>', "No address", False),
        ('<c r="A1" t="str"><v>Line_x000D__x000A_two _x005F_x</v></c>', "Line\ntwo _x", False),
        ('<c r="A1" t="d"><v>2026-03-31T00:00:00</v></c>', "31/03/2026", False),
        ('<c r="A1" t="b"><v>0</v></c>', "FALSE", False),
    ],
)  # fmt: skip
def test_every_way_to_write_a_cell_is_read(tmp_path: Path, cells: str, text: str, unknown: bool) -> None:
    read = raw(tmp_path, f'{cells}<c r="B1"><v>1</v></c>').cell(0, 0)
    assert (read.text, read.unknown) == (text, unknown)


def test_an_error_is_named(tmp_path: Path) -> None:
    assert raw(tmp_path, '<c r="A1" t="e"><v>#REF!</v></c>').cell(0, 0).error == "#REF!"


# Looks


@pytest.mark.parametrize(
    ("colour", "name", "pale"),
    [
        ("FF00B050", "green", False),
        ("FFFFC000", "gold", False),
        ("FFFF0000", "red", False),
        ("FFC6EFCE", "green", True),
        (Color(theme=4), "blue", False),
        (Color(theme=4, tint=0.8), "blue", True),
        (Color(theme=0, tint=-0.25), "grey", True),
        (Color(theme=0), "", False),
        (Color(indexed=10), "red", False),
        ("FFFFFFFF", "", False),
    ],
)
def test_a_fill_has_a_plain_name(
    book: openpyxl.Workbook, tmp_path: Path, colour: str | Color, name: str, pale: bool
) -> None:
    book.active["A1"] = "x"
    book.active["A1"].fill = fill(colour)
    read = first(book, tmp_path)
    assert read.fill == name
    assert not name or read.pale == pale


def test_a_filled_cell_without_words_is_kept(book: openpyxl.Workbook, tmp_path: Path) -> None:
    book.active["A1"] = "Action"
    book.active["B1"].fill = fill("FFFF0000")
    read = sheet(book, tmp_path).cell(0, 1)
    assert (read.text, read.fill, read.fill_from, read.is_blank) == ("", "red", "cell", True)


def test_struck_out_words_and_cells_are_marked(book: openpyxl.Workbook, tmp_path: Path) -> None:
    book.active["A1"] = CellRichText(TextBlock(InlineFont(strike=True), "June"), TextBlock(InlineFont(), " July"))
    book.active["B1"] = "Gone"
    book.active["B1"].font = Font(strike=True)
    cells = sheet(book, tmp_path).rows[0].cells
    assert (cells[0].text, cells[0].live, cells[0].struck) == ("June July", "July", "June")
    assert cells[1].is_struck


def test_ticks_in_a_symbol_font_are_ticks(book: openpyxl.Workbook, tmp_path: Path) -> None:
    book.active["A1"] = "ü"
    book.active["A1"].font = Font(name="Wingdings")
    book.active["B1"] = CellRichText("Done ", TextBlock(InlineFont(rFont="Wingdings 2"), "P"))
    assert sheet(book, tmp_path).rows[0].texts == ("✓", "Done ✓")


def test_the_colour_of_all_words_is_named(book: openpyxl.Workbook, tmp_path: Path) -> None:
    book.active["A1"] = "Late"
    book.active["A1"].font = Font(color="FFFF0000", bold=True)
    read = first(book, tmp_path)
    assert (read.ink, read.bold) == ("red", True)


# Conditional formats


def test_simple_conditional_formats_are_worked_out(book: openpyxl.Workbook, tmp_path: Path) -> None:
    page = book.active
    for row, (status, score) in enumerate([("Complete", 1), ("Late", 2), ("complete", 3), (None, None)], start=1):
        page.cell(row, 1, status)
        page.cell(row, 2, score)
        page.cell(row, 3, "Action")
    page.conditional_formatting.add("A1:A4", CellIsRule("equal", ['"Complete"'], fill=PatternFill(bgColor="FF0070C0")))
    page.conditional_formatting.add("B1:B4", CellIsRule("between", ["2", "3"], fill=PatternFill(bgColor="FFFF0000")))
    page.conditional_formatting.add(
        "C1:C4", FormulaRule(['AND($A1="Late",$B1>1)'], fill=PatternFill(bgColor="FFFFC000"), font=Font(strike=True))
    )
    read = sheet(book, tmp_path)
    assert [row.cells[0].fill if row.cells else "" for row in read.rows] == ["blue", "", "blue", ""]
    assert [read.cell(n, 1).fill for n in range(4)] == ["", "red", "red", ""]
    assert [read.cell(n, 2).fill for n in range(4)] == ["", "gold", "", ""]
    assert read.cell(1, 2).is_struck
    assert read.cell(1, 2).fill_from == "condition"
    assert not any(cell.condition for row in read.rows for cell in row.cells)


def test_a_rule_that_stops_and_one_of_higher_priority_win(book: openpyxl.Workbook, tmp_path: Path) -> None:
    book.active["A1"] = 5
    red, green = PatternFill(bgColor="FFFF0000"), PatternFill(bgColor="FF00B050")
    book.active.conditional_formatting.add("A1", CellIsRule("greaterThan", ["3"], fill=green, stopIfTrue=True))
    book.active.conditional_formatting.add("A1", CellIsRule("greaterThan", ["1"], fill=red))
    assert first(book, tmp_path).fill == "green"


@pytest.mark.parametrize("formula", ["A1<TODAY()", "COUNTIF(A:A,A1)>1", "Other!A1=1", "INDIRECT(A1)", "A1+"])
def test_a_condition_that_is_not_worked_out_is_named(book: openpyxl.Workbook, tmp_path: Path, formula: str) -> None:
    book.active["A1"] = 5
    book.active.conditional_formatting.add("A1", FormulaRule([formula], fill=PatternFill(bgColor="FFFF0000")))
    read = sheet(book, tmp_path)
    assert (read.cell(0, 0).fill, bool(read.cell(0, 0).condition)) == ("", True)
    assert any("conditional formatting" in said for said in read.remarks)


def test_a_colour_scale_is_named_and_traffic_lights_are_colours(book: openpyxl.Workbook, tmp_path: Path) -> None:
    for row, score in enumerate([1, 2, 3], start=1):
        book.active.cell(row, 1, score)
        book.active.cell(row, 2, score)
    scale = ColorScaleRule("min", start_color="FF0000", end_type="max", end_color="00FF00")
    book.active.conditional_formatting.add("A1:A3", scale)
    book.active.conditional_formatting.add("B1:B3", IconSetRule("3TrafficLights1", "num", [1, 2, 3]))
    read = sheet(book, tmp_path)
    assert all(read.cell(n, 0).condition for n in range(3))
    assert [read.cell(n, 1).fill for n in range(3)] == ["red", "gold", "green"]


@pytest.mark.parametrize(
    ("kind", "attributes", "fills"),
    [
        ("containsText", 'operator="containsText" text="late"', ["red", "", ""]),
        ("beginsWith", 'operator="beginsWith" text="On"', ["", "red", ""]),
        ("endsWith", 'operator="endsWith" text="track"', ["", "red", ""]),
        ("notContainsText", 'operator="notContains" text="t"', ["", "", "red"]),
        ("containsBlanks", "", ["", "", "red"]),
    ],
)
def test_conditions_on_words_are_worked_out(tmp_path: Path, kind: str, attributes: str, fills: list[str]) -> None:
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" s="0" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for n, text in enumerate(["Is late", "On track", ""], start=1)
    )
    rules = (
        f'<conditionalFormatting sqref="A1:A3"><cfRule type="{kind}" dxfId="0" priority="1" {attributes}>'
        "<formula>x</formula></cfRule></conditionalFormatting>"
    )
    styles = '<dxfs><dxf><fill><patternFill><bgColor rgb="FFFF0000"/></patternFill></fill></dxf></dxfs>'
    parts = excel_parts(f"<sheetData>{cells}</sheetData>{rules}", styles=styles)
    read = read_parts(tmp_path, parts, "plan.xlsx").grids[0]
    assert [read.cell(n, 0).fill if n < len(read.rows) else "" for n in range(3)] == fills


def test_a_rule_of_excel_2010_with_its_own_look_is_worked_out(tmp_path: Path) -> None:
    inside = (
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Done</t></is></c></row></sheetData><extLst><ext>'
        "<x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type=\"expression\" priority=\"1\">"
        '<xm:f>$A$1="Done"</xm:f><x14:dxf><fill><patternFill><bgColor rgb="FF00B050"/></patternFill></fill></x14:dxf>'
        "</x14:cfRule><xm:sqref>A1</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
    )  # fmt: skip
    assert read_parts(tmp_path, excel_parts(inside), "plan.xlsx").grids[0].cell(0, 0).fill == "green"


# What is beside the cells


def test_merged_cells_are_seen_wherever_they_reach(book: openpyxl.Workbook, tmp_path: Path) -> None:
    page = book.active
    page["A1"], page["A2"], page["B2"], page["B3"] = "Plan", "Improve plans", "First", "Second"
    page.merge_cells("A1:C1")
    page.merge_cells("A2:A3")
    read = sheet(book, tmp_path)
    assert texts(read) == [["Plan"] * 3, ["Improve plans", "First", ""], ["Improve plans", "Second", ""]]
    assert (read.cell(0, 0).columns, read.cell(1, 0).rows) == (3, 2)
    assert read.title == "Plan"


def test_a_cell_merged_across_the_whole_sheet_is_no_wider_than_its_table(
    book: openpyxl.Workbook, tmp_path: Path
) -> None:
    book.active["A1"], book.active["A2"], book.active["C2"] = "Plan", "Action", "Due"
    book.active.merge_cells("A1:XFD1")
    assert sheet(book, tmp_path).width == 3


def test_hidden_rows_columns_and_sheets_are_marked_and_reported(book: openpyxl.Workbook, tmp_path: Path) -> None:
    page = book.active
    page["A1"], page["B1"], page["A2"] = "Action", "Lead", "Train"
    page.row_dimensions[2].hidden = True
    page.column_dimensions["B"].hidden = True
    other = book.create_sheet("Lists")
    other["A1"], other.sheet_state = "Green", "veryHidden"
    plan, lists = saved(book, tmp_path).grids
    assert (plan.rows[1].hidden, plan.hidden_columns, plan.hidden) == (True, (1,), False)
    assert plan.remarks == ("1 hidden row was read too, the first is row 2.", "Hidden columns were read too: B.")
    assert (lists.hidden, lists.cell(0, 0).text) == (True, "Green")


def test_links_comments_lists_and_choices_are_kept(book: openpyxl.Workbook, tmp_path: Path) -> None:
    page = book.active
    page.append(["Action", "Status"])
    page.append(["Audit", "Done"])
    page["A2"].hyperlink = "https://council.example/audit"
    page["A2"].comment = Comment("Ask the board", "Programme manager")
    listed, elsewhere = (
        DataValidation("list", formula1='"Done, Late"'),
        DataValidation("list", formula1="Lists!$A$1:$A$2"),
    )
    listed.add("B2:B9")
    elsewhere.add("A2")
    page.add_data_validation(listed)
    page.add_data_validation(elsewhere)
    page.add_table(Table(displayName="Actions", ref="A1:B2"))
    lists = book.create_sheet("Lists")
    lists["A1"], lists["A2"] = "Audit", "Visit"
    read = saved(book, tmp_path).grids[0]
    assert read.cell(1, 0).links == (Link("Audit", "https://council.example/audit"),)
    assert read.cell(1, 0).notes == ("Ask the board",)
    assert (read.cell(1, 0).choices, read.cell(1, 1).choices) == (("Audit", "Visit"), ("Done", "Late"))
    assert [row.is_head for row in read.rows] == [True, False]


def test_the_address_of_a_link_made_by_a_formula_is_kept(tmp_path: Path) -> None:
    cells = '<c r="A1" t="str"><f>HYPERLINK("https://council.example/a","Minutes")</f><v>Minutes</v></c>'
    assert raw(tmp_path, cells).cell(0, 0).links == (Link("Minutes", "https://council.example/a"),)


def test_check_boxes_in_cells_show_their_state(tmp_path: Path) -> None:
    extended = '<extLst><ext><x:xfComplement xmlns:x="urn:x" i="0"/></ext></extLst>'
    styles = f'<cellXfs><xf numFmtId="0"/><xf numFmtId="0">{extended}</xf></cellXfs>'
    cells = '<c r="A1" s="1" t="b"><v>1</v></c><c r="B1" s="1" t="b"><v>0</v></c><c r="C1" t="b"><v>1</v></c>'
    read = raw(tmp_path, cells, styles=styles).rows[0]
    assert read.texts == ("☒", "☐", "TRUE")
    assert read.cells[0].controls == (Control("checkbox", "yes"),)


def test_a_check_box_that_floats_over_a_cell_is_in_that_cell(tmp_path: Path) -> None:
    place = (
        '<from xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">'
        "<xdr:col>1</xdr:col><xdr:row>0</xdr:row></from>"
    )
    inside = (
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Audit</t></is></c></row></sheetData>'
        f'<controls><control r:id="rCtrlprop"><controlPr><anchor>{place}</anchor></controlPr></control></controls>'
    )
    parts = excel_parts(inside)
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(ctrlProp="../ctrlProps/one.xml")
    parts["xl/ctrlProps/one.xml"] = '<formControlPr xmlns="urn:x" objectType="CheckBox" checked="Checked"/>'
    assert read_parts(tmp_path, parts, "plan.xlsx").grids[0].rows[0].texts == ("Audit", "☒")


def test_the_words_of_a_text_box_are_read_beside_the_sheet(tmp_path: Path) -> None:
    xdr = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    words = "<a:p><a:r><a:t>Blue: complete</a:t></a:r></a:p><a:p><a:r><a:t>Red: late</a:t></a:r></a:p>"
    parts = excel_parts('<sheetData/><drawing r:id="rDrawing"/>')
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(drawing="../drawings/one.xml")
    parts["xl/drawings/one.xml"] = (
        f'<xdr:wsDr xmlns:xdr="{xdr}" xmlns:a="{DRAWING}"><xdr:sp><xdr:txBody>{words}</xdr:txBody></xdr:sp></xdr:wsDr>'
    )
    blocks = read_parts(tmp_path, parts, "plan.xlsx").blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["Blue: complete", "Red: late"]


# Packages


def test_parts_are_found_by_their_relationships(tmp_path: Path) -> None:
    parts = excel_parts('<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>')
    parts["xl/strings9.xml"] = f'<sst xmlns="{EXCEL}"><si><t>Shared</t></si></sst>'
    parts["xl/_rels/workbook.xml.rels"] = relations(worksheet1="/xl/one.xml", sharedStrings="strings9.xml")
    parts["xl/one.xml"] = parts.pop("xl/worksheets/sheet1.xml")
    del parts["xl/sharedStrings.xml"], parts["xl/styles.xml"]
    renamed = {name.replace("xl/workbook", "xl/book"): data for name, data in parts.items()}
    renamed["xl/_rels/book.xml.rels"] = renamed.pop("xl/_rels/workbook.xml.rels")
    renamed["_rels/.rels"] = relations(officeDocument="/xl/book.xml")
    assert texts(read_parts(tmp_path, renamed, "plan.xlsx").grids[0]) == [["Shared"]]


def test_strict_open_xml_is_read_like_the_usual_one(tmp_path: Path) -> None:
    cells = '<c r="A1" t="inlineStr"><is><t>Action</t></is></c><c r="B1" t="d" s="1"><v>2026-03-31</v></c>'
    styles = (
        '<fills><fill><patternFill patternType="solid"><fgColor rgb="FF00B050"/></patternFill></fill></fills>'
        '<cellXfs><xf numFmtId="0" fillId="9"/><xf numFmtId="17" fillId="0"/></cellXfs>'
    )
    parts = strict(excel_parts(f'<sheetData><row r="1">{cells}</row></sheetData>', styles=styles))
    cells_read = read_parts(tmp_path, parts, "plan.xlsx").grids[0].rows[0].cells
    assert [cell.text for cell in cells_read] == ["Action", "March 2026"]
    assert (cells_read[1].fill, cells_read[1].day) == ("green", date(2026, 3, 31))


def test_a_chart_sheet_is_passed_over(tmp_path: Path) -> None:
    parts = excel_parts('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{EXCEL}" xmlns:r="{OFFICE}"><sheets><sheet name="Chart" r:id="rChartsheet"/>'
        '<sheet name="Plan" r:id="rWorksheet1"/></sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = relations(chartsheet="c.xml", worksheet1="worksheets/sheet1.xml")
    parts["xl/c.xml"] = f'<chartsheet xmlns="{EXCEL}"/>'
    assert [grid.name for grid in read_parts(tmp_path, parts, "plan.xlsx").grids] == ["Plan"]


def test_a_sheet_that_reaches_too_far_is_refused(tmp_path: Path) -> None:
    far = '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(NotAPlan, match="reaches to row 1,048,576: delete the empty rows"):
        read_parts(tmp_path, excel_parts(far), "plan.xlsx")


# What other programs and habits leave behind


def test_what_is_centred_across_cells_counts_as_merged(book: openpyxl.Workbook, tmp_path: Path) -> None:
    page = book.active
    page["A1"], page["C1"] = "Action", "Progress"
    for place in ("A1", "B1", "C1", "D1"):
        page[place].alignment = Alignment(horizontal="centerContinuous")
    page.append(["Text", "Date", "Note", "Rating"])
    assert texts(sheet(book, tmp_path))[0] == ["Action", "Action", "Progress", "Progress"]


def test_a_stored_nought_is_no_value_where_the_workbook_was_never_worked_out(tmp_path: Path) -> None:
    cells = (
        '<c r="A1"><f>B1&amp;C1</f><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1"><v>0</v></c>'
        '<c r="D1" t="str"><f>A1</f><v>Done</v></c>'
    )
    parts = excel_parts(f'<sheetData><row r="1">{cells}</row></sheetData>', workbook='<calcPr fullCalcOnLoad="1"/>')
    read = read_parts(tmp_path, parts, "plan.xlsx").grids[0].rows[0].cells
    assert [(cell.text, cell.unknown) for cell in read] == [("", True), ("2", False), ("0", False), ("Done", False)]
    assert raw(tmp_path, cells).cell(0, 0).text == "0"


def test_emoji_that_were_escaped_in_halves_are_whole(tmp_path: Path) -> None:
    cell = raw(tmp_path, '<c r="A1" t="str"><v>_xD83D__xDFE2_ on track _xD83D_</v></c>').cell(0, 0)
    assert cell.text == "🟢 on track \ufffd"
    cell.text.encode()


def test_a_coloured_shape_over_a_cell_fills_it(tmp_path: Path) -> None:
    xdr = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    colour = '<xdr:spPr><a:solidFill><a:srgbClr val="FF0000"/></a:solidFill></xdr:spPr>'
    at = "<xdr:from><xdr:col>1</xdr:col><xdr:row>0</xdr:row></xdr:from>"
    parts = excel_parts('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><drawing r:id="rDrawing"/>')
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(drawing="../drawings/one.xml")
    parts["xl/drawings/one.xml"] = (
        f'<xdr:wsDr xmlns:xdr="{xdr}" xmlns:a="{DRAWING}"><xdr:oneCellAnchor>{at}<xdr:sp>{colour}</xdr:sp>'
        "</xdr:oneCellAnchor></xdr:wsDr>"
    )
    cell = read_parts(tmp_path, parts, "plan.xlsx").grids[0].cell(0, 1)
    assert (cell.fill, cell.fill_from) == ("red", "shape")
