"""Eight people at once, for three seconds here and for five minutes by ``python bench/load.py``."""

from __future__ import annotations

import sys

import pytest

from bench.load import measured


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of processes in /proc")
def test_mixed_traffic_by_eight_people_gives_no_fault_and_stays_small():
    found = measured(0.05, 8, 60)
    assert found["faults"] == 0 and set(found["other"]) <= {200, 303}
    assert found["kinds"]["page"] and found["kinds"]["save"]
    assert found["largest_log_mb"] <= 32 and max(found["largest_memory_mb"]) <= 200
