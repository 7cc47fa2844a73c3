"""The explanation of a file that fits its rows and columns best."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from ilacs_app.intake.reader.columns.assignment import Assignment, assign
from ilacs_app.intake.reader.columns.evidence import Column, ColumnEvidence, EvidenceKinds, column_evidence
from ilacs_app.intake.reader.columns.headings import comparable, heading_evidence
from ilacs_app.intake.reader.columns.traits import begins_an_action, traits
from ilacs_app.intake.reader.contents.document import plain, visible
from ilacs_app.intake.reader.layout.matrix import Candidate, Line, Matrix, labelled_pairs, names_of
from ilacs_app.intake.reader.layout.months import month_columns
from ilacs_app.intake.reader.layout.shapes import repeated_groups, turned
from ilacs_app.intake.reader.layout.split import owner_and_date
from ilacs_app.intake.reader.layout.tables.frames import frames
from ilacs_app.intake.reader.layout.tables.heading_rows import signatures
from ilacs_app.intake.reader.layout.tables.numbers import numbered
from ilacs_app.intake.reader.layout.ticks import tick_columns
from ilacs_app.intake.reader.status_key import is_key_word
from ilacs_app.intake.reader.weights import NO_PLAN
from ilacs_app.plan.parsing.dates import months_named

WEIGHED_ROWS = 240
LEAST_STRENGTH = 3.0
LEAST_BESIDE = 2
MOST_NUMBERS = 0.7  # share of numbers in a column "Actions"; with more it is a dashboard's count
NOT_THE_PLAN, LIKE_THE_MAIN = 4.0, 0.5
CLOSE_SECOND = 1.0
LIKE_HEADINGS = 0.5
BY_TURNS = 0.3
"""What is left of the doubt about lines across a table where they and full rows take turns from the first row on."""
SECTIONS = "sections"
ON_ITS_SIDE = "on its side"
UPRIGHT = 3.0
"""How much better a table must look on its side to be read so."""
MOSTLY_ACTIONS = 0.8
GROUPED = 2.0
"""How much more columns count that are the same but for a number: no two of them are different fields."""
LEFT_OVER = 1.5
"""The penalty for each full row that a frame leaves above its headings."""
CORE = ("recommendation", "timescale", "owners", "leads", "status", "brag", "note")
CORE_AND_ACTION = ("action", *CORE)
SPEAKS_CLEARLY = 5.0
HEADED_KINDS = ("dates", "persons", "status", "rated", "refs", "numbers", "verbs", "long", "boards")
REPEATED = 0.6
"""The share of a table's actions that another one has too, from which it may be a copy."""
_OLD_COPY = re.compile(
    r"\b(?:archived?|old|older|previous|superseded|do not use|not in use|copy|backup|closed|historic(?:al)?|out of date"
    r"|last (?:month|quarter|year)(?:'s|\u2019s)?)\b",
    re.IGNORECASE,
)
LEAST_COPIED = 2
USUAL_KIND, LEAST_ALIKE_KINDS = 0.6, 3


@dataclass(frozen=True)
class Explanation:
    """A frame with what its columns were taken for. ``second`` is what came close, in words; "" if nothing did."""

    frame: Candidate
    columns: tuple[ColumnEvidence, ...]
    assignment: Assignment
    score: float
    continues: bool = False
    acts_alone: bool = False
    """Whether no column holds actions, so that each recommendation is also its own action."""
    second: str = ""

    @property
    def names(self) -> list[str]:
        """What each column is called."""
        return names_of(self.frame.headings, self.frame.names)

    @property
    def fields(self) -> Mapping[str, int]:
        return self.assignment.fields

    def strength(self) -> float:
        """Return how much it looks like a plan: the evidence for its action column and those that go with it."""
        return sum(
            max(self.columns[at].heading.weights.get(f, 0.0) / 3, min(8.0, self.columns[at].total(f)))
            for f, at in self.fields.items()
            if f in (*CORE, "action")
        )

    @property
    def is_plan(self) -> bool:
        """Whether it can be a plan at all: actions, and something that goes with them."""
        if "action" not in self.fields:
            return False
        if len(self.fields) < 4 and self.columns[self.fields["action"]].shares.get("numbers", 0.0) > MOST_NUMBERS:
            return False
        chosen = _is_chosen(self)
        beside = [f for f in CORE if f in self.fields]
        if self.frame.matrix.layout == "lists":
            return any(c.kind in {"heading", "outline"} for row in self.frame.rows for c in row.context)
        return chosen or bool(beside)


