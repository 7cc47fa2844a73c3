"""What every answer has in common: page or fragment, headers, error pages, the gate before each view.

All names of htmx headers live here.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import SplitResult, quote, urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError
from werkzeug.wsgi import LimitedStream

from ilacs_app import clock
from ilacs_app.access import Actor, mark_of, requires
from ilacs_app.dates import clock_time, long_date, month_year, short_date, weekday_date, weekday_short
from ilacs_app.db import answers
from ilacs_app.errors import NotKnown
from ilacs_app.forms.conflicts import marked
from ilacs_app.text import cut

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}

LONGEST_SAID = 1200  # bytes of JSON
LARGEST_ID = 2**31 - 1  # what an integer key holds in PostgreSQL


class ItemConverter(IntegerConverter):
    """The id of an item in an address; a number that no key can hold matches nothing."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


class DayConverter(BaseConverter):
    """A day in an address: ``2026-05-21``. Any other text matches nothing."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: date) -> str:
        return value.isoformat()


csrf = CSRFProtect()
site = Blueprint("site", __name__)


@site.get("/healthz")
@requires("anyone")
def healthz() -> Response:
    """``ok`` while the database answers; 503 else."""
    if not answers():
        return Response("the database is not there\n", status=503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


@site.get("/favicon.ico")
@requires("anyone")
def favicon() -> Response:
    """Answer that there is no icon; browsers ask for it by themselves."""
    return make_response("", 204)


@site.get("/accessibility")
@requires("anyone")
def accessibility() -> Response:
    return page("web/accessibility.html")


@site.get("/privacy")
@requires("anyone")
def privacy() -> Response:
    return page("web/privacy.html")


@dataclass(frozen=True)
class NavigationEntry:
    """One entry of the service navigation; ``count`` is what waits there."""

    text: str
    href: str
    active: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Past:
    """What a page as it was on a past day says of itself: the day, and the address of the page as it is now.

    ``since`` is an earlier day to compare with, if one was asked for, and ``differs`` what has changed since then.
    """

    day: date
    now: str
    since: date | None = None
    differs: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Frame:
    """What every page shows around its content; ``past`` where it is shown as it was, ``on_account``: about oneself.

    ``lists_plans``: whether breadcrumbs begin with the list of plans; with one plan, that list leads back to it.
    """

    person: str | None = None
    council: str = ""
    entries: tuple[NavigationEntry, ...] = ()
    banners: tuple[str, ...] = ()
    search: str | None = None
    past: Past | None = None
    on_account: bool = False
    lists_plans: bool = True


def wants_fragment() -> bool:
    """Return whether htmx asks for part of a page: not on a history restore, and not where it was boosted."""
    asked = request.headers
    return (
        asked.get("HX-Request") == "true"
        and asked.get("HX-History-Restore-Request") != "true"
        and asked.get("HX-Boosted") != "true"
    )


def page(template: str, *, status: int = 200, **context: Any) -> Response:
    """A whole page in its frame."""
    frame: Frame = g.frame_of(request.path) if "frame_of" in g else Frame()
    g.lists_plans = frame.lists_plans
    saved = context.pop("saved", None)
    if saved is None and status == 200:
        saved = _take_saved()
    return make_response(render_template(template, frame=frame, saved=saved, **context), status)


def fragment(template: str, *, status: int = 200, onto: str | None = None, **context: Any) -> Response:
    """Part of a page for htmx; ``onto`` names another element than the one that asked (a CSS selector)."""
    answer = make_response(render_template(template, **context), status)
    if onto:
        answer.headers["HX-Retarget"] = onto
        answer.headers["HX-Reswap"] = "innerHTML" if onto == "#status" else "outerHTML"
    return answer


def after_saving(message: str, back: str) -> Response:
    """Send a plain browser back to where it came from, where it reads what was saved."""
    say_on_next_page(message)
    return make_response(redirect(back, 303))


def say_on_next_page(message: str) -> None:
    """Keep what was saved for the next page that this person opens.

    The sentence travels in the cookie of the session, so a very long one is cut: browsers drop a cookie over 4 KB.
    """
    session["saved"] = cut(message, LONGEST_SAID, "…", lambda part: len(json.dumps(part)))


def say_in_open_row(message: str) -> None:
    """Keep what was saved for the row that is open on the next page that this person opens."""
    session["saved_before"] = cut(message, LONGEST_SAID, "…", lambda part: len(json.dumps(part)))


def take_saved_before() -> str:
    """Return what was saved before the row that opens now, once."""
    message: str = session.pop("saved_before", "")
    return message


def as_download(answer: Response, name: str) -> Response:
    """Make an answer a download under this name, which a browser saves and never shows or runs.

    A name beyond ASCII is given twice (RFC 6266): an approximation for old programs, and the exact name.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w .,()+=@-]", "-", plain).strip()
    if not plain.rpartition(".")[0]:
        plain = f"file{plain}"
    answer.headers.set("Content-Disposition", "attachment", filename=name if name.isascii() else plain)
    if not name.isascii():
        answer.headers["Content-Disposition"] += f"; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def go_on(address: str) -> Response:
    """Send a browser to another page of ours: htmx as a whole page, never as a fragment."""
    if wants_fragment():
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = address
        return answer
    return make_response(redirect(address, 303))


def _take_saved() -> str | None:
    message: str | None = session.pop("saved", None)
    return message


