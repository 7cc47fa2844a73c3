"""The least that a page of 60 rows can cost here: bare Flask, one Jinja table, the server and settings of ``serve``.

Run by ``bench/run.py``; by itself: ``python bench/ceiling.py PORT WORKERS``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask, render_template_string

sys.path.insert(0, str(Path(__file__).parent.parent))

from ilacs_app.serving.bodies import Gateway, signed_in

ROWS = [
    {"ref": f"{n // 5 + 1}.{n % 5 + 1}", "text": f"Revise the guidance for staff and brief every team on it ({n})"}
    for n in range(60)
]
PAGE = """<!doctype html><html lang="en"><head><title>Sixty rows</title></head><body><main><h1>Sixty rows</h1><table>
<thead><tr><th>Number</th><th>Action</th><th>Due</th><th>Status</th><th>Rating</th></tr></thead><tbody>
{% for row in rows %}<tr id="action-{{ row.ref }}"><td>{{ row.ref }}</td><td>{{ row.text }}</td><td>30 April 2026</td>
<td>In progress</td><td>Green: on track</td></tr>
{% endfor %}</tbody></table></main></body></html>"""


def create_app() -> Flask:
    app = Flask(__name__, static_folder=None)

    @app.get("/")
    def sixty_rows() -> str:
        return render_template_string(PAGE, rows=ROWS)

    return app


def worker() -> Gateway:
    """Return what one process serves: the bare page behind the gateway that ``serve`` has."""
    app = create_app()
    return Gateway(app, signed_in(app))


def main(port: int, workers: int) -> None:
    from granian.constants import Interfaces, Loops
    from granian.server import Server

    Server(
        "bench.ceiling:worker",
        factory=True,
        interface=Interfaces.RSGI,
        loop=Loops.asyncio,
        websockets=False,
        address="127.0.0.1",
        port=port,
        workers=workers,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
