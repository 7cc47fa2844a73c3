"""The reply to a call for help."""

from __future__ import annotations

from ilacs_app.forms.fields import HouseForm, lines


class HelpForm(HouseForm):
    reply = lines("Your reply", description="Everyone who sees this action can read it.")

    def check(self) -> bool:
        """Whether it can be sent; says what to do where it cannot."""
        good: bool = self.validate()
        return good if self.reply.data else self.bad(self.reply, "Write a reply.")
