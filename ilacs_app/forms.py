"""The house form: what every writing form carries, and how a page reads a filter from its address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import file_digest, sha256
from typing import Any, ClassVar
from zlib import crc32

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from .differing import MINE, THEIRS, Clash, Difference, kept_unless_said
from .web import CARRIED

LONGEST_TEXT = 4000
LONGEST_LINE = 300
STEP = "step"  # what a form does, where that is what meets another change, and no text of it
SEEN = ("version", "was")
VIEWS = ("plan", "recommendation", "board", "work", "action")


def tidy(text: str | None) -> str:
    """The text with one kind of line break and no space at its ends."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def whole_number(words: str | None, most: int) -> int | None:
    """The number from 0 to ``most`` that these digits name, however many they are; nothing where they name none."""
    given = words or ""
    if not (given.isascii() and given.isdecimal()):
        return None
    digits = given.lstrip("0") or "0"
    return int(digits) if len(digits) <= len(str(most)) and int(digits) <= most else None


def content_sent() -> str:
    """The SHA-256 of what this request's form says: where it is sent, its fields and its files, and nothing carried.

    An empty field says nothing, and the order of fields is no part of it.
    """
    said = [(name, tidy(text)) for name, text in request.form.items(multi=True) if name not in CARRIED]
    said += [(name, f"{file.filename}:{_sum_of(file)}") for name, file in request.files.items(multi=True)]
    parts = sorted((name, text) for name, text in said if text and text != ":")
    return sha256(json.dumps([request.path, *parts]).encode()).hexdigest()


def _sum_of(file: FileStorage) -> str:
    if not file.filename:
        return ""
    file.stream.seek(0)
    found = file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return found


