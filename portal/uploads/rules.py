"""Which files may be given, how large, and in which words others are refused."""

import msgspec

from portal.errors import Invalid
from portal.i18n.language import Message, Value

MB = 1024 * 1024

MOST_BYTES = 20 * MB
MOST_BYTES_OF_A_FILM = 200 * MB
MOST_BYTES_OF_AN_ORGANISATION = 2048 * MB
# security: the disk is the database's too; what is kept free of it, in bytes and as a share
LEAST_FREE_BYTES = 500 * MB
LEAST_FREE_SHARE = 0.05
MOST_PIXELS = 40_000_000
MOST_MEMBERS = 200
MOST_RATIO = 100
MOST_UNPACKED = 400 * MB


class Kind(msgspec.Struct, frozen=True):
    """One kind of file: its ending, its media type, its largest size."""

    ending: str
    media_type: str
    most_bytes: int = MOST_BYTES


_OFFICE = "application/vnd.openxmlformats-officedocument."

KINDS: dict[str, Kind] = {
    kind.ending: kind
    for kind in (
        Kind("pdf", "application/pdf"),
        Kind("png", "image/png"),
        Kind("jpg", "image/jpeg"),
        Kind("webp", "image/webp"),
        Kind("docx", _OFFICE + "wordprocessingml.document"),
        Kind("pptx", _OFFICE + "presentationml.presentation"),
        Kind("odt", "application/vnd.oasis.opendocument.text"),
        Kind("mp3", "audio/mpeg"),
        Kind("mp4", "video/mp4", MOST_BYTES_OF_A_FILM),
    )
}

SCANS = ("none", "pending", "clean", "infected")
RELEASABLE = frozenset({"none", "clean"})

REFUSALS: dict[str, Message] = {
    "empty": Message("The file is empty. Save it anew in the program it was made with."),
    "type": Message(
        "Files of this kind cannot be taken. Send PDF, DOCX, ODT, PPTX, PNG, JPG, WebP, MP3 or MP4."
    ),
    "old_office": Message(
        "This is a file of an old Office program, or one with a password. Save it without a"
        " password as DOCX or PPTX."
    ),
    "ending": Message(
        "The name ends in .%(ending)s, but the file is %(really)s. Correct the ending, or save it"
        " anew in the program it was made with."
    ),
    "not_its_ending": Message(
        "The name ends in .%(ending)s, but the file is something else. Save it anew in the program"
        " it was made with."
    ),
    "large": Message(
        "The file is larger than %(most)s MB. Make it smaller, or put it elsewhere and give the"
        " link."
    ),
    "quota": Message(
        "Your organisation's files fill all the %(most)s MB it has. Ask a coordinator to take old"
        " ones away."
    ),
    "disk": Message(
        "There is no room for files at the moment. Ask a coordinator, or try again in a few days."
    ),
    "cut": Message("The file breaks off half-way. Send it again."),
    "damaged": Message(
        "The file is damaged and cannot be read. Save it anew in the program it was made with."
    ),
    "slow": Message(
        "The file could not be read within %(seconds)s seconds. Save it in a simpler form, as PDF"
        " or as a picture."
    ),
    "encrypted": Message("The file is locked with a password. Save it without one."),
    "polyglot": Message(
        "Something else is hidden before or after the %(kind)s. Save it anew in the program it was"
        " made with."
    ),
    "macro": Message("The file holds macros, which are small programs. Save it without macros."),
    "script": Message("The PDF holds a script. Print it to a new PDF and send that."),
    "by_itself": Message(
        "The PDF does something by itself when it is opened. Print it to a new PDF and send that."
    ),
    "launch": Message(
        "The PDF opens programs or files of the reader's computer. Print it to a new PDF and send"
        " that."
    ),
    "form": Message(
        "The PDF is a form that sends or fetches what is typed. Print it to a new PDF and send"
        " that."
    ),
    "attached": Message(
        "Other files are attached inside the PDF. Take them out, and send each by itself."
    ),
    "rich": Message(
        "The PDF holds sound, film or 3D. Take them out, and send each by itself as MP3 or MP4."
    ),
    "remote": Message(
        "The document fetches a template, a picture or data from elsewhere. Put it into the"
        " document itself, or save it as PDF."
    ),
    "file_link": Message(
        "A link in the document leads to a file on a computer. Take the link out; links to web"
        " pages may stay."
    ),
    "embedded": Message(
        "Another file or a program is inside the document. Put it in as a picture, or save the"
        " document as PDF."
    ),
    "entities": Message(
        "The document is built in a way that is used to attack readers. Save it anew, or as PDF."
    ),
    "too_many_parts": Message(
        "The document has more than %(most)s parts. Split it, or save it as PDF."
    ),
    "bomb": Message(
        "Unpacked, the document would be far too large. Make its pictures smaller, or save it as"
        " PDF."
    ),
    "paths": Message("Parts of the document have forbidden names. Save it anew, or as PDF."),
    "pixels": Message("The picture has more than %(most)s megapixels. Make it smaller."),
    "animated": Message("The picture moves. Send a still one, or a film as MP4."),
    "track": Message(
        "The film notes where it was made while it runs. Save it anew without places, in a program"
        " for films."
    ),
    "infected": Message(
        "The virus scanner found something harmful in the file. It was not kept: check the device"
        " it came from."
    ),
}


def refuse(reason: str, **values: Value) -> Invalid:
    """What to raise for a reason: its sentence stands at the field `file`."""
    said = REFUSALS[reason]
    return Invalid({"file": [Message(said.text, values)]})


def has_room(free: tuple[int, int]) -> bool:
    """Whether so many free bytes of so many of a disk leave room for another file."""
    left, whole = free
    return left >= LEAST_FREE_BYTES and left >= whole * LEAST_FREE_SHARE
