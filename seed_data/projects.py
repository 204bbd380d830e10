"""Invented projects of the demo, with donors that do not exist; days are counted from quarters.

`first` and `quarters` say from which quarter of the invented results on, and how many, a project
runs; 0 is the oldest of them. All of it is invented and says so.
"""

from typing import Any

Words = dict[str, str]

# what a quarter's results of an organisation carry, and from which quarter on
CARRIED: dict[str, tuple[str, int, frozenset[str]]] = {
    "o-h8p2zd": ("pr-murgap", 3, frozenset({"leaflets", "prevented", "in_reintegration"})),
    "o-s2k6bd": ("pr-sughd", 6, frozenset({"leaflets", "assisted", "hotline_calls"})),
}


def carried(organisation: str, number: int, code: str) -> str:
    """The project that results of a quarter carry, or nothing."""
    project_id, first, codes = CARRIED.get(organisation, ("", 0, frozenset()))
    return project_id if number >= first and code in codes else ""


def projects() -> list[dict[str, Any]]:
    """Every project with its logframe and its links."""
    return [_MURGAP, _SUGHD, _HOUSE]


def _aim(level: str, words: Words, *lines: dict[str, Any]) -> dict[str, Any]:
    return {"level": level, "words": words, "lines": lines}


def _line(
    code: str,
    target: float,
    baseline: float | None = None,
    counts: str = "project",
) -> dict[str, Any]:
    return {"code": code, "target": target, "baseline": baseline, "counts": counts}


_MURGAP: dict[str, Any] = {
    "id": "pr-murgap",
    "code": "DEMO-2024-MURGAP",
    "organisation": "o-h8p2zd",
    "first": 3,
    "quarters": 12,
    "donor": "Fund of the Seven Rivers (invented)",
    "donor_ref": "XX-DEMO-7",
    "donor_type": "60",
    "credit": "With support of the Fund of the Seven Rivers (invented for the demo).",
    "regions": ["TM-M"],
    "reporter_ref": "TM-DEMO-0012",
    "sector": "15160",
    "budget": 48_000,
    "currency": "EUR",
    "words": {
        "en": "Safe roads from the Murgap valley (demo)",
        "ru": "Безопасные дороги из долины Мургаба (демо)",
        "tk": "Murgap jülgesinden howpsuz ýollar (demo)",
        "tg": "Роҳҳои бехатар аз водии Мурғоб (намоишӣ)",
    },
    "description": {
        "en": "Invented: young people and families of Mary learn how to check an offer of work"
        " abroad, and people who came back find work at home.",
        "ru": "Выдумано: молодёжь и семьи Мары учатся проверять предложения работы за рубежом, а"
        " вернувшиеся находят работу дома.",
        "tk": "Oýlanyp tapylan: Marynyň ýaşlary we maşgalalary daşary ýurtdaky iş teklibini"
        " barlamagy öwrenýär, gaýdyp gelenler öz ýerinde iş tapýar.",
        "tg": "Бофта: ҷавонон ва оилаҳои Марв санҷидани пешниҳоди кор дар хориҷаро меомӯзанд ва"
        " баргаштагон дар хона кор меёбанд.",
    },
    "aims": [
        _aim(
            "outcome",
            {
                "en": "Fewer people leave with a false promise",
                "ru": "Меньше людей уезжают, поверив ложному обещанию",
                "tk": "Ýalan wada ynanyp gidýänler azalýar",
                "tg": "Одамони камтар бо ваъдаи дурӯғ мераванд",
            },
            _line("prevented", 60, 8),
            _line("in_reintegration", 12, 3),
        ),
        _aim(
            "output",
            {
                "en": "Leaflets reach every bus station",
                "ru": "Листовки есть на каждой автостанции",
                "tk": "Kagyzlar her awtobekede bar",
                "tg": "Варақаҳо дар ҳар истгоҳи автобус ҳастанд",
            },
            _line("leaflets", 9_000, 500),
        ),
    ],
    "links": [("campaign", "c-4t8n2r"), ("material", "m-4k7tq2"), ("event", "e-6r2x5h")],
}

