"""Change the agenda of a meeting. It is shown on the meeting's page."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from ilacs_app import clock
from ilacs_app.access import Act, requires
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.saving import SAVED, author, save_once
from ilacs_app.governance.agenda.commands import add_deep_dive, change_agenda
from ilacs_app.governance.agenda.forms import AgendaForm, DeepDiveForm
from ilacs_app.governance.agenda.queries import facts_at
from ilacs_app.governance.agenda.rules import CHANGE_DONE, AgendaChange
from ilacs_app.governance.challenges.items import askable_named
from ilacs_app.governance.decisions.queries import decisions_at
from ilacs_app.governance.meetings.pages import meeting_page
from ilacs_app.governance.meetings.queries import MeetingLine, meeting_of
from ilacs_app.governance.packs.queries import next_version
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.visibility import board_for
from ilacs_app.web import actor, after_saving

blueprint = Blueprint("agenda", __name__)


def _run(board_slug: str, meeting_id: int) -> tuple[BoardName, MeetingLine]:
    """Return the board and the meeting, for those who run it."""
    board = board_for(actor(), board_slug, to=Act.RUN_MEETING)
    return board, meeting_of(board.id, meeting_id)


def _page_of(board_slug: str, meeting_id: int) -> str:
    board, meeting = _run(board_slug, meeting_id)
    return url_for("meetings.meeting", board_slug=board.slug, on_day=meeting.on_day)


@blueprint.post("/boards/<board_slug>/meetings/<item:meeting_id>/agenda")
@requires("belongs", writes=True)
def change(board_slug: str, meeting_id: int) -> Response:
    board, meeting = _run(board_slug, meeting_id)
    form = AgendaForm()
    key, wanted = form.key.data or "", form.wanted
    if not form.validate() or wanted is None or not key:
        return meeting_page(board, meeting, problem="Refresh the page and try again.", status=422)
    facts = {fact.key: fact for fact in facts_at(actor(), board.id, meeting.id, clock.today())}
    title = facts[key].title if key in facts else "The item"
    message = f"Saved: {title} {CHANGE_DONE[wanted]}.{_known_already(meeting.id, key, wanted)}"

    def write() -> None:
        now = facts_at(actor(), board.id, meeting.id, clock.today())
        change_agenda(author(), meeting.id, key, change=wanted, facts=now)

    status = save_once(form, message, write, further=True)
    if status != SAVED:
        problem = next(iter(form.form_errors), "Refresh the page and try again.")
        return meeting_page(board, meeting, problem=str(problem), status=status)
    return after_saving(message, f"{_page_of(board_slug, meeting_id)}#agenda-{key}")


def _known_already(meeting_id: int, key: str, wanted: AgendaChange) -> str:
    """Return what an item that is made exempt was told of before: in papers that are out, and by decisions."""
    if wanted != AgendaChange.CLOSE:
        return ""
    papers = " Papers that are published already may show it: check them, and publish a new version if they do."
    decided = " What the board has already decided on it is on the page of the action."
    out = next_version(meeting_id) > 1
    moved = any(line.key == key and line.words for line in decisions_at(actor(), meeting_id))
    return f"{papers if out else ''}{decided if moved else ''}"


@blueprint.post("/boards/<board_slug>/meetings/<item:meeting_id>/deep-dives")
@requires("belongs", writes=True)
@drafted(DeepDiveForm, _run, _page_of)
def deep_dive(board_slug: str, meeting_id: int) -> Response:
    """Put the action or recommendation with the number ``about`` on the agenda."""
    board, meeting = _run(board_slug, meeting_id)
    form = DeepDiveForm()
    typed = form.about.data or ""
    items = askable_named(actor(), board.id, typed) if typed else []
    if not form.validate() or len(items) != 1:
        if not typed:
            form.bad(form.about, "Enter the number of an action or recommendation.")
        elif len(items) > 1:
            choices = " or ".join(f"{item.plan_short} {item.label}" for item in items)
            form.bad(form.about, f"There is more than one. Enter {choices}.")
        elif not form.errors:
            form.bad(form.about, "This board has no action or recommendation with this number. Check it in the plan.")
        return meeting_page(board, meeting, deep_dive=form, status=422)
    item = items[0]
    message = f"Saved: {item.label} is a deep dive on the agenda."
    status = save_once(form, message, lambda: add_deep_dive(author(), meeting.id, item), form.about)
    if status != SAVED:
        return meeting_page(board, meeting, deep_dive=form, status=status)
    return after_saving(message, f"{_page_of(board_slug, meeting_id)}#agenda")
