"""A member keeps a project: writes it, aims at something, links what it pays for."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal.db import Store
from portal.settings import Settings
from tests.conftest import JSON, LANGUAGES, PARTIAL, browsing
from tests.network import Network, members_of
from tests.organising.conftest import new_event
from tests.people import MovingClock

WHOLE = {
    "title": "Safe journeys",
    "title_ru": "Безопасные поездки",
    "project_code": "SJ-2026",
    "donor": "A fund",
    "begins_on": "2026-01-01",
    "finishes_on": "2027-12-31",
    "credit": "Paid for by a fund",
    "budget": "12000",
    "currency": "EUR",
    "in_regions": "TM-M",
}
LINE = {
    "indicator": "leaflets",
    "target": "500",
    "due_on": "2027-06-30",
    "baseline": "20",
    "baseline_year": "2025",
}


@pytest.fixture
def network(settings: Settings, store: Store) -> Iterator[Network]:
    """Two organisations, a coordinator, an observer and a practitioner."""
    clock = MovingClock()
    with browsing(settings, clock) as client:
        made = Network(client, store, clock)
        first, second, third = members_of(store)[:3]
        seen = {"seen_on": clock.moment.date().isoformat()}
        made.join("ogul", first, **seen)
        made.join("bahar", second, **seen)
        made.join("nurana", third, "coordinator", **seen)
        made.join("donor", None, "observer", **seen)
        made.join("helper", None, "practitioner", **seen)
        made.join("root", None, "admin", **seen)
        yield made


@pytest.fixture
def project(network: Network) -> str:
    """A project of Ogul's organisation; its id."""
    answer = network.post("ogul", "/en/projects/new", WHOLE)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].split("/")[3])


def audited(network: Network) -> int:
    return len(network.ask("SELECT id FROM audit WHERE entity = 'projects'"))


def everything(network: Network) -> list[Any]:
    """Every row that an act on projects may touch."""
    tables = ("projects", "project_outcomes", "project_lines", "project_links")
    with network.store.read() as db:
        return [audited(network), *(list(db.table(name).rows) for name in tables)]


def shown(network: Network, name: str, project: str) -> dict[str, Any]:
    found: dict[str, Any] = network.as_(name).get(f"/en/projects/{project}", headers=JSON).json()
    return found


def test_a_member_writes_a_project_and_changes_it(network: Network, project: str) -> None:
    assert audited(network) == 1
    found = shown(network, "ogul", project)
    assert (found["code"], found["state"], found["titles"]) == (
        "SJ-2026",
        "running",
        {"ru": "Безопасные поездки"},
    )
    # a region lies in a country
    assert (found["countries"], found["regions"]) == (["TM"], ["TM-M"])
    form = network.as_("ogul").get(f"/en/projects/{project}/edit").text
    assert 'value="SJ-2026"' in form
    assert 'value="TM-M" checked' in form
    changed = {**WHOLE, "donor": "Another fund"}
    assert network.post("ogul", f"/en/projects/{project}/edit", changed).status_code == 303
    assert shown(network, "ogul", project)["donor"] == "Another fund"
    assert audited(network) == 2
    # the same once more changes nothing and is not written down
    network.post("ogul", f"/en/projects/{project}/edit", changed)
    assert audited(network) == 2


