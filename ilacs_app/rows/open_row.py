"""The row that is open in a list: whose it is to open, what it shows, and a conflict in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from flask import request

from ilacs_app import clock
from ilacs_app.errors import NotKnown
from ilacs_app.forms.conflicts import BOTH, MINE, THEIRS, FieldDifference
from ilacs_app.forms.queries import KeptDraft, drafts_of
from ilacs_app.plan.rules import DONE, OPEN, STATUS_WORDS, Status
from ilacs_app.progress.dates.deciders.queries import AskedReading, asked_reading
from ilacs_app.progress.evidence.queries import EvidenceItem, evidence
from ilacs_app.progress.help.queries import asked_of
from ilacs_app.progress.notes.queries import Note, newest_notes, notes
from ilacs_app.progress.queries import ActionAccess, action_for
from ilacs_app.progress.status.queries import claims_made, completion_of, last_move
from ilacs_app.progress.status.rules import TESTS, ClaimFacts, Move, claim_doubts, moves
from ilacs_app.rows.form import UpdateForm
from ilacs_app.text import whole_number
from ilacs_app.web import LARGEST_ID, actor, take_saved_before


@dataclass(frozen=True)
class RowConflict:
    """Two conflicting delivery statuses: what each wanted, who saved first and when (UTC), and what can be kept."""

    status: FieldDifference
    who: str
    at: datetime | None
    own: bool
    """Whether it was the same person, in another window."""
    move: Move | None
    """The move that is still wanted here; nothing if it can no longer be made."""
    options: dict[str, str]
    """What can be chosen to keep, each with its words."""
    note: Note | None
    """The newest note that was written since the form was opened, by whomever."""


@dataclass(frozen=True)
class Claim:
    """A claim for whoever tests it: who made it and when (UTC; no one and never, if it came with the plan).

    ``month`` is the last day of the month of completion. ``note`` and ``evidence`` are those since the claim before,
    as far as this person may see them. ``doubts`` are sentences.
    """

    who: str
    at: datetime | None
    month: date | None
    note: Note | None
    imported_note: str
    evidence: tuple[EvidenceItem, ...]
    doubts: tuple[str, ...]


def claim_of(action_id: int) -> Claim:
    """Return the claim of a completed action, as this person may see it."""
    completion, made = completion_of(action_id), claims_made(action_id)
    newest = None if completion.imported or not made else made[0]
    earlier = made[-1] if len(made) > (newest is not None) else None
    since = earlier.at if earlier else None
    note = _note_of_claim(action_id, since)
    pieces = [
        piece
        for piece in evidence(actor(), action_id)
        if piece.withdrawn_on is None and (since is None or piece.at > since)
    ]
    facts = ClaimFacts(
        completion.month,
        completion.imported,
        completion.plan_dated_on,
        has_note=note is not None,
        has_evidence=bool(pieces),
    )
    return Claim(
        who=newest.who if newest else "",
        at=newest.at if newest else None,
        month=completion.month,
        note=note,
        imported_note=completion.imported_note,
        evidence=tuple(pieces),
        doubts=tuple(claim_doubts(facts, clock.today())),
    )


def _note_of_claim(action_id: int, since: datetime | None) -> Note | None:
    """The newest note with words that was written after an instant (UTC), as it was corrected last."""
    for note in notes(action_id):
        has_words = bool(note.did or note.difference or note.next_step)
        if has_words and (since is None or (note.corrects_at or note.at) > since):
            return note
    return None


@dataclass(frozen=True)
class OpenRow:
    """A row that is open for writing."""

    form: UpdateForm
    stand: ActionAccess
    conflict: RowConflict | None = None
    draft: KeptDraft | None = None
    """What it is open with, if this person left it unsaved."""
    claim: Claim | None = None
    """The claim, for someone who may test it."""
    helper: str = ""
    """Who is told if they ask for help."""
    asked: AskedReading = field(default_factory=AskedReading)
    """How the words of the date that it asks for are read."""
    saved_before: str = ""
    """What was saved just before it opened, in the row before it."""

    @property
    def sent_to(self) -> str:
        """The last part of the address that its form is sent to."""
        return "answer" if self.stand.standing.may_write else "status"

    @property
    def may_answer(self) -> bool:
        """Whether the four answers are in it: of an open action, for those who write on it."""
        return self.stand.standing.may_write and self.stand.position.status in OPEN

    @property
    def moves(self) -> list[Move]:
        """The moves that its list of delivery statuses offers."""
        return moves(self.stand.position, self.stand.standing)

    @property
    def may_test(self) -> bool:
        """Whether one of the moves is a test."""
        return any(move.kind in TESTS for move in self.moves)

    @property
    def tests(self) -> list[Move]:
        """The moves as a verifier's form offers them, for someone who is here to test and not to write."""
        standing, status = self.stand.standing, self.stand.position.status
        return self.moves if standing.may_verify and not standing.may_write and status in DONE else []


