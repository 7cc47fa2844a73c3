"""Permissions: who someone is, what they may do, and what a mark on a view asks for.

Roles are data (``membership`` rows). What a person may *see* of the plan is one SQL clause in ``plan/visibility.py``;
what they may *do* is one table here, ``PERMISSIONS``, which loaders, commands and templates read through ``may``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeVar

from ilacs_app.errors import NotAllowed

GRANTED_ROLES: dict[str, str] = {
    "verifier": "Verifier",
    "board_member": "Board member",
    "chair": "Board chair",
    "secretary": "Board secretary",
    "programme_manager": "Programme manager",
    "administrator": "Administrator",
    "viewer": "Viewer",
    "inspector": "Inspector",
}
READING_ROLES = frozenset({"viewer", "inspector"})
BOARD_ROLES = frozenset({"board_member", "chair", "secretary"})


@dataclass(frozen=True)
class Grant:
    """A role that someone has today, for a plan or a board or neither."""

    role: str
    plan_id: int | None = None
    board_id: int | None = None


@dataclass(frozen=True)
class ActsAs:
    """Whose items someone works on: of these people (themselves, and whom they stand in for) and of these teams."""

    person_ids: tuple[int, ...]
    team_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Actor:
    """The person that a request, letter or export speaks for.

    ``has_items``: leads, owns or contributes, by name, in a team or as a stand-in. ``stands_for`` are the ids of the
    people that they stand in for today; ``team_ids`` the teams of them all. ``looks_back``: they read a page as it was
    on a past day, where no one can change anything.
    """

    id: int
    name: str
    email: str
    partner: bool = False
    grants: tuple[Grant, ...] = ()
    has_items: bool = False
    stands_for: tuple[int, ...] = ()
    team_ids: tuple[int, ...] = ()
    looks_back: bool = False

    @property
    def acts_as(self) -> ActsAs:
        return ActsAs((self.id, *self.stands_for), self.team_ids)

    def is_a(self, role: str, *, plan_id: int | None = None) -> bool:
        """Return whether they have ``role`` for every plan, or for the one given."""
        return any(g.role == role and (g.plan_id is None or g.plan_id == plan_id) for g in self.grants)

    def has(self, role: str) -> bool:
        """Return whether they have ``role`` for any plan or board."""
        return any(g.role == role for g in self.grants)

    @property
    def reads_all_plans(self) -> bool:
        """Whether they read every live plan: with a role for all plans or for a board, or with items and no role.

        Someone whose roles are all for single plans reads those plans, and those in which they have items. Otherwise a
        programme manager of one plan could name themself in it and read the others.
        """
        if self.partner:
            return False
        return any(g.plan_id is None for g in self.grants) or (self.has_items and not self.grants)

    @property
    def plan_ids(self) -> frozenset[int]:
        """The plans for which they hold a role, where it is not for all plans."""
        return frozenset(g.plan_id for g in self.grants if g.plan_id is not None)

    @property
    def board_ids(self) -> frozenset[int]:
        return frozenset(g.board_id for g in self.grants if g.board_id is not None and g.role in BOARD_ROLES)

    def holds_on(self, board_id: int, *roles: str) -> bool:
        """Return whether they have one of ``roles`` on this board."""
        return any(g.board_id == board_id and g.role in roles for g in self.grants)

    @property
    def without_inspection(self) -> Actor:
        """The same person without what they may only as an inspector: a board's questions are not shared with one."""
        return replace(self, grants=tuple(grant for grant in self.grants if grant.role != "inspector"))

    @property
    def reads_questions(self) -> bool:
        """Whether boards' questions are shared with them: not with someone who only inspects."""
        return self.without_inspection.belongs

    def only_inspects(self, plan_id: int) -> bool:
        """Return whether they see this plan as an inspector alone, with no item and no other role that reads it.

        What is kept from inspectors is kept from them: the plan check, and requests for help that are open.
        """
        other = self.without_inspection
        if other == self:
            return False
        return not (other.reads_all_plans or other.has_items or plan_id in other.plan_ids or other.board_ids)

    @property
    def only_reads(self) -> bool:
        """Whether they come to read alone: viewers and inspectors without a part in any plan or board."""
        roles = {grant.role for grant in self.grants}
        return bool(roles) and roles <= READING_ROLES and not self.has_items

    def reads_questions_of(self, board_id: int) -> bool:
        """Return whether they may read this board's questions about an item that they see and have no part in."""
        return board_id in self.board_ids if self.partner else self.without_inspection.belongs

    @property
    def belongs(self) -> bool:
        """Whether they have any role or item; without one, only their own account page is theirs."""
        return bool(self.grants) or self.has_items


