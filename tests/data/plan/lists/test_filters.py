"""The SQL of the filters says of every action and day what the pure rules say; so do the lists built on it."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from ilacs_app import clock
from ilacs_app.access import OPERATOR
from ilacs_app.db import db, transaction
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.governance.challenges.queries import asked_by_boards
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.people.model import Membership, Person
from ilacs_app.plan.lists.address import BEHIND_NUMBERS, SWITCHES, read_filter
from ilacs_app.plan.lists.counts import count_actions, counts, ratings_by_recommendation
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.lists.sorting import SORT_WORDS, SortKey, read_sort
from ilacs_app.plan.model import (
    Action,
    ActionPerson,
    ActionPlace,
    Plan,
    Recommendation,
    RecommendationBoard,
    RecommendationLead,
)
from ilacs_app.plan.parsing.timescales import Timing
from ilacs_app.plan.rules import (
    OPEN,
    Brag,
    Facts,
    Status,
    Timeliness,
    is_silent,
    outlook,
    timeliness,
    worst_open,
)
from ilacs_app.plan.rules_sql import brag_is, is_due_soon, is_open, is_overdue, timeliness_is
from ilacs_app.plan.visibility import actor_of
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.queries import asked_anew
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.notes.queries import with_no_change_alone
from ilacs_app.progress.notes.rules import Entry, NoteText, latest
from ilacs_app.progress.status.model import StatusMove
from ilacs_app.progress.status.queries import claims_to_test
from ilacs_app.worklist.queries import count_by_group, waiting, waiting_with_questions, what_waits
from ilacs_app.worklist.rules import Asks, Group, group_of, rests
from tests.conftest import TODAY

ROWS = 40  # actions of one example, written in one insert
EMPTIED = (
    *(DateRequest, Challenge, StatusMove, ProgressNote, ActionPerson, ActionPlace, Action),
    *(RecommendationLead, RecommendationBoard, Meeting, Recommendation, Plan, Board, Membership, Person),
)
ANSWERED = {  # what was said of an action, oldest first
    "": (),
    "words": ("",),
    "no change": ("no_change",),
    "no change twice": ("no_change", "no_change"),
    "words, then no change": ("", "no_change"),
    "no change, then on track": ("no_change", "on_track"),
    "no change, then help": ("no_change", "need_help"),
    "help, then no change": ("need_help", "no_change"),
}

# Days by their distance from today: the edges of every rule more often than the rest.
near = st.sampled_from((-400, -61, -60, -36, -35, -34, -29, -28, -27, -1, 0, 1, 27, 28, 29, 31, 60, 400))
distance = near | st.integers(-70, 70)
perhaps = st.none() | distance
todays = st.sampled_from(
    [date(2018, 4, 7), date(2018, 2, 28), date(2020, 2, 29), date(2019, 12, 31), date(2020, 1, 1), date(2026, 3, 29)]
) | st.dates(date(2015, 1, 1), date(2035, 12, 31))

plans = st.fixed_dictionaries({"dated_on": distance, "reporting_window": st.sampled_from((1, 28, 35, 60))})
actions = st.fixed_dictionaries(
    {
        "plan": st.integers(0, 2),
        "status": st.sampled_from(Status),
        "kind": st.sampled_from(Timing),
        "due_on": perhaps,
        "review_on": perhaps,
        "paused_until": perhaps,
        "stage_due_on": perhaps,
        "completed_on": perhaps,
        "completion_imported": st.booleans(),
        "last_word_on": distance,
        "last_moved_on": perhaps,
        "sent_back": st.booleans(),
        "second_move_asked": st.sampled_from((False, False, False, True)),
        "help_asked_on": st.none() | st.none() | st.none() | st.sampled_from((-400, -29, -28, -27, -1, 0)),
        "help_replied_on": st.none() | st.none() | st.sampled_from((-400, -28, -15, -14, -13, -1, 0)),
        "brag_override": st.none() | st.sampled_from(("red", "amber", "green")),
        "answered_on": st.none() | st.sampled_from((-400, -8, -7, -6, -3, -1, 0)),
        "owners": st.sampled_from(((), (), ("Person 2",), ("Zoe", "Person 2"), ("adam",), ("Émile", "adam"))),
        "contributors": st.sampled_from(((), (), ("Person 2",), ("adam",), ("Zoe", "adam"))),
        "said": st.sampled_from(tuple(ANSWERED)),
        "new_date": st.sampled_from((None, None, "waiting", "waiting", "agreed", "refused", "taken_back")),
        "claimed_by": st.sampled_from((None, 1, 2)),
        "asked": st.sampled_from((None, None, None, "open", "open", "answered", "satisfied")),
    }
)
# (board, day, cancelled); the first recommendation of each plan has the board of its plan's number, the second none
meetings = st.lists(st.tuples(st.integers(1, 3), near, st.booleans()), max_size=6, unique_by=lambda one: one[:2])
examples = st.tuples(
    todays, st.lists(plans, min_size=3, max_size=3), st.lists(actions, min_size=ROWS, max_size=ROWS), meetings
)


def write(
    today: date,
    plan_rows: list[dict[str, Any]],
    action_rows_: list[dict[str, Any]],
    held: list[tuple[int, int, bool]] | None = None,
) -> dict[int, Facts]:
    """Empty the record and write these; answers what the rules need of each action, by id."""

    def day(n: int | None) -> date | None:
        return None if n is None else today + timedelta(days=n)

    db.session.rollback()
    for table in EMPTIED:
        db.session.execute(delete(table))
    plan_values = [
        {
            "id": n + 1,
            "slug": f"plan-{n + 1}",
            "short_name": f"P{n + 1}",
            "title": f"Plan {n + 1}",
            "state": "live",
            "dated_on": day(one["dated_on"]),
            "reporting_window": one["reporting_window"],
            "columns": [],
        }
        for n, one in enumerate(plan_rows)
    ]
    db.session.execute(insert(Plan), plan_values)
    db.session.execute(
        insert(Person),
        [
            {
                "id": n,
                "email": f"p{n}@tests.example",
                "name": f"Person {n}",
                "password_hash": "",
                "created_at": clock.real_now(),
            }
            for n in (1, 2)
        ],
    )
    # two recommendations a plan; person 1 leads the first of each
    homes = [(plan, half) for plan in range(3) for half in range(2)]
    db.session.execute(
        insert(Recommendation),
        [
            {"id": n + 1, "plan_id": plan + 1, "number": str(half + 1), "position": half, "text": "Improve"}
            for n, (plan, half) in enumerate(homes)
        ],
    )
    db.session.execute(
        insert(RecommendationLead),
        [
            {"recommendation_id": n + 1, "position": 0, "name": "Person 1", "accountable": True, "person_id": 1}
            for n, (_, half) in enumerate(homes)
            if half == 0
        ],
    )
    db.session.execute(insert(Board), [{"id": n, "slug": f"board-{n}", "name": f"Board {n}"} for n in (1, 2, 3)])
    db.session.execute(
        insert(RecommendationBoard),
        [
            {"recommendation_id": n + 1, "board_id": plan + 1, "position": 0, "lead": True, "named_as": "Board"}
            for n, (plan, half) in enumerate(homes)
            if half == 0
        ],
    )
    if held:
        cancelled = {True: today, False: None}
        db.session.execute(
            insert(Meeting),
            [{"board_id": board, "on_day": day(n), "cancelled_on": cancelled[off]} for board, n, off in held],
        )
    values, facts, places, moves, people, questions = [], {}, [], [], [], []
    notes = [note_of(n + 1, text) for n, one in enumerate(action_rows_) for text in texts_of(one["said"])]
    requests = [request_of(n + 1, one["new_date"]) for n, one in enumerate(action_rows_) if one["new_date"]]
    # person 2 is a verifier, and the third board oversees the third plan, whose second recommendation has no board
    verifies = {"person_id": 2, "role": "verifier", "from_on": today - timedelta(days=9)}
    db.session.execute(insert(Membership), [verifies])
    db.session.execute(update(Plan).where(Plan.id == 3).values(oversight_board_id=3))
    for n, one in enumerate(action_rows_):
        id_, plan = n + 1, one["plan"]
        dates = {
            name: day(one[name])
            for name in (
                "due_on",
                "review_on",
                "paused_until",
                "stage_due_on",
                "completed_on",
                "last_moved_on",
                "help_asked_on",
                "help_replied_on",
            )
        }
        asked = {"second_move_asked": one["second_move_asked"], "brag_override": one["brag_override"]}
        values.append(
            {
                "id": id_,
                "plan_id": plan + 1,
                "text": f"Action {id_}",
                "timescale_kind": one["kind"],
                "status": one["status"],
                "completion_imported": one["completion_imported"],
                "last_word_on": day(one["last_word_on"]),
                "moves": 0 if dates["last_moved_on"] is None else 1,
                "extra": {},
                "answered_on": day(one["answered_on"]),
                "claimed_by_id": one["claimed_by"] if one["status"] == Status.COMPLETED else None,
                **dates,
                **asked,
            }
        )
        facts[id_] = Facts(
            status=one["status"],
            completion_imported=one["completion_imported"],
            last_word_on=today + timedelta(days=one["last_word_on"]),
            plan_dated_on=today + timedelta(days=plan_rows[plan]["dated_on"]),
            window=plan_rows[plan]["reporting_window"],
            **dates,
            **asked,
        )
        places.append(
            {
                "recommendation_id": plan * 2 + 1 + n % 2,
                "action_id": id_,
                "position": n,
                "ref": f"{n % 2 + 1}.{n + 1}",
            }
        )
        people += [
            {"action_id": id_, "part": part, "name": name, "person_id": 2 if name == "Person 2" else None}
            for part, names in (("owner", one["owners"]), ("contributor", one["contributors"]))
            for name in names
        ]
        if one["asked"]:
            questions.append(question_of(id_, plan + 1, one["asked"]))
        if one["sent_back"] and one["status"] == Status.IN_PROGRESS:
            moves.append(
                {
                    "action_id": id_,
                    "person_id": 2,
                    "at": clock.real_now(),
                    "kind": "sent_back",
                    "from_status": "completed",
                    "to_status": "in_progress",
                    "reason": "Test more.",
                }
            )
    db.session.execute(insert(Action), values)
    db.session.execute(insert(ActionPlace), places)
    if people:
        db.session.execute(insert(ActionPerson), people)
    for table, written in ((ProgressNote, notes), (DateRequest, requests)):
        if written:
            db.session.execute(insert(table), written)
    if questions:
        db.session.execute(insert(Challenge), questions)
    if moves:
        db.session.execute(insert(StatusMove), moves)
    return facts


def texts_of(said: str) -> list[NoteText]:
    """Return the texts of the notes that say this, oldest first."""
    return [
        NoteText(
            did="" if answer else "Sampled.", answer=answer or None, blocker="No room." if answer == "need_help" else ""
        )
        for answer in ANSWERED[said]
    ]


def note_of(action_id: int, text: NoteText) -> dict[str, Any]:
    return {"action_id": action_id, "person_id": 1, "written_at": clock.real_now(), **vars(text)}


def request_of(action_id: int, state: str) -> dict[str, Any]:
    """A request for another date, by person 1."""
    return {
        "action_id": action_id,
        "asked_by_id": 1,
        "asked_at": clock.real_now(),
        "words": "End May 2040",
        "reason_class": "vacancy",
        "state": state,
    }


def question_of(action_id: int, plan_id: int, state: str) -> dict[str, Any]:
    """A question of the first board about an action, of person 1."""
    return {
        "board_id": 1,
        "plan_id": plan_id,
        "action_id": action_id,
        "asked_by_id": 2,
        "asked_at": clock.real_now(),
        "owner": "Person 1",
        "owner_person_id": 1,
        "due_on": TODAY,
        "question": "Why?",
        "state": state,
        "withdrawn_reason": "",
    }


def every_row_agrees(today: date, facts: dict[int, Facts]) -> None:
    """Timeliness, rating and the three conditions, for each row, on that day and beside it."""
    for shift in (0, -1, 1, 28, 365):
        on = today + timedelta(days=shift)
        found = db.session.execute(
            select(Action.id, timeliness_is(on), brag_is(on), is_overdue(on), is_open(), is_due_soon(on)).join(
                Plan, Plan.id == Action.plan_id
            )
        ).all()
        assert len(found) == len(facts)
        for id_, when, brag, late, open_, soon in found:
            fact = facts[id_]
            note(f"{on}: {fact}")
            assert when == timeliness(fact, on)
            assert brag == outlook(fact, on)[0]
            assert bool(late) == (when == Timeliness.OVERDUE)
            assert open_ == (fact.status in OPEN)
            assert bool(soon) == (when == Timeliness.DUE_SOON)


def lists_agree(today: date, facts: dict[int, Facts]) -> None:
    """Check that a filter lists and counts what the rule says of each, and each recommendation's bar with it."""
    everything = action_rows(OPERATOR, Filter(), today, size=None)
    assert {row.id: row.facts for row in everything} == facts
    for when in Timeliness:
        rows = action_rows(OPERATOR, Filter(timeliness=when), today, size=None)
        wanted = {id_ for id_, fact in facts.items() if timeliness(fact, today) == when}
        assert {row.id for row in rows} == wanted
        assert counts(OPERATOR, Filter(timeliness=when), today).actions == len(wanted)
    rated = {id_: outlook(fact, today)[0] for id_, fact in facts.items()}
    for brag in Brag:
        rows = action_rows(OPERATOR, Filter(brag=brag), today, size=None)
        assert {row.id for row in rows} == {id_ for id_, one in rated.items() if one == brag}
    whole = counts(OPERATOR, Filter(), today)
    assert whole.by_brag == {brag: n for brag in Brag if (n := list(rated.values()).count(brag))}
    assert whole.overdue == sum(timeliness(fact, today) == Timeliness.OVERDUE for fact in facts.values())
    for id_, bar in ratings_by_recommendation(range(1, 7), today).items():
        mine = [row for row in everything if row.recommendation_id == id_]
        late = [row.days for row in mine if row.timeliness == Timeliness.OVERDUE]
        assert bar.worst == worst_open((row.status, row.brag) for row in mine)
        assert sum(bar.by_brag.values()) == len(mine)
        assert (bar.overdue, bar.most_days) == (len(late), max(late, default=0))


