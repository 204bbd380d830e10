"""When to stop asking somebody who does not answer, and when to try again."""

import threading
import time
from collections.abc import Callable
from typing import Literal, NewType

State = Literal["closed", "open", "half-open"]

# one leave to ask, given by `may_ask` and handed back with how it went
Leave = NewType("Leave", int)

FAILURES = 2
COOL_DOWN = 5.0
LONGEST_COOL_DOWN = 60.0


class Breaker:
    """Opens after two failures in a row or one timeout; asks again, once, after a cool-down.

    The cool-down doubles with each probe that fails, from 5 to 60 seconds. `clock` tells monotonic
    seconds. Any number of threads may use one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._era = 0
        self._failures = 0
        self._cool_down = COOL_DOWN
        # when the next probe may be made; None while closed
        self._next_probe: float | None = None
        self._is_probing = False

    @property
    def state(self) -> State:
        """Closed: everybody asks; open: nobody; half-open: one does, for all."""
        with self._lock:
            if self._next_probe is None:
                return "closed"
            is_due = self._is_probing or self._clock() >= self._next_probe
            return "half-open" if is_due else "open"

    def may_ask(self) -> Leave | None:
        """Leave to ask, None while nobody should.

        A probe of which nothing is heard for a whole cool-down makes room for the next one.
        """
        with self._lock:
            if self._next_probe is not None:
                now = self._clock()
                if now < self._next_probe:
                    return None
                self._is_probing = True
                self._next_probe = now + self._cool_down
                self._era += 1
            return Leave(self._era)

    def succeeded(self, leave: Leave) -> None:
        """It answered; word of an earlier time than the newest change of state counts nothing."""
        with self._lock:
            if leave != self._era:
                return
            self._failures = 0
            if self._next_probe is not None:
                self._close()

    def failed(self, leave: Leave, *, timed_out: bool = False) -> None:
        """It did not answer, or not in time."""
        with self._lock:
            if leave != self._era:
                return
            self._failures += 1
            if self._next_probe is not None:
                self._open(min(self._cool_down * 2, LONGEST_COOL_DOWN))
            elif timed_out or self._failures >= FAILURES:
                self._open(COOL_DOWN)

    def _open(self, cool_down: float) -> None:
        self._cool_down = cool_down
        self._next_probe = self._clock() + cool_down
        self._is_probing = False
        self._era += 1

    def _close(self) -> None:
        self._next_probe = None
        self._is_probing = False
        self._cool_down = COOL_DOWN
        self._era += 1
