"""The code lists, read once when a worker starts: they change with `portal seed` and a restart."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlite_utils import Database

from portal.db import fetch
from portal.i18n.language import Coded, Language, Message, Value

# inside a sentence a term begins small, but for the languages and weekdays of English
KEEP_CAPITALS = frozenset({("en", "languages"), ("en", "weekdays"), ("en", "regions")})


class Term(msgspec.Struct, frozen=True):
    """One code and how it is called."""

    vocabulary: str
    code: str
    names: dict[str, str]
    extra: dict[str, str] = {}

    def name(self, language: str) -> str:
        """The name in a language, English where it has none."""
        return self.names.get(language) or self.names.get("en") or self.code


class Terms:
    """All vocabularies, each in its own order."""

    def __init__(self, lists: Mapping[str, Mapping[str, Term]]) -> None:
        self._lists = lists

    def all(self, vocabulary: str) -> list[Term]:
        """The terms of one list; KeyError for a list that does not exist."""
        return list(self._lists[vocabulary].values())

    def codes(self, vocabulary: str) -> list[str]:
        """The codes of one list."""
        return list(self._lists[vocabulary])

    def name(self, vocabulary: str, code: str, language: str) -> str:
        """How a code is called; an unknown code is its own name."""
        term = self._lists[vocabulary].get(code)
        return term.name(language) if term else code

    def say(self, language: Language, message: Message) -> str:
        """A message in a language, the codes in it by their names."""
        values = {name: self._inside(value, language) for name, value in message.values.items()}
        return language.say(msgspec.structs.replace(message, values=values))

    def _inside(self, value: Value, language: Language) -> Value:
        if isinstance(value, Coded):
            name = self.name(value.vocabulary, value.code, language.code)
            capital = (language.code, value.vocabulary) in KEEP_CAPITALS
            return name if capital else name.lower()
        if isinstance(value, Sequence) and not isinstance(value, str):
            groups = [[str(self._inside(each, language)) for each in group] for group in value]
            return language.list([" ".join(group) for group in groups])
        return value

    def extra(self, vocabulary: str, code: str, column: str) -> str:
        """A further column of a term, empty where it has none."""
        term = self._lists[vocabulary].get(code)
        return term.extra.get(column, "") if term else ""


def load_terms(db: Database) -> Terms:
    """Every term in the database; regions are read alongside as a vocabulary of their own."""
    lists: dict[str, dict[str, Term]] = {}
    sql = """
        SELECT vocabulary, code, names, extra, position FROM terms
        UNION ALL SELECT 'regions', code, names, json_object('country', country), position
        FROM regions ORDER BY vocabulary, position
    """
    for term in fetch(db, Term, sql):
        lists.setdefault(term.vocabulary, {})[term.code] = term
    return Terms(lists)
