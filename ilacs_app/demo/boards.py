"""What the boards of the demonstration ask, hear and decide at their meetings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ilacs_app.governance.agenda.rules import AgendaKind
from ilacs_app.governance.attendance.rules import Attendance, Attended
from ilacs_app.governance.decisions.rules import DecisionKind

LAC_STRATEGY_GROUP = "LAC Strategy Group"
MASH_BOARD = "MASH Board"
CORPORATE_PARENTING_PANEL = "Corporate Parenting Panel"


@dataclass(frozen=True)
class Arises:
    """An action that arises at a meeting. It is answered some days later, and judged at the next meeting.

    ``satisfied``: what the chair says of the answer then; None where no one has said.
    """

    text: str
    owner: str
    answer: str = ""
    satisfied: bool | None = None
    comment: str = ""


@dataclass(frozen=True)
class Decided:
    """What a board decides on the item of its agenda that is there for this reason.

    ``months``: for an earlier date, how long after the date that the action was imported with. ``board``: to which the
    item is referred.
    """

    on: AgendaKind
    ref: str
    kind: DecisionKind
    text: str = ""
    months: int = 0
    board: str = ""
    arises: Arises | None = None


@dataclass(frozen=True)
class DateAsked:
    """A date change that is requested before the papers, so many months after the date that the action came with."""

    ref: str
    months: int
    reason_class: str
    effect: str
    cover: str = ""


@dataclass(frozen=True)
class DemoMeeting:
    """A meeting. ``attended`` are those who were not simply there; ``exempt`` are items, by why they are there."""

    decided: tuple[Decided, ...] = ()
    asked: tuple[DateAsked, ...] = ()
    deep_dives: tuple[str, ...] = ()
    exempt: tuple[tuple[AgendaKind, str], ...] = ()
    attended: Mapping[str, Attended] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoBoard:
    """A board: when it meets, in days after the plan's date, before today and after it, and what happens then."""

    members: tuple[str, ...]
    quorum: int | None
    at_time: str
    place: str
    days: tuple[int, int, int]
    first: DemoMeeting
    second: DemoMeeting
    coming: DemoMeeting = field(default_factory=DemoMeeting)


LATE_WORDS = (
    "The board noted that this is overdue. The lead is to complete it, or request a new date, within two weeks."
)
WAITS_WORDS = "The board will look at the evidence at its next meeting."
MATTERS_WORDS = "The actions from the last meeting were read out. What is not settled is on this agenda."
ASKED_WORDS = "The board is waiting for the answer."

