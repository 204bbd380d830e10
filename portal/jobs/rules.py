"""When a job is due, and when a person should look at it."""

from datetime import datetime, timedelta

# one worker may come with a moment that is a little older than another's
CLOCK_SLIP = timedelta(minutes=15)

RETRY_AFTER = timedelta(minutes=15)
KEPT_FOR = timedelta(days=90)


def next_due(started: datetime, every: timedelta, *, failed: bool) -> datetime:
    """When a job is looked for again; after a failure sooner."""
    return started + (min(every, RETRY_AFTER) if failed else every)


def is_due(started: datetime | None, every: timedelta, at: datetime, *, failed: bool) -> bool:
    """Whether a job that was last started then has to run.

    A last run that lies ahead says that the clock was set back: what is done once too often is done
    by an idempotent job, what waits for the clock to catch up may wait for a year.
    """
    if started is None or started - at > CLOCK_SLIP:
        return True
    return at >= next_due(started, every, failed=failed)


def needs_a_person(
    started: datetime | None, every: timedelta, at: datetime, *, failed: bool
) -> bool:
    """Whether it failed, or is late by more than its own time and an hour.

    A job that never ran is new, or the portal was never served.
    """
    if started is None:
        return False
    return failed or at - started > 2 * every + timedelta(hours=1)