_SUGHD: dict[str, Any] = {
    "id": "pr-sughd",
    "code": "DEMO-2025-SUGHD",
    "organisation": "o-s2k6bd",
    "first": 6,
    "quarters": 8,
    "donor": "Agency for Good Neighbours (invented)",
    "donor_ref": "XX-DEMO-3",
    "donor_type": "10",
    "credit": "Paid for by the Agency for Good Neighbours (invented for the demo).",
    "regions": ["TJ-SU"],
    "reporter_ref": "TJ-DEMO-0031",
    "sector": "15190",
    "budget": 31_500,
    "currency": "USD",
    "words": {
        "en": "Ask first: advice before the journey (demo)",
        "ru": "Сначала спроси: совет перед дорогой (демо)",
        "tk": "Ilki sora: ýoldan öň maslahat (demo)",
        "tg": "Аввал пурс: маслиҳат пеш аз роҳ (намоишӣ)",
    },
    "description": {
        "en": "Invented: a hotline and advice in Khujand for people who plan to work abroad, and"
        " direct assistance for those who were deceived.",
        "ru": "Выдумано: горячая линия и советы в Худжанде для тех, кто собирается работать за"
        " рубежом, и прямая помощь обманутым.",
        "tk": "Oýlanyp tapylan: daşary ýurtda işlejek bolýanlara Hujantda gyzgyn hat we maslahat,"
        " aldananlara göni kömek.",
        "tg": "Бофта: хати боварӣ ва маслиҳат дар Хуҷанд барои онҳое, ки кор дар хориҷаро дар назар"
        " доранд, ва кӯмаки бевосита ба фиребхӯрдагон.",
    },
    "aims": [
        _aim(
            "outcome",
            {
                "en": "People who were deceived get help within days",
                "ru": "Обманутые люди получают помощь за несколько дней",
                "tk": "Aldananlar birnäçe günde kömek alýar",
                "tg": "Фиребхӯрдагон дар чанд рӯз кӯмак мегиранд",
            },
            _line("assisted", 70, 12),
        ),
        _aim(
            "output",
            {
                "en": "The hotline is known and called",
                "ru": "Горячую линию знают и по ней звонят",
                "tk": "Gyzgyn haty bilýärler we oňa jaň edýärler",
                "tg": "Хати боварӣ шинохта аст ва ба он занг мезананд",
            },
            _line("hotline_calls", 300, 40),
            _line("leaflets", 6_000),
        ),
    ],
    "links": [("campaign", "c-7h3w9k")],
}

_HOUSE: dict[str, Any] = {
    "id": "pr-house",
    "code": "DEMO-2024-HOUSE",
    "organisation": "o-3vd8xw",
    "first": 2,
    "quarters": 8,
    "donor": "Fund of the Seven Rivers (invented)",
    "donor_ref": "XX-DEMO-7",
    "donor_type": "60",
    "credit": "With support of the Fund of the Seven Rivers (invented for the demo).",
    "regions": ["TM-S", "TM-A"],
    "reporter_ref": None,
    "sector": "16010",
    "budget": None,
    "currency": None,
    "words": {
        "en": "A way back: first months at home (demo)",
        "ru": "Дорога обратно: первые месяцы дома (демо)",
        "tk": "Yzyna ýol: öýdäki ilkinji aýlar (demo)",
        "tg": "Роҳи бозгашт: моҳҳои аввал дар хона (намоишӣ)",
    },
    "description": {
        "en": "Invented: people who came back are accompanied for their first months.",
        "ru": "Выдумано: вернувшихся сопровождают в первые месяцы.",
        "tk": "Oýlanyp tapylan: gaýdyp gelenlere ilkinji aýlarda hemra bolunýar.",
        "tg": "Бофта: баргаштагонро дар моҳҳои аввал ҳамроҳӣ мекунанд.",
    },
    "aims": [
        _aim(
            "outcome",
            {
                "en": "People who came back stay out of exploitation",
                "ru": "Вернувшиеся не попадают в эксплуатацию снова",
                "tk": "Gaýdyp gelenler gaýtadan ekspluatasiýa düşmeýär",
                "tg": "Баргаштагон дубора ба истисмор намеафтанд",
            },
            _line("exploited_again", 10, 20, "organisation"),
            _line("in_reintegration", 8, 4, "organisation"),
        ),
    ],
    "links": [],
}
