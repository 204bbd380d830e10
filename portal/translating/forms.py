"""What is sent to translate a point of the charter, or to say that a translation is right."""

from typing import Annotated

import msgspec

Mark = Annotated[str, msgspec.Meta(max_length=20)]


class Translated(msgspec.Struct, frozen=True):
    """The texts of a point in a language; an empty one is no translation."""

    title: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    body: Annotated[str, msgspec.Meta(max_length=3000)] | None = None
    evidence: Annotated[str, msgspec.Meta(max_length=1500)] | None = None
    seen: Mark | None = None

    @property
    def texts(self) -> dict[str, str]:
        """By field, with line breaks of one kind."""
        sent = {"title": self.title, "text": self.body, "evidence": self.evidence}
        return {field: (words or "").replace("\r\n", "\n") for field, words in sent.items()}


class Checked(msgspec.Struct, frozen=True):
    """What somebody saw who says that it is right."""

    seen: Mark


class WhichLanguage(msgspec.Struct, frozen=True):
    """Whose translations; by default those of the reader's language."""

    language: Annotated[str, msgspec.Meta(max_length=3)] | None = None
