"""Set a PDF with typst in a separate process, whose memory is freed when it ends.

typst caches its last ten documents to be faster with the next one: a worker grew by 180 MB over 14 plans. In its own
process a failure affects no one else, and a run that takes too long can be ended.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ilacs_app.reporting.export.coverage import FONTS

LAYOUT = Path(__file__).parent / "pdf_layout.typ"
SECONDS_TO_SET = 60  # a plan of 1,000 rows takes a few


class NotSet(Exception):
    """typst made no PDF of this; the message is what it said."""


def pdf_apart(data: dict[str, Any], layout: Path = LAYOUT) -> bytes:
    """Return the PDF that a layout makes of ``data``, tagged (PDF/UA-1). Data is never read as markup.

    Raises:
        NotSet: typst refused it, failed, or took more than ``SECONDS_TO_SET``.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", __spec__.name, str(layout)],
            input=json.dumps(data, ensure_ascii=False).encode(),
            capture_output=True,
            timeout=SECONDS_TO_SET,
            env={name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotSet(f"typst took more than {SECONDS_TO_SET} seconds") from None
    if done.returncode != 0:
        raise NotSet(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def _main() -> None:
    import typst

    made = typst.compile(
        sys.argv[1],
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"plan": sys.stdin.buffer.read().decode()},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    sys.stdout.buffer.write(bytes(made))


if __name__ == "__main__":
    _main()
