"""The contrast of every pair of colours that meet on a page, in both schemes (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from itertools import product

import pytest

from ilacs_app import bundled

CSS = re.sub(r"/\*.*?\*/", "", (bundled("static") / "app.css").read_text(encoding="utf-8"), flags=re.DOTALL)
TEXT, SHAPE = 4.5, 3.0
HUES = ("red", "amber", "green", "blue", "grey")
SURFACES = ("paper", "pale", "open")


def colours_of(block: str) -> dict[str, str]:
    return {name: value.strip() for name, value in re.findall(r"--([\w-]+): (#\w+);", block)}


def schemes(css: str) -> dict[str, dict[str, str]]:
    """Return the palette of each scheme: the dark one is the light one with what its block changes."""
    light = re.search(r"^:root \{(.*?)\}", css, re.DOTALL | re.MULTILINE)
    dark = re.search(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", css, re.DOTALL)
    assert light and dark
    return {"light": colours_of(light[1]), "dark": colours_of(light[1]) | colours_of(dark[1])}


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rgb`` or ``#rrggbb``, from 0 to 1."""
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


PAIRS: tuple[tuple[str, str, float], ...] = (
    *((text, surface, TEXT) for text, surface in product(("ink", "muted", "link", "navy", "error"), SURFACES)),
    ("ink", "mark", TEXT),
    ("muted", "out", TEXT),
    ("ink", "out", TEXT),
    ("on-navy", "navy", TEXT),
    ("on-navy", "hover", TEXT),
    ("on-bar", "bar", TEXT),
    ("bar", "go", TEXT),
    ("black", "search", TEXT),
    ("black", "focus", TEXT),
    ("search", "bar", SHAPE),
    ("focus", "bar", SHAPE),
    *((edge, surface, SHAPE) for edge, surface in product(("edge", "navy", "here"), SURFACES)),
    # ratings: the word on its tint, the shape on its tint and wherever it is beside a number
    *((f"{hue}-text", f"{hue}-tint", TEXT) for hue in HUES),
    ("blue-text", "paper", TEXT),
    *((hue, f"{hue}-tint", SHAPE) for hue in ("red", "green", "blue", "grey")),
    *((hue, surface, SHAPE) for hue, surface in product(("red", "amber-edge", "green", "blue", "grey"), SURFACES)),
    ("amber-edge", "amber-tint", SHAPE),
    ("black", "amber", TEXT),
    *(("on-rating", hue, TEXT) for hue in ("red", "green", "blue")),
    ("ink", "grey-fill", TEXT),
)
"""What is in front, what is behind it, and the least contrast."""
ONLY_DECORATION = {"line", "line2", "sky", "soft", "under", "bar-line", *(f"{hue}-line" for hue in HUES)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_keeps_its_contrast(scheme):
    palette = schemes(CSS)[scheme]
    weak = {
        f"{front} on {back}": round(contrast(palette[front], palette[back]), 2)
        for front, back, least in PAIRS
        if contrast(palette[front], palette[back]) < least
    }
    assert weak == {}


def test_contrast_is_computed_as_the_guidelines_say():
    assert contrast("#fff", "#000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_colour_of_the_palette_is_in_a_pair_or_only_decoration():
    paired = {name for front, back, _ in PAIRS for name in (front, back)}
    assert set(schemes(CSS)["light"]) == paired | ONLY_DECORATION
    assert not paired & ONLY_DECORATION


def test_the_dark_scheme_changes_every_colour_but_those_that_are_the_same_in_both():
    palettes = schemes(CSS)
    same = {name for name, colour in palettes["light"].items() if palettes["dark"][name] == colour}
    assert same == {"focus", "bar", "on-bar", "bar-line", "search", "go", "black", "amber"}


def test_what_is_on_the_focus_colour_has_its_ink():
    on_focus = [rule for rule in re.findall(r"\{([^{}]*)\}", CSS) if "background: var(--focus)" in rule]
    assert len(on_focus) > 3
    assert [rule for rule in on_focus if " color: var(--black)" not in rule] == []


def test_the_screen_has_no_colour_outside_the_palette():
    screen = CSS[: CSS.index("@media print")]
    palette = screen[: screen.index("body {")]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", screen.removeprefix(palette)) == []
    assert "rgb" not in screen
    sprite = (bundled("templates") / "macros" / "_shapes.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:fill|stroke)="#[^s]', sprite) == []
