"""The pages for refusals and faults: one calm sentence, nothing that was typed lost, and the right status."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, Response, current_app, g, make_response, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ilacs_app.db import UNREACHABLE, db, is_unreachable
from ilacs_app.errors import NotAllowed, NotKnown
from ilacs_app.files.archives import LARGEST_FILE_WORDS
from ilacs_app.web import FieldSent, Frame, fields_sent, fragment, page, wants_fragment


def init_error_pages(app: Flask) -> None:
    """Answer every refusal and every fault with a page, or with a line in the status region of a fragment request."""
    app.register_error_handler(NotKnown, _not_known)
    app.register_error_handler(404, _not_known)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(CSRFError, _out_of_date)
    app.register_error_handler(413, _too_large)
    for kind in UNREACHABLE:
        app.register_error_handler(kind, _not_saved)
    app.register_error_handler(HTTPException, _other)
    app.register_error_handler(Exception, _broken)


def _problem(status: int, title: str, says: str) -> Response:
    _end_read()
    if status >= 500:
        g.frame_of = lambda path: Frame()  # asking the database for a name would only wait again
    if wants_fragment():
        return fragment("web/_problem.html", status=status, onto="#status", title=title, says=says)
    try:
        return page("web/problem.html", status=status, title=title, says=says, words=fields_sent())
    except UNREACHABLE as error:
        return _not_saved(error)


def _not_known(_error: Exception) -> Response:
    return _problem(404, "Page not found", "Check the web address. You may not have access to this page.")


def _not_allowed(error: NotAllowed) -> Response:
    return _problem(403, "You cannot open this" if _only_reads() else "You cannot change this", str(error))


def _out_of_date(_error: CSRFError) -> Response:
    return _problem(400, "This form is out of date", "Nothing was saved. Refresh the page and try again.")


def _too_large(_error: HTTPException) -> Response:
    says = f"Nothing was saved. The files in a form must be {LARGEST_FILE_WORDS} or smaller in total."
    return _problem(413, "The files are too large", says)


def _not_saved(error: Exception) -> Response:
    if not is_unreachable(error):
        return _broken(error)
    current_app.logger.error("the database did not answer: %s", error)
    _end_read()
    g.frame_of = lambda path: Frame()
    if request.method == "POST" and not wants_fragment() and "password" not in request.form:
        sent = request.form.items(multi=True)
        typed = [FieldSent(name=name, text=text) for name, text in sent if name != "csrf_token"]
        return page("web/not_saved.html", status=503, typed=typed, address=request.path)
    if _only_reads():
        return _problem(503, "We cannot reach the record", "Try again in a few minutes. Nothing was changed.")
    says = "We cannot reach the record at the moment. Nothing was changed. Try again in a few minutes."
    return _problem(503, "Not saved", says)


def _other(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    if code == 405:
        answer = _problem(405, "You cannot open this page directly", "Go back, or go to My work.")
        answer.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return answer
    if _only_reads():
        return _problem(code, "This page cannot be opened", "Check the web address, or go back and try again.")
    return _problem(code, "That did not work", "Nothing was changed. Go back and try again.")


def _broken(error: Exception) -> Response:
    current_app.logger.exception("an unexpected fault", exc_info=error)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    nothing = "" if _only_reads() else "Nothing was saved. "
    says = f"{nothing}Try again. If it happens again, tell the administrator."
    return _problem(500, "There is a problem with this service", says)


def _only_reads() -> bool:
    """Return whether the request only asks to read: its refusal says nothing of saving or changing."""
    return request.method in {"GET", "HEAD"}


def _end_read() -> None:
    """End the open read, even if the database is gone."""
    with suppress(*UNREACHABLE):
        db.session.rollback()
