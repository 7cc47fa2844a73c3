"""The frame of every page: who is signed in, the council, the navigation and banners."""

from __future__ import annotations

from flask import current_app

from ilacs_app import clock
from ilacs_app.access import Act, Actor, may
from ilacs_app.dates import long_date
from ilacs_app.web import Frame, NavigationEntry
from ilacs_app.worklist.queries import frame_facts

ENTRIES = (("My work", "/"), ("Plan", "/plans"), ("Governance", "/governance"), ("Manage", "/manage"))
ACCOUNT = ("/account", "/calendar", "/filters", "/stand-ins")


def frame_for(actor: Actor | None, path: str) -> Frame:
    """Return the frame of the page at ``path`` for this person."""
    settings = current_app.config["ILACS"]
    banners = []
    if settings.today:
        banners.append(f"For training: today’s date is set to {long_date(settings.today)}.")
    if settings.demo and not settings.second_factor:
        banners.append("This is a demonstration. All records are made up.")
    if actor is None:
        return Frame(banners=tuple(banners))
    facts = frame_facts(actor, clock.today())
    waits = facts.waits
    has_work = waits.total or not actor.only_reads
    entries = tuple(
        NavigationEntry(text, href, _active(href, path), waits.total if href == "/" else None)
        for text, href in (ENTRIES if actor.belongs else ())
        if (href != "/" or has_work) and (href != "/manage" or may(actor, Act.OPEN_MANAGE))
    )
    search = "/search" if actor.belongs else None
    return Frame(
        actor.name,
        facts.council,
        entries,
        tuple(banners),
        search,
        on_account=path.startswith(ACCOUNT),
        lists_plans=facts.several_plans,
    )


def _active(href: str, path: str) -> bool:
    inside = {
        "/": ("/date-requests",),
        "/plans": ("/plans", "/actions", "/inspections"),
        "/governance": ("/governance", "/boards"),
        "/manage": ("/manage", "/import", "/settings"),
    }
    if href == "/manage" and path.endswith("/hand-over"):
        return True
    return path == href or path.startswith(inside.get(href, ("//",)))
