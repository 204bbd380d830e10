"""Clocked work runs once a period, whoever else runs it; a job that fails stops no other."""

import logging
import threading
from datetime import date, datetime, timedelta

import pytest
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp
from portal.db import Store, column
from portal.jobs.actions import DIGESTS, run_due, run_job
from portal.jobs.queries import find_last_run
from portal.jobs.registry import JOBS, Job
from portal.jobs.rules import KEPT_FOR, is_due, needs_a_person
from portal.notices.actions import notify
from portal.settings import Settings
from portal.upkeep import UPKEEP
from tests.conftest import MOMENT, OPERATOR
from tests.people import make_person

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def count_up(db: Database, by: Actor, at: datetime, today: date) -> int:
    db.table("ticks").insert({"at": stamp(at), "today": today.isoformat(), "by": by.account_id})
    return 3


def fail(db: Database, _by: Actor, _at: datetime, _today: date) -> int:
    db.table("ticks").insert({"at": "half", "today": "", "by": ""})
    raise ValueError("aylar@ngo.example, +993 12 345678")


TICK, FAILING = Job("tick", HOUR, count_up), Job("failing", DAY, fail)


@pytest.fixture(autouse=True)
def ticks(store: Store) -> None:
    with store.transaction() as db:
        db.table("ticks").create({"at": str, "today": str, "by": str})
        db.execute("DELETE FROM notices")


def ticked(store: Store) -> list[str]:
    with store.read() as db:
        return column(db, "SELECT at FROM ticks")


def run(store: Store, settings: Settings, at: datetime, *jobs: Job) -> dict[str, tuple[int, int]]:
    found = run_due(store, settings, UPKEEP, at, jobs)
    return {each.name: (each.done, each.failed) for each in found}


def test_a_job_runs_once_a_period(store: Store, settings: Settings) -> None:
    assert run(store, settings, MOMENT, TICK)["tick"] == (3, 0)
    assert run(store, settings, MOMENT + HOUR / 2, TICK) == {}
    assert run(store, settings, MOMENT + HOUR, TICK) == {"tick": (3, 0)}
    assert len(ticked(store)) == 2
    with store.read() as db:
        assert column(db, "SELECT DISTINCT today FROM ticks") == ["2026-11-23"]
        assert column(db, "SELECT DISTINCT by FROM ticks") == ["upkeep"]


def test_after_downtime_it_runs_once(store: Store, settings: Settings) -> None:
    run(store, settings, MOMENT, TICK)
    assert "tick" in run(store, settings, MOMENT + 9 * DAY, TICK)
    assert "tick" not in run(store, settings, MOMENT + 9 * DAY, TICK)


def test_several_workers_run_it_once(store: Store, settings: Settings) -> None:
    def work() -> None:
        mine = Store(settings.database)
        run_due(mine, settings, UPKEEP, MOMENT, [TICK])
        mine.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(ticked(store)) == 1
    with store.read() as db:
        assert column(db, "SELECT count(*) FROM digests") == [1]
        assert column(db, "SELECT name FROM job_runs ORDER BY name") == [DIGESTS, "tick"]


