"""An applicant with a browser, a link, and a day whose hours a test chooses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.applications.actions import queue_letter
from portal.applying.actions import forget_applications, send_letters
from portal.db import Store, column
from portal.membership.actions import move
from portal.settings import Settings
from tests.conftest import JSON, OPERATOR, browsing
from tests.people import MovingClock, make_person
from tests.uploads.making import png

ADDRESS = "office@tulip.example"
PHONE = "+993 12 777888"
ORGANISATION = {
    "applicant": "Tulip of Mary",
    "applicant_ru": "Тюльпан Мары",
    "kind": "ngo",
    "place": "Mary",
    "about": "We advise women who come back from abroad.",
    "services": ["legal", "prevention"],
    "office_phone": "+993 12 555666",
}
CONTACT = {"contact_name": "Jeren Planted", "contact_work": "Director", "contact_phone": PHONE}
ANSWER = "We are registered, number 1234567, since 12.03.2015; 120, 340 and 500 people came."


@dataclass
class Applicant:
    """One organisation that applies, by forms alone."""

    client: TestClient
    store: Store
    settings: Settings
    clock: MovingClock
    code: str = ""

    def ask(self, email: str = ADDRESS, name: str = "Tulip of Mary", **headers: str) -> Any:
        """Ask for a link; the demo shows it, and it is taken from there."""
        form = {"applicant": name, "email": email}
        answer = self.client.post("/en/apply", data=form, headers=headers, follow_redirects=False)
        if answer.status_code == 303:
            self.code = answer.headers["location"].rpartition("link=")[2]
        return answer

    def get(self, *step: str, **headers: str) -> Any:
        path = "/".join(("/en/apply", self.code, *step))
        return self.client.get(path, headers=headers, follow_redirects=False)

    def post(self, *step: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        path = "/".join(("/en/apply", self.code, *step))
        return self.client.post(path, data=data or {}, follow_redirects=False, **more)

    def answer(
        self,
        code: str,
        answer: str = ANSWER,
        file: bytes | None = None,
        name: str = "statute.png",
        **more: Any,
    ) -> Any:
        """Answer a criterion, as the form of a browser does: in parts, with a file or without."""
        files = {"file": (name, file, "image/png")} if file else {"file": ("", b"")}
        sent = {"version": "2", "answer": answer, **more}
        return self.post("criteria", code, data=sent, files=files)

    @property
    def criteria(self) -> dict[str, bool]:
        """The criteria that stand, and whether each asks for a file."""
        sql = "SELECT code, asks_file FROM charter_points WHERE version = 2 AND kind = 'criterion'"
        with self.store.read() as db:
            return {code: bool(asks) for code, asks in db.execute(sql + " ORDER BY position")}

    def write(self) -> None:
        """All steps but the last."""
        steps = [self.post("organisation", data=ORGANISATION), self.post("contact", data=CONTACT)]
        agreed = {"version": "2", "principles": "yes", "terms": "yes"}
        steps.append(self.post("principles", data=agreed))
        for code, asks_file in self.criteria.items():
            steps.append(self.answer(code, file=png() if asks_file else None))
        assert [each.status_code for each in steps] == [303] * len(steps)

    def send(self) -> Any:
        return self.post("send")

    @property
    def state(self) -> dict[str, Any]:
        """What the page says to scripts."""
        return self.get(**JSON).json()

    def ask_db(self, sql: str, **parameters: Any) -> list[Any]:
        with self.store.read() as db:
            return column(db, sql, **parameters)

    @property
    def id(self) -> str:
        return self.ask_db("SELECT id FROM applications ORDER BY rowid DESC LIMIT 1")[0]

    def step(self, state: str, **about: str) -> None:
        """What reviewers and coordinators do, in short."""
        with self.store.transaction() as db:
            (own,) = column(db, "SELECT organisation_id FROM applications WHERE id = :i", i=self.id)
            move(db, OPERATOR, self.clock.moment, own, state, application_id=self.id, **about)

    def review(self, verdicts: dict[str, tuple[str, str]], number: int = 1) -> None:
        """Two reviews that were sent, of two organisations' members, with the same words."""
        with self.store.transaction() as db:
            for who in ("first", "second"):
                row = {"id": f"r-{who}-{number}", "application_id": self.id, "round": number}
                row |= {
                    "account_id": f"a-{who}",
                    "is_appeal": 0,
                    "taken_at": "2026-11-23T05:00:00Z",
                }
                db.table("reviews").insert({**row, "submitted_at": "2026-11-23T06:00:00Z"})
                db.table("review_answers").insert_all(
                    {"review_id": row["id"], "code": code, "verdict": verdict, "note": note}
                    for code, (verdict, note) in verdicts.items()
                )

    def decide(self, verdict: str, **reasons: str) -> None:
        """A decision with a reason for each criterion, and its letter."""
        with self.store.transaction() as db:
            at = self.clock.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            own = f"d-{db.table('decisions').count + 1}"
            row = {"id": own, "application_id": self.id, "is_appeal": 0, "by": "a-judge", "at": at}
            db.table("decisions").insert({**row, "verdict": verdict, "note": "Thank you."})
            db.table("decision_points").insert_all(
                {"decision_id": own, "code": code, "met": int(verdict == "admitted"), "reason": why}
                for code, why in reasons.items()
            )
            queue_letter(db, self.clock.moment, self.id, verdict)
        self.step(verdict)

    def later(self, **apart: int) -> datetime:
        self.clock.moment += timedelta(**apart)
        return self.clock.moment

    def letters(self) -> list[EmailMessage]:
        """What is sent now, and was kept in the outbox before."""
        send_letters(self.store, self.settings, OPERATOR, self.clock.moment)
        kept = sorted(self.settings.outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [message_from_bytes(path.read_bytes(), policy=default) for path in kept]

    def erase(self) -> int:
        """The job that erases what is over."""
        return forget_applications(self.store, self.settings, OPERATOR, self.clock.moment)


@pytest.fixture
def applicant(settings: Settings, store: Store) -> Iterator[Applicant]:
    clock = MovingClock()
    make_person(store, settings, "judge", "coordinator")
    with browsing(settings, clock) as client:
        yield Applicant(client, store, settings, clock)


@pytest.fixture
def written(applicant: Applicant) -> Applicant:
    """An applicant who has written all and sent nothing."""
    applicant.ask()
    applicant.write()
    return applicant


@pytest.fixture
def sent(written: Applicant) -> Applicant:
    """An applicant who has sent all."""
    assert written.send().status_code == 303
    return written
