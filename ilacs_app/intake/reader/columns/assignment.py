"""Which column is which field: all fields together, so that the sum of the evidence is greatest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import permutations

from ilacs_app.intake.reader.columns.evidence import MOST_CELLS, ColumnEvidence
from ilacs_app.intake.reader.columns.headings import best_field, comparable
from ilacs_app.intake.reader.columns.traits import LONGEST_DATE
from ilacs_app.intake.reader.contents.document import Cell
from ilacs_app.intake.reader.weights import CONTENTS, ENOUGH, KNOWN_PHRASE, SLIP_OF_THE_PEN
from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.plan.plan_file import FURTHER_HEADINGS, HEADINGS, How

FIELDS = (*HEADINGS, *FURTHER_HEADINGS, "done_on", "other")
CONTRADICTED = -3.2
"""How far the cells may contradict a known heading before we ask about it."""
FREE_TEXT = ("recommendation", "action", "note", "partnership_focus", "impact", "evidence", "measures", "monitoring")
"""Fields whose cells may hold any words, so that a field's own name says more than they do."""
CLEAR, CLOSE = 1.5, 1.0
MOST_CLASHES = 0.5
MOST_SHORT = 0.5
MOSTLY_REFERENCES = 0.7
AIMS = frozenset({"outcome", "outcomes", "priority", "goal", "goals", "aim", "aims", "objective"})
WHAT_AND_HOW = 4.0
"""What "What?" and "How?", or "Accountable" and "Responsible", beside each other say of the two columns."""
PEOPLE_APART = 2.0
"""How much better leads and owners must fit their columns than each other's to be taken without a question."""
FEW_ROWS = 5.0
"""Divided by the number of cells, what is added to it: in two or three rows a name repeats by chance."""
FLOOR = {"own": 2.0, "phrase": 1.0, "slip": 0.8}
"""How far above ENOUGH a known heading stays whatever its cells hold, so that we ask and do not overrule it."""


@dataclass(frozen=True)
class Taken:
    """What one column was taken for: None keeps it beside the plan. ``also`` are the next best fields, best first."""

    field: str | None
    how: How
    certainty: float
    why: str
    also: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Assignment:
    """What every column was taken for, and the evidence for all of it together."""

    taken: tuple[Taken, ...]
    fields: Mapping[str, int]
    score: float


def assign(
    columns: Sequence[ColumnEvidence], chosen: Mapping[int, str], near: date, *, above: bool = False
) -> Assignment:
    """Give each field to at most one column. ``chosen`` are those that a person decided, "" for beside the plan;
    ``above`` says that the recommendation is above the rows, so that no column has to hold it.
    """
    weights = _weights(columns, chosen, above=above)
    fixed = {at: field for at, field in chosen.items() if field}
    assigned = {at: FIELDS[n] for at, n in _best(weights).items() if FIELDS[n] != "other"}
    assigned = _together(columns, weights, assigned, near)
    assigned = _without_a_score(columns, assigned)
    assigned.update(fixed)
    if not above and not chosen:
        assigned = _two_that_begin_alike(columns, assigned)
    stands_in = _stands_in(columns, assigned) if not above and evidence_of_rows(columns) else None
    if stands_in is not None and stands_in not in chosen:
        assigned[stands_in] = "recommendation"
    assigned.update(_second_numbers(columns, assigned, chosen))
    fields = {field: at for at, field in assigned.items()}
    score = sum(weights[at][FIELDS.index(field)] for at, field in assigned.items() if at not in fixed)
    score += 9.0 * len(fixed) + _neighbours(columns, assigned, near)
    doubted = _people_in_doubt(columns, weights, fields, near)
    taken = tuple(
        _chosen(chosen[at])
        if at in chosen
        else _in_doubt(_taken(evidence, assigned.get(at), weights[at]), at in doubted)
        for at, evidence in enumerate(columns)
    )
    shown = {
        field: at
        for field, at in fields.items()
        if field in HEADINGS or field in FURTHER_HEADINGS or field == "done_on"
    }
    return Assignment(taken, shown, score)


