"""The network's own places and district lists come and move, and the listings go with them."""

from typing import Any

from tests.transfer.conftest import Desk, said

BAYRAMALY, MARY, KHUJAND = "1219762", "1218667", "1514879"


def place(place_id: str, parent: str, **more: str) -> dict[str, str]:
    return {
        "id": place_id,
        "name": f"Oba {place_id}",
        "parent": parent,
        "latitude": "37.5",
        "longitude": "62.25",
        "district": "",
        **more,
    }


def reached(desk: Desk, place_id: str) -> set[str]:
    sql = (
        "SELECT practitioner_id FROM listing_places JOIN listings ON listings.id = listing_id"
        " WHERE listing_places.place_id = :id"
    )
    return set(desk.ask(sql, id=place_id))


def test_a_place_takes_the_region_of_its_parent_whatever_the_order(desk: Any) -> None:
    rows = [place("L91", "L92"), place("L92", "Oba L93"), place("L93", BAYRAMALY)]
    report = desk.bring("places", *rows)
    assert (said(report), report.added) == ({}, 3)
    assert desk.ask("SELECT DISTINCT region FROM places WHERE id LIKE 'L9_'") == ["TM-M"]
    assert desk.stored("places", "L92")["parent"] == "L93"
    assert desk.bring("places", *rows).unchanged == 3


def test_places_in_a_circle_are_refused(desk: Any) -> None:
    rows = [place("L91", "L92"), place("L92", "L91"), place("L93", BAYRAMALY)]
    assert set(said(desk.bring("places", *rows))) == {(2, "parent"), (3, "parent")}
    desk.bring("places", place("L91", BAYRAMALY), place("L92", "L91"))
    assert set(said(desk.bring("places", {"id": "L91", "parent": "L92"}))) == {(2, "parent")}


def test_a_place_that_moves_takes_along_what_lies_in_it(desk: Any) -> None:
    desk.bring("places", place("L91", BAYRAMALY), place("L92", "L91"))
    whole_region = "SELECT practitioner_id FROM service_areas WHERE kind = 'region' AND code = :r"
    everywhere = set(desk.ask(whole_region, r="TM-M")) & set(
        desk.ask("SELECT practitioner_id FROM listings")
    )
    assert reached(desk, "L92") == everywhere != set()
    desk.bring("places", {"id": "L91", "parent": KHUJAND})
    assert desk.ask("SELECT region FROM places WHERE id = 'L92'") == ["TJ-SU"]
    assert not reached(desk, "L92") & everywhere


def test_a_district_list_that_grows_and_shrinks_reaches_the_listings(desk: Any) -> None:
    desk.bring("places", place("L91", KHUJAND, district="Baýramaly etraby"))
    named = "SELECT practitioner_id FROM service_areas WHERE kind = 'district' AND code = :d"
    wanted = set(desk.ask(named, d="Baýramaly etraby")) & set(
        desk.ask("SELECT practitioner_id FROM listings")
    )
    assert wanted
    assert wanted <= reached(desk, "L91")
    desk.bring("places", {"id": "L91", "district": ""})
    assert not wanted & reached(desk, "L91")


def test_a_new_point_moves_who_lives_there(desk: Any, listed: str) -> None:
    desk.bring("places", place("L91", BAYRAMALY))
    desk.bring("practitioners", {"id": listed, "place": "L91"})
    sql = "SELECT x FROM listings WHERE practitioner_id = :id"
    before = desk.ask(sql, id=listed)
    desk.bring("places", {"id": "L91", "latitude": "38.5"})
    assert desk.ask(sql, id=listed) != before


def test_other_columns_of_a_place_stay(desk: Any) -> None:
    desk.bring("places", place("L91", BAYRAMALY, district="Baýramaly etraby"))
    before = desk.stored("places", "L91")
    desk.bring("places", {"id": "L91", "name": "Täze oba"})
    assert desk.stored("places", "L91") == {**before, "name": "Täze oba"}


def test_of_the_gazetteer_only_the_district_can_be_said(desk: Any) -> None:
    before = desk.stored("places", MARY)
    assert said(desk.bring("places", place(MARY, "", name="", latitude="", longitude=""))) == {}
    found = said(desk.bring("places", place(MARY, BAYRAMALY)))
    assert set(found) == {(2, name) for name in ("name", "parent", "latitude", "longitude")}
    desk.bring("places", {"id": MARY, "name": before["name"], "district": "Mary etraby"})
    assert desk.stored("places", MARY) == {**before, "district": "Mary etraby"}
    desk.bring("places", {"id": MARY, "district": ""})
    assert desk.stored("places", MARY)["district"] == ""


def test_a_renamed_place_wakes_the_search_for_those_who_sit_there(desk: Any) -> None:
    desk.bring("places", place("L91", BAYRAMALY))
    desk.bring("organisations", {"id": "o-7k2m9q", "place": "L91"})
    with desk.store.transaction() as db:
        db.execute("DELETE FROM outbox")
    desk.bring("places", {"id": "L91", "name": "Täze oba"})
    assert set(desk.ask("SELECT entity || ':' || entity_id FROM outbox")) == {
        "places:L91",
        "organisations:o-7k2m9q",
    }
