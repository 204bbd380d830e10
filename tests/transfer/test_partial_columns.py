"""Columns that are not named stay as they are; what is named and empty is unknown."""

from typing import Any

from tests.transfer.conftest import said

WOMEN = "o-7k2m9q"


def test_columns_that_are_not_named_stay(desk: Any, listed: str) -> None:
    before = desk.stored("practitioners", listed)
    assert desk.bring("practitioners", {"id": listed, "travel_km": "17.5"}).changed == 1
    assert desk.stored("practitioners", listed) == {**before, "travel_km": "17.5"}
    assert desk.is_listed(listed)


def test_named_and_empty_is_unknown(desk: Any, listed: str) -> None:
    emptied = (
        "gender", "travel_km", "districts", "season", "transport", "visits_with", "languages",
        "contact_policy", "contact_hours", "phone_shared", "say_when_calling", "specialisations",
        "age_groups", "modes", "availability", "weekly_visits", "absent", "safeguarding_on",
        "phone", "email", "licence_number", "licence_issuer", "licence_expires_on",
    )  # fmt: skip
    before = desk.stored("practitioners", listed)
    row = {"id": listed, **dict.fromkeys(emptied, "")}
    assert desk.bring("practitioners", row).errors == []
    assert desk.stored("practitioners", listed) == {**before, **dict.fromkeys(emptied, "")}
    assert desk.bring("practitioners", row).unchanged == 1
    (stored,) = desk.ask("SELECT languages FROM practitioners WHERE id = :id", id=listed)
    assert stored == "[]"


def test_a_language_changes_alone_and_empties_alone(desk: Any) -> None:
    with desk.store.transaction() as db:
        db.execute("UPDATE organisations SET names = json_set(names, '$.uz', 'Oq tong')")
    before = desk.stored("organisations", WOMEN)
    row = {"id": WOMEN, "name_ru": "Новое имя", "name_tg": "", "summary_tk": "Täze"}
    assert desk.bring("organisations", row).changed == 1
    changed = {name: text for name, text in row.items() if name != "id"}
    assert desk.stored("organisations", WOMEN) == {**before, **changed}
    (names,) = desk.ask("SELECT names FROM organisations WHERE id = :id", id=WOMEN)
    assert '"uz":"Oq tong"' in names
    assert '"tg"' not in names


def test_a_new_organisation_is_for_members_only_unless_said(desk: Any) -> None:
    desk.bring("organisations", {"id": "o-a", "name": "A", "kind": "ngo"})
    desk.bring("organisations", {"id": "o-b", "name": "B", "kind": "ngo", "visibility": ""})
    desk.bring("organisations", {"id": WOMEN, "visibility": ""})
    assert {desk.stored("organisations", each)["visibility"] for each in ("o-a", "o-b", WOMEN)} == {
        "members"
    }


def test_the_directory_is_granted_for_a_year_and_once(desk: Any) -> None:
    new = {"id": "o-a", "name": "A", "kind": "ngo", "directory_access": "yes"}
    desk.bring("organisations", new)
    assert desk.stored("organisations", "o-a")["directory_access"] == "2027-11-23"
    desk.today = desk.today.replace(year=2027, month=3)
    assert desk.bring("organisations", new).unchanged == 1
    desk.today = desk.today.replace(month=12)
    assert desk.bring("organisations", new).changed == 1
    assert desk.stored("organisations", "o-a")["directory_access"] == "2028-12-23"
    desk.bring("organisations", {"id": "o-a", "directory_access": "2027-01-31"})
    assert desk.stored("organisations", "o-a")["directory_access"] == "2027-01-31"
    for word in ("No", ""):
        desk.bring("organisations", {"id": "o-a", "directory_access": word})
        assert desk.stored("organisations", "o-a")["directory_access"] == ""


