"""The limits of a plan file, checked before any parser sees it.

Nothing is taken on the word of the archive: each part is unpacked in pieces and counted, and thrown away again. A file
that passes can still be damaged or be no plan; it cannot be a decompression bomb.
"""

from __future__ import annotations

import csv
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path, PurePosixPath
from typing import IO

from ilacs_app.files.archives import LARGEST_FILE, LARGEST_FILE_WORDS, MACRO_PARTS, directory_of, leaves_its_folder
from ilacs_app.intake.reader.contents.delimited import is_wide
from ilacs_app.intake.reader.contents.refusal import EXTENSIONS, NotAPlan, extension_inside, no_package

_LARGEST_UNPACKED = 100 * 1024 * 1024  # bytes, as is every size here
LARGEST_TEXT_PARTS = 64 * 1024 * 1024
_LARGEST_DIRECTORY = 512 * 1024
_LONGEST_TEXT = 1024 * 1024  # in one cell, paragraph or line
MOST_ENTRIES = 2_000
MOST_TAGS_OF_TABLES = 4_000_000
MOST_TAGS_BESIDE = 500_000
DEEPEST = 500
_MOST_CELLS = 600_000
MOST_ROWS = 200_000
_MOST_AREA = 2_000_000
MOST_FILLED_ROWS = 20_000  # rows with words in them, which are what takes time; the largest plan has a tenth of it
MOST_PARAGRAPHS = 100_000
MOST_MERGED = 20_000
_MOST_COLUMNS = 16_384  # as in Excel
WIDEST_LINE = 5_000
# 20 to 1 is usual in Office files; 100 to 1 occurs in large sheets that repeat the same words.
TIGHTEST_PART, FROM_PART = 400, 1024 * 1024
TIGHTEST_WHOLE, FROM_WHOLE = 200, 8 * 1024 * 1024

