"""The fields of a piece of evidence, in the form of a row and in a form of their own."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage

from ilacs_app.files.archives import LARGEST_FILE_WORDS
from ilacs_app.files.filetypes import WrongFile, first_words, media_type, safe_name
from ilacs_app.files.store import FileKept, StoreError
from ilacs_app.files.uploads import discard, evidence_store
from ilacs_app.forms.fields import HouseForm, choice, line, lines
from ilacs_app.progress.evidence.commands import EvidenceText
from ilacs_app.progress.evidence.rules import EVIDENCE_KINDS, SENSITIVITIES


class EvidenceFields(HouseForm):
    file = MultipleFileField(
        "Files", description=f"PDF, Word, Excel, PowerPoint, text, image or email. {LARGEST_FILE_WORDS} or smaller"
    )
    url = line("Or a link to it", description="A web address that starts with https://")
    shows = line("What does this show?")
    kind = choice("Kind of evidence", dict(EVIDENCE_KINDS))
    period = line("Period it covers", description="For example, January to March 2026")
    sensitivity = choice("Who can see it", {"open": "Everyone who can see this action", "restricted": "Restricted"})

    def begin_evidence(self) -> None:
        """Fill the fields with what they say before anyone has chosen."""
        self.sensitivity.data = "open"
        self.kind.data = "audit"

    @property
    def uploads(self) -> list[FileStorage]:
        """The files that were chosen: one, or as many as a browser without scripts sends in one form."""
        return [upload for upload in self.file.data or () if upload.filename]

    @property
    def has_file(self) -> bool:
        return bool(self.uploads)

    @property
    def written(self) -> list[str]:
        """What was typed, the names of the files, and the first words of those that are text."""
        files = [(safe_name(upload.filename or ""), upload.stream) for upload in self.uploads]
        return [*super().written, *(name for name, _ in files), *(first_words(*file) for file in files)]

    @property
    def has_evidence(self) -> bool:
        return self.has_file or bool(self.url.data)

    @property
    def begins_evidence(self) -> bool:
        """Whether any field of a piece of evidence was filled in, even without a file or a link."""
        chosen = (self.kind.data or "audit", self.sensitivity.data or "open") != ("audit", "open")
        return chosen or bool(self.shows.data or self.period.data)

    def evidence_text(self) -> EvidenceText:
        return EvidenceText(
            self.shows.data or "", self.kind.data, self.sensitivity.data, self.url.data or None, self.period.data or ""
        )

    def check_evidence(self) -> bool:
        """Return whether a piece of evidence can be made of these fields; adds an error to each field that is wrong."""
        valid = True
        if self.has_file and self.url.data:
            valid = self.bad(self.url, "Add a file or a link, not both. You can add the other afterwards.")
        if not self.has_evidence:
            valid = self.bad(self.file, "Upload a file or enter a link.")
        if not self.shows.data:
            valid = self.bad(self.shows, "Enter what this evidence shows.")
        if self.url.data and not _is_link(self.url.data):
            valid = self.bad(self.url, "Enter a full web address, starting with https:// or http://.")
        if self.kind.data not in EVIDENCE_KINDS:
            valid = self.bad(self.kind, "Select the kind of evidence.")
        if self.sensitivity.data not in SENSITIVITIES:
            valid = self.bad(self.sensitivity, "Select who can see it.")
        return valid

    def keep(self) -> list[FileKept] | None:
        """The files, all checked and then put into the store; nothing if one was refused: its field says why.

        The caller deletes them again if it is certain that no row names them. If it is not certain, they
        stay: a sweep deletes files without a row, but a deleted file of a row is lost.
        """
        names, files = [], []
        name = ""
        try:
            for upload in self.uploads:
                name = safe_name(upload.filename or "")
                names.append((name, media_type(name, upload.stream), upload.stream))
            for name, kind, stream in names:
                files.append(FileKept(evidence_store().put(stream), name, kind))
        except (WrongFile, StoreError) as wrong:
            discard(files)
            self.bad(self.file, str(wrong) if len(self.uploads) == 1 else f"{name}: {wrong}")
            return None
        return files


class EvidenceForm(EvidenceFields):
    """A piece of evidence by itself."""

    BEGUN = frozenset({"kind", "sensitivity"})

    def check(self) -> bool:
        """Return whether it can be saved; adds an error to each field that is wrong."""
        valid: bool = self.validate()
        return self.check_evidence() and valid


class WithdrawForm(HouseForm):
    reason = lines("Why it is withdrawn", description="Everyone who can see this evidence can read the reason.")


def _is_link(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(c.isspace() for c in address)
