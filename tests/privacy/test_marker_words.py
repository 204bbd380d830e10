"""A marker word in every private column and row stands in no public byte."""

import logging
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from litestar.testing import TestClient

from portal.bundling.actions import bundle
from portal.db import Store
from portal.exporting.actions import write_files
from portal.indexes.actions import rebuild
from portal.nearby.actions import refresh_listing
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from search.embedded import EmbeddedEngine
from tests.bundling.opening import Stick
from tests.conftest import JSON, LANGUAGES, MOMENT, OPERATOR, TODAY, browsing

MARKER = "Zyxwvut"

# every column in which text can stand and whose tier is not public
PRIVATE_COLUMNS = (
    "UPDATE practitioners SET name = :m || ' ' || name, sort_name = :m, contact_hours = :m",
    "UPDATE practitioner_contacts SET phone = :m, email = :m, say_when_calling = :m",
    "UPDATE practitioner_licences SET number = :m, issuer = :m",
    "UPDATE organisations SET duty_phone = :m",
    "UPDATE service_areas SET code = :m || code WHERE kind = 'district'",
    "UPDATE place_districts SET district = :m || district",
    "UPDATE agreement_states SET by = :m",
    "UPDATE consents SET by = :m",
    "UPDATE confirmations SET by = :m, how = :m, reference = :m, at = :m",
    "INSERT INTO cards (id, practitioner_id, made_at, made_by, failures, locked_at, ended_at)"
    " SELECT :m, id, :m, :m, 0, :m, :m FROM practitioners LIMIT 1",
    "INSERT INTO card_codes (card_id, number, hash, used_at, used_by, used_for)"
    " VALUES (:m, 1, :m, :m, :m, :m)",
    "INSERT INTO confirmation_reminders (practitioner_id, confirmed_on, age, at)"
    " SELECT id, :m, 91, :m FROM practitioners",
    "UPDATE agreement_states SET by = :m, organisation_id = :m, reason = :m",
    "UPDATE consents SET by = :m, how = :m, reference = :m",
    "INSERT INTO ethics_signatures (practitioner_id, version, signed_on, by)"
    " SELECT p.id, v.version, :m, :m FROM practitioners AS p, ethics_versions AS v LIMIT 50",
    "INSERT INTO trainings (practitioner_id, held_on, title, by)"
    " SELECT id, :m, :m, :m FROM practitioners LIMIT 50",
    "INSERT OR IGNORE INTO consent_exclusions SELECT id, 'person', :m FROM practitioners",
    "UPDATE confirmations SET by = :m",
    "UPDATE membership_states SET by = :m",
    "UPDATE membership_states SET reason = :m, note = :m",
    "INSERT OR REPLACE INTO departures (organisation_id, left_at, by, erased_at)"
    " SELECT id, :m, :m, :m FROM organisations",
    "INSERT OR REPLACE INTO open_to_proposals"
    " (practitioner_id, organisation_id, asked_at, answer, answered_at)"
    " SELECT id, organisation_id, :m, :m, :m FROM practitioners",
    "UPDATE releases SET by = :m, counted = :m",
    "INSERT INTO renewals (id, organisation_id, due_on, version, sent_at, sent_by, decided_at,"
    " decided_by, verdict, note) SELECT :m || o.id, o.id, '2026-01-01', 1, :m, :m, :m, :m, :m, :m"
    " FROM organisations AS o LIMIT 3",
    "INSERT INTO renewal_answers (renewal_id, code, holds, words)"
    " SELECT id, :m, 0, :m FROM renewals",
    "INSERT INTO affirmations SELECT organisation_id, 1, :m, :m, :m FROM renewals",
    "INSERT INTO affirmation_refusals SELECT organisation_id, 1, :m, :m, :m, :m FROM renewals",
    "INSERT INTO renewal_reminders SELECT organisation_id, :m, 3, :m FROM renewals",
    "INSERT INTO affirmation_reminders SELECT organisation_id, 1, 3, :m FROM renewals",
    "INSERT OR IGNORE INTO consent_exclusions SELECT id, 'organisation', :m FROM practitioners",
    "INSERT INTO accounts (id, sign_in_name, name, email, role) VALUES (:m, :m, :m, :m, 'member')",
    "INSERT INTO invitations (id, hash, kind, name, called, email, sign_in_name, role, made_at)"
    " VALUES (:m, :m, 'first', :m, :m, :m, :m, 'member', :m)",
    "INSERT INTO sessions (hash, account_id, started_at, seen_at, device, by)"
    " SELECT :m, id, :m, :m, :m, :m FROM accounts LIMIT 1",
    "INSERT INTO drafts (id, account_id, sealed, made_at) SELECT :m, id, :m, '2026-11-23T05:00:00Z'"
    " FROM accounts LIMIT 1",
    "INSERT INTO passkeys (id, account_id, credential_id, public_key, counter, transports, device,"
    " made_at) SELECT :m, id, :m, :m, 0, :m, :m, :m FROM accounts LIMIT 1",
    "INSERT INTO challenges (hash, purpose, network, made_at) VALUES (:m, :m, :m, :m)",
    "INSERT INTO links (hash, purpose, subject_id, made_at, until) VALUES (:m, :m, :m, :m, :m)",
    "UPDATE charter_versions SET minute = :m, made_at = :m, made_by = :m",
    "UPDATE charter_texts SET by = :m, at = :m, checked_by = :m, checked_at = :m",
    "INSERT INTO charter_versions (version, made_at, made_by, notes)"
    " VALUES (99, :m, :m, json_object('en', :m))",
    "INSERT INTO charter_points (version, code, kind, position, asks_file)"
    " VALUES (99, :m, 'criterion', 1, 0)",
    "INSERT INTO charter_texts (version, code, field, language, text, state, by, at)"
    " SELECT 99, :m, f.value, 'en', :m, 'original', :m, :m"
    ' FROM json_each(\'["title", "text"]\') AS f',
    "UPDATE practitioner_versions SET by = :m, diff = json_object('name', json_array(:m, :m))",
    "INSERT INTO practitioner_versions_apart SELECT id, 1, 'phone', :m, :m FROM practitioners",
    "INSERT INTO practitioner_changes SELECT id, 77, 'edit', 'herself', 1,"
    " json_object('name', json_array(:m, :m)), :m, '2026-11-22T05:00:00Z', :m, NULL, NULL"
    " FROM practitioners LIMIT 3",
    "INSERT INTO practitioner_changes_apart SELECT id, 77, 'phone', :m FROM practitioners LIMIT 3",
    "INSERT INTO change_states (practitioner_id, number, state, at, by, reason)"
    " SELECT id, 77, 'waiting', '2026-11-22T05:00:00Z', :m, :m FROM practitioners LIMIT 3",
    "INSERT INTO notices (account_id, practitioner_id, kind, entity_id, made_at)"
    " VALUES (:m, :m, :m, :m, :m)",
    "INSERT INTO wanted_invitations (id, name, role, directory, wanted_at)"
    " VALUES (:m, :m, 'member', 0, :m)",
    "INSERT INTO approvals (id, kind, subject_id, detail, asked_by, asked_role, asked_at, until,"
    " note) VALUES (:m, 'invite', :m, '{}', :m, :m, :m, :m, :m)",
    "INSERT INTO approval_voices (approval_id, by, role, verdict, reason, at)"
    " VALUES (:m, :m, :m, :m, :m, :m)",
    "INSERT INTO grant_reminders (subject_id, until, told_at) VALUES (:m, :m, :m)",
    "INSERT INTO notices (account_id, practitioner_id, kind, entity_id, made_at, purpose, way)"
    " VALUES (:m, :m, :m, :m, :m, :m, :m)",
    "UPDATE accounts SET language = :m",
    "INSERT INTO wishes (id, form_key, kind, topic, audience, language, words, wanted_by,"
    " account_id, organisation_id, made_at) SELECT :m, :m, :m, :m, :m, :m, :m, :m, :m, id, :m"
    " FROM organisations LIMIT 1",
    "INSERT INTO wish_answers (wish_id, words, account_id, organisation_id, at)"
    " SELECT :m, :m, :m, id, :m FROM organisations LIMIT 1",
    'INSERT INTO wish_states (wish_id, state, at, "by") VALUES (:m, :m, :m, :m)',
    "INSERT INTO digests (slot, begun_at) VALUES (:m, :m)",
    "INSERT INTO job_runs (name, started_at, ended_at, done, failed) VALUES (:m, :m, :m, 0, 0)",
    "UPDATE tickets SET note = :m, field = :m, problem = :m, opened_at = :m",
    "UPDATE ticket_states SET state = :m, reason = :m, at = :m, by = :m",
    "UPDATE contact_looks SET purpose = :m, at = :m, day = :m, shown = :m, form_key = :m",
    "INSERT INTO contact_stops (account_id, day, cap, at) SELECT id, :m, :m, :m FROM accounts",
    "INSERT INTO requests (id, form_key, account_id, created_at, timezone, profession, mode,"
    " region, wished_on, part, language, gender, age_group, specialisation, accompaniment,"
    " travel_cost, note, outcome, no_visit_reason, return_by, returned_at)"
    " SELECT :m, :m, id, :m, :m, :m, :m, :m, :m, :m, :m, :m, :m, :m, :m, :m, :m, :m, :m, :m, :m"
    " FROM accounts LIMIT 1",
    "UPDATE events SET added_by = :m, changed_at = CASE WHEN open THEN changed_at ELSE :m END"
    " WHERE starts_on > '2026-11-23' AND NOT open",
    "INSERT INTO evaluation_questions (id, event_id, position, kind, ready, words, others, options,"
    " other_options) SELECT :m || id, id, 1, 'choice', NULL, :m, json_object('ru', :m),"
    " json_array(:m), json_object('ru', json_array(:m)) FROM events WHERE NOT already_published",
    "INSERT INTO evaluation_counts SELECT id, :m, 1, 3 FROM evaluation_questions",
    "INSERT INTO campaigns (id, title, titles, organisation_id, starts_on, summary, summaries,"
    " state, added_at, added_by) SELECT 'c-' || o.value, 'Open to all', '{}', g.id, '2026-01-02',"
    " 'For everybody', '{}', 'published', :m, :m"
    " FROM (SELECT id FROM organisations LIMIT 1) AS g, json_each('[1, 2, 3]') AS o",
    "INSERT INTO activities (id, campaign_id, kind, held_on, women, men, girls, boys, given_out,"
    " result, added_at, added_by) SELECT 'ca-' || id, id, 'seminar', '2026-02-03', 1, 2, 3, 4, 5,"
    " :m || ' came of it', :m, :m FROM campaigns",
    "UPDATE activities SET result = :m, added_at = :m, added_by = :m",
    "UPDATE campaigns SET added_at = :m, added_by = :m",
    "UPDATE indicator_versions SET at = :m, by = :m",
    "UPDATE indicator_targets SET at = :m, by = :m",
    "INSERT INTO indicator_changes (code, version, what, was, at, by)"
    " SELECT code, 1, :m, json_object('titles', json_object('en', :m)), :m, :m FROM indicators",
    "INSERT INTO reports (id, organisation_id, period, revision, saved_at, saved_by)"
    " SELECT :m || id, id, :m, 1, :m, :m FROM organisations LIMIT 3",
    "INSERT INTO report_states (report_id, state, at, by, note)"
    " SELECT id, :m, :m, :m, :m FROM reports",
    "INSERT INTO report_notes (report_id, code, region, part, note, at, by, settled_at, period,"
    " project_id) SELECT id, :m, :m, :m, :m, :m, :m, :m, :m, :m FROM reports",
    "INSERT INTO report_cells SELECT r.id, i.code, :m, :m, :m, :m, :m, :m, :m, 1, 2, :m"
    " FROM reports AS r, (SELECT code FROM indicators LIMIT 1) AS i",
    "INSERT INTO report_reminders SELECT id, :m, :m, :m FROM organisations LIMIT 3",
    "INSERT INTO results (code, version, report_id, organisation_id, project_id, region, period,"
    " sex, age_group, form, state, numerator, note, quoted_from, accepted_at, at, by, replaced_at)"
    " SELECT i.code, 1, r.id, r.organisation_id, :m, :m, :m, :m, :m, :m, :m, 3, :m, NULL, :m, :m,"
    " :m, :m FROM reports AS r, (SELECT code FROM indicators LIMIT 1) AS i",
    "INSERT INTO figures SELECT code, 1, :m, :m, :m, :m, :m, :m, 3, NULL, 1, 1 FROM indicators",
    "INSERT INTO closed_periods (period, at, by) VALUES (:m, :m, :m)",
    "INSERT INTO reopened_periods (period, organisation_id, reason, until, at, by)"
    " SELECT :m, id, :m, :m, :m, :m FROM organisations LIMIT 3",
    "INSERT INTO activity_changes (activity_id, campaign_id, verb, at, by, was)"
    " SELECT id, campaign_id, 'remove', :m, :m,"
    " json_object('kind', 'seminar', 'held_on', '2026-02-03', 'result', :m) FROM activities",
    'INSERT INTO request_states (request_id, state, at, "by") VALUES (:m, :m, :m, :m)',
    "INSERT INTO request_offers (request_id, practitioner_id, position, visit_on, distance_band,"
    " answer, reason) SELECT :m, id, 1, :m, :m, :m, :m FROM practitioners LIMIT 1",
    "UPDATE materials SET added_by = :m, added_at = :m",
    "UPDATE material_versions SET by = :m",
    "UPDATE material_states SET by = :m, at = :m, reason = :m",
    "INSERT OR IGNORE INTO image_consent_reminders (consent_id, days_before, at)"
    " SELECT id, 30, :m FROM image_consents",
    "INSERT INTO image_consents (material_id, given_on, until, whose, reference, ended_at, by)"
    " SELECT id, '2020-01-01', '2099-01-01', :m, :m, NULL, :m FROM materials",
    "UPDATE files SET added_at = :m, added_by = :m, scanned_at = :m, released_by = :m",
    "INSERT INTO applications (id, organisation_id, language, email, name, names, kind, summary,"
    " services, website, phone, contact_name, contact_work, contact_phone, principles_on, terms_on,"
    " made_at, confirmed_at, changed_at, submitted_at, closed_at, erased_at, bound_at) SELECT"
    " :m, id, :m, :m, :m, json_object('ru', :m), :m, :m, json_array(:m), :m, :m, :m, :m, :m, :m,"
    " :m, :m, :m, :m, :m, :m, :m, :m FROM organisations LIMIT 1",
    "INSERT INTO application_answers (application_id, code, version, answer, at)"
    " VALUES (:m, :m, 1, :m, :m)",
    "INSERT INTO application_evidence (id, application_id, code, file_id, name, at)"
    " SELECT :m, :m, :m, id, :m, :m FROM files LIMIT 1",
    "INSERT INTO application_letters (application_id, kind, made_at, claimed_at)"
    " VALUES (:m, :m, :m, :m)",
    "INSERT INTO appeals (application_id, words, at) VALUES (:m, :m, :m)",
    "INSERT INTO applications (id, language, email, name, made_at, changed_at, submitted_at)"
    " VALUES (:m || 'reviewed', :m, :m, :m, :m, :m, :m)",
    "INSERT INTO reviews (id, application_id, round, is_appeal, account_id, organisation_id,"
    " taken_at, submitted_at, ended_at, asked, invited_by) SELECT :m, :m || 'reviewed', 1, 0, :m,"
    " id, :m, :m, :m, json_array(:m), :m FROM organisations LIMIT 1",
    "INSERT INTO review_answers (review_id, code, verdict, note) VALUES (:m, :m, :m, :m)",
    "INSERT INTO conflicts (application_id, organisation_id, account_id, reason, at)"
    " SELECT :m || 'reviewed', id, :m, :m, :m FROM organisations LIMIT 1",
    'INSERT INTO decisions (id, application_id, is_appeal, "by", organisation_id, at, verdict,'
    " note) VALUES (:m, :m || 'reviewed', 0, :m, :m, :m, :m, :m)",
    "INSERT INTO decision_points (decision_id, code, met, reason) VALUES (:m, :m, 1, :m)",
    "INSERT INTO projects (id, code, title, titles, description, descriptions, donor, donor_ref,"
    " donor_type, starts_on, ends_on, credit, reporter_ref, reporter_type, sector, flow_type,"
    " finance_type, aid_type, currency, cancelled_on, changed_at, changed_by) VALUES (:m, :m, :m,"
    " json_object('ru', :m), :m, json_object('ru', :m), :m, :m, :m, :m, :m, :m, :m, :m, :m, :m, :m,"
    " :m, :m, :m, :m, :m)",
    "INSERT INTO project_outcomes (id, project_id, level, title, titles, position)"
    " VALUES (:m, :m, :m, :m, json_object('ru', :m), 1)",
    "INSERT INTO project_lines (id, outcome_id, project_id, code, due_on, counts, position)"
    " SELECT :m, :m, :m, code, :m, :m, 1 FROM indicators LIMIT 1",
    "INSERT INTO project_links VALUES (:m, :m, :m, :m, :m)",
    "INSERT INTO project_publishing (project_id, organisation_id, wanted, at, by)"
    " SELECT :m, id, 1, :m, :m FROM organisations LIMIT 1",
    "INSERT INTO plans (id, title, titles, starts_on, ends_on, source, changed_at, added_by)"
    " VALUES (:m, :m, json_object('ru', :m), :m, :m, :m, :m, :m)",
    "INSERT INTO plan_countries (plan_id, country) VALUES (:m, :m)",
    'INSERT INTO plan_states (plan_id, state, at, "by") VALUES (:m, :m, :m, :m)',
    "INSERT INTO plan_actions (id, plan_id, code, text, texts, starts_on, ends_on, responsible,"
    " organisation_id, changed_at, added_by) SELECT :m, :m, :m, :m, json_object('tg', :m), :m, :m,"
    " :m, id, :m, :m FROM organisations LIMIT 1",
    'INSERT INTO plan_action_states (action_id, said, said_on, reason, at, "by")'
    " VALUES (:m, :m, :m, :m, :m, :m)",
    "INSERT INTO plan_indicators (action_id, code, target) SELECT :m, code, 7 FROM indicators",
    "INSERT INTO plan_serving (action_id, kind, thing_id) VALUES (:m, :m, :m)",
)

