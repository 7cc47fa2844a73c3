"""ilacs_app: one true record of a council's improvement plan for children's services."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ilacs_app.garbage import without_collecting
from ilacs_app.settings import Settings

if TYPE_CHECKING:  # the process that reads a stranger's file needs none of it, and starts in a third of the time
    from flask import Flask

LARGEST_FORM = 2 * 1024 * 1024  # bytes, without its file
SERVED = (".css", ".js", ".svg", ".png", ".ico", ".woff2")  # what of ``static`` a browser is given
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

__all__ = ["Settings", "SettingsError", "bundled", "create_app"]


def bundled(name: str) -> Path:
    """The folder ``templates``, ``static`` or ``migrations``: in the wheel, else beside the package."""
    inside = Path(__file__).parent / "_bundled" / name
    return inside if inside.is_dir() else Path(__file__).parent.parent / name


@without_collecting()
def create_app(settings: Settings | None = None, *, serves: bool = True) -> Flask:
    """Make the application. The only place that knows every feature.

    One that does not serve, for a command, needs neither an address nor a secret, and can sign nothing.

    Raises:
        SettingsError: a setting is missing, unknown or unsafe.
        RuntimeError: a view carries no mark of who may open it.
    """
    from flask import Flask

    from ilacs_app import clock
    from ilacs_app.as_at.pages import init_as_at
    from ilacs_app.db import init_db
    from ilacs_app.digests import model as _digests_model  # noqa: F401 - its table belongs to the record
    from ilacs_app.error_pages import init_error_pages
    from ilacs_app.files.store import EvidenceStore
    from ilacs_app.forms.routes import keep_typed
    from ilacs_app.navigation import frame_for
    from ilacs_app.people.sign_in.routes import load_actor, login_manager, sign_in_again
    from ilacs_app.web import DayConverter, Hooks, ItemConverter, init_web

    settings = settings or Settings.from_env()
    if serves:
        settings = settings.needed("secret_key", "base_url")
    clock.move_today(settings.today)
    app = Flask(__name__, static_folder=None, template_folder=str(bundled("templates")))
    _configure(app, settings)
    _fill_templates(app)
    app.url_map.converters["item"] = ItemConverter
    app.url_map.converters["day"] = DayConverter
    init_db(app, settings.database_url)
    app.extensions["evidence"] = EvidenceStore(settings.evidence_folder)
    login_manager.session_protection = None  # the session is a row that dies at sign-out, not a guess by address
    login_manager.init_app(app, add_context_processor=False)  # it would ask the database in error pages too
    _register_blueprints(app)
    init_as_at(app)
    init_web(app, Hooks(load_actor, frame_for, keep_typed, sign_in_again))
    init_error_pages(app)
    _refuse_unmarked(app)
    _wrap(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    """Set where the folders are, and what Flask needs for forms, cookies and hosts."""
    from ilacs_app.files.archives import LARGEST_FILE

    app.config.update(
        ILACS=settings,
        STATIC=str(bundled("static")),
        MIGRATIONS=str(bundled("migrations")),
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_FILE + LARGEST_FORM,
        SESSION_COOKIE_NAME="ilacs",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=str(settings.base_url).startswith("https://"),
        TRUSTED_HOSTS=_trusted_hosts(settings),
    )


def _fill_templates(app: Flask) -> None:
    """Give the templates their filters, and the lists and limits that several of them show."""
    from ilacs_app.dates import ago
    from ilacs_app.files.archives import LARGEST_FILE, LARGEST_FILE_WORDS
    from ilacs_app.files.filetypes import ACCEPT
    from ilacs_app.governance.decisions.rules import DECISION_WORDS
    from ilacs_app.plan import labels
    from ilacs_app.progress.dates.rules import REASON_CLASSES
    from ilacs_app.progress.evidence.rules import EVIDENCE_KINDS
    from ilacs_app.text import days_later, file_size, many
    from ilacs_app.worklist.rules import GROUP_WORDS

    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for name in (
        "timeliness_words",
        "timeliness_beside_date",
        "to_go_words",
        "why_words",
        "why_in_full",
        "rule_words",
        "reading_words",
        "status_words",
        "event_words",
        "field_words",
        "recorded_words",
    ):
        app.add_template_filter(getattr(labels, name))
    for function in (many, days_later, file_size, ago):
        app.add_template_filter(function)
    app.jinja_env.globals.update(
        accept=ACCEPT,
        largest_file=LARGEST_FILE,
        largest_file_words=LARGEST_FILE_WORDS,
        evidence_kinds=EVIDENCE_KINDS,
        reason_classes=REASON_CLASSES,
        decision_words=DECISION_WORDS,
        group_words=GROUP_WORDS,
    )


def _register_blueprints(app: Flask) -> None:
    """Register the blueprint of every folder that answers addresses."""
    from ilacs_app.changes.routes import blueprint as changes
    from ilacs_app.editing.actions.routes import blueprint as actions
    from ilacs_app.editing.governing_boards.routes import blueprint as governing_boards
    from ilacs_app.editing.handover.routes import blueprint as hands
    from ilacs_app.editing.inspections.routes import blueprint as inspections
    from ilacs_app.editing.names.routes import blueprint as unreached
    from ilacs_app.editing.plans.routes import blueprint as edit
    from ilacs_app.editing.recommendations.routes import blueprint as recommendations
    from ilacs_app.editing.twins.routes import blueprint as twins
    from ilacs_app.editing.undo.routes import blueprint as together
    from ilacs_app.forms.routes import blueprint as drafts
    from ilacs_app.governance.agenda.routes import blueprint as agenda
    from ilacs_app.governance.challenges.routes import blueprint as challenges
    from ilacs_app.governance.decisions.routes import blueprint as decisions
    from ilacs_app.governance.meetings.routes import blueprint as meetings
    from ilacs_app.governance.overview.routes import blueprint as governance
    from ilacs_app.governance.series.routes import blueprint as series
    from ilacs_app.help.routes import blueprint as guide
    from ilacs_app.intake.checking.routes import blueprint as check
    from ilacs_app.intake.imports.routes import blueprint as intake
    from ilacs_app.intake.merging.routes import blueprint as merging
    from ilacs_app.manage.routes import blueprint as manage
    from ilacs_app.people.boards.routes import blueprint as boards
    from ilacs_app.people.sign_in.routes import blueprint as people
    from ilacs_app.people.teams.routes import blueprint as teams
    from ilacs_app.plan.names.routes import blueprint as names
    from ilacs_app.plan.routes import blueprint as plan
    from ilacs_app.progress.completion.routes import blueprint as completion
    from ilacs_app.progress.dates.routes import blueprint as dates
    from ilacs_app.progress.evidence.routes import blueprint as evidence
    from ilacs_app.progress.help.routes import blueprint as help_calls
    from ilacs_app.progress.notes.routes import blueprint as corrections
    from ilacs_app.progress.overrides.routes import blueprint as overrides
    from ilacs_app.progress.stages.routes import blueprint as stages
    from ilacs_app.reporting.export.routes import blueprint as reporting
    from ilacs_app.reporting.minutes.routes import blueprint as minutes
    from ilacs_app.reporting.packs.routes import blueprint as packs
    from ilacs_app.rows.routes import blueprint as progress
    from ilacs_app.search.routes import blueprint as search
    from ilacs_app.web import site
    from ilacs_app.worklist.calendars.routes import blueprint as calendar
    from ilacs_app.worklist.routes import blueprint as worklist
    from ilacs_app.worklist.saved_filters.routes import blueprint as saved

    for blueprint in (
        site,
        people,
        teams,
        boards,
        worklist,
        calendar,
        plan,
        names,
        edit,
        inspections,
        recommendations,
        actions,
        unreached,
        twins,
        progress,
        corrections,
        evidence,
        completion,
        dates,
        stages,
        overrides,
        help_calls,
        drafts,
        governance,
        meetings,
        series,
        agenda,
        decisions,
        challenges,
        packs,
        minutes,
        reporting,
        search,
        intake,
        check,
        merging,
        saved,
        hands,
        governing_boards,
        together,
        changes,
        guide,
        manage,
    ):
        app.register_blueprint(blueprint)


def _refuse_unmarked(app: Flask) -> None:
    from ilacs_app.access import mark_of

    for endpoint, view in app.view_functions.items():
        if mark_of(view) is None:
            raise RuntimeError(f"{endpoint} does not say who may open it: mark it with @requires")


def _wrap(app: Flask, settings: Settings) -> None:
    """Static files by WhiteNoise, and the addresses that trusted proxies report."""
    from wsgiref.headers import Headers

    from werkzeug.middleware.proxy_fix import ProxyFix
    from whitenoise import WhiteNoise

    def versioned(path: str, url: str) -> bool:
        return True

    def quiet(headers: Headers, path: str, url: str) -> None:
        headers["X-Content-Type-Options"] = "nosniff"

    files = WhiteNoise(app.wsgi_app, allow_all_origins=False, immutable_file_test=versioned, add_headers_function=quiet)
    files.add_files(app.config["STATIC"], prefix="static/")
    for address in [name for name in files.files if not name.endswith(SERVED)]:  # what builds them is beside them
        del files.files[address]
    app.wsgi_app = files  # type: ignore[method-assign]
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(files, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _trusted_hosts(settings: Settings) -> list[str]:
    own = urlsplit(settings.base_url or "").hostname or "localhost"
    return [*settings.trusted_hosts, *(_LOOPBACK if own in _LOOPBACK else (own,))]
