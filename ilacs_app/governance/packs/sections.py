"""The sections of a pack after its first page, in their order: for everyone, or what only the exempt part shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ilacs_app.clock import london_day
from ilacs_app.dates import long_date, short_date
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.challenges.rules import ChallengeState
from ilacs_app.governance.packs.cells import SHARES, action_cells, question_about, rating_of, ref_cell
from ilacs_app.governance.packs.contents import PackMaterial
from ilacs_app.governance.packs.document import (
    PackBlock,
    PackCell,
    PackHeading,
    PackLine,
    PackParagraph,
    PackSection,
    PackTable,
)
from ilacs_app.governance.packs.position import NOT_RECORDED, SECTION_TITLES, asked_of_board, position
from ilacs_app.governance.since.queries import ChangedActions
from ilacs_app.governance.since.rules import MetChange
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.plan.rules import STATUS_WORDS, Status, Timeliness
from ilacs_app.progress.dates.deciders.waiting import WaitingDate
from ilacs_app.progress.dates.rules import REASON_CLASSES
from ilacs_app.text import days_later, many

_HEADINGS = ("Ref.", "Action", "Date", "Rating")


def _since(material: PackMaterial, exempt: bool) -> Iterator[PackBlock]:
    if not material.since.met_on and not exempt:
        yield PackParagraph("No earlier meeting is recorded, so this covers the last 35 days.")
    none = []
    for changed in material.since.changes:
        rows = _changed_rows(material, changed, exempt)
        if rows:
            yield PackHeading(f"{changed.title}: {len(rows)}")
            when = {MetChange.NEWLY_LATE: "Was due", MetChange.NO_WORD: "Last update, or the plan’s date"}
            headings = ("Ref.", "Action", when.get(changed.change, "On"))
            yield PackTable(changed.title, headings, (9, 63, 28), rows)
        else:
            none.append(changed.title[0].lower() + changed.title[1:])
    if not exempt:
        unanswered = _unanswered(material)
        yield PackHeading(f"Questions that are not answered: {unanswered}")
        if unanswered:
            yield PackParagraph(f"See “{SECTION_TITLES['questions']}”.")
        if none:
            yield PackParagraph(f"None: {'; '.join(none)}.")


def _unanswered(material: PackMaterial) -> int:
    return sum(
        question.state == ChallengeState.OPEN and not material.hides(question) for question in material.questions
    )


def _changed_rows(material: PackMaterial, changed: ChangedActions, exempt: bool) -> tuple[tuple[PackCell, ...], ...]:
    by_id, rows = material.by_id, {}
    for action in changed.actions:
        row = by_id.get(action.id)
        if row is None or (row.id in material.hidden) != exempt:
            continue
        day = london_day(action.at) if action.at else action.on_day
        lines = [PackLine(short_date(day))]
        if changed.moved_dates:
            lines.append(PackLine(action.due_words, "New date"))
        if action.marked and changed.mark_words:
            lines.append(PackLine(changed.mark_words))
        rows[row.id] = (ref_cell(material, row), PackCell((PackLine(row.text),)), PackCell(tuple(lines)))
    return tuple(rows.values())


def _overdue(material: PackMaterial, exempt: bool) -> Iterable[PackBlock]:
    rows = [row for row in material.rows if row.timeliness == Timeliness.OVERDUE]
    rows.sort(key=lambda row: -row.days)
    return _actions(material, rows, exempt, none="No action is overdue.", caption="Overdue actions")


def _completed(material: PackMaterial, exempt: bool) -> Iterable[PackBlock]:
    rows = [row for row in material.rows if row.status == Status.COMPLETED]
    return _actions(
        material, rows, exempt, none="No completed action is awaiting verification.", caption="Completed actions"
    )


def _verified(material: PackMaterial, exempt: bool) -> Iterator[PackBlock]:
    rows = [row for row in material.rows if row.status in {Status.VERIFIED, Status.EMBEDDED}]
    blocks = tuple(
        _actions(
            material, rows, exempt, none="No action is verified or embedded.", caption="Verified and embedded actions"
        )
    )
    yield from blocks
    if blocks and rows and not exempt:
        yield PackParagraph(NOT_RECORDED)


def _slipped(material: PackMaterial, exempt: bool) -> Iterable[PackBlock]:
    rows = [row for row in material.rows if row.status == Status.SLIPPED_BACK]
    return _actions(material, rows, exempt, none="No action has slipped back.", caption="Actions that slipped back")


def _reviews(material: PackMaterial, exempt: bool) -> Iterable[PackBlock]:
    rows = [row for row in material.rows if row.timeliness == Timeliness.REVIEW_OVERDUE]
    return _actions(material, rows, exempt, none="No review is late.", caption="Ongoing actions with a late review")


def _actions(
    material: PackMaterial, rows: Iterable[ActionRow], exempt: bool, *, none: str, caption: str
) -> Iterator[PackBlock]:
    shown = [row for row in rows if (row.id in material.hidden) == exempt]
    if shown:
        yield PackTable(caption, _HEADINGS, SHARES, tuple(action_cells(material, row) for row in shown))
    elif not exempt:
        yield PackParagraph(none)


def _dates(material: PackMaterial, exempt: bool) -> Iterator[PackBlock]:
    waits = [wait for wait in material.waiting if (wait.row.id in material.hidden) == exempt]
    own = [wait for wait in waits if wait.decision.led_by(material.board.id)]
    others = [wait for wait in waits if not wait.decision.led_by(material.board.id)]
    if own:
        yield PackHeading("For this board to agree or refuse")
        yield _requests(material, own, "Date changes for this board to agree")
    elif not exempt:
        yield PackParagraph("This board has no date change to decide.")
    if others:
        yield PackHeading("Decided elsewhere")
        yield _requests(material, others, "Date changes that others decide")


def _requests(material: PackMaterial, waits: Iterable[WaitingDate], caption: str) -> PackTable:
    rows = tuple(
        (
            ref_cell(material, wait.row),
            PackCell((PackLine(wait.row.text), *_reasons(wait))),
            PackCell(tuple(_move(wait, material))),
            PackCell((PackLine(STATUS_WORDS[wait.row.status]),), rating_of(wait.row)),
        )
        for wait in waits
    )
    return PackTable(
        caption, ("Ref.", "Action, why, and effect on children", "Date now → requested", "Rating"), SHARES, rows
    )


def _reasons(wait: WaitingDate) -> Iterator[PackLine]:
    asked = wait.asked
    yield PackLine(REASON_CLASSES[asked.reason_class], "Reason")
    if asked.effect:
        yield PackLine(asked.effect, "Effect on children")
    if asked.cover:
        yield PackLine(asked.cover, "In the meantime")
    who = f"In {asked.source}" if asked.source else asked.who
    yield PackLine(f"{who}, {long_date(asked.asked_on)}", "Requested")


def _move(wait: WaitingDate, material: PackMaterial) -> Iterator[PackLine]:
    asked, row = wait.asked, wait.row
    yield PackLine(f"{short_date(row.due_on) or 'No date'} →")
    yield PackLine(short_date(asked.due_on) or "no date", strong=True)
    yield PackLine(f"“{asked.words}”")
    if wait.days is not None:
        yield PackLine(days_later(wait.days))
    if row.moves:
        yield PackLine(f"after {many(row.moves, 'earlier change')}")
    if asked.before_board_id == material.board.id and (
        near := asked.mark_words(material.board.id, material.meeting.on_day)
    ):
        yield PackLine(near)


def _questions(material: PackMaterial, exempt: bool) -> Iterator[PackBlock]:
    shown = [
        question
        for question in material.questions
        if material.hides(question) == exempt and _is_news(question, material)
    ]
    arisen = [question for question in material.arisen if material.hides(question) == exempt]
    if arisen:
        yield PackHeading("What became of the actions arising from the last meeting")
        headings = ("About", "Action arising", "Due", "What became of it")
        yield PackTable(headings[1], headings, (18, 42, 17, 23), tuple(_arisen_row(q, material) for q in arisen))
    order = list(ChallengeState)
    shown.sort(key=lambda question: (order.index(ChallengeState(question.state)), question.due_on, question.id))
    if shown:
        headings = ("About", "Question and answers", "Due", "State")
        rows = tuple(_question_row(question, material) for question in shown)
        yield PackTable("Questions from this board", headings, (18, 48, 17, 17), rows)
    elif not exempt:
        yield PackParagraph("No question is open, and none was settled since the last meeting.")


def _arisen_row(question: BoardQuestion, material: PackMaterial) -> tuple[PackCell, ...]:
    return (
        PackCell((PackLine(question_about(question, material), strong=True),)),
        PackCell((PackLine(question.question), PackLine(question.owner, "Who"))),
        PackCell((PackLine(short_date(question.due_on)),)),
        PackCell((PackLine(question.outcome(material.today)),)),
    )


def _is_news(question: BoardQuestion, material: PackMaterial) -> bool:
    """Return whether a question is not settled, or was settled or withdrawn since the board last met."""
    if question.state in {ChallengeState.OPEN, ChallengeState.ANSWERED}:
        return True
    newest = question.newest
    ended = question.withdrawn_at or (newest.judged_at if newest else None)
    return ended is not None and london_day(ended) >= material.since.since


def _question_row(question: BoardQuestion, material: PackMaterial) -> tuple[PackCell, ...]:
    lines = [
        PackLine(question.question, strong=True),
        PackLine(f"{question.asked_by}, {long_date(london_day(question.asked_at))}", "Asked by"),
        PackLine(question.owner, "Asked of"),
    ]
    for answer in question.answers:
        lines.append(PackLine(answer.words, f"Answer, {answer.who}, {short_date(london_day(answer.at))}"))
        if answer.judged_words and answer.judged_at:
            lines.append(
                PackLine(answer.judged_words, f"{answer.judged_by}, {short_date(london_day(answer.judged_at))}")
            )
    if question.withdrawn_reason:
        lines.append(PackLine(question.withdrawn_reason, "Withdrawn"))
    due = [PackLine(short_date(question.due_on))]
    if question.is_late(material.today):
        due.append(PackLine(f"{many((material.today - question.due_on).days, 'day')} late", strong=True))
    return (
        PackCell((PackLine(question_about(question, material), strong=True),)),
        PackCell(tuple(lines)),
        PackCell(tuple(due)),
        PackCell((PackLine(question.label),)),
    )


def sections_of(material: PackMaterial, *, exempt: bool) -> tuple[PackSection, ...]:
    """Return the sections before the key: those for everyone, or those of the exempt part that hold anything."""
    makers: Mapping[str, Callable[[PackMaterial, bool], Iterable[PackBlock]]] = {
        "position": asked_of_board if exempt else position,
        "since": _since,
        "overdue": _overdue,
        "dates": _dates,
        "completed": _completed,
        "verified": _verified,
        "slipped": _slipped,
        "reviews": _reviews,
        "questions": _questions,
    }
    sections = [PackSection(id_, _title(material, id_), tuple(make(material, exempt))) for id_, make in makers.items()]
    return tuple(section for section in sections if section.blocks)


def _title(material: PackMaterial, id_: str) -> str:
    if id_ == "since" and not material.since.met_on:
        return f"Since {long_date(material.since.since)}"
    return f"{SECTION_TITLES[id_]}, {long_date(material.since.met_on)}" if id_ == "since" else SECTION_TITLES[id_]
