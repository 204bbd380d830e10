"""People of two organisations who give materials, each with a browser; files made for the test."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from portal.clock import stamp
from portal.db import Store, column
from portal.settings import Settings
from tests.conftest import browsing
from tests.network import Network, members_of
from tests.people import MovingClock

KEY = "0123456789abcdef0123456789abcdef"
POSTER = {
    "title": "Ask before you go",
    "kind": "poster",
    "language": "ru",
    "licence": "cc_by_sa",
    "summary": "Five questions before work abroad.",
    "audiences": ["youth", "labour_migrants"],
    "topics": ["safe_migration"],
    "region": "TM-M",
    "year": "2026",
    "visibility": "public",
    "title_ru": "Спроси, прежде чем ехать",
    "pictures": "no",
}
HIS = "+99365000111"


def png(colour: str = "navy", size: tuple[int, int] = (600, 800)) -> bytes:
    """A poster that says, beside the picture, who made it and where."""
    exif = Image.Exif()
    exif[0x013B] = "Marker Author"
    exif[0x010E] = "Marker Place"
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG", exif=exif)
    return made.getvalue()


class Givers(Network):
    """Aýna and Bahar of one organisation, Çary of another, Dana who coordinates, of a third."""

    settings: Settings
    home: str
    away: str
    made = 0

    def give(
        self,
        name: str | None = "ayna",
        file: bytes | None = b"",
        path: str = "contribute/new",
        **changes: Any,
    ) -> Any:
        """Send the form for a new material with a poster, unless another file is given, or None."""
        self.made += 1
        fields = {**POSTER, "send": "ask", "key": f"{KEY[:-4]}{self.made:04}", **changes}
        fields = {key: value for key, value in fields.items() if value is not None}
        sent = ("poster.png", png() if file == b"" else file) if file is not None else None
        return self.upload(name, f"/en/{path}", fields, sent)

    def upload(
        self, name: str | None, path: str, fields: dict[str, Any], file: tuple[str, bytes] | None
    ) -> Any:
        """Send a form with a file, the token first as a browser does."""
        client = self.as_(name)
        page = client.get("/en/sign-in").text
        csrf = page.split('name="csrf" value="')[1].split('"')[0] if name else ""
        files = {"file": file} if file is not None else {"file": ("", b"")}
        data = {"csrf": csrf, **fields}
        return client.post(path, data=data, files=files, follow_redirects=False)

    def made_by(self, answer: Any) -> str:
        """The id of what was given."""
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"]).rsplit("/", 1)[1]

    def act(self, name: str, work: str, act: str, **fields: Any) -> Any:
        """One of the buttons on the page of a material."""
        return self.post(name, f"/en/contribute/{work}/{act}", fields)

    def waiting(self, work: str) -> str:
        """The item that asks to publish the newest version."""
        sql = """
            SELECT a.id FROM approvals AS a JOIN material_versions AS v ON v.id = a.subject_id
            WHERE v.material_id = :id AND a.verdict IS NULL
        """
        (found,) = self.ask(sql, id=work)
        return str(found)

    def decide(self, name: str, work: str, verdict: str = "approved", **more: Any) -> Any:
        """Agree or refuse as somebody."""
        path = f"/en/approvals/{self.waiting(work)}"
        return self.post(name, path, {"verdict": verdict, **more})

    def published(self, **changes: Any) -> str:
        """A work of Aýna's to which Çary agreed."""
        work = self.made_by(self.give(**changes))
        answer = self.decide("cary", work)
        assert answer.status_code == 303, answer.text
        return work

    def state(self, work: str) -> str:
        """The state of the newest version."""
        sql = """
            SELECT s.state FROM material_versions AS v
            JOIN material_states_now AS s ON s.version_id = v.id
            WHERE v.material_id = :id ORDER BY v.number DESC LIMIT 1
        """
        return str(self.ask(sql, id=work)[0])

    def everything(self) -> dict[str, Any]:
        """All rows a material has, and what stands on the shelf and in the way in."""
        tables = (
            "materials material_versions material_states material_files material_texts files"
            " file_renditions image_consents approvals"
        )
        with self.store.read() as db:
            rows = {name: column(db, "SELECT count(*) FROM " + name) for name in tables.split()}
            sql = "SELECT count(*) FROM audit WHERE entity NOT IN ('sessions', 'accounts')"
            rows["audit"] = column(db, sql)
        shelf = sorted(path.name for path in self.settings.files.rglob("*") if path.is_file())
        incoming = self.settings.incoming
        left = sorted(path.name for path in incoming.iterdir()) if incoming.exists() else []
        assert left == []
        return {**rows, "shelf": shelf}


@pytest.fixture
def net(settings: Settings, store: Store) -> Iterator[Givers]:
    """The cast on a site whose clock a test sets."""
    clock = MovingClock()
    with browsing(settings, clock) as client:
        client.follow_redirects = False
        net = Givers(client, store, clock)
        net.settings = settings
        net.home, net.away, third = members_of(store)[:3]
        seen = {"seen_on": stamp(clock.moment)[:10]}
        net.join("ayna", net.home, **seen)
        net.join("bahar", net.home, **seen)
        net.join("cary", net.away, **seen)
        net.join("dana", third, "coordinator", **seen)
        net.join("helper", net.home, "practitioner", **seen)
        yield net
