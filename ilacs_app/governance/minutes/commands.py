"""Publish the minutes of a meeting. What is published is never changed: to publish again makes a further version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from ilacs_app import clock
from ilacs_app.access import Act, check_may, who_may
from ilacs_app.dates import long_date
from ilacs_app.db import db
from ilacs_app.errors import NotAllowed, Refused, Stale
from ilacs_app.governance.decisions.queries import approved_on
from ilacs_app.governance.meetings.queries import lock_meeting
from ilacs_app.governance.minutes.document import MinutesDocument, minutes_from_json, minutes_to_json
from ilacs_app.governance.minutes.model import Minutes, MinutesFile
from ilacs_app.governance.minutes.queries import bytes_of, is_recorded, minutes_now, versions_of
from ilacs_app.governance.minutes.rules import why_not_publish_minutes
from ilacs_app.history import Author, record
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.visibility import actor_with


def publish_minutes(
    by: Author, board: BoardName, meeting_id: int, seen: int, *, draw: Callable[[MinutesDocument], bytes]
) -> int:
    """Publish the minutes as they are at this moment, as the version after ``seen``. Return its number.

    ``seen`` is the newest version that was there, 0 where there was none; ``draw`` returns the bytes of a Word file.

    Raises:
        Refused: they cannot be published, or nothing has changed since the newest version.
        Stale: someone else has published a version in the meantime.
        NotAllowed: they do not run the board's meetings.
    """
    locked = lock_meeting(meeting_id)
    _check_runs(by, board)
    meeting = locked.meeting
    why_not = why_not_publish_minutes(
        meeting.on_day,
        meeting.cancelled_on,
        approved_on(meeting_id),
        begun=is_recorded(meeting_id),
        today=clock.today(),
    )
    if why_not:
        raise Refused(why_not)
    newest = next(iter(versions_of(meeting_id)), None)
    if (newest.number if newest else 0) != seen:
        raise Stale
    document = minutes_now(board, meeting)
    if newest and document.says_the_same(minutes_from_json(bytes_of(newest, "json", exempt=True))):
        raise Refused(f"Nothing has changed since version {newest.number}. Record what is missing, then publish.")
    number, today = seen + 1, clock.today()
    document = replace(document, published=f"Version {number}, published by {by.signed} on {long_date(today)}")
    minutes = Minutes(
        meeting_id=meeting_id,
        number=number,
        published_at=clock.now(),
        person_id=by.person_id,
        published_by=by.signed,
    )
    db.session.add(minutes)
    db.session.flush()
    hashes = _add_files(minutes.id, document, draw)
    record(
        by,
        "minutes_published",
        about=locked.about,
        after={"meeting_id": meeting_id, "minutes_id": minutes.id, "version": number, "hashes": hashes},
    )
    return number


def _check_runs(by: Author, board: BoardName) -> None:
    """Check that they run the board's meetings."""
    person = actor_with(by.person_id, clock.today()) if by.person_id is not None else None
    if person is None:
        raise NotAllowed(who_may(Act.RUN_MEETING))
    check_may(person, Act.RUN_MEETING, board.id)


def _add_files(minutes_id: int, document: MinutesDocument, draw: Callable[[MinutesDocument], bytes]) -> dict[str, str]:
    """Add the minutes as JSON and Word, with and without what is exempt. Return the hash of each."""
    hashes = {}
    for exempt, copy in ((True, document), (False, document.without_exempt())):
        for form, content in (("json", minutes_to_json(copy)), ("docx", draw(copy))):
            digest = hashlib.sha256(content).hexdigest()
            hashes[f"{form}{', exempt' if exempt else ''}"] = digest
            db.session.add(
                MinutesFile(minutes_id=minutes_id, format=form, exempt=exempt, sha256=digest, content=content)
            )
    return hashes
