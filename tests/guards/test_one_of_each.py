"""One rule for each decision: what exists once is not written again elsewhere; and each guard is shown to fail once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ilacs_app
from ilacs_app.access import GRANTED_ROLES

HOME = Path(ilacs_app.__file__).parent
TEMPLATES = ilacs_app.bundled("templates")

ONCE = {
    "a date is put into words by dates": (re.compile(r"%[AaBb]\b|strftime"), {"dates.py"}),
    "a row that was seen is changed by db.write_at": (re.compile(r"\.values\([^)]*version="), {"db.py"}),
    "a row is inserted once by db.insert_once": (re.compile(r"on_conflict_do|\bdialects import .*sqlite"), {"db.py"}),
}
"""A rule -> what its code looks like, and the modules of ``ilacs_app`` that may hold it."""


def written_again(rule: str, sources: dict[str, str]) -> list[str]:
    """Return where code or templates, by path, hold what belongs to one module."""
    looks, homes = ONCE[rule]
    return [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
        for path, text in sources.items()
        if path not in homes
        for match in looks.finditer(text)
    ]


def sources() -> dict[str, str]:
    code = {str(path.relative_to(HOME)): path.read_text() for path in HOME.rglob("*.py")}
    return code | {f"templates/{path.relative_to(TEMPLATES)}": path.read_text() for path in TEMPLATES.rglob("*.html")}


ROLE = re.compile(rf"""["']({"|".join(GRANTED_ROLES)})["']""")


def spelt_roles(found: dict[str, str]) -> list[str]:
    """Return where a view or a template spells the name of a role: it asks ``may`` instead."""
    views = {
        path: text for path, text in found.items() if path.endswith((".html", "routes.py", "pages.py", "forms.py"))
    }
    return [f"{path}: {match[1]}" for path, text in views.items() for match in ROLE.finditer(text)]


def test_no_view_spells_a_role():
    assert spelt_roles(sources()) == []
    assert spelt_roles({"plan/routes.py": 'who.is_a("verifier")', "a.html": "'chair' in roles"}) == [
        "plan/routes.py: verifier",
        "a.html: chair",
    ]


@pytest.mark.parametrize("rule", ONCE)
def test_what_exists_once_is_not_written_again(rule):
    assert written_again(rule, sources()) == []


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("a date is put into words by dates", 'f"{day.day} {day:%B %Y}"'),
        ("a date is put into words by dates", '{{ day.strftime("%d/%m/%Y") }}'),
        ("a row that was seen is changed by db.write_at", "update(Team).values(name=name, version=version + 1)"),
        ("a row is inserted once by db.insert_once", "insert(Letter).on_conflict_do_nothing()"),
        ("a row is inserted once by db.insert_once", "from sqlalchemy.dialects import postgresql, sqlite"),
    ],
)
def test_a_second_copy_is_found(rule, line):
    assert written_again(rule, {"plan/queries.py": f"\n{line}\n"}) == ["plan/queries.py:2"]


FLAG = re.compile(r"""(?<!sha256sum)["'“ ](--[a-z][a-z-]+)""")


def flags_spelt(found: dict[str, str]) -> list[str]:
    """Return where a rule or a command names a flag of the command line: a screen shows its sentences too."""
    rules = ("commands.py", "rules.py", "queries.py", "forms.py", "routes.py", "pages.py", ".html")
    texts = ((path, text) for path, text in found.items() if path.endswith(rules))
    return [f"{path}: {match[1]}" for path, text in texts for match in FLAG.finditer(text)]


def test_no_sentence_of_a_rule_names_a_flag_of_the_command_line():
    assert flags_spelt(sources()) == []
    assert flags_spelt({"people/commands.py": 'raise Refused("Name it with --board.")'}) == [
        "people/commands.py: --board"
    ]


EXTENSION = re.compile(r"extensions\[\W(\w+)")


def test_nothing_but_the_evidence_store_is_found_through_the_extensions_of_the_application():
    assert {match[1] for text in sources().values() for match in EXTENSION.finditer(text)} <= {"evidence"}
