"""The demo's members and applicants: every state occurs, and what was written fits together."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from portal.applications.queries import find_answers, find_evidence, get_application
from portal.applications.rules import APPEAL_WITHIN, missing_criteria
from portal.charter.queries import find_charter, find_version
from portal.charter.rules import to_affirm
from portal.clock import moment_of
from portal.membership.queries import find_history
from portal.membership.rules import MOVES, REASONS, may_become
from seed_data.tables import read_rows
from tests.transfer.conftest import MONDAY, MORNING

STATES = {state for each in MOVES.values() for state in each}


def rows(desk: Any, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a question."""
    with desk.store.read() as db:
        return list(db.query(sql, parameters))


def test_every_state_has_an_application(desk: Any) -> None:
    sql = """
        SELECT m.state FROM applications AS a
        LEFT JOIN membership_now AS m ON m.organisation_id = a.organisation_id
    """
    found = Counter(desk.ask(sql))
    assert set(found) == STATES | {None}
    assert found["applicant"] == 2
    assert found["under_review"] == 3
    bare = """
        SELECT organisation_id FROM membership_now WHERE state <> 'admitted'
            AND organisation_id NOT IN (SELECT organisation_id FROM applications
                WHERE organisation_id IS NOT NULL)
    """
    assert desk.ask(bare) == []


def test_each_state_follows_from_the_one_before(desk: Any) -> None:
    with desk.store.read() as db:
        for organisation in desk.ask("SELECT id FROM organisations"):
            history = find_history(db, organisation)[::-1]
            before = None
            for step in history:
                assert may_become(before, step.state), (organisation, before, step.state)
                assert step.reason is None or step.reason in REASONS[step.state]
                before = step.state
            assert [each.at for each in history] == sorted(each.at for each in history)
            assert all(each.at <= MORNING.strftime("%Y-%m-%dT%H:%M:%SZ") for each in history)


def test_what_was_sent_is_whole_and_is_the_organisation_s_own(desk: Any) -> None:
    with desk.store.read() as db:
        for row in rows(desk, "SELECT * FROM applications WHERE submitted_at IS NOT NULL"):
            application = get_application(db, row["id"])
            charter = find_version(db, row["version"])
            assert charter is not None
            answers, evidence = find_answers(db, row["id"]), find_evidence(db, row["id"])
            shown = {each.code for each in evidence}
            assert missing_criteria(charter.criteria, answers, shown) == {}
            assert {each.version for each in answers.values()} == {row["version"]}
            assert application.principles_on
            assert application.principles_version == row["version"]
            assert application.terms_on
            assert all(each.at <= row["submitted_at"] for each in answers.values())
            names = "SELECT name FROM organisations WHERE id = :id"
            assert desk.ask(names, id=row["organisation_id"]) == [row["name"]]


def test_one_waits_for_nine_days_and_one_is_still_written(desk: Any) -> None:
    sent = desk.ask(
        "SELECT a.submitted_at FROM applications AS a JOIN membership_now AS m"
        " ON m.organisation_id = a.organisation_id WHERE m.state = 'applicant'"
    )
    assert max((MORNING - moment_of(each)).days for each in sent) == 9
    (draft,) = rows(desk, "SELECT * FROM applications WHERE submitted_at IS NULL")
    assert draft["organisation_id"] is None
    assert draft["confirmed_at"]
    with desk.store.read() as db:
        charter = find_charter(db)
        assert charter is not None
        assert 0 < len(find_answers(db, draft["id"])) < len(charter.criteria)
        assert find_evidence(db, draft["id"])


def test_reviewers_are_of_two_member_organisations_and_not_of_the_applicant_s(desk: Any) -> None:
    sql = """
        SELECT r.*, a.organisation_id AS applicant, m.state, c.organisation_id AS conflict,
            w.organisation_id AS own
        FROM reviews AS r JOIN applications AS a ON a.id = r.application_id
        JOIN accounts AS w ON w.id = r.account_id
        JOIN membership_now AS m ON m.organisation_id = r.organisation_id
        LEFT JOIN conflicts AS c ON c.application_id = r.application_id
            AND c.organisation_id = r.organisation_id
    """
    found = rows(desk, sql)
    assert len(found) == desk.ask("SELECT count(*) FROM reviews")[0]
    for each in found:
        assert each["organisation_id"] == each["own"] != each["applicant"]
        assert each["state"] == "admitted"
        assert each["conflict"] is None
    votes = [(each["application_id"], each["organisation_id"]) for each in found]
    assert len(votes) == len(set(votes))  # of an appeal they are others, too
    places = Counter((each["application_id"], each["is_appeal"], each["round"]) for each in found)
    assert max(places.values()) == 2


def test_what_is_against_a_criterion_says_why(desk: Any) -> None:
    said = rows(desk, "SELECT * FROM review_answers")
    assert {each["verdict"] for each in said} == {"met", "more", "not_met"}
    assert all(each["note"] for each in said if each["verdict"] != "met")
    points = rows(desk, "SELECT * FROM decision_points")
    assert all(each["reason"] for each in points if not each["met"])
    known = {row["code"] for row in read_rows("vocabularies/conflict_reasons.csv")}
    assert set(desk.ask("SELECT reason FROM conflicts")) <= known


