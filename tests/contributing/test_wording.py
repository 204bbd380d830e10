"""Words, texts and consents: changed by two people at once, never lost; narrowed by one."""

import re
from datetime import timedelta
from typing import Any

import pytest

from portal.contributing.actions import remind_of_consents
from portal.contributing.rules import licences_after, personal_in_text, why_not_link
from portal.materials.rules import ADAPTED_UNDER
from tests.conftest import OPERATOR, TODAY
from tests.contributing.conftest import HIS, POSTER, Givers


def seen(page: str) -> str:
    """The mark of the words that a form shows."""
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found
    return found[1]


def words(
    net: Givers, work: str, name: str = "ayna", mark: str | None = None, **changes: Any
) -> Any:
    """Save the form of words as somebody."""
    fields = {**POSTER, **changes}
    del fields["pictures"]
    if mark is None:
        mark = seen(net.as_(name).get(f"/en/contribute/{work}/words").text)
    return net.post(name, f"/en/contribute/{work}/words", {**fields, "seen": mark})


def test_words_of_a_draft_are_changed(net: Givers) -> None:
    work = net.made_by(net.give(send="keep"))
    assert words(net, work, title="Ask first", title_tg="Аввал пурс").status_code == 303
    page = net.as_("ayna").get(f"/en/contribute/{work}/words").text
    assert "Ask first" in page
    assert "Аввал пурс" in page
    assert words(net, work, title=f"Call {HIS}").status_code == 422


def test_r12_two_people_lose_neither_text(net: Givers) -> None:
    work = net.made_by(net.give(send="keep"))
    mark = seen(net.as_("bahar").get(f"/en/contribute/{work}/words").text)
    words(net, work, title="The words of one")
    answer = words(net, work, "bahar", mark, title="The words of two", topics=["safety"])
    assert answer.status_code == 422
    assert "The words of one" in answer.text
    assert "The words of two" in answer.text
    assert net.ask("SELECT title FROM materials WHERE id = :id", id=work) == ["The words of one"]
    again = words(net, work, "bahar", seen(answer.text), title="The words of two")
    assert again.status_code == 303
    assert net.ask("SELECT title FROM materials WHERE id = :id", id=work) == ["The words of two"]


@pytest.mark.parametrize(
    "changes", [{"title": "x"}, {"summary": "x"}, {"licence": "cc_by"}, {"title_ru": "x"}]
)
def test_07_released_words_change_only_by_two_people(net: Givers, changes: dict[str, str]) -> None:
    work = net.published()
    assert words(net, work, **changes).status_code == 422
    assert words(net, work, topics=["safety"], year="2025").status_code == 303
    net.act("ayna", work, "withdraw")
    assert words(net, work, **changes).status_code == 303


def test_07_one_person_narrows_who_sees_it_and_nobody_widens_it(net: Givers) -> None:
    work = net.published()
    assert words(net, work, visibility="members").status_code == 303
    assert net.as_(None).get(f"/en/materials/{work}").status_code == 404
    assert words(net, work, visibility="public").status_code == 422
    assert net.as_(None).get(f"/en/materials/{work}").status_code == 404


def test_04_nothing_else_is_set_through_the_form_of_words(net: Givers) -> None:
    work = net.made_by(net.give(send="keep"))
    for more in ({"organisation_id": net.away}, {"state": "published"}, {"titles": "{}"}):
        assert words(net, work, **more).status_code == 422
    assert net.ask("SELECT organisation_id FROM materials WHERE id = :id", id=work) == [net.home]


