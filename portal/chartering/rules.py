"""What the form of a point holds, which point is the neighbour, on which day one can decide."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

from portal.charter.rules import TEXT_STATES, Point
from portal.i18n.language import Message

# the fields of a point in a form; `text` is another word there
FORM_NAMES = {"title": "title", "text": "body", "evidence": "evidence"}


def words_of(point: Point) -> dict[str, object]:
    """What was decided of a point, by the fields of its form."""
    originals = {FORM_NAMES[field]: text.original for field, text in point.texts.items()}
    empty: dict[str, object] = {"evidence": ""}
    language = {"language": point.title.language}
    return {**empty, **originals, **language, "asks_file": point.asks_file}


def code_of_form(account_id: str | None, key: str) -> str:
    """The code of the point that one opened form makes, however often it is sent."""
    return "p" + hashlib.sha256(f"{account_id}:{key}".encode()).hexdigest()[:10]


def neighbour(points: Sequence[Point], code: str, to: str) -> Point | None:
    """The point before (`up`) or after (`down`) one of the same kind; None at the edge."""
    kind = next(each.kind for each in points if each.code == code)
    row = [each for each in points if each.kind == kind]
    at = [each.code for each in row].index(code) + (-1 if to == "up" else 1)
    return row[at] if 0 <= at < len(row) else None


def lagging(points: Sequence[Point], languages: Sequence[str]) -> dict[str, dict[str, int]]:
    """By language, how many texts have each state."""
    texts = [text for point in points for text in point.texts.values()]
    return {
        code: {state: sum(text.state(code) == state for text in texts) for state in TEXT_STATES}
        for code in languages
    }


def wrong_day(
    decided_on: date, today: date, standing: date | None
) -> Mapping[str, list[Message | str]]:
    """What is wrong with the day of a decision, by field."""
    if decided_on > today:
        return {"decided_on": [Message("This day has not come yet.")]}
    if standing is not None and decided_on < standing:
        said = Message("The version that stands was adopted later than that.")
        return {"decided_on": [said]}
    return {}
