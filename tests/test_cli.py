"""The command line as an operator meets it: exit codes and plain sentences."""

import io
import os
import socket
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from unittest.mock import patch

import pytest

from portal.cli import main
from portal.describing import columns, commands, settings
from portal.settings import SETTINGS

ROOT = Path(__file__).parents[1]


def run(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`portal …` in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return subprocess.run(
        [sys.executable, "-m", "portal", *arguments],
        cwd=ROOT,
        env={**kept, "PORTAL_DATA_DIR": str(folder), "PORTAL_ENV": "demo", **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def run_here(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The same in the process of the tests, where it is what a command does that is looked at."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    given = {**kept, "PORTAL_DATA_DIR": str(folder), "PORTAL_ENV": "demo", **environ}
    out, err, mask = io.StringIO(), io.StringIO(), os.umask(0o077)
    try:
        with (
            patch.dict(os.environ, given, clear=True),
            patch.object(sys, "argv", ["portal", *arguments]),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            main()
    finally:
        os.umask(mask)
    code = ended.value.code
    assert isinstance(code, int)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    assert run(folder, "migrate").returncode == 0
    assert (folder / "portal.db").is_file()


def modes_below(folder: Path) -> dict[Path, int]:
    """The modes of files; the log of a database goes away with whoever closes it last."""
    found = {}
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file():
                found[path] = path.stat().st_mode
    return found


def test_from_nothing_to_a_published_network(tmp_path: Path) -> None:
    """What is written on the way is for this account alone, also in a folder open to others."""
    folder = tmp_path / "made-before"
    folder.mkdir(mode=0o755)
    assert run(folder, "migrate").returncode == 0
    seeded = run(folder, "seed", "--demo")
    assert seeded.returncode == 0, seeded.stderr
    assert "invented" in seeded.stdout
    checked = run(folder, "publish", "--check")
    assert checked.returncode == 0, checked.stderr
    assert not (folder / "generations" / "current").exists()
    assert run_here(folder, "check").returncode == 1
    published = run(folder, "publish")
    assert published.returncode == 0, published.stderr
    written = modes_below(folder)
    assert len(written) > 5
    assert [path for path, mode in written.items() if mode & 0o077] == []
    assert run(folder, "check").returncode == 0
    status = run_here(folder, "index", "status")
    assert "embedded: 0 changes wait\n" in status.stdout
    assert "documents" in run_here(folder, "index", "rebuild").stdout
    exported = tmp_path / "events.xlsx"
    assert run_here(folder, "export", "events", str(exported)).returncode == 0
    again = run_here(folder, "import", "events", str(exported))
    assert "0 added, 0 changed" in again.stdout, again.stderr


def test_a_broken_file_imports_nothing_and_lists_every_bad_cell(tmp_path: Path) -> None:
    run_here(tmp_path / "data", "seed")
    file = tmp_path / "organisations.csv"
    file.write_text("id,name,kind,place\no-1,First,ngo,Nowhereville\no-2,Second,club,Mary\n")
    answer = run_here(tmp_path / "data", "import", "organisations", str(file))
    assert answer.returncode == 1
    assert "row 2, place" in answer.stderr
    assert "row 3, kind" in answer.stderr
    assert "Nothing was imported" in answer.stderr
    out = tmp_path / "out.csv"
    run_here(tmp_path / "data", "export", "organisations", str(out))
    assert len(out.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"PORTAL_ENV": "production"}, "PORTAL_SECRET"),
        ({"PORTAL_ENV": "production", "PORTAL_SECRET": "x" * 40}, "PORTAL_SECRET"),
        (
            {
                "PORTAL_ENV": "production",
                "PORTAL_SECRET": "a long secret of our own, 32+ chars",
                "PORTAL_BASE_URL": "http://portal.example",
            },
            "https",
        ),
        ({"PORTAL_BASE_URL": "https://portal.example"}, "localhost"),
        ({"PORTAL_ENV": "staging"}, "PORTAL_ENV must be"),
        ({"PORTAL_TIMEZONE": "Mars/Olympus"}, "PORTAL_TIMEZONE"),
        ({"PORTAL_HOTLINE": "just a number"}, "PORTAL_HOTLINE"),
        ({"PORTAL_BASE_URL": "portal.example"}, "PORTAL_BASE_URL"),
        ({"PORTAL_LANGUAGES": "en,xx"}, "PORTAL_LANGUAGES"),
        ({"PORTAL_SECRET_FILE": "/nowhere/secret"}, "PORTAL_SECRET_FILE"),
    ],
)
def test_an_unsafe_setting_is_one_plain_sentence(
    tmp_path: Path, environ: dict[str, str], says: str
) -> None:
    answer = run(tmp_path, "serve", **environ)
    assert answer.returncode == 2
    assert says in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_data_directory_that_cannot_be_used_is_exit_2(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = run_here(tmp_path / "file", "migrate")
    assert answer.returncode == 2
    assert "cannot be used" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_demo_listens_on_this_machine_only(tmp_path: Path) -> None:
    answer = run(tmp_path, "serve", "--host", "0.0.0.0")
    assert answer.returncode == 2
    assert "this machine only" in answer.stderr


def test_production_refuses_a_database_that_others_can_read(tmp_path: Path) -> None:
    run_here(tmp_path, "migrate")
    (tmp_path / "portal.db").chmod(0o644)
    answer = run(
        tmp_path,
        "serve",
        PORTAL_ENV="production",
        PORTAL_SECRET="a long secret of our own, 32+ chars",
    )
    assert answer.returncode == 2
    assert "chmod 600" in answer.stderr


def test_a_damaged_database_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "portal.db").write_bytes(b"\x07 no database \x00" * 500)
    for command in ("check", "migrate", "publish", "seed"):
        answer = run_here(tmp_path, command)
        assert answer.returncode in (1, 2), command
        assert "damaged" in answer.stdout + answer.stderr
        assert "Traceback" not in answer.stderr


def test_production_without_a_hotline_needs_a_person(tmp_path: Path) -> None:
    answer = run_here(tmp_path, "check", PORTAL_ENV="production")
    assert "MEND PORTAL_HOTLINE" in answer.stdout
    assert answer.returncode == 1


def test_a_port_in_use_is_one_plain_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = run(tmp_path, "serve", "--port", str(taken.getsockname()[1]))
    assert answer.returncode == 2
    assert "cannot be used" in answer.stderr


def test_every_command_has_help() -> None:
    for line in commands().splitlines()[2:]:
        words = [w for w in line.split("`")[1].split()[1:] if w.islower() and w[0] != "["]
        answer = run_here(Path("unused"), *words, "--help")
        assert answer.returncode == 0, words


def test_the_readme_lists_every_setting_and_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert commands().strip() in readme
    assert settings().strip() in readme
    assert columns().strip() in readme
    assert all(setting.variable in readme for setting in SETTINGS)
