"""Who may do what: every row of the table, for each role on the plan or board, on another one, and on all."""

from __future__ import annotations

import pytest

from ilacs_app.access import ANY_PLAN, GRANTED_ROLES, PERMISSIONS, Act, Actor, Grant, Standing, check_may, may, who_may
from ilacs_app.errors import NotAllowed

HERE, ELSEWHERE = 1, 2
ALL_PLANS_ONLY = (Act.MANAGE_TEAMS, Act.MANAGE_BOARDS, Act.NAME_ANY_DELEGATE, Act.MAKE_PLANS)
ON_A_PLAN = (Act.EDIT_PLAN, Act.IMPORT_PLAN, Act.REASSIGN, Act.DECIDE_DATES)


def with_role(role: str, *, plan_id: int | None = None, board_id: int | None = None, partner: bool = False) -> Actor:
    return Actor(1, "Somebody", "somebody@example.gov.uk", partner, (Grant(role, plan_id, board_id),))


def test_every_act_has_a_rule_and_a_sentence_that_says_who_may():
    assert set(PERMISSIONS) == set(Act)
    assert all(who_may(act).startswith("Only ") and who_may(act).endswith(".") for act in Act)


@pytest.mark.parametrize("role", GRANTED_ROLES)
@pytest.mark.parametrize("act", ALL_PLANS_ONLY)
def test_what_belongs_to_no_single_plan_is_for_programme_managers_of_all_plans(act, role):
    assert may(with_role(role), act) == (role == "programme_manager")
    assert not may(with_role(role, plan_id=HERE), act)


@pytest.mark.parametrize("role", GRANTED_ROLES)
@pytest.mark.parametrize("act", ON_A_PLAN)
def test_a_plan_is_for_its_programme_manager(act, role):
    manager = role == "programme_manager"
    everywhere, here = with_role(role), with_role(role, plan_id=HERE)
    assert [may(everywhere, act, on) for on in (HERE, None, ANY_PLAN)] == [manager] * 3
    assert [may(here, act, on) for on in (HERE, ANY_PLAN, ELSEWHERE, None)] == [manager, manager, False, False]


@pytest.mark.parametrize("role", GRANTED_ROLES)
def test_meetings_are_for_the_chair_and_secretary_of_the_board_the_administrator_and_a_manager_of_all_plans(role):
    administers = role in {"administrator", "programme_manager"}
    on_it, on_another = with_role(role, board_id=HERE), with_role(role, board_id=ELSEWHERE)
    assert may(on_it, Act.MANAGE_MEETINGS, HERE) == (role in {"chair", "secretary"} or administers)
    assert may(on_another, Act.MANAGE_MEETINGS, HERE) == administers
    assert may(with_role(role), Act.MANAGE_MEETINGS, HERE) == administers
    assert not may(with_role(role, plan_id=HERE), Act.MANAGE_MEETINGS, HERE)


@pytest.mark.parametrize("role", GRANTED_ROLES)
def test_teams_boards_and_delegates_are_read_by_those_who_manage_any_plan(role):
    manager = role == "programme_manager"
    assert may(with_role(role, plan_id=HERE), Act.READ_SHARED) == (role in {"programme_manager", "administrator"})
    assert may(with_role(role, plan_id=HERE), Act.READ_ALL_DELEGATES) == manager
    assert not may(with_role(role, partner=True), Act.READ_ALL_DELEGATES)


@pytest.mark.parametrize(
    ("act", "allowed", "refused"),
    [
        (Act.WRITE, [Standing(delivers=True), Standing(manager=True)], [Standing(), Standing(governs=True)]),
        (
            Act.VERIFY,
            [Standing(verifier=True)],
            [Standing(), *(Standing(verifier=True, **{part: True}) for part in ("delivers", "claimed", "had_it"))],
        ),
        (
            Act.ANSWER_HELP,
            [Standing(accountable=True), Standing(manager=True), Standing(governs=True)],
            [Standing(), Standing(delivers=True, leads=True)],
        ),
        (
            Act.OVERRIDE_RATING,
            [Standing(manager=True), Standing(governs=True)],
            [Standing(), Standing(manager=True, leads=True), Standing(governs=True, leads=True)],
        ),
    ],
)
def test_an_action_is_for_those_with_the_right_relation_to_it(act, allowed, refused):
    nobody = Actor(1, "Somebody", "somebody@example.gov.uk")
    assert all(may(nobody, act, standing) for standing in allowed)
    assert not any(may(nobody, act, standing) for standing in refused)


def test_who_may_not_is_told_who_may():
    with pytest.raises(NotAllowed, match="Only the programme manager can import a plan"):
        check_may(with_role("viewer"), Act.IMPORT_PLAN, HERE)
    check_may(with_role("programme_manager"), Act.IMPORT_PLAN, HERE)
