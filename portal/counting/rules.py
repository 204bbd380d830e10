"""What the portal counts itself: a span of time, the cells a counter gives, how they are folded."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from portal.clock import stamp
from portal.i18n.language import Message
from portal.indicators.periods import Period
from portal.indicators.results import Kept
from portal.indicators.rules import Cell, Figure, Rules, of_line, over_places
from portal.practitioners.rules import FRESH_DAYS, oldest_confirmation
from portal.requests.rules import PROMPT

DIMENSIONS = ("sex", "age_group", "region")

NOT_ENDED = Message("This quarter has not ended yet: it can be closed after its last day.")
CLOSED_ALREADY = Message("This quarter is closed already.")
OLDER_OPEN = Message("Close %(period)s first: quarters are closed one after the other.")
BEFORE_ALL = Message("Nothing was reported as early as this: there is nothing to close.")

# who opens a closed quarter for an organisation says until when, and no longer than this
LONGEST_OPEN = timedelta(days=60)
MOST_REASON = 500

NO_REASON = Message("Say why it is opened again.")
PERSONAL = Message("Write nothing here that tells of one person: no number, no address.")
UNTIL_PAST = Message("Choose today or a later day.")
UNTIL_FAR = Message("Choose a day within sixty days from today.")
NOT_OPENED = Message("Choose an organisation that reports of this quarter.")


class Span(msgspec.Struct, frozen=True):
    """The period that is counted, and the day on which what holds now is looked at."""

    period: Period
    today: date
    timezone: str

    @property
    def asked(self) -> dict[str, object]:
        """The parameters that every counter may use: days, moments in UTC, months.

        Days begin where the network lives. A request of the last 48 hours may still be answered.
        """
        first, following = self.period.first, self.period.next.first
        return {
            "first": first.isoformat(),
            "last": self.period.last.isoformat(),
            "since": self._midnight(first),
            "before": self._midnight(following),
            "month": first.isoformat()[:7],
            "month_after": following.isoformat()[:7],
            "today": self.today.isoformat(),
            "oldest": oldest_confirmation(self.today).isoformat(),
            "fresh": (self.today - timedelta(days=FRESH_DAYS)).isoformat(),
            "prompt": stamp(datetime.combine(self.today, time(), ZoneInfo(self.timezone)) - PROMPT),
        }

    def _midnight(self, day: date) -> str:
        return stamp(datetime.combine(day, time(), ZoneInfo(self.timezone)))


class Piece(msgspec.Struct, frozen=True):
    """What a counter found of one region and part; an empty region is where none is known."""

    region: str = ""
    sex: str = ""
    age_group: str = ""
    numerator: float = 0.0
    denominator: float | None = None


class Came(msgspec.Struct, frozen=True):
    """Who came in a region: all that were counted, and whom they were, as far as that is known."""

    region: str
    everybody: int | None
    women: int | None
    men: int | None
    girls: int | None
    boys: int | None


class Known(msgspec.Struct, frozen=True):
    """What the portal counts of one organisation, by the name of the counter."""

    counter: str
    numerator: float


def as_pieces(came: Came, whose: dict[str, tuple[str, str]]) -> list[Piece]:
    """By sex and age group; whoever was counted without them is unknown, nobody counts twice."""
    told = {part: getattr(came, name) for name, part in whose.items()}
    pieces = [Piece(came.region, *part, float(n)) for part, n in told.items() if n]
    rest = (came.everybody or 0) - sum(n or 0 for n in told.values())
    if rest > 0:
        pieces.append(Piece(came.region, "unknown", "unknown", float(rest)))
    return pieces


def fold(pieces: Iterable[Piece], dimensions: Sequence[str]) -> list[Piece]:
    """The same pieces by the dimensions of a definition alone: what it does not ask is summed."""
    sums: dict[tuple[str, str, str], tuple[float, float | None]] = {}
    for each in pieces:
        region = each.region if "region" in dimensions else ""
        sex = each.sex if "sex" in dimensions else ""
        key = (region, sex, each.age_group if "age_group" in dimensions else "")
        numerator, denominator = sums.get(key, (0.0, None))
        if each.denominator is not None:
            denominator = (denominator or 0.0) + each.denominator
        sums[key] = (numerator + each.numerator, denominator)
    return [Piece(*key, *numbers) for key, numbers in sorted(sums.items())]


def whole_of(rules: Rules, cells: Iterable[Kept]) -> Figure:
    """The network's figure of cells that are not kept yet."""
    lines: dict[str, list[Cell]] = {}
    for each in cells:
        part = tuple(filter(None, (each.sex, each.age_group, each.form)))
        cell = Cell(each.state, each.numerator, each.denominator, part)
        lines.setdefault(each.region, []).append(cell)
    return over_places(rules, [of_line(rules, line) for line in lines.values()])


def wrong_until(until: date, today: date) -> Message | None:
    """What is wrong with a day until which a closed quarter is to be open; None when nothing is."""
    if until < today:
        return UNTIL_PAST
    return UNTIL_FAR if until > today + LONGEST_OPEN else None
