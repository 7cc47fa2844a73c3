"""What a reading leaves over: text in no field, dates among people, labels as values. Each is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ilacs_app.intake.reader.columns.headings import comparable, heading_evidence
from ilacs_app.intake.reader.columns.lexicon import JOB
from ilacs_app.intake.reader.columns.traits import names_a_day
from ilacs_app.intake.reader.contents.document import Document, Grid, Paragraph, plain, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.explanations.explanation import Explanation
from ilacs_app.intake.reader.layout.matrix import Line, label_of
from ilacs_app.intake.reader.status_key import is_key_line
from ilacs_app.plan.plan_file import FileAction, FileProblem, FileRecommendation

_SIGNS = r"(?:\*{1,3}|[\u2020\u2021\u00a7\u00b9\u00b2\u00b3\u2070-\u2079])"
_FOOTNOTE = re.compile(rf"(?P<sign>{_SIGNS})\s*(?P<note>\w.{{5,}})", re.DOTALL)
_SIGNED = re.compile(rf"\w[.)]?\s?(?P<sign>{_SIGNS})(?!\w)")
LONGEST_QUOTED = 80
SHORTEST_WORD = 4  # letters: shorter ones are everywhere
LONGEST_HEADING_WORDS = 40
_WORD = re.compile(rf"[^\W_]{{{SHORTEST_WORD},}}")


def leftovers(
    plan: Sequence[Explanation],
    recommendations: Sequence[FileRecommendation],
    problems: Sequence[FileProblem],
) -> Iterator[FileProblem]:
    """Everything that a plan's tables hold and its reading does not explain.

    ``problems`` are the problems known so far: what one of them quotes or addresses is not left over.
    """
    places = {name: table.frame.names[at] for table in reversed(plan) for name, at in table.fields.items()}
    labels = _labels(plan)
    for recommendation in recommendations:
        for action in recommendation.actions:
            yield from _dates_among_people(action, places)
            yield from _unclear_people(action, places)
            yield from _labels_as_values(action, labels, places)
    yield from _text_in_no_field(plan, recommendations, problems)


# Values that are of another field ---------------------------------------------------------------------------


def _dates_among_people(action: FileAction, places: Mapping[str, str]) -> Iterator[FileProblem]:
    dated = next((name for name in action.owners if names_a_day(name)), None)
    if dated is None:
        return
    column = places.get("owners") or places.get("leads")
    yield FileProblem(
        f"{action.at}, {column}" if column else action.at,
        "warning",
        f"The owner “{_short(dated)}” includes a date.",
        "Check whether it is the timescale, and correct the owner and the date after the import.",
        kind="owner_date",
    )


_NOBODY = re.compile(
    r"(?:tbc|tba|tbd|to be (?:confirmed|agreed|appointed|decided|named|identified)|vacan(?:t|cy)|not (?:yet )?known"
    r"|unknown|none|n/?a|all|everyone|various|as above|ditto|see above|same as .{1,20}|\?+|-+)\.?"
)
_SEVERAL_PEOPLE = re.compile(r",\s+|\s+(?:and|with|plus|supported by)\s+|\s\+\s|:\s")


def _unclear_people(action: FileAction, places: Mapping[str, str]) -> Iterator[FileProblem]:
    """Owners that are no person yet, and those that may be several people in one."""
    column = places.get("owners") or places.get("leads")
    at = f"{action.at}, {column}" if column else action.at
    for name in action.owners:
        if _NOBODY.fullmatch(plain(name)):
            yield FileProblem(
                at,
                "warning",
                f"The owner is “{_short(name)}”, which is not a person or a team.",
                "Choose the owner after the import.",
                kind="owner_unclear",
            )
        elif _may_be_several(name):
            yield FileProblem(
                at,
                "info",
                f"“{_short(name)}” may be more than one owner. We read it as one.",
                "If they are several, put a semicolon between them in the file, or change the owners after the import.",
                kind="owner_several",
            )


def _may_be_several(name: str) -> bool:
    """Return whether each part of a name is a post by itself: "Head of Service with Team Manager"."""
    parts = [part for part in _SEVERAL_PEOPLE.split(name) if part]
    return len(parts) > 1 and sum(bool(JOB.search(plain(part))) for part in parts) > 1


def _labels(plan: Sequence[Explanation]) -> frozenset[str]:
    headings = {
        comparable(heading)
        for table in plan
        for heading in table.frame.headings
        if len(heading) <= LONGEST_HEADING_WORDS
    }
    return frozenset(headings - {""})


def _labels_as_values(action: FileAction, labels: frozenset[str], places: Mapping[str, str]) -> Iterator[FileProblem]:
    """Values that are word for word a heading of the file: it may hold labels where we read values."""
    values = {"owners": action.owners, "timescale": (action.timescale.text,), "action": (action.text,)}
    for name, texts in values.items():
        for text in texts:
            own = (
                heading_evidence(text).known in {"own", "phrase"}
                if text and len(text) <= LONGEST_HEADING_WORDS
                else False
            )
            if own and comparable(text) in labels:
                column = places.get(name)
                yield FileProblem(
                    f"{action.at}, {column}" if column else action.at,
                    "warning",
                    f"“{_short(text)}” is also a heading in this file, so it may not be a value.",
                    "Check how this row was read.",
                    kind="label_as_value",
                )


# Footnotes --------------------------------------------------------------------------------------------------


def footnotes(plan: Sequence[Explanation], document: Document) -> Iterator[FileProblem]:
    """Report each cell with a footnote sign whose note the file holds: it may change what the cell says."""
    notes = {match["sign"]: match["note"] for text in _lines_of(document) if (match := _FOOTNOTE.fullmatch(text))}
    if not notes:
        return
    for table in plan:
        for row in table.frame.rows:
            for place in row.filled:
                match = _SIGNED.search(visible(row.cells[place].live))
                if match and match["sign"] in notes:
                    yield FileProblem(
                        f"{row.at}, {table.frame.names[place]}",
                        "warning",
                        f"A footnote on this cell says “{_short(notes[match['sign']])}”. We do not import footnotes.",
                        "Check whether it changes what the cell says.",
                        kind="footnote",
                    )


def _lines_of(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield visible(block.text)
        elif isinstance(block, Grid):
            for row in block.rows:
                texts = [visible(cell.live) for cell in row.cells if not cell.is_blank]
                if len(texts) == 1:
                    yield texts[0]


# Text in no field -------------------------------------------------------------------------------------------


def _text_in_no_field(
    plan: Sequence[Explanation], recommendations: Sequence[FileRecommendation], problems: Sequence[FileProblem]
) -> Iterator[FileProblem]:
    """Cells most of whose words are in no field of the plan, nor in anything said of the file."""
    known = _words_of_reading(recommendations) | _words_of(problem.says for problem in problems)
    addressed = {problem.at for problem in problems}
    for table in plan:
        labels = _labels([table]) | {comparable(c.label) for row in table.frame.rows for c in row.context if c.label}
        heads = {role.index for role in table.frame.roles if role.role == "heading"}
        for row in table.frame.matrix.rows:
            if row.at in addressed or row.is_head or (row.index in heads and row.index >= 0):
                continue
            if heads and 0 <= row.index < min(heads) and _is_title_or_group(row):
                continue
            lost = _lost(row, known, labels)
            if lost is not None and f"{row.at}, {table.frame.matrix.names[lost]}" not in addressed:
                yield _not_imported(f"{row.at}, {table.frame.matrix.names[lost]}", row.cells[lost].live)


def _lost(row: Line, known: frozenset[str], labels: frozenset[str]) -> int | None:
    """The place of the first cell of a row whose words were kept nowhere; a label's are not part of the plan."""
    if len(row.filled) == 1 and is_furniture(row.cells[row.filled[0]].live):
        return None
    if is_key_line([visible(row.cells[place].live) for place in row.filled]):
        return None  # it is used to read the statuses
    for place in row.filled:
        cell = row.cells[place]
        own = _words_of([cell.live])
        if len(own - known) * 2 > len(own) and comparable(cell.live) not in labels and not label_of(cell):
            return place
    return None


