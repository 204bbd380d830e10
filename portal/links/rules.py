"""Who may ask for a link again, and how often."""

from portal.credentials.rules import attempt_key, network_of

# a review's link is made for one item and one person outside: whoever sent it sends another
ASKED_AGAIN = ("consent", "confirm")


def ask_keys(secret: str, visitor: str, to: str) -> tuple[str, str]:
    """What an ask is counted under: this name from this network, and the network.

    Apart from tries to sign in: whoever asks for links slows nobody's sign-in down.
    """
    network = network_of(visitor)
    return attempt_key(secret, "links", network, to), attempt_key(secret, "links", network)
