"""Boards, made and named by the programme manager. Who serves on one is a role, given by the administrator."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from ilacs_app.access import Act, check_may, may, requires
from ilacs_app.errors import NotKnown
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, author, save_once
from ilacs_app.people.boards.commands import change_board, make_board
from ilacs_app.people.boards.forms import BoardForm
from ilacs_app.people.boards.queries import BoardLine, board_lines
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("boards", __name__)


def _check() -> None:
    check_may(actor(), Act.MANAGE_BOARDS)


def _board(board_id: int) -> BoardLine:
    _check()
    found = next((one for one in board_lines() if one.id == board_id), None)
    if found is None:
        raise NotKnown(str(board_id))
    return found


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
    found = _board(board_id)
    form = BoardForm.of(found)
    return _board_page(found, form, draft=take_up(form, "boards.save_board"))


@blueprint.post("/settings/boards/<item:board_id>")
@requires("belongs", writes=True)
@drafted(BoardForm, _board)
def save_board(board_id: int) -> Response:
    return _save(_board(board_id))


def _save(found: BoardLine | None) -> Response:
    form = BoardForm()
    if not (found is None or form.take(BoardForm.of(found))) or not form.validate():
        return _board_page(found, form, 422)
    name = form.name.data or ""
    said = f"Saved: the {name}."

    def write() -> None:
        if found is None:
            make_board(author(), name, form.others)
        else:
            change_board(author(), found.id, form.seen_version or 0, name, form.others)

    status = save_once(form, said, write, form.name)
    if status != SAVED:
        return _board_page(_board(found.id) if found else None, form, status)
    return after_saving(said, url_for("boards.all_boards"))


def _board_page(
    found: BoardLine | None, form: BoardForm, status: int = 200, draft: KeptDraft | None = None
) -> Response:
    asks = found and (status == 409 or form.undecided)
    differences = form.clash(BoardForm.of(found)) if found and asks else None
    return page(
        "people/boards/board.html",
        status=status,
        board=found,
        form=form,
        draft=draft,
        differences=differences,
        has_errors=status == 422,
    )
