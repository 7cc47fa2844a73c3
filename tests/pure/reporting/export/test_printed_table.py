"""A plan that our writers print is the plan that our readers read: Word, Excel and CSV, whatever its words."""

from __future__ import annotations

import hashlib
import io
import os
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ilacs_app.intake.reader.contents.document import visible
from ilacs_app.intake.reader.read import read_plan
from ilacs_app.intake.reader.rows.drafts import words_alone
from ilacs_app.plan.parsing.statuses import read_status
from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.plan.plan_file import (
    HEADINGS,
    FileAction,
    FileColumn,
    FileRecommendation,
    FileSource,
    PlanFile,
    neutral,
    restored,
)
from ilacs_app.plan.rules import Status
from ilacs_app.reporting.export.coverage import FONTS
from ilacs_app.reporting.export.excel import excel_file
from ilacs_app.reporting.export.pdf import pdf_file
from ilacs_app.reporting.export.published import is_role, published
from ilacs_app.reporting.export.table import Cover, csv_file, table_of
from ilacs_app.reporting.export.word import word_file
from ilacs_app.text import printable

DATED_ON = date(2018, 2, 22)
COVER = Cover("Improvement plan", "Northmoor Council", "", DATED_ON, (("◆ Red", "off track"),))
SAMPLES = Path(__file__).parents[3] / "samples"
FOLDER = os.environ.get("ILACS_REAL_PLAN_DIR")
WRITERS = {
    "docx": lambda table: word_file(table, COVER),
    "xlsx": lambda table: excel_file(table, COVER),
    "csv": csv_file,
}
FONT_SUMS = {
    "DejaVuSans.ttf": "abdc775b21b1bc470d50c97e790d276f2054b7504e56e5bd3e64f48d68582322",
    "LiberationSans-Bold.ttf": "ba0e0dc3f7aca5b0afbc31e800531ee43be3aa79ae35b2ef1f6470a9547765c4",
    "LiberationSans-Regular.ttf": "8d91388f1d3604b3b8ae0e3ee2d140e50cd6122f9214514f4aca772540a4076d",
}


def said(plan: PlanFile) -> dict[str, Any]:
    """All that a plan says, without where it was in its file, what is to be looked at, and how sure of it we are."""
    out = plan.to_json()
    del out["source"], out["problems"]
    for column in out["columns"]:
        del column["certainty"], column["why"]
    for one in out["recommendations"]:
        del one["at"]
        for action in one["actions"]:
            del action["at"]
    return out


def again(plan: PlanFile, form: str, folder: Path) -> PlanFile:
    path = folder / f"printed.{form}"
    path.write_bytes(WRITERS[form](table_of(plan)))
    return read_plan(path, DATED_ON)


@pytest.mark.parametrize("form", list(WRITERS))
@pytest.mark.parametrize("of", ["docx", "xlsx", "csv"])
def test_a_plan_that_was_read_is_printed_and_read_again_without_loss(form, of, tmp_path):
    plan = read_plan(SAMPLES / f"plan.{of}", DATED_ON)
    assert said(again(plan, form, tmp_path)) == said(plan)


@pytest.mark.skipif(not FOLDER, reason="ILACS_REAL_PLAN_DIR is not set: the original plan was not printed")
@pytest.mark.parametrize("form", list(WRITERS))
def test_the_original_plan_is_printed_and_read_again_without_loss(form, tmp_path):
    plan = read_plan(Path(FOLDER or ".") / f"post_inspection_action_plan_2018.{form}", DATED_ON)
    assert said(again(plan, form, tmp_path)) == said(plan)
    assert (len(plan.recommendations), len(plan.actions)) == (12, 59)


# Random plans ---------------------------------------------------------------------------------------------

SIGNS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff\u2028\u2029\x85"
)
PIECES = st.sampled_from(
    [
        "=1+1",
        "+44",
        "-",
        "@home",
        "'quoted",
        "'=1",
        "a;b",
        "N/a",
        "•  first",
        "“said”",
        "£1,000",
        "R&D",
        "1.2",
        "<b>",
        "{{x}}",
        "#",
    ]
)


