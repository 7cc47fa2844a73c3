"""The row that stands open in a list: whose it is to open, what it shows, and a conflict in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flask import request

from ilacs_app import clock
from ilacs_app.errors import NotKnown
from ilacs_app.forms.conflicts import Difference
from ilacs_app.forms.queries import KeptDraft, drafts_of
from ilacs_app.plan.rules import DONE, OPEN, Status
from ilacs_app.progress.notes.queries import Note
from ilacs_app.progress.queries import ActionAccess, action_for
from ilacs_app.progress.status.queries import Claim, claim_of
from ilacs_app.progress.status.rules import TESTS, Move, moves
from ilacs_app.rows.form import UpdateForm
from ilacs_app.text import whole_number
from ilacs_app.web import LARGEST_ID, actor


@dataclass(frozen=True)
class RowConflict:
    """Two delivery statuses that met: what each wanted, who saved first and when (UTC), and what can be kept."""

    status: Difference
    who: str
    at: datetime | None
    own: bool
    """Whether it was the same person, in another window."""
    move: Move | None
    """The move that is still wanted here; nothing where it can no longer be made."""
    options: list[tuple[str, str]]
    note: Note | None
    """The newest note that was written since the form was opened, by whomever."""


@dataclass(frozen=True)
class OpenRow:
    """A row that is open for writing."""

    form: UpdateForm
    stand: ActionAccess
    conflict: RowConflict | None = None
    draft: KeptDraft | None = None
    """What it stands open with, if this person left it unsaved."""
    claim: Claim | None = None
    """The claim, for somebody who may test it."""

    @property
    def sent_to(self) -> str:
        """The last part of the address that its form is sent to."""
        return "answer" if self.stand.standing.may_write else "status"

    @property
    def may_answer(self) -> bool:
        """Whether the four answers stand in it: of an open action, for those who write on it."""
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
        """The moves as a verifier's form offers them, for somebody who is here to test and not to write."""
        standing, status = self.stand.standing, self.stand.position.status
        return self.moves if standing.may_verify and not standing.may_write and status in DONE else []


def opened(form: UpdateForm, access: ActionAccess, conflict: RowConflict | None = None) -> OpenRow:
    """The row with this form in it, and the claim for whoever may test it."""
    row = OpenRow(form, access, conflict)
    if not row.tests or access.position.status != Status.COMPLETED:
        return row
    claim = claim_of(actor(), access.action_id, clock.today())
    form.offer_month(claim.month, certain=not access.position.month_unsure)
    return replace(row, claim=claim)


def open_row(action_id: int) -> OpenRow | None:
    """The open row that a page's address asks for, if this person may write on it at all."""
    stand = action_for(actor(), action_id)
    if not may_open(stand):
        return None
    row = opened(UpdateForm.for_stand(stand, clock.today(), anew=True), stand)
    address = f"/actions/{action_id}/{row.sent_to}"
    draft = drafts_of(actor().id, (address,)).get(address)
    if draft is None:
        return row
    row.form.take_up(draft.fields)
    return replace(row, draft=draft)


def asked_open() -> dict[int, OpenRow]:
    """The rows that ``?open=`` asks for on this page."""
    action_id = whole_number(request.args.get("open"), LARGEST_ID)
    try:
        found = open_row(action_id) if action_id else None
    except NotKnown:
        return {}
    return {action_id: found} if action_id and found else {}


def may_open(stand: ActionAccess) -> bool:
    return stand.standing.may_write or bool(moves(stand.position, stand.standing))
