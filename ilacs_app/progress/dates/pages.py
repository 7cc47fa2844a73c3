"""The forms that decide on date changes, on any page that lists them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import url_for

from ilacs_app.forms.drafts import take_up_each
from ilacs_app.progress.dates.deciders.waiting import WaitingDate
from ilacs_app.progress.dates.forms import DecideForm


def decide_forms(waits: Collection[WaitingDate], sent: DecideForm | None = None, sent_for: int = 0) -> dict[str, Any]:
    """Return ``forms`` and ``drafts`` for those of the requests that this person can decide, by request id.

    ``sent`` is the form that could not be saved, and ``sent_for`` the request it decides on.
    """
    forms = {w.asked.id: DecideForm(formdata=None) for w in waits if w.decision.may_decide and not w.decision.by_board}
    left = {str(id_): (form, url_for("dates.decide", request_id=id_)) for id_, form in forms.items()}
    if sent is not None:
        left.pop(str(sent_for), None)
        forms[sent_for] = sent
    return {"forms": forms, "drafts": {int(id_): draft for id_, draft in take_up_each(**left).items()}}
