"""Similar names, offered where no account has the name that was typed."""

from __future__ import annotations

import pytest

from ilacs_app.people.rules import similar_names

KNOWN = ["MASH Service Manager", "Private Fostering Manager", "Rina Patel", "Ruth Patel", "Quality Lead"]


@pytest.mark.parametrize(
    ("name", "likely"),
    [
        ("Patel, Rina", ["Rina Patel"]),
        ("R. Patel", ["Rina Patel", "Ruth Patel"]),
        ("MASH Servcie Manager", ["MASH Service Manager"]),
        ("Mash service manager ", []),  # the same name
        ("Rina Pattel", ["Rina Patel"]),
        ("Head of Finance", []),
        ("", []),
        ("...", []),
    ],
)
def test_names_that_are_likely_meant(name, likely):
    assert similar_names(name, KNOWN) == likely


def test_at_most_three_are_offered_and_each_once():
    assert len(similar_names("Anna Smith", ["Ana Smith", "Anna Smyth", "Anne Smith", "Anna Smit", "Ana Smith"])) == 3
