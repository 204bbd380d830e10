"""Questions about binding: which organisations may be chosen, and whether it was done."""

from sqlite_utils import Database

from portal.actor import Actor
from portal.db import count
from portal.organisations.queries import Alike
from portal.reviews.queries import Namesakes, find_namesakes
from portal.reviews.standing import Standing


def find_choices(db: Database, actor: Actor, standing: Standing) -> Namesakes:
    """What this coordinator may choose from; nobody chooses their own organisation."""
    found = find_namesakes(db, standing)
    # security: whoever belongs to an organisation does not bring it back alone
    own: list[Alike] = [each for each in found.known if each.id == actor.organisation_id]
    known = [each for each in found.known if each not in own]
    return Namesakes(known, [*own, *found.others])


def is_bound_to(db: Database, application_id: str, organisation_id: str) -> bool:
    """Whether an application was bound to this organisation before."""
    sql = """
        SELECT count(*) FROM applications
        WHERE id = :id AND organisation_id = :organisation AND bound_at IS NOT NULL
    """
    return count(db, sql, id=application_id, organisation=organisation_id) > 0
