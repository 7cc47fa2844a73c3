"""One thin index beside the history: which words are in which item. FTS5 on SQLite, tsvector on PostgreSQL.

A command that writes words hands them to ``keep`` in the same transaction. Words are split, folded and compared here
and not by the database, so that both find the same. The table is made by a migration and known to no model: its form
is each database's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, and_, cast, column, literal_column, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from ilacs_app.db import db

_TABLE = "search_text"
INDEX = table(_TABLE, column("rowid", BigInteger), column("words"))
MOST_WORDS = 12  # of a question
LONGEST_SEARCH = 200  # characters of a question
_KEPT_WORDS = 10_000  # of one item
_WORD_LENGTH = 64  # a longer one is cut: it is a mistake or an attack
_PLACES = 2**40  # an item's place in the index is its kind times this, and its id
_TOKEN = re.compile(r"\d+(?:\.\d+)+|(?:[^\W_]|[\u0300-\u036f])+(?:['’](?:[^\W_]|[\u0300-\u036f])+)*")


class SearchKind(IntEnum):
    """The kinds of item that have words in the index, in the order in which they are shown."""

    RECOMMENDATION = 1
    ACTION = 2
    EVIDENCE = 3
    NOTE = 4


@dataclass(frozen=True)
class Term:
    """Words that are together. ``open``: the word may go on, so that “audit” finds “audits”."""

    words: tuple[str, ...]
    open: bool = False

    def fits(self, word: str) -> bool:
        """Return whether this word of a text is one of those that were looked for."""
        return word.startswith(self.words[0]) if self.open else word in self.words


@dataclass(frozen=True)
class Question:
    """A parsed search: every term must be in the item. ``says`` is why nothing can be looked for."""

    terms: tuple[Term, ...] = ()
    says: str = ""


def question(typed: str) -> Question:
    """Read what was typed: words, and words in quotes that are together. No other character has a meaning."""
    if len(typed) > LONGEST_SEARCH:
        return Question(says=f"That search is too long. Use up to {MOST_WORDS} words.")
    terms: list[Term] = []
    for n, part in enumerate(re.split(r'["“”]', typed)):
        terms_of = tuple(word for word, _, _ in _words(part))
        if n % 2 and len(terms_of) > 1:
            terms.append(Term(terms_of))
        else:
            terms.extend(Term((word,), _goes_on(word)) for word in terms_of)
    if sum(len(term.words) for term in terms) > MOST_WORDS:
        return Question(says=f"That search is too long. Use up to {MOST_WORDS} words.")
    if typed.strip() and not terms:
        return Question(says="Enter a word or a reference, for example audit or 5.3.")
    return Question(tuple(dict.fromkeys(terms)))


def has_every_term(given: str, asked: Question) -> bool:
    """Return whether every term is in a text: what ``fits`` asks of an item of the index."""
    in_text = tuple(word for word, _, _ in _words(given))

    def is_in(term: Term) -> bool:
        if len(term.words) == 1:
            return any(term.fits(word) for word in in_text)
        return any(in_text[at : at + len(term.words)] == term.words for at in range(len(in_text)))

    return all(is_in(term) for term in asked.terms)


def _goes_on(word: str) -> bool:
    """Letters may go on; a number, a reference (5.3, A7) or a single letter is meant as it is."""
    return len(word) > 1 and word.isalpha()


def _words(given: str) -> Iterator[tuple[str, int, int]]:
    """Each word as it is compared (no capitals, no accents, no apostrophes), with where it is."""
    for match in _TOKEN.finditer(given):
        plain = unicodedata.normalize("NFKD", match[0].casefold())
        word = "".join(sign for sign in plain if sign.isalnum() or sign == ".").strip(".")[:_WORD_LENGTH]
        if word:
            yield word, match.start(), match.end()


def as_kept(dialect: str, texts: Iterable[str | None]) -> str:
    """The words of an item as the index of this database takes them."""
    indexed = [word for word, _, _ in _words(" \n ".join(filter(None, texts)))][:_KEPT_WORDS]
    if dialect == "postgresql":
        return " ".join(f"'{word}':{n}" for n, word in enumerate(indexed, 1))
    return " ".join(indexed)


def place(kind: SearchKind, item_id: int) -> int:
    """Return where an item is in the index."""
    return kind * _PLACES + item_id


def keep(kind: SearchKind, item_id: int, *texts: str | None) -> None:
    """Keep the words of an item, in place of those that were kept before."""
    keep_all(kind, [(item_id, texts)])


def keep_all(kind: SearchKind, items: Iterable[tuple[int, Iterable[str | None]]]) -> None:
    """Keep the words of many items of one kind."""
    dialect = _dialect()
    rows = [{"place": place(kind, item_id), "words": as_kept(dialect, texts)} for item_id, texts in items]
    if rows:
        db.session.execute(text(_KEEP[dialect]), rows)


_KEEP = {
    "sqlite": f"insert or replace into {_TABLE} (rowid, words) values (:place, :words)",
    "postgresql": f"insert into {_TABLE} (rowid, words) values (:place, cast(:words as tsvector))"
    " on conflict (rowid) do update set words = excluded.words",
}


def fits(kind: SearchKind, asked: Question) -> ColumnElement[bool]:
    """The clause on ``INDEX`` for the items of this kind in which every term is."""
    # written out and not bound, so that PostgreSQL knows which of its indexes holds the kind
    first: ColumnElement[int] = literal_column(str(place(kind, 0)))
    last: ColumnElement[int] = literal_column(str(place(kind, _PLACES - 1)))
    here = INDEX.c.rowid.between(first, last)
    if _dialect() == "postgresql":
        query = " & ".join(_for_postgresql(term) for term in asked.terms)
        return and_(here, INDEX.c.words.op("@@")(cast(query, TSQUERY)))
    return and_(here, literal_column(_TABLE).op("match")(" AND ".join(_for_sqlite(term) for term in asked.terms)))


def _for_sqlite(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.open else ""}'


def _for_postgresql(term: Term) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.open else "") + ")"


def _dialect() -> str:
    return str(db.session.get_bind().dialect.name)


def is_index(name: str | None) -> bool:
    """Return whether a table of the database belongs to the index; SQLite keeps several for it."""
    return name is not None and (name == _TABLE or name.startswith(f"{_TABLE}_"))


class TextPart(NamedTuple):
    """A part of a text, and whether it is what was looked for."""

    text: str
    is_match: bool


def excerpt(given: str, asked: Question, most: int = 240) -> tuple[TextPart, ...]:
    """Return a text in parts; a long text is cut around the first find."""
    places = [(start, end) for word, start, end in _words(given) if any(term.fits(word) for term in asked.terms)]
    first = places[0][0] if places else 0
    start = 0 if len(given) <= most or first < most // 2 else given.rfind(" ", 0, first - most // 4) + 1
    end = len(given)
    if end - start > most:
        space = given.rfind(" ", start + most // 2, start + most)
        end = space if space > 0 else start + most
    parts = [TextPart("… ", is_match=False)] if start else []
    at = start
    for begins, ends in places:
        if start <= begins and ends <= end:
            parts += [TextPart(given[at:begins], is_match=False), TextPart(given[begins:ends], is_match=True)]
            at = ends
    parts += [TextPart(given[at:end], is_match=False), TextPart(" …" if end < len(given) else "", is_match=False)]
    return tuple(part for part in parts if part.text)
