"""The fields that request a new date, and the form that decides on a request."""

from __future__ import annotations

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app.forms.fields import HouseForm, line, lines
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.progress.dates.commands import DateWish
from ilacs_app.progress.dates.deciders.queries import WhoDecides
from ilacs_app.progress.dates.rules import AT_THE_MEETING, REASON_CLASSES
from ilacs_app.text import tidy


class DateFields(HouseForm):
    words = line("New timescale", description="As it should appear in the plan. For example, End June 2026")
    reason_class = SelectField(
        "Main reason",
        choices=[SelectChoice("", "Select a reason"), *(SelectChoice(k, v) for k, v in REASON_CLASSES.items())],
        validate_choice=False,
    )
    effect = lines("Effect on children", description="How will the delay affect children? If it will not, say so")
    cover = lines("What will happen in the meantime?")

    @property
    def asks_date(self) -> bool:
        """Whether a new date is requested, or a request was begun."""
        return any((self.words.data, self.reason_class.data, self.effect.data, self.cover.data))

    def date_wish(self) -> DateWish | None:
        """Return what is requested, or None if nothing is."""
        if not self.asks_date:
            return None
        return DateWish(self.words.data or "", self.reason_class.data, self.effect.data or "", self.cover.data or "")

    def check_date(self) -> bool:
        """Return whether these fields make a request; the command checks how the words are read."""
        valid = True
        if not self.words.data:
            valid = self.bad(self.words, "Enter the new month or date, like End June 2026.")
        if self.reason_class.data not in REASON_CLASSES:
            valid = self.bad(self.reason_class, "Select the main reason.")
        if not self.effect.data:
            valid = self.bad(self.effect, "Enter how the delay will affect children. If it will not, say so.")
        return valid


class DecideForm(VersionedForm):
    """What the programme manager decides on a request; a board decides at its meeting."""

    TELLS = ("answer",)
    answer = HiddenField(filters=[tidy])
    shorter = line("Earlier date", description="A month or date before the one requested")
    refusal = lines("Why it is refused")

    def check(self, decision: WhoDecides) -> bool:
        """Return whether the form holds one decision, after adding errors to the fields if not."""
        elsewhere = AT_THE_MEETING if decision.by_board else None
        if decision.why_not or elsewhere:
            self.form_errors.append(decision.why_not or elsewhere)
            return False
        valid = bool(self.validate()) and self.check_version(self.answer)
        answer = self.answer.data
        if answer not in {"agreed", "agreed_shorter", "refused"}:
            valid = self.bad(self.answer, "Select whether to agree or refuse the new date.")
        if answer == "agreed_shorter" and not self.shorter.data:
            valid = self.bad(self.shorter, "Enter the date or month that you agree.")
        if self.shorter.data and answer in {"agreed", "refused"}:
            valid = self.bad(self.shorter, "Select “Agree an earlier date” to agree this, or clear it.")
        if answer == "refused" and not self.refusal.data:
            valid = self.bad(
                self.refusal, "Enter why the new date is refused. The person who requested it will see this."
            )
        if self.refusal.data and answer in {"agreed", "agreed_shorter"}:
            valid = self.bad(self.refusal, "Select “Refuse” to refuse the new date for this reason, or clear it.")
        return valid
