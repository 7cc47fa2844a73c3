"""The pure rule of a call for help: who may reply."""

from __future__ import annotations

from collections.abc import Collection

from ilacs_app.progress.rules import Standing


def why_not_reply(who: Standing, person_id: int | None, asked_by: Collection[int]) -> str | None:
    """Why somebody does not reply to the calls for help that are open, made by ``asked_by``; nothing if they may."""
    if not who.may_reply:
        return "Only the accountable lead, the programme manager or the chair or secretary of the lead board may reply."
    if set(asked_by) == {person_id}:
        return "You asked for this help. Once it is no longer needed, answer On track."
    return None
