"""One person's question, brought to the engine of her tier, and its answer as she may see it."""

from dataclasses import dataclass, field
from datetime import date

import msgspec
from msgspec.structs import replace
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid, NotFound
from portal.i18n.language import Message
from portal.places.queries import Place, get_place
from portal.practitioners.queries import Briefly, find_briefly, find_not_shown
from portal.site_search.forms import Asked
from portal.site_search.queries import find_gone
from portal.site_search.rules import AROUND, Unasked, is_cut, is_named, why_unasked
from search.engine import Answer, Circle, Engine, Hit, Position, Question
from search.folding import words_of

TRIES = 3  # questions asked anew because the index still had what is gone


class Result(msgspec.Struct, frozen=True):
    """One thing that was found."""

    kind: str
    id: str
    title: str
    url: str
    snippet: str


class Found(msgspec.Struct, frozen=True):
    """What scripts read; `stands_in` says that the spare engine answered."""

    engine: str
    total: int
    results: list[Result]
    facets: dict[str, dict[str, int]]
    page: int = 1
    suggestion: str | None = None
    stands_in: bool = False


class Reply(msgspec.Struct, frozen=True):
    """An answer and what a page says around it.

    `counts` are those of all kinds, whichever was chosen; `near` is the settlement of the circle;
    `meant` the one that the words name, where somebody looked for people and found none;
    `people` are the practitioners found, by id.
    """

    answer: Answer
    counts: dict[str, int]
    near: Place | None = None
    meant: Hit | None = None
    people: dict[str, Briefly] = {}
    unasked: Unasked | None = None
    is_cut: bool = False

    @property
    def groups(self) -> dict[str, list[Hit]]:
        """The hits by kind, the kind of the best one first."""
        groups: dict[str, list[Hit]] = {}
        for hit in self.answer.hits:
            groups.setdefault(hit.kind, []).append(hit)
        return groups


@dataclass
class Asking:
    """Who asks which engine, and what she must not be answered."""

    db: Database
    engine: Engine
    actor: Actor
    today: date
    language: str
    without: set[str] = field(default_factory=set)

    def reply(self, asked: Asked) -> Reply:
        """The answer to a form; `Invalid` when its settlement is not known."""
        near = self._near(asked)
        unasked = why_unasked(asked.text, is_narrowed=bool(asked.kind or near))
        if unasked:
            nothing = Answer(0, (), {"kind": {}}, None, self.engine.name)
            return Reply(nothing, {}, near, unasked=unasked)
        if self.actor.may_use_directory:
            hidden = find_not_shown(self.db, self.actor, self.today)
            self.without |= {f"practitioners:{each}" for each in hidden}
        question = self._question(asked, near)
        around = near is not None and not asked.text and not asked.kind
        answer = self._around(question) if around else self._ask(question)
        counts, meant = self._counts(answer, question), self._meant(answer, question)
        people = self._people(answer)
        return Reply(answer, counts, near, meant, people, None, is_cut(asked.text))

    def _people(self, answer: Answer) -> dict[str, Briefly]:
        people = [hit.id.partition(":")[2] for hit in answer.hits if hit.kind == "practitioners"]
        return find_briefly(self.db, people) if people else {}

    def _near(self, asked: Asked) -> Place | None:
        if asked.near is None:
            return None
        try:
            return get_place(self.db, asked.near, local=self.actor.may_use_directory)
        except NotFound:
            said = Message("No settlement of this name is known. Choose one from the list.")
            raise Invalid({"near": [said]}) from None

    def _question(self, asked: Asked, near: Place | None) -> Question:
        centre = Position(near.latitude, near.longitude) if near else None
        return Question(
            text=asked.text,
            kind=asked.kind,
            within=Circle(centre, float(asked.within)) if centre else None,
            language=self.language,
            limit=asked.limit,
            offset=asked.offset,
        )

    def _ask(self, question: Question) -> Answer:
        """What the engine finds, asked again while it finds what is there no more."""
        # security: only who may use the directory asks the index that has practitioners in it
        index = "members" if self.actor.may_use_directory else "public"
        for _ in range(TRIES):
            without = tuple(sorted(self.without))
            answer = self.engine.ask(index, replace(question, without=without))
            gone = find_gone(self.db, self.actor, self.today, [hit.id for hit in answer.hits])
            if not gone:
                # security: a suggestion is spelled after the best hit, which only page 1 looks at
                return replace(answer, suggestion=None) if question.offset else answer
            self.without |= gone
        hits = tuple(hit for hit in answer.hits if hit.id not in gone)
        return replace(answer, hits=hits, total=answer.total - len(gone), suggestion=None)

    def _around(self, question: Question) -> Answer:
        """What lies in a circle, kind after kind: a town's villages do not crowd out the rest."""
        skip, left = question.offset, question.limit
        parts: dict[str, Answer] = {}
        for kind in AROUND:
            part = self._ask(replace(question, kind=kind, offset=skip, limit=left))
            skip, left = max(0, skip - part.total), left - len(part.hits)
            parts[kind] = part
        totals = {kind: part.total for kind, part in parts.items() if part.total}
        return Answer(
            total=sum(totals.values()),
            hits=tuple(hit for part in parts.values() for hit in part.hits),
            facets={"kind": totals},
            engine=parts[AROUND[0]].engine,
            stands_in=any(part.stands_in for part in parts.values()),
        )

    def _counts(self, answer: Answer, question: Question) -> dict[str, int]:
        if question.kind is None:
            return answer.facets["kind"]
        return self._ask(replace(question, kind=None, limit=0, offset=0)).facets["kind"]

    def _meant(self, answer: Answer, question: Question) -> Hit | None:
        """The settlement that the words name: somebody may travel there, whoever lives there."""
        is_of_people = question.kind in (None, "practitioners") and self.actor.may_use_directory
        if not is_of_people or question.within:
            return None
        if answer.total and len(words_of(question.text)) < 2:
            return None
        hits = self._ask(replace(question, kind="places", limit=1, offset=0)).hits
        if not hits or (answer.total and not is_named(hits[0], question.text)):
            return None
        return hits[0]


def found_of(reply: Reply, asked: Asked, language: str) -> Found:
    """An answer as scripts read it."""
    answer = reply.answer
    return Found(
        engine=answer.engine,
        total=answer.total,
        results=[_result(hit, language) for hit in answer.hits],
        facets=answer.facets,
        page=asked.page,
        suggestion=answer.suggestion,
        stands_in=answer.stands_in,
    )


def _result(hit: Hit, language: str) -> Result:
    number = hit.id.split(":", 1)[1]
    return Result(hit.kind, number, hit.title, f"/{language}{hit.url}", hit.snippet)
