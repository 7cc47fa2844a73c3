"""Runs the migrations on the application's own engine, each whole or not at all."""

from alembic import context
from flask import current_app

from ilacs_app.db import UtcInstant
from ilacs_app.search.index import is_index

database = current_app.extensions["migrate"].db


def render_item(kind, item, autogen_context):
    """Migrations name SQLAlchemy's own types, so that they do not change with the program."""
    if kind == "type" and isinstance(item, UtcInstant):
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(context_, inspected, metadata_column, inspected_type, metadata_type):
    return None


def include_name(name, kind, parent_names):
    """The index of words is each database's own and known to no model."""
    return kind != "table" or not is_index(name)


def hold_keys(connection, held):
    """SQLite rebuilds a table that others point at, so its foreign keys are let go while a migration runs."""
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={'ON' if held else 'OFF'}")


def check_keys(connection):
    """Nothing may point at nothing once the tables are rebuilt; else the whole migration is taken back."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration would leave rows that point at nothing: {broken[:5]}")


with database.engine.connect() as connection:
    hold_keys(connection, False)
    try:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            render_item=render_item,
            include_name=include_name,
            transaction_per_migration=False,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            check_keys(connection)
    finally:
        connection.rollback()
        hold_keys(connection, True)