def explain_all(
    matrices: Sequence[Matrix], near: date, chosen: Mapping[str, str], evidence: EvidenceKinds
) -> list[Explanation]:
    """The best explanation of each matrix, those under the same headings weighed together, in the file's order."""
    common = signatures(matrices)
    best: list[Explanation | None] = []
    for matrix in matrices:
        best.append(_best(matrix, lambda m: frames(m, common, near, evidence), near, chosen, evidence))
    explanations = _weighed_together(
        [explanation for explanation in best if explanation is not None], near, chosen, evidence
    )
    return _continued(explanations, near, evidence)


def _best(
    matrix: Matrix,
    candidates: Callable[[Matrix], Iterator[Candidate]],
    near: date,
    chosen: Mapping[str, str],
    evidence: EvidenceKinds,
) -> Explanation | None:
    short = replace(matrix, rows=matrix.rows[:WEIGHED_ROWS])
    weighed: list[tuple[float, int, Explanation]] = []
    for n, frame in enumerate(_variants(candidates(short), near, evidence)):
        weighed.append(((explanation := weighed_frame(frame, near, chosen, evidence)).score, -n, explanation))
    side = turned(matrix) if evidence.layout else None
    if side is not None:
        for frame in _variants(
            (candidate for candidate in candidates(side) if candidate.layout == "table"), near, evidence
        ):
            made = weighed_frame(replace(frame, layout=ON_ITS_SIDE), near, chosen, evidence)
            if {"action", "recommendation"} <= set(made.fields) and frame.head_rows == 1:
                weighed.append((made.score - UPRIGHT, -len(weighed), made))
    if not weighed:
        return None
    weighed.sort(key=lambda entry: entry[:2], reverse=True)
    best = weighed[0][2]
    second = best.second or _second(best, [explanation for _, _, explanation in weighed[1:]])
    if len(matrix.rows) > WEIGHED_ROWS:
        like = best.frame
        for frame in _variants(candidates(matrix), near, evidence):
            if (frame.layout, frame.headings, frame.head_at) == (like.layout, like.headings, like.head_at):
                return replace(weighed_frame(frame, near, chosen, evidence), second=second)
    return replace(best, second=second)


def _second(best: Explanation, others: Sequence[Explanation]) -> str:
    for other in others:
        if other.score < best.score - CLOSE_SECOND:
            return ""
        whole = "recommendation" in other.fields or _stands_above(other.frame) > 0
        if whole and other.frame.layout != best.frame.layout and len(other.frame.rows) != len(best.frame.rows):
            return other.frame.layout
    return ""


def _variants(candidates: Iterator[Candidate], near: date, evidence: EvidenceKinds) -> Iterator[Candidate]:
    for frame in candidates:
        yield frame
        if not evidence.layout:
            continue
        changed: Candidate | None
        for changed in (repeated_groups(frame), month_columns(frame, near), tick_columns(frame)):
            if changed is not None:
                brought = len(frame.headings) - len(changed.headings)
                grouped = GROUPED if changed.layout == "groups of columns" else 0.0
                yield replace(changed, bonus=changed.bonus + 3.0 + grouped + 0.8 * brought)
        changed = owner_and_date(frame, near)
        if changed is not None:
            yield replace(changed, bonus=changed.bonus + 2.0)


