"""What an applicant is shown: the list of steps, what is lacking, and how an application stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal.applications.queries import (
    Answer,
    Appeal,
    Application,
    Evidence,
    find_answers,
    find_appeal,
    find_charter_of,
    find_evidence,
    find_lacking,
    find_outdated,
    find_questions,
    get_application,
)
from portal.applications.registry import Decision, find_decision
from portal.applications.rules import APPEAL_WITHIN, LACKS, PURPOSE, SENT
from portal.applying.queries import has_joined
from portal.applying.rules import NOT_TAKEN, TAKEN, ending_of, masked
from portal.charter.queries import Charter
from portal.charter.rules import Point
from portal.clock import moment_of
from portal.errors import Invalid, NotFound
from portal.i18n.language import Language, Message
from portal.links.queries import find_link
from portal.settings import Settings
from portal.uploads.intake import Inspected, inspected
from portal.web.errors import Answer as Page
from portal.web.errors import said_of
from portal.web.page import page
from portal.web.receiving import Asked, Received
from portal.web.site import language_of, site_of

STEPS: dict[str, Message] = {
    "organisation": Message("Organisation"),
    "principles": Message("Principles and terms"),
    "contact": Message("Contact"),
}


class Opened(msgspec.Struct, frozen=True):
    """The application that a link stands for."""

    application: Application
    code: str


class LinkOver(NotFound):
    """A link that opens nothing (any more): the page says how to get another one."""


class Sealed(Invalid):
    """An application in which this cannot be changed now; the page says how it stands."""

    def __init__(self, opened: Opened) -> None:
        super().__init__({"all": [SENT]})
        self.opened = opened


class Step(msgspec.Struct, frozen=True):
    """One step of the list: where it is, what it is called, what it lacks, in words.

    `number` is that of a criterion.
    """

    step: str
    title: str
    lacks: list[str]
    number: int | None = None


class ApplicationSteps(msgspec.Struct, frozen=True):
    """How an application stands, for its applicant; `state` is None while it was not sent."""

    name: str
    state: str | None
    steps: list[Step]
    questions: dict[str, list[str]]
    may_be_sent: bool


class Standing(msgspec.Struct, frozen=True):
    """All that the pages of one application show."""

    application: Application
    code: str
    charter: Charter | None
    answers: dict[str, Answer]
    evidence: list[Evidence]
    outdated: set[str]
    questions: dict[str, list[str]]
    decision: Decision | None
    appeal: Appeal | None
    steps: list[Step]
    may_be_sent: bool
    may_appeal: bool
    may_be_invited: bool

    @property
    def is_decided(self) -> bool:
        """Whether the newest decision stands: an appeal makes it wait."""
        return self.application.state in ("admitted", "declined", "suspended")

    @property
    def address(self) -> str:
        """Where letters go, as whoever has the link may read it."""
        return masked(self.application.email)

    @property
    def appeal_until(self) -> datetime | None:
        """When the time for an appeal ends."""
        since = self.application.state_at
        return moment_of(since) + APPEAL_WITHIN if since else None

    def may_answer(self, code: str) -> bool:
        """Whether this criterion is open: all before sending, later those asked about."""
        is_asked = not self.application.is_sent or code in self.questions
        return self.application.may_be_changed and is_asked

    def files_of(self, code: str) -> list[Evidence]:
        """The files that were sent for a criterion."""
        return [each for each in self.evidence if each.code == code]

    @property
    def may_be_read(self) -> bool:
        """Whether one's own answers are shown, which name nobody; none once taken back."""
        found = self.application
        return found.erased_at is None and (not found.is_sent or found.state != "left")

    def after(self, code: str) -> Step | None:
        """Where one goes on after a criterion: the next that is open, then the principles."""
        steps = [each.step for each in self.steps]
        at = steps.index(f"criteria/{code}")
        for each in self.steps[at + 1 :]:
            point = each.step.removeprefix("criteria/")
            if each.number is None:
                return None if self.application.is_sent else each
            if self.may_answer(point):
                return each
        return None

    def brief(self) -> ApplicationSteps:
        """The same for scripts."""
        found = self.application
        steps = (found.name, found.state, self.steps, self.questions)
        return ApplicationSteps(*steps, self.may_be_sent)


def open_link(request: Asked, code: str) -> Opened:
    """The application of an address's code: looked at before a byte of a body is read."""
    with site_of(request).store.read() as db:
        return _find(db, code, site_of(request).clock())


