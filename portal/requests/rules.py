"""What a request may become, how long an answer takes, and when it is forgotten: no I/O."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from portal.actor import Actor

# every state with those that may follow it; a state without any is an end
MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"offered", "declined", "cancelled", "expired"}),
    "offered": frozenset({"accepted", "open", "cancelled", "expired"}),
    "accepted": frozenset({"completed", "offered", "open", "cancelled", "expired"}),
    "completed": frozenset(),
    "declined": frozenset(),
    "cancelled": frozenset(),
    "expired": frozenset(),
}

ENDS = frozenset(state for state, after in MOVES.items() if not after)

MOST_OFFERS = 5
NOTE_LENGTH = 300

DAY_BEGINS, DAY_ENDS = time(8), time(20)
HOURS_TO_ANSWER = timedelta(hours=12)
PROMPT = timedelta(hours=48)
SEEN_AFTER_END = timedelta(hours=24)

AHEAD = timedelta(days=90)
UNANSWERED_DAYS = 3
UNCOMPLETED_DAYS = 30


class Wanted(msgspec.Struct, frozen=True):
    """What somebody asks for. Of the person helped it holds codes only, and they are erased soon.

    `timezone` is whose days and evenings count; `form_key` makes a double click save once.
    """

    profession: str
    mode: str
    region: str
    wished_on: date
    timezone: str
    form_key: str
    accompaniment: str
    travel_cost: str
    place_id: str | None = None
    part: str | None = None
    language: str | None = None
    gender: str | None = None
    age_group: str | None = None
    specialisation: str | None = None
    note: str | None = None


class Kept(msgspec.Struct, frozen=True):
    """What actions need of a request; nothing in it says anything about the person helped."""

    id: str
    state: str
    account_id: str
    name: str
    organisation_id: str | None
    organisation_kind: str | None
    timezone: str
    created_at: str
    mode: str
    wished_on: date
    answered_in_48h: bool | None
    returned_at: str | None

    @property
    def asker(self) -> Actor:
        """The asker, for whom it is decided anew who may be asked."""
        own, kind = self.organisation_id, self.organisation_kind
        return Actor("member", self.account_id, self.name, own, kind)


def may_become(state: str, new: str) -> bool:
    """Whether a request in this state may go on to that one."""
    return new in MOVES[state]


def answer_by(offered_at: datetime, timezone: str) -> datetime:
    """Until when an offer stands: twelve hours of daytime later, 8 to 20 on the network's clock.

    Nights do not count, weekends do: visits are made on them.
    """
    zone = ZoneInfo(timezone)
    local, left = offered_at.astimezone(zone), HOURS_TO_ANSWER
    while True:
        begins = max(local, _at(local.date(), DAY_BEGINS, zone))
        ends = _at(local.date(), DAY_ENDS, zone)
        if ends - begins >= left:
            return (begins + left).astimezone(offered_at.tzinfo)
        left -= max(ends - begins, timedelta(0))
        local = _at(local.date() + timedelta(days=1), time(0), zone)


def evening_of(day: date, timezone: str) -> datetime:
    """When a visit of that day should be over: the end of the day's hours."""
    return _at(day, DAY_ENDS, ZoneInfo(timezone))


def is_prompt(created_at: datetime, answered_at: datetime) -> bool:
    """Whether it was accepted within 48 hours; a clock that went back makes nobody late."""
    return answered_at - created_at <= PROMPT


def last_day(state: str, wished_on: date) -> date:
    """The last day of a request that nobody ends: three days after its date, thirty if accepted."""
    kept = UNCOMPLETED_DAYS if state == "accepted" else UNANSWERED_DAYS
    return wished_on + timedelta(days=kept)


def seen_since(at: datetime) -> datetime:
    """Of what ended before this moment nothing about the person helped is shown any more."""
    return at - SEEN_AFTER_END


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone)


def personal_in(note: str) -> str | None:
    """What in a note looks as if it were about one person: `address`, `number`, `birth`, or None.

    An address is one of e-mail, a messenger or the web; a number is a telephone, a passport or an
    identity number: six digits or more with anything but words between them, in whatever script,
    spelled out, or hidden behind letters that look like digits; or nine digits in the whole note.
    Times of the day, days and years are let through; days of long ago are not.
    """
    text = _plain(note)
    if _ADDRESS.search(text):
        return "address"
    if _BIRTH.search(text):
        return "birth"
    rest = _ALLOWED.sub(" x ", text)
    spelled = " ".join(_digits_of(token) for token in re.findall(r"\w+|[^\w\s]+", rest))
    if _RUN.search(spelled) or _LOCAL.search(rest) or _PASSPORT.search(rest):
        return "number"
    return "number" if len(re.findall(r"\d", rest)) >= _MOST_DIGITS else None


def identity_in(text: str) -> bool:
    """Whether a long text tells a passport's number, or a telephone with its country's code.

    Unlike a note, it may tell dates, web pages, and numbers of people or of a registration.
    """
    plain = _plain(text)
    return bool(_PASSPORT.search(plain) or _ABROAD.search(plain))


