"""Which steps a membership may take, who founded the network, and what a suspension closes."""

import pytest

from portal.db import Store, column
from portal.errors import Invalid
from portal.membership.actions import close_accounts, found, move, readmit, set_state
from portal.membership.queries import find_founder, find_history, state_of
from portal.membership.rules import MOVES, REASONS
from portal.organisations.actions import save_organisation
from portal.vocabularies.terms import load_terms
from tests.conftest import MOMENT, OPERATOR

DRAWN = """
never applied -> applicant admitted
applicant -> under_review left
under_review -> more_information admitted declined left
more_information -> under_review declined left
declined -> under_review applicant
admitted -> suspended left
suspended -> admitted left
left -> applicant admitted
"""

NEW = "o-moves"


@pytest.fixture
def organisation(store: Store) -> str:
    with store.transaction() as db:
        save_organisation(db, OPERATOR, MOMENT, NEW, {"name": "Täze umyt", "kind": "ngo"})
        row = {"id": "a-moves", "sign_in_name": "moves", "name": "Moves", "role": "member"}
        db.table("accounts").insert({**row, "organisation_id": NEW})
    return NEW


def test_the_allowed_moves_are_these() -> None:
    drawn = [f"{state or 'never applied'} -> {' '.join(to)}" for state, to in MOVES.items()]
    assert "\n".join(drawn) == DRAWN.strip()


@pytest.mark.parametrize("state", MOVES, ids=str)
def test_every_other_move_is_refused_and_leaves_nothing(
    store: Store, organisation: str, state: str | None
) -> None:
    with store.transaction() as db:
        if state:
            set_state(db, OPERATOR, MOMENT, organisation, state)
        for wanted in {each for each in MOVES if each} - {*MOVES[state], state}:
            with pytest.raises(Invalid):
                move(db, OPERATOR, MOMENT, organisation, wanted)
        assert state_of(db, organisation) == state
        assert len(find_history(db, organisation)) == (1 if state else 0)


def test_every_allowed_move_is_taken_with_its_reason(store: Store, organisation: str) -> None:
    walks = [(now, wanted) for now, to in MOVES.items() if now for wanted in to]
    for now, wanted in walks:
        with store.transaction() as db:
            set_state(db, OPERATOR, MOMENT, organisation, now)
            move(db, OPERATOR, MOMENT, organisation, wanted, "own_wish", "so it was agreed")
            newest = find_history(db, organisation)[0]
        told = (newest.state, newest.reason, newest.note, newest.by)
        assert told == (wanted, "own_wish", "so it was agreed", "operator")


def test_the_reasons_are_codes_of_the_vocabulary(store: Store) -> None:
    with store.read() as db:
        known = set(load_terms(db).codes("membership_reasons"))
    assert {reason for reasons in REASONS.values() for reason in reasons} <= known


def test_a_suspension_closes_accounts_and_its_end_opens_the_same(
    store: Store, organisation: str
) -> None:
    locked = "SELECT locked_at IS NOT NULL FROM accounts WHERE organisation_id = :o ORDER BY id"
    with store.transaction() as db:
        row = {"id": "a-other", "sign_in_name": "other", "name": "Other", "role": "member"}
        before = {"organisation_id": NEW, "locked_at": "2026-01-01T00:00:00Z"}
        db.table("accounts").insert({**row, **before})
        set_state(db, OPERATOR, MOMENT, organisation, "admitted")
        move(db, OPERATOR, MOMENT, organisation, "suspended", "complaint")
        assert close_accounts(db, OPERATOR, MOMENT, organisation) == 1
        assert column(db, locked, o=organisation) == [1, 1]
        readmit(db, OPERATOR, MOMENT, organisation)
        # who was locked before for a reason of their own stays so
        assert column(db, locked, o=organisation) == [0, 1]
        assert state_of(db, organisation) == "admitted"


def test_a_founding_member_is_recorded_with_day_and_minute(store: Store, organisation: str) -> None:
    with store.transaction() as db:
        found(db, OPERATOR, MOMENT, organisation, "2010-10-03", "Minute 1")
        recorded = find_founder(db, organisation)
        joined = column(db, "SELECT joined_on FROM organisations WHERE id = :o", o=organisation)
        assert state_of(db, organisation) == "admitted"
    assert recorded is not None
    assert (str(recorded.founded_on), recorded.minute) == ("2010-10-03", "Minute 1")
    assert joined == ["2010-10-03"]
