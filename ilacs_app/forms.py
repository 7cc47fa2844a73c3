"""The house form: what every writing form carries, and how a page reads a filter from its address."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

LONGEST_TEXT = 4000
LONGEST_LINE = 300
VIEWS = ("plan", "recommendation", "board", "work", "action")


def tidy(text: str | None) -> str:
    """The text with one kind of line break and no space at its ends."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


class HouseForm(FlaskForm):
    """A writing form. ``once`` makes sending it twice harmless; ``view`` and ``back`` say which page it stands in."""

    once = HiddenField(filters=[tidy])
    view = HiddenField(filters=[tidy])
    back = HiddenField(filters=[tidy])

    @property
    def view_name(self) -> str:
        return self.view.data if self.view.data in VIEWS else "action"

    def differences(self, other: HouseForm) -> list[tuple[str, str, str]]:
        """(label, what stands here, what stands there) of each field in which two forms of one kind differ."""
        both = ((field, other[field.name]) for field in self if field.type not in _CARRIED)
        said = ((mine.label.text, _said(mine), _said(theirs)) for mine, theirs in both)
        return [line for line in said if line[1] != line[2]]

    @property
    def written(self) -> list[str]:
        """Every text that somebody typed into the form."""
        return [one.data for one in self if isinstance(one, StringField) and one.type != "HiddenField" and one.data]

    @staticmethod
    def bad(field: Field, says: str) -> bool:
        """Say at a field what to do; always false."""
        field.errors = [*field.errors, says]
        return False


class VersionedForm(HouseForm):
    """A writing form that changes a value; it carries the version that was seen."""

    version = HiddenField(filters=[tidy])

    @property
    def seen_version(self) -> int | None:
        """The version that the form was drawn from."""
        given = self.version.data or ""
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None

    def check_version(self, field: Field) -> bool:
        """Whether it carries a version; says at ``field`` what to do where it does not."""
        if self.seen_version is None:
            return self.bad(field, "Load the page again, then send this once more.")
        return True


_CARRIED = ("HiddenField", "CSRFTokenField")


def _said(field: Field) -> str:
    """What a field says, as people read it."""
    if hasattr(field, "iter_choices"):
        return ", ".join(str(choice.label) for choice in field.iter_choices() if choice.selected)
    return str(field.data or "")


def line(label: str, **kwargs: Any) -> StringField:
    """One line of text."""
    return StringField(label, filters=[tidy], validators=[Length(max=LONGEST_LINE, message=TOO_LONG_LINE)], **kwargs)


def lines(label: str, *, most: int = LONGEST_TEXT, **kwargs: Any) -> TextAreaField:
    """Several lines of text, of at most ``most`` characters."""
    return TextAreaField(label, filters=[tidy], validators=[Length(max=most, message=TOO_LONG)], **kwargs)


def choice(label: str, words: dict[str, str], **kwargs: Any) -> SelectField:
    """One of several words; an unknown one is refused by the view, with the text kept."""
    return SelectField(
        label,
        choices=[SelectChoice(value, text) for value, text in words.items()],
        validate_choice=False,
        **kwargs,
    )


TOO_LONG = "Shorten this to %(max)d characters or fewer."
TOO_LONG_LINE = TOO_LONG
