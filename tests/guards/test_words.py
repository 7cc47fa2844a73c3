"""What people read is plain English: no retired sentence, no banned phrase, no sentence too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

import ilacs_app
from tests.guards import words as w

PROGRAM = Path(ilacs_app.__file__).parent
TEMPLATES = ilacs_app.bundled("templates")
SCRIPTS = ilacs_app.bundled("static")
MOST_WORDS, MOST_AT_MEDIAN = 25, 14
LONG_FOR_A_REASON: dict[str, str] = {
    "Commission an external partner": "an action of the demonstration, as councils write them",
    "Improve the quality of assessments": "a recommendation of the demonstration, as Ofsted writes them",
    "Pilot the new permanence planning meeting": "an action of the demonstration, as councils write them",
}
"""The beginning of a longer sentence -> why it is that long."""


def on_screen() -> Iterator[w.Said]:
    return w.on_screen(TEMPLATES, PROGRAM, SCRIPTS)


def test_no_template_message_or_script_uses_a_banned_phrase():
    assert w.faults(on_screen()) == []


def test_sentences_are_short():
    found = list(w.sentences(on_screen()))
    assert median(w.lengths(iter(found))) <= MOST_AT_MEDIAN
    long = [one for one in found if w.length(one.text) > MOST_WORDS and "\n" not in one.text]
    assert [one for one in long if not one.text.startswith(tuple(LONG_FOR_A_REASON))] == []


def test_no_page_of_the_demonstration_uses_a_banned_phrase(world):
    said = []
    for role, path in (
        ("lead", "/"),
        ("verifier", "/"),
        ("chair", "/"),
        ("programme_manager", "/"),
        ("viewer", "/plans/twin"),
        ("lead", f"/actions/{world.actions['5.1']}?open={world.actions['5.1']}"),
        ("chair", "/boards/mash-board"),
        ("viewer", "/governance"),
        ("programme_manager", "/plans/twin/edit"),
        ("programme_manager", "/import"),
        ("lead", "/account"),
    ):
        page = world.client(role).get(path).text.split("<main", 1)[1]
        said += [w.Said(path, " ".join(w.plain(block).split())) for block in w.BLOCK.split(page)]
    own = {" ".join(text.split()) for text in _texts_of_the_plan()}
    named = re.compile(r"\bTwin\b|/plans/twin\b")  # the plan's title and address
    found = w.faults(w.Said(one.where, named.sub("…", one.text)) for one in said if one.text not in own)
    assert found == [], "\n".join(found)


def _texts_of_the_plan() -> Iterator[str]:
    from ilacs_app.db import db
    from ilacs_app.plan.model import Action, Recommendation

    for action in db.session.query(Action):
        yield from (action.text, action.timescale_text, action.imported_note)
    for recommendation in db.session.query(Recommendation):
        yield from (recommendation.text, recommendation.impact)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("planted.html", "<p>Put the file away</p>"),
        ("planted.html", "{{ button('Put the file away and go on') }}".replace("'", '"')),
        ("planted.html", '<nav aria-label="Twins here"></nav>'),
        ("planted.txt", "5 items wait for a word from you."),
        ("planted.py", 'SAYS = "Nobody keeps the teams here."'),
        ("planted.py", 'def says(n):\n    return f"{n} new dates are asked for"'),
        ("planted.js", 'status("Nothing waits for you, try again");'),
    ],
)
def test_a_planted_phrase_is_found(tmp_path, name, source):
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    reader = {".py": w.of_module, ".js": w.of_script}.get(path.suffix, w.of_template)
    assert w.faults(reader(path))


def test_an_exception_names_its_reason_and_is_still_needed():
    texts = {one.text for one in on_screen()}
    assert all(len(reason) > 10 and text in texts for text, reason in w.EXCEPTIONS.items())
