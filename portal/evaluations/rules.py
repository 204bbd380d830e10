"""Which questions we offer, how answers become shares, and what a test has changed."""

from collections.abc import Mapping, Sequence

import msgspec

from portal.i18n.language import Message

RATINGS = (
    Message("1 – not at all"),
    Message("2"),
    Message("3"),
    Message("4"),
    Message("5 – very much"),
)

# what the two best marks of five say: it was useful
GOOD_RATINGS = (4, 5)

RIGHT, WRONG = 1, 0


class Ready(msgspec.Struct, frozen=True):
    """A question that we offer, in every language of the site."""

    kind: str
    words: Message
    options: tuple[Message, ...] = ()


READY: dict[str, Ready] = {
    "useful": Ready("rating", Message("How useful was this for your work?")),
    "clear": Ready("rating", Message("How clear was it?")),
    "will_use": Ready(
        "choice",
        Message("Will you use what you learned?"),
        (Message("Yes"), Message("Partly"), Message("No")),
    ),
    "recommend": Ready(
        "choice",
        Message("Would you recommend this to a colleague?"),
        (Message("Yes"), Message("Not sure"), Message("No")),
    ),
}


def percent(part: int, whole: int) -> float | None:
    """The share in whole percent; None of nobody."""
    return float(round(100 * part / whole)) if whole else None


def shares(counts: Mapping[int, int], options: Sequence[int]) -> list[tuple[int, float | None]]:
    """How many gave each answer, and which percent of all answers to the question."""
    whole = sum(counts.get(option, 0) for option in options)
    return [(counts.get(each, 0), percent(counts.get(each, 0), whole)) for each in options]


def change(before: float | None, after: float | None) -> float | None:
    """By how many points the share of right answers rose; None where one is not known."""
    return None if before is None or after is None else after - before
