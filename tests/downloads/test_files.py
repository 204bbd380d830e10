"""Who gets which file of a material, what a light one is, and what is counted."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from PIL import Image

from portal.db import Store, column
from portal.materials.queries import is_consent_lapsed
from portal.materials.registry import count_downloads, total_downloads
from portal.settings import Settings
from portal.uploads.rules import Kind
from tests.conftest import LANGUAGES, TODAY
from tests.downloads.shelf import own_organisation, publish_file
from tests.network import Network

PNG = Kind("png", "image/png", ())


@pytest.fixture
def net(client: TestClient, store: Store) -> Network:
    """A member who gives, another one, a practitioner, a coordinator, an administrator."""
    net = Network(client, store)
    with store.read() as db:
        own = own_organisation(db)
        sql = (
            "SELECT o.id FROM organisations AS o"
            " JOIN membership_now AS m ON m.organisation_id = o.id WHERE m.state = 'admitted'"
            " AND o.kind = 'ngo' AND o.directory_until > '2026-11-23' AND o.id <> :own"
        )
        other = column(db, sql, own=own)[0]
    net.join("giver", own)
    net.join("second", other)
    net.join("stranger", other, directory_until=None)
    net.join("keeper", None, "coordinator")
    net.join("runner", None, "admin")
    return net


@pytest.fixture
def poster(tmp_path: Path) -> Path:
    """A large picture with detail, so that there is a light version."""
    path = tmp_path / "poster.png"
    noise = Image.effect_noise((300, 420), 70).resize((900, 1260))
    Image.merge("RGB", (noise, noise.rotate(180), noise)).save(path)
    return path


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"%PDF-1.7\nno picture of this can be made\n" * 20)
    return path


def statuses(net: Network, address: str) -> dict[str, int]:
    people = (None, "giver", "second", "stranger", "keeper", "runner")
    return {name or "visitor": net.as_(name).get(address).status_code for name in people}


def only(*names: str) -> dict[str, int]:
    people = ("visitor", "giver", "second", "stranger", "keeper", "runner")
    return {name: 200 if name in names else 404 for name in people}


@pytest.mark.parametrize(
    ("state", "visibility", "who"),
    [
        (
            "published",
            "public",
            ("visitor", "giver", "second", "stranger", "keeper", "runner"),
        ),
        ("published", "members", ("giver", "second", "keeper")),
        ("waiting", "public", ("giver", "second", "keeper")),
        ("draft", "public", ("giver", "keeper")),
        ("withdrawn", "public", ("giver", "keeper")),
    ],
)
def test_who_gets_it(
    net: Network,
    store: Store,
    settings: Settings,
    poster: Path,
    state: str,
    visibility: str,
    who: tuple[str, ...],
):
    material_id, entry = publish_file(
        store, settings, poster, of=PNG, state=state, visibility=visibility
    )
    for part in ("", "/light", "/picture?size=thumbnail", "/picture"):
        address = f"/en/materials/{material_id}/files/{entry}{part}"
        assert statuses(net, address) == only(*who)


def test_what_is_signed_in_for_is_kept_nowhere(net: Network, store: Store, settings, paper: Path):
    material_id, entry = publish_file(store, settings, paper, visibility="members")
    answer = net.as_("second").get(f"/en/materials/{material_id}/files/{entry}")
    assert answer.headers["cache-control"] == "no-store"


def test_a_file_belongs_to_its_own_work(net: Network, store: Store, settings, paper: Path):
    first, entry = publish_file(store, settings, paper)
    other, _ = publish_file(store, settings, paper, visibility="members")
    assert net.as_(None).get(f"/en/materials/{first}/files/{entry}").status_code == 200
    for name in (None, "keeper"):
        for work in (other, "nothing"):
            assert net.as_(name).get(f"/en/materials/{work}/files/{entry}").status_code == 404


def test_a_link_is_shown_on_its_page_and_not_followed(
    net: Network, store: Store, settings: Settings, paper: Path
):
    material_id, entry = publish_file(store, settings, paper)
    with store.transaction() as db:
        changes = {"file_id": None, "link": "https://example.org/a.pdf"}
        db.table("material_files").update(entry, changes)
    answer = net.as_(None).get(f"/en/materials/{material_id}/files/{entry}", follow_redirects=False)
    assert answer.status_code == 404


def test_an_infected_or_unreleased_file_is_not_for_the_public(
    net: Network, store: Store, settings: Settings, paper: Path
):
    material_id, entry = publish_file(store, settings, paper)
    address = f"/en/materials/{material_id}/files/{entry}"
    with store.transaction() as db:
        db.execute("UPDATE files SET released_at = NULL, scan = 'pending'")
    assert statuses(net, address) == only("giver", "second", "keeper")
    with store.transaction() as db:
        db.execute("UPDATE files SET scan = 'infected'")
    assert statuses(net, address) == only()


def agree(store: Store, material_id: str, **changes: Any) -> None:
    row = {
        "material_id": material_id,
        "given_on": "2025-01-01",
        "until": "2027-01-01",
        "whose": "adult",
        "by": "a-giver",
    }
    with store.transaction() as db:
        db.table("image_consents").insert({**row, **changes})


@pytest.mark.parametrize(
    ("given", "is_open"),
    [
        ([], True),
        ([{}], True),
        ([{"until": "2026-11-23"}], True),
        ([{"until": "2026-11-22"}], False),
        ([{"given_on": "2026-11-24"}], False),
        ([{"ended_at": "2026-11-01T05:00:00Z"}], False),
        # renewed, as long as it ran
        ([{"until": "2026-11-22"}, {"given_on": "2026-10-01"}], True),
        # another person's consent mends nothing
        ([{"until": "2026-11-22"}, {"given_on": "2026-10-01", "whose": "guardian"}], False),
        # ended: only what was given afterwards counts
        ([{"ended_at": "2026-11-01T05:00:00Z"}, {"given_on": "2026-10-01"}], False),
        ([{"ended_at": "2026-11-01T05:00:00Z"}, {"given_on": "2026-11-02"}], True),
        ([{}, {"ended_at": "2026-11-01T05:00:00Z"}], False),
        # ended after it was published: nobody brings it back alone, whatever is noted anew
        ([{"ended_at": "2026-11-23T06:00:00Z"}, {"given_on": "2026-11-23"}], False),
    ],
)
def test_pictures_of_people_who_no_longer_agree_stay_in_the_house(
    net: Network, store: Store, settings, paper: Path, given: list[dict], is_open: bool
):
    material_id, entry = publish_file(store, settings, paper)
    for changes in given:
        agree(store, material_id, **changes)
    with store.read() as db:
        assert is_consent_lapsed(db, material_id, TODAY) is not is_open
    address = f"/en/materials/{material_id}/files/{entry}"
    seen = statuses(net, address)
    assert seen == (only(*seen) if is_open else only("giver", "keeper"))


def test_the_light_version_is_smaller_and_named_so(
    net: Network, store: Store, settings: Settings, poster: Path
):
    material_id, entry = publish_file(store, settings, poster, of=PNG, language="tk")
    address = f"/en/materials/{material_id}/files/{entry}"
    whole, light = net.as_(None).get(address), net.as_(None).get(f"{address}/light")
    assert len(light.content) * 2 <= len(whole.content)
    assert light.headers["content-type"] == "image/webp"
    assert "say no (tk light).webp" in light.headers["content-disposition"]
    assert whole.headers["etag"] != light.headers["etag"]
    part = net.as_(None).get(f"{address}/light", headers={"Range": "bytes=10-"})
    assert part.content == light.content[10:]


def test_without_a_light_version_or_a_picture_there_is_none(
    net: Network, store: Store, settings: Settings, paper: Path
):
    material_id, entry = publish_file(store, settings, paper)
    address = f"/en/materials/{material_id}/files/{entry}"
    assert net.as_(None).get(f"{address}/light").status_code == 404
    assert net.as_(None).get(f"{address}/picture").status_code == 404


def test_a_picture_is_shown_in_its_place(
    net: Network, store: Store, settings: Settings, poster: Path
):
    material_id, entry = publish_file(store, settings, poster, of=PNG)
    address = f"/en/materials/{material_id}/files/{entry}/picture"
    for size, box in (("thumbnail", (150, 200)), ("preview", (900, 1200))):
        answer = net.as_(None).get(f"{address}?size={size}")
        assert answer.headers["content-disposition"] == "inline"
        assert answer.headers["x-content-type-options"] == "nosniff"
        with Image.open(BytesIO(answer.content)) as shown:
            assert shown.format == "WEBP"
            assert all(side <= most for side, most in zip(shown.size, box, strict=True))
    assert net.as_(None).get(f"{address}?size=enormous").status_code == 422
    assert net.as_(None).get(f"{address}?colour=red").status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_in_the_language_of_the_file(
    net: Network, store: Store, settings: Settings, paper: Path, language: str
):
    titles = '{"tg": "Ту танҳо нестӣ"}'
    material_id, entry = publish_file(store, settings, paper, language="tg", titles=titles)
    answer = net.as_(None).get(f"/{language}/materials/{material_id}/files/{entry}")
    assert "Tu tanho nesti (tg).pdf" in answer.headers["content-disposition"]


def numbers(store: Store, material_id: str) -> list[tuple[str, int, int]]:
    with store.read() as db:
        found = count_downloads(db, material_id)
    return [(each.language, each.whole, each.light) for each in found]


def test_a_download_is_counted_once(net: Network, store: Store, settings: Settings, poster: Path):
    material_id, entry = publish_file(store, settings, poster, of=PNG, language="ru")
    address = f"/en/materials/{material_id}/files/{entry}"
    browser = net.as_(None)
    first = browser.get(address)
    assert numbers(store, material_id) == [("ru", 1, 0)]
    tag = first.headers["etag"]
    browser.get(address, headers={"Range": "bytes=0-"})
    assert numbers(store, material_id) == [("ru", 2, 0)]
    # what only goes on, looks, or has it already is no download
    browser.get(address, headers={"Range": "bytes=500-", "If-Range": tag})
    browser.get(address, headers={"Range": "bytes=0-1"})
    browser.get(address, headers={"Range": "bytes=-1"})
    browser.get(address, headers={"Range": "bytes=99999999-"})
    browser.get(address, headers={"If-None-Match": tag})
    browser.head(address)
    browser.get(f"{address}/picture")
    browser.get(f"/en/materials/sheet?of={material_id}")
    assert numbers(store, material_id) == [("ru", 2, 0)]
    browser.get(f"{address}/light")
    net.as_("second").get(address)
    assert numbers(store, material_id) == [("ru", 3, 1)]
    assert net.ask("SELECT month || variant FROM download_counts ORDER BY 1") == [
        "2026-11light",
        "2026-11whole",
    ]
    with store.read() as db:
        assert total_downloads(db, "2026-11", "2026-12") == 4
        assert total_downloads(db, "2026-12", "2027-12") == 0


def test_looking_at_what_waits_is_no_download(
    net: Network, store: Store, settings: Settings, paper: Path
):
    material_id, entry = publish_file(store, settings, paper, state="waiting")
    assert net.as_("second").get(f"/en/materials/{material_id}/files/{entry}").status_code == 200
    assert numbers(store, material_id) == []


def test_a_count_leaves_no_trace_of_who_asked(
    net: Network, store: Store, settings: Settings, paper: Path
):
    material_id, entry = publish_file(store, settings, paper)
    audit = "SELECT count(*) FROM audit"
    browser = net.as_("second")
    before = net.ask(audit)
    browser.get(f"/en/materials/{material_id}/files/{entry}")
    assert net.ask(audit) == before
    columns = net.ask("SELECT name FROM pragma_table_info('download_counts')")
    assert columns == ["material_file_id", "month", "variant", "number"]


def test_a_count_that_fails_costs_nobody_the_file(
    net: Network, store: Store, settings: Settings, paper: Path, caplog
):
    material_id, entry = publish_file(store, settings, paper)
    with store.transaction() as db:
        db.execute("ALTER TABLE download_counts RENAME TO lost")
    answer = net.as_(None).get(f"/en/materials/{material_id}/files/{entry}")
    assert (answer.status_code, answer.content) == (200, paper.read_bytes())
    assert "a download was not counted" in caplog.text


def test_months_are_those_of_the_network(
    net: Network, store: Store, settings: Settings, paper: Path, client: TestClient
):
    site = client.app.state.site
    moment = site.clock().replace(day=30, hour=20)
    object.__setattr__(site, "clock", lambda: moment + timedelta(0))
    material_id, entry = publish_file(store, settings, paper)
    net.as_(None).get(f"/en/materials/{material_id}/files/{entry}")
    assert net.ask("SELECT month FROM download_counts") == ["2026-12"]
