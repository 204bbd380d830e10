"""What a charter is made of, what differs between two versions, and what is to be affirmed anew."""

from collections.abc import Mapping, Sequence

import msgspec

KINDS = ("criterion", "principle")

# the texts of a point; `evidence` says what shows that a criterion is met
FIELDS = ("title", "text", "evidence")

# of a text in a language; one that is missing has no row
TEXT_STATES = ("original", "checked", "unchecked", "missing")


class Text(msgspec.Struct, frozen=True):
    """One field of a point: as it was decided, in its language, and in the others."""

    original: str
    language: str
    others: dict[str, str] = {}
    states: dict[str, str] = {}

    def state(self, language: str) -> str:
        """Whether the text in a language is the original, checked, unchecked or missing."""
        return self.states.get(language, "missing")


class Point(msgspec.Struct, frozen=True):
    """A criterion, which asks for evidence, or a principle, which is accepted as it stands."""

    code: str
    kind: str
    position: int
    asks_file: bool
    title: Text
    text: Text
    evidence: Text | None = None

    @property
    def decided(self) -> tuple[object, ...]:
        """What was decided: a translation is no part of it."""
        evidence = self.evidence.original if self.evidence else ""
        return (self.kind, self.asks_file, self.title.original, self.text.original, evidence)


class Differing(msgspec.Struct, frozen=True):
    """A point that two versions do not have alike: added (no `before`), removed, or changed."""

    code: str
    before: Point | None
    after: Point | None

    @property
    def how(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(before: Sequence[Point], after: Sequence[Point]) -> list[Differing]:
    """The points whose decided words differ, in the order of the newer version, removed ones last.

    A point is the same one by its code. Translations and the order make no difference.
    """
    old: Mapping[str, Point] = {each.code: each for each in before}
    new: Mapping[str, Point] = {each.code: each for each in after}
    changed = [
        Differing(code, old.get(code), point)
        for code, point in new.items()
        if code not in old or old[code].decided != point.decided
    ]
    return changed + [Differing(code, gone, None) for code, gone in old.items() if code not in new]


def to_affirm(before: Sequence[Point], after: Sequence[Point]) -> list[Point]:
    """The points that a member of the older version is asked about: the new and the changed."""
    return [each.after for each in differences(before, after) if each.after is not None]
