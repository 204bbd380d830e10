"""Who sees which figure: the one gate that every page, file and picture of figures asks.

A figure is judged by the version of the definition that it was reported under, not by the one that
holds today: what counted people once stays for coordinators. What cannot be judged is not shown.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import as_json, fetch
from portal.indicators.locks import find_closed, quarters_of
from portal.indicators.periods import read_period
from portal.indicators.queries import Aim, Counted, Definition, find_targets
from portal.publication.rules import POLICIES

# a figure of a region that rests on fewer organisations tells what one of them did, or that it is
# there: the directory that everybody reads leaves some of them out (D4)
FEWEST = max(each.fewest_organisations for each in POLICIES)

Part = tuple[str, str, str]

# which figures are given or hidden together: all countries' ones; a region's go by its country
COUNTRIES = "countries"


class Version(msgspec.Struct, frozen=True):
    """Of one version of a definition what decides who sees its figures."""

    code: str
    version: int
    source: str
    counts_people: bool


class Contributor(msgspec.Struct, frozen=True):
    """An organisation that reported something, of a place and a part, that is not nothing."""

    code: str
    period: str
    organisation_id: str
    region: str
    sex: str
    age_group: str
    form: str

    def is_behind(self, figure: Counted) -> bool:
        """Whether it is in a figure of its region, its country, or the network."""
        place, part = figure.region, (self.sex, self.age_group, self.form)
        is_there = place in ("", self.region) or self.region.startswith(f"{place}-")
        same = all(not want or want == have for want, have in zip(figure.part, part, strict=True))
        return is_there and same


def may_see(actor: Actor, version: Version | Definition) -> bool:
    """Whether somebody may see the network's exact figures of a version of an indicator.

    Figures that count people are for coordinators until they are released, but for those that
    somebody else has published already.
    """
    # security: a small number of people has a name (D0); what is no number of people is open
    return actor.is_coordinator or not version.counts_people or version.source == "quoted"


def sees_some(actor: Actor, versions: Iterable[Definition]) -> bool:
    """Whether there are figures of all for a reader under any of these versions."""
    return any(may_see(actor, each) for each in versions)


def sees_all(actor: Actor, versions: Sequence[Version | Definition]) -> bool:
    """Whether a number that belongs to no version may be seen: only where every one is open."""
    return bool(versions) and all(may_see(actor, each) for each in versions)


def are_people(versions: Sequence[Definition]) -> bool:
    """Whether numbers under these versions may be numbers of people; unknown ones are."""
    return not versions or any(each.counts_people for each in versions)


def only_seen(db: Database, actor: Actor, figures: Iterable[Counted]) -> list[Counted]:
    """Of figures of the network, of regions and parts those that somebody may see, in their order.

    Whoever is no coordinator sees those of open versions and closed periods, of regions only where
    enough organisations are behind; figures that are quoted always. What one organisation reported
    is asked for with `reports.queries.may_read` instead.
    """
    versions = {(each.code, each.version): each for each in _find_versions(db)}
    known = [(each, versions.get((each.code, each.version))) for each in figures]
    # security: a figure whose version cannot be judged is shown to nobody
    open_ones = [(each, of) for each, of in known if of is not None and may_see(actor, of)]
    if actor.is_coordinator:
        return [each for each, _ in open_ones]
    closed = {each.period for each in find_closed(db)}
    quoted = [each for each, of in open_ones if of.source == "quoted"]
    ours = [
        each
        for each, of in open_ones
        if of.source != "quoted" and not each.organisation_id and _is_within(closed, each.period)
    ]
    crowded = _find_crowded(db, [each for each in ours if not _is_whole(each)])
    kept = {*quoted, *filter(_is_whole, ours), *crowded}
    return [each for each, _ in open_ones if each in kept]


def sees_line(actor: Actor, definition: Definition, region: str) -> bool:
    """Whether somebody may see a row that no organisation reported: counted here, or quoted."""
    if actor.is_coordinator or definition.source == "quoted":
        return True
    # security: members counted by region tell where those are that the directory leaves out
    return not region and may_see(actor, definition)


def find_seen_aims(db: Database, actor: Actor, code: str | None = None) -> list[Aim]:
    """Targets, and baselines where somebody may see them: a baseline is a figure like others."""
    by_code: dict[str, list[Version]] = {}
    for each in _find_versions(db):
        by_code.setdefault(each.code, []).append(each)
    return [
        each if _sees_baseline(actor, by_code.get(each.code, []), each) else _without(each)
        for each in find_targets(db, code)
    ]


def _sees_baseline(actor: Actor, versions: Sequence[Version], aim: Aim) -> bool:
    # security: nobody knows under which version it was, nor how many organisations are behind it
    if not sees_all(actor, versions):
        return False
    is_quoted = all(each.source == "quoted" for each in versions)
    return actor.is_coordinator or is_quoted or not aim.region


def _without(aim: Aim) -> Aim:
    return msgspec.structs.replace(aim, baseline=None)


def _is_within(closed: set[str], period: str) -> bool:
    # security: until a quarter is closed its figures may change, and are for coordinators
    return quarters_of(read_period(period))[-1].code in closed


def _is_whole(figure: Counted) -> bool:
    return not figure.region and not any(figure.part)


def _find_crowded(db: Database, figures: Sequence[Counted]) -> list[Counted]:
    """Of figures of places and parts those with enough organisations behind, all of a whole.

    Where one region of a country, or a part of one, has too few, none of them is given: one that is
    hidden would be the whole minus the others, whichever of them are asked for here.
    """
    if not figures:
        return []
    asked = {(each.code, each.period) for each in figures}
    behind: dict[tuple[str, str], list[Contributor]] = {}
    for each in _find_contributors(db, asked):
        behind.setdefault((each.code, each.period), []).append(each)
    lonely = {
        _siblings(each)
        for each in _find_pieces(db, asked)
        if (each.numerator or each.denominator) and not _is_crowded(each, behind)
    }
    # the network minus its countries is what those did who named no region
    lonely |= {(*pair, COUNTRIES) for pair, who in behind.items() if 0 < _nowhere(who) < FEWEST}
    return [
        each for each in figures if _is_crowded(each, behind) and lonely.isdisjoint(_tells_of(each))
    ]


def _nowhere(contributors: Iterable[Contributor]) -> int:
    return len({each.organisation_id for each in contributors if not each.region})


def _is_crowded(figure: Counted, behind: Mapping[tuple[str, str], list[Contributor]]) -> bool:
    who = behind.get((figure.code, figure.period), [])
    return figure.reported >= FEWEST and _organisations(figure, who) >= FEWEST


def _siblings(figure: Counted) -> tuple[str, ...]:
    """What is given or hidden with it: a country's regions, the countries, the network's parts."""
    is_country = len(figure.region) == len("TM")
    return (figure.code, figure.period, COUNTRIES if is_country else figure.region[:2])


def _tells_of(figure: Counted) -> set[tuple[str, ...]]:
    """What could be computed with it: its siblings; and of a region its country as well."""
    countries = (figure.code, figure.period, COUNTRIES)
    return {_siblings(figure), countries} if figure.region else {_siblings(figure)}


def _organisations(figure: Counted, contributors: Iterable[Contributor]) -> int:
    # one organisation with three projects, or in three regions of a country, is one
    return len({each.organisation_id for each in contributors if each.is_behind(figure)})


def _find_pieces(db: Database, wanted: Iterable[tuple[str, str]]) -> list[Counted]:
    """All figures of places and parts, of pairs of indicator and period."""
    sql = """
        SELECT f.* FROM json_each(:wanted) AS w
        JOIN figures AS f ON f.code = w.value ->> 0 AND f.period = w.value ->> 1
        WHERE f.organisation_id = ''
    """
    found = fetch(db, Counted, sql, wanted=as_json(sorted(wanted)))
    return [each for each in found if not _is_whole(each)]


def _find_versions(db: Database) -> list[Version]:
    sql = """
        SELECT v.code, v.version, i.source, v.counts_people
        FROM indicator_versions AS v JOIN indicators AS i ON i.code = v.code
    """
    return fetch(db, Version, sql)


def _find_contributors(db: Database, wanted: Iterable[tuple[str, str]]) -> list[Contributor]:
    """Who reported more than nothing, in pairs of indicator and period."""
    sql = """
        SELECT DISTINCT r.code, r.period, r.organisation_id, r.region, r.sex, r.age_group, r.form
        FROM json_each(:wanted) AS w
        JOIN results AS r ON r.code = w.value ->> 0 AND r.period = w.value ->> 1
        WHERE r.accepted_at IS NOT NULL AND r.replaced_at IS NULL AND r.state = 'value'
            AND (r.numerator > 0 OR r.denominator > 0)
            AND r.organisation_id IS NOT NULL
    """
    return fetch(db, Contributor, sql, wanted=as_json(sorted(wanted)))
