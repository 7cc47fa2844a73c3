"""The form of a correction."""

from __future__ import annotations

from ilacs_app.forms.fields import HouseForm, lines
from ilacs_app.progress.notes.queries import Note
from ilacs_app.progress.notes.rules import NoteText


class CorrectForm(HouseForm):
    """The three prompts of a note, as they should have been."""

    did = lines("What we did")
    difference = lines("What difference it made")
    next_step = lines("What next")

    def begin(self, note: Note) -> None:
        """Fill the form with the text of the note."""
        self.did.data, self.difference.data, self.next_step.data = note.did, note.difference, note.next_step

    @property
    def text(self) -> NoteText:
        return NoteText(self.did.data or "", self.difference.data or "", self.next_step.data or "")