def test_a_failing_job_is_recorded_undone_and_tried_again_and_stops_no_other(
    store: Store, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found = run(store, settings, MOMENT, FAILING, TICK)
    assert found["failing"] == (0, 1)
    assert found["tick"] == (3, 0)
    assert "half" not in ticked(store)
    assert run(store, settings, MOMENT + timedelta(minutes=14), FAILING) == {}
    assert run(store, settings, MOMENT + timedelta(minutes=15), FAILING) == {"failing": (0, 1)}
    assert "the job failing failed: ValueError at" in caplog.text
    assert "aylar" not in caplog.text
    assert "993" not in caplog.text


def test_a_job_that_breaks_its_transaction_stops_no_other(store: Store, settings: Settings) -> None:
    def break_off(db: Database, _by: Actor, _at: datetime, _today: date) -> int:
        db.conn.execute("ROLLBACK")  # as SQLite itself does when the disk is full
        raise OSError("No space left on device")

    broken = Job("broken", HOUR, break_off)
    found = run(store, settings, MOMENT, broken, TICK)
    assert found["broken"] == (0, 1)
    assert found["tick"] == (3, 0)


def test_a_process_that_dies_in_a_job_leaves_nothing_behind(
    store: Store, settings: Settings
) -> None:
    def die(db: Database, by: Actor, at: datetime, today: date) -> int:
        count_up(db, by, at, today)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_due(store, settings, UPKEEP, MOMENT, [Job("tick", HOUR, die)])
    assert ticked(store) == []
    assert run(store, settings, MOMENT, TICK)["tick"] == (3, 0)


@pytest.mark.parametrize("every", [timedelta(minutes=1), HOUR, DAY, 7 * DAY])
def test_r11_a_clock_set_back_blocks_no_job(
    store: Store, settings: Settings, every: timedelta
) -> None:
    job = Job("tick", every, count_up)
    run(store, settings, MOMENT + DAY, job)
    assert "tick" in run(store, settings, MOMENT, job)
    assert "tick" not in run(store, settings, MOMENT, job)
    assert "tick" in run(store, settings, MOMENT + every, job)


def test_a_worker_that_comes_with_an_older_moment_repeats_nothing() -> None:
    assert not is_due(MOMENT, HOUR, MOMENT - timedelta(seconds=40), failed=False)


def test_a_person_is_called_when_a_job_failed_or_is_late() -> None:
    assert not needs_a_person(None, HOUR, MOMENT, failed=False)
    assert not needs_a_person(MOMENT - 2 * HOUR, HOUR, MOMENT, failed=False)
    assert needs_a_person(MOMENT - 4 * HOUR, HOUR, MOMENT, failed=False)
    assert needs_a_person(MOMENT, HOUR, MOMENT, failed=True)


def test_old_runs_are_forgotten(store: Store, settings: Settings) -> None:
    run(store, settings, MOMENT, TICK)
    run(store, settings, MOMENT + KEPT_FOR + DAY, TICK)
    with store.read() as db:
        sql = "SELECT count(*) FROM job_runs WHERE name = 'tick'"
        assert column(db, sql) == [1]


def test_the_digests_are_a_job_too(store: Store, settings: Settings) -> None:
    make_person(store, settings, email="aylar@ngo.example")
    with store.transaction() as db:
        notify(db, MOMENT, "confirm", "x-1", account_id="a-aylar")
    assert run(store, settings, MOMENT) == {DIGESTS: (1, 0)}
    assert run(store, settings, MOMENT + HOUR) == {}
    assert len(list(settings.outbox.iterdir())) == 1


def test_a_mail_server_that_is_down_is_asked_now_and_then(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_person(store, settings, email="aylar@ngo.example")
    with store.transaction() as db:
        notify(db, MOMENT, "confirm", "x-1", account_id="a-aylar")
    settings.outbox.write_text("a file where the folder should be")
    assert run(store, settings, MOMENT) == {DIGESTS: (0, 1)}
    settings.outbox.unlink()
    assert run(store, settings, MOMENT + timedelta(minutes=5)) == {}
    assert run(store, settings, MOMENT + timedelta(minutes=15)) == {DIGESTS: (1, 0)}


def test_the_registry_holds_each_name_once_and_every_job_runs_twice_unharmed(
    store: Store, settings: Settings
) -> None:
    names = [job.name for job in JOBS]
    assert len(names) == len(set(names))
    assert DIGESTS not in names
    for job in JOBS:
        for _ in range(2):
            ran = run_job(store, settings, OPERATOR, MOMENT, job, now=True)
            assert ran is not None
            assert not ran.failed, job.name
        with store.read() as db:
            assert find_last_run(db, job.name)
