"""What every ``ilacs`` command needs: the application without a server, and how a refusal is printed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError, InterfaceError

from ilacs_app import create_app
from ilacs_app.db import SchemaError, check_schema, db
from ilacs_app.errors import Refused
from ilacs_app.settings import Settings, SettingsError


class Failed(click.ClickException):
    """Refused or failed, with nothing changed: one sentence on stderr, exit code 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


class CommandGroup(click.Group):
    """A group of commands that print every known refusal as its sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SettingsError, SchemaError, Refused) as refusal:
            raise Failed(str(refusal)) from refusal
        except (DatabaseError, InterfaceError) as error:
            raise Failed(f"The database cannot be used: {error.orig}. Nothing was changed.") from error


@contextmanager
def application(*, data: Path | None = None, any_schema: bool = False) -> Iterator[Flask]:
    """Open the application for a command. It serves no one, so it needs no address and no secret.

    Raises:
        SettingsError, SchemaError: as the start of the server does.
    """
    app = create_app(Settings.from_env(data=data), serves=False)
    with app.app_context():
        try:
            if not any_schema:
                check_schema()
            yield app
        finally:  # nothing of the database may be inherited by a process that is forked after this
            db.session.remove()
            db.engine.dispose()
