"""Trainings attended, reminders of licences, the code of ethics, and what waits for whom."""

from datetime import date, timedelta

import pytest

from portal.actor import Actor
from portal.agreements.actions import exclude
from portal.ethics.actions import load_code, sign_code
from portal.ethics.queries import find_code, version_to_sign
from portal.jobs.registry import JOBS
from portal.papers.actions import remind_of_licences
from portal.papers.rules import steps_due
from portal.practitioners.rules import name_key
from portal.proposals.queries import find_waiting
from portal.transfer.seed import FOLDER
from tests.conftest import LANGUAGES, MOMENT, OPERATOR, TODAY
from tests.network import Network


@pytest.fixture
def listed(network: Network) -> str:
    person, link = network.propose("ogul")
    network.consent(link)
    network.agree("bahar", person)
    return person


def licence(network: Network, person: str, days: int) -> None:
    ends = (TODAY + timedelta(days=days)).isoformat()
    with network.store.transaction() as db:
        db.table("practitioner_licences").upsert(
            {"practitioner_id": person, "number": "L-1", "expires_on": ends}, pk="practitioner_id"
        )


def remind(network: Network, day: date) -> int:
    with network.store.transaction() as db:
        return remind_of_licences(db, OPERATOR, MOMENT, day)


def told(network: Network, person: str) -> int:
    sql = "SELECT count(*) FROM licence_reminders WHERE practitioner_id = :p"
    return network.ask(sql, p=person)[0]


@pytest.mark.parametrize(
    ("left", "steps"),
    [
        (31, []),
        (30, [30]),
        (15, [30]),
        (14, [30, 14]),
        (3, [30, 14, 3]),
        (0, [30, 14, 3]),
        (-1, []),
    ],
)
def test_the_steps_of_a_reminder(left: int, steps: list[int]) -> None:
    assert steps_due(TODAY + timedelta(days=left), TODAY) == steps


def test_each_step_is_told_once_to_those_who_can_mend_it(network: Network, listed: str) -> None:
    licence(network, listed, 40)
    for day, steps in ((0, 0), (10, 1), (11, 1), (26, 2), (30, 2), (37, 3), (38, 3), (41, 3)):
        remind(network, TODAY + timedelta(days=day))
        remind(network, TODAY + timedelta(days=day))
        assert told(network, listed) == steps, day
    sql = "SELECT account_id FROM notices WHERE kind = 'licence_ends' AND entity_id = :p"
    assert set(network.ask(sql, p=listed)) >= {None, "a-ogul"}
    assert not set(network.ask(sql, p=listed)) & {"a-bahar", "a-kerim", "a-nurana"}


def test_missed_steps_are_told_as_one_and_a_new_licence_begins_anew(
    network: Network, listed: str
) -> None:
    licence(network, listed, 2)
    remind(network, TODAY)
    assert told(network, listed) == 3
    sql = "SELECT count(*) FROM notices WHERE kind = 'licence_ends' AND entity_id = :p"
    sql += " AND practitioner_id IS NOT NULL"
    assert network.ask(sql, p=listed) == [1]
    licence(network, listed, 29)
    remind(network, TODAY)
    assert told(network, listed) == 4


def test_who_withdrew_is_reminded_of_nothing(network: Network, listed: str) -> None:
    licence(network, listed, 2)
    path = f"/en/practitioners/{listed}/agreement"
    network.post("ogul", path, {"step": "suspend", "reason": "absence"})
    remind(network, TODAY)
    assert told(network, listed) == 0


def test_the_reminders_are_a_job() -> None:
    assert remind_of_licences in [job.work for job in JOBS]


def test_a_training_is_noted_once_by_those_who_keep_the_papers(
    network: Network, listed: str
) -> None:
    path = f"/en/practitioners/{listed}/trainings"
    sent = {"held_on": "2026-03-01", "title": "Stress and burnout"}
    for _ in range(2):
        assert network.post("ogul", path, sent).status_code == 303
    (event,) = network.ask("SELECT id FROM events WHERE id = 'e-2014tj'")
    assert network.post("nurana", path, {"event": event}).status_code == 303
    sql = "SELECT held_on FROM trainings WHERE practitioner_id = :p ORDER BY held_on"
    assert network.ask(sql, p=listed) == ["2014-01-30", "2026-03-01"]
    page = network.as_("ogul").get(f"/en/practitioners/{listed}/agreement").text
    assert "Stress and burnout" in page


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "held_on"),
        ({"held_on": "2026-03-01"}, "title"),
        ({"held_on": "2027-03-01", "title": "Later"}, "held_on"),
        ({"held_on": "yesterday", "title": "Later"}, "held_on"),
        ({"event": "e-nothing"}, "event"),
    ],
)
def test_a_training_that_cannot_be_noted(
    network: Network, listed: str, sent: dict[str, str], field: str
) -> None:
    answer = network.post("ogul", f"/en/practitioners/{listed}/trainings", sent)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text


