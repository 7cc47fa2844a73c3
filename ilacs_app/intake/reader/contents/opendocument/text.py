"""The words of OpenDocument paragraphs, as they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ilacs_app.intake.reader.contents.document import Control, Line, Link, trimmed
from ilacs_app.intake.reader.contents.opendocument.styles import FORM, OFFICE, TEXT, XLINK, Look, Styles
from ilacs_app.intake.reader.contents.symbols import as_drawn, is_symbol_font

_TICKED, _UNTICKED = "☒", "☐"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OUT = {
    *(f"{TEXT}{tag}" for tag in ("tracked-changes", "placeholder", "ruby-text")),
    f"{OFFICE}annotation-end",
}
MOST_BLANKS = 200
_BLANKS = {f"{TEXT}s": " ", f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}


@dataclass
class Written:
    """What a paragraph says: its words by look, and the boxes and notes anchored to it."""

    pieces: list[tuple[str, Look]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    pictures: int = 0
    hidden: bool = False

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)

    def add(self, other: Written) -> None:
        self.pieces += other.pieces
        self.links += other.links
        self.controls += other.controls
        self.notes += other.notes
        self.pictures += other.pictures
        self.hidden = self.hidden or other.hidden

    def lines(self, level: int = 0, mark: str = "") -> list[Line]:
        """Its lines, split where the author broke them; the list mark is before the first."""
        lines: list[Line] = []
        text = ""
        struck: list[tuple[int, int]] = []
        bold: list[tuple[int, int]] = []

        def end() -> None:
            first = mark if not lines else ""
            lines.append(trimmed(Line(text, level, first, tuple(struck), tuple(bold)), start=False))

        for piece, look in self.pieces:
            for number, part in enumerate(piece.split("\n")):
                if number:
                    end()
                    text, struck, bold = "", [], []
                if part:
                    place = (len(text), len(text) + len(part))
                    text += part
                    if look.struck:
                        struck.append(place)
                    if look.bold:
                        bold.append(place)
        end()
        return lines


class TextReader:
    """Reads paragraphs of one file; `form` has the states of its old check boxes by their ids."""

    def __init__(self, styles: Styles, form: dict[str, Control] | None = None) -> None:
        self._styles = styles
        self._form = form or {}

    def paragraph(self, element: Any, look: Look | None = None) -> Written:
        """The words of a paragraph or heading, above the look of the cell that it stands in."""
        name = element.get(f"{TEXT}style-name")
        shown = self._styles.look("paragraph", name, look)
        written = Written()
        self._say(element.text, shown, written)
        self._walk(element, shown, written)
        return written

    def _walk(self, element: Any, look: Look, written: Written) -> None:
        for child in element:
            if isinstance(child.tag, str):
                self._child(child, look, written)
            self._say(child.tail, look, written)

    def _child(self, child: Any, look: Look, written: Written) -> None:
        tag = child.tag
        if tag in _BLANKS:
            count = child.get(f"{TEXT}c") or "1"
            times = min(int(count), MOST_BLANKS) if tag == f"{TEXT}s" and count.isdecimal() else 1
            self._write(_BLANKS[tag] * times, look, written)
        elif tag == f"{TEXT}note":
            written.notes.extend(self._note(body) for body in child.findall(f"{TEXT}note-body")[:1])
        elif tag == f"{OFFICE}annotation":
            written.notes.append(self._note(child))
        elif tag == f"{TEXT}drop-down":
            self._drop_down(child, look, written)
        elif tag.endswith("}content-control"):
            self._content_control(child, look, written)
        elif tag == f"{_DRAW}control":
            self._old_control(child, look, written)
        elif tag == f"{_DRAW}text-box":
            written.boxes.append(child)
        elif tag == f"{_DRAW}image":
            written.pictures += 1
        elif tag in (f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph"):
            written.hidden = True
        elif tag not in _OUT:
            self._inside(child, look, written)

    def _note(self, body: Any) -> str:
        return "\n".join(self.paragraph(each).text.strip() for each in body.iter(f"{TEXT}p"))

    def _inside(self, child: Any, look: Look, written: Written) -> None:
        name = child.get(f"{TEXT}style-name")
        own = self._styles.look("text", name, look) if name and child.tag in (f"{TEXT}span", f"{TEXT}a") else look
        before = len(written.pieces)
        self._say(child.text, own, written)
        self._walk(child, own, written)
        target = child.get(f"{XLINK}href") or ""
        if child.tag == f"{TEXT}a" and target and not target.startswith("#"):
            written.links.append(Link("".join(text for text, _ in written.pieces[before:]).strip(), target))

    def _drop_down(self, child: Any, look: Look, written: Written) -> None:
        entries = tuple(label.get(f"{TEXT}value") or "" for label in child.iter(f"{TEXT}label"))
        shown = "".join([*(label.tail or "" for label in child), child.text or ""]).strip()
        self._write(shown, look, written)
        written.controls.append(Control("dropdown", shown, entries))

    def _content_control(self, child: Any, look: Look, written: Written) -> None:
        own = {str(name).rpartition("}")[2]: value for name, value in child.attrib.items()}
        before = len(written.pieces)
        if own.get("showing-place-holder") != "true":
            self._say(child.text, look, written)
            self._walk(child, look, written)
        shown = "".join(text for text, _ in written.pieces[before:]).strip()
        entries = [
            {str(name).rpartition("}")[2]: value for name, value in item.attrib.items()}
            for item in child
            if str(item.tag).endswith("}list-item")
        ]
        if own.get("checkbox") == "true":
            written.controls.append(Control("checkbox", "yes" if own.get("checked") == "true" else "no"))
        elif entries:
            choices = tuple(entry.get("display-text") or entry.get("value") or "" for entry in entries)
            written.controls.append(Control("dropdown", shown, choices))
        elif own.get("date") == "true":
            written.controls.append(Control("date", shown))

    def _old_control(self, child: Any, look: Look, written: Written) -> None:
        control = self._form.get(child.get(f"{_DRAW}control") or "")
        if control is None:
            return
        if control.kind == "checkbox":
            self._write(_TICKED if control.chosen == "yes" else _UNTICKED, look, written)
        else:
            self._write(control.chosen, look, written)
        written.controls.append(control)

    def _say(self, text: str | None, look: Look, written: Written) -> None:
        """Words between tags, in which line breaks and runs of blanks are one blank (ODF 1.3 part 3, 6.1.2)."""
        if not text:
            return
        single = " ".join(text.replace("\r", " ").replace("\n", " ").replace("\t", " ").split(" "))
        while "  " in single:
            single = single.replace("  ", " ")
        if single.startswith(" ") and (not written.text or written.text[-1:] in " \n"):
            single = single[1:]
        self._write(single, look, written)

    def _write(self, text: str, look: Look, written: Written) -> None:
        if look.hidden:
            written.hidden = written.hidden or bool(text.strip())
        elif text:
            written.pieces.append((as_drawn(look.font, text) if is_symbol_font(look.font) else text, look))


def form_controls(root: Any) -> Iterator[tuple[str, Control]]:
    """The old form controls of a file by their ids: check boxes and lists."""
    for box in root.iter(f"{FORM}checkbox"):
        state = box.get(f"{FORM}current-state") or box.get(f"{FORM}state") or "unchecked"
        yield from _by_id(box, Control("checkbox", "yes" if state == "checked" else "no"))
    for list_box in root.iter(f"{FORM}listbox", f"{FORM}combobox"):
        entries = tuple(inner.get(f"{FORM}label") or "" for inner in list_box.iter(f"{FORM}option", f"{FORM}item"))
        chosen = [
            inner.get(f"{FORM}label") or "" for inner in list_box.iter(f"{FORM}option")
            if "true" in (inner.get(f"{FORM}current-selected"), inner.get(f"{FORM}selected"))
        ]  # fmt: skip
        value = list_box.get(f"{FORM}current-value") or list_box.get(f"{FORM}value") or ""
        yield from _by_id(list_box, Control("dropdown", chosen[0] if chosen else value, entries))


def _by_id(element: Any, control: Control) -> Iterator[tuple[str, Control]]:
    for name, value in element.attrib.items():
        if str(name) == f"{FORM}id" or str(name).endswith("}id"):
            yield str(value), control
