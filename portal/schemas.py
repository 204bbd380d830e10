"""Every table of the main database, in the order in which they are made."""

from portal import audit, outbox
from portal.accounts import schema as accounts
from portal.agreements import schema as agreements
from portal.applications import schema as applications
from portal.approvals import schema as approvals
from portal.campaigns import schema as campaigns
from portal.cards import schema as cards
from portal.changes import schema as changes
from portal.charter import schema as charter
from portal.confirmations import schema as confirmations
from portal.contacts import schema as contacts
from portal.contributing import schema as contributing
from portal.credentials import schema as credentials
from portal.desk import schema as desk
from portal.digests import schema as digests
from portal.drafts import schema as drafts
from portal.ethics import schema as ethics
from portal.evaluations import schema as evaluations
from portal.events import schema as events
from portal.indicators import schema as indicators
from portal.invitations import schema as invitations
from portal.jobs import schema as jobs
from portal.leaving import schema as leaving
from portal.links import schema as links
from portal.materials import schema as materials
from portal.membership import schema as membership
from portal.nearby import schema as nearby
from portal.notices import schema as notices
from portal.organisations import schema as organisations
from portal.papers import schema as papers
from portal.passkeys import schema as passkeys
from portal.people import schema as people
from portal.places import schema as places
from portal.plans import schema as plans
from portal.practitioners import schema as practitioners
from portal.projects import schema as projects
from portal.publication import schema as publication
from portal.renewals import schema as renewals
from portal.requests import schema as requests
from portal.reviews import schema as reviews
from portal.tickets import schema as tickets
from portal.uploads import schema as uploads
from portal.vocabularies import schema as vocabularies

_ROOMS = (
    audit,
    outbox,
    vocabularies,
    places,
    organisations,
    membership,
    practitioners,
    changes,
    agreements,
    confirmations,
    cards,
    nearby,
    uploads,
    materials,
    campaigns,
    events,
    evaluations,
    ethics,
    papers,
    accounts,
    credentials,
    passkeys,
    drafts,
    links,
    notices,
    digests,
    jobs,
    invitations,
    approvals,
    people,
    contacts,
    tickets,
    desk,
    requests,
    publication,
    contributing,
    charter,
    applications,
    reviews,
    renewals,
    leaving,
    indicators,
    projects,
    plans,
)

MIGRATIONS = tuple(room.migrations for room in _ROOMS)

TIERS: dict[str, dict[str, str]] = {
    table: columns for room in _ROOMS for table, columns in room.TIERS.items()
}
