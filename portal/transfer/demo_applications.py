"""The demo's applications in each state: what was written, shown, and how their states followed.

The rows are those that the steps of people leave behind; their days count back from the seeding.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from sqlite_utils import Database

from portal.accounts.rules import ANOTHER
from portal.actor import Actor, Role
from portal.charter.queries import Charter, find_version, find_versions
from portal.clock import day_of, stamp
from portal.db import as_json, column, count
from portal.errors import NotFound
from portal.files import Shelf
from portal.organisations.actions import save_organisation
from portal.settings import Settings
from portal.transfer.demo_contacts import demo_actor
from portal.uploads.actions import keep_file
from portal.uploads.apart import check_and_draw
from seed_data.contacts import email, phone
from seed_data.tables import HERE, read_rows

Row = Mapping[str, str]

APPLICANT = Actor(role="visitor", account_id="applicant")

# which paper shows that a criterion is met
PAPERS = {
    "registered": "certificate",
    "confidential": "rules",
    "child_safety": "children",
    "honest_money": "account",
}

# the one that is still written has answered so many criteria; it came back the day before
DRAFT_ANSWERS = 4
WRITTEN_BEFORE = timedelta(days=1)

# whose a step or a decision is, and the organisation of that coordinator
COORDINATORS: dict[str, str | None] = {"coordinator": None, "another": ANOTHER}


class Stage(msgspec.Struct, frozen=True):
    """Where and when the demo's applications are written down."""

    db: Database
    settings: Settings
    at: datetime

    def ago(self, days: str) -> datetime:
        """Some days ago, an hour and a half earlier in the day."""
        return self.at - timedelta(days=int(days), minutes=90)

    def day(self, moment: datetime) -> date:
        """The network's day of a moment."""
        return day_of(moment, self.settings.timezone)

    def charter(self, moment: datetime) -> Charter:
        """The version that stood at a moment, or the first."""
        day = self.day(moment)
        versions = find_versions(self.db)
        stood = [each for each in versions if each.adopted_on and each.adopted_on <= day]
        found = find_version(self.db, (stood or versions[-1:])[0].version)
        if found is None:
            raise NotFound
        return found

    def actor(self, who: str) -> Actor:
        """An applicant, `coordinator`, `another` coordinator, or `member` and its number."""
        if who == APPLICANT.account_id:
            return APPLICANT
        if who in COORDINATORS:
            return self._account("coordinator", COORDINATORS[who])
        return self._account("member", self._reviewing()[int(who.split()[1])])

    def _account(self, role: Role, organisation: str | None) -> Actor:
        return demo_actor(self.db, self.at, self.settings.timezone, role, organisation)

    def _reviewing(self) -> Sequence[str | None]:
        """The demo's own organisation, its other one, and the next members after these."""
        sql = """
            SELECT o.id FROM organisations AS o JOIN membership_now AS m ON m.organisation_id = o.id
            WHERE m.state = 'admitted' AND o.directory_until IS NOT NULL ORDER BY o.id
        """
        return [None, ANOTHER, *column(self.db, sql)[2:]]


def find_written(db: Database) -> list[Row]:
    """The demo's applications whose organisation or settlement this portal knows."""
    organisations = set(column(db, "SELECT id FROM organisations"))
    places = set(column(db, "SELECT id FROM places"))
    return [
        row
        for row in read_rows("demo_applications.csv")
        if row["organisation"] in organisations or row["place"] in places
    ]


def seed_applications(stage: Stage, rows: Sequence[Row]) -> None:
    """Organisations that only an application brought in, what each wrote, and its states."""
    with TemporaryDirectory(prefix="made-") as folder:
        shelf = Papers(stage, Path(folder))
        for row in rows:
            if row["sent"] and row["name"]:
                _bring_in(stage, row)
            _write(stage, row)
            _answer(stage, row, shelf)
    for row in rows:
        _replay(stage, row)