def row_conflict(form: UpdateForm, access: ActionAccess) -> RowConflict:
    """Return both delivery statuses where someone moved it meanwhile; the form takes the new version."""
    form.version.data = str(access.version)
    mine = STATUS_WORDS.get(form.status_wanted, form.status_wanted)
    last = last_move(access.action_id)
    move = next((move for move in moves(access.position, access.standing) if move.to == form.status_wanted), None)
    told = (form.reason.data or form.sample.data) and access.standing.may_write
    options = {MINE: "Keep mine"} if move else {}
    options[THEIRS] = "Keep theirs"
    if told:
        options[BOTH] = "Keep theirs, and save my text as a note"
    keep = "" if move else BOTH if told else THEIRS
    status = FieldDifference("status", "Delivery status", mine, access.status_words, keep)
    newest = newest_notes([access.action_id]).get(access.action_id)
    since = newest if newest and newest.id > form.seen_note else None
    who, at = (last.who, last.at) if last else ("", None)
    return RowConflict(status, who, at, last is not None and last.person_id == actor().id, move, options, since)


def opened(form: UpdateForm, access: ActionAccess, conflict: RowConflict | None = None) -> OpenRow:
    """The row with this form in it, and the claim for whoever may test it."""
    row = OpenRow(form, access, conflict)
    if form.words.data and access.standing.may_write:
        row = replace(row, asked=asked_reading(access.action_id, form.words.data, clock.today()))
    if row.may_answer:
        asker = (actor().id, access.behalf[0] if access.behalf else None)
        row = replace(row, helper=asked_of(access.action_id, asker).name or "the programme manager")
    if not row.tests or access.position.status != Status.COMPLETED:
        return row
    claim = claim_of(access.action_id)
    form.offer_month(claim.month, certain=not access.position.month_unsure)
    return replace(row, claim=claim)


def open_row(action_id: int) -> OpenRow | None:
    """The open row that a page's address asks for, if this person may write on it at all."""
    stand = action_for(actor(), action_id)
    if not may_open(stand):
        return None
    form = UpdateForm.for_stand(stand, clock.today(), anew=True)
    address = f"/actions/{action_id}/{OpenRow(form, stand).sent_to}"
    draft = drafts_of(actor().id, (address,)).get(address)
    if draft:
        form.take_up(draft.fields)
    if not form.status.data and request.args.get("move") in {move.to for move in moves(stand.position, stand.standing)}:
        form.status.data = request.args["move"]  # "Withdraw" beside "Edit" opens the form so
    return replace(opened(form, stand), draft=draft)


def asked_open() -> dict[int, OpenRow]:
    """The rows that ``?open=`` asks for on this page."""
    action_id = whole_number(request.args.get("open"), LARGEST_ID)
    try:
        opened_row = open_row(action_id) if action_id else None
    except NotKnown:
        return {}
    if not action_id or not opened_row:
        return {}
    return {action_id: replace(opened_row, saved_before=take_saved_before())}


def may_open(stand: ActionAccess) -> bool:
    return stand.standing.may_write or bool(moves(stand.position, stand.standing))