def _is_title_or_group(row: Line) -> bool:
    """Return whether a row above the headings is a title, or says in a few words each what groups of them are about."""
    return all(len(row.cells[place].live) <= LONGEST_HEADING_WORDS for place in row.filled)


def _not_imported(at: str, text: str) -> FileProblem:
    return FileProblem(
        at,
        "warning",
        f"We did not import “{_short(text)}”, because it is in no column of the plan.",
        "If it belongs to the plan, move it to a column of its own and import the file again.",
        kind="left_out",
    )


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts if text for word in _WORD.findall(plain(visible(text))))


def _words_of_reading(recommendations: Sequence[FileRecommendation]) -> frozenset[str]:
    return _words_of(text for recommendation in recommendations for text in _texts_of(recommendation))


def _texts_of(recommendation: FileRecommendation) -> Iterator[str]:
    yield from (recommendation.number, recommendation.text, recommendation.partnership_focus, recommendation.impact)
    for several in (
        recommendation.leads,
        recommendation.monitoring,
        recommendation.measures,
        recommendation.link_plans,
        recommendation.boards,
    ):
        yield from several
    yield from (text for pair in recommendation.extra.items() for text in pair)
    for action in recommendation.actions:
        yield from (action.ref, action.text, action.timescale.text, action.status_text, *action.owners)
        yield from (text for text in (action.note, action.brag_text, action.evidence) if text)
        yield from (text for pair in action.extra.items() for text in pair)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTED else f"{line[: LONGEST_QUOTED - 1]}…"
