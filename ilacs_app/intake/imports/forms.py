"""The import forms: the upload form, and the one behind every button of an import."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app.files.archives import LARGEST_FILE_WORDS
from ilacs_app.files.filetypes import safe_name
from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.intake.imports.commands import Destination
from ilacs_app.plan.parsing.days import read_day
from ilacs_app.text import slug_of


class UploadForm(HouseForm):
    BEGUN = frozenset({"into"})
    file = FileField(
        "Plan file", description=f"Word, Excel, OpenDocument (.odt, .ods) or CSV. {LARGEST_FILE_WORDS} or smaller"
    )
    into = SelectField("Import into", validate_choice=False, choices=[])
    title = line("Title of the new plan", description="For example, Improvement plan 2026")
    dated_on = line("Date of the plan", description="The date the file reports on. For example, 22 February 2026")

    def offer(self, plans: Mapping[str, str], *, new: bool) -> UploadForm:
        """Fill the list of plans, given as slug to title; ``new`` offers a new plan as well."""
        first = [SelectChoice("", "A new plan")] if new else []
        self.into.choices = [*first, *(SelectChoice(slug, f"Compare with {title}") for slug, title in plans.items())]
        return self

    @property
    def file_name(self) -> str:
        """The file's own name without its folder."""
        return safe_name(getattr(self.file.data, "filename", None) or "")

    @property
    def day(self) -> date | None:
        return read_day(self.dated_on.data)

    def check(self, today: date) -> bool:
        """Say at each field what is wrong; return whether nothing is."""
        valid: bool = self.validate()
        if not self.file_name or self.file_name.startswith("."):
            valid = self.bad(self.file, "Select a plan file")
        if not self.into.data and not slug_of(self.title.data or ""):
            valid = self.bad(self.title, "Enter a title for the new plan")
        if self.day is None:
            valid = self.bad(self.dated_on, "Enter a real date, like 22 February 2026")
        elif self.day > today:
            valid = self.bad(self.dated_on, "Enter a date that is today or in the past")
        return valid

    def destination(self, plan_id: int | None) -> Destination:
        """Return where the file goes, from a form that was checked."""
        title = self.title.data or ""
        return Destination(self.day or date.min, plan_id, title, slug_of(title)[:60].strip("-"))


class ImportForm(VersionedForm):
    """A button of an import: read, import, discard; or save choices, whose fields depend on the file."""

    answer = line("Import")
