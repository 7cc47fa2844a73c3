"""The papers for a meeting: published, read in any format, and compared with the plan as it is on the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, current_app, request, url_for
from wtforms import HiddenField

from ilacs_app import clock
from ilacs_app.access import Act, PackReach, check_may, may, requires
from ilacs_app.db import transaction
from ilacs_app.errors import NotAllowed, NotKnown
from ilacs_app.files.store import StoreError
from ilacs_app.files.uploads import evidence_store
from ilacs_app.forms.fields import HouseForm
from ilacs_app.forms.saving import SAVED, author, check_still_allowed, save_once, saved_before
from ilacs_app.governance.meetings.queries import MeetingLine, meeting_on, officers
from ilacs_app.governance.packs.commands import publish_pack
from ilacs_app.governance.packs.contents import exempt_now, pack_material
from ilacs_app.governance.packs.document import PackDocument, document_in
from ilacs_app.governance.packs.documents import as_at_words, pack_documents, pack_state
from ilacs_app.governance.packs.queries import PublishedPack, next_version, pack_for, packs_of
from ilacs_app.governance.packs.rules import changed_since_papers, tells_of, why_not_publish
from ilacs_app.history import hold_still
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.visibility import board_for
from ilacs_app.reporting.export.formats import MEDIA_TYPES
from ilacs_app.reporting.packs.formats import DOWNLOADS, PackNotMade, discard_parts, stored_parts
from ilacs_app.text import tidy, whole_number
from ilacs_app.web import LARGEST_ID, actor, after_saving, as_download, page

blueprint = Blueprint("packs", __name__)


class PublishForm(HouseForm):
    """The button that publishes; ``number`` is the version that it would be."""

    number = HiddenField(filters=[tidy])

    @property
    def seen(self) -> int:
        return whole_number(self.number.data, LARGEST_ID) or 0


@dataclass(frozen=True)
class PapersPlace:
    """The board and the meeting that an address names."""

    board: BoardName
    meeting: MeetingLine

    @property
    def address(self) -> str:
        return url_for("packs.pack", board_slug=self.board.slug, on_day=self.meeting.on_day)

    @property
    def why_not(self) -> str:
        return why_not_publish(self.meeting.on_day, self.meeting.cancelled_on, clock.today())


def _place(board_slug: str, on_day: date, to: Act | None = None) -> PapersPlace:
    board = board_for(actor(), board_slug, to=to)
    return PapersPlace(board, meeting_on(board.id, on_day))


@blueprint.get("/boards/<board_slug>/meetings/<day:on_day>/pack")
@requires("belongs")
def pack(board_slug: str, on_day: date) -> Response:
    """The newest papers for a meeting; before there are any, what those who publish them do."""
    place = _place(board_slug, on_day)
    packs, newest = packs_of(actor(), place.meeting.id), next_version(place.meeting.id) - 1
    return _page(place, packs, _readable(place, newest) if newest else None)


@blueprint.get("/boards/<board_slug>/meetings/<day:on_day>/pack/<item:number>")
@requires("belongs")
def version(board_slug: str, on_day: date, number: int) -> Response:
    place = _place(board_slug, on_day)
    opened = _readable(place, number)
    return _page(place, packs_of(actor(), place.meeting.id), opened)


@blueprint.get("/boards/<board_slug>/meetings/<day:on_day>/pack/<item:number>/file")
@requires("belongs")
def download(board_slug: str, on_day: date, number: int) -> Response:
    """The stored bytes of a version, as a download; the address says ``format``: pdf or docx."""
    place = _place(board_slug, on_day)
    opened = _readable(place, number)
    asked = request.args.get("format", "pdf")
    if asked not in DOWNLOADS:
        raise NotKnown(asked)
    data = _stored(opened, asked)
    name = f"{place.board.slug}-{on_day.isoformat()}-papers-{number}{'-exempt' if opened.with_exempt else ''}.{asked}"
    return as_download(Response(data, mimetype=MEDIA_TYPES[asked]), name)


@blueprint.get("/boards/<board_slug>/meetings/<day:on_day>/pack/<item:number>/changes")
@requires("belongs")
def changes(board_slug: str, on_day: date, number: int) -> Response:
    """The sheet for the day: what has changed since this version was published."""
    place = _place(board_slug, on_day)
    opened = _readable(place, number)
    then = _document(opened).state
    material = pack_material(place.board, place.meeting, clock.today())
    check_may(actor(), Act.READ_PACK, PackReach(place.board.id, frozenset(plan.id for plan in material.plans)))
    now = pack_state(material)
    shows_exempt = may(actor(), Act.READ_EXEMPT, place.board.id)
    lines = changed_since_papers(then, now)
    return page(
        "reporting/packs/changes.html",
        board=place.board,
        meeting=place.meeting,
        pack=opened,
        as_at=as_at_words(opened.as_at),
        now=as_at_words(clock.now()),
        lines=[line for line in lines if not line.exempt],
        exempt=[line for line in lines if line.exempt] if shows_exempt else [],
    )


@blueprint.get("/boards/<board_slug>/meetings/<day:on_day>/pack/preview")
@requires("belongs")
def preview(board_slug: str, on_day: date) -> Response:
    """The papers as they would be if they were published now, for those who publish them."""
    place = _place(board_slug, on_day, to=Act.PUBLISH_PACK)
    material = pack_material(place.board, place.meeting, clock.today())
    documents = pack_documents(material, published_by=actor().name, number=next_version(place.meeting.id))
    return page(
        "reporting/packs/preview.html",
        board=place.board,
        meeting=place.meeting,
        document=documents.whole,
        unexplained=documents.unexplained,
        form=_empty_form(place),
        why_not=place.why_not,
        address=place.address,
    )


@blueprint.post("/boards/<board_slug>/meetings/<day:on_day>/pack")
@requires("belongs", writes=True)
def publish(board_slug: str, on_day: date) -> Response:
    """Fix the papers as they are at this moment and publish them, in every format or not at all.

    Everything is read in one short transaction in which no one else writes; the formats are made after it.
    """
    place = _place(board_slug, on_day, to=Act.PUBLISH_PACK)
    form, store = PublishForm(), evidence_store()
    if not form.validate() or not form.seen:
        return _refused(place, "Refresh the page and try again.")
    earlier = saved_before(form)
    if earlier is not None:
        return after_saving(earlier, place.address)
    if place.why_not:
        return _refused(place, place.why_not)
    with transaction():
        hold_still()
        check_still_allowed()
        material = pack_material(place.board, place.meeting, clock.today())
    documents = pack_documents(material, published_by=author().signed, number=form.seen)
    try:
        parts = stored_parts(documents, store)
    except (PackNotMade, StoreError) as wrong:
        return _refused(place, str(wrong))
    published = []

    def write() -> None:
        _place(board_slug, on_day, to=Act.PUBLISH_PACK)
        published.append(publish_pack(author(), material, form.seen, parts=parts))

    message = f"Published: papers for {place.meeting.day_and_time}."
    status = save_once(form, message, write)
    if not published:
        discard_parts(parts, store)
    if status != SAVED:
        return _refused(place, str(next(iter(form.form_errors), "Refresh the page and try again.")))
    return after_saving(message, place.address)


def _readable(place: PapersPlace, number: int) -> PublishedPack:
    """Return a version of the papers, if this person may read it as it is now.

    Raises:
        NotKnown: there is none.
        NotAllowed: they may not read it, or something in it has been made exempt and they do not serve on the board.
        StoreError: its page is missing or is not what was published, so no one can tell what in it is exempt now.
    """
    opened = pack_for(actor(), place.meeting.id, number)
    if not may(actor(), Act.READ_EXEMPT, place.board.id) and _tells_of_exempt(place, opened):
        serving, _ = officers(place.board.id, clock.today())
        who = " or ".join([*serving.secretaries, *serving.chairs]) or "the chair or secretary"
        raise NotAllowed(
            "Something in these papers has been made exempt since they were published. Only the chair, secretary and "
            f"members of this board can read this version. Ask {who} to publish a new one."
        )
    return opened


def _tells_of_exempt(place: PapersPlace, opened: PublishedPack) -> bool:
    """Return whether the open copy of a version shows something that is exempt now.

    Raises:
        StoreError: no one can tell, because its page is missing or is not what was published.
    """
    exempt = exempt_now(place.board.id, place.meeting.id, clock.today())
    return tells_of(_document(opened).state, exempt.actions, exempt.questions)


def _document(opened: PublishedPack) -> PackDocument:
    """Return what the page of a version shows; its state is that of the whole papers in either copy."""
    return document_in(_stored(opened, "page"))


def _stored(opened: PublishedPack, file_format: str) -> bytes:
    """Return the bytes of a format, after they were checked against the SHA-256 of the day they were published.

    Raises:
        NotKnown: the version was not made in this format.
        StoreError: they are missing, or are not what was published.
    """
    copy = opened.copy(file_format)
    try:
        with evidence_store().open(copy.store_key, copy.sha256) as file:
            return file.read()
    except StoreError as wrong:
        current_app.logger.error("pack %s, %s: %s", opened.id, file_format, wrong)
        raise


@blueprint.errorhandler(StoreError)
def _cannot_open(wrong: StoreError) -> Response:
    return page("web/problem.html", status=500, title="These papers cannot be opened", says=str(wrong))


def _empty_form(place: PapersPlace) -> PublishForm | None:
    if not may(actor(), Act.PUBLISH_PACK, place.board.id) or place.why_not:
        return None
    form = PublishForm(formdata=None)
    form.number.data = str(next_version(place.meeting.id))
    return form


def _refused(place: PapersPlace, problem: str) -> Response:
    packs = packs_of(actor(), place.meeting.id)
    return _page(place, packs, packs[0] if packs else None, problem=problem)


def _page(
    place: PapersPlace, packs: list[PublishedPack], opened: PublishedPack | None, *, problem: str = ""
) -> Response:
    return page(
        "reporting/packs/pack.html",
        status=422 if problem else 200,
        has_errors=bool(problem),
        problem=problem,
        board=place.board,
        meeting=place.meeting,
        packs=packs,
        newest=packs[0].number if packs else 0,
        pack=opened,
        downloads={name: label for name, label in DOWNLOADS.items() if opened and name in opened.formats},
        document=_document(opened) if opened else None,
        form=_empty_form(place),
        address=place.address,
        made_exempt=opened is not None and _tells_of_exempt(place, opened),
    )
