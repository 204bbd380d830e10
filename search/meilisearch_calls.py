"""Every call to the server: in bounded time, on a connection of its own, failing in one way."""

import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import requests
from meilisearch import Client
from meilisearch._httprequests import HttpRequests
from meilisearch.errors import MeilisearchApiError
from meilisearch.index import Index

from search.engine import EngineUnavailable

PATIENCE = 120.0  # seconds a task may wait in the server's queue and take
SOONEST, LATEST = 0.002, 0.1  # seconds between two looks at a task

T = TypeVar("T")


class Refused(EngineUnavailable):
    """The server understood and said no; `code` is its own word for the reason."""

    def __init__(self, status: int, code: str | None) -> None:
        super().__init__(f"the search server answered {status} {code or ''}".rstrip())
        self.status = status
        self.code = code


class Server:
    """One server, asked by any number of threads; each call has a connection of its own."""

    def __init__(self, url: str, timeout: float) -> None:
        self._url = url
        self._timeout = timeout

    def call(self, key: str, act: Callable[["Caller"], T]) -> T:
        """What `act` gives, or `EngineUnavailable` once the time is over, whatever hangs."""
        outcome: list[T | Exception] = []

        def run() -> None:
            try:
                with _session() as session:
                    outcome.append(act(Caller(self._url, key, self._timeout, session)))
            except Exception as error:
                outcome.append(error)

        # a server that sends a byte now and then outlasts any timeout of a single read
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(self._timeout)
        if not outcome:
            raise EngineUnavailable("the search server did not answer in time")
        if isinstance(outcome[0], Exception):
            raise _as_unavailable(outcome[0]) from outcome[0]
        return outcome[0]

    def wait(self, key: str, tasks: Iterable[int]) -> None:
        """Return when all these tasks are done; raise when one was not, or takes too long."""
        deadline = time.monotonic() + PATIENCE
        for task in tasks:
            pause = SOONEST
            while (state := self.call(key, partial(Caller.state, task=task)))[0] in _UNDONE:
                if time.monotonic() > deadline:
                    raise EngineUnavailable("the search server takes too long to write")
                time.sleep(pause)
                pause = min(pause * 1.5, LATEST)
            if state[0] != "succeeded":
                raise Refused(500, state[1])


_UNDONE = ("enqueued", "processing")


class Caller:
    """The official client on one connection, for one call: its headers belong to no thread."""

    def __init__(self, url: str, key: str, timeout: float, session: requests.Session) -> None:
        # requests takes fractions of a second; the client only says otherwise
        self.client = Client(url, key, timeout=timeout)  # type: ignore[arg-type]
        self._http = _OnSession(self.client, session)
        self.client.http = self._http
        self.client.task_handler.http = self._http

    def index(self, uid: str) -> Index:
        """One index on the server, there or not."""
        index = self.client.index(uid)
        index.http = self._http
        return index

    def state(self, task: int) -> tuple[str, str | None]:
        """A task's status, and the code of its error."""
        found = self.client.get_task(task)
        return found.status, str((found.error or {}).get("code"))


def _session() -> requests.Session:
    session = requests.Session()
    session.max_redirects = 0  # security: a question goes to the server that was set alone
    session.trust_env = False  # security: no proxy or .netrc of the machine sees questions
    # compressed answers come in two pieces, the second up to 40 ms late (Nagle, delayed ACK)
    session.headers["Accept-Encoding"] = "identity"
    return session


class _OnSession(HttpRequests):
    """The client's own requests, sent by this session."""

    def __init__(self, client: Client, session: requests.Session) -> None:
        super().__init__(client.config)
        self._session = session

    def send_request(self, http_method: Callable[..., Any], *given: Any, **named: Any) -> Any:
        return super().send_request(getattr(self._session, http_method.__name__), *given, **named)


def _as_unavailable(error: Exception) -> EngineUnavailable:
    """What went wrong without what was sent: a server's messages repeat documents and questions."""
    if isinstance(error, EngineUnavailable):
        return error
    if isinstance(error, MeilisearchApiError):
        return Refused(error.status_code, error.code if isinstance(error.code, str) else None)
    return EngineUnavailable(f"the search server cannot be asked: {type(error).__name__}")
