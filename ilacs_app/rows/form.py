"""The form of a row: answer, note, evidence and delivery status, together or each alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from wtforms import Field, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from ilacs_app import clock
from ilacs_app.dates import last_day_of_month, long_date, month_year
from ilacs_app.errors import Refused
from ilacs_app.forms.conflicts import BOTH, MINE, THEIRS
from ilacs_app.forms.fields import choices_from, line, lines
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.plan.parsing.days import read_day, read_month
from ilacs_app.plan.rules import OPEN, STATUS_WORDS, Status
from ilacs_app.progress.dates.commands import WrongDate
from ilacs_app.progress.dates.forms import DateFields
from ilacs_app.progress.evidence.forms import EvidenceFields
from ilacs_app.progress.notes.rules import ANSWERS, SAY_WHAT_CHANGED, Answer, NoteText
from ilacs_app.progress.queries import ActionAccess
from ilacs_app.progress.status.commands import StatusWish, WrongMove
from ilacs_app.progress.status.rules import TESTS, MoveKind, moves
from ilacs_app.text import tidy, whole_number
from ilacs_app.web import LARGEST_ID

MONTHS_BACK = 18
NO_STATUS = "This goes with a delivery status. Select one, or clear this."


class UpdateForm(EvidenceFields, DateFields, VersionedForm):
    answer = RadioField("How is it going?", validate_choice=False, choices=choices_from(ANSWERS))
    blocker = lines("What is stopping progress?")
    go_on = HiddenField(filters=[tidy])
    verdict = HiddenField(filters=[tidy])
    noted = HiddenField(filters=[tidy])
    did = lines("What we did")
    difference = lines(
        "What difference it made",
        description="What has changed for children? You can say it is too early to tell",
    )
    next_step = lines("What next")
    status = SelectField("Delivery status", validate_choice=False, choices=[])
    month = SelectField("Month of completion", validate_choice=False, choices=[])
    reason = lines("Reason")
    sample = lines("What you looked at", description="For example, 20 records from April, 5 from each team")
    tested_on = line("Date you checked it", description="For example, 13 May 2026")
    review_on = line("Review the pause on", description="For example, 31 March 2027")
    successor = line(
        "Replaced by", description="The reference of the action that replaces it, if there is one. For example, 3.5"
    )

    BEGUN = frozenset({"kind", "sensitivity", "month", "tested_on"})
    TELLS = ("noted",)

    def __iter__(self) -> Iterator[Field]:
        """Yield the fields in the order of the page, where a request for a new date and evidence are last."""
        last = [*vars(DateFields), *vars(EvidenceFields)]
        return iter(sorted(super().__iter__(), key=lambda field: last.index(field.name) if field.name in last else -1))

    @classmethod
    def for_stand(cls, stand: ActionAccess, today: date, *, anew: bool = False) -> UpdateForm:
        """The form with the moves that are open to this person, at the version that they see.

        ``again``: as it opens, whatever the request brings; it may be the form of another row that was saved just now.
        """
        form = cls(formdata=None) if anew else cls()
        form.month.choices = [SelectChoice("", "Select a month"), *_months(today)]
        if form.verdict.data and not form.status.data:
            form.status.data = form.verdict.data
        if stand.sent_back:
            form.answer.choices = choices_from({key: says for key, says in ANSWERS.items() if key != Answer.NO_CHANGE})
        if anew or not form.is_submitted():
            form.version.data = str(stand.version)
            form.begin_evidence()
            form.tested_on.data = long_date(today)
            form.month.data = form.month.choices[1].value
        return form

    def offer_month(self, claimed: date | None, *, certain: bool) -> None:
        """Offer the months in which a claim can have been completed; the claimed one is chosen where it is certain."""
        today = clock.today()
        months = _months(today)
        value = ""
        if claimed and claimed <= last_day_of_month(today):
            value = f"{claimed:%Y-%m}"
            if value not in {choice.value for choice in months}:
                months.append(SelectChoice(value, month_year(claimed)))
        self.month.choices = [SelectChoice("", "Select a month"), *months]
        if not self.is_submitted():
            self.month.data = value if certain else ""

    @property
    def note(self) -> NoteText | None:
        """The note, if one of the three prompts was answered or an answer was chosen."""
        answer = self.answer.data or None
        text = NoteText(
            self.did.data or "",
            self.difference.data or "",
            self.next_step.data or "",
            answer=answer,
            blocker=self.blocker.data or "",
        )
        return text if text != NoteText() else None

    @property
    def seen_note(self) -> int:
        """The id of the newest note that was there when the form was opened; 0 if none did."""
        return whole_number(self.noted.data, LARGEST_ID) or 0

    @property
    def goes_on(self) -> bool:
        """Whether the next row should open: the button asks for it, alone or with the status (``verdict``)."""
        return bool(self.go_on.data or self.verdict.data)

    @property
    def is_done(self) -> bool:
        return bool(self.answer.data == Answer.DONE)

    @property
    def status_wanted(self) -> str:
        """The delivery status that is asked for, or nothing; the answer "done" is one, whatever the list says."""
        return Status.COMPLETED if self.is_done else self.status.data or ""

    given_up = False
    """Whether the status move was dropped in favour of someone else's."""

    def settle(self, stand: ActionAccess) -> bool:
        """Apply the choice between two conflicting status moves; return False while it is missing (``undecided``).

        Theirs kept gives up the move that this form holds, never a text of it; both kept makes what was written for
        that move a note.
        """
        keep = self.choice_for("status")
        if keep is None or self.seen_version != stand.version:
            return True
        if keep not in {MINE, THEIRS, BOTH}:
            self.undecided = frozenset({"status"})
            return False
        if keep != MINE:
            beside = (self.sample, self.reason, self.review_on, self.successor)
            if keep == BOTH:
                self.did.data = "\n\n".join(filter(None, (field.data for field in (self.did, *beside))))
            for field in beside:
                field.data = ""
            if self.is_done:
                self.answer.data = None
            self.status.data, self.given_up = "", True
        return True

    def is_stale(self, stand: ActionAccess) -> bool:
        """Return whether a status move is asked for from another version than the one that applies now."""
        return bool(self.status_wanted) and self.seen_version not in (None, stand.version)

    def wish(self) -> StatusWish | None:
        """The status move that is asked for, if one is."""
        if not self.status_wanted:
            return None
        return StatusWish(
            self.status_wanted,
            self.seen_version or 0,
            self.reason.data or "",
            read_month(self.month.data),
            read_day(self.review_on.data),
            self.sample.data or "",
            read_day(self.tested_on.data),
            self.successor.data or "",
        )

    def check(self, part: str, stand: ActionAccess) -> bool:
        """Return whether the form can be saved; ``part`` is what must be there: note, evidence, status or any.

        Says what to do at each field that is wrong; nothing typed is changed.
        """
        checks = [
            self.validate(),
            self.given_up or self._check_there(part, stand),  # where a move was given up, nothing may be left
            self._check_blocker(stand),
            self._check_answer(stand),
            self._check_status(stand),
            self._check_unused(stand),
            self.check_evidence() if self.has_evidence or self.begins_evidence else True,
            self.check_date() if (part == "date" and not self.given_up) or self.asks_date else True,
        ]
        return all(checks)

    def _check_there(self, part: str, stand: ActionAccess) -> bool:
        """Return whether the part of the form that must be there is."""
        match part:
            case "note" if not (self.note and self.note.has_text):
                return self.bad(self.did, "Enter what you did, what difference it made, or what comes next.")
            case "evidence" if not self.has_evidence:
                return self.bad(self.file, "Add a file or a link.")
            case "status" if not self.status.data:
                return self.bad(self.status, "Select a delivery status.")
            case "any" if not (self.note or self.has_evidence or self.status.data or self.asks_date):
                if stand.position.status in OPEN:
                    return self.bad(self.answer, "Select how it is going, or enter what you did.")
                return self.bad(self.did, "Enter a note, add evidence, select a delivery status or request a new date.")
        return True

    def _check_blocker(self, stand: ActionAccess) -> bool:
        """Return whether what is stopping progress goes with an answer, or with the words of a note."""
        if not self.blocker.data or self.answer.data or (self.note and self.note.has_text):
            return True
        if stand.position.status in OPEN:
            return self.bad(self.answer, "Select Need help to ask for help with this, or another answer.")
        return self.bad(self.did, "Enter what you did as well.")

    def _check_unused(self, stand: ActionAccess) -> bool:
        """Return whether all that was typed for a move of the delivery status belongs to the one that is asked for."""
        move = next((each for each in moves(stand.position, stand.standing) if each.to == self.status_wanted), None)
        if self.status_wanted and move is None:
            return True  # the move is refused, and everything stays in the form
        slips = move is not None and move.kind == MoveKind.SLIP
        tests = move is not None and (move.kind in TESTS or (slips and bool(self.sample.data)))
        day_of_test = self.tested_on.data and self.tested_on.data not in _days_drawn(clock.today())
        used = (
            (self.reason, self.reason.data, move is not None),
            (self.sample, self.sample.data, tests),
            (self.tested_on, day_of_test, tests),
            (self.review_on, self.review_on.data, move is not None and move.review),
            (self.successor, self.successor.data, move is not None and move.kind == MoveKind.WITHDRAWAL),
        )
        unused = [field for field, typed, is_used in used if typed and not is_used]
        for field in unused:
            self.bad(
                field,
                NO_STATUS if move is None else f"{move.label} does not use this. Clear it, or select another status.",
            )
        return not unused

    def _check_answer(self, stand: ActionAccess) -> bool:
        """Return whether the answer is one that the action takes, and has what it needs."""
        if not self.answer.data:
            return True
        if self.answer.data not in ANSWERS:
            return self.bad(self.answer, "Select one of the answers.")
        if stand.position.status not in OPEN:
            return self.bad(
                self.did, f"This action is {stand.status_words.lower()}, so it needs no answer. Add a note instead."
            )
        is_valid = True
        if stand.sent_back and self.note and self.note.only_no_change:
            is_valid = self.bad(self.answer, SAY_WHAT_CHANGED)
        if self.answer.data == Answer.NEED_HELP and not self.blocker.data:
            is_valid = self.bad(self.blocker, "Enter what is stopping progress, so that someone can help.")
        if not self.is_done:
            return is_valid
        if not self.month.data:
            is_valid = self.bad(self.month, "Select the month it was completed.")
        if not stand.noted and not (self.note and self.note.has_text):
            is_valid = self.bad(self.did, "Enter what you did.")
        if not stand.evidenced and not self.has_evidence:
            is_valid = self.bad(self.file, "Add evidence that the action is complete: a file or a link.")
        return is_valid

    def _check_status(self, stand: ActionAccess) -> bool:
        """Return whether the move of the delivery status that is asked for has what it needs."""
        if not self.status_wanted:
            return True
        if self.status_wanted not in STATUS_WORDS:
            return self.bad(self.status, "Select a delivery status from the list.")
        if self.seen_version is None:
            return self.bad(self.status, "Refresh the page, then select the delivery status again.")
        if self.month.data and read_month(self.month.data) is None:
            return self.bad(self.month, "Select a month, for example April 2026.")
        tested_on = read_day(self.tested_on.data)
        if self.tested_on.data and (tested_on is None or tested_on > clock.today()):
            return self.bad(self.tested_on, "Enter a real date that is today or in the past, like 13 May 2026.")
        asks_month = stand.position.month_unsure and self.month.raw_data
        if self.status_wanted == Status.VERIFIED and asks_month and not self.month.data:
            return self.bad(self.month, "Select the month it was completed.")
        if self.status_wanted == Status.VERIFIED and self.sample.raw_data and not self.sample.data:
            return self.bad(self.sample, "Enter what you looked at, for example 20 records from April.")
        return True

    def refuse(self, refusal: Refused) -> None:
        """Add the reason of a refusal to the field that it names, or to the form."""
        if isinstance(refusal, WrongDate):
            field = self.words
        elif isinstance(refusal, WrongMove):
            field = self[refusal.field]
        else:
            field = self.answer if self.is_done else self.status
        self.bad(field, str(refusal))


def _days_drawn(today: date) -> set[str]:
    """Return the values that a field filled with today's date may hold if the form was open overnight."""
    return {long_date(today - timedelta(days=ago)) for ago in range(3)}


def _months(today: date) -> list[SelectChoice]:
    months = []
    year, month = today.year, today.month
    for _ in range(MONTHS_BACK):
        months.append(SelectChoice(f"{year}-{month:02}", month_year(date(year, month, 1))))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return months
