"""An organisation applies, by forms without script: it begins, comes back, writes, sends."""

from tests.applying.conftest import ADDRESS, ANSWER, CONTACT, ORGANISATION, PHONE, Applicant
from tests.conftest import JSON
from tests.uploads.making import png


def test_the_whole_way_of_an_organisation(applicant: Applicant) -> None:
    assert "Send me a link" in applicant.client.get("/en/apply").text
    answer = applicant.ask()
    assert answer.status_code == 303
    shown = applicant.client.get(answer.headers["location"])
    assert "In the demo only" in shown.text
    assert applicant.code in shown.text
    page = applicant.get()
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    for step in ("organisation", "criteria/registered", "principles", "contact"):
        assert f"/en/apply/{applicant.code}/{step}" in page.text
    assert not applicant.state["may_be_sent"]
    applicant.write()
    assert applicant.state["may_be_sent"]
    assert all(not each["lacks"] for each in applicant.state["steps"])
    assert "Send now" in applicant.get("send").text
    assert applicant.send().status_code == 303
    assert applicant.state["state"] == "applicant"
    assert "It has arrived" in applicant.get().text
    (own,) = applicant.ask_db("SELECT organisation_id FROM applications")
    with applicant.store.read() as db:
        row = db.table("organisations").get(own)
        services = db.execute(
            "SELECT service FROM organisation_services WHERE organisation_id = ?", [own]
        ).fetchall()
        step = next(db.table("membership_states").rows_where("organisation_id = ?", [own]))
    assert (row["name"], row["visibility"], row["joined_on"]) == ("Tulip of Mary", "members", None)
    assert row["names"] == '{"ru":"Тюльпан Мары"}'
    assert sorted(services) == [("legal",), ("prevention",)]
    assert (step["state"], step["application_id"]) == ("applicant", applicant.id)
    told = "SELECT account_id FROM notices WHERE kind = 'application_sent'"
    assert "a-judge" in applicant.ask_db(told)
    queued = "SELECT count(*) FROM outbox WHERE entity = 'organisations' AND entity_id = :own"
    assert applicant.ask_db(queued, own=own)[0] > 0


def test_of_two_clicks_one_counts(sent: Applicant) -> None:
    assert sent.send().status_code == 303
    assert sent.ask_db("SELECT count(*) FROM organisations WHERE name = 'Tulip of Mary'") == [1]
    assert sent.ask_db("SELECT count(*) FROM audit WHERE verb = 'submit'") == [1]
    letters = "SELECT count(*) FROM application_letters WHERE kind = 'received'"
    assert sent.ask_db(letters) == [1]


def test_what_is_saved_stays_and_looking_writes_nothing(applicant: Applicant) -> None:
    applicant.ask()
    before = applicant.ask_db("SELECT count(*) FROM audit")
    for step in ((), ("organisation",), ("criteria", "registered"), ("contact",), ("principles",)):
        assert applicant.get(*step).status_code == 200
    assert applicant.get("send").status_code == 303
    assert applicant.ask_db("SELECT count(*) FROM audit") == before
    assert applicant.ask_db("SELECT confirmed_at FROM applications") == [None]
    applicant.post("organisation", data=ORGANISATION)
    assert applicant.ask_db("SELECT confirmed_at FROM applications") != [None]
    assert applicant.ask_db("SELECT version FROM applications") == [2]
    page = applicant.get("organisation").text
    for text in ("Тюльпан Мары", "Mary", "advise women", "555666"):
        assert text in page
    applicant.answer("registered", file=png())
    page = applicant.get("criteria", "registered").text
    assert "number 1234567" in page
    assert page.index("statute.png") < page.index('id="file"')
    assert 'role="status"' not in page
    assert "A file is needed." in page
    saved = applicant.get("criteria", "registered?saved=1").text
    assert "Saved." in saved
    codes = list(applicant.criteria)
    assert f'/criteria/{codes[1]}">Go on to criterion 2<' in saved
    last = applicant.client.get(f"/en/apply/{applicant.code}/criteria/{codes[-1]}?saved=1").text
    assert "Go on to the principles" in last
    assert "The answer is missing." in last
    # the same file once more is kept once
    applicant.answer("registered", file=png())
    assert applicant.ask_db("SELECT count(*) FROM application_evidence") == [1]
    audited = applicant.ask_db("SELECT detail FROM audit WHERE entity = 'applications'")
    assert not any("Tulip" in each or "123" in each for each in audited)


