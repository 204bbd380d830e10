"""What the pages of a review show, and scripts read: the head for members, the rest for few."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.applications.queries import (
    Application,
    Evidence,
    find_answers,
    find_appeal,
    find_evidence,
    get_application,
)
from portal.applications.rules import APPEAL
from portal.charter.rules import Point, Text
from portal.clock import day_of, moment_of
from portal.i18n.language import Language
from portal.reviews.queries import (
    Conflicted,
    Namesakes,
    Said,
    find_conflicts,
    find_criteria,
    find_earlier,
    find_namesakes,
    find_said,
)
from portal.reviews.rules import (
    SAFE_SCANS,
    WHY_NOT,
    exclusion,
    hindrance,
    may_invite,
    outside_missing,
    reads_answers,
)
from portal.reviews.standing import NEEDED, Review, Reviewer, Standing


class QueuedApplication(msgspec.Struct, frozen=True):
    """An application as members see it: nothing of what was written."""

    id: str
    name: str
    region: str | None
    kind: str | None
    state: str
    is_appeal: bool
    age_days: int
    reviewers: int
    reviewers_needed: int
    may_take: bool
    why_not: str | None
    is_mine: bool


class ApplicationsQueued(msgspec.Struct, frozen=True):
    """One page of applications, the oldest first."""

    total: int
    page: int
    per_page: int
    results: list[QueuedApplication]


class EvidenceShown(msgspec.Struct, frozen=True):
    """A file beside an answer; `size` in bytes; it opens when its scan is none or clean."""

    id: str
    name: str
    ending: str
    size: int
    scan: str

    @property
    def opens(self) -> bool:
        """Whether it may be handed on."""
        return self.scan in SAFE_SCANS


class CriterionShown(msgspec.Struct, frozen=True):
    """One criterion in the reader's language, what was answered to it and shown for it.

    `language` is that of the charter's text, where nobody has translated it; `number` is its place
    in the charter, whichever others are shown.
    """

    code: str
    number: int
    title: str
    text: str
    evidence: str | None
    language: str
    answer: str | None
    files: list[EvidenceShown]


class VerdictShown(msgspec.Struct, frozen=True):
    """What a reviewer said of a criterion; without an organisation it is somebody from outside."""

    organisation: str | None
    code: str
    verdict: str
    note: str | None


class ApplicationShown(msgspec.Struct, frozen=True):
    """One application; the lists are empty for whoever may not read what was written."""

    application: QueuedApplication
    criteria: list[CriterionShown] = []
    appeal: str | None = None
    appeal_files: list[EvidenceShown] = []
    verdicts: list[VerdictShown] = []


class Coordinated(msgspec.Struct, frozen=True):
    """What coordinators see beside it: whom it may be, who stands aside, what was decided before.

    `by_name`: how many people the name of the contact keeps away.
    """

    conflicts: list[Conflicted]
    namesakes: Namesakes
    earlier: list[tuple[date, str]]
    outside: int
    outside_from: date
    is_outside_open: bool
    may_invite: bool
    by_name: int


class Seen(msgspec.Struct, frozen=True):
    """What stands on the page of somebody who may read an application."""

    application: Application
    criteria: list[CriterionShown]
    appeal: str | None
    appeal_files: list[EvidenceShown]
    said: dict[str, dict[str, Said]]


def queued(
    standing: Standing,
    me: Reviewer,
    everybody: Sequence[Reviewer],
    language: Language,
    today: date,
    timezone: str,
) -> QueuedApplication:
    """The head of an application, and what this person may do about it."""
    why = hindrance(me, standing, everybody)
    return QueuedApplication(
        id=standing.id,
        name=language.of(standing.name, standing.names),
        region=standing.region,
        kind=standing.kind,
        state=standing.state,
        is_appeal=standing.is_appeal,
        age_days=(today - day_of(moment_of(standing.submitted_at), timezone)).days,
        reviewers=len(standing.taken),
        reviewers_needed=NEEDED,
        may_take=why is None,
        why_not=language.say(WHY_NOT[why]) if why else None,
        is_mine=standing.of_account(me.account_id) is not None,
    )


def seen(db: Database, standing: Standing, language: Language) -> Seen:
    """All that was written and shown; whoever calls knows that this person may read it."""
    appeal = find_appeal(db, standing.id)
    return Seen(
        application=get_application(db, standing.id),
        criteria=criteria_of(db, standing.id, language),
        appeal=appeal.words if appeal else None,
        appeal_files=_files_of(find_evidence(db, standing.id), APPEAL) if appeal else [],
        said=find_said(db, standing.id),
    )


def coordinated(
    db: Database,
    standing: Standing,
    me: Reviewer,
    everybody: Sequence[Reviewer],
    at: datetime,
    timezone: str,
) -> Coordinated | None:
    """What is for coordinators alone, those who may read it."""
    if me.role != "coordinator" or not reads_answers(me, standing, everybody):
        return None
    return Coordinated(
        conflicts=find_conflicts(db, standing.id),
        namesakes=find_namesakes(db, standing),
        earlier=[
            (day_of(moment_of(each.at), timezone), each.verdict)
            for each in find_earlier(db, standing)
        ],
        outside=outside_missing(standing, everybody),
        outside_from=day_of(standing.opens_outside, timezone),
        is_outside_open=at >= standing.opens_outside,
        may_invite=may_invite(me, standing, everybody),
        by_name=len(
            [each for each in everybody if exclusion(each, standing, everybody) == "same_person"]
        ),
    )


def criteria_of(db: Database, application_id: str, language: Language) -> list[CriterionShown]:
    """The criteria of the version that was applied under, each with its answer and its files."""
    given, files = find_answers(db, application_id), find_evidence(db, application_id)
    return [
        CriterionShown(
            code=point.code,
            number=number,
            title=_in(point.title, language),
            text=_in(point.text, language),
            evidence=_in(point.evidence, language) if point.evidence else None,
            language=_language_of(point, language),
            answer=given[point.code].answer if point.code in given else None,
            files=_files_of(files, point.code),
        )
        for number, point in enumerate(find_criteria(db, application_id), 1)
    ]


def shown(head: QueuedApplication, standing: Standing, found: Seen | None) -> ApplicationShown:
    """The same for scripts; verdicts only when all that are needed have sent."""
    if found is None:
        return ApplicationShown(head)
    verdicts = [
        VerdictShown(review.organisation, each.code, each.verdict, each.note)
        for review in (standing.taken if standing.is_reviewed else [])
        for each in found.said.get(review.id, {}).values()
    ]
    return ApplicationShown(head, found.criteria, found.appeal, found.appeal_files, verdicts)


def typed_of(said: dict[str, Said]) -> dict[str, str]:
    """What stands in the fields of a review that was saved."""
    verdicts = {f"verdict-{code}": each.verdict for code, each in said.items()}
    return verdicts | {f"note-{code}": each.note or "" for code, each in said.items()}


def own_part(criteria: Sequence[CriterionShown], review: Review) -> list[CriterionShown]:
    """The criteria that a review is about: all, or those asked about anew."""
    return [each for each in criteria if review.asked is None or each.code in review.asked]


def said_before(
    standing: Standing, mine: Review, said: dict[str, dict[str, Said]]
) -> dict[str, Said]:
    """What a reviewer said in the round before: what they asked, by criterion."""
    for each in standing.standing:
        if each.account_id == mine.account_id and each.round == mine.round - 1:
            return said.get(each.id, {})
    return {}


def _files_of(files: Sequence[Evidence], code: str) -> list[EvidenceShown]:
    return [
        EvidenceShown(each.id, each.name, each.ending, each.size, each.scan)
        for each in files
        if each.code == code
    ]


def _in(text: Text, language: Language) -> str:
    return language.of(text.original, text.others)


def _language_of(point: Point, language: Language) -> str:
    is_there = point.text.state(language.code) != "missing"
    return language.code if is_there else point.text.language
