"""Private calendar links: created and stopped by their owner, read by their calendar program."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, url_for

from ilacs_app import clock
from ilacs_app.access import requires
from ilacs_app.db import transaction
from ilacs_app.errors import NotKnown
from ilacs_app.forms.saving import SAVED, author, save_once
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.visibility import board_for, knows_board
from ilacs_app.web import actor, after_saving, as_download, page
from ilacs_app.worklist.calendars.commands import make_calendar_address, revoke_calendar_address
from ilacs_app.worklist.calendars.forms import AddressForm
from ilacs_app.worklist.calendars.ics import calendar_file
from ilacs_app.worklist.calendars.queries import entries, feeds, subscription

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/calendar")
@requires("belongs")
def addresses() -> Response:
    return _page(_form())


@blueprint.post("/calendar")
@requires("belongs", writes=True)
def make() -> Response:
    """Create a link. It is shown only once, so the answer is the page itself, not a redirect."""
    who, form = actor(), _form()
    form.validate()
    board = board_for(who, form.board.data) if form.board.data else None
    made: list[str] = []
    status = save_once(
        form,
        "made",
        lambda: made.append(make_calendar_address(author(), board_id=board.id if board else None)),
        form.board,
    )
    if status != SAVED:
        return _page(form, status=status)
    token = next(iter(made), None)
    address = f"{current_app.config['ILACS'].base_url}{url_for('calendar.read', token=token)}" if token else None
    return _page(_form(), address=address, of=board.name if board else None, made_before=token is None)


@blueprint.post("/calendar/<item:feed_id>/stop")
@requires("belongs", writes=True)
def stop(feed_id: int) -> Response:
    with transaction():
        stopped = revoke_calendar_address(author(), feed_id)
    if not stopped:
        raise NotKnown(str(feed_id))
    return after_saving("Calendar link stopped. It no longer works", url_for("calendar.addresses"))


@blueprint.get("/calendar/<token>.ics")
@requires("anyone")
def read(token: str) -> Response:
    """Answer the dates behind a link; the link itself is the key."""
    today = clock.today()
    subscribed = subscription(token, today)
    if subscribed is None:
        raise NotKnown("calendar")
    name = f"{subscribed.board}: improvement plan" if subscribed.board else "My improvement plan dates"
    data = calendar_file(name, entries(subscribed, today, current_app.config["ILACS"].base_url), clock.now())
    answer = Response(data, content_type="text/calendar; charset=utf-8")
    return as_download(answer, "improvement-plan.ics")


def _form() -> AddressForm:
    return AddressForm.of([board for board in boards() if knows_board(actor(), board.id)])


def _page(form: AddressForm, status: int = 200, **context: object) -> Response:
    return page(
        "worklist/calendars/calendar.html",
        status=status,
        form=form,
        feeds=feeds(actor().id),
        has_errors=status == 422,
        **context,
    )
