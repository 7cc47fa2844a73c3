"""The shapes in which councils keep a plan: each file comes in whole, to the letter, with what is doubtful said.

Every file is made here, in words of our own.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from openpyxl.styles import PatternFill

from ilacs_app.intake.reader.contents.document import document, grid
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.intake.reader.read import read_apart, read_plan, read_plan_apart
from ilacs_app.plan.plan_file import PlanFile

DATED_ON = date(2018, 2, 22)
HEAD = ["Action", "By when", "Progress"]
ONE = ["Write the guide for new staff", "End April 2018", "Not due"]
TWO = ["Ask young people what they think of it", "31/05/2018", "In progress - two groups were asked"]
THREE = ["Look at twenty records", "TBC", ""]
FIRST, SECOND = "Help new staff to settle in", "Hear what children say"
# number and text of each recommendation, with (text, words of the timescale, due date, note) of each action
Wanted = list[tuple[str, str, list[tuple[str, str, date | None, str]]]]
WHOLE: Wanted = [
    ("1", FIRST, [(ONE[0], ONE[1], date(2018, 4, 30), ONE[2])]),
    ("2", SECOND, [(TWO[0], TWO[1], date(2018, 5, 31), TWO[2]), (THREE[0], THREE[1], None, "")]),
]


def table(document, rows: list[list[str]]):
    made = document.add_table(rows=0, cols=max(map(len, rows)))
    for cells in rows:
        line = made.add_row().cells
        for cell, words in zip(line, cells, strict=False):
            cell.text = words
    return made


def word(build: Callable) -> bytes:
    document = docx.Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel(build: Callable) -> bytes:
    book = openpyxl.Workbook()
    build(book, book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def headings_above(document) -> None:
    document.add_heading("Improvement plan", 1)
    for number, text, rows in (("1", FIRST, [ONE]), ("2", SECOND, [TWO, THREE])):
        document.add_heading(f"Recommendation {number}: {text}", 2)
        table(document, [HEAD, *rows])


def rows_across(document) -> None:
    for number, text, rows in (("1", FIRST, [ONE]), ("2", SECOND, [TWO, THREE])):
        made = table(document, [["", "", ""], HEAD, *rows])
        line = made.rows[0].cells
        line[0].merge(line[2]).text = f"Recommendation {number} \u2013 {text}"


def one_table_a_page(document) -> None:
    """Each page has its own header; the second page goes on with the second recommendation."""
    head = ["No", "Recommendation", *HEAD]
    table(document, [head, ["1", FIRST, *ONE], ["2", SECOND, *TWO]])
    document.add_page_break()
    table(document, [head, ["", "", *THREE]])


def no_header_after_a_cut(document) -> None:
    table(document, [["No", "Recommendation", *HEAD], ["1", FIRST, *ONE], ["2", SECOND, *TWO]])
    document.add_paragraph("")
    table(document, [["", "", *THREE]])


def with_tables_that_are_not_the_plan(document) -> None:
    table(document, [["Wording", "Meaning"], ["Not due", "Its date has not come"]])
    table(document, [["Risk", "Score"], ["Vacancies", "9"]])
    table(document, [["No", "Recommendation", *HEAD], ["1", FIRST, *ONE], ["2", SECOND, *TWO], ["", "", *THREE]])


def in_a_landscape_section(document) -> None:
    document.add_paragraph("How this plan is kept")
    section = document.add_section()
    section.page_width, section.page_height = section.page_height, section.page_width
    table(document, [["No", "Recommendation", *HEAD], ["1", FIRST, *ONE], ["2", SECOND, *TWO], ["", "", *THREE]])


def with_tracked_changes(document) -> None:
    """Words that were put in count, words that were struck out do not; a comment is not part of the plan."""
    made = table(document, [["No", "Recommendation", *HEAD], ["1", FIRST, *ONE], ["2", SECOND, *TWO], ["", "", *THREE]])
    paragraph = made.rows[1].cells[2].paragraphs[0]
    run = paragraph.runs[0]
    run.text = ONE[0][:4]
    for tag, words in (("del", "something older"), ("ins", ONE[0][4:])):
        change = OxmlElement(f"w:{tag}")
        change.set(qn("w:id"), "1")
        change.set(qn("w:author"), "A manager")
        piece = OxmlElement("w:r")
        said = OxmlElement("w:delText" if tag == "del" else "w:t")
        said.set(qn("xml:space"), "preserve")
        said.text = words
        piece.append(said)
        change.append(piece)
        paragraph._p.append(change)
    document.add_comment(made.rows[1].cells[2].paragraphs[0].runs, text="Is this still so?", author="A manager")


def cut_in_a_sentence(document) -> None:
    """The second page repeats the header, and the rest of a cell begins it."""
    head = ["No", "Recommendation", *HEAD]
    words = SECOND.split()
    table(document, [head, ["1", FIRST, *ONE], ["2", " ".join(words[:2]), *TWO]])
    document.add_page_break()
    table(document, [head, ["", " ".join(words[2:]), "", "", ""], ["", "", *THREE]])


def in_any_order(document) -> None:
    rows = [["Progress", "Recommendation", "By when", "Ref", "Action"]]
    for number, text, (action, when, note) in (("1", FIRST, ONE), ("2", SECOND, TWO), ("", "", THREE)):
        rows.append([note, text, when, number, action])
    table(document, rows)


def labels_alone(document) -> None:
    document.add_heading("Improvement plan", 1)
    for number, text, actions in (("1", FIRST, [ONE]), ("2", SECOND, [TWO, THREE])):
        document.add_paragraph(f"Recommendation {number}: {text}")
        for n, (action, when, note) in enumerate(actions, start=1):
            document.add_paragraph(f"Action {number}.{n}: {action}")
            document.add_paragraph(f"Timescale: {when}")
            document.add_paragraph(f"Progress: {note}")


def several_in_a_cell(document) -> None:
    table(
        document,
        [
            ["No", "Recommendation", *HEAD],
            ["1", FIRST, *ONE],
            ["2", SECOND, f"\u2022 {TWO[0]}\n\u2022 {THREE[0]}", f"{TWO[1]}\n{THREE[1]}", ""],
        ],
    )


def with_initials(document) -> None:
    head = ["No", "Recommendation", "Lead", *HEAD]
    table(document, [head, ["1", FIRST, "PSW", *ONE], ["2", SECOND, "HOQ / PSW", *TWO], ["", "", "", *THREE]])
    table(document, [["PSW", "Principal Social Worker"], ["HOQ", "Head of Quality"]])


def two_header_rows(_book, sheet) -> None:
    sheet.append(["Improvement plan 2018"])
    sheet.append([])
    sheet.append(["No", "Recommendation", "Delivery", None, None])
    sheet.append([None, None, *HEAD])
    for at in ("A3:A4", "B3:B4", "C3:E3"):
        sheet.merge_cells(at)
    for row in (["1", FIRST, *ONE], ["2", SECOND, *TWO], [None, None, *THREE]):
        sheet.append(row)


def one_sheet_a_theme(book, sheet) -> None:
    sheet.title = "Staff"
    head = ["No", "Recommendation", *HEAD]
    for row in (head, ["1", FIRST, *ONE]):
        sheet.append(row)
    other = book.create_sheet("Voice")
    for row in (head, ["2", SECOND, *TWO], [None, None, *THREE]):
        other.append(row)
    key = book.create_sheet("Key")
    key.append(["Not due", "Its date has not come"])


def hidden_parts(book, sheet) -> None:
    for row in (["No", "Recommendation", *HEAD], ["1", FIRST, *ONE], ["2", SECOND, *TWO], [None, None, *THREE]):
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["E"].hidden = True
    away = book.create_sheet("Old")
    away.append(["No", "Recommendation", *HEAD])
    away.append(["9", "An older one", *ONE])
    away.sheet_state = "hidden"


def title_rows_above(_book, sheet) -> None:
    for row in (["Northmoor Council"], [], ["Plan after the inspection", None, "Version 7"], []):
        sheet.append(row)
    for row in (["No", "Recommendation", *HEAD], ["1", FIRST, *ONE], ["2", SECOND, *TWO], [None, None, *THREE]):
        sheet.append(row)


def merged_cells(_book, sheet) -> None:
    for row in (["No", "Recommendation", *HEAD], ["1", FIRST, *ONE], ["2", SECOND, *TWO], [None, None, *THREE]):
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("B3:B4")


def real_dates(_book, sheet) -> None:
    sheet.append(["No", "Recommendation", *HEAD])
    sheet.append([1, FIRST, *ONE])
    sheet.append([2, SECOND, TWO[0], date(2018, 5, 31), TWO[2]])
    sheet.append([None, None, *THREE])


CSV_ROWS = [["No", "Recommendation", *HEAD], ["1", FIRST, *ONE], ["2", SECOND, *TWO], ["", "", *THREE]]


def text(mark: str, encoding: str) -> bytes:
    rows = (mark.join(f'"{cell}"' for cell in row) for row in CSV_ROWS)
    return "\r\n".join(rows).encode(encoding)


SHAPES: dict[str, Callable[[], bytes]] = {
    "headings above.docx": lambda: word(headings_above),
    "rows across.docx": lambda: word(rows_across),
    "one table a page.docx": lambda: word(one_table_a_page),
    "no header after a cut.docx": lambda: word(no_header_after_a_cut),
    "other tables.docx": lambda: word(with_tables_that_are_not_the_plan),
    "any order.docx": lambda: word(in_any_order),
    "labels alone.docx": lambda: word(labels_alone),
    "several in a cell.docx": lambda: word(several_in_a_cell),
    "initials.docx": lambda: word(with_initials),
    "landscape.docx": lambda: word(in_a_landscape_section),
    "tracked changes.docx": lambda: word(with_tracked_changes),
    "cut in a sentence.docx": lambda: word(cut_in_a_sentence),
    "title rows.xlsx": lambda: excel(title_rows_above),
    "two header rows.xlsx": lambda: excel(two_header_rows),
    "one sheet a theme.xlsx": lambda: excel(one_sheet_a_theme),
    "hidden parts.xlsx": lambda: excel(hidden_parts),
    "merged cells.xlsx": lambda: excel(merged_cells),
    "real dates.xlsx": lambda: excel(real_dates),
    "commas.csv": lambda: text(",", "utf-8"),
    "mark.csv": lambda: text(",", "utf-8-sig"),
    "windows.csv": lambda: text(",", "cp1252"),
    "semicolons.csv": lambda: text(";", "utf-8"),
    "tabs.csv": lambda: text("\t", "utf-16"),
}


def reading(name: str, folder: Path, how: Callable[[Path, date], PlanFile] = read_plan) -> PlanFile:
    path = folder / name
    path.write_bytes(SHAPES[name]())
    return how(path, DATED_ON)


def of(plan: PlanFile) -> Wanted:
    return [
        (one.number, one.text, [(a.text, a.timescale.text, a.timescale.due_on, a.note) for a in one.actions])
        for one in plan.recommendations
    ]


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_plan_in_this_shape_comes_in_whole(name, tmp_path):
    wanted = WHOLE
    if name == "real dates.xlsx":
        wanted = [
            WHOLE[0],
            (WHOLE[1][0], WHOLE[1][1], [(TWO[0], "31/05/2018", date(2018, 5, 31), TWO[2]), WHOLE[1][2][1]]),
        ]
    if name == "cut in a sentence.docx":  # rows of one cell are joined by a line break
        wanted = [WHOLE[0], ("2", SECOND.replace(" ", "\n", 2).replace("\n", " ", 1), WHOLE[1][2])]
    if name == "several in a cell.docx":
        wanted = [WHOLE[0], ("2", SECOND, [(TWO[0], TWO[1], date(2018, 5, 31), ""), (THREE[0], THREE[1], None, "")])]
    plan = reading(name, tmp_path)
    assert of(plan) == wanted
    asked = [p.says for p in plan.problems if "“TBC”" in p.says]
    assert len(asked) == 1, "what is not understood is asked for"


def test_apart_it_is_read_as_it_is_here(tmp_path):
    for name in ("headings above.docx", "hidden parts.xlsx"):
        assert reading(name, tmp_path, read_plan_apart) == reading(name, tmp_path)


def test_what_is_hidden_is_read_and_reported_and_a_hidden_sheet_is_left_out_and_reported(tmp_path):
    says = {p.says for p in reading("hidden parts.xlsx", tmp_path).problems}
    assert "1 hidden row was read too, the first is row 4." in says
    assert "Hidden columns were read too: E." in says
    assert "This sheet is hidden and was left out." in says


def test_tables_that_are_not_the_plan_are_named(tmp_path):
    at = {p.at for p in reading("other tables.docx", tmp_path).problems if "left it out" in p.says}
    assert at == {"table 1", "table 2"}


def small(head: list[str], *rows: list[str], tmp_path: Path) -> PlanFile:
    path = tmp_path / "small.csv"
    lines = [["No", "Recommendation", *head], *(["1", FIRST, *row] for row in rows)]
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in line) for line in lines), encoding="utf-8")
    return read_plan(path, DATED_ON)


def test_a_column_of_revised_dates_makes_one_move(tmp_path):
    plan = small(
        ["Action", "Timescale", "Revised date"],
        ["Write it", "April 2018", "September 2018"],
        ["Ask them", "April 2018", ""],
        ["Look", "", "May 2018"],
        ["Go on", "April 2018", "TBC"],
        tmp_path=tmp_path,
    )
    found = [(a.timescale.text, a.timescale.due_on, a.timescale.original_due_on) for a in plan.actions]
    assert found == [
        ("April 2018 (revised September 2018)", date(2018, 9, 30), date(2018, 4, 30)),
        ("April 2018", date(2018, 4, 30), None),
        ("May 2018", date(2018, 5, 31), None),
        ("April 2018 (revised TBC)", None, None),
    ]
    assert any("“April 2018 (revised TBC)”" in p.says for p in plan.problems)


TWICE = ["No", "Recommendation", "Action", "Action", "Note", "Note"]
TWICE_ROW = ["1", FIRST, "Theme A", ONE[0], "Not due", "See log"]


def _twice(form: str) -> bytes:
    if form == "csv":
        return "\n".join(map(",".join, (TWICE, TWICE_ROW))).encode()
    if form == "docx":
        return word(lambda document: table(document, [TWICE, TWICE_ROW]))
    return excel(lambda _, sheet: [sheet.append(row) for row in (TWICE, TWICE_ROW)])


@pytest.mark.parametrize("form", ["docx", "xlsx", "csv"])
def test_the_second_column_of_the_same_heading_has_a_name_of_its_own_and_can_be_chosen(tmp_path, form):
    path = tmp_path / f"twice.{form}"
    path.write_bytes(_twice(form))
    contents = read_document(path)
    as_it_is, chosen = (plan_from(contents, DATED_ON, columns=said) for said in ({}, {"Action": "action"}))
    assert [one.heading for one in as_it_is.columns] == [*TWICE[:3], "Action (2)", "Note", "Note (2)"]
    # Of two columns of one name, the one whose cells say what is to be done holds the actions.
    for read, text, extra in ((as_it_is, ONE[0], "Action"), (chosen, "Theme A", "Action (2)")):
        (action,) = read.recommendations[0].actions
        other = {ONE[0], "Theme A"} - {text}
        assert (action.text, action.note, action.extra) == (
            text,
            "Not due",
            {extra: other.pop(), "Note (2)": "See log"},
        )


def test_the_columns_of_one_heading_are_told_apart_where_one_is_called_so_already():
    rows = (("Aim", "Steps", "Steps (2)", "Steps", ""), ("Visits are on time", "a", "b", "c", "d"))
    read = plan_from(document(grid(rows, "", lettered=True), name="own.csv"), DATED_ON)
    assert [one.heading for one in read.columns] == ["Aim", "Steps", "Steps (2)", "Steps (3)", "column E"]


def test_a_slip_in_a_heading_is_a_guess_that_shows_itself(tmp_path):
    plan = small(
        ["Action", "Time scalle", "Progres note", "Cost code"],
        ["Write it", "May 2018", "Not due", "A1"],
        tmp_path=tmp_path,
    )
    assert {c.heading: (c.field, c.how) for c in plan.columns}["Time scalle"] == ("timescale", "guess")
    assert {c.heading: (c.field, c.how) for c in plan.columns}["Cost code"] == (None, "unknown")
    says = [p.says for p in plan.problems if p.says.startswith("We read the column")]
    assert says == [
        "We read the column “Time scalle” as “Timescale”.",
        "We read the column “Progres note” as “Progress Note”.",
    ]
    (action,) = plan.actions
    assert (action.timescale.due_on, action.note, action.extra) == (date(2018, 5, 31), "Not due", {"Cost code": "A1"})


def test_a_column_known_for_sure_goes_before_one_that_is_guessed(tmp_path):
    plan = small(["Action", "Time scalle", "Timescale"], ["Write it", "soon", "May 2018"], tmp_path=tmp_path)
    (action,) = plan.actions
    assert (action.timescale.text, action.extra) == ("May 2018", {"Time scalle": "soon"})


def test_an_impact_rating_is_no_rating_of_the_action(tmp_path):
    plan = small(["Action", "RAG", "Impact rating"], ["Write it", "Red", "Green"], tmp_path=tmp_path)
    (action,) = plan.actions
    assert (action.brag, action.extra) == ("red", {"Impact rating": "Green"})


COLOURS = {"Red": "FF0000", "Amber": "FFC000", "Green": "00B050", "Blue": "0070C0", "": "D9D9D9"}


def test_ratings_that_are_a_colour_alone_are_read_and_reported_in_excel(tmp_path):
    def build(_book, sheet) -> None:
        sheet.append(["No", "Recommendation", "Action", "RAG"])
        for n, rgb in enumerate(COLOURS.values(), start=2):
            sheet.append(["1", FIRST, f"Step {n}", None])
            sheet.cell(n, 4).fill = PatternFill("solid", fgColor=rgb)

    path = tmp_path / "colours.xlsx"
    path.write_bytes(excel(build))
    plan = read_plan(path, DATED_ON)
    assert [a.brag_text or "" for a in plan.actions] == list(COLOURS)
    assert any("4 ratings are a colour with no text" in p.says for p in plan.problems)
    assert read_plan_apart(path, DATED_ON) == plan


def test_ratings_that_are_a_colour_alone_are_read_in_word(tmp_path):
    def build(document) -> None:
        made = table(
            document, [["No", "Recommendation", "Action", "RAG"], *(["1", FIRST, f"Step {c}", ""] for c in COLOURS)]
        )
        for row, rgb in zip(made.rows[1:], COLOURS.values(), strict=False):
            row.cells[3]._tc.get_or_add_tcPr().append(
                parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{rgb}"/>')
            )

    path = tmp_path / "colours.docx"
    path.write_bytes(word(build))
    assert [a.brag_text or "" for a in read_plan(path, DATED_ON).actions] == list(COLOURS)


def test_initials_are_written_in_full_and_reported(tmp_path):
    plan = reading("initials.docx", tmp_path)
    leads = [one.leads for one in plan.recommendations]
    assert leads == [("Principal Social Worker",), ("Head of Quality", "Principal Social Worker")]
    assert sum("means" in p.says for p in plan.problems) == 2


def test_lines_that_may_be_several_actions_stay_one_where_it_is_not_certain(tmp_path):
    cell = "\u2022 Write it\n\u2022 Ask them\n\u2022 Look again"
    plan = small(["Action", "Timescale"], [cell, "May 2018\nJune 2018"], tmp_path=tmp_path)
    assert [a.text for a in plan.actions] == [cell]
    assert any("3 lines" in p.says for p in plan.problems)
    plain = small(["Action", "Timescale"], ["Write it\nand ask them", "Mar 2019\nSept 2019"], tmp_path=tmp_path)
    assert [a.text for a in plain.actions] == ["Write it\nand ask them"]
    one_date = small(["Action", "Timescale"], [cell, "May 2018"], tmp_path=tmp_path)
    assert [a.text for a in one_date.actions] == [cell]


def test_a_parted_cell_is_reported_once(tmp_path):
    says = [p for p in reading("several in a cell.docx", tmp_path).problems if "several actions" in p.says]
    assert [p.at for p in says] == ["table 1, row 3"]


def keyed(book, sheet) -> None:
    sheet.append(["No", "Recommendation", "Action", "Timescale", "Status"])
    for row in (["1", FIRST, ONE[0], ONE[1], "Green"], [None, None, "Ask families", "End May 2018", "Blue"]):
        sheet.append(row)
    key = book.create_sheet("Key")
    for row in (["Our key", None], ["Green", "On track"], ["Blue", "Completed"], ["Amber", "Some slippage"]):
        key.append(row)


def test_a_status_key_in_the_file_proposes_what_a_colour_means_and_says_that_it_is_a_guess(tmp_path):
    path = tmp_path / "keyed.xlsx"
    path.write_bytes(excel(keyed))
    read = read_apart(path, DATED_ON)
    assert read.key == {"Green": "On track", "Blue": "Completed", "Amber": "Some slippage"}
    assert [(one.word, one.actions, one.means, one.status) for one in read.status_words()] == [
        ("Green", 1, "On track", "in_progress"),
        ("Blue", 1, "Completed", "completed"),
    ]
    plan = read.plan(DATED_ON)
    assert all(action.status_guessed for action in plan.actions)
    assert sum("to mean" in problem.says for problem in plan.problems) == 2


@pytest.mark.parametrize(
    ("word", "status"),
    [("Green", "in_progress"), ("A", "in_progress"), ("R", "in_progress"), ("Blue", None), ("White", None)],
)
def test_without_a_key_a_colour_is_asked_with_what_it_most_often_means(tmp_path, word, status):
    plan = small(["Action", "Timescale", "Status"], ["Act", "End May 2018", word], tmp_path=tmp_path)
    (action,) = plan.actions
    assert (action.status, action.status_guessed) == (status, status is not None)
    says = {problem.says for problem in plan.problems}
    meaning = f"We understand “{word}” to mean {str(status).replace('_', ' ')}."
    assert any((meaning if status else f"We cannot tell a status from “{word}”") in text for text in says)


def test_a_rating_beside_a_note_is_one_status_word_of_the_file_and_names_the_rating():
    rows = [
        ["Recommendation", "Action", "Timescale", "RAG", "Progress"],
        [FIRST, "Write a rota", "End May 2018", "Amber", "Two staff recruited"],
        [FIRST, "Train the leads", "End June 2018", "Blue – complete", "Slides sent to all"],
    ]
    read = plan_from(document(grid(rows)), DATED_ON)
    assert [(word.word, word.status) for word in read.status_words()] == [
        ("Amber", "in_progress"),
        ("Blue – complete", "completed"),
    ]
    plan = read.plan(DATED_ON)
    assert [action.status for action in plan.actions] == ["in_progress", "completed"]
    assert all(action.status_guessed for action in plan.actions)
    says = [problem.says for problem in plan.problems]
    assert any("We understand “Amber” to mean in progress" in text for text in says)
    assert not any("Two staff recruited" in text for text in says)
