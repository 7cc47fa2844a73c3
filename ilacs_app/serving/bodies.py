"""Receive the body of a request before a view runs, in limited time, so that slow senders delay no one else.

No one can interrupt a thread that waits for the rest of a form, so no thread waits: the server's event loop
receives, with a limit for each kind of body, and a thread gets the request once it is whole. Someone who has not
signed in may send little more than the sign-in form. A whole body is kept in memory, or in a temporary file of its
owner only.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from ilacs_app.db import is_unreachable
from ilacs_app.web import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from flask import Flask

WORKING = 16  # requests that a process works on at once; the others wait
IN_MEMORY = 512 * 1024  # bytes of a body; what is larger goes to a temporary file


@dataclass(frozen=True)
class Limits:
    """For one kind of body in one process.

    ``largest`` in bytes; ``at_once`` on their way; ``seconds`` to arrive, and one more for each ``slowest`` bytes.
    """

    largest: int
    at_once: int
    seconds: float
    slowest: int = 50_000


STRANGERS = Limits(largest=16 * 1024, at_once=200, seconds=5)
FORMS = Limits(largest=256 * 1024, at_once=200, seconds=8)
FILES = Limits(largest=27 * 1024 * 1024, at_once=16, seconds=10)
READ_BACK = 4 * FILES.largest  # bytes: what is larger than a form may be is read so far, to show its texts again


class Unreceived(Exception):
    """The body did not come; the status and the sentences to answer with."""

    def __init__(self, status: int, says: str) -> None:
        super().__init__(says)
        self.status, self.says = status, says


class Gateway:
    """A WSGI application as granian's own interface (RSGI) calls it, each request once it is there as a whole."""

    def __init__(self, app: WSGIApplication, knows: Callable[[WSGIEnvironment], bool]) -> None:
        self._app, self._knows = app, knows
        self._threads = ThreadPoolExecutor(WORKING, "request")
        self._places = {limits: asyncio.Semaphore(limits.at_once) for limits in (STRANGERS, FORMS, FILES)}

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        environ = _environ(scope)
        try:
            body = await self._received(environ, protocol)
        except Unreceived as fault:
            protocol.response_str(fault.status, [*_PLAIN, ("connection", "close")], _page("Not saved", fault.says))
            return
        loop = asyncio.get_running_loop()
        status, headers, pieces = await loop.run_in_executor(self._threads, self._answered, environ, body)
        if isinstance(pieces, bytes):
            protocol.response_bytes(status, headers, pieces)
            return
        out = protocol.response_stream(status, headers)
        try:
            parts = iter(pieces)
            while (piece := await loop.run_in_executor(self._threads, next, parts, None)) is not None:
                await out.send_bytes(piece)
        finally:
            await loop.run_in_executor(self._threads, _close, pieces)

    def _answered(
        self, environ: WSGIEnvironment, body: IO[bytes] | None
    ) -> tuple[int, list[tuple[str, str]], bytes | Iterable[bytes]]:
        """Return status, headers and body; a long body in pieces."""
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _fault: Any = None) -> Callable[[bytes], object]:
            told[:] = int(status[:3]), [(name.lower(), value) for name, value in headers]
            return lambda _piece: None

        try:
            pieces = self._app(environ, start)
            if dict(told[1]).get("content-length", "").isdigit() and int(dict(told[1])["content-length"]) <= IN_MEMORY:
                whole = b"".join(pieces)
                _close(pieces)
                return told[0], told[1], whole
            return told[0], told[1], pieces
        except Exception as error:  # past every error page
            logging.getLogger(__name__).exception("an answer could not be made")
            if is_unreachable(error):
                return (
                    503,
                    _PLAIN,
                    _page("Not saved", "We cannot reach the record. Try again in a few minutes.").encode(),
                )
            says = "Try again. If it happens again, tell the administrator."
            return 500, _PLAIN, _page("There is a problem with this service", says).encode()
        finally:
            if body is not None:
                body.close()

    async def _received(self, environ: WSGIEnvironment, protocol: Any) -> IO[bytes] | None:
        """Put the received body into the request; nothing if there is no body, or it is too large.

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
        if place.locked():
            raise Unreceived(503, "The service is busy. Nothing was changed. Try again soon.")
        room = replace(limits, largest=READ_BACK) if too_large else limits
        async with place:
            body, size = await _read(protocol, room, declared)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["CONTENT_LENGTH"] = str(size)
        if size > room.largest:
            body.close()
            _leave_out(environ, limits)
            return None
        environ["wsgi.input"] = body
        return body

    def _limits(self, environ: WSGIEnvironment, declared: int | None) -> Limits:
        if not self._knows(environ):
            return STRANGERS
        return FORMS if declared is not None and declared <= FORMS.largest else FILES


async def _read(protocol: Any, limits: Limits, declared: int | None) -> tuple[IO[bytes], int]:
    """Return the body, at its first byte, and its size; reading stops a little beyond the largest allowed.

    Raises:
        Unreceived: it did not come in time, or its sender went away.
    """
    out: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the request closes it
    size = 0
    try:
        async with asyncio.timeout(
            limits.seconds + (limits.largest if declared is None else declared) / limits.slowest
        ):
            async for piece in protocol:
                out.write(piece)
                size += len(piece)
                if size > limits.largest:
                    break
        if declared is not None and size < declared:
            raise EOFError
    except TimeoutError:
        out.close()
        raise Unreceived(408, "What you sent did not arrive in time. Nothing was changed. Try again.") from None
    except Exception:  # any error that the server raises for a broken connection
        out.close()
        raise Unreceived(400, "Only part of what you sent arrived. Nothing was changed. Try again.") from None
    out.seek(0)
    return out, size


def _environ(scope: Any) -> WSGIEnvironment:
    """The request as WSGI has it (PEP 3333), without its body."""
    host, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": SpooledTemporaryFile(),  # noqa: SIM115 - holds nothing, and no file
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        mark = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{mark}{value}" if key in environ else value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ


def _declared(environ: WSGIEnvironment) -> int | None:
    """The length of the body in bytes: 0 without a body, None if it is only known at the end."""
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return None
    with suppress(ValueError):
        return max(0, int(environ.get("CONTENT_LENGTH") or 0))
    return 0


def _leave_out(environ: WSGIEnvironment, limits: Limits) -> None:
    """Take a body that is too large out of the request.

    The application refuses it by its length alone; a stranger's body is dropped and the request answered as any other.
    """
    if limits is STRANGERS:
        environ["CONTENT_LENGTH"] = "0"


def _close(pieces: Any) -> None:
    if hasattr(pieces, "close"):
        pieces.close()


_PLAIN = [(name.lower(), value) for name, value in HEADERS.items()] + [("content-type", "text/html; charset=utf-8")]


def _page(title: str, says: str) -> str:
    """A page that needs no database."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1><p>{says}</p></main></body></html>\n"
    )


def signed_in(app: Flask) -> Callable[[WSGIEnvironment], bool]:
    """Return whether the cookie of a request is one that this application gave to someone who signed in.

    The database is not asked: an ended sign-in counts here, and the gate refuses it.
    """
    from flask.sessions import SecureCookieSessionInterface
    from itsdangerous import BadSignature
    from werkzeug.http import parse_cookie

    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    name = app.config["SESSION_COOKIE_NAME"]

    def knows(environ: WSGIEnvironment) -> bool:
        try:
            return serializer is not None and "_user_id" in serializer.loads(parse_cookie(environ).get(name, ""))
        except (BadSignature, TypeError):
            return False

    return knows