class Papers:
    """The papers of the demo, each looked at once as any file is."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage = stage
        self.shelf = Shelf(stage.settings.files)
        self.checked = cache(lambda path: check_and_draw(path, path.name, folder))

    def attach(self, row: Row, code: str, moment: datetime) -> None:
        """Show one paper for a criterion, in the language of the application if there is one."""
        stem = PAPERS[code]
        own = HERE / "evidence" / f"{stem}_{row['language']}.pdf"
        path = own if own.exists() else HERE / "evidence" / f"{stem}_ru.pdf"
        made = self.checked(path)
        file_id = keep_file(self.stage.db, self.shelf, APPLICANT, moment, made, scan="none")
        self.stage.db.table("application_evidence").insert(
            {
                "id": f"{row['id']}-{code}",
                "application_id": row["id"],
                "code": code,
                "file_id": file_id,
                "name": path.name,
                "at": stamp(moment),
            }
        )


def _bring_in(stage: Stage, row: Row) -> None:
    """What sending does for an organisation that the network did not know."""
    names = {each: row[f"name_{each}"] for each in ("ru", "tk", "tg") if row[f"name_{each}"]}
    known = {
        "name": row["name"],
        "names": as_json(names),
        "kind": row["kind"],
        "place_id": row["place"],
        "services": row["services"].split(";"),
        "summary": row["summary"],
        "summaries": as_json({row["language"]: row["summary"]}),
        "email": email(row["mailbox"]),
    }
    save_organisation(stage.db, APPLICANT, stage.ago(row["sent"]), row["organisation"], known)


def _write(stage: Stage, row: Row) -> None:
    begun = stage.ago(row["begun"])
    changed = stage.ago(row["sent"]) if row["sent"] else stage.at - WRITTEN_BEFORE
    charter, sent = stage.charter(changed), bool(row["sent"])
    stage.db.table("applications").insert(
        {
            "id": row["id"],
            "organisation_id": row["organisation"] or None,
            "language": row["language"],
            "email": email(row["mailbox"]),
            "summary": row["summary"],
            **_described(stage.db, row),
            "contact_name": row["contact_name"],
            "contact_work": row["contact_work"],
            "version": charter.version,
            "principles_version": charter.version if sent else None,
            "principles_on": stage.day(changed).isoformat() if sent else None,
            "terms_on": stage.day(changed).isoformat() if sent else None,
            "made_at": stamp(begun),
            "confirmed_at": stamp(begun + timedelta(minutes=12)),
            "changed_at": stamp(changed),
            "submitted_at": stamp(changed) if sent else None,
        }
    )


def _described(db: Database, row: Row) -> dict[str, str]:
    """What is said of the organisation: as its card has it, or as the application brings it."""
    if row["name"] and not row["organisation"]:
        names = {each: row[f"name_{each}"] for each in ("ru", "tk", "tg")}
        known = {"name": row["name"], "names": as_json(names), "kind": row["kind"]}
        services, place = row["services"].split(";"), row["place"]
    else:
        known = dict(db.table("organisations").get(row["organisation"]))
        sql = "SELECT service FROM organisation_services WHERE organisation_id = :id ORDER BY rowid"
        services, place = column(db, sql, id=row["organisation"]), known["place_id"]
    country = column(db, "SELECT country FROM places WHERE id = :id", id=place)[0]
    number = int(row["number"])
    return {
        "name": known["name"],
        "names": known["names"],
        "kind": known["kind"],
        "place_id": place,
        "services": as_json(services),
        "phone": phone(country, 7000 + number),
        "contact_phone": phone(country, 7500 + number),
    }


def _answer(stage: Stage, row: Row, papers: Papers) -> None:
    """One answer a criterion, in the applicant's words; a paper where the criterion asks for it."""
    moment = stage.ago(row["sent"]) if row["sent"] else stage.at - WRITTEN_BEFORE
    charter, words = stage.charter(moment), _words_of(row)
    criteria = charter.criteria if row["sent"] else charter.criteria[:DRAFT_ANSWERS]
    for number, each in enumerate(reversed(criteria)):
        at = moment - timedelta(minutes=35 * (number + 1))
        stage.db.table("application_answers").insert(
            {
                "application_id": row["id"],
                "code": each.code,
                "version": charter.version,
                "answer": words[each.code],
                "at": stamp(at),
            }
        )
        if each.asks_file:
            papers.attach(row, each.code, at + timedelta(minutes=4))


def _words_of(row: Row) -> dict[str, str]:
    """Its own answers, and where it has none those that the demo has in its language."""
    rows = read_rows("demo_answers.csv")
    shared = {each["code"]: each["answer"] for each in rows if each["language"] == row["language"]}
    own = {each["code"]: each["answer"] for each in rows if each["application"] == row["id"]}
    return {**shared, **own}


def _replay(stage: Stage, row: Row) -> None:
    """Write its states one by one; what the import said of today makes place for them."""
    steps = [each for each in read_rows("demo_steps.csv") if each["application"] == row["id"]]
    members = stage.db.table("membership_states")
    if steps:
        members.delete_where("organisation_id = ?", [row["organisation"]])
    for step in steps:
        by = stage.actor(step["by"])
        after = step["state"] in ("suspended", "left")
        members.insert(
            {
                "organisation_id": row["organisation"],
                "state": step["state"],
                "at": stamp(stage.ago(step["days"])),
                "by": by.account_id or by.role,
                "reason": step["reason"] or None,
                "note": step["note"] or None,
                # leaving is no answer to an application
                "application_id": None if after else row["id"],
            }
        )
        if step["state"] == "admitted":
            closed = {"closed_at": stamp(stage.ago(step["days"]))}
            stage.db.table("applications").update(row["id"], closed)


def is_seeded(db: Database) -> bool:
    """Whether somebody has applied, in the demo or since."""
    return count(db, "SELECT count(*) FROM applications") > 0
