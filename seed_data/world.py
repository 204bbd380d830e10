"""The invented demo world in one place: everything personal in it is made up; see CREDITS.md.

Every row has the import columns of its register, all values strings, several values joined by ";".
The same day gives the same rows; a later day moves all dates along.
"""

from seed_data.campaigns import activities, campaigns, first_editions, materials
from seed_data.events import CLOSED_DEMO_EVENT, OPEN_DEMO_EVENT, demo_events, real_events
from seed_data.local_places import local_places
from seed_data.organisations import organisations
from seed_data.practitioners import practitioners

__all__ = [
    "CLOSED_DEMO_EVENT",
    "OPEN_DEMO_EVENT",
    "activities",
    "campaigns",
    "demo_events",
    "first_editions",
    "local_places",
    "materials",
    "organisations",
    "practitioners",
    "real_events",
]
