"""An application that was sent, written straight into the tables, and the people who look at it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from litestar.testing import TestClient

from portal.charter.queries import find_version
from portal.clock import stamp
from portal.db import Store
from portal.files import Shelf
from portal.membership.actions import move
from portal.membership.queries import state_of
from portal.settings import Settings
from tests.conftest import OPERATOR
from tests.network import Network, members_of

APPLICATION = "ap-test"
PLACE = "1219762"
SECRET = "Our rules are kept in the blue cupboard"
CONTACT = "Ogulgerek Saparowa"
VERSION = 2

# people by the organisation they belong to; `zarina` and `olga` coordinate
CAST = {"maral": 0, "meret": 0, "nigora": 1, "farrukh": 2, "dilbar": 3, "rustam": 4}


@dataclass
class Stage(Network):
    """The cast, one application, and what is done with it."""

    settings: Settings | None = None
    organisations: tuple[str, ...] = ()

    def codes(self, version: int = VERSION) -> list[str]:
        """The criteria of a version of the charter."""
        with self.store.read() as db:
            charter = find_version(db, version)
        assert charter is not None
        return [each.code for each in charter.criteria]

    def state(self, application: str = APPLICATION) -> str | None:
        """Where its organisation's membership stands."""
        with self.store.read() as db:
            return state_of(db, f"o-{application}")

    def verdicts(self, act: str = "send", said: str = "met", **others: str) -> dict[str, str]:
        """A filled-in review; other verdicts by code, each with a note that names it."""
        form = {"act": act}
        for code in self.codes():
            verdict = others.get(code, said)
            form[f"verdict-{code}"] = verdict
            if verdict != "met":
                form[f"note-{code}"] = f"{verdict} about {code}"
        return form

    def review(self, name: str, path: str = APPLICATION, **others: str) -> Any:
        """Take a review and send it."""
        taken = self.post(name, f"/en/applications/{path}/take")
        assert taken.status_code == 303, taken.text
        sent = self.post(name, f"/en/applications/{path}/review", self.verdicts(**others))
        assert sent.status_code == 303, sent.text
        return sent

    def points(self, said: str = "met", **others: str) -> dict[str, str]:
        """A filled-in decision, with a reason for all that is not met."""
        form = {}
        for code in self.codes():
            form[f"met-{code}"] = met = others.get(code, said)
            if met != "met":
                form[f"reason-{code}"] = f"reason about {code}"
        return form

    def decide(self, name: str, sure: str, **others: str) -> Any:
        """Decide, with the outcome confirmed."""
        sent = {**self.points(**others), "sure": sure}
        return self.post(name, f"/en/applications/{APPLICATION}/decision", sent)

    def outside_link(self, name: str = "zarina") -> str:
        """The path of a link for somebody from outside."""
        answer = self.post(name, f"/en/applications/{APPLICATION}/outside")
        assert answer.status_code == 200, answer.text
        shown = answer.text.split('class="key">')[1].split("<")[0]
        return "/en/outside-review/" + shown.rsplit("/", 1)[1]

    def answer_again(self, application: str = APPLICATION) -> None:
        """The applicant answers what was asked, and sends again."""
        with self.store.transaction() as db:
            sent = {"application_id": application}
            move(db, OPERATOR, self.clock.moment, f"o-{application}", "under_review", **sent)

    def close(self, application: str) -> None:
        """The applicant takes it back."""
        with self.store.transaction() as db:
            at = self.clock.moment
            move(db, OPERATOR, at, f"o-{application}", "left", application_id=application)
            db.table("applications").update(application, {"closed_at": stamp(at)})

    def appeal(self) -> None:
        """The applicant appeals."""
        with self.store.transaction() as db:
            at = stamp(self.clock.moment)
            db.table("appeals").insert(
                {"application_id": APPLICATION, "words": "You misread our rules", "at": at}
            )
            db.table("applications").update(APPLICATION, {"closed_at": None})
            row = {"id": "ev-appeal", "application_id": APPLICATION, "code": "appeal", "at": at}
            file = {"file_id": f"f-{APPLICATION}-clean", "name": "Устав appeal.pdf"}
            db.table("application_evidence").insert({**row, **file})
            sent = {"application_id": APPLICATION}
            move(db, OPERATOR, self.clock.moment, f"o-{APPLICATION}", "under_review", **sent)

    def may_use(self, *names: str) -> None:
        """Let only these organisations have people who may review."""
        kept = [self.organisations[CAST[name]] for name in names]
        with self.store.transaction() as db:
            for account, organisation in db.execute(
                "SELECT id, organisation_id FROM accounts WHERE role = 'member'"
            ).fetchall():
                if organisation not in kept:
                    db.table("accounts").update(account, {"locked_at": stamp(self.clock.moment)})


