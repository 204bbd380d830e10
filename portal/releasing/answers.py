"""A release as its pages and scripts read it."""

from collections.abc import Callable, Sequence

import msgspec
from sqlite_utils import Database

from portal.publication.ledger import Candidate, Figures, ReleasedLevel
from portal.publication.queries import Draft, Step, find_figures_of, find_in_force, find_steps
from portal.releasing.queries import (
    Partial,
    Standing,
    audits_of,
    find_audits,
    find_note,
    find_partial,
)
from portal.releasing.rules import (
    REASONS,
    AuditTold,
    Change,
    Summary,
    changes,
)
from portal.vocabularies.voice import Voice


class ReleaseListed(msgspec.Struct, frozen=True):
    """A release in the list."""

    id: int
    number: int | None
    released_on: str
    state: str
    at: str
    by: str


class ReleasesFound(msgspec.Struct, frozen=True):
    """One page of releases, and the next one of the calendar."""

    total: int
    page: int
    per_page: int
    results: list[ReleaseListed]
    due_quarter: str
    due_on: str


class StepShown(msgspec.Struct, frozen=True):
    """One step of a release, with the name of who took it."""

    state: str
    at: str
    by: str
    reason: str | None


class IndicatorAudited(msgspec.Struct, frozen=True):
    """What the audit did to one indicator: its levels, and what its reports say."""

    indicator: str
    levels: list[ReleasedLevel]
    audits: list[AuditTold]


class ReleaseShown(msgspec.Struct, frozen=True):
    """One release: how it stands, what it changes, how its audit went."""

    id: int
    number: int | None
    released_on: str
    state: str
    prepared_at: str | None
    stale: str | None
    approval: str | None
    note: str | None
    steps: list[StepShown]
    partial: list[Partial]
    changes: list[Summary]
    audits: list[IndicatorAudited]


class ChangesFound(msgspec.Struct, frozen=True):
    """One page of what a release changes."""

    total: int
    page: int
    per_page: int
    results: list[Change]


def listed(draft: Draft, named: Callable[[str], str]) -> ReleaseListed:
    """A release as it stands in the list."""
    return ReleaseListed(
        draft.id, draft.number, draft.released_on, draft.state, draft.at, named(draft.by)
    )


def show_release(db: Database, standing: Standing, named: Callable[[str], str]) -> ReleaseShown:
    """All that is known of a release; what it changes only until it is published."""
    draft, figures = standing.draft, find_figures_of(db, standing.draft.id)
    return ReleaseShown(
        id=draft.id,
        number=draft.number,
        released_on=draft.released_on,
        state=draft.state,
        prepared_at=draft.prepared_at,
        stale=standing.stale,
        approval=standing.approval_id,
        note=find_note(db, draft.id),
        steps=[_step(each, named) for each in find_steps(db, draft.id)],
        partial=find_partial(db, draft.id),
        changes=find_changes(db, draft, figures)[1],
        audits=audited(figures, find_audits(db, draft.id)),
    )


def find_changes(
    db: Database, draft: Draft, figures: Figures | None = None
) -> tuple[list[Change], list[Summary]]:
    """What a release that is looked at would change; nothing of one that is decided."""
    if draft.state not in ("prepared", "approved"):
        return [], []
    return changes(find_in_force(db), figures or find_figures_of(db, draft.id))


def audited(figures: Figures, audits: dict[str, AuditTold]) -> list[IndicatorAudited]:
    """By indicator; an audited cube is named by its indicator, or begins with its name."""
    levels: dict[str, list[ReleasedLevel]] = {}
    for each in figures.levels:
        levels.setdefault(each.indicator, []).append(each)
    told: dict[str, list[AuditTold]] = {}
    for cube, audit in audits.items():
        told.setdefault(_indicator(cube), []).append(audit)
    names = sorted({*levels, *told})
    return [IndicatorAudited(name, levels.get(name, []), told.get(name, [])) for name in names]


def check_in_words(voice: Voice, candidate: Candidate) -> tuple[list[str], list[str]]:
    """What the audit of a candidate says, a line each; and those that say why one failed.

    Tables and levels are named, numbers of people never.
    """
    lines, failed = [], []
    for each in audited(candidate, audits_of(candidate.audits)):
        lines += [f"{each.indicator}: {line}" for line in audit_in_words(voice, each)]
        failed += [
            f"{each.indicator}: {_stop_line(voice, audit.stopped_at or '', audit.stopped_by)}"
            for audit in each.audits
            if audit.is_failed
        ]
    return lines, failed


def reason_in_words(voice: Voice, step: StepShown) -> str:
    """Why a step was taken: a code of the house, one of a refusal, or what somebody wrote."""
    if step.reason and step.reason in REASONS:
        return voice.language.say(REASONS[step.reason])
    if step.reason and step.state in ("refused", "dropped"):
        return voice.term("refusal_reasons", step.reason)
    return step.reason or ""


def audit_in_words(voice: Voice, each: IndicatorAudited) -> list[str]:
    """An indicator's audit in sentences: which levels are said, what is withheld, why it ends."""
    say = voice.language.gettext
    lines = [_level_line(voice, level) for level in each.levels]
    for audit in each.audits:
        if not each.levels:
            lines += [_table_line(voice, audit)] if audit.tables else []
            if audit.stopped_at:
                lines.append(_stop_line(voice, audit.stopped_at, audit.stopped_by))
        if audit.added:
            lines.append(say("Withheld only to hide others: %(n)s.", n=audit.added))
        if audit.said_before:
            said = say("Withheld though an earlier release gave them: %(n)s.", n=audit.said_before)
            lines.append(said)
        if audit.narrowest is not None:
            said = say(
                "Whoever computes learns of a withheld number only that it lies in a range of"
                " %(n)s or more people.",
                n=audit.narrowest,
            )
            lines.append(said)
    return lines


def _level_line(voice: Voice, level: ReleasedLevel) -> str:
    if not level.is_published:
        return _stop_line(voice, level.level, level.why)
    return voice.language.gettext(
        "Published: %(level)s; %(n)s of %(m)s figures withheld.",
        level=voice.term("release_levels", level.level),
        n=level.withheld,
        m=level.cells,
    )


def _table_line(voice: Voice, audit: AuditTold) -> str:
    last = audit.tables[-1]
    return voice.language.gettext(
        "Published: %(level)s; %(n)s of %(m)s figures withheld.",
        level=voice.term("release_levels", last.name),
        n=last.withheld,
        m=last.withheld + last.published,
    )


def _stop_line(voice: Voice, level: str, why: str | None) -> str:
    return voice.language.gettext(
        "Not published: %(level)s. %(why)s.",
        level=voice.term("release_levels", level),
        why=voice.term("level_reasons", why or ""),
    )


def _indicator(cube: str) -> str:
    return cube.replace(":", "/").partition("/")[0]


def _step(step: Step, named: Callable[[str], str]) -> StepShown:
    return StepShown(step.state, step.at, named(step.by), step.reason)


def only(found: Sequence[Change], indicator: str | None, kind: str | None) -> list[Change]:
    """Of all changes those of one indicator, and of one kind."""
    return [
        each
        for each in found
        if (not indicator or each.indicator == indicator) and (not kind or each.kind == kind)
    ]
