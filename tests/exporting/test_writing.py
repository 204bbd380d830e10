"""The files of an edition are there whole, or not at all."""

import errno
import shutil
from pathlib import Path

import pytest

from portal.db import Store
from portal.errors import Unavailable
from portal.exporting import actions
from portal.exporting.actions import are_written, write_files
from portal.publication.actions import publish
from portal.settings import Settings
from tests.conftest import MOMENT, OPERATOR
from tests.exporting.conftest import folder_of


def test_written_once_and_by_one_worker_at_a_time(settings: Settings, store: Store) -> None:
    assert not are_written(settings)
    with actions._alone(settings.generations) as is_alone:
        assert is_alone
        assert write_files(settings, store) == 0
    assert not are_written(settings)
    assert write_files(settings, store) > 50
    assert are_written(settings)
    assert write_files(settings, store) == 0
    publish(store, settings, OPERATOR, MOMENT)
    assert not are_written(settings)


def test_before_the_first_edition_there_is_nothing_to_do(settings: Settings, store: Store) -> None:
    shutil.rmtree(settings.generations)
    assert write_files(settings, store) == 0


def test_a_full_disk_leaves_nothing_and_the_next_round_writes_all(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a kill leaves a draft behind
    draft = folder_of(settings).with_name(".files")
    draft.mkdir()
    (draft / "half.csv").write_text("half")

    def full(*_about: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as during:
        during.setattr(actions, "_write_package", full)
        with pytest.raises(Unavailable, match="No space left"):
            write_files(settings, store)
    assert not draft.exists()
    assert not folder_of(settings).exists()
    assert write_files(settings, store) > 50
    assert not (folder_of(settings) / "half.csv").exists()


def test_an_edition_that_is_put_away_meanwhile_is_no_error(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = actions._write_package

    def put_away(draft: Path, *about: object) -> None:
        shutil.rmtree(draft.parent)
        write(draft, *about)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "_write_package", put_away)
    assert write_files(settings, store) == 0
