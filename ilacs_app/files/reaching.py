"""What an Office file fetches or starts elsewhere once it is opened: templates and objects from another machine, DDE.

Links that someone has to click, pictures, and the values that a workbook took from another one are left alone.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

LARGEST_PART = 100 * 1024 * 1024  # bytes
_RELATIONS = re.compile(r"(^|/)_rels/[^/]*\.rels$", re.I)
_WORD_PART = re.compile(r"word/[^/]+\.xml", re.I)
_EXTERNAL_LINK = re.compile(r"xl/externalLinks/[^/]+\.xml", re.I)
_FETCHED = frozenset({"attachedtemplate", "oleobject", "frame", "subdocument", "afchunk", "control", "package"})
_OF_THIS_MACHINE = re.compile(r"(file:///)?([a-z]:[\\/]|[^\\/:]+$|\.{0,2}/[^/\\])", re.I)
_DDE = re.compile(r"\s*[\"“]?\s*DDE(AUTO)?\b", re.I)

TEMPLATE = (
    "This file uses a template from another place. In Word, choose Developer, Document Template, and attach Normal; "
    "save it, then add it."
)
OBJECT = "Part of this file is fetched from another place. Break that link in Office, then add it."
DDE = "This file holds a link that starts another program (DDE). Remove it, or save the file as PDF, then add it."
DAMAGED = "This file is damaged. Open it in Office, save it again, then add it."


def reaches_out(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> str:
    """Return why this part of an Office file means it cannot be evidence, as a sentence; empty if nothing does."""
    name = part.filename
    check = (
        _of_relations
        if _RELATIONS.search(name)
        else _of_word
        if _WORD_PART.fullmatch(name)
        else _of_external_link
        if _EXTERNAL_LINK.fullmatch(name)
        else None
    )
    if check is None:
        return ""
    if part.file_size > LARGEST_PART:
        return "The file is too big once it is opened. Save a smaller copy."
    try:
        return check(packed, name)
    except ElementTree.ParseError:
        return DAMAGED


def _elements(packed: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str, ElementTree.Element]]:
    """Each start and end of an element, with its name without the namespace; elements are freed once read."""
    with packed.open(name) as part:
        for event, element in ElementTree.iterparse(part, ("start", "end")):
            yield event, element.tag.rpartition("}")[2], element
            if event == "end":
                element.clear()


def _of_relations(packed: zipfile.ZipFile, name: str) -> str:
    for event, tag, element in _elements(packed, name):
        if event == "end" or tag != "Relationship" or element.get("TargetMode", "").lower() != "external":
            continue
        kind = element.get("Type", "").rpartition("/")[2].lower()
        if kind in _FETCHED and not _OF_THIS_MACHINE.match(element.get("Target", "").strip()):
            return TEMPLATE if kind == "attachedtemplate" else OBJECT
    return ""


def _of_external_link(packed: zipfile.ZipFile, name: str) -> str:
    for _, tag, _ in _elements(packed, name):
        if tag == "ddeLink":
            return DDE
        if tag == "oleLink":
            return OBJECT
    return ""


def _of_word(packed: zipfile.ZipFile, name: str) -> str:
    """Fields are read as Word reads them: over all runs, and with the results of the fields inside them."""
    fields: list[list[str]] = []
    asks: list[bool] = []  # whether each open field is still at its instruction, and not at its result
    for event, tag, element in _elements(packed, name):
        kind = _attribute(element, "fldCharType") if tag == "fldChar" and event == "start" else ""
        if tag == "fldSimple" and event == "start" and _DDE.match(_attribute(element, "instr")):
            return DDE
        if kind == "begin":
            fields.append([])
            asks.append(True)
        elif kind in {"separate", "end"} and fields:
            if asks[-1] and _DDE.match("".join(fields[-1])):
                return DDE
            asks[-1] = False
            if kind == "end":
                fields.pop()
                asks.pop()
        elif event == "end" and tag in {"instrText", "t"} and fields:
            for at, asking in enumerate(asks):
                inside = tag == "t" or at == len(asks) - 1
                if asking and inside:
                    fields[at].append(element.text or "")
    return ""


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
