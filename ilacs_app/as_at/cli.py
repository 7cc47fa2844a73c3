"""The command ``ilacs history checkpoint``."""

from __future__ import annotations

import click

from ilacs_app.as_at.replica import keep_checkpoints
from ilacs_app.console import CommandGroup, Failed, application


@click.group(cls=CommandGroup)
def history() -> None:
    """Look after the history of the plans."""


@history.command("checkpoint")
def checkpoint() -> None:
    """Keep copies of the record at past dates, so that pages of the past open faster. Run it each night."""
    with application():
        try:
            number = keep_checkpoints()
        except OSError as error:
            raise Failed(f"The checkpoints cannot be written to the data folder: {error.strerror}.") from error
    click.echo("1 checkpoint." if number == 1 else f"{number} checkpoints.")