def each_filter_agrees(today: date, facts: dict[int, Facts], rows: list[dict[str, Any]]) -> None:
    """Check each filter about single actions against its pure rule: the list, and the count beside it."""
    owners, contributors = ({n + 1: one[part] for n, one in enumerate(rows)} for part in ("owners", "contributors"))
    led = {n + 1 for n in range(len(rows)) if n % 2 == 0}
    lead, owner = (actor_of(n, f"Person {n}", f"p{n}@tests.example", False, today) for n in (1, 2))
    expected: list[tuple[Filter, set[int]]] = [
        (Filter(silent=True), {id_ for id_, fact in facts.items() if is_silent(fact, today)}),
        (Filter(moved=True), {id_ for id_, fact in facts.items() if fact.last_moved_on is not None}),
        (Filter(no_owner=True), {id_ for id_, names in owners.items() if not names}),
        (Filter(delivered_by=lead.acts_as), led),
        (
            Filter(delivered_by=owner.acts_as),
            {id_ for id_, names in owners.items() if "Person 2" in (*names, *contributors[id_])},
        ),
        (Filter(number="1"), led),
        (Filter(action_ids=frozenset({1, 2, 9})), {1, 2, 9}),
        (Filter(action_ids=frozenset()), set()),
        (Filter(except_ids=frozenset(led)), set(facts) - led),
        (Filter(lead="Person 1"), led),
        (Filter(board_id=2, decides=True), {id_ for id_ in led if rows[id_ - 1]["plan"] == 1}),
        (Filter(board_id=2), {id_ for id_ in led if rows[id_ - 1]["plan"] == 1}),
        (Filter(board_id=3, decides=True), {id_ for id_ in facts if rows[id_ - 1]["plan"] == 2}),
        (Filter(board_id=3), {id_ for id_ in facts if rows[id_ - 1]["plan"] == 2}),
        (Filter(plan_id=2), {id_ for id_ in facts if rows[id_ - 1]["plan"] == 1}),
        (Filter(recommendation_id=3), {id_ for id_ in led if rows[id_ - 1]["plan"] == 1}),
        (Filter(q="aCTION 1"), {id_ for id_ in facts if str(id_).startswith("1")}),
        *(
            (Filter(timeliness=when), {id_ for id_, fact in facts.items() if timeliness(fact, today) == when})
            for when in Timeliness
        ),
        *((Filter(brag=b), {id_ for id_, fact in facts.items() if outlook(fact, today)[0] == b}) for b in Brag),
        *((Filter(owner=name), {id_ for id_, names in owners.items() if name in names}) for name in ("adam", "Émile")),
        *(
            (Filter(contributor=name), {id_ for id_, names in contributors.items() if name in names})
            for name in ("adam", "Person 2", "Zoe")
        ),
        (
            Filter(owner="Zoe", contributor="adam"),
            {i for i in owners if "Zoe" in owners[i] and "adam" in contributors[i]},
        ),
        *((Filter(status=status), {id_ for id_, fact in facts.items() if fact.status == status}) for status in Status),
        *(
            (Filter(due_before=day), {id_ for id_, fact in facts.items() if fact.due_on and fact.due_on < day})
            for day in (today - timedelta(days=1), today, today + timedelta(days=1), today + timedelta(days=60))
        ),
    ]
    for wanted, ids in expected:
        note(str(wanted))
        listed = action_rows(OPERATOR, wanted, today, size=None)
        assert {row.id for row in listed} == ids
        assert count_actions(OPERATOR, wanted, today).actions == len(ids) == counts(OPERATOR, wanted, today).actions
    drawn = {
        field.name for wanted, _ in expected for field in fields(Filter) if getattr(wanted, field.name) != field.default
    }
    assert drawn == {field.name for field in fields(Filter)}, "each field of a filter is drawn"
    both = Filter(silent=True, moved=True, no_owner=True)
    assert {row.id for row in action_rows(OPERATOR, both, today, size=None)} == set.intersection(
        *(ids for wanted, ids in expected[:3])
    )


