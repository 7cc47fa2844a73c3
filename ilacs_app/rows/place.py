"""The list and the address that a row stands in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request

from ilacs_app.rows.lists import kind_at


@dataclass(frozen=True)
class RowPlace:
    """Where a row is: the kind of page, and the address to come back to."""

    view: str
    back: str

    def opened(self, action_id: int) -> str:
        """The address of the same page with this row open, for a browser without JavaScript."""
        return f"{self.shut}{'&' if '?' in self.shut else '?'}open={action_id}#action-{action_id}"

    @cached_property
    def shut(self) -> str:
        """The address of the same page with no row open."""
        parts = urlsplit(self.back)
        query = [(key, value) for key, value in parse_qsl(parts.query) if key != "open"]
        return parts.path + (f"?{urlencode(query)}" if query else "")

    @cached_property
    def onward(self) -> str:
        """What an item's address says of this list, for previous and next through it."""
        if self.view == "action":
            return ""
        parts = urlsplit(self.shut)
        query = urlencode([(key, value) for key, value in parse_qsl(parts.query) if key != "from"])
        return f"?{urlencode({'from': parts.path + (f'?{query}' if query else '')})}"

    @classmethod
    def on(cls, address: str) -> RowPlace:
        """The place of a row on the page at this address."""
        return cls(kind_at(address)[0].view, address)


def this_address() -> str:
    """This page's path with its query."""
    return request.full_path if request.query_string else request.path
