"""What is served beside the pages: each file has its compressed forms, and they hold what it holds."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest

STATIC = Path(__file__).parents[2] / "static"
SERVED = sorted(path for path in STATIC.rglob("*") if path.suffix in {".css", ".js"})


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.name)
def test_the_compressed_forms_of_a_file_hold_what_it_holds(path: Path) -> None:
    assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes(), "run `make static`"
    assert brotli.decompress(path.with_name(f"{path.name}.br").read_bytes()) == path.read_bytes(), "run `make static`"
