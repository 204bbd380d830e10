"""What is sent to define an indicator, and what can be seen of it afterwards."""

import pytest
from litestar.testing import TestClient

from portal.actor import Actor
from portal.approvals.actions import decide
from portal.db import Store
from portal.errors import Invalid
from portal.indicators.queries import Definition, find_versions
from tests.architecture.test_routes import csrf_of
from tests.conftest import MOMENT

RULES = {
    "kind": "count",
    "unit": "people",
    "direction": "up",
    "total_rule": "sum",
    "place_rule": "sum",
    "period_rule": "sum",
    "frequency": "quarter",
}
NEW = {
    **RULES,
    "code": "families_told",
    "title_en": "Families told",
    "description_tg": "Оилаҳо",
    "dimensions": ["region"],
    "counts_people": "1",
    "starts": "2026-Q4",
}


def send(client: TestClient, path: str, form: dict, **headers: str):
    sent = {**form, "csrf": csrf_of(client)}
    return client.post(f"/en/indicators/{path}", data=sent, headers=headers, follow_redirects=False)


def newest(store: Store, code: str) -> Definition:
    with store.read() as db:
        return find_versions(db, code)[0]


def lines(store: Store) -> int:
    with store.read() as db:
        return db.execute("SELECT count(*) FROM audit").fetchone()[0]


def form_of(definition: Definition, **changed: object) -> dict:
    """What the form of a definition sends when nothing in it was touched."""
    texts = {
        "title": definition.titles,
        "description": definition.descriptions,
        "verification": definition.verification,
    }
    rules = {name: getattr(definition, name) for name in RULES}
    words = {f"{n}_{code}": text for n, said in texts.items() for code, text in said.items()}
    counts = {"counts_people": "1"} if definition.counts_people else {}
    more = {"dimensions": definition.dimensions, "starts": "2027-Q1", "act": "version"}
    return {**rules, **words, **counts, **more, **changed}


def waiting(store: Store) -> list[str]:
    """Which versions wait to be opened."""
    with store.read() as db:
        sql = "SELECT subject_id FROM approvals WHERE kind = 'open_indicator' AND verdict IS NULL"
        return [subject for (subject,) in db.execute(sql).fetchall()]


def agree(store: Store, subject: str, verdict: str = "approved") -> None:
    second = Actor("coordinator", "demo-coordinator-another", organisation_id="o-7k2m9q")
    with store.transaction() as db:
        sql = "SELECT id FROM approvals WHERE subject_id = ? AND verdict IS NULL"
        (item,) = db.execute(sql, [subject]).fetchone()
        asker = db.execute("SELECT asked_by FROM approvals WHERE id = ?", [item]).fetchone()[0]
        with pytest.raises(Invalid):
            decide(db, Actor("coordinator", asker), MOMENT, item, verdict)
        reason = "other" if verdict == "refused" else None
        decide(db, second, MOMENT, item, verdict, reason)
