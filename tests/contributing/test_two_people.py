"""From a draft to the gallery: a second person of another organisation looks and agrees."""

import re
from typing import Any

import pytest

from portal.actor import Actor
from portal.contributing.registry import find_waiting
from portal.db import column
from tests.conftest import JSON, TODAY
from tests.contributing.conftest import Givers, png


def lines(net: Givers, name: str, organisation: str) -> list[str]:
    """Where the lines of somebody's work lead."""
    actor = Actor("member", f"a-{name}", organisation_id=organisation, directory_access=True)
    with net.store.read() as db:
        return ["/".join(w.path) for w in find_waiting(db, actor, net.clock.moment, TODAY)]


def test_07_a_second_person_publishes_it(net: Givers) -> None:
    work = net.made_by(net.give())
    item = net.waiting(work)
    for name, sees in (("cary", True), ("dana", True), ("helper", False), (None, False)):
        answer = net.as_(name).get(f"/en/materials/{work}/versions/1")
        assert (answer.status_code == 200) is sees, name
    assert item in net.as_("cary").get("/en/approvals").text
    assert f"/en/approvals/{item}" in net.as_("cary").get("/en/work").text
    page = net.as_("cary").get(f"/en/approvals/{item}").text
    assert f"/en/materials/{work}/versions/1" in page
    (file,) = net.ask("SELECT id FROM material_files ORDER BY rowid DESC LIMIT 1")
    path = f"/en/materials/{work}/files/{file}"
    assert net.as_("cary").get(path).status_code == 200
    assert net.as_(None).get(path).status_code == 404
    assert net.decide("cary", work).status_code == 303
    assert net.state(work) == "published"
    assert net.as_(None).get(path).status_code == 200
    sql = "SELECT released_at IS NOT NULL FROM files ORDER BY added_at DESC, rowid DESC LIMIT 1"
    assert net.ask(sql) == [1]
    sql = "SELECT account_id FROM notices WHERE kind = 'approval_decided' AND entity_id = :id"
    assert net.ask(sql, id=item) == ["a-ayna"]
    found = net.as_(None).get("/en/materials", headers=JSON).json()
    assert work in [each["id"] for each in found["results"]]


def test_07_nobody_of_the_same_organisation_may(net: Givers) -> None:
    work = net.made_by(net.give())
    for name in ("ayna", "bahar"):
        assert net.decide(name, work).status_code == 422
    assert net.decide("helper", work).status_code in (403, 404)
    assert net.state(work) == "waiting"


def test_r14_two_clicks_publish_once(net: Givers) -> None:
    work = net.made_by(net.give())
    item = net.waiting(work)
    for _ in range(2):
        answer = net.post("cary", f"/en/approvals/{item}", {"verdict": "approved"})
        assert answer.status_code == 303
    sql = "SELECT count(*) FROM audit WHERE verb = 'decide' AND entity_id = :id"
    assert net.ask(sql, id=item) == [1]


def test_a_refusal_comes_back_with_its_reason_and_is_sent_again(net: Givers) -> None:
    work = net.made_by(net.give())
    net.decide("cary", work, "refused", reason="wrong_details")
    assert net.state(work) == "returned"
    assert f"contribute/{work}" in lines(net, "bahar", net.home)
    page = net.as_("bahar").get(f"/en/contribute/{work}").text
    assert "Sent back" in page
    assert "Something in it is wrong" in page
    assert net.as_("cary").get(f"/en/materials/{work}/versions/1").status_code == 404
    answer = net.upload(
        "bahar", f"/en/contribute/{work}/files", {"language": "ru"}, ("b.png", png("green"))
    )
    assert answer.status_code == 303, answer.text
    assert (
        len(
            net.ask(
                "SELECT id FROM material_files AS m WHERE version_id IN (SELECT id FROM"
                " material_versions WHERE material_id = :id)",
                id=work,
            )
        )
        == 1
    )
    assert net.act("bahar", work, "send", pictures="no").status_code == 303
    assert net.decide("cary", work).status_code == 303
    assert net.state(work) == "published"


def test_a_refusal_says_in_a_sentence_what_is_missing(net: Givers) -> None:
    work = net.made_by(net.give())
    item = net.waiting(work)
    refused = net.decide("cary", work, "refused", reason="wrong_details", note="Call +99365000111")
    assert refused.status_code == 422
    assert 'id="note-wrong"' in refused.text
    assert "Call +99365000111" in refused.text
    assert net.decide("cary", work, "refused", reason="other", note="x" * 301).status_code == 422
    said = "The second line names a town"
    assert net.decide("cary", work, "refused", reason="wrong_details", note=said).status_code == 303
    for path in (f"/en/approvals/{item}", f"/en/contribute/{work}"):
        assert said in net.as_("ayna").get(path).text
    assert net.ask("SELECT count(*) FROM audit WHERE detail LIKE :said", said=f"%{said}%") == [0]


