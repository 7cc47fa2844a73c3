"""Meetings of a board that meets regularly: described once, shown day by day, then added."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, request, url_for

from ilacs_app import clock
from ilacs_app.access import Act, requires
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, author, save_once, saved_before
from ilacs_app.governance.meetings.queries import MeetingLine, meetings
from ilacs_app.governance.series.commands import set_series
from ilacs_app.governance.series.forms import SeriesForm
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.parsing.bank_holidays import bank_holiday
from ilacs_app.plan.visibility import board_for
from ilacs_app.text import many
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("series", __name__)


@dataclass(frozen=True)
class ProposedDay:
    """A day of a series. ``taken``: the board already meets then. ``cancelled``: a meeting on it was cancelled."""

    on_day: date
    holiday: str
    taken: bool
    cancelled: bool
    ticked: bool


def _managed(board_slug: str) -> BoardName:
    return board_for(actor(), board_slug, to=Act.MANAGE_MEETINGS)


@blueprint.get("/boards/<board_slug>/meetings/series")
@requires("belongs")
def series(board_slug: str) -> Response:
    board, form = _managed(board_slug), SeriesForm(formdata=None)
    return _page(board, form, draft=take_up(form, "series.add_series"))


@blueprint.post("/boards/<board_slug>/meetings/series")
@requires("belongs", writes=True)
@drafted(SeriesForm, _managed)
def add_series(board_slug: str) -> Response:
    """Show the days; with ``save``, add a meeting on each that is ticked (``day``)."""
    board, form = _managed(board_slug), SeriesForm()
    told = saved_before(form)
    if told is not None:
        return after_saving(told, _meetings_at(board))
    days = form.days(clock.today())
    if days is None:
        return _page(board, form, status=422)
    if "save" not in request.form:
        return _page(board, form, days)
    shown, ticked = set(request.form.getlist("shown")), set(request.form.getlist("day"))
    if shown != {day.isoformat() for day in days}:
        form.bad(form.first_on, "You changed the series after its days were shown. Check the days below")
        return _page(board, form, days, status=422)
    chosen = [day for day in days if day.isoformat() in ticked]
    message = f"{many(len(chosen), 'meeting')} of the {board.name} added."

    def write() -> None:
        set_series(author(), board.id, chosen, at_time=form.time, place=form.place.data or "")

    status = save_once(form, message, write, form.first_on)
    if status != SAVED:
        return _page(board, form, days, ticked=ticked, status=status)
    return after_saving(message, _meetings_at(board))


def _meetings_at(board: BoardName) -> str:
    return url_for("meetings.all_meetings", board_slug=board.slug)


def _page(
    board: BoardName,
    form: SeriesForm,
    days: Sequence[date] = (),
    *,
    ticked: Collection[str] | None = None,
    status: int = 200,
    draft: KeptDraft | None = None,
) -> Response:
    return page(
        "governance/series/series.html",
        status=status,
        board=board,
        form=form,
        draft=draft,
        days=_proposed(meetings(board.id), days, ticked) if days else [],
        has_errors=status == 422,
    )


def _proposed(every: Sequence[MeetingLine], days: Sequence[date], ticked: Collection[str] | None) -> list[ProposedDay]:
    """Return the days, ticked as they were sent, or else all but bank holidays and days that are taken."""
    known = {meeting.on_day: meeting for meeting in every}
    proposed = []
    for day in days:
        meeting, holiday = known.get(day), bank_holiday(day)
        taken = meeting is not None and meeting.cancelled_on is None
        free = not (taken or holiday) if ticked is None else day.isoformat() in ticked and not taken
        proposed.append(ProposedDay(day, holiday, taken, meeting is not None and not taken, free))
    return proposed
