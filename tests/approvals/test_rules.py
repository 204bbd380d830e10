"""Who may be the second person, as a table of cases."""

from datetime import timedelta

import msgspec
import pytest

from portal.approvals.rules import (
    RULES,
    SAYS,
    Side,
    hindrance,
    is_enough,
    may_be_reviewed,
    next_verdict,
)
from seed_data.tables import read_rows
from tests.conftest import MOMENT

ANA = Side("a-ana", "coordinator", "Ana", "o-1")
BEG = Side("a-beg", "coordinator", "Beg", "o-2")
PASSKEY = Side("a-pia", "admin", "Pia", signed_by="passkey")
WEAK = Side("a-wim", "admin", "Wim", signed_by="password")
OTHER_WEAK = Side("a-wal", "admin", "Wal", signed_by="password")


def but(side: Side, **changes: object) -> Side:
    return msgspec.structs.replace(side, **changes)


@pytest.mark.parametrize(
    ("kind", "asker", "second", "why"),
    [
        ("invite", ANA, BEG, None),
        ("invite", ANA, PASSKEY, None),
        ("invite", ANA, ANA, "asker"),
        ("invite", ANA, but(BEG, role="member"), "role"),
        ("invite", ANA, but(BEG, role="observer"), "role"),
        ("invite", ANA, but(BEG, organisation_id="o-1"), "organisation"),
        ("invite", but(ANA, organisation_id=None), but(BEG, organisation_id=None), None),
        ("invite", ANA, but(BEG, name=" ANA "), "same_person"),
        ("invite", but(ANA, name="Ann Lee"), but(BEG, name="LEE, Ann"), "same_person"),
        ("invite", but(ANA, practitioner_id="p"), but(BEG, practitioner_id="p"), "same_person"),
        ("invite", but(ANA, is_gone=True), BEG, "asker_gone"),
        ("export", ANA, PASSKEY, "role"),
        ("acting", but(ANA, role="member"), but(BEG, role="member", is_member=True), None),
        ("acting", but(ANA, role="member"), but(BEG, role="member"), "no_member"),
        ("acting", but(ANA, role="member"), but(ANA, role="member"), "asker"),
    ],
)
def test_07_the_second_person_is_another_one_of_another_organisation(
    kind: str, asker: Side, second: Side, why: str | None
) -> None:
    assert hindrance(kind, asker, second, []) == why


def test_07_nobody_agrees_to_what_concerns_them() -> None:
    assert hindrance("role", ANA, BEG, [BEG]) == "concerned"
    wanted = Side("w-1", "coordinator", "beg")
    assert hindrance("invite", ANA, BEG, [wanted]) == "concerned"


@pytest.mark.parametrize(
    ("kind", "asker", "voices", "enough"),
    [
        ("invite", ANA, [], False),
        ("invite", ANA, [BEG], True),
        ("invite", ANA, [PASSKEY], True),
        ("invite", ANA, [WEAK], False),
        ("invite", ANA, [WEAK, OTHER_WEAK], True),
        ("invite", ANA, [WEAK, BEG], True),
        ("invite", WEAK, [BEG], False),
        ("invite", WEAK, [BEG, OTHER_WEAK], True),
        ("invite", WEAK, [OTHER_WEAK], False),
        ("invite", PASSKEY, [BEG], True),
        ("invite", PASSKEY, [but(PASSKEY, account_id="a-2")], False),
        ("unlock", PASSKEY, [but(PASSKEY, account_id="a-2")], True),
        ("way_back", WEAK, [OTHER_WEAK], True),
        ("way_back", WEAK, [PASSKEY], True),
        ("unlock", but(WEAK, signed_by=""), [ANA], False),
        ("unlock", but(WEAK, signed_by="printed"), [ANA], False),
        ("unlock", but(WEAK, signed_by="demo"), [ANA], True),
    ],
)
def test_09_an_administrator_without_a_passkey_needs_another_one(
    kind: str, asker: Side, voices: list[Side], enough: bool
) -> None:
    assert is_enough(kind, asker, voices) is enough
    assert next_verdict(kind, asker, voices, "refused") == "refused"


@pytest.mark.parametrize(
    ("kind", "days", "eligible", "may"),
    [
        ("invite", 7, 0, True),
        ("invite", 6, 0, False),
        ("invite", 7, 1, False),
        ("export", 20, 0, False),
    ],
)
def test_somebody_from_outside_looks_after_seven_days_without_anybody(
    kind: str, days: int, eligible: int, may: bool
) -> None:
    assert may_be_reviewed(kind, MOMENT, MOMENT + timedelta(days=days), eligible) is may


def test_every_kind_has_its_words() -> None:
    assert set(RULES) == set(SAYS)
    assert {row["code"] for row in read_rows("vocabularies/approval_kinds.csv")} == set(RULES)
