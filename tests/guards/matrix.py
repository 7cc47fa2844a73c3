"""What each character gets at each address: written by hand, and read by the guards that make the requests."""

from __future__ import annotations

from tests.conftest import CHARACTERS

ROLES = (*CHARACTERS, None)  # None: signed out

# Roles in the order of CHARACTERS, then signed out:
#   lead of 5 | lead of 6 | contributor to 5.3 | verifier | board member, chair, secretary of the MASH Board |
#   programme manager | administrator | viewer | inspector | partner on the MASH Board | no one | signed out
#
# {mash} is action 5.3 (MASH Board), {other} is 6.2 (MSCB), {claimed} is 6.1 (claimed in the file, MSCB).
MATRIX: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("GET", "/"): [("/", "200 200 200 200 200 200 200 200 200 302 302 200 302 302")],
    ("GET", "/healthz"): [("/healthz", "200 200 200 200 200 200 200 200 200 200 200 200 200 200")],
    ("GET", "/favicon.ico"): [("/favicon.ico", "204 204 204 204 204 204 204 204 204 204 204 204 204 204")],
    ("GET", "/accessibility"): [("/accessibility", "200 200 200 200 200 200 200 200 200 200 200 200 200 200")],
    ("GET", "/privacy"): [("/privacy", "200 200 200 200 200 200 200 200 200 200 200 200 200 200")],
    ("GET", "/help"): [("/help", "200 200 200 200 200 200 200 200 200 200 200 200 200 302")],
    ("GET", "/account"): [("/account", "200 200 200 200 200 200 200 200 200 200 200 200 200 302")],
    ("GET", "/sign-in"): [("/sign-in", "302 302 302 302 302 302 302 302 302 302 302 302 302 200")],
    ("POST", "/sign-in"): [("/sign-in", "422 422 422 422 422 422 422 422 422 422 422 422 422 422")],
    ("POST", "/sign-out"): [("/sign-out", "303 303 303 303 303 303 303 303 303 303 303 303 303 401")],
    ("GET", "/history"): [
        ("/history", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/history?since=Spring", "422 422 422 422 422 422 422 422 422 422 422 422 404 302"),
        ("/history?plan=no-such-plan", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
        ("/history?action={other}", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
    ],
    ("GET", "/people/<item:person_id>/history"): [
        ("/people/1/history", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/people/999999/history", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/history/file"): [
        ("/history/file", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/history/file?action={other}", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
    ],
    ("GET", "/plans/<plan_slug>/history"): [
        ("/plans/twin/history", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/no-such-plan/history", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/boards/<board_slug>/history"): [
        ("/boards/mash-board/history", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/no-such-board/history", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
        ("/boards/lac-strategy-group/history", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
    ],
    ("GET", "/calendar"): [("/calendar", "200 200 200 200 200 200 200 200 200 200 200 200 404 302")],
    ("POST", "/calendar"): [("/calendar", "200 200 200 200 200 200 200 200 200 200 200 200 404 401")],
    ("POST", "/calendar/<item:feed_id>/stop"): [
        ("/calendar/{feed}/stop", "404 404 404 404 404 404 404 303 404 404 404 404 404 401"),
    ],
    ("GET", "/calendar/<token>.ics"): [
        ("/calendar/no-such-token.ics", "404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    ],
    ("GET", "/stand-ins"): [("/stand-ins", "200 200 200 200 200 200 200 200 200 200 403 200 404 302")],
    ("POST", "/stand-ins"): [("/stand-ins", "422 422 422 422 422 422 422 422 422 422 403 422 404 401")],
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
        ("/inspections/{inspection}", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
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
    ("GET", "/names"): [
        ("/names?plan=twin&typed=mash", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/names?plan=no-such-plan&typed=mash", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
        ("/names?plan=twin&action={other}", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/names?plan=twin&recommendation=5", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/names?typed=mash", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/names?board=mash-board&typed=mash", "403 403 403 403 200 200 200 403 403 403 403 200 404 302"),
        ("/names?board=lac-strategy-group", "403 403 403 403 403 403 403 403 403 403 403 404 404 302"),
        ("/names?accounts=&typed=mash", "200 200 200 200 200 200 200 200 200 403 403 403 404 302"),
        ("/names?accounts=&plan=twin&typed=mash", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
    ],
    ("GET", "/actions/<item:action_id>/names"): [
        ("/actions/{mash}/names", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/actions/{other}/names", "403 403 403 403 403 403 403 200 403 403 403 404 404 302"),
    ],
    ("POST", "/actions/<item:action_id>/names"): [
        ("/actions/{mash}/names", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
    ],
    ("GET", "/plans/<plan_slug>/recommendations/<number>/names"): [
        ("/plans/twin/recommendations/5/names", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
    ],
    ("POST", "/plans/<plan_slug>/recommendations/<number>/names"): [
        ("/plans/twin/recommendations/5/names", "403 403 403 403 403 403 403 422 403 403 403 403 404 401"),
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
    ("GET", "/plans"): [("/plans", "200 200 200 200 200 200 200 200 200 200 302 302 404 302")],
    ("GET", "/plans/<plan_slug>"): [
        ("/plans/twin", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/no-such-plan", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/plans/<plan_slug>/check"): [
        ("/plans/twin/check", "200 200 200 200 200 200 200 200 200 200 403 200 404 302"),
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
    ("GET", "/plans/<plan_slug>/export/list"): [
        ("/plans/twin/export/list?format=csv&brag=red", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/no-such-plan/export/list", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/boards/<board_slug>/export"): [
        ("/boards/mash-board/export", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/lac-strategy-group/export", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
    ],
    ("GET", "/boards/<board_slug>/export/list"): [
        ("/boards/mash-board/export/list?format=csv", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/lac-strategy-group/export/list", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
    ],
    ("GET", "/plans/<plan_slug>/actions"): [
        ("/plans/twin/actions", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/twin/actions?sort=-due&mine=1", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/plans/twin/actions?due_before=Spring", "422 422 422 422 422 422 422 422 422 422 422 422 404 302"),
        ("/plans/no-such-plan/actions", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/actions"): [("/actions", "200 200 200 200 200 200 200 200 200 200 302 302 404 302")],
    ("GET", "/actions/export/list"): [
        ("/actions/export/list?format=csv", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/actions/export/list?format=docx", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
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
        ("/actions/{mash}?at=2018-03-01", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/actions/{other}?at=2018-03-01", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/actions/{mash}?at=2018-02-01", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
        ("/actions/{mash}?at=Spring", "422 422 422 422 422 422 422 422 422 422 422 422 404 302"),
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
    ("GET", "/date-requests"): [("/date-requests", "403 403 403 403 403 403 403 200 200 403 403 403 404 302")],
    ("GET", "/manage"): [("/manage", "403 403 403 403 403 403 403 200 200 403 403 403 404 302")],
    ("GET", "/manage/silent"): [("/manage/silent", "403 403 403 403 403 403 403 200 200 403 403 403 404 302")],
    ("GET", "/manage/help"): [("/manage/help", "403 403 403 403 403 403 403 200 200 403 403 403 404 302")],
    ("GET", "/manage/names"): [("/manage/names", "403 403 403 403 403 403 403 200 200 403 403 403 404 302")],
    ("GET", "/manage/names/match"): [
        ("/manage/names/match?plan=twin&name=A", "403 403 403 403 403 403 403 200 403 403 403 403 404 302"),
        ("/manage/names/match?plan=no-such-plan", "403 403 403 403 403 403 403 404 404 403 403 403 404 302"),
    ],
    ("POST", "/manage/names/match"): [
        ("/manage/names/match", "403 403 403 403 403 403 403 404 404 403 403 403 404 401"),
    ],
    ("POST", "/manage/names/unmatch"): [
        ("/manage/names/unmatch", "403 403 403 403 403 403 403 404 404 403 403 403 404 401"),
    ],
    ("GET", "/boards/<board_slug>/meetings/series"): [
        ("/boards/mash-board/meetings/series", "403 403 403 403 403 200 200 200 200 403 403 403 404 302"),
        ("/boards/lac-strategy-group/meetings/series", "403 403 403 403 403 403 403 200 200 403 403 404 404 302"),
    ],
    ("POST", "/boards/<board_slug>/meetings/series"): [
        ("/boards/mash-board/meetings/series", "403 403 403 403 403 422 422 422 422 403 403 403 404 401"),
    ],
    ("GET", "/date-requests/<item:request_id>"): [
        ("/date-requests/{request}", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/date-requests/999999", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    # Requested on {mash} by someone who is none of the roles; nothing is chosen.
    ("POST", "/date-requests/<item:request_id>/decide"): [
        ("/date-requests/{request}/decide", "403 403 403 403 403 422 422 422 403 403 403 403 404 401"),
        ("/date-requests/999999/decide", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("POST", "/date-requests/<item:request_id>/take-back"): [
        ("/date-requests/{request}/take-back", "403 403 403 403 403 403 403 403 403 403 403 403 404 401"),
    ],
    ("POST", "/actions/<item:action_id>/completion-month"): [
        ("/actions/{mash}/completion-month", "422 403 422 403 403 403 403 422 403 403 403 403 404 401"),
        ("/actions/{other}/completion-month", "403 422 403 403 403 403 403 422 403 403 403 404 404 401"),
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
    # A note by someone who may move the status and not write is refused like any other.
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
    # {import} goes into a new plan, {into} into the twin plan.
    ("GET", "/import/<item:import_id>"): [
        ("/import/{import}", "404 404 404 404 404 404 404 200 404 404 404 404 404 302"),
        ("/import/{into}", "404 404 404 404 404 404 404 200 404 404 404 404 404 302"),
        ("/import/999999", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/import/<item:import_id>/file"): [
        ("/import/{import}/file", "404 404 404 404 404 404 404 200 404 404 404 404 404 302"),
        ("/import/{into}/file", "404 404 404 404 404 404 404 200 404 404 404 404 404 302"),
    ],
    ("POST", "/import/<item:import_id>/choices"): [
        ("/import/{import}/choices", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
        ("/import/{into}/choices", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
    ],
    ("POST", "/import/<item:import_id>/rows/<int:place>"): [
        ("/import/{import}/rows/0", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
        ("/import/{into}/rows/0", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
        ("/import/{import}/rows/999", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("POST", "/import/<item:import_id>/confirm"): [
        ("/import/{import}/confirm", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
        ("/import/{into}/confirm", "404 404 404 404 404 404 404 303 404 404 404 404 404 401"),
    ],
    # It goes into a new plan, so there is nothing to choose: the manager is sent to its check.
    ("POST", "/import/<item:import_id>/merge"): [
        ("/import/{import}/merge", "404 404 404 404 404 404 404 303 404 404 404 404 404 401"),
        ("/import/{into}/merge", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
    ],
    ("POST", "/import/<item:import_id>/put-away"): [
        ("/import/{import}/put-away", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
        ("/import/{into}/put-away", "404 404 404 404 404 404 404 422 404 404 404 404 404 401"),
    ],
    ("POST", "/import/<item:import_id>/read"): [
        ("/import/{import}/read", "404 404 404 404 404 404 404 303 404 404 404 404 404 401"),
        ("/import/{into}/read", "404 404 404 404 404 404 404 303 404 404 404 404 404 401"),
    ],
    ("GET", "/governance"): [("/governance", "200 200 200 200 200 200 200 200 200 200 200 200 404 302")],
    # {question} is of the MASH Board about {mash}, by the board member; {answered} likewise, answered by the lead of 5;
    # {question_other} is of another board about {other}. An inspector reads none.
    ("GET", "/boards/<board_slug>/challenges"): [
        ("/boards/mash-board/challenges", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/mash-board/challenges?state=open", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/lac-strategy-group/challenges", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
    ],
    ("GET", "/boards/<board_slug>/since/file"): [
        ("/boards/mash-board/since/file?format=csv", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/mash-board/since/file?format=json", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
        ("/boards/lac-strategy-group/since/file", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
    ],
    ("GET", "/boards/<board_slug>/challenges/file"): [
        ("/boards/mash-board/challenges/file?format=csv", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/mash-board/challenges/file?format=pdf", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
        ("/boards/lac-strategy-group/challenges/file", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
    ],
    ("GET", "/boards/<board_slug>/challenges/new"): [
        ("/boards/mash-board/challenges/new", "403 403 403 403 200 200 200 403 403 403 403 200 404 302"),
        ("/boards/mash-board/challenges/new?action={mash}", "403 403 403 403 200 200 200 403 403 403 403 200 404 302"),
        ("/boards/lac-strategy-group/challenges/new", "403 403 403 403 403 403 403 403 403 403 403 404 404 302"),
    ],
    ("POST", "/boards/<board_slug>/challenges"): [
        ("/boards/mash-board/challenges", "403 403 403 403 422 422 422 403 403 403 403 422 404 401"),
        ("/boards/lac-strategy-group/challenges", "403 403 403 403 403 403 403 403 403 403 403 404 404 401"),
    ],
    ("GET", "/challenges"): [
        ("/challenges", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/challenges?state=open", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
    ],
    ("GET", "/challenges/<item:challenge_id>"): [
        ("/challenges/{question}", "200 200 200 200 200 200 200 200 200 200 404 200 404 302"),
        ("/challenges/{question_other}", "200 200 200 200 200 200 200 200 200 200 404 404 404 302"),
        ("/challenges/999999", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/challenges/<item:challenge_id>/answers"): [
        ("/challenges/{question}/answers", "422 403 422 403 403 403 403 422 403 403 404 403 404 401"),
        ("/challenges/{question_other}/answers", "403 422 403 403 403 403 403 422 403 403 404 404 404 401"),
        ("/challenges/999999/answers", "404 404 404 404 404 404 404 404 404 404 404 404 404 401"),
    ],
    ("POST", "/challenges/<item:challenge_id>/verdict"): [
        ("/challenges/{answered}/verdict", "403 403 403 403 422 422 403 403 403 403 404 403 404 401"),
        ("/challenges/{question_other}/verdict", "403 403 403 403 403 403 403 403 403 403 404 404 404 401"),
    ],
    ("POST", "/challenges/<item:challenge_id>/withdraw"): [
        ("/challenges/{answered}/withdraw", "403 403 403 403 303 403 403 403 403 403 404 403 404 401"),
        ("/challenges/{question_other}/withdraw", "403 403 403 403 403 403 403 403 403 403 404 404 404 401"),
    ],
    ("GET", "/boards/<board_slug>/meetings"): [
        ("/boards/mash-board/meetings", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/lac-strategy-group/meetings", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/boards/no-such-board/meetings", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/boards/<board_slug>/meetings"): [
        ("/boards/mash-board/meetings", "403 403 403 403 403 422 422 422 422 403 403 403 404 401"),
        ("/boards/lac-strategy-group/meetings", "403 403 403 403 403 403 403 422 422 403 403 404 404 401"),
    ],
    ("POST", "/boards/<board_slug>/meetings/<item:meeting_id>/change"): [
        ("/boards/mash-board/meetings/{meeting}/change", "403 403 403 403 403 422 422 422 422 403 403 403 404 401"),
        (
            "/boards/lac-strategy-group/meetings/{meeting}/change",
            "403 403 403 403 403 403 403 404 404 403 403 404 404 401",
        ),
    ],
    ("POST", "/boards/<board_slug>/meetings/<item:meeting_id>/cancel"): [
        ("/boards/mash-board/meetings/{meeting}/cancel", "403 403 403 403 403 422 422 422 422 403 403 403 404 401"),
    ],
    ("GET", "/boards/<board_slug>/meetings/<day:on_day>"): [
        ("/boards/mash-board/meetings/{day}", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/lac-strategy-group/meetings/{day}", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
        ("/boards/mash-board/meetings/2018-02-30", "404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    ],
    ("POST", "/boards/<board_slug>/meetings/<item:meeting_id>/attendance"): [
        ("/boards/mash-board/meetings/{meeting}/attendance", "403 403 403 403 403 303 303 403 403 403 403 403 404 401"),
        (
            "/boards/lac-strategy-group/meetings/{meeting}/attendance",
            "403 403 403 403 403 403 403 403 403 403 403 404 404 401",
        ),
    ],
    ("POST", "/boards/<board_slug>/meetings/<item:meeting_id>/agenda"): [
        ("/boards/mash-board/meetings/{meeting}/agenda", "403 403 403 403 403 422 422 403 403 403 403 403 404 401"),
        (
            "/boards/lac-strategy-group/meetings/{meeting}/agenda",
            "403 403 403 403 403 403 403 403 403 403 403 404 404 401",
        ),
    ],
    ("POST", "/boards/<board_slug>/meetings/<item:meeting_id>/deep-dives"): [
        ("/boards/mash-board/meetings/{meeting}/deep-dives", "403 403 403 403 403 422 422 403 403 403 403 403 404 401"),
        (
            "/boards/lac-strategy-group/meetings/{meeting}/deep-dives",
            "403 403 403 403 403 403 403 403 403 403 403 404 404 401",
        ),
    ],
    ("GET", "/boards/<board_slug>/meetings/<day:on_day>/pack"): [
        ("/boards/mash-board/meetings/{day}/pack", "200 200 200 200 200 200 200 200 200 200 403 200 404 302"),
        ("/boards/lac-strategy-group/meetings/{day}/pack", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/boards/<board_slug>/meetings/<day:on_day>/pack/<item:number>"): [
        ("/boards/mash-board/meetings/{day}/pack/1", "200 200 200 200 200 200 200 200 200 200 403 200 404 302"),
        ("/boards/mash-board/meetings/{day}/pack/2", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
        ("/boards/lac-strategy-group/meetings/{day}/pack/1", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/boards/<board_slug>/meetings/<day:on_day>/pack/<item:number>/file"): [
        (
            "/boards/mash-board/meetings/{day}/pack/1/file?format=docx",
            "200 200 200 200 200 200 200 200 200 200 403 200 404 302",
        ),
        (
            "/boards/mash-board/meetings/{day}/pack/1/file?format=json",
            "404 404 404 404 404 404 404 404 404 404 403 404 404 302",
        ),
    ],
    ("GET", "/boards/<board_slug>/meetings/<day:on_day>/pack/<item:number>/changes"): [
        ("/boards/mash-board/meetings/{day}/pack/1/changes", "200 200 200 200 200 200 200 200 200 200 403 200 404 302"),
        ("/boards/mash-board/meetings/{day}/pack/2/changes", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/boards/<board_slug>/meetings/<day:on_day>/pack/preview"): [
        ("/boards/mash-board/meetings/{day}/pack/preview", "403 403 403 403 403 200 200 403 403 403 403 403 404 302"),
    ],
    ("POST", "/boards/<board_slug>/meetings/<day:on_day>/pack"): [
        ("/boards/mash-board/meetings/{day}/pack", "403 403 403 403 403 422 422 403 403 403 403 403 404 401"),
        ("/boards/lac-strategy-group/meetings/{day}/pack", "403 403 403 403 403 403 403 403 403 403 403 404 404 401"),
    ],
    ("POST", "/boards/<board_slug>/meetings/<item:meeting_id>/begin"): [
        ("/boards/mash-board/meetings/{meeting}/begin", "403 403 403 403 403 303 303 403 403 403 403 403 404 401"),
        (
            "/boards/lac-strategy-group/meetings/{meeting}/begin",
            "403 403 403 403 403 403 403 403 403 403 403 404 404 401",
        ),
    ],
    ("GET", "/boards/<board_slug>/meetings/<day:on_day>/items/<key>"): [
        (
            "/boards/mash-board/meetings/{day}/items/date-{request}",
            "200 200 200 200 200 200 200 200 200 200 200 200 404 302",
        ),
        (
            "/boards/mash-board/meetings/{day}/items/question-{question}",
            "200 200 200 200 200 200 200 200 200 200 404 200 404 302",
        ),
        ("/boards/mash-board/meetings/{day}/items/date-9", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/boards/<board_slug>/meetings/<item:meeting_id>/items/<key>/decisions"): [
        (
            "/boards/mash-board/meetings/{meeting}/items/date-{request}/decisions",
            "403 403 403 403 403 422 422 403 403 403 403 403 404 401",
        ),
        (
            "/boards/lac-strategy-group/meetings/{meeting}/items/date-{request}/decisions",
            "403 403 403 403 403 403 403 403 403 403 403 404 404 401",
        ),
    ],
    ("POST", "/boards/<board_slug>/meetings/<item:meeting_id>/items/<key>/arising"): [
        (
            "/boards/mash-board/meetings/{meeting}/items/date-{request}/arising",
            "403 403 403 403 403 422 422 403 403 403 403 403 404 401",
        ),
        (
            "/boards/lac-strategy-group/meetings/{meeting}/items/date-{request}/arising",
            "403 403 403 403 403 403 403 403 403 403 403 404 404 401",
        ),
    ],
    ("GET", "/boards/<board_slug>/meetings/<day:on_day>/minutes"): [
        ("/boards/mash-board/meetings/{day}/minutes", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        (
            "/boards/mash-board/meetings/{day}/minutes?version=9",
            "404 404 404 404 404 404 404 404 404 404 404 404 404 302",
        ),
        (
            "/boards/lac-strategy-group/meetings/{day}/minutes",
            "404 404 404 404 404 404 404 404 404 404 404 404 404 302",
        ),
    ],
    ("GET", "/boards/<board_slug>/meetings/<day:on_day>/minutes/<item:number>/file"): [
        ("/boards/mash-board/meetings/{day}/minutes/1/file", "200 200 200 200 200 200 200 200 200 200 404 200 404 302"),
        ("/boards/mash-board/meetings/{day}/minutes/2/file", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("POST", "/boards/<board_slug>/meetings/<item:meeting_id>/minutes"): [
        ("/boards/mash-board/meetings/{meeting}/minutes", "403 403 403 403 403 422 422 403 403 403 403 403 404 401"),
        (
            "/boards/lac-strategy-group/meetings/{meeting}/minutes",
            "403 403 403 403 403 403 403 403 403 403 403 404 404 401",
        ),
    ],
    ("GET", "/boards/<board_slug>/since"): [
        ("/boards/mash-board/since", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/lac-strategy-group/since", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/boards/no-such-board/since", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
    ("GET", "/boards/<board_slug>"): [
        ("/boards/mash-board", "200 200 200 200 200 200 200 200 200 200 200 200 404 302"),
        ("/boards/lac-strategy-group", "200 200 200 200 200 200 200 200 200 200 200 404 404 302"),
        ("/boards/no-such-board", "404 404 404 404 404 404 404 404 404 404 404 404 404 302"),
    ],
}

MORE = {
    "manager_here": "Manager of the Twin",  # programme manager of the twin plan alone
    "manager_elsewhere": "Manager of Alpha",  # programme manager of another live plan alone
    "manager_owner": "Owner in Alpha",  # programme manager of that plan alone, and owner of an action in it
    "verifier_elsewhere": "Tester of Alpha",  # verifier of that plan alone
    "other_chair": "Chair of Another Board",  # of the LAC Strategy Group
    "stand_in": "Deputy Manager",  # stands in for the lead of 5, and is nothing else
}

# Items of a meeting that are of a plan of which someone knows nothing.
_UNSEEN_ITEMS = {
    ("GET", "/boards/mash-board/meetings/{day}/minutes/1/file"): 404,
    ("GET", "/boards/mash-board/meetings/{day}/items/date-{request}"): 404,
    ("GET", "/boards/mash-board/meetings/{day}/items/question-{question}"): 404,
}
# What a programme manager of one plan gets where one of all plans gets more: what belongs to no single plan.
_SHARED = {
    ("POST", "/boards/mash-board/meetings"): 403,
    ("POST", "/boards/lac-strategy-group/meetings"): 403,
    ("POST", "/boards/mash-board/meetings/{meeting}/change"): 403,
    ("POST", "/boards/lac-strategy-group/meetings/{meeting}/change"): 403,
    ("POST", "/boards/mash-board/meetings/{meeting}/cancel"): 403,
    ("GET", "/boards/mash-board/meetings/series"): 403,
    ("GET", "/boards/lac-strategy-group/meetings/series"): 403,
    ("POST", "/boards/mash-board/meetings/series"): 403,
    ("GET", "/settings/boards/new"): 403,
    ("POST", "/settings/boards/new"): 403,
    ("GET", "/settings/boards/1"): 403,
    ("GET", "/settings/boards/999999"): 403,
    ("POST", "/settings/boards/1"): 403,
    ("GET", "/settings/teams/new"): 403,
    ("POST", "/settings/teams/new"): 403,
    ("GET", "/settings/teams/{team}"): 403,
    ("GET", "/settings/teams/999999"): 403,
    ("POST", "/settings/teams/{team}"): 403,
    ("GET", "/inspections/new"): 403,
    ("POST", "/inspections/new"): 403,
    ("GET", "/inspections/{inspection}/edit"): 403,
    ("GET", "/inspections/999999/edit"): 403,
    ("POST", "/inspections/{inspection}/edit"): 403,
    ("GET", "/plans/new"): 403,
    ("POST", "/plans/new"): 403,
    ("GET", "/plans"): 302,  # theirs is the only one
    ("GET", "/actions"): 302,
    ("POST", "/calendar/{feed}/stop"): 404,
    ("POST", "/filters/{filter}/take-away"): 404,
    ("GET", "/import/{import}"): 404,
    ("GET", "/import/{import}/file"): 404,
    ("POST", "/import/{import}/choices"): 404,
    ("POST", "/import/{import}/rows/0"): 404,
    ("POST", "/import/{import}/rows/999"): 404,
    ("POST", "/import/{import}/confirm"): 404,
    ("POST", "/import/{import}/merge"): 404,
    ("POST", "/import/{import}/put-away"): 404,
    ("POST", "/import/{import}/read"): 404,
}
# What names a plan that someone does not manage.
_NOT_THEIRS = {("GET", "/manage/names/match?plan=twin&name=A"): 404}
# Papers that hold something of a plan that someone does not see are not theirs to read.
_NO_PAPERS = {
    ("GET", "/boards/mash-board/meetings/{day}/pack"): 403,
    ("GET", "/boards/mash-board/meetings/{day}/pack/1"): 403,
    ("GET", "/boards/mash-board/meetings/{day}/pack/1/file?format=docx"): 403,
    ("GET", "/boards/mash-board/meetings/{day}/pack/1/file?format=json"): 403,
    ("GET", "/boards/mash-board/meetings/{day}/pack/1/changes"): 403,
}
# Each of them: like whom they are, but for what is written here.
LIKE: dict[str, tuple[str, dict[tuple[str, str], int]]] = {
    "manager_here": ("programme_manager", _SHARED),
    "manager_elsewhere": ("programme_manager", _SHARED | _NO_PAPERS | _UNSEEN_ITEMS | _NOT_THEIRS),
    "manager_owner": ("programme_manager", _SHARED | _NO_PAPERS | _UNSEEN_ITEMS | _NOT_THEIRS),
    "verifier_elsewhere": (
        "viewer",
        {("GET", "/"): 200, ("GET", "/plans"): 302, ("GET", "/actions"): 302}  # theirs is the only plan
        | {("GET", "/names?accounts=&typed=mash"): 200}
        | _NO_PAPERS
        | _UNSEEN_ITEMS,
    ),
    "other_chair": (
        "board_member",
        {
            ("GET", "/names?board=mash-board&typed=mash"): 403,
            ("GET", "/names?board=lac-strategy-group"): 200,
            ("GET", "/evidence/{restricted_mash}"): 404,
            ("GET", "/evidence/{restricted_mash}/withdraw"): 404,
            ("GET", "/boards/mash-board/challenges/new"): 403,
            ("GET", "/boards/mash-board/challenges/new?action={mash}"): 403,
            ("GET", "/boards/lac-strategy-group/challenges/new"): 200,
            ("POST", "/boards/mash-board/challenges"): 403,
            ("POST", "/boards/lac-strategy-group/challenges"): 422,
            ("POST", "/challenges/{answered}/verdict"): 403,
            ("POST", "/challenges/{answered}/withdraw"): 403,
            ("POST", "/boards/lac-strategy-group/meetings"): 422,
            ("GET", "/boards/lac-strategy-group/meetings/series"): 200,
            ("POST", "/boards/lac-strategy-group/meetings/{meeting}/change"): 404,
            ("POST", "/boards/mash-board/meetings/{meeting}/attendance"): 403,
            ("POST", "/boards/lac-strategy-group/meetings/{meeting}/attendance"): 404,
            ("POST", "/boards/mash-board/meetings/{meeting}/agenda"): 403,
            ("POST", "/boards/lac-strategy-group/meetings/{meeting}/agenda"): 404,
            ("GET", "/boards/mash-board/meetings/{day}/pack/preview"): 403,
            ("POST", "/boards/mash-board/meetings/{day}/pack"): 403,
            ("POST", "/boards/lac-strategy-group/meetings/{day}/pack"): 404,
            ("POST", "/boards/mash-board/meetings/{meeting}/deep-dives"): 403,
            ("POST", "/boards/lac-strategy-group/meetings/{meeting}/deep-dives"): 404,
            ("POST", "/boards/mash-board/meetings/{meeting}/begin"): 403,
            ("POST", "/boards/lac-strategy-group/meetings/{meeting}/begin"): 404,
            ("POST", "/boards/mash-board/meetings/{meeting}/minutes"): 403,
            ("POST", "/boards/lac-strategy-group/meetings/{meeting}/minutes"): 404,
            ("POST", "/boards/mash-board/meetings/{meeting}/items/date-{request}/decisions"): 403,
            ("POST", "/boards/lac-strategy-group/meetings/{meeting}/items/date-{request}/decisions"): 404,
            ("POST", "/boards/mash-board/meetings/{meeting}/items/date-{request}/arising"): 403,
            ("POST", "/boards/lac-strategy-group/meetings/{meeting}/items/date-{request}/arising"): 404,
        },
    ),
    "stand_in": (
        "lead",
        {
            ("GET", "/notes/{note}/correct"): 403,
            ("POST", "/notes/{note}/correct"): 403,
            ("POST", "/evidence/{open_mash}/withdraw"): 409,
        },
    ),
}
NAMES_THE_TWIN = (
    "/plans/twin",
    "/plans/no-such-plan",
    "/names?plan=",
    "/names?accounts=&plan=",
    "/actions/{",
    "/actions/9",
    "/evidence",
    "/notes",
    "/drafts?of=/actions",
    "/drafts?of=/plans",
    "/date-requests/",
    "/challenges/",
    "/import/",
    "/history?action",
    "/history/file?action",
)
"""How an address begins that names something of the twin plan."""
ELSEWHERE = ("manager_elsewhere", "manager_owner", "verifier_elsewhere")
"""Those who may not know of the twin plan: 404 wherever an address names something of it."""


def expected(verb: str, path: str, codes: str, role: str | None) -> int:
    """Return what the written table says that this character gets there."""
    if role not in LIKE:
        return int(codes.split()[ROLES.index(role)])
    if role in ELSEWHERE and path.startswith(NAMES_THE_TWIN):
        return 404
    model, but = LIKE[role]
    return but.get((verb, path), int(codes.split()[ROLES.index(model)]))