@dataclass(frozen=True)
class Standing:
    """How one person is related to an action.

    ``delivers``: leads a recommendation of it, owns or contributes to it. ``leads``: leads or owns it, and does not
    only contribute. ``accountable``: is the accountable lead of a recommendation that it belongs to. ``governs``: is
    chair or secretary of its lead board. ``claimed``: made the claim that awaits verification. ``had_it``: delivered
    it when it was claimed, or is a delegate of someone who did. ``at_meeting``: records what its lead board
    decided at a meeting.
    """

    delivers: bool = False
    manager: bool = False
    verifier: bool = False
    governs: bool = False
    claimed: bool = False
    had_it: bool = False
    leads: bool = False
    accountable: bool = False
    at_meeting: bool = False

    @property
    def may_write(self) -> bool:
        return self.delivers or self.manager

    @property
    def decides(self) -> bool:
        """Whether they move the status of an action without delivering it."""
        return self.verifier or self.governs

    @property
    def may_verify(self) -> bool:
        """Whether they may test a claim: never one that they made, or on an action that they deliver or delivered."""
        return self.verifier and not (self.delivers or self.claimed or self.had_it)

    @property
    def may_override(self) -> bool:
        """Whether they may override the rating: never on an action that they lead or own."""
        return (self.manager or self.governs) and not self.leads

    @property
    def may_reply(self) -> bool:
        """Whether their reply answers a request for help that someone else made."""
        return self.accountable or self.manager or self.governs


@dataclass(frozen=True)
class QuestionStanding:
    """How one person stands to a board's question.

    ``owns``: is asked, by name, in a team or as a delegate; or, where the name asked reaches no active account, leads
    or owns the item or manages its plan. ``delivers``: leads the recommendation, or leads, owns or contributes to the
    action. ``asked``: asked it. ``chairs``: chairs its board. ``answered``: gave the newest answer, or it was given for
    them. ``state`` is where the question is.
    """

    owns: bool = False
    delivers: bool = False
    manager: bool = False
    asked: bool = False
    chairs: bool = False
    answered: bool = False
    state: str = "open"

    @property
    def may_answer(self) -> bool:
        """Whether an answer of theirs is kept: also a further one, but none to a question that was withdrawn."""
        return self.owns or self.delivers or self.manager

    @property
    def may_judge(self) -> bool:
        """Whether they may say if the newest answer satisfies: never of their own."""
        return (self.asked or self.chairs) and not self.answered


@dataclass(frozen=True)
class PackReach:
    """What a pack is of: its board, and the plans of which it holds something."""

    board_id: int
    plan_ids: frozenset[int] = frozenset()


def _reads_pack(actor: Actor, pack: PackReach) -> bool:
    """Return whether someone may read all that a pack holds: questions too, which are not shared with an inspector."""
    if pack.board_id in actor.board_ids:
        return True
    reader = actor.without_inspection
    return not reader.partner and (reader.reads_all_plans or (reader.belongs and pack.plan_ids <= reader.plan_ids))


