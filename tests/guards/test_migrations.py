"""The tables are what the models say, and the way there and back works."""

from __future__ import annotations

import re
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from ilacs_app import bundled, create_app
from ilacs_app.db import SchemaFault, check_schema, db, schema_fault, upgrade_schema
from ilacs_app.search.index import is_index
from tests.conftest import empty_postgres, settings_for


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
        if table != "alembic_version" and not is_index(table)
    }


def test_the_models_equal_the_migrations(app):
    with db.engine.connect() as connection:
        known = {"include_name": lambda name, kind, _: kind != "table" or not is_index(name)}
        context = MigrationContext.configure(connection, opts={"compare_server_default": True, **known})
        assert compare_metadata(context, db.metadata) == []


def test_checks_and_indexes_of_the_models_are_in_the_migrated_tables(app, tmp_path):
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
        assert schema_fault() is SchemaFault.MISSING
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


OLD_ROWS = (
    "insert into board (id, slug, name, other_names) values (9, 'old-board', 'Old Board', '[]')",
    "insert into person (id, email, name, password_hash, active, partner, created_at)"
    " values (1, 'a@b.example', 'Lead', 'x', true, false, '2018-02-22 09:00:00')",
    "insert into plan (id, slug, short_name, title, state, dated_on, reporting_window, columns, version)"
    " values (1, 'old', 'Old', 'Old', 'live', '2018-02-22', 35, '[]', 1)",
    "insert into recommendation (id, plan_id, number, position, text, monitoring, measures, partnership_focus,"
    " link_plans, impact, extra, at, version) values (1, 1, '1', 0, 'Do it', '[]', '[]', '', '[]', '', '{}', '', 1)",
    "insert into action (id, plan_id, text, timescale_text, timescale_kind, timescale_guessed, moves, status,"
    " completion_imported, last_word_on, imported_status_text, imported_note, extra, at, version)"
    " values (1, 1, 'Words', 'End April 2018', 'date', false, 0, 'not_started', false, '2018-02-22', '', '', '{}', '',"
    " 3)",
    "update action set status = 'completed', claimed_by_id = 1",
    "insert into action_place (recommendation_id, action_id, position, ref) values (1, 1, 0, '1.1')",
    "insert into progress_note (id, action_id, person_id, written_at, did, difference, next_step)"
    " values (1, 1, 1, '2018-02-22 09:00:00', 'Done', '', '')",
    "insert into evidence (id, action_id, person_id, added_at, shows, kind, sensitivity, url)"
    " values (1, 1, 1, '2018-02-22 09:00:00', 'An audit', 'audit', 'open', 'https://intranet.example/')",
)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_of_the_first_version_keeps_its_rows(kind, request, tmp_path):
    url = f"sqlite:///{tmp_path / 'old.db'}" if kind == "sqlite" else empty_postgres(request)
    app = create_app(settings_for(tmp_path, url))
    with app.app_context():
        if kind == "sqlite":
            (tmp_path / "old.db").touch()
        flask_migrate.Migrate(app, db, directory=app.config["MIGRATIONS"])
        flask_migrate.upgrade(revision="0001")
        with db.engine.begin() as connection:
            for row in OLD_ROWS:
                connection.execute(text(row))
        upgrade_schema()
        check_schema()
        with db.engine.connect() as connection:
            action = connection.execute(
                text("select text, version, second_move_asked, override_reason from action")
            ).one()
            assert tuple(action) == ("Words", 3, False, "")
            assert connection.execute(text("select did, blocker, answer from progress_note")).one() == (
                "Done",
                "",
                None,
            )
            piece = connection.execute(text("select shows, withdrawn_on, withdrawn_reason from evidence")).one()
            assert tuple(piece) == ("An audit", None, "")
            assert connection.execute(text("select action_id, person_id from claim_hand")).one() == (1, 1)
            assert connection.execute(text("select count(*) from search_text")).scalar_one() == 4
            if kind == "sqlite":
                assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        db.session.remove()
        db.engine.dispose()
