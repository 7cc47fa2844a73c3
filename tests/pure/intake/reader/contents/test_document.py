"""The neutral document: what is seen where, what is live, and the way out of the sandbox and back."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.intake.reader.contents.document import (
    Cell,
    Control,
    Document,
    Heading,
    Line,
    Link,
    Paragraph,
    as_json,
    document,
    from_json,
    grid,
    plain,
    visible,
)


def test_a_document_comes_back_from_json_as_it_was() -> None:
    inner = grid([["Step", "By"]], "table 1 in table 1, row 2")
    rows = [
        ["Recommendation", "Action", "By"],
        [
            Cell("Improve plans", rows=2),
            Cell("Old\nNew", marked=(Line("Old", 1, "•", struck=((0, 3),)), Line("New", 1, "•"))),
            Cell("31/03/2026", day=date(2026, 3, 31), number=46112.0),
        ],
        [Cell(merged=(1, 0)), Cell(grids=(inner,)), Cell(controls=(Control("dropdown", "Done", ("Done", "Not")),))],
    ]
    whole = document(
        Heading("paragraph 1", "Plan", 0),
        Paragraph("paragraph 2", Line("See here", bold=((0, 3),)), links=(Link("here", "https://example.org"),)),
        grid(rows),
    )
    assert from_json(as_json(whole)) == whole


@given(st.lists(st.lists(st.text(max_size=8), max_size=4), max_size=4))
def test_any_texts_come_back_from_json(rows: list[list[str]]) -> None:
    whole = Document("csv", "a.csv", (grid(rows, ""),))
    assert from_json(as_json(whole)) == whole


def test_a_merged_cell_is_seen_in_each_row_that_it_covers() -> None:
    table = grid([["Rec", "Action"], [Cell("One", rows=2), "First"], [Cell(merged=(1, 0)), "Second"]])
    assert [table.seen(row, 0).text for row in (1, 2)] == ["One", "One"]
    assert table.rows[2].texts == ("", "Second")
    assert not table.rows[2].is_blank


def test_struck_out_words_are_kept_and_left_out_of_what_is_live() -> None:
    cell = Cell("30/06/2024 30/09/2024", marked=(Line("30/06/2024 30/09/2024", struck=((0, 11),)),))
    assert cell.live == "30/09/2024"
    assert cell.struck == "30/06/2024 "
    assert not cell.is_struck
    assert Cell("Gone", marked=(Line("Gone", struck=((0, 4),)),)).is_struck


def test_signs_that_no_one_sees_are_ignored_in_comparisons() -> None:
    assert visible("Ac\u200btion\u00a0plan\ufeff ") == "Action plan"
    assert plain("RE\u00adCOMMENDATION\u00a0 \nNo") == "recommendation no"
    assert plain("co\u2011ordinate") == "co-ordinate"


def test_columns_are_named_as_the_program_names_them() -> None:
    assert grid([["a"]], lettered=True).column_name(27) == "column AB"
    assert grid([["a", "b"]], "table 2").place(0, 1) == "table 2, row 1, column 2"
    assert grid([["a"]], "").place(0, 0) == "row 1, column 1"
