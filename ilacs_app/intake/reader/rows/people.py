"""Who a cell of owners or leads names: several people, or one title with "and" in it (product rule: section 7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from ilacs_app.intake.reader.columns.headings import heading_evidence
from ilacs_app.intake.reader.columns.lexicon import INITIALS, JOB, NAME, PARTNERS
from ilacs_app.intake.reader.contents.document import visible
from ilacs_app.intake.reader.rows.drafts import ItemCells
from ilacs_app.intake.reader.weights import listed
from ilacs_app.plan.plan_file import HEADINGS
from ilacs_app.text import joined_with_and, plain

LONGEST_QUOTED_CELL = 80
OF_PEOPLE = ("leads", "owners", "row lead")
_LEADS = r"(?:lead|main|responsible|accountable|owner)(?: officer| person)?"
_SUPPORTS = (
    r"(?:support(?:ed by|ing|s)?|contributors?|assisted by|helped by|deputy|input(?: from)?)(?: officer| person)?"
)
_LABEL = re.compile(rf"(?:(?P<leads>{_LEADS})|(?P<supports>{_SUPPORTS}))\s*(?::|\s[-\u2013]\s)\s*", re.IGNORECASE)
_BEFORE_LABEL = re.compile(rf"\s*[;,/&]?\s*(?=\b(?:{_LEADS}|{_SUPPORTS})\s*:)", re.IGNORECASE)
_BEHIND = re.compile(
    r"\s*\((?:(?P<leads>lead|owner)|(?P<supports>support(?:ing)?|contributor|deputy))\)$", re.IGNORECASE
)
_JOINT = re.compile(r"\s*[/&]\s*")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_OF = re.compile(r"\s+(?:of|for|in)\s+|\s*[,(]")
_ROLE = re.compile(
    r"\b(?:heads?|directors?|managers?|officers?|leads?|leaders?|co-?ordinators?|workers?|practitioners?|advis[eo]rs?"
    r"|nurses?|supervisors?|inspectors?|chairs?|partners?)\b"
)
"""What one person is. Two sides that each hold one are two people."""
_POST_OF = re.compile(r"(?:\w+ )?(?:heads?|directors?|managers?|leads?|chairs?|officers?) (?:of|for)\b")
_MANY_PEOPLE = re.compile(r"(?:teams?|services?|staff|units?|hubs?|partners|members|groups?)$")
"""The last word of a group of people, which a title may name: "Head of the Duty and Assessment Service"."""


OF_SERVICES = listed("""
    access adolescent adoption adult adults assessment assurance audit board business care carers change child children
    children's commissioning community contact corporate council culture data disability district duty early edge
    education exploitation families family finance fostering front governance health help hospital house housing human
    improvement inclusion information innovation intelligence intervention justice language leaving legal leisure life
    looked management mental networks north east south west participation partnership people performance permanence
    placements planning policy practice prevention probation protection public quality resources response risk
    safeguarding school schools send services social special strategy support systems targeted training transformation
    transition unit virtual welfare work workforce world young youth
