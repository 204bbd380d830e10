"""A search is answered, whatever the first engine does."""

import threading
from pathlib import Path

import pytest

from search.breaker import Breaker
from search.embedded import EmbeddedEngine
from search.engine import Answer, Document, EngineUnavailable, IndexUnusable, Question
from search.standing_in import MOST_AT_ONCE, StandingIn

MARAL = Document(id="people:1", kind="people", titles={"": "Maral Garlyýewa"})
FARZONA = Document(id="people:2", kind="people", titles={"": "Фарзона Ҷалилова"})
ALL = Question(text="")


class First(EmbeddedEngine):
    """An engine of its own files that fails as it is told."""

    name = "first"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.fails: Exception | None = None
        self.hangs: threading.Event | None = None
        self.asked = 0

    def ask(self, index: str, question: Question) -> Answer:
        self.asked += 1
        if self.hangs:
            self.hangs.wait()
        if self.fails:
            raise self.fails
        return super().ask(index, question)


@pytest.fixture
def first(tmp_path: Path) -> First:
    engine = First(tmp_path / "first")
    engine.replace("members", [MARAL, FARZONA], mark="a:1")
    return engine


@pytest.fixture
def second(tmp_path: Path) -> EmbeddedEngine:
    engine = EmbeddedEngine(tmp_path / "second")
    engine.replace("members", [MARAL], mark="a:2")
    return engine


def test_the_first_answers_while_it_can(first: First, second: EmbeddedEngine) -> None:
    answer = StandingIn(first, second).ask("members", ALL)
    assert (answer.total, answer.engine, answer.stands_in) == (2, "first", False)


@pytest.mark.parametrize(
    ("error", "times"),
    [
        (EngineUnavailable("down"), 2),
        (KeyError("hits"), 2),
        (IndexUnusable("emptied"), 5),
    ],
)
def test_the_second_stands_in_and_the_first_is_left_alone(
    first: First, second: EmbeddedEngine, error: Exception, times: int
) -> None:
    both = StandingIn(first, second)
    first.fails = error
    for _ in range(5):
        answer = both.ask("members", ALL)
        assert (answer.total, answer.engine, answer.stands_in) == (1, "embedded", True)
    assert first.asked == times


def test_who_hangs_is_waited_for_once_and_by_few(first: First, second: EmbeddedEngine) -> None:
    now = [0.0]
    both = StandingIn(first, second, breaker=Breaker(lambda: now[0]), patience=0.001)
    first.hangs = threading.Event()
    for _ in range(MOST_AT_ONCE + 9):
        assert both.ask("members", ALL).stands_in
        now[0] += 61
    assert first.asked == MOST_AT_ONCE
    first.hangs.set()
    for each in threading.enumerate():
        if each.name == "asking":
            each.join()
    first.hangs = None
    assert not StandingIn(first, second).ask("members", ALL).stands_in
    now[0] += 61
    both._patience = 30.0
    assert not both.ask("members", ALL).stands_in


def test_who_is_behind_is_not_asked(first: First, second: EmbeddedEngine) -> None:
    behind = [True]
    both = StandingIn(first, second, is_behind=lambda: behind[0])
    assert both.ask("members", ALL).engine == "embedded"
    assert first.asked == 0
    behind[0] = False
    assert both.ask("members", ALL).engine == "first"


def test_an_index_that_is_not_there_is_no_answer(second: EmbeddedEngine, tmp_path: Path) -> None:
    wiped = First(tmp_path / "wiped")
    assert StandingIn(wiped, second).ask("members", ALL).total == 1


def test_when_both_fail_it_is_said(first: First, tmp_path: Path) -> None:
    other = First(tmp_path / "other")
    first.fails, other.fails = EngineUnavailable("down"), EngineUnavailable("the disk is gone")
    with pytest.raises(EngineUnavailable, match="disk"):
        StandingIn(first, other).ask("members", ALL)


def test_nobody_writes_through_it(first: First, second: EmbeddedEngine) -> None:
    both = StandingIn(first, second)
    for write in (both.put, both.replace):
        with pytest.raises(TypeError):
            write("members", [FARZONA])
    with pytest.raises(TypeError):
        both.remove("members", [FARZONA.id])
    assert both.ids("members") == {MARAL.id}
    assert (both.count("members"), both.mark("members")) == (1, "a:2")
    both.close()
