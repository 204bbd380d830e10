"""A small network: organisations that are admitted, their people, each with a browser of their own.

People are signed in by a session made in the database; what they do goes through the pages.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from litestar.testing import TestClient

from portal.accounts.actions import start_session
from portal.db import Store, column
from portal.links.actions import make_link
from tests.conftest import MOMENT
from tests.people import MovingClock

KEY = "0123456789abcdef"
AYNA = {
    "key": KEY,
    "full_name": "Aýna Döwletowa",
    "profession": "psychologist",
    "gender": "female",
    "place": "1219762",
    "phone": "+993 65 000111",
    "travel_km": "40",
    "languages": ["tk", "ru"],
    "modes": ["home", "phone"],
}
CONSENT = {
    "answer": "give",
    "scope": "members",
    "contact_policy": "via_organisation",
    "ethics": "2026-1",
}


@dataclass
class Network:
    """The cast; `client` is one browser that each person borrows in turn."""

    client: TestClient
    store: Store
    clock: MovingClock = field(default_factory=MovingClock)
    people: dict[str, str] = field(default_factory=dict)

    def join(
        self, name: str, organisation: str | None, role: str = "member", /, **more: Any
    ) -> str:
        """An account with everything granted; its id."""
        row = {
            "id": f"a-{name}",
            "sign_in_name": name,
            "name": name.title(),
            "role": role,
            "organisation_id": organisation,
            "directory_until": "2027-11-23",
        }
        with self.store.transaction() as db:
            db.table("accounts").insert({**row, **more})
        self.people[name] = f"a-{name}"
        return f"a-{name}"

    def as_(self, name: str | None) -> TestClient:
        """The browser, signed in as somebody or as nobody."""
        self.client.cookies.clear()
        if name is not None:
            with self.store.transaction() as db:
                token = start_session(db, self.people[name], self.clock.moment)
            self.client.cookies.set("session", token)
        return self.client

    def post(self, name: str | None, path: str, data: dict[str, Any] | None = None) -> Any:
        """Send a form as somebody, with the token of a page of theirs."""
        client = self.as_(name)
        sent = dict(data or {})
        if name is not None:
            page = client.get("/en/sign-in").text
            sent["csrf"] = page.split('name="csrf" value="')[1].split('"')[0]
        return client.post(path, data=sent, follow_redirects=False)

    def ask(self, sql: str, **parameters: Any) -> list[Any]:
        """The first column of a question to the database."""
        with self.store.read() as db:
            return column(db, sql, **parameters)

    def propose(self, name: str, **changes: Any) -> tuple[str, str]:
        """Propose Aýna without an e-mail address: her id and the printed link's path."""
        answer = self.post(name, "/en/practitioners/propose", {**AYNA, **changes})
        assert answer.status_code == 200, answer.text
        (person,) = self.ask(
            "SELECT practitioner_id FROM agreement_states ORDER BY id DESC LIMIT 1"
        )
        return person, link_on(answer.text)

    def consent(self, link: str, **changes: Any) -> Any:
        """Answer a link, as nobody who is signed in."""
        return self.post(None, link, {**CONSENT, **changes})

    def agree(self, name: str, person: str) -> Any:
        """Agree as somebody who has spoken with the practitioner."""
        sent = {"step": "agree", "spoken": "1"}
        return self.post(name, f"/en/practitioners/{person}/agreement", sent)

    def mailed(self, person: str) -> str:
        """The path of a link as the digest mails it to her own address."""
        with self.store.transaction() as db:
            code = make_link(db, self.clock.moment, "consent", person, timedelta(days=14))
        return f"/en/consent/{code}"

    def is_listed(self, person: str) -> bool:
        """Whether there is a listing."""
        return bool(self.ask("SELECT 1 FROM listings WHERE practitioner_id = :id", id=person))


def link_on(page: str) -> str:
    """The path of the link that a page shows."""
    shown = page.split('class="key">')[1].split("<")[0]
    return "/en/consent/" + shown.rsplit("/", 1)[1]


def members_of(store: Store) -> list[str]:
    """Admitted organisations that may use the directory today, NGOs and public ones."""
    sql = """
        SELECT o.id FROM organisations AS o JOIN membership_now AS m ON m.organisation_id = o.id
        WHERE m.state = 'admitted' AND o.directory_until >= :today
        AND o.kind IN ('ngo', 'public') ORDER BY o.id
    """
    with store.read() as db:
        return column(db, sql, today=MOMENT.date().isoformat())
