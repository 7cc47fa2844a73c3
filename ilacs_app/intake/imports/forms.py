"""The forms of an import: the file and where it goes, and confirming it."""

from __future__ import annotations

from datetime import date

from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app.files.filetypes import safe_name
from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.intake.imports.commands import Destination
from ilacs_app.plan.parsing.days import read_day
from ilacs_app.text import slug_of


class UploadForm(HouseForm):
    BEGUN = frozenset({"into"})
    file = FileField("Plan file", description="Word, Excel, OpenDocument (.odt, .ods) or CSV. 25MB or smaller")
    into = SelectField("Where it goes", validate_choice=False, choices=[])
    title = line("Title of the new plan", description="Such as Improvement plan 2026")
    dated_on = line("The plan’s own date", description="Such as 22 February 2026: the day that the file speaks of")

    def offer(self, plans: list[tuple[str, str]], *, new: bool) -> UploadForm:
        """Fill the list of plans, as (slug, title); ``new`` where this person may make one."""
        first = [SelectChoice("", "A new plan")] if new else []
        self.into.choices = [*first, *(SelectChoice(slug, f"Compare with {title}") for slug, title in plans)]
        return self

    @property
    def file_name(self) -> str:
        """The file's own name without its folder, as it will be said."""
        return safe_name(getattr(self.file.data, "filename", None) or "")

    @property
    def day(self) -> date | None:
        return read_day(self.dated_on.data)

    def check(self, today: date) -> bool:
        """Whether it can be uploaded; says what to do at each field that is wrong."""
        good: bool = self.validate()
        if not self.file_name or self.file_name.startswith("."):
            good = self.bad(self.file, "Choose the file of the plan.")
        if not self.into.data and not slug_of(self.title.data or ""):
            good = self.bad(self.title, "Write a title for the new plan, such as Improvement plan 2026.")
        if self.day is None:
            good = self.bad(self.dated_on, "Write a day that exists, such as 22 February 2026.")
        elif self.day > today:
            good = self.bad(self.dated_on, "This day lies ahead. Write the day that the file speaks of.")
        return good

    def destination(self, plan_id: int | None) -> Destination:
        """Where the file goes; only of a form that was checked."""
        title = self.title.data or ""
        return Destination(self.day or date.min, plan_id, title, slug_of(title)[:60].strip("-"))


class ImportForm(VersionedForm):
    """A button of an import: read it, confirm it, put it away; or its choices, whose fields the file decides."""

    answer = line("Import")
