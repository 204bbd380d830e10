"""A number that counted people once is nowhere to be read, whatever the definition says today."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from openpyxl import load_workbook
from sqlite_utils import Database

from tests.conftest import JSON, browsing, settings_for
from tests.worlds import copy_world

# to be found nowhere else
HIDDEN, BASELINE = 4711, 8147
PERIOD, PROJECT = "2026-Q1", "pr-murgap"

ROLES = ("member", "observer", "visitor", "practitioner", "admin")
KINDS = ("count", "median", "percent")

# by name, since when a version that counts no people holds; None: there is none
CHANGES = {"none": None, "to come": "2027-01-01", "since": "2026-04-01"}


def plant(db: Database, code: str, kind: str, since: str | None) -> None:
    """One number of people in every figure, row and line of a quarter, under version 1."""
    one = dict(db.table("indicator_versions").get((code, 1)))
    db.execute(
        "UPDATE indicator_versions SET counts_people = 1, kind = ? WHERE code = ?", [kind, code]
    )
    if since:
        two = {**one, "version": 2, "starts": since, "counts_people": 0, "kind": kind}
        db.table("indicator_versions").insert(two)
        # of one that is to come nothing is counted yet
        first = PERIOD if since < "2026-11" else "9999"
        db.execute("UPDATE figures SET version = 2 WHERE code = ? AND period > ?", [code, first])
    mine = "organisation_id IS NOT 'o-3vd8xw' AND code = ? AND period = ?"
    for table in ("figures", "results"):
        planted = f"UPDATE {table} SET numerator = ?, denominator = ? WHERE {mine}"
        db.execute(planted, [HIDDEN, 2 * HIDDEN if kind == "percent" else None, code, PERIOD])
    db.table("indicator_targets").delete_where("code = ?", [code])
    aim = {"code": code, "period": "", "baseline": BASELINE, "target": 9000, "at": "", "by": ""}
    db.table("indicator_targets").insert_all({**aim, "region": each} for each in ("", "TM", "TJ"))
    action = next(db.query("SELECT id, plan_id FROM plan_actions ORDER BY starts_on LIMIT 1"))
    link = {"action_id": action["id"], "code": code, "target": None}
    db.table("plan_indicators").upsert(link, pk=("action_id", "code"))


@pytest.fixture
def site(lived: Path, tmp_path: Path) -> Iterator[TestClient]:
    """The demo with its twelve quarters, to be changed."""
    copy_world(lived, tmp_path / "data")
    with browsing(settings_for(tmp_path / "data")) as opened:
        yield opened


def surfaces(client: TestClient, code: str) -> list[str]:
    """Every address that tells a figure."""
    with client.app.state.site.store.read() as db:
        plans = [row["id"] for row in db.query("SELECT id FROM plans")]
    indicator = f"indicators/{code}"
    asked = f"region=all&region=TM&region=TJ&period={PERIOD}&period=2026"
    return [
        *(f"indicators?period={each}" for each in (PERIOD, "2026", "2026-Q2")),
        f"indicators?period={PERIOD}&region=TJ",
        f"indicators/quarter?period={PERIOD}",
        f"indicators/quarter.csv?period={PERIOD}",
        indicator,
        f"{indicator}?region=TJ&period={PERIOD}",
        *(f"{indicator}/figures.{ending}" for ending in ("csv", "json", "xlsx")),
        *(f"{indicator}/explain?period={each}" for each in (PERIOD, "2026")),
        f"{indicator}/explain?period={PERIOD}&region=TJ",
        f"{indicator}/compare?{asked}",
        "overview",
        *(f"plans/{each}{end}" for each in plans for end in ("", "/plan.csv", "/plan.xlsx")),
        *(f"projects/{PROJECT}{end}" for end in ("", "/report.xlsx", "/iati.xml")),
        "coverage",
    ]


def told(client: TestClient, path: str) -> str:
    """What an address tells, workbooks too; nothing where it is refused."""
    answer = client.get(f"/en/{path}", headers=JSON, follow_redirects=False)
    assert answer.status_code in (200, 303, 401, 403, 404, 422), path
    if answer.status_code != 200:
        return ""
    if "xlsx" not in path:
        return answer.text
    book = load_workbook(io.BytesIO(answer.content))
    return str([list(sheet.values) for sheet in book])


@pytest.mark.parametrize("change", list(CHANGES))
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_told_to_coordinators_alone(site: TestClient, kind: str, change: str) -> None:
    code = "prevented"
    with site.app.state.site.store.transaction() as db:
        plant(db, code, kind, CHANGES[change])
    for role in ROLES:
        site.cookies.clear()
        if role != "visitor":
            site.post("/demo/sign-in", data={"role": role})
        for path in surfaces(site, code):
            text = told(site, path)
            assert str(HIDDEN) not in text, (role, path)
            assert str(BASELINE) not in text, (role, path)
    site.cookies.clear()
    site.post("/demo/sign-in", data={"role": "coordinator"})
    for path in (f"indicators/{code}", f"indicators/{code}/figures.csv"):
        assert str(HIDDEN) in told(site, path)


def test_a_version_that_nobody_knows_opens_nothing(site: TestClient) -> None:
    with site.app.state.site.store.transaction() as db:
        db.execute(
            "UPDATE figures SET numerator = ?, version = 9 WHERE code = 'leaflets'", [HIDDEN]
        )
    for path in ("indicators/leaflets", "indicators/leaflets/figures.csv", "indicators"):
        assert str(HIDDEN) not in told(site, path)


def test_a_region_of_fewer_than_three_organisations_is_for_coordinators(site: TestClient) -> None:
    with site.app.state.site.store.transaction() as db:
        db.execute(
            "UPDATE results SET state = 'zero', numerator = NULL WHERE code = 'leaflets'"
            " AND region LIKE 'TJ%' AND organisation_id <> (SELECT min(organisation_id)"
            " FROM results WHERE code = 'leaflets' AND region LIKE 'TJ%')"
        )
        db.execute(
            "UPDATE figures SET numerator = ?, reported = 9 WHERE code = 'leaflets'"
            " AND region LIKE 'TJ%' AND organisation_id = ''",
            [HIDDEN],
        )
    for path in surfaces(site, "leaflets"):
        assert str(HIDDEN) not in told(site, path), path
    site.post("/demo/sign-in", data={"role": "coordinator"})
    assert str(HIDDEN) in told(site, "indicators/leaflets?region=TJ")


def test_what_the_portal_counts_by_region_and_who_did_it_are_for_coordinators(
    site: TestClient,
) -> None:
    path = "indicators/members/explain"
    rows = site.get(f"/en/{path}", headers=JSON).json()["inputs"]["results"]
    assert not [each for each in rows if each["region"] or each["accepted_by"]]
    assert site.get(f"/en/{path}?region=TM", headers=JSON).status_code == 404
    site.post("/demo/sign-in", data={"role": "coordinator"})
    rows = site.get(f"/en/{path}", headers=JSON).json()["inputs"]["results"]
    assert [each for each in rows if each["region"]]
