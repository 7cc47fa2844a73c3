"""Python's search for garbage, paused while a process starts."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Import modules without looking for garbage among them, then or later: it takes a sixth of the start of a process.

    What is there at the end of the first time stays as long as the process.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            if not gc.get_freeze_count():
                gc.freeze()
            gc.enable()