def test_each_review_and_decision_is_about_every_criterion(desk: Any) -> None:
    sql = """
        WITH said AS (
            SELECT r.application_id, r.id, count(p.code) AS n FROM reviews AS r
            JOIN review_answers AS p ON p.review_id = r.id
            WHERE r.submitted_at IS NOT NULL GROUP BY r.id
            UNION ALL
            SELECT d.application_id, d.id, count(p.code) FROM decisions AS d
            JOIN decision_points AS p ON p.decision_id = d.id GROUP BY d.id
        )
        SELECT id FROM said WHERE n <> (SELECT count(*) FROM application_answers AS a
            WHERE a.application_id = said.application_id)
    """
    assert desk.ask(sql) == []


def test_a_decision_is_that_of_the_history_and_of_somebody_who_did_not_review(desk: Any) -> None:
    for row in rows(desk, "SELECT * FROM decisions"):
        sql = """
            SELECT s."by" || s.at FROM membership_states AS s
            WHERE s.application_id = :id AND s.state = :state
        """
        decided = desk.ask(sql, id=row["application_id"], state=row["verdict"])
        assert decided == [row["by"] + row["at"]]
        reviewers = "SELECT account_id FROM reviews WHERE application_id = :id"
        assert row["by"] not in desk.ask(reviewers, id=row["application_id"])


def test_one_disagreement_waits_for_a_coordinator(desk: Any) -> None:
    sql = """
        SELECT r.application_id, p.code FROM reviews AS r
        JOIN review_answers AS p ON p.review_id = r.id
        WHERE r.submitted_at IS NOT NULL
            AND r.application_id NOT IN (SELECT application_id FROM decisions)
        GROUP BY r.application_id, p.code HAVING count(DISTINCT p.verdict) = 2
            AND sum(p.verdict = 'more') = 0
    """
    found = rows(desk, sql)
    assert len({each["application_id"] for each in found}) == 1
    assert len(found) == 2


def test_one_may_still_appeal_and_one_appeal_is_heard(desk: Any) -> None:
    declined = desk.ask(
        "SELECT s.at FROM membership_now AS n JOIN membership_states AS s ON s.id = n.id"
        " WHERE n.state = 'declined'"
    )
    assert [moment_of(each) + APPEAL_WITHIN > MORNING for each in declined] == [True]
    (appeal,) = rows(desk, "SELECT * FROM appeals")
    decided = "SELECT at FROM decisions WHERE application_id = :id"
    (at,) = desk.ask(decided, id=appeal["application_id"])
    assert moment_of(at) < moment_of(appeal["at"]) < moment_of(at) + APPEAL_WITHIN


def test_founders_are_said_to_be_of_the_demo(desk: Any) -> None:
    founders = rows(desk, "SELECT * FROM founders")
    assert 6 <= len(founders) <= 8
    assert all("demo" in each["minute"] for each in founders)
    assert all(each["founded_on"] > "2011" for each in founders)


def test_one_renewal_is_due_soon_one_overdue_and_one_waits(desk: Any) -> None:
    sql = """
        SELECT o.id, coalesce(max(r.due_on), o.joined_on) AS since FROM organisations AS o
        JOIN membership_now AS m ON m.organisation_id = o.id
        LEFT JOIN renewals AS r ON r.organisation_id = o.id AND r.verdict = 'renewed'
        WHERE m.state = 'admitted' GROUP BY o.id
    """
    year = timedelta(days=365)
    due = {row["id"]: moment_of(row["since"]).date() + year for row in rows(desk, sql)}
    assert [each for each, on in due.items() if on < MONDAY] == ["o-h8p2zd"]
    assert due["o-b6j9fq"] - MONDAY == timedelta(days=20)
    # that of the demo's own member, who may try it
    (own,) = desk.ask("SELECT organisation_id FROM accounts WHERE id = 'demo-member'")
    assert due[own] - MONDAY == timedelta(days=17)
    assert max(due.values()) <= MONDAY + year
    (waiting,) = rows(desk, "SELECT * FROM renewals WHERE verdict IS NULL")
    words = "SELECT words FROM renewal_answers WHERE renewal_id = :id AND NOT holds"
    assert all(desk.ask(words, id=waiting["id"]))


def test_three_members_have_still_to_affirm_what_changed(desk: Any) -> None:
    with desk.store.read() as db:
        first, second = find_version(db, 1), find_version(db, 2)
    assert first
    assert second
    changed = {each.code for each in to_affirm(first.points, second.points)}
    affirmed: dict[str, set[str]] = {}
    for row in rows(desk, "SELECT organisation_id, code FROM affirmations WHERE version = 2"):
        affirmed.setdefault(row["organisation_id"], set()).add(row["code"])
    assert all(codes == changed for codes in affirmed.values())
    # who renewed since then has said so there
    renewed = desk.ask("SELECT organisation_id FROM renewals WHERE version = 2")
    joined = desk.ask("SELECT id FROM organisations WHERE joined_on >= '2026-10-12'")
    members = desk.ask("SELECT organisation_id FROM membership_now WHERE state = 'admitted'")
    assert len(set(members) - set(affirmed) - set(renewed) - set(joined)) == 3


def test_who_left_is_still_to_be_erased(desk: Any) -> None:
    (gone,) = rows(desk, "SELECT * FROM departures")
    assert gone["erased_at"] is None
    assert timedelta(days=10) < MORNING - moment_of(gone["left_at"]) < timedelta(days=30)


@pytest.mark.parametrize("column", ["email", "phone", "contact_phone"])
def test_nobody_can_be_reached(desk: Any, column: str) -> None:
    unreal = re.compile(r"[a-z-]+@example\.org|\+993 00 \d{4}|\+992 000 \d{4}")
    found = desk.ask(f"SELECT {column} FROM applications")
    assert all(unreal.fullmatch(each) for each in found)
    assert len(set(found)) == len(found)