def test_what_waits_is_called_by_its_title(net: Givers) -> None:
    work = net.published()
    net.act("ayna", work, "version", note="The hotline is new")
    net.upload("ayna", f"/en/contribute/{work}/files", {"language": "ru"}, ("r.png", png("pink")))
    net.act("ayna", work, "send", pictures="no")
    item = net.waiting(work)
    for path in ("/en/approvals", "/en/work", f"/en/approvals/{item}"):
        assert "Ask before you go" in net.as_("cary").get(path).text, path
    page = net.as_("cary").get(f"/en/approvals/{item}").text
    assert "Version 2" in page
    assert "The hotline is new" in page
    assert f"/en/approvals/{item}" in net.as_("cary").get(f"/en/materials/{work}/versions/2").text
    for name in ("ayna", "bahar"):
        page = net.as_(name).get(f"/en/materials/{work}/versions/2").text
        assert f"/en/approvals/{item}" not in page


def test_35_a_file_that_the_scanner_has_not_seen_is_not_published(net: Givers) -> None:
    work = net.made_by(net.give())
    with net.store.transaction() as db:
        db.execute(
            "UPDATE files SET scan = 'pending' WHERE id = (SELECT file_id FROM material_files"
            " WHERE version_id = (SELECT id FROM material_versions WHERE material_id = ?))",
            [work],
        )
    assert "virus scanner" in net.as_("ayna").get(f"/en/contribute/{work}").text
    answer = net.decide("cary", work)
    assert answer.status_code == 422
    assert "The virus scanner has not looked at this file yet." in answer.text
    assert net.state(work) == "waiting"
    assert net.ask(
        "SELECT count(*) FROM approval_voices WHERE approval_id = :i", i=net.waiting(work)
    ) == [0]


def test_who_sent_it_takes_it_back(net: Givers) -> None:
    work = net.made_by(net.give())
    assert net.act("bahar", work, "take-back").status_code == 403
    assert net.act("ayna", work, "take-back").status_code == 303
    assert net.act("ayna", work, "take-back").status_code == 303
    assert net.state(work) == "draft"
    assert net.act("ayna", work, "nothing").status_code == 404


def test_07_one_person_hides_at_once_and_two_put_back(net: Givers) -> None:
    work = net.published()
    assert net.act("cary", work, "withdraw").status_code == 404
    assert net.act("bahar", work, "withdraw").status_code == 303
    assert net.as_(None).get(f"/en/materials/{work}").status_code == 404
    assert net.act("bahar", work, "put-back").status_code == 303
    assert net.act("bahar", work, "put-back").status_code == 303
    assert net.as_(None).get(f"/en/materials/{work}").status_code == 404
    net.decide("cary", work)
    shown = net.as_(None).get(f"/en/materials/{work}", headers=JSON).json()
    assert shown["version"] == 2
    assert len(shown["files"]) == 1
    assert not shown["files"][0]["out_of_date"]


def test_a_newer_version_leaves_translations_behind(net: Givers) -> None:
    work = net.made_by(net.give(send="keep"))
    net.upload("ayna", f"/en/contribute/{work}/files", {"language": "tg"}, ("t.png", png("red")))
    net.act("ayna", work, "send", pictures="no")
    net.decide("cary", work)
    assert net.act("ayna", work, "version", note="Call +99365000111").status_code == 422
    assert net.act("ayna", work, "version", note="The hotline is new").status_code == 303
    assert net.act("ayna", work, "version", note="Twice").status_code == 303
    assert net.ask(
        "SELECT number FROM material_versions WHERE material_id = :i ORDER BY number", i=work
    ) == [1, 2]
    net.upload("ayna", f"/en/contribute/{work}/files", {"language": "ru"}, ("r.png", png("pink")))
    net.act("ayna", work, "send", pictures="no")
    net.decide("cary", work)
    shown = net.as_(None).get(f"/en/materials/{work}", headers=JSON).json()
    assert {f["language"]: f["out_of_date"] for f in shown["files"]} == {"ru": False, "tg": True}
    net.act("ayna", work, "version", note="The translation follows")
    net.upload("ayna", f"/en/contribute/{work}/files", {"language": "tg"}, ("t.png", png("blue")))
    assert net.ask("SELECT of_version FROM material_files ORDER BY rowid DESC LIMIT 1") == [2]


def test_whether_people_are_in_the_pictures_is_asked_anew(net: Givers) -> None:
    paper = {"whose": "adult", "given_on": "2026-01-10", "until": "2028-01-10"}
    for pictures in ({}, {"pictures": "yes", **paper}):
        work = net.published(**pictures)
        net.act("ayna", work, "version", note="Another picture")
        page = net.as_("ayna").get(f"/en/contribute/{work}").text
        choices = re.findall(r'<input type="radio" name="pictures"[^>]*>', page)
        assert len(choices) == 2
        assert all("required" in each and "checked" not in each for each in choices)
        sent = {"language": "ru"}, ("r.png", png("pink"))
        net.upload("ayna", f"/en/contribute/{work}/files", *sent)
        answer = net.act("ayna", work, "send")
        assert answer.status_code == 422
        assert 'id="pictures-wrong"' in answer.text
        assert net.state(work) == "draft"


