"""The page My work: what the person who is signed in has to do, and what has changed for them."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_login import current_user

from ilacs_app import clock
from ilacs_app.access import requires
from ilacs_app.governance.challenges.pages import questions_waiting
from ilacs_app.governance.overview.queries import board_columns
from ilacs_app.people.sign_in.queries import last_used_before
from ilacs_app.plan.lists.counts import counts
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.progress.dates.queries import count_new_dates
from ilacs_app.progress.help.queries import open_calls
from ilacs_app.rows.action_page import replies
from ilacs_app.rows.list_page import listed
from ilacs_app.rows.place import RowPlace
from ilacs_app.web import actor, page
from ilacs_app.worklist.news.questions import all_news
from ilacs_app.worklist.queries import tasks_of, waiting

blueprint = Blueprint("worklist", __name__)


@blueprint.get("/")
@requires("belongs")
def my_work() -> Response:
    who, today = actor(), clock.today()
    groups = waiting(who, today)
    tasks = tasks_of(who, today)
    told = all_news(who, today)
    before = last_used_before(current_user.session_id) if told else None
    rows = [*(item.row for item in groups), *tasks.to_test]
    return page(
        "worklist/my_work.html",
        groups=groups,
        to_test=tasks.to_test,
        claims=len(tasks.claims),
        calls=open_calls([item.row.id for item in groups]),
        **replies(tasks.requests),
        questions=questions_waiting(tasks.questions, tasks.answers),
        today=today,
        my_boards=board_columns(who, today),
        news=told,
        seen_until=clock.as_recorded(before) if before else None,
        to_decide=tasks.dates,
        new_dates_asked=count_new_dates(who),
        mine=counts(who, Filter(delivered_by=who.acts_as), today) if who.has_items else None,
        place=RowPlace("work", "/"),
        **listed(rows),
    )