class Act(StrEnum):
    """What someone may want to do. The comment says what it is done to: the ``on`` of ``may``."""

    # what belongs to no single plan
    MANAGE_TEAMS = "manage_teams"
    MANAGE_BOARDS = "manage_boards"
    READ_SHARED = "read_shared"  # how teams and boards are managed
    OPEN_MANAGE = "open_manage"
    NAME_ANY_DELEGATE = "name_any_delegate"
    READ_ALL_DELEGATES = "read_all_delegates"
    HAVE_DELEGATES = "have_delegates"
    READ_ACCOUNTS = "read_accounts"  # the names and addresses of everyone with an account
    MAKE_PLANS = "make_plans"
    # a plan, by its id; None: every plan; ANY_PLAN: at least one
    EDIT_PLAN = "edit_plan"
    IMPORT_PLAN = "import_plan"
    REASSIGN = "reassign"
    DECIDE_DATES = "decide_dates"
    READ_CHECK = "read_check"
    # a board, by its id
    MANAGE_MEETINGS = "manage_meetings"
    ASK_QUESTION = "ask_question"
    RUN_MEETING = "run_meeting"
    READ_EXEMPT = "read_exempt"
    PUBLISH_PACK = "publish_pack"
    # a pack, as a PackReach
    READ_PACK = "read_pack"
    # a board's question, as a QuestionStanding
    ANSWER_QUESTION = "answer_question"
    JUDGE_ANSWER = "judge_answer"
    WITHDRAW_QUESTION = "withdraw_question"
    # an action, as a Standing
    WRITE = "write"
    VERIFY = "verify"
    ANSWER_HELP = "answer_help"
    OVERRIDE_RATING = "override_rating"


ANY_PLAN: Final = "any plan"


@dataclass(frozen=True)
class Permission:
    """When someone may do something to ``on``, and the sentence that tells everyone else who may."""

    holds: Callable[[Actor, Any], bool]
    says: str


def _manages(actor: Actor, plan: int | str | None) -> bool:
    if plan == ANY_PLAN:
        return actor.has("programme_manager")
    return actor.is_a("programme_manager", plan_id=plan if isinstance(plan, int) else None)


