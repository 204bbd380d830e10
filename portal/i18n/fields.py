"""How the fields of forms are called when a message speaks of them."""

from portal.i18n.language import Language, Message

FIELDS = {
    "place": Message("Settlement"),
    "region": Message("Region"),
    "profession": Message("Profession"),
    "language": Message("Language"),
    "language_must": Message("The language is a must"),
    "gender": Message("Gender"),
    "gender_must": Message("The gender is a must"),
    "age_group": Message("The person helped is"),
    "mode": Message("How"),
    "day": Message("Weekday"),
    "date": Message("Date"),
    "part": Message("Part of the day"),
    "specialisation": Message("Works with"),
    "limit": Message("How many"),
    "service": Message("Service"),
    "kind": Message("Kind"),
    "page": Message("Page"),
    "q": Message("Search"),
    "name": Message("Sign-in name"),
    "password": Message("Password"),
    "again": Message("The same password once more"),
    "current": Message("Password you have now"),
    "code": Message("Code"),
    "to": Message("E-mail address or sign-in name"),
    "purpose": Message("What for"),
    "field": Message("Which detail is wrong?"),
    "problem": Message("What is wrong with it?"),
    "note": Message("Note, if it helps"),
    "state": Message("What became of it"),
    "reason": Message("It stays as it is, because"),
    "person": Message("Person"),
    "organisation": Message("Organisation"),
    "state": Message("State"),
    "verdict": Message("Decision"),
    "reason": Message("Reason"),
    "role": Message("Role"),
    "practitioner": Message("Practitioner's own record"),
    "directory": Message("Access to the directory"),
    "act": Message("What to do"),
    "account": Message("Person"),
    "weekly_visits": Message("Visits a week at most"),
    "monthly_cap": Message("Visits a month at most"),
    "who": Message("Part of her name"),
    "spoke": Message("I spoke with her today"),
    "starts_on": Message("Away from"),
    "ends_on": Message("Until, this day included"),
}


def called(field: str, language: Language) -> str:
    """A field's label; a field we do not know is called as it was sent."""
    return language.say(FIELDS[field]) if field in FIELDS else field
