"""What a board is told has changed is what the rules say, on either database, and nothing of other boards."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import select, update

from ilacs_app.dates import LONDON
from ilacs_app.db import db, transaction
from ilacs_app.governance.since.queries import changed_since_met
from ilacs_app.governance.since.rules import History, MetChange, MoveSince, changes_since
from ilacs_app.people.boards.model import Meeting
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.model import Action, DateEntry, Plan
from ilacs_app.plan.rules import STATUSES
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.status.model import StatusMove
from tests.conftest import TODAY
from tests.factories import set_fact

MET = date(2018, 3, 19)
KINDS = ("move", "claim", "sent_back", "taken_back", "verification", "slip", "pause", "return")
BOARDS = ("mash-board", "lac-strategy-group", "childrens-management-team")


def _at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), LONDON).astimezone(UTC)


def _told(actor, slug: str, *, meets_on: date | None = None, most: int = 60):
    board = board_by_slug(slug)
    assert board
    since = changed_since_met(actor, board.id, TODAY, met_on=MET, meets_on=meets_on, most=most)
    return {changed.change: changed for changed in since.changes}


def _happen(random: Random, action_id: int, writer: int) -> None:
    """Give an action a random past around the day of the meeting."""

    def day() -> date:
        return MET + timedelta(days=random.randint(-6, 19))

    db.session.execute(
        update(Action)
        .where(Action.id == action_id)
        .values(
            status=random.choice(STATUSES),
            due_on=random.choice((None, MET + timedelta(days=random.randint(-40, 60)))),
            review_on=random.choice((None, MET + timedelta(days=random.randint(-40, 60)))),
            last_word_on=day(),
        )
    )
    for on in sorted(day() for _ in range(random.randint(0, 3))):
        from_status, to_status = random.choice(STATUSES), random.choice(STATUSES)
        move = StatusMove(action_id=action_id, at=_at(on), kind=random.choice(KINDS))
        move.from_status, move.to_status = from_status, to_status
        db.session.add(move)
    if random.random() < 0.3:
        kind = random.choice(("move", "move", "reading", "first_date"))
        db.session.add(DateEntry(action_id=action_id, kind=kind, words="May", at=_at(day())))
    if random.random() < 0.3:
        piece = Evidence(action_id=action_id, person_id=writer, added_at=_at(MET), shows="A sample", kind="audit")
        piece.sensitivity, piece.url = random.choice(("open", "restricted")), "https://intranet.example/a"
        piece.withdrawn_on = random.choice((None, day()))
        db.session.add(piece)
    db.session.flush()


def _by_rule(row, restricted: bool) -> frozenset[MetChange]:
    """Return what the pure rules say of an action, from all that is written of it."""
    since = _at(MET, 0)
    moves = db.session.execute(
        select(StatusMove.kind, StatusMove.from_status, StatusMove.to_status)
        .where(StatusMove.action_id == row.id, StatusMove.at >= since)
        .order_by(StatusMove.id)
    )
    moved = select(DateEntry.id).where(DateEntry.action_id == row.id, DateEntry.kind == "move", DateEntry.at >= since)
    gone = select(Evidence.id).where(Evidence.action_id == row.id, Evidence.withdrawn_on >= MET)
    if not restricted:
        gone = gone.where(Evidence.sensitivity == "open")
    history = History(
        row.facts,
        tuple(MoveSince(**move._mapping) for move in moves),
        date_moved=db.session.scalar(moved) is not None,
        evidence_withdrawn=db.session.scalar(gone) is not None,
    )
    return changes_since(history, MET, TODAY)


def test_the_query_tells_what_the_rules_tell(world):
    random = Random(17)
    met = 0
    for _ in range(4):
        with transaction():
            for id_ in db.session.scalars(select(Action.id)).all():
                _happen(random, id_, world.people["lead"])
        for role, restricted in (("programme_manager", True), ("viewer", False)):
            actor = world.actor(role)
            for slug in BOARDS:
                board = board_by_slug(slug)
                rows = {row.id: row for row in action_rows(actor, Filter(board_id=board.id), TODAY, size=None)}
                wanted = {change: set() for change in MetChange}
                for row in rows.values():
                    for change in _by_rule(row, restricted):
                        wanted[change].add(row.id)
                told = _told(actor, slug)
                for change, ids in wanted.items():
                    assert {action.id for action in told[change].actions} == ids, (slug, role, change)
                    assert told[change].number == len(ids)
                    met += len(ids)
    assert met > 300, "the random actions changed in many ways"


def test_only_the_newest_are_named_and_all_are_counted(world):
    with transaction():
        for place, ref in enumerate(("5.2", "5.3", "5.4", "5.5")):
            move = StatusMove(action_id=world.actions[ref], at=_at(MET + timedelta(days=place)), kind="slip")
            move.from_status, move.to_status = "verified", "slipped_back"
            db.session.add(move)
    slipped = _told(world.actor("chair"), "mash-board", most=3)[MetChange.SLIPPED_BACK]
    assert slipped.number == 4
    assert [action.ref for action in slipped.actions] == ["5.5", "5.4", "5.3"]
    assert slipped.refs == "", "references stand only where they are all"
    assert _told(world.actor("chair"), "mash-board")[MetChange.SLIPPED_BACK].refs == "5.5, 5.4, 5.3, 5.2"


def test_a_date_is_marked_if_requested_or_agreed_shortly_before_a_meeting(world):
    board = board_by_slug("mash-board")
    meets_on = date(2018, 4, 18)
    with transaction():
        meeting = Meeting(board_id=board.id, on_day=MET + timedelta(days=10))
        db.session.add(meeting)
        db.session.flush()
        asked = DateRequest(action_id=world.actions["5.2"], asked_at=_at(MET + timedelta(days=1)), words="May")
        asked.reason_class, asked.state, asked.asked_before_id = "other", "agreed", meeting.id
        far = DateRequest(action_id=world.actions["5.6"], asked_at=_at(MET - timedelta(days=9)), words="May")
        far.reason_class, far.state, far.asked_before_id = "other", "agreed", meeting.id
        db.session.add_all((asked, far))
        db.session.flush()
        for ref, day, request, at_meeting in (
            ("5.2", MET + timedelta(days=2), asked.id, None),  # requested 9 days before a meeting
            ("5.3", meets_on - timedelta(days=14), None, None),  # agreed 14 days before the next
            ("5.4", meets_on - timedelta(days=15), None, None),  # a day earlier
            ("5.5", meets_on - timedelta(days=13), None, meeting.id),  # agreed by a board at its meeting
            ("5.6", MET + timedelta(days=2), far.id, None),  # the meeting was put off after the request
        ):
            entry = DateEntry(action_id=world.actions[ref], kind="move", words="May", at=_at(day))
            entry.request_id, entry.meeting_id = request, at_meeting
            db.session.add(entry)
    moved = _told(world.actor("chair"), "mash-board", meets_on=meets_on)[MetChange.DATE_MOVED]
    assert (moved.number, moved.marked) == (5, 2)
    assert {action.ref for action in moved.actions if action.marked} == {"5.2", "5.3"}
    with transaction():
        db.session.execute(update(Meeting).where(Meeting.id == meeting.id).values(cancelled_on=TODAY))
    moved = _told(world.actor("chair"), "mash-board", meets_on=meets_on)[MetChange.DATE_MOVED]
    assert {action.ref for action in moved.actions if action.marked} == {"5.3"}, "no mark for a cancelled meeting"


def test_what_is_closed_linked_or_not_theirs_is_not_told(world):
    set_fact(world.actions["5.2"], due_on=MET, status="in_progress")
    set_fact(world.actions["5.3"], due_on=MET, status="in_progress")

    def late(role: str, slug: str = "mash-board") -> set[str]:
        return {action.ref for action in _told(world.actor(role), slug)[MetChange.NEWLY_LATE].actions}

    assert {"5.2", "5.3"} <= late("chair") and {"5.2", "5.3"} <= late("partner")
    assert late("partner", "lac-strategy-group") == set(), "a partner is told nothing of other boards"
    set_fact(world.actions["5.3"], linked_into_id=world.actions["5.2"])
    assert "5.3" not in late("chair")
    with transaction():
        db.session.execute(update(Plan).values(state="closed"))
    assert late("chair") == set()
