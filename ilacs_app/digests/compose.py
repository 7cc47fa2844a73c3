"""What a letter says, from finished records: pure. ``templates/digests`` lays it out.

Three kinds: ``lead`` (what somebody who leads, owns or contributes is to update; an ISO week), ``chair`` (what is
overdue at the boards that somebody chairs; a month) and ``manager`` (what reaches no active account; an ISO week). A
letter holds the plan's own words of an action and nothing that anybody wrote about it. No letter is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import fill
from urllib.parse import urlsplit

from ilacs_app.dates import MONTHS, weekday_date
from ilacs_app.plan.rules import BRAG_WORDS
from ilacs_app.worklist.rules import GROUP_WORDS
from ilacs_app.worklist.rules import Group as Waits

WIDTH = 72
MARKS: Mapping[str, str] = {
    "red": "◆",
    "amber": "▲",
    "green": "●",
    "blue_outline": "□",
    "blue": "■",
    "grey": "○",
}
GROUPS = (Waits.SENT_BACK, Waits.OVERDUE, Waits.BOARD_ASKS, Waits.DUE_SOON, Waits.REVIEW_DUE)
"""The groups of My work that go into a letter, in their order. An update that is due is not reason enough to write."""

NO_NAMES = "Do not reply with names or case details."


@dataclass(frozen=True)
class Recipient:
    """Whom a letter is for."""

    person_id: int
    email: str


@dataclass(frozen=True)
class LetterItem:
    """One action in a letter. ``plan`` is its plan's short name where the reader sees several plans, else empty."""

    action_id: int
    plan: str
    ref: str
    text: str
    url: str
    when: str
    late: bool
    brag: str

    @property
    def mark(self) -> str:
        """The shape of the rating as a character, to be hidden from screen readers."""
        return MARKS[self.brag]

    @property
    def rating(self) -> str:
        return BRAG_WORDS[self.brag]

    @property
    def plain(self) -> str:
        """Reference and text for plain text, in lines of at most 72 characters."""
        return wrapped(f"{self.plan} {self.ref}".strip() + f"  {self.text}", indent="    ")


@dataclass(frozen=True)
class LetterNews:
    """A change to an action that the reader is told about. ``plan`` as in ``LetterItem``; ``by`` says who and when."""

    action_id: int
    plan: str
    ref: str
    text: str
    url: str
    says: str
    by: str

    @property
    def plain(self) -> str:
        """Reference and text for plain text, in lines of at most 72 characters."""
        return wrapped(f"{self.plan} {self.ref}".strip() + f"  {self.text}", indent="    ")


@dataclass(frozen=True)
class Group:
    """Items under one heading; ``url`` is the page of a board, else empty."""

    heading: str
    items: tuple[LetterItem, ...]
    url: str = ""


@dataclass(frozen=True)
class Draft:
    """A letter before it is laid out. ``button`` is the text and address of its one button."""

    kind: str
    period: str
    to: Recipient
    day: str
    heading: str
    subject: str
    intro: str
    button: tuple[str, str]
    groups: tuple[Group, ...]
    why: str
    news: tuple[LetterNews, ...] = ()

    @property
    def action_ids(self) -> tuple[int, ...]:
        """Every action in it, once."""
        waiting = (item.action_id for group in self.groups for item in group.items)
        return tuple(dict.fromkeys((*waiting, *(item.action_id for item in self.news))))

    @property
    def closing(self) -> tuple[str, str]:
        return self.why, NO_NAMES


@dataclass(frozen=True)
class Written:
    """A letter as it will arrive. Its Message-ID is the same however often it is sent."""

    draft: Draft
    text: str
    html: str
    message_id: str


@dataclass(frozen=True)
class BoardItems:
    """What is overdue at one board."""

    name: str
    slug: str
    items: tuple[LetterItem, ...]


def week_of(day: date) -> str:
    """The ISO week, such as ``2026-W20``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def month_of(day: date) -> str:
    """The month, such as ``2026-05``."""
    return f"{day:%Y-%m}"


def wrapped(words: str, indent: str = "") -> str:
    """Wrap text into lines of at most 72 characters, and never inside an address."""
    return fill(words, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def message_id(draft: Draft, base_url: str) -> str:
    """The Message-ID of this person's letter of this kind and period."""
    return f"<{draft.kind}-{draft.period}-{draft.to.person_id}@{mail_host(base_url)}>"