def local_address(given: str | None) -> str | None:
    """The address if it is one of ours (a path, with no host), else nothing."""
    if not given or not given.startswith("/") or given.startswith(("//", "/\\")) or not given.isprintable():
        return None
    parts = _parted(given)
    return given if parts and not parts.scheme and not parts.netloc else None


def asked_from() -> str | None:
    """The page that an htmx request was made from, as a path of ours."""
    parts = _parted(request.headers.get("HX-Current-URL") or "")
    return local_address(parts.path + (f"?{parts.query}" if parts.query else "")) if parts else None


def _parted(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


@dataclass(frozen=True)
class Hooks:
    """Functions of higher rooms that the gate calls.

    ``load_actor``: who is signed in. ``frame``: what surrounds a page for them, at a path. ``keep_typed``: save as a
    draft what this request sends under an expired sign-in, and return the address where its form opens, or None.
    ``sign_in_again``: the sign-in page as an answer; it gets what ``keep_typed`` returned.
    """

    load_actor: Callable[[], Actor | None]
    frame: Callable[[Actor | None, str], Frame]
    keep_typed: Callable[[], str | None]
    sign_in_again: Callable[[str | None], Response]


def _signed_out(hooks: Hooks) -> Response:
    """Answer someone without a live sign-in, and never with a sign-in page inside a row.

    Where the sign-in has only expired, what was typed is saved, and its form opens with it after the next sign-in.
    """
    draft = hooks.keep_typed() if request.method == "POST" else None
    if wants_fragment():
        answer = make_response("", 401)
        next_ = draft or asked_from() or "/"
        answer.headers["HX-Redirect"] = url_for("people.sign_in", next=next_, kept="1" if draft else None)
        return answer
    if request.method in {"GET", "HEAD"}:
        asked = request.full_path if request.query_string else request.path
        return make_response(redirect(url_for("people.sign_in", next=asked), 302))
    return hooks.sign_in_again(draft)


def actor() -> Actor:
    """The person that this request speaks for."""
    known: Actor = g.actor
    return known


def _gate(app: Flask, hooks: Hooks) -> ResponseReturnValue | None:
    """Pass a request on to its view, or answer it: no one signed in, nothing to see here, or a forged form."""
    mark = mark_of(app.view_functions.get(request.endpoint or ""))
    if mark is None:
        g.frame_of = lambda path: hooks.frame(hooks.load_actor(), path)
        return None
    g.writes = mark.writes
    who = hooks.load_actor()
    g.frame_of = lambda path: hooks.frame(who, path)
    if who is None and mark.who != "anyone":
        return _signed_out(hooks)
    if who is not None:
        g.actor = who
        if mark.who == "belongs" and not who.belongs:
            if request.path == "/":
                return redirect(url_for("people.account"))
            raise NotKnown(request.path)
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        csrf.protect()
    return None


def init_web(app: Flask, hooks: Hooks) -> None:
    """Put the gate, the headers, the error pages and the template names on the application."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # the gate asks for it after the sign-in
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # it lives as long as the session that it belongs to
    csrf.init_app(app)

    app.before_request(lambda: _gate(app, hooks))

    @app.after_request
    def headers(answer: Response) -> Response:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        answer.vary.add("HX-Request")
        return answer

    @app.template_global()
    def once() -> str:
        return secrets.token_urlsafe(12)

    static_folder = Path(app.config["STATIC"])

    @cache
    def stamped(name: str) -> str:
        return hashlib.sha256((static_folder / name).read_bytes()).hexdigest()[:10]

    @app.template_global()
    def static(name: str) -> str:
        return f"/static/{name}?v={stamped(name)}"

    for formatter in (short_date, long_date, weekday_date, weekday_short, month_year, clock_time):
        app.add_template_filter(formatter)
    app.template_filter("london")(clock.london_day)
    app.template_filter("marked")(marked)


CARRIED = frozenset({"csrf_token", "once", "view", "back", "version", "was", "noted", "go_on", "drop", "taken_up"})
"""The fields of a form that no one types or chooses."""


@dataclass(frozen=True)
class FieldSent:
    """A field of a form that was sent, and what was in it."""

    name: str
    text: str


def fields_sent() -> list[FieldSent]:
    """Return what someone wrote into the form of this request, to show where it cannot be saved; never a password.

    The files of a form that is too large are discarded as they arrive.
    """
    if request.method != "POST":
        return []
    try:
        form: MultiDict[str, str] = request.form
    except RequestEntityTooLarge:
        form = _texts_read_back()
    if "password" in form:
        return []
    return [
        FieldSent(name=name, text=text) for name, text in form.items(multi=True) if name not in CARRIED and text.strip()
    ]


def _texts_read_back() -> MultiDict[str, str]:
    """The texts of a form with larger files than may be sent; nothing if it was too large to be received at all."""
    parser = FormDataParser(_Nowhere.instead, max_form_memory_size=request.max_form_memory_size)
    body = LimitedStream(request.environ["wsgi.input"], request.content_length or 0)
    try:
        return parser.parse(cast(IO[bytes], body), request.mimetype, None, request.mimetype_params)[1]
    except HTTPException:
        return MultiDict()


class _Nowhere(BytesIO):
    """A file that discards everything written to it."""

    @classmethod
    def instead(cls, *_: object, **__: object) -> _Nowhere:
        return cls()

    def write(self, data: Any, /) -> int:
        return len(data)
