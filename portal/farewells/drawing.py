"""The archive that an organisation takes with it, made while it is sent.

Tables of a register have the columns of its import, so that another portal can read them.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec
from sqlite_utils import Database
from zipstream import ZipStream  # type: ignore[import-untyped]

from portal.actor import Actor
from portal.farewells.queries import (
    OWN,
    TABLES,
    find_all_contents,
    find_own_people,
    find_own_records,
    find_own_table,
    find_shown,
)
from portal.farewells.rules import (
    EARLIER,
    EVIDENCE,
    MATERIALS,
    README,
    file_name,
    told_apart,
)
from portal.files import Shelf
from portal.i18n.language import Language
from portal.sheets import as_csv
from portal.texts import clean
from portal.transfer.actions import KINDS
from portal.transfer.contents import find_contents
from portal.transfer.enclosures import text_hash


class Piece(msgspec.Struct, frozen=True):
    """One member of the archive: a name, and a file of the shelf or a text."""

    name: str
    hash: str | None = None
    text: bytes = b""


def pieces_of(db: Database, asks: Actor, today: date, language: Language) -> list[Piece]:
    """All that is in the archive of the organisation that asks, the explanation first."""
    own = str(asks.organisation_id)
    taken: set[str] = set()
    found = [Piece(README, text=readme(language).encode("utf-8-sig"))]
    files, paths = _newest(db, own, taken)
    for kind in OWN:
        found += _registers(db, kind, own, paths)
    header, rows = find_own_people(db, asks, today)
    found.append(Piece("practitioners.csv", text=as_csv([header, *rows])))
    for name in TABLES:
        header, rows = find_own_table(db, name, own)
        if rows:
            found.append(Piece(f"{name}.csv", text=as_csv([header, *rows])))
    return [*found, *files, *_earlier(db, own, files, taken), *_evidence(db, own, taken)]


def archive_of(pieces: Iterable[Piece], shelf: Shelf) -> Iterator[bytes]:
    """The archive's bytes; a file that the shelf has lost is left out rather than all of them."""
    archive = ZipStream()
    for each in pieces:
        if each.hash is None:
            archive.add(each.text, each.name)
        elif shelf.path(each.hash).is_file():
            archive.add_path(shelf.path(each.hash), each.name)
    return iter(archive)


def readme(language: Language) -> str:
    """What is in the archive, and what is not."""
    _ = language.gettext
    parts = [
        _("The records of your organisation in the portal of the network."),
        _("Tables are CSV files in UTF-8; a spreadsheet opens them, and a portal reads them again"
          " by “portal import”: organisations, materials, campaigns, activities, events,"
          " practitioners. What was not published yet stands in tables of its own."),
        _("The files and texts of your materials lie in the folder materials_files, earlier and"
          " unpublished versions in materials_earlier, what you showed with your application in"
          " evidence."),
        _("Of practitioners there is the name, the profession and the state of the agreement."
          " Phone numbers, e-mail addresses, licences, consents and whom somebody excludes are not"
          " in it: they belong to each practitioner, who gives them to whom they choose."),
        _("Keep this archive where only your own people can open it."),
    ]  # fmt: skip
    return "\r\n\r\n".join(parts) + "\r\n"


def _registers(db: Database, kind: str, own: str, paths: dict[str, list[str]]) -> list[Piece]:
    header = KINDS[kind].header
    pieces = []
    for name, records in zip(
        (kind, f"{kind}_unpublished"), find_own_records(db, kind, own), strict=True
    ):
        if kind == "materials":
            # what a cell says of files by their hash is said by their paths in the archive
            records = [{**each, "files": ";".join(paths.get(each["id"], []))} for each in records]
        if records:
            rows = [[each[column] for column in header] for each in records]
            pieces.append(Piece(f"{name}.csv", text=as_csv([header, *rows])))
    return pieces


def _newest(db: Database, own: str, taken: set[str]) -> tuple[list[Piece], dict[str, list[str]]]:
    """What each work has now, under the paths that its row in the table names."""
    pieces: list[Piece] = []
    paths: dict[str, list[str]] = {}
    for record in find_own_records(db, "materials", own)[0]:
        for each in find_contents(db, record["id"]):
            content = each.content
            if content is None:
                continue
            # the language stands at the end of the name, as an import reads it
            plain = f"{MATERIALS}/{record['id']}_{content.language}.{content.ending}"
            number = 1
            while plain in taken:
                number += 1
                stem = f"{MATERIALS}/{record['id']}-{number}"
                plain = f"{stem}_{content.language}.{content.ending}"
            taken.add(plain)
            paths.setdefault(record["id"], []).append(plain)
            pieces.append(_piece(plain, each.hash if each.body is None else None, each.body))
    return pieces, paths


def _earlier(db: Database, own: str, newest: list[Piece], taken: set[str]) -> list[Piece]:
    """Every other file and text: of earlier versions, and of those nobody has published."""
    there = {each.hash or text_hash(each.text.decode()) for each in newest}
    pieces = []
    for each in find_all_contents(db, own):
        if (each.hash or text_hash(each.body or "")) in there:
            continue
        name = f"{EARLIER}/{each.material_id}_version-{each.number}_{each.language}.{each.ending}"
        pieces.append(_piece(told_apart(name, taken), each.hash, each.body))
    return pieces


def _evidence(db: Database, own: str, taken: set[str]) -> list[Piece]:
    return [
        Piece(told_apart(f"{EVIDENCE}/{file_name(each.name, each.ending)}", taken), each.hash)
        for each in find_shown(db, own)
    ]


def _piece(name: str, digest: str | None, body: str | None) -> Piece:
    if body is None:
        return Piece(name, digest)
    return Piece(name, text=clean(body).encode() + b"\n")
