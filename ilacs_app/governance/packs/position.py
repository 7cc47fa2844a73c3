"""The first page of a pack: where the plan is, what the board is asked to do, and what is off track."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ilacs_app.governance.agenda.rules import AgendaFact, AgendaKind
from ilacs_app.governance.packs.cells import SHARES, date_cell, rating_of, ref_cell, short_why
from ilacs_app.governance.packs.contents import PackMaterial
from ilacs_app.governance.packs.document import (
    PackBar,
    PackBlock,
    PackCell,
    PackHeading,
    PackLine,
    PackList,
    PackNumber,
    PackNumbers,
    PackParagraph,
    PackPoint,
    PackTable,
)
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.plan.rules import Brag, Status
from ilacs_app.text import joined_with_and, many, shortened

SECTION_TITLES: Mapping[str, str] = {
    "position": "Where the plan is now",
    "since": "Since you last met",
    "overdue": "Overdue and why",
    "dates": "Date changes requested",
    "completed": "Completed, awaiting verification",
    "verified": "Verified and embedded",
    "slipped": "Slipped back",
    "reviews": "Ongoing, with a late review",
    "questions": "Questions and answers",
    "exempt": "Exempt part",
    "key": "Key and abbreviations",
}
"""The sections by their ids, in their order."""
NOT_RECORDED = "Findings, measure readings and impact judgements: not recorded yet."
ON_FIRST_PAGE = 3
"""How many actions that are off track the first page names."""
MOST_REFS = 8
"""How many actions each point of the first page names."""
SHORT_TEXT = 80
"""How many characters of a text the first page shows; the section that it leads to has all of it."""


def position(material: PackMaterial, exempt: bool) -> Iterator[PackBlock]:
    counts = material.counts
    own = sum(wait.decision.led_by(material.board.id) for wait in material.waiting)
    yield PackBar(tuple((str(brag), counts.by_brag[brag]) for brag in Brag if counts.by_brag.get(brag)))
    yield PackNumbers(
        (
            PackNumber(counts.overdue, "overdue"),
            PackNumber(counts.by_status.get("completed", 0), "completed, awaiting verification"),
            PackNumber(counts.by_status.get("verified", 0), "verified"),
            PackNumber(counts.by_status.get("embedded", 0), "embedded"),
            PackNumber(own, "date change to agree" if own == 1 else "date changes to agree"),
        )
    )
    yield from asked_of_board(material, exempt)
    red = [row for row in _worst_first(material) if row.id not in material.hidden]
    yield PackHeading("Off track")
    if red:
        rows = [_short_row(material, row) for row in red[:ON_FIRST_PAGE]]
        yield PackTable("Actions that are off track", ("Ref.", "Action and why", "Date", "Rating"), SHARES, tuple(rows))
        if len(red) > ON_FIRST_PAGE:
            yield PackParagraph(f"These are the {ON_FIRST_PAGE} longest overdue of {len(red)} that are off track.")
    else:
        yield PackParagraph("No action is off track.")
    yield PackHeading("Difference made")
    yield PackParagraph(NOT_RECORDED)


def _worst_first(material: PackMaterial) -> list[ActionRow]:
    red = [row for row in material.rows if row.brag == Brag.RED]
    return sorted(red, key=lambda row: -row.days)


def _short_row(material: PackMaterial, row: ActionRow) -> tuple[PackCell, ...]:
    text = PackLine(shortened(row.text, SHORT_TEXT))
    why = PackLine(shortened(short_why(material, row), SHORT_TEXT))
    return (ref_cell(material, row), PackCell((text, why)), date_cell(row, material), PackCell(rating=rating_of(row)))


def asked_of_board(material: PackMaterial, exempt: bool) -> Iterator[PackBlock]:
    """Yield what the board is asked to do, by its agenda."""
    facts: dict[str, list[AgendaFact]] = defaultdict(list)
    for fact in material.agenda:
        if _is_exempt(material, fact) == exempt:
            facts[fact.kind].append(fact)
    points = [
        _point(
            f"Agree or refuse new dates for {_refs(material, facts[AgendaKind.DATE])}.", "dates", facts[AgendaKind.DATE]
        ),
        _point(
            f"Ask why {_refs(material, facts[AgendaKind.LATE])} "
            f"{'is' if len(facts[AgendaKind.LATE]) == 1 else 'are'} late with no date change requested.",
            "overdue",
            facts[AgendaKind.LATE],
        ),
        _point(
            f"Accept {_refs(material, facts[AgendaKind.EMBED])} as embedded, or say what is missing.",
            "verified",
            facts[AgendaKind.EMBED],
        ),
        _point(
            f"Consider {many(len(facts[AgendaKind.QUESTION]), 'question')} that "
            f"{'is' if len(facts[AgendaKind.QUESTION]) == 1 else 'are'} not settled.",
            "questions",
            facts[AgendaKind.QUESTION],
        ),
        _point(f"Look closely at {_refs(material, facts[AgendaKind.DEEP_DIVE])}.", "", facts[AgendaKind.DEEP_DIVE]),
        _point(
            f"Consider {_refs(material, facts[AgendaKind.REFERRED])}, referred by another board.",
            "",
            facts[AgendaKind.REFERRED],
        ),
    ]
    claimed = [row for row in material.rows if row.status == Status.COMPLETED]
    claimed = [row for row in claimed if (row.id in material.hidden) == exempt]
    if claimed:
        verb = "is" if len(claimed) == 1 else "are"
        says = f"Note that {many(len(claimed), 'completed action')} {verb} not verified yet."
        points.insert(2, (PackPoint(says, "completed", SECTION_TITLES["completed"]),))
    points[:0] = [
        _point(f"Approve the {fact.title[:1].lower()}{fact.title[1:]}.", "", [fact])
        for fact in facts[AgendaKind.MINUTES]
    ]
    listed = tuple(point for some in points for point in some)
    if listed:
        yield PackHeading("What the board is asked to do")
        yield PackList(listed, numbered=True)
    elif not exempt:
        yield PackHeading("What the board is asked to do")
        yield PackParagraph("Nothing needs a decision at this meeting.")


def _point(text: str, to: str, facts: Sequence[AgendaFact]) -> tuple[PackPoint, ...]:
    return (PackPoint(text, to, SECTION_TITLES.get(to, "")),) if facts else ()


def _is_exempt(material: PackMaterial, fact: AgendaFact) -> bool:
    question = fact.key.removeprefix("question-") if fact.kind == AgendaKind.QUESTION else ""
    return (
        fact.action_id in material.hidden
        or fact.recommendation_id in material.exempt.recommendations
        or (question.isdigit() and int(question) in material.exempt.questions)
    )


def _refs(material: PackMaterial, facts: Iterable[AgendaFact]) -> str:
    """Return how these items are named: actions by their references, recommendations by their numbers."""
    rows = material.by_id
    numbers = {row.recommendation_id: f"recommendation {row.recommendation_number}" for row in material.rows}
    named = dict.fromkeys(
        material.ref(rows[fact.action_id]) if fact.action_id in rows else numbers.get(fact.recommendation_id or 0, "")
        for fact in facts
    )
    refs = [ref for ref in named if ref]
    more = len(refs) - MOST_REFS
    return joined_with_and(refs if more <= 0 else [*refs[:MOST_REFS], f"{more} more"])
