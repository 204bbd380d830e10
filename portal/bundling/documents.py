"""The pages of the bundle, in one language after another, and what can be found in them."""

import calendar
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from babel.dates import get_day_names, get_month_names
from jinja2 import Environment

from portal.bundling.queries import Contents, Row
from portal.bundling.rules import (
    A_PAGE,
    A_PAGE_OF_NAMES,
    OUT,
    Entry,
    batches,
    folding_script,
    in_order,
    index_script,
    language_name,
    letter_of,
    names_of,
    page_name,
    way_out,
)
from portal.i18n.language import Language, Message, load_language
from portal.publication.notes import read_notes
from portal.settings import Settings
from portal.web.page import make_templates

TEMPLATES = Path(__file__).parent / "templates"

# security: nothing is loaded but files beside the page, nothing is sent, no frame, no base. Where a
# browser takes 'self' on a stick for nothing at all, `file:` says the same.
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file:;"
    " base-uri 'none'; form-action 'none'"
)

_TABLES_A_PAGE = 8


class Made(msgspec.Struct, frozen=True):
    """One file of the bundle."""

    path: str
    body: bytes


class Writer:
    """Writes the pages of one language."""

    def __init__(
        self, contents: Contents, settings: Settings, files: Mapping[str, str], code: str
    ) -> None:
        self._contents = contents
        self._files = files
        self._settings = settings
        self._templates: Environment = make_templates(str(TEMPLATES))
        self.language: Language = load_language(code)
        self.entries: list[Entry] = []

    def page(self, template: str, path: str, **context: object) -> Made:
        """A page of the language's own folder."""
        html = self._templates.get_template(template).render(self._words(path), **context)
        return Made(f"{self.language.code}/{path}", html.encode())

    def first_page(self) -> Made:
        """The page above all languages."""
        words = {**self._words("index.html"), "above": ""}
        if words["way_out"] == OUT:
            words["way_out"] = f"{self.language.code}/{OUT}"
        html = self._templates.get_template("bundle_first.html").render(words)
        return Made("index.html", html.encode())

    def read_me(self) -> str:
        """How to open the bundle and how to check it, in this language."""
        words = self._words("")
        return self._templates.get_template("bundle_readme.html").render(words).strip() + "\n"

    def said(self, row: Row, column: str) -> str:
        """A text in the reader's language where somebody wrote it, else as it was written."""
        return row.get(f"{column}_{self.language.code}") or row.get(column) or ""

    def called(self, table: str, code: str | None) -> str:
        """How a code is called."""
        return self._contents.name(table, code, self.language.code)

    def note(self, title: str, path: str, kind: Message, names: list[str], *also: str) -> None:
        """Remember that something stands on a page, for whoever looks for it."""
        names = [each for each in (title, *names) if each]
        entry = Entry(title, path, self.language.say(kind), tuple(names), tuple(filter(None, also)))
        self.entries.append(entry)

    def _words(self, path: str) -> dict[str, Any]:
        edition = self._contents.edition
        return {
            "_": self.language.gettext,
            "ngettext": self.language.ngettext,
            "language": self.language,
            "languages": [load_language(code) for code in self._settings.languages],
            "settings": self._settings,
            "contents": self._contents,
            "edition": edition,
            "files": self._files,
            "said": self.said,
            "called": self.called,
            "language_name": lambda code: language_name(code, self.language.code),
            "policy": POLICY,
            "path": path,
            "above": "../",
            "way_out": way_out(self._settings.exit_url),
        }


def write_pages(contents: Contents, settings: Settings, files: Mapping[str, str]) -> Iterator[Made]:
    """Every page and script; `files` says where files of materials stand that are carried along."""
    everything: list[Entry] = []
    for number, code in enumerate(settings.languages):
        writer = Writer(contents, settings, files, code)
        if number == 0:
            yield writer.first_page()
        yield from _pages_of(writer, contents)
        entries = in_order(writer.entries)
        yield from _index_of(writer, entries)
        yield Made(f"a/{code}.js", index_script(entries).encode())
        everything += entries
    yield Made("a/fold.js", folding_script(everything).encode())
    letters = (Writer(contents, settings, files, code).read_me() for code in settings.languages)
    # line ends that the plainest editor shows
    yield Made("README.txt", "\n----\n\n".join(letters).replace("\n", "\r\n").encode("utf-8-sig"))


def _pages_of(writer: Writer, contents: Contents) -> Iterator[Made]:
    yield writer.page("bundle_start.html", "index.html")
    yield from _organisations(writer, contents)
    yield _visits(writer, contents)
    yield _charter(writer, contents)
    yield from _materials(writer, contents)
    yield from _listed(writer, contents.campaigns, "camp", "campaigns", Message("Campaign"))
    yield from _listed(writer, contents.events, "events", "events", Message("Event"))
    yield from _indicators(writer, contents)
    yield from _data(writer, contents)
    yield writer.page("bundle_find.html", "find.html")
    yield _calendar(writer, contents)


