"""The clocked work of all domains: one row a job."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.applying.actions import forget_applications, send_letters
from portal.approvals.actions import expire_approvals
from portal.campaigns.actions import forget_removed
from portal.changes.actions import lapse_old
from portal.confirmations.actions import remind
from portal.contacts.actions import forget_old_looks
from portal.contributing.actions import remind_of_consents
from portal.db import Store
from portal.desk.actions import expire_wishes
from portal.drafts.actions import forget_by_the_clock
from portal.indexes.actions import look_over
from portal.leaving.actions import erase_departed
from portal.papers.actions import remind_of_licences
from portal.people.actions import remind_of_grants
from portal.releasing.acts import bring_forward
from portal.renewals.actions import remind_of_renewals
from portal.reporting.actions import remind as remind_of_reports
from portal.requests.actions import move_on
from portal.settings import Settings
from portal.tickets.actions import forget_notes
from portal.uploads.keeping import scan_pending, sweep
from portal.visits.actions import erase, expire

# inside one transaction: as often as it runs, what was done is not done again; how many were done
Work = Callable[[Database, Actor, datetime, date], int]

# opens its own transactions, since it also waits for files or another server
Round = Callable[[Store, Settings, Actor, datetime], int]


class Job(msgspec.Struct, frozen=True):
    """A piece of work and how often it is looked for."""

    name: str
    every: timedelta
    work: Work


class Errand(msgspec.Struct, frozen=True):
    """Work that leaves the database: two workers may both do it, and nothing is done twice."""

    name: str
    every: timedelta
    work: Round


JOBS: tuple[Job | Errand, ...] = (
    Job("approvals-expiry", timedelta(hours=1), expire_approvals),
    Job("grant-reminders", timedelta(hours=6), remind_of_grants),
    Job("confirmation-reminders", timedelta(hours=1), remind),
    Job("licence-reminders", timedelta(hours=6), remind_of_licences),
    Job("wishes", timedelta(hours=6), expire_wishes),
    Job("image-consents", timedelta(hours=6), remind_of_consents),
    Job("drafts", timedelta(hours=1), forget_by_the_clock),
    Job("looks", timedelta(days=1), forget_old_looks),
    Job("ticket-notes", timedelta(hours=1), forget_notes),
    Job("removed-activities", timedelta(days=1), forget_removed),
    Job("changes-lapse", timedelta(hours=6), lapse_old),
    Job("renewal-reminders", timedelta(hours=6), remind_of_renewals),
    Job("requests", timedelta(minutes=1), move_on),
    Job("requests-expiry", timedelta(hours=1), expire),
    Job("requests-erasure", timedelta(minutes=5), erase),
    Errand("scan-files", timedelta(minutes=10), scan_pending),
    Errand("application-letters", timedelta(minutes=1), send_letters),
    Errand("applications-erasure", timedelta(hours=1), forget_applications),
    Errand("report-reminders", timedelta(days=1), remind_of_reports),
    Errand("departed", timedelta(hours=6), erase_departed),
    Errand("files-sweep", timedelta(hours=6), sweep),
    Errand("search-index", timedelta(days=1), look_over),
    # the last one: an audit may take a minute, and the others do not wait for it
    Errand("releases", timedelta(minutes=1), bring_forward),
)
