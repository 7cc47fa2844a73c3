"""What a letter says, from finished records: pure. ``templates/digests`` lays it out.

Three kinds: ``lead`` (what My work asks of someone: to update what they lead, own or contribute to, to answer, decide
or verify; an ISO week), ``chair`` (what is overdue at the boards that someone chairs; a month) and ``manager`` (what
reaches no active account; an ISO week). A letter holds the plan's own words of an action and nothing that anyone wrote
about it. No letter is empty.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import fill
from urllib.parse import urlsplit

from ilacs_app.dates import MONTHS, weekday_date
from ilacs_app.plan.rules import REST_DAYS, TAG_WORDS
from ilacs_app.text import joined_with_and, many
from ilacs_app.worklist.rules import GROUP_WORDS, Waits
from ilacs_app.worklist.rules import Group as Asked

WIDTH = 72
MARKS: Mapping[str, str] = {
    "red": "◆",
    "amber": "▲",
    "green": "●",
    "blue_outline": "□",
    "blue": "■",
    "grey": "○",
}
GROUPS = (Asked.SENT_BACK, Asked.OVERDUE, Asked.BOARD_ASKS, Asked.DUE_SOON, Asked.REVIEW_DUE)
"""The groups of My work that go into a letter, in their order. An update that is due is not reason enough to write."""
TO_ANSWER, TO_DECIDE, TO_VERIFY = "Requests for help", "Date changes to decide", "Actions to verify"
TO_JUDGE = "Answers to your board’s questions"
UPDATED = f"Updated in the last {REST_DAYS} days"

NO_NAMES = "Do not reply with names or case details."


@dataclass(frozen=True)
class Recipient:
    """The person a letter is for."""

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
    people: str = ""
    """The owners, else the leads, in words."""
    since: str = ""
    """What was requested and when, in our own words; empty if nothing was."""
    tag: str = ""
    """The name of the tag that shows its rating, where it is not that of the rating itself."""

    @property
    def mark(self) -> str:
        """The shape of the rating as a character, to be hidden from screen readers."""
        return MARKS[self.brag]

    @property
    def rating(self) -> str:
        return TAG_WORDS[self.tag or self.brag]

    @property
    def plain_people(self) -> str:
        """The people for plain text, in lines of at most 72 characters."""
        return wrapped(f"    {self.people}", indent="    ")

    @property
    def plain(self) -> str:
        """Reference and text for plain text, in lines of at most 72 characters."""
        return wrapped(f"{self.plan} {self.ref}".strip() + f"  {self.text}", indent="    ")


@dataclass(frozen=True)
class LetterQuestion:
    """A board's question in a letter; ``text`` is the plan's own words of its item, ``when`` what is due when.

    ``plan`` as in ``LetterItem``. It has no rating.
    """

    challenge_id: int
    plan: str
    ref: str
    text: str
    url: str
    when: str
    late: bool
    since: str = ""

    brag = mark = rating = people = ""

    @property
    def plain(self) -> str:
        """Reference and text for plain text, in lines of at most 72 characters."""
        return wrapped(f"{self.plan} {self.ref}".strip() + f"  {self.text}", indent="    ")


@dataclass(frozen=True)
class LetterNews:
    """Changes that the reader is told about: to an action, a recommendation or a board's question, or many at once.

    ``plan`` as in ``LetterItem``; ``by`` says who and when. ``number`` is how many changes it tells of. ``covers`` are
    the actions that it is about, where that is no single action, and ``recommendation_ids`` the recommendations.
    """

    plan: str
    ref: str
    text: str
    url: str
    says: str
    by: str
    action_id: int | None = None
    challenge_id: int | None = None
    number: int = 1
    covers: tuple[int, ...] = ()
    recommendation_ids: tuple[int, ...] = ()

    @property
    def about(self) -> tuple[int, ...]:
        """The ids of all its actions, by which it is decided whether the reader may still be told."""
        return (self.action_id, *self.covers) if self.action_id else self.covers

    @property
    def plain(self) -> str:
        """Reference and text for plain text, in lines of at most 72 characters."""
        return wrapped(f"{self.plan} {self.ref}".strip() + f"  {self.text}", indent="    ").lstrip()


@dataclass(frozen=True)
class LetterGroup:
    """Items under one heading; ``url`` is the page of a board, else empty. ``more`` says how many are not listed."""

    heading: str
    items: tuple[LetterItem | LetterQuestion, ...]
    url: str = ""
    more: str = ""


@dataclass(frozen=True)
class Button:
    """The text and address of the one button of a letter."""

    text: str
    url: str


@dataclass(frozen=True)
class LetterDraft:
    """A letter before it is laid out."""

    kind: str
    period: str
    to: Recipient
    day: str
    heading: str
    subject: str
    intro: str
    button: Button
    groups: tuple[LetterGroup, ...]
    why: str
    news: tuple[LetterNews, ...] = ()

    @property
    def action_ids(self) -> tuple[int, ...]:
        """Every action in it, once."""
        waiting = (item.action_id for group in self.groups for item in group.items if isinstance(item, LetterItem))
        return tuple(dict.fromkeys((*waiting, *(id_ for item in self.news for id_ in item.about))))

    @property
    def challenge_ids(self) -> tuple[int, ...]:
        """Every board's question in it, once."""
        asked = (q.challenge_id for group in self.groups for q in group.items if isinstance(q, LetterQuestion))
        return tuple(dict.fromkeys((*asked, *(item.challenge_id for item in self.news if item.challenge_id))))

    @property
    def recommendation_ids(self) -> tuple[int, ...]:
        """Every recommendation whose changes it tells of, once."""
        return tuple(dict.fromkeys(id_ for item in self.news for id_ in item.recommendation_ids))

    @property
    def closing(self) -> tuple[str, str]:
        return self.why, NO_NAMES


