"""Every answer in every test of pages is read by this auditor: structure, labels, forms, words, headers.

It is a strict reader of its own (``html.parser``), because a parser that repairs would hide what is broken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ilacs_app.web import CONTENT_SECURITY_POLICY

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
EVENT = re.compile(r"on[a-z]+")
WORDS_WE_AVOID = re.compile(r"\b(please|success|successful|successfully|oops|sorry|invalid)\b", re.IGNORECASE)
TYPED_INTO = {"text", "url", "email", "number", "date", "search"}
UNLABELLED = {"hidden", "submit", "button", "reset"}
HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6"])
SHAPES = "#shape-"  # drawn once in a page; a fragment points at those of its page


@dataclass(slots=True, eq=False)
class Node:
    """One element: its attributes, its content, and its parent.

    ``order`` is every element of the document in the order of the text; those in here are ``order[first:end]``.
    """

    tag: str
    attrs: dict[str, str]
    parent: Node | None = None
    inside: list[Node | str] = field(default_factory=list)
    doubled: tuple[str, ...] = ()
    order: list[Node] = field(default_factory=list, repr=False)
    first: int = 0
    end: int | None = None

    def walk(self) -> list[Node]:
        """Each element in here, in the order of the text."""
        return self.order[self.first : self.end]

    def all(self, tag: str | None = None, **attrs: str) -> list[Node]:
        """The elements in here with this tag and these attributes (``data_ref`` means ``data-ref``)."""
        nodes = self.walk() if tag is None else [node for node in self.walk() if node.tag == tag]
        for name, value in attrs.items():
            name = name.rstrip("_").replace("_", "-")
            nodes = [node for node in nodes if node.attrs.get(name) == value]
        return nodes

    def one(self, tag: str | None = None, **attrs: str) -> Node:
        """The only such element."""
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} elements {tag} {attrs}"
        return found[0]

    def above(self) -> Iterator[Node]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    @property
    def text(self) -> str:
        """The words in here, with single spaces."""
        return " ".join(self._words().split())

    @property
    def whole_text(self) -> str:
        """The words in here to the letter (a text area's begins after its first line break)."""
        text = self._words()
        return text.removeprefix("\n") if self.tag == "textarea" else text

    def _words(self) -> str:
        return "".join(part if isinstance(part, str) else part._words() for part in self.inside)

    def __str__(self) -> str:
        attrs = "".join(f' {name}="{value}"' for name, value in self.attrs.items())
        return f"<{self.tag}{attrs}>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.at = self.root
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = self._add(tag, attrs)
        if tag in VOID:
            node.end = node.first
        else:
            self.at = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = self._add(tag, attrs)
        node.end = node.first

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> Node:
        values = {name: value or "" for name, value in attrs}
        doubled: tuple[str, ...] = ()
        if len(values) < len(attrs):
            doubled = tuple(name for name, n in Counter(name for name, _ in attrs).items() if n > 1)
        order = self.root.order
        node = Node(tag, values, self.at, doubled=doubled, order=order, first=len(order) + 1)
        order.append(node)
        self.at.inside.append(node)
        return node

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines: no test asks where in the text something stands."""
        return j

    def handle_endtag(self, tag: str) -> None:
        if tag != self.at.tag:
            self.faults.append(f"</{tag}> where {self.at} is open")
            return
        assert self.at.parent is not None
        self.at.end = len(self.root.order)
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.inside.append(data)


def read(text: str) -> Node:
    """The document or fragment as a tree."""
    return _read(text)[0]


@lru_cache(maxsize=2)  # what was audited is often read by its test next
def _read(text: str) -> tuple[Node, list[str]]:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if reader.at is not reader.root:
        reader.faults.append(f"{reader.at} is never closed")
    return reader.root, reader.faults


def is_page(text: str) -> bool:
    """Return whether this is a whole page, not a fragment."""
    return text.lstrip()[:9].lower() == "<!doctype"


def audit(response: TestResponse) -> None:
    """Fail if the answer breaks a rule of the house."""
    wrong = list(_headers(response))
    if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
        text = response.text
        wrong.extend(_html(text))
        if response.request.method == "GET" and response.status_code >= 400:
            wrong.extend(_refused_reading(read(text)))
        if response.status_code < 500:  # without the database nothing can be kept
            wrong.extend(_drafts(read(text)))
    asked = response.request
    assert not wrong, f"{asked.method} {asked.path} answered {response.status_code}:\n" + "\n".join(wrong)


def _headers(response: TestResponse) -> Iterator[str]:
    if response.request.path.startswith("/static/"):
        return
    headers = response.headers
    policy = headers.get("Content-Security-Policy", "")
    if response.mimetype == "text/html" and policy != CONTENT_SECURITY_POLICY:
        yield f"Content-Security-Policy is {policy!r}"
    if not policy.startswith("default-src 'none'") or "unsafe" in policy:
        yield f"Content-Security-Policy is {policy!r}"
    for name, value in (("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")):
        if headers.get(name) != value:
            yield f"{name} is {headers.get(name)!r}"
    if "hx-request" not in {word.strip().lower() for word in headers.get("Vary", "").split(",")}:
        yield f"Vary is {headers.get('Vary')!r}"
    for line in headers.getlist("Set-Cookie"):
        if "HttpOnly" not in line or "SameSite=Lax" not in line:
            yield f"a cookie without its guards: {line}"


def _refused_reading(root: Node) -> Iterator[str]:
    """Yield the headings of a refusal that speak of changing or saving: its reader only wanted to read."""
    for heading in root.all("h1"):
        if re.search(r"\b(change|saved?)\b", heading.text, re.I):
            yield f"the refusal of a reader is headed {heading.text!r}"


def _html(text: str) -> Iterator[str]:
    root, faults = _read(text)
    yield from faults
    whole = is_page(text)
    if whole:
        yield from _page(root)
    elif not text.strip():
        return
    nodes = root.walk()
    labels = {node.attrs["for"] for node in nodes if node.tag == "label" and node.attrs.get("for") and node.text}
    ids = Counter(node.attrs["id"] for node in nodes if "id" in node.attrs)
    yield from (f"the id {name!r} stands {n} times" for name, n in ids.items() if n > 1)
    yield from (f"the id {name!r} is not one word" for name in ids if not name or name.split() != [name])
    for node in nodes:
        yield from _node(node, ids, whole)
        if node.tag in {"input", "select", "textarea"}:
            yield from _label(node, labels)
        if node.tag == "form":
            yield from _form(node)
        if "data-error-summary" in node.attrs:
            yield from _errors(node, list(ids))
    found = WORDS_WE_AVOID.search(_our_words(root))
    if found:
        yield f"the word {found[0]!r} stands in the text"


def _errors(summary: Node, ids: Sequence[str]) -> Iterator[str]:
    """Errors are listed in the order of their fields, so that they can be corrected from the top down."""
    fields = [link.attrs["href"][1:] for link in summary.all("a") if link.attrs["href"].startswith("#")]
    places = [ids.index(field) for field in fields if field in ids]
    if places != sorted(places):
        yield f"the errors are not in the order of their fields: {', '.join(fields)}"


def _page(root: Node) -> Iterator[str]:
    html = root.all("html")
    if len(html) != 1 or html[0].attrs.get("lang") != "en":
        yield "the page does not say its language"
    for tag in ("h1", "main", "title"):
        found = root.all(tag)
        if len(found) != 1 or not found[0].text:
            yield f"{len(found)} <{tag}>, or one without words"
    if not root.all("meta", name="viewport") or not root.all("meta", charset="utf-8"):
        yield "no viewport or no character set"
    main = root.all("main")
    status = root.all(id="status", role="status")
    if len(status) != 1 or not main or main[0] not in status[0].above():
        yield "no status region in <main>"
    skip = root.all("a", href="#main")
    if not skip:
        yield "no link past the header"
    level = 1
    for node in root.walk():
        if node.tag in HEADINGS:
            if int(node.tag[1]) > level + 1:
                yield f"{node} skips a level of heading"
            level = int(node.tag[1])


def _node(node: Node, ids: Counter[str], whole: bool) -> Iterator[str]:
    if node.doubled:
        yield f"{node} has the attribute {node.doubled[0]} twice"
    for name, value in node.attrs.items():
        yield from _attribute(node, name, value, ids)
    yield from _origin(node)
    yield from OF_TAGS.get(node.tag, lambda _node, _ids: ())(node, ids)
    yield from _place(node)
    if node.tag == "use":
        drawing = node.attrs.get("href", "")
        if (drawing[1:] not in ids) if whole else not drawing.startswith(SHAPES):
            yield f"{node} names a drawing that is not there"
    if node.attrs.get("role") == "status" and node.attrs.get("id") != "status":
        yield f"{node} is a second status region"
    if node.tag in {"button", "summary", "legend", "label", "th", "option"} and not node.text:
        yield f"{node} has no words"


def _attribute(node: Node, name: str, value: str, ids: Counter[str]) -> Iterator[str]:
    if name == "style" or EVENT.fullmatch(name) or name.startswith("hx-on"):
        yield f"{node} carries {name}"
    if name.startswith("hx-") and "js:" in value:
        yield f"{node} runs a script of its own"
    if name in {"aria-describedby", "aria-labelledby", "aria-controls"}:
        yield from (f"{node} points at #{id_}, which is not there" for id_ in value.split() if id_ not in ids)
    if name in {"href", "src", "action"} and value.strip().lower().startswith(("javascript:", "data:")):
        yield f"{node} has a dangerous address"
    if name == "tabindex" and value not in {"0", "-1"}:
        yield f"{node} breaks the order of the keyboard"


def _origin(node: Node) -> Iterator[str]:
    if node.tag == "style" or (node.tag == "script" and ("src" not in node.attrs or node.text)):
        yield f"{node} is written in the page"
    if node.tag in {"script", "link", "img", "iframe"}:
        source = node.attrs.get("src") or node.attrs.get("href", "")
        if not source.startswith("/static/"):
            yield f"{node} comes from elsewhere"


def _link(node: Node, ids: Counter[str]) -> Iterator[str]:
    if not node.text and not node.attrs.get("aria-label"):
        yield f"{node} has no words"
    href = node.attrs.get("href", "")
    if not href:
        yield f"{node} leads nowhere"
    if href.startswith("#") and href[1:] not in ids:
        yield f"{node} leads to a place that is not there"


def _table(node: Node, _ids: Counter[str]) -> Iterator[str]:
    if not (node.all("caption") and node.all("caption")[0].text):
        yield f"{node} has no caption"


def _heading_cell(node: Node, _ids: Counter[str]) -> Iterator[str]:
    if node.attrs.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
        yield f"{node} does not say what it heads"


def _picture(node: Node, _ids: Counter[str]) -> Iterator[str]:
    if "alt" not in node.attrs:
        yield f"{node} has no words for those who cannot see it"


def _drawing(node: Node, _ids: Counter[str]) -> Iterator[str]:
    if not any(each.attrs.get("aria-hidden") == "true" for each in (node, *node.above())):
        yield f"{node} is read out without words"


OF_TAGS = {"a": _link, "table": _table, "th": _heading_cell, "img": _picture, "svg": _drawing}


def _place(node: Node) -> Iterator[str]:
    if node.tag in {"a", "button", "form"} and any(above.tag == node.tag for above in node.above()):
        yield f"{node} is in another of its kind"
    home = node.parent.tag if node.parent else ""
    if node.tag == "li" and home not in {"ul", "ol", "menu", "hx-partial", ""}:
        yield f"{node} is in no list"
    if node.tag in {"dt", "dd"} and node.parent and home not in {"dl", "div"}:
        yield f"{node} is in no list"


def _label(node: Node, labels: set[str]) -> Iterator[str]:
    if node.tag == "input" and node.attrs.get("type") in UNLABELLED:
        return
    if node.attrs.get("aria-label") or node.attrs.get("aria-labelledby"):
        return
    wrapped = any(above.tag == "label" and above.text for above in node.above())
    if not wrapped and node.attrs.get("id") not in labels:
        yield f"{node} has no label"


def _form(form: Node) -> Iterator[str]:
    if form.attrs.get("method", "get").lower() != "post":
        return
    action = form.attrs.get("action", "")
    if not action.startswith("/") or action.startswith("//"):
        yield f"{form} is sent elsewhere"
    hidden = {node.attrs.get("name"): node.attrs.get("value", "") for node in form.all("input", type="hidden")}
    wanted = ["csrf_token"]
    if action.startswith("/actions/"):
        wanted += ["once", "view"]
    yield from (f"{form} carries no {name}" for name in wanted if not hidden.get(name))
    if form.all("input", type="file") and form.attrs.get("enctype") != "multipart/form-data":
        yield f"{form} cannot send its file"
    if not form.all("button"):
        yield f"{form} has no button"
    if form.attrs.get("hx-post") and form.attrs["hx-post"] != action:
        yield f"{form} goes to another place with htmx than without"


def _drafts(root: Node) -> Iterator[str]:
    """The forms that someone types into and that keep no draft of it; a password is kept nowhere."""
    for form in root.all("form", method="post"):
        fields = [node for node in form.all("input") if node.attrs.get("type", "text") in TYPED_INTO]
        keeps = any(node.attrs.get("hx-post", "").startswith("/drafts?of=") for node in form.all())
        if (fields or form.all("textarea")) and not keeps and not form.all("input", type="password"):
            yield f"{form} keeps no draft of what is typed into it"


def _our_words(root: Node) -> str:
    """The words that we wrote: what people wrote (quotes, notes, table cells, fields) is theirs."""
    return " ".join(_ours(root))


def _ours(node: Node) -> Iterator[str]:
    for child in node.inside:
        if isinstance(child, str):
            yield child
        elif child.tag not in {"textarea", "td", "dd", "li", "h1", "h3", "a", "option"}:
            yield from _ours(child)


class ReadingClient(FlaskClient):
    """A test browser that reads every answer to its end, as browsers do, so that no file stays open behind it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


class PlainClient(ReadingClient):
    """A test browser whose every request runs in a context of its own, as on a server.

    In the application context that a fixture holds open, ``g`` would live on from one request to the next, and with it
    who was signed in.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response: TestResponse = Context().run(super().open, *args, **kwargs)
        return response


class AuditedClient(PlainClient):
    """A test browser whose every answer is audited."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        audit(response)
        return response
