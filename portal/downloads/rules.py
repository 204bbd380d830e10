"""Which stored file may be given to whom, and the name under which it is saved."""

import re
import unicodedata

from portal.actor import Actor
from portal.materials.rules import keeps

LONGEST_TITLE = 60

# what a file system or a header might take for something else
_RESERVED = re.compile(r'[\\/:*?"<>|%;]+')

_ENDINGS = {"application/pdf": "pdf", "image/webp": "webp", "video/mp4": "mp4"}


def may_be_given(
    actor: Actor, organisation_id: str | None, scan: str, released_at: str | None
) -> bool:
    """Whether a file may leave the house: nobody gets an infected one.

    One in quarantine goes to those who decide about it: they have to look at what they release.
    """
    if scan == "infected":
        return False
    return released_at is not None or keeps(actor, organisation_id) or actor.may_use_directory


def file_name(title: str, language: str, ending: str, *, is_light: bool = False) -> str:
    """A name made of the title and the language: never what the sender called it."""
    # security: no line ends, and no marks that turn the reading direction of an ending around
    seen = "".join(each if unicodedata.category(each)[0] != "C" else " " for each in title)
    words = _RESERVED.sub(" ", unicodedata.normalize("NFC", seen)).split()
    name = " ".join(words)[:LONGEST_TITLE].strip(" .") or "material"
    return f"{name} ({language}{' light' if is_light else ''}).{ending}"


def ending_of(media_type: str) -> str:
    """The ending of what we made of a file."""
    return _ENDINGS[media_type]