@dataclass(frozen=True)
class LetterParts:
    """A letter as it will arrive. Its Message-ID is the same however often it is sent."""

    draft: LetterDraft
    text: str
    html: str
    message_id: str


@dataclass(frozen=True)
class TaskItems:
    """What someone has to do on the actions of others. ``claims`` may be more than the ``to_verify`` listed."""

    to_answer: tuple[LetterItem, ...] = ()
    to_decide: tuple[LetterItem, ...] = ()
    to_verify: tuple[LetterItem, ...] = ()
    claims: int = 0
    questions: tuple[LetterQuestion, ...] = ()
    answers: tuple[LetterQuestion, ...] = ()

    def with_updates(self, updates: int) -> Waits:
        """Return how much of each kind there is to do, with the updates."""
        return Waits(
            updates=updates,
            claims=self.claims,
            requests=len(self.to_answer),
            dates=len(self.to_decide),
            questions=len(self.questions),
            answers=len(self.answers),
        )


NO_TASKS = TaskItems()


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


def wrapped(text: str, indent: str = "") -> str:
    """Wrap text into lines of at most 72 characters, and never inside an address."""
    return fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def message_id(draft: LetterDraft, base_url: str) -> str:
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
    waiting: Mapping[Asked, Sequence[LetterItem]],
    news: Sequence[LetterNews] = (),
    *,
    tasks: TaskItems = NO_TASKS,
    updated: Sequence[LetterItem] = (),
) -> LetterDraft | None:
    """Return what My work asks of someone, in its numbers and order, and what was done since their last letter.

    Returns None if there is neither. Updates that are only due are counted but not listed. They are no reason to
    write, and neither are urgent actions that were ``updated`` in the last days, which are listed separately.
    """
    waits = tasks.with_updates(sum(map(len, waiting.values())))
    updates_due = len(waiting.get(Asked.NEEDS_WORD, ()))
    if waits.total == updates_due and not news:
        return None
    more = len(tasks.to_verify) < tasks.claims
    groups = (
        LetterGroup(TO_ANSWER, tasks.to_answer),
        LetterGroup(TO_DECIDE, tasks.to_decide),
        *_groups(waiting, tasks.questions),
        LetterGroup(TO_JUDGE, tasks.answers),
        LetterGroup(TO_VERIFY, tasks.to_verify, more=f"{tasks.claims - len(tasks.to_verify):,} more" if more else ""),
    )
    groups = tuple(group for group in groups if group.items)
    counts = [f"{group.heading}: {tasks.claims if group.more else len(group.items)}." for group in groups]
    if updates_due:
        counts.append(f"{GROUP_WORDS[Asked.NEEDS_WORD]}: {updates_due}, listed in My work.")
    heading, subject = waits.sentence, _subject(waits)
    if not waits.total:
        changes, changed = many(sum(item.number for item in news), "change"), _changed(news)
        heading, subject = f"{changes} to your {changed}", f"{changes} to your improvement plan {changed}"
    theirs = bool(waits.updates or any(item.about or item.recommendation_ids for item in news))
    return LetterDraft(
        kind="lead",
        period=week_of(today),
        to=to,
        day=weekday_date(today),
        heading=heading,
        subject=f"{subject}, {_short(today)}",
        intro=" ".join(counts),
        button=Button("Open My work", f"{base_url}/"),
        groups=(*groups, *([LetterGroup(UPDATED, tuple(updated))] if updated else [])),
        why=WHY_THEIRS if theirs else WHY_OTHERS,
        news=tuple(news),
    )


