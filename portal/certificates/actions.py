"""Say who completed a training: it stands in their record from then on, or no more."""

from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.certificates.queries import find_trained, get_training_for
from portal.notices.actions import notify
from portal.papers.actions import add_training, remove_training
from portal.practitioners.queries import get_practitioner_for


def certify(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    event_id: str,
    shown: list[str],
    trained: list[str],
) -> None:
    """Write a training into the records of those ticked, and out of those of the others shown.

    Only people whom the actor may see are touched; each is told.
    """
    training = get_training_for(db, by, today, event_id)
    before = set(find_trained(db, event_id))
    for practitioner_id in dict.fromkeys([*shown, *trained]):
        # security: asked first, so that nobody learns from the answer who completed what
        person = get_practitioner_for(db, by, today, practitioner_id)
        is_trained = practitioner_id in trained
        if is_trained == (practitioner_id in before):
            continue
        if is_trained:
            day, title = training.starts_on, training.title
            add_training(db, by, at, person.id, day, title, event_id)
        else:
            remove_training(db, by, at, person.id, event_id)
        kind = "training_entered" if is_trained else "training_removed"
        notify(db, at, kind, person.id, practitioner_id=person.id)
