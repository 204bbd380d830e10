"""Give a material: the form, what it refuses, and that a refusal leaves nothing behind."""

import re
from typing import Any

import pytest

from tests.conftest import JSON, LANGUAGES, PARTIAL
from tests.contributing.conftest import HIS, Givers, png

SCRIPT = b"%PDF-1.4 nothing of a document"


def test_a_poster_is_given_in_one_form(net: Givers) -> None:
    work = net.made_by(net.give())
    assert net.state(work) == "waiting"
    sql = "SELECT ending FROM files AS f JOIN material_files AS m ON m.file_id = f.id"
    sql += " JOIN material_versions AS v ON v.id = m.version_id WHERE v.material_id = :id"
    assert net.ask(sql, id=work) == ["png"]
    (titles,) = net.ask("SELECT titles FROM materials WHERE id = :id", id=work)
    assert titles == '{"ru":"Спроси, прежде чем ехать"}'
    sql = "SELECT verb FROM audit WHERE entity_id = :id ORDER BY id"
    assert net.ask(sql, id=work) == ["save", "add_version"]
    page = net.as_("bahar").get(f"/en/contribute/{work}").text
    assert "Waits for a second person" in page
    for path in net.settings.files.rglob("*"):
        assert not path.is_file() or b"Marker" not in path.read_bytes()


def test_the_page_the_block_and_the_json(net: Givers) -> None:
    work = net.made_by(net.give())
    for path in ("contribute", "contribute/new", f"contribute/{work}", f"contribute/{work}/words"):
        client = net.as_("ayna")
        assert "<html" in client.get(f"/en/{path}").text
        block = client.get(f"/en/{path}", headers=PARTIAL)
        assert block.status_code == 200
        assert "<html" not in block.text
        assert client.get(f"/en/{path}", headers=JSON).status_code == 200
    found = net.as_("ayna").get("/en/contribute", headers=JSON).json()
    assert {"total", "page", "per_page", "results"} == set(found)
    assert found["results"][0]["state"] == "waiting"
    assert net.as_("dana").get("/en/contribute", headers=JSON).json()["results"][0]["id"] == work
    others = net.as_("cary").get("/en/contribute", headers=JSON).json()["results"]
    assert work not in [each["id"] for each in others]


@pytest.mark.parametrize("code", LANGUAGES)
def test_four_languages(net: Givers, code: str) -> None:
    work = net.made_by(net.give(send="keep"))
    for below in ("", "/new", f"/{work}", f"/{work}/words", f"/{work}/text", f"/{work}/consents"):
        assert net.as_("ayna").get(f"/{code}/contribute{below}").status_code == 200


def test_a_forgotten_field_costs_no_upload(net: Givers) -> None:
    page = net.as_("ayna").get("/en/contribute/new").text
    for name in ("title", "kind", "language", "licence", "pictures"):
        fields = re.findall(rf'<[^>]* name="{name}"[^>]*>', page)
        assert fields, name
        assert all(" required" in each for each in fields), name
    assert re.search(r'<button[^>]* value="keep" formnovalidate>', page)


def test_an_organisation_without_a_public_card_is_told_so(net: Givers) -> None:
    told = "Your organisation has no public card"
    with net.store.transaction() as db:
        sql = "DELETE FROM organisation_services WHERE organisation_id = ?"
        db.execute(sql + " AND service = 'shelter'", [net.home])
        db.execute("UPDATE organisations SET visibility = 'public' WHERE id = ?", [net.home])
    assert told not in net.as_("ayna").get("/en/contribute/new").text
    with net.store.transaction() as db:
        db.execute("UPDATE organisations SET visibility = 'members' WHERE id = ?", [net.home])
    assert told in net.as_("ayna").get("/en/contribute/new").text


