"""Questions about the clocked work."""

from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal.clock import moment_of
from portal.db import fetch_one


class Run(msgspec.Struct, frozen=True):
    """One run of a job; `failed` counts what has to be tried again."""

    name: str
    started_at: str
    ended_at: str
    done: int
    failed: int

    @property
    def started(self) -> datetime:
        """When it began."""
        return moment_of(self.started_at)


def find_last_run(db: Database, name: str) -> Run | None:
    """The newest run of a job, whatever the clock said."""
    sql = """
        SELECT name, started_at, ended_at, done, failed FROM job_runs
        WHERE name = :name ORDER BY id DESC LIMIT 1
    """
    return fetch_one(db, Run, sql, name=name)
