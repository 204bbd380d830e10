"""Questions about the code of ethics: the text that stands now, and who signed it."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.db import column, fetch, fetch_one


class Code(msgspec.Struct, frozen=True):
    """One version of the code; `note` and each point are texts by language."""

    version: str
    adopted_on: date
    note: dict[str, str]
    points: list[dict[str, str]]


class Signature(msgspec.Struct, frozen=True):
    """Which version somebody signed, and when."""

    version: str
    signed_on: date


def find_code(db: Database) -> Code | None:
    """The newest version; None while the network has none."""
    sql = """
        SELECT version, adopted_on, note,
            (SELECT json_group_array(json(texts)) FROM (
                SELECT texts FROM ethics_points AS p
                WHERE p.version = v.version ORDER BY position)) AS points
        FROM ethics_versions AS v ORDER BY adopted_on DESC, version DESC LIMIT 1
    """
    return fetch_one(db, Code, sql)


def find_signatures(db: Database, practitioner_id: str) -> list[Signature]:
    """The signatures of a practitioner, newest first."""
    sql = """
        SELECT version, signed_on FROM ethics_signatures
        WHERE practitioner_id = :id ORDER BY signed_on DESC, version DESC
    """
    return fetch(db, Signature, sql, id=practitioner_id)


def version_to_sign(db: Database, practitioner_id: str) -> str | None:
    """The newest version when this practitioner has not signed it, else None."""
    sql = """
        SELECT version FROM (SELECT version FROM ethics_versions
                             ORDER BY adopted_on DESC, version DESC LIMIT 1) AS newest
        WHERE NOT EXISTS (SELECT 1 FROM ethics_signatures AS s
                          JOIN practitioners AS p ON p.id = s.practitioner_id
                          WHERE s.practitioner_id = :id AND s.version = newest.version
                          AND p.ethics_signed_on IS NOT NULL)
    """
    found = column(db, sql, id=practitioner_id)
    return str(found[0]) if found else None
