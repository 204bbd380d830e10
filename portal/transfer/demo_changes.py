"""Changes in the demo: two that wait, and a little history, of the demo's own practitioner."""

from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from portal.accounts.actions import find_or_make_demo_account
from portal.actor import Actor
from portal.changes.actions import approve, ask, send_back, undo
from portal.changes.forms import Wish
from portal.changes.queries import newest_number
from portal.clock import day_of, stamp
from portal.errors import NotFound
from portal.practitioners.queries import find_record

DAY = timedelta(days=1)


def seed_changes(db: Database, at: datetime, timezone: str) -> None:
    """What happened around one practitioner in the last three weeks; once only."""
    try:
        cast = _Cast(db, at, timezone)
    except NotFound:
        return
    if not cast.her or newest_number(db, cast.her):
        return
    began = "UPDATE practitioner_versions SET at = ? WHERE practitioner_id = ?"
    db.execute(began, [stamp(at - 40 * DAY), cast.her])
    record = find_record(db, cast.her) or {}
    # a wider reach, approved and undone: the details end as they began
    wider = (record["travel_km"] or 20.0) + 15
    number = cast.ask(cast.herself, 20, {"travel_km": wider}, "more_time")
    day = at - 19 * DAY
    approve(db, cast.member, day, cast.today, (cast.her, number), cast.version())
    undo(db, cast.herself, at - 12 * DAY, cast.today, (cast.her, number))
    number = cast.ask(cast.member, 9, {"place_id": cast.elsewhere()}, "moved")
    send_back(db, cast.herself, at - 8 * DAY, cast.today, (cast.her, number), "wrong")
    # two that wait: hers for her organisation, her organisation's for her
    spoken = [*record["languages"], "prs" if "prs" not in record["languages"] else "kk"]
    cast.ask(cast.herself, 2, {"languages": spoken, "phone": "+993 00 555017"}, "trained")
    cast.ask(cast.member, 1, {"licence_expires_on": f"{cast.today.year + 3}-01-01"}, None)


class _Cast:
    """The demo's practitioner, and a member of her own organisation."""

    def __init__(self, db: Database, at: datetime, timezone: str) -> None:
        self.db, self.at, self.today = db, at, day_of(at, timezone)
        account = find_or_make_demo_account(db, "practitioner", None, self.today)
        row: dict[str, Any] = dict(db.table("accounts").get(account))
        self.her, own = str(row["practitioner_id"] or ""), str(row["organisation_id"])
        colleague = find_or_make_demo_account(db, "member", own, self.today)
        self.herself = self._actor(account, "practitioner", own, self.her)
        self.member = self._actor(colleague, "member", own, None)

    def ask(self, by: Actor, days_ago: int, values: dict[str, Any], why: str | None) -> int:
        """Ask for a change some days ago; its number."""
        wish = Wish(values, self.version(), newest_number(self.db, self.her), why=why)
        outcome = ask(self.db, by, self.at - days_ago * DAY, self.today, self.her, wish)
        return outcome.waiting or outcome.applied or 0

    def version(self) -> int:
        """The number of her version now."""
        return int(self.db.table("practitioners").get(self.her)["version"])

    def elsewhere(self) -> str:
        """Another settlement of her region."""
        sql = (
            "SELECT other.id FROM practitioners AS p JOIN places AS home ON home.id = p.place_id"
            " JOIN places AS other ON other.region = home.region AND other.id <> home.id"
            " WHERE p.id = ? ORDER BY other.population DESC LIMIT 1"
        )
        return str(self.db.execute(sql, [self.her]).fetchone()[0])

    def _actor(self, account: str, role: Any, organisation: str, her: str | None) -> Actor:
        return Actor(
            role=role,
            account_id=account,
            organisation_id=organisation,
            practitioner_id=her,
            directory_access=True,
        )
