"""The minutes of a meeting: as they are now for those who run it, published in versions, and as a Word file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, current_app, request, url_for
from wtforms import HiddenField

from ilacs_app import clock
from ilacs_app.access import Act, may, requires
from ilacs_app.errors import NotKnown
from ilacs_app.forms.fields import HouseForm
from ilacs_app.forms.saving import SAVED, STALE, author, save_once, saved_before
from ilacs_app.governance.decisions.queries import approved_on
from ilacs_app.governance.meetings.queries import MeetingLine, meeting_of, meeting_on
from ilacs_app.governance.minutes.commands import publish_minutes
from ilacs_app.governance.minutes.document import MinutesDocument
from ilacs_app.governance.minutes.queries import (
    MinutesVersion,
    NotAsPublished,
    bytes_of,
    is_recorded,
    minutes_now,
    read_minutes,
    versions_of,
)
from ilacs_app.governance.minutes.rules import why_not_publish_minutes
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.visibility import board_for
from ilacs_app.reporting.export.formats import MEDIA_TYPES
from ilacs_app.reporting.minutes.word import minutes_word
from ilacs_app.text import tidy, whole_number
from ilacs_app.web import LARGEST_ID, actor, after_saving, as_download, page

blueprint = Blueprint("minutes", __name__)


class PublishMinutesForm(HouseForm):
    """The button that publishes; ``seen`` is the newest version that was there, 0 for none."""

    seen = HiddenField(filters=[tidy])


@dataclass(frozen=True)
class MinutesPage:
    """Everything that the page of a meeting's minutes shows.

    ``version`` is the one that is shown; None where it is the draft, or nothing is published. ``whole``: whether the
    reader sees everything in it, and may have the file. ``why_not`` says why those who run the meeting cannot publish.
    """

    board: BoardName
    meeting: MeetingLine
    document: MinutesDocument | None
    version: MinutesVersion | None
    versions: list[MinutesVersion]
    whole: bool
    exempt: bool
    runs: bool
    why_not: str
    approved_on: date | None
    address: str

    @property
    def newest(self) -> int:
        """The number of the newest version; 0 where none is published."""
        return max((version.number for version in self.versions), default=0)


@blueprint.get("/boards/<board_slug>/meetings/<day:on_day>/minutes")
@requires("belongs")
def minutes(board_slug: str, on_day: date) -> Response:
    """The newest published version, or ``?version=``; ``draft`` shows those who run the meeting what is there now."""
    board = board_for(actor(), board_slug)
    return _page(board, meeting_on(board.id, on_day), request.args.get("version", ""))


@blueprint.get("/boards/<board_slug>/meetings/<day:on_day>/minutes/<item:number>/file")
@requires("belongs")
def download(board_slug: str, on_day: date, number: int) -> Response:
    """The stored Word file of a version, for those who see everything that is in it."""
    board = board_for(actor(), board_slug)
    meeting = meeting_on(board.id, on_day)
    version = _version(versions_of(meeting.id), number)
    try:
        read = read_minutes(actor(), board, version)
        if not read.whole:
            raise NotKnown(str(number))
        content = bytes_of(version, "docx", exempt=read.exempt)
    except NotAsPublished as wrong:
        return _cannot_open(version, wrong)
    exempt = "-exempt" if read.exempt and read.document.exempt_items else ""
    name = f"{board.slug}-{on_day.isoformat()}-minutes-{number}{exempt}.docx"
    return as_download(Response(content, mimetype=MEDIA_TYPES["docx"]), name)


@blueprint.post("/boards/<board_slug>/meetings/<item:meeting_id>/minutes")
@requires("belongs", writes=True)
def publish(board_slug: str, meeting_id: int) -> Response:
    """Publish the minutes as they are now, as the version after ``seen``."""
    board = board_for(actor(), board_slug, to=Act.RUN_MEETING)
    meeting = meeting_of(board.id, meeting_id)
    form = PublishMinutesForm()
    address = url_for("minutes.minutes", board_slug=board.slug, on_day=meeting.on_day)
    before = saved_before(form)
    if before is not None:
        return after_saving(before, address)
    seen = whole_number(form.seen.data, LARGEST_ID)
    if not form.validate() or seen is None:
        return _page(board, meeting, "draft", problem="Refresh the page and try again.", status=422)

    def write() -> None:
        publish_minutes(author(), board, meeting.id, seen, draw=minutes_word)

    message = f"Published: minutes of {meeting.day_and_time}, version {seen + 1}."
    status = save_once(form, message, write)
    if status == SAVED:
        return after_saving(message, address)
    problem = next(iter(form.form_errors), "Refresh the page and try again.")
    if status == STALE:
        problem = "Someone else has just published a version. Read it, and publish again if you still need to."
    return _page(board, meeting, "draft", problem=str(problem), status=status)


def _version(versions: list[MinutesVersion], number: int) -> MinutesVersion:
    version = next((version for version in versions if version.number == number), None)
    if version is None:
        raise NotKnown(str(number))
    return version


def _page(board: BoardName, meeting: MeetingLine, wanted: str, *, problem: str = "", status: int = 200) -> Response:
    runs = may(actor(), Act.RUN_MEETING, board.id)
    versions = versions_of(meeting.id)
    number = whole_number(wanted, LARGEST_ID)
    version = _version(versions, number) if number else (versions[0] if versions else None)
    if runs and wanted == "draft":
        version = None
    document, whole, exempt = None, False, may(actor(), Act.READ_EXEMPT, board.id)
    if version is not None:
        try:
            read = read_minutes(actor(), board, version)
        except NotAsPublished as wrong:
            return _cannot_open(version, wrong)
        document, whole = read.document, read.whole
    elif runs:
        document = minutes_now(board, meeting)
    approved = approved_on(meeting.id)
    shown = MinutesPage(
        board=board,
        meeting=meeting,
        document=document,
        version=version,
        versions=versions,
        whole=whole,
        exempt=exempt,
        runs=runs,
        why_not=why_not_publish_minutes(
            meeting.on_day, meeting.cancelled_on, approved, begun=is_recorded(meeting.id), today=clock.today()
        ),
        approved_on=approved,
        address=url_for("minutes.minutes", board_slug=board.slug, on_day=meeting.on_day),
    )
    return page(
        "reporting/minutes/minutes.html", status=status, has_errors=status == 422, minutes=shown, problem=problem
    )


def _cannot_open(version: MinutesVersion, wrong: NotAsPublished) -> Response:
    current_app.logger.error("minutes %s: %s", version.id, wrong)
    return page("web/problem.html", status=500, title="These minutes cannot be opened", says=str(wrong))
