"""Words are found: the index of search, filled from what the record holds already.

Revision: 0004, after 0003
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

SQLITE = (
    """create virtual table search_text using fts5"""
    """(words, content='', contentless_delete=1, prefix='2 3', tokenize="ascii tokenchars '.'")"""
)
RECOMMENDATION, ACTION, EVIDENCE, NOTE = KINDS = (1, 2, 3, 4)
HELD = (
    (RECOMMENDATION, "select id, number, text from recommendation"),
    (
        ACTION,
        "select a.id, p.ref, a.text, a.imported_note from action a join action_place p on p.action_id = a.id"
        " order by a.id, p.recommendation_id",
    ),
    (NOTE, "select id, did, difference, next_step, blocker from progress_note"),
    (EVIDENCE, "select id, shows, file_name, url from evidence"),
)
NAMES = {RECOMMENDATION: "recommendation", ACTION: "action", EVIDENCE: "evidence", NOTE: "note"}

# How words were split and folded when this was written. A later change of that needs a migration of its own.
TOKEN = re.compile(r"\d+(?:\.\d+)+|(?:[^\W_]|[\u0300-\u036f])+(?:['’](?:[^\W_]|[\u0300-\u036f])+)*")
MOST_WORDS, LONGEST_WORD, PLACES = 10_000, 64, 2**40


def place(kind, item_id):
    return kind * PLACES + item_id


def as_kept(dialect, texts):
    words = []
    for found in TOKEN.finditer(" \n ".join(filter(None, texts))):
        plain = unicodedata.normalize("NFKD", found[0].casefold())
        word = "".join(sign for sign in plain if sign.isalnum() or sign == ".").strip(".")[:LONGEST_WORD]
        if word:
            words.append(word)
    if dialect == "postgresql":
        return " ".join(f"'{word}':{n}" for n, word in enumerate(words[:MOST_WORDS], 1))
    return " ".join(words[:MOST_WORDS])


def upgrade():
    connection = op.get_bind()
    dialect = connection.dialect.name
    if dialect == "postgresql":
        op.execute("create table search_text (rowid bigint primary key, words tsvector not null)")
        for kind in KINDS:  # one index for each kind, so that a word of every note costs the other kinds nothing
            op.execute(
                f"create index ix_search_text_{NAMES[kind]} on search_text using gin (words) with (fastupdate=off)"
                f" where rowid between {place(kind, 0)} and {place(kind + 1, 0) - 1}"
            )
    else:
        op.execute(SQLITE)
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
