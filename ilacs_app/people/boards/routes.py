"""Pages for boards, which the programme manager names. Who is on a board is a role, given by the administrator."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, url_for

from ilacs_app.access import Act, check_may, may, requires
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, author, save_once
from ilacs_app.forms.versioned import versioned_page
from ilacs_app.people.boards.commands import change_board, make_board
from ilacs_app.people.boards.forms import BoardForm
from ilacs_app.people.boards.queries import BoardLine, board_line, board_lines
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("boards", __name__)


def _check() -> None:
    check_may(actor(), Act.MANAGE_BOARDS)


def _board(board_id: int) -> BoardLine:
    _check()
    return board_line(board_id)


@blueprint.get("/settings/boards")
@requires("belongs")
def all_boards() -> Response:
    check_may(actor(), Act.READ_SHARED)
    return page("people/boards/boards.html", boards=board_lines(), keeps=may(actor(), Act.MANAGE_BOARDS))


@blueprint.get("/settings/boards/new")
@requires("belongs")
def new_board() -> Response:
    _check()
    form = BoardForm(formdata=None)
    return _board_page(None, form, draft=take_up(form, "boards.add_board"))


@blueprint.post("/settings/boards/new")
@requires("belongs", writes=True)
@drafted(BoardForm, _check)
def add_board() -> Response:
    _check()
    return _save(None)


@blueprint.get("/settings/boards/<item:board_id>")
@requires("belongs")
def board(board_id: int) -> Response:
    line = _board(board_id)
    form = BoardForm.of(line)
    return _board_page(line, form, draft=take_up(form, "boards.save_board"))


@blueprint.post("/settings/boards/<item:board_id>")
@requires("belongs", writes=True)
@drafted(BoardForm, _board)
def save_board(board_id: int) -> Response:
    return _save(_board(board_id))


def _save(line: BoardLine | None) -> Response:
    form = BoardForm()
    if not (line is None or form.take(BoardForm.of(line))) or not form.check():
        return _board_page(line, form, 422)
    name = form.name.data or ""
    message = f"Saved: {name}."

    def write() -> None:
        if line is None:
            make_board(author(), name, form.others, quorum=form.quorum_number)
        else:
            change_board(author(), line.id, form.seen_version or 0, name, form.others, quorum=form.quorum_number)

    status = save_once(form, message, write, form.name)
    if status != SAVED:
        return _board_page(_board(line.id) if line else None, form, status)
    return after_saving(message, url_for("boards.all_boards"))


def _board_page(line: BoardLine | None, form: BoardForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    theirs = partial(BoardForm.of, line) if line else None
    return versioned_page("people/boards/board.html", form, status=status, theirs=theirs, board=line, draft=draft)