# rows that are private whole
PRIVATE_ROWS = (
    "UPDATE places SET name = :m || name WHERE origin = 'network'",
    "UPDATE place_names SET name = :m || name, folded = lower(:m)"
    " WHERE place_id IN (SELECT id FROM places WHERE origin = 'network')",
    "UPDATE organisations SET name = :m || name, summary = :m, phone = :m, email = :m"
    " WHERE visibility = 'members'",
    "UPDATE organisations SET visibility = 'public', name = :m || name, summary = :m WHERE id IN"
    " (SELECT organisation_id FROM organisation_services WHERE service = 'shelter')",
    "UPDATE organisations SET visibility = 'public', name = :m || name WHERE id IN"
    " (SELECT organisation_id FROM membership_now WHERE state <> 'admitted')",
    "UPDATE events SET title = :m || title, summary = :m WHERE starts_on > '2026-11-23'"
    " AND NOT open",
    "INSERT INTO event_sessions (id, event_id, day, starts_at, title, titles)"
    " SELECT :m || id, id, 1, :m, :m, '{}' FROM events WHERE starts_on > '2026-11-23' AND NOT open",
    "UPDATE materials SET title = :m || title, titles = json_object('ru', :m), summary = :m,"
    " summaries = json_object('tg', :m), adapted_how = :m WHERE visibility = 'members'",
    "UPDATE material_versions SET note = :m WHERE id IN (SELECT version_id FROM"
    " material_states_now WHERE state <> 'published')",
    "UPDATE material_texts SET body = :m WHERE version_id IN (SELECT v.id FROM material_versions"
    " AS v JOIN materials AS w ON w.id = v.material_id WHERE w.visibility = 'members')",
    "UPDATE campaigns SET title = :m || title, summary = :m, state = 'draft' WHERE id = 'c-1'",
    "UPDATE campaigns SET title = :m || title, summary = :m, state = 'withdrawn' WHERE id = 'c-2'",
)


