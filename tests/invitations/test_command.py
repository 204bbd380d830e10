"""`portal user …` as an operator meets it."""

from pathlib import Path

import pytest

from portal.db import Store, column
from portal.settings import Settings
from tests.people import make_person
from tests.test_cli import run, run_here


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.data_dir


def test_an_invitation_is_printed_as_a_short_link(folder: Path, store: Store) -> None:
    answer = run(folder, "user", "invite", "Aylar", "--role", "observer")
    assert answer.returncode == 0, answer.stderr
    link = answer.stdout.splitlines()[0]
    assert link.startswith("http://localhost:8000/join/")
    assert len(link) < 65
    with store.read() as db:
        assert column(db, "SELECT role FROM invitations") == ["observer"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("Aylar", "--role", "visitor"), "visitor"),
        (("Aylar",), "--again"),
        (("Aylar", "--role", "admin", "--again"), "--again"),
        (("Aylar", "--role", "member"), "organisation"),
        (("Aylar", "--role", "member", "--organisation", "o-nowhere"), "o-nowhere"),
        (("merdan", "--role", "observer"), "taken"),
        (("merdan@ngo.example", "--role", "observer"), "taken"),
        (("nobody", "--again"), "nobody"),
    ],
)
def test_what_cannot_be_done_is_one_plain_sentence(
    folder: Path, store: Store, settings: Settings, arguments: tuple[str, ...], says: str
) -> None:
    make_person(store, settings, "merdan", email="merdan@ngo.example")
    answer = run_here(folder, "user", "invite", *arguments)
    assert answer.returncode == 2
    assert says in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_lock_ends_sessions_and_invitations_at_once(
    folder: Path, store: Store, settings: Settings
) -> None:
    person = make_person(store, settings)
    assert run_here(folder, "user", "invite", "aylar", "--again").returncode == 0
    with store.transaction() as db:
        row = {"hash": "x", "account_id": person.id, "started_at": "x", "seen_at": "x"}
        db.table("sessions").insert(row)
    assert run_here(folder, "user", "lock", "AYLAR").returncode == 0
    with store.read() as db:
        assert column(db, "SELECT count(*) FROM sessions") == [0]
        assert None not in column(db, "SELECT ended_at FROM invitations")
        assert None not in column(db, "SELECT locked_at FROM accounts WHERE id = 'a-aylar'")
    assert run_here(folder, "user", "unlock", "aylar").returncode == 0
    with store.read() as db:
        assert column(db, "SELECT locked_at FROM accounts WHERE id = 'a-aylar'") == [None]
    assert run_here(folder, "user", "lock", "nobody").returncode == 2


def test_an_invitation_not_yet_accepted_is_locked_out_too(folder: Path, store: Store) -> None:
    run_here(folder, "user", "invite", "guest@ngo.example", "--role", "observer")
    answer = run_here(folder, "user", "lock", "guest@ngo.example")
    assert answer.returncode == 0, answer.stderr
    assert "1 open" in answer.stdout
