"""A small network of three members and a charter of two criteria and two principles."""

import csv
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from portal.charter.actions import adopt, load_charter
from portal.clock import day_of
from portal.db import Store
from portal.membership.actions import set_state
from portal.organisations.actions import save_organisation
from portal.renewals.actions import remind_of_renewals
from portal.settings import Settings
from portal.vocabularies.actions import load_vocabularies
from seed_data import world
from tests.conftest import OPERATOR
from tests.network import Network

VOCABULARIES = Path(world.__file__).parent / "vocabularies"

# due on 1 December 2026, in eight days; in half a year; since January
DUE, EARLY, LATE = "o-due", "o-early", "o-late"
JOINED = {DUE: "2025-12-01", EARLY: "2026-06-01", LATE: "2025-01-15"}

FIRST = {
    "registered": ("criterion", "It is registered."),
    "safe": ("criterion", "It has rules for the safety of children."),
    "no_harm": ("principle", "We do no harm."),
    "dignity": ("principle", "We respect everybody."),
}
SECOND = {**FIRST, "safe": ("criterion", "Its rules for the safety of children are in writing.")}
THIRD = {**SECOND, "confirms": ("criterion", "It confirms its details.")}
del THIRD["dignity"]
CHARTERS = {1: FIRST, 2: SECOND, 3: THIRD}

HEAD = ("version", "adopted_on", "kind", "code", "asks_file", "field", "original", "checked", "en")


@dataclass
class Stage(Network):
    """The network with its own small charter."""

    folder: Path = field(default_factory=Path)
    settings: Settings | None = None

    def load(self, version: int, adopted_on: str | None = None) -> None:
        """Bring a version in, as a draft or adopted."""
        path = self.folder / "charter.csv"
        with path.open("w", encoding="utf-8", newline="") as target:
            rows = csv.DictWriter(target, HEAD, restval="")
            rows.writeheader()
            rows.writerow({"version": version, "adopted_on": adopted_on, "kind": "note", "en": "-"})
            for code, (kind, text) in CHARTERS[version].items():
                row = {"version": version, "kind": kind, "code": code, "original": "en"}
                rows.writerow({**row, "field": "title", "en": code.title()})
                rows.writerow({**row, "field": "text", "en": text})
                if kind == "criterion":
                    rows.writerow({**row, "field": "evidence", "en": "A paper that says so."})
        with self.store.transaction() as db:
            load_charter(db, OPERATOR, self.clock.moment, path)

    def adopt(self, version: int, day: date) -> None:
        """Adopt a version as two people would."""
        self.load(version)
        with self.store.transaction() as db:
            adopt(db, OPERATOR, self.clock.moment, version, day, "Minute 7")

    def at(self, day: str) -> None:
        """Set the clock to the morning of a day."""
        self.clock.moment = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
        self.clock.moment = self.clock.moment.replace(hour=5)

    @property
    def today(self) -> date:
        """The day on the network's clock."""
        return day_of(self.clock.moment, "Asia/Ashgabat")

    def remind(self) -> list[tuple[str, str]]:
        """Let the clocked work run: which kinds went to whom."""
        with self.store.transaction() as db:
            db.execute("UPDATE notices SET sent_at = 'x' WHERE sent_at IS NULL")
            remind_of_renewals(db, OPERATOR, self.clock.moment, self.today)
            sql = "SELECT kind, account_id FROM notices WHERE sent_at IS NULL ORDER BY id"
            return [(kind, account.removeprefix("a-")) for kind, account in db.execute(sql)]

    def check(self, name: str, due: str = "2026-12-01", **changes: Any) -> Any:
        """Send a renewal as somebody: all holds, but for what is said otherwise."""
        sent = {"due": due, "version": "1", "principles": "yes"}
        sent |= {"holds-registered": "yes", "holds-safe": "yes"}
        sent |= {key.replace("__", "-"): value for key, value in changes.items()}
        return self.post(name, "/en/membership/renewal", sent)

    def rows(self) -> dict[str, int]:
        """How much there is of everything that sending could leave behind."""
        tables = ("renewals", "renewal_answers", "affirmations", "affirmation_refusals", "notices")
        with self.store.read() as db:
            found = {each: db.table(each).count for each in tables}
            # signing in has lines of its own
            ours = "entity IN ('renewals', 'organisations')"
            return {**found, "audit": db.table("audit").count_where(ours)}


def furnish(store: Store) -> None:
    """The vocabularies and three members, admitted on the days on which they joined."""
    with store.transaction() as db:
        load_vocabularies(db, VOCABULARIES)
        for organisation, joined in JOINED.items():
            row = {"name": f"Org {organisation}", "kind": "ngo", "joined_on": joined}
            at = datetime.fromisoformat(joined + "T05:00:00+00:00")
            whole = {**row, "duty_phone": "+993 65 000111", "visibility": "public"}
            save_organisation(db, OPERATOR, at, organisation, whole)
            set_state(db, OPERATOR, at, organisation, "admitted")
