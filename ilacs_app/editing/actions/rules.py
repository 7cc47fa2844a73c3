"""The words of an action as a form or a file gives them, before they are a row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionContent:
    """The words of an action and its people. A ``timescale`` is taken in a draft plan only; None leaves it as it is."""

    text: str
    owners: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    timescale: str | None = None
