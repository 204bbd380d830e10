"""One definition of an indicator for all tests, each with what it changes in it."""

from datetime import date
from typing import Any

import msgspec

from portal.indicators.queries import Definition

COUNT_OF_PEOPLE = Definition(
    code="assisted",
    version=1,
    source="reported",
    counter=None,
    starts=date(2023, 1, 1),
    kind="count",
    unit="people",
    direction="up",
    counts_people=True,
    total_rule="sum",
    place_rule="sum",
    period_rule="sum",
    frequency="quarter",
    dimensions=["sex"],
    titles={"en": "People directly assisted"},
    descriptions={"en": "Each person once a quarter."},
    verification={"en": "The organisation's own register."},
    reporters="organisations",
)


def defined_as(**changes: Any) -> Definition:
    """A count of people that organisations report each quarter, but for the changes."""
    return msgspec.structs.replace(COUNT_OF_PEOPLE, **changes)
