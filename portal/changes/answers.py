"""Changes and versions in words: field by field, and no contact to whom it is not shown."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.changes.queries import (
    Change,
    Editable,
    is_newest_applied,
    new_values,
)
from portal.changes.rules import (
    APART,
    EDITABLE,
    LABELS,
    LISTS,
    differing,
    has_lapsed,
    hint_of,
    may_approve,
    may_undo,
    readable,
)
from portal.i18n.fields import called
from portal.i18n.language import Language, Message
from portal.places.queries import find_place_names
from portal.practitioners.queries import find_record
from portal.versions.queries import Version, values_at
from portal.vocabularies.terms import Terms

VOCABULARY = {
    "transport": "transports",
    "visits_with": "visits_with",
    "contact_policy": "contact_policies",
}
NOTHING = Message("not said")
NOT_SHOWN = Message("as it stands (not shown)")
NOT_KEPT = Message("not kept here")


class Line(msgspec.Struct, frozen=True):
    """One field of a change; `now` is what the record says when that is not the old text."""

    field: str
    label: str
    old: str
    new: str
    now: str | None = None


class Shown(msgspec.Struct, frozen=True):
    """A change as one person may see it, and what that person may do with it."""

    number: int
    kind: str
    side: str
    state: str
    made_at: str
    decided_at: str
    why: str | None
    reason: str | None
    fields: list[Line]
    may: list[str]


class Listed(msgspec.Struct, frozen=True):
    """A change or a version in a list: which fields, never what they say."""

    number: int
    at: str
    state: str
    fields: list[str]


class Register(msgspec.Struct, frozen=True):
    """One page of a list."""

    total: int
    page: int
    per_page: int
    results: list[Listed]


class Words:
    """How values are said to one reader, the settlements among them by name."""

    def __init__(self, db: Database, language: Language, terms: Terms) -> None:
        self.db = db
        self.language = language
        self.terms = terms

    def label(self, field: str) -> str:
        """What a field is called."""
        return called(LABELS.get(field, field), self.language)

    def say(self, field: str, value: Any) -> str:
        """A value in words."""
        if value is None or value == "" or value == []:
            return self.language.say(NOTHING)
        if field in LISTS:
            return self._list(self._name(field, code) for code in value)
        if field in VOCABULARY:
            return self._name(VOCABULARY[field], value)
        told = self._SAID.get(field)
        return str(told(self, value) if told else value)

    def hint(self, field: str, value: str | None) -> str:
        """A contact or licence to whom it is not shown."""
        return self.language.say(hint_of(field, value))

    def _name(self, vocabulary: str, code: str) -> str:
        return self.terms.name(vocabulary, code, self.language.code)

    def _list(self, parts: Iterable[str]) -> str:
        return self.language.list(list(parts))

    def _place(self, place_id: str) -> str:
        return find_place_names(self.db, [place_id]).get(place_id, place_id)

    def _areas(self, areas: list[list[str]]) -> str:
        names = find_place_names(self.db, [code for kind, code in areas if kind == "place"])
        return self._list(
            self._name("regions", code) if kind == "region" else names.get(code, code)
            for kind, code in areas
        )

    def _season(self, season: list[int]) -> str:
        return " – ".join(self.language.month(month) for month in season)

    def _km(self, km: float) -> str:
        return f"{self.language.number(km)} {self.language.gettext('km')}"

    def _day(self, day: str) -> str:
        return self.language.date(date.fromisoformat(day))

    def _yes_no(self, value: int) -> str:
        return self.language.say(Message("yes") if value else Message("no"))

    _SAID: Mapping[str, Any] = {
        "place_id": _place,
        "areas": _areas,
        "season": _season,
        "travel_km": _km,
        "safeguarding_on": _day,
        "licence_expires_on": _day,
        "phone_shared": _yes_no,
    }


def show_change(words: Words, editable: Editable, change: Change, actor: Actor, at: Any) -> Shown:
    """A change to one of those who may change the details."""
    record = find_record(words.db, editable.id) or {}
    new = new_values(words.db, change)
    is_mine = change.made_by == actor.account_id
    fields = [
        _apart(words, editable, field, record.get(field), new, is_mine=is_mine)
        if pair is None
        else _plain(words, field, pair, record, is_open=change.state in ("waiting", "returned"))
        for field, pair in change.diff.items()
    ]
    return Shown(
        number=change.number,
        kind=change.kind,
        side=change.side,
        state=change.state,
        made_at=change.made_at,
        decided_at=change.decided_at,
        why=change.why,
        reason=change.reason,
        fields=fields,
        may=_may(words.db, editable, change, actor, at),
    )


def show_return(words: Words, editable: Editable, version: int) -> list[Line]:
    """What restoring a version would change in the details as they are now."""
    record = find_record(words.db, editable.id) or {}
    then = values_at(words.db, editable.id, version)
    other = differing(record, {field: then[field] for field in EDITABLE})
    return [
        _apart(words, editable, field, record[field], other)
        if field in APART
        else Line(
            field, words.label(field), words.say(field, record[field]), words.say(field, value)
        )
        for field, value in other.items()
    ]


def list_changes(words: Words, results: list[Change]) -> list[Listed]:
    """Changes by the names of their fields."""
    return [
        Listed(each.number, each.made_at, each.state, [words.label(f) for f in each.diff])
        for each in results
    ]


def list_versions(words: Words, results: list[Version]) -> list[Listed]:
    """Versions by the names of the fields that they changed."""
    return [
        Listed(each.number, each.at, "version", [words.label(field) for field in each.diff])
        for each in results
    ]


def show_theirs(
    words: Words, editable: Editable, theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> list[Line]:
    """Two texts of the same fields side by side: what is there now, and what the writer typed."""
    seen = readable(editable.side)
    return [
        Line(
            field,
            words.label(field),
            words.say(field, value) if field in seen else words.hint(field, value),
            words.say(field, mine.get(field)),
        )
        for field, value in theirs.items()
    ]


def _plain(
    words: Words, field: str, pair: list[Any], record: Mapping[str, Any], *, is_open: bool
) -> Line:
    old, new = (words.say(field, value) for value in pair)
    now = words.say(field, record.get(field))
    return Line(field, words.label(field), old, new, now if is_open and now != old else None)


def _apart(
    words: Words,
    editable: Editable,
    field: str,
    old: str | None,
    new: Mapping[str, Any],
    *,
    is_mine: bool = False,
) -> Line:
    say, label = words.language.say, words.label(field)
    if field not in new:
        return Line(field, label, say(NOT_KEPT), say(NOT_KEPT))
    if field in readable(editable.side):
        return Line(field, label, words.say(field, old), words.say(field, new[field]))
    # security: whoever may not see a contact learns only that there is another one
    present = say(NOT_SHOWN) if old else say(NOTHING)
    typed = words.say(field, new[field]) if is_mine else words.hint(field, new[field])
    return Line(field, label, present, typed)


def _may(db: Database, editable: Editable, change: Change, actor: Actor, at: Any) -> list[str]:
    is_mine = change.made_by == actor.account_id
    is_open = change.state == "waiting" and not has_lapsed(change.made, at)
    is_mine_done = actor.account_id in (change.made_by, change.decided_by)
    stands = change.state == "applied" and change.kind != "undo"
    acts = {
        "approve": is_open
        and may_approve(change.maker, change.side, actor, editable.side, editable.person),
        "withdraw": is_mine and change.state in ("waiting", "returned"),
        "edit": is_mine and change.state == "returned",
        "undo": stands
        and is_mine_done
        and may_undo(change.decided, at)
        and is_newest_applied(db, change),
    }
    return [act for act, may in acts.items() if may]
