"""The refusals that every room answers alike: unknown, not allowed, refused, changed since."""

from __future__ import annotations


class NotKnown(LookupError):
    """There is no such item, or this person may not know of it: both are answered with the same 404."""


class NotAllowed(PermissionError):
    """This person may know of the item but not change it, or not open it: 403. The message says who may."""


class Refused(ValueError):
    """The change cannot be made; the message is a sentence that says what to do instead."""


class Stale(RuntimeError):
    """Someone changed it after the form was opened; nothing was saved."""
