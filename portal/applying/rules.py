"""When letters to applicants are tried again, and how an address is shown to whoever has a link."""

import re
from datetime import timedelta

from portal.i18n.language import Message

# whoever took a letter to send has so long; then it is tried again
CLAIM = timedelta(minutes=10)

# letters of one round; the rest goes a minute later
AT_ONCE = 20

# what an applicant may show: papers and pictures, no sound and no film
TAKEN = ("pdf", "docx", "odt", "pptx", "png", "jpg", "jpeg", "webp")
NOT_TAKEN = Message(
    "Files of this kind cannot be taken here. Send PDF, DOCX, ODT, PPTX, PNG, JPG or WebP."
)


def ending_of(name: str) -> str:
    """The ending of a file's name, in small letters."""
    return name.rpartition(".")[2].lower()


def masked(email: str) -> str:
    """An address that its owner recognises and nobody else can write to."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host[:1]}…" if name and host else "…"


def is_code(text: str) -> bool:
    """Whether a text is formed like the code of a link."""
    return re.fullmatch(r"(?:[0-9a-z]{4}-){6}[0-9a-z]{4}", text) is not None