BOARDS: Mapping[str, DemoBoard] = {
    LAC_STRATEGY_GROUP: DemoBoard(
        members=("Elected Member for Children", "Head of Permanence", "Head of Corporate Parenting"),
        quorum=3,
        at_time="09:30",
        place="Committee Room 2",
        days=(14, 14, 7),
        first=DemoMeeting(
            asked=(
                DateAsked(
                    "12.2",
                    3,
                    "partner_or_supplier",
                    "Six young people will wait up to three months longer for a training flat.",
                    "They keep their supported lodgings until a flat is ready.",
                ),
            ),
            deep_dives=("8.3",),
            decided=(
                Decided(
                    AgendaKind.DATE,
                    "12.2",
                    DecisionKind.AGREE,
                    "The board agreed the new date because no young person has to move before a flat is ready.",
                ),
                Decided(
                    AgendaKind.DEEP_DIVE,
                    "8.3",
                    DecisionKind.NOTE,
                    "The pilot worked well in the north locality. The board wants to see how the roll-out is staffed.",
                    arises=Arises(
                        "Set out when each locality starts the new planning meeting, and who chairs it there.",
                        "Head of Permanence",
                        answer="The east locality starts next month and the west locality the month after.",
                        satisfied=False,
                        comment="Add who chairs the meeting in each locality.",
                    ),
                ),
            ),
            attended={"Head of Corporate Parenting": Attended(Attendance.PRESENT, interest="Leads recommendation 12")},
        ),
        second=DemoMeeting(
            asked=(
                DateAsked(
                    "10.4",
                    3,
                    "competing_demand",
                    "First reviews of pathway plans are still chaired by team managers.",
                    "A service manager reads a sample of these reviews each month.",
                ),
            ),
            deep_dives=("12.3",),
            exempt=((AgendaKind.EMBED, "7.1"),),
            decided=(
                Decided(
                    AgendaKind.DATE,
                    "10.4",
                    DecisionKind.AGREE_EARLIER,
                    "One month less than requested: the second reviewing officer starts before then.",
                    months=2,
                ),
                Decided(
                    AgendaKind.EMBED,
                    "8.1",
                    DecisionKind.EMBED,
                    "The baseline has been used in three monthly reports, and the verifier found no gaps.",
                ),
                Decided(
                    AgendaKind.EMBED,
                    "7.1",
                    DecisionKind.NOT_EMBED,
                    "The figures come from one quarter. The board wants to see a second quarter first.",
                ),
                Decided(
                    AgendaKind.QUESTION,
                    "8.3",
                    DecisionKind.NOTE,
                    "The board was not satisfied with the answer and asked who chairs the meeting in each locality.",
                ),
                Decided(
                    AgendaKind.DEEP_DIVE,
                    "12.3",
                    DecisionKind.REFER,
                    "The panel is asked what young people say about the proposed housing pathway.",
                    board=CORPORATE_PARENTING_PANEL,
                ),
            ),
            attended={
                "Elected Member for Children": Attended(Attendance.APOLOGIES),
                "Head of Permanence": Attended(Attendance.PRESENT, interest="Leads recommendations 8 and 9"),
            },
        ),
        coming=DemoMeeting(
            deep_dives=("12",),
            attended={"Head of Permanence": Attended(Attendance.APOLOGIES, deputy="Service Manager, Permanence")},
        ),
    ),
    MASH_BOARD: DemoBoard(
        members=("Principal Social Worker", "Head of Quality"),
        quorum=2,
        at_time="14:00",
        place="Police headquarters, Room 4",
        days=(12, 16, 12),
        first=DemoMeeting(
            asked=(
                DateAsked(
                    "5.4",
                    3,
                    "under_estimated",
                    "Staff use the current triage guidance for longer.",
                    "The MASH managers check every decision to take no further action.",
                ),
            ),
            decided=(
                Decided(
                    AgendaKind.DATE,
                    "5.4",
                    DecisionKind.AGREE_EARLIER,
                    "The board agreed one more month, because the police have offered an analyst.",
                    months=1,
                ),
                Decided(
                    AgendaKind.LATE,
                    "5.1",
                    DecisionKind.NOTE,
                    "The workshop was held later than planned, and its results are not written up yet.",
                    arises=Arises(
                        "Send the map of the notification pathway to the board.",
                        "MASH Service Manager",
                        answer="The map went to all members. It shows four steps where we can save a day.",
                        satisfied=True,
                        comment="The map is clear, and the police have agreed to it.",
                    ),
                ),
            ),
        ),
        second=DemoMeeting(
            asked=(
                DateAsked("5.6", 2, "vacancy", "We will learn two months later which notifications we handle late."),
            ),
            deep_dives=("5.3",),
            decided=(
                Decided(
                    AgendaKind.DATE,
                    "5.6",
                    DecisionKind.REFUSE,
                    "Two months is too long. The audit can start with 20 notifications.",
                    arises=Arises("Say who will audit the first 20 notifications, and when.", "MASH Service Manager"),
                ),
                Decided(
                    AgendaKind.EMBED,
                    "5.1",
                    DecisionKind.EMBED,
                    "All partners have used the pathway for a month, and a sample of 20 records confirms it.",
                ),
                Decided(
                    AgendaKind.QUESTION,
                    "5.1",
                    DecisionKind.NOTE,
                    "The board was satisfied with the map of the pathway.",
                ),
                Decided(
                    AgendaKind.DEEP_DIVE,
                    "5.3",
                    DecisionKind.INVITE,
                    "The lead is invited to the next meeting with the figures on police training.",
                ),
            ),
            attended={"Head of Quality": Attended(Attendance.APOLOGIES, deputy="Senior Auditor")},
        ),
    ),
    CORPORATE_PARENTING_PANEL: DemoBoard(
        members=("Elected Member for Children", "Care Leavers Manager", "Virtual School Head"),
        quorum=None,
        at_time="17:30",
        place="Council Chamber",
        days=(16, 12, 19),
        first=DemoMeeting(
            deep_dives=("9.2", "10"),
            decided=(
                Decided(
                    AgendaKind.DEEP_DIVE,
                    "9.2",
                    DecisionKind.NOTE,
                    "Members of the children in care council told the panel what a life-story book means to them.",
                    arises=Arises(
                        "Invite two young people to plan the next learning event.",
                        "Head of Permanence",
                        answer="Two members of the children in care council are helping to plan it.",
                        satisfied=True,
                        comment="The panel thanked the young people.",
                    ),
                ),
                Decided(
                    AgendaKind.DEEP_DIVE,
                    "10",
                    DecisionKind.INVITE,
                    "The leads are invited to show three pathway plans, without names, at the next meeting.",
                ),
            ),
            attended={"Care Leavers Manager": Attended(Attendance.PRESENT, interest="Leads recommendation 10")},
        ),
        second=DemoMeeting(
            deep_dives=("11.2",),
            decided=(
                Decided(
                    AgendaKind.REFERRED,
                    "12.3",
                    DecisionKind.REFER,
                    "Young people want one named worker for housing. The lead board is asked to decide this.",
                    board=LAC_STRATEGY_GROUP,
                ),
                Decided(
                    AgendaKind.QUESTION,
                    "9.2",
                    DecisionKind.NOTE,
                    "The panel was satisfied: two young people help to plan.",
                ),
                Decided(
                    AgendaKind.DEEP_DIVE,
                    "11.2",
                    DecisionKind.INVITE,
                    "Care leavers who answered the survey are invited to the next meeting.",
                ),
            ),
            attended={"Virtual School Head": Attended(Attendance.ABSENT, deputy="Designated Teacher")},
        ),
    ),
}
