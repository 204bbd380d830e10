"""Ask questions after an event, and say how many gave each answer."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.db import as_json, column, count
from portal.errors import Invalid, NotAllowed, NotFound
from portal.evaluations.forms import Question
from portal.evaluations.rules import READY
from portal.events.queries import Kept
from portal.i18n.language import Message
from portal.organising.queries import get_organised_for
from portal.organising.rules import may_count
from portal.outbox import announce

MOST_QUESTIONS = 40


def add_question(
    db: Database, by: Actor, at: datetime, today: date, event_id: str, question: Question
) -> None:
    """Add a question at the end; the same one twice is one."""
    _countable(db, by, today, event_id)
    words = "SELECT words FROM evaluation_questions WHERE event_id = :id AND kind = :kind"
    if question.words in column(db, words, id=event_id, kind=question.kind):
        return
    _insert(db, by, at, event_id, question)


def add_ready(db: Database, by: Actor, at: datetime, today: date, event_id: str) -> None:
    """Add those of the offered questions that are not there yet."""
    _countable(db, by, today, event_id)
    ready = "SELECT ready FROM evaluation_questions WHERE event_id = :id"
    known = column(db, ready, id=event_id)
    for code, offered in READY.items():
        if code not in known:
            _insert(db, by, at, event_id, Question(offered.kind, ready=code))


def drop_question(
    db: Database, by: Actor, at: datetime, today: date, event_id: str, question_id: str
) -> None:
    """Take a question away, and its answers with it; nothing when it is gone."""
    _countable(db, by, today, event_id)
    table = db.table("evaluation_questions")
    if table.count_where("id = ? AND event_id = ?", [question_id, event_id]):
        db.table("evaluation_counts").delete_where("question_id = ?", [question_id])
        table.delete(question_id)
        _record(db, by, at, "drop_question", event_id)


def set_counts(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    event_id: str,
    counts: Mapping[tuple[str, str, int], int],
) -> None:
    """Say how many gave each answer: by question, moment and option; earlier numbers go."""
    _countable(db, by, today, event_id)
    mine = "SELECT id FROM evaluation_questions WHERE event_id = :id"
    questions = column(db, mine, id=event_id)
    if {question for question, _moment, _option in counts} - set(questions):
        raise NotFound
    table = db.table("evaluation_counts")
    for question in questions:
        table.delete_where("question_id = ?", [question])
    table.insert_all(
        {"question_id": question, "moment": moment, "option": option, "people": people}
        for (question, moment, option), people in counts.items()
    )
    _record(db, by, at, "set_counts", event_id)


def _countable(db: Database, by: Actor, today: date, event_id: str) -> Kept:
    # security: what is quoted is public, and nobody adds to that alone
    kept = get_organised_for(db, by, today, event_id)
    if not may_count(kept):
        raise NotAllowed
    return kept


def _insert(db: Database, by: Actor, at: datetime, event_id: str, question: Question) -> None:
    last = "SELECT max(position) FROM evaluation_questions WHERE event_id = :id"
    many = "SELECT count(*) FROM evaluation_questions WHERE event_id = :id"
    if count(db, many, id=event_id) >= MOST_QUESTIONS:
        raise Invalid({"all": [Message("Ask fewer questions: 40 at most.")]})
    db.table("evaluation_questions").insert(
        {
            "id": f"q-{secrets.token_hex(6)}",
            "event_id": event_id,
            "position": count(db, last, id=event_id) + 1,
            "kind": question.kind,
            "ready": question.ready,
            "words": question.words,
            "others": as_json(question.others),
            "options": as_json(question.options),
            "other_options": as_json(question.other_options),
        }
    )
    _record(db, by, at, "add_question", event_id)


def _record(db: Database, by: Actor, at: datetime, verb: str, event_id: str) -> None:
    audit.record(db, by, at, verb, "events", event_id)
    announce(db, "events", event_id)