def mail_host(base_url: str) -> str:
    """The host of our address, where mail can name it."""
    host = urlsplit(base_url).hostname or ""
    return host if re.fullmatch(r"[a-z0-9.-]+", host) else "localhost"


def lead_letter(
    to: Recipient,
    today: date,
    base_url: str,
    waiting: Mapping[Waits, Sequence[LetterItem]],
    news: Sequence[LetterNews] = (),
) -> Draft | None:
    """What needs an update from somebody who leads, owns or contributes, and what was done since their last letter.

    Nothing if there is neither.
    """
    groups = _groups(waiting)
    number = _number(groups)
    if not number and not news:
        return None
    heading = f"{_actions(number)} {'needs' if number == 1 else 'need'} an update from you"
    subject = f"{number} improvement plan {'action' if number == 1 else 'actions'} to update"
    if not number:
        heading = f"{len(news)} {'change' if len(news) == 1 else 'changes'} to your actions"
        subject = f"{len(news)} {'change' if len(news) == 1 else 'changes'} to your improvement plan actions"
    return Draft(
        kind="lead",
        period=week_of(today),
        to=to,
        day=weekday_date(today),
        heading=heading,
        subject=f"{subject}, {_short(today)}",
        intro=_in_numbers(groups),
        button=("Open My work", f"{base_url}/"),
        groups=groups,
        why="You get this email every week because you have actions in the plan.",
        news=tuple(news),
    )


def chair_letter(to: Recipient, today: date, base_url: str, chaired: Sequence[BoardItems]) -> Draft | None:
    """What is overdue at the boards that somebody chairs; nothing if nothing is."""
    late = [board for board in chaired if board.items]
    only = late[0] if len(late) == 1 else None
    pages = [f"{base_url}/boards/{board.slug}?timeliness=overdue" for board in late]
    groups = tuple(
        Group("Overdue" if only else board.name, board.items, "" if only else url)
        for board, url in zip(late, pages, strict=True)
    )
    number = _number(groups)
    if not number:
        return None
    where = " ".join(only.name.split()) if only else f"Your {len(late)} boards"
    heading = f"{where}: {_actions(number)} overdue"
    shared = sum(len(group.items) for group in groups) > number
    return Draft(
        kind="chair",
        period=month_of(today),
        to=to,
        day=weekday_date(today),
        heading=heading,
        subject=f"{heading}, {_short(today)}",
        intro="Actions governed by several boards are listed under each." if shared else "",
        button=("Open the board", pages[0]) if only else ("Open Governance", f"{base_url}/governance"),
        groups=groups,
        why=f"You get this email every month because you chair {_listed(board.name for board in chaired)}.",
    )


def manager_letter(
    to: Recipient, today: date, base_url: str, unreached: Mapping[Waits, Sequence[LetterItem]]
) -> Draft | None:
    """What needs an update and reaches no active account; nothing if all of it reaches somebody."""
    groups = _groups(unreached)
    number = _number(groups)
    if not number:
        return None
    heading = (
        f"{_actions(number)} {'has' if number == 1 else 'have'} no one to update {'it' if number == 1 else 'them'}"
    )
    return Draft(
        kind="manager",
        period=week_of(today),
        to=to,
        day=weekday_date(today),
        heading=heading,
        subject=f"{heading}, {_short(today)}",
        intro=f"Add a lead or owner with an account. {_in_numbers(groups)}",
        button=("Open the plan", f"{base_url}/plans"),
        groups=groups,
        why="You get this email every week because you are a programme manager.",
    )


def _actions(number: int) -> str:
    return f"{number} {'action' if number == 1 else 'actions'}"


def _short(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def _groups(waiting: Mapping[Waits, Sequence[LetterItem]]) -> tuple[Group, ...]:
    return tuple(Group(GROUP_WORDS[key], tuple(waiting[key])) for key in GROUPS if waiting.get(key))


def _number(groups: Iterable[Group]) -> int:
    return len({item.action_id for group in groups for item in group.items})


def _in_numbers(groups: Iterable[Group]) -> str:
    return " ".join(f"{group.heading}: {len(group.items)}." for group in groups)


def _listed(names: Iterable[str]) -> str:
    *first, last = (f"the {name}" for name in (" ".join(name.split()) for name in names))
    return f"{', '.join(first)} and {last}" if first else last
