"""Sign in, sign out, and a person's own account page."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, current_app, make_response, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from ilacs_app import clock
from ilacs_app.access import GRANTED_ROLES, Act, Actor, may, requires
from ilacs_app.db import transaction, write_if_free
from ilacs_app.people.boards.queries import boards
from ilacs_app.people.queries import administrators
from ilacs_app.people.sign_in.commands import (
    SEEN_EVERY,
    end_session,
    forget_old,
    open_session,
    see_session,
    signed_in_person,
)
from ilacs_app.people.sign_in.forms import SignInForm
from ilacs_app.people.sign_in.queries import session_of as find_session
from ilacs_app.plan.visibility import actor_of
from ilacs_app.web import actor, fields_sent, local_address, page

blueprint = Blueprint("people", __name__)
login_manager = LoginManager()
LONGEST_SESSION = timedelta(hours=12)
MOST_CONTACTS = 2  # administrators whom the sign-in page names


class SignedIn(UserMixin):
    """The signed-in person as Flask-Login holds it: its id is the session's token, never the person's."""

    def __init__(self, token: str, session_id: int, actor: Actor) -> None:
        self.id = token
        self.session_id = session_id
        self.actor = actor


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(token: str) -> SignedIn | None:
    opened = find_session(token)
    if opened is None:
        return None
    now = clock.real_now()
    idle = timedelta(minutes=current_app.config["ILACS"].session_idle)
    if now - opened.seen_at > idle or now - opened.opened_at > LONGEST_SESSION:
        return None
    if now - opened.seen_at > SEEN_EVERY:
        write_if_free(lambda: see_session(opened.id, now))  # if not now, then with the next page
    who = actor_of(opened.person_id, opened.name, opened.email, opened.partner, clock.today())
    return SignedIn(token, opened.id, who)


def load_actor() -> Actor | None:
    """Return who is signed in on this request, if their session is open, in use and not too old."""
    return current_user.actor if current_user.is_authenticated else None


@blueprint.get("/sign-in")
@requires("anyone")
def sign_in() -> Response:
    if load_actor():
        return make_response(redirect(local_address(request.args.get("next")) or "/"))
    form = SignInForm()
    form.next.data = local_address(request.args.get("next")) or ""
    return _sign_in_page(form, kept=request.args.get("kept") == "1")


@blueprint.post("/sign-in")
@requires("anyone", writes=True)
def sign_in_now() -> Response:
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, 422)
    person_id = signed_in_person(form.email.data, form.password.data)
    if person_id is None:
        form.password.errors = ["Enter a correct email address and password."]
        return _sign_in_page(form, 422)
    with transaction():
        forget_old(clock.real_now())
        token = open_session(person_id)
    _begin_anew(person_id)
    user = load_user(token)
    if user is not None:
        login_user(user)
    return make_response(redirect(local_address(form.next.data) or "/", 303))


def _begin_anew(person_id: int) -> None:
    """Clear the browser's session. Where this person's own sign-in only expired, keep the secret of forms that are open
    in other windows, so that they can still be sent."""
    before = find_session(session.get("_user_id", ""))
    secret = session.get("csrf_token")
    session.clear()
    if secret and before and before.person_id == person_id:
        session["csrf_token"] = secret


@blueprint.post("/sign-out")
@requires("signed_in", writes=True)
def sign_out() -> Response:
    with transaction():
        end_session(current_user.session_id)
    logout_user()
    session.clear()
    return make_response(redirect(url_for("people.sign_in"), 303))


@blueprint.get("/account")
@requires("signed_in")
def account() -> Response:
    who = actor()
    names = {board.id: board.name for board in boards()}
    roles = [
        GRANTED_ROLES[grant.role] + (f", {names[grant.board_id]}" if grant.board_id in names else "")
        for grant in who.grants
    ]
    return page(
        "people/sign_in/account.html",
        who=who,
        roles=roles,
        has_delegates=may(who, Act.HAVE_DELEGATES),
        reads_shared=may(who, Act.READ_SHARED),
    )


@requires("anyone")
def sign_in_again(draft: str | None) -> Response:
    """Return the sign-in page as the answer to a form that came after the sign-in had ended.

    ``draft`` is the address where its draft opens, if one was saved.
    """
    form = SignInForm(formdata=None)
    fields = () if draft else fields_sent()
    form.next.data = draft or local_address(request.form.get("back")) or "/"
    return _sign_in_page(form, 401, kept=draft is not None, ended=draft is None, words=fields)


def _sign_in_page(form: SignInForm, status: int = 200, **context: object) -> Response:
    contacts = administrators(clock.today())[:MOST_CONTACTS]
    return page("people/sign_in/sign_in.html", status=status, form=form, contacts=contacts, **context)
