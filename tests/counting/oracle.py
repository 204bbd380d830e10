"""What each counter should find, counted over plain rows in plain Python."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from portal.counting.rules import Piece, Span

Row = dict[str, Any]

TRAININGS = ("training", "workshop")
CAME = {
    "women": ("female", "adult"),
    "men": ("male", "adult"),
    "girls": ("female", "child"),
    "boys": ("male", "child"),
}


class Oracle:
    """The rows of a world, and the answers."""

    def __init__(self, db: Database, span: Span) -> None:
        self._db, self._span = db, span
        self._zone = ZoneInfo(span.timezone)
        self._regions = {each["id"]: each["region"] or "" for each in self._rows("places")}

    def answer(self, counter: str) -> set[Piece]:
        found: Iterable[Piece] = getattr(self, counter)()
        return set(found)

    def members(self) -> list[Piece]:
        return self._by_region(self._regions.get(each["place_id"], "") for each in self._joined())

    def regions_with_member(self) -> list[Piece]:
        regions = {self._regions.get(each["place_id"], "") for each in self._joined()} - {""}
        return [Piece(numerator=len(regions))] if regions else []

    def practitioners_listed(self) -> list[Piece]:
        return self._listed(None)

    def psychologists_listed(self) -> list[Piece]:
        return self._listed("psychologist")

    def lawyers_listed(self) -> list[Piece]:
        return self._listed("lawyer")

    def confirmed_90_days(self) -> list[Piece]:
        every = list(self._in_list(None))
        fresh = (self._span.today - timedelta(days=90)).isoformat()
        whole = Counter(self._regions[each["place_id"]] for each in every)
        good = Counter(self._regions[e["place_id"]] for e in every if e["confirmed_on"] >= fresh)
        return [Piece(region, "", "", good[region], n) for region, n in whole.items()]

    def requests_48_hours(self) -> list[Piece]:
        midnight = datetime.combine(self._span.today, datetime.min.time(), self._zone)
        asked: dict[str, list[bool]] = {}
        for each in self._rows("requests"):
            made = datetime.fromisoformat(each["created_at"])
            waits = not each["ended_at"] and made < midnight - timedelta(hours=48)
            if self._holds(made) and (each["answered_in_48h"] is not None or waits):
                asked.setdefault(each["region"], []).append(bool(each["answered_in_48h"]))
        return [Piece(region, "", "", sum(said), len(said)) for region, said in asked.items()]

    def days_to_visit(self) -> list[Piece]:
        days = [each["days_waited"] for each in self._visits() if each["days_waited"] is not None]
        return [Piece(numerator=median(days))] if days else []

    def consultations(self) -> list[Piece]:
        return self._by_region(each["region"] for each in self._visits())

    def campaign_activities(self) -> list[Piece]:
        return self._by_region(self._regions.get(e["place_id"], "") for e in self._activities())

    def campaign_participants(self) -> list[Piece]:
        return self._people(self._activities())

    def materials_shared(self) -> list[Piece]:
        return self._works(adapted=False)

    def materials_adapted(self) -> list[Piece]:
        return self._works(adapted=True)

    def materials_downloaded(self) -> list[Piece]:
        months = {each[:7] for each in self._days()}
        number = sum(e["number"] for e in self._rows("download_counts") if e["month"] in months)
        return [Piece(numerator=number)] if number else []

    def trainings(self) -> list[Piece]:
        return self._by_region(self._regions.get(e["place_id"], "") for e in self._trainings())

    def people_trained(self) -> list[Piece]:
        return self._people(self._trainings())

    def trainings_useful(self) -> list[Piece]:
        held = {each["id"] for each in self._trainings()}
        asked = self._rows("evaluation_questions")
        useful = {e["id"] for e in asked if e["ready"] == "useful" and e["event_id"] in held}
        said = [
            (each["option"], each["people"])
            for each in self._rows("evaluation_counts")
            if each["question_id"] in useful and each["moment"] == "after"
        ]
        good = sum(people for option, people in said if option >= 4)
        whole = sum(people for _, people in said)
        return [Piece("", "", "", good, whole)] if whole else []

    def reports_on_time(self) -> list[Piece]:
        owed = {each["id"] for each in self._joined()}
        due = self._span.period.last + timedelta(days=20)
        first: dict[str, date] = {}
        for each in self._rows("report_states"):
            if each["state"] == "submitted" and each["report_id"] not in first:
                at = datetime.fromisoformat(each["at"])
                first[each["report_id"]] = at.astimezone(self._zone).date()
        reports = self._rows("reports")
        mine = [e for e in reports if e["period"] == self._span.period.code]
        good = [e for e in mine if e["organisation_id"] in owed and e["id"] in first]
        return [Piece("", "", "", sum(first[e["id"]] <= due for e in good), len(owed))]

    def _listed(self, profession: str | None) -> list[Piece]:
        found = Counter(
            (self._regions[each["place_id"]], each["gender"] or "unknown")
            for each in self._in_list(profession)
        )
        return [Piece(region, sex, "", number) for (region, sex), number in found.items()]

    def _in_list(self, profession: str | None) -> Iterable[Row]:
        today = self._span.today
        oldest = (today - timedelta(days=180)).isoformat()
        for each in self._rows("listings"):
            licensed = (each["licence_expires_on"] or "9999") >= today.isoformat()
            is_wanted = profession in (None, each["profession"])
            if is_wanted and licensed and each["confirmed_on"] >= oldest:
                yield each

    def _joined(self) -> list[Row]:
        after = datetime.combine(self._span.period.next.first, datetime.min.time(), self._zone)
        states: dict[str, str] = {}
        for each in self._rows("membership_states"):
            if datetime.fromisoformat(each["at"]) < after:
                states[each["organisation_id"]] = each["state"]
        last = self._span.period.last.isoformat()
        return [
            each
            for each in self._rows("organisations")
            if (each["joined_on"] or "9999") <= last
            and states.get(each["id"], "admitted") == "admitted"
        ]

    def _visits(self) -> list[Row]:
        days = self._days()
        return [
            each
            for each in self._rows("requests")
            if each["outcome"] == "visited" and each["mode"] == "home" and each["wished_on"] in days
        ]

    def _activities(self) -> list[Row]:
        days, campaigns = self._days(), self._rows("campaigns")
        out = {each["id"] for each in campaigns if each["state"] == "published"}
        held = self._rows("activities")
        return [each for each in held if each["campaign_id"] in out and each["held_on"] in days]

    def _trainings(self) -> list[Row]:
        days = self._days()
        return [
            each
            for each in self._rows("events")
            if each["kind"] in TRAININGS
            and not each["already_published"]
            and each["cancelled_at"] is None
            and (each["ends_on"] or each["starts_on"]) in days
        ]

    def _people(self, held: list[Row]) -> list[Piece]:
        """Where parts are counted but not all of them, the rest of whom nothing is known."""
        came: Counter[tuple[str, str, str]] = Counter()
        for each in held:
            region = self._regions.get(each["place_id"], "")
            for name, part in CAME.items():
                came[(region, *part)] += each[name] or 0
            told = sum(each[name] or 0 for name in CAME)
            came[(region, "unknown", "unknown")] += max((each.get("participants") or 0) - told, 0)
        return [Piece(*part, number) for part, number in came.items() if number]

    def _works(self, *, adapted: bool) -> list[Piece]:
        of = {each["id"]: each["material_id"] for each in self._rows("material_versions")}
        first: dict[str, datetime] = {}
        for each in self._rows("material_states"):
            if each["state"] == "published":
                first.setdefault(of[each["version_id"]], datetime.fromisoformat(each["at"]))
        shared = [
            each
            for each in self._rows("materials")
            if each["published_version"] is not None
            and self._holds(first[each["id"]])
            and (each["adapted_from"] or not adapted)
        ]
        return [Piece(numerator=len(shared))] if shared else []

    def _by_region(self, regions: Iterable[str]) -> list[Piece]:
        return [Piece(region, "", "", number) for region, number in Counter(regions).items()]

    def _holds(self, moment: datetime) -> bool:
        return moment.astimezone(self._zone).date().isoformat() in self._days()

    def _days(self) -> set[str]:
        period = self._span.period
        number = (period.last - period.first).days + 1
        return {(period.first + timedelta(days=n)).isoformat() for n in range(number)}

    def _rows(self, table: str) -> list[Row]:
        return [dict(each) for each in self._db.table(table).rows_where(order_by="rowid")]
