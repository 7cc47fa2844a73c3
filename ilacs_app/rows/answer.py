"""What the answer to an opened, saved or refused row holds: the row, and what else on the page changed with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from flask import Response

from ilacs_app import clock
from ilacs_app.errors import NotKnown
from ilacs_app.forms.queries import drafts_of
from ilacs_app.governance.challenges.pages import asked_about
from ilacs_app.plan.lists.counts import Summary, counts, ratings_by_recommendation, summary
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_row
from ilacs_app.plan.visibility import visible_action
from ilacs_app.progress.dates.queries import new_dates
from ilacs_app.progress.help.queries import open_calls
from ilacs_app.progress.notes.queries import newest_words
from ilacs_app.progress.queries import testable, with_help_hidden
from ilacs_app.progress.status.queries import reasons_set_aside, sent_back
from ilacs_app.rows.action_page import answer_action_page
from ilacs_app.rows.lists import list_at
from ilacs_app.rows.next_row import page_with
from ilacs_app.rows.open_row import OpenRow, open_row
from ilacs_app.rows.place import RowPlace
from ilacs_app.rows.verbs import row_verb
from ilacs_app.web import (
    actor,
    after_saving,
    fragment,
    go_on,
    page,
    say_in_open_row,
    say_on_next_page,
    wants_fragment,
)
from ilacs_app.worklist.queries import count_by_group, what_waits


def row_context(action_id: int, place: RowPlace, row_open: OpenRow | None) -> dict[str, Any]:
    """Return what ``rows/_answer.html`` and ``rows/row.html`` need of one row."""
    who, today = actor(), clock.today()
    shown = list_at(place.back) if place.view == "recommendation" else None
    row = action_row(who, action_id, today, shown.base.recommendation_id if shown else None)
    note = newest_words([action_id], without_help=with_help_hidden(who, [row])).get(action_id)
    return {
        "row": row,
        "today": today,
        "place": place,
        "asked": asked_about(who, action_id) if place.view == "work" and row.delivers else None,
        "call": open_calls([action_id]).get(action_id) if place.view == "work" else None,
        "opened": row_open,
        "reason": reasons_set_aside([row]).get(action_id),
        "note": note,
        "sent_back": sent_back([action_id]).get(action_id) if place.view == "work" else None,
        "new_date": new_dates([action_id]).get(action_id),
        "verb": row_verb(who, row, testable(who, [row]), note),
    }


def row_not_saved(action_id: int, place: RowPlace, row_open: OpenRow, status: int) -> Response:
    """Answer with the same row, open, with the text kept and what to do: in its place, or as a page of its own."""
    if place.view == "action":
        return answer_action_page(action_id, status, opened=row_open)
    context = row_context(action_id, place, row_open)
    if wants_fragment():
        return fragment("rows/_answer.html", status=status, **context, said=None, parts=None)
    return page("rows/row.html", status=status, has_errors=status == 422, **context)


def closed_rows(action_ids: Collection[int], place: RowPlace) -> list[dict[str, Any]]:
    """Return what the rows that close because another opens need; those that this person may not see are left out."""
    contexts = []
    for action_id in action_ids:
        try:
            visible_action(actor(), action_id)
        except NotKnown:
            continue
        drafts = drafts_of(actor().id, [f"/actions/{action_id}/{part}" for part in ("answer", "status")])
        contexts.append({**row_context(action_id, place, None), "has_draft": bool(drafts)})
    return contexts


def row_saved(
    action_id: int,
    place: RowPlace,
    message: str,
    following: list[int],
    *,
    unsaved: ActionRow | None = None,
    warning: str = "",
) -> Response:
    """Answer with the row closed, and the next one of ``following`` open, if someone is working through the list.

    The open row says which one was saved, with ``warning``: the status region may be out of sight above.
    """
    onward = page_with(place, following[0]) if following else place
    if not wants_fragment() or onward != place:  # the next one may be on another page of the list
        if not following:
            return after_saving(message, f"{place.shut}#action-{action_id}")
        say_on_next_page(message)
        say_in_open_row(_saved_just_now(row_context(action_id, place, None)["row"], warning))
        return go_on(onward.opened(following[0]))
    context = row_context(action_id, place, None)
    parts = _parts(place, context["row"], unsaved)
    return fragment(
        "rows/_answer.html",
        **context,
        said=message,
        parts=parts,
        after=_after(following[0], place, _saved_just_now(context["row"], warning)) if following else None,
    )


def _after(action_id: int, place: RowPlace, message: str) -> dict[str, Any]:
    """Return what the next row needs, open, with what was saved just before it."""
    row_open = open_row(action_id)
    return row_context(action_id, place, replace(row_open, saved_before=message) if row_open else None)


def _saved_just_now(row: ActionRow, warning: str) -> str:
    return " ".join(filter(None, (f"{row.ref} saved.", warning)))


def _parts(place: RowPlace, row: ActionRow, unsaved: ActionRow | None) -> dict[str, Any]:
    """Return what else on the page changed with the row: the counts above it and the number beside My work.

    Most notes change no rating and no status; then no count is asked for.
    """
    who, today = actor(), clock.today()
    parts: dict[str, Any] = {"view": place.view, "waits": what_waits(who, today)}
    same = unsaved and (unsaved.status, unsaved.brag, unsaved.days) == (row.status, row.brag, row.days)
    if place.view == "work":
        parts["groups"] = count_by_group(who, today)
        parts["mine"] = counts(who, Filter(delivered_by=who.acts_as), today) if who.has_items and not same else None
        return parts
    if same:
        return parts
    bars = ratings_by_recommendation([row.recommendation_id], today)
    if place.view == "recommendation":
        parts["bar"] = bars[row.recommendation_id]
    elif place.view in {"plan", "board"}:
        parts["bars"] = bars
        whole = Filter(plan_id=row.plan_id)
        parts["summary"] = summary(who, whole, today) if place.view == "plan" else _board_summary(place)
    return parts


def _board_summary(place: RowPlace) -> Summary | None:
    shown = list_at(place.back)
    if shown is None or shown.base.board_id is None:
        return None
    return summary(actor(), Filter(board_id=shown.base.board_id), clock.today())
