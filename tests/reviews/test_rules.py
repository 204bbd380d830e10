"""Who may review, who may decide, and what comes of it: the rules as tables."""

from datetime import timedelta

import msgspec
import pytest

from portal.clock import stamp
from portal.deciding.rules import DecidedPoint, agreed, missing_points, outcome
from portal.deciding.rules import hindrance as why_not_decide
from portal.reviews.rules import (
    Review,
    Reviewer,
    Standing,
    asked_about,
    count_possible,
    hindrance,
    is_unanswered,
    may_be_released,
    missing_verdicts,
    outside_missing,
)
from tests.conftest import MOMENT

NOW = stamp(MOMENT)
STANDING = Standing(
    id="ap",
    organisation_id="o-new",
    name="Umyt",
    names={},
    kind="ngo",
    region=None,
    contact_name="Ogulgerek Saparowa",
    state="applicant",
    state_at=NOW,
    submitted_at=NOW,
    closed_at=None,
    is_appeal=False,
    round=1,
    reviews=[],
    conflicts=[],
)


def person(
    name: str, organisation: str | None = "o-1", role: str = "member", **more: bool
) -> Reviewer:
    is_member = more.pop("is_member", organisation is not None)
    return Reviewer(f"a-{name}", name, role, organisation, is_member=is_member, **more)


def review(name: str | None, organisation: str | None, **more: object) -> Review:
    account = f"a-{name}" if name else None
    made = Review(
        id=f"rv-{name}",
        round=1,
        is_appeal=False,
        account_id=account,
        organisation_id=organisation,
        organisation=organisation,
        taken_at=NOW,
        submitted_at=None,
        ended_at=None,
        is_gone=False,
    )
    return msgspec.structs.replace(made, **more)


def standing(*reviews: Review, **more: object) -> Standing:
    return msgspec.structs.replace(STANDING, reviews=list(reviews), **more)


MARAL, NIGORA = person("maral"), person("nigora", "o-2")
ZARINA, OLGA = (person(name, None, "coordinator") for name in ("zarina", "olga"))
EVERYBODY = [MARAL, NIGORA, ZARINA, OLGA]


@pytest.mark.parametrize(
    ("who", "application", "why"),
    [
        (MARAL, STANDING, None),
        (person("dilbar", "o-1", "coordinator"), STANDING, None),
        (person("olim", "o-1", "observer"), STANDING, "no_member"),
        (person("aylar", "o-1", "practitioner"), STANDING, "no_member"),
        (person("root", None, "admin"), STANDING, "no_member"),
        (person("maral", is_member=False), STANDING, "no_member"),
        (ZARINA, STANDING, "no_member"),
        (person("guncha", "o-new"), STANDING, "own"),
        (person("Saparowa Ogulgerek"), STANDING, "same_person"),
        (MARAL, standing(conflicts=["o-1"]), "conflict"),
        (MARAL, standing(review("meret", "o-1")), "taken"),
        (MARAL, standing(review("meret", "o-1", ended_at=NOW)), None),
        (MARAL, standing(review("x", "o-3")), None),
        (MARAL, standing(review("x", "o-3"), review("y", "o-4")), "full"),
        (MARAL, standing(review("x", "o-3"), review(None, None)), "full"),
        (MARAL, standing(review("meret", "o-1"), is_appeal=True), "earlier"),
        (MARAL, standing(review("x", "o-3"), is_appeal=True), None),
        (MARAL, standing(state="more_information"), "closed"),
        (MARAL, standing(state="declined"), "closed"),
        (MARAL, standing(state="under_review", closed_at=NOW), "closed"),
    ],
)
def test_who_may_take_a_review(who: Reviewer, application: Standing, why: str | None) -> None:
    assert hindrance(who, application, EVERYBODY) == why


def test_the_only_coordinator_decides_and_does_not_review() -> None:
    alone = person("dilbar", "o-1", "coordinator")
    gone = person("zarina", None, "coordinator", is_here=False)
    assert hindrance(alone, STANDING, [alone, MARAL]) == "decides"
    assert hindrance(alone, STANDING, [alone, gone]) == "decides"
    assert hindrance(alone, STANDING, [alone, ZARINA]) is None
    assert count_possible(STANDING, [alone]) == 0


