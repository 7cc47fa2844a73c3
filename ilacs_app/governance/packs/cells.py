"""The cells of a pack's tables: how it names, dates and rates an action, and what was last said of it."""

from __future__ import annotations

from collections.abc import Iterator

from ilacs_app.clock import london_day
from ilacs_app.dates import month_year, short_date
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.packs.contents import PackMaterial
from ilacs_app.governance.packs.document import PackCell, PackLine
from ilacs_app.plan.labels import timeliness_beside_date, timeliness_words, why_in_full, why_words
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.plan.rules import STATUS_WORDS, TAG_WORDS, Status
from ilacs_app.progress.dates.rules import REASON_CLASSES
from ilacs_app.text import days_later, joined_with_and, many, sentence

_OUTCOMES = frozenset({Status.VERIFIED, Status.EMBEDDED, Status.SLIPPED_BACK})
SHARES = (8, 47, 20, 25)
"""The widths of the columns of a table of actions, in proportion."""


def action_cells(material: PackMaterial, row: ActionRow) -> tuple[PackCell, ...]:
    lines = [PackLine(row.text), PackLine(joined_with_and(row.people.names) or "No owner", row.people.label)]
    if row.is_open:
        lines.append(PackLine(_why(material, row), "Why"))
    elif row.is_set_aside:
        lines.append(PackLine(_why_set_aside(material, row), "Why"))
    lines += _outcome_lines(material, row)
    lines += _update_lines(material, row)
    status = PackLine(STATUS_WORDS[row.status])
    rating = PackCell((status,), rating_of(row))
    return (ref_cell(material, row), PackCell(tuple(lines)), date_cell(row, material), rating)


def _outcome_lines(material: PackMaterial, row: ActionRow) -> Iterator[PackLine]:
    """Yield what was said when an action was verified, accepted as embedded or found to have slipped back."""
    move = material.moves.get(row.id)
    if move is None or row.status not in _OUTCOMES or move.to_status != row.status:
        return
    label = f"{STATUS_WORDS[row.status]}, {short_date(london_day(move.at))}"
    yield PackLine(move.reason or "no reason recorded", label)
    if move.sample:
        yield PackLine(move.sample, "Looked at")


def _why_set_aside(material: PackMaterial, row: ActionRow) -> str:
    """Return why an action is paused or withdrawn."""
    move = material.moves.get(row.id)
    reason = move.reason if move and move.to_status == row.status else ""
    return " ".join(filter(None, (sentence(why_words(row)), reason)))


def _why(material: PackMaterial, row: ActionRow) -> str:
    """Return why an action has its rating: by the rule, by who overrode it, and by who asks for another date."""
    asked = next((wait.asked for wait in material.waiting if wait.row.id == row.id), None)
    return why_in_full(row, REASON_CLASSES[asked.reason_class] if asked else "")


def short_why(material: PackMaterial, row: ActionRow) -> str:
    """Return what was last said of an action in a few words; why it has its rating where nothing was."""
    newest, plan = material.newest_words.get(row.id), material.plan_words.get(row.id)
    if newest is None and plan:
        return f"{plan.label}: {plan.text}"
    return (newest.latest.line(help_open=row.help_open) if newest else "") or sentence(why_words(row))


def _update_lines(material: PackMaterial, row: ActionRow) -> list[PackLine]:
    newest, plan = material.newest_words.get(row.id), material.plan_words.get(row.id)
    if newest is None:
        return [PackLine(plan.text, plan.label) if plan else PackLine("No update yet", "Update")]
    latest = newest.latest
    texts = (latest.asked(help_open=row.help_open), latest.text.did, latest.text.difference)
    updates = [*filter(None, texts)] or ([] if latest.text.next_step else [latest.line(help_open=row.help_open)])
    update = "\n".join(filter(None, (*updates, latest.since)))
    lines = [PackLine(update, f"Update, {short_date(latest.on)}")] if update else []
    if latest.stopping:
        lines.append(PackLine(latest.stopping, "Stopping progress"))
    if row.is_open or row.is_paused:
        lines.append(PackLine(latest.text.next_step or "not recorded yet", "What next"))
    return lines


def ref_cell(material: PackMaterial, row: ActionRow) -> PackCell:
    return PackCell((PackLine(material.ref(row), strong=True),))


def rating_of(row: ActionRow) -> str:
    return row.tag


def rating_in_words(row: ActionRow) -> str:
    return TAG_WORDS[row.tag]


def _due_lines(row: ActionRow) -> list[PackLine]:
    if row.due_on is None:
        return [PackLine(row.timescale_text or "No date given")]
    if not row.moves or row.original_due_on is None:
        return [PackLine(short_date(row.due_on), strong=True)]
    return [
        PackLine(f"{short_date(row.original_due_on)} →"),
        PackLine(short_date(row.due_on), strong=True),
        PackLine(f"{many(row.moves, 'change')}, {days_later(row.slipped)}"),
    ]


def date_cell(row: ActionRow, material: PackMaterial) -> PackCell:
    lines = _due_lines(row)
    if row.is_done and row.facts.completed_on:
        lines.append(PackLine(f"Completed {month_year(row.facts.completed_on)}"))
    timeliness = timeliness_beside_date if row.due_on else timeliness_words
    return PackCell((*lines, PackLine(timeliness(row, material.today))))


def question_about(question: BoardQuestion, material: PackMaterial) -> str:
    return f"{question.plan_short} {question.item}" if len(material.plans) > 1 else question.item
