"""One file of the corpus: drawn from a seed, always the same, with the answers beside it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.corpus.answers import Answer
from tests.corpus.beside import surround
from tests.corpus.facts import make_facts
from tests.corpus.files import csv_bytes, excel_bytes, word_bytes
from tests.corpus.headings import Headings
from tests.corpus.layouts import LAYOUTS, Desk, months_of_news
from tests.corpus.values import Pen, draw_habits

MODES = ("known", "unseen", "nonsense")
# Without a word of its own a label cannot be told from any other text: there a nonsense word is no fair question.
NEEDS_WORDS = frozenset(
    {
        "labelled paragraphs",
        "a card an action",
        "a card a recommendation",
        "labels above each table",
        "on its side",
        "dates above lists",
        "references to a list",
    }
)


@dataclass(frozen=True)
class Case:
    """A plan as a file and the right reading of it."""

    seed: int
    layout: str
    mode: str
    kind: str
    data: bytes
    answer: Answer
    status_style: str
    date_style: str

    @property
    def name(self) -> str:
        return f"plan-{self.seed}.{self.kind}"


def write_case(seed: int, *, mode: str | None = None, layout: str | None = None) -> Case:
    """The file of this seed; ``mode`` and ``layout`` set what is otherwise drawn."""
    rng = Random(f"corpus {seed}")
    layouts = list(LAYOUTS)
    layout = layout or layouts[seed % len(layouts)]
    mode = mode or MODES[seed // len(layouts) % len(MODES)]
    if mode == "nonsense" and layout in NEEDS_WORDS:
        mode = "unseen"
    make, kinds = LAYOUTS[layout]
    kind = rng.choice(sorted(kinds))
    facts = make_facts(rng)
    habits = draw_habits(rng, kind)
    desk = Desk(rng, facts, Headings(rng, mode), Pen(rng, facts, habits, kind), kind)
    laid, recommendations = make(desk)
    sheets = surround(rng, laid, kind, habits, facts, titles=layout != "a sheet each")
    data = {
        "docx": lambda: word_bytes(sheets),
        "xlsx": lambda: excel_bytes(sheets),
        "csv": lambda: csv_bytes(sheets, rng),
    }[kind]()
    answer = Answer(facts.dated_on, recommendations, laid.columns, make is months_of_news)
    return Case(seed, layout, mode, kind, data, answer, habits.status_style, habits.date_style)
