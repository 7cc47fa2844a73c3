"""Names as people type them: several in a field, which ones are suggested, and who each reaches. All pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ilacs_app.people.rules import similar_names
from ilacs_app.plan.plan_file import split_leads, split_lines
from ilacs_app.text import many, plain_name

MOST_SUGGESTED = 6
LEAST_LIKE = 4  # characters; a shorter beginning is like too many names


class Reach(StrEnum):
    """Who a name reaches: whom emails about its actions go to."""

    ACCOUNT = "account"
    TEAM = "team"
    EMPTY_TEAM = "empty_team"
    SEVERAL = "several"
    LEFT = "left"
    NO_ONE = "no_one"


@dataclass(frozen=True)
class NameReach:
    """A name and who it reaches.

    ``account`` is the account's name, where it differs; ``number`` the members of the team, or the accounts that share
    the name.
    """

    name: str
    reach: Reach
    account: str = ""
    number: int = 0

    @property
    def is_reached(self) -> bool:
        return self.reach in {Reach.ACCOUNT, Reach.TEAM}

    @property
    def sentence(self) -> str:
        """``says`` on its own."""
        return f"{self.says[0].upper()}{self.says[1:]}"

    @property
    def says(self) -> str:
        """A clause that follows the name."""
        match self.reach:
            case Reach.ACCOUNT if self.account:
                return f"matched to {self.account}, who has an account"
            case Reach.ACCOUNT:
                return "this person has an account"
            case Reach.TEAM:
                return f"this is a team of {many(self.number, 'person', 'people')}"
            case Reach.EMPTY_TEAM:
                return "this team has no members, so no one will get emails"
            case Reach.SEVERAL:
                return f"{self.number} people with an account have this name"
            case Reach.LEFT:
                return "this account is no longer active, so no one will get emails"
        return "no account, so no one will get emails"


def names_typed(text: str | None, as_one: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names in a field: one on each line, or several between ``/``, ``;`` and ``&`` (product rule 7).

    A line that is a known name, in ``as_one`` as ``plain_name`` has it, stays one. A name given twice stays one.
    """
    names: dict[str, str] = {}
    for line in split_lines(text or ""):
        for name in [line] if plain_name(line) in as_one else split_leads(line):
            names.setdefault(name, name)
    return tuple(names)


def may_be_several(text: str | None) -> bool:
    """Return whether a line of the field may hold several names."""
    return any(len(split_leads(line)) > 1 or split_leads(line) != (line,) for line in split_lines(text or ""))


def suggested(typed: str, known: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """Return the known names that someone may be typing, the likeliest first.

    Each word that was typed begins a word of the name; where no name fits, the most similar ones. Names that are
    complete already, and those in ``taken``, are left out.
    """
    terms = _words(typed)
    left_out = {plain_name(typed), *map(plain_name, taken)}
    offered = {name: _words(name) for name in dict.fromkeys(known) if plain_name(name) not in left_out}
    if not terms:
        return []
    fitting = [name for name, parts in offered.items() if _fits(terms, parts)]
    if not fitting and len(plain_name(typed)) >= LEAST_LIKE:
        return similar_names(typed, offered)
    begins = terms[0]
    return sorted(fitting, key=lambda name: (not offered[name][0].startswith(begins), plain_name(name)))[
        :MOST_SUGGESTED
    ]


def _fits(terms: Sequence[str], parts: Sequence[str]) -> bool:
    """Return whether each term begins a word of its own, of those that a name has."""
    left = list(parts)
    for term in sorted(terms, key=len, reverse=True):
        word = next((word for word in left if word.startswith(term)), None)
        if word is None:
            return False
        left.remove(word)
    return True


def _words(text: str) -> list[str]:
    """Return the words of a name in small letters, without accents."""
    plain = unicodedata.normalize("NFKD", plain_name(text))
    return re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign)))
