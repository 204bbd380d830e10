"""What the page of an item shows of the very thing that is agreed to."""

from datetime import date, timedelta

import msgspec
from sqlite_utils import Database

from portal.approvals.queries import Approval
from portal.approvals.rules import definition_asked
from portal.indicators.queries import Definition, find_versions


class AskedVersion(msgspec.Struct, frozen=True):
    """The version of an indicator that would be open, and its last day when a newer one follows."""

    definition: Definition
    last: date | None


def find_asked_version(db: Database, item: Approval) -> AskedVersion | None:
    """The version that an item is about, in the words that wait; None for any other item."""
    if item.kind != "open_indicator":
        return None
    code, _, version = item.subject_id.partition("/")
    last = None
    for each in find_versions(db, code):
        if each.version == int(version):
            return AskedVersion(definition_asked(each, item.detail), last)
        last = each.starts - timedelta(days=1)
    return None
