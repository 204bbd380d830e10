"""What every command begins with: the settings, and the database brought forward."""

from portal.actor import Actor
from portal.db import Store
from portal.schemas import MIGRATIONS
from portal.settings import Settings, read_settings

OPERATOR = Actor(role="admin", account_id="operator")


def opened() -> tuple[Settings, Store]:
    """The settings, and the database brought forward."""
    settings = read_settings()
    store = Store(settings.database)
    store.migrate(MIGRATIONS)
    return settings, store
