"""The pages of every room, below the language of their reader."""

from portal.accounts import pages as accounts
from portal.agreements import pages as agreements
from portal.answering import pages as answering
from portal.applying import pages as applying
from portal.approvals import pages as approvals
from portal.awaiting import pages as awaiting
from portal.basket import pages as basket
from portal.belonging import pages as belonging
from portal.binding import pages as binding
from portal.campaigning import pages as campaigning
from portal.campaigns import pages as campaigns
from portal.capacity import pages as capacity
from portal.cards import pages as cards
from portal.certificates import pages as certificates
from portal.changes import pages as changes
from portal.charter import pages as charter
from portal.chartering import pages as chartering
from portal.closing import pages as closing
from portal.comparing import pages as comparing
from portal.confirmations import pages as confirmations
from portal.consents import pages as consents
from portal.contacts import pages as contacts
from portal.contributing import pages as contributing
from portal.coverage import pages as coverage
from portal.credentials import pages as credentials
from portal.dashboard import pages as dashboard
from portal.deciding import pages as deciding
from portal.defining import pages as defining
from portal.desk import pages as desk
from portal.donors import pages as donors
from portal.downloads import pages as downloads
from portal.drafts import pages as drafts
from portal.editing import pages as editing
from portal.ethics import pages as ethics
from portal.evaluations import pages as evaluations
from portal.events import pages as events
from portal.evidence import pages as evidence
from portal.explaining import pages as explaining
from portal.farewells import pages as farewells
from portal.funding import pages as funding
from portal.gallery import pages as gallery
from portal.handovers import pages as handovers
from portal.invitations import pages as invitations
from portal.leaving import pages as leaving
from portal.links import pages as links
from portal.nearby import pages as nearby
from portal.observing import pages as observing
from portal.organisations import pages as organisations
from portal.organising import pages as organising
from portal.outside import pages as outside
from portal.passkeys import pages as passkeys
from portal.people import pages as people
from portal.places import pages as places
from portal.planning import pages as planning
from portal.plans import pages as plans
from portal.practitioners import pages as practitioners
from portal.projects import pages as projects
from portal.proposals import pages as proposals
from portal.releasing import pages as releasing
from portal.renewals import pages as renewals
from portal.reporting import pages as reporting
from portal.requests import pages as requests
from portal.reviewing import pages as reviewing
from portal.reworking import pages as reworking
from portal.safety import pages as safety
from portal.site_search import pages as site_search
from portal.tickets import pages as tickets
from portal.tracing import pages as tracing
from portal.translating import pages as translating
from portal.verifying import pages as verifying
from portal.visits import pages as visits
from portal.web import home
from portal.wording import pages as wording
from portal.work import pages as work
from portal.worksheets import pages as worksheets

IN_A_LANGUAGE = (
    home.router,
    accounts.router,
    credentials.router,
    passkeys.router,
    drafts.router,
    invitations.router,
    links.router,
    organisations.router,
    practitioners.router,
    capacity.router,
    confirmations.router,
    cards.router,
    contacts.router,
    tickets.router,
    basket.router,
    binding.router,
    desk.router,
    changes.router,
    editing.router,
    proposals.router,
    consents.router,
    agreements.router,
    ethics.router,
    charter.router,
    chartering.router,
    translating.router,
    nearby.router,
    requests.router,
    visits.router,
    places.router,
    events.router,
    organising.router,
    evaluations.router,
    explaining.router,
    tracing.router,
    comparing.router,
    certificates.router,
    dashboard.router,
    campaigns.router,
    campaigning.router,
    plans.router,
    planning.router,
    site_search.router,
    coverage.router,
    defining.router,
    safety.router,
    work.router,
    people.router,
    approvals.router,
    gallery.router,
    downloads.router,
    contributing.router,
    reworking.router,
    wording.router,
    applying.router,
    answering.router,
    awaiting.router,
    reviewing.router,
    evidence.router,
    outside.router,
    deciding.router,
    renewals.router,
    reporting.router,
    verifying.router,
    closing.router,
    worksheets.router,
    belonging.router,
    handovers.router,
    leaving.router,
    farewells.router,
    projects.router,
    funding.router,
    donors.router,
    observing.router,
    releasing.router,
)