def _organisations(writer: Writer, contents: Contents) -> Iterator[Made]:
    by_region: dict[str, list[Row]] = defaultdict(list)
    for each in contents.organisations:
        by_region[each["region"] or ""].append(each)
    order = [*(region["code"] for region in contents.regions), ""]
    shown = [
        (code, page_name("o", code or "0"), by_region[code]) for code in order if by_region[code]
    ]
    yield writer.page("bundle_organisations.html", "orgs.html", shown=shown)
    for code, path, organisations in shown:
        for each in organisations:
            services = [writer.called("services", service) for service in each["services"]]
            writer.note(
                writer.said(each, "name"),
                f"{path}#{each['id']}",
                Message("Organisation"),
                names_of(each, "name"),
                contents.settlements.get(each["settlement"] or "", ""),
                *contents.names["regions"].get(code, {}).values(),
                *services,
            )
        yield writer.page("bundle_region.html", path, region=code, organisations=organisations)


def _visits(writer: Writer, contents: Contents) -> Made:
    for region in contents.regions:
        names = contents.names["regions"].get(region["code"], {})
        title = writer.called("regions", region["code"])
        path = f"visits.html#{region['code']}"
        writer.note(title, path, Message("Home visits"), list(names.values()))
    return writer.page(
        "bundle_visits.html", "visits.html", professions=contents.names["professions"]
    )


def _charter(writer: Writer, contents: Contents) -> Made:
    def text(point: Row, field: str) -> Row | None:
        """The reader's language, else the one it was decided in."""
        texts = point["texts"].get(field, {})
        own = texts.get(writer.language.code)
        return own or next((each for each in texts.values() if each["state"] == "original"), None)

    for point in contents.points:
        titles = [each["text"] for each in point["texts"].get("title", {}).values()]
        shown = text(point, "title")
        if shown:
            kind = Message("Criterion") if point["kind"] == "criterion" else Message("Principle")
            writer.note(shown["text"], f"criteria.html#{point['code']}", kind, titles)
    return writer.page("bundle_charter.html", "criteria.html", text=text)


def _materials(writer: Writer, contents: Contents) -> Iterator[Made]:
    of_material: dict[str, list[Row]] = defaultdict(list)
    for file in contents.files:
        of_material[file["material"]].append(file)
    makers = {each["id"]: each for each in contents.organisations}
    for batch in batches("mat", contents.materials, A_PAGE):
        for each in batch.items:
            assert isinstance(each, dict)
            topics = [writer.called("topics", topic) for topic in each["topics"]]
            writer.note(
                writer.said(each, "title"),
                f"{batch.path}#{each['id']}",
                Message("Material"),
                names_of(each, "title"),
                writer.called("material_kinds", each["kind"]),
                *topics,
            )
        yield writer.page(
            "bundle_materials.html", batch.path, batch=batch, of_material=of_material, makers=makers
        )


def _listed(
    writer: Writer, rows: list[Row], first: str, register: str, kind: Message
) -> Iterator[Made]:
    """A register whose records are all told in a list."""
    for batch in batches(first, rows, A_PAGE):
        for each in batch.items:
            assert isinstance(each, dict)
            path = f"{batch.path}#{each['id']}"
            writer.note(writer.said(each, "title"), path, kind, names_of(each, "title"))
        yield writer.page(f"bundle_{register}.html", batch.path, batch=batch)


def _indicators(writer: Writer, contents: Contents) -> Iterator[Made]:
    shown = [
        (each, page_name("n", str(number)) if contents.figures.get(each["code"]) else "")
        for number, each in enumerate(contents.indicators, start=1)
    ]
    yield writer.page("bundle_indicators.html", "num.html", shown=shown)
    for each, path in shown:
        title = writer.said(each, "title")
        target = path or f"num.html#{each['code']}"
        writer.note(title, target, Message("Indicator"), names_of(each, "title"))
        if path:
            figures = contents.figures[each["code"]]
            yield writer.page("bundle_indicator.html", path, found=each, figures=figures)


def _data(writer: Writer, contents: Contents) -> Iterator[Made]:
    notes = read_notes()
    tables = [
        (notes.table(name, writer.language.code), contents.codebook[name])
        for name in contents.codebook
    ]
    books = list(batches("book", tables, _TABLES_A_PAGE))
    yield writer.page("bundle_data.html", "data.html", books=books)
    for batch in books:
        yield writer.page("bundle_codebook.html", batch.path, batch=batch)


def _index_of(writer: Writer, entries: list[Entry]) -> Iterator[Made]:
    """Every title by the alphabet: the way to find something without any script."""
    for batch in batches("az", entries, A_PAGE_OF_NAMES):
        by_letter: dict[str, list[object]] = {}
        for each in batch.items:
            assert isinstance(each, Entry)
            by_letter.setdefault(letter_of(each.title), []).append(each)
        yield writer.page("bundle_names.html", batch.path, batch=batch, by_letter=by_letter)


def _calendar(writer: Writer, contents: Contents) -> Made:
    """The neutral page: the month of the edition, with nothing of ours around it."""
    day, code = _day_of(contents), writer.language.code
    days = get_day_names("abbreviated", "stand-alone", locale=code)
    month = get_month_names("wide", "stand-alone", locale=code)[day.month]
    return writer.page(
        "bundle_calendar.html",
        OUT,
        weeks=calendar.Calendar().monthdayscalendar(day.year, day.month),
        days=[days[n] for n in range(7)],
        title=f"{month} {day.year}",
    )


def _day_of(contents: Contents) -> date:
    said = contents.edition.published_on or contents.edition.released_on
    return date.fromisoformat(said) if said else date(2000, 1, 1)
