"""Makes the .br and .gz beside each file that is served; `make static` after a change. A guard test compares them."""

import gzip
from pathlib import Path

import brotli

HERE = Path(__file__).parent
SERVED = sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*") if path.suffix in {".css", ".js"})


def packed(data: bytes) -> dict[str, bytes]:
    """The compressed forms of a file, the same each time."""
    return {".br": brotli.compress(data, quality=11), ".gz": gzip.compress(data, compresslevel=9, mtime=0)}


def main() -> None:
    for name in SERVED:
        path = HERE / name
        for ending, data in packed(path.read_bytes()).items():
            path.with_name(path.name + ending).write_bytes(data)


if __name__ == "__main__":
    main()
