"""The words of one paragraph in Word as they are shown: through every wrapper, each once.

Fields give their result, old form fields their choice, content controls what was chosen in them; what a tracked
change takes out is out. Words that are struck out stay, marked as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ilacs_app.intake.reader.contents.colours import HIGHLIGHTS, as_rgb, drawn_colour
from ilacs_app.intake.reader.contents.document import Control, Line, Link, Spans, trimmed
from ilacs_app.intake.reader.contents.package import RELATIONS, Relation
from ilacs_app.intake.reader.contents.symbols import as_drawn, is_symbol_font, sign
from ilacs_app.intake.reader.contents.word.styles import (
    VAL,
    Look,
    ParagraphStyle,
    Styles,
    W,
    number_or,
    shading,
    value,
)

_TICKED, _UNTICKED = "☒", "☐"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_VML = "{urn:schemas-microsoft-com:vml}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SIGNS = {
    f"{W}{tag}": text
    for tag, text in (
        ("tab", "\t"), ("ptab", "\t"), ("br", "\n"), ("cr", "\n"), ("noBreakHyphen", "-"), ("softHyphen", "\u00ad"),
    )
}  # fmt: skip
_OUT = {f"{W}{tag}" for tag in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "rt", "sdtPr", "sdtEndPr")}
FALSE = {"0", "false", "off"}


@dataclass(frozen=True)
class Piece:
    """Some words with one look."""

    text: str
    look: Look


@dataclass
class Written:
    """What one paragraph, or several that are shown as one, say."""

    pieces: list[Piece] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    """The contents of text boxes that hang on the paragraph, for the caller to read."""
    shapes: list[str] = field(default_factory=list)
    """The colours of drawn shapes without words."""
    pictures: int = 0
    objects: int = 0
    """Embedded files of other programs."""
    hidden: bool = False
    goes_on: bool = False
    """Whether its end is no longer there, so that the next paragraph is shown on the same line."""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    def add(self, other: Written) -> None:
        """Take the words of the next paragraph, which are shown on the same line."""
        self.pieces += other.pieces
        self.links += other.links
        self.controls += other.controls
        self.notes += other.notes
        self.boxes += other.boxes
        self.shapes += other.shapes
        self.pictures += other.pictures
        self.objects += other.objects
        self.goes_on = other.goes_on

    def lines(self, level: int = 0, mark: str = "") -> list[Line]:
        """Its lines, split where the author broke them; the list mark is before the first."""
        if not self.pieces:
            return [Line("", level, mark)]
        if len(self.pieces) == 1 and "\n" not in self.pieces[0].text:  # as nearly always in a table
            text, look = self.pieces[0].text.rstrip(), self.pieces[0].look
            whole: Spans = ((0, len(text)),) if text else ()
            return [Line(text, level, mark, whole if look.struck else (), whole if look.bold else ())]
        lines: list[Line] = []
        text = ""
        struck: list[tuple[int, int]] = []
        bold: list[tuple[int, int]] = []
        for piece in self.pieces:
            for number, part in enumerate(piece.text.split("\n")):
                if number:
                    lines.append(_line(text, struck, bold))
                    text, struck, bold = "", [], []
                if part:
                    place = (len(text), len(text) + len(part))
                    text += part
                    _extend(struck, place, piece.look.struck)
                    _extend(bold, place, piece.look.bold)
        lines.append(_line(text, struck, bold))
        first, *others = lines
        return [replace(first, level=level, mark=mark), *(replace(line, level=level) for line in others)]


def _extend(spans: list[tuple[int, int]], place: tuple[int, int], holds: bool) -> None:
    if holds and spans and spans[-1][1] == place[0]:
        spans[-1] = (spans[-1][0], place[1])
    elif holds:
        spans.append(place)


def _line(text: str, struck: list[tuple[int, int]], bold: list[tuple[int, int]]) -> Line:
    return trimmed(Line(text, struck=tuple(struck), bold=tuple(bold)), start=False)


@dataclass
class _Field:
    """A field whose end has not come yet."""

    instruction: str = ""
    in_result: bool = False
    form: Any = None
    starts: int = 0
    """How many pieces there were before it."""


class TextReader:
    """Reads paragraphs of one part of a document."""

    def __init__(
        self,
        styles: Styles,
        relations: Mapping[str, Relation],
        note: Callable[[str, str], str] = lambda kind, key: "",
    ) -> None:
        self._styles = styles
        self._relations = relations
        self._note = note
        self._tags: dict[str, Callable[[Any, Look, Written], None]] = {
            f"{W}r": self._run,
            f"{W}hyperlink": self._hyperlink,
            f"{W}fldSimple": self._simple_field,
            f"{W}sdt": self._control,
            f"{MC}AlternateContent": self._alternative,
            f"{W}txbxContent": lambda element, _, written: written.boxes.append(element),
            f"{W}sym": self._sign,
            f"{W}fldChar": self._field_mark,
            f"{W}instrText": self._instruction,
            f"{_WPS}wsp": self._shape,
            **dict.fromkeys((f"{_VML}{kind}" for kind in ("oval", "rect", "roundrect", "shape")), self._old_shape),
            f"{W}object": self._object,
            f"{_DRAWING}blip": self._picture,
            f"{W}footnoteReference": self._reference,
            f"{W}endnoteReference": self._reference,
            f"{W}commentReference": self._reference,
        }
        self._fields: list[_Field] = []

    def paragraph(self, element: Any, style: ParagraphStyle | None = None) -> Written:
        """The words of a paragraph (`w:p`)."""
        properties = element.find(f"{W}pPr")
        style = style or self._styles.paragraph(value(properties, "pStyle"))
        written = Written()
        self._fields = []
        behind = shading(properties.find(f"{W}shd"), self._styles.theme) if properties is not None else ""
        self._walk(element, replace(style.look, behind=behind) if behind else style.look, written)
        mark = properties.find(f"{W}rPr") if properties is not None else None
        written.goes_on = mark is not None and any(
            mark.find(f"{W}{tag}") is not None for tag in ("del", "moveFrom", "specVanish")
        )
        return written

    def _walk(self, element: Any, look: Look, written: Written) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{W}t" or tag == f"{_MATH}t":
                self._say(child.text or "", look, written)
            elif tag in self._tags:
                self._tags[tag](child, look, written)
            elif tag in _SIGNS:
                self._say(_SIGNS[tag], look, written)
            elif tag not in _OUT and tag != f"{W}p":
                self._walk(child, look, written)

    def _say(self, text: str, look: Look, written: Written) -> None:
        if not text or not all(open_field.in_result for open_field in self._fields):
            return
        if look.hidden:
            written.hidden = written.hidden or bool(text.strip())
            return
        if is_symbol_font(look.font):
            text = as_drawn(look.font, text)
        written.pieces.append(Piece(text.replace("\r", "").replace("\u000b", "\n"), look))

    def _run(self, element: Any, look: Look, written: Written) -> None:
        properties = element.find(f"{W}rPr")
        if properties is not None:
            if properties.find(f"{W}del") is not None:
                return
            style = value(properties, "rStyle")
            if style:
                look = self._styles.run(style, look)
            look = look.with_own(properties, self._styles.theme)
        self._walk(element, look, written)

    def _sign(self, element: Any, look: Look, written: Written) -> None:
        try:
            code = int(element.get(f"{W}char") or "", 16)
        except ValueError:
            return
        self._say(sign(element.get(f"{W}font") or look.font, code), replace(look, font=""), written)

    def _hyperlink(self, element: Any, look: Look, written: Written) -> None:
        relation = self._relations.get(element.get(f"{RELATIONS}id") or "")
        with_words = len(written.pieces)
        self._walk(element, look, written)
        if relation and relation.outside:
            _link(written, with_words, relation.target)

    # Fields -------------------------------------------------------------------------------------------------

    def _simple_field(self, element: Any, look: Look, written: Written) -> None:
        before = len(written.pieces)
        self._walk(element, look, written)
        self._ended(
            _Field(element.get(f"{W}instr") or "", form=element.find(f"{W}fldData"), starts=before), written, look
        )

    def _field_mark(self, element: Any, look: Look, written: Written) -> None:
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(_Field(form=element.find(f"{W}ffData"), starts=len(written.pieces)))
        elif self._fields and kind == "separate":
            self._fields[-1].in_result = True
        elif self._fields and kind == "end":
            self._ended(self._fields.pop(), written, look)

    def _instruction(self, element: Any, look: Look, written: Written) -> None:
        if self._fields and not self._fields[-1].in_result:
            self._fields[-1].instruction += element.text or ""

    def _ended(self, ended: _Field, written: Written, look: Look) -> None:
        parts = ended.instruction.split()
        kind = parts[0].upper() if parts else ""
        if ended.form is not None:
            self._form_field(ended, written, look)
        elif kind == "HYPERLINK":
            target = next((word.strip('"“”') for word in parts[1:] if not word.startswith("\\")), "")
            if target and "\\l" not in parts[:2]:
                _link(written, ended.starts, target)
        elif kind == "SYMBOL" and len(parts) > 1:
            font = ended.instruction.partition("\\f")[2].strip().strip('"').partition('"')[0]
            code = number_or(parts[1], -1) if parts[1].isdecimal() else int(parts[1], 16) if _is_hex(parts[1]) else -1
            if code >= 0:
                del written.pieces[ended.starts :]
                self._say(sign(font or look.font, code), replace(look, font=""), written)

    def _form_field(self, ended: _Field, written: Written, look: Look) -> None:
        """An old form field keeps what was chosen beside the text, which may lack it."""
        choices, box = ended.form.find(f"{W}ddList"), ended.form.find(f"{W}checkBox")
        shown = "".join(piece.text for piece in written.pieces[ended.starts :]).strip()
        if choices is not None:
            entries = tuple(entry.get(VAL) or "" for entry in choices.iter(f"{W}listEntry"))
            at = number_or(value(choices, "result") or value(choices, "default"))
            chosen = entries[at] if 0 <= at < len(entries) else shown
            if not shown:
                self._say(chosen, look, written)
            written.controls.append(Control("dropdown", shown or chosen, entries))
        elif box is not None:
            state = value(box, "checked")
            if state is None:
                state = value(box, "default") or "0"
            is_ticked = (state or "1") not in FALSE
            if not shown:
                self._say(_TICKED if is_ticked else _UNTICKED, look, written)
            written.controls.append(Control("checkbox", "yes" if is_ticked else "no"))

    # Content controls, drawings -----------------------------------------------------------------------------

    def _control(self, element: Any, look: Look, written: Written) -> None:
        before = len(written.pieces)
        if not is_placeholder(element):
            content = element.find(f"{W}sdtContent")
            if content is not None:
                self._walk(content, look, written)
        written.controls += control(element, "".join(piece.text for piece in written.pieces[before:]))

    def _alternative(self, element: Any, look: Look, written: Written) -> None:
        """One of the alternatives: the first that says or shows something, the one for old programs last."""
        for choice in element:
            shown = Written()
            self._walk(choice, look, shown)
            if shown.pieces or shown.boxes or shown.pictures or shown.shapes or shown.hidden:
                written.hidden = written.hidden or shown.hidden
                goes_on = written.goes_on
                written.add(shown)
                written.goes_on = goes_on
                return

    def _shape(self, element: Any, look: Look, written: Written) -> None:
        before = len(written.boxes)
        self._walk(element, look, written)
        if not any("".join(box.itertext()).strip() for box in written.boxes[before:]):
            colour = drawn_colour(element.find(f"{_WPS}spPr"), self._styles.theme)
            if colour:
                written.shapes.append(colour)

    def _old_shape(self, element: Any, look: Look, written: Written) -> None:
        before = len(written.boxes)
        self._walk(element, look, written)
        if not any("".join(box.itertext()).strip() for box in written.boxes[before:]):
            colour = (element.get("fillcolor") or "").split(" ")[0].casefold()
            rgb = as_rgb(colour) if colour.startswith("#") else HIGHLIGHTS.get(colour, "")
            if rgb:
                written.shapes.append(rgb)

    def _object(self, element: Any, look: Look, written: Written) -> None:
        written.objects += 1

    def _picture(self, element: Any, look: Look, written: Written) -> None:
        written.pictures += 1

    def _reference(self, element: Any, look: Look, written: Written) -> None:
        note = self._note(str(element.tag).removeprefix(W).removesuffix("Reference"), element.get(f"{W}id") or "")
        if note:
            written.notes.append(note)


def _link(written: Written, since: int, target: str) -> None:
    text = "".join(piece.text for piece in written.pieces[since:]).strip()
    if target and not any(link.target == target and link.text == text for link in written.links):
        written.links.append(Link(text, target))


def _is_hex(text: str) -> bool:
    return text.casefold().startswith("0x") and all(sign in "0123456789abcdef" for sign in text.casefold()[2:])


def is_placeholder(control_element: Any) -> bool:
    """Return whether a content control shows its prompt ("Choose an item.") because nothing was chosen in it."""
    properties = control_element.find(f"{W}sdtPr")
    shown = properties.find(f"{W}showingPlcHdr") if properties is not None else None
    if shown is not None:
        return (shown.get(VAL) or "1") not in FALSE
    runs = [run for run in control_element.iter(f"{W}r") if run.find(f"{W}t") is not None]
    return bool(runs) and all(value(run.find(f"{W}rPr"), "rStyle") == "PlaceholderText" for run in runs)


def control(element: Any, shown: str) -> Iterator[Control]:
    """Yield what a content control (`w:sdt`) lets a person choose, and what is chosen; nothing for a plain wrapper."""
    properties = element.find(f"{W}sdtPr")
    for kind in properties if properties is not None else ():
        tag = str(kind.tag)
        if tag in (f"{W}dropDownList", f"{W}comboBox"):
            entries = (item.get(f"{W}displayText") or item.get(f"{W}value") or "" for item in kind.iter(f"{W}listItem"))
            yield Control("dropdown", "" if is_placeholder(element) else shown.strip(), tuple(entries))
        elif tag == f"{W}date":
            yield Control("date", "" if is_placeholder(element) else shown.strip())
        elif tag == f"{_W14}checkbox":
            state = kind.find(f"{_W14}checked")
            is_ticked = state is not None and (state.get(f"{_W14}val") or "1") not in FALSE
            yield Control("checkbox", "yes" if is_ticked else "no")