def test_a_text_is_looked_at_saved_and_not_overwritten(net: Givers) -> None:
    work = net.made_by(net.give(file=None, kind="practice_note", send="keep"))
    path = f"/en/contribute/{work}/text"
    body = "# First\n\n<script>alert(1)</script> We *listen*."
    looked = net.post("ayna", path, {"language": "ru", "body": body, "act": "look"})
    assert looked.status_code == 200
    assert "<em>listen</em>" in looked.text
    assert "<script>alert" not in looked.text
    assert net.ask(
        "SELECT count(*) FROM material_texts WHERE version_id IN (SELECT id FROM"
        " material_versions WHERE material_id = :id)",
        id=work,
    ) == [0]
    assert net.post("ayna", path, {"language": "ru", "body": body}).status_code == 303
    again = net.post("bahar", path, {"language": "ru", "body": "mine"})
    assert again.status_code == 422
    assert "alert(1)" in again.text
    assert "mine" in again.text
    saved = net.post("bahar", path, {"language": "ru", "body": "mine", "seen": seen(again.text)})
    assert saved.status_code == 303
    assert net.post("ayna", path, {"language": "tg", "body": "матн"}).status_code == 303
    assert net.post("ayna", path, {"language": "tg", "body": HIS}).status_code == 422
    assert net.post("ayna", path, {"language": "xx", "body": "x"}).status_code == 422


def test_a_consent_is_noted_reminded_of_and_ended(net: Givers) -> None:
    until = (TODAY + timedelta(days=20)).isoformat()
    paper = {"whose": "adult", "given_on": "2026-01-10", "until": until, "reference": "B-7"}
    work = net.published(pictures="yes", **paper)
    with net.store.transaction() as db:
        assert remind_of_consents(db, OPERATOR, net.clock.moment, TODAY) == 1
        assert remind_of_consents(db, OPERATOR, net.clock.moment, TODAY) == 0
    sql = "SELECT account_id FROM notices WHERE kind = 'image_consent_ends' AND entity_id = :id"
    assert net.ask(sql, id=work) == ["a-ayna", "a-bahar"]
    assert f"contribute/{work}/consents" in net.as_("bahar").get("/en/work").text
    later = TODAY + timedelta(days=17)
    with net.store.transaction() as db:
        assert remind_of_consents(db, OPERATOR, net.clock.moment, later) == 1
    (file,) = net.ask("SELECT id FROM material_files ORDER BY rowid DESC LIMIT 1")
    path = f"/en/materials/{work}/files/{file}"
    assert net.as_(None).get(path).status_code == 200
    (consent,) = net.ask("SELECT id FROM image_consents WHERE material_id = :id", id=work)
    assert net.post("ayna", f"/en/contribute/{work}/consents/{consent}/end").status_code == 303
    assert net.as_(None).get(path).status_code == 404
    assert net.as_("ayna").get(path).status_code == 200
    new = {"whose": "adult", "given_on": "2026-11-23", "until": "2028-01-01"}
    for _ in range(2):
        answer = net.post("ayna", f"/en/contribute/{work}/consents", new)
        assert answer.status_code == 303
    assert len(net.ask("SELECT id FROM image_consents WHERE material_id = :id", id=work)) == 2
    assert net.as_(None).get(path).status_code == 200


def test_people_who_are_seen_have_to_agree_first(net: Givers) -> None:
    work = net.made_by(net.give(send="keep"))
    assert net.act("ayna", work, "send").status_code == 422
    assert net.act("ayna", work, "send", pictures="yes").status_code == 422
    assert net.state(work) == "draft"


@pytest.mark.parametrize("original", sorted(ADAPTED_UNDER))
def test_adaptations_follow_the_licence(net: Givers, original: str) -> None:
    work = net.published(licence=original)
    allowed = licences_after(original)
    page = net.as_("cary").get(f"/en/contribute/{work}/adapt")
    assert page.status_code == 200
    assert ("adapted_how" in page.text) is bool(allowed)
    how = {"adapted_how": "Another picture", "path": f"contribute/{work}/adapt"}
    for licence in ADAPTED_UNDER:
        before = net.everything()
        answer = net.give("cary", licence=licence, **how)
        if licence in allowed:
            made = net.made_by(answer)
            sql = "SELECT adapted_from || organisation_id FROM materials WHERE id = :id"
            assert net.ask(sql, id=made) == [work + net.away]
        else:
            assert answer.status_code == 422
            assert net.everything() == before