def lines_of(most: int) -> st.SearchStrategy[str]:
    """Words over one or more lines, as a cell holds them: something to see in each, and no space at its ends."""
    word = st.one_of(st.text(SIGNS, min_size=1, max_size=8), PIECES)
    line = st.lists(word, min_size=1, max_size=6).map(" ".join).map(str.strip).filter(visible)
    return st.lists(line, min_size=1, max_size=most).map("\n".join)


TEXT = lines_of(3)
# Numbers and single letters are no actions, whatever the heading: they are references and ratings.
TASK = TEXT.filter(lambda text: re.search(r"[^\W\d_]{3}", text))
# What a cell splits at, and what a heading of our own would be taken for, is in no single name.
NAME = st.text(st.characters(categories=("Lu", "Ll", "Nd")), min_size=2, max_size=9)
NAMES = st.lists(NAME, max_size=3, unique=True).map(tuple)
TIMES = st.sampled_from(
    [
        "End April 2018",
        "30/09/2023",
        "Q3 2023/24",
        "Throughout 2018",
        "Ongoing",
        "Pilot - End Feb 2018  Full Roll Out - End April 2018",
        "April 2015 (revised September 2015)",
        "TBC",
        "31/04/2019",
        "",
        "N/a",
    ]
)
NOTES = st.one_of(st.just(""), st.sampled_from(["Not Due", "Completed - Jan 2018", "Partially complete - draft"]), TEXT)
EXTRAS = ("Cost code", "Ward", "Cabinet member")


@st.composite
def plans(draw: st.DrawFn) -> PlanFile:
    """A plan as a file could hold it: any words, any of the twelve fields blank, columns of the council's own."""
    extras = draw(st.lists(st.sampled_from(EXTRAS), max_size=2, unique=True))
    further = draw(st.lists(st.sampled_from(["Owner", "Status", "BRAG", "Evidence"]), max_size=4, unique=True))
    fields = {"Owner": "owners", "Status": "status", "BRAG": "brag", "Evidence": "evidence"}
    columns = [FileColumn(words, name, "exact") for name, words in HEADINGS.items()]
    columns += [FileColumn(words, fields[words], "exact") for words in further]
    columns += [FileColumn(words, None, "unknown") for words in extras]
    own_refs = draw(st.booleans())
    columns += [FileColumn("Action reference", "ref", "exact")] if own_refs else []
    columns = draw(st.permutations(columns))
    # Recommendations of the same words are one, whose actions are then what is numbered.
    texts = draw(st.lists(TASK, min_size=1, max_size=4, unique_by=words_alone))
    made = []
    for n, text in enumerate(texts, start=1):
        actions = []
        ref = draw(st.sampled_from(["{n}.{m}", "{n}.{m}a", "R{n}/A{m}", "{n}-{m}9"])) if own_refs else "{n}.{m}"
        for m in range(1, draw(st.integers(1, 4)) + 1):
            note = draw(NOTES)
            own = draw(st.sampled_from(["", "In progress", "Complete", "Green"])) if "Status" in further else ""
            reading = read_status(own or note)
            brag = draw(st.sampled_from([None, "Red", "Amber"])) if "BRAG" in further else None
            if own == "Green" or (brag and reading.status is None):  # colours without a key: proposed as under way
                reading = replace(reading, status=Status.IN_PROGRESS, guessed=True)
            actions.append(
                FileAction(
                    ref=ref.format(n=n, m=m),
                    text=draw(TASK),
                    timescale=read_timescale(draw(TIMES), DATED_ON),
                    at="",
                    owners=draw(NAMES) if "Owner" in further else (),
                    status_text=own or reading.status_text,
                    status=reading.status,
                    status_guessed=reading.guessed,
                    completed_on=reading.completed_on,
                    note=note,
                    brag_text=brag,
                    brag=brag.lower() if brag else None,
                    evidence=draw(st.one_of(st.none(), TEXT)) if "Evidence" in further else None,
                    extra={name: draw(TEXT) for name in extras if draw(st.booleans())},
                )
            )
        made.append(
            FileRecommendation(
                number=str(n),
                text=text,
                at="",
                leads=draw(NAMES),
                monitoring=draw(NAMES),
                measures=draw(NAMES),
                partnership_focus=draw(st.one_of(st.just(""), TEXT)),
                link_plans=draw(NAMES),
                boards=draw(NAMES),
                impact=draw(st.one_of(st.just(""), TEXT)),
                actions=tuple(actions),
            )
        )
    return PlanFile(FileSource("random", "docx"), tuple(columns), tuple(made))


