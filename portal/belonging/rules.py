"""What a member takes on by joining: each responsibility is met, not met, or not yet to be told."""

from datetime import date, timedelta
from typing import Literal

import msgspec

from portal.i18n.language import Message

State = Literal["met", "not_met", "nothing"]

# what was held or ran longer ago is history
LOOKED_BACK = timedelta(days=365)

# so long a member is told what to do first
NEW_FOR = timedelta(days=60)

# an answer that somebody waits for longer than that is no answer
ANSWERED_WITHIN = timedelta(hours=48)

# one who falls ill or leaves must not shut an organisation out
PEOPLE_NEEDED = 2


# how far the directory of practitioners is open to somebody
DirectoryNow = Literal["open", "asked", "not_asked"]


class Responsibility(msgspec.Struct, frozen=True):
    """One line: what it is about, how it stands, what to do, and where (below the language)."""

    code: str
    state: State
    about: Message
    told: Message
    path: tuple[str, ...] = ()


class Tally(msgspec.Struct, frozen=True):
    """How many there are of something, and how many of them are as they should be."""

    done: int
    all: int

    @property
    def left(self) -> int:
        """How many are not."""
        return self.all - self.done

    @property
    def state(self) -> State:
        """Whether all are; nothing is said of none."""
        if not self.all:
            return "nothing"
        return "met" if self.done >= self.all else "not_met"


def is_new(joined_on: date | None, today: date) -> bool:
    """Whether a member has only just come."""
    return joined_on is not None and joined_on <= today <= joined_on + NEW_FOR


def count_met(responsibilities: list[Responsibility]) -> Tally:
    """How many are met of those of which there is something to say."""
    told = [each for each in responsibilities if each.state != "nothing"]
    return Tally(sum(each.state == "met" for each in told), len(told))