def test_an_adaptation_says_what_was_changed(net: Givers) -> None:
    work = net.published()
    answer = net.give("cary", path=f"contribute/{work}/adapt")
    assert answer.status_code == 422
    assert 'id="adapted_how-wrong"' in answer.text
    draft = net.made_by(net.give(send="keep"))
    assert net.as_("cary").get(f"/en/contribute/{draft}/adapt").status_code == 404
    assert net.as_("ayna").get(f"/en/contribute/{draft}/adapt").status_code == 404
    assert net.give("cary", path=f"contribute/{draft}/adapt").status_code == 404


def test_an_adaptation_keeps_to_its_licence_later(net: Givers) -> None:
    work = net.published()
    how = {"adapted_how": "Another picture", "path": f"contribute/{work}/adapt", "send": "keep"}
    made = net.made_by(net.give("cary", **how))
    assert words(net, made, "cary", licence="cc_by").status_code == 422


@pytest.mark.parametrize(
    ("link", "is_taken"),
    [
        ("https://video.example.org/a?b=1", True),
        ("https://example.org:443/", True),
        ("http://example.org/", False),
        ("javascript:alert(1)", False),
        ("https://localhost/", False),
        ("https://a@example.org/", False),
        ("https://example.org:8080/", False),
        ("https://example.org/ x", False),
        ("https://пример.рф/", False),
        ("https://[::1", False),
        ("https://wa.me/993", False),
        ("//example.org", False),
    ],
)
def test_links_lead_to_pages_of_others(link: str, is_taken: bool) -> None:
    assert (why_not_link(link) is None) is is_taken


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Read https://example.org/a first", None),
        ("In 2019 we met 17\n\nIn 2020 we met 19\n\nIn 2021 21 and 44 of 55", None),
        ("Write to https://t.me/somebody", "address"),
        ("Call 8 65 12 34 56", "number"),
        ("born 12.03.1999", "birth"),
    ],
)
def test_long_texts_are_read_line_by_line(text: str, found: str | None) -> None:
    assert personal_in_text(text) == found


def test_what_cannot_be_changed_is_no_field(net: Givers) -> None:
    work = net.published()
    page = net.as_("ayna").get(f"/en/contribute/{work}/words").text
    for name in ("title", "kind", "language", "licence", "summary", "title_ru"):
        fields = re.findall(rf'<[^>]* name="{name}"[^>]*>', page)
        assert len(fields) == 1, name
        assert 'type="hidden"' in fields[0], name
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    fields = {**sent, "visibility": "public", "audiences": "youth", "year": "2025"}
    assert net.post("ayna", f"/en/contribute/{work}/words", fields).status_code == 303
    assert net.ask("SELECT year FROM materials WHERE id = :id", id=work) == [2025]


def test_04_a_work_names_a_campaign_of_ones_own(net: Givers) -> None:
    row = {"titles": "{}", "summaries": "{}", "starts_on": "2026-01-01", "state": "published"}
    with net.store.transaction() as db:
        for name, owner in (("ours", net.home), ("shared", net.away), ("theirs", net.away)):
            more = {"id": f"c-{name}", "title": f"Called {name}", "organisation_id": owner}
            db.table("campaigns").insert({**row, **more})
        part = {"campaign_id": "c-shared", "organisation_id": net.home}
        db.table("campaign_organisations").insert(part)
    page = net.as_("ayna").get("/en/contribute/new").text
    assert "Called ours" in page
    assert "Called shared" in page
    assert "Called theirs" not in page
    refused = net.give(campaign_id="c-theirs")
    assert refused.status_code == 422
    assert 'href="#campaign_id"' in refused.text
    work = net.made_by(net.give(campaign_id="c-ours"))
    stored = "SELECT campaign_id FROM materials WHERE id = :id"
    assert words(net, work, campaign_id="c-theirs").status_code == 422
    assert net.ask(stored, id=work) == ["c-ours"]
    assert words(net, work, campaign_id="c-shared").status_code == 303
    assert net.ask(stored, id=work) == ["c-shared"]
    with net.store.transaction() as db:
        db.execute("UPDATE campaigns SET state = 'withdrawn' WHERE id = 'c-shared'")
    assert words(net, work, year="2025").status_code == 303
    assert net.ask(stored, id=work) == ["c-shared"]
