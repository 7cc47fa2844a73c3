"""What people read is plain English: no retired sentence, no banned phrase, no sentence too long."""

from __future__ import annotations

import html
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

import ilacs_app
from bench.pages import BEGIN, LINK
from ilacs_app import clock
from ilacs_app.db import transaction
from ilacs_app.demo.cast import PEOPLE
from ilacs_app.demo.commands import load_demo
from ilacs_app.people.queries import person_by_email
from ilacs_app.people.sign_in.commands import open_session
from tests.auditor import PlainClient
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


@pytest.fixture(scope="module")
def on_screen() -> list[w.Said]:
    return list(w.on_screen(TEMPLATES, PROGRAM, SCRIPTS))


def test_no_template_message_or_script_uses_a_banned_phrase(on_screen):
    assert w.faults(iter(on_screen)) == []


def test_sentences_are_short(on_screen):
    found = list(w.sentences(iter(on_screen)))
    assert median(w.lengths(iter(found))) <= MOST_AT_MEDIAN
    long = [one for one in found if w.length(one.text) > MOST_WORDS and "\n" not in one.text]
    assert [one for one in long if not one.text.startswith(tuple(LONG_FOR_A_REASON))] == []


ONE_OF_EACH, ALL = 1, 10_000


@pytest.mark.parametrize("of_each", [ONE_OF_EACH, pytest.param(ALL, marks=pytest.mark.proof)])
def test_no_page_of_the_demonstration_uses_a_banned_phrase(app, of_each, record_property):
    pages, texts = 0, set()
    for person_id in _demonstration(app):
        for path, page in _pages_for(app, person_id, of_each):
            pages += 1
            texts |= {w.Said(path, text) for text in _texts_of(page)}
    record_property("pages of the demonstration read", pages)
    said = {one.text: one for one in texts}
    found = w.faults(iter(said.values()))
    assert found == [], "\n".join(found)
    assert pages > (2000 if of_each == ALL else 250)


def _demonstration(app: Flask) -> list[int]:
    """Load the demonstration and return the ids of the people who can sign in, one for each role."""
    with transaction():
        passwords = dict.fromkeys(PEOPLE, "a password")
        signs = load_demo(passwords, "a password", app.extensions["evidence"], clock.today())
    return [known.id for sign in signs if (known := person_by_email(sign.email))]


def _pages_for(app: Flask, person_id: int, of_each: int) -> Iterator[tuple[str, str]]:
    """Follow the links that the person sees: yield the address and text of at most so many pages of each view."""
    client = PlainClient(app, app.response_class, use_cookies=True)
    with transaction():
        opened = open_session(person_id)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = opened, True
    todo, seen, views = deque(BEGIN), set(BEGIN), Counter[str | None]()
    addresses = app.url_map.bind("localhost")
    while todo:
        path = todo.popleft()
        answer = client.get(path)
        if answer.mimetype != "text/html":
            continue
        yield path, answer.text
        for link in map(html.unescape, LINK.findall(answer.text)):
            if link in seen or link.startswith("/static/"):
                continue
            seen.add(link)
            with suppress(HTTPException):
                view = addresses.match(link.partition("?")[0], method="GET")[0] + "?" * ("?" in link)
                views[view] += 1
                if views[view] <= of_each:
                    todo.append(link)


def _texts_of(page: str) -> Iterator[str]:
    """Yield what a page says, block by block, with its labels, hints and the text of its attributes."""
    shown = re.sub(r"<(script|style|svg)\b.*?</\1>", "", page, flags=re.S)
    yield from (html.unescape(text) for text in w.SAID_BY_TAGS.findall(shown))
    for block in w.BLOCK.split(shown):
        if text := " ".join(html.unescape(w.plain(block)).split()):
            yield text


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("planted.html", "<p>Put the file away</p>"),
        ("planted.html", "{{ button('Put the file away and go on') }}".replace("'", '"')),
        ("planted.html", '<nav aria-label="Twins here"></nav>'),
        ("planted.txt", "5 items wait for a word from you."),
        ("planted.py", 'SAYS = "Nobody keeps the teams here."'),
        ("planted.py", 'def says(n):\n    return f"{n} new dates are asked for"'),
        ("planted.py", '@cli.command()\ndef move():\n    """Hand over a leaver\'s actions."""'),
        ("planted.js", 'status("Nothing waits for you, try again");'),
        ("planted.js", "say(`${saved} saved, and nobody took the rest away`);"),
        ("planted.html", "<p>Every task has a deadline</p>"),
        ("planted.py", 'LABEL = "Choose a stand-in for you"'),
    ],
)
def test_a_planted_phrase_is_found(tmp_path, name, source):
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    reader = {".py": w.of_module, ".js": w.of_script}.get(path.suffix, w.of_template)
    assert w.faults(reader(path))


def test_an_exception_names_its_reason_and_is_still_needed(on_screen):
    texts = {one.text for one in on_screen}
    assert all(len(reason) > 10 and text in texts for text, reason in w.EXCEPTIONS.items())


ROOT = Path(__file__).parents[2]
CODE = [ROOT / "tests", ROOT / "bench", ROOT / "migrations", PROGRAM]


@dataclass(frozen=True)
class Prose:
    """The habits in our docstrings, comments and names of tests, and the docstrings that begin without a verb."""

    habits: list[str]
    without_a_verb: list[w.Said]


@pytest.fixture(scope="module")
def prose() -> Prose:
    habits, without_a_verb = [], []
    for path in (path for folder in CODE for path in sorted(folder.rglob("*.py"))):
        habits += w.faults_of_prose(w.of_prose(path))
        without_a_verb += w.without_a_verb(path)
    return Prose(habits, without_a_verb)


def test_docstrings_comments_and_names_of_tests_have_none_of_the_habits(prose):
    assert prose.habits == []


def test_the_docstring_of_a_function_begins_with_a_verb_or_a_noun(prose):
    assert prose.without_a_verb == []


@pytest.mark.parametrize(
    "source",
    [
        '"""Whom a name reaches."""',
        'def named():\n    """Let no one go on."""',
        "kept = 1  # nobody asks",
        "def test_the_row_that_stood_there_is_kept():\n    pass",
        "def test_a_refusal_is_said():\n    pass",
    ],
)
def test_a_planted_habit_is_found_in_prose(tmp_path, source):
    path = tmp_path / "planted.py"
    path.write_text(source, encoding="utf-8")
    assert w.faults_of_prose(w.of_prose(path))


def test_a_docstring_without_a_verb_is_found(tmp_path):
    path = tmp_path / "planted.py"
    path.write_text('def is_open():\n    """Whether it is open."""', encoding="utf-8")
    assert list(w.without_a_verb(path))


@pytest.mark.parametrize("phrase", w.NOT_SAID)
def test_a_phrase_that_the_glossary_rules_out_is_found(phrase):
    assert w.faults(iter([w.Said("planted.html", f"Choose the {phrase} here")]))


def test_the_glossary_rules_out_none_of_its_own_terms():
    lines = w.GLOSSARY.read_text(encoding="utf-8").splitlines()
    terms = [line.split("|")[1].strip() for line in lines if line.startswith("| ")]
    terms = [term for term in terms if term not in {"term", "---"}]
    assert len(terms) == len(set(terms)) > 40
    assert w.faults(w.Said("glossary.md", term) for term in terms) == []
