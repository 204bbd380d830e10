"""Asking, approving, returning, undoing, restoring; and what nobody may bring back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from portal.actor import Actor
from portal.agreements.actions import exclude, give_consent, set_agreement, withdraw_consent
from portal.changes.actions import (
    approve,
    ask,
    forget_contacts,
    lapse_old,
    restore,
    send_back,
    undo,
    withdraw,
)
from portal.changes.forms import Moved, Outcome, Wish
from portal.changes.queries import find_waiting, get_change, new_values
from portal.db import Store, column, count
from portal.errors import Invalid, NotAllowed, NotFound
from portal.jobs.registry import JOBS
from portal.practitioners.actions import save_practitioner
from portal.practitioners.rules import name_key
from portal.versions.queries import find_versions, values_at
from tests.changes.conftest import Cast
from tests.conftest import MOMENT, OPERATOR, TODAY
from tests.settling import settle

Make = Callable[..., Wish]
Record = Callable[[], dict[str, Any]]
NEW = "+993 65 998817"
DAY = timedelta(days=1)


def asked(store: Store, cast: Cast, by: Actor, wish: Wish, at: Any = MOMENT) -> Outcome:
    with store.transaction() as db:
        return ask(db, by, at, TODAY, cast.her, wish)


def approved(store: Store, cast: Cast, by: Actor, number: int, at: Any = MOMENT) -> None:
    with store.transaction() as db:
        version = column(db, "SELECT version FROM practitioners WHERE id = :id", id=cast.her)[0]
        approve(db, by, at, TODAY, (cast.her, number), version)


def undone(store: Store, cast: Cast, by: Actor, number: int, at: Any = MOMENT) -> int:
    with store.transaction() as db:
        return undo(db, by, at, TODAY, (cast.her, number))


def said(refused: Invalid) -> str:
    return str(refused.fields["all"][0])


def state(store: Store, cast: Cast, number: int | None) -> str:
    with store.read() as db:
        return get_change(db, cast.her, number or 0).state


def test_what_narrows_takes_effect_and_the_rest_waits_beside_the_record(
    store: Store, cast: Cast, record: Record, wish: Make
) -> None:
    before = record()
    outcome = asked(store, cast, cast.herself, wish(travel_km=20.0, phone=NEW, languages=["ru"]))
    assert outcome.applied
    assert outcome.waiting
    now = record()
    assert (now["travel_km"], now["languages"]) == (20.0, ["ru"])
    assert now["phone"] == before["phone"]
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM listings WHERE practitioner_id = :id", id=cast.her)
        kept = get_change(db, cast.her, outcome.waiting)
        assert kept.diff == {"phone": None}
        assert new_values(db, kept) == {"phone": NEW}


def test_a_phone_that_is_removed_is_gone_at_once(
    store: Store, cast: Cast, record: Record, wish: Make
) -> None:
    assert asked(store, cast, cast.member, wish(phone=None)).waiting is None
    assert record()["phone"] is None
    with store.read() as db:
        told = column(db, "SELECT kind FROM notices WHERE practitioner_id = :id", id=cast.her)
    assert "details_changed" in told


def test_a_second_person_lets_it_take_effect(
    store: Store, cast: Cast, record: Record, wish: Make
) -> None:
    number = asked(store, cast, cast.member, wish(phone=NEW, place_id="1219762")).waiting
    approved(store, cast, cast.herself, int(number or 0))
    assert (record()["phone"], record()["place_id"]) == (NEW, "1219762")
    with store.read() as db:
        listed = "SELECT place_id FROM listings WHERE practitioner_id = :id"
        assert column(db, listed, id=cast.her) == ["1219762"]
        assert not count(db, "SELECT count(*) FROM practitioner_changes_apart")
        assert get_change(db, cast.her, int(number or 0)).version


@pytest.mark.parametrize(
    ("by", "others"),
    [
        ("herself", {"member", "coordinator"}),
        ("member", {"herself", "coordinator"}),
        ("coordinator", {"herself", "member"}),
    ],
)
def test_07_two_approvers_who_are_the_same_person_are_refused(
    store: Store, cast: Cast, wish: Make, by: str, others: set[str]
) -> None:
    author = getattr(cast, by)
    number = int(asked(store, cast, author, wish(travel_km=90.0)).waiting or 0)
    with pytest.raises(NotAllowed):
        approved(store, cast, author, number)
    if by == "member":
        colleague = Actor(**{**_fields(cast.member), "account_id": "a-colleague"})
        with pytest.raises(NotAllowed):
            approved(store, cast, colleague, number)
    for other in others:
        with store.read() as db:
            found = find_waiting(db, getattr(cast, other), MOMENT, TODAY)
        assert [each.path[-1] for each in found if each.path[1] == cast.her] == [str(number)]
    with store.read() as db:
        mine = find_waiting(db, author, MOMENT, TODAY)
    assert cast.her not in [each.path[1] for each in mine]


def _fields(actor: Actor) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in actor.__struct_fields__}


def test_07_her_second_account_is_not_a_second_person(store: Store, cast: Cast, wish: Make) -> None:
    number = int(asked(store, cast, cast.herself, wish(travel_km=90.0)).waiting or 0)
    as_member = Actor(
        **{**_fields(cast.member), "account_id": "a-two", "practitioner_id": cast.her}
    )
    with pytest.raises(NotAllowed):
        approved(store, cast, as_member, number)


def test_03_a_member_of_another_organisation_reaches_nothing(
    store: Store, cast: Cast, wish: Make
) -> None:
    number = int(asked(store, cast, cast.herself, wish(travel_km=90.0)).waiting or 0)
    with pytest.raises(NotFound):
        asked(store, cast, cast.stranger, wish(travel_km=1.0))
    for act in (
        lambda db: approve(db, cast.stranger, MOMENT, TODAY, (cast.her, number), 1),
        lambda db: send_back(db, cast.stranger, MOMENT, TODAY, (cast.her, number), "wrong"),
        lambda db: withdraw(db, cast.stranger, MOMENT, TODAY, (cast.her, number)),
        lambda db: undo(db, cast.stranger, MOMENT, TODAY, (cast.her, number)),
        lambda db: restore(db, cast.stranger, MOMENT, TODAY, cast.her, 1),
    ):
        with pytest.raises(NotFound), store.transaction() as db:
            act(db)
    with store.read() as db:
        assert find_waiting(db, cast.stranger, MOMENT, TODAY) == []
    assert state(store, cast, number) == "waiting"


def test_04_she_cannot_write_her_own_licence(
    store: Store, cast: Cast, record: Record, wish: Make
) -> None:
    before = record()
    assert asked(store, cast, cast.herself, wish(licence_number="X-1")) == Outcome()
    assert asked(store, cast, cast.member, wish(profession="lawyer", status="x")) == Outcome()
    assert record() == before


def test_a_proposed_record_changes_at_once(
    store: Store, cast: Cast, record: Record, wish: Make
) -> None:
    with store.transaction() as db:
        db.table("consents").delete_where("practitioner_id = ?", [cast.her])
        set_agreement(db, OPERATOR, MOMENT, cast.her, "proposed")
    assert asked(store, cast, cast.member, wish(phone=NEW)).waiting is None
    assert record()["phone"] == NEW


@pytest.mark.parametrize("state", ["proposed", "ended"])
def test_07_what_she_consented_to_is_not_widened_by_one_person_before_it_is_agreed_to(
    store: Store, cast: Cast, record: Record, wish: Make, state: str
) -> None:
    before = record()
    with store.transaction() as db:
        set_agreement(db, OPERATOR, MOMENT, cast.her, state)
    wider = wish(phone=NEW, contact_policy="direct", travel_km=500.0)
    number = asked(store, cast, cast.member, wider).waiting
    assert record() == before
    with pytest.raises(NotAllowed):
        approved(store, cast, cast.member, int(number or 0))
    approved(store, cast, cast.herself, int(number or 0))
    assert record()["phone"] == NEW


def test_editing_never_unlists_and_never_confirms(store: Store, cast: Cast, wish: Make) -> None:
    sql = "SELECT confirmed_on FROM listings WHERE practitioner_id = :id"
    with store.read() as db:
        before = column(db, sql, id=cast.her)
    asked(store, cast, cast.herself, wish(travel_km=None, modes=["phone"], areas=[]))
    number = asked(store, cast, cast.herself, wish(languages=["tk", "ru", "uz"])).waiting
    approved(store, cast, cast.member, int(number or 0))
    with store.read() as db:
        assert column(db, sql, id=cast.her) == before != []


def test_r14_the_same_form_sent_twice_is_kept_once(
    store: Store, cast: Cast, wish: Make, record: Record
) -> None:
    same = wish(phone=NEW, travel_km=10.0)
    first, second = (asked(store, cast, cast.herself, same) for _ in range(2))
    assert second == Outcome(None, first.waiting)
    approved(store, cast, cast.member, int(first.waiting or 0))
    approved(store, cast, cast.member, int(first.waiting or 0))
    with store.read() as db:
        sql = "SELECT count(*) FROM practitioner_changes WHERE practitioner_id = :id"
        assert count(db, sql, id=cast.her) == 2
        versions = find_versions(db, cast.her, 1, 2).results
    assert [list(each.diff) for each in versions] == [["phone"], ["travel_km"]]


def test_r12_the_second_of_two_people_is_told_and_overwrites_nothing(
    store: Store, cast: Cast, wish: Make, record: Record
) -> None:
    base = wish().base
    asked(store, cast, cast.herself, wish(contact_hours="10:00-12:00", travel_km=20.0))
    with pytest.raises(Moved) as told:
        asked(store, cast, cast.member, wish(base, travel_km=10.0, visits_with="colleague"))
    assert told.value.theirs == {"travel_km": 20.0}
    assert record()["visits_with"] == "alone"
    outcome = asked(store, cast, cast.member, wish(base, visits_with="colleague"))
    assert outcome.applied
    assert (record()["travel_km"], record()["visits_with"]) == (20.0, "colleague")


def test_r12_a_waiting_change_of_somebody_else_counts_too(
    store: Store, cast: Cast, wish: Make
) -> None:
    number = asked(store, cast, cast.herself, wish(phone=NEW)).waiting
    with pytest.raises(Moved):
        asked(store, cast, cast.member, wish(seen=0, phone="+993 65 000000"))
    both = wish(seen=int(number or 0), phone="+993 65 000000")
    assert asked(store, cast, cast.member, both).waiting


def test_r12_who_approves_a_change_that_moved_looks_once_more(
    store: Store, cast: Cast, wish: Make, record: Record
) -> None:
    number = int(asked(store, cast, cast.herself, wish(travel_km=60.0)).waiting or 0)
    seen = wish().base
    with store.transaction() as db:
        save_practitioner(db, OPERATOR, MOMENT, cast.her, {"travel_km": 15.0})
    with pytest.raises(Invalid), store.transaction() as db:
        approve(db, cast.member, MOMENT, TODAY, (cast.her, number), seen)
    assert record()["travel_km"] == 15.0
    approved(store, cast, cast.member, number)
    assert record()["travel_km"] == 60.0


def test_a_change_comes_back_with_a_reason_and_is_asked_for_anew(
    store: Store, cast: Cast, wish: Make
) -> None:
    number = int(asked(store, cast, cast.herself, wish(phone=NEW)).waiting or 0)
    with store.transaction() as db:
        send_back(db, cast.member, MOMENT, TODAY, (cast.her, number), "unclear")
    with store.read() as db:
        found = get_change(db, cast.her, number)
        assert (found.state, found.reason) == ("returned", "unclear")
        assert new_values(db, found) == {"phone": NEW}
        assert [each.path[-1] for each in find_waiting(db, cast.herself, MOMENT, TODAY)] == ["1"]
    again = remade(wish(phone="+993 65 998818"), replaces=number)
    assert asked(store, cast, cast.herself, again).waiting
    assert state(store, cast, number) == "replaced"
    with store.read() as db:
        assert find_waiting(db, cast.herself, MOMENT, TODAY) == []


def remade(wish: Wish, **more: Any) -> Wish:
    return Wish(**{**{n: getattr(wish, n) for n in wish.__struct_fields__}, **more})


def test_one_takes_ones_own_change_back_and_nobody_elses(
    store: Store, cast: Cast, wish: Make
) -> None:
    number = int(asked(store, cast, cast.herself, wish(phone=NEW)).waiting or 0)
    with pytest.raises(NotAllowed), store.transaction() as db:
        withdraw(db, cast.coordinator, MOMENT, TODAY, (cast.her, number))
    for _ in range(2):
        with store.transaction() as db:
            withdraw(db, cast.herself, MOMENT, TODAY, (cast.her, number))
    assert state(store, cast, number) == "withdrawn"
    with pytest.raises(Invalid):
        approved(store, cast, cast.member, number)
    with store.read() as db:
        assert not count(db, "SELECT count(*) FROM practitioner_changes_apart")


def test_undo_for_thirty_days_by_who_made_or_approved_it(
    store: Store, cast: Cast, wish: Make, record: Record
) -> None:
    before = record()
    number = int(asked(store, cast, cast.herself, wish(phone=NEW, travel_km=80.0)).waiting or 0)
    approved(store, cast, cast.member, number)
    for by, at, error in (
        (cast.coordinator, MOMENT, NotAllowed),
        (cast.herself, MOMENT + 30 * DAY, Invalid),
        (cast.herself, MOMENT - DAY, Invalid),
    ):
        with pytest.raises(error), store.transaction() as db:
            undo(db, by, at, TODAY, (cast.her, number))
    for _ in range(2):
        assert undone(store, cast, cast.herself, number, MOMENT + 29 * DAY) == number
    assert record() == before
    assert state(store, cast, number) == "undone"


def test_an_undo_that_widens_waits_unless_she_does_it(
    store: Store, cast: Cast, wish: Make, record: Record
) -> None:
    before = record()
    number = int(
        asked(store, cast, cast.member, wish(contact_policy="via_organisation")).applied or 0
    )
    waits = undone(store, cast, cast.member, number)
    assert undone(store, cast, cast.member, number) == waits != number
    assert record()["contact_policy"] == "via_organisation"
    assert (state(store, cast, number), state(store, cast, waits)) == ("applied", "waiting")
    with pytest.raises(NotAllowed):
        approved(store, cast, cast.member, waits)
    approved(store, cast, cast.coordinator, waits)
    assert record() == before
    assert (state(store, cast, number), state(store, cast, waits)) == ("undone", "applied")


@pytest.mark.parametrize("has_asked", [False, True])
def test_08_no_undo_goes_behind_her_newer_consent(
    store: Store, cast: Cast, wish: Make, record: Record, has_asked: bool
) -> None:
    number = int(
        asked(store, cast, cast.member, wish(contact_policy="via_organisation")).applied or 0
    )
    waits = undone(store, cast, cast.member, number) if has_asked else 0
    with store.transaction() as db:
        policy = "via_organisation"
        give_consent(
            db, cast.herself, MOMENT, cast.her, "members", how="account", contact_policy=policy
        )
    act, by, which = (
        (approved, cast.coordinator, waits) if has_asked else (undone, cast.member, number)
    )
    with pytest.raises(Invalid) as refused:
        act(store, cast, by, which)
    assert "consented since" in said(refused.value)
    assert record()["contact_policy"] == "via_organisation"


@pytest.mark.parametrize(
    "loss",
    [
        "locked_at = '2026-11-23T05:00:00Z'",
        "organisation_id = NULL",
        "role = 'observer'",
        "directory_until = '2026-11-22'",
    ],
)
def test_15_the_change_of_who_lost_their_side_takes_no_effect(
    store: Store, cast: Cast, wish: Make, record: Record, loss: str
) -> None:
    before = record()
    number = int(asked(store, cast, cast.member, wish(phone=NEW)).waiting or 0)
    with store.transaction() as db:
        db.execute("UPDATE accounts SET " + loss + " WHERE id = 'demo-member'")
    with pytest.raises(Invalid) as refused:
        approved(store, cast, cast.coordinator, number)
    assert "may not change these details" in said(refused.value)
    assert record() == before
    with store.transaction() as db:
        assert lapse_old(db, OPERATOR, MOMENT, TODAY) == int("locked" in loss)
    assert state(store, cast, number) == ("lapsed" if "locked" in loss else "waiting")


def test_05_whom_she_excludes_by_name_is_told_of_no_change(
    store: Store, cast: Cast, wish: Make
) -> None:
    with store.transaction() as db:
        db.table("accounts").update("demo-member", {"name": "Aman Kadyrow"})
        exclude(db, OPERATOR, MOMENT, cast.her, "person", name_key("Kadyrow Aman"))
    excluded = msgspec.structs.replace(cast.member, name="Aman Kadyrow")
    asked(store, cast, cast.herself, wish(phone=NEW))
    sql = "SELECT account_id FROM notices WHERE kind = 'change_waits' AND entity_id = :her"
    with store.read() as db:
        assert "demo-member" not in column(db, sql + " AND account_id IS NOT NULL", her=cast.her)
        assert find_waiting(db, excluded, MOMENT, TODAY) == []
        lines = find_waiting(db, cast.member, MOMENT, TODAY)
    assert [line.path[1] for line in lines] == [cast.her]


def test_09_her_own_member_account_is_no_second_person(
    store: Store, cast: Cast, wish: Make, record: Record
) -> None:
    number = int(asked(store, cast, cast.herself, wish(phone=NEW)).waiting or 0)
    name = " ".join(reversed(record()["name"].split()))
    with pytest.raises(NotAllowed):
        approved(store, cast, msgspec.structs.replace(cast.member, name=name), number)
    assert state(store, cast, number) == "waiting"


def test_undo_overwrites_nothing_newer(store: Store, cast: Cast, wish: Make) -> None:
    first = int(asked(store, cast, cast.herself, wish(travel_km=30.0)).applied or 0)
    with store.transaction() as db:
        save_practitioner(db, OPERATOR, MOMENT, cast.her, {"travel_km": 12.0})
    with pytest.raises(Invalid), store.transaction() as db:
        undo(db, cast.herself, MOMENT, TODAY, (cast.her, first))


def test_any_version_can_be_restored_through_the_same_rule(
    store: Store, cast: Cast, wish: Make, record: Record
) -> None:
    before, version = record(), wish().base
    asked(store, cast, cast.herself, wish(travel_km=20.0, phone=None, languages=["tk"]))
    with store.transaction() as db:
        save_practitioner(db, OPERATOR, MOMENT, cast.her, {"closed_from": 11, "closed_to": 3})
    with store.read() as db:
        assert values_at(db, cast.her, version) == before
    with store.transaction() as db:
        outcome = restore(db, cast.herself, MOMENT, TODAY, cast.her, version)
    assert outcome.applied is None
    assert record()["travel_km"] == 20.0
    approved(store, cast, cast.coordinator, int(outcome.waiting or 0))
    assert record() == before
    with pytest.raises(NotFound), store.transaction() as db:
        restore(db, cast.herself, MOMENT, TODAY, cast.her, 999)


def test_r08_a_withdrawn_consent_overwrites_contacts_everywhere(
    store: Store, cast: Cast, wish: Make, record: Record
) -> None:
    base, old = wish().base, str(record()["phone"])
    number = asked(store, cast, cast.herself, wish(phone=NEW)).waiting
    approved(store, cast, cast.member, int(number or 0))
    waits = asked(store, cast, cast.member, wish(phone="+993 65 111122")).waiting
    with store.transaction() as db:
        withdraw_consent(db, cast.herself, MOMENT, cast.her, TODAY.isoformat())
    numbers = (old, NEW, "+993 65 111122", "maral-7x@example.org")
    with store.read() as db:
        dumped = "\n".join(db.conn.iterdump())
        assert cast.her not in [w.path[1] for w in find_waiting(db, cast.member, MOMENT, TODAY)]
    assert not [each for each in numbers if each in dumped]
    settle(store)
    store.close()
    content = store.path.read_bytes()
    assert not [each for each in numbers if each.encode() in content]
    with store.transaction() as db:
        outcome = restore(db, cast.herself, MOMENT, TODAY, cast.her, base)
    assert outcome == Outcome()
    with pytest.raises(Invalid), store.transaction() as db:
        undo(db, cast.herself, MOMENT, TODAY, (cast.her, int(number or 0)))
    with pytest.raises(Invalid):
        approved(store, cast, cast.coordinator, int(waits or 0))
    assert asked(store, cast, cast.coordinator, wish(phone=NEW)) == Outcome()
    assert record()["phone"] is None
    with store.transaction() as db:
        assert lapse_old(db, OPERATOR, MOMENT, TODAY) == 0  # ended with the consent
        forget_contacts(db, cast.her)


def test_what_waited_thirty_days_lapses_once(store: Store, cast: Cast, wish: Make) -> None:
    number = int(asked(store, cast, cast.herself, wish(phone=NEW)).waiting or 0)
    later = MOMENT + 30 * DAY
    with pytest.raises(Invalid):
        approved(store, cast, cast.member, number, at=later)
    with store.transaction() as db:
        assert lapse_old(db, OPERATOR, MOMENT + 29 * DAY, TODAY) == 0
        assert lapse_old(db, OPERATOR, later, date(2026, 12, 23)) == 1
        assert lapse_old(db, OPERATOR, later, date(2026, 12, 23)) == 0
    assert state(store, cast, number) == "lapsed"
    with store.read() as db:
        assert find_waiting(db, cast.member, later, TODAY) == []


def test_the_audit_names_fields_and_never_a_value(store: Store, cast: Cast, wish: Make) -> None:
    number = asked(store, cast, cast.herself, wish(phone=NEW, contact_hours="06:30-07:30"))
    approved(store, cast, cast.member, int(number.waiting or 0))
    with store.read() as db:
        lines = column(db, "SELECT verb || detail FROM audit WHERE entity_id = :id", id=cast.her)
    text = "\n".join(lines)
    assert '"fields":"phone"' in text
    assert '"fields":"contact_hours"' in text
    assert "998817" not in text
    assert "06:30" not in text


def test_an_import_leaves_a_version_and_a_save_of_nothing_none(
    store: Store, cast: Cast, record: Record
) -> None:
    with store.transaction() as db:
        first = save_practitioner(db, OPERATOR, MOMENT, cast.her, {"email": "b@example.org"})
        same = save_practitioner(db, OPERATOR, MOMENT, cast.her, {"email": "b@example.org"})
        newest = find_versions(db, cast.her, 1, 1).results[0]
    assert first == same == newest.number
    assert newest.diff == {"email": None}
    with store.read() as db:
        sql = (
            "SELECT count(*) FROM practitioners AS p WHERE NOT EXISTS (SELECT 1 FROM"
            " practitioner_versions AS v WHERE v.practitioner_id = p.id AND v.number = p.version)"
        )
        assert count(db, sql) == 0


def test_the_clocked_work_ends_what_waited_too_long() -> None:
    (job,) = [job for job in JOBS if job.work is lapse_old]
    assert job.every <= DAY
