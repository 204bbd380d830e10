"""Reminders come by the clock, each once; nothing but a person suspends."""

from datetime import date, timedelta

from portal.actor import Actor
from portal.jobs.registry import JOBS
from portal.membership.queries import state_of
from portal.renewals.registry import find_waiting
from tests.renewals.stage import DUE, EARLY, LATE, Stage

OWN = [("renewal_due", "mahri"), ("renewal_due", "oraz")]
COORDINATORS = ("bahar", "oraz", "sona")


def walk(stage: Stage, first: str, last: str, step: int = 1) -> dict[str, list[tuple[str, str]]]:
    """Each day's notices, run twice a day."""
    told, day = {}, date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        stage.at(day.isoformat())
        found = stage.remind()
        assert stage.remind() == []
        if found:
            told[day.isoformat()] = found
        day += timedelta(days=step)
    return told


def quiet(stage: Stage, *organisations: str) -> None:
    """Leave these members out."""
    with stage.store.transaction() as db:
        for each in organisations:
            sql = "UPDATE membership_states SET state = 'suspended' WHERE organisation_id = ?"
            db.execute(sql, [each])


def work(stage: Stage, name: str) -> list[tuple[str, ...]]:
    with stage.store.read() as db:
        row = db.table("accounts").get(f"a-{name}")
        actor = Actor(row["role"], row["id"], organisation_id=row["organisation_id"])
        return [each.path for each in find_waiting(db, actor, stage.clock.moment, stage.today)]


def test_each_step_once_then_coordinators_hear_that_it_is_overdue(stage: Stage) -> None:
    quiet(stage, LATE)
    told = walk(stage, "2026-09-28", "2026-12-20")
    late = [("renewal_overdue", each) for each in COORDINATORS]
    assert told == {
        "2026-10-02": OWN,
        "2026-11-01": OWN,
        "2026-11-17": OWN,
        "2026-11-28": OWN,
        "2026-12-02": late,
    }
    with stage.store.read() as db:
        assert state_of(db, DUE) == "admitted"


def test_after_downtime_the_missed_ones_come_as_one(stage: Stage) -> None:
    quiet(stage, LATE)
    stage.at("2026-11-20")
    assert stage.remind() == OWN
    stage.at("2026-12-05")
    assert stage.remind() == [*[("renewal_overdue", each) for each in COORDINATORS], *OWN]
    # a clock set back reminds of nothing twice
    for day in ("2026-11-18", "2026-11-29", "2026-12-06"):
        stage.at(day)
        assert stage.remind() == []


def test_who_has_sent_or_renewed_is_left_in_peace_until_the_next_year(stage: Stage) -> None:
    quiet(stage, LATE)
    stage.check("mahri", holds__safe="no", words__safe="Being written.")
    assert walk(stage, "2026-11-23", "2026-12-10", 4) == {}
    stage.at("2026-12-11")
    quiet(stage, EARLY)
    with stage.store.transaction() as db:
        db.execute("UPDATE renewals SET verdict = 'renewed'")
    assert list(walk(stage, "2027-09-30", "2027-10-04")) == ["2027-10-02"]


def test_what_changed_in_the_charter_is_reminded_of_too(stage: Stage) -> None:
    quiet(stage, LATE)
    stage.check("mahri")
    stage.adopt(2, date(2026, 11, 23))
    told = walk(stage, "2026-11-24", "2027-02-10")
    own = [("affirmation_due", "mahri"), ("affirmation_due", "oraz")]
    days = ["2026-12-23", "2027-01-08", "2027-01-19"]
    assert [day for day, found in told.items() if own[0] in found] == days
    assert all(("affirmation_due", "sona") in told[day] for day in days)


def test_each_version_is_reminded_of_on_its_own_days(stage: Stage) -> None:
    quiet(stage, LATE)
    stage.check("mahri")
    stage.adopt(2, date(2026, 11, 23))
    stage.at("2027-01-20")
    assert ("affirmation_due", "mahri") in stage.remind()
    stage.adopt(3, date(2027, 1, 19))
    told = walk(stage, "2027-01-21", "2027-04-01")
    days = [day for day, found in told.items() if ("affirmation_due", "mahri") in found]
    assert days == ["2027-02-18", "2027-03-06", "2027-03-17"]


def test_what_waits_for_whom(stage: Stage) -> None:
    renew, overdue = ("membership", "renewal"), ("memberships",)
    assert work(stage, "mahri") == [renew]
    assert work(stage, "oraz") == [renew, overdue]
    assert work(stage, "sona") == [overdue]
    stage.adopt(2, date(2026, 11, 23))
    assert work(stage, "mahri") == [renew, ("membership", "affirm")]
    stage.check("mahri", version="2", holds__safe="no", words__safe="Being written.")
    assert work(stage, "mahri") == [("membership", "affirm")]
    look = ("memberships", DUE, "renewal")
    assert look in work(stage, "sona")
    assert look not in work(stage, "oraz")
    (sent,) = stage.ask("SELECT id FROM renewals")
    decided = {"renewal": sent, "verdict": "returned", "note": "Until when?"}
    stage.post("sona", f"/en/memberships/{DUE}/renewal", decided)
    assert renew in work(stage, "mahri")
    page = stage.as_("mahri").get("/en/work").text
    assert "came back with a note" in page


def test_the_job_is_one_of_the_clocked_ones() -> None:
    assert "renewal-reminders" in {job.name for job in JOBS}
