"""Coordinators of two organisations, and a charter of two versions in four languages."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.charter.actions import load_charter
from portal.db import Store
from portal.settings import Settings
from tests.conftest import MOMENT, OPERATOR, TODAY, browsing
from tests.network import Network, members_of
from tests.people import MovingClock

LANGUAGE_COLUMNS = ("en", "ru", "tk", "tg")
HEADER = [
    *("version", "adopted_on", "kind", "code", "asks_file", "field", "original", "checked"),
    *LANGUAGE_COLUMNS,
]

NOTE = {"en": "For a test.", "ru": "Для проверки."}

DRAWN = {
    1: {
        "safe": {
            "title": (
                "Children are safe",
                "Дети в безопасности",
                "Çagalar howpsuz",
                "Кӯдакон эмин",
            ),
            "text": (
                "There are rules for work with children.",
                "Есть правила работы с детьми.",
                "Çagalar bilen işlemegiň düzgünleri bar.",
                "Қоидаҳои кор бо кӯдакон ҳастанд.",
            ),
            "evidence": ("The rules.", "Правила.", "Düzgünler.", "Қоидаҳо."),
        },
        "old": {
            "title": ("A thing of the past", "Прошлое", "Geçen zat", "Гузашта"),
            "text": ("It was asked.", "Это спрашивали.", "Soralýardy.", "Мепурсиданд."),
            "evidence": ("A paper.", "Бумага.", "Kagyz.", "Коғаз."),
        },
    },
    2: {
        "safe": {
            "title": (
                "Children are safe",
                "Дети в безопасности",
                "Çagalar howpsuz",
                "Кӯдакон эмин",
            ),
            "text": (
                "There are written rules for work with children. Nobody visits alone.",
                "Есть письменные правила работы с детьми. Никто не приходит один.",
                "Çagalar bilen işlemegiň ýazgylaýyn düzgünleri bar.",
                "Қоидаҳои хаттии кор бо кӯдакон ҳастанд.",
            ),
            "evidence": ("The rules.", "Правила.", "Düzgünler.", "Қоидаҳо."),
        },
        "new": {
            "title": ("Zealously confirmed", "", "", ""),
            "text": ("Every 90 days.", "", "", ""),
            "evidence": ("Who looks after it.", "", "", ""),
        },
    },
}


def rows(adopted: dict[int, str]) -> Iterator[dict[str, str]]:
    """Both versions as the rows of a file; `adopted` are the days of those that stand."""
    for version, points in DRAWN.items():
        whole = {"version": str(version), "original": "en", "checked": ""}
        yield {**whole, "kind": "note", "adopted_on": adopted.get(version, ""), **NOTE}
        for code, fields in points.items():
            row = {**whole, "kind": "criterion", "code": code, "asks_file": "yes"}
            row["checked"] = "ru"
            for field, texts in fields.items():
                yield {**row, "field": field, **dict(zip(LANGUAGE_COLUMNS, texts, strict=True))}
        row = {**whole, "kind": "principle", "code": "harm", "asks_file": "no"}
        for field, text in (("title", "Do no harm"), ("text", "We ask whom it could endanger.")):
            yield {**row, "field": field, "en": text}


def put_charter(store: Store, folder: Path, adopted: dict[int, str]) -> None:
    """Our own versions in place of the demo's, read from a file as any."""
    path = folder / "charter.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, HEADER, restval="")
        writer.writeheader()
        writer.writerows(rows(adopted))
    with store.transaction() as db:
        for table in ("charter_texts", "charter_points", "charter_versions"):
            db.execute(f"DELETE FROM {table}")
        load_charter(db, OPERATOR, MOMENT, path)


@pytest.fixture
def stage(settings: Settings, store: Store, tmp_path: Path) -> Iterator[Network]:
    """Ana and Beg keep the registers, of different organisations; Mira is a member."""
    put_charter(store, tmp_path, {1: "2019-09-14", 2: "2026-03-20"})
    with browsing(settings, clock := MovingClock()) as client:
        network = Network(client, store, clock)
        here = members_of(store)
        today = TODAY.isoformat()
        network.join("ana", here[0], "coordinator", seen_on=today)
        network.join("asa", here[0], "coordinator", seen_on=today)
        network.join("beg", here[1], "coordinator", seen_on=today)
        network.join("mira", here[2], "member", seen_on=today)
        yield network
