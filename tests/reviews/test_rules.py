"""Who may review, who may decide, and what comes of it: the rules as tables."""

from datetime import timedelta

import msgspec
import pytest

from portal.applications.rules import names_contact
from portal.clock import stamp
from portal.deciding.rules import DecidedPoint, agreed, missing_points, outcome
from portal.deciding.rules import hindrance as why_not_decide
from portal.organisations.rules import is_alike, is_namesake
from portal.practitioners.rules import Person
from portal.reviews.rules import (
    asked_about,
    count_possible,
    exclusion,
    hindrance,
    is_unanswered,
    may_be_released,
    may_invite,
    missing_verdicts,
    outside_missing,
    waits_for_link,
)
from portal.reviews.standing import Review, Reviewer, Standing
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


def review(who: str | None, organisation: str | None, **more: object) -> Review:
    account = f"a-{who}" if who else None
    made = Review(
        id=f"rv-{who}",
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


def outside(account_id: str, name: str = "") -> Review:
    return review(None, None, submitted_at=NOW, invited_by=Person(account_id, name))


def appealed(*deciders: str, reviews: tuple[Review, ...] = (), **more: object) -> Standing:
    people = {"deciders": [Person(each) for each in deciders], **more}
    return standing(*reviews, is_appeal=True, **people)


MARAL, NIGORA = person("maral"), person("nigora", "o-2")
# the same person's account in another organisation
MARAL_TOO = person("maral", "o-5")
ZARINA, OLGA = (person(name, None, "coordinator") for name in ("zarina", "olga"))
JEREN = msgspec.structs.replace(person("jeren", None, "coordinator"), name="Jeren Ataýewa")
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
        (person("j"), standing(review("x", "o-3", account_id="a-j")), "twice"),
        (person("Jeren Ataýewa"), standing(review("x", "o-3", name="Ataýewa Jeren")), "twice"),
        (person("Jeren Ataýewa"), standing(review("x", "o-3", ended_at=NOW)), None),
        (person("j"), appealed(reviews=(review("j", "o-3"),)), "before"),
        (person("j"), appealed("a-j"), "before"),
        (person("j"), standing(deciders=[Person("a-j")]), None),
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


def test_an_applicant_shuts_nobody_out_by_a_made_up_name() -> None:
    for contact, name, counts in (
        ("Leyla Orazova", "Orazova Leyla Myradowna", True),
        ("Zarina Rustam qizi Karimova", "Karimova Zarina", True),
        ("Second Demo coordinator member", "Demo coordinator", False),
        ("Anna Ivanova Zarina Karimova", "Zarina Karimova", False),
        ("Zarina", "Zarina", False),
        ("Zarina Karimova", "Zarina", False),
        ("Leyla Meredowa", "Leyla Orazova", False),
        ("", "", False),
    ):
        assert names_contact(contact, name) is counts, (contact, name)


def test_the_name_of_the_contact_keeps_no_last_coordinator_away() -> None:
    named = person("Ogulgerek Saparowa", None, "coordinator")
    assert exclusion(named, STANDING, [named, ZARINA]) == "same_person"
    assert exclusion(named, STANDING, [named, MARAL]) is None
    gone = person("zarina", None, "coordinator", is_here=False)
    assert exclusion(named, STANDING, [named, gone]) is None
    reviewed = standing(review("zarina", "o-1"))
    assert exclusion(named, reviewed, [named, ZARINA]) is None
    assert exclusion(person("Ogulgerek Saparowa"), STANDING, [named]) == "same_person"
    own = person("Ogulgerek Saparowa", "o-new", "coordinator")
    assert exclusion(own, STANDING, [own]) == "own"


def test_who_makes_a_link_leaves_somebody_who_decides() -> None:
    root = person("root", None, "admin")
    both = [ZARINA, OLGA, MARAL]
    assert may_invite(ZARINA, STANDING, both)
    assert not may_invite(root, STANDING, both)
    assert not may_invite(MARAL, STANDING, both)
    assert not may_invite(ZARINA, STANDING, [ZARINA, MARAL])
    assert may_invite(root, STANDING, [ZARINA, MARAL])
    # in a later round the first maker makes it again, so that the other one can decide
    again = standing(outside("a-zarina"))
    assert may_invite(ZARINA, again, both)
    assert not may_invite(OLGA, again, both)
    late = MOMENT + timedelta(days=7)
    assert not waits_for_link(STANDING, [MARAL], late - timedelta(seconds=1))
    assert waits_for_link(STANDING, [MARAL], late)
    assert not waits_for_link(STANDING, [MARAL, NIGORA], late)
    new = standing(is_appeal=True, appealed_at=stamp(late))
    assert not waits_for_link(new, [MARAL], late)


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
        ([MARAL, MARAL_TOO], STANDING, 1),
        ([MARAL, MARAL_TOO, NIGORA], STANDING, 0),
        ([MARAL_TOO], standing(review("maral", "o-1", name="maral")), 1),
        ([MARAL], standing(state="more_information"), 0),
        ([MARAL, NIGORA], standing(review("maral", "o-1"), is_appeal=True), 1),
    ],
)
def test_how_many_come_from_outside(
    people: list[Reviewer], application: Standing, missing: int
) -> None:
    assert outside_missing(application, people) == missing


