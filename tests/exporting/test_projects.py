"""A project is published only where its own organisation wants it, with no number of people."""

import os
from pathlib import Path

import pytest
from lxml import etree  # type: ignore[import-untyped]

from portal.exporting.actions import write_files
from portal.publication.actions import publish
from tests.conftest import MOMENT, OPERATOR
from tests.exporting.conftest import folder_of
from tests.network import Network
from tests.projects.test_given import INSIDE, ORDER, REQUIRED, in_order

PROJECT = "pr-murgap"
ADDRESS = f"/en/projects/{PROJECT}"

# a folder with the schemas of the IATI standard 2.03, which the project does not hold
SCHEMAS = os.environ.get("IATI_SCHEMAS", "")


def test_several_projects_stand_in_one_file_in_the_order_of_the_standard(files: Path) -> None:
    root = etree.parse(files / "projects-iati.xml").getroot()
    assert (root.tag, root.get("version")) == ("iati-activities", "2.03")
    identifiers = [each.findtext("iati-identifier") for each in root]
    # the house's own organisation has no public card
    assert len(identifiers) == len(set(identifiers)) == 2
    for activity in root:
        assert in_order([each.tag for each in activity], ORDER)
        for element in activity.iter():
            assert REQUIRED.get(element.tag, set()) <= set(element.attrib), element.tag
            if element.tag in INSIDE:
                assert in_order([each.tag for each in element], INSIDE[element.tag])


def test_no_number_of_people_is_told_not_even_a_rounded_one(files: Path) -> None:
    root = etree.parse(files / "projects-iati.xml").getroot()
    told = [
        indicator.find("reference").get("code")
        for indicator in root.iter("indicator")
        if [*indicator.iter("actual"), *indicator.iter("baseline"), *indicator.iter("description")]
    ]
    assert set(told) <= {"leaflets"}
    assert [*root.iter("target")]


@pytest.mark.skipif(not SCHEMAS, reason="IATI_SCHEMAS names no folder")
def test_the_schema_of_the_standard_accepts_the_file(files: Path) -> None:
    schema = etree.XMLSchema(etree.parse(Path(SCHEMAS) / "iati-activities-schema.xsd"))
    schema.assertValid(etree.parse(files / "projects-iati.xml"))


def publish_now(network: Network) -> Path:
    """The projects' file of an edition of now, if there is one."""
    site = network.client.app.state.site
    publish(site.store, site.settings, OPERATOR, MOMENT)
    assert write_files(site.settings, site.store) > 50
    return folder_of(site.settings) / "projects-iati.xml"


def want(network: Network, name: str, wanted: str) -> int:
    """Somebody says whether the project is to be published; the answer's status."""
    form = {"wanted": wanted}
    return network.post(name, f"/en/projects/{PROJECT}/publishing", form).status_code


def test_only_its_own_people_publish_a_project_and_its_keepers_take_it_back(
    network: Network,
) -> None:
    assert not publish_now(network).exists()
    for other in ("bahar", "donor", "nurana"):
        assert want(network, other, "yes") == 403
        assert "Publish for everybody" not in network.as_(other).get(ADDRESS).text
    assert "Publish for everybody" in network.as_("ogul").get(ADDRESS).text
    assert want(network, "ogul", "maybe") == 422
    for _click in range(2):
        assert want(network, "ogul", "yes") == 303
    assert network.ask("SELECT wanted FROM project_publishing") == [1]
    assert b"DEMO-2024-MURGAP" in publish_now(network).read_bytes()
    assert "Publish no more" in network.as_("nurana").get(ADDRESS).text
    assert want(network, "nurana", "no") == 303
    assert not publish_now(network).exists()
    verbs = "SELECT verb FROM audit WHERE entity = 'projects' AND verb LIKE '%publish' ORDER BY id"
    assert network.ask(verbs) == ["publish", "unpublish"]


def test_a_project_that_went_to_another_organisation_is_published_no_more(
    network: Network,
) -> None:
    assert want(network, "ogul", "yes") == 303
    with network.store.transaction() as db:
        (other,) = db.execute(
            "SELECT id FROM organisations WHERE visibility = 'public'"
            " AND id <> (SELECT organisation_id FROM projects WHERE id = ?)",
            [PROJECT],
        ).fetchone()
        db.table("projects").update(PROJECT, {"organisation_id": other})
    assert not publish_now(network).exists()


def test_a_private_word_in_a_project_keeps_the_file_back(
    network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    assert want(network, "ogul", "yes") == 303
    (phone,) = network.ask(
        "SELECT phone FROM practitioner_contacts WHERE length(phone) > 8 LIMIT 1"
    )
    with network.store.transaction() as db:
        db.table("projects").update(PROJECT, {"description": f"Call {phone} first"})
    assert not publish_now(network).exists()
    assert "A private value of practitioner_contacts.phone" in caplog.text
    assert phone not in caplog.text
