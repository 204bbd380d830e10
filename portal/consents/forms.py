"""What a practitioner answers: consent with its scope, her wishes, or no."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import read_form, refuse_unknown
from portal.i18n.language import Message
from portal.practitioners.rules import name_key, name_keys
from portal.vocabularies.terms import Terms
from search.folding import fold

Text = Annotated[str, msgspec.Meta(max_length=2000)]
Boxes = Mapping[str, list[str]]

MOST_NAMES = 40


class Submitted(msgspec.Struct, frozen=True):
    """The fields of the form; boxes that share a name are read apart."""

    answer: Literal["give", "decline", "withdraw"]
    scope: str | None = None
    contact_policy: str | None = None
    ethics: str | None = None
    organisation: str | None = None
    organisation_kind: str | None = None
    person: str | None = None
    other_organisations: Text | None = None
    other_people: Text | None = None


class Choice(msgspec.Struct, frozen=True):
    """Her answer, with whom she excludes as (kind, value)."""

    answer: str
    scope: str = ""
    contact_policy: str = ""
    ethics: str | None = None
    exclusions: tuple[tuple[str, str], ...] = ()


def read_choice(
    submitted: Mapping[str, Any],
    ticked: Boxes,
    terms: Terms,
    names: Iterable[tuple[str, list[str]]],
) -> Choice:
    """Her answer; `names` are the ids of all organisations with everything they are called."""
    form = read_form(Submitted, submitted)
    if form.answer != "give":
        return Choice(form.answer)
    wrong = {
        name: [Message("Choose one; nothing is chosen for you.")]
        for name in ("scope", "contact_policy")
        if getattr(form, name) is None
    }
    if wrong:
        raise Invalid(wrong)
    refuse_unknown(
        {
            "scope": (form.scope, terms.codes("consent_scopes")),
            "contact_policy": (form.contact_policy, terms.codes("contact_policies")),
        }
    )
    exclusions = _excluded(form, ticked, terms, dict(names))
    return Choice("give", str(form.scope), str(form.contact_policy), form.ethics, exclusions)


def _excluded(
    form: Submitted, ticked: Boxes, terms: Terms, names: dict[str, list[str]]
) -> tuple[tuple[str, str], ...]:
    kinds = set(ticked.get("organisation_kind", ())) & set(terms.codes("organisation_kinds"))
    chosen = set(ticked.get("organisation", ())) & set(names)
    typed = {_find_id(line, names) for line in lines(form.other_organisations)}
    kept = {key for key in ticked.get("person", ()) if key == name_key(key)}
    people = kept.union(*(_person(line) for line in lines(form.other_people)))
    pairs = {("organisation_kind", kind) for kind in kinds}
    pairs |= {("organisation", each) for each in chosen | typed}
    return tuple(sorted(pairs | {("person", key) for key in people}))


def lines(text: str | None) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()][:MOST_NAMES]


def _find_id(name: str, names: dict[str, list[str]]) -> str:
    key = fold(name)
    for organisation_id, called in names.items():
        if key in {fold(each) for each in called}:
            return organisation_id
    told = Message(
        "No organisation of the network is called %(name)s. Write the whole name, one in each line,"
        " or ask a coordinator.",
        {"name": name},
    )
    raise Invalid({"other_organisations": [told]})


def _person(name: str) -> set[str]:
    # security: whether anybody of this name has an account is told to nobody
    keys = name_keys(name)
    if not any(" " in key for key in keys):
        told = Message("Write the first name and the family name, one person in each line.")
        raise Invalid({"other_people": [told]})
    return keys