def test_a_draft_needs_little(net: Givers) -> None:
    short = {"summary": None, "audiences": None, "topics": None, "region": None, "year": None}
    work = net.made_by(net.give(file=None, send="keep", pictures=None, **short))
    assert net.state(work) == "draft"
    answer = net.act("ayna", work, "send", pictures="no")
    assert answer.status_code == 422
    assert "Choose a file" in answer.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"title": f"Call {HIS}"}, "title"),
        ({"summary": "write to me@x.tm"}, "summary"),
        ({"title_ru": f"Звони {HIS}"}, "title_ru"),
        ({"kind": "novel"}, "kind"),
        ({"language": "xx"}, "language"),
        ({"licence": "mine"}, "licence"),
        ({"topics": ["nothing"]}, "topics"),
        ({"audiences": ["nobody"]}, "audiences"),
        ({"region": "XX"}, "region"),
        ({"year": "20"}, "year"),
        ({"visibility": "all"}, "visibility"),
        ({"pictures": None}, "pictures"),
        ({"pictures": "yes"}, "whose"),
        ({"link": "http://x.org/a"}, "link"),
        ({"link": "https://me:secret@x.org/a"}, "link"),
        ({"link": "https://t.me/somebody"}, "link"),
        ({"body": f"Call {HIS}"}, "body"),
        ({"file": SCRIPT}, "file"),
        ({"file": b""[:0] + b"#!/bin/sh"}, "file"),
        ({"organisation_id": "o-other"}, "organisation_id"),
        ({"state": "published"}, "state"),
        ({"adapted_from": "m-1"}, "adapted_from"),
        ({"adapted_how": "all of it"}, "adapted_how"),
        ({"titles": "{}"}, "all"),
    ],
)
def test_04_r10_what_is_refused_leaves_nothing(
    net: Givers, changes: dict[str, Any], field: str
) -> None:
    before = net.everything()
    answer = net.give(**changes)
    assert answer.status_code == 422
    assert (
        f'id="{field}-wrong"' in answer.text or f'href="#{field}"' in answer.text or field == "all"
    )
    if "title" not in changes:
        assert "Ask before you go" in answer.text
    if "file" not in changes:
        assert "Choose the file again" in answer.text
    assert net.everything() == before


def test_29_32_strangers_and_forgers_leave_nothing(net: Givers) -> None:
    before = net.everything()
    assert net.give(None).status_code == 303
    assert net.give("helper").status_code == 403
    client = net.as_("ayna")
    answer = client.post(
        "/en/contribute/new", data={"title": "x"}, files={"file": ("a.png", png())}
    )
    assert answer.status_code == 403
    assert net.everything() == before
    for path in ("contribute", "contribute/new"):
        assert net.as_(None).get(f"/en/{path}", headers=JSON).status_code == 401
        assert net.as_("helper").get(f"/en/{path}").status_code == 403


def test_r14_a_double_click_gives_one(net: Givers) -> None:
    first, second = net.give(key="a" * 32), net.give(key="a" * 32)
    assert net.made_by(first) == net.made_by(second)
    sql = "SELECT count(*) FROM approvals WHERE kind = 'publish_material' AND asked_by = 'a-ayna'"
    assert net.ask(sql) == [1]
    assert net.made_by(net.give("cary", key="a" * 32)) != net.made_by(first)


def test_a_screening_guide_is_for_members_whatever_is_sent(net: Givers) -> None:
    work = net.made_by(net.give(kind="screening_guide", visibility="public"))
    assert net.ask("SELECT visibility FROM materials WHERE id = :id", id=work) == ["members"]


def test_a_link_and_a_note_need_no_file(net: Givers) -> None:
    link = net.made_by(net.give(file=None, kind="video", link="https://video.example.org/a"))
    assert "video.example.org" in net.as_("ayna").get(f"/en/contribute/{link}").text
    note = net.made_by(net.give(file=None, kind="practice_note", body="# First\n\nWe listen."))
    assert net.state(note) == "waiting"


def test_consent_is_noted_with_the_poster(net: Givers) -> None:
    paper = {"whose": "guardian", "given_on": "2026-01-10", "until": "2028-01-10"}
    work = net.made_by(net.give(pictures="yes", reference="folder 3", **paper))
    sql = "SELECT whose || until || reference FROM image_consents WHERE material_id = :id"
    assert net.ask(sql, id=work) == ["guardian2028-01-10folder 3"]


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"given_on": "2027-01-01", "until": "2028-01-01"}, "given_on"),
        ({"given_on": "2020-01-01", "until": "2026-11-22"}, "until"),
        ({"given_on": "2020-01-01", "until": "2031-01-01"}, "until"),
    ],
)
def test_a_consent_has_its_days(net: Givers, days: dict[str, str], field: str) -> None:
    answer = net.give(pictures="yes", whose="adult", **days)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