def test_a_logframe_is_made_and_unmade(network: Network, project: str) -> None:
    path = f"/en/projects/{project}/logframe"
    aim = {"level": "output", "title": "Leaflets", "title_tg": "Варақаҳо"}
    for _ in range(2):
        assert network.post("ogul", f"{path}/outcome", aim).status_code in (201, 303)
    (outcome,) = network.ask("SELECT id FROM project_outcomes")
    assert network.post("ogul", f"{path}/line", {**LINE, "aim": outcome}).status_code in (201, 303)
    (found,) = shown(network, "donor", project)["logframe"]
    assert (found["level"], found["titles"]) == ("output", {"tg": "Варақаҳо"})
    assert [(e["code"], e["target"], e["due_on"]) for e in found["lines"]] == [
        ("leaflets", 500, "2027-06-30")
    ]
    (line,) = network.ask("SELECT id FROM project_lines")
    full = network.post("ogul", f"{path}/drop", {"kind": "outcome", "chosen": outcome})
    assert full.status_code == 422
    assert "Take out its lines first" in full.text
    network.post("ogul", f"{path}/drop", {"kind": "line", "chosen": line})
    network.post("ogul", f"{path}/drop", {"kind": "outcome", "chosen": outcome})
    assert shown(network, "ogul", project)["logframe"] == []
    assert audited(network) == 5


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"project_code": "has space"}, "project_code"),
        ({"project_code": ""}, "project_code"),
        ({"begins_on": "soon"}, "begins_on"),
        ({"finishes_on": "2025-12-31"}, "finishes_on"),
        ({"begins_on": "0001-01-01"}, "begins_on"),
        ({"budget": "-1"}, "budget"),
        ({"budget": "12.5"}, "budget"),
        ({"budget": "9" * 30}, "budget"),
        ({"currency": ""}, "currency"),
        ({"currency": "GOLD"}, "currency"),
        ({"finishes_on": ""}, "finishes_on"),
        ({"in_regions": "XX-1"}, "in_regions"),
        ({"countries": "FR"}, "countries"),
        ({"reporter_ref": "no/good"}, "reporter_ref"),
        ({"sector": "1"}, "sector"),
        ({"title_ru": "я" * 201}, "title_ru"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(
    network: Network, project: str, changes: dict[str, str], field: str
) -> None:
    before = everything(network)
    for path in ("/en/projects/new", f"/en/projects/{project}/edit"):
        answer = network.post("ogul", path, {**WHOLE, "project_code": "SJ-2", **changes})
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        # what was typed is still there
        assert "Safe journeys" in answer.text
    assert everything(network) == before


def test_two_projects_have_not_the_same_code(network: Network, project: str) -> None:
    before = everything(network)
    answer = network.post("bahar", "/en/projects/new", WHOLE)
    assert answer.status_code == 422
    assert "Another project has this code" in answer.text
    assert everything(network) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"indicator": "nothing"}, "indicator"),
        ({"indicator": "assisted_published"}, "indicator"),
        ({"target": "-5"}, "target"),
        ({"target": "many"}, "target"),
        ({"target": "nan"}, "target"),
        ({"due_on": "2025-12-31"}, "due_on"),
        ({"baseline_year": ""}, "baseline_year"),
        ({"baseline_year": "2030"}, "baseline_year"),
        ({"indicator": "exploited_again", "target": "101"}, "target"),
        ({"aim": "po-of-others"}, "aim"),
    ],
)
def test_a_line_that_cannot_be_is_refused(
    network: Network, project: str, changes: dict[str, str], field: str
) -> None:
    path = f"/en/projects/{project}/logframe"
    network.post("ogul", f"{path}/outcome", {"level": "outcome", "title": "Fewer"})
    (outcome,) = network.ask("SELECT id FROM project_outcomes")
    before = everything(network)
    answer = network.post("ogul", f"{path}/line", {**LINE, "aim": outcome, **changes})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert everything(network) == before


def test_only_records_that_one_keeps_are_linked(network: Network, project: str) -> None:
    path = f"/en/projects/{project}/links"
    own, others = new_event(network), new_event(network, "bahar", title="Theirs")
    assert f"event|{own}" in network.as_("ogul").get(path).text
    assert others not in network.as_("ogul").get(path).text
    before = everything(network)
    for wrong in (f"event|{others}", "event|nothing", "material|m-none", "thing|x", ""):
        assert network.post("ogul", path, {"record": wrong}).status_code == 422
    assert everything(network) == before
    for _ in range(2):
        assert network.post("ogul", path, {"record": f"event|{own}"}).status_code == 303
    (link,) = shown(network, "ogul", project)["links"]
    assert (link["kind"], link["record_id"]) == ("event", own)
    # an event that is closed to them is not told to observers
    assert shown(network, "donor", project)["links"] == []
    assert "Paid for by a fund" in network.as_("ogul").get(f"/en/events/{own}").text
    assert network.post("ogul", f"{path}/drop", {"record": f"event|{own}"}).status_code == 303
    assert network.post("ogul", f"{path}/drop", {"record": f"event|{own}"}).status_code == 404
    assert audited(network) == 3


