"""What an officer's plan holds, as the officer would say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

When = date | Literal["ongoing", "ask"]


@dataclass(frozen=True)
class OfficersPlan:
    """A file and its actions by recommendation, each with its date; "ask" where the plan does not settle it."""

    name: str
    data: Callable[[], bytes]
    dated_on: date
    actions: Mapping[str, Mapping[str, When]]
