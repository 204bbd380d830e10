"""Forms that carry files, on a site with one more page that only tells what arrived."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, Response, Router, post
from litestar.testing import TestClient

from portal.app import furnish, make_frame, make_site
from portal.db import Store
from portal.settings import Settings
from portal.web.guards import signed_in
from portal.web.receiving import FIELD_BYTES, MOST_FILES, MOST_PARTS, receive, receiving
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, MOMENT, settings_for

MOST = 100_000
PDF = b"%PDF-1.7 a poster"
EDGE = "x-edge-of-a-part"
KIND = {"Content-Type": f"multipart/form-data; boundary={EDGE}"}


def never_beyond_the_end(receive: Callable[[], Any]) -> Callable[[], Any]:
    """A line that fails when it is asked for what follows the end of a body."""
    is_over = False

    async def following() -> Any:
        nonlocal is_over
        assert not is_over, "somebody waits for a sender who waits for the answer"
        event = await receive()
        is_over = not event.get("more_body", False)
        return event

    return following


@post("/tray", guards=[signed_in], status_code=200, **receiving(MOST))
async def tray(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """What arrived; to ask for more than there is would be to wait until the sender gives up."""
    request.receive = never_beyond_the_end(request.receive)
    async with receive(request, MOST) as found:
        files = [(f.field, f.name, f.size, f.path.read_bytes().hex()) for f in found.files]
        modes = [f.path.stat().st_mode & 0o777 for f in found.files]
        return Response({"fields": found.fields, "files": files, "modes": modes})


@pytest.fixture(scope="module")
def frame(world: Path) -> Litestar:
    """The site's frame with that page."""
    made = make_frame(settings_for(world))
    made.register(Router("/{lang:str}", route_handlers=[tray]))
    return made


@pytest.fixture
def client(settings: Settings, frame: Litestar) -> Iterator[TestClient]:
    """Somebody of a member organisation."""
    furnish(frame, make_site(settings, Store(settings.database), lambda: MOMENT))
    with TestClient(frame, base_url="http://127.0.0.1") as opened:
        opened.follow_redirects = False
        opened.post("/demo/sign-in", data={"role": "member"})
        yield opened


@pytest.fixture(autouse=True)
def nothing_stays(settings: Settings) -> Iterator[None]:
    """Whatever became of a form: its files are gone."""
    yield
    assert not settings.incoming.exists() or list(settings.incoming.iterdir()) == []


def part(name: str, body: bytes = b"", file: str | None = None) -> bytes:
    named = f'; filename="{file}"' if file is not None else ""
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + body + b"\r\n"


END = f"--{EDGE}--\r\n".encode()


def token(client: TestClient) -> bytes:
    return part("csrf", csrf_of(client).encode())


def send(client: TestClient, body: bytes, **headers: str) -> Any:
    return client.post("/en/tray", content=body, headers={**KIND, **JSON, **headers})


def test_fields_and_files_arrive(client: TestClient) -> None:
    body = token(client) + part("title", "Çärjew қ".encode()) + part("topics", b"a")
    body += part("topics", b"b") + part("file", PDF, "плакат.pdf") + part("other", b"", "") + END
    found = send(client, body).json()
    assert found["fields"]["title"] == ["Çärjew қ"]
    assert found["fields"]["topics"] == ["a", "b"]
    assert found["files"] == [["file", "плакат.pdf", len(PDF), PDF.hex()]]
    assert found["modes"] == [0o600]


def test_a_plain_form_without_a_file_arrives_too(client: TestClient) -> None:
    form = {"csrf": csrf_of(client), "title": "Ҷон", "topics": ["a", "b"], "empty": ""}
    found = client.post("/en/tray", data=form, headers=JSON).json()
    assert found["fields"]["title"] == ["Ҷон"]
    assert found["fields"]["topics"] == ["a", "b"]