def _weights(columns: Sequence[ColumnEvidence], chosen: Mapping[int, str], *, above: bool) -> list[list[float]]:
    """Return the weight of each field in each column, lowered by the columns beside it and by a person's choices."""
    weights = [[_weight(evidence, field, above=above) for field in FIELDS] for evidence in columns]
    for at, evidence in enumerate(columns):
        # Of two columns with the same name we take the first, unless the cells clearly say otherwise.
        if evidence.column.heading and any(evidence.column.heading == before.column.heading for before in columns[:at]):
            weights[at] = [max(0.0, weight - CLEAR) for weight in weights[at]]
        if _is_hidden(evidence):  # what the author hid is an older or a working column
            weights[at] = [max(0.0, weight - CLEAR) for weight in weights[at]]
    named = {
        n for evidence in columns for n, field in enumerate(FIELDS) if evidence.filled and _is_named(evidence, field)
    }
    for at, evidence in enumerate(columns):
        # A column with a field's own name beats one without a heading, whatever their cells hold.
        if not evidence.column.heading:
            weights[at] = [0.0 if n in named else weight for n, weight in enumerate(weights[at])]
    ours = _has_our_headings(columns)
    settled = _settled_by_name(columns, ours=ours)
    for at, evidence in enumerate(columns):
        # Beside all the headings that we print, the contents alone make no other column a field of the plan.
        if evidence.heading.known in {"words", ""}:
            meant = {n for n, field in enumerate(FIELDS) if not ours or evidence.heading.weights.get(field, 0.0) > 0}
            weights[at] = [0.0 if n in settled or n not in meant else w for n, w in enumerate(weights[at])]
    for at, field in _beside_each_other(columns):
        weights[at][FIELDS.index(field)] += WHAT_AND_HOW
    for at in range(len(columns)):
        for n, field in enumerate(FIELDS):
            if at in chosen or field in chosen.values():
                weights[at][n] = 0.0
    return weights


def _has_our_headings(columns: Sequence[ColumnEvidence]) -> bool:
    """Return whether every heading that we print is there, so that the file is most likely one that we printed."""
    return all(any(_is_named(evidence, field) for evidence in columns) for field in HEADINGS)


def _settled_by_name(columns: Sequence[ColumnEvidence], *, ours: bool) -> frozenset[int]:
    """The places among FIELDS of those of free text that a column has by its own name, if its cells do not contradict.

    However short its texts are, no column of the council's own takes the field from it because its texts are longer.
    Where every heading that we print is there, its cells may contradict: the column stays, and a problem says so.
    """
    return frozenset(
        FIELDS.index(field)
        for evidence in columns
        for field in FREE_TEXT
        if evidence.filled
        and _is_named(evidence, field)
        and (ours or _against(evidence, field) > CONTRADICTED)
        and not _is_hidden(evidence)
    )


def _is_hidden(evidence: ColumnEvidence) -> bool:
    """Return whether the author of a sheet hid a column."""
    filled = [cell for cell in evidence.column.cells if not cell.is_blank]
    return bool(filled) and all(cell.hidden for cell in filled)


def _people_in_doubt(
    columns: Sequence[ColumnEvidence], weights: Sequence[Sequence[float]], fields: Mapping[str, int], near: date
) -> frozenset[int]:
    """The columns of leads and owners, where each would fit the other nearly as well."""
    if "leads" not in fields or "owners" not in fields:
        return frozenset()
    lead, owner = fields["leads"], fields["owners"]
    if any(columns[at].heading.known in {"own", "phrase"} for at in (lead, owner)):
        return frozenset()
    mine = {at: field for field, at in fields.items()}
    turned = {**mine, lead: "owners", owner: "leads"}

    def worth(assigned: Mapping[int, str]) -> float:
        return sum(weights[at][FIELDS.index(assigned[at])] for at in (lead, owner)) + _neighbours(
            columns, assigned, near
        )

    apart = PEOPLE_APART + FEW_ROWS / max(1, min(columns[at].filled for at in (lead, owner)))
    return frozenset({lead, owner}) if worth(mine) - worth(turned) < apart else frozenset()


