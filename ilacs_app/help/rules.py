"""The user's guide: its sections, and those that are about the reader."""

from __future__ import annotations

from dataclasses import dataclass

from ilacs_app.access import BOARD_ROLES, Actor


@dataclass(frozen=True)
class GuideSection:
    """A section of the guide: its anchor, its heading and the template with its text."""

    name: str
    heading: str
    template: str


@dataclass(frozen=True)
class GuidePart:
    """Sections that belong together, and the heading of their part of the contents."""

    heading: str
    sections: tuple[GuideSection, ...]


_LEADS = GuideSection("leads", "Leads, owners and contributors", "help/_leads.html")
_FOR_ROLES = (
    (GuideSection("verifiers", "Verifiers", "help/_verifiers.html"), frozenset({"verifier"})),
    (GuideSection("boards", "Board members, chairs and secretaries", "help/_boards.html"), BOARD_ROLES),
    (
        GuideSection("managers", "Programme managers", "help/_managers.html"),
        frozenset({"programme_manager"}),
    ),
    (GuideSection("administrators", "Administrators", "help/_administrators.html"), frozenset({"administrator"})),
    (GuideSection("readers", "Viewers and inspectors", "help/_readers.html"), frozenset({"viewer", "inspector"})),
)
_EVERYONE = (
    GuideSection("actions", "How an action is described", "help/_actions.html"),
    GuideSection("timescales", "How we read a timescale", "help/_timescales.html"),
    GuideSection("pages", "Finding your way", "help/_pages.html"),
)


def guide_for(actor: Actor) -> list[GuidePart]:
    """Return the guide for this reader: first the sections about what they do, last those about other people."""
    held = {grant.role for grant in actor.grants}
    about = [(_LEADS, actor.has_items), *((section, bool(roles & held)) for section, roles in _FOR_ROLES)]
    parts = (
        GuidePart("Your role", tuple(section for section, is_yours in about if is_yours)),
        GuidePart("For everyone", _EVERYONE),
        GuidePart("Other roles", tuple(section for section, is_yours in about if not is_yours)),
    )
    return [part for part in parts if part.sections]