def test_files_of_a_draft_are_forgotten_when_removed(net: Givers) -> None:
    before = net.everything()
    work = net.made_by(net.give(send="keep"))
    (content,) = net.ask("SELECT id FROM material_files ORDER BY rowid DESC LIMIT 1")
    path = f"/en/contribute/{work}/files/{content}/remove"
    assert net.post("cary", path).status_code == 404
    assert net.post("bahar", path).status_code == 303
    assert net.post("bahar", path).status_code == 303
    after = net.everything()
    assert after["shelf"] == before["shelf"]
    assert (after["files"], after["material_files"]) == (before["files"], before["material_files"])


def test_a_draft_is_thrown_away_with_all_that_came(net: Givers) -> None:
    before = net.everything()
    paper = {"whose": "adult", "given_on": "2026-01-10", "until": "2028-01-10"}
    work = net.made_by(net.give(send="keep", pictures="yes", **paper))
    assert "Throw it away" in net.as_("ayna").get(f"/en/contribute/{work}").text
    assert net.act("cary", work, "throw-away").status_code == 404
    answer = net.act("bahar", work, "throw-away")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/contribute")
    assert {**net.everything(), "audit": 0} == {**before, "audit": 0}
    verbs = net.ask("SELECT verb FROM audit WHERE entity_id = :id ORDER BY id", id=work)
    assert verbs[-1] == "remove_version"
    assert net.as_("ayna").get(f"/en/contribute/{work}").status_code == 404


def test_what_is_published_outlives_a_draft_thrown_away(net: Givers) -> None:
    work = net.published()
    before = net.everything()
    assert net.act("ayna", work, "throw-away").status_code == 422
    net.act("ayna", work, "version", note="Another picture")
    page = net.as_("ayna").get(f"/en/contribute/{work}").text
    assert "Files in other languages stay as they are" in page
    assert "All its published versions go" in page
    net.upload("ayna", f"/en/contribute/{work}/files", {"language": "ru"}, ("r.png", png("pink")))
    assert net.act("ayna", work, "throw-away").status_code == 303
    assert {**net.everything(), "audit": 0} == {**before, "audit": 0}
    assert net.state(work) == "published"
    assert net.as_(None).get(f"/en/materials/{work}").status_code == 200


@pytest.mark.parametrize("state", ["waiting", "published"])
def test_what_waits_or_is_out_stands_still(net: Givers, state: str) -> None:
    work = net.made_by(net.give()) if state == "waiting" else net.published()
    before = net.everything()
    (content,) = net.ask("SELECT id FROM material_files ORDER BY rowid DESC LIMIT 1")
    sent: list[Any] = [
        net.upload("ayna", f"/en/contribute/{work}/files", {"language": "ru"}, ("a.png", png())),
        net.post("ayna", f"/en/contribute/{work}/files/{content}/remove"),
        net.post("ayna", f"/en/contribute/{work}/text", {"language": "ru", "body": "x"}),
    ]
    assert [answer.status_code for answer in sent] == [422, 422, 422]
    assert net.everything() == before


def test_03_another_organisation_finds_nothing_here(net: Givers) -> None:
    work = net.published()
    before = net.everything()
    for below in ("", "/words", "/text", "/consents"):
        for name in ("cary", "helper"):
            assert net.as_(name).get(f"/en/contribute/{work}{below}").status_code == 404
    for act in ("send", "take-back", "withdraw", "put-back", "version", "words", "consents"):
        assert net.act("cary", work, act, note="x", pictures="no").status_code == 404
    assert net.post("cary", f"/en/contribute/{work}/consents/1/end").status_code == 404
    answer = net.upload(
        "cary", f"/en/contribute/{work}/files", {"language": "ru"}, ("a.png", png())
    )
    assert answer.status_code == 404
    assert net.post("cary", f"/en/contribute/{work}/text", {"language": "ru"}).status_code == 404
    assert net.everything() == before
    assert net.as_("dana").get(f"/en/contribute/{work}").status_code == 200


def test_an_old_draft_waits_on_the_page_of_work(net: Givers) -> None:
    work = net.made_by(net.give(send="keep"))
    assert lines(net, "ayna", net.home) == []
    with net.store.transaction() as db:
        db.execute(
            "UPDATE material_states SET at = '2026-11-01T00:00:00Z' WHERE version_id IN"
            " (SELECT id FROM material_versions WHERE material_id = ?)",
            [work],
        )
        assert column(db, "SELECT changes()") == [1]
    assert lines(net, "ayna", net.home) == [f"contribute/{work}"]
    assert lines(net, "cary", net.away) == []
