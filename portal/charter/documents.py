"""What can be found of the charter: each point of the version that stands."""

from collections.abc import Iterator
from datetime import date

from sqlite_utils import Database

from portal.charter.queries import find_charter
from search.engine import Document


def find_documents(
    db: Database,
    _today: date,
    *,
    members: bool,  # noqa: ARG001
    only: str | None = None,
) -> Iterator[Document]:
    """A document for every criterion and principle, the same for the public and for members."""
    charter = find_charter(db)
    for point in charter.points if charter else []:
        if only is not None and point.code != only:
            continue
        bodies = [text for field, text in point.texts.items() if field != "title"]
        yield Document(
            id=f"criteria:{point.code}",
            kind="criteria",
            titles={"": point.title.original, **point.title.others},
            body=" · ".join(
                words for text in bodies for words in (text.original, *text.others.values())
            ),
            url=f"/criteria#{point.code}",
        )


def find_remaining(
    db: Database,
    _today: date,
    ids: list[str],
    *,
    members: bool,  # noqa: ARG001
) -> set[str]:
    """Those of these codes that stand: an index may lag, its answer may not."""
    charter = find_charter(db)
    return {point.code for point in charter.points if point.code in ids} if charter else set()
