"""A scanner is asked over its socket; whoever does not plainly say that a file is clean did not."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.errors import Invalid, Misconfigured
from portal.i18n.language import load_language
from portal.settings import read_settings
from portal.uploads.scanning import ScannerSilent, ask, does_answer, scan
from tests.uploads.scanner import EICAR, scanner

CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin")


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "clean"
    path.write_bytes(b"call 112" * 100_000)
    return path


@pytest.fixture
def infected(tmp_path: Path) -> Path:
    path = tmp_path / "infected"
    path.write_bytes(EICAR)
    return path


def test_without_a_scanner_nothing_is_scanned(infected: Path) -> None:
    assert scan("", infected) == "none"


def test_a_scanner_says_clean(clean: Path) -> None:
    with scanner() as address:
        assert scan(address, clean) == "clean"
        assert does_answer(address)


def test_what_it_finds_is_refused_in_words(infected: Path) -> None:
    with scanner() as address, pytest.raises(Invalid) as refused:
        scan(address, infected)
    said = load_language("en").say(refused.value.fields["file"][0])
    assert said.startswith("The virus scanner found something harmful")


def test_a_scanner_that_is_down_leaves_a_file_waiting(clean: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    for down in (address, str(tmp_path / "no.ctl"), "[::1]:1"):
        assert scan(down, clean) == "pending"
        assert not does_answer(down)


def test_a_slow_scanner_leaves_a_file_waiting(clean: Path) -> None:
    with scanner(lambda _content: None) as address, pytest.raises(ScannerSilent):
        ask(address, clean, patience=0.2)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK",
        b"OK\0",
        b"garbage\0",
        b"\xff\xfe\0",
        b"stream: OK FOUND OK\0",
        b"stream: OKAY\0",
        b"UNKNOWN COMMAND\0",
        b"INSTREAM: Can't allocate memory ERROR\0",
        b"stream: OK\0stream: Evil FOUND\0",
        b"A" * 100_000,
    ],
)
def test_what_cannot_be_understood_leaves_a_file_waiting(answer: bytes, clean: Path) -> None:
    with scanner(lambda _content: answer) as address:
        assert scan(address, clean) == "pending"


def test_a_file_that_is_too_large_for_it_waits(clean: Path) -> None:
    with scanner(most_bytes=1000) as address:
        assert scan(address, clean) == "pending"


@pytest.mark.parametrize("address", ["/run/clamav/clamd.ctl", "127.0.0.1:3310", "[::1]:3310"])
def test_an_address_of_a_scanner(address: str) -> None:
    assert read_settings({"PORTAL_CLAMD": address}).clamd == address


@pytest.mark.parametrize(
    "address", ["clamd", "run/clamd.ctl", "127.0.0.1", "127.0.0.1:", "h:0", "h:65536", "h h:1"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Misconfigured, match="PORTAL_CLAMD"):
        read_settings({"PORTAL_CLAMD": address})


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    """The real one, with one signature of our own."""
    if CLAMD is None:
        pytest.skip("clamd is not installed")
    signatures, place = tmp_path / "signatures", tmp_path / "clamd.ctl"
    signatures.mkdir()
    (signatures / "ours.ndb").write_text(f"Ours.Test:0:*:{EICAR.hex()}\n")
    settings = tmp_path / "clamd.conf"
    settings.write_text(
        f"DatabaseDirectory {signatures}\nLocalSocket {place}\nForeground yes\n"
        f"LogFile {tmp_path / 'log'}\nStreamMaxLength 2M\nTemporaryDirectory {tmp_path}\n"
    )
    with subprocess.Popen(
        [CLAMD, "--config-file", str(settings)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            for _ in range(300):
                if does_answer(str(place)) or process.poll() is not None:
                    break
                time.sleep(0.1)
            yield str(place)
        finally:
            process.terminate()


def test_the_real_one_understands_us(clamd: str, clean: Path, infected: Path) -> None:
    assert does_answer(clamd)
    assert scan(clamd, clean) == "clean"
    with pytest.raises(Invalid):
        scan(clamd, infected)
    large = clean.with_name("large")
    large.write_bytes(bytes(4 * 1024 * 1024))
    assert scan(clamd, large) == "pending"