@pytest.mark.parametrize(
    ("who", "application", "why"),
    [
        (ZARINA, STANDING, None),
        (MARAL, STANDING, "role"),
        (person("g", "o-new", "coordinator"), STANDING, "own"),
        (person("g", "o-2", "coordinator"), standing(conflicts=["o-2"]), "conflict"),
        (person("Ogulgerek Saparowa", None, "coordinator"), STANDING, "same_person"),
        (ZARINA, standing(review("zarina", "o-1")), "reviewed"),
        (person("g", "o-2", "coordinator"), standing(review("x", "o-2")), "organisation"),
        (ZARINA, appealed("a-zarina"), "decided"),
        (OLGA, appealed("a-zarina"), None),
        (ZARINA, appealed("a-zarina", "a-olga"), None),
        (JEREN, standing(review("j", "o-1", name="Ataýewa Jeren")), "reviewed"),
        (JEREN, standing(review("j", "o-1", name="Jeren Ataýewa", ended_at=NOW)), None),
        (JEREN, appealed(reviews=(review("j", "o-1", name="Jeren Ataýewa"),)), "reviewed"),
        (JEREN, appealed(deciders=[Person("a-x", "Jeren Ataýewa")]), "decided"),
        (ZARINA, standing(outside("a-zarina")), "invited"),
        (OLGA, standing(outside("a-zarina")), None),
        (JEREN, standing(outside("a-x", "Jeren Ataýewa")), "invited"),
        (ZARINA, standing(outside("a-zarina"), outside("a-olga")), "invited"),
        (ZARINA, appealed(reviews=(outside("a-zarina"),)), None),
    ],
)
def test_who_may_decide(who: Reviewer, application: Standing, why: str | None) -> None:
    assert why_not_decide(who, application, EVERYBODY) == why


def test_with_no_other_coordinator_the_same_one_decides() -> None:
    again = appealed("a-zarina")
    assert why_not_decide(ZARINA, again, [ZARINA, MARAL]) is None
    gone = person("olga", None, "coordinator", is_here=False)
    assert why_not_decide(ZARINA, again, [ZARINA, gone]) is None
    own = person("g", "o-2", "coordinator")
    assert why_not_decide(own, standing(review("x", "o-2")), [own, MARAL]) is None
    # the maker of a link never decides: it waits for somebody else
    assert why_not_decide(ZARINA, standing(outside("a-zarina")), [ZARINA]) == "invited"


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


@pytest.mark.parametrize(
    ("one", "other", "alike", "same"),
    [
        (["«Umyt»"], ["Умыт"], True, True),
        (["Ak ýol merkezi"], ["Merkezi «Ak Yol»"], True, True),
        (["Umyt"], ["«Umyt» jemgyýetçilik guramasy"], True, False),
        (["Umyt köprüsi"], ["Umyt ýoly"], False, False),
        (["Ýagty geljek", "Светлое будущее"], ["Hope", "СВЕТЛОЕ БУДУЩЕЕ"], True, True),
        (["…"], ["Umyt"], False, False),
        (["…"], ["!"], False, False),
    ],
)
def test_organisations_are_alike_by_any_of_their_names(
    one: list[str], other: list[str], alike: bool, same: bool
) -> None:
    assert is_alike(one, other) == is_alike(other, one) == alike
    assert is_namesake(one, other) == is_namesake(other, one) == same
