"""Forms that change a value: they carry the version that was seen, and offer both texts if it has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zlib import crc32

from flask import Response, request
from wtforms import Field, HiddenField

from ilacs_app.forms.conflicts import MINE, THEIRS, Conflict, FieldDifference, kept_unless_said
from ilacs_app.forms.fields import HouseForm
from ilacs_app.text import tidy, whole_number
from ilacs_app.web import page

STEP = "step"  # what a form does, where that is what meets another change, and no text of it


class VersionedForm(HouseForm):
    """A writing form that changes a value, and carries the version that was seen.

    If someone else saved first, the page offers both texts of each field that differs (``clash``). The form that comes
    back says for each which to keep (``take``). ``was`` has a checksum of each text as it was seen.
    """

    version = HiddenField(filters=[tidy])
    was = HiddenField(filters=[tidy])
    undecided: frozenset[str] = frozenset()
    """The fields for which a choice was asked and not made."""

    @property
    def sums(self) -> str:
        """The value of ``was`` when the form is drawn: the name of each field and the checksum of its text."""
        return " ".join(f"{field.name}:{_sum(field)}" for field in self if field.type not in _CARRIED)

    def choice_for(self, name: str) -> str | None:
        """Return which text to keep of a field: None if that was not asked, empty if it was not answered."""
        if name not in request.form.getlist("differs"):
            return None
        return request.form.get(f"keep-{name}", "")

    def take(self, theirs: VersionedForm) -> bool:
        """Fill in their text where it is to be kept; return False while a choice is missing (``undecided``).

        Change nothing if theirs was changed again since, because the choice was about another text.
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

    def asks_again(self, status: int) -> bool:
        """Return whether both texts are shown: someone else saved first (409), or a choice between them is missing."""
        return status == 409 or bool(self.undecided)

    @property
    def gives_way(self) -> bool:
        """Whether theirs was chosen for every field, so that nothing of this form is left to save."""
        asked = request.form.getlist("differs")
        return bool(asked) and all(self.choice_for(name) == THEIRS for name in asked)

    def clash(self, theirs: VersionedForm) -> list[FieldDifference]:
        """Return the fields in which this form and theirs differ. From now on this form is saved over their version."""
        was = dict(entry.split(":", 1) for entry in (self.was.data or "").split() if ":" in entry)
        again = self.version.data == theirs.version.data
        differences = []
        for field in self:
            other = theirs[field.name]
            if field.type in _CARRIED or _said(field) == _said(other):
                continue
            keep = kept_unless_said(was.get(field.name), _sum(field), _sum(other))
            keep = (self.choice_for(field.name) or "") if again else keep
            differences.append(FieldDifference(field.name, field.label.text, _said(field), _said(other), keep))
        self.version.data, self.was.data = theirs.version.data, theirs.sums
        return differences

    def meets(self, label: str, wanted: str, theirs: str, to: str = "") -> Conflict:
        """Return the conflict between what this form would do, with what was typed for it, and the current state.

        ``to`` is the form's id on the page, to send it again from there. It is empty if that is no longer possible.
        """
        typed = ", ".join(_said(field) for field in self if field.type not in _CARRIED and _said(field))
        mine = f"{wanted}: {typed}" if typed else wanted
        return Conflict(to, [FieldDifference(STEP, label, mine, theirs, final=not to)], self.undecided)

    @property
    def seen_version(self) -> int | None:
        """The version that the form was drawn from."""
        return whole_number(self.version.data, 999_999_999)

    def check_version(self, field: Field) -> bool:
        """Return whether the form carries a version; if not, add an error to ``field``."""
        if self.seen_version is None:
            return self.bad(field, "Refresh the page and try again.")
        return True


def conflict_of(sent: Mapping[str, VersionedForm], theirs: Mapping[str, VersionedForm], status: int) -> Conflict | None:
    """Return how the form that was sent differs from the current one, if another was saved or a choice is missing.

    Both mappings are by the form's id on the page.
    """
    for to, form in sent.items():
        if form.asks_again(status):
            return Conflict(to, form.clash(theirs[to]), form.undecided)
    return None


def versioned_page(
    template: str, form: VersionedForm, *, status: int, theirs: Callable[[], VersionedForm] | None, **more: object
) -> Response:
    """Return the page of a form; where it ``asks_again``, with both texts and the version to save at now.

    ``theirs`` draws the form as it would be now; None where there is nothing yet that it changes.
    """
    differences = form.clash(theirs()) if theirs and form.asks_again(status) else None
    return page(template, status=status, form=form, differences=differences, has_errors=status == 422, **more)


_CARRIED = ("HiddenField", "CSRFTokenField")


def _said(field: Field) -> str:
    """Return what a field says, as people read it."""
    if hasattr(field, "iter_choices"):
        return ", ".join(str(choice.label) for choice in field.iter_choices() if choice.selected)
    return tidy(str(field.data or ""))


def _sum(field: Field) -> str:
    return f"{crc32(_said(field).encode()):x}"