def _plain(note: str) -> str:
    """One script of digits, small letters, nothing invisible: tricks of spelling undone."""
    shown = "".join(c for c in unicodedata.normalize("NFKC", note) if _is_shown(c))
    digits = (str(unicodedata.decimal(c, c)) for c in shown)
    return "".join(digits).lower().replace("ё", "е")


def _is_shown(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cf", "Mn", "Me")


def _digits_of(token: str) -> str:
    """A word with the digits it spells or imitates; other words as they are."""
    if token in _SPELLED:
        return _SPELLED[token]
    if not any(c.isdigit() for c in token):
        return token
    for word in _LONGEST_FIRST:
        token = token.replace(word, _SPELLED[word])
    imitated = token.translate(_LOOKS_LIKE)
    return imitated if imitated.isdigit() else token


_MOST_DIGITS = 9

_ADDRESS = re.compile(
    r"@|[(\[]\s*(?:at|эт)\s*[)\]]|\bсобака\b|https?:|\bwww\.|\bt\.me\b|\bwa\.me\b"
    r"|\w+(?:\s*\.\s*|\s+(?:dot|точка|nokat|нуқта)\s+)(?:com|ru|tm|tj|org|net|info|uz|kz|me)\b"
)

_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_LATELY = r"20[2-4]\d"
_TIME = r"(?:[01]?\d|2[0-4])[:.][0-5]\d"

_DATE = _DAY + r"\." + _MONTH + r"(?:\.(?:" + _LATELY + r"|2\d))?"
_TO = r"\s*[-–—]\s*"

# each stands alone, is not part of a longer row of numbers
_ALLOWED = re.compile(
    r"(?<![\d.:/-])(?:"
    + "|".join(
        (
            _TIME + "(?:" + _TO + _TIME + ")?",
            _LATELY + "-" + _MONTH + "-" + _DAY,
            _DATE + "(?:" + _TO + _DATE + ")?",
            _DAY + _TO + _DATE,
            _DAY + "/" + _MONTH + "/" + _LATELY,
            r"(?:19|20)\d\d" + _TO + r"(?:19|20)\d\d",
            _LATELY,
        )
    )
    + r")(?![\d:/-])(?!\.\d)"
)

_BIRTH = re.compile(
    r"(?<!\d)(?:"
    + _DAY
    + r"[./-]"
    + _MONTH
    + r"[./-](?:19\d\d|20[01]\d)|(?:19\d\d|20[01]\d)[./-]"
    + _MONTH
    + r"[./-]"
    + _DAY
    + r")(?!\d)"
)

_RUN = re.compile(r"\d(?:[\W_]*\d){5}")
# numbers of small towns, written as they are on doors and cards
_LOCAL = re.compile(r"(?<![\d-])\d-\d\d-\d\d(?![\d-])")
_PASSPORT = re.compile(
    r"(?:passport|pasport|паспорт|шиноснома)\w*[\W_]*(?:\w{1,4}[\W_]*){0,2}\d{4}"
)

_ABROAD = re.compile(r"(?:\+|\b00)\s*\d(?:[ ().-]*\d){9,}")

_LOOKS_LIKE = str.maketrans({"o": "0", "о": "0", "l": "1", "i": "1", "і": "1", "з": "3", "б": "6"})

# fmt: off
_SPELLED = {
    word: str(number)
    for number, words in {
        0: "zero oh ноль нуль nol сифр", 1: "one один одна bir як", 2: "two два две iki ду",
        3: "three три üç uc се", 4: "four четыре dört dort чор чаҳор", 5: "five пять bäş bas панҷ",
        6: "six шесть alty шаш", 7: "seven семь ýedi yedi ҳафт", 8: "eight восемь sekiz ҳашт",
        9: "nine девять dokuz нуҳ", 10: "ten десять даҳ", 11: "eleven одиннадцать",
        12: "twelve двенадцать", 13: "thirteen тринадцать", 14: "fourteen четырнадцать",
        15: "fifteen пятнадцать", 16: "sixteen шестнадцать", 17: "seventeen семнадцать",
        18: "eighteen восемнадцать", 19: "nineteen девятнадцать",
        20: "twenty двадцать ýigrimi yigrimi бист", 30: "thirty тридцать otuz сӣ",
        40: "forty сорок kyrk чил", 50: "fifty пятьдесят elli панҷоҳ",
        60: "sixty шестьдесят altmyş шаст", 70: "seventy семьдесят ýetmiş ҳафтод",
        80: "eighty восемьдесят segsen ҳаштод", 90: "ninety девяносто togsan навад",
    }.items()
    for word in words.split()
}
_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот"
_SILENT = "and и on plus плюс hundred thousand тысяч ýüz müň сад ҳазор"
_SPELLED |= {word: str(number) for number, word in enumerate(_HUNDREDS.split(), 1)}
_SPELLED |= {word: "" for word in _SILENT.split()}  # noqa: C420
# fmt: on
_LONGEST_FIRST = sorted((word for word in _SPELLED if len(word) > 2), key=len, reverse=True)
