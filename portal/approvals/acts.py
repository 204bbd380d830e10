"""What is done once enough people agree: one function a kind, inside the approving transaction.

Nothing is done before, and a refused or expired item leaves nothing behind.
"""

from collections.abc import Callable
from datetime import date, datetime

from sqlite_utils import Database

from portal.accounts.actions import appoint_acting, set_role, unlock_account
from portal.accounts.actions import grant_directory as grant_person
from portal.actor import Actor
from portal.approvals.queries import Approval, is_without_coordinator
from portal.approvals.rules import A_YEAR, ACTING_FOR, definition_asked
from portal.campaigns.actions import publish_campaign, return_campaign
from portal.charter.actions import adopt
from portal.db import column
from portal.errors import Invalid
from portal.events.actions import publish_event
from portal.i18n.language import Message
from portal.indicators.actions import reword, set_openness
from portal.indicators.queries import find_version
from portal.invitations.actions import forget_wanted, invite_again, invite_wanted
from portal.materials.actions import publish_version, set_version_state
from portal.membership.actions import found, readmit
from portal.membership.queries import refuse_out, refuse_out_account
from portal.notices.actions import notify
from portal.organisations.actions import grant_directory as grant_organisation
from portal.publication.actions import move_release
from portal.publication.ledger import State, digest_of_figures
from portal.publication.queries import find_draft, find_figures_of

MEANWHILE = Message("Meanwhile this was changed. Look at what stands now, then decide anew.")

Act = Callable[[Database, Actor, datetime, Approval], None]


def _permit(_db: Database, _by: Actor, _at: datetime, _item: Approval) -> None:
    """The approval itself is what was asked for; its asker uses it once (`take`)."""


def _grant(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    until = (at + A_YEAR).date()
    if item.detail["of"] == "organisation":
        refuse_out(db, "member", item.subject_id)
        return grant_organisation(db, by, at, item.subject_id, until)
    refuse_out_account(db, item.subject_id)
    return grant_person(db, by, at, item.subject_id, until)


def _unlock(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    refuse_out_account(db, item.subject_id)
    unlock_account(db, by, at, item.subject_id)


def _make_coordinator(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    refuse_out_account(db, item.subject_id)
    set_role(db, by, at, item.subject_id, "coordinator")


def _appoint(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    if not is_without_coordinator(db, at.date()):
        raise Invalid({"all": [Message("There is a coordinator again: nobody has to stand in.")]})
    refuse_out_account(db, item.subject_id)
    appoint_acting(db, by, at, item.subject_id, (at + ACTING_FOR).date())
    for account_id in column(db, "SELECT id FROM accounts WHERE locked_at IS NULL"):
        notify(db, at, "acting_appointed", item.subject_id, account_id=account_id)


def _publish_material(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    publish_version(db, by, at, item.subject_id)


def _publish_campaign(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    publish_campaign(db, by, at, item.subject_id)


def _publish_event(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    publish_event(db, by, at, item.subject_id)


def _adopt_charter(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    adopted_on = date.fromisoformat(item.detail["on"])
    adopt(db, by, at, int(item.subject_id), adopted_on, item.detail.get("minute"))


def _readmit(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    readmit(db, by, at, item.subject_id)


def _found(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    found(db, by, at, item.subject_id, item.detail["on"], item.detail["minute"])


def _open_indicator(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    code, _, version = item.subject_id.partition("/")
    stored = find_version(db, code, int(version))
    asked = definition_asked(stored, item.detail) if stored else None
    # security: agreed to is what was shown, and nothing that somebody wrote meanwhile
    if stored is None or asked is None or asked.meaning != item.detail.get("meaning"):
        raise Invalid({"all": [MEANWHILE]})
    if asked != stored:
        reword(db, by, at, asked)
    set_openness(db, by, at, code, stored.version, counts_people=False)


def _publish_release(db: Database, by: Actor, at: datetime, item: Approval) -> None:
    release_id = int(item.subject_id)
    # security: agreed to is what was shown, to the last figure
    if digest_of_figures(find_figures_of(db, release_id)) != item.detail.get("digest"):
        raise Invalid({"all": [MEANWHILE]})
    move_release(db, by, at, release_id, "approved")


ACTS: dict[str, Act] = {
    "invite": _permit,
    "way_back": _permit,
    "export": _permit,
    "grant_directory": _grant,
    "unlock": _unlock,
    "role": _make_coordinator,
    "acting": _appoint,
    "publish_material": _publish_material,
    "publish_campaign": _publish_campaign,
    "publish_event": _publish_event,
    "adopt_charter": _adopt_charter,
    "readmit": _readmit,
    "founder": _found,
    "open_indicator": _open_indicator,
    "publish_release": _publish_release,
}


def hand_over(db: Database, by: Actor, at: datetime, item: Approval) -> str:
    """The code of an invitation that was agreed to, made now; it is told this once."""
    if item.kind == "invite":
        return invite_wanted(db, by, at, item.subject_id)
    names = column(db, "SELECT sign_in_name FROM accounts WHERE id = :id", id=item.subject_id)
    return invite_again(db, by, at, str(names[0]))


def drop(
    db: Database, by: Actor, at: datetime, item: Approval, verdict: str, reason: str | None
) -> None:
    """What becomes of what was not agreed to: forgotten, or given back to who asked."""
    if item.kind == "invite":
        forget_wanted(db, item.subject_id)
    elif item.kind == "publish_material":
        state = "draft" if verdict == "withdrawn" else "returned"
        set_version_state(db, by, at, item.subject_id, state, reason)
    elif item.kind == "publish_campaign":
        return_campaign(db, by, at, item.subject_id)
    elif item.kind == "publish_release":
        _drop_release(db, by, at, int(item.subject_id), verdict, reason)


def _drop_release(
    db: Database, by: Actor, at: datetime, release_id: int, verdict: str, reason: str | None
) -> None:
    draft = find_draft(db, release_id)
    if draft is not None and draft.state == "prepared":
        state: State = "refused" if verdict == "refused" else "dropped"
        move_release(db, by, at, release_id, state, reason)