@pytest.mark.parametrize(
    ("people", "application", "missing"),
    [
        ([MARAL, NIGORA], STANDING, 0),
        ([MARAL], STANDING, 1),
        ([ZARINA], STANDING, 2),
        ([MARAL, NIGORA], standing(conflicts=["o-2"]), 1),
        ([MARAL, NIGORA], standing(conflicts=["o-1", "o-2"]), 2),
        ([MARAL], standing(review("maral", "o-1")), 1),
        ([MARAL], standing(review("maral", "o-1"), review(None, None)), 0),
        ([ZARINA], standing(review(None, None)), 1),
        ([ZARINA], standing(review(None, None, submitted_at=NOW), review(None, None)), 0),
        ([ZARINA], standing(review(None, None, ended_at=NOW)), 2),
        ([MARAL], standing(review("x", "o-9")), 0),
        ([MARAL], standing(state="more_information"), 0),
        ([MARAL, NIGORA], standing(review("maral", "o-1"), is_appeal=True), 1),
    ],
)
def test_how_many_come_from_outside(
    people: list[Reviewer], application: Standing, missing: int
) -> None:
    assert outside_missing(application, people) == missing


@pytest.mark.parametrize(
    ("who", "application", "before", "why"),
    [
        (ZARINA, STANDING, (), None),
        (MARAL, STANDING, (), "role"),
        (person("g", "o-new", "coordinator"), STANDING, (), "own"),
        (person("g", "o-2", "coordinator"), standing(conflicts=["o-2"]), (), "conflict"),
        (person("Ogulgerek Saparowa", None, "coordinator"), STANDING, (), "same_person"),
        (ZARINA, standing(review("zarina", "o-1")), (), "reviewed"),
        (person("g", "o-2", "coordinator"), standing(review("x", "o-2")), (), "organisation"),
        (ZARINA, standing(is_appeal=True), ("a-zarina",), "decided"),
        (OLGA, standing(is_appeal=True), ("a-zarina",), None),
        (ZARINA, standing(is_appeal=True), ("a-zarina", "a-olga"), None),
    ],
)
def test_who_may_decide(
    who: Reviewer, application: Standing, before: tuple[str, ...], why: str | None
) -> None:
    assert why_not_decide(who, application, EVERYBODY, before) == why


def test_with_no_other_coordinator_the_same_one_decides() -> None:
    appealed = standing(is_appeal=True)
    assert why_not_decide(ZARINA, appealed, [ZARINA, MARAL], ["a-zarina"]) is None
    gone = person("olga", None, "coordinator", is_here=False)
    assert why_not_decide(ZARINA, appealed, [ZARINA, gone], ["a-zarina"]) is None
    own = person("g", "o-2", "coordinator")
    assert why_not_decide(own, standing(review("x", "o-2")), [own, MARAL], []) is None


def test_what_is_pre_filled_and_what_needs_a_reason() -> None:
    both = [{"a": "met", "b": "not_met", "c": "met", "d": "more"}] * 2
    both[1] = {**both[1], "c": "not_met"}
    assert [agreed(code, both) for code in "abcde"] == [True, False, None, None, None]
    right, wrong = DecidedPoint(True), DecidedPoint(False)
    assert missing_points("abc", {"a": right, "b": right}, both) == {"b": "reason", "c": "met"}
    assert missing_points("ac", {"a": wrong, "c": right}, both) == {"a": "reason"}
    said = {
        "a": DecidedPoint(False, "x"),
        "b": DecidedPoint(True, "x"),
        "c": DecidedPoint(False, "x"),
    }
    assert missing_points("abc", said, both) == {}
    assert outcome(said) == "declined"
    assert outcome({"a": right}) == "admitted"


def test_verdicts_that_lack_something() -> None:
    verdicts = {"a": "met", "b": "more", "c": "not_met", "d": ""}
    notes = {"b": "which year"}
    assert missing_verdicts("abcde", verdicts, notes) == {
        "c": "note",
        "d": "verdict",
        "e": "verdict",
    }
    assert asked_about([verdicts, {"a": "more"}]) == {"a", "b"}


def test_places_are_freed_and_silence_ends() -> None:
    late = MOMENT + timedelta(days=14)
    mine = review("maral", "o-1")
    assert not may_be_released(mine, late - timedelta(seconds=1))
    assert may_be_released(mine, late)
    assert not may_be_released(review("maral", "o-1", submitted_at=NOW), late)
    assert may_be_released(review("maral", "o-1", is_gone=True), MOMENT)
    assert may_be_released(review(None, None), MOMENT)
    waits = standing(state="more_information")
    assert not is_unanswered(waits, MOMENT + timedelta(days=59))
    assert is_unanswered(waits, MOMENT + timedelta(days=60))
    assert not is_unanswered(standing(state="under_review"), MOMENT + timedelta(days=99))
