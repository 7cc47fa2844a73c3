"""Every address for every role, from a matrix that is written by hand, by making the request."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import pytest
from flask import g
from sqlalchemy import update

from ilacs_app import _refuse_unmarked
from ilacs_app.db import db, transaction
from ilacs_app.governance.meeting_commands import set_meeting
from ilacs_app.history import Author
from ilacs_app.people.commands import add_person, board_named
from ilacs_app.people.team_commands import let_stand_in, make_team
from ilacs_app.plan.commands import enter_inspection
from ilacs_app.plan.hand_over_commands import change_owners
from ilacs_app.plan.undo_queries import changed_lately
from ilacs_app.plan.versions import Chosen
from ilacs_app.progress.commands import NoteText, log_progress
from ilacs_app.progress.date_commands import DateWish, ask_new_date
from ilacs_app.progress.evidence_commands import EvidenceText, FileKept, attach_evidence
from ilacs_app.progress.model import Evidence
from ilacs_app.worklist.calendar_commands import make_calendar_address
from ilacs_app.worklist.saved_commands import save_filter
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import HTMX, fact, plan_file, set_fact, token, version_of

ROLES = (*CHARACTERS, None)  # None: signed out

# Roles in the order of CHARACTERS, then signed out:
#   lead of 5 | lead of 6 | contributor to 5.3 | verifier | board member, chair, secretary of the MASH Board |
#   programme manager | administrator | viewer | inspector | partner on the MASH Board | nobody | signed out
#
# {mash} is action 5.3 (MASH Board), {other} is 6.2 (MSCB), {claimed} is 6.1 (claimed in the file, MSCB).
MATRIX: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("GET", "/"): [("/", "200 200 200 200 200 200 200 200 200 200 200 200 302 302")],
    ("GET", "/healthz"): [("/healthz", "200 200 200 200 200 200 200 200 200 200 200 200 200 200")],
    ("GET", "/favicon.ico"): [("/favicon.ico", "204 204 204 204 204 204 204 204 204 204 204 204 204 204")],
    ("GET", "/accessibility"): [("/accessibility", "200 200 200 200 200 200 200 200 200 200 200 200 200 200")],
    ("GET", "/privacy"): [("/privacy", "200 200 200 200 200 200 200 200 200 200 200 200 200 200")],
    ("GET", "/account"): [("/account", "200 200 200 200 200 200 200 200 200 200 200 200 200 302")],
    ("GET", "/sign-in"): [("/sign-in", "302 302 302 302 302 302 302 302 302 302 302 302 302 200")],
    ("POST", "/sign-in"): [("/sign-in", "422 422 422 422 422 422 422 422 422 422 422 422 422 422")],
    ("POST", "/sign-out"): [("/sign-out", "303 303 303 303 303 303 303 303 303 303 303 303 303 401")],
    ("GET", "/calendar"): [("/calendar", "200 200 200 200 200 200 200 200 200 200 200 200 404 302")],
    ("POST", "/calendar"): [("/calendar", "200 200 200 200 200 200 200 200 200 200 200 200 404 401")],
    ("POST", "/calendar/<item:feed_id>/stop"): [
        ("/calendar/{feed}/stop", "404 404 404 404 404 404 404 303 404 404 404 404 404 401"),
    ],
    ("GET", "/calendar/<token>.ics"): [
        ("/calendar/no-such-token.ics", "404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    ],
    ("GET", "/stand-ins"): [("/stand-ins", "200 200 200 200 200 200 200 200 200 200 200 200 404 302")],
    ("POST", "/stand-ins"): [("/stand-ins", "422 422 422 422 422 422 422 422 422 422 422 422 404 401")],
    ("POST", "/stand-ins/<item:stand_in_id>/end"): [
        ("/stand-ins/{stand_in}/end", "404 303 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("GET", "/settings/boards"): [("/settings/boards", "403 403 403 403 403 403 403 200 200 403 403 403 404 302")],
    ("GET", "/settings/boards/new"): [
        ("/settings/boards/new", "403 403 403 403 403 403 403 200 403 403 403 403 404 302")
    ],
    ("POST", "/settings/boards/new"): [
        ("/settings/boards/new", "403 403 403 403 403 403 403 422 403 403 403 403 404 401")
    ],
    ("GET", "/settings/boards/<item:board_id>"): [
        ("/settings/boards/1", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/settings/boards/999999", "403 403 403 403 403 403 403 404 403 403 403 403 404 302"),
    ],
    ("POST", "/settings/boards/<item:board_id>"): [
        ("/settings/boards/1", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/settings/teams"): [("/settings/teams", "403 403 403 403 403 403 403 200 200 403 403 403 404 302")],
    ("GET", "/settings/teams/new"): [
        ("/settings/teams/new", "403 403 403 403 403 403 403 200 403 403 403 403 404 302")
    ],
    ("POST", "/settings/teams/new"): [
        ("/settings/teams/new", "403 403 403 403 403 403 403 422 403 403 403 403 404 401")
    ],
    ("GET", "/settings/teams/<item:team_id>"): [
        ("/settings/teams/{team}", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/settings/teams/999999", "403 403 403 403 403 403 403 404 403 403 403 403 404 302"),
    ],
    ("POST", "/settings/teams/<item:team_id>"): [
        ("/settings/teams/{team}", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/inspections"): [("/inspections", "200 200 200 200 200 200 200 200 200 200 200 200 404 302")],
    ("GET", "/inspections/new"): [("/inspections/new", "403 403 403 403 403 403 403 200 403 403 403 403 404 302")],
    ("POST", "/inspections/new"): [("/inspections/new", "403 403 403 403 403 403 403 422 403 403 403 403 404 401")],
    ("GET", "/inspections/<item:inspection_id>"): [
        ("/inspections/{inspection}", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/inspections/999999", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/inspections/<item:inspection_id>/edit"): [
        ("/inspections/{inspection}/edit", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/inspections/999999/edit", "403 403 403 403 403 403 403 404 403 403 403 403 404 302"),
    ],
    ("POST", "/inspections/<item:inspection_id>/edit"): [
        ("/inspections/{inspection}/edit", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/plans/new"): [("/plans/new", "403 403 403 403 403 403 403 200 403 403 403 403 404 302")],
    ("POST", "/plans/new"): [("/plans/new", "403 403 403 403 403 403 403 422 403 403 403 403 404 401")],
    ("GET", "/plans/<plan_slug>/edit"): [
        ("/plans/twin/edit", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/plans/no-such-plan/edit", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/plans/<plan_slug>/edit"): [
        ("/plans/twin/edit", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/plans/<plan_slug>/state"): [
        ("/plans/twin/state", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/plans/no-such-plan/state", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/plans/<plan_slug>/state"): [
        ("/plans/twin/state", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/people/hand-over"): [("/people/hand-over", "403 403 403 403 403 403 403 200 403 403 403 403 404 302")],
    ("GET", "/people/<item:person_id>/hand-over"): [
        ("/people/1/hand-over", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/people/999999/hand-over", "403 403 403 403 403 403 403 404 403 403 403 403 404 302"),
    ],
    ("POST", "/people/<item:person_id>/hand-over"): [
        ("/people/1/hand-over", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
        ("/people/999999/hand-over", "403 403 403 403 403 403 403 404 403 403 403 403 404 401"),
    ],
    ("GET", "/plans/<plan_slug>/owners"): [
        ("/plans/twin/owners", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/plans/no-such-plan/owners", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/plans/<plan_slug>/owners"): [
        ("/plans/twin/owners", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/plans/<plan_slug>/boards"): [
        ("/plans/twin/boards", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/plans/no-such-plan/boards", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/plans/<plan_slug>/boards"): [
        ("/plans/twin/boards", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/plans/<plan_slug>/together/<item:event_id>"): [
        ("/plans/twin/together/{together}", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/plans/twin/together/999999", "403 403 403 403 403 403 403 404 403 403 403 403 404 302"),
    ],
    ("POST", "/plans/<plan_slug>/together/<item:event_id>"): [
        ("/plans/twin/together/{together}", "403 403 403 403 403 403 403 409 403 403 403 403 404 401"),
        ("/plans/twin/together/999999", "403 403 403 403 403 403 403 404 403 403 403 403 404 401"),
    ],
    ("GET", "/filters"): [
        ("/filters?keep=/plans/twin%3Fbrag%3Dred", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
    ],
    ("POST", "/filters"): [("/filters", "404 404 404 404 404 404 404 404 404 404 404 404 404 401")],
    ("POST", "/filters/<item:filter_id>/take-away"): [
        ("/filters/{filter}/take-away", "404 404 404 404 404 404 404 303 404 404 404 404 404 401"),
    ],
    ("GET", "/search"): [
        ("/search", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/search?q=team", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
    ],
    ("GET", "/plans"): [("/plans", "302 302 302 302 302 302 302 302 302 302 302 302 404 302")],
    ("GET", "/plans/<plan_slug>"): [
        ("/plans/twin", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/no-such-plan", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/plans/<plan_slug>/check"): [
        ("/plans/twin/check", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/no-such-plan/check", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/plans/<plan_slug>/export"): [
        ("/plans/twin/export", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/no-such-plan/export", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/plans/<plan_slug>/export/file"): [
        ("/plans/twin/export/file?format=csv", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/twin/export/file?format=odt", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
        (
            "/plans/twin/export/file?format=csv&board=lac-strategy-group",
            "200 200 200 200 200 200 200 200 200 200 200 404 404 302",
        ),
    ],
    ("GET", "/plans/<plan_slug>/recommendations/<number>"): [
        ("/plans/twin/recommendations/5", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/twin/recommendations/6", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/plans/twin/recommendations/99", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/plans/<plan_slug>/twins"): [
        ("/plans/twin/twins", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/plans/no-such-plan/twins", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/plans/<plan_slug>/twins/link"): [
        ("/plans/twin/twins/link", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("POST", "/plans/<plan_slug>/twins/part"): [
        ("/plans/twin/twins/part", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/plans/<plan_slug>/recommendations/new"): [
        ("/plans/twin/recommendations/new", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/plans/no-such-plan/recommendations/new", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/plans/<plan_slug>/recommendations/new"): [
        ("/plans/twin/recommendations/new", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/plans/<plan_slug>/recommendations/<number>/edit"): [
        ("/plans/twin/recommendations/5/edit", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/plans/twin/recommendations/99/edit", "403 403 403 403 403 403 403 404 403 403 403 403 404 302"),
    ],
    ("POST", "/plans/<plan_slug>/recommendations/<number>/edit"): [
        ("/plans/twin/recommendations/5/edit", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("POST", "/plans/<plan_slug>/recommendations/<number>/undo"): [
        ("/plans/twin/recommendations/5/undo", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("POST", "/plans/<plan_slug>/recommendations/<number>/move"): [
        ("/plans/twin/recommendations/5/move", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("POST", "/plans/<plan_slug>/recommendations/<number>/withdraw"): [
        ("/plans/twin/recommendations/5/withdraw", "403 403 403 403 403 403 403 409 403 403 403 403 404 401"),
    ],
    ("POST", "/plans/<plan_slug>/recommendations/<number>/return"): [
        ("/plans/twin/recommendations/5/return", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/plans/<plan_slug>/recommendations/<number>/actions/new"): [
        ("/plans/twin/recommendations/5/actions/new", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
    ],
    ("POST", "/plans/<plan_slug>/recommendations/<number>/actions/new"): [
        ("/plans/twin/recommendations/5/actions/new", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/actions/<item:action_id>/edit"): [
        ("/actions/{mash}/edit", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/actions/{other}/edit", "403 403 403 403 403 403 403 200 403 403 403 404 404 302"),
        ("/actions/999999/edit", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/actions/<item:action_id>/edit"): [
        ("/actions/{mash}/edit", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
        ("/actions/{other}/edit", "403 403 403 403 403 403 403 422 403 403 403 404 404 401"),
    ],
    ("POST", "/actions/<item:action_id>/undo"): [
        ("/actions/{mash}/undo", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
        ("/actions/{other}/undo", "403 403 403 403 403 403 403 422 403 403 403 404 404 401"),
    ],
    ("POST", "/actions/<item:action_id>/place"): [
        ("/actions/{mash}/place", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("POST", "/actions/<item:action_id>/first-date"): [
        ("/actions/{mash}/first-date", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("POST", "/actions/<item:action_id>/reading"): [
        ("/actions/{mash}/reading", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/actions/<item:action_id>"): [
        ("/actions/{mash}", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/actions/{other}", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/actions/999999", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/actions/<item:action_id>/row"): [
        ("/actions/{mash}/row", "302 302 302 302 302 302 302 302 302 302 302 302 404 302"),
        ("/actions/{mash}/row?open=1", "302 403 302 403 403 302 302 302 403 403 403 403 404 302"),
        ("/actions/{other}/row", "302 302 302 302 302 302 302 302 302 302 302 404 404 302"),
        ("/actions/{other}/row?open=1", "403 302 403 403 403 403 403 302 403 403 403 404 404 302"),
        ("/actions/{claimed}/row?open=1", "403 302 403 302 403 403 403 302 403 403 403 404 404 302"),
    ],
    ("POST", "/actions/<item:action_id>/notes"): [
        ("/actions/{mash}/notes", "303 403 303 403 403 403 403 303 403 403 403 403 404 401"),
        ("/actions/{other}/notes", "403 303 403 403 403 403 403 303 403 403 403 404 404 401"),
        ("/actions/999999/notes", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("POST", "/actions/<item:action_id>/evidence"): [
        ("/actions/{mash}/evidence", "303 403 303 403 403 403 403 303 403 403 403 403 404 401"),
        ("/actions/{other}/evidence", "403 303 403 403 403 403 403 303 403 403 403 404 404 401"),
        ("/actions/999999/evidence", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("POST", "/actions/<item:action_id>/answer"): [
        ("/actions/{mash}/answer", "303 403 303 403 403 403 403 303 403 403 403 403 404 401"),
        ("/actions/{other}/answer", "403 303 403 403 403 403 403 303 403 403 403 404 404 401"),
        ("/actions/999999/answer", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("POST", "/actions/<item:action_id>/date-requests"): [
        ("/actions/{mash}/date-requests", "422 403 422 403 403 403 403 422 403 403 403 403 404 401"),
        ("/actions/{other}/date-requests", "403 422 403 403 403 403 403 422 403 403 403 404 404 401"),
        ("/actions/999999/date-requests", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("GET", "/actions/<item:action_id>/date-requests/reading"): [
        ("/actions/{mash}/date-requests/reading", "302 302 302 302 302 302 302 302 302 302 302 302 404 302"),
        ("/actions/{other}/date-requests/reading", "302 302 302 302 302 302 302 302 302 302 302 404 404 302"),
    ],
    ("GET", "/date-requests"): [("/date-requests", "403 403 403 403 403 403 403 200 403 403 403 403 404 302")],
    # Asked for on {mash} by somebody who is none of the roles; nothing is chosen.
    ("POST", "/date-requests/<item:request_id>/decide"): [
        ("/date-requests/{request}/decide", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
        ("/date-requests/999999/decide", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("POST", "/date-requests/<item:request_id>/take-back"): [
        ("/date-requests/{request}/take-back", "403 403 403 403 403 403 403 403 403 403 403 403 404 401"),
    ],
    ("POST", "/actions/<item:action_id>/stages"): [
        ("/actions/{mash}/stages", "422 403 422 403 403 403 403 422 403 403 403 403 404 401"),
        ("/actions/{other}/stages", "403 422 403 403 403 403 403 422 403 403 403 404 404 401"),
    ],
    ("POST", "/drafts"): [
        ("/drafts?of=/actions/{mash}/answer", "200 403 200 403 403 200 200 200 403 403 403 403 404 401"),
        ("/drafts?of=/actions/{other}/answer", "403 200 403 403 403 403 403 200 403 403 403 404 404 401"),
        ("/drafts?of=/actions/{mash}/edit", "403 403 403 403 403 403 403 200 403 403 403 403 404 401"),
        ("/drafts?of=/plans/twin/recommendations/5/edit", "403 403 403 403 403 403 403 200 403 403 403 403 404 401"),
        ("/drafts?of=/notes/999999/correct", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
        ("/drafts?of=/sign-out", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    # An empty reply, by those who may give one.
    ("POST", "/actions/<item:action_id>/help"): [
        ("/actions/{mash}/help", "422 403 403 403 403 422 422 422 403 403 403 403 404 401"),
        ("/actions/{other}/help", "403 422 403 403 403 403 403 422 403 403 403 404 404 401"),
        ("/actions/999999/help", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("POST", "/actions/<item:action_id>/rating"): [
        ("/actions/{mash}/rating", "403 403 403 403 403 422 422 422 403 403 403 403 404 401"),
        ("/actions/{other}/rating", "403 403 403 403 403 403 403 422 403 403 403 404 404 401"),
    ],
    # A note by somebody who may move the status and not write is refused like any other.
    # An ordinary move; the chair and the secretary of the lead board may pause and withdraw, and not this. Of a
    # claim, a verification: the lead and the manager may write there and are told why this is not theirs.
    ("POST", "/actions/<item:action_id>/status"): [
        ("/actions/{mash}/status", "303 403 303 403 403 422 422 303 403 403 403 403 404 401"),
        ("/actions/{other}/status", "403 303 403 403 403 403 403 303 403 403 403 404 404 401"),
        ("/actions/{claimed}/status", "403 422 403 303 403 403 403 422 403 403 403 404 404 401"),
        ("/actions/999999/status", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("GET", "/evidence/<item:evidence_id>"): [
        ("/evidence/{open_mash}", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/evidence/{open_other}", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/evidence/{restricted_mash}", "200 404 200 200 200 200 200 200 404 404 404 200 404 302"),
        ("/evidence/{restricted_other}", "404 200 404 200 404 404 404 200 404 404 404 404 404 302"),
        ("/evidence/{link}", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
        ("/evidence/999999", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/actions/<item:action_id>/evidence/new"): [
        ("/actions/{mash}/evidence/new", "200 403 200 403 403 403 403 200 403 403 403 403 404 302"),
        ("/actions/{other}/evidence/new", "403 200 403 403 403 403 403 200 403 403 403 404 404 302"),
        ("/actions/999999/evidence/new", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/actions/<item:action_id>/evidence/new"): [
        ("/actions/{mash}/evidence/new", "303 403 303 403 403 403 403 303 403 403 403 403 404 401"),
        ("/actions/{other}/evidence/new", "403 303 403 403 403 403 403 303 403 403 403 404 404 401"),
        ("/actions/999999/evidence/new", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("GET", "/evidence/<item:evidence_id>/withdraw"): [
        ("/evidence/{open_mash}/withdraw", "200 403 200 403 403 403 403 200 403 403 403 403 404 302"),
        ("/evidence/{restricted_mash}/withdraw", "200 404 200 403 403 403 403 200 404 404 404 403 404 302"),
        ("/evidence/{restricted_other}/withdraw", "404 200 404 403 404 404 404 200 404 404 404 404 404 302"),
        ("/evidence/999999/withdraw", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    # The first who may withdraws it; after that it is withdrawn already.
    ("POST", "/evidence/<item:evidence_id>/withdraw"): [
        ("/evidence/{open_mash}/withdraw", "303 403 409 403 403 403 403 409 403 403 403 403 404 401"),
        ("/evidence/{restricted_other}/withdraw", "404 303 404 403 404 404 404 409 404 404 404 404 404 401"),
        ("/evidence/999999/withdraw", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    # {note} was written by the lead of 5, on 5.3.
    ("GET", "/notes/<item:note_id>/correct"): [
        ("/notes/{note}/correct", "200 403 403 403 403 403 403 403 403 403 403 403 404 302"),
        ("/notes/{note_other}/correct", "403 200 403 403 403 403 403 403 403 403 403 404 404 302"),
        ("/notes/999999/correct", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/notes/<item:note_id>/correct"): [
        ("/notes/{note}/correct", "303 403 403 403 403 403 403 403 403 403 403 403 404 401"),
        ("/notes/{note_other}/correct", "403 303 403 403 403 403 403 403 403 403 403 404 404 401"),
        ("/notes/999999/correct", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("GET", "/plans/<plan_slug>/recommendations/<number>/evidence"): [
        ("/plans/twin/recommendations/5/evidence", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/twin/recommendations/6/evidence", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/plans/twin/recommendations/99/evidence", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/plans/<plan_slug>/recommendations/<number>/evidence"): [
        ("/plans/twin/recommendations/5/evidence", "200 200 200 200 200 200 200 200 200 200 200 200 404 401"),
        ("/plans/twin/recommendations/6/evidence", "200 200 200 200 200 200 200 200 200 200 200 404 404 401"),
        ("/plans/twin/recommendations/99/evidence", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("GET", "/import"): [("/import", "403 403 403 403 403 403 403 200 403 403 403 403 404 302")],
    ("POST", "/import"): [("/import", "403 403 403 403 403 403 403 422 403 403 403 403 404 401")],
    ("GET", "/import/<item:import_id>"): [
        ("/import/{import}", "404 404 404 404 404 404 404 200 404 404 404 404 404 302"),
        ("/import/999999", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/import/<item:import_id>/file"): [
        ("/import/{import}/file", "404 404 404 404 404 404 404 200 404 404 404 404 404 302"),
    ],
    ("POST", "/import/<item:import_id>/choices"): [
        ("/import/{import}/choices", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
    ],
    ("POST", "/import/<item:import_id>/rows/<int:place>"): [
        ("/import/{import}/rows/0", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
        ("/import/{import}/rows/999", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("POST", "/import/<item:import_id>/confirm"): [
        ("/import/{import}/confirm", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
    ],
    # It goes into a new plan, so there is nothing to choose: the manager is sent to its check.
    ("POST", "/import/<item:import_id>/merge"): [
        ("/import/{import}/merge", "404 404 404 404 404 404 404 303 404 404 404 404 404 401"),
    ],
    ("POST", "/import/<item:import_id>/put-away"): [
        ("/import/{import}/put-away", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
    ],
    ("POST", "/import/<item:import_id>/read"): [
        ("/import/{import}/read", "404 404 404 404 404 404 404 303 404 404 404 404 404 401"),
    ],
    ("GET", "/governance"): [("/governance", "200 200 200 200 200 200 200 200 200 200 200 200 404 302")],
    ("GET", "/boards/<board_slug>/meetings"): [
        ("/boards/mash-board/meetings", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/lac-strategy-group/meetings", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/boards/no-such-board/meetings", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/boards/<board_slug>/meetings"): [
        ("/boards/mash-board/meetings", "403 403 403 403 403 422 422 403 422 403 403 403 404 401"),
        ("/boards/lac-strategy-group/meetings", "403 403 403 403 403 403 403 403 422 403 403 404 404 401"),
    ],
    ("POST", "/boards/<board_slug>/meetings/<item:meeting_id>/change"): [
        ("/boards/mash-board/meetings/{meeting}/change", "403 403 403 403 403 422 422 403 422 403 403 403 404 401"),
        (
            "/boards/lac-strategy-group/meetings/{meeting}/change",
            "403 403 403 403 403 403 403 403 404 403 403 404 404 401",
        ),
    ],
    ("POST", "/boards/<board_slug>/meetings/<item:meeting_id>/cancel"): [
        ("/boards/mash-board/meetings/{meeting}/cancel", "403 403 403 403 403 422 422 403 422 403 403 403 404 401"),
    ],
    ("GET", "/boards/<board_slug>"): [
        ("/boards/mash-board", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/lac-strategy-group", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/boards/no-such-board", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
}


@pytest.fixture
def named(world) -> dict[str, int]:
    """What the addresses of the matrix name. The evidence was added by somebody who is none of the roles."""
    actions = {"mash": world.actions["5.3"], "other": world.actions["6.2"], "claimed": world.actions["6.1"]}
    store = world.app.extensions["evidence"]
    pieces = {}
    with transaction():
        for name in ("mash", "other"):
            for sensitivity in ("open", "restricted"):
                kept = FileKept(store.put(io.BytesIO(b"a,b\r\n1,2\r\n")), "sample.csv", "text/csv")
                text = EvidenceText("A sample", "audit", sensitivity)
                pieces[f"{sensitivity}_{name}"] = attach_evidence(world.author("lead"), actions[name], text, kept)
        link = EvidenceText("A link", "audit", "open", "https://intranet.example/")
        pieces["link"] = attach_evidence(world.author("lead"), actions["mash"], link)
        gone = add_person(BY, "gone@tests.example", "Somebody Gone", "a password of tests")
        db.session.execute(update(Evidence).values(person_id=gone))
        note = log_progress(world.author("lead"), actions["mash"], NoteText("Half the teams."))
        note_other = log_progress(world.author("other_lead"), actions["other"], NoteText("Half the teams."))
        make_calendar_address(world.author("programme_manager"))
        saved = save_filter(world.author("programme_manager"), "Red", "/plans/twin?brag=red")
        meeting = set_meeting(BY, board_named(BY, "MASH Board"), TODAY)
        wish = DateWish("End June 2018", "vacancy", "Nothing changes.")
        request = ask_new_date(Author(gone, "Somebody Gone"), actions["mash"], wish)
        team = make_team(BY, "A team", [])
        inspection = enter_inspection(BY, "Northmoor", "ILACS")
        imported = plan_file(world.app)
        change_owners(BY, [Chosen("owner", world.actions["12.5"], 1)], "Quality Lead")
        together = changed_lately([world.plan_id])[0].line.id
        stand_in = let_stand_in(BY, gone, world.people["other_lead"], TODAY, None, "Leave")
    return {
        **actions,
        **pieces,
        "note": note,
        "note_other": note_other,
        "feed": 1,
        "filter": saved,
        "meeting": meeting,
        "request": request,
        "team": team,
        "stand_in": stand_in,
        "inspection": inspection,
        "import": imported,
        "together": together,
    }


def test_every_address_stands_in_the_matrix(app):
    served = {
        (verb, rule.rule) for rule in app.url_map.iter_rules() for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == set(MATRIX)
    assert all(len(codes.split()) == len(ROLES) for cells in MATRIX.values() for _, codes in cells)


def _asked(client, verb: str, path: str, role: str | None, named: dict[str, int]) -> int:
    address = path.format_map(named)
    if verb == "GET":
        return client.get(address).status_code
    data: dict[str, Any] = {"email": "x@tests.example", "password": "wrong", "did": "Done.", "view": "work"}
    if role is not None:
        data["csrf_token"] = token(client)
    elif path == "/sign-in":
        data["csrf_token"] = _sign_in_token(client)
    if path.endswith("/withdraw"):
        data["reason"] = "Added to the wrong action."
    if path.endswith(("/evidence", "/evidence/new")):
        data |= {"url": "https://intranet.example/", "shows": "x", "kind": "audit", "sensitivity": "open"}
        del data["did"]
    if path.endswith("/status"):
        del data["did"]
        if "999999" not in path:
            data |= _next_move(int(address.split("/")[2]), claimed="claimed" in path)
    return client.post(address, data=data).status_code


def _sign_in_token(client) -> str:
    text = client.get("/sign-in").text
    return text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def _next_move(action_id: int, *, claimed: bool) -> dict[str, Any]:
    if claimed:
        return {"status": "verified", "reason": "Twenty records held.", "version": version_of(action_id)}
    to = "partly_complete" if fact(action_id, "status") == "in_progress" else "in_progress"
    return {"status": to, "version": version_of(action_id)}


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_each_role_gets_what_the_matrix_says(world, named, verb):
    wrong = []
    for (its, _), cells in MATRIX.items():
        for path, codes in cells if its == verb else ():
            for role, expected in zip(ROLES, codes.split(), strict=True):
                client = world.client(role)
                if path == "/actions/{claimed}/status":
                    set_fact(named["claimed"], status="completed")
                if path == "/sign-out" and role:
                    client = world.fresh_client(role)
                try:
                    found = _asked(client, verb, path, role, named)
                except AssertionError as fault:
                    found = str(fault)
                if found != int(expected):
                    wrong.append(f"{verb} {path} by {role or 'signed out'}: {found} and not {expected}")
    assert not wrong, "\n".join(wrong)


def test_a_stranger_is_sent_to_sign_in_and_htmx_is_told_so(world, named):
    client = world.client(None)
    for (verb, _), cells in MATRIX.items():
        for path, codes in cells if verb == "GET" else ():
            if codes.split()[-1] != "302":
                continue
            address = path.format_map(named)
            plain = client.get(address)
            assert plain.headers["Location"].startswith("/sign-in?next="), address
            asked = client.get(address, headers={**HTMX, "HX-Current-URL": "http://localhost/plans?q=a"})
            assert (asked.status_code, asked.text) == (401, "")
            assert asked.headers["HX-Redirect"] == "/sign-in?next=/plans?q%3Da"


@pytest.mark.parametrize("role", ["lead", "chair", "inspector", "partner", "nobody"])
def test_no_page_links_to_what_its_reader_may_not_open(world, role):
    """Every kind of page that a role can come to by links; of a partner, whose reach is narrow, many of each kind."""
    client = world.client(role)
    addresses = world.app.url_map.bind("localhost")
    most = 12 if role == "partner" else 3
    seen: Counter[str] = Counter()
    asked: set[str] = set()
    wrong = []
    ahead = ["/account"] if role == "nobody" else ["/"]
    while ahead:
        address = ahead.pop()
        kind = addresses.match(address.partition("?")[0])[0] + ("?" if "?" in address else "")
        if address in asked or seen[kind] == most:
            continue
        asked.add(address)
        seen[kind] += 1
        answer = client.get(address, follow_redirects=True)
        if answer.status_code != 200:
            wrong.append(f"{address} answers {answer.status_code}")
            continue
        hrefs = (link.attrs["href"].partition("#")[0] for link in read(answer.text).all("a"))
        ahead = [href for href in hrefs if href.startswith("/")] + ahead
    assert not wrong, "\n".join(wrong)
    assert len(seen) > (1 if role == "nobody" else 7)


def test_an_unmarked_view_stops_the_start(app):
    _refuse_unmarked(app)
    app.view_functions["plan.secret"] = lambda: "all of it"
    with pytest.raises(RuntimeError, match=r"plan\.secret"):
        _refuse_unmarked(app)


def test_every_view_that_takes_a_form_says_that_it_writes(app):
    for rule in app.url_map.iter_rules():
        mark = app.view_functions[rule.endpoint].mark
        assert mark.writes == bool((rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}), rule.rule


def test_a_view_that_did_not_say_that_it_writes_cannot(app):
    with app.test_request_context("/"):
        g.writes = False
        with pytest.raises(RuntimeError, match="did not declare"), transaction():
            pass
