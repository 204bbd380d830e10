"""How places, parts of people and numbers are said in the reader's language."""

import msgspec

from portal.i18n.language import Language, Message
from portal.vocabularies.terms import Terms

# by what people are counted apart, and the list of each
DIMENSIONS = {"sex": "sexes", "age_group": "result_age_groups", "form": "exploitation_forms"}

ALL_REGIONS = Message("All regions")
UNKNOWN = "–"


class Voice(msgspec.Struct, frozen=True):
    """The reader's language and the names of codes in it."""

    language: Language
    terms: Terms

    def term(self, vocabulary: str, code: str) -> str:
        """How a code is called."""
        return self.terms.name(vocabulary, code, self.language.code)

    def place(self, code: str) -> str:
        """A region, a country by its two letters, or all of them."""
        if not code:
            return self.language.say(ALL_REGIONS)
        return self.language.country(code) if len(code) == 2 else self.term("regions", code)

    def part(self, sex: str, age_group: str, form: str) -> str:
        """The part of people that is counted; empty for the whole."""
        codes = zip(DIMENSIONS.values(), (sex, age_group, form), strict=True)
        return self.language.list([self.term(of, code) for of, code in codes if code])

    def number(self, kind: str, value: float | None) -> str:
        """A value of a kind of indicator; a dash where nothing is known."""
        if value is None:
            return UNKNOWN
        written = self.language.number(round(value, 0 if abs(value) >= 1000 else 1))
        return f"{written} %" if kind == "percent" else written
