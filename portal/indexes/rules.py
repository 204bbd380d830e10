"""What an engine that has come so far needs next, and when one that failed is tried again."""

from collections.abc import Iterable

from portal.outbox import Queue

# a longer queue is cut: whoever is so far behind is built anew sooner than it catches up
LONGEST_QUEUE = 100_000

LONGEST_PAUSE = 60.0


def write_mark(origin: str, number: int) -> str:
    """The note an index keeps: it holds what this queue said up to this line."""
    return f"{origin}:{number}"


def position_of(mark: str | None, queue: Queue) -> int | None:
    """The number of the last line that an index with this mark holds; None: build it anew.

    So it is with a mark that is missing, of another database, ahead of this queue (an older
    database was put back), or older than the lines that are still kept (an older index was).
    """
    origin, _, number = (mark or "").rpartition(":")
    if origin != queue.origin or not (number.isascii() and number.isdigit()):
        return None
    position = int(number)
    return position if queue.first - 1 <= position <= queue.last else None


def may_be_forgotten(positions: Iterable[int | None], queue: Queue) -> int:
    """Up to which number no engine needs the lines; of one whose position is unknown all are kept.

    All but the newest hundred thousand are forgotten in any case.
    """
    heard = min((0 if each is None else each for each in positions), default=0)
    return max(heard, queue.last - LONGEST_QUEUE)


def pause_after(failures: int) -> float:
    """Seconds until an engine is tried again that failed so many times in a row."""
    return min(2.0 ** min(failures, 10), LONGEST_PAUSE)
