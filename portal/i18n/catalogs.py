"""Bring the catalogs up to what the code and templates say: `python -m portal.i18n.catalogs`."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from portal.i18n.language import FOLDER

ROOT = FOLDER.parent.parent

# a Message with three parts is one with a plural; a comma at the end of a call counts as a part
KEYWORDS: Any = {
    "_": None,
    "ngettext": (1, 2),
    "gettext": None,
    "Message": {None: (1,), 3: (1, 3), 4: (1, 3)},
}


RESTLESS = (
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Report-Msgid-Bugs-To',
    b'"Last-Translator',
    b'"Language-Team',
    b'"Generated-By',
)


def extracted() -> Catalog:
    """Every message that the code and the templates say."""
    catalog = Catalog(charset="utf-8")
    for message, context in _messages():
        catalog.add(message, context=context)
    return catalog


def _messages() -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    with (FOLDER / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS)
    for _file, _line, message, _comments, context in found:
        # the third part of a Message is a plural only when it counts
        counts = isinstance(message, str) or "%(n)s" in str(message[1])
        yield (message if counts else message[0]), context


def update(path: Path, template: Catalog) -> None:
    """Add what is new to one catalog and drop what is said no more; translations are kept."""
    with path.open("rb") as source:
        catalog = read_po(source, locale=path.parent.name)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = "# Interface texts; the key is the English sentence."
    catalog.project, catalog.version = "portal", "1"
    written = BytesIO()
    write_po(written, catalog, width=100, no_location=True, sort_output=True)
    # dates and mail addresses of the header change with every run and say nothing
    lines = written.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(RESTLESS)))


if __name__ == "__main__":
    messages = extracted()
    for each in sorted(FOLDER.glob("*/portal.po")):
        update(each, messages)
