"""The levels of a ladder of figures in words: `country·quarter` is "by country, by quarter"."""

from portal.i18n.language import Language, Message

PARTS: dict[str, Message] = {
    "network": Message("the whole network"),
    "country": Message("by country"),
    "region": Message("by region"),
    "year": Message("by year"),
    "quarter": Message("by quarter"),
    "month": Message("by month"),
    "day": Message("on the day of the release"),
    "sex": Message("by sex"),
    "age_group": Message("by age"),
    "age": Message("by age"),
    "form": Message("by form of exploitation"),
}

SIGNS = (" ", "/", "-", ",")


def level_in_words(language: Language, level: str) -> str:
    """Its parts one after the other; a part that is not known is called as it is written."""
    for sign in SIGNS:
        level = level.replace(sign, "·")
    parts = [part for part in level.split("·") if part]
    return language.list([language.say(PARTS.get(part, part)) for part in parts])
