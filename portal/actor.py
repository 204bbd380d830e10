"""Who is asking: the only thing rules and queries know of a person's session."""

from datetime import datetime
from typing import Literal

import msgspec

Role = Literal["visitor", "observer", "member", "practitioner", "coordinator", "admin"]

# by what a session was opened: an admin's acts need a second admin unless it was a passkey
SignedBy = Literal["passkey", "password", "printed", "demo"]

ROLES: tuple[Role, ...] = (
    "visitor",
    "observer",
    "member",
    "practitioner",
    "coordinator",
    "admin",
)


class Actor(msgspec.Struct, frozen=True):
    """One asker for one request; a changed role or a lock shows on the next one."""

    role: Role = "visitor"
    account_id: str | None = None
    name: str = ""
    organisation_id: str | None = None
    organisation_kind: str | None = None
    practitioner_id: str | None = None
    directory_access: bool = False
    csrf: str = ""
    signed_by: SignedBy | None = None
    signed_at: datetime | None = None

    @property
    def is_signed_in(self) -> bool:
        """True for everybody but the public."""
        return self.role != "visitor"

    @property
    def is_coordinator(self) -> bool:
        """True for the named people of the network who keep the registers honest."""
        return self.role == "coordinator"

    @property
    def may_end_sessions(self) -> bool:
        """True for those whom people call when a phone is lost."""
        return self.role in ("coordinator", "admin")

    @property
    def keeps_accounts(self) -> bool:
        """True for those who invite people and look after their accounts."""
        return self.role in ("coordinator", "admin")

    @property
    def may_use_directory(self) -> bool:
        """True when practitioners may be shown: a coordinator, or a member with both grants."""
        return self.is_coordinator or (self.role == "member" and self.directory_access)


PUBLIC = Actor()