def _in_doubt(taken: Taken, doubted: bool) -> Taken:
    """A column as a guess, where it could be the other one of two."""
    if not doubted or taken.how in {"guess", "contents"}:
        return taken
    return replace(
        taken, how="guess", certainty=min(taken.certainty, 0.5), why=f"{taken.why}; leads and owners look alike"
    )


def _beside_each_other(columns: Sequence[ColumnEvidence]) -> Iterator[tuple[int, str]]:
    """Return the fields of columns whose headings only say which they are beside each other."""
    for what, how in _what_and_how(columns):
        yield from ((what, "recommendation"), (how, "action"))
    for answers, does in _accountable_and_responsible(columns):
        yield from ((answers, "leads"), (does, "owners"))


def _what_and_how(columns: Sequence[ColumnEvidence]) -> list[tuple[int, int]]:
    """The places of a column "What?" and, behind it, "How?": what is wanted, and what is done for it."""
    headings = [comparable(evidence.column.heading).split() for evidence in columns]
    what = [at for at, heading in enumerate(headings) if heading == ["what"]]
    how = [
        at
        for at, heading in enumerate(headings)
        if heading[:1] == ["how"] and columns[at].heading.weights.get("action")
    ]
    return [(what[0], how[0])] if what and how and what[0] < how[0] else []


def _accountable_and_responsible(columns: Sequence[ColumnEvidence]) -> list[tuple[int, int]]:
    """The places of a column "Accountable" and one "Responsible": who answers for the work, and who does it."""
    headings = [
        comparable(evidence.column.heading).split() if _may_be_of_people(evidence) else [] for evidence in columns
    ]
    answers = [at for at, heading in enumerate(headings) if "accountable" in heading]
    does = [at for at, heading in enumerate(headings) if "responsible" in heading and "accountable" not in heading]
    return [(answers[0], does[0])] if len(answers) == len(does) == 1 else []


def _may_be_of_people(evidence: ColumnEvidence) -> bool:
    weights = evidence.heading.weights
    return bool(weights) and best_field(weights) in {"leads", "owners"}


def _weight(evidence: ColumnEvidence, field: str, *, above: bool) -> float:
    if evidence.column.is_empty and not evidence.heading.weights:
        return 0.0
    different = evidence.filled * evidence.shares.get("distinct", 0.0)
    if field == "ref" and different < 2 and evidence.heading.weights.get("ref", 0.0) <= 0.0:
        return 0.0  # one text like a reference, however often it is there, is no column of them
    total = evidence.total(field)
    if evidence.heading.known in FLOOR and evidence.heading.weights.get(field, 0.0) >= SLIP_OF_THE_PEN:
        total = max(total, ENOUGH + FLOOR[evidence.heading.known])
    elif above and field == "recommendation":
        total -= 3.0 * (1 - evidence.shares.get("repeats", 0.0))
    if evidence.heading.known == "own" and evidence.heading.weights.get(field, 0.0) < KNOWN_PHRASE:
        return 0.0
    if evidence.heading.known in {"phrase", "slip"} and evidence.heading.weights.get(field, 0.0) < 1.0:
        total = min(total, ENOUGH + (total - ENOUGH) / 4)
    if field != "other":
        total -= max(0.0, evidence.heading.weights.get("other", 0.0))
    return max(0.0, total - ENOUGH)


def _is_named(evidence: ColumnEvidence, field: str) -> bool:
    return evidence.heading.known == "own" and evidence.heading.weights.get(field, 0.0) >= KNOWN_PHRASE


def evidence_of_rows(columns: Sequence[ColumnEvidence]) -> bool:
    """Return whether the cells were looked at."""
    return any(evidence.filled for evidence in columns)


def _second_numbers(
    columns: Sequence[ColumnEvidence], assigned: Mapping[int, str], chosen: Mapping[int, str]
) -> dict[int, str]:
    """A second column “No” straight before the actions, which numbers them; nothing where another one does."""
    at = {field: place for place, field in assigned.items()}
    place = at.get("action", 0) - 1
    if "ref" in at or "number" not in at or place <= at["number"] or place in assigned or place in chosen:
        return {}
    same = comparable(columns[place].column.heading) == comparable(columns[at["number"]].column.heading)
    referring = columns[place].shares.get("refs", 0.0) + columns[place].shares.get("numbers", 0.0)
    return {place: "ref"} if same and columns[place].column.heading and referring >= MOSTLY_REFERENCES else {}


