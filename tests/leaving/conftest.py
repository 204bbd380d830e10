"""A network of four: one organisation that goes, with all that hangs on a membership."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.actor import Actor
from portal.approvals.actions import ask
from portal.clock import stamp
from portal.db import Store
from portal.files import Shelf
from portal.invitations.actions import Wanted as Invited
from portal.invitations.actions import invite
from portal.practitioners.actions import save_practitioner
from portal.requests.actions import create
from portal.requests.rules import Wanted
from portal.settings import Settings
from tests.conftest import MOMENT, TODAY, browsing
from tests.network import Network, members_of
from tests.people import MovingClock

PHONE = "+993 65 777123"
MAIL = "marker.leaving@example.org"
EVIDENCE = b"marker evidence of the statutes 77123"


@dataclass
class Leavers(Network):
    """Ogul and Sona of the organisation that goes, Bahar and Kerim of two others; Nurana and Dana
    coordinate, of a second and a fourth."""

    settings: Settings | None = None
    home: str = ""
    away: str = ""
    third: str = ""

    def person(self, name: str) -> Actor:
        row = self.row("accounts", self.people[name])
        return Actor(row["role"], row["id"], row["name"], row["organisation_id"], "ngo")

    def row(self, table: str, key: Any) -> dict[str, Any]:
        with self.store.read() as db:
            return dict(db.table(table).get(key))

    def state(self, organisation: str) -> str:
        sql = "SELECT state FROM membership_now WHERE organisation_id = :id"
        return str(self.ask(sql, id=organisation)[0])

    def agreement(self, person: str) -> str | None:
        sql = "SELECT state FROM agreement_states WHERE practitioner_id = :id ORDER BY id DESC"
        return next(iter(self.ask(sql, id=person)), None)

    def listed(self) -> list[str]:
        sql = "SELECT practitioner_id FROM listings WHERE organisation_id = :id ORDER BY 1"
        return self.ask(sql, id=self.home)

    def suspend(self, by: str = "nurana", **more: str) -> Any:
        sent = {"reason": "complaint", "note": "until we have talked", **more}
        return self.post(by, f"/en/memberships/{self.home}/suspend", sent)

    def leave(self, by: str = "nurana", **more: str) -> Any:
        sent = {"reason": "closed", "agreed": "1", **more}
        return self.post(by, f"/en/memberships/{self.home}/leave", sent)

    def own_words(self, organisation: str) -> dict[str, str]:
        """What its own people send to leave."""
        return {"agreed": "1", "whole_name": self.row("organisations", organisation)["name"]}

    def say(self, her: str, answer: str) -> Any:
        return self.post(her, f"/en/practitioners/{her}/open-to-proposals", {"answer": answer})

    def own_account(self, practitioner: str) -> None:
        """An account of her own, under the id of her record."""
        self.join(
            practitioner, self.home, "practitioner", practitioner_id=practitioner, name="Maral X"
        )

    def files_of(self, answer: Any) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def evidence(self) -> str:
        """An application of the organisation, with an answer and a file; the file's hash."""
        assert self.settings is not None
        path = Path(self.settings.data_dir) / "statutes.pdf"
        path.write_bytes(EVIDENCE)
        with self.store.transaction() as db:
            digest = Shelf(self.settings.files).put(path)
            version = db.execute("SELECT max(version) FROM charter_versions").fetchone()[0]
            made = stamp(MOMENT - timedelta(days=30))
            db.table("files").insert(
                {
                    "id": "f-statutes",
                    "hash": digest,
                    "size": len(EVIDENCE),
                    "media_type": "application/pdf",
                    "ending": "pdf",
                    "added_at": made,
                    "added_by": "visitor",
                    "scan": "none",
                }
            )
            db.table("applications").insert(
                {
                    "id": "ap-marker",
                    "organisation_id": self.home,
                    "language": "ru",
                    "email": MAIL,
                    "name": "Umyt",
                    "names": "{}",
                    "services": "[]",
                    "contact_name": "Marker Contact",
                    "contact_phone": PHONE,
                    "version": version,
                    "made_at": made,
                    "changed_at": made,
                    "submitted_at": made,
                }
            )
            belongs = {"application_id": "ap-marker", "code": "registered", "at": made}
            said = {"version": version, "answer": "=marker answer 77123"}
            db.table("application_answers").insert({**belongs, **said})
            shown = {"id": "e-1", "file_id": "f-statutes", "name": "../../statutes.pdf"}
            db.table("application_evidence").insert({**belongs, **shown})
        path.unlink()
        return digest


@pytest.fixture
def network(settings: Settings, store: Store) -> Iterator[Leavers]:
    clock = MovingClock()
    with browsing(settings, clock) as client:
        made = Leavers(client, store, clock, settings=settings)
        sql = """
            SELECT l.organisation_id FROM listings AS l JOIN organisations AS o
            ON o.id = l.organisation_id WHERE o.visibility = 'public' AND o.id IN (
                SELECT organisation_id FROM materials WHERE visibility = 'public'
                AND published_version IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM organisation_services AS s
                            WHERE s.organisation_id = o.id AND s.service = 'shelter')
            GROUP BY 1 HAVING count(*) > 2 ORDER BY 1
        """
        of_members = members_of(store)
        made.home = next(each for each in made.ask(sql) if each in of_members)
        others = [each for each in of_members if each != made.home]
        made.away, made.third, fourth = others[:3]
        made.join("ogul", made.home, name="Ogul Ogulow")
        made.join("sona", made.home, "coordinator", name="Sona Sonaowa")
        made.join("bahar", made.away, name="Bahar Baharowa")
        made.join("kerim", made.third, name="Kerim Kerimow")
        made.join("nurana", made.away, "coordinator", name="Nurana Nuranowa")
        made.join("dana", fourth, "coordinator", name="Dana Danowa")
        yield made


@pytest.fixture
def her(network: Leavers) -> str:
    """A practitioner of that organisation who is listed, with an account, a phone and no e-mail."""
    person = network.listed()[0]
    with network.store.transaction() as db:
        by = network.person("ogul")
        changes = {"phone": PHONE, "email": None, "name": "Maral Maralowa"}
        save_practitioner(db, by, MOMENT, person, changes)
        db.execute("DELETE FROM accounts WHERE practitioner_id = ?", [person])
    network.own_account(person)
    assert network.is_listed(person)
    return person


def busy(network: Leavers) -> tuple[str, str]:
    """Ogul has a request open with somebody elsewhere; what waits is asked: request, approval."""
    ogul = network.person("ogul")
    with network.store.transaction() as db:
        invite(db, ogul, MOMENT, Invited("guest", "member", network.home))
        item = ask(db, network.person("sona"), MOMENT, "invite", "w-guest", role="member")
        wanted = Wanted(
            profession="psychologist",
            mode="phone",
            region="TM-M",
            wished_on=TODAY + timedelta(days=5),
            timezone="Asia/Ashgabat",
            form_key="a-key-of-some-length",
            accompaniment="asker",
            travel_cost="asker",
        )
        return create(db, ogul, MOMENT, wanted), item
