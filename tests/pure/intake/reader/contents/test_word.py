"""Word files: every wrapper seen through, every cell where the eye sees it, and nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilacs_app.intake.reader.contents.document import Control, Grid, Heading, Link, Paragraph
from tests.pure.intake.reader.contents.packages import (
    DRAWING,
    in_list,
    p,
    packed,
    r,
    read_parts,
    read_word,
    strict,
    style,
    styled,
    tbl,
    tc,
    texts,
    tr,
    word_parts,
)


def table(folder: Path, *rows: str, widths: tuple[int, ...] = (1440,) * 4, **others: str) -> Grid:
    return read_word(folder, tbl(*rows, widths=widths), **others).grids[0]


def cell(folder: Path, inside: str, properties: str = "", **others: str):  # type: ignore[no-untyped-def]
    return table(folder, tr(tc(inside, properties)), **others).rows[0].cells[0]


SDT = "<w:sdt><w:sdtPr>{kind}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def sdt(inside: str, kind: str = "") -> str:
    return SDT.format(kind=kind, inside=inside)


# Wrappers


def test_words_in_content_controls_are_read_at_every_level(tmp_path: Path) -> None:
    inner = p(inside=r("Agree ") + sdt(r("the protocol")))
    rows = (
        tr("Action", sdt(tc("Due")), "Lead"),
        sdt(tr(tc(sdt(inner)), sdt(tc("May 2027")), "Head of Service")),
    )
    whole = read_word(tmp_path, sdt(tbl(*rows, widths=(2000,) * 3)) + sdt(p("Last words")))
    assert texts(whole.grids[0]) == [["Action", "Due", "Lead"], ["Agree the protocol", "May 2027", "Head of Service"]]
    assert [block.text for block in whole.blocks if isinstance(block, Paragraph)] == ["Last words"]


def test_smart_tags_and_custom_xml_are_seen_through(tmp_path: Path) -> None:
    inside = f"<w:smartTag>{r('Leeds')}</w:smartTag><w:customXml>{r(' team')}</w:customXml><w:bdo>{r('s')}</w:bdo>"
    assert cell(tmp_path, p(inside=inside)).text == "Leeds teams"
    custom_row = f"<w:customXml>{tr('a', 'b')}</w:customXml>"
    assert texts(table(tmp_path, custom_row, widths=(900, 900))) == [["a", "b"]]


def test_alternative_content_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('In the box')}</w:txbxContent>"
    new = f"<w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing>"
    old = f"<w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    choice = f'<mc:Choice Requires="wps">{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback>'
    inside = f"<w:r><mc:AlternateContent>{choice}</mc:AlternateContent></w:r>"
    assert cell(tmp_path, p(inside=r("Beside it") + inside)).text == "Beside it\nIn the box"
    blocks = read_word(tmp_path, p(inside=inside)).blocks
    assert [(block.text, block.boxed) for block in blocks if isinstance(block, Paragraph)] == [("In the box", True)]


def test_the_fallback_is_read_where_the_first_choice_says_nothing(tmp_path: Path) -> None:
    inside = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='x'><w:drawing/></mc:Choice>"
        "<mc:Fallback><w:t>Old words</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert cell(tmp_path, p(inside=inside)).text == "Old words"


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    inside = (
        r("Due ")
        + f"<w:ins>{r('June')}</w:ins>"
        + "<w:del><w:r><w:delText>May</w:delText></w:r></w:del>"
        + f"<w:moveFrom>{r('gone')}</w:moveFrom><w:moveTo>{r(' 2027')}</w:moveTo>"
    )
    whole = read_word(
        tmp_path,
        tbl(
            tr(tc(p(inside=inside)), "x"),
            tr("out", "out", properties="<w:del/>"),
            tr("in", "in", properties="<w:ins/>"),
        ),
    )
    assert texts(whole.grids[0]) == [["Due June 2027", "x"], ["in", "in"]]
    assert whole.grids[0].rows[1].at == "table 1, row 2"
    assert any("tracked changes" in said for said in whole.remarks)


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next(tmp_path: Path) -> None:
    first = p("Train all ", properties="<w:rPr><w:del/></w:rPr>")
    assert cell(tmp_path, first + p("managers")).text == "Train all managers"
    assert [b.text for b in read_word(tmp_path, first + p("staff")).blocks] == ["Train all staff"]  # type: ignore[union-attr]


# Fields, controls, signs


def field(instruction: str, result: str = "", form: str = "") -> str:
    data = f"<w:ffData>{form}</w:ffData>" if form else ""
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
        f'<w:r><w:instrText>{instruction}</w:instrText></w:r>{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_a_field_gives_its_result_and_not_its_instruction(tmp_path: Path) -> None:
    nested = field(" IF " + "", r("Yes"))
    assert cell(tmp_path, p(inside=field("DATE \\@ d", r("1 May 2027")) + nested)).text == "1 May 2027Yes"
    assert cell(tmp_path, p(inside=f'<w:fldSimple w:instr="REF x">{r("5.4")}</w:fldSimple>')).text == "5.4"


ENTRIES = ("Not started", "In progress", "Done")
LIST = "<w:ddList>{}" + "".join(f'<w:listEntry w:val="{entry}"/>' for entry in ENTRIES) + "</w:ddList>"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (LIST.format('<w:result w:val="2"/>'), "Done"),
        (LIST.format('<w:default w:val="1"/>'), "In progress"),
        (LIST.format(""), "Not started"),
    ],
)
def test_an_old_form_drop_down_shows_its_choice(tmp_path: Path, form: str, text: str) -> None:
    read = cell(tmp_path, p(inside=field(" FORMDROPDOWN ", form=form)))
    assert read.text == text
    assert read.controls == (Control("dropdown", text, ENTRIES),)


@pytest.mark.parametrize(
    ("state", "sign", "chosen"),
    [
        ("<w:checked/>", "☒", "yes"),
        ('<w:checked w:val="0"/>', "☐", "no"),
        ('<w:default w:val="1"/>', "☒", "yes"),
        ('<w:default w:val="0"/>', "☐", "no"),
        ('<w:default w:val="1"/><w:checked w:val="false"/>', "☐", "no"),
    ],
)
def test_an_old_form_check_box_shows_its_state(tmp_path: Path, state: str, sign: str, chosen: str) -> None:
    form = f"<w:checkBox><w:sizeAuto/>{state}</w:checkBox>"
    read = cell(tmp_path, p(inside=field("FORMCHECKBOX", form=form) + r(" Complete")))
    assert (read.text, read.controls) == (f"{sign} Complete", (Control("checkbox", chosen),))


def test_content_controls_say_what_is_chosen_and_prompts_are_no_words(tmp_path: Path) -> None:
    choices = (
        '<w:dropDownList><w:listItem w:displayText="Amber" w:value="2"/><w:listItem w:value="Green"/></w:dropDownList>'
    )
    chosen = cell(tmp_path, p(inside=sdt(r("Green"), choices)))
    assert (chosen.text, chosen.controls) == ("Green", (Control("dropdown", "Green", ("Amber", "Green")),))
    prompt = cell(tmp_path, p(inside=sdt(r("Choose an item."), f"<w:showingPlcHdr/>{choices}")))
    assert (prompt.text, prompt.controls) == ("", (Control("dropdown", "", ("Amber", "Green")),))
    by_style = cell(tmp_path, p(inside=sdt(r("Click here", '<w:rStyle w:val="PlaceholderText"/>'), "<w:date/>")))
    assert (by_style.text, by_style.controls) == ("", (Control("date", ""),))
    whole_cell = sdt(tc(p("Click to enter a date")), "<w:showingPlcHdr/><w:date/>")
    assert table(tmp_path, tr("a", whole_cell)).rows[0].cells[1].controls == (Control("date", ""),)


def test_a_prompt_in_a_control_round_a_cell_is_no_word_of_the_cell(tmp_path: Path) -> None:
    whole_cell = sdt(tc(p("Click to enter a date")), "<w:showingPlcHdr/><w:date/>")
    assert texts(table(tmp_path, tr("a", whole_cell, "b"))) == [["a", "", "b"]]
    paragraph = sdt(p("Choose an item."), "<w:showingPlcHdr/><w:comboBox/>")
    assert cell(tmp_path, paragraph).text == ""


def test_a_check_box_control_keeps_its_state(tmp_path: Path) -> None:
    kind = '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>'
    read = cell(tmp_path, p(inside=sdt(r("☒"), kind)))
    assert (read.text, read.controls) == ("☒", (Control("checkbox", "yes"),))


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "✓"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FB"/></w:r>', "✗"),
        ('<w:r><w:sym w:font="Wingdings" w:char="FC"/></w:r>', "✓"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F050"/></w:r>', "✓"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0D6"/></w:r>', "√"),
        (r("\u00fc", '<w:rFonts w:ascii="Wingdings"/>'), "✓"),
        (r("\uf0e9", '<w:rFonts w:ascii="Wingdings"/>'), "↑"),
        (r("P", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'), "✓"),
        (field("SYMBOL 252 \\f &quot;Wingdings&quot; \\s 11"), "✓"),
        (field("SYMBOL 0xFE \\f Wingdings"), "☑"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0C9"/></w:r>', "\ufffd"),
        (r("no") + "<w:r><w:noBreakHyphen/></w:r>" + r("one"), "no-one"),
        (r("a") + "<w:r><w:tab/></w:r>" + r("b") + "<w:r><w:br/></w:r>" + r("c"), "a\tb\nc"),
    ],
)
def test_signs_are_the_characters_that_are_drawn(tmp_path: Path, inside: str, text: str) -> None:
    assert cell(tmp_path, p(inside=inside)).text == text


def test_links_keep_their_targets(tmp_path: Path) -> None:
    inside = f'<w:hyperlink r:id="rHyperlink">{r("The minutes")}</w:hyperlink>'
    read = cell(tmp_path, p(inside=inside), hyperlink="https://council.example/minutes")
    assert (read.text, read.links) == ("The minutes", (Link("The minutes", "https://council.example/minutes"),))
    by_field = field('HYPERLINK "https://council.example/audit" \\o "Audit"', r("audit"))
    assert cell(tmp_path, p(inside=by_field)).links == (Link("audit", "https://council.example/audit"),)


# Looks


def test_struck_out_words_are_marked_wherever_the_strike_comes_from(tmp_path: Path) -> None:
    styles = (
        style("Old", run="<w:dstrike/>", kind="character")
        + style("Gone", run="<w:strike/>")
        + style("GoneToo", based_on="Gone")
    )
    inside = (
        r("June", "<w:strike/>")
        + r(" July")
        + r(" 2026", '<w:rStyle w:val="Old"/>')
        + r(" 2027", '<w:strike w:val="0"/>')
    )
    read = cell(tmp_path, p(inside=inside), styles=styles)
    assert (read.text, read.live, read.struck) == ("June July 2026 2027", "July 2027", "June\n 2026")
    whole = cell(tmp_path, styled("All of it", "GoneToo"), styles=styles)
    assert whole.is_struck
    assert whole.live == ""


def test_hidden_words_are_not_seen(tmp_path: Path) -> None:
    whole = read_word(tmp_path, tbl(tr(tc(p(inside=r("Seen") + r(" unseen", "<w:vanish/>"))))))
    assert whole.grids[0].rows[0].cells[0].text == "Seen"
    assert "Hidden text was left out." in whole.remarks


THEME = (
    f'<a:theme xmlns:a="{DRAWING}"><a:themeElements><a:clrScheme name="x">'
    '<a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1><a:accent4><a:srgbClr val="7030A0"/></a:accent4>'
    "</a:clrScheme></a:themeElements></a:theme>"
)


@pytest.mark.parametrize(
    ("shading", "fill", "pale"),
    [
        ('<w:shd w:val="clear" w:fill="00B050"/>', "green", False),
        ('<w:shd w:val="clear" w:color="auto" w:fill="auto"/>', "", False),
        ('<w:shd w:val="clear" w:fill="FFFFFF"/>', "", False),
        ('<w:shd w:val="solid" w:color="FF0000" w:fill="auto"/>', "red", False),
        ('<w:shd w:val="clear" w:fill="auto" w:themeFill="accent4"/>', "purple", False),
        ('<w:shd w:val="clear" w:fill="auto" w:themeFill="accent6" w:themeFillTint="33"/>', "green", True),
        ('<w:shd w:val="clear" w:fill="auto" w:themeFill="background1" w:themeFillShade="BF"/>', "grey", True),
        ('<w:shd w:val="clear" w:fill="FFC000"/>', "gold", False),
        ('<w:shd w:val="clear" w:fill="ED7D31"/>', "amber", False),
        ('<w:shd w:val="clear" w:fill="00B0F0"/>', "blue", False),
    ],
)
def test_a_fill_has_a_plain_name(tmp_path: Path, shading: str, fill: str, pale: bool) -> None:
    read = cell(tmp_path, "Words", shading, theme=THEME)
    assert (read.fill, read.pale) == (fill, pale)


def test_words_that_are_highlighted_as_a_whole_fill_their_cell(tmp_path: Path) -> None:
    read = cell(tmp_path, p("Late", run='<w:highlight w:val="red"/>'))
    assert (read.fill, read.fill_from) == ("red", "text")
    part = cell(tmp_path, p(inside=r("Late", '<w:highlight w:val="red"/>') + r(" not")))
    assert part.fill == ""


def test_bold_words_are_marked_and_a_bold_cell_is_bold(tmp_path: Path) -> None:
    part = cell(tmp_path, p(inside=r("Lead:", "<w:b/>") + r(" Head of Service")))
    assert (part.bold, part.lines[0].bold) == (False, ((0, 5),))
    assert cell(tmp_path, p("Action", run="<w:b/>")).bold


# Lists

NUMBERS = (
    '<w:abstractNum w:abstractNumId="1">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>'
    "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/>'
    '<w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="lowerRoman"/>'
    '<w:lvlText w:val="(%1)"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="1"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def item(text: str, list_id: int, level: int = 0) -> str:
    return p(text, in_list(list_id, level))


def test_list_marks_are_worked_out_and_are_not_part_of_the_text(tmp_path: Path) -> None:
    inside = (
        item("One", 1) + item("One one", 1, 1) + item("Letter", 1, 2) + item("Letter", 1, 2) + item("One two", 1, 1)
        + item("Two", 1) + item("Two one", 1, 1) + item("Dot", 2) + item("Roman", 3) + item("Afresh", 4) + p("None")
    )  # fmt: skip
    read = cell(tmp_path, inside, numbering=NUMBERS)
    assert [line.mark for line in read.lines] == [
        "1.", "1.1", "a)", "b)", "1.2", "2.", "2.1", "•", "(iii)", "1.", ""
    ]  # fmt: skip
    assert [line.level for line in read.lines] == [1, 2, 3, 3, 2, 1, 2, 1, 1, 1, 0]
    assert read.text.startswith("One\nOne one\nLetter")


def test_a_cell_that_holds_no_more_than_its_automatic_number_says_it(tmp_path: Path) -> None:
    rows = (tr(tc(item("", 1)), "First"), tr(tc(item("", 1)), "Second"))
    assert texts(table(tmp_path, *rows, numbering=NUMBERS)) == [["1.", "First"], ["2.", "Second"]]
    assert cell(tmp_path, item("", 2), numbering=NUMBERS).text == ""


def test_a_style_brings_its_list_and_level(tmp_path: Path) -> None:
    styles = (
        style("Step", in_list(1, 1))
        + style("Step2", based_on="Step")
        + style("Flat", '<w:numPr><w:numId w:val="0"/></w:numPr>', based_on="Step")
    )
    inside = item("One", 1) + styled("Step", "Step2") + styled("Flat", "Flat")
    read = cell(tmp_path, inside, styles=styles, numbering=NUMBERS)
    assert [(line.mark, line.level) for line in read.lines] == [("1.", 1), ("1.1", 2), ("", 0)]


# Headings and paragraphs

HEADINGS = (
    style("H2", name="heading 2")
    + style("Ours", name="Council banner", based_on="H2")
    + style("Outlined", '<w:outlineLvl w:val="2"/>')
    + style("T", name="Title")
    + style("TOC1", name="toc 1")
)


def test_headings_are_known_by_style_by_what_it_is_based_on_and_by_outline_level(tmp_path: Path) -> None:
    body = (
        styled("Our plan", "T") + styled("Contents line 4", "TOC1")
        + styled("Two", "H2") + styled("Two again", "Ours")
        + styled("Three", "Outlined") + p("One", '<w:outlineLvl w:val="0"/>') + p("Body")
        + styled("Body too", "H2", '<w:outlineLvl w:val="9"/>')
    )  # fmt: skip
    blocks = read_word(tmp_path, body, styles=HEADINGS).blocks
    assert [(b.text, b.level) for b in blocks if isinstance(b, Heading)] == [
        ("Our plan", 0), ("Two", 2), ("Two again", 2), ("Three", 3), ("One", 1)
    ]  # fmt: skip
    assert [b.text for b in blocks if isinstance(b, Paragraph)] == ["Body", "Body too"]


def test_a_numbered_heading_keeps_its_number_beside_its_words(tmp_path: Path) -> None:
    body = styled("Improve plans", "H2", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    whole = read_word(tmp_path, body + tbl(tr("Action", "Due")), styles=HEADINGS, numbering=NUMBERS)
    heading = whole.blocks[0]
    assert isinstance(heading, Heading)
    assert (heading.text, heading.mark) == ("Improve plans", "1.")
    assert whole.grids[0].title == "1. Improve plans"


# Tables


def test_cells_are_where_the_eye_sees_them(tmp_path: Path) -> None:
    """A border moved by a hair gives Word a new column, which no one sees."""
    span = '<w:gridSpan w:val="2"/>'
    rows = (tr("Action", tc("Lead", span), "Due"), tr(tc("Train", span), "Head", "May"))
    read = table(tmp_path, *rows, widths=(2000, 60, 2000, 2000))
    assert texts(read) == [["Action", "Lead", "Due"], ["Train", "Head", "May"]]
    dragged = table(tmp_path, *rows, widths=(2000, 400, 2000, 2000))
    assert texts(dragged) == [["Action", "Lead", "Due"], ["Train", "Head", "May"]]


def test_a_cell_that_is_parted_gives_a_column_of_its_own(tmp_path: Path) -> None:
    rows = (tr(tc("Dates", '<w:gridSpan w:val="2"/>'), "Lead"), tr("Start", "End", "Name"), tr("May", "June", "Head"))
    read = table(tmp_path, *rows, widths=(1000, 1000, 2000))
    assert texts(read) == [["Dates", "Dates", "Lead"], ["Start", "End", "Name"], ["May", "June", "Head"]]
    assert read.rows[0].cells[0].columns == 2


def test_columns_left_free_before_and_after_a_row_stay_free(tmp_path: Path) -> None:
    rows = (
        tr("No", "Action", "Due"),
        tr("Under the action", properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'),
    )
    assert texts(table(tmp_path, *rows, widths=(900, 3000, 1000)))[1] == ["", "Under the action", ""]


def test_merged_cells_are_seen_in_every_row_and_their_hidden_words_are_not(tmp_path: Path) -> None:
    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        tr(tc("Improve plans", start), "First"),
        tr(tc("unseen", on), "Second"),
        tr(tc("", on), "Third"),
        tr("Next", "Fourth"),
    )
    read = table(tmp_path, *rows, widths=(2000, 2000))
    assert [row[0] for row in texts(read)] == ["Improve plans"] * 3 + ["Next"]
    assert read.rows[0].cells[0].rows == 3
    assert read.rows[1].texts == ("", "Second")


def test_cells_merged_across_by_an_old_program_are_one(tmp_path: Path) -> None:
    row = tr(tc("Priority 1", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), tc("", "<w:hMerge/>"))
    read = table(tmp_path, row, tr("a", "b", "c"), widths=(900, 900, 900))
    assert texts(read)[0] == ["Priority 1"] * 3
    assert read.rows[0].cells[0].columns == 3


def test_a_table_without_widths_is_read_by_its_numbering(tmp_path: Path) -> None:
    rows = (tr("a", "b", "c"), tr(tc("ab", '<w:gridSpan w:val="2"/>'), "c"))
    assert texts(table(tmp_path, *rows, widths=())) == [["a", "b", "c"], ["ab", "ab", "c"]]


def test_a_table_inside_a_cell_is_kept_as_one(tmp_path: Path) -> None:
    inner = tbl(tr("Step", "By"), tr("Write", "May"), widths=(500, 500))
    read = table(tmp_path, tr("1", tc(p("Steps:") + inner + p(""))), widths=(500, 3000))
    cell = read.rows[0].cells[1]
    assert cell.text == "Steps:"
    assert texts(cell.grids[0]) == [["Step", "By"], ["Write", "May"]]
    assert cell.grids[0].rows[1].at == "table 1, row 1, column 2, inner table, row 2"
    assert cell.grids[0].title == "Steps:"


def test_heading_rows_and_hidden_rows_are_marked(tmp_path: Path) -> None:
    rows = (tr("Action", properties="<w:tblHeader/>"), tr("x", properties="<w:hidden/>"), tr("y"))
    read = table(tmp_path, *rows)
    assert [(row.is_head, row.hidden) for row in read.rows] == [(True, False), (False, True), (False, False)]


def test_footnotes_and_comments_are_beside_the_words_and_not_in_them(tmp_path: Path) -> None:
    inside = r("Train staff") + '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r>'
    read = cell(
        tmp_path,
        p(inside=inside),
        footnotes=f'<w:footnote w:id="2">{p("Agreed in May")}</w:footnote>',
        comments=f'<w:comment w:id="0">{p("Is this right?")}</w:comment>',
    )
    assert (read.text, read.notes) == ("Train staff", ("Agreed in May", "Is this right?"))


# Packages


def test_the_main_part_is_found_by_its_relationship(tmp_path: Path) -> None:
    whole = read_parts(tmp_path, word_parts(tbl(tr("Action")), main="word/document2.xml", styles=HEADINGS))
    assert texts(whole.grids[0]) == [["Action"]]


def test_strict_open_xml_is_read_like_the_usual_one(tmp_path: Path) -> None:
    parts = word_parts(
        styled("Two", "H2") + tbl(tr(tc("Done", '<w:shd w:val="clear" w:fill="00B050"/>'))),
        styles=HEADINGS,
    )
    whole = read_parts(tmp_path, strict(parts))
    assert isinstance(whole.blocks[0], Heading)
    assert whole.grids[0].rows[0].cells[0].fill == "green"


def test_a_part_in_sixteen_bits_is_read(tmp_path: Path) -> None:
    parts = word_parts(tbl(tr("Children’s plans")))
    wide = '<?xml version="1.0" encoding="UTF-16"?>' + str(parts["word/document.xml"])
    assert texts(read_parts(tmp_path, {**parts, "word/document.xml": wide.encode("utf-16")}).grids[0]) == [
        ["Children’s plans"]
    ]


def test_a_file_without_styles_numbering_or_theme_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "bare.docx"
    path.write_bytes(packed(word_parts(item("One", 1) + tbl(tr("Action")))))
    assert texts(read_parts(tmp_path, word_parts(tbl(tr("Action")))).grids[0]) == [["Action"]]


# What other programs and habits leave behind


def test_a_coloured_shape_without_words_fills_its_cell(tmp_path: Path) -> None:
    old = '<w:r><w:pict><v:oval fillcolor="#00b050 [3213]"/></w:pict></w:r>'
    new = (
        '<w:r><w:drawing><wps:wsp><wps:spPr><a:solidFill><a:srgbClr val="FF0000"/></a:solidFill></wps:spPr></wps:wsp>'
        "</w:drawing></w:r>"
    )
    assert [cell(tmp_path, p(inside=shape)).fill for shape in (old, new)] == ["green", "red"]


def test_the_shading_of_a_paragraph_fills_its_cell(tmp_path: Path) -> None:
    read = cell(tmp_path, p("Late", '<w:shd w:val="clear" w:fill="FF0000"/>'))
    assert (read.fill, read.fill_from) == ("red", "text")


def test_a_file_put_into_the_document_is_reported(tmp_path: Path) -> None:
    whole = read_word(tmp_path, p(inside="<w:r><w:object/></w:r>") + tbl(tr("Action")))
    assert "A file put into the document was not read. Copy its words into the document." in whole.remarks


def test_a_table_whose_rows_were_all_taken_out_is_no_table(tmp_path: Path) -> None:
    gone = tbl(tr("old", properties="<w:del/>"))
    assert [grid.at for grid in read_word(tmp_path, gone + tbl(tr("new"))).grids] == ["table 2"]