def test_campaigns_activities_and_materials_are_linked_too(network: Network) -> None:
    (owner,) = network.ask("SELECT organisation_id FROM campaigns WHERE id = 'c-4t8n2r'")
    network.join("ayna", owner)
    answer = network.post("ayna", "/en/projects/new", WHOLE)
    project = str(answer.headers["location"].split("/")[3])
    records = {"campaign|c-4t8n2r", "activity|a-h2k7w4", "material|m-4k7tq2"}
    for each in records:
        sent = {"record": each}
        assert network.post("ayna", f"/en/projects/{project}/links", sent).status_code == 303
    found = shown(network, "donor", project)["links"]
    assert {f"{each['kind']}|{each['record_id']}" for each in found} == records


def test_who_may_do_what(network: Network, project: str) -> None:
    one = f"/en/projects/{project}"
    forms = ("edit", "logframe", "links")
    before = everything(network)
    for name, sees, keeps in (
        ("nurana", 200, 200),
        ("bahar", 200, 403),
        ("donor", 200, 403),
        ("helper", 404, 404),
        ("root", 404, 404),
    ):
        client = network.as_(name)
        assert client.get(one).status_code == sees, name
        assert client.get("/en/projects").status_code == sees, name
        for form in forms:
            assert client.get(f"{one}/{form}").status_code == keeps, name
        if keeps != 200:
            assert network.post(name, f"{one}/edit", WHOLE).status_code == keeps
            assert network.post(name, f"{one}/links", {"record": "x"}).status_code == keeps
    assert network.post("donor", "/en/projects/new", WHOLE).status_code == 403
    assert network.post("helper", "/en/projects/new", WHOLE).status_code == 404
    assert network.as_(None).get(one, headers=JSON).status_code == 401
    assert network.as_("ogul").get("/en/projects/nothing").status_code == 404
    # without the token of a page of ours
    assert network.as_("ogul").post(f"{one}/edit", data=WHOLE).status_code == 403
    assert everything(network) == before


def test_a_member_gives_a_project_to_nobody_else(network: Network, project: str) -> None:
    (other,) = network.ask("SELECT organisation_id FROM accounts WHERE id = 'a-bahar'")
    sent = {**WHOLE, "organisation": other}
    assert network.post("ogul", f"/en/projects/{project}/edit", sent).status_code == 422
    assert network.post("nurana", f"/en/projects/{project}/edit", sent).status_code == 303
    assert network.as_("ogul").get(f"/en/projects/{project}/edit").status_code == 403
    assert network.as_("bahar").get(f"/en/projects/{project}/edit").status_code == 200


def test_the_register_as_page_block_json_and_in_four_languages(
    network: Network, project: str
) -> None:
    client = network.as_("ogul")
    for code in LANGUAGES:
        assert "SJ-2026" in client.get(f"/{code}/projects").text
        assert client.get(f"/{code}/projects/{project}").status_code == 200
    block = client.get("/en/projects", headers=PARTIAL).text
    assert "SJ-2026" in block
    assert "<html" not in block
    found = client.get("/en/projects?status=running", headers=JSON).json()
    assert (found["total"], found["results"][0]["id"]) == (1, project)
    assert client.get("/en/projects?status=ended", headers=JSON).json()["total"] == 0
    assert client.get("/en/projects?status=x", headers=JSON).status_code == 422
    assert "Безопасные поездки" in client.get(f"/ru/projects/{project}").text