def weighed_frame(frame: Candidate, near: date, chosen: Mapping[str, str], evidence: EvidenceKinds) -> Explanation:
    """Weigh one frame."""
    if frame.quality < 0:  # what is there reads like values: its words say nothing of the columns
        evidence = replace(evidence, headings=False)
    columns = tuple(_columns([frame], near, evidence))
    return _with(frame, columns, near, chosen)


def _with(frame: Candidate, columns: tuple[ColumnEvidence, ...], near: date, chosen: Mapping[str, str]) -> Explanation:
    names = names_of(frame.headings, frame.names)
    decided = {at: chosen[name] for at, name in enumerate(names) if name in chosen}
    above = _stands_above(frame)
    made = [assign(columns, decided, near, above=above >= 2.5)]
    if frame.layout == "rows across" and above >= 2.5:
        # Rows across may be themes over rows that have their recommendation in a column.
        with_column = assign(columns, decided, near)
        made += [with_column] if "recommendation" in with_column.fields else []
    scored = [
        (assignment.score + _structure(frame, assignment, above, near, _left_over(columns, assignment)), -n, assignment)
        for n, assignment in enumerate(made)
    ]
    score, _, assignment = max(scored, key=lambda entry: entry[:2])
    close = any(
        score - other < CLOSE_SECOND for other, _, other_assignment in scored if other_assignment is not assignment
    )
    doubted = frame.layout == "rows across" and (close or _may_be_a_theme(columns, assignment))
    made_of = frame.layout if "recommendation" in assignment.fields else SECTIONS
    return Explanation(frame, columns, assignment, score, second=made_of if doubted else "")


def _may_be_a_theme(columns: Sequence[ColumnEvidence], assignment: Assignment) -> bool:
    """Return whether rows across may be themes: a column before the actions holds sentences that nothing explains."""
    if "recommendation" in assignment.fields or "action" not in assignment.fields:
        return False
    taken = set(assignment.fields.values())
    return any(
        at not in taken
        and column.shares.get("long", 0.0) > 0.5
        and not column.heading.weights.get("other")
        and column.shares.get("distinct", 0.0) > 0.3
        for at, column in enumerate(columns[: assignment.fields["action"]])
    )


def _columns(alike: Sequence[Candidate], near: date, evidence: EvidenceKinds) -> Iterator[ColumnEvidence]:
    width = len(alike[0].headings)
    for place in range(width):
        cells = [row.seen(place) for frame in alike for row in frame.rows]
        heading = (alike[0].words or alike[0].headings)[place]
        yield column_evidence(Column(heading, cells, place, width), near, evidence)


def _stands_above(frame: Candidate) -> float:
    """Return how well what is above the rows tells recommendations apart: 0 if nothing does."""
    kinds: dict[str, set[str]] = {}
    for row in frame.rows:
        for context in row.context:
            if context.doubted:
                return 2.6
            if context.kind == "block" and heading_evidence(context.label).weights.get("recommendation", 0.0) >= 3:
                return 3.0
            kinds.setdefault(context.kind, set()).add(context.text)
    if "outline" in kinds:
        return 3.2
    if "across" in kinds:
        return 2.6
    texts = {text for kind in ("heading", "above", "paragraph") for text in kinds.get(kind, ())}
    return 1.5 if any(numbered(text).number or numbered(text).label for text in texts) else 0.0


def _left_over(columns: Sequence[ColumnEvidence], assignment: Assignment) -> int:
    """Count the columns with clear evidence for a field that another column was given."""
    taken = set(assignment.fields.values())
    return sum(
        max((column.total(field) for field in CORE_AND_ACTION), default=0.0) > SPEAKS_CLEARLY
        for at, column in enumerate(columns)
        if at not in taken and column.filled
    )