def _two_that_begin_alike(columns: Sequence[ColumnEvidence], assigned: dict[int, str]) -> dict[int, str]:
    """If two columns say what is to be done and none is the recommendation, make the left one that."""
    at = {field: place for place, field in assigned.items()}
    if "recommendation" in at or "action" not in at or columns[at["action"]].heading.weights:
        return assigned
    left = at["action"]
    right = [
        place
        for place, evidence in enumerate(columns)
        if place > left and place not in assigned and evidence.total("action") > ENOUGH + CLEAR
    ]
    if not right:
        return assigned
    return {**assigned, left: "recommendation", right[0]: "action"}


def _stands_in(columns: Sequence[ColumnEvidence], assigned: Mapping[int, str]) -> int | None:
    """Return the unclaimed column left of the actions that reads most like recommendations."""
    at = {field: place for place, field in assigned.items()}
    if "recommendation" in at or "action" not in at:
        return None
    free = [
        (evidence.total("recommendation"), -place)
        for place, evidence in enumerate(columns[: at["action"]])
        if assigned.get(place, "impact") in {"impact", "measures"}
        and (place not in assigned or not evidence.heading.weights or _names_an_aim(evidence))
        and not evidence.heading.weights.get("other")
        and evidence.shares.get("long", 0.0) > 0.5
    ]
    best = max(free, default=(0.0, 0))
    return -best[1] if best[0] > -2.0 and free else None


def _names_an_aim(evidence: ColumnEvidence) -> bool:
    """Return whether a heading before the actions calls what they are for an aim: "Priority outcome", "Goal"."""
    return bool(AIMS & {*comparable(evidence.column.heading).split()})


def may_be_another(columns: Sequence[ColumnEvidence], made: Assignment) -> bool:
    """Return whether another column could hold the recommendations: theirs is a guess, or one before it reads alike."""
    place = made.fields.get("recommendation")
    how = None if place is None else made.taken[place].how
    if how != "contents":
        return how == "guess"
    before = made.fields.get("action", len(columns))
    return any(
        taken.field in {None, "impact", "measures"}
        and evidence.shares.get("long", 0.0) > 0.5
        and not evidence.heading.weights.get("other")
        for evidence, taken in zip(columns[:before], made.taken[:before], strict=True)
    )


# The best sum -----------------------------------------------------------------------------------------------


def _best(weights: Sequence[Sequence[float]]) -> dict[int, int]:
    """The assignment of rows to columns with the greatest sum (the Hungarian method); nothing if it adds nothing."""
    if not weights:
        return {}
    size = max(len(weights), len(weights[0]))
    cost = [[-(row[n] if n < len(row) else 0.0) for n in range(size)] for row in weights]
    cost += [[0.0] * size for _ in range(size - len(weights))]
    matched = _hungarian(cost)
    return {row: n for row, n in matched.items() if row < len(weights) and n < len(weights[0]) and weights[row][n] > 0}


def _hungarian(cost: Sequence[Sequence[float]]) -> dict[int, int]:
    size = len(cost)
    u, v, match = [0.0] * (size + 1), [0.0] * (size + 1), [0] * (size + 1)
    for row in range(1, size + 1):
        match[0], way = row, [0] * (size + 1)
        least, used, at = [float("inf")] * (size + 1), [False] * (size + 1), 0
        while True:
            used[at] = True
            current, delta, following = match[at], float("inf"), 0
            for n in range(1, size + 1):
                if used[n]:
                    continue
                reduced = cost[current - 1][n - 1] - u[current] - v[n]
                if reduced < least[n]:
                    least[n], way[n] = reduced, at
                if least[n] < delta:
                    delta, following = least[n], n
            for n in range(size + 1):
                if used[n]:
                    u[match[n]] += delta
                    v[n] -= delta
                else:
                    least[n] -= delta
            at = following
            if match[at] == 0:
                break
        while at:
            match[at] = match[way[at]]
            at = way[at]
    return {match[n] - 1: n - 1 for n in range(1, size + 1)}


# What columns say of each other -----------------------------------------------------------------------------


