"""The page of one item at a meeting, readable from the end of the table, as several routes answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flask import Response, url_for

from ilacs_app import clock
from ilacs_app.access import Act, may
from ilacs_app.dates import clock_time, long_date
from ilacs_app.errors import NotKnown
from ilacs_app.forms.drafts import take_up_each
from ilacs_app.forms.fields import HouseForm
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.governance.agenda.queries import people_named
from ilacs_app.governance.agenda.rules import AgendaFact, AgendaKind, id_in
from ilacs_app.governance.attendance.queries import attendees, interests_of, quorum_at
from ilacs_app.governance.attendance.rules import Quorum
from ilacs_app.governance.challenges.items import askable
from ilacs_app.governance.challenges.queries import arisen_at
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.challenges.rules import default_due_on
from ilacs_app.governance.decisions.forms import ArisingForm, DecisionForm
from ilacs_app.governance.decisions.queries import (
    DecisionLine,
    ItemNow,
    decisions_at,
    item_now,
    on_key,
    referable,
    sitting_of,
)
from ilacs_app.governance.decisions.rules import (
    DECISION_WORDS,
    ON_DATES,
    DecisionKind,
    Sitting,
    kinds_for,
    why_not_at,
    why_not_decided,
    why_only_notes,
)
from ilacs_app.governance.meetings.pages import meeting_agenda
from ilacs_app.governance.meetings.queries import MeetingLine, next_meetings
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.lists.rows import ActionRow, People, action_row
from ilacs_app.progress.dates.queries import AskedDate, request_asked
from ilacs_app.progress.dates.rules import REQUEST_STATES
from ilacs_app.progress.notes.queries import Words, newest_words, plan_words
from ilacs_app.progress.notes.rules import PlanWords
from ilacs_app.progress.queries import with_help_hidden
from ilacs_app.web import actor, page


@dataclass(frozen=True)
class Stop:
    """One item in the agenda beside the page: its number, and what was decided on it last."""

    number: int
    fact: AgendaFact
    address: str
    decided: str
    here: bool = False


@dataclass(frozen=True)
class DecisionButton:
    """Something that the board can decide: its value and label."""

    kind: DecisionKind
    label: str


@dataclass(frozen=True)
class DecidingPart:
    """What those who run the meeting can do on an item.

    ``why_not``: why nothing can be decided. ``refusals``: why some of it cannot be decided, each once. ``theirs``: what
    someone else decided while this form was open. ``only_notes``: the board has met again, so it can only add notes.
    ``owners``: names of which one may be meant by who does what arises.
    """

    form: DecisionForm
    arising: ArisingForm
    buttons: Sequence[DecisionButton]
    why_not: str = ""
    refusals: Sequence[str] = ()
    theirs: str = ""
    drafts: Mapping[str, KeptDraft] = field(default_factory=dict)
    only_notes: bool = False
    owners: Sequence[str] = ()

    def offers(self, *kinds: str) -> bool:
        """Return whether any of these can be decided."""
        return any(button.kind in kinds for button in self.buttons)


@dataclass(frozen=True)
class ItemPage:
    """Everything that the page of one item shows."""

    board: BoardName
    meeting: MeetingLine
    fact: AgendaFact
    stops: Sequence[Stop]
    before: Stop | None
    after: Stop | None
    number: int
    people: People
    row: ActionRow | None
    note: Words | None
    from_plan: PlanWords | None
    asked: AskedDate | None
    decided: Sequence[DecisionLine]
    arisen: Sequence[BoardQuestion]
    matters: Sequence[BoardQuestion]
    interested: Sequence[str]
    quorum: Quorum
    deciding: DecidingPart | None
    sent_to: str
    today: date
    exempt: bool = False
    """Whether it is in the exempt part of the meeting."""

    @property
    def gives_tasks(self) -> bool:
        """Whether the reader can add an action that arises; none arises from an earlier meeting itself."""
        can = self.deciding is not None and not self.deciding.why_not and not self.deciding.only_notes
        return can and not self.fact.is_of_meeting


def item_page(
    board: BoardName,
    meeting: MeetingLine,
    key: str,
    *,
    form: DecisionForm | None = None,
    arising: ArisingForm | None = None,
    owners: Sequence[str] = (),
    status: int = 200,
) -> Response:
    """Answer with the page of one item of the agenda. ``form`` and ``arising`` are those that could not be saved.

    ``owners`` are the names of which one may be meant in ``arising``.

    Raises:
        NotKnown: the agenda has no such item, or it is not theirs to know of.
    """
    who, today = actor(), clock.today()
    shown_there = meeting_agenda(board, meeting)
    facts = [*shown_there.agenda.items, *(shown_there.agenda.exempt if may(who, Act.READ_EXEMPT, board.id) else ())]
    facts += [fact for fact in shown_there.later if fact.key == key]
    fact = next((fact for fact in facts if fact.key == key), None)
    if fact is None:
        raise NotKnown(key)
    decided = decisions_at(who, meeting.id)
    place = f"/boards/{board.slug}/meetings/{meeting.on_day.isoformat()}/items"
    stops = [_stop(number, item, place, decided=decided, key=key) for number, item in enumerate(facts, start=1)]
    at = next(number for number, stop in enumerate(stops) if stop.here)
    people = attendees(meeting.id)
    quorum = quorum_at(board.id, people)
    interests = interests_of([person.person_id for person in people], meeting.on_day)
    item = item_now(who, board.id, fact, today)
    row = action_row(who, fact.action_id, today) if fact.action_id is not None else None
    note = newest_words([row.id], without_help=with_help_hidden(who, [row])).get(row.id) if row else None
    here = on_key(decided, key)
    deciding = None
    if may(who, Act.RUN_MEETING, board.id):
        draw = _Drawn(board, meeting, fact, item, here, sitting_of(meeting, quorum, today))
        deciding = replace(_deciding(draw, form, arising, status=status), owners=owners)
    shown = ItemPage(
        board=board,
        meeting=meeting,
        fact=fact,
        stops=stops,
        before=stops[at - 1] if at else None,
        after=stops[at + 1] if at + 1 < len(stops) else None,
        number=at + 1,
        people=people_named([fact]).get(key, People()),
        row=row,
        note=note,
        from_plan=plan_words([row.id]).get(row.id) if row and note is None else None,
        asked=item.asked,
        decided=here,
        arisen=[question for question in arisen_at(who, meeting.id) if question.item_key == fact.key],
        matters=arisen_at(who, id_in(fact.key)) if fact.kind == AgendaKind.MATTERS else (),
        interested=[
            person.name
            for person in people
            if interests[person.person_id].include(fact.action_id, fact.recommendation_id)
        ],
        quorum=quorum,
        deciding=deciding,
        sent_to=f"/boards/{board.slug}/meetings/{meeting.id}/items/{key}",
        today=today,
        exempt=shown_there.is_exempt(fact),
    )
    return page("governance/decisions/item.html", status=status, has_errors=status == 422, item=shown)


def _stop(number: int, fact: AgendaFact, place: str, *, decided: Sequence[DecisionLine], key: str) -> Stop:
    made = on_key(decided, fact.key)
    return Stop(number, fact, f"{place}/{fact.key}", made[-1].label if made else "", here=fact.key == key)


@dataclass(frozen=True)
class _Drawn:
    """What the forms of an item are drawn from."""

    board: BoardName
    meeting: MeetingLine
    fact: AgendaFact
    item: ItemNow
    decided: Sequence[DecisionLine]
    sitting: Sitting


def _deciding(
    draw: _Drawn, sent: DecisionForm | None, sent_arising: ArisingForm | None, *, status: int
) -> DecidingPart:
    today, seen = clock.today(), max((line.id for line in draw.decided), default=0)
    form = sent or DecisionForm(formdata=None).shown(draw.item, seen)
    theirs = _theirs(draw, form) if sent and status == 409 else ""
    if status == 409:
        form.shown(draw.item, seen)
    form.offering(referable(draw.board.id).all(), draw.decided)
    arising = sent_arising or _new_arising(draw)
    slug, at, key = draw.board.slug, draw.meeting.id, draw.fact.key
    left: dict[str, tuple[HouseForm, str]] = {}
    if not sent:
        left["form"] = (form, url_for("decisions.decide_item", board_slug=slug, meeting_id=at, key=key))
    if not sent_arising:
        left["arising"] = (arising, url_for("decisions.arising", board_slug=slug, meeting_id=at, key=key))
    drafts = take_up_each(**left)
    why_not = why_not_at(draw.sitting, today)
    if why_not:
        return DecidingPart(form, arising, (), why_not, theirs=theirs, drafts=drafts)
    buttons, refusals = [], []
    for kind in kinds_for(draw.item.state):
        refusal = why_not_decided(kind, draw.item.state, meeting=draw.sitting, who=draw.item.who, today=today)
        if refusal is None:
            buttons.append(DecisionButton(kind, _button_words(kind, draw.item)))
        elif refusal not in refusals:
            refusals.append(refusal)
    if buttons and buttons[0].kind not in _STANDS_OUT:  # the first stands out
        buttons.sort(key=lambda button: button.kind != DecisionKind.NOTE)
    return DecidingPart(
        form,
        arising,
        buttons,
        refusals=refusals,
        theirs=theirs,
        drafts=drafts,
        only_notes=why_only_notes(draw.sitting) is not None,
    )


_STANDS_OUT = frozenset({DecisionKind.APPROVE, DecisionKind.AGREE, DecisionKind.EMBED})


def _new_arising(draw: _Drawn) -> ArisingForm:
    form = ArisingForm(formdata=None)
    asked = askable(
        actor(), draw.board.id, action_id=draw.fact.action_id, recommendation_id=draw.fact.recommendation_id
    )
    after = next_meetings(clock.today())
    meets = after.get(draw.board.id)
    meets_on = meets.on_day if meets and meets.id != draw.meeting.id else None
    form.owner.data = asked.owner if asked else ""
    form.due.data = long_date(default_due_on(meets_on, clock.today()))
    return form


def _button_words(kind: DecisionKind, item: ItemNow) -> str:
    asked = item.asked
    if kind == DecisionKind.APPROVE:
        return f"Approve the minutes, version {item.version}"
    if kind == DecisionKind.AGREE and asked:
        return f"Agree {long_date(asked.due_on)}" if asked.due_on else f"Agree “{asked.words}”"
    return DECISION_WORDS[kind].button


def _theirs(draw: _Drawn, form: DecisionForm) -> str:
    """Return what became of the item since the form was drawn."""
    seen = int(form.seen.data) if (form.seen.data or "").isdigit() else 0
    newer = [line for line in draw.decided if line.id > seen]
    if newer:
        last = newer[-1]
        return f"{last.sentence} {long_date(clock.london_day(last.at))}, {clock_time(last.at)}."
    if draw.fact.kind == AgendaKind.MINUTES:
        return f"Version {draw.item.version} of these minutes was published. Read it before the board approves it."
    request_id = (form.asked.data or "").partition(".")[0]
    if form.chosen in ON_DATES and request_id.isdigit() and draw.item.asked is None:
        asked = request_asked(int(request_id))
        by = asked.decided_at_board or asked.decided_by
        return f"{REQUEST_STATES[asked.state]}{f' by {by}' if by else ''}."
    return "Someone changed this item. This page shows it as it is now."