def _structure(frame: Candidate, assignment: Assignment, above: float, near: date, left_over: int) -> float:
    fields = assignment.fields
    score = frame.quality + frame.bonus - 1.2 * left_over
    if "action" not in fields:
        return score - 8.0
    rows = [row for row in frame.rows if not row.is_blank]
    filled = sum(not row.seen(fields["action"]).is_blank for row in rows)
    score += 3.0 * filled / max(1, len(rows))
    score -= LEFT_OVER * _full_rows_above(frame)
    if "recommendation" not in fields:
        score += above
    if frame.layout == "rows across":
        score -= _doubt_across(frame, near)
    elif frame.layout == "table" and "recommendation" not in fields:
        score -= LEFT_OVER * min(2, max(_numbered_alone(frame), _named_alone(frame, fields["action"])))
    return score


def _numbered_alone(frame: Candidate) -> int:
    """Count the rows that hold nothing but a line such as "Priority 2: ...", which names the rows after it.

    A bare number does where it counts on from line to line and no fuller row has one in its place.
    """
    alone = [(row.filled[0], row.cells[row.filled[0]]) for row in frame.rows if len(row.filled) == 1]
    leading = [(place, numbered(cell.live)) for place, cell in alone]
    labelled = sum(bool(line.number and line.label) for _, line in leading)
    counted = [(place, int(line.number)) for place, line in leading if line.number.isdigit()]
    counts_on = len(counted) > 1 and all(b - a == 1 for (_, a), (_, b) in pairwise(counted))
    places = {place for place, _ in counted}
    fuller = [row.cell(place).live for row in frame.rows if len(row.filled) > 1 for place in places]
    return max(labelled, len(counted) * (counts_on and not any(numbered(text).number for text in fuller)))


def _named_alone(frame: Candidate, place: int) -> int:
    """Count the rows that hold nothing but an action's cell and read like no action, where those of full rows do.

    All of them count if the first row is one, or a line is above the headings: no author begins with an action of which
    nothing is known.
    """
    full = [row.cell(place).live for row in frame.rows if len(row.filled) > 2 and not row.cell(place).is_blank]
    alone = [row for row in frame.rows if row.filled == [place]]
    acting = sum(begins_an_action(text) for text in full) >= MOSTLY_ACTIONS * len(full)
    first = next((row for row in frame.rows if not row.is_blank), None)
    begun = first is not None and (first.filled == [place] or any(c.kind == "above" for c in first.context))
    other = sum(row.cell(place).columns > 1 or not begins_an_action(row.cell(place).live) for row in alone)
    return len(alone) if begun and len(full) > 1 else other if acting else 0


def _by_turns(frame: Candidate) -> bool:
    """Return whether every line across the table is followed by full rows, and the first row is such a line."""
    roles = [role.role for role in frame.roles if role.role in {"recommendation", "action"}]
    across = [n for n, role in enumerate(roles) if role == "recommendation"]
    if (
        not frame.head_rows
        or len(across) < 2
        or across[0]
        or across[-1] == len(roles) - 1
        or any(b - a == 1 for a, b in pairwise(across))
    ):
        return False
    sizes = sorted(len(row.filled) for row in frame.rows)
    return sizes[0] > 2 and sizes[0] >= 0.6 * sizes[-1]