def _together(
    columns: Sequence[ColumnEvidence], weights: Sequence[Sequence[float]], assigned: dict[int, str], near: date
) -> dict[int, str]:
    """Exchange two columns' fields, or move one to a free column, while that makes the whole better."""

    def worth(candidate: Mapping[int, str]) -> float:
        return sum(weights[at][FIELDS.index(field)] for at, field in candidate.items()) + _neighbours(
            columns, candidate, near
        )

    best = worth(assigned)
    for _ in range(len(assigned) + 1):
        better = None
        for changed in _changes(assigned, weights):
            value = worth(changed)
            if value > best + 0.01:
                best, better = value, changed
        if better is None:
            return assigned
        assigned = better
    return assigned


def _changes(assigned: Mapping[int, str], weights: Sequence[Sequence[float]]) -> Iterator[dict[int, str]]:
    for a, b in permutations(range(len(weights)), 2):
        if a not in assigned or (b in assigned and b < a):
            continue
        mine, other = assigned[a], assigned.get(b)
        if weights[b][FIELDS.index(mine)] <= 0 or (other and weights[a][FIELDS.index(other)] <= 0):
            continue
        changed = {at: field for at, field in assigned.items() if at not in (a, b)}
        changed[b] = mine
        if other:
            changed[a] = other
        yield changed
    for at in assigned:
        for n, free in enumerate(FIELDS):
            if free not in assigned.values() and free != "other" and weights[at][n] > 0:
                yield {**assigned, at: free}


def _neighbours(columns: Sequence[ColumnEvidence], assigned: Mapping[int, str], near: date) -> float:
    at = {field: place for place, field in assigned.items()}
    total = 0.0
    if "recommendation" in at and "action" in at:
        rec, action = columns[at["recommendation"]], columns[at["action"]]
        total += 1.2 if at["recommendation"] < at["action"] else -1.2
        total += 2.5 * (rec.shares.get("repeats", 0.0) - action.shares.get("repeats", 0.0))
        total += 1.0 * (action.shares.get("verbs", 0.0) - rec.shares.get("verbs", 0.0))
    if "impact" in at and "recommendation" in at:
        total += 0.5 if at["impact"] > at["recommendation"] else -1.5
        wished = [columns[at[name]].shares.get("wished", 0.0) for name in ("impact", "recommendation")]
        total += 1.5 * (wished[0] - wished[1])
    if "note" in at and "action" in at:
        total += 0.8 if at["note"] > at["action"] else -0.8
        total += 1.2 * (columns[at["note"]].shares.get("past", 0.0) - columns[at["action"]].shares.get("past", 0.0))
    if "number" in at and "ref" in at:
        total += 0.8 if at["number"] < at["ref"] else -0.8
    if "number" in at and "recommendation" in at:
        total -= 2.0 * _share_clashing(columns[at["number"]].column.cells, columns[at["recommendation"]].column.cells)
        total += 0.4 if at["number"] < at["recommendation"] else -0.4
    if "owners" in at and "leads" in at:
        repeats = {name: columns[at[name]].shares.get("repeats", 0.0) for name in ("owners", "leads")}
        total += 1.5 * (repeats["leads"] - repeats["owners"])
    if "status" in at and "note" in at:
        total += 0.4
    return total + _dates(columns, at, near)


def _without_a_score(columns: Sequence[ColumnEvidence], assigned: Mapping[int, str]) -> dict[int, str]:
    """The columns' fields, without a number that differs between the rows of a recommendation.

    Where its heading speaks of references and each row has another one, it numbers the actions; it then gives way only
    to a column of references that can be seen.
    """
    at = {field: place for place, field in assigned.items()}
    if "number" not in at or not _is_a_score(columns, assigned):
        return dict(assigned)
    place, ref = at["number"], at.get("ref")
    evidence = columns[place]
    refers = evidence.heading.weights.get("ref", 0.0) > 0 and evidence.shares.get("distinct", 0.0) == 1
    others = {n: field for n, field in assigned.items() if n != place}
    if not refers or (ref is not None and not _is_hidden(columns[ref])):
        return others
    return {**{n: field for n, field in others.items() if field != "ref"}, place: "ref"}


