"""The pure rules of a board's decisions: what it can decide on an item, at which meeting, and who records it.

Source: product rules 4 and 5. A board that leads an item decides on it; others can note it, refer it to another board
or invite its owner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ilacs_app.dates import long_date
from ilacs_app.plan.rules import OPEN, STATUS_WORDS, Status


class DecisionKind(StrEnum):
    """What a board can decide, in the order of its buttons."""

    APPROVE = "approve"
    AGREE = "agree"
    AGREE_EARLIER = "agree_earlier"
    REFUSE = "refuse"
    EMBED = "embed"
    NOT_EMBED = "not_embed"
    PAUSE = "pause"
    SLIP = "slip"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    DEFER = "defer"
    INVITE = "invite"
    REFER = "refer"
    NOTE = "note"


@dataclass(frozen=True)
class DecisionWords:
    """How pages speak of a kind of decision: on its button, and once it is made."""

    button: str
    label: str


DECISION_WORDS: Mapping[str, DecisionWords] = {
    DecisionKind.APPROVE: DecisionWords("Approve the minutes", "Minutes approved"),
    DecisionKind.AGREE: DecisionWords("Agree", "Agreed"),
    DecisionKind.AGREE_EARLIER: DecisionWords("Agree an earlier date", "Agreed an earlier date"),
    DecisionKind.REFUSE: DecisionWords("Refuse", "Date change refused"),
    DecisionKind.EMBED: DecisionWords("Accept as embedded", "Accepted as embedded"),
    DecisionKind.NOT_EMBED: DecisionWords("Do not accept as embedded", "Not accepted as embedded"),
    DecisionKind.PAUSE: DecisionWords("Pause", "Paused"),
    DecisionKind.SLIP: DecisionWords("Set to slipped back", "Slipped back"),
    DecisionKind.WITHDRAW: DecisionWords("Withdraw", "Withdrawn"),
    DecisionKind.RESTORE: DecisionWords("Restore", "Restored"),
    DecisionKind.DEFER: DecisionWords("Defer", "Deferred to a later meeting"),
    DecisionKind.INVITE: DecisionWords("Invite the owner", "Owner invited"),
    DecisionKind.REFER: DecisionWords("Refer", "Referred"),
    DecisionKind.NOTE: DecisionWords("Note", "Noted"),
}


def mark_after(label: str) -> str:
    """Return what parts a label from the words after it: a full stop where the label has a colon of its own."""
    return "." if ": " in label else ":"


ON_DATES = frozenset({DecisionKind.AGREE, DecisionKind.AGREE_EARLIER, DecisionKind.REFUSE})
WITHOUT_QUORUM = frozenset({DecisionKind.NOTE, DecisionKind.INVITE, DecisionKind.DEFER})
WITHOUT_LEADING = frozenset({DecisionKind.NOTE, DecisionKind.INVITE, DecisionKind.REFER})
ON_OWN_ITEMS = frozenset({DecisionKind.NOTE, DecisionKind.INVITE})
MOVES_TO: Mapping[str, str] = {
    DecisionKind.EMBED: Status.EMBEDDED,
    DecisionKind.PAUSE: Status.PAUSED,
    DecisionKind.SLIP: Status.SLIPPED_BACK,
    DecisionKind.WITHDRAW: Status.WITHDRAWN,
}
"""The delivery status after a decision that moves it; ``RESTORE`` goes back to the one before."""
NEEDS_WORDS: Mapping[str, str] = {
    DecisionKind.REFUSE: "Enter why the new date is refused. The person who requested it will see this.",
    DecisionKind.NOT_EMBED: "Enter why it is not accepted as embedded.",
    DecisionKind.PAUSE: "Enter why it is paused.",
    DecisionKind.SLIP: "Enter what has slipped back.",
    DecisionKind.WITHDRAW: "Enter why it is withdrawn.",
    DecisionKind.RESTORE: "Enter why it is restored.",
    DecisionKind.NOTE: "Enter what the minutes are to note.",
}


@dataclass(frozen=True)
class DecisionFacts:
    """What there is to decide on an item of an agenda.

    ``status`` is empty for an item that is no action, and ``status_since`` is the day from which the action has it.
    ``asked_on``: the day on which the new date was requested that waits for a board. ``minutes``: it is the minutes of
    an earlier meeting, and ``approved`` whether the board has approved them.
    """

    status: str = ""
    status_before: str | None = None
    asked_on: date | None = None
    status_since: date | None = None
    minutes: bool = False
    approved: bool = False
    only_noted: bool = False
    """It is what arises from the minutes of an earlier meeting: decisions are on items of their own."""


def kinds_for(item: DecisionFacts) -> list[DecisionKind]:
    """Return what can be decided on an item as it is now, in the order of the buttons."""
    if item.only_noted:
        return [DecisionKind.NOTE]
    if item.minutes:
        return [*(() if item.approved else (DecisionKind.APPROVE,)), DecisionKind.DEFER, DecisionKind.NOTE]
    kinds: list[DecisionKind] = []
    if item.asked_on is not None:
        kinds += [DecisionKind.AGREE, DecisionKind.AGREE_EARLIER, DecisionKind.REFUSE]
    if item.status == Status.VERIFIED:
        kinds += [DecisionKind.EMBED, DecisionKind.NOT_EMBED]
    if item.status in OPEN:
        kinds.append(DecisionKind.PAUSE)
    if item.status in {Status.VERIFIED, Status.EMBEDDED}:
        kinds.append(DecisionKind.SLIP)
    if item.status in OPEN:
        kinds.append(DecisionKind.WITHDRAW)
    if item.status in {Status.PAUSED, Status.WITHDRAWN} and item.status_before:
        kinds.append(DecisionKind.RESTORE)
    return [*kinds, DecisionKind.DEFER, DecisionKind.INVITE, DecisionKind.REFER, DecisionKind.NOTE]


@dataclass(frozen=True)
class Sitting:
    """The meeting at which a board decides."""

    on_day: date
    cancelled: bool = False
    has_quorum: bool = True
    quorum: str = ""
    """What is known of its quorum, as a sentence."""
    approved_on: date | None = None
    """The day on which the board approved its minutes."""
    met_again_on: date | None = None
    """The day of the newest later meeting that the board has held."""


@dataclass(frozen=True)
class Recorder:
    """Who records a decision, and how they and their board are related to the item.

    ``leads``: their board may decide on it. ``deciders``: the names of the boards that may. ``owns``: they lead or own
    it. ``asked``: the new date is their own request. ``claimed``: they marked it as completed or delivered it then.
    ``others``: who else records for the board.
    """

    leads: bool = True
    deciders: tuple[str, ...] = ()
    owns: bool = False
    asked: bool = False
    claimed: bool = False
    others: tuple[str, ...] = ()


def why_not_at(meeting: Sitting, today: date) -> str | None:
    """Return why nothing can be decided at a meeting; None if something can."""
    if meeting.cancelled:
        return "This meeting is cancelled. Record the decision at the meeting where the board makes it."
    if meeting.on_day > today:
        return f"You can record decisions from the day of the meeting, {long_date(meeting.on_day)}."
    if meeting.approved_on is not None:
        return (
            f"The board approved the minutes of this meeting on {long_date(meeting.approved_on)}. "
            "Record a further decision at the next meeting."
        )
    return None


def why_only_notes(meeting: Sitting) -> str | None:
    """Return why a board can only add notes at a meeting; None if it can decide.

    Once it has met again, it decides there: an old meeting must not change what has happened since.
    """
    if meeting.met_again_on is None:
        return None
    return (
        f"The board has met again since, on {long_date(meeting.met_again_on)}. Its chair or secretary records "
        "decisions at that meeting or a later one. At this one, you can only add notes for the minutes."
    )


def why_not_decided(
    kind: DecisionKind, item: DecisionFacts, *, meeting: Sitting, who: Recorder, today: date
) -> str | None:
    """Return why this cannot be decided on an item at a meeting, with who can; None if it can."""
    refusal = why_not_at(meeting, today)
    if refusal is None and kind != DecisionKind.NOTE:
        refusal = why_only_notes(meeting)
    if refusal:
        return refusal
    if kind not in kinds_for(item):
        return _gone(kind, item)
    return why_not_by(kind, meeting, who) or _why_too_late(kind, item, meeting.on_day)


def why_not_by(kind: DecisionKind, meeting: Sitting, who: Recorder) -> str | None:
    """Return why this board and this person cannot decide this, or correct such a decision; None if they can."""
    if not who.leads and kind not in WITHOUT_LEADING:
        return f"{_deciders(who.deciders)} This board can note the item, refer it or invite its owner."
    if kind not in WITHOUT_QUORUM and not meeting.has_quorum:
        return f"{meeting.quorum} Until then, it can note items, defer them or invite their owners."
    return _why_not_theirs(kind, who)


def _gone(kind: DecisionKind, item: DecisionFacts) -> str:
    if item.only_noted:
        return "Matters arising can only be noted. Record a decision on the item that it is about."
    if item.minutes:
        return (
            "These minutes are approved already, or this cannot be decided on minutes. Refresh the page to see which."
        )
    if kind in ON_DATES:
        return "No date change on this item needs a decision. Refresh the page to see what can be decided."
    now = STATUS_WORDS[item.status].lower() if item.status else ""
    if not now:
        return "This can only be decided on an action. Select another decision, or record it on the action."
    return f"This cannot be decided on an action that is {now}. Select another decision, or add a note."


def _deciders(names: Sequence[str]) -> str:
    if not names:
        return "No board leads this item."
    return f"Only {' or '.join(names)} can decide this."


def _why_not_theirs(kind: DecisionKind, who: Recorder) -> str | None:
    if kind in ON_OWN_ITEMS:
        return None
    others = f" Ask {' or '.join(who.others)}." if who.others else " Ask the administrator to add a chair or secretary."
    if who.owns:
        return f"You cannot decide on an item that you lead or own.{others}"
    if kind in ON_DATES and who.asked:
        return f"You cannot decide on a date that you requested.{others}"
    if kind in {DecisionKind.EMBED, DecisionKind.NOT_EMBED} and who.claimed:
        return f"You cannot decide on an action that you delivered or marked as completed.{others}"
    return None


_AT_LATER = "Record the decision at a later meeting."


def _why_too_late(kind: DecisionKind, item: DecisionFacts, on_day: date) -> str | None:
    if kind in ON_DATES and item.asked_on and item.asked_on > on_day:
        return f"This date change was requested on {long_date(item.asked_on)}, after the meeting. {_AT_LATER}"
    if kind in _ON_STATUS and item.status_since and item.status_since > on_day:
        return f"This action {_BECAME[item.status]} on {long_date(item.status_since)}, after the meeting. {_AT_LATER}"
    return None


_ON_STATUS = frozenset({DecisionKind.EMBED, DecisionKind.NOT_EMBED, DecisionKind.SLIP, DecisionKind.RESTORE})
"""What is decided on an action because of the delivery status that it has."""
_BECAME: Mapping[str, str] = {
    Status.VERIFIED: "was verified",
    Status.EMBEDDED: "was accepted as embedded",
    Status.PAUSED: "was paused",
    Status.WITHDRAWN: "was withdrawn",
}