def _full_rows_above(frame: Candidate) -> int:
    """Return how many rows above the headings are as full as those below: no title and no label is."""
    below = sorted(len(row.filled) for row in frame.rows)
    usual = below[len(below) // 2] if below else 0
    above = {role.index for role in frame.roles if role.role == "above"}
    rows = [row for row in frame.matrix.rows if row.index in above and not labelled_pairs(row)]
    return sum(len(row.filled) >= max(3, 0.7 * usual) for row in rows)


def _doubt_across(frame: Candidate, near: date) -> float:
    """Return the case against rows across the table as recommendations: they read like actions, or are most rows."""
    lines = {context.at: context for row in frame.rows for context in row.context if context.kind == "across"}
    if not lines:
        return 0.0
    verbs = sum(begins_an_action(numbered(line.text).text) for line in lines.values()) / len(lines)
    merged = sum(any(cell.columns > 1 for cell in line.cells) for line in lines.values()) / len(lines)
    counted = sum(bool(numbered(line.text, line.mark).number or numbered(line.text).label) for line in lines.values())
    dated = sum(bool(traits(line.text, near) & {"dates", "status", "rated"}) for line in lines.values()) / len(lines)
    plain_looking = 1 - max(merged, counted / len(lines))
    bold = sum(all(cell.bold for cell in line.cells if cell.text) for line in lines.values()) / len(lines)
    many = max(0.0, len(lines) / max(1, len(frame.rows)) - 1.0)
    factor = BY_TURNS if _by_turns(frame) else 1.0
    return factor * (
        1.5 * verbs * (1 - max(merged, counted / len(lines)))
        + 1.5 * plain_looking * (1 - bold)
        + 2.0 * min(1.5, many)
        + 3.0 * dated
    )


# Tables that belong together ---------------------------------------------------------------------------------


def _weighed_together(
    explanations: Sequence[Explanation], near: date, chosen: Mapping[str, str], evidence: EvidenceKinds
) -> list[Explanation]:
    families: dict[tuple[str, ...], list[Explanation]] = {}
    for explanation in explanations:
        families.setdefault(_family(explanation.frame), []).append(explanation)
    made = []
    for explanation in explanations:
        alike = families[_family(explanation.frame)]
        if len(alike) > 1:
            if explanation is alike[0]:
                columns = tuple(_columns([each.frame for each in alike], near, evidence))
                families[_family(explanation.frame)] = [replace(each, columns=columns) for each in alike]
            columns = families[_family(explanation.frame)][0].columns
            together = _with(explanation.frame, columns, near, chosen)
            made.append(replace(together, second=explanation.second))
        else:
            made.append(explanation)
    return made


def _family(frame: Candidate) -> tuple[str, ...]:
    headings = tuple(comparable(heading) for heading in frame.headings)
    return headings if any(headings) else (frame.matrix.at, *headings)


def _continued(explanations: Sequence[Explanation], near: date, evidence: EvidenceKinds) -> list[Explanation]:
    """Tables without headings that go on with the table before them."""
    made: list[Explanation] = []
    for explanation in explanations:
        before = made[-1] if made else None
        if before is not None and evidence.layout and _goes_on(explanation, before, near):
            rows = explanation.frame.matrix.rows
            context = explanation.frame.matrix.context
            lines = tuple(replace(row, context=context) for row in rows)
            frame = replace(
                before.frame,
                matrix=explanation.frame.matrix,
                rows=lines,
                roles=(),
                names=explanation.frame.matrix.names,
            )
            columns = tuple(_columns([frame], near, evidence))
            if _fits(columns, before):
                made.append(replace(before, frame=frame, continues=True))
                continue
        made.append(explanation)
    return made


def _goes_on(explanation: Explanation, before: Explanation, near: date) -> bool:
    matrix = explanation.frame.matrix
    if len(before.frame.headings) != before.frame.matrix.width:
        return False
    if matrix.width != before.frame.matrix.width or "action" not in before.fields or matrix.layout != "table":
        return False
    heads = {role.index for role in explanation.frame.roles if role.role == "heading"}
    if _family(explanation.frame) == _family(before.frame) or any(
        row.is_head for row in matrix.rows if row.index in heads
    ):
        return False
    acting = any(not row.cell(before.fields["action"]).is_blank for row in matrix.rows)
    apart = matrix.grid == before.frame.matrix.grid or not acting
    if apart and _usually_filled(matrix) < LIKE_THE_MAIN * _usually_filled(before.frame.matrix):
        return False
    if matrix.lettered and (not before.is_plan or speaks_against(before)):
        return False
    return (
        explanation.frame.head_rows == 0
        or explanation.frame.quality < LIKE_HEADINGS
        or _heads_like_rows(explanation, before, near)
    )


def _heads_like_rows(explanation: Explanation, before: Explanation, near: date) -> bool:
    """Return whether what was taken for headings is of the same kinds as the cells of the table before it."""
    heads = {role.index for role in explanation.frame.roles if role.role == "heading"}
    rows = [row for row in explanation.frame.matrix.rows if row.index in heads]
    alike = unlike = 0
    for row in rows[:1]:
        for at in before.fields.values():
            shares = before.columns[at].shares
            kinds = {kind for kind in HEADED_KINDS if shares.get(kind, 0.0) >= USUAL_KIND}
            text = visible(row.cell(at).live)
            if kinds and text:
                text_kinds = traits(text, near)
                alike += bool(kinds & text_kinds)
                unlike += not kinds & text_kinds
    return alike >= LEAST_ALIKE_KINDS and alike > 2 * unlike


def _usually_filled(matrix: Matrix) -> int:
    """Return the median number of cells in a row that hold text or are covered by one that does."""
    sizes = sorted(len(row.filled) + len(row.over) for row in matrix.rows)
    return sizes[len(sizes) // 2] if sizes else 0


def _fits(columns: Sequence[ColumnEvidence], before: Explanation) -> bool:
    """Return whether the cells look like those of the columns that they would go on with."""
    fields = {at: field for field, at in before.fields.items()}
    against = [
        column.contents.get(fields[at], 0.0) for at, column in enumerate(columns) if at in fields and column.filled
    ]
    kinds = ("dates", "status", "rated", "refs", "persons")
    differ = [
        abs(column.shares.get(kind, 0.0) - before.columns[at].shares.get(kind, 0.0))
        for at, column in enumerate(columns)
        for kind in kinds
        if column.filled and at in fields
    ]
    return bool(against) and sum(difference > 0.8 for difference in differ) <= max(1, len(against) / 3)


# Which of them are the plan ----------------------------------------------------------------------------------


def speaks_against(table: Explanation) -> float:
    """Return the evidence in the name and headings of a table that it is not the plan."""
    named_words = {*comparable(table.frame.matrix.name).split(), *comparable(table.frame.matrix.at).split()}
    heads = {word for heading in table.frame.headings for word in comparable(heading).split()}
    named = sum(weight for word, weight in NO_PLAN.items() if word in named_words)
    return named + sum(weight for word, weight in NO_PLAN.items() if word in heads and word not in named_words)


def the_plan(tables: Sequence[Explanation]) -> list[Explanation]:
    """The tables that hold the plan: the strongest, and those that are nearly as strong or like it."""
    likely = [(table, table.strength() - speaks_against(table)) for table in tables if table.is_plan]
    if not any(table.is_plan for table in tables):
        tables = [acting_alone(table) for table in tables]
        likely = [(table, table.strength() - speaks_against(table)) for table in tables if table.acts_alone]
    likely = [(table, s) for table, s in likely if (s >= LEAST_STRENGTH and not _is_key(table)) or _is_chosen(table)]
    if not likely:
        return []
    main, most = max(likely, key=lambda pair: (pair[1], len(pair[0].frame.rows)))
    plan = []
    for table, strength in likely:
        alike = _family(table.frame) == _family(main.frame) or table.continues
        against = speaks_against(table) - speaks_against(main)
        if table is main or alike or (strength >= LIKE_THE_MAIN * most and against < NOT_THE_PLAN):
            plan.append(table)
    if len(plan) < 2:
        return plan
    plan = [table for table in plan if table is main or not (_is_summary(table, plan) or copied_from(table, plan))]
    return [table for table in plan if repeated_in(table, plan) is None]


def copied_from(table: Explanation, others: Sequence[Explanation]) -> Explanation | None:
    """The table whose rows an older one repeats: its name or title says that it is kept only as a trace."""
    if "action" not in table.fields or not _OLD_COPY.search(_title_of(table)):
        return None
    own = _texts(table)
    likely = [other for other in others if other is not table and "action" in other.fields]
    return next((other for other in likely if len(own & _texts(other)) > REPEATED * len(own)), None)


def repeated_in(table: Explanation, others: Sequence[Explanation]) -> Explanation | None:
    """The sheet with the same headings, recommendations and actions that counts in place of another: the newer by its
    name, or else the first.
    """
    own = _texts(table) if "action" in table.fields and table.frame.matrix.lettered else set()
    for other in others:
        if (
            other.frame.matrix.grid == table.frame.matrix.grid
            or "action" not in other.fields
            or len(own) < LEAST_COPIED
        ):
            continue
        alike = _family(other.frame) == _family(table.frame) and len(own & _texts(other)) > REPEATED * len(own)
        if (
            not alike
            or len(_aims(table) & _aims(other)) <= REPEATED * len(_aims(table))
            or _OLD_COPY.search(_title_of(other))
        ):
            continue
        mine, theirs = (months_named(each.frame.matrix.name) for each in (table, other))
        if mine and theirs and mine[-1].last_day != theirs[-1].last_day:
            newer = theirs[-1].last_day > mine[-1].last_day
        else:
            newer = other.frame.matrix.grid < table.frame.matrix.grid
        if newer:
            return other
    return None


def _title_of(table: Explanation) -> str:
    return " ".join((table.frame.matrix.name, *(c.text for row in table.frame.rows[:1] for c in row.context[-2:])))


def _aims(table: Explanation) -> set[str]:
    """The recommendations of a table: those of its column, or else what is above its rows."""
    if "recommendation" in table.fields:
        cells = [row.seen(table.fields["recommendation"]) for row in table.frame.rows]
        return {plain(cell.live) for cell in cells if not cell.is_blank}
    above = {plain(c.text) for row in table.frame.rows for c in row.context if c.kind not in {"file", "sheet"}}
    return above or {""}


def acting_alone(table: Explanation) -> Explanation:
    """A list of recommendations with dates, people or progress and no actions: each is also its own action."""
    beside = [f for f in CORE[1:] if f in table.fields and table.columns[table.fields[f]].filled]
    if "recommendation" not in table.fields or "action" in table.fields or len(beside) < LEAST_BESIDE:
        return table
    fields = {**table.fields, "action": table.fields["recommendation"]}
    return replace(table, assignment=replace(table.assignment, fields=fields), acts_alone=True)


def _is_key(table: Explanation) -> bool:
    """Return whether a narrow table explains symbols, colours or words: it is the key to the plan."""
    rows = [row for row in table.frame.matrix.rows if len(row.filled) > 1 or (row.filled and row.filled[0] > 0)]
    if table.frame.matrix.layout == "key":
        return True
    if table.frame.matrix.width > 3 or len(rows) < 2 or table.frame.matrix.layout != "table":
        return False
    known = sum(is_key_word(row.cells[0].live) or bool(row.cells[0].fill) for row in rows)
    return known >= max(2, 0.6 * len(rows))


def _is_chosen(table: Explanation) -> bool:
    return any(taken.how == "chosen" and taken.field for taken in table.assignment.taken)


def _is_summary(table: Explanation, plan: Sequence[Explanation]) -> bool:
    """Return whether a table only repeats another one in fewer columns."""
    own = _texts(table)
    for other in plan:
        if other is table or len(other.fields) <= len(table.fields):
            continue
        theirs = _texts(other)
        if own and len(own & theirs) > 0.6 * len(own):
            return True
    return False


def _texts(table: Explanation) -> set[str]:
    place = table.fields["action"]
    return {plain(row.cell(place).live) for row in table.frame.rows if not row.cell(place).is_blank}


def lines_of(rows: Sequence[Line], place: int) -> list[str]:
    """The words of one column."""
    return [row.cell(place).live for row in rows]