def test_the_code_has_eight_points_in_every_language_and_says_it_is_a_draft(
    network: Network,
) -> None:
    with network.store.read() as db:
        code = find_code(db)
    assert code is not None
    assert len(code.points) == 8
    for text in (code.note, *code.points):
        assert set(text) == set(LANGUAGES)
    assert "demonstration" in code.note["en"]


def test_a_new_version_unlists_nobody_and_is_asked_for(network: Network, listed: str) -> None:
    with network.store.transaction() as db:
        assert version_to_sign(db, listed) is None
        db.table("ethics_versions").insert(
            {"version": "2026-2", "adopted_on": "2026-11-20", "note": "{}"}
        )
        assert load_code(db, FOLDER / "ethics.csv") == 0
        assert version_to_sign(db, listed) == "2026-2"
    assert network.is_listed(listed)
    with network.store.transaction() as db:
        for _ in range(2):
            sign_code(db, OPERATOR, MOMENT, listed, "2026-2", "2026-11-23")
        assert version_to_sign(db, listed) is None
    sql = "SELECT version FROM ethics_signatures WHERE practitioner_id = :p ORDER BY version"
    assert network.ask(sql, p=listed) == ["2026-1", "2026-2"]


def waiting(network: Network, name: str, role: str = "member", **more: str) -> list[tuple]:
    (own,) = network.ask("SELECT organisation_id FROM accounts WHERE id = :a", a=f"a-{name}")
    actor = Actor(role, f"a-{name}", name.title(), own, "ngo", directory_access=True, **more)
    with network.store.read() as db:
        return [(w.kind, w.path[1]) for w in find_waiting(db, actor, MOMENT, TODAY)]


def test_what_waits_for_whom(network: Network) -> None:
    person, link = network.propose("ogul")
    assert ("consent", person) in waiting(network, "ogul")
    assert ("agreement", person) not in waiting(network, "bahar")
    network.consent(link)
    assert ("consent", person) not in waiting(network, "ogul")
    assert ("agreement", person) not in waiting(network, "ogul")
    for name, role in (("bahar", "member"), ("kerim", "member"), ("nurana", "coordinator")):
        assert ("agreement", person) in waiting(network, name, role)
    network.agree("bahar", person)
    assert ("agreement", person) not in waiting(network, "kerim")
    licence(network, person, 20)
    assert ("licence", person) in waiting(network, "ogul")
    assert ("licence", person) not in waiting(network, "bahar")


def test_who_is_excluded_is_not_told_of_a_proposal(network: Network) -> None:
    person, link = network.propose("ogul")
    sql = """
        SELECT o.name FROM organisations AS o JOIN accounts AS a ON a.organisation_id = o.id
        WHERE a.id = 'a-bahar'
    """
    network.consent(link, other_organisations=network.ask(sql)[0], other_people="Kerim Kerimow")
    assert ("agreement", person) not in waiting(network, "bahar")
    assert ("agreement", person) in waiting(network, "kerim")


def test_herself_is_asked(network: Network) -> None:
    person, _link = network.propose("ogul")
    (own,) = network.ask("SELECT organisation_id FROM accounts WHERE id = 'a-ogul'")
    herself = Actor("practitioner", "a-ayna", organisation_id=own, practitioner_id=person)
    with network.store.read() as db:
        paths = [w.path for w in find_waiting(db, herself, MOMENT, TODAY)]
    assert paths == [("practitioners", person, "consent")]


def test_05_whom_she_excludes_by_name_is_told_of_no_licence(network: Network) -> None:
    person, link = network.propose("ogul")
    network.consent(link)
    network.agree("bahar", person)
    licence(network, person, 20)
    own = network.ask("SELECT organisation_id FROM practitioners WHERE id = :p", p=person)[0]
    network.join("maya", own, name="Maya Atayewa")
    with network.store.transaction() as db:
        exclude(db, OPERATOR, MOMENT, person, "person", name_key("Atayewa Maya"))
        remind_of_licences(db, OPERATOR, MOMENT, TODAY)
    maya = Actor("member", "a-maya", "Maya Atayewa", own, "ngo", None, True)
    with network.store.read() as db:
        about = {line.path[1] for line in find_waiting(db, maya, MOMENT, TODAY)}
    assert person not in about
    told = network.ask("SELECT account_id FROM notices WHERE kind = 'licence_ends'")
    assert "a-ogul" in told
    assert "a-maya" not in told