""")
"""Words in the names of services and teams that are not in the names of people."""


@dataclass(frozen=True)
class PeopleInCell:
    """The people of a cell in its order, and what to ask about them; "" if nothing."""

    names: tuple[str, ...] = ()
    says: str = ""
    do: str = ""


@dataclass(frozen=True)
class KnownPeople:
    """What the whole file says of its people: who stands alone in a cell, and whether each has a line of its own."""

    alone: frozenset[str] = frozenset()
    one_a_line: bool = False


def known_people(drafts: Sequence[ItemCells]) -> KnownPeople:
    """Gather who stands alone in a cell or line of owners or leads; under our own headings each has a line."""
    cells = [item.text(name) for draft in drafts for item in (draft, *draft.actions) for name in OF_PEOPLE]
    lines = {line.strip() for cell in cells for line in re.split(r"[;\n]", cell)}
    alone = frozenset(plain(line) for line in lines if line and not _JOINT.search(line) and not _AND.search(line))
    headings = [action.headings for draft in drafts for action in draft.actions]
    ours = bool(headings) and all(
        heading_evidence(each.get(field, "")).known == "own" for each in headings for field in HEADINGS
    )
    return KnownPeople(alone, ours)


def people_in(cell: str, known: KnownPeople, *, lead: bool = False) -> PeopleInCell:
    """Split a cell into people at line breaks, ";", "/", "&" and "and", except within one title or team.

    Asked about is every "and", and each "/" or "&" whose two sides are not titles or people of other cells. ``lead``
    says that they are those of a recommendation.
    """
    several, alone = ("leads", "lead of the recommendation") if lead else ("owners", "owner")
    lines = [line.strip() for line in re.split(r"[;\n]", cell) if line.strip()]
    labelled = [part for line in lines for part in _BEFORE_LABEL.split(line) if visible(part)]
    names: list[str] = []
    supporting: list[str] = []
    asked = False
    for part in labelled:
        name, supports = _without_label(part)
        parted, asks = _parted(name, known)
        asked = asked or asks
        for each in parted:
            person, only_supports = _without_label(each)
            (supporting if supports or only_supports else names).append(person)
    every = tuple(dict.fromkeys([*names, *supporting]))
    if supporting:
        return PeopleInCell(
            every,
            f"“{_short(cell)}” says who leads and who supports. We read all of them as {several}.",
            "Check them. Whoever only supports can be entered as a contributor after the import.",
        )
    if not asked:
        return PeopleInCell(every)
    read = "one" if len(every) == 1 else f"{len(every)}: {joined_with_and([f'“{name}”' for name in every])}"
    return PeopleInCell(
        every,
        f"“{_short(cell)}” may be one {alone} or several. We read it as {read}.",
        f"Check it. If it is wrong, put a semicolon between the {several} in the file, or change them after the "
        "import.",
    )


def _without_label(part: str) -> tuple[str, bool]:
    """A part without the label before or behind it, and whether that says that the person only supports."""
    before, behind = _LABEL.match(part), _BEHIND.search(part)
    label = before or behind
    if label is None or not visible(part.replace(label.group(), "", 1)):
        return part, False
    name = part[label.end() :] if label is before else part[: label.start()]
    return name.strip(), bool(label["supports"])


def _parted(text: str, known: KnownPeople) -> tuple[list[str], bool]:
    """The people of a line, and whether to ask about them."""
    chunks = [chunk for chunk in _JOINT.split(text) if chunk]
    parts, asks = _joined(text, chunks, known)
    if known.one_a_line:
        return parts, asks
    names: list[str] = []
    for part in parts:
        split = _at_and(part, known)
        asks = asks or len(split) > 1
        names += split
    return names, asks


def _joined(text: str, chunks: Sequence[str], known: KnownPeople) -> tuple[list[str], bool]:
    """The sides of each "/" or "&", but for those of one title; and whether to ask about any."""
    parts = list(chunks[:1])
    asks = False
    end = text.find(chunks[0]) + len(chunks[0]) if chunks else 0
    for chunk in chunks[1:]:
        start = text.find(chunk, end)
        joint, end = text[end:start], start + len(chunk)
        alone = _is_alone(parts[-1], known) and _is_alone(chunk, known)
        if not alone and _is_one_title(parts[-1], chunk, known):
            parts[-1], asks = f"{parts[-1]}{joint}{chunk}", asks or min(len(parts[-1]), len(chunk)) > 1
        else:
            asks = asks or not (alone or (_is_one_person(parts[-1]) and _is_one_person(chunk)))
            parts.append(chunk)
    return parts, asks


def _is_one_title(left: str, right: str, known: KnownPeople) -> bool:
    """Return whether two sides are one title or team: "Head of Fostering & Adoption", "Quality & Assurance Team"."""
    if len(left) == 1 or len(right) == 1:
        return True  # R&D, N/A
    name, comma, title = right.partition(",")
    if _ROLE.search(plain(title if comma else right)) and (_ROLE.search(plain(left)) or _POST_OF.match(plain(right))):
        return False
    if comma and _is_full_name(name):
        return False
    if _OF.search(left) and JOB.search(plain(left)):
        return not _stands(right, known) or bool(_MANY_PEOPLE.search(plain(right)))
    return _is_post(right) and not _stands(left, known)


def _at_and(text: str, known: KnownPeople) -> list[str]:
    """The people on both sides of each "and", where each is a title by itself or stands alone in another cell."""
    joints = [*_AND.finditer(text)]
    if not joints or _is_alone(text, known):
        return [text]
    starts = [0, *(joint.end() for joint in joints)]
    ends = [*(joint.start() for joint in joints), len(text)]

    def add(made: tuple[tuple[int, int], ...], piece: tuple[int, int]) -> tuple[tuple[int, int], ...]:
        before, (start, end) = made[-1], piece
        left, right = text[before[0] : before[1]], text[start:end]
        if _are_two(left, right, known):
            return (*made, piece)
        return (*made[:-1], (before[0], end))

    first, *further = zip(starts, ends, strict=True)
    alone: tuple[tuple[int, int], ...] = (first,)
    spans = reduce(add, further, alone)
    return [text[start:end].strip(" ,") for start, end in spans]


def _are_two(left: str, right: str, known: KnownPeople) -> bool:
    if (_is_alone(left, known) and _is_alone(right, known)) or (_is_full_name(left) and _is_full_name(right)):
        return True
    if PARTNERS.fullmatch(plain(right)):
        return _is_post(left) and not _OF.search(left)
    if not (_is_alone(right, known) or _is_post(right)) or not (_is_alone(left, known) or JOB.search(plain(left))):
        return False
    return not (_OF.search(left) and _MANY_PEOPLE.search(plain(right)))


def _is_full_name(text: str) -> bool:
    """Return whether a text is written as a person's name is, and no word of it is one of a service's name."""
    return bool(NAME.fullmatch(text)) and not OF_SERVICES & {*plain(text).split()} and not JOB.search(plain(text))


def _is_one_person(side: str) -> bool:
    """Return whether a side of "/" or "&" is someone beyond doubt: a title, or a person's full name."""
    return _is_post(side) or bool(_ROLE.search(plain(side))) or _is_full_name(side.partition(",")[0])


def _is_alone(name: str, known: KnownPeople) -> bool:
    return plain(name) in known.alone


def _stands(name: str, known: KnownPeople) -> bool:
    """Return whether a text can name someone by itself: a title, initials, or someone of another cell."""
    posts = any(_is_post(part) for part in name.split(","))  # "A. Lane, Head of Care"
    return _is_alone(name, known) or posts or bool(INITIALS.fullmatch(name))


def _is_post(name: str) -> bool:
    """Return whether a text is a title by its first word, or by the last one before "of": "Fostering" is none."""
    title = _OF.split(plain(name))[0].split()
    if not title:
        return False
    first = title[0] if not _MANY_PEOPLE.fullmatch(title[0]) else ""
    return any(bool(JOB.fullmatch(word)) for word in (first, title[-1]) if word)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTED_CELL else f"{line[: LONGEST_QUOTED_CELL - 1]}…"
