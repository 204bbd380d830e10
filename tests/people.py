"""Somebody with an account: a password that is kept, a phone that shows codes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import pyotp

from portal.credentials.actions import set_authenticator, set_password
from portal.credentials.rules import hash_password, key_of, new_salt
from portal.db import Store
from portal.settings import Settings
from tests.conftest import MOMENT, OPERATOR

PASSWORD = "tulip kettle north"

# hashing is slow on purpose: everybody in these tests has the same password, hashed once
hash_once = cache(hash_password)


class MovingClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = MOMENT

    def __call__(self) -> datetime:
        return self.moment


@dataclass(frozen=True)
class Person:
    """What one person knows and holds."""

    id: str
    name: str
    key: str
    password: str = PASSWORD

    def code(self, at: datetime, seconds: int = 0) -> str:
        """What the phone shows when its clock is so far off."""
        return pyotp.TOTP(self.key).at(at + timedelta(seconds=seconds))


def make_person(
    store: Store, settings: Settings, name: str = "aylar", role: str = "member", **more: str | None
) -> Person:
    """An account in working order."""
    hashed, salt = hash_once(PASSWORD), new_salt()
    organisation = more.pop("organisation_id", None)
    with store.transaction() as db:
        row = {"id": f"a-{name}", "sign_in_name": name, "name": name.title(), "role": role}
        db.table("accounts").insert({**row, "organisation_id": organisation, **more})
        set_password(db, OPERATOR, MOMENT, row["id"], hashed)
        set_authenticator(db, OPERATOR, MOMENT, row["id"], salt, 0)
    return Person(row["id"], name, key_of(settings.secret, salt))
