"""The page on which a practitioner's details are changed."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.changes.actions import ask
from portal.changes.answers import Words, show_theirs
from portal.changes.forms import Moved, Wish
from portal.changes.queries import (
    Editable,
    find_open,
    get_change,
    get_editable_for,
    new_values,
    newest_number,
)
from portal.changes.rules import readable
from portal.editing.drawing import Sheet, fill, refill
from portal.editing.forms import Around, read_edit
from portal.errors import Invalid
from portal.places.queries import find_districts, resolve_place
from portal.practitioners.queries import find_record
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import actor_of, page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
SentLists = NamedDependency[dict[str, list[str]]]
Her = FromPath[str]


@get("/edit", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def edit(request: Asked, practitioner_id: Her, db: Db, actor: Who) -> Response[bytes]:
    """The details as a form; a change that came back stands in it as it was typed."""
    editable = get_editable_for(db, actor, today_of(request), practitioner_id)
    mine: dict[str, Any] = {}
    returned = _returned(request, db, actor, practitioner_id)
    if returned is not None:
        mine = new_values(db, get_change(db, practitioner_id, returned))
    values = {**(find_record(db, practitioner_id) or {}), **mine}
    sheet = fill(db, editable, values, newest_number(db, practitioner_id), frozenset(mine))
    if returned is not None:
        sheet.texts["returned"] = str(returned)
    return _edit(request, db, editable, sheet)


@post("/edit", sync_to_thread=True, guards=[signed_in], status_code=303)
def edit_posted(
    request: Asked, practitioner_id: Her, db: Db, actor: Who, sent_lists: SentLists
) -> Response[Any]:
    """Change at once what one person may, let the rest wait, or show both texts."""
    today = today_of(request)
    editable = get_editable_for(db, actor, today, practitioner_id)
    wish = None
    try:
        wish = read_edit(sent_lists, _around(request, db, editable))
        with site_of(request).store.transaction() as writing:
            at = site_of(request).clock()
            outcome = ask(writing, actor, at, today, practitioner_id, wish)
    except Invalid as problem:
        return _again(request, editable, sent_lists, wish, problem)
    return _on(request, practitioner_id, outcome.waiting or outcome.applied)


def _edit(
    request: Asked,
    db: Database,
    editable: Editable,
    sheet: Sheet,
    problem: Invalid | None = None,
    both: list[Any] | None = None,
) -> Response[bytes]:
    record = find_record(db, editable.id) or {}
    return page(
        request,
        "edit.html",
        block="content",
        editable=editable,
        sheet=sheet,
        sees=readable(editable.side),
        has={field for field, value in record.items() if value},
        licence={field: value for field, value in record.items() if field.startswith("licence")},
        waiting=find_open(db, editable.id),
        both=both or [],
        **said_of(request, problem),
    )


def _again(
    request: Asked,
    editable: Editable,
    sent: Mapping[str, list[str]],
    wish: Wish | None,
    problem: Invalid,
) -> Response[bytes]:
    """The form once more with what was typed; beside it what others wrote, where they did."""
    with site_of(request).store.read() as db:
        both, base, seen = [], None, None
        if isinstance(problem, Moved) and wish is not None:
            both = show_theirs(_words(request, db), editable, problem.theirs, wish.values)
            record = get_editable_for(db, actor_of(request), today_of(request), editable.id)
            base, seen = record.version, newest_number(db, editable.id)
        sheet = refill(db, editable, sent, base, seen)
        return _edit(request, db, editable, sheet, problem, both)


def _around(request: Asked, db: Database, editable: Editable) -> Around:
    site, record = site_of(request), find_record(db, editable.id) or {}
    named = [code for kind, code in record["areas"] if kind == "district"]
    return Around(
        record=record,
        seen=readable(editable.side),
        terms=site.terms,
        today=today_of(request),
        districts=[*find_districts(db, editable.country), *named],
        find_place=lambda text: resolve_place(db, site.engine, text, local=True).id,
    )


def _returned(request: Asked, db: Database, actor: Actor, practitioner_id: str) -> int | None:
    """The number of one's own change that came back, where the address names one."""
    text = request.query_params.get("returned", "")
    if not text.isdecimal():
        return None
    found = get_change(db, practitioner_id, int(text[:9]))
    is_mine = found.state == "returned" and found.made_by == actor.account_id
    return found.number if is_mine else None


def _words(request: Asked, db: Database) -> Words:
    return Words(db, language_of(request), site_of(request).terms)


def _on(request: Asked, practitioner_id: str, number: int | None) -> Redirect:
    here = f"/{language_of(request).code}/practitioners/{practitioner_id}"
    return Redirect(f"{here}/changes/{number}" if number else here, status_code=303)


router = Router("/practitioners/{practitioner_id:str}", route_handlers=[edit, edit_posted])
