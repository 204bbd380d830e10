"""Data directories for tests to work in: built once in a run, copied at little cost."""

import fcntl
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from portal.files import Shelf


def build_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """A folder that the first process to ask for it builds, for all processes of a run."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder = base / name
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = base / f"{name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            build(unfinished)
            unfinished.rename(folder)
    return folder


def copy_world(world: Path, folder: Path) -> None:
    """A copy to work in; stored files are links, for whoever changes one puts another there."""
    # who reads a world that is closed makes a log that is empty, and takes it away again
    fleeting = shutil.ignore_patterns("*-shm", "*-wal")

    def ignored(path: str, names: list[str]) -> set[str]:
        stored = {"files"} if path == str(world) else set()
        return stored | fleeting(path, names)

    shutil.copytree(world, folder, ignore=ignored)
    folders, files = stored_in(world)
    for each in folders:
        (folder / each).mkdir(mode=0o700)
    for each in files:
        os.link(world / each, folder / each)


@cache
def stored_in(world: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Below a world: the folders for stored files, each after the one it is in, and the files."""
    found = (world / "files", *sorted(world.glob("files/**/*")))
    folders = tuple(str(path.relative_to(world)) for path in found if path.is_dir())
    return folders, tuple(str(path.relative_to(world)) for path in found if path.is_file())


def is_unspoilt(world: Path) -> bool:
    """Whether every stored file is what its name says: copies share them."""
    shelf = Shelf(world / "files")
    return all(shelf.is_whole(Path(each).name) for each in stored_in(world)[1])
