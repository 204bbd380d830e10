"""`portal publish` as an operator meets it: what would be said, what stopped, and the exit code."""

import pytest
from click.testing import CliRunner, Result

from portal.cli import portal
from portal.db import Store
from portal.i18n.language import load_language
from portal.publication.ledger import Candidate, ReleasedLevel
from portal.publication.queries import find_releases
from portal.releasing.answers import check_in_words
from portal.settings import Settings
from portal.vocabularies.terms import load_terms
from portal.vocabularies.voice import Voice


def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, *words: str, env: str) -> Result:
    monkeypatch.setenv("PORTAL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("PORTAL_ENV", env)
    monkeypatch.setenv("PORTAL_BASE_URL", "http://127.0.0.1:8000")
    return CliRunner().invoke(portal, ["publish", *words])


def releases(store: Store) -> int:
    with store.read() as db:
        return len(find_releases(db))


def test_a_check_keeps_nothing(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(settings, monkeypatch, "--check", env="demo")
    assert done.exit_code == 0, done.output
    assert "Checked only" in done.output
    assert releases(store) == 1
    assert (settings.generations / "current").read_text().strip() == "1"


def test_a_leak_is_named_without_its_value(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.transaction() as db:
        db.execute("UPDATE practitioners SET name = 'Zzyzxmarker Qwest' WHERE rowid = 1")
        db.execute(
            "UPDATE organisations SET summary = 'Ask Zzyzxmarker Qwest' WHERE id IN"
            " (SELECT organisation_id FROM membership_now WHERE state = 'admitted')"
        )
    done = run(settings, monkeypatch, "--check", env="demo")
    assert done.exit_code == 1, done.output
    assert "Zzyzxmarker" not in done.output
    assert "practitioners" in done.output


def test_an_audit_is_told_in_words(store: Store) -> None:
    levels = [
        ReleasedLevel("assisted", 0, "country_year", True, 6, 1),
        ReleasedLevel("assisted", 1, "region_quarter", False, 132, 132, "too_few"),
    ]
    told = {"tables": [], "added": 2, "narrowest": 20}
    stuck = {"tables": [], "stopped_at": "network_year", "stopped_by": "time"}
    candidate = Candidate(levels=levels, audits={"assisted": told, "trained": stuck})
    with store.read() as db:
        voice = Voice(load_language("en"), load_terms(db))
    lines, failed = check_in_words(voice, candidate)
    assert lines[:3] == [
        "assisted: Published: Countries, by year; 1 of 6 figures withheld.",
        "assisted: Not published: Regions, by quarter."
        " Too few of its figures are large enough to be said.",
        "assisted: Withheld only to hide others: 2.",
    ]
    assert "20 or more people" in lines[3]
    assert failed == [
        "trained: Not published: The whole network, by year. The check did not end in time."
    ]
