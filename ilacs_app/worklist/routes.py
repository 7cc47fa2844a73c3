"""The page My work: what the person who is signed in has to do, and what has changed for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, make_response, redirect, url_for
from flask_login import current_user

from ilacs_app import clock
from ilacs_app.access import Actor, requires
from ilacs_app.governance.challenges.pages import QuestionsWaiting, questions_waiting
from ilacs_app.governance.overview.queries import BoardColumn, board_columns
from ilacs_app.people.sign_in.queries import last_used_before
from ilacs_app.plan.lists.counts import Counts, counts
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.progress.dates.deciders.waiting import WaitingDate
from ilacs_app.progress.dates.queries import count_new_dates
from ilacs_app.progress.help.queries import Call, open_calls
from ilacs_app.rows.action_page import HelpToAnswer, help_to_answer, waits_now
from ilacs_app.rows.list_page import BesideRows, beside_rows
from ilacs_app.rows.place import RowPlace
from ilacs_app.web import actor, page
from ilacs_app.worklist.news.queries import AnyNews, all_news
from ilacs_app.worklist.news.rules import Batch, SinceLastSignIn, in_batches, since_last_sign_in
from ilacs_app.worklist.queries import Waiting, tasks_of, waiting
from ilacs_app.worklist.rules import BEFORE_QUESTIONS, GROUP_WORDS, Group, Waits

blueprint = Blueprint("worklist", __name__)


@dataclass(frozen=True)
class UpdatesDue:
    """The actions of one group that need an update; the group is on the page only where it has some."""

    key: Group
    title: str
    items: Sequence[Waiting]


@dataclass(frozen=True)
class NewsShown:
    """What changed, in lines: a change, or what was changed at once. ``number`` counts the new changes."""

    fresh: Sequence[AnyNews | Batch[AnyNews]]
    older: Sequence[AnyNews | Batch[AnyNews]]
    number: int


@dataclass(frozen=True)
class MyWork:
    """Everything that My work shows.

    ``claims`` counts all actions to verify, of which ``to_test`` are the first. ``calls`` are the open requests for
    help of the person's own actions, by the action's id. ``mine`` counts all actions that they lead, own or contribute
    to.
    """

    waits: Waits
    groups: Sequence[UpdatesDue]
    to_test: Sequence[ActionRow]
    claims: int
    calls: Mapping[int, Call]
    help: HelpToAnswer
    questions: QuestionsWaiting
    to_decide: Sequence[WaitingDate]
    new_dates_asked: int
    news: NewsShown
    boards: Sequence[BoardColumn]
    mine: Counts | None
    beside: BesideRows
    place: RowPlace
    today: date

    @property
    def nothing_to_do(self) -> bool:
        """Whether no list of the page has anything in it. Actions that rest are in none."""
        waits = any(group.items for group in self.groups) or self.questions.number or self.questions.to_judge
        return not (waits or self.to_test or self.help.requests or self.to_decide)

    @property
    def asked_above(self) -> list[ActionRow]:
        """The actions about which a board asks and whose row is in a group that comes before its questions."""
        earlier = (item for group in self.groups if group.key in BEFORE_QUESTIONS for item in group.items)
        return [item.row for item in earlier if self.questions.about(item.row.id)]

    @property
    def boards_first(self) -> bool:
        """Whether the boards lead the page: someone who serves on some and has no actions of their own."""
        return bool(self.boards) and self.mine is None

    @property
    def by_meeting(self) -> tuple[BoardColumn, ...]:
        """The boards by their next meeting; those without one last."""
        return tuple(
            sorted(self.boards, key=lambda board: board.next_meeting.on_day if board.next_meeting else date.max)
        )

    @property
    def next_to_meet(self) -> BoardColumn | None:
        """The board of theirs that meets next, if one has a meeting to come."""
        meets = ((board.next_meeting.on_day, board) for board in self.boards if board.next_meeting)
        return min(meets, key=lambda meeting: meeting[0], default=(None, None))[1]


@blueprint.get("/")
@requires("belongs")
def my_work() -> Response:
    """Show what someone has to do; send viewers and inspectors, who come to read, to the plan if nothing waits here."""
    if actor().only_reads and not waits_now().total:
        return make_response(redirect(url_for("plan.plans")))
    return page("worklist/my_work.html", work=_my_work(actor(), clock.today()))


def _my_work(who: Actor, today: date) -> MyWork:
    tasks = tasks_of(who, today)
    asked = frozenset(question.action_id for question in tasks.questions if question.action_id)
    updates = waiting(who, today, asked=asked)
    return MyWork(
        waits=waits_now(),
        groups=[
            UpdatesDue(key, title, [item for item in updates if item.group == key])
            for key, title in GROUP_WORDS.items()
        ],
        to_test=tasks.to_test,
        claims=len(tasks.claims),
        calls=open_calls([item.row.id for item in updates]),
        help=help_to_answer(tasks.requests),
        questions=questions_waiting(tasks.questions, tasks.answers, rows={item.row.id for item in updates}),
        to_decide=tasks.dates,
        new_dates_asked=count_new_dates(who),
        news=_news(who, today),
        boards=board_columns(who, today),
        mine=counts(who, Filter(delivered_by=who.acts_as), today) if who.has_items else None,
        beside=beside_rows([*(item.row for item in updates), *tasks.to_test]),
        place=RowPlace("work", "/"),
        today=today,
    )


def _news(who: Actor, today: date) -> NewsShown:
    changes = all_news(who, today)
    before = last_used_before(current_user.session_id) if changes else None
    since: SinceLastSignIn[AnyNews] = since_last_sign_in(changes, clock.as_recorded(before) if before else None)
    return NewsShown(fresh=in_batches(since.fresh), older=in_batches(since.older), number=len(since.fresh))