def test_what_cannot_be_used_is_kept_with_the_problem(applicant: Applicant) -> None:
    for form in ({}, {"applicant": "X", "email": "no address"}, {"email": ADDRESS}):
        answer = applicant.client.post("/en/apply", data=form)
        assert answer.status_code == 422
    assert applicant.ask_db("SELECT count(*) FROM applications") == [0]
    applicant.ask()
    bad = {**ORGANISATION, "place": "Nowhere at all", "applicant": "Kept by the form"}
    answer = applicant.post("organisation", data=bad)
    assert answer.status_code == 422
    assert "Kept by the form" in answer.text
    assert "No settlement of this name" in answer.text
    worse = {"applicant": "A", "kind": "club", "applicant_ru": "x" * 201}
    worse |= {"office_phone": "call me", "website": "javascript:alert(1)"}
    assert applicant.post("organisation", data=worse).status_code == 422
    for name in ("office_phone", "website", "applicant_ru"):
        answer = applicant.post("organisation", data={"applicant": "A", name: worse[name]})
        assert f'id="{name}-wrong"' in answer.text
    assert applicant.post("contact", data={"contact_name": "Jeren"}).status_code == 422
    many = {"contact_name": "Anna Karimowa Zarina Meret Orazow", "contact_work": "Director"}
    refused = applicant.post("contact", data=many)
    assert refused.status_code == 422
    assert "name of one person" in refused.text
    assert "Anna Karimowa Zarina" in refused.text
    answer = applicant.post("principles", data={"version": "2", "terms": "yes"})
    assert 'id="principles-wrong"' in answer.text
    assert applicant.answer("registered", "x" * 4001).status_code == 422
    for typed in ("call me", "javascript:alert(1)", "https://", "two words.org", "a@b.example"):
        answer = applicant.post("organisation", data={"applicant": "A", "website": typed})
        assert answer.status_code == 422, typed
        assert "no address of a website" in answer.text
    for typed, kept in (("ngo.example/tk", "https://ngo.example/tk"), ("http://a.b.co",) * 2):
        applicant.post("organisation", data={"applicant": "A", "website": typed})
        assert applicant.ask_db("SELECT website FROM applications") == [kept]
    for telling in ("her passport А 0123456", "call her: +993 65 123456"):
        answer = applicant.answer("registered", telling)
        assert answer.status_code == 422
        assert telling in answer.text
    assert applicant.answer("nothing").status_code == 404
    assert applicant.get("criteria", "nothing").status_code == 404
    answer = applicant.answer("registered", ANSWER, b"MZ this is no picture")
    assert answer.status_code == 422
    assert "number 1234567" in answer.text
    song = applicant.answer("registered", ANSWER, b"ID3", name="song.mp3")
    assert "cannot be taken here" in song.text
    assert "MP4" not in song.text
    assert applicant.ask_db("SELECT count(*) FROM application_answers") == [0]
    assert applicant.ask_db("SELECT count(*) FROM files WHERE added_by = 'applicant'") == [0]


def test_several_settlements_of_a_name_are_offered(applicant: Applicant) -> None:
    applicant.ask()
    answer = applicant.post("organisation", data={**ORGANISATION, "place": "Vahdat"})
    assert answer.status_code == 422
    chosen = answer.text.split('name="place" value="')[2].split('"')[0]
    again = applicant.post("organisation", data={**ORGANISATION, "place": ["Vahdat", chosen]})
    assert again.status_code == 303
    assert applicant.ask_db("SELECT place_id FROM applications") == [chosen]


def test_what_is_missing_is_said_step_by_step(applicant: Applicant) -> None:
    applicant.ask()
    applicant.answer("registered")
    answer = applicant.send()
    assert answer.status_code == 422
    for told in ("A file is missing.", "The answer is missing.", "The settlement is missing."):
        assert told in answer.text
    fields = applicant.post("send", headers=JSON).json()["error"]["fields"]
    assert set(fields) >= {"organisation", "criteria/experience", "principles", "contact"}
    assert fields["criteria/registered"] == ["A file is missing."]
    assert applicant.ask_db("SELECT submitted_at FROM applications") == [None]
    assert applicant.ask_db("SELECT count(*) FROM membership_states WHERE by = 'applicant'") == [0]


