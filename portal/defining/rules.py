"""What a definition and a target may say, and what takes a second person."""

import re

from portal.i18n.language import Message
from portal.indicators.queries import Aim, Definition
from portal.indicators.rules import Direction, Kind

# words that addresses of the dashboard have taken
TAKEN = frozenset({"new", "quarter", "compare"})
CODE = re.compile(r"[a-z][a-z0-9_]{2,39}")

A_CODE = Message("Three to forty small Latin letters, digits and _, beginning with a letter.")
CODE_TAKEN = Message("There is an indicator of this code already, or the word is taken.")
NO_TITLE = Message("Write the title in at least one language.")
IN_PERCENT = Message("A share is told in %: choose % here, or another kind.")
NO_PERCENT = Message("Only a share is told in %. Choose what is counted, or the kind “share”.")
NO_SUM = Message("Medians cannot be added up. Choose the mean, or no figure.")
NO_FIGURE = Message("Without a whole it needs parts: tick by what it is told apart.")
COUNTED = Message("The portal counts this one by itself: only its texts can be changed.")

NEGATIVE = Message("Write zero or more.")
OVER_WHOLE = Message("A share cannot be over 100 %.")
NO_AIM = Message("Write a baseline, a target, or both.")
WRONG_SIDE = {
    "up": Message("It should rise, but this target is lower than where it starts."),
    "down": Message("It should fall, but this target is higher than where it starts."),
}


def contradictions(definition: Definition) -> dict[str, Message]:
    """By field, rules that do not go together."""
    found = {}
    is_share, in_percent = definition.kind == "percent", definition.unit == "percent"
    if is_share and not in_percent:
        found["unit"] = IN_PERCENT
    if in_percent and not is_share:
        found["unit"] = NO_PERCENT
    if definition.kind == "median":
        rules = {"place_rule": definition.place_rule, "period_rule": definition.period_rule}
        found |= {name: NO_SUM for name, rule in rules.items() if rule == "sum"}
    if definition.total_rule == "none" and not set(definition.dimensions) - {"region"}:
        found["total_rule"] = NO_FIGURE
    return found


def widens(before: Definition | None, after: Definition) -> bool:
    """Whether a definition opens exact figures to everybody that nobody has agreed to open.

    Somebody agreed to one version in its very words: any other takes a second person again.
    """
    return after.is_open and after != before


def aim_problems(kind: Kind, aim: Aim) -> dict[str, Message]:
    """By field, what a baseline and a target cannot be."""
    told = {"baseline": aim.baseline, "target": aim.target}
    numbers = {name: number for name, number in told.items() if number is not None}
    if not numbers:
        return {"target": NO_AIM}
    found = {name: NEGATIVE for name, number in numbers.items() if number < 0}
    if kind == "percent":
        found |= {name: OVER_WHOLE for name, number in numbers.items() if number > 100}
    return found


def wrong_side(direction: Direction, aim: Aim) -> Message | None:
    """What to ask back when a target lies behind its baseline; it may be meant so."""
    if aim.baseline is None or aim.target is None:
        return None
    is_wrong = aim.target < aim.baseline if direction == "up" else aim.target > aim.baseline
    return WRONG_SIDE[direction] if direction in WRONG_SIDE and is_wrong else None
