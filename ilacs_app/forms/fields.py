"""The base class of every writing form, and its kinds of field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import file_digest, sha256
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from ilacs_app.text import tidy
from ilacs_app.web import CARRIED

_LONGEST_TEXT = 4000
LONGEST_LINE = 300


def choices_from(options: Mapping[Any, str]) -> list[SelectChoice]:
    """Return the choices of a field: each of these values with its label."""
    return [SelectChoice(value, label) for value, label in options.items()]


SEEN = ("version", "was")
VIEWS = ("plan", "actions", "recommendation", "board", "work", "action")


def content_sent() -> str:
    """Return the SHA-256 of this request's form: its address, fields and files, without what a form only carries.

    Empty fields and the order of fields make no difference.
    """
    sent = [(name, tidy(text)) for name, text in request.form.items(multi=True) if name not in CARRIED]
    sent += [(name, f"{file.filename}:{_sum_of(file)}") for name, file in request.files.items(multi=True)]
    parts = sorted((name, text) for name, text in sent if text and text != ":")
    return sha256(json.dumps([request.path, *parts]).encode()).hexdigest()


def _sum_of(file: FileStorage) -> str:
    if not file.filename:
        return ""
    file.stream.seek(0)
    digest = file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return digest


class HouseForm(FlaskForm):
    """A writing form. ``once`` makes sending it twice harmless; ``view`` and ``back`` say which page it is on."""

    once = HiddenField(filters=[tidy])
    view = HiddenField(filters=[tidy])
    back = HiddenField(filters=[tidy])

    BEGUN: ClassVar[frozenset[str]] = frozenset()
    """Names of the fields that are filled in before anyone types."""
    TELLS: ClassVar[tuple[str, ...]] = ()
    """Names of further fields, hidden or ticked, that a draft keeps as they were sent."""
    ABOUT: ClassVar[tuple[str, ...]] = ()
    """Names of the hidden fields that say what the form is about. A draft about anything else is not used."""

    @classmethod
    def drafted(cls) -> list[str]:
        """Return the names of the fields that a draft keeps: all that is typed or chosen, but no files."""
        kinds = (StringField, TextAreaField, SelectField, SelectMultipleField)
        return [field.name for field in cls() if isinstance(field, kinds) and not isinstance(field, HiddenField)]

    @classmethod
    def typed(cls) -> dict[str, str]:
        """Return what this request has of the form, for a draft; nothing if no one typed or chose anything."""
        several = {field.name for field in cls() if isinstance(field, SelectMultipleField)}
        sent = (name for name in cls.drafted() if name in request.form or name in several)
        given = {name: tidy("\n".join(request.form.getlist(name))) for name in sent}
        if not {name for name, text in given.items() if text} - cls.BEGUN:
            return {}
        told = (name for name in (*SEEN, *cls.TELLS, *cls.ABOUT) if name in request.form)
        return given | {name: tidy("\n".join(request.form.getlist(name))) for name in told}

    def is_about(self, draft: Mapping[str, str]) -> bool:
        """Return whether a draft is about the same as this form."""
        return all(draft.get(name, "") == (self[name].data or "") for name in self.ABOUT)

    def take_up(self, draft: Mapping[str, str]) -> None:
        """Fill in the form from a draft, at the version that was seen then."""
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
        """Every text that someone typed into the form."""
        texts = (field for field in self if isinstance(field, StringField) and not isinstance(field, HiddenField))
        return [field.data for field in texts if field.data]

    @staticmethod
    def bad(field: Field, says: str) -> bool:
        """Add an error to a field; always return False."""
        field.errors = [*field.errors, says]
        return False


def line(label: str, **kwargs: Any) -> StringField:
    """Return a field for one line of text."""
    return StringField(label, filters=[tidy], validators=[Length(max=LONGEST_LINE, message=TOO_LONG_LINE)], **kwargs)


def lines(label: str, *, most: int = _LONGEST_TEXT, **kwargs: Any) -> TextAreaField:
    """Return a field for several lines of text, of at most ``most`` characters."""
    return TextAreaField(label, filters=[tidy], validators=[Length(max=most, message=TOO_LONG)], **kwargs)


def choice(label: str, options: dict[str, str], **kwargs: Any) -> SelectField:
    """Return a field for one of several values. The view refuses an unknown one, and keeps the text."""
    return SelectField(
        label,
        choices=[SelectChoice(value, text) for value, text in options.items()],
        validate_choice=False,
        **kwargs,
    )


TOO_LONG = "Shorten this to %(max)d characters or fewer."
TOO_LONG_LINE = TOO_LONG
