"""The words of an action as a form or a file gives them, before they are a row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionContent:
    text: str
    owners: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
