"""What a password may be, and how it is kept."""

import threading
import time

import argon2
import pytest

from portal.credentials import rules
from portal.credentials.rules import hash_password, password_matches, problem_of


@pytest.mark.parametrize(
    "password",
    [
        "tulip kettle north",
        "гулистон ва хона",
        "  spaces stay  ",
        "Kj8#mPq2vL9x",
        "🐪 walks by night",
        "tulip kettle " * 9,
    ],
)
def test_11_any_characters_are_taken(password: str) -> None:
    assert problem_of(password) is None


@pytest.mark.parametrize("password", ["", "eleven char", "x1!" * 43])
def test_11_passwords_have_12_to_128_characters(password: str) -> None:
    said = problem_of(password)
    assert said is not None
    assert said.values == {"shortest": 12, "longest": 128}


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "passwordpassword",
        "qwertyuiop12",
        "123456789012",
        "aaaaaaaaaaaa",
        "iloveyou1234",
        "пароль123456",
        "йцукенгшщзхъ",
        "turkmenistan",
        "Aylar1234567",
    ],
)
def test_11_common_passwords_are_refused(password: str) -> None:
    said = problem_of(password, ["aylar"])
    assert said is not None
    assert "Many people" in said.text


def test_12_argon2id_with_64_mib_and_three_passes() -> None:
    found = argon2.extract_parameters(hash_password("tulip kettle north"))
    assert found.type is argon2.Type.ID
    assert found.memory_cost >= 64 * 1024
    assert found.time_cost == 3


def test_12_at_most_two_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[int] = []
    running = threading.Semaphore(0)
    count = 0
    guard = threading.Lock()

    def verify(*_: object) -> bool:
        nonlocal count
        with guard:
            count += 1
            at_once.append(count)
        time.sleep(0.02)
        with guard:
            count -= 1
        running.release()
        return True

    monkeypatch.setattr(argon2.PasswordHasher, "verify", verify)
    threads = [threading.Thread(target=password_matches, args=("x", "y")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(at_once) == 2


def test_the_same_word_from_two_keyboards_is_one_password() -> None:
    kept = hash_password("café tulip north")
    assert password_matches(kept, "cafe\u0301 tulip north")
    assert not password_matches(kept, "cafe tulip north")
    assert not password_matches("nonsense", "cafe tulip north")
    assert not password_matches(None, "cafe tulip north")


def test_a_lost_database_gives_no_phone_key_away() -> None:
    salt = rules.new_salt()
    ours = rules.key_of("our secret", salt)
    assert len(ours) == 32
    assert ours != rules.key_of("another secret", salt)