WHY_THEIRS = "You get this email every week because you have actions in the plan."
WHY_OTHERS = "You get this email every week while the plan has something for you to do."


def _changed(news: Collection[LetterNews]) -> str:
    """Return what changed in words, such as ``actions and recommendations``."""
    kinds = {
        "actions": any(item.about for item in news),
        "recommendations": any(item.recommendation_ids for item in news),
        "questions": any(item.challenge_id for item in news),
    }
    return joined_with_and([kind for kind, is_told in kinds.items() if is_told])


def _subject(waits: Waits) -> str:
    if waits.total == waits.updates:
        return f"{many(waits.updates, 'improvement plan action')} to update"
    parts = [
        (waits.updates, f"{many(waits.updates, 'action')} to update"),
        (waits.claims, f"{waits.claims:,} to verify" if waits.updates else f"{many(waits.claims, 'action')} to verify"),
        (waits.requests, f"{many(waits.requests, 'request for help', 'requests for help')} to answer"),
        (waits.questions, f"{many(waits.questions, 'question from a board', 'questions from boards')} to answer"),
        (waits.answers, f"{many(waits.answers, 'answer')} to check"),
        (waits.dates, f"{many(waits.dates, 'date change')} to decide"),
    ]
    return f"Improvement plan: {joined_with_and([part for number, part in parts if number])}"


def chair_letter(to: Recipient, today: date, base_url: str, chaired: Sequence[BoardItems]) -> LetterDraft | None:
    """Return what is overdue at the boards that someone chairs; nothing if nothing is."""
    late = [board for board in chaired if board.items]
    only = late[0] if len(late) == 1 else None
    pages = [f"{base_url}/boards/{board.slug}?timeliness=overdue" for board in late]
    groups = tuple(
        LetterGroup("Overdue" if only else board.name, board.items, "" if only else url)
        for board, url in zip(late, pages, strict=True)
    )
    number = _number(groups)
    if not number:
        return None
    where = " ".join(only.name.split()) if only else f"Your {len(late)} boards"
    heading = f"{where}: {many(number, 'action')} overdue"
    shared = sum(len(group.items) for group in groups) > number
    return LetterDraft(
        kind="chair",
        period=month_of(today),
        to=to,
        day=weekday_date(today),
        heading=heading,
        subject=f"{heading}, {_short(today)}",
        intro="Actions governed by several boards are listed under each." if shared else "",
        button=Button("Open the board", pages[0]) if only else Button("Open Governance", f"{base_url}/governance"),
        groups=groups,
        why=f"You get this email every month because you chair {_listed(board.name for board in chaired)}.",
    )


def manager_letter(
    to: Recipient, today: date, base_url: str, unreached: Mapping[Asked, Sequence[LetterItem]]
) -> LetterDraft | None:
    """Return what needs an update and reaches no active account; nothing if all of it reaches someone."""
    groups = _groups(unreached)
    number = _number(groups)
    if not number:
        return None
    heading = many(number, "action has no one to update it", "actions have no one to update them")
    return LetterDraft(
        kind="manager",
        period=week_of(today),
        to=to,
        day=weekday_date(today),
        heading=heading,
        subject=f"{heading}, {_short(today)}",
        intro=f"Add a lead or owner with an account. {_in_numbers(groups)}",
        button=Button("Open the plan", f"{base_url}/plans"),
        groups=groups,
        why="You get this email every week because you are a programme manager.",
    )


def _short(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def _groups(
    waiting: Mapping[Asked, Sequence[LetterItem]], questions: Sequence[LetterQuestion] = ()
) -> tuple[LetterGroup, ...]:
    items: dict[Asked, Sequence[LetterItem | LetterQuestion]] = {**waiting, Asked.BOARD_ASKS: questions}
    return tuple(LetterGroup(GROUP_WORDS[key], tuple(items[key])) for key in GROUPS if items.get(key))


def _number(groups: Iterable[LetterGroup]) -> int:
    return len({item.action_id for group in groups for item in group.items if isinstance(item, LetterItem)})


def _in_numbers(groups: Iterable[LetterGroup]) -> str:
    return " ".join(f"{group.heading}: {len(group.items)}." for group in groups)


def _listed(names: Iterable[str]) -> str:
    return joined_with_and([f"the {' '.join(name.split())}" for name in names])
