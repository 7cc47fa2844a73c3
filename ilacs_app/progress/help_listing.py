"""The calls for help that My work shows, each with its reply. A top-layer file beside ``listing`` (decision 0003)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from ..drafting import take_up_each
from ..plan.queries import ActionRow
from .help_forms import HelpForm
from .help_queries import Call
from .panel_listing import Typed


def replies(helps: Sequence[tuple[ActionRow, Call]], typed: Typed | None = None) -> dict[str, Any]:
    """The calls with the form of each reply by its action, as it was left; ``typed`` is one that could not be saved."""
    forms = {row.id: HelpForm(formdata=None) for row, _ in helps}
    left = {str(id_): (form, url_for("help.reply", action_id=id_)) for id_, form in forms.items()}
    if typed:
        forms[typed.at] = typed.form
        left.pop(str(typed.at), None)
    return {"helps": helps, "replies": forms, "reply_drafts": take_up_each(**left), "typed": typed}