def open_unsent(request: Asked, code: str) -> Opened:
    """The same while it is written."""
    opened = open_link(request, code)
    # security: a link is kept in a phone's history; what was sent shows no contact any more
    if opened.application.is_sent or not opened.application.may_be_changed:
        raise Sealed(opened)
    return opened


def _find(db: Database, code: str, at: datetime) -> Opened:
    link = find_link(db, PURPOSE, code, at)
    if link is None:
        raise LinkOver
    return Opened(get_application(db, link.subject_id), code)


@contextmanager
def changing(request: Asked, opened: Opened) -> Iterator[Database]:
    """The transaction of one step; the link is looked at once more, for bodies take minutes."""
    with site_of(request).store.transaction() as db:
        _find(db, opened.code, site_of(request).clock())
        yield db


@contextmanager
def looked_at(settings: Settings, got: Received) -> Iterator[Inspected | None]:
    """The one file of a form, looked at; nothing when there is none."""
    if not got.files:
        yield None
        return
    if len(got.files) > 1 or got.files[0].field != "file":
        raise Invalid({"file": [Message("Send one file at a time.")]})
    if ending_of(got.files[0].name) not in TAKEN:
        raise Invalid({"file": [NOT_TAKEN]})
    with inspected(settings, got.files[0].path, got.files[0].name) as found:
        yield found


def standing_of(request: Asked, opened: Opened) -> Standing:
    """All that the pages of an application show, in the reader's language."""
    site = site_of(request)
    with site.store.read() as db:
        return look(db, opened, language_of(request), site.clock())


def overview(request: Asked, opened: Opened, problem: Invalid | None = None) -> Page:
    """The list of steps, or how an application stands; with what it lacks to be sent."""
    standing, said = standing_of(request, opened), said_of(request, problem)
    said = {"json": standing.brief(), "invited": "invited" in request.query_params, **said}
    return page(request, "apply_overview.html", block="content", standing=standing, **said)


def over(request: Asked, _error: Exception) -> Page:
    """What a link answers that is over."""
    return unkept(page(request, "link_over.html", block="content", status=404, purpose=PURPOSE))


def sealed(request: Asked, error: Sealed) -> Page:
    """What an application answers that cannot be changed now: how it stands."""
    return unkept(overview(request, error.opened, error))


def unkept(answer: Page) -> Page:
    """The same answer, kept by no browser: by a link nobody is signed in, and still."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def look(db: Database, opened: Opened, language: Language, at: datetime) -> Standing:
    """All that the pages of an application show, in a language."""
    found = opened.application
    charter, lacking = find_charter_of(db, found), find_lacking(db, found)
    answers = find_answers(db, found.id)
    lacks = {f"criteria/{code}": what for code, what in lacking.criteria.items()}
    lacks |= {name: getattr(lacking, name) for name in STEPS}
    steps = [
        Step(step, title, [language.say(LACKS[each]) for each in lacks.get(step, [])], number)
        for step, title, number in _titles(charter, language)
    ]
    return Standing(
        application=found,
        code=opened.code,
        charter=charter,
        answers=answers,
        evidence=find_evidence(db, found.id),
        outdated=find_outdated(db, charter, answers) if charter else set(),
        questions=find_questions(db, found.id) if found.state == "more_information" else {},
        decision=find_decision(db, found.id) if found.is_sent else None,
        appeal=find_appeal(db, found.id) if found.is_appeal else None,
        steps=steps,
        may_be_sent=found.may_be_changed and lacking.is_nothing,
        may_appeal=found.may_appeal(at),
        may_be_invited=_may_be_invited(db, found),
    )


def _may_be_invited(db: Database, found: Application) -> bool:
    if found.state != "admitted" or found.organisation_id is None:
        return False
    return not has_joined(db, found.organisation_id, found.email)


def _titles(charter: Charter | None, language: Language) -> list[tuple[str, str, int | None]]:
    """Every step with its title and number, in the order in which they are done."""
    criteria = [
        (f"criteria/{each.code}", language.of(each.title.original, each.title.others), number)
        for number, each in enumerate(charter.criteria if charter else [], 1)
    ]
    first, *rest = [(step, language.say(title), None) for step, title in STEPS.items()]
    return [first, *criteria, *rest]


def get_point(standing: Standing, code: str) -> Point:
    """A criterion of the version that is answered; `NotFound` for any other code."""
    for each in standing.charter.criteria if standing.charter else []:
        if each.code == code:
            return each
    raise NotFound
