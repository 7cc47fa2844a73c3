"""Every format of a pack, made and stored: all of them or none."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ilacs_app.files.store import EvidenceStore
from ilacs_app.governance.packs.commands import StoredPart
from ilacs_app.governance.packs.document import to_json
from ilacs_app.governance.packs.documents import PackDocuments
from ilacs_app.reporting.export.formats import printing
from ilacs_app.reporting.export.pdf import available
from ilacs_app.reporting.packs.pdf import pack_pdf
from ilacs_app.reporting.packs.word import pack_word

_log = logging.getLogger(__name__)
DOWNLOADS: Mapping[str, str] = {"pdf": "PDF", "docx": "Word"}


class PackNotMade(Exception):
    """A format of the papers could not be made; the message is a sentence for the person who publishes."""


@dataclass(frozen=True)
class DrawnPart:
    """One format of a pack. ``exempt``: the copy that shows the exempt part."""

    format: str
    exempt: bool
    data: bytes


def drawn_formats(documents: PackDocuments) -> Iterator[DrawnPart]:
    """Yield each format of a pack that this installation can make."""
    copies = [(documents.shown, False), *([(documents.exempt, True)] if documents.exempt else [])]
    for document, exempt in copies:
        yield DrawnPart("page", exempt, to_json(document))
        yield DrawnPart("docx", exempt, pack_word(document))
        if available():
            yield DrawnPart("pdf", exempt, pack_pdf(document))


def stored_parts(documents: PackDocuments, store: EvidenceStore) -> tuple[StoredPart, ...]:
    """Make every format and put it into the store; leave nothing there if one of them fails.

    Raises:
        PackNotMade: a format cannot be made of what the papers say.
        StoreError: the folder is full or cannot be written to.
    """
    parts: list[StoredPart] = []
    try:
        for part in _made(documents):
            parts.append(StoredPart(part.format, part.exempt, store.put(io.BytesIO(part.data))))
    except BaseException:
        discard_parts(parts, store)
        raise
    return tuple(parts)


def _made(documents: PackDocuments) -> list[DrawnPart]:
    try:
        with printing:
            return list(drawn_formats(documents))
    except Exception as error:  # a library may raise anything for text that no one has thought of
        _log.exception("the papers of %s cannot be made", documents.shown.head.title)
        raise PackNotMade(
            "One of the formats could not be made, so nothing was published. Tell the administrator."
        ) from error


def discard_parts(parts: Iterable[StoredPart], store: EvidenceStore) -> None:
    """Delete the files of a pack that no row can name."""
    for part in parts:
        store.discard(part.stored.key)