def each_switch_agrees(today: date, facts: dict[int, Facts], rows: list[dict[str, Any]]) -> None:
    """Check each filter that an address turns on against its pure rule, as person 2, who is a verifier."""
    by_id = {n + 1: one for n, one in enumerate(rows)}
    theirs = {id_ for id_, one in by_id.items() if "Person 2" in (*one["owners"], *one["contributors"])}
    waits = {id_ for id_, one in by_id.items() if one["new_date"] == "waiting"}
    claims = {id_ for id_, one in by_id.items() if one["status"] == Status.COMPLETED and one["claimed_by"] != 2}
    entries = {
        id_: [Entry(n, n, today, text) for n, text in enumerate(texts_of(one["said"]), 1)] for id_, one in by_id.items()
    }
    newest = {id_: latest(said) for id_, said in entries.items()}
    turned_down = {id_ for id_ in by_id if id_ % 5 == 0}
    wanted = {
        "mine": theirs,
        "no_owner": {id_ for id_, one in by_id.items() if not one["owners"]},
        "silent": {id_ for id_, fact in facts.items() if is_silent(fact, today)},
        "moved": {id_ for id_, fact in facts.items() if fact.last_moved_on is not None},
        "to_verify": claims - theirs,
        "no_change": {id_ for id_, said in newest.items() if said and said.no_change_on and facts[id_].status in OPEN},
        "no_request": set(by_id) - waits,
        "to_embed": {id_ for id_, one in by_id.items() if one["plan"] == 2} - turned_down,
    }
    assert set(wanted) == {*SWITCHES, *BEHIND_NUMBERS}, "each filter of an address is drawn"
    verifier = actor_of(2, "Person 2", "p2@tests.example", False, today)
    behind = {
        "to_verify": claims_to_test(verifier),
        "no_change": with_no_change_alone(),
        "no_request": asked_anew(),
        "to_embed": turned_down,
    }
    for name, ids in wanted.items():
        asked = read_filter(
            {name: "1", "board": "board-3"} if name == "to_embed" else {name: "1"},
            Filter(),
            [BoardName(id=3, slug="board-3", name="Board 3", leads_page=None)],
            (),
            acts_as=verifier.acts_as,
            behind=lambda number, _: behind[number],
        )
        note(name)
        assert {row.id for row in action_rows(verifier, asked.filter, today, size=None)} == ids
        assert count_actions(verifier, asked.filter, today).actions == len(ids)


