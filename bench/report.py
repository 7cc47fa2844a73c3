"""The measurements as the page that people read: docs/performance.md."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def page(out: dict[str, Any]) -> str:
    """Markdown of what ``run.py`` measured: the limits first, then every page and save at each size."""
    sizes = out["sizes"]
    lines = [
        "# Performance",
        "",
        f"Written by `make bench` on {datetime.now(UTC):%d %B %Y}, on a machine of 2 cores: `ilacs serve` with",
        "2 processes, SQLite, the client on the same machine. Other programs stretch even processor time,",
        "so each page is measured in turn with a bare Flask page of a 60-row table on the same server (the ceiling):",
        "*times the ceiling* is the ratio within one run; *CPU* is that ratio times the ceiling in the quietest round.",
        "",
        f"The ceiling costs {out['ceiling']['cpu_alone']} ms of CPU a request and answers "
        f"{out['ceiling']['per_second_at_8']:,} requests a second to 8 clients.",
        "",
        "## Limits",
        "",
        "| what | measured | at most | holds |",
        "| --- | --: | --: | --- |",
    ]
    for check in out["limits"]:
        holds = "yes" if check["holds"] else "**no**"
        lines.append(f"| {check['what']} | {check['measured']:,} | {check['at_most']:,} | {holds} |")
    for actions, one in sizes.items():
        lines += _size(int(actions), one)
    for pair, ratios in out["growth"].items():
        lines += ["", f"## Growth from {pair} actions", "", "CPU of the large plan over that of the small one.", ""]
        lines += ["| page or save | times |", "| --- | --: |"]
        lines += [f"| {name} | {ratio} |" for name, ratio in ratios.items()]
    return "\n".join(lines) + "\n"


def _size(actions: int, one: dict[str, Any]) -> list[str]:
    first, memory = one["first_visit"], one["memory_mb"]
    workers = ", ".join(str(worker["pss"]) for worker in memory["workers"])
    lines = [
        "",
        f"## {actions:,} actions",
        "",
        f"First visit {first['sign_in']['bytes']:,} bytes in {first['sign_in']['requests']} requests; cold start to "
        f"the first page {one['cold_start_seconds']['median']} s; memory (PSS) {workers} MB for the two processes and "
        f"{memory['parent']['pss']} MB for their parent.",
        "",
        "| page or save | CPU ms | times the ceiling | p50 ms | p95 ms | a second at 8 clients | SQL | bytes |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for name, found in (*one["pages"].items(), *one["saves"].items()):
        cells = (found.get(key, "") for key in ("cpu_alone", "over_ceiling", "p50", "p95", "per_second_at_8", "sql"))
        lines.append(f"| {name} | {' | '.join(map(str, cells))} | {found['bytes']:,} |")
    return lines
