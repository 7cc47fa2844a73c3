"""Runs the migrations on the application's own engine, each whole or not at all."""

from alembic import context
from flask import current_app

from ilacs_app.db import UtcInstant

database = current_app.extensions["migrate"].db


def render_item(kind, item, autogen_context):
    """Migrations name SQLAlchemy's own types, so that they do not change with the program."""
    if kind == "type" and isinstance(item, UtcInstant):
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(context_, inspected, metadata_column, inspected_type, metadata_type):
    return None


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        render_item=render_item,
        transaction_per_migration=False,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
