"""What an engine that came so far needs next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.indexes.rules import (
    LONGEST_QUEUE,
    may_be_forgotten,
    pause_after,
    position_of,
    write_mark,
)
from portal.outbox import Queue

KEPT = Queue("0a1b", first=5, last=9)
HEARD = Queue("0a1b", first=10, last=9)
EMPTY = Queue("0a1b", first=1, last=0)


@pytest.mark.parametrize(
    ("mark", "queue", "position"),
    [
        ("0a1b:7", KEPT, 7),
        ("0a1b:9", KEPT, 9),
        ("0a1b:4", KEPT, 4),
        ("0a1b:9", HEARD, 9),
        ("0a1b:0", EMPTY, 0),
        # nobody wrote to it
        (None, KEPT, None),
        (None, EMPTY, None),
        ("", KEPT, None),
        # of a database that was made anew
        ("ffff:7", KEPT, None),
        (":7", KEPT, None),
        # an older database was put back
        ("0a1b:10", KEPT, None),
        # an older index was put back
        ("0a1b:3", KEPT, None),
        ("0a1b:8", HEARD, None),
        # not ours
        ("0a1b:", KEPT, None),
        ("0a1b:-7", KEPT, None),
        ("0a1b:7.5", KEPT, None),
        ("0a1b:٧", KEPT, None),
        ("seven", KEPT, None),
    ],
)
def test_lines_after_the_mark_or_all_anew(
    mark: str | None, queue: Queue, position: int | None
) -> None:
    assert position_of(mark, queue) == position


@given(st.text(max_size=9), st.integers(0, 10**9), st.integers(0, 99), st.integers(0, 99))
def test_an_index_knows_how_far_it_came(origin: str, last: int, kept: int, back: int) -> None:
    queue = Queue(origin, max(last - kept, 0) + 1, last)
    number = max(last - back, 0)
    expected = number if number >= queue.first - 1 else None
    assert position_of(write_mark(origin, number), queue) == expected


@given(st.lists(st.one_of(st.none(), st.integers(0, 300_000)), max_size=4), st.integers(0, 300_000))
def test_nothing_is_forgotten_before_everybody_heard_it(
    positions: list[int | None], last: int
) -> None:
    number = may_be_forgotten(positions, Queue("a", 1, last))
    if number > last - LONGEST_QUEUE:
        assert all((each or 0) >= number for each in positions)
    assert last - number <= LONGEST_QUEUE or positions


def test_who_fails_is_left_alone_for_longer() -> None:
    assert [pause_after(each) for each in range(1, 8)] == [2, 4, 8, 16, 32, 60, 60]
    assert pause_after(10_000) == 60