@pytest.fixture
def marked(settings: Settings) -> Iterator[Settings]:
    """The world with the marker everywhere it must not be seen, indexed and published."""
    store = Store(settings.database)
    with store.transaction() as db:
        db.execute(
            "UPDATE places SET origin = 'network' WHERE id IN (SELECT id FROM places LIMIT 3)"
        )
        for change in (*PRIVATE_COLUMNS, *PRIVATE_ROWS):
            db.execute(change, {"m": MARKER})
        for (practitioner_id,) in db.execute("SELECT id FROM practitioners").fetchall():
            refresh_listing(db, practitioner_id)
    engine = EmbeddedEngine(settings.search_folder)
    rebuild(store, engine, TODAY)
    engine.close()
    release_and_publish(store, settings, OPERATOR, MOMENT)
    assert write_files(settings, store) > 50
    store.close()
    return settings


def public_addresses(client: TestClient) -> Iterator[str]:
    """Every public page, by walking the site as a stranger would."""
    yield from ("/healthz", "/api/openapi.json", "/exit", "/data/")
    yield "/en/applications"
    for kind in ("services", "organizations", "service_at_locations", "taxonomy_terms"):
        yield f"/hsds/{kind}?format=ndjson"
    yield from ("/hsds/services?full=true&per_page=100", "/hsds/organizations?full_service=true")
    yield f"/hsds/organizations?search={MARKER[:6]}"
    for language in LANGUAGES:
        for page in ("", "/nearby", "/organisations", "/events", "/coverage", "/places", "/ethics"):
            yield f"/{language}{page}"
        yield f"/{language}/materials?per_page=100"
        yield f"/{language}/materials/feed"
        yield f"/{language}/campaigns"
    for region in ("TM-M", "TM-S", "TJ-DU", "TJ-GB"):
        yield f"/en/nearby?region={region}"
        yield f"/en/places?region={region}"
        yield f"/en/organisations?region={region}"
    # the beginning, an ending and slips of the marker would find it; none of them is an echo of it
    for word in (MARKER[:4], MARKER[:6], "Zyxwvyt", "yxwvut", "Maral", "mary", ""):
        yield f"/en/search?q={word}"
        yield f"/en/materials?q={word}"
        yield f"/en/places?q={word}"
        yield f"/en/nearby?place={word}"
    for picture in ("map", "kinds"):
        yield f"/en/campaigns/c-3/{picture}.svg"
    for register in ("organisations", "events", "campaigns", "materials"):
        found = client.get(f"/en/{register}?per_page=100", headers=JSON).json()
        for each in found["results"]:
            yield f"/tg/{register}/{each['id']}"