PERMISSIONS: Mapping[Act, Permission] = {
    Act.MANAGE_TEAMS: Permission(_manages, "Only a programme manager of all plans can manage teams."),
    Act.MANAGE_BOARDS: Permission(_manages, "Only a programme manager of all plans can manage boards."),
    Act.READ_SHARED: Permission(
        lambda actor, _: _manages(actor, ANY_PLAN) or actor.has("administrator"),
        "Only a programme manager or an administrator can see this page.",
    ),
    Act.OPEN_MANAGE: Permission(
        lambda actor, _: (_manages(actor, ANY_PLAN) or actor.has("administrator")) and not actor.partner,
        "Only a programme manager or an administrator can see this page.",
    ),
    Act.NAME_ANY_DELEGATE: Permission(
        _manages, "Only a programme manager of all plans can add or remove a delegate for someone else."
    ),
    Act.READ_ALL_DELEGATES: Permission(
        lambda actor, _: _manages(actor, ANY_PLAN) and not actor.partner,
        "Only a programme manager can see everyone’s delegates.",
    ),
    Act.HAVE_DELEGATES: Permission(
        lambda actor, _: actor.without_inspection.belongs, "Only people who are not inspectors can name a delegate."
    ),
    Act.READ_ACCOUNTS: Permission(
        lambda actor, _: actor.belongs and not actor.partner and not actor.only_reads,
        "Only people who work on a plan or a board can choose from everyone’s accounts.",
    ),
    Act.READ_CHECK: Permission(
        lambda actor, plan_id: not actor.only_inspects(plan_id),
        "Only people who are not inspectors can read the plan check.",
    ),
    Act.MAKE_PLANS: Permission(
        _manages, "Only a programme manager of all plans can create a plan or add an inspection."
    ),
    Act.EDIT_PLAN: Permission(_manages, "Only the programme manager can change what the plan says."),
    Act.IMPORT_PLAN: Permission(_manages, "Only the programme manager can import a plan."),
    Act.REASSIGN: Permission(_manages, "Only the programme manager can reassign actions."),
    Act.DECIDE_DATES: Permission(
        _manages, "Only the programme manager, or the lead board at a meeting, can decide a date change."
    ),
    Act.MANAGE_MEETINGS: Permission(
        lambda actor, board_id: (
            actor.holds_on(board_id, "chair", "secretary") or actor.is_a("administrator") or _manages(actor, None)
        ),
        "Only the chair or secretary of this board, an administrator, or a programme manager of all plans can manage "
        "its meetings.",
    ),
    Act.RUN_MEETING: Permission(
        lambda actor, board_id: actor.holds_on(board_id, "chair", "secretary"),
        "Only the chair or secretary of this board can run its meetings.",
    ),
    Act.READ_EXEMPT: Permission(
        lambda actor, board_id: board_id in actor.board_ids,
        "Only the chair, secretary and members of this board can read the exempt part.",
    ),
    Act.PUBLISH_PACK: Permission(
        lambda actor, board_id: actor.holds_on(board_id, "chair", "secretary"),
        "Only the chair or secretary of this board can publish its papers.",
    ),
    Act.READ_PACK: Permission(
        _reads_pack, "Only members of this board, and people who can see every plan in these papers, can read them."
    ),
    Act.ASK_QUESTION: Permission(
        lambda actor, board_id: board_id in actor.board_ids,
        "Only the chair, secretary and members of this board can ask a question.",
    ),
    Act.ANSWER_QUESTION: Permission(
        lambda _, question: question.may_answer,
        "Only the person asked, someone who leads or updates this item, or the programme manager can answer.",
    ),
    Act.JUDGE_ANSWER: Permission(
        lambda _, question: question.may_judge,
        "Only the person who asked, or the chair of the board, can say whether the answer is enough. "
        "You cannot judge your own answer.",
    ),
    Act.WITHDRAW_QUESTION: Permission(
        lambda _, question: question.asked, "Only the person who asked can withdraw a question."
    ),
    Act.WRITE: Permission(
        lambda _, action: action.may_write,
        "Only a lead, owner or contributor of this action, or the programme manager, can update it.",
    ),
    Act.VERIFY: Permission(
        lambda _, action: action.may_verify,
        "Only a verifier can verify this action or send it back. They must not lead, own or contribute to it, now "
        "or when it was completed.",
    ),
    Act.ANSWER_HELP: Permission(
        lambda _, action: action.may_reply,
        "Only the accountable lead, the programme manager, or the chair or secretary of the lead board can reply.",
    ),
    Act.OVERRIDE_RATING: Permission(
        lambda _, action: action.may_override,
        "Only the programme manager, or the chair or secretary of the lead board, can override a rating. "
        "You cannot override the rating of an action that you lead or own.",
    ),
}


def may(actor: Actor, act: Act, on: int | str | Standing | QuestionStanding | PackReach | None = None) -> bool:
    """Return whether someone may act on a plan or board by its id, or as they relate to an action or question."""
    return not actor.looks_back and PERMISSIONS[act].holds(actor, on)


def who_may(act: Act) -> str:
    """Return the sentence that says who may do something."""
    return PERMISSIONS[act].says


def check_may(actor: Actor, act: Act, on: int | str | Standing | QuestionStanding | PackReach | None = None) -> None:
    """Go on only where ``may`` allows it.

    Raises:
        NotAllowed: with the sentence that says who may.
    """
    if not may(actor, act, on):
        raise NotAllowed(who_may(act))


@dataclass(frozen=True)
class Mark:
    """What a view declares: who may open it (``anyone``, ``signed_in``, ``belongs``) and whether it writes."""

    who: str
    writes: bool


def mark_of(view: Any) -> Mark | None:
    """The mark of a view, if it carries one."""
    return getattr(view, "mark", None)


_View = TypeVar("_View", bound=Callable[..., Any])


def requires(who: str, *, writes: bool = False) -> Callable[[_View], _View]:
    """Mark a view. ``create_app`` refuses to start with an unmarked one."""
    if who not in {"anyone", "signed_in", "belongs"}:
        raise ValueError(f"unknown mark {who!r}")

    def mark(view: _View) -> _View:
        view.mark = Mark(who, writes)  # type: ignore[attr-defined]
        return view

    return mark


OPERATOR = Actor(0, "command line", "", grants=(Grant("programme_manager"),))
"""Whoever runs a command on the server: sees every plan. Stands for no account and signs no note."""