def test_a_script_shows_its_token_in_a_header(client: TestClient) -> None:
    answer = send(client, part("title", b"x") + END, **{"X-CSRF-Token": csrf_of(client)})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "before",
    [b"", part("csrf", b""), part("csrf", b"00" * 64), part("title", b"x"), part("csrf", b"", "t")],
    ids=["none", "empty", "another", "something-else", "a-file"],
)
def test_29_nothing_is_stored_before_the_token(client: TestClient, before: bytes) -> None:
    answer = send(client, before + part("file", PDF, "a.pdf") + token(client) + END)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "forged"


def test_29_another_origin_is_refused(client: TestClient) -> None:
    body = token(client) + part("file", PDF, "a.pdf") + END
    assert send(client, body, Origin="https://elsewhere.example").status_code == 403


def test_32_nobody_signed_in_is_refused_unread(client: TestClient) -> None:
    """A body that fails when it is touched: nothing of it is."""
    client.cookies.clear()

    def untouched() -> Iterator[bytes]:
        raise AssertionError("somebody read it")
        yield b""

    assert client.post("/en/tray", content=untouched(), headers=KIND | JSON).status_code == 401
    answer = client.post("/en/tray", content=untouched(), headers=KIND)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/en/sign-in")


def test_32_a_made_up_cookie_opens_nothing(client: TestClient) -> None:
    client.cookies.clear()
    client.cookies.set("session", "made-up")

    def untouched() -> Iterator[bytes]:
        raise AssertionError("somebody read it")
        yield b""

    assert client.post("/en/tray", content=untouched(), headers=KIND).status_code == 303


def test_who_was_signed_in_until_just_now_is_led_back(client: TestClient) -> None:
    """The body is taken in and dropped, or the browser would show a broken line instead."""
    with client.app.state.site.store.transaction() as db:
        db.execute("UPDATE sessions SET seen_at = '2026-11-23T01:00:00Z'")
    answer = client.post("/en/tray", content=part("file", PDF, "a.pdf") + END, headers=KIND)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "body",
    [
        part("file", b"x" * (MOST + FIELD_BYTES), "a.pdf"),
        part("file", b"x" * (MOST + 1), "a.pdf"),
        part("text", b"x" * (MOST + 1)),
        part("a", b"x" * 90_000) + part("b", b"x" * 90_000) + part("c", b"x" * 90_000),
        part("a", b"x") * MOST_PARTS,
        part("file", PDF, "a.pdf") * (MOST_FILES + 1),
    ],
    ids=["whole", "file", "field", "fields", "many-fields", "many-files"],
)
def test_32_what_is_too_large_is_refused(client: TestClient, body: bytes) -> None:
    answer = send(client, token(client) + body + END)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"


def test_32_a_body_that_grows_unannounced_is_cut(client: TestClient) -> None:
    first = token(client)

    def growing() -> Iterator[bytes]:
        yield first + part("file", b"", "a.pdf")[:-2]
        for _ in range(100):
            yield b"x" * 10_000

    answer = client.post("/en/tray", content=growing(), headers={**KIND, **JSON})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body",
    [part("file", PDF, "a.pdf"), part("file", PDF, "a.pdf")[:-8], b"", b"nothing of a form"],
    ids=["no-end", "cut", "empty", "no-form"],
)
def test_r10_what_is_cut_off_leaves_nothing(client: TestClient, body: bytes) -> None:
    sent = token(client) + body if body.startswith(b"--") else body
    answer = send(client, sent)
    assert answer.status_code in (403, 422)
    if answer.status_code == 422:
        assert "file" in answer.json()["error"]["fields"]


def test_other_kinds_of_bodies_are_not_read(client: TestClient) -> None:
    headers = {"X-CSRF-Token": csrf_of(client), **JSON}
    answer = client.post("/en/tray", content=b"<a/>", headers=headers)
    assert answer.json()["fields"] == {}


def test_32_other_pages_keep_their_small_limit(client: TestClient) -> None:
    headers = {"X-CSRF-Token": csrf_of(client), **JSON}
    form = {"note": "x" * 70_000}
    assert client.post("/en/requests", data=form, headers=headers).status_code == 413
