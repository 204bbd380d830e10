"""The gazetteer: every settlement has a region, and what people call a town finds it."""

from collections import Counter
from math import hypot

from seed_data.tables import read_rows

PLACES = {row["id"]: row for row in read_rows("places.csv")}
REGIONS = {row["code"]: row for row in read_rows("regions.csv")}


def test_no_two_places_share_an_id() -> None:
    assert len(read_rows("places.csv")) == len(PLACES) == 209


def test_every_place_lies_in_a_known_region_of_its_country() -> None:
    for place in PLACES.values():
        assert REGIONS[place["region"]]["country"] == place["country"]


def test_every_region_has_a_settlement() -> None:
    assert {place["region"] for place in PLACES.values()} == set(REGIONS)


def test_the_capitals_are_regions_of_their_own() -> None:
    assert PLACES["162183"]["region"] == "TM-S"
    assert PLACES["1221874"]["region"] == "TJ-DU"


def test_every_reviewed_region_has_a_reason_and_is_the_one_in_the_gazetteer() -> None:
    for row in read_rows("place_regions.csv"):
        assert row["why"]
        assert PLACES[row["id"]]["region"] == row["region"]


def test_an_unknown_population_is_empty_and_never_zero() -> None:
    populations = Counter(place["population"] for place in PLACES.values())
    assert populations[""] == 18
    assert populations["0"] == 0


def test_points_lie_in_central_asia() -> None:
    for place in PLACES.values():
        assert 35 < float(place["latitude"]) < 43
        assert 52 < float(place["longitude"]) < 75.5


def test_every_alias_is_in_the_gazetteer() -> None:
    for row in read_rows("place_aliases.csv"):
        place = PLACES[row["id"]]
        assert row["alias"] in {place["name"], *place["alternates"].split(";")}


def test_an_alternate_name_is_given_once_and_is_not_the_name() -> None:
    for place in PLACES.values():
        names = [place["name"], *place["alternates"].split(";")]
        assert len(names) == len(set(names))


def test_old_names_find_the_renamed_towns() -> None:
    renamed = {
        "Қӯрғонтеппа": "1220747",
        "Чарджоу": "1219649",
        "Krasnovodsk": "601594",
        "Leninabad": "1514879",
        "Baýramaly": "1219762",
    }
    for old, key in renamed.items():
        assert old in PLACES[key]["alternates"].split(";")


def test_local_places_lie_near_their_parents() -> None:
    for row in read_rows("demo_local_places.csv"):
        if row["id"].startswith("L"):
            parent = PLACES[row["parent"]]
            north = float(row["latitude"]) - float(parent["latitude"])
            east = float(row["longitude"]) - float(parent["longitude"])
            assert 0 < hypot(north, east) < 0.2
        else:
            assert row["id"] in PLACES
            assert row["district"]
            assert not row["name"] + row["parent"] + row["latitude"] + row["longitude"]
