"""People at their reports: a member, a coordinator of its own and one of another organisation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from litestar.testing import TestClient

from portal.db import Store, count
from tests.conftest import JSON

OWN, QUARTER = "o-3vd8xw", "2026-Q3"
REPORT = {"csrf": "", "act": "save", "revision": "0", "rows": "3"}

_FIELD = re.compile(
    r'<input id="[^"]*" name="([^"|]+\|[^"]*)" type="text" inputmode="decimal" value="([^"]*)"'
)
_CHOICE = re.compile(r'<select id="[^"]*" name="([^"|]+\|[^"]*)">(.*?)</select>', re.S)
_CHOSEN = re.compile(r'<option value="([^"]*)" selected')
_TEXT = re.compile(r'name="([^"|]+\|[^"]*)" rows="2" maxlength="500">([^<]*)</textarea>')


def fields_of(html: str) -> dict[str, str]:
    """What a browser would send of a form's cells as they stand."""
    found = {name: unescape(text) for name, text in _FIELD.findall(html)}
    for name, options in _CHOICE.findall(html):
        chosen = _CHOSEN.findall(options)
        found[name] = chosen[0] if chosen else ""
    return {**found, **{name: unescape(text) for name, text in _TEXT.findall(html)}}


@dataclass
class Desk:
    """One browser that signs in as whoever is asked for."""

    client: TestClient
    store: Store
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)

    def sign_in(self, role: str, organisation: str = "") -> TestClient:
        """Be somebody of the demo."""
        self.client.cookies.clear()
        form = {"role": role, "organisation": organisation}
        assert self.client.post("/demo/sign-in", data=form, follow_redirects=False).is_redirect
        return self.client

    @property
    def csrf(self) -> str:
        """The token of the session."""
        page = self.client.get("/en/sign-in").text
        return page.split('name="csrf" value="')[1].split('"')[0]

    def post(self, path: str, sent: Mapping[str, Any] | None = None, **headers: str) -> Any:
        """Send a form."""
        data = {"csrf": self.csrf, **(sent or {})}
        return self.client.post(path, data=data, headers=headers, follow_redirects=False)

    def open(self, period: str = QUARTER) -> str:
        """Open a quarter as a member; the address of its report."""
        self.sign_in("member")
        answer = self.post("/en/reports", {"period": period})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def shown(self, path: str) -> dict[str, Any]:
        """The report as JSON."""
        answer = self.client.get(path, headers=JSON)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def save(self, path: str, fields: Mapping[str, str], act: str = "save", **more: str) -> Any:
        """Send the report's form as the page would."""
        revision = str(self.shown(path)["revision"])
        return self.post(path, {"revision": revision, "rows": "3", "act": act, **fields, **more})

    def decide(self, path: str, act: str, **notes: str) -> Any:
        """Decide as a coordinator on a report as it stands now."""
        revision = str(self.shown(path)["revision"])
        return self.post(f"{path}/review", {"act": act, "revision": revision, **notes})

    def whole(self, path: str) -> dict[str, str]:
        """A report in which nothing happened but that four people were assisted."""
        fields = fields_of(self.client.get(path).text)
        fields |= {name: "zero" for name in fields if name.endswith("|||||state")}
        fields |= {name: "zero" for name in fields if re.fullmatch(r".*\|\|\|\|state", name)}
        line = f"assisted|{QUARTER}|TM-A|"
        fields[f"{line}||||state"] = "value"
        part = {"sex": "female", "age_group": "adult", "form": "forced_labour", "numerator": "4"}
        return fields | {f"{line}|row-90|{name}": text for name, text in part.items()}

    def projects(self) -> str:
        """Give the member a project that runs, and one that is over; the id of the first."""
        days = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}
        named = {"titles": "{}", "descriptions": "{}", "countries": "[]", "regions": "[]"}
        with self.store.transaction() as db:
            (other,) = db.query("SELECT id FROM organisations WHERE id <> ? LIMIT 1", [OWN])
            rows = (
                ("p-own", "OWN-1", "Our own", OWN, days),
                ("p-over", "OWN-2", "Over since spring", OWN, {**days, "ends_on": "2026-04-30"}),
                ("p-other", "OTHER-1", "Of others", other["id"], days),
            )
            for project_id, code, title, organisation, between in rows:
                row = {"id": project_id, "code": code, "title": title, **named, **between}
                db.table("projects").insert({**row, "organisation_id": organisation})
        return "p-own"

    def rows(self) -> dict[str, int]:
        """How much there is of all that a report is made of."""
        tables = ("reports", "report_cells", "report_states", "report_notes", "results", "notices")
        with self.store.read() as db:
            found = {each: db.table(each).count for each in tables}
            saves = count(db, "SELECT coalesce(sum(revision), 0) FROM reports")
            return {
                **found,
                "saves": saves,
                "audit": db.table("audit").count_where("entity = 'reports'"),
            }
