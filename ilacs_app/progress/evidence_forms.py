"""The fields of a piece of evidence, in the form of a row and in a form of their own."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app
from flask_wtf.file import FileField

from ..forms import HouseForm, choice, line
from .evidence_commands import EvidenceText
from .filetypes import WrongFile, media_type, safe_name
from .rules import EVIDENCE_KINDS, SENSITIVITIES
from .store import EvidenceStore


def evidence_store() -> EvidenceStore:
    """The store of this application."""
    store: EvidenceStore = current_app.extensions["evidence"]
    return store


class EvidenceFields(HouseForm):
    file = FileField("File", description="PDF, Office, text, picture or mail, up to 25 MB")
    url = line("Or a link to it", description="An address that begins with https://")
    shows = line("What it shows")
    kind = choice("Kind of evidence", dict(EVIDENCE_KINDS))
    sensitivity = choice("Who may see it", {"open": "Everyone who sees this action", "restricted": "Restricted"})

    def begin_evidence(self) -> None:
        """What the fields say before anybody has chosen."""
        self.sensitivity.data = "open"
        self.kind.data = "audit"

    @property
    def has_file(self) -> bool:
        return bool(self.file.data and getattr(self.file.data, "filename", ""))

    @property
    def has_evidence(self) -> bool:
        return self.has_file or bool(self.url.data)

    def evidence_text(self) -> EvidenceText:
        return EvidenceText(self.shows.data or "", self.kind.data, self.sensitivity.data, self.url.data or None)

    def check_evidence(self) -> bool:
        """Whether a piece of evidence can be made of these fields; says what to do at each that is wrong."""
        good = True
        if self.has_file and self.url.data:
            good = self.bad(self.url, "Give a file or a link, not both. Add the other one after this.")
        if not self.has_evidence:
            good = self.bad(self.file, "Choose a file, or give a link.")
        if not self.shows.data:
            good = self.bad(self.shows, "Write what this evidence shows.")
        if self.url.data and not _is_link(self.url.data):
            good = self.bad(self.url, "Write a whole address that begins with https:// or http://.")
        if self.kind.data not in EVIDENCE_KINDS:
            good = self.bad(self.kind, "Choose a kind of evidence from the list.")
        if self.sensitivity.data not in SENSITIVITIES:
            good = self.bad(self.sensitivity, "Choose who may see it.")
        return good

    def checked_file(self) -> tuple[str, str] | None:
        """Name and media type of the file, if it may be evidence; else the field says why not."""
        upload = self.file.data
        name = safe_name(upload.filename)
        try:
            found = media_type(name, upload.stream.read())
        except WrongFile as wrong:
            self.bad(self.file, str(wrong))
            return None
        upload.stream.seek(0)
        return name, found


def _is_link(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(c.isspace() for c in address)
