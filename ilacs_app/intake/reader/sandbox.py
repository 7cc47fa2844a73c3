"""Open an uploaded file in a separate process, with limits on its time and memory.

What comes back is text: its contents as JSON. Whatever a hostile file makes a parser do happens in there,
without the settings, the database or the secrets of the program.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

from ilacs_app.intake.reader.contents.document import Document, as_json, from_json
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.contents.refusal import NotAPlan, check_kind
from ilacs_app.intake.reader.limits import check_limits

CPU_SECONDS = 60
WALL_SECONDS = 120
MEMORY = 1536 * 1024 * 1024  # bytes of address space
NICER = 10
_REFUSED = 3


def document_apart(path: Path) -> Document:
    """The document of a file that someone else made, as `read_document` gives it.

    Raises:
        NotAPlan: as `read_document` and `check_limits` do; or the reading was ended by one of its limits.
    """
    return from_json(_read_apart(path).decode())


def _read_apart(path: Path) -> bytes:
    check_limits(path)
    check_kind(path)
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", __spec__.name, str(path.absolute())],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_much(path) from None
    if done.returncode == _REFUSED:
        raise NotAPlan(done.stdout.decode())
    if done.returncode != 0:
        raise _too_much(path)
    return done.stdout


def _too_much(path: Path) -> NotAPlan:
    return NotAPlan(
        f"{path.name} takes more time or memory to read than we allow: leave only the plan's tables in it, "
        "and save it again."
    )


def _limit() -> None:
    """Set the limits of this process for good. Windows has none; there only the time limit applies."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(NICER)


def _main(path: Path) -> int:
    _limit()
    gc.disable()  # the document has no reference cycles, and the process ends once it is written
    try:
        sys.stdout.buffer.write(as_json(read_document(path)).encode())
    except NotAPlan as refusal:
        sys.stdout.buffer.write(str(refusal).encode())
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1])))
