"""How long a printed link is good, and which record a form sent twice stands for."""

import hashlib
from datetime import timedelta

LINK_GOOD_FOR = timedelta(days=14)


def id_of_form(account_id: str | None, key: str) -> str:
    """The id of the record that one opened form makes, however often it is sent.

    Made from who sends it too, so that a key somebody invents names no record of another.
    """
    return "p-" + hashlib.sha256(f"{account_id}:{key}".encode()).hexdigest()[:12]