def test_after_sending_contacts_are_shown_no_more(sent: Applicant) -> None:
    for step in ((), ("contact",), ("organisation",), ("criteria", "registered"), ("principles",)):
        answer = sent.get(*step)
        for private in (PHONE, "777888", "555666", "Jeren", ADDRESS):
            assert private not in answer.text, step
    # one's own answers name nobody, and may be read; files are named and not given out
    own = sent.get("criteria", "registered").text.split("<main")[1].split("</main")[0]
    assert "number 1234567" in own
    assert "statute.png" in own
    assert "<form" not in own
    assert "/evidence/" not in own
    assert "/criteria/registered" in sent.get().text
    assert "o…@t…" in sent.get().text
    for step, form in (("contact", CONTACT), ("organisation", ORGANISATION)):
        answer = sent.post(step, data=form)
        assert answer.status_code == 422
        assert "cannot be changed now" in answer.text
        assert PHONE not in answer.text
    assert sent.answer("registered", "Something else").status_code == 422
    assert sent.ask_db("SELECT count(*) FROM application_answers WHERE answer LIKE 'S%'") == [0]


def test_questions_open_their_criteria_and_no_others(sent: Applicant) -> None:
    sent.step("under_review")
    sent.review({"registered": ("more", "Which year?"), "experience": ("met", "Fine.")})
    sent.later(minutes=5)
    sent.step("more_information")
    page = sent.get().text
    assert "Which year?" in page
    assert "Fine." not in page
    assert "Which year?" in sent.get("criteria", "registered").text
    other = sent.get("criteria", "experience")
    assert "<form" not in other.text.split("<main")[1].split("</main")[0]
    assert "number 1234567" in other.text
    assert sent.answer("experience", "Changed").status_code == 422
    assert sent.send().status_code == 422
    assert sent.answer("registered", "In 2015.").status_code == 303
    assert "Send the answers" in sent.get("send").text
    assert sent.send().status_code == 303
    assert sent.state["state"] == "under_review"
    told = "SELECT account_id FROM notices WHERE kind = 'application_answered' ORDER BY 1"
    assert sent.ask_db(told) == ["a-first", "a-second"]
    assert sent.answer("registered", "Too late").status_code == 422


def test_a_charter_that_changes_meanwhile_is_read_anew(written: Applicant) -> None:
    with written.store.transaction() as db:
        for table in ("charter_versions", "charter_points", "charter_texts"):
            rows = list(db.table(table).rows_where("version = 2"))
            db.table(table).insert_all({**row, "version": 3} for row in rows)
        changed = "UPDATE charter_texts SET text = 'Anew' WHERE version = 3 AND code = ?"
        changed += " AND field = 'text' AND state = 'original'"
        (principle,) = db.execute(
            "SELECT code FROM charter_points WHERE version = 3 AND kind = 'principle' LIMIT 1"
        ).fetchone()
        db.execute(changed, ["registered"])
        db.execute(changed, [principle])
    answer = written.send()
    assert answer.status_code == 422
    assert answer.text.count("was changed since you answered") >= 1
    assert "was changed since" in written.get("criteria", "registered").text
    assert "was changed since" not in written.get("criteria", "experience").text
    agreed = {"version": "2", "principles": "yes", "terms": "yes"}
    answer = written.post("principles", data=agreed)
    assert answer.status_code == 422
    assert "changed meanwhile" in answer.text
    assert written.post("principles", data={**agreed, "version": "3"}).status_code == 303
    # an answer to the page that was open before is one to the older words
    written.answer("registered")
    assert written.send().status_code == 422
    written.answer("registered", version="3")
    assert written.send().status_code == 303
    assert written.ask_db("SELECT version FROM applications") == [3]
    sql = "SELECT DISTINCT version FROM application_answers WHERE code = 'experience'"
    assert written.ask_db(sql) == [2]