def _is_a_score(columns: Sequence[ColumnEvidence], assigned: Mapping[int, str]) -> bool:
    """Return whether the supposed number differs between the rows of a recommendation, without a heading for it."""
    at = {field: place for place, field in assigned.items()}
    if "recommendation" not in at or columns[at["number"]].heading.known in {"own", "phrase"}:
        return False
    return (
        _share_clashing(columns[at["number"]].column.cells, columns[at["recommendation"]].column.cells) > MOST_CLASHES
    )


def _share_clashing(numbers: Sequence[Cell], texts: Sequence[Cell]) -> float:
    """In what share of the texts that are on several rows the rows have different numbers."""
    numbers_of: dict[str, set[str]] = {}
    rows: Counter[str] = Counter()
    for number, text in zip(numbers, texts, strict=True):
        figures = re.match(r"\D*(\d+)", number.live)
        if figures and text.live:
            numbers_of.setdefault(text.live, set()).add(figures[1])
            rows[text.live] += 1
    several = [text for text, count in rows.items() if count > 1]
    return sum(len(numbers_of[text]) > 1 for text in several) / len(several) if several else 0.0


def _dates(columns: Sequence[ColumnEvidence], at: Mapping[str, int], near: date) -> float:
    """Due before revised; of two dates that every action has, the later one is due."""
    if "timescale" not in at:
        return 0.0
    total = 0.0
    due = columns[at["timescale"]]
    for name in ("revised_timescale", "done_on"):
        if name in at:
            share = _share_later(due.column.cells, columns[at[name]].column.cells, near)
            if name == "revised_timescale" and share is not None:
                total += 3.0 * (share - 0.5)
            if columns[at[name]].shares.get("full", 0.0) >= due.shares.get("full", 0.0):
                total -= 2.0
    for place, evidence in enumerate(columns):
        if place in at.values() or evidence.shares.get("dates", 0.0) < 0.7 or evidence.shares.get("same", 0.0):
            continue
        share = _share_later(due.column.cells, evidence.column.cells, near)
        if share is not None and evidence.shares.get("full", 0.0) > 0.6:
            total -= 4.0 * max(0.0, share - 0.5)
    return total


def _share_later(first: Sequence[Cell], second: Sequence[Cell], near: date) -> float | None:
    """In what share of rows that have both the second day is later; None if no row has both."""
    pairs = [
        (a, b)
        for first_cell, second_cell in zip(first[:MOST_CELLS], second[:MOST_CELLS], strict=True)
        if (a := _day_of(first_cell, near)) and (b := _day_of(second_cell, near))
    ]
    if not pairs:
        return None
    return sum(b > a for a, b in pairs) / len(pairs)


def _day_of(cell: Cell, near: date) -> date | None:
    return cell.day or (_read_day(cell.live, near) if cell.live and len(cell.live) < LONGEST_DATE else None)


@lru_cache(maxsize=20_000)
def _read_day(text: str, near: date) -> date | None:
    return read_timescale(text, near).due_on


# How sure ---------------------------------------------------------------------------------------------------


def _chosen(field: str) -> Taken:
    return Taken(field or None, "chosen", 1.0, "You chose this.")


def _taken(evidence: ColumnEvidence, field: str | None, weights: Sequence[float]) -> Taken:
    also = _also(field, weights)
    if field is None or field in {"done_on"}:
        return _beside(evidence, field, also)
    from_heading = evidence.heading.weights.get(field, 0.0)
    against = _against(evidence, field)
    why = _why(evidence, field)
    if evidence.heading.known in {"own", "phrase"} and from_heading == max(evidence.heading.weights.values()):
        if against > CONTRADICTED:
            sure = 0.99 if evidence.heading.known == "own" else 0.96
            return Taken(field, "exact" if evidence.heading.known == "own" else "synonym", sure, why, also)
        # A field's own name as heading is kept; if the cells contradict it, a problem says so.
        how: How = "exact" if evidence.heading.known == "own" else "guess"
        return Taken(field, how, 0.5, f"{why}, which counts against it", also)
    margin = evidence.total(field) - max([total for _, total in _rivals(evidence, field)], default=0.0)
    if evidence.heading.known == "slip":
        return Taken(field, "guess", 0.6, "the heading is nearly that word", also)
    if field == "recommendation" and evidence.shares.get("short", 0.0) > MOST_SHORT:
        return Taken(field, "guess", 0.5, why, also)  # a type or a category, as likely as a theme
    if from_heading >= 3.0 and against > -1.5 and margin > CLOSE:
        return Taken(field, "synonym", min(0.95, 0.75 + margin * 0.04), why, also)
    if from_heading <= 0.5 and margin > CLEAR:
        return Taken(field, "contents", min(0.9, 0.55 + margin * 0.06), why, also)
    return Taken(field, "guess", max(0.3, min(0.7, 0.45 + margin * 0.06)), why, also)


