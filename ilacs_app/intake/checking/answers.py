"""What someone chose on the check page, from the fields of its form. Fields that are left out change nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ilacs_app.errors import Refused
from ilacs_app.intake.checking.problem_groups import ProblemGroup
from ilacs_app.intake.reader.choices import Choices, Reading, RowChoice
from ilacs_app.intake.reader.status_key import key_word
from ilacs_app.plan.plan_file import FileAction
from ilacs_app.text import tidy, whole_number

LONGEST_BOARD = 300


def answers_for(reading: Reading, before: Choices) -> Choices:
    """The answers of an earlier file as they apply to this one: a word that its own key explains is not answered."""
    explained = {key_word(word) for word in reading.key}
    return replace(before, statuses={word: status for word, status in before.statuses.items() if word not in explained})


def chosen_columns(
    reading: Reading, before: Mapping[str, str], sent: Mapping[str, str], field_words: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """The fields of the columns, by heading, and the headings that gave way to a column chosen for their field.

    Raises:
        Refused: a field is none of ours, or two columns were given the same one.
    """
    wanted = [sent.get(f"column-{place}", column.field or "") for place, column in enumerate(reading.columns)]
    if not set(wanted) <= {"", *field_words}:
        raise Refused("Select what each column is from the list.")
    changed = [place for place, column in enumerate(reading.columns) if wanted[place] != (column.field or "")]
    given = [wanted[place] for place in changed if wanted[place]]
    twice = next((name for name in given if given.count(name) > 1), None)
    if twice:
        raise Refused(f"You selected “{field_words[twice]}” for two columns. Select it for one of them.")
    columns, gave_way = dict(before), []
    for place, column in enumerate(reading.columns):
        if place in changed:
            columns[column.heading] = wanted[place]
        elif wanted[place] and wanted[place] in given:
            columns[column.heading] = ""
            gave_way.append(column.heading)
    return columns, gave_way


def chosen_words(
    reading: Reading, before: Mapping[str, str], sent: Mapping[str, str], statuses: Mapping[str, str]
) -> dict[str, str]:
    """The delivery statuses of the status words; an empty choice leaves a word to its timescale."""
    chosen = dict(before)
    for place, word in enumerate(reading.status_words()):
        wanted = sent.get(f"word-{place}", "unsent")
        if wanted in statuses and (wanted != word.status or key_word(word.word) in chosen):
            chosen[key_word(word.word)] = wanted
        elif wanted == "":
            chosen.pop(key_word(word.word), None)
    return chosen


def chosen_boards(reading: Reading, before: Mapping[str, str], sent: Mapping[str, str]) -> dict[str, str]:
    """The boards to use for those that the file names; empty for none."""
    names = dict(before)
    for place, name in enumerate(reading.board_names()):
        wanted = sent.get(f"board-{place}")
        if wanted == name:
            names.pop(name, None)
        elif wanted is not None:
            names[name] = tidy(wanted)[:LONGEST_BOARD] if wanted != "-" else ""
    return names


def chosen_for_all(
    groups: Sequence[ProblemGroup],
    actions: Sequence[FileAction],
    sent: Mapping[str, str],
    *,
    rows: Mapping[str, RowChoice],
    statuses: Mapping[str, str],
    years: range,
) -> dict[str, RowChoice]:
    """The corrections of the rows, with one answer given to every row of a kind of problem."""
    corrected = dict(rows)
    for group in groups:
        answer = sent.get(f"all-{group.kind}", "") if group.answer else ""
        year = whole_number(answer, years.stop) if group.answer == "year" else None
        for action in (actions[place] for place in group.actions):
            row = corrected.get(action.at, RowChoice())
            if year in years:
                corrected[action.at] = replace(row, due=f"{action.timescale.text} {year}")
            elif group.answer == "status" and answer in statuses:
                corrected[action.at] = replace(row, status=answer)
    return corrected


def corrected_row(
    choices: Choices, rows: Sequence[FileAction], action: FileAction, given: RowChoice, *, same: bool
) -> Choices:
    """The choices with one row corrected, and with ``same`` the date of every row that words its date so."""
    corrected = dict(choices.rows)
    before = corrected.pop(action.at, RowChoice())
    if given.status == (action.status or "") and not before.status:
        given = replace(given, status="")
    if given != RowChoice():
        corrected[action.at] = given
    for other in rows if same and given.due else ():
        if other.at != action.at and other.timescale.text == action.timescale.text:
            corrected[other.at] = replace(corrected.get(other.at, RowChoice()), due=given.due)
    return replace(choices, rows=corrected)