class HouseForm(FlaskForm):
    """A writing form. ``once`` makes sending it twice harmless; ``view`` and ``back`` say which page it stands in."""

    once = HiddenField(filters=[tidy])
    view = HiddenField(filters=[tidy])
    back = HiddenField(filters=[tidy])

    BEGUN: ClassVar[frozenset[str]] = frozenset()
    """The names of the fields in which something stands before anybody types."""
    TELLS: ClassVar[tuple[str, ...]] = ()
    """The names of further fields, hidden or ticked, that a draft keeps as they were sent."""
    ABOUT: ClassVar[tuple[str, ...]] = ()
    """The names of the hidden fields that say what the form is about; a draft about anything else is none of it."""

    @classmethod
    def drafted(cls) -> list[str]:
        """The names of the fields that a draft keeps: all that is typed or chosen. Files must be chosen again."""
        kept = (StringField, TextAreaField, SelectField, SelectMultipleField)
        return [field.name for field in cls() if isinstance(field, kept) and not isinstance(field, HiddenField)]

    @classmethod
    def typed(cls) -> dict[str, str]:
        """What this request holds of the form, for a draft; nothing where nobody typed or chose anything."""
        several = {field.name for field in cls() if isinstance(field, SelectMultipleField)}
        sent = (name for name in cls.drafted() if name in request.form or name in several)
        given = {name: tidy("\n".join(request.form.getlist(name))) for name in sent}
        if not {name for name, text in given.items() if text} - cls.BEGUN:
            return {}
        told = (name for name in (*SEEN, *cls.TELLS, *cls.ABOUT) if name in request.form)
        return given | {name: tidy("\n".join(request.form.getlist(name))) for name in told}

    def is_about(self, draft: Mapping[str, str]) -> bool:
        """Whether a draft is about the same as this form."""
        return all(draft.get(name, "") == (self[name].data or "") for name in self.ABOUT)

    def take_up(self, draft: Mapping[str, str]) -> None:
        """Let the form stand as it was typed, from the version that was seen then."""
        for field in self:
            if field.name not in draft:
                continue
            if isinstance(field, SelectMultipleField):
                chosen = set(draft[field.name].split("\n"))
                field.data = [choice.value for choice in field.choices if str(choice.value) in chosen]
            else:
                field.data = draft[field.name]

    @property
    def view_name(self) -> str:
        return self.view.data if self.view.data in VIEWS else "action"

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
    """A writing form that changes a value; it carries the version that was seen.

    Where somebody else saved first, the page offers both texts of each field that differs (``clash``); the form that
    comes back says of each whose is kept (``take``). ``was`` holds a short sum of each text as it was seen.
    """

    version = HiddenField(filters=[tidy])
    was = HiddenField(filters=[tidy])
    undecided: frozenset[str] = frozenset()
    """The fields of which nobody said whose text is kept, though they were asked."""

    @property
    def sums(self) -> str:
        """What ``was`` holds when the form is drawn: the name of each field and the sum of its text."""
        return " ".join(f"{field.name}:{_sum(field)}" for field in self if field.type not in _CARRIED)

    def choice_for(self, name: str) -> str | None:
        """Whose text was said to be kept of a field; nothing where nobody was asked, empty without an answer."""
        if name not in request.form.getlist("differs"):
            return None
        return request.form.get(f"keep-{name}", "")

    def take(self, theirs: VersionedForm) -> bool:
        """Let each field whose text of theirs is kept say that; false while a choice is missing (``undecided``).

        Nothing is taken where theirs was changed again since: the choice was another one.
        """
        if self.version.data != theirs.version.data:
            return True
        asked = {field.name: self.choice_for(field.name) for field in self if field.type not in _CARRIED}
        asked[STEP] = self.choice_for(STEP)
        self.undecided = frozenset(name for name, keep in asked.items() if keep not in {None, MINE, THEIRS})
        for name, keep in asked.items():
            if keep == THEIRS and name != STEP and not self.undecided:
                self[name].data = theirs[name].data
        return not self.undecided

    @property
    def gives_way(self) -> bool:
        """Whether theirs was chosen of all that was asked: then nothing of this form is left to be saved."""
        asked = request.form.getlist("differs")
        return bool(asked) and all(self.choice_for(name) == THEIRS for name in asked)

    def clash(self, theirs: VersionedForm) -> list[Difference]:
        """Each field in which this form and theirs differ; from here on it is saved over the version that they made."""
        was = dict(one.split(":", 1) for one in (self.was.data or "").split() if ":" in one)
        again = self.version.data == theirs.version.data
        found = []
        for field in self:
            other = theirs[field.name]
            if field.type in _CARRIED or _said(field) == _said(other):
                continue
            keep = kept_unless_said(was.get(field.name), _sum(field), _sum(other))
            keep = (self.choice_for(field.name) or "") if again else keep
            found.append(Difference(field.name, field.label.text, _said(field), _said(other), keep))
        self.version.data, self.was.data = theirs.version.data, theirs.sums
        return found

    def meets(self, label: str, wanted: str, theirs: str, to: str = "") -> Clash:
        """What this form would do, with what was typed for it, beside what stands now.

        ``to`` is its id in the page, to be sent again from there; empty where it cannot be done any more.
        """
        typed = ", ".join(_said(field) for field in self if field.type not in _CARRIED and _said(field))
        mine = f"{wanted}: {typed}" if typed else wanted
        return Clash(to, [Difference(STEP, label, mine, theirs, final=not to)], self.undecided)

    @property
    def seen_version(self) -> int | None:
        """The version that the form was drawn from."""
        return whole_number(self.version.data, 999_999_999)

    def check_version(self, field: Field) -> bool:
        """Whether it carries a version; says at ``field`` what to do where it does not."""
        if self.seen_version is None:
            return self.bad(field, "Load the page again, then send this once more.")
        return True


def clash_of(sent: Mapping[str, VersionedForm], theirs: Mapping[str, VersionedForm], status: int) -> Clash | None:
    """In what the form that was sent, by its id in the page, differs from the one that stands now, where somebody else
    saved first (409) or nobody said whose is kept."""
    for to, form in sent.items():
        if status == 409 or form.undecided:
            return Clash(to, form.clash(theirs[to]), form.undecided)
    return None


_CARRIED = ("HiddenField", "CSRFTokenField")


def _said(field: Field) -> str:
    """What a field says, as people read it."""
    if hasattr(field, "iter_choices"):
        return ", ".join(str(choice.label) for choice in field.iter_choices() if choice.selected)
    return tidy(str(field.data or ""))


def _sum(field: Field) -> str:
    return f"{crc32(_said(field).encode()):x}"


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
