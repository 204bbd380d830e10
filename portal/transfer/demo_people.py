"""Items that wait for a second person in the demo, between accounts anybody may try."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from portal.accounts.actions import find_or_make_demo_account
from portal.accounts.rules import ANOTHER, DEMO_ROLES
from portal.actor import Actor
from portal.approvals.actions import ask
from portal.invitations.actions import Wanted
from portal.people.actions import ask_invitation

INVITED = "Maral Durdyýewa"


def seed_people(db: Database, at: datetime) -> None:
    """A coordinator of another organisation asks for two things, the demo's own for one."""
    for role, organisation in DEMO_ROLES:
        find_or_make_demo_account(db, role, organisation or None, at.date())
    if db.table("approvals").count:
        return
    other, own = _coordinator(db, ANOTHER), _coordinator(db, None)
    wanted = Wanted(INVITED, "member", other.organisation_id, directory=True)
    ask_invitation(db, other, at - timedelta(days=2), wanted)
    grantee = str(other.organisation_id)
    ask(db, other, at - timedelta(days=1), "grant_directory", grantee, of="organisation")
    member = f"demo-member-{ANOTHER}"
    ask(db, own, at - timedelta(hours=5), "role", member, role="coordinator")


def _coordinator(db: Database, organisation: str | None) -> Actor:
    account_id = "-".join(filter(None, ("demo-coordinator", organisation)))
    row = db.table("accounts").get(account_id)
    return Actor(
        role="coordinator",
        account_id=account_id,
        name=row["name"],
        organisation_id=row["organisation_id"],
    )
