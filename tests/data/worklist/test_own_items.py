"""No one tests a claim of an item that was theirs, and no one agrees its date: whatever is reassigned in between.

A machine draws what people do; the model beside it knows the plan's own words, and nothing of the program's rules.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.editing.actions.commands import change_action
from ilacs_app.editing.actions.queries import editable_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.handover.commands import change_owners, hand_over
from ilacs_app.editing.recommendations.commands import change_recommendation
from ilacs_app.editing.recommendations.queries import editable_recommendation
from ilacs_app.editing.twins.commands import link_twins, part_twin
from ilacs_app.people.commands import grant_role
from ilacs_app.people.model import Membership
from ilacs_app.people.teams.commands import change_team, end_stand_in, let_stand_in
from ilacs_app.people.teams.model import Team
from ilacs_app.plan.model import Action
from ilacs_app.progress.dates.model import DateRequest
from tests.conftest import BY, TODAY
from tests.data.worklist.own_items import MOVED, NAMES, PEOPLE, TEAMS, make_cast
from tests.factories import CLAIM, fact, send, token, version_of

WORKING = {"not_started", "in_progress", "partly_complete", "slipped_back"}
people = st.integers(0, len(PEOPLE) - 1)
items = st.integers(0, 3)
homes = st.integers(0, 2)
ways = st.sampled_from(("drawn", "able", "barred"))
names = st.lists(st.sampled_from(NAMES), max_size=2, unique=True)
COUNTED: Counter[str] = Counter()


@dataclass
class Item:
    """An action as the model knows it; ``had`` are those who delivered it when it was claimed."""

    id: int
    homes: list[int]
    dated: bool
    owners: list[str] = field(default_factory=list)
    contributors: list[str] = field(default_factory=list)
    status: str = "not_started"
    claimer: int | None = None
    had: set[int] = field(default_factory=set)
    asked_by: int | None = None
    readings: int = 0
    read_on: date | None = None
    moves: int = 0
    linked: bool = False


Whether = Callable[[int, Item], bool]


class Hands(RuleBasedStateMachine):
    """What happens to four actions; every way to a verification or a date is tried by a random person."""

    cast: dict[str, Any]
    start: Any

    @initialize()
    def begin(self) -> None:
        db.session.remove()
        db.engine.dispose()
        shutil.copy(self.start, str(db.engine.url.database))
        clock.move_today(TODAY)
        self.leads: list[list[str]] = [[], [], []]
        self.members: list[set[int]] = [set(), set()]
        self.stands: dict[tuple[int, int], tuple[int, date]] = {}
        self.roles = {("verifier", 0), ("verifier", 1), ("programme_manager", 1), ("programme_manager", 2)}
        given = ((0, True), (1, False), (1, True), (2, False))
        self.items = [Item(id_, [home], dated) for id_, (home, dated) in zip(self.cast["actions"], given, strict=True)]
        for item in (self.items[0], self.items[2]):
            item.status, item.claimer, item.had = "completed", 2, {2}

    @invariant()
    def the_record_says_the_same(self) -> None:
        COUNTED["steps"] += 1
        db.session.rollback()
        found = select(Action.id, Action.status).where(Action.id.in_(self.cast["actions"]))
        assert {one.id: one.status for one in db.session.execute(found)} == {
            item.id: item.status for item in self.items
        }

    # what the model knows

    def reached(self, called: list[str]) -> set[int]:
        found: set[int] = set()
        for name in called:
            found |= self.members[TEAMS.index(name)] if name in TEAMS else {NAMES.index(name)}
        return found

    def selves(self, who: int) -> set[int]:
        return {who} | {
            other for (one, other), (_, until) in self.stands.items() if one == who and until >= clock.today()
        }

    def has(self, who: int, item: Item, *, contributing: bool = True) -> bool:
        called = [name for home in item.homes for name in self.leads[home]] + item.owners
        return bool(self.selves(who) & self.reached(called + (item.contributors if contributing else [])))

    def is_a(self, role: str, who: int) -> bool:
        return (role, who) in self.roles

    def may_test(self, who: int, item: Item) -> bool:
        theirs = self.has(who, item) or self.selves(who) & item.had
        return self.is_a("verifier", who) and not theirs and not item.linked

    def may_write(self, who: int, item: Item) -> bool:
        return (self.has(who, item) or self.is_a("programme_manager", who)) and not item.linked

    def barred_from_test(self, who: int, item: Item) -> bool:
        """A verifier who is refused only because the action was theirs."""
        return self.is_a("verifier", who) and not self.has(who, item) and not self.may_test(who, item)

    def may_date(self, who: int, item: Item) -> bool:
        own = self.has(who, item, contributing=False) or item.asked_by in self.selves(who)
        return self.is_a("programme_manager", who) and not own and item.moves == 0

    def barred_from_date(self, who: int, item: Item) -> bool:
        """A manager who is refused only because they are a delegate of the person who asked."""
        others = self.has(who, item, contributing=False) or item.asked_by == who
        return self.is_a("programme_manager", who) and not others and item.asked_by in self.selves(who)

    def which(self, at: int, how: str, status: set[str]) -> Item:
        """The item that was drawn or, unless it is left to the draw, one that is so, if any."""
        fit = [item for item in self.items if item.status in status and not item.linked]
        return fit[at % len(fit)] if fit and how != "drawn" else self.items[at]

    def who_tries(self, who: int, item: Item, how: str, may: Whether, barred: Whether | None = None) -> int:
        """Return who was drawn or, unless it is left to the draw, the next one who may, or who is barred, if any."""
        asked = barred if how == "barred" and barred else may
        turn = [(who + n) % len(PEOPLE) for n in range(len(PEOPLE))]
        return next((one for one in turn if how != "drawn" and asked(one, item)), who)

    # what people do to an item

    def tell(self, who: int, item: Item, may: bool, status: str, sent: dict[str, Any], part: str = "status") -> bool:
        answer = send(self.cast["clients"][who], item.id, part, **sent)
        told = answer.status_code in {200, 303}
        db.session.rollback()
        assert told == may, (status, answer.status_code, item)
        assert fact(item.id, "status") == (status if may else item.status)
        COUNTED[f"{status}: {'done' if may else 'refused'}"] += 1
        if may:
            item.status = status
        return may

    @rule(who=people, at=items, how=ways)
    def claim(self, who: int, at: int, how: str) -> None:
        item = self.which(at, how, WORKING)
        who = self.who_tries(who, item, how, self.may_write)
        had = {one for one in range(len(PEOPLE)) if self.has(one, item)} | {who}
        if self.tell(who, item, item.status in WORKING and self.may_write(who, item), "completed", CLAIM, "answer"):
            item.claimer, item.had = who, had

    @rule(who=people, at=items, how=ways)
    def verify(self, who: int, at: int, how: str) -> None:
        item = self.which(at, how, {"completed"})
        who = self.who_tries(who, item, how, self.may_test, self.barred_from_test)
        may = item.status == "completed" and self.may_test(who, item)
        self.tell(who, item, may, "verified", {"status": "verified", "reason": "It holds.", "sample": "Ten"})

    @rule(who=people, at=items, how=ways)
    def send_or_take_back(self, who: int, at: int, how: str) -> None:
        item = self.which(at, how, {"completed"})
        who = self.who_tries(who, item, how, self.may_test, self.barred_from_test)
        if item.status in WORKING:
            return
        own = item.claimer == who and self.may_write(who, item)
        may = item.status == "completed" and (self.may_test(who, item) or own)
        self.tell(who, item, may, "in_progress", {"status": "in_progress", "reason": "It does not hold."})

    @rule(who=people, at=items)
    def slip(self, who: int, at: int) -> None:
        item = self.items[at]
        may = self.may_test(who, item) or (self.is_a("programme_manager", who) and not item.linked)
        sent = {"status": "slipped_back", "reason": "It came back."}
        self.tell(who, item, item.status == "verified" and may, "slipped_back", sent)

    @rule(who=people, at=items)
    def embed(self, who: int, at: int) -> None:
        self.tell(who, self.items[at], False, "embedded", {"status": "embedded", "reason": "It holds."})

    @rule(who=people, at=items, how=ways)
    def ask_date(self, who: int, at: int, how: str) -> None:
        item = self.which(at, how, WORKING)
        who = self.who_tries(who, item, how, self.may_write)
        free = item.asked_by in {None, who}
        may = item.dated and item.status in WORKING and self.may_write(who, item) and free
        sent = {"words": MOVED[item.moves + 1], "reason_class": "vacancy", "effect": "None.", "cover": "The deputy."}
        answer = send(self.cast["clients"][who], item.id, "date-requests", **sent)
        assert (answer.status_code in {200, 303}) == may, answer.status_code
        item.asked_by = who if may else item.asked_by
        COUNTED[f"date asked: {'done' if may else 'refused'}"] += 1

    @rule(who=people, at=items, how=ways, answer=st.sampled_from(("agreed", "agreed", "refused")))
    def decide_date(self, who: int, at: int, how: str, answer: str) -> None:
        asked = [item for item in self.items if item.asked_by is not None]
        if not asked:
            return
        item = asked[at % len(asked)]
        who = self.who_tries(who, item, how, self.may_date, self.barred_from_date)
        db.session.rollback()
        request = db.session.scalars(
            select(DateRequest).where(DateRequest.action_id == item.id, DateRequest.state == "waiting")
        ).one()
        client, due_on = self.cast["clients"][who], fact(item.id, "due_on")
        sent = {"answer": answer, "version": request.version, "refusal": "It can be done.", "csrf_token": token(client)}
        told = client.post(f"/date-requests/{request.id}/decide", data=sent).status_code == 303
        may = self.may_date(who, item) and (answer == "refused" or item.status in WORKING)
        assert told == may, (item, who)
        assert (fact(item.id, "due_on") != due_on) == (may and answer == "agreed")
        COUNTED[f"date {answer}: {'done' if may else 'not'}"] += 1
        if may:
            item.asked_by, item.moves = None, item.moves + (answer == "agreed")

    @rule(who=people, at=items)
    def read_anew(self, who: int, at: int) -> None:
        """A first date where there is none; else another day of the month that the words name."""
        item = self.items[at]
        client, ledger = self.cast["clients"][who], fact(item.id, "version")
        words = f"{item.readings % 28 + 1} June 2018" if item.dated else "End June 2018"
        sent = {"words": words, "reason": "It was wrong.", "version": ledger, "csrf_token": token(client)}
        if item.moves:
            return
        part = "reading" if item.dated else "first-date"
        told = client.post(f"/actions/{item.id}/{part}", data=sent).status_code == 303
        own = self.has(who, item, contributing=False)
        free = item.asked_by is None and not (item.dated and item.read_on not in {None, clock.today()})
        may = self.is_a("programme_manager", who) and not own and not item.linked and free
        assert told == may, (item, who)
        assert (version_of(item.id) != ledger) == may
        if may and item.dated:
            item.readings, item.read_on = item.readings + 1, clock.today()
        COUNTED[f"{part}: {'done' if may else 'refused'}"] += 1
        item.dated = item.dated or may

    # what changes hands

    @rule(home=homes, called=names)
    def name_leads(self, home: int, called: list[str]) -> None:
        with transaction():
            now = editable_recommendation(self.cast["recs"][home])
            change_recommendation(BY, now.id, now.version, replace(now.text, leads=tuple(called), accountable=""))
        self.leads[home] = called

    @rule(at=items, owners=names, contributors=names)
    def name_workers(self, at: int, owners: list[str], contributors: list[str]) -> None:
        item = self.items[at]
        with transaction():
            now = editable_action(item.id)
            text = ActionContent(now.text.text, tuple(owners), tuple(contributors))
            change_action(BY, item.id, now.version, text)
        item.owners, item.contributors = owners, contributors

    @rule(who=people, at=items)
    def a_verifier_hands_on_what_another_claimed(self, who: int, at: int) -> None:
        item = self.items[at]
        if item.status not in WORKING or item.linked:
            return
        self.with_role(who, "verifier")
        self.name_workers(at, [NAMES[who]], [])
        others = [one for one in range(len(PEOPLE)) if one != who and self.may_write(one, item)]
        if others:
            self.claim(others[0], at, "drawn")
        self.name_workers(at, [], [])
        self.verify(who, at, "drawn")

    @rule(who=people, at=items)
    def a_manager_stands_in_for_who_asked(self, who: int, at: int) -> None:
        item = self.items[at]
        self.with_role(who, "programme_manager")
        others = [one for one in range(len(PEOPLE)) if one != who and self.may_write(one, item)]
        if item.asked_by is None and others:
            self.ask_date(others[0], at, "drawn")
        if item.asked_by not in {None, who}:
            self.stand_in(who, item.asked_by, 3)
            self.decide_date(
                who, [one for one in self.items if one.asked_by is not None].index(item), "drawn", "agreed"
            )

    def with_role(self, who: int, role: str) -> None:
        if not self.is_a(role, who):
            self.change_role(who, role)

    @rule(at=items, to=st.sampled_from(NAMES))
    def change_owner_of_many(self, at: int, to: str) -> None:
        chosen = [item for item in (self.items[at], self.items[0]) if not item.linked]
        with transaction():
            change_owners(BY, {Chosen("owner", item.id, version_of(item.id)) for item in chosen}, to)
        for item in chosen:
            item.owners = [to]

    @rule(leaver=people, home=homes, to=people)
    def hand_over_a_lead(self, leaver: int, home: int, to: int) -> None:
        if NAMES[leaver] not in self.leads[home] or leaver == to:
            return
        with transaction():
            now = editable_recommendation(self.cast["recs"][home])
            hand_over(BY, self.cast["people"][leaver], [Chosen("lead", now.id, now.version)], NAMES[to])
        self.leads[home] = list(dict.fromkeys(NAMES[to] if n == NAMES[leaver] else n for n in self.leads[home]))

    @rule(team=st.integers(0, 1), members=st.sets(people, max_size=2))
    def change_members(self, team: int, members: set[int]) -> None:
        with transaction():
            id_ = self.cast["teams"][team]
            version = db.session.scalar(select(Team.version).where(Team.id == id_))
            change_team(BY, id_, version, TEAMS[team], [self.cast["people"][one] for one in members])
        self.members[team] = set(members)

    @rule(one=people, other=people, days=st.integers(0, 3))
    def stand_in(self, one: int, other: int, days: int) -> None:
        if one == other or other in self.selves(one):
            return
        until, ids = clock.today() + timedelta(days=days), self.cast["people"]
        with transaction():
            id_ = let_stand_in(BY, ids[one], ids[other], clock.today(), until, "leave")
        self.stands[one, other] = (id_, until)

    @rule(which=st.integers(0, 9))
    def end_standing_in(self, which: int) -> None:
        if not self.stands:
            return
        key = sorted(self.stands)[which % len(self.stands)]
        with transaction():
            end_stand_in(BY, self.stands.pop(key)[0])

    @rule()
    def a_day_passes(self) -> None:
        if clock.today() < TODAY + timedelta(days=20):
            clock.move_today(clock.today() + timedelta(days=1))

    @rule(who=people, role=st.sampled_from(("verifier", "programme_manager")))
    def change_role(self, who: int, role: str) -> None:
        id_ = self.cast["people"][who]
        with transaction():
            if (role, who) in self.roles:
                held = (Membership.person_id == id_, Membership.role == role)
                ended = update(Membership).where(*held, Membership.until_on.is_(None))
                db.session.execute(ended.values(until_on=clock.today() - timedelta(days=1)))
            else:
                grant_role(BY, id_, role)
        self.roles ^= {(role, who)}

    @rule()
    def link_or_part_twins(self) -> None:
        kept, twin = self.items[2], self.items[3]
        with transaction():
            if twin.linked:
                part_twin(BY, twin.id, version_of(twin.id))
            else:
                link_twins(BY, kept.id, {twin.id: version_of(twin.id)})
        twin.linked = not twin.linked
        kept.homes = [1, 2] if twin.linked else [1]
        if twin.linked:
            kept.owners = list(dict.fromkeys(kept.owners + twin.owners))
            kept.contributors = list(dict.fromkeys(kept.contributors + twin.contributors))


def walk(world: Any, folder: Any, steps: int, record_property: Any) -> None:
    COUNTED.clear()
    cast = make_cast(world.app)
    for claimed in (0, 2):
        assert send(cast["clients"][2], cast["actions"][claimed], **CLAIM).status_code == 303
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    db.engine.dispose()
    start = folder / "start.db"
    shutil.copy(str(db.engine.url.database), start)
    machine = type("Machine", (Hands,), {"cast": cast, "start": start})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(steps // 40, 4),
            stateful_step_count=50,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert COUNTED["steps"] >= steps
    for name in sorted(COUNTED):
        record_property(name, COUNTED[name])


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_in_100_steps_no_one_tests_or_dates_an_item_of_theirs(world, tmp_path, record_property):
    walk(world, tmp_path, 100, record_property)


@pytest.mark.proof
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_in_10_000_steps_no_one_tests_or_dates_an_item_of_theirs(world, tmp_path, record_property):
    walk(world, tmp_path, 10_000, record_property)
