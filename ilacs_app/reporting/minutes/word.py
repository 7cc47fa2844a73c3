"""Minutes as a Word document on A4, at 12 points or more, with real headings and lists."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from ilacs_app.governance.minutes.document import MinutesDocument, MinutesItem
from ilacs_app.reporting.export.excel import same_bytes
from ilacs_app.reporting.export.progress_report import POINTS
from ilacs_app.reporting.export.table import LONGEST_PROPERTY
from ilacs_app.reporting.export.word import page_numbers, set_font, set_language
from ilacs_app.text import cut, printable

_HEADING_POINTS = {"Heading 1": 20, "Heading 2": 16, "Heading 3": 13}


def minutes_word(document: MinutesDocument) -> bytes:
    """Return the bytes of the Word document; the same minutes give the same bytes."""
    import docx
    from docx.shared import Mm, Pt, RGBColor

    made, stamp = docx.Document(), datetime.fromisoformat(document.on_day)
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    made.styles["Normal"].font.size = Pt(POINTS)
    for name in ("Normal", "List Bullet", "Header", "Footer"):
        set_font(made.styles[name])
    for name, points in _HEADING_POINTS.items():
        style = made.styles[name]
        set_font(style)
        style.font.size, style.font.color.rgb = Pt(points), RGBColor(0, 0, 0)
        style.paragraph_format.keep_with_next = True
    set_language(made.styles.element, "en-GB")
    properties = made.core_properties
    properties.title = cut(printable(document.title), LONGEST_PROPERTY, "…")
    properties.author = cut(printable(document.council), LONGEST_PROPERTY, "…")
    properties.language = "en-GB"
    properties.created = properties.modified = stamp
    section.header.paragraphs[0].add_run(printable(document.council))
    page_numbers(section.footer.paragraphs[0], printable(document.title))
    made.add_heading(printable(document.title), level=1)
    made.add_paragraph(printable(f"{f'{document.place}. ' if document.place else ''}{document.published}."))
    _people(made, document)
    made.add_heading("Items", level=2)
    if not document.open_items:
        made.add_paragraph("No items.")
    for item in document.open_items:
        _item(made, item)
    if document.exempt_items:
        made.add_heading("Exempt part", level=2)
        made.add_paragraph("Only the chair, secretary and members of this board can read this part.")
        for item in document.exempt_items:
            _item(made, item)
    out = io.BytesIO()
    made.save(out)
    return same_bytes(out.getvalue(), stamp)


def _people(made: Any, document: MinutesDocument) -> None:
    made.add_heading("Attendance", level=2)
    made.add_paragraph(printable(document.quorum))
    for person in document.people:
        _point(made, f"{person.name}, {person.role}", person.attended)
    made.add_heading("Interests", level=2)
    if not document.declared:
        made.add_paragraph("None declared.")
    for person in document.declared:
        _point(made, person.name, person.interests)


def _item(made: Any, item: MinutesItem) -> None:
    made.add_heading(printable(f"{item.number}. {item.title}"), level=3)
    made.add_paragraph(printable(item.line))
    for matter in item.matters:
        _point(made, "Arising from the last meeting", matter.line)
    if not item.decisions and not item.tasks:
        made.add_paragraph("No decision was recorded.")
    for decision in item.decisions:
        later = " (corrected by a later decision)" if decision.corrected else ""
        earlier = f" (corrects “{decision.corrects}”)" if decision.corrects else ""
        _point(made, f"{decision.label}{later}{earlier}", decision.text, decision.mark)
    for task in item.tasks:
        _point(made, "Action arising", task.says)


def _point(made: Any, strong: str, text: str, mark: str = ":") -> None:
    point = made.add_paragraph(style="List Bullet")
    point.add_run(printable(f"{strong}{mark} " if text else strong)).bold = True
    if text:
        point.add_run(printable(text))
