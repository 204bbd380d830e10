"""Which field goes to whom: derived from the tiers of the tables, never written by hand twice.

A field may stand in several columns, such as the end of a licence, of which members are warned;
then the widest of their tiers counts.
"""

import msgspec

from portal.agreements.schema import TIERS as AGREEMENTS
from portal.i18n.language import Message
from portal.nearby.schema import TIERS as NEARBY
from portal.papers.schema import TIERS as PAPERS
from portal.practitioners.schema import TIERS as PRACTITIONERS

TIERS = {**PRACTITIONERS, **AGREEMENTS, **PAPERS, **NEARBY}

# the widest first
WIDEST = ("public", "members", "contact", "coordinators", "practitioner", "admin")

SEEN_BY: dict[str, Message] = {
    "public": Message("Everybody"),
    "members": Message("Members of the network whom you do not exclude; coordinators"),
    "contact": Message(
        "One member at a time, only when asked for with a reason; you see who asked and why"
    ),
    "coordinators": Message("Coordinators only"),
    "practitioner": Message("Nobody but you"),
    "admin": Message("Nobody; the portal needs it to work"),
}


# whoever hands a printed link over can open it, and so reads no more of her than before
NOT_IN_PRINT = frozenset({"contact", "coordinators", "practitioner", "admin"})


class Field(msgspec.Struct, frozen=True):
    """What a person is told of: its name, how its value is written, the columns it stands in."""

    name: str
    label: Message
    columns: tuple[str, ...]
    kind: str = "text"
    vocabulary: str = ""

    @property
    def tier(self) -> str:
        """The widest tier of its columns."""
        tiers = {tier_of(column) for column in self.columns}
        return next(tier for tier in WIDEST if tier in tiers)


def tier_of(column: str) -> str:
    """The tier of `table.column`."""
    table, name = column.split(".")
    return TIERS[table][name]


def masked(field: Field, value: object, is_new: bool) -> Message:
    """A private value as a printed link tells of it: enough for her to know her own number by.

    Of what she gave earlier it tells nothing: whoever printed the link may not know that much.
    """
    if not is_new:
        return Message("kept as it is")
    digits = [sign for sign in str(value) if sign.isdigit()]
    if field.name in ("phone", "licence_number") and len(digits) >= 6:
        return Message("a number that ends in %(end)s", {"end": "".join(digits[-2:])})
    return Message("kept as it is")


def _own(name: str, label: Message, kind: str = "text", vocabulary: str = "") -> Field:
    return Field(name, label, (f"practitioners.{name}",), kind, vocabulary)


FIELDS: tuple[Field, ...] = (
    _own("name", Message("Name")),
    _own("profession", Message("Profession"), "term", "professions"),
    _own("gender", Message("Gender"), "term", "genders"),
    Field("organisation", Message("Organisation"), ("practitioners.organisation_id",)),
    Field("place", Message("Settlement"), ("practitioners.place_id",)),
    _own("languages", Message("Languages"), "terms", "languages"),
    _own("travel_km", Message("Travels up to"), "km"),
    Field(
        "areas", Message("Names these places"), ("service_areas.kind", "service_areas.code"), "list"
    ),
    Field(
        "closed",
        Message("Does not travel"),
        ("practitioners.closed_from", "practitioners.closed_to"),
        "months",
    ),
    _own("transport", Message("Travel"), "term", "transports"),
    _own("visits_with", Message("Visits"), "term", "visits_with"),
    _own("specialisations", Message("Works with"), "terms", "specialisations"),
    _own("age_groups", Message("Age groups"), "terms", "age_groups"),
    _own("modes", Message("Ways of consulting"), "terms", "modes"),
    _own("availability", Message("Weekly times"), "slots"),
    _own("weekly_visits", Message("Visits a week"), "number"),
    _own("monthly_cap", Message("Visits a month at most"), "number"),
    Field(
        "absences",
        Message("Away"),
        ("practitioner_absences.starts_on", "practitioner_absences.ends_on"),
        "spans",
    ),
    _own("safeguarding_on", Message("Safeguarding training"), "day"),
    Field(
        "trainings", Message("Trainings attended"), ("trainings.held_on", "trainings.title"), "list"
    ),
    _own("ethics_signed_on", Message("Code of ethics signed"), "day"),
    Field("confirmed_on", Message("Details confirmed"), ("confirmations.confirmed_on",), "day"),
    Field("confirmed_how", Message("How they were confirmed"),
          ("confirmations.how", "confirmations.reference"), "term", "confirmation_ways"),
    Field("versions", Message("Earlier versions of these details"),
          ("practitioner_versions.diff", "practitioner_versions.at"), "number"),
    Field("versions_apart", Message("Earlier phone numbers and e-mail addresses"),
          ("practitioner_versions_apart.old", "practitioner_versions_apart.new"), "number"),
    _own("contact_policy", Message("How you may be reached"), "term", "contact_policies"),
    _own("contact_hours", Message("Hours for calls")),
    _own("phone_shared", Message("Others use the phone too"), "yes"),
    Field("phone", Message("Phone"), ("practitioner_contacts.phone",)),
    Field("email", Message("E-mail"), ("practitioner_contacts.email",)),
    Field(
        "say_when_calling",
        Message("What to say when calling"),
        ("practitioner_contacts.say_when_calling",),
    ),
    Field(
        "licence_expires_on",
        Message("End of the licence"),
        ("practitioner_licences.expires_on", "listings.licence_expires_on"),
        "day",
    ),
    Field("licence_number", Message("Number of the licence"), ("practitioner_licences.number",)),
    Field("licence_issuer", Message("Who issued the licence"), ("practitioner_licences.issuer",)),
    Field("state", Message("State of the agreement"),
          ("agreement_states.state", "agreement_states.at"), "term", "agreement_states"),
    Field("consent_on", Message("Day of your consent"),
          ("consents.given_on", "consents.withdrawn_on"), "day"),
    Field("consent_how", Message("How your consent came"), ("consents.how",), "term",
          "consent_ways"),
    Field("consent_scope", Message("What you consented to, and how"),
          ("consents.scope", "consents.reference"), "term", "consent_scopes"),
    Field("exclusions", Message("Whom you exclude"),
          ("consent_exclusions.kind", "consent_exclusions.value"), "number"),
)  # fmt: skip

# what only joins rows, orders them, or says who did something: no detail of the person
NOT_DETAILS = frozenset(
    {
        "confirmations.at",
        "practitioner_versions.number",
        "practitioner_versions_apart.field",
        "practitioner_versions_apart.number",
        "practitioners.sort_name",
        "practitioners.version",
        "trainings.event_id",
        "agreement_states.organisation_id",
        "agreement_states.reason",
        "consents.step_id",
        "consents.version",
    }
)
EVERYWHERE = frozenset({"id", "practitioner_id", "by"})
