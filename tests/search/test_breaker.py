"""The breaker: nobody waits for who does not answer, and one tries again for all."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.breaker import COOL_DOWN, LONGEST_COOL_DOWN, Breaker


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


# what happens, and the state afterwards: ok, fail, late (a timeout), a number of seconds that pass,
# no (nobody may ask)
TABLE = {
    "one failure is an accident": [("fail", "closed")],
    "two in a row are not": [("fail", "closed"), ("fail", "open")],
    "an answer between them makes them single": [
        *[("fail", "closed"), ("ok", "closed"), ("fail", "closed"), ("fail", "open")],
    ],
    "one timeout is enough": [("late", "open")],
    "it stays open for the cool-down": [("late", "open"), (4.9, "open"), ("no", "open")],
    "then one probe closes it": [("late", "open"), (5, "half-open"), ("ok", "closed")],
    "or opens it for twice as long": [
        *[("late", "open"), (5, "half-open"), ("fail", "open"), (9.9, "open"), ("no", "open")],
        *[(0.2, "half-open"), ("late", "open"), (19.9, "open"), (0.2, "half-open")],
    ],
    "but not longer than a minute": [
        *[("late", "open"), (5, "half-open"), ("fail", "open"), (10, "half-open")],
        *[("fail", "open"), (20, "half-open"), ("fail", "open"), (40, "half-open")],
        *[("fail", "open"), (60, "half-open"), ("fail", "open"), (60, "half-open")],
    ],
    "after an answer all begins anew": [
        *[("late", "open"), (5, "half-open"), ("fail", "open"), (10, "half-open")],
        *[("ok", "closed"), ("late", "open"), (5, "half-open")],
    ],
}


@pytest.mark.parametrize("story", TABLE.values(), ids=TABLE)
def test_the_table_of_states(story: list[tuple[str | float, str]]) -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for what, state in story:
        if isinstance(what, int | float):
            clock.now += what
        else:
            leave = breaker.may_ask()
            assert (leave is None) == (what == "no")
            if leave is not None and what == "ok":
                breaker.succeeded(leave)
            elif leave is not None:
                breaker.failed(leave, timed_out=what == "late")
        assert breaker.state == state


def test_half_open_lets_one_ask_and_no_second() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(2):
        leave = breaker.may_ask()
        assert leave is not None
        breaker.failed(leave)
    clock.now += COOL_DOWN
    start, given_leave = threading.Barrier(8), []

    def ask() -> None:
        start.wait()
        given_leave.append(breaker.may_ask())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([leave for leave in given_leave if leave is not None]) == 1
    # of that one nothing is ever heard
    clock.now += COOL_DOWN
    assert breaker.may_ask() is not None


def test_news_of_before_it_opened_changes_nothing() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    slow, other = breaker.may_ask(), breaker.may_ask()
    assert slow is not None
    assert other is not None
    breaker.failed(other, timed_out=True)
    breaker.succeeded(slow)
    assert breaker.state == "open"
    clock.now += COOL_DOWN
    probe = breaker.may_ask()
    breaker.failed(slow)
    assert breaker.state == "half-open"
    assert probe is not None
    breaker.succeeded(probe)
    assert breaker.state == "closed"


events = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.floats(0, 90)),
        st.tuples(st.just("ask"), st.just(0.0)),
        st.tuples(st.sampled_from(["ok", "fail", "late"]), st.floats(0, 1)),
    ),
    max_size=60,
)


@given(events)
def test_whatever_happens_it_is_never_asked_in_vain_nor_given_up(
    story: list[tuple[str, float]],
) -> None:
    clock = Clock()
    breaker = Breaker(clock)
    out = []
    for what, amount in story:
        if what == "wait":
            clock.now += amount
        elif what == "ask":
            before = breaker.state
            leave = breaker.may_ask()
            assert leave is not None or before != "closed"
            assert leave is None or before != "open"
            out += [leave] if leave is not None else []
        elif out:
            leave = out.pop(int(amount * (len(out) - 1)))
            if what == "ok":
                breaker.succeeded(leave)
            else:
                breaker.failed(leave, timed_out=what == "late")
    clock.now += LONGEST_COOL_DOWN
    leave = breaker.may_ask()
    assert leave is not None
    breaker.succeeded(leave)
    assert breaker.state == "closed"
