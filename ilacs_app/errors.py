"""The refusals that every room answers alike: not yours to know of, not yours to change, refused, changed since."""

from __future__ import annotations


class NotKnown(LookupError):
    """There is no such item, or it is not this person's to know of: answered as one and the same plain 404."""


class NotAllowed(PermissionError):
    """This person may look and not touch: 403. The message says who may do it."""


class Refused(ValueError):
    """The change cannot be made; the message is a sentence that says what to do instead."""


class Stale(RuntimeError):
    """Someone changed it after the form was opened; nothing was saved."""
