"""The public part on a stick: whole, small, linked, the same each time, and nothing but public."""

import hashlib
import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from portal.bundling.actions import bundle
from portal.bundling.rules import (
    MOST_BYTES,
    Entry,
    Offered,
    as_script,
    batches,
    choose_files,
    index_script,
    keys_of,
    language_name,
    letter_of,
    name_files,
    page_name,
    way_out,
)
from portal.db import Store, column
from portal.errors import CannotTransfer, Unavailable
from portal.events.actions import save_event
from portal.organisations.actions import save_organisation
from portal.publication.actions import publish
from portal.settings import Settings
from tests.bundling.opening import Stick
from tests.conftest import LANGUAGES, MOMENT, OPERATOR, settings_for
from tests.test_cli import run_here

ADDRESSES = ("tel:", "mailto:")


@pytest.fixture(scope="module")
def stick(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Stick:
    """The demo's bundle."""
    path = tmp_path_factory.mktemp("bundle") / "network.zip"
    settings = settings_for(lived)
    store = Store(settings.database)
    report = bundle(store, settings, path, MOMENT)
    store.close()
    assert report.fits
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    return Stick(path.read_bytes())


def test_every_link_leads_to_a_file_and_place_of_the_bundle_or_to_a_telephone(stick: Stick) -> None:
    followed = 0
    for page, root in stick.pages.items():
        for link in root.xpath("//@href | //@src | //@action | //@srcset | //@data"):
            if link.startswith(ADDRESSES):
                continue
            assert not re.match(r"[a-z]+:|/|\\", link), (page, link)
            path, anchor = stick.target(page, link)
            assert path in stick.files, (page, link)
            assert not anchor or anchor in stick.anchors(path), (page, link)
            followed += 1
    assert followed > 3000
    for code in LANGUAGES:
        script = stick.files[f"a/{code}.js"].decode()
        rows = json.loads(script.partition("var INDEX=")[2].rstrip().rstrip(";"))
        assert len(rows) > 60
        for title, link, *_rest in rows:
            path, anchor = stick.target(f"{code}/find.html", link)
            assert not anchor or anchor in stick.anchors(path), title
    reached = {
        stick.target(page, link)[0]
        for page, root in stick.pages.items()
        for link in root.xpath("//@href | //@src")
        if not link.startswith(ADDRESSES)
    }
    unlinked = set(stick.files) - reached
    assert unlinked == {"README.txt", "SHA256SUMS", "about.json", "about.txt"}


def test_each_page_asks_for_nothing_elsewhere_and_says_nothing_in_its_title(stick: Stick) -> None:
    for page, root in stick.pages.items():
        (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "http" not in policy
        assert (
            root.xpath("//style | //*[@style] | //script[not(@src)] | //iframe | //form[@action]")
            == []
        )
        assert not re.search(
            "traffick|торгов|söwda|савдо", root.findtext(".//title"), re.IGNORECASE
        )
        assert root.get("lang") == (page.partition("/")[0] if "/" in page else "en")
        assert len(root.xpath("//h1")) == 1, page
    for script in (body for path, body in stick.files.items() if path.endswith(".js")):
        assert not re.search(rb"[Ss]torage|fetch|XMLHttp|cookie|innerHTML|eval|https?:", script)


def test_names_of_files_fit_any_stick_and_sums_hold(stick: Stick) -> None:
    assert len(stick.packed) <= MOST_BYTES
    assert len({path.lower() for path in stick.files}) == len(stick.files)
    for path in stick.files:
        assert re.fullmatch(r"([a-z]{1,2}/)?[A-Za-z0-9-]{1,30}(\.[a-z0-9]{2,5})?", path), path
    lines = stick.files["SHA256SUMS"].decode("ascii").splitlines()
    sums = {path: digest for digest, path in (line.split("  ") for line in lines)}
    assert set(sums) == set(stick.files) - {"SHA256SUMS"}
    for path, digest in sums.items():
        assert hashlib.sha256(stick.files[path]).hexdigest() == digest
    about = json.loads(stick.files["about.json"])
    assert about["version"].startswith("1.")
    assert about["published_on"] == "2026-11-23"
    assert about["files"] == {path: sums[path] for path in sums if path != "about.json"}
    said = stick.files["README.txt"].decode("utf-8-sig")
    assert said.count("SHA256SUMS") >= len(LANGUAGES)
    with zipfile.ZipFile(BytesIO(stick.packed)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2026, 11, 23, 0, 0, 0)}


def test_the_numbers_to_call_come_first_and_small_counts_not_at_all(stick: Stick) -> None:
    start = stick.pages["tg/index.html"]
    assert start.xpath("//main//a/@href")[:2] == ["tel:+993000000", "tel:+9920000000"]
    assert start.xpath("//a[@class='exit']/@href") == ["out.html"]
    assert stick.pages["index.html"].xpath("//a[@class='exit']/@href") == ["en/out.html"]
    cells = stick.pages["en/visits.html"].xpath("//tbody//td")
    assert {cell.text_content() for cell in cells} == {"yes", "ask the hotline"}
    assert stick.pages["en/num.html"].xpath("count(//li/a)") > 5


def test_videos_are_named_and_what_members_share_is_not_there(stick: Stick, lived: Path) -> None:
    said = stick.pages["en/mat.html"].text_content()
    assert "MP4" in said
    assert "http://localhost:8000/en/materials/" in said
    carried = {path for path in stick.files if path.startswith("f/")}
    assert len(carried) > 30
    assert not [path for path in carried if path.endswith(("mp4", "mp3"))]
    store = Store(settings_for(lived).database)
    with store.read() as db:
        hidden = column(
            db,
            "SELECT hash FROM files WHERE hash NOT IN (SELECT s.hash FROM files AS s"
            " JOIN material_files AS f ON f.file_id = s.id JOIN material_versions AS v"
            " ON v.id = f.version_id JOIN material_states_now AS n ON n.version_id = v.id"
            " JOIN materials AS w ON w.id = v.material_id"
            " WHERE n.state = 'published' AND w.visibility = 'public')",
        )
    store.close()
    assert hidden
    assert not {hashlib.sha256(stick.files[path]).hexdigest() for path in carried} & set(hidden)


TRICKS = (
    "</script><script>alert(1)</script>",
    '"><img src=/hurt onerror=alert(1)> "quoted" \\',
    "line\u2028and\u2029end <!--",
)


def test_two_bundles_of_an_edition_are_the_same_and_names_stay_text(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    with store.transaction() as db:
        ids = column(
            db,
            "SELECT o.id FROM organisations AS o JOIN membership_now AS m"
            " ON m.organisation_id = o.id WHERE m.state = 'admitted'"
            " AND o.visibility = 'public' AND o.id NOT IN (SELECT organisation_id"
            " FROM organisation_services WHERE service = 'shelter') ORDER BY o.id LIMIT 3",
        )
        for each, trick in zip(ids, TRICKS, strict=True):
            said = {"name": trick, "names": json.dumps({"ru": trick}), "summary": trick}
            save_organisation(
                db, OPERATOR, MOMENT, each, {**said, "website": "javascript:alert(1)"}
            )
        (event,) = column(db, "SELECT id FROM events WHERE starts_on < '2026' ORDER BY id LIMIT 1")
        save_event(db, OPERATOR, MOMENT, event, {"title": TRICKS[0], "organiser": TRICKS[1]})
    publish(store, settings, OPERATOR, MOMENT)
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    bundle(store, settings, first, MOMENT)
    with store.transaction() as db:  # what is not published moves nothing
        save_organisation(db, OPERATOR, MOMENT, ids[0], {"name": "Later"})
    bundle(store, settings, second, MOMENT)
    assert first.read_bytes() == second.read_bytes()
    stick = Stick(first.read_bytes())
    for root in stick.pages.values():
        assert root.xpath("//*[@onerror] | //*[contains(@src, 'hurt')] | //main//script") == []
        assert not [link for link in root.xpath("//@href") if link.startswith("javascript")]
    shown = {title.text_content() for root in stick.pages.values() for title in root.xpath("//h2")}
    assert set(TRICKS) <= shown
    for code in LANGUAGES:
        script = stick.files[f"a/{code}.js"].decode()
        assert not re.search("[<>&\u2028\u2029]", script)
        assert TRICKS[0] in {row[0] for row in json.loads(script.partition("var INDEX=")[2][:-2])}


def test_the_command_says_what_it_wrote_or_what_is_wrong(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    folder = settings.data_dir
    done = run_here(folder, "bundle", str(tmp_path / "a.zip"))
    assert done.returncode == 0, done.stderr
    assert "data version 1.1" in done.stdout
    for name, words in (("a.tar", "must end in .zip"), ("no/a.zip", "No such file or directory")):
        wrong = run_here(folder, "bundle", str(tmp_path / name))
        assert wrong.returncode == 2
        assert words in wrong.stderr
        assert len(wrong.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".zip"] == ["a.zip"]
    with pytest.raises(CannotTransfer):
        bundle(store, settings, tmp_path / "b", MOMENT)
    (settings.generations / "current").unlink()
    with pytest.raises(Unavailable):
        bundle(store, settings, tmp_path / "b.zip", MOMENT)
    assert "Nothing is published" in run_here(folder, "bundle", str(tmp_path / "b.zip")).stderr


def test_each_language_gets_its_smallest_files_first() -> None:
    def file(name: str, language: str, size: int, ending: str = "pdf", digest: str = "") -> Offered:
        return Offered(name, language, ending, size, digest or name)

    offered = [
        file("r1", "ru", 100),
        file("r2", "ru", 110),
        file("r3", "ru", 120),
        file("t1", "tg", 300),
        file("film", "tg", 1, "mp4"),
        file("same", "tk", 300, digest="t1"),
    ]
    assert set(choose_files(offered, 410)) == {"r1", "t1", "same"}
    assert set(choose_files(offered, 520)) == {"r1", "r2", "t1", "same"}
    assert choose_files(offered, -1) == {}
    names = name_files(choose_files(offered, 10_000))
    assert names["same"] == names["t1"]
    assert len(set(names.values())) == 4


def test_names_of_pages_letters_and_keys() -> None:
    assert page_name("o", "TM-S") == "o-tm-s.html"
    assert page_name("o", "../Ж") == "o-2e2e2fd096.html"
    pages = list(batches("mat", range(5), 2))
    assert [(each.path, each.before, each.after) for each in pages] == [
        ("mat.html", "", "mat-2.html"),
        ("mat-2.html", "mat.html", "mat-3.html"),
        ("mat-3.html", "mat-2.html", ""),
    ]
    assert [each.last for each in batches("mat", [], 2)] == [1]
    assert [letter_of(name) for name in ("«Ak säher»", "ҷавонон", "2026", "")] == [
        "A",
        "Ҷ",
        "#",
        "#",
    ]
    assert keys_of(["Хуҷанд"]) == keys_of(["Худжанд"]) == keys_of(["Khujand"])
    assert "<" not in index_script([Entry("</script>", "a.html", "x", ("</script>",))])
    assert way_out("https://weather.example") == "https://weather.example"
    assert {way_out(""), way_out("javascript:alert(1)"), way_out("//x")} == {"out.html"}
    assert [language_name(code, "ru") for code in ("tg", "nobody", "x_")] == [
        "Таджикский",
        "nobody",
        "x_",
    ]
    assert as_script("\u2028") == '"\\u2028"'
