"""What a request carries is received before a view runs, in bounded time, so that slow senders hold up nobody else.

The server gives each request a thread, and a thread that waits for the rest of a form can be called back by nobody. So
there are many threads that only receive, few that work, and a limit for each kind of body: how large it may be, how
long it may take and how many may be on their way at once. Who has not signed in may send little more than the sign-in
form. A whole form is set aside in memory, or in a temporary file of its owner only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore, Event, Thread
from typing import IO, TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from .db import is_unreachable
from .web import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WORKING = 16  # requests that a process works on at once; the others wait
PATIENCE = 20.0  # seconds for which a request waits to be worked on
IN_MEMORY = 512 * 1024  # bytes of a body; what is larger goes to a temporary file
CHUNK = 64 * 1024  # bytes


@dataclass(frozen=True)
class Limits:
    """For one kind of body in one process.

    ``largest`` in bytes; ``at_once`` on their way; ``wait`` seconds for one of those places; ``seconds`` to arrive, and
    one more for each ``slowest`` bytes.
    """

    largest: int
    at_once: int
    wait: float
    seconds: float
    slowest: int = 50_000


STRANGERS = Limits(largest=16 * 1024, at_once=24, wait=0, seconds=5)
FORMS = Limits(largest=256 * 1024, at_once=32, wait=2, seconds=10)
FILES = Limits(largest=27 * 1024 * 1024, at_once=8, wait=5, seconds=10)
READ_BACK = 4 * FILES.largest  # bytes: what is larger than a form may be is read so far, to show its texts again
RECEIVING = STRANGERS.at_once + FORMS.at_once + FILES.at_once


class Unreceived(Exception):
    """The body did not come; the status and the sentences to answer with."""

    def __init__(self, status: int, title: str, says: str) -> None:
        super().__init__(title)
        self.answer = status, title, says


class Bodies:
    """Around a WSGI application: it gets every request whole. ``knows`` says whether somebody signed in sent it."""

    def __init__(self, app: WSGIApplication, knows: Callable[[WSGIEnvironment], bool]) -> None:
        self._app, self._knows = app, knows
        self._work = BoundedSemaphore(WORKING)
        self._places = {limits: BoundedSemaphore(limits.at_once) for limits in (STRANGERS, FORMS, FILES)}

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            body = self._received(environ)
        except Unreceived as fault:
            return _said(*fault.answer)(environ, start)
        if not self._work.acquire(timeout=PATIENCE):
            return _said(503, "Not saved", "Too many people are asking just now. Nothing was changed. Try again soon.")(
                environ, start
            )
        try:
            return self._app(environ, start)
        except Exception as error:  # past every error page: the server would answer with nothing
            logging.getLogger(__name__).exception("an answer could not be made")
            if is_unreachable(error):
                return _said(503, "Not saved", "The record cannot be reached just now. Try again soon.")(environ, start)
            return _said(500, "Something went wrong here", "Try again; if it stays, tell the administrator.")(
                environ, start
            )
        finally:
            self._work.release()
            if body is not None:
                body.close()

    def _received(self, environ: WSGIEnvironment) -> IO[bytes] | None:
        """Put what was received in the place of what was to come; nothing where there is no body, or too much.

        Raises:
            Unreceived: it did not come in time, or too many are on their way.
        """
        declared = _declared(environ)
        if declared == 0:
            return None
        limits = self._limits(environ, declared)
        too_large = declared is not None and declared > limits.largest
        if too_large and (limits is STRANGERS or (declared or 0) > READ_BACK):
            _leave_out(environ, limits)
            return None
        place = self._places[limits]
        if not place.acquire(timeout=limits.wait):
            raise Unreceived(503, "Not saved", "Too much is being sent just now. Nothing was changed. Try again soon.")
        try:
            room = replace(limits, largest=READ_BACK) if too_large else limits
            body, size = _read(environ["wsgi.input"], room, declared)
        finally:
            place.release()
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        if size > room.largest:
            body.close()
            environ["CONTENT_LENGTH"] = str(size)
            _leave_out(environ, limits)
            return None
        environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(size), "wsgi.input_terminated": True}
        return body

    def _limits(self, environ: WSGIEnvironment, declared: int | None) -> Limits:
        if not self._knows(environ):
            return STRANGERS
        return FORMS if declared is not None and declared <= FORMS.largest else FILES


def _declared(environ: WSGIEnvironment) -> int | None:
    """The length of the body in bytes: 0 without one, nothing where only its end will say."""
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return None
    with suppress(ValueError):
        return max(0, int(environ.get("CONTENT_LENGTH") or 0))
    return 0


def _leave_out(environ: WSGIEnvironment, limits: Limits) -> None:
    """Take a body that is too large out of the request.

    The application says so by the length alone; of a stranger's it hears nothing, and answers as it answers any.
    """
    environ |= {"wsgi.input": BytesIO(), "wsgi.input_terminated": True}
    if limits is STRANGERS:
        environ["CONTENT_LENGTH"] = "0"


def _read(stream: IO[bytes], limits: Limits, declared: int | None) -> tuple[IO[bytes], int]:
    """The body and its size, once it is there; one byte more than ``limits.largest`` is enough of one.

    Raises:
        Unreceived: it did not come in time, or its sender went away.
    """
    reading = _Reading(stream, limits.largest)
    thread = Thread(target=reading.run, name="body", daemon=True)
    thread.start()
    allowed = limits.seconds + (declared if declared is not None else limits.largest) / limits.slowest
    if not reading.done.wait(allowed):
        reading.given_up = True
        raise Unreceived(408, "Not saved", "What you sent did not arrive in time. Nothing was changed. Try again.")
    if reading.failed or (declared is not None and reading.size < declared and reading.size <= limits.largest):
        reading.out.close()
        raise Unreceived(400, "Not saved", "What you sent did not arrive whole. Nothing was changed. Try again.")
    reading.out.seek(0)
    return reading.out, reading.size


class _Reading:
    """One body on its way, read in a thread of its own, since only the end of the line ends such a wait."""

    def __init__(self, stream: IO[bytes], largest: int) -> None:
        self.out: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the request closes it
        self.size, self.failed, self.given_up, self.done = 0, False, False, Event()
        self._stream, self._largest = stream, largest

    def run(self) -> None:
        try:
            while self.size <= self._largest and not self.given_up and (piece := self._stream.read(CHUNK)):
                self.out.write(piece)
                self.size += len(piece)
        except Exception:  # whatever the server calls a line that was cut
            self.failed = True
        finally:
            self.done.set()
            if self.given_up:
                self.out.close()


def _said(status: int, title: str, says: str) -> Response:
    """A page that asks nobody for anything."""
    words = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1><p>{says}</p></main></body></html>\n"
    )
    answer = Response(words, status, mimetype="text/html", headers=dict(HEADERS))
    answer.headers["Connection"] = "close"
    return answer


def signed_in(app: Any) -> Callable[[WSGIEnvironment], bool]:
    """Whether the cookie of a request is one that this application gave to somebody who signed in.

    Nothing is asked of the database: a sign-in that has ended counts, and the gate refuses it.
    """
    from itsdangerous import BadSignature
    from werkzeug.http import parse_cookie

    serializer = app.session_interface.get_signing_serializer(app)
    name = app.config["SESSION_COOKIE_NAME"]

    def knows(environ: WSGIEnvironment) -> bool:
        try:
            return "_user_id" in serializer.loads(parse_cookie(environ).get(name, ""))
        except (BadSignature, TypeError):
            return False

    return knows
