"""What an application still lacks, how long its link is good, and what it may still change."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from portal.actor import Actor
from portal.charter.rules import Point
from portal.clock import moment_of, stamp
from portal.credentials.rules import attempt_key, network_of
from portal.i18n.language import Message
from search.folding import fold_words

# the link to one's own application: while it is written and looked at
LINK_GOOD_FOR = timedelta(days=30)
PURPOSE = "apply"

# whoever acts by such a link: nobody's account, and no more of it stands in the audit
APPLICANT = Actor(role="visitor", account_id="applicant")

# of an address nobody has confirmed, and of an application nobody came back to
UNCONFIRMED_KEPT = timedelta(hours=72)
UNSENT_KEPT = timedelta(days=90)

# what a file is shown for that goes with an appeal, and under which its words are kept until then
APPEAL = "appeal"

# an appeal is possible once, within so many days of the decision
APPEAL_WITHIN = timedelta(days=30)

# contacts and evidence of a declined application go so long after nobody can appeal any more
CLOSED_KEPT = timedelta(days=30)

MOST_FILES = 30
MOST_BYTES_OF_ALL = 100 * 1024 * 1024

# security: so much while nobody has said which organisation this is and who its contact is
FEW_FILES = 5
FEW_BYTES = 10 * 1024 * 1024

# security: what all applications that were not sent may hold on the disk together
MOST_BYTES_UNSENT = 2 * 1024 * 1024 * 1024

# the address is kept so long after the letter that says the rest was erased: it may lie in the
# outbox until somebody carries it on
ADDRESS_KEPT = timedelta(days=3)

# security: so many letters a day that anybody may ask for in the name of an address
MOST_ASKED_A_DAY = 5

# security: so many applications are begun from one network a day; then its visitors wait
MOST_BEGUN_A_DAY = 20
UNTIL_TOMORROW = timedelta(days=1)

# what must be said of the organisation, and of whoever is its contact
ORGANISATION_MUST = ("name", "kind", "place_id", "summary")
CONTACT_MUST = ("contact_name", "contact_work")

# what a letter to the applicant is about; the words stand in `letters`
LETTERS = ("start", "again", "received", "more_information", "admitted", "declined", "erased")


# so many words has the name of a contact, a father's name in two words included
MOST_WORDS = 4

# of a father's name in two words, as it is compared: "Rustam qizi" counts as one
_PARTICLES = frozenset(fold_words("gyzy kyzy kizi qizi ogly oglu ogli ugli uly"))


def names_contact(contact_name: str | None, name: str) -> bool:
    """Whether the contact that an applicant names is this person.

    Whole names alone, in any order, one of them with a father's name at most: an applicant does
    not shut several people out by a name that is made of theirs.
    """
    words = sorted((_words(contact_name or ""), _words(name)), key=len)
    return len(words[0]) > 1 and words[0] <= words[1] and len(words[1]) <= len(words[0]) + 1


@lru_cache(maxsize=2**10)
def _words(name: str) -> frozenset[str]:
    return frozenset(fold_words(name)) - _PARTICLES


def missing_criteria(
    criteria: Sequence[Point], answered: Collection[str], shown: Collection[str]
) -> dict[str, list[str]]:
    """For each criterion that cannot be sent yet what it lacks: an `answer`, a `file`."""
    lacks = {
        each.code: [
            *(["answer"] if each.code not in answered else []),
            *(["file"] if each.asks_file and each.code not in shown else []),
        ]
        for each in criteria
    }
    return {code: what for code, what in lacks.items() if what}


# letters, digits and hyphens between dots, a port perhaps; no sign that ends an address in a text
_WEBSITE = re.compile(r"""(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?(?:[/?#][^\s"'<>`\\]*)?""")


def is_website(text: str) -> bool:
    """Whether a text is the address of a website, with or without its https://."""
    return _WEBSITE.fullmatch(text) is not None and text.isprintable()


SENT = Message("This was sent and cannot be changed now.")

# how what a step lacks is said; the codes are those of `Lacking`
LACKS = {
    "name": Message("The name is missing."),
    "kind": Message("Say what kind of organisation it is."),
    "place_id": Message("The settlement is missing."),
    "summary": Message("Say in a few sentences what the organisation does."),
    "answer": Message("The answer is missing."),
    "file": Message("A file is missing."),
    "changed": Message("The criterion was changed since you answered. Read it and save again."),
    "reply": Message("There is a question that is not answered yet."),
    "principles": Message("The principles and terms are not accepted yet."),
    "charter": Message("The network has no charter yet, so nobody can join."),
    "contact_name": Message("The name of the contact is missing."),
    "contact_work": Message("Say what the contact does in the organisation."),
}


class Lacking(msgspec.Struct, frozen=True):
    """What an application lacks, step by step; codes only."""

    organisation: list[str]
    criteria: dict[str, list[str]]
    principles: list[str]
    contact: list[str]

    @property
    def is_nothing(self) -> bool:
        """Whether it can be sent."""
        return not (self.organisation or self.criteria or self.principles or self.contact)


def may_appeal(state: str | None, since: str | None, at: datetime, *, is_appeal: bool) -> bool:
    """Whether a decision may still be appealed against: once, within thirty days."""
    if state != "declined" or since is None or is_appeal:
        return False
    return at < moment_of(since) + APPEAL_WITHIN


def ask_keys(secret: str, visitor: str, email: str, at: datetime) -> tuple[str, str]:
    """What an ask for a link is counted under: this address from this network, and the network.

    Many share a network that nobody of them chose: what a stranger asks from it holds the others
    up until the hour ends.
    """
    network = network_of(visitor)
    mine = attempt_key(secret, "apply", network, email)
    return mine, attempt_key(secret, "apply", network, stamp(at)[:13])


def begun_key(secret: str, visitor: str, at: datetime) -> str:
    """What applications that are begun are counted under: a network, and the day."""
    return attempt_key(secret, "begin", network_of(visitor), stamp(at)[:10])
