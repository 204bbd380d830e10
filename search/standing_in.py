"""One engine that answers for another while that one cannot."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import NoReturn

from msgspec import structs

from search.breaker import Breaker
from search.engine import Answer, Engine, EngineUnavailable, IndexUnusable, Question

PATIENCE = 1.0  # seconds a person waits for the first engine before the second is asked
# questions under way, those that nobody waits for any more included; a worker asks 40 at once
MOST_AT_ONCE = 64


class StandingIn:
    """Asks the first engine, and the second when the first is down, hangs, or is behind.

    Whatever the first does, an answer takes no longer than its patience and the second's own time;
    `EngineUnavailable` when neither can. It is for asking: each engine is written to apart.
    """

    def __init__(
        self,
        first: Engine,
        second: Engine,
        *,
        is_behind: Callable[[], bool] = lambda: False,
        breaker: Breaker | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.name = first.name
        self.breaker = breaker or Breaker()
        self._first = first
        self._second = second
        self._is_behind = is_behind
        self._patience = patience
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)

    def ask(self, index: str, question: Question) -> Answer:
        # security: who is behind may still show a person that has withdrawn
        answer = None if self._is_behind() else self._ask_first(index, question)
        if answer is not None:
            return answer
        return structs.replace(self._second.ask(index, question), stands_in=True)

    def _ask_first(self, index: str, question: Question) -> Answer | None:
        """Its answer, or None when it gives none that can be used."""
        leave = self.breaker.may_ask()
        if leave is None:
            return None
        try:
            answer = self._in_time(index, question)
        except IndexUnusable:
            # it does answer, and is soon made whole
            self.breaker.succeeded(leave)
            return None
        except TimeoutError:
            self.breaker.failed(leave, timed_out=True)
            return None
        except Exception:
            # a server that is broken in a way nobody foresaw is no reason to leave people without
            self.breaker.failed(leave)
            return None
        self.breaker.succeeded(leave)
        return answer

    def _in_time(self, index: str, question: Question) -> Answer:
        if not self._room.acquire(blocking=False):
            raise EngineUnavailable("too many questions are still waiting for an answer")
        future: Future[Answer] = Future()

        def work() -> None:
            try:
                future.set_result(self._answer_of_first(index, question))
            except BaseException as error:
                future.set_exception(error)
            finally:
                self._room.release()

        # a server that sends a byte now and then outlasts every timeout but that of who waits
        threading.Thread(target=work, name="asking", daemon=True).start()
        return future.result(self._patience)

    def _answer_of_first(self, index: str, question: Question) -> Answer:
        answer = self._first.ask(index, question)
        if not answer.total and self._first.mark(index) is None:
            # nobody ever wrote to it: a server that was wiped finds nothing, and says so politely
            raise IndexUnusable("the index is not there")
        return answer

    def ids(self, index: str) -> set[str]:
        return self._second.ids(index)

    def count(self, index: str) -> int:
        return self._second.count(index)

    def mark(self, index: str) -> str | None:
        return self._second.mark(index)

    def _refuse(self, *_given: object, **_named: object) -> NoReturn:
        raise TypeError("each engine is written to apart")

    put = remove = replace = _refuse

    def close(self) -> None:
        self._first.close()
        self._second.close()
