"""Write the demonstration plan as the three files that a council has: python tests/samples/make_samples.py

plan.docx holds a table that is not the plan, then a landscape table with merged cells and a repeated
header; plan.xlsx a title, merged cells, a footer line and a sheet of abbreviations; plan.csv is Windows-1252
with CRLF and blanks to fill down. Make them again whenever the plan's words change: tests compare them.
"""

import csv
import sys
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.shared import OxmlElement
from docx.shared import Pt
from openpyxl.styles import Alignment, Font

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from ilacs_app.demo.content import COUNCIL, demo_plan_rows  # noqa: E402

DATED_ON = date(2018, 2, 22)
TITLE = f"{COUNCIL} – Post-inspection action plan, 22 February 2018"
ACTION, TIMESCALE, NOTE = 5, 6, 7
AIMS = (
    ("What the council wants", "How this report helps"),
    ("A fair start for every child", "Families are helped early and children are safe"),
    ("Homes that people can afford", "Care leavers have a suitable home and can keep it"),
)
ABBREVIATIONS = (
    ("Abbreviation", "Meaning"),
    ("LAC", "Looked after children"),
    ("MASH", "Multi-agency safeguarding hub"),
    ("MSCB", "The safeguarding children board"),
    ("PEP", "Personal education plan"),
)


def groups_of(rows: list[list[str]]) -> list[list[list[str]]]:
    """The rows of each recommendation; a row with a number begins one."""
    groups: list[list[list[str]]] = []
    for row in rows:
        if row[0]:
            groups.append([])
        groups[-1].append(row)
    return groups


def one_row_for_each_action(group: list[list[str]]) -> list[list[str]]:
    """The rows of a recommendation with the lines between its actions joined to the cell above them."""
    width = len(group[0])
    folded = [["" for _ in range(width)] for row in group if row[ACTION]]
    for column in range(width):
        if column not in (ACTION, TIMESCALE, NOTE):
            folded[0][column] = "\n".join(row[column] for row in group if row[column])
    place = -1
    for row in group:
        place += bool(row[ACTION])
        for column in (ACTION, TIMESCALE, NOTE):
            folded[place][column] = "\n".join(filter(None, (folded[place][column], row[column])))
    return folded


def write_docx(path: Path, rows: list[list[str]]) -> None:
    document: Any = docx.Document()
    document.add_heading(COUNCIL, level=1)
    document.add_paragraph("Report to the scrutiny committee on the plan that follows our inspection.")
    aims = document.add_table(rows=0, cols=2, style="Table Grid")
    for line in AIMS:
        for cell, text in zip(aims.add_row().cells, line, strict=True):
            cell.text = text
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    document.add_paragraph("The plan as it stood on 22 February 2018.")
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    cells = [list(row.cells) for row in table.rows]
    for texts, row in zip(rows, cells, strict=True):
        for text, cell in zip(texts, row, strict=True):
            fill(cell, text)
    first = 1
    for group in groups_of(rows[1:]):
        for column in range(len(rows[0])):
            if column not in (ACTION, TIMESCALE, NOTE) and not any(row[column] for row in group[1:]):
                merge_down([row[column] for row in cells[first : first + len(group)]])
        first += len(group)
    document.save(str(path))


def fill(cell: Any, text: str) -> None:
    """Put each line in a paragraph of its own, as Word does."""
    cell.text = ""
    for place, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.add_run(line).font.size = Pt(7)


def merge_down(cells: list[Any]) -> None:
    for place, cell in enumerate(cells):
        merge = OxmlElement("w:vMerge")
        merge.set(qn("w:val"), "continue" if place else "restart")
        cell._tc.get_or_add_tcPr().append(merge)


def write_xlsx(path: Path, rows: list[list[str]]) -> None:
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.title = "Action plan"
    sheet["A1"], sheet["A1"].font = TITLE, Font(bold=True)
    sheet.merge_cells("A1:L1")
    for column, heading in enumerate(rows[0], start=1):
        sheet.cell(3, column, heading).font = Font(bold=True)
    first = 4
    for group in groups_of(rows[1:]):
        folded = one_row_for_each_action(group)
        for place, row in enumerate(folded):
            for column, text in enumerate(row, start=1):
                if text:
                    sheet.cell(first + place, column, text).alignment = Alignment(wrap_text=True, vertical="top")
        for column in range(1, len(rows[0]) + 1):
            if column - 1 not in (ACTION, TIMESCALE, NOTE) and len(folded) > 1:
                sheet.merge_cells(
                    start_row=first, end_row=first + len(folded) - 1, start_column=column, end_column=column
                )
        first += len(folded)
    sheet.cell(first + 1, 1, "Made by the programme office. OFFICIAL.")
    other: Any = workbook.create_sheet("Abbreviations")
    for line in ABBREVIATIONS:
        other.append(line)
    workbook.save(path)


def write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)


def main() -> None:
    folder, rows = Path(__file__).resolve().parent, demo_plan_rows(DATED_ON)
    write_docx(folder / "plan.docx", rows)
    write_xlsx(folder / "plan.xlsx", rows)
    write_csv(folder / "plan.csv", rows)


if __name__ == "__main__":
    main()
