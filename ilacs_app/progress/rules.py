"""As what somebody writes on an action: lead, owner, contributor, or one who governs or verifies."""

from __future__ import annotations

from dataclasses import dataclass

WHO_MAY_WRITE = "Only a lead, owner or contributor of this action, or the programme manager, may write on it."
WHO_MAY_TEST = (
    "Only a verifier who does not lead, own or contribute to this action, and neither did when it was claimed "
    "nor claimed it, may verify it or send it back."
)


@dataclass(frozen=True)
class Standing:
    """How one person stands to one action. ``delivers``: leads a recommendation of it, owns or contributes to it.

    ``governs``: chair or secretary of the lead board. ``claimed``: made the claim that stands. ``had_it``: had it in
    hand when it was claimed, or stands in for one who had. ``leads``: leads or owns it, and does not only contribute.
    ``accountable``: the accountable lead of a recommendation in which it stands.
    """

    delivers: bool = False
    manager: bool = False
    verifier: bool = False
    governs: bool = False
    claimed: bool = False
    had_it: bool = False
    leads: bool = False
    accountable: bool = False

    @property
    def may_write(self) -> bool:
        return self.delivers or self.manager

    @property
    def decides(self) -> bool:
        """Whether they move the status of an action without delivering it."""
        return self.verifier or self.governs

    @property
    def may_verify(self) -> bool:
        """Only someone who neither has an action in hand, nor had it when it was claimed, nor claimed it, tests it."""
        return self.verifier and not (self.delivers or self.claimed or self.had_it)

    @property
    def may_reply(self) -> bool:
        """Whether a reply of theirs ends a call for help that somebody else made."""
        return self.accountable or self.manager or self.governs
