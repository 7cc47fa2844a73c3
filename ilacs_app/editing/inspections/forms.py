"""The form of an inspection, and the list of inspections to choose one from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date

from wtforms import Field
from wtforms.fields.choices import SelectChoice

from ilacs_app.dates import long_date
from ilacs_app.editing.inspections.queries import InspectionContent, InspectionLine
from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.plan.parsing.days import read_day

WRITE_A_DAY = "Enter a real date, like 31 March 2027"


def day_given(form: HouseForm, field: Field) -> tuple[date | None, bool]:
    """Return the day in a field and whether the field is valid: a day, or empty. Adds an error to it otherwise."""
    day = read_day(field.data)
    if day is None and field.data:
        return None, form.bad(field, WRITE_A_DAY)
    return day, True


class InspectionForm(VersionedForm):
    authority = line("Authority", description="The council that was inspected")
    framework = line("Framework and version", description="For example, ILACS, April 2026")
    on_site_from = line("On site from", description="For example, 9 March 2026. You can leave any of these dates empty")
    on_site_until = line("On site until")
    received_on = line("Report received on")
    published_on = line("Report published on")

    @classmethod
    def of(cls, inspection: InspectionLine) -> InspectionForm:
        """The form, filled from the inspection."""
        form = cls(formdata=None)
        for column in fields(inspection.text):
            value = getattr(inspection.text, column.name)
            form[column.name].data = value if isinstance(value, str) else long_date(value)
        form.version.data = str(inspection.version)
        return form

    def text(self) -> InspectionContent | None:
        """Return what to save, or None after adding an error to each wrong field."""
        is_valid: bool = self.validate()
        for field, says in (
            (self.authority, "Enter the authority that was inspected"),
            (self.framework, "Enter the framework, like ILACS, April 2026"),
        ):
            is_valid = is_valid if field.data else self.bad(field, says)
        days = {}
        for name in ("on_site_from", "on_site_until", "received_on", "published_on"):
            days[name], known = day_given(self, self[name])
            is_valid = is_valid and known
        for first, last, says in (
            ("on_site_from", "on_site_until", "Enter a date that is not before the first day on site"),
            ("on_site_from", "received_on", "Enter a date that is not before the first day on site"),
            ("received_on", "published_on", "Enter a date that is not before the report was received"),
        ):
            begun, ended = days[first], days[last]
            if begun and ended and ended < begun:
                is_valid = self.bad(self[last], says)
        return InspectionContent(self.authority.data, self.framework.data, **days) if is_valid else None


def inspection_choices(inspections: Sequence[InspectionLine]) -> list[SelectChoice]:
    return [
        SelectChoice("", "None"),
        *(SelectChoice(str(inspection.id), inspection.name) for inspection in inspections),
    ]
