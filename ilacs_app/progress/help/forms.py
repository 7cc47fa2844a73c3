"""The reply to a request for help, and whether it helped."""

from __future__ import annotations

from wtforms import HiddenField

from ilacs_app.forms.fields import HouseForm, lines
from ilacs_app.progress.help.rules import JUDGEMENTS
from ilacs_app.text import tidy


class HelpForm(HouseForm):
    reply = lines("Your reply", description="Everyone who can see this action can read your reply")
    helped = HiddenField(filters=[tidy])

    @property
    def judges(self) -> bool:
        """Whether it says if a reply helped, and is no reply."""
        return self.helped.data in JUDGEMENTS and not self.reply.data

    def check(self) -> bool:
        """Return whether it can be sent; says what to do where it cannot."""
        valid: bool = self.validate()
        if self.judges:
            return valid
        return valid if self.reply.data else self.bad(self.reply, "Enter your reply.")
