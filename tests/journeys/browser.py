"""A person's browser: it reads pages as a tree, follows their links, fills their forms and sends them."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.auditor import Node, is_page, read


class Browser:
    """One person's browser, which sends forms as a plain browser does, or as htmx does."""

    def __init__(self, client: FlaskClient, htmx: bool) -> None:
        self.client = client
        self.htmx = htmx

    def page(self, address: str) -> Node:
        answer = self.client.get(address)
        assert answer.status_code == 200
        return read(answer.text)

    def submit(self, address: str, form_id: str, **fields: Any) -> Node:
        """Fill the form with this id on a page and send it; the page (or what htmx swaps in) that follows."""
        return self._sent(address, self.page(address).one("form", id=form_id), fields)

    def form(self, address: str, action_id: int) -> Node:
        """The form of a row on this page, opened by its verb."""
        verb = self.page(address).one(id=f"action-{action_id}").one("a", class_="verb")
        if not self.htmx:
            return self.page(verb.attrs["href"].partition("#")[0]).one("form", id=f"a{action_id}-form")
        told = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{address}"}
        answer = self.client.get(verb.attrs["hx-get"], headers=told)
        assert answer.status_code == 200 and not is_page(answer.text)
        return read(answer.text).one("form", id=f"a{action_id}-form")

    def send(self, address: str, action_id: int, **fields: Any) -> Node:
        """Fill the row's form and send it; the page (or what htmx swaps in) that follows."""
        return self._sent(address, self.form(address, action_id), fields)

    def _sent(self, address: str, form: Node, fields: dict[str, Any]) -> Node:
        htmx = self.htmx and "hx-post" in form.attrs
        known = {n.attrs["name"] for n in form.walk() if "name" in n.attrs}
        assert set(fields) <= known, f"the form has no {set(fields) - known}"
        data = {**_as_it_stands(form), **fields}
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{address}"} if htmx else {}
        answer = self.client.post(
            form.attrs["hx-post" if htmx else "action"],
            data=data,
            headers=headers,
            content_type="multipart/form-data",
        )
        if htmx:
            assert answer.status_code == 200, answer.text
            return read(answer.text)
        assert answer.status_code == 303, answer.text
        return self.page(answer.headers["Location"].partition("#")[0])

    def said(self, tree: Node) -> str:
        region = tree.one("hx-partial", hx_target="#status") if self.htmx else tree.one(id="status")
        return region.text


def _as_it_stands(form: Node) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for node in form.walk():
        name = node.attrs.get("name")
        if not name or node.attrs.get("type") == "file":
            continue
        if node.attrs.get("type") in {"radio", "checkbox"} and "checked" not in node.attrs:
            continue
        if node.tag == "textarea":
            values[name] = node.whole_text
        elif node.tag == "select":
            chosen = [o for o in node.all("option") if "selected" in o.attrs] or node.all("option")[:1]
            values[name] = chosen[0].attrs["value"]
        elif node.tag == "input":
            values[name] = node.attrs.get("value", "")
    return values
