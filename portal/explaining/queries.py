"""Questions about one indicator: who may see what of it, and its figures."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import fetch
from portal.errors import NotFound
from portal.explaining.rules import Sight, Which
from portal.indicators.queries import Counted, find_versions


class Quoted(msgspec.Struct, frozen=True):
    """Where a figure was published, and what is said beside it."""

    period: str
    region: str
    sex: str
    age_group: str
    form: str
    source: str
    note: str | None


def get_sight(db: Database, actor: Actor, code: str, today: date) -> Sight:
    """The definitions of an indicator and what this reader may see of it."""
    versions = find_versions(db, code)
    if not versions:
        raise NotFound
    return Sight(actor, versions, today)


def find_over_time(db: Database, code: str, which: Which) -> list[Counted]:
    """The figures of one place, part and organisation in all periods, oldest first."""
    sql = """
        SELECT * FROM figures
        WHERE code = :code AND organisation_id = :organisation AND region = :region
            AND sex = :sex AND age_group = :age_group AND form = :form
        ORDER BY period
    """
    return fetch(db, Counted, sql, code=code, **msgspec.structs.asdict(which))


def find_all(db: Database, code: str, organisation_id: str | None = "") -> list[Counted]:
    """Every figure of an indicator: the network's (none), or one's, or with None everybody's."""
    sql = """
        SELECT * FROM figures
        WHERE code = :code AND (:organisation IS NULL OR organisation_id = :organisation)
        ORDER BY period, organisation_id, region, sex, age_group, form
    """
    return fetch(db, Counted, sql, code=code, organisation=organisation_id)


def find_of_period(db: Database, code: str, period: str) -> list[Counted]:
    """The network's figures of one period: regions, countries and parts."""
    sql = """
        SELECT * FROM figures WHERE code = :code AND period = :period AND organisation_id = ''
        ORDER BY region, sex, age_group, form
    """
    return fetch(db, Counted, sql, code=code, period=period)


def find_quoted(db: Database, code: str) -> list[Quoted]:
    """The sources of all figures of an indicator that were published elsewhere."""
    sql = """
        SELECT period, region, sex, age_group, form, quoted_from AS source, note FROM results
        WHERE code = :code AND quoted_from IS NOT NULL AND accepted_at IS NOT NULL
            AND replaced_at IS NULL
        ORDER BY period, region, sex, age_group, form
    """
    return fetch(db, Quoted, sql, code=code)
