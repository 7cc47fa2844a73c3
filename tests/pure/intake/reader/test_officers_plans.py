"""Ten plans that council officers keep for a director come in with every action, each date right or asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilacs_app.plan.plan_file import FileAction, FileRecommendation, PlanFile
from tests.corpus.reading import read_file
from tests.corpus.score import plain, unmarked
from tests.samples.officers.excel_plans import EXCEL_PLANS
from tests.samples.officers.expected import OfficersPlan, When
from tests.samples.officers.word_plans import WORD_PLANS


@pytest.mark.parametrize("officers", (*EXCEL_PLANS, *WORD_PLANS), ids=lambda one: one.name)
def test_an_officers_plan_comes_in_with_every_action_and_date_right_or_asked_for(
    officers: OfficersPlan, tmp_path: Path
) -> None:
    path = tmp_path / officers.name
    path.write_bytes(officers.data())
    read = read_file(path, officers.dated_on)
    assert read.plan is not None, read.refusal
    assert list(_misses(officers, read.plan)) == []


def _misses(officers: OfficersPlan, plan: PlanFile) -> list[str]:
    there = {unmarked(action.text): (one, action) for one in plan.recommendations for action in one.actions}
    misses = []
    wanted = {text for actions in officers.actions.values() for text in actions}
    for aim, actions in officers.actions.items():
        for text, when in actions.items():
            found = there.get(unmarked(text))
            if found is None:
                misses.append(f"no action “{text}”")
                continue
            if not _under(found[0], aim, plan):
                misses.append(f"“{text}” is under “{found[0].text}”, not “{aim}”")
            if not _dated(found[1], when, plan):
                scale = found[1].timescale
                misses.append(f"“{text}”: “{scale.text}” read as {scale.kind} {scale.due_on}, is {when}")
    misses += [f"invented “{text}”" for text in there if text not in {unmarked(words) for words in wanted}]
    return misses


def _under(one: FileRecommendation, aim: str, plan: PlanFile) -> bool:
    """Return whether an action is under its recommendation, by its own words or by a title that was asked about."""
    if plain(aim) in plain(one.text) or (plain(one.text) and plain(one.text) in plain(aim)):
        return True
    return any(problem.at == one.at and "recommendation" in problem.says.casefold() for problem in plan.problems)


def _dated(action: FileAction, when: When, plan: PlanFile) -> bool:
    scale = action.timescale
    asked = scale.guessed or scale.kind in ("not_understood", "none")
    if asked:
        return any(problem.at.startswith(action.at) for problem in plan.problems)
    if when == "ongoing":
        return scale.kind == "ongoing"
    return when != "ask" and scale.due_on == when
