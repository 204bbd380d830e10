"""`portal jobs …`, and what `portal check` says of the clocked work."""

from datetime import timedelta
from pathlib import Path

import pytest

from portal.checking import check_all
from portal.clock import now, stamp
from portal.db import Store
from portal.jobs.actions import DIGESTS
from portal.jobs.registry import JOBS
from portal.notices.actions import notify
from portal.settings import Settings
from tests.people import make_person
from tests.test_cli import run, run_here


@pytest.fixture
def folder(settings: Settings, store: Store) -> Path:
    with store.transaction() as db:
        db.execute("DELETE FROM notices")
        db.execute("DELETE FROM job_runs")
    return settings.data_dir


def ran(store: Store, name: str, hours_ago: int, failed: int = 0) -> None:
    moment = stamp(now() - timedelta(hours=hours_ago))
    row = {"name": name, "started_at": moment, "ended_at": moment, "done": 0, "failed": failed}
    with store.transaction() as db:
        db.table("job_runs").insert(row)


def mends(settings: Settings, word: str) -> list[str]:
    return [line.says for line in check_all(settings) if not line.is_well and word in line.says]


def test_jobs_run_and_tell_how_they_stand(folder: Path) -> None:
    before = run(folder, "jobs", "status")
    assert before.returncode == 0, before.stderr
    assert before.stdout.count("never ran; next ") == len(JOBS) + 1
    done = run(folder, "jobs", "run")
    assert done.returncode == 0, done.stderr
    assert all(f"{job.name}: " in done.stdout for job in JOBS)
    again = run(folder, "jobs", "run")
    assert not [job.name for job in JOBS if f"{job.name}: " in again.stdout]
    status = run(folder, "jobs", "status")
    assert status.stdout.count("next ") == len(JOBS) + 1


def test_one_job_by_its_name(folder: Path) -> None:
    unknown = run_here(folder, "jobs", "run", "nothing")
    assert unknown.returncode == 2
    assert DIGESTS in unknown.stderr
    for name in (DIGESTS, *(job.name for job in JOBS)):
        assert run_here(folder, "jobs", "run", name).returncode == 0


def test_r15_the_check_calls_a_person_for_what_failed_or_is_late(
    folder: Path, settings: Settings, store: Store
) -> None:
    assert mends(settings, "job") == []
    ran(store, DIGESTS, 30)
    assert mends(settings, "job") == []
    ran(store, DIGESTS, 34)
    assert len(mends(settings, f"job {DIGESTS}")) == 1
    ran(store, DIGESTS, 1, failed=2)
    assert "2 of it failed" in mends(settings, f"job {DIGESTS}")[0]


def test_r15_the_check_tells_of_notices_that_wait_too_long(
    folder: Path, settings: Settings, store: Store
) -> None:
    make_person(store, settings, email="aylar@ngo.example")
    with store.transaction() as db:
        notify(db, now() - timedelta(hours=20), "confirm", "x-1", account_id="a-aylar")
    assert mends(settings, "notice") == []
    with store.transaction() as db:
        notify(db, now() - timedelta(hours=27), "confirm", "x-2", account_id="a-aylar")
    assert mends(settings, "notice")[0].startswith("1 notices wait")
