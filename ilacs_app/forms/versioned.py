"""A form that changes a value: it carries the version that was seen, and offers both texts if that has changed."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

from flask import request
from wtforms import Field, HiddenField

from ilacs_app.forms.conflicts import MINE, THEIRS, Conflict, Difference, kept_unless_said
from ilacs_app.forms.fields import HouseForm
from ilacs_app.text import tidy, whole_number

STEP = "step"  # what a form does, where that is what meets another change, and no text of it


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

    def meets(self, label: str, wanted: str, theirs: str, to: str = "") -> Conflict:
        """What this form would do, with what was typed for it, beside what stands now.

        ``to`` is its id in the page, to be sent again from there; empty where it cannot be done any more.
        """
        typed = ", ".join(_said(field) for field in self if field.type not in _CARRIED and _said(field))
        mine = f"{wanted}: {typed}" if typed else wanted
        return Conflict(to, [Difference(STEP, label, mine, theirs, final=not to)], self.undecided)

    @property
    def seen_version(self) -> int | None:
        """The version that the form was drawn from."""
        return whole_number(self.version.data, 999_999_999)

    def check_version(self, field: Field) -> bool:
        """Whether it carries a version; says at ``field`` what to do where it does not."""
        if self.seen_version is None:
            return self.bad(field, "Refresh the page and try again.")
        return True


def conflict_of(sent: Mapping[str, VersionedForm], theirs: Mapping[str, VersionedForm], status: int) -> Conflict | None:
    """In what the form that was sent, by its id in the page, differs from the one that stands now, where somebody else
    saved first (409) or nobody said whose is kept."""
    for to, form in sent.items():
        if status == 409 or form.undecided:
            return Conflict(to, form.clash(theirs[to]), form.undecided)
    return None


_CARRIED = ("HiddenField", "CSRFTokenField")


def _said(field: Field) -> str:
    """What a field says, as people read it."""
    if hasattr(field, "iter_choices"):
        return ", ".join(str(choice.label) for choice in field.iter_choices() if choice.selected)
    return tidy(str(field.data or ""))


def _sum(field: Field) -> str:
    return f"{crc32(_said(field).encode()):x}"
