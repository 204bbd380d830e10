"""When a practitioner is listed, how old a confirmation may be, and when two names are one."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations, islice, product
from typing import Protocol

import msgspec
from rapidfuzz.distance import DamerauLevenshtein

from search.folding import Word, fold_words, words_of

FRESH_DAYS = 90
HIDDEN_AFTER_DAYS = 180
SAFEGUARDING_YEARS = 2
LICENCE_WARNING_DAYS = 30
WORDS_OF_A_NAME = 6
MOST_READINGS = 8
LETTERS_FOR_A_SLIP = 5
Likeness = Callable[[Word, Word], bool]
_A_OR_O = str.maketrans("o", "a")  # Tajik o, Russian and Persian а: Раҳмонов, Рахманов


class Standing(msgspec.Struct, frozen=True):
    """What a listing rests on, as it is recorded now; what is not known is None."""

    agreement: str | None
    consent_on: date | None
    ethics_signed_on: date | None
    confirmed_on: date | None
    licence_expires_on: date | None
    membership: str


def lapsed(standing: Standing) -> list[str]:
    """What is lacking whatever the day is, as codes: with any of these there is no listing."""
    reasons = {
        "agreement": standing.agreement != "agreed",
        "consent": standing.consent_on is None,
        "ethics": standing.ethics_signed_on is None,
        "confirmation": standing.confirmed_on is None,
        "membership": standing.membership != "admitted",
    }
    return [code for code, is_lacking in reasons.items() if is_lacking]


def reasons_unlisted(standing: Standing, today: date) -> list[str]:
    """Everything that keeps somebody out of the list today; empty when she is listed."""
    late = {
        "confirmation_old": standing.confirmed_on is not None
        and standing.confirmed_on < oldest_confirmation(today),
        "licence": standing.licence_expires_on is not None and standing.licence_expires_on < today,
    }
    return lapsed(standing) + [code for code, is_late in late.items() if is_late]


def oldest_confirmation(today: date) -> date:
    """The earliest confirmation that still lists somebody today."""
    return today - timedelta(days=HIDDEN_AFTER_DAYS)


def is_fresh(confirmed_on: date, today: date) -> bool:
    """Confirmed in the last 90 days; older is ageing, and past 180 hidden."""
    return (today - confirmed_on).days <= FRESH_DAYS


def oldest_safeguarding(day: date) -> date:
    """The earliest safeguarding training that lets somebody see a child on that day."""
    try:
        return day.replace(year=day.year - SAFEGUARDING_YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year - SAFEGUARDING_YEARS, day=28)


def is_open_in(month: int, closed_from: int | None, closed_to: int | None) -> bool:
    """Whether a seasonal service area is open in a month; November to April wraps the year."""
    if closed_from is None or closed_to is None:
        return True
    if closed_from <= closed_to:
        return not closed_from <= month <= closed_to
    return closed_to < month < closed_from


class Somebody(Protocol):
    """Who acts, as far as it says whether two accounts are one person's."""

    @property
    def account_id(self) -> str | None:
        """The account, where there is one."""

    @property
    def name(self) -> str:
        """The person's name; empty when it is not known."""

    @property
    def practitioner_id(self) -> str | None:
        """The practitioner's record that is this person's own."""


class Person(msgspec.Struct, frozen=True):
    """Somebody as a row names them."""

    account_id: str | None = None
    name: str = ""
    practitioner_id: str | None = None


def is_same_person(one: Somebody, other: Somebody) -> bool:
    """The same account, practitioner or name: two accounts do not make two people.

    A name counts in any order of its words, with or without the father's name.
    """
    if one.account_id is not None and one.account_id == other.account_id:
        return True
    if one.practitioner_id is not None and one.practitioner_id == other.practitioner_id:
        return True
    return is_same_name(one.name, other.name)


def is_same_name(one: str, other: str) -> bool:
    """The same words in any order, however spelt; of three or more the father's name may lack."""
    shorter, longer = _by_length(one, other)
    if not shorter or (len(shorter) == 1 and len(longer) > 1):
        return False
    return not _unpaired(shorter, longer, SAME_WORD)[0]


def seems_same_name(one: str, other: str) -> bool:
    """The same name, but for a with o, one slip in one long word, or an initial for a given name.

    Enough to ask whether two records are one person's, who works at one place too; never more.
    """
    shorter, longer = _by_length(one, other)
    if len(shorter) < 2:
        return False
    apart, others = _unpaired(shorter, longer, (*SAME_WORD, _is_same_but_a_or_o))
    if len(apart) > 1 or len(apart) == len(shorter):
        return False
    return all(any(_is_near(word, each) for each in others) for word in apart)


def _by_length(one: str, other: str) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    words, others = words_of(one), words_of(other)
    return (words, others) if len(words) <= len(others) else (others, words)


def _unpaired(
    words: tuple[Word, ...], others: tuple[Word, ...], likenesses: tuple[Likeness, ...]
) -> tuple[list[Word], list[Word]]:
    """The words of each that have no partner in the other, once the likest were paired first."""
    left, free = list(words), list(others)
    for is_partner in likenesses:
        for word in list(left):
            partner = next((each for each in free if is_partner(word, each)), None)
            if partner is not None:
                left.remove(word)
                free.remove(partner)
    return left, free


def _has_one_key(word: Word, other: Word) -> bool:
    return word.folded == other.folded


def _is_same_but_a_or_o(word: Word, other: Word) -> bool:
    return word.folded.translate(_A_OR_O) == other.folded.translate(_A_OR_O)


SAME_WORD: tuple[Likeness, ...] = (_has_one_key, Word.sounds_like)


def _is_near(word: Word, other: Word) -> bool:
    """One slip apart, or an initial of the other; the ending of a woman's name is no slip."""
    one, two = word.folded.translate(_A_OR_O), other.folded.translate(_A_OR_O)
    if min(len(one), len(two)) == 1:
        return one[0] == two[0]
    if min(len(one), len(two)) < LETTERS_FOR_A_SLIP or f"{one}a" == two or f"{two}a" == one:
        return False
    return DamerauLevenshtein.distance(one, two, score_cutoff=1) <= 1


def name_key(name: str) -> str:
    """A person's name as it is compared: folded words in one order, whichever came first."""
    return " ".join(sorted(fold_words(name)))


def name_keys(name: str) -> set[str]:
    """The key by every reading of the name, the usual one among them: Фёдор, Федор."""
    return {" ".join(sorted(words)) for words in _readings(name)}


def keys_of(name: str) -> str:
    """Every key of two or more words of a name, and that of the whole, as `|a b|a c|a b c|`.

    A name is told with or without the father's name; whoever is excluded by a shorter form of it
    is excluded all the same, by whichever reading.
    """
    keys: dict[str, None] = {}
    for reading in _readings(name):
        words = sorted(set(reading))
        first = words[:WORDS_OF_A_NAME]
        longer = [c for n in range(3, len(first) + 1) for c in combinations(first, n)]
        keys |= dict.fromkeys(" ".join(c) for c in [*combinations(words, 2), *longer])
        keys[" ".join(sorted(reading))] = None
    return f"|{'|'.join(keys)}|" if keys else ""


def _readings(name: str) -> list[tuple[str, ...]]:
    """The folded words of a name, in each way in which it can be read; none without words."""
    words = words_of(name)
    ways = product(*(dict.fromkeys(word.readings) for word in words)) if words else ()
    return list(islice(ways, MOST_READINGS))
