"""Words are found: the index of search, filled from what the record holds already.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

from ilacs_app.search.index import Kind, as_kept, place

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

SQLITE = (
    """create virtual table search_text using fts5"""
    """(words, content='', contentless_delete=1, prefix='2 3', tokenize="ascii tokenchars '.'")"""
)
HELD = (
    (Kind.RECOMMENDATION, "select id, number, text from recommendation"),
    (
        Kind.ACTION,
        "select a.id, p.ref, a.text, a.imported_note from action a join action_place p on p.action_id = a.id"
        " order by a.id, p.recommendation_id",
    ),
    (Kind.NOTE, "select id, did, difference, next_step, blocker from progress_note"),
    (Kind.EVIDENCE, "select id, shows, file_name, url from evidence"),
)


def upgrade():
    connection = op.get_bind()
    dialect = connection.dialect.name
    if dialect == "postgresql":
        op.execute("create table search_text (rowid bigint primary key, words tsvector not null)")
        for kind in Kind:  # one index for each kind, so that a word of every note costs the other kinds nothing
            op.execute(
                f"create index ix_search_text_{kind.name.lower()} on search_text using gin (words) with (fastupdate=off)"
                f" where rowid between {place(kind, 0)} and {place(kind + 1, 0) - 1}"
            )
    else:
        op.execute(SQLITE)
    # the words are parted and folded by the program that will look for them
    value = "cast(:words as tsvector)" if dialect == "postgresql" else ":words"
    keep = sa.text(f"insert into search_text (rowid, words) values (:place, {value})")
    for kind, question in HELD:
        texts = {}
        for item_id, *words in connection.execute(sa.text(question)):
            texts.setdefault(item_id, {}).update(dict.fromkeys(words))
        rows = [{"place": place(kind, id_), "words": as_kept(dialect, words)} for id_, words in texts.items()]
        for start in range(0, len(rows), 5000):
            connection.execute(keep, rows[start : start + 5000])


def downgrade():
    op.drop_table("search_text")
