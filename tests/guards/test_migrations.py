"""The tables are what the models say, and the way there and back works."""

from __future__ import annotations

import re
from pathlib import Path

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from ilacs_app import bundled, create_app
from ilacs_app.db import check_schema, db, schema_fault, upgrade_schema
from tests.conftest import settings_for


def _schema(engine) -> dict[str, object]:
    """Tables with columns, keys, indexes and checks, in words that can be compared."""
    look = inspect(engine)
    return {
        table: {
            "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(table)],
            "primary": look.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(
                (tuple(k["constrained_columns"]), k["referred_table"]) for k in look.get_foreign_keys(table)
            ),
            "unique": sorted(tuple(u["column_names"]) for u in look.get_unique_constraints(table)),
            "indexes": sorted((i["name"], tuple(i["column_names"]), i["unique"]) for i in look.get_indexes(table)),
            "checks": sorted(
                (c["name"] or "", re.sub(r"\s+", " ", c["sqltext"])) for c in look.get_check_constraints(table)
            ),
        }
        for table in sorted(look.get_table_names())
        if table != "alembic_version"
    }


def test_the_models_equal_the_migrations(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, db.metadata) == []


def test_checks_and_indexes_of_the_models_stand_in_the_migrated_tables(app, tmp_path):
    fresh = create_engine(f"sqlite:///{tmp_path / 'from-models.db'}")
    db.metadata.create_all(fresh)
    from_models, migrated = _schema(fresh), _schema(db.engine)
    fresh.dispose()
    assert set(from_models) == set(migrated)
    for table, parts in from_models.items():
        for part, wanted in parts.items():
            assert migrated[table][part] == wanted, f"{table}: {part}"


def test_there_is_one_head_and_the_numbers_have_no_gap():
    script = ScriptDirectory(str(bundled("migrations")))
    assert len(script.get_heads()) == 1
    files = sorted(path.name for path in Path(str(bundled("migrations"))).glob("versions/*.py"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))


def test_each_migration_says_what_it_does():
    script = ScriptDirectory(str(bundled("migrations")))
    for step in script.walk_revisions():
        assert step.doc and len(step.doc) > 20, step.revision


def test_the_way_down_and_up_again_leaves_the_same_tables(tmp_path):
    app = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'there.db'}"))
    with app.app_context():
        assert "ilacs db upgrade" in str(schema_fault())
        upgrade_schema()
        check_schema()
        once = _schema(db.engine)
        flask_migrate.downgrade(revision="base")
        assert _schema(db.engine) == {}
        upgrade_schema()
        assert _schema(db.engine) == once
        assert len(once) > 15
        db.session.remove()
        db.engine.dispose()