def _beside(evidence: ColumnEvidence, field: str | None, also: tuple[tuple[str, float], ...]) -> Taken:
    if field == "done_on":
        return Taken(None, "unknown", 0.8, "dates on which something was finished, no due dates", also)
    certainty = 0.8 if evidence.heading.weights.get("other", 0.0) >= 3 else 0.4
    return Taken(None, "unknown", certainty, "it matches none of the plan's fields", also)


def _against(evidence: ColumnEvidence, field: str) -> float:
    """Return the evidence of the cells for or against a field, without its starting value."""
    base = next((weight for name, weight, _ in CONTENTS.get(field, ()) if name == "base"), 0.0)
    return evidence.contents.get(field, base) - base


_LIKE = {frozenset({"owners", "leads"}), frozenset({"number", "ref"}), frozenset({"timescale", "revised_timescale"})}


def _rivals(evidence: ColumnEvidence, field: str) -> Iterator[tuple[str, float]]:
    """Other fields and their evidence, without the one that means nearly the same."""
    for name in FIELDS:
        if name != field and frozenset({name, field}) not in _LIKE and name != "done_on":
            yield name, evidence.total(name)


def _also(field: str | None, weights: Sequence[float]) -> tuple[tuple[str, float], ...]:
    rivals = [
        (name, weights[n])
        for n, name in enumerate(FIELDS)
        if name not in {field, "other", "done_on"} and weights[n] > 0
    ]
    rivals.sort(key=lambda pair: -pair[1])
    return tuple((name, round(min(0.9, weight / 10), 2)) for name, weight in rivals[:3])


_SAID = {
    "dates": "are dates",
    "persons": "are job titles or names",
    "verbs": "begin with what is to be done",
    "status": "are status words",
    "rated": "are ratings",
    "past": "say what was done",
    "lead_status": "begin with a status word",
    "refs": "are references",
    "numbers": "are numbers",
    "boards": "name a board or group",
    "measured": "name a share, rate or number",
    "wished": "say what children and families will have",
    "documents": "name papers",
    "reports": "name reports",
    "plans": "name plans or strategies",
    "partners": "name partners",
    "signs": "are ticks, symbols or percentages",
    "ongoing": "are “ongoing” and the like",
    "levels": "are grades such as High or Low",
    "repeats": "repeat the one above",
    "long": "are sentences",
}


def _why(evidence: ColumnEvidence, field: str) -> str:
    """The evidence that weighs most, in words."""
    lines = [
        (weight * evidence.shares.get(name, 0.0), name) for name, weight, _ in CONTENTS.get(field, ()) if name in _SAID
    ]
    best = max(lines, default=(0.0, ""))
    cells = ""
    if best[0] > 0.5:
        number = round(evidence.shares[best[1]] * evidence.filled)
        cells = f"{number} of {evidence.filled} cells {_SAID[best[1]]}"
    worst = min(lines, default=(0.0, ""))
    if worst[0] < CONTRADICTED:
        number = round(evidence.shares[worst[1]] * evidence.filled)
        cells = f"{number} of {evidence.filled} cells {_SAID[worst[1]]}"
    if evidence.heading.weights.get(field, 0.0) >= 3.0:
        name = {"own": "the heading is the name of this field", "phrase": "the heading is a common one for this field"}
        heading = name.get(evidence.heading.known, "the heading uses common words for this field")
        return f"{heading}; {cells}" if cells else heading
    return cells or "no other field fits better"