def data_addresses(client: TestClient) -> Iterator[str]:
    """Every published table, as page, JSON and CSV."""
    tables = client.get("/data/network.json").json()["tables"]
    for table in (each["name"] for each in tables):
        yield f"/data/network/{table}"
        yield f"/data/network/{table}.json"
        yield f"/data/network/{table}.csv"


def test_01_the_marker_is_in_no_public_byte(
    marked: Settings, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = 0
    with browsing(marked) as site:
        addresses = [*public_addresses(site), *data_addresses(site)]
        for address in addresses:
            for headers in ({}, JSON):
                answer = site.get(address, headers=headers, follow_redirects=False)
                assert answer.status_code < 500, address
                assert MARKER.lower() not in answer.text.lower(), address
                assert MARKER.lower() not in str(answer.headers).lower(), address
                seen += 1
        member = site.post("/demo/sign-in", data={"role": "member"})
        assert MARKER in member.text or MARKER in site.get("/en/practitioners").text
    assert seen > 150
    written = caplog.text + "".join(capfd.readouterr())
    assert MARKER.lower() not in written.lower()
    for path in public_files(marked):
        for content in unpacked(path):
            assert MARKER.lower().encode() not in content.lower(), path
    for name, body in bundled_files(marked).items():
        assert MARKER.lower().encode() not in body.lower(), name
        assert MARKER.lower() not in name.lower()


def bundled_files(settings: Settings) -> dict[str, bytes]:
    """What somebody gets on a stick."""
    path = settings.data_dir / "network.zip"
    store = Store(settings.database)
    bundle(store, settings, path, MOMENT)
    store.close()
    files = Stick(path.read_bytes()).files
    assert len(files) > 150
    return files


def public_files(settings: Settings) -> list[Path]:
    """What anybody could be handed: the published database, its files, the public search index."""
    newest = settings.generations / (settings.generations / "current").read_text().strip()
    files = [newest / "public.db", *settings.search_folder.glob("public.db*")]
    assert len(files) >= 2
    return [*files, *(newest / "files").iterdir()]


def unpacked(path: Path) -> Iterator[bytes]:
    """The bytes of a file, and of those packed in it."""
    yield path.read_bytes()
    if path.suffix in (".zip", ".xlsx"):
        with ZipFile(path) as packed:
            yield from map(packed.read, packed.namelist())