def set_stage(client: TestClient, store: Store, settings: Settings) -> Stage:
    """Five organisations with members, two coordinators, and one application three days old."""
    found = Stage(client, store, settings=settings)
    found.organisations = tuple(members_of(store)[:6])
    with store.transaction() as db:
        db.execute("UPDATE accounts SET locked_at = '2026-01-01T00:00:00Z'")
    for name, index in CAST.items():
        found.join(name, found.organisations[index])
    found.join("zarina", None, "coordinator")
    found.join("olga", None, "coordinator")
    found.join("karim", found.organisations[5], "coordinator")
    found.join("olim", None, "observer")
    found.join("root", None, "admin")
    apply(found)
    return found


def apply(stage: Stage, application: str = APPLICATION, days: int = 3, **more: Any) -> None:
    """What an applicant has written, shown and sent some days ago."""
    at = stage.clock.moment - timedelta(days=days)
    organisation = f"o-{application}"
    row = {"id": organisation, "name": "Umyt", "names": "{}", "sort_name": "umyt", "kind": "ngo"}
    about = {"summaries": "{}", "visibility": "members", "place_id": PLACE}
    with stage.store.transaction() as db:
        db.table("organisations").insert({**row, **about})
        db.table("applications").insert(
            {
                "id": application,
                "organisation_id": organisation,
                "language": "ru",
                "email": "umyt@example.org",
                "name": "Umyt",
                "kind": "ngo",
                "place_id": PLACE,
                "summary": "We help on the railway",
                "contact_name": CONTACT,
                "contact_work": "chair",
                "contact_phone": "+993 65 777888",
                "version": VERSION,
                "made_at": stamp(at),
                "changed_at": stamp(at),
                "submitted_at": stamp(at),
                **more,
            }
        )
        for code in stage.codes():
            row = {"application_id": application, "code": code, "version": VERSION}
            db.table("application_answers").insert(
                {**row, "answer": f"{SECRET} ({code})", "at": stamp(at)}
            )
        _show(stage, db, application, at)
        sent = {"application_id": application}
        move(db, OPERATOR, at, organisation, "applicant", **sent)


def _show(stage: Stage, db: Any, application: str, at: Any) -> None:
    """Four files, each with another word of the scanner."""
    assert stage.settings is not None
    for scan in ("none", "clean", "pending", "infected"):
        path = stage.settings.data_dir / f"{application}-{scan}"
        path.write_bytes(b"%PDF " + application.encode() + scan.encode())
        kept = Shelf(stage.settings.files).put(path)
        file = {"id": f"f-{application}-{scan}", "hash": kept, "ending": "pdf", "scan": scan}
        more = {"media_type": "application/pdf", "size": path.stat().st_size}
        db.table("files").insert({**file, **more, "added_at": stamp(at), "added_by": "x"})
        row = {"id": f"ev-{application}-{scan}", "application_id": application}
        shown = {"code": "registered", "file_id": file["id"], "name": f"Устав {scan}.pdf"}
        db.table("application_evidence").insert({**row, **shown, "at": stamp(at)})