_OFFICE = {extension: EXTENSIONS[extension] for extension in (".docx", ".xlsx", ".odt", ".ods")}
_WITH_MACROS = {".docm": ".docx", ".dotm": ".docx", ".xlsm": ".xlsx", ".xltm": ".xlsx", ".xlsb": ".xlsx"}
_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
_ENCODING = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)""")
_OLD_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")  # the folder of macros in an old workbook
_ROOT = re.compile(rb"<(?:\w+:)?(worksheet|sst|document|document-content)[\s/>]")
_USUAL_ROOTS = {"word/document.xml": b"document", "xl/sharedstrings.xml": b"sst"}
_PIECE = 64 * 1024


def check_limits(path: Path) -> None:
    """Pass a file that is safe to hand to a parser.

    Reads at most LARGEST_FILE bytes and holds a few pieces of them. What is missing, empty or of another kind passes:
    the reader says it better.

    Raises:
        NotAPlan: the file is too large, holds too much or what no plan needs (macros, entities, a password), or is
            not what its name says.
    """
    extension = path.suffix.lower()
    if extension in _WITH_MACROS:
        raise NotAPlan(f"{path.name} may hold macros: save it as {_WITH_MACROS[extension]} and try again.")
    if not path.is_file() or path.stat().st_size == 0:
        return
    if path.stat().st_size > LARGEST_FILE:
        raise NotAPlan(f"{path.name} is larger than {LARGEST_FILE_WORDS}: remove its pictures and save it again.")
    if extension in EXTENSIONS:
        extension = extension_inside(path)
    if extension == ".csv":
        _check_lines(path)
    elif extension == ".xls":
        if _OLD_MACROS in path.read_bytes():
            raise NotAPlan(f"{path.name} holds macros: save it as .xlsx, which has none, and try again.")
    elif extension in _OFFICE:
        try:
            with path.open("rb") as file:
                _Package(path.name, extension, file, no_package(path)).check()
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError) as error:
            if isinstance(error, NotAPlan):
                raise
            raise _damaged(path.name, extension) from error


def _check_lines(path: Path) -> None:
    data = path.read_bytes()
    if data.count(b"\n") > MOST_ROWS or data.count(b"\r") > MOST_ROWS:
        raise NotAPlan(f"{path.name} has more than {MOST_ROWS:,} lines: leave only the plan's table in it.")
    if b"\0" in data and not is_wide(data):
        raise NotAPlan(f"{path.name} is not a text file inside: open it in Excel and save it as CSV UTF-8.")
    cells = 0
    for number, line in enumerate(data.splitlines(), start=1):
        if len(line) > _LONGEST_TEXT:
            raise NotAPlan(f"Line {number} of {path.name} is longer than a million characters: save it as CSV again.")
        widest = max(line.count(mark) for mark in (b",", b";", b"\t"))
        if widest > WIDEST_LINE:
            raise NotAPlan(
                f"Line {number} of {path.name} has more than {WIDEST_LINE:,} columns: "
                "delete the empty columns to the right of the table."
            )
        cells += widest + 1
    if cells > _MOST_AREA:
        raise NotAPlan(f"{path.name} has more than {_MOST_AREA:,} cells: leave only the plan's table in it.")
    if sum(1 for _ in islice(_filled_rows(path, data[:2]), MOST_FILLED_ROWS + 1)) > MOST_FILLED_ROWS:
        raise NotAPlan(f"{path.name} {_TOO_MANY_ROWS}: leave only the plan's table in it.")


_TOO_MANY_ROWS = f"has more than {MOST_FILLED_ROWS:,} rows with words in them"


def _filled_rows(path: Path, mark: bytes) -> Iterator[list[str]]:
    """The rows of a CSV file that say something; lines that a quoted cell runs over are one row."""
    encoding = "utf-16" if mark in (b"\xff\xfe", b"\xfe\xff") else "latin-1"
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        rows = csv.reader(file)
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error:  # a cell that is too long, or an unclosed quotation mark: the reader reports it
                continue
            if any(cell.strip(" ;\t\xa0") for cell in row):
                yield row


@dataclass
class _Package:
    """One Word or Excel file under the checks."""

    name: str
    extension: str
    file: IO[bytes]
    no_package: NotAPlan | None = None
    """Say what its first bytes show it to be instead."""
    text_unpacked: int = 0
    cells: int = 0
    rows: int = 0
    paragraphs: int = 0

    def check(self) -> None:
        self._head()
        self._directory()
        with zipfile.ZipFile(self.file) as archive:
            entries = archive.infolist()
            self._names(entries)
            self._sizes(entries, archive.start_dir)
            for entry in entries:
                with archive.open(entry) as part:
                    self._part(entry.filename, part)

    def _refuse(self, says: str, do: str = "save the plan again from Office.") -> NotAPlan:
        return NotAPlan(f"{self.name} {says}: {do}")

    def _head(self) -> None:
        if self.no_package:
            raise self.no_package
        head = self.file.read(8)
        if not head.startswith(b"PK"):
            program, kind = _OFFICE[self.extension]
            raise self._refuse(f"is no {kind} inside", f"save the plan as {self.extension} from {program}.")

    def _directory(self) -> None:
        """The directory is what a library reads whole, so its size is looked at before one does."""
        directory = directory_of(self.file, self.file.seek(0, 2))
        if directory is None:
            raise _damaged(self.name, self.extension)
        if directory.entries > MOST_ENTRIES or directory.size > _LARGEST_DIRECTORY:
            raise self._refuse(f"holds more than {MOST_ENTRIES:,} parts")
        if not directory.is_whole:
            raise _damaged(self.name, self.extension)

    def _names(self, entries: list[zipfile.ZipInfo]) -> None:
        seen: set[str] = set()
        for entry in entries:
            name = entry.orig_filename
            if (
                not name.isprintable()
                or len(name) > 255
                or leaves_its_folder(name)
                or ":" in name
                or stat.S_ISLNK(entry.external_attr >> 16)
            ):
                raise self._refuse("holds a part with a name that Office never writes")
            if name.lower() in seen:
                raise self._refuse("holds two parts with the same name")
            seen.add(name.lower())
            if entry.flag_bits & 1:
                raise self._refuse("is protected by a password", "remove the password and save it again.")
            if MACRO_PARTS.search(name) or name.startswith(("Basic/", "Scripts/")):
                raise self._macros()

    def _macros(self) -> NotAPlan:
        return self._refuse("holds macros", f"save it without them, as {self.extension}, and try again.")

    def _sizes(self, entries: list[zipfile.ZipInfo], directory_starts: int) -> None:
        unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
        if unpacked > _LARGEST_UNPACKED:
            raise self._refuse("is too large when unpacked", "remove its pictures and save it again.")
        tight = [
            (entry.file_size, entry.compress_size, TIGHTEST_PART) for entry in entries if entry.file_size > FROM_PART
        ]
        if unpacked > FROM_WHOLE:
            tight.append((unpacked, packed, TIGHTEST_WHOLE))
        if any(size > limit * small for size, small, limit in tight):
            raise self._refuse(
                "is far larger once it is opened",
                "delete the empty rows and columns round its tables, and save it again.",
            )
        places = sorted((entry.header_offset, entry.header_offset + 30 + entry.compress_size) for entry in entries)
        ends = [*places, (directory_starts, directory_starts)]
        if any(end > following for (_, end), (following, _) in pairwise(ends)):
            raise self._refuse("holds parts that overlap")
        if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
            raise self._refuse("is packed in a way that Office never uses")

    def _part(self, name: str, part: IO[bytes]) -> None:
        head = part.read(_PIECE)
        if head.startswith(
            (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"MZ", b"\x7fELF")
        ):
            if "/embeddings/" in name and head.startswith(b"PK"):
                return  # the data behind a chart: no reader opens it
            raise self._refuse("holds another archive or a program", "remove what is embedded and save it again.")
        if name.lower().endswith((".xml", ".rels", ".vml")):
            self._text_part(name, head, part)
            return
        while part.read(_PIECE):  # to the end: the library compares size and checksum there
            pass

    def _text_part(self, name: str, head: bytes, part: IO[bytes]) -> None:
        wide = head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"))
        declared = _ENCODING.search((head.replace(b"\0", b"") if wide else head)[:400])
        if declared and declared[1].lower() not in _ENCODINGS:
            raise self._refuse("is written in characters that Office never uses")
        roots = {*_ROOT.findall(head.replace(b"\0", b"") if wide else head), _USUAL_ROOTS.get(name.lower())}
        is_sheet = b"worksheet" in roots or name.lower().startswith("xl/worksheets/")
        table = _Sheet() if is_sheet else None
        is_document = b"document" in roots
        tables = is_sheet or is_document or b"sst" in roots or b"document-content" in roots
        most = MOST_TAGS_OF_TABLES if tables else MOST_TAGS_BESIDE
        tags = depth = 0
        for piece in self._pieces(head, part, wide):
            if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                raise self._refuse("defines entities, which no plan needs")
            if name == "[Content_Types].xml" and b"macroenabled" in piece.lower():
                raise self._macros()
            opened, closing = piece.count(b"<"), piece.count(b"</")
            tags += opened
            depth += opened - 2 * closing - piece.count(b"/>") - piece.count(b"<!") - piece.count(b"<?")
            if tags > most:
                raise self._refuse("holds far more than a plan", "leave only the plan's tables in it.")
            if depth > DEEPEST:
                raise self._refuse("is nested too deeply")
            if table:
                self._sheet(table, piece, name)
            elif is_document:
                self._document(piece)

    def _pieces(self, head: bytes, part: IO[bytes], wide: bool) -> Iterator[bytes]:
        """The part in pieces that end between two tags."""
        buffer, piece = b"", head
        while piece:
            self.text_unpacked += len(piece)
            if self.text_unpacked > LARGEST_TEXT_PARTS:
                raise self._refuse("is too large when unpacked", "leave only the plan's tables in it.")
            if wide:
                piece = piece.replace(b"\0", b"")
            elif b"\0" in piece:
                raise _damaged(self.name, self.extension)
            buffer += piece
            cut = buffer.rfind(b"<")
            if cut > 0:
                yield buffer[:cut]
                buffer = buffer[cut:]
            if len(buffer) > _LONGEST_TEXT:
                raise self._refuse("holds a text of more than a million characters", "shorten it and save it again.")
            piece = part.read(_PIECE)
        yield buffer

    def _sheet(self, sheet: _Sheet, piece: bytes, name: str) -> None:
        filled = sheet.filled
        self.cells += sheet.count(piece)
        self._most_rows(sheet.filled - filled)
        where = f"has a sheet ({PurePosixPath(name).stem}) that"
        if sheet.columns > _MOST_COLUMNS:
            raise self._refuse(f"{where} reaches beyond column XFD", "delete the columns beside its table.")
        if sheet.rows > MOST_ROWS or sheet.columns * sheet.last_row > _MOST_AREA:
            raise self._refuse(
                f"{where} reaches to row {max(sheet.rows, sheet.last_row):,}",
                "delete the empty rows and columns round its table.",
            )
        if sheet.merged > MOST_MERGED or sheet.merged_area > _MOST_AREA:
            raise self._refuse(f"{where} has far too many merged cells", "undo the merging outside its table.")
        self._most_cells(_MOST_CELLS)

    def _document(self, piece: bytes) -> None:
        self.cells += len(_WORD_CELL.findall(piece))
        self._most_cells(_MOST_CELLS // 6)
        self._most_rows(len(_WORD_ROW.findall(piece)))
        self.paragraphs += len(_WORD_PARAGRAPH.findall(piece))
        if self.paragraphs > MOST_PARAGRAPHS:
            raise self._refuse(f"has more than {MOST_PARAGRAPHS:,} paragraphs", "leave only the plan in it.")
        if any(len(span) > 3 for span in _WORD_SPAN.findall(piece)):
            raise self._refuse("has a table with more than a thousand columns", "delete the columns beside the plan.")

    def _most_rows(self, more: int) -> None:
        self.rows += more
        if self.rows > MOST_FILLED_ROWS:
            raise self._refuse(_TOO_MANY_ROWS, "leave only the plan's tables in it.")

    def _most_cells(self, most: int) -> None:
        if self.cells > most:
            raise self._refuse(f"has more than {most:,} cells", "leave only the plan's tables in it.")


_WORD_CELL = re.compile(rb"<(?:\w+:)?tc[ />]")
_WORD_ROW = re.compile(rb"<(?:\w+:)?tr[ />]")
_WORD_PARAGRAPH = re.compile(rb"<(?:\w+:)?p[ />]")
_WORD_SPAN = re.compile(rb"""<(?:\w+:)?(?:gridSpan|gridBefore|gridAfter)\b[^>]*?val\s*=\s*["']\s*(\d+)""")
_SHEET_TAG = re.compile(rb"<(?:\w+:)?(c|row|col|mergeCell|v|is)(?=[\s/>])([^>]*)")
_PLACE = re.compile(rb"""\b(?:r|ref)\s*=\s*["']([A-Za-z]+)(\d+)(?::([A-Za-z]+)(\d+))?""")


