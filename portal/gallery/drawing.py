"""The feed of new materials as Atom (RFC 4287), one in every interface language."""

from datetime import datetime
from xml.etree import ElementTree as Tree

from portal.clock import stamp
from portal.gallery.queries import Card
from portal.i18n.language import Language

ATOM = "http://www.w3.org/2005/Atom"

# ids last as long as the host name does; the year in them is the first of the feed (RFC 4151)
SINCE = "2026"


def draw_feed(
    works: list[Card], language: Language, base_url: str, host: str, title: str, empty: datetime
) -> bytes:
    """The feed as bytes, the same for the same works; `empty` is when one without works is from."""
    here = f"{base_url}/{language.code}/materials"
    feed = Tree.Element("feed", {"xmlns": ATOM, "xml:lang": language.code})
    _add(feed, "id", f"tag:{host},{SINCE}:{language.code}/materials")
    _add(feed, "title", title)
    newest = max((each.published_at or "" for each in works), default=stamp(empty))
    _add(feed, "updated", newest)
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{here}/feed")
    _add(feed, "link", rel="alternate", type="text/html", href=here)
    for each in works:
        _add_entry(feed, each, language, here, host)
    Tree.indent(feed)
    body: bytes = Tree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _add_entry(feed: Tree.Element, work: Card, language: Language, here: str, host: str) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", f"tag:{host},{SINCE}:{language.code}/materials/{work.id}")
    _add(entry, "title", language.of(work.title, work.titles))
    _add(entry, "updated", work.published_at or "")
    _add(entry, "link", rel="alternate", type="text/html", href=f"{here}/{work.id}")
    # every entry names an author; who has no public card is not named
    author = _add(entry, "author")
    given_by = language.of(work.organisation or "", work.organisation_names)
    _add(author, "name", given_by or host)
    _add(entry, "category", term=work.kind)
    if work.summary:
        _add(entry, "summary", language.of(work.summary, work.summaries))


def _add(parent: Tree.Element, name: str, text: str = "", **attributes: str) -> Tree.Element:
    made = Tree.SubElement(parent, name, attributes)
    # a character that XML has no place for would break the feed for everybody
    made.text = "".join(c for c in text if c >= " " or c in "\t\n") or None
    return made
