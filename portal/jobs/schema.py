"""When each piece of clocked work ran, and how it ended."""

from sqlite_utils import Database, Migrations

migrations = Migrations("jobs")

TIERS = {
    "job_runs": {
        "id": "admin",
        "name": "admin",
        "started_at": "admin",
        "ended_at": "admin",
        "done": "admin",
        "failed": "admin",
    }
}


@migrations()
def create_job_runs(db: Database) -> None:
    """A row is written when a run has ended: a process that dies leaves nothing to wait for."""
    db.table("job_runs").create(
        {"id": int, "name": str, "started_at": str, "ended_at": str, "done": int, "failed": int},
        pk="id",
        not_null={"name", "started_at", "ended_at", "done", "failed"},
    )
    db.table("job_runs").create_index(["name", "id"])
