"""The facts of an invented plan, before anyone has written them into a file."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from tests.corpus.wording import (
    BOARDS,
    EVIDENCE,
    FIRST_NAMES,
    IMPACTS,
    JOB_TITLES,
    LAST_NAMES,
    MEASURES,
    NEWS_BEFORE,
    NEWS_DONE,
    NEWS_GOING,
    NUMBERS,
    TAILS,
    THEMES,
)

State = Literal["before", "going", "partly", "done", "paused", "dropped"]


@dataclass(frozen=True)
class Person:
    name: str
    title: str

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.replace("-", " ").split())


@dataclass(frozen=True)
class Work:
    """One action: what is to be done, by whom, by which day, how far it is, and what its news says."""

    text: str
    owners: tuple[Person, ...]
    due: date
    state: State
    done_on: date | None
    news: str
    evidence: str


@dataclass(frozen=True)
class Aim:
    """One recommendation with its work."""

    text: str
    short: str
    leads: tuple[Person, ...]
    boards: tuple[str, ...]
    measures: tuple[str, ...]
    impact: str
    works: tuple[Work, ...]


@dataclass(frozen=True)
class Facts:
    dated_on: date
    people: tuple[Person, ...]
    aims: tuple[Aim, ...]


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the month's last day where it is shorter."""
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _typed(rng: Random) -> Callable[[str], str]:
    """Return how this council's program types an apostrophe: curled, or as the key has it."""
    return (lambda text: text.replace("'", "’")) if rng.random() < 0.4 else (lambda text: text)


def make_facts(rng: Random, *, aims: tuple[int, int] = (2, 5), works: tuple[int, int] = (1, 5)) -> Facts:
    """A plan of a few recommendations; the same random numbers make the same plan."""
    dated_on = date(rng.randint(2018, 2026), rng.randint(1, 12), rng.randint(1, 28))
    people = tuple(_people(rng))
    themes = rng.sample(THEMES, rng.randint(*aims))
    tails = rng.sample(TAILS, len(TAILS))
    typed = _typed(rng)
    themes = [(typed(text), short, tuple(typed(words) for words in listed)) for text, short, listed in themes]
    made = tuple(_aim(rng, dated_on, people, theme, tails, rng.randint(*works)) for theme in themes)
    if sum(len(aim.works) for aim in made) < 4:  # fewer rows hold no habits to read
        return make_facts(rng, aims=aims, works=works)
    return Facts(dated_on, people, made)


def _news(rng: Random, news: str, dated_on: date) -> str:
    """News as people write it: some with a day before it, or with a second sentence that has a number."""
    if not news:
        return ""
    if rng.random() < 0.3:
        day = add_months(dated_on, -rng.randint(0, 2)).replace(day=rng.randint(1, 28))
        news = f"{day.day:02d}/{day.month:02d}/{day.year % 100:02d}: {news}"
    if rng.random() < 0.5:
        news = f"{news} {rng.choice(NUMBERS).format(n=rng.randint(2, 9), m=rng.randint(10, 60))}"
    return news


def _people(rng: Random) -> Iterator[Person]:
    used: set[str] = set()
    firsts, lasts = rng.sample(FIRST_NAMES, 9), rng.sample(LAST_NAMES, 9)
    titles = rng.sample(JOB_TITLES, 9)
    for first, last, title in zip(firsts, lasts, titles, strict=True):
        person = Person(f"{first} {last}", title)
        if person.initials not in used:
            used.add(person.initials)
            yield person


def _aim(
    rng: Random,
    dated_on: date,
    people: tuple[Person, ...],
    theme: tuple[str, str, tuple[str, ...]],
    tails: list[str],
    size: int,
) -> Aim:
    text, short, listed = theme
    chosen = rng.sample(listed, min(size, len(listed)))
    return Aim(
        text,
        short,
        tuple(rng.sample(people, rng.choice((1, 1, 1, 2)))),
        tuple(rng.sample(BOARDS, rng.choice((1, 1, 2)))),
        tuple(rng.sample(MEASURES, rng.choice((1, 1, 2)))),
        rng.choice(IMPACTS),
        tuple(_work(rng, dated_on, people, f"{words} {rng.choice(tails)}".strip()) for words in chosen),
    )


def _work(rng: Random, dated_on: date, people: tuple[Person, ...], text: str) -> Work:
    state: State = rng.choices(("before", "going", "partly", "done", "paused", "dropped"), (28, 36, 8, 22, 3, 3), k=1)[
        0
    ]
    due = add_months(dated_on, rng.randint(-5, 16)).replace(day=rng.randint(1, 28))
    done_on = add_months(dated_on, -rng.randint(1, 6)).replace(day=rng.randint(1, 28)) if state == "done" else None
    news = NEWS_DONE if state == "done" else NEWS_BEFORE if state == "before" else NEWS_GOING
    owners = tuple(rng.sample(people, rng.choice((1, 1, 1, 1, 2))))
    return Work(
        text,
        owners,
        due,
        state,
        done_on,
        _news(rng, rng.choice(news), dated_on),
        rng.choice(EVIDENCE) if done_on else "",
    )
