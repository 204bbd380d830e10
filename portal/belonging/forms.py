"""Which member organisations a coordinator looks at."""

from typing import Literal

from portal.forms import Paged


class MembersWanted(Paged, frozen=True):
    """Members of a state, or those alone that are late."""

    state: Literal["admitted", "suspended"] | None = None
    due: Literal["overdue"] | None = None