def test_codes_may_be_capitals_and_lists_may_repeat(desk: Any, listed: str) -> None:
    row = {
        "id": listed,
        "languages": "RU; tk ;ru;",
        "availability": "Mon:Morning;mon:morning",
        "phone_shared": "YES",
        "season": "Closed Dec-Mar",
        "absent": "2027-02-01/2027-02-03;2027-01-01/2027-01-02",
        "weekly_visits": "3.0",
    }
    assert desk.bring("practitioners", row).errors == []
    stored = desk.stored("practitioners", listed)
    assert stored["languages"] == "ru;tk"
    assert stored["availability"] == "mon:morning"
    assert stored["phone_shared"] == "yes"
    assert stored["season"] == "closed dec-mar"
    assert stored["absent"] == "2027-01-01/2027-01-02;2027-02-01/2027-02-03"
    assert stored["weekly_visits"] == "3"
    assert desk.bring("practitioners", row).unchanged == 1


def test_names_stand_for_ids(desk: Any) -> None:
    row = {
        "id": "p-new",
        "name": "New",
        "profession": "lawyer",
        "organisation": "Женский центр «Белый рассвет»",
        "place": "Байрамали",
        "districts": "1219762;TM-M;Baýramaly etraby",
    }
    assert said(desk.bring("practitioners", row)) == {}
    stored = desk.stored("practitioners", "p-new")
    assert (stored["organisation"], stored["place"]) == (WOMEN, "1219762")
    assert stored["districts"] == row["districts"]
    sql = "SELECT kind FROM service_areas WHERE practitioner_id = 'p-new' ORDER BY rowid"
    assert desk.ask(sql) == ["place", "region", "district"]
    assert desk.bring("practitioners", row).unchanged == 1


def test_an_event_without_a_year_and_with_its_evaluation(desk: Any) -> None:
    row = {
        "id": "e-new",
        "title": "Forum",
        "kind": "forum",
        "starts_on": "--12-31",
        "ends_on": "--01-01",
        "evaluation": "useful = 88;1+1=2=12.5",
    }
    assert said(desk.bring("events", row)) == {}
    stored = desk.stored("events", "e-new")
    assert stored["evaluation"] == "useful=88;1+1=2=12.5"
    assert (stored["starts_on"], stored["open"]) == ("--12-31", "no")
    assert desk.bring("events", {"id": "e-new", "open": "yes", "evaluation": ""}).changed == 1
    assert desk.stored("events", "e-new")["evaluation"] == ""
    assert desk.bring("events", {"id": "e-new", "open": ""}).changed == 1


def test_a_dry_run_says_the_same_and_leaves_nothing(desk: Any, listed: str) -> None:
    before = desk.counts()
    rows = [
        {"id": listed, "name": "Other", "profession": "lawyer", "organisation": WOMEN,
         "place": "162183", "status": ""},
        {"id": "p-new", "name": "New", "profession": "lawyer", "organisation": WOMEN,
         "place": "162183", "status": "agreed"},
    ]  # fmt: skip
    report = desk.bring("practitioners", *rows, dry_run=True)
    assert (report.added, report.changed) == (1, 1)
    assert desk.counts() == before
    assert desk.is_listed(listed)
    report = desk.bring("practitioners", *rows)
    assert (report.added, report.changed) == (1, 1)
    assert not desk.is_listed(listed)


def test_a_change_leaves_its_audit_lines_and_wakes_the_search(desk: Any) -> None:
    before = desk.counts()
    desk.bring("organisations", {"id": WOMEN, "phone": "+993 00 1111"})
    after = desk.counts()
    assert after["audit"] == before["audit"] + 2  # the record, and the import
    assert after["outbox"] == before["outbox"] + 1
    (detail,) = desk.ask("SELECT detail FROM audit ORDER BY id DESC LIMIT 1")
    assert detail == '{"rows":1,"added":0,"changed":1}'


def test_progress_ends_where_it_was_said_to_end(desk: Any) -> None:
    from portal.transfer.actions import import_file
    from portal.vocabularies.terms import load_terms
    from tests.transfer.conftest import MONDAY, MORNING, OPERATOR

    path = desk.send("organisations")
    with desk.store.read() as db:
        terms = load_terms(db)
    steps: list[tuple[int, int]] = []
    import_file(
        desk.store,
        terms,
        "organisations",
        path,
        OPERATOR,
        MORNING,
        MONDAY,
        settings=desk.settings,
        progress=lambda done, total: steps.append((done, total)),
    )
    (organisations,) = desk.ask("SELECT count(*) FROM organisations")
    total = 2 * organisations
    assert steps == [(done, total) for done in range(1, total + 1)]
