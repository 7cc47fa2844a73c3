"""The ``ilacs evidence`` commands: find files that are missing, changed or no longer used."""

from __future__ import annotations

import json
from datetime import timedelta

import click

from ilacs_app import clock
from ilacs_app.console import CommandGroup, application
from ilacs_app.files.store import EvidenceStore, Swept
from ilacs_app.governance.packs.queries import pack_files_named
from ilacs_app.intake.imports.queries import plan_files_named as files_of_imports
from ilacs_app.progress.evidence.queries import evidence_files_named

GRACE = 60  # minutes


@click.group(cls=CommandGroup)
def evidence() -> None:
    """Check the evidence folder against the record."""


@evidence.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
def check(as_json: bool) -> None:
    """Check each file against its SHA-256 and change nothing. Exit code 1 if a file is missing or has changed."""
    _report(_swept(GRACE, remove=False), as_json, removed=False)


@evidence.command("sweep")
@click.option(
    "--older-than", type=click.IntRange(min=0), default=GRACE, help="Leave files newer than this, in minutes."
)
@click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
def sweep(older_than: int, as_json: bool) -> None:
    """Delete files that nothing uses (left by a server that stopped), and check all others."""
    _report(_swept(older_than, remove=True), as_json, removed=True)


def _swept(minutes: int, *, remove: bool) -> Swept:
    before = clock.real_now() - timedelta(minutes=minutes)
    with application() as app:
        store: EvidenceStore = app.extensions["evidence"]
        return store.sweep(files_of_imports() | evidence_files_named() | pack_files_named(), before, remove=remove)


def _report(swept: Swept, as_json: bool, *, removed: bool) -> None:
    if as_json:
        click.echo(
            json.dumps(
                {
                    "checked": swept.checked,
                    "missing": list(swept.missing),
                    "wrong": list(swept.wrong),
                    "orphans": list(swept.orphans),
                    "removed": removed,
                }
            )
        )
    else:
        for label, keys in (("missing", swept.missing), ("changed since it was stored", swept.wrong)):
            for key in keys:
                click.echo(f"{key}: {label}", err=True)
        did = "unused, removed" if removed else "unused"
        click.echo(
            f"{swept.checked} files checked: {len(swept.missing)} missing, {len(swept.wrong)} changed. "
            f"{len(swept.orphans)} {did}."
        )
    if swept.missing or swept.wrong:
        raise SystemExit(1)
