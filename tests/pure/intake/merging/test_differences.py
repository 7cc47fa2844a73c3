"""A plan's file against the plan, three ways: what was added, removed, changed there, here, or in both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from ilacs_app.intake.merging.differences import Change, OurAction, OurRecommendation, PlanItem, differences
from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.plan.plan_file import FileAction, FileRecommendation

DAY = date(2026, 2, 22)


def action(ref: str, text: str, when: str = "End May 2026", note: str = "", owners: tuple[str, ...] = ()) -> FileAction:
    return FileAction(ref, text, read_timescale(when, DAY), f"row {ref}", owners, note=note)


BASE = (
    FileRecommendation(
        "1",
        "Visits are on time",
        "row 2",
        leads=("Service Manager",),
        boards=("MASH Board",),
        actions=(action("1.1", "Write the rota for each team"), action("1.2", "Check it every week", note="Begun")),
    ),
    FileRecommendation("2", "Plans are clear", "row 4", actions=(action("2.1", "Train each team in plain words"),)),
)


def ours(file=BASE, **standing) -> list[OurRecommendation]:
    """The plan as it was after importing a file."""
    return [
        OurRecommendation(
            PlanItem(at, 1),
            one,
            tuple(OurAction(PlanItem(at * 10 + n, 1, **standing), a) for n, a in enumerate(one.actions)),
        )
        for at, one in enumerate(file)
    ]


def changed(file, number: int, at: int | None = None, **values):
    """The file with one recommendation, or one of its actions, changed."""
    one = file[number]
    if at is not None:
        acts = list(one.actions)
        acts[at] = replace(acts[at], **values)
        values = {"actions": tuple(acts)}
    return (*file[:number], replace(one, **values), *file[number + 1 :])


def said(found) -> list[tuple[str, str, str, str]]:
    return [(one.change.value, one.number, one.ref, one.name) for one in found]


def test_the_same_file_again_differs_in_nothing():
    assert differences(ours(), BASE, BASE) == []


def test_what_was_changed_in_the_file_only_is_proposed():
    file = changed(changed(BASE, 0, leads=("Head of Service",)), 0, 0, text="Write the rota for every team")
    found = differences(ours(), file, BASE)
    assert said(found) == [("file", "1", "", "leads"), ("file", "1", "1.1", "action")]
    assert [one.proposed for one in found] == ["file", "file"]
    assert (found[0].ours, found[0].theirs) == ("Service Manager", "Head of Service")


def test_what_was_changed_here_only_stays_and_is_not_asked():
    here = changed(BASE, 0, 0, text="Write the rota for each team and each week")
    found = differences(ours(here), BASE, BASE)
    assert said(found) == [("here", "1", "1.1", "action")]
    assert not found[0].asks


def test_another_reference_of_the_council_s_own_is_a_difference_and_one_that_we_counted_is_none():
    file = changed(BASE, 0, 1, ref="1.4b", own_ref=True)
    (found,) = differences(ours(), file, BASE)
    assert said([found]) == [("file", "1", "1.2", "ref")] and found.proposed == "file"
    assert (found.ours, found.theirs) == ("1.2", "1.4b")
    here = changed(BASE, 0, 1, ref="1.9")
    assert said(differences(ours(here), file, BASE)) == [("both", "1", "1.9", "ref")]
    assert said(differences(ours(here), changed(BASE, 0, 1, own_ref=True), BASE)) == [("here", "1", "1.9", "ref")]
    assert differences(ours(), changed(BASE, 0, 1, ref="1.3"), BASE) == []


def test_what_was_changed_in_both_has_to_be_chosen():
    here = changed(BASE, 0, impact="Children are seen")
    file = changed(BASE, 0, impact="Children are safer")
    found = differences(ours(here), file, BASE)
    assert said(found) == [("both", "1", "", "impact")]
    assert found[0].proposed == ""


def test_the_same_change_on_both_sides_is_no_difference():
    both = changed(BASE, 0, impact="Children are seen")
    assert differences(ours(both), both, BASE) == []


def test_added_and_removed_items_are_told_apart_from_moved_ones():
    one = BASE[0]
    file = (
        replace(one, actions=(action("1.1", "Agree a rota"), action("1.2", "Write the rota for each team"))),
        *BASE[1:],
        FileRecommendation("3", "Records are kept", "row 9", actions=(action("3.1", "Say who writes"),)),
    )
    found = differences(ours(), file, BASE)
    assert said(found) == [
        ("added", "1", "1.1", ""),
        ("removed", "1", "1.2", ""),
        ("added", "3", "", ""),
    ]
    assert [one.proposed for one in found] == ["file", "ours", "file"]


def test_what_was_added_here_is_not_removed_by_a_file_that_never_had_it():
    here = (replace(BASE[0], actions=(*BASE[0].actions, action("1.3", "Ask the children"))), *BASE[1:])
    assert differences(ours(here), BASE, BASE) == []


def test_what_is_withdrawn_here_is_not_asked_for_again():
    file = changed(BASE, 0, 0, text="Write the rota for every team")
    assert differences(ours(withdrawn=True), file, BASE) == []


def test_another_timescale_is_one_difference_until_it_waits():
    file = changed(BASE, 0, 0, timescale=read_timescale("End July 2026", DAY))
    assert said(differences(ours(), file, BASE)) == [("file", "1", "1.1", "timescale")]
    assert differences(ours(asked_words="End July 2026"), file, BASE) == []


def test_a_new_note_is_added_once_and_never_conflicts():
    file = changed(BASE, 0, 1, note="Two teams have it")
    here = changed(BASE, 0, 1, note="Begun, three teams")
    assert said(differences(ours(here), file, BASE)) == [("file", "1", "1.2", "note")]
    assert differences(ours(notes=frozenset({"Two teams have it"})), file, BASE) == []


def test_without_an_earlier_file_each_other_value_is_a_question():
    file = changed(BASE, 1, text="Plans are clear to children")
    assert said(differences(ours(), file, ())) == [("both", "2", "", "recommendation")]


def test_an_action_reworded_here_is_still_known_by_its_reference():
    here = changed(BASE, 0, 0, text="Write and keep the rota for each team")
    file = changed(BASE, 0, 0, text="Write the rota for each of the teams")
    assert said(differences(ours(here), file, BASE)) == [("both", "1", "1.1", "action")]


def test_a_file_without_a_column_says_nothing_of_what_is_there():
    full = (replace(BASE[0], impact="Children are safer", measures=("90%",)), *BASE[1:])
    bare = (replace(BASE[0], impact="", measures=("95%",)), *BASE[1:])
    held = {"number", "recommendation", "action", "timescale", "measures"}
    assert said(differences(ours(full), bare, (), held)) == [("both", "1", "", "measures")]
    assert ("both", "1", "", "impact") in said(differences(ours(full), bare, (), {*held, "impact"}))
    assert ("both", "1", "", "impact") in said(differences(ours(full), bare, ()))


words = st.sampled_from(["Write the rota", "Check the rota", "Train each team", "Ask the children", "Say who writes"])


def numbered(rows: list[list[str]]) -> tuple[FileRecommendation, ...]:
    return tuple(
        FileRecommendation(
            str(n),
            f"Recommendation {n}",
            f"row {n}",
            actions=tuple(action(f"{n}.{k}", text) for k, text in enumerate(texts, 1)),
        )
        for n, texts in enumerate(rows, 1)
    )


plans = st.lists(st.lists(words, max_size=4, unique=True), min_size=1, max_size=4).map(numbered)


@settings(max_examples=150)
@given(plans, plans)
def test_every_item_of_the_file_is_here_or_added_and_none_is_invented(base, file):
    found = differences(ours(base), file, base)
    keys = [one.key for one in found]
    assert len(keys) == len(set(keys))
    added = {one.number for one in found if one.change == Change.ADDED and not one.ref}
    assert added == {one.number for one in file} - {one.number for one in base}
    for one in file:
        was = next((other for other in base if other.number == one.number), None)
        if was is None:
            continue
        new = [d for d in found if d.change == Change.ADDED and d.ref and d.number == one.number]
        gone = [d for d in found if d.change == Change.REMOVED and d.ref and d.number == one.number]
        assert len(one.actions) - len(new) == len(was.actions) - len(gone)
