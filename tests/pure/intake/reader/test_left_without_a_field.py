"""Values in the wrong field, text in no field, and lines that may have another role: inferred, or asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ilacs_app.intake.reader.contents.document import Cell, Line, Paragraph, document, grid
from ilacs_app.intake.reader.read import plan_from
from ilacs_app.plan.plan_file import FileProblem, PlanFile

DATED_ON = date(2026, 2, 2)


def _plan(*tables: Sequence[Sequence[str | Cell]], lettered: bool = False) -> PlanFile:
    grids = [grid(rows, at=f"table {n}", lettered=lettered) for n, rows in enumerate(tables, start=1)]
    return plan_from(document(*grids), DATED_ON).plan(DATED_ON)


def _about(plan: PlanFile, *, at: str = "", kind: str = "") -> list[FileProblem]:
    return [problem for problem in plan.problems if at in problem.at and kind in problem.kind]


# Who and when in one cell -----------------------------------------------------------------------------------


def test_two_people_with_their_posts_and_a_date_in_one_cell_are_parted() -> None:
    together = "Nia Fairweather, Service Manager First Response & Tom Larkhall, Virtual School Head, End of May 2026"
    plan = _plan(
        [
            ["Recommendation", "Action", "Lead and deadline", "Progress"],
            ["1. Visits are late", "Agree a rota for visits", "Nia Fairweather, Service Manager, End of June 2026", ""],
            ["", "Sample visits each month", together, ""],
            ["", "Report to the board", "Tom Larkhall, Virtual School Head, End of July 2026", ""],
            ["", "Brief all teams", together, ""],
        ]
    )
    assert [(one.timescale.text, one.timescale.due_on) for one in plan.actions] == [
        ("End of June 2026", date(2026, 6, 30)),
        ("End of May 2026", date(2026, 5, 31)),
        ("End of July 2026", date(2026, 7, 31)),
        ("End of May 2026", date(2026, 5, 31)),
    ]
    assert plan.actions[1].owners == (
        "Nia Fairweather, Service Manager First Response",
        "Tom Larkhall, Virtual School Head",
    )


def test_a_date_beside_a_person_where_the_row_has_no_other_date_is_its_timescale_and_asked() -> None:
    plan = _plan(
        [
            ["Recommendation", "Action", "Owner", "Timescale", "Progress"],
            ["1. Visits are late", "Agree a rota for visits", "Service Manager", "30 June 2026", "Begun"],
            ["", "Sample visits each month", "Audit Manager (31 May 2026)", "", "Begun"],
            ["", "Brief all teams", "Head of Service", "31 August 2026", "Begun"],
        ]
    )
    action = plan.actions[1]
    assert (action.owners, action.timescale.due_on, action.timescale.guessed) == (
        ("Audit Manager",),
        date(2026, 5, 31),
        True,
    )
    assert _about(plan, at="row 3", kind="date_guess")


def test_a_date_beside_a_person_is_asked_about_where_the_row_has_another_date() -> None:
    plan = _plan(
        [
            ["Recommendation", "Action", "Owner", "Timescale", "Progress"],
            ["1. Visits are late", "Agree a rota for visits", "Service Manager", "30 June 2026", "Begun"],
            ["", "Sample visits each month", "Audit Manager, from 4 May 2026", "30 September 2026", "Begun"],
            ["", "Brief all teams", "Head of Service", "31 August 2026", "Begun"],
        ]
    )
    assert plan.actions[1].timescale.due_on == date(2026, 9, 30)
    assert [problem.at for problem in _about(plan, kind="owner_date")] == ["table 1, row 3, column 3"]


# Lines alone in their row -------------------------------------------------------------------------------------


def test_numbered_lines_alone_between_headings_typed_again_are_recommendations() -> None:
    heads: list[str | Cell] = ["Blim", "Drosh", "Fenk", "Gart", "Holp"]
    rows: list[list[str | Cell]] = []
    for number, aim in enumerate(("Visits are late", "Records are thin", "Plans drift", "Audits are rare"), start=1):
        rows += [[f"{number}. {aim} and leaders must act on it", "", "", "", ""], heads]
        rows += [
            [f"Agree {what} with all teams for part {number}", note, who, when, state]
            for what, note, who, when, state in (
                ("a rota", "The rota was agreed in the north.", "Nia Fairweather", "4 May 2026", "Started"),
                ("a sample", "Two samples were taken.", "Tom Larkhall", "1 June 2026", "To start"),
                ("a briefing", "All teams were briefed.", "Ada Milburn", "9 March 2026", "Delivered January 2026"),
            )
        ]
    plan = _plan(rows)
    assert [len(one.actions) for one in plan.recommendations] == [3, 3, 3, 3]


def test_a_line_alone_among_full_rows_that_reads_like_no_action_is_asked_about() -> None:
    plan = _plan(
        [
            ["Recommendation", "Action", "Owner", "Timescale", "Status"],
            ["1. Visits are late", "Agree a rota for visits", "Service Manager", "30 June 2026", "Started"],
            ["", "Sample visits each month", "Audit Manager", "31 May 2026", "Started"],
            ["", Cell("Recording of visits", marked=()), "", "", ""],
            ["", "Brief all teams on records", "Head of Service", "31 August 2026", "Started"],
            ["", "Check ten records a month", "Head of Service", "31 August 2026", "Started"],
        ]
    )
    assert "alone in its row" in _about(plan, at="row 4", kind="layout_guess")[0].says
    assert _about(plan, at=plan.recommendations[0].at, kind="layout_guess")


# Tables cut in two ------------------------------------------------------------------------------------------


def test_a_table_that_goes_on_behind_a_page_end_does_though_one_of_its_columns_is_empty_there() -> None:
    head = ["No", "Area to improve", "Action", "Lead", "Target date", "Rating last month", "Budget", "Board"]
    first = [
        [
            "1",
            "Visits are late",
            "Agree a rota for visits",
            "Service Manager",
            "30 June 2026",
            "Red",
            "None",
            "Board A",
        ],
        ["2", "Records are thin", "Sample ten records", "Audit Manager", "31 May 2026", "Amber", "None", "Board B"],
    ]
    second = [
        ["3", "Plans drift", "Review each plan at six weeks", "Head of Service", "31 July 2026", "", "None", "Board A"],
        ["", "", "Report plans that drift to the board", "Audit Manager", "31 August 2026", "", "None", ""],
    ]
    plan = _plan([head, *first], second)
    assert [one.text for one in plan.recommendations] == ["Visits are late", "Records are thin", "Plans drift"]
    assert [one.owners or one.text for one in plan.actions][-1] == ("Audit Manager",)


# Text that no field took ------------------------------------------------------------------------------------


def test_a_line_below_the_table_that_is_left_out_is_reported() -> None:
    plan = _plan(
        [
            ["Action", "Owner", "Timescale", "Status"],
            [Cell("1. Visits are late", columns=4), "", "", ""],
            ["Agree a rota for visits", "Service Manager", "30 June 2026", "Started"],
            [Cell("2. Records are thin", columns=4), "", "", ""],
            ["Sample ten records", "Audit Manager", "31 May 2026", "Started"],
            [Cell("The lead member wants the rota brought forward by a month", columns=4), "", "", ""],
        ]
    )
    assert _about(plan, at="row 6")


# Labels and what is beside or below them --------------------------------------------------------------------


def _block(number: int, aim: str, lead: str, board: str) -> list[list[str | Cell]]:
    return [["Our number", f"Rec {number}"], ["Finding", aim], ["Senior sponsor", lead], ["Watched over by", board]]


def _small(*rows: tuple[str, str, str, str]) -> list[list[str | Cell]]:
    return [["Step", "Delivered by", "Expected to finish", "Stage reached"], *(list(row) for row in rows)]


def test_a_sponsor_who_comes_again_above_most_tables_is_a_value_beside_its_label() -> None:
    sponsor = "Ada Milburn, Director of Practice"
    tables = []
    for number, (aim, board) in enumerate(
        (
            ("Visits to children are late and leaders did not know", "Practice Board"),
            ("Records do not say what the child told the social worker", "Quality Board"),
            ("Plans drift after the first review and nobody notices it", "Safeguarding Board"),
        ),
        start=1,
    ):
        tables += [
            _block(number, aim, sponsor, board),
            _small(
                (f"Agree a rota for team {number}", "Team Manager", "4 May 2026", "Started"),
                (f"Sample ten records in team {number}", "Audit Manager", "1 June 2026", "Not started"),
            ),
        ]
    plan = _plan(*tables)
    assert [one.leads for one in plan.recommendations] == [(sponsor,)] * 3


def test_above_word_tables_the_label_with_the_longest_values_is_the_recommendation_and_asked_about() -> None:
    aims = ("Visits to children are late and leaders did not know", "Records leave out what children told us at home")
    tables = []
    for number, aim in enumerate(aims, start=1):
        tables += [
            [["Blim", f"Rec {number}"], ["Matter at hand", aim], ["Director accountable", f"Head of Area {number}"]],
            _small((f"Agree a rota for team {number}", "Team Manager", "4 May 2026", "Started")),
        ]
    plan = _plan(*tables)
    assert [one.text for one in plan.recommendations] == list(aims)
    assert all(_about(plan, at=one.at, kind="layout_guess") for one in plan.recommendations)


def test_a_label_is_over_its_value_though_it_names_a_lead_and_the_next_label_is_always_the_same() -> None:
    rows: list[list[str | Cell]] = []
    for number, (what, who, begun, due, news) in enumerate(
        (
            ("Agree a rota for visits", "Nia Fairweather", "18/01/2026", "By May 2026", "Begun in two teams"),
            ("Sample ten records", "Tom Larkhall", "20/01/2026", "By June 2026", "The first sample is done"),
            ("Brief all teams", "Ada Milburn", "21/01/2026", "By July 2026", "Two teams were briefed"),
            ("Report to the board", "Nia Fairweather", "22/01/2026", "By August 2026", "The report is drafted"),
        ),
        start=1,
    ):
        rows += [
            ["Action no", "What we will do"],
            [f"1.{number}", what],
            ["Lead", "Date begun"],
            [who, begun],
            ["To be completed by", "Latest update"],
            [due, news],
        ]
    plan = _plan(rows)
    assert [(one.text, one.note) for one in plan.actions][:2] == [
        ("Agree a rota for visits", "Begun in two teams"),
        ("Sample ten records", "The first sample is done"),
    ]
    assert [one.own_ref and one.ref for one in plan.actions] == ["1.1", "1.2", "1.3", "1.4"]


def test_a_table_of_one_row_below_labels_in_a_sheet_is_no_card() -> None:
    head: list[str | Cell] = ["Improvement activity planned", "Target for completing", "What has happened", "Stage"]
    rows: list[list[str | Cell]] = []
    for number, aim in enumerate(("Visits are late", "Records are thin", "Plans drift"), start=1):
        rows += [
            ["Ref:", f"{number}.", "", ""],
            ["Weakness found:", f"{aim} and this must get better", "", ""],
            ["", "", "", ""],
            head,
            [f"Agree a rota for team {number}", "04.05.26", "Two teams have begun with it.", "Started"],
            ["", "", "", ""],
        ]
    plan = _plan(rows, lettered=True)
    assert [one.text for one in plan.actions] == [f"Agree a rota for team {number}" for number in (1, 2, 3)]


def test_initials_that_are_a_short_label_elsewhere_are_an_owner_on_one_card() -> None:
    cards = [
        ("Visits are late", "Agree a rota for visits", "GJ", "31 May 2026"),
        ("Visits are late", "Sample visits each month", "NO", "30 June 2026"),
        ("Plans drift", "Brief all teams on planning", "ES", "31 July 2026"),
        ("Plans drift", "Dip sample twenty plans", "GJ", "31 August 2026"),
    ]
    tables = [
        [["Recommendation", aim, "Task", action], ["Action owner", who, "Timescales", due]]
        for aim, action, who, due in cards
    ]
    plan = _plan(*tables)
    assert [(action.owners, action.timescale.text) for action in plan.actions] == [
        ((who,), due) for _, _, who, due in cards
    ]


def test_a_letter_that_rates_most_cards_is_a_value_and_no_label() -> None:
    cards = [
        ("Visits to children are late", "Agree a rota for visits", "31 May 2026"),
        ("Records leave out the child's voice", "Sample ten records each month", "30 June 2026"),
        ("Plans drift after the first review", "Brief all reviewing officers", "31 July 2026"),
        ("Leaders did not know how late visits were", "Report late visits to the board", "31 August 2026"),
    ]
    rows: list[list[str | Cell]] = []
    for number, (aim, action, due) in enumerate(cards, start=1):
        rows += [
            ["Development need", "Step ref"],
            [aim, f"{number}.1"],
            ["So we will", "Complete by date"],
            [action, due],
            ["Date now expected", "Self-assessed RAG"],
            ["", "G"],
            ["", ""],
        ]
    plan = _plan(rows)
    assert [(one.text, one.brag_text) for one in plan.actions] == [(action, "G") for _, action, _ in cards]


def test_a_column_of_news_for_each_month_without_a_year_is_the_note() -> None:
    plan = _plan(
        [
            ["Recommendation", "Action", "By when", "April update", "May update", "June update"],
            ["1. Visits are late", "Agree a rota for visits", "31 May 2026", "No change.", "", "The rota is agreed."],
            ["1. Visits are late", "Sample visits each month", "30 June 2026", "", "", "Ten visits were sampled."],
            ["2. Plans drift", "Brief all teams on planning", "31 July 2026", "Begun.", "", "Three teams are briefed."],
        ]
    )
    newest = ("The rota is agreed.", "Ten visits were sampled.", "Three teams are briefed.")
    assert all(words in action.note for action, words in zip(plan.actions, newest, strict=True))


def test_two_columns_of_people_in_a_table_of_two_rows_are_asked_about() -> None:
    plan = _plan(
        [
            ["Development need", "Overall lead", "What is going to happen", "Manager responsible", "Done by"],
            ["Visits are late", "Tom Larkhall", "Agree a rota for visits", "Nia Fairweather", "31 May 2026"],
            ["Plans drift", "Ada Wren; Tom Larkhall", "Brief all teams on planning", "Nia Fairweather", "30 June 2026"],
        ]
    )
    people = [column for column in plan.columns if column.field in {"leads", "owners"}]
    assert len(people) == 2 and {column.how for column in people} == {"guess"}


def test_a_rating_that_comes_on_most_cards_is_a_value_and_no_label() -> None:
    cards = [("Agree a rota for visits", "Amber"), ("Sample ten records", "Amber"), ("Brief all officers", "Red"),
             ("Report late visits", "Amber"), ("Dip sample twenty plans", "Amber")]  # fmt: skip
    rows: list[list[str | Cell]] = [["Recommendation 1: Visits to children are late", ""]]
    for number, (action, rating) in enumerate(cards, start=1):
        rows += [["Action number", "Action"], [f"1.{number}", action], ["Due date", "Progress"]]
        rows += [["31 May 2026", "Begun."], ["BRAG", ""], [rating, ""], ["", ""]]
    plan = _plan(rows, [["Summary", ""], ["Rating", "Actions"], ["Red", "1"], ["Amber", "4"]])
    assert [(action.text, action.brag) for action in plan.actions] == [(text, word.lower()) for text, word in cards]


# Labelled paragraphs ----------------------------------------------------------------------------------------


def test_a_label_that_only_some_actions_have_does_not_part_them() -> None:
    lines = [
        "Issue raised: Visits are late",
        "Work to be undertaken: Agree a rota for visits",
        "Date this will be done by: 15.04.26",
        "Who will do it: Service Manager",
        "Stage reached: In progress",
        "Work to be undertaken: Sample ten records",
        "Date this will be done by: 15.05.26",
        "New target (if moved): 16 June 2026",
        "Who will do it: Audit Manager",
        "Stage reached: Not started",
        "Work to be undertaken: Brief all teams",
        "Date this will be done by: 15.07.26",
        "Who will do it: Head of Service",
        "Stage reached: Completed January 2026",
    ]
    blocks = [Paragraph(f"paragraph {n}", Line(text)) for n, text in enumerate(lines, start=1)]
    plan = plan_from(document(*blocks), DATED_ON).plan(DATED_ON)
    assert [(one.text, one.owners, one.status_text) for one in plan.actions] == [
        ("Agree a rota for visits", ("Service Manager",), "In progress"),
        ("Sample ten records", ("Audit Manager",), "Not started"),
        ("Brief all teams", ("Head of Service",), "Completed January 2026"),
    ]


# People who are not clear -----------------------------------------------------------------------------------

_HEAD: list[str | Cell] = ["Recommendation", "Action", "Owner", "Timescale", "Status"]


def test_as_above_and_ditto_signs_stand_for_the_row_above_and_are_asked_about() -> None:
    plan = _plan(
        [
            _HEAD,
            ["1. Visits are late", "Agree a rota", "Service Manager; Practice Lead", "30 June 2026", "Started"],
            ["", "Sample visits", "as above", "Ditto", "Started"],
            ["", "Brief all teams", "\u201d", "31 August 2026", "Not started"],
        ]
    )
    assert [one.owners for one in plan.actions] == [("Service Manager", "Practice Lead")] * 3
    assert (plan.actions[1].timescale.due_on, plan.actions[1].timescale.guessed) == (date(2026, 6, 30), True)
    assert [problem.at for problem in _about(plan, kind="as_above")] == [
        "table 1, row 3, column 3",
        "table 1, row 3, column 4",
        "table 1, row 4, column 3",
    ]


def test_an_owner_still_to_be_found_or_who_may_be_two_people_is_asked_about() -> None:
    owners = ["TBC", "Vacant", "Audit Manager and Practice Lead", "Head of Service (lead) with Team Manager"]
    certain = ["Head of Children and Families", "Ada Milburn, Director of Practice"]
    rows = [[f"{n}. Aim {n}", f"Agree step {n}", who, "30 June 2026", "Started"] for n, who in enumerate(owners, 1)]
    rows += [[f"{n}. Aim {n}", f"Agree step {n}", who, "30 June 2026", "Started"] for n, who in enumerate(certain, 5)]
    plan = _plan([_HEAD, *rows])
    assert [problem.at for problem in _about(plan, kind="owner_unclear")] == [
        f"table 1, row {n}, column 3" for n in (2, 3)
    ]
    assert [problem.at for problem in _about(plan, kind="owner_several")] == [
        f"table 1, row {n}, column 3" for n in (4, 5)
    ]


def test_two_people_before_a_date_keep_their_own_part_of_the_cell() -> None:
    plan = _plan(
        [
            ["Recommendation", "Action", "Who and when", "Progress"],
            ["1. Visits are late", "Agree a rota", "Service Manager by 31 March 2026", "Begun"],
            ["", "Sample visits", "Audit Manager / Practice Lead - April 2026", "Begun"],
            ["", "Brief all teams", "Practice Lead (ongoing)", "Begun"],
        ]
    )
    assert (plan.actions[1].owners, plan.actions[1].timescale.text) == (
        ("Audit Manager", "Practice Lead"),
        "April 2026",
    )


# Initials, keys and footnotes in a line ----------------------------------------------------------------------


def test_initials_explained_in_a_line_count_though_the_file_has_other_tables() -> None:
    table = grid(
        [
            ["No", "Recommendation", "Action", "Owner", "Deadline"],
            ["1", "Visits are late", "Agree a rota", "HoS / TM", "31 March 2026"],
            ["2", "Records are thin", "Train staff", "TM", "31 May 2026"],
        ]
    )
    beside = grid([["Risk", "Likelihood"], ["Posts stay vacant", "High"]], at="table 2")
    line = Paragraph("paragraph 1", Line("HoS = Head of Service, TM = Team Manager"))
    plan = plan_from(document(table, beside, line), DATED_ON).plan(DATED_ON)
    assert [one.owners for one in plan.actions] == [("Head of Service", "Team Manager"), ("Team Manager",)]


def test_the_numbers_of_a_plan_are_no_key_to_its_scores() -> None:
    rows: list[list[str | Cell]] = [
        ["No", "Recommendation", "Action", "Lead", "Deadline", "Score"],
        ["1", "The rota is on track to fail", "Agree a rota", "Team Manager", "31 March 2026", "2"],
        ["2", "Late visits were completed", "Train staff", "Team Manager", "31 May 2026", "1"],
    ]
    assert [one.status for one in _plan(rows).actions] == [None, None]


def test_a_key_of_letters_in_a_line_gives_a_status_to_check() -> None:
    table = grid(
        [
            ["Recommendation", "Action", "By whom", "By when", "RAG"],
            ["Visits are late", "Agree a rota", "Team Manager", "31 March 2026", "G"],
            ["Records are thin", "Train staff", "Team Manager", "31 May 2026", "B"],
        ]
    )
    line = Paragraph("paragraph 1", Line("RAG: R = not on track, A = some delay, G = on track, B = complete"))
    plan = plan_from(document(table, line), DATED_ON).plan(DATED_ON)
    found = [(one.status and one.status.value, one.status_guessed) for one in plan.actions]
    assert found == [("in_progress", True), ("completed", True)]


def test_a_footnote_is_reported_at_its_cell_and_its_sign_does_not_hide_the_date() -> None:
    table = grid(
        [
            ["Recommendation", "Action", "By whom", "By when"],
            ["Visits are late", "Agree a rota*", "Team Manager", "31 March 2026"],
            ["Records are thin", "Train staff", "Team Manager", "31 May 2026\u2020"],
        ]
    )
    lines = ("* subject to the budget", "\u2020 moved from January 2026")
    blocks = [Paragraph(f"paragraph {n}", Line(text)) for n, text in enumerate(lines, start=1)]
    plan = plan_from(document(table, *blocks), DATED_ON).plan(DATED_ON)
    assert [problem.at for problem in _about(plan, kind="footnote")] == [
        "table 1, row 2, column 2",
        "table 1, row 3, column 4",
    ]
    assert (plan.actions[1].timescale.due_on, plan.actions[1].timescale.guessed) == (date(2026, 5, 31), True)


# Numbers and copies -----------------------------------------------------------------------------------------


def test_numbers_that_begin_again_behind_each_recommendation_are_those_of_actions() -> None:
    plan = _plan(
        [
            ["Recommendation", "No", "Action", "Owner", "Due"],
            ["Visits are late", "1a", "Agree a rota", "Team Manager", "31 March 2026"],
            ["", "1b", "Sample visits", "Team Manager", "30 April 2026"],
            ["Records are thin", "1a", "Train staff", "Team Manager", "31 May 2026"],
            ["", "1b", "Check records", "Team Manager", "30 June 2026"],
        ]
    )
    assert [(one.text, len(one.actions)) for one in plan.recommendations] == [
        ("Visits are late", 2),
        ("Records are thin", 2),
    ]


def test_a_second_column_no_before_the_actions_holds_their_references() -> None:
    plan = _plan(
        [
            ["No", "What inspectors said", "No", "What we will do", "Who", "When"],
            ["R1", "Visits are late", "R1.A1", "Agree a rota", "Team Manager", "31 March 2026"],
            ["", "", "R1.A2", "Sample visits", "Audit Manager", "30 April 2026"],
            ["R2", "Records are thin", "R2.A1", "Train staff", "Practice Lead", "31 May 2026"],
        ]
    )
    assert [one.ref for one in plan.actions] == ["R1.A1", "R1.A2", "R2.A1"]
    assert _about(plan, kind="column_guess")


def test_a_recommendation_with_one_numbered_action_has_the_number_above_it() -> None:
    plan = _plan(
        [
            ["Ref", "Recommendation", "Action", "Owner", "Timescale"],
            ["1.1", "Visits are late", "Agree a rota", "Team Manager", "31 March 2026"],
            ["1.2", "", "Sample visits", "Audit Manager", "30 April 2026"],
            ["2.1", "Records are thin", "Train staff", "Practice Lead", "31 May 2026"],
        ]
    )
    assert [(one.number, [a.ref for a in one.actions]) for one in plan.recommendations] == [
        ("1", ["1.1", "1.2"]),
        ("2", ["2.1"]),
    ]


def test_an_average_or_a_count_below_the_table_is_no_action_and_no_recommendation() -> None:
    plan = _plan(
        [
            ["Recommendation", "Action", "Owner", "Due", "% complete"],
            ["Visits are late", "Agree a rota", "Team Manager", "31/03/26", "50%"],
            ["Records are thin", "Train staff", "Practice Lead", "31/05/26", "0%"],
            ["Total", "2 actions", "", "", ""],
            ["Average", "", "", "", "25%"],
        ]
    )
    assert [one.text for one in plan.recommendations] == ["Visits are late", "Records are thin"]
    assert len(plan.actions) == 2


def test_of_two_sheets_with_the_same_actions_the_newer_one_counts_and_the_other_is_reported() -> None:
    head = ["Recommendation", "Action", "Owner", "Due", "Status"]

    def rows(status: str) -> list[list[str | Cell]]:
        return [
            list(head),
            ["Visits are late", "Agree a rota", "Team Manager", "31/03/26", status],
            ["", "Sample visits", "Audit Manager", "30/04/26", status],
            ["Records are thin", "Train staff", "Practice Lead", "31/05/26", status],
        ]

    for names, live in ((("Jan 2026", "Feb 2026"), 1), (("Feb 2026", "Jan 2026"), 0), (("Plan", "Plan (2)"), 0)):
        sheets = [
            replace(grid(rows(status), at=f"sheet {name}", lettered=True), name=name)
            for name, status in zip(names, ("Started", "Not started"), strict=True)
        ]
        plan = plan_from(document(*sheets), DATED_ON).plan(DATED_ON)
        assert {one.status_text for one in plan.actions} == {("Started", "Not started")[live]}
        assert len(plan.actions) == 3
        assert "are in sheet" in _about(plan, at=f"sheet {names[1 - live]}", kind="left_out")[0].says


# What contradicts, and what belongs together ------------------------------------------------------------------


def test_a_status_that_the_rating_beside_it_contradicts_is_asked_about() -> None:
    plan = _plan(
        [
            ["Recommendation", "Action", "Owner", "Due", "Status", "RAG"],
            ["Visits are late", "Agree a rota", "Team Manager", "31/03/2026", "Complete", "Red"],
            ["", "Sample visits", "Audit Manager", "30/04/2026", "Complete", "Green"],
            ["Records are thin", "Train staff", "Practice Lead", "31/05/2026", "Not started", "Blue"],
            ["", "Check records", "Practice Lead", "30/06/2026", "Not started", "Red"],
        ]
    )
    assert [one.status_guessed for one in plan.actions] == [True, False, True, False]


def test_a_line_with_an_owner_alone_is_about_the_actions_below_it_and_not_the_one_above() -> None:
    plan = _plan(
        [
            ["Owner", "Action", "Recommendation", "Due", "Status"],
            ["Team Manager", "", "", "", ""],
            ["", "Agree a rota", "Visits are late", "31/03/2026", "Started"],
            ["", "Brief teams", "Visits are late", "30/04/2026", "Not started"],
            ["Practice Lead", "", "", "", ""],
            ["", "Train staff", "Records are thin", "31/05/2026", "Started"],
        ]
    )
    assert [one.owners for one in plan.actions] == [("Team Manager",), ("Team Manager",), ("Practice Lead",)]
    assert [one.text for one in plan.recommendations] == ["Visits are late", "Records are thin"]
    assert len(_about(plan, kind="layout_guess")) == 2


def test_dates_and_steps_of_further_rows_belong_to_the_action_above_and_are_no_certain_stages() -> None:
    plan = _plan(
        [
            ["Recommendation", "Ref", "Action", "Step", "Owner", "Due", "Status"],
            ["Visits are late", "1.1", "Agree a rota", "a) draft it", "Team Manager", "28/02/2026", "Started"],
            ["", "", "", "b) consult on it", "", "31/03/2026", ""],
            ["", "1.2", "Sample visits", "a) choose ten", "Audit Manager", "30/04/2026", "Not started"],
        ]
    )
    assert plan.actions[0].timescale.guessed
    assert "consult on it" in plan.actions[0].extra["Step"]
    assert not plan.recommendations[0].extra


def test_a_key_in_the_first_line_of_a_sheet_gives_statuses_to_check() -> None:
    plan = _plan(
        [
            ["Key: Green = complete; Amber = in progress; Red = not started", "", "", "", ""],
            ["Recommendation", "Action", "Owner", "Due", "RAG"],
            ["Visits are late", "Agree a rota", "Team Manager", "31/03/2026", "Amber"],
            ["", "Sample visits", "Audit Manager", "30/01/2026", "Green"],
            ["Records are thin", "Train staff", "Practice Lead", "31/05/2026", "Red"],
        ],
        lettered=True,
    )
    found = [(one.status and one.status.value, one.status_guessed) for one in plan.actions]
    assert found == [("in_progress", True), ("completed", True), ("not_started", True)]


def test_numbers_typed_before_paragraphs_make_a_list_of_actions_under_recommendations() -> None:
    lines = (
        "1. Visits to children are late",
        "1.1 Agree a rota for visits",
        "1.2 Sample ten visits a month",
        "2. Records are thin",
        "2.1 Train staff in recording",
    )
    blocks = [Paragraph(f"paragraph {n}", Line(text)) for n, text in enumerate(lines, start=1)]
    plan = plan_from(document(*blocks), DATED_ON).plan(DATED_ON)
    assert [(one.text, len(one.actions)) for one in plan.recommendations] == [
        ("Visits to children are late", 2),
        ("Records are thin", 1),
    ]


def test_a_column_completed_date_says_when_an_action_was_done_and_not_when_it_is_due() -> None:
    plan = _plan(
        [
            ["Recommendation", "Action", "Owner", "Original date", "Revised date", "Completed date", "Status"],
            ["Visits are late", "Agree a rota", "Team Manager", "30/09/2025", "31/03/2026", "", "Started"],
            ["", "Sample visits", "Audit Manager", "31/10/2025", "", "14/11/2025", "Complete"],
            ["Records are thin", "Train staff", "Practice Lead", "31/05/2026", "", "", "Not started"],
        ]
    )
    assert [one.timescale.due_on for one in plan.actions] == [date(2026, 3, 31), date(2025, 10, 31), date(2026, 5, 31)]
    assert plan.actions[1].completed_on == date(2025, 11, 30)
