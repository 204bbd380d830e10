"""What a card is, which of its codes is asked for, and what is done without one."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta

from portal.credentials.rules import plain_code
from portal.i18n.language import Message

CODES = 12
# two groups of four characters: 40 bits, short enough to be said on the telephone
GROUPS = 2
TRIES = 5
FEW_LEFT = 3

# how long the same tap a second time is the first one again
SECOND_TAP = timedelta(minutes=5)

# one person is enough to hide or stop; whatever shows her, or answers for her, needs her code
WITHOUT_CODE = ("pause", "withdraw")
WITH_CODE = ("consent", "confirm", "accept", "decline", "open")
ACTS = (*WITH_CODE, *WITHOUT_CODE)

# what she says about one request, and so from its line alone
OF_A_REQUEST = ("accept", "decline")

# what else she says, the likeliest first, while her consent stands and while it does not
WHILE_CONSENT_STANDS = ("confirm", "pause", "consent", "withdraw")
WITHOUT_CONSENT = ("consent", "pause", "withdraw")

# what she says, and what the coordinator's button does then
SAYS = {
    "consent": Message("I consent to be listed"),
    "confirm": Message("My details are right, and I take visits"),
    "accept": Message("I take this request on"),
    "decline": Message("I cannot take this request on"),
    "pause": Message("I am away for a time"),
    "withdraw": Message("I withdraw my consent"),
    "open": Message("Whether another organisation may propose me"),
}
DOES = {
    "consent": Message("Record the consent"),
    "confirm": Message("Record the confirmation"),
    "accept": Message("Accept on behalf of the practitioner"),
    "decline": Message("Decline on behalf of the practitioner"),
    "pause": Message("Pause the visits"),
    "withdraw": Message("Withdraw the consent"),
    "open": Message("Record the answer"),
}

REFUSED = {
    "none": Message("There is no card in use. Print one and hand it over in person."),
    "locked": Message("This card is locked after five wrong codes. Hand a new one over in person."),
    "printer": Message("You printed this card; another coordinator can take the call."),
    "herself": Message("This is your own card: another coordinator has to take the call."),
    "used": Message(
        "This code was used already. Each opens once; ask for the one that stands now."
    ),
    "stale": Message("Another code is asked for now. Look at its number, then ask again."),
    "wrong": Message("This is not the code of that number. Let it be read once more, slowly."),
}


def acts_now(*, consent_stands: bool, with_code: bool, is_asked: bool = False) -> list[str]:
    """What can be done on the telephone now, the likeliest first; with no code what hides.

    `is_asked`: her organisation is not in the network, and she has a question to answer.
    """
    acts = WHILE_CONSENT_STANDS if consent_stands else WITHOUT_CONSENT
    acts = ("open", *acts) if is_asked else acts
    return [act for act in acts if with_code or act in WITHOUT_CODE]


def card_hash(secret: str, card_id: str, number: int, code: str) -> str:
    """What is kept of a code; nobody without the portal's secret can try all 40 bits."""
    text = f"card:{card_id}:{number}:{plain_code(code)}".encode()
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def asked_number(secret: str, card_id: str, unused: Sequence[int]) -> int | None:
    """The number whose code is asked for next; None when all are used.

    It stays the same until that code is used, whoever asks and however often, and follows no order
    that somebody who saw part of a card could wait for.
    """
    if not unused:
        return None
    text = f"asked:{card_id}:{','.join(map(str, unused))}".encode()
    drawn = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return unused[int.from_bytes(drawn[:8]) % len(unused)]
