"""The fields of a new date, and the form that decides on one."""

from __future__ import annotations

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app.forms.fields import HouseForm, line, lines
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.progress.dates.commands import DateWish
from ilacs_app.progress.dates.rules import REASON_CLASSES
from ilacs_app.text import tidy


class DateFields(HouseForm):
    words = line("New timescale", description="As you would write it in the plan, such as End June 2026")
    reason_class = SelectField(
        "Main reason",
        choices=[SelectChoice("", "Choose a reason"), *(SelectChoice(k, v) for k, v in REASON_CLASSES.items())],
        validate_choice=False,
    )
    effect = lines("Effect on children", description="What the later date means for them, or that nothing changes")
    cover = lines("What covers for it meanwhile")

    @property
    def asks_date(self) -> bool:
        """Whether a new date is asked for, or was begun to be."""
        return any((self.words.data, self.reason_class.data, self.effect.data, self.cover.data))

    def date_wish(self) -> DateWish | None:
        """What is asked for, if anything is."""
        if not self.asks_date:
            return None
        return DateWish(self.words.data or "", self.reason_class.data, self.effect.data or "", self.cover.data or "")

    def check_date(self) -> bool:
        """Whether a request can be made of these fields; how the words are read is said when it is made."""
        good = True
        if not self.words.data:
            good = self.bad(self.words, "Write the new month or day, such as End June 2026.")
        if self.reason_class.data not in REASON_CLASSES:
            good = self.bad(self.reason_class, "Choose the main reason.")
        if not self.effect.data:
            good = self.bad(self.effect, "Write what the later date means for children, or that nothing changes.")
        return good


class DecideForm(VersionedForm):
    answer = HiddenField(filters=[tidy])
    shorter = line("Agree this time instead", description="A day or month before the one that is asked for")
    refusal = lines("Why it is refused")
