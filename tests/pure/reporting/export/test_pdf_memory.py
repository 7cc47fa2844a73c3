"""What printing PDFs leaves in the process that asks for them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from ilacs_app.reporting.export.pdf import pdf_file
from ilacs_app.reporting.export.table import Cover, table_of
from tests.pure.reporting.export.test_any_text import cover, export_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process in /proc")
ROWS = 100


def resident_mb() -> float:
    """Return what this process holds in memory now."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


def _grown(pdfs: int) -> float:
    """Return how many MB the process grows by when it prints so many different PDFs, after a first one."""
    on: Cover = cover()
    before = 0.0
    for n in range(pdfs + 1):
        texts = [
            f"Action {row} of plan {n}: see children in time, and hear what they say of it." for row in range(ROWS)
        ]
        assert pdf_file(table_of(export_of(texts).file), on).startswith(b"%PDF")
        before = before or resident_mb()
    return resident_mb() - before


def test_pdfs_leave_nothing_in_the_process_that_asks_for_them():
    assert _grown(6) < 15


@pytest.mark.proof
def test_thirty_pdfs_of_a_hundred_rows_leave_nothing_in_the_process(record_property):
    grown = _grown(30)
    record_property("MB more after 30 PDFs", round(grown, 1))
    record_property("MB in all", round(resident_mb(), 1))
    assert grown < 25 and resident_mb() <= 200
