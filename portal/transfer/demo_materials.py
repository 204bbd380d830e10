"""Materials, a campaign and an event of the demo that wait for somebody."""

from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from portal.accounts.actions import find_or_make_demo_account
from portal.accounts.rules import ANOTHER
from portal.actor import Actor, Role
from portal.approvals.actions import ask, decide
from portal.campaigns.actions import save_campaign
from portal.db import Store, as_json
from portal.errors import NotFound
from portal.files import Shelf
from portal.materials.actions import (
    add_file,
    add_text,
    add_version,
    save_work,
    set_version_state,
)
from portal.settings import Settings
from portal.uploads.actions import keep_file
from portal.uploads.intake import Inspected, inspected
from seed_data import world

FOLDER = Path(world.__file__).parent
WAITING, RETURNED, DRAFT = "m-7d3qv9", "m-5w8kt2", "m-9c4pr6"
CAMPAIGN = "c-6r9h4m"

WORKS: dict[str, dict[str, object]] = {
    WAITING: {
        "title": "Soň däl, häzir sora",
        "titles": as_json({"ru": "Не потом, спроси сейчас", "en": "Not later: ask now"}),
        "kind": "poster",
        "language": "tk",
        "licence": "cc_by_sa",
        "visibility": "public",
        "audiences": ["youth"],
        "topics": ["safe_migration"],
    },
    RETURNED: {
        "title": "Беседа у школьных ворот",
        "titles": as_json({"en": "A talk at the school gate"}),
        "kind": "practice_note",
        "language": "ru",
        "licence": "cc_by",
        "visibility": "members",
        "audiences": ["teachers"],
        "topics": ["child_labour"],
    },
    DRAFT: {
        "title": "Maşgala maslahaty (garalama)",
        "titles": as_json({"ru": "Семейный совет (черновик)"}),
        "kind": "practice_note",
        "language": "tk",
        "licence": "ask_owner",
        "visibility": "members",
        "audiences": ["families_of_migrants"],
        "topics": ["safety"],
    },
}
TALK = """## Беседа у школьных ворот

Мы стояли у ворот три утра подряд и спрашивали родителей, кто забирает детей.

- Что сработало: **короткий вопрос и горячий чай**.
- Что нет: анкета на две страницы.
"""
COUNCIL = """## Maşgala maslahaty

Gitmezden öň bir agşam: kim nirede bolar, kim kime jaň eder?
"""
REASON = "wrong_details"


def seed_sharing(store: Store, settings: Settings, at: datetime) -> None:
    """What members have given and is not published, once only."""
    with store.read() as db:
        if db.table("materials").count_where("id = ?", [WAITING]):
            return
    path = FOLDER / "materials" / "ask_now_tk.pdf"
    with ExitStack() as made, store.transaction() as db:
        try:
            cast = {role: _actor(db, at, role, ANOTHER) for role in ("member", "coordinator")}
            own = _actor(db, at, "member", None)
        except NotFound:
            return
        found = made.enter_context(inspected(settings, path, path.name))
        _wait(db, settings, cast["member"], at - timedelta(days=1), found)
        _give_back(db, own, cast["coordinator"], at - timedelta(days=3))
        _draft(db, own, at - timedelta(hours=6))
        _campaign(db, cast["member"], at - timedelta(hours=20))
        _open_event(db, cast["member"], at - timedelta(hours=4))


def _wait(db: Database, settings: Settings, by: Actor, at: datetime, found: Inspected) -> None:
    """A poster in quarantine, of another organisation than the demo's member."""
    version_id = _work(db, by, at, WAITING)
    shelf = Shelf(settings.files)
    file_id = keep_file(db, shelf, by, at, found.checked, scan=found.scan)
    add_file(db, by, at, version_id, "tk", of_version=1, file_id=file_id)
    _submit(db, by, at, WAITING, version_id)


def _give_back(db: Database, by: Actor, second: Actor, at: datetime) -> None:
    """A note of the demo's own organisation that came back with a reason."""
    version_id = _work(db, by, at, RETURNED)
    add_text(db, by, at, version_id, "ru", TALK, of_version=1)
    item = _submit(db, by, at, RETURNED, version_id)
    decide(db, second, at + timedelta(days=1), item, "refused", REASON)


def _draft(db: Database, by: Actor, at: datetime) -> None:
    """A note that its writer has not finished."""
    version_id = _work(db, by, at, DRAFT)
    add_text(db, by, at, version_id, "tk", COUNCIL, of_version=1)


def _campaign(db: Database, by: Actor, at: datetime) -> None:
    """A campaign that waits for somebody of another organisation."""
    row = {
        "title": "Winter evenings (demo)",
        "titles": as_json({"ru": "Зимние вечера (демо)", "tk": "Gyş agşamlary (demo)"}),
        "organisation_id": by.organisation_id,
        "starts_on": (at + timedelta(days=20)).date().isoformat(),
        "ends_on": (at + timedelta(days=90)).date().isoformat(),
        "summary": "Conversations at homes while the roads are closed.",
        "audiences": ["families_of_migrants"],
        "state": "waiting",
    }
    save_campaign(db, by, at, CAMPAIGN, row)
    ask(db, by, at, "publish_campaign", CAMPAIGN, look=f"campaigns/{CAMPAIGN}")


def _open_event(db: Database, by: Actor, at: datetime) -> None:
    """An event still to come that somebody asks to be open to everybody."""
    if db.table("events").count_where("id = ?", [world.CLOSED_DEMO_EVENT]):
        look = f"events/{world.CLOSED_DEMO_EVENT}"
        ask(db, by, at, "publish_event", world.CLOSED_DEMO_EVENT, look=look)


def _work(db: Database, by: Actor, at: datetime, material_id: str) -> str:
    """A work of the actor's organisation, with a draft of its first version; the version's id."""
    row = {**WORKS[material_id], "organisation_id": by.organisation_id, "year": at.year}
    save_work(db, by, at, material_id, row)
    return add_version(db, by, at, material_id)


def _submit(db: Database, by: Actor, at: datetime, material_id: str, version_id: str) -> str:
    set_version_state(db, by, at, version_id, "waiting")
    look = f"materials/{material_id}/versions/1"
    return ask(db, by, at, "publish_material", version_id, look=look)


def _actor(db: Database, at: datetime, role: Role, organisation: str | None) -> Actor:
    account_id = find_or_make_demo_account(db, role, organisation, at.date())
    row = db.table("accounts").get(account_id)
    return Actor(
        role=role,
        account_id=account_id,
        name=row["name"],
        organisation_id=row["organisation_id"],
        directory_access=True,
    )
