"""The package of an Office file: its parts, found by their relationships and never by a fixed name.

Strict Open XML uses other namespaces for the same elements; its parts are read as if they were written in the usual
ones. The XML parser resolves no entity and opens nothing else.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_USUAL_MAIN = ("word/document.xml", "xl/workbook.xml")  # for a package without its first relationships
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", _OFFICE),
)  # fmt: skip


class Unreadable(ValueError):
    """A part of the package is missing or is no XML; the message is for a log, not for a person."""


@dataclass(frozen=True)
class Relation:
    """What a part points to: the last word of its type ("styles"), and a part's name or an address outside the file."""

    kind: str
    target: str
    outside: bool


@dataclass(frozen=True)
class Package:
    """An open file. Close its archive by `with Package.open(path) as package`."""

    archive: zipfile.ZipFile
    _names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> Package:
        """Open a package.

        Raises:
            zipfile.BadZipFile, OSError: it is no archive.
        """
        archive = zipfile.ZipFile(path)
        return cls(archive, {name.casefold(): name for name in archive.namelist()})

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self.archive.close()

    @cached_property
    def main(self) -> str:
        """The name of the part that the package is about."""
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and not relation.outside and self.has(relation.target):
                return relation.target
        for usual in _USUAL_MAIN:
            if self.has(usual):
                return usual
        raise Unreadable("the package names no main part")

    def has(self, part: str) -> bool:
        return part.casefold() in self._names

    def data(self, part: str) -> bytes:
        """The bytes of a part, an XML part in the usual namespaces and without a wide encoding."""
        try:
            data = self.archive.read(self._names[part.casefold()])
        except KeyError as error:
            raise Unreadable(f"there is no part {part}") from error
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            data = data.decode("utf-16").encode()
            start = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
            data = data[start:]
        if b"http://purl.oclc.org/ooxml/" in data[:8192]:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return data

    def xml(self, part: str) -> Any:
        """The root element of a part.

        Raises:
            Unreadable: the part is missing, is no XML or defines entities.
        """
        try:
            root = etree.fromstring(self.data(part), _parser())
        except (etree.XMLSyntaxError, UnicodeDecodeError) as error:
            raise Unreadable(f"{part} is no XML") from error
        if root.getroottree().docinfo.doctype:
            raise Unreadable(f"{part} defines a document type")
        return root

    def elements(self, part: str, *tags: str) -> Iterator[Any]:
        """The elements with these tags, one after the other; each is emptied once it was looked at."""
        events = etree.iterparse(
            io.BytesIO(self.data(part)), tag=tags, resolve_entities=False, no_network=True, remove_comments=True
        )
        try:
            for _, element in events:
                yield element
                element.clear(keep_tail=False)
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise Unreadable(f"{part} is no XML") from error

    def relations(self, part: str) -> Mapping[str, Relation]:
        """The relationships of a part by their ids; of the package itself for ""."""
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(listed):
            return {}
        return {
            relation.get("Id") or "": Relation(
                (relation.get("Type") or "").rpartition("/")[2],
                target if (outside := relation.get("TargetMode") == "External") else _absolute(folder, target),
                outside,
            )
            for relation in self.xml(listed).iter(_PACKAGE)
            if (target := relation.get("Target") or "")
        }

    def related(self, part: str, kind: str) -> Iterator[str]:
        """The names of the parts that a part points to as of this kind, those that are there."""
        for relation in self.relations(part).values():
            if relation.kind == kind and not relation.outside and self.has(relation.target):
                yield relation.target

    def related_xml(self, part: str, kind: str) -> Any:
        """The root of the first related part of a kind; None if there is none or it cannot be read.

        For parts that colour the reading (styles, theme) but without which the text is still whole.
        """
        for name in self.related(part, kind):
            try:
                return self.xml(name)
            except Unreadable:
                continue
        return None


def _absolute(folder: str, target: str) -> str:
    target = unquote(target)
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, load_dtd=False
    )