def _actions_in_doubt(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The actions whose status may be asked for: complete and rated red, or text that may list several things to do."""
    return [
        action
        for recommendation in plan["recommendations"]
        for action in recommendation["actions"]
        if (action["status"] == "completed" and action["brag"] == "red") or "\n" in action["text"]
    ]


def _come_back_equal(tmp_path_factory, examples: int) -> None:
    folder = tmp_path_factory.mktemp("printed")

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(plans(), st.sampled_from(sorted(WRITERS)))
    def holds(plan: PlanFile, form: str) -> None:
        found, wanted = said(again(plan, form, folder)), said(plan)
        for action in _actions_in_doubt(wanted):
            action["status_guessed"] = True
        for action in _actions_in_doubt(found):
            assert action["status_guessed"] or action["status"] != "completed" or action["brag"] != "red"
            action["status_guessed"] = True
        assert found["recommendations"] == wanted["recommendations"]
        assert found["columns"] == wanted["columns"]

    holds()


def test_random_plans_come_back_equal(tmp_path_factory):
    _come_back_equal(tmp_path_factory, 40)


@pytest.mark.proof
def test_4_000_random_plans_come_back_equal(tmp_path_factory, record_property):
    _come_back_equal(tmp_path_factory, 4000)
    record_property("plans", 4000)


# The writers ----------------------------------------------------------------------------------------------


@given(st.text(max_size=40))
def test_what_is_made_harmless_for_a_spreadsheet_comes_back(cell):
    assert restored(neutral(cell)) == cell
    assert not neutral(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("form", list(WRITERS))
def test_the_same_plan_gives_the_same_bytes(form):
    table = table_of(read_plan(SAMPLES / "plan.docx", DATED_ON))
    assert WRITERS[form](table) == WRITERS[form](table)


def test_word_has_a_landscape_page_a_marked_header_row_and_merged_recommendations():
    data = word_file(table_of(read_plan(SAMPLES / "plan.docx", DATED_ON)), COVER)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = package.read("word/document.xml").decode()
        styles = package.read("word/styles.xml").decode()
        footer = "".join(package.read(n).decode() for n in package.namelist() if n.startswith("word/footer"))
    assert body.count("<w:tblHeader/>") == 1
    assert 'w:orient="landscape"' in body
    assert body.count('w:vMerge w:val="restart"') == 12 * 9
    assert body.count("<w:cantSplit/>") == 60
    assert "Heading1" in body and 'w:val="en-GB"' in styles
    assert "NUMPAGES" in footer and "PAGE" in footer


def test_a_council_s_own_word_template_gives_its_styles_and_none_of_its_text():
    import docx

    own = docx.Document()
    own.add_paragraph("How to use this template")
    own.styles["Normal"].font.name = "Georgia"
    out = io.BytesIO()
    own.save(out)
    made = docx.Document(
        io.BytesIO(word_file(table_of(read_plan(SAMPLES / "plan.csv", DATED_ON)), COVER, out.getvalue()))
    )
    assert made.styles["Normal"].font.name == "Georgia"
    assert "How to use" not in "".join(p.text for p in made.paragraphs)
    assert len(made.tables) == 1


def test_excel_types_text_as_text_freezes_the_header_and_locks_the_key_columns():
    from openpyxl import load_workbook

    action = FileAction("1.1", "=1+1", read_timescale("30/09/2023", DATED_ON), "")
    plan = PlanFile(FileSource("x", "csv"), (), (FileRecommendation("1", "+44 and more", "", actions=(action,)),))
    sheet = load_workbook(io.BytesIO(excel_file(table_of(plan), COVER)))["Plan"]
    found = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    assert {found[t].data_type for t in ("=1+1", "+44 and more", "30/09/2023", "1")} == {"s"}
    assert sheet.freeze_panes == "A2" and sheet.print_title_rows == "$1:$1" and sheet.protection.sheet
    assert found["1"].protection.locked and found["+44 and more"].protection.locked
    assert not found["=1+1"].protection.locked


def test_a_pdf_is_tagged_the_same_each_time_and_reads_no_word_as_markup():
    hostile = '#import "x" $y$ *b* _i_ <label> `raw` \\ "quote" = heading'
    action = FileAction("1.1", hostile, read_timescale("", DATED_ON), "")
    plan = PlanFile(FileSource("x", "csv"), (), (FileRecommendation("1", hostile, "", actions=(action, action)),))
    made = pdf_file(table_of(plan), COVER)
    assert made.startswith(b"%PDF-1.7") and b"pdfuaid" in made and b"StructTreeRoot" in made
    assert made == pdf_file(table_of(plan), COVER)


def test_the_fonts_are_those_that_were_taken():
    assert {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in FONTS.glob("*.ttf")} == FONT_SUMS
    assert "SIL Open Font License" in (FONTS / "LICENSE.liberation").read_text()
    assert "Bitstream Vera" in (FONTS / "LICENSE.dejavu").read_text()


def test_signs_that_no_office_file_holds_are_left_out():
    assert printable("a\x00b\x0bc\n\td") == "abc\n\td"


def test_a_column_is_added_only_where_something_would_be_lost():
    own = tuple(FileColumn(w, f, "exact") for f, w in HEADINGS.items() if f in {"recommendation", "action", "note"})
    action = FileAction(
        "1.1", "Do it", read_timescale("End May 2018", DATED_ON), "", note="Not due", status_text="Not due"
    )
    one = FileRecommendation("1", "Improve", "", actions=(action,))
    plan = PlanFile(FileSource("x", "csv"), own, (one,))
    assert table_of(plan).headings == ("Recommendation", "Action", "Progress Note", "Timescale")


# As published ---------------------------------------------------------------------------------------------


def test_a_published_plan_names_roles_and_no_one():
    action = FileAction(
        "1.1",
        "Ask ALEX   Example for the list",
        read_timescale("", DATED_ON),
        "",
        owners=("Jo Sample", "Heads of locality"),
        note="Jo Sample met Alex Example. Sample Joinery was not there.",
        evidence="Mail of Jo Sample",
    )
    one = FileRecommendation("1", "Improve", "", leads=("Alex Example", "Jo Sample"), actions=(action,))
    out = published(PlanFile(FileSource("x", "csv"), (), (one,)), {"Alex Example": "Head of Service"})
    (made,) = out.recommendations
    assert made.leads == ("Head of Service", "Named officer 1")
    assert made.actions[0].owners == ("Named officer 1", "Heads of locality")
    assert made.actions[0].text == "Ask Head of Service for the list"
    assert made.actions[0].note == "Named officer 1 met Head of Service. Sample Joinery was not there."
    assert made.actions[0].evidence == "Mail of Named officer 1"


@pytest.mark.parametrize(
    ("words", "role"),
    [("Locality heads of service", True), ("QA Team", True), ("IRO", True), ("Alex Example", False), ("", True)],
)
def test_a_role_is_told_from_a_name(words, role):
    assert is_role(words) == role


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_a_reference_of_the_council_s_own_is_printed_and_comes_back(form, tmp_path):
    refs = ("3.1", "3.4a", "R2/A7")
    actions = tuple(FileAction(ref, f"Do {ref}", read_timescale("", DATED_ON), "") for ref in refs)
    plan = PlanFile(FileSource("x", form), (), (FileRecommendation("3", "Improve", "", actions=actions),))
    assert table_of(plan).headings[-1] == "Action reference"
    assert [one.ref for one in again(plan, form, tmp_path).actions] == list(refs)
