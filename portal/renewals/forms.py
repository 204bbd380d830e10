"""The self-check that a member sends, what it affirms, and what a coordinator answers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

import msgspec

from portal.charter.rules import Point
from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.renewals.rules import MOST_WHY, MOST_WORDS, RenewalAnswer, Verdict

HOLDS, WORDS, AFFIRMS = "holds-", "words-", "affirms-"

Words = Annotated[str, msgspec.Meta(max_length=MOST_WORDS)]


class SelfCheck(msgspec.Struct, frozen=True):
    """A whole self-check: for which day, under which version, criterion by criterion."""

    due_on: date
    version: int
    answers: list[RenewalAnswer]

    @property
    def holds(self) -> bool:
        """Whether every criterion still holds."""
        return all(each.holds for each in self.answers)


class Affirmation(msgspec.Struct, frozen=True):
    """Which points somebody ticked, and whether and why they cannot affirm the others."""

    version: int
    codes: list[str]
    cannot: bool
    why: str | None = None


class RenewalDecision(msgspec.Struct, frozen=True):
    """What a coordinator decides on a renewal, and why."""

    renewal: Annotated[str, msgspec.Meta(max_length=60)]
    verdict: Verdict
    note: Words


class _Check(msgspec.Struct, frozen=True):
    due: date
    version: int


class _Affirming(msgspec.Struct, frozen=True):
    version: int
    against: Annotated[str, msgspec.Meta(max_length=MOST_WHY)] | None = None


def read_self_check(sent: Mapping[str, str], criteria: Sequence[Point]) -> SelfCheck:
    """What was sent of a renewal; `Invalid` with all that is missing."""
    head = read_form(_Check, {name: sent.get(name, "") for name in ("due", "version")})
    wrong: dict[str, list[Message]] = {}
    answers = [_answer(sent, each.code, wrong) for each in criteria]
    if sent.get("principles") != "yes":
        wrong["principles"] = [Message("Affirm the principles, or call a coordinator first.")]
    if wrong:
        raise Invalid(wrong)
    return SelfCheck(head.due, head.version, answers)


def read_affirmation(sent: Mapping[str, str]) -> Affirmation:
    """Which points were ticked, and what was said of the others."""
    head = read_form(_Affirming, {name: sent.get(name, "") for name in ("version", "against")})
    codes = [name.removeprefix(AFFIRMS) for name in sent if name.startswith(AFFIRMS)]
    return Affirmation(head.version, codes, sent.get("act") == "cannot", head.against)


def _answer(sent: Mapping[str, str], code: str, wrong: dict[str, list[Message]]) -> RenewalAnswer:
    holds, words = sent.get(HOLDS + code), sent.get(WORDS + code, "").strip()
    if holds not in ("yes", "no"):
        wrong[HOLDS + code] = [Message("Say whether this still holds.")]
    if holds == "no" and not words:
        wrong[WORDS + code] = [Message("Say what has changed.")]
    if len(words) > MOST_WORDS:
        most = Message("Make this shorter: at most %(most)s characters.", {"most": MOST_WORDS})
        wrong[WORDS + code] = [most]
    return RenewalAnswer(code, holds == "yes", words if holds == "no" else None)
