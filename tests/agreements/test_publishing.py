"""What is written about listings stops no release: its codes and titles are words of everybody."""

from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from tests.conftest import MOMENT, OPERATOR
from tests.network import Network


def test_words_of_the_program_may_stand_in_a_public_text(
    network: Network, settings: Settings
) -> None:
    person, link = network.propose("ogul")
    network.consent(link)
    network.agree("bahar", person)
    path = f"/en/practitioners/{person}"
    training = {"held_on": "2026-03-01", "title": "stress and burnout"}
    assert network.post("ogul", f"{path}/trainings", training).status_code == 303
    step = {"step": "suspend", "reason": "absence"}
    assert network.post("ogul", f"{path}/agreement", step).status_code == 303
    with network.store.transaction() as db:
        db.execute("UPDATE consents SET how = 'telephone' WHERE practitioner_id = ?", [person])
        text = "Agreed in absence, by telephone: a course on stress and burnout, with consent."
        db.execute("UPDATE organisations SET summary = ? WHERE visibility = 'public'", [text])
    release_and_publish(network.store, settings, OPERATOR, MOMENT)
