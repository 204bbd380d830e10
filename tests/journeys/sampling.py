"""Which page is looked at by whom, in which language and how: few rows, and all of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.conftest import LANGUAGES
from tests.journeys.pages import EXAMPLES

# two looks in a row have both widths and both schemes in them
LOOKS = ((320, "light"), (1280, "dark"), (320, "dark"), (1280, "light"))


@dataclass(frozen=True)
class Row:
    """A page, and how it is looked at."""

    page: str
    role: str
    language: str
    width: int = 320
    scheme: str = "light"

    def __str__(self) -> str:
        return f"{self.page}-{self.role}-{self.language}-{self.width}-{self.scheme}"


def sample() -> list[Row]:
    """Each page in each role, on a phone and on a desk, light and dark; languages take turns."""
    rows: list[Row] = []
    had: Counter[tuple[str, str]] = Counter()
    for _, page, roles in _numbered():
        free = list(LANGUAGES)
        for turn in range(max(len(LOOKS) // 2, len(roles))):
            role = roles[turn % len(roles)]
            free = free or list(LANGUAGES)
            language = min(free, key=lambda each: had[role, each])
            free.remove(language)
            had[role, language] += 1
            rows.append(Row(page, role, language, *LOOKS[turn % len(LOOKS)]))
    return rows


def others() -> list[Row]:
    """Each page in each language that the sample does not have it in; the roles take turns."""
    met = {(row.page, row.language) for row in sample()}
    return [
        Row(page, roles[(number + turn) % len(roles)], language)
        for number, page, roles in _numbered()
        for turn, language in enumerate(LANGUAGES)
        if (page, language) not in met
    ]


def product() -> list[Row]:
    """Each page in each role and each language; the looks take turns."""
    return [
        Row(page, role, language, *LOOKS[(number + turn + place) % len(LOOKS)])
        for number, page, roles in _numbered()
        for turn, role in enumerate(roles)
        for place, language in enumerate(LANGUAGES)
    ]


def _numbered() -> Iterator[tuple[int, str, tuple[str, ...]]]:
    for number, (page, example) in enumerate(EXAMPLES.items()):
        yield number, page, example.roles
