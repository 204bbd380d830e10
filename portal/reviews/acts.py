"""What the acts of a review are made of: a place begun and ended, answers kept and handed in."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.applications.actions import queue_letter
from portal.clock import stamp
from portal.db import as_json
from portal.errors import Invalid
from portal.i18n.language import Message
from portal.links.actions import end_links
from portal.membership.actions import move
from portal.notices.actions import notify
from portal.reviews.forms import Verdicts
from portal.reviews.queries import find_criteria, find_reviewers, find_said, get_standing
from portal.reviews.rules import PURPOSE, asked_about, bars_decision, exclusion, missing_verdicts
from portal.reviews.standing import Review, Standing

_LACKS = {
    "verdict": Message("Say whether this criterion is met."),
    "note": Message("Say in the note what is missing."),
}


def next_outside(standing: Standing) -> Review | None:
    """The place that waits for somebody from outside."""
    waiting = [each for each in standing.taken if each.is_outside and not each.is_sent]
    return waiting[0] if waiting else None


def open_codes(db: Database, standing: Standing, review: Review) -> list[str]:
    """The criteria that a review has to answer: all, or those asked about anew."""
    codes = [each.code for each in find_criteria(db, standing.id)]
    return [each for each in codes if review.asked is None or each in review.asked]


def begin(
    db: Database,
    by: Actor,
    at: datetime,
    standing: Standing,
    account_id: str | None,
    organisation_id: str | None,
) -> str:
    """Take a place; the first one begins the review."""
    review_id = _insert(db, at, standing, standing.round, account_id, organisation_id)
    audit.record(db, by, at, "take_review", "applications", standing.id, review=review_id)
    if standing.state == "applicant":
        organisation = str(standing.organisation_id)
        move(db, by, at, organisation, "under_review", application_id=standing.id)
    return review_id


def _insert(
    db: Database,
    at: datetime,
    standing: Standing,
    number: int,
    account_id: str | None,
    organisation_id: str | None,
    asked: Sequence[str] | None = None,
) -> str:
    review_id = f"rv-{secrets.token_hex(6)}"
    db.table("reviews").insert(
        {
            "id": review_id,
            "application_id": standing.id,
            "round": number,
            "is_appeal": int(standing.is_appeal),
            "account_id": account_id,
            "organisation_id": organisation_id,
            "taken_at": stamp(at),
            "asked": None if asked is None else as_json(asked),
        }
    )
    return review_id


def tell_coordinators(
    db: Database, at: datetime, today: date, kind: str, application_id: str
) -> None:
    """What goes on with somebody from outside is known to everybody who coordinates."""
    for each in find_reviewers(db, today):
        if each.role == "coordinator":
            notify(db, at, kind, application_id, account_id=each.account_id)


def end(db: Database, by: Actor, at: datetime, application_id: str, review: Review) -> None:
    """Let a review count no more; what was not sent is gone."""
    db.table("reviews").update(review.id, {"ended_at": stamp(at)})
    if not review.is_sent:
        db.table("review_answers").delete_where("review_id = ?", [review.id])
    if review.is_outside:
        end_links(db, at, PURPOSE, application_id)
    audit.record(db, by, at, "end_review", "applications", application_id, review=review.id)


def write(db: Database, review_id: str, codes: Sequence[str], said: Verdicts) -> None:
    """Keep what is said of these criteria; a note whose verdict is still open is kept as well."""
    for code in codes:
        db.table("review_answers").delete_where("review_id = ? AND code = ?", [review_id, code])
        verdict, note = said.verdicts.get(code, ""), said.notes.get(code)
        if verdict or note:
            row = {"review_id": review_id, "code": code, "verdict": verdict, "note": note}
            db.table("review_answers").insert(row)


def refuse_missing(codes: Sequence[str], said: Verdicts) -> None:
    """`Invalid` at every criterion without a verdict, or without the note that it needs."""
    lacks = missing_verdicts(codes, said.verdicts, said.notes)
    if lacks:
        raise Invalid({f"{what}-{code}": [_LACKS[what]] for code, what in lacks.items()})


def refuse_other(db: Database, standing: Standing, mine: Review, said: Verdicts) -> None:
    """`Invalid` when something else is said than was handed in."""
    kept = find_said(db, standing.id).get(mine.id, {})
    same = all(
        code in kept and (kept[code].verdict, kept[code].note) == (verdict, said.notes.get(code))
        for code, verdict in said.verdicts.items()
    )
    if not same:
        raise Invalid({"all": [Message("You have sent it already: it stays as it is.")]})


def hand_in(
    db: Database, by: Actor, at: datetime, today: date, application_id: str, review: Review
) -> None:
    """Lock a review; the last one that was needed asks the applicant, or calls a coordinator."""
    db.table("reviews").update(review.id, {"submitted_at": stamp(at)})
    standing = get_standing(db, application_id)
    if not standing.is_reviewed:
        return
    said = find_said(db, application_id)
    answers = [
        {code: each.verdict for code, each in said.get(one.id, {}).items()}
        for one in standing.taken
    ]
    asked = asked_about(answers)
    if asked:
        _ask_for_more(db, by, at, standing, sorted(asked))
        return
    everybody = find_reviewers(db, today)
    for each in everybody:
        barred = bars_decision(each, standing) or exclusion(each, standing, everybody)
        if barred is None:
            notify(db, at, "decision_waits", application_id, account_id=each.account_id)


def _ask_for_more(
    db: Database, by: Actor, at: datetime, standing: Standing, asked: list[str]
) -> None:
    """The same reviewers are asked again about these criteria; the rest of what they said stays."""
    organisation = str(standing.organisation_id)
    move(db, by, at, organisation, "more_information", application_id=standing.id)
    queue_letter(db, at, standing.id, "more_information")
    kept = """
        INSERT INTO review_answers (review_id, code, verdict, note)
        SELECT :next, code, verdict, note FROM review_answers
        WHERE review_id = :last AND code NOT IN (SELECT value FROM json_each(:asked))
    """
    for each in standing.taken:
        who = (each.account_id, each.organisation_id)
        begun = _insert(db, at, standing, standing.round + 1, *who, asked)
        if each.invited_by is not None:
            # security: what was said by that link stays in what is decided on
            db.table("reviews").update(begun, {"invited_by": each.invited_by.account_id})
        db.execute(kept, {"next": begun, "last": each.id, "asked": as_json(asked)})