def each_order_agrees(today: date, facts: dict[int, Facts], rows: list[dict[str, Any]]) -> None:
    """Check each order of a list against the values that it goes by, page after page."""
    plan_order = [row.id for row in action_rows(OPERATOR, Filter(), today, size=None)]
    first_named = {
        n + 1: (one["owners"] or (("Person 1",) if n % 2 == 0 else (None,)))[0] for n, one in enumerate(rows)
    }
    rated = list(Brag)
    values: dict[SortKey, dict[int, Any]] = {
        SortKey.REFERENCE: {id_: place for place, id_ in enumerate(plan_order)},
        SortKey.DUE: {id_: fact.due_on for id_, fact in facts.items()},
        SortKey.RATING: {id_: rated.index(outlook(fact, today)[0]) for id_, fact in facts.items()},
        SortKey.OWNER: {id_: name and name.lower() for id_, name in first_named.items()},
        SortKey.WORD: {id_: fact.last_word_on for id_, fact in facts.items()},
    }
    for parameter in SORT_WORDS:
        sort = read_sort(parameter)
        value = values[sort.key]
        known = [id_ for id_ in plan_order if value[id_] is not None]
        if sort.key == SortKey.OWNER:  # letters beyond a to z are each database's own
            known = [id_ for id_ in known if value[id_].isascii()]
        by_value = sorted({value[id_] for id_ in known}, reverse=sort.descending)
        expected = [id_ for one in by_value for id_ in known if value[id_] == one]
        unknown = [id_ for id_ in plan_order if value[id_] is None]
        paged = [
            row.id
            for page in range(1, 2 + len(rows) // 7)
            for row in action_rows(OPERATOR, Filter(), today, page=page, size=7, sort=sort)
        ]
        assert [row.id for row in action_rows(OPERATOR, Filter(), today, size=None, sort=sort)] == paged
        assert [id_ for id_ in paged if id_ in set(known)] == expected, parameter
        assert paged[len(paged) - len(unknown) :] == unknown, parameter


def my_work_agrees(today: date, facts: dict[int, Facts], rows: list[dict[str, Any]], held: list[Any]) -> None:
    """The groups of My work are the rule's of each action, in its order; the number beside it is their number."""
    lead = actor_of(1, "Person 1", "p1@tests.example", False, today)
    asked = asked_by_boards(lead, today)
    assert asked == {n + 1 for n, one in enumerate(rows) if one["asked"] == "open"}
    back = set(db.session.scalars(select(StatusMove.action_id)))
    met = {
        board: max(
            (today + timedelta(days=n) for its, n, off in held if its == board and n <= 0 and not off), default=None
        )
        for board in (1, 2, 3)
    }
    expected: dict[int, Group] = {}
    with_resting: dict[int, Group] = {}
    with_questions: dict[int, Group | None] = {}
    for n, one in enumerate(rows):
        if n % 2 == 1:  # is in a recommendation that others lead
            continue
        answered = None if one["answered_on"] is None else today + timedelta(days=one["answered_on"])
        asks = Asks(n + 1 in back, met_on=met[one["plan"] + 1], answered_on=answered)
        by_board = replace(asks, by_board=n + 1 in asked)
        group = group_of(facts[n + 1], asks, today)
        if group:
            with_resting[n + 1] = group
            if not rests(facts[n + 1], asks, today):
                expected[n + 1] = group
                with_questions[n + 1] = group_of(facts[n + 1], by_board, today)
    found = waiting(lead, today)
    assert {item.row.id: item.group for item in found} == expected
    assert len(found) == len(expected) == what_waits(lead, today).updates
    among_questions = waiting_with_questions(lead, today)
    assert {item.row.id: item.group for item in among_questions} == with_questions
    assert count_by_group(lead, today) == Counter(with_questions.values())
    assert {item.row.id: item.group for item in waiting(lead, today, resting=True)} == with_resting
    order = list(Group)
    for items in (found, among_questions):
        assert [order.index(item.group) for item in items] == sorted(order.index(item.group) for item in items)


def check(example: tuple[date, list[dict[str, Any]], list[dict[str, Any]], list[Any]]) -> None:
    today, plan_rows, rows, held = example
    facts = write(today, plan_rows, rows, held)
    every_row_agrees(today, facts)
    lists_agree(today, facts)
    each_filter_agrees(today, facts, rows)
    each_switch_agrees(today, facts, rows)
    each_order_agrees(today, facts, rows)
    my_work_agrees(today, facts, rows, held)
    db.session.rollback()


def run(examples_wanted: int, record_property: Any, kind: str) -> None:
    done = 0

    @settings(
        max_examples=examples_wanted,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(examples)
    def each(example: Any) -> None:
        nonlocal done
        check(example)
        done += 1

    each()
    record_property("actions", done * ROWS)
    record_property("database", kind)
    print(f"{done * ROWS:,} generated actions on 5 days each, on {kind}, derandomized: SQL and rules agree")


def test_sql_says_what_the_rules_say(app, database_kind, record_property):
    run(5, record_property, database_kind)


@pytest.mark.proof
def test_sql_says_what_the_rules_say_of_20_000_actions(app, database_kind, record_property):
    run(500, record_property, database_kind)


def test_no_filter_is_stored(app):
    """Lateness is computed each time: the same rows, read a day later, give another result."""
    today = date(2018, 4, 30)
    calm = {
        "plan": 0,
        "status": Status.IN_PROGRESS,
        "kind": Timing.DATE,
        "due_on": 0,
        "review_on": None,
        "paused_until": None,
        "stage_due_on": None,
        "completed_on": None,
        "completion_imported": False,
        "last_word_on": 0,
        "last_moved_on": None,
        "sent_back": False,
        "second_move_asked": False,
        "help_asked_on": None,
        "help_replied_on": None,
        "brag_override": None,
        "answered_on": None,
        "owners": (),
        "contributors": (),
        "said": "",
        "new_date": None,
        "claimed_by": None,
        "asked": None,
    }
    write(today, [{"dated_on": -60, "reporting_window": 35}] * 3, [calm])
    assert [counts(OPERATOR, Filter(), today + timedelta(days=n)).overdue for n in (0, 1)] == [0, 1]
    db.session.rollback()


@pytest.mark.parametrize("typed", ["ÉCOLE", "école", "École zoë", "łódź", "ŁÓDŹ", "ПЛАН", "panel", "PANEL"])
def test_words_are_found_whatever_their_capitals_in_both_databases(world, typed):
    with transaction():
        text = "École Zoë: panel of ŁÓDŹ and план"
        db.session.execute(update(Action).where(Action.id == world.actions["5.2"]).values(text=text))
    wanted = Filter(plan_id=world.plan_id, q=typed)
    assert "5.2" in [row.ref for row in action_rows(OPERATOR, wanted, clock.today(), size=None)]
    assert counts(OPERATOR, wanted, clock.today()).actions >= 1


ANSWERS_GIVEN = (*["no_change"] * 5, "on_track", "need_help", "")


@pytest.mark.parametrize("seed", range(5))
def test_actions_of_which_no_change_alone_was_said_are_those_of_the_rule(world, seed):
    draw = random.Random(seed)
    ids = [world.actions[ref] for ref in ("5.1", "5.2", "5.3", "5.4", "5.5", "5.6")]
    said: dict[int, list[Entry]] = {id_: [] for id_ in ids}
    for number in range(1, 31):
        id_, answer = draw.choice(ids), draw.choice(ANSWERS_GIVEN)
        text = NoteText(
            did="" if answer and draw.random() < 0.9 else "Sampled.",
            answer=answer or None,
            blocker="No room." if answer == "need_help" else "",
        )
        with transaction():
            log_progress(world.author("lead"), id_, text)
        said[id_].append(Entry(number, number, TODAY, text))
    latest_of = {id_: latest(entries) for id_, entries in said.items()}
    expected = {id_ for id_, newest in latest_of.items() if newest and newest.no_change_on}
    db.session.rollback()
    assert with_no_change_alone() == expected
    assert 0 < len(expected) < len(ids)