@dataclass
class _Sheet:
    """What one sheet has so far."""

    rows: int = 0
    filled: int = 0
    columns: int = 0
    last_row: int = 0
    merged: int = 0
    merged_area: int = 0
    column_marks: int = 0
    row_says: bool = False

    def count(self, piece: bytes) -> int:
        """Count a piece; return its number of cells."""
        cells = 0
        for tag, attributes in _SHEET_TAG.findall(piece):
            if tag == b"row":
                self.rows += 1
                self.row_says = False
            elif tag in (b"v", b"is"):
                self.filled += not self.row_says
                self.row_says = True
            elif tag == b"col":
                self.column_marks += 1
                self.columns = max(self.columns, self.column_marks if self.column_marks > _MOST_COLUMNS else 0)
            else:
                cells += tag == b"c"
                self.merged += tag == b"mergeCell"
                if place := _PLACE.search(attributes):
                    self._reaches(*place.groups())
        return cells

    def _reaches(self, letters: bytes, row: bytes, last_letters: bytes | None, last_row: bytes | None) -> None:
        column, line = _column(letters), _number(row)
        if last_letters and last_row:
            self.merged_area += (abs(_column(last_letters) - column) + 1) * (abs(_number(last_row) - line) + 1)
        else:
            self.columns, self.last_row = max(self.columns, column), max(self.last_row, line)


def _column(letters: bytes) -> int:
    if len(letters) > 3:
        return _MOST_COLUMNS + 1
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _number(digits: bytes) -> int:
    return int(digits[:9])


def _damaged(name: str, extension: str) -> NotAPlan:
    return NotAPlan(
        f"{name} is damaged or only half saved: open it in {_OFFICE[extension][0]}, save it again and try once more."
    )
