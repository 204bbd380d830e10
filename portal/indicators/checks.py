"""What is wrong with a line of cells before it is handed in: each cell with what to do about it."""

from collections.abc import Sequence

from portal.i18n.language import Message
from portal.indicators.rules import Cell, Rules

NEGATIVE = Message("Write zero or more.")
NOT_WHOLE = Message("People and things are counted in whole numbers.")
NO_NUMBER = Message("Write a number, or choose why there is none.")
NUMBER_TOO = Message("Either a number or a reason why there is none, not both.")
OVER_WHOLE = Message("More than the whole: it cannot be over 100 %.")
NO_DENOMINATOR = Message("Write of how many as well.")
NOT_THE_SUM = Message("The parts make %(sum)s, the whole says %(whole)s. Correct one of them.")
PART_OVER = Message("This part is larger than the whole.")
PARTS_UNDER = Message("The parts make only %(sum)s together, less than the whole: add the unknown.")
NO_WHOLE = Message("Write the whole as well: somebody may be in two parts.")


def problems(rules: Rules, cells: Sequence[Cell]) -> dict[tuple[str, ...], Message]:
    """By the part of each cell that cannot be handed in, what to do; `()` is the whole."""
    return cell_problems(rules, cells) or _of_parts(rules, cells)


def cell_problems(rules: Rules, cells: Sequence[Cell]) -> dict[tuple[str, ...], Message]:
    """What is wrong with single cells, whatever stands beside them: not even a draft keeps that."""
    return {each.part: said for each in cells if (said := _of_cell(rules, each))}


def _of_cell(rules: Rules, cell: Cell) -> Message | None:
    numbers = [each for each in (cell.numerator, cell.denominator) if each is not None]
    if cell.state != "value":
        # a zero may be written out
        return NUMBER_TOO if any(numbers) else None
    if cell.numerator is None:
        return NO_NUMBER
    if any(each < 0 for each in numbers):
        return NEGATIVE
    if rules.has_denominator and not cell.denominator:
        return NO_DENOMINATOR
    if rules.kind == "percent" and cell.numerator > (cell.denominator or 0):
        return OVER_WHOLE
    if rules.kind == "count" and cell.numerator != int(cell.numerator):
        return NOT_WHOLE
    return None


def _of_parts(rules: Rules, cells: Sequence[Cell]) -> dict[tuple[str, ...], Message]:
    wholes = [each for each in cells if each.is_whole]
    parts = [each for each in cells if not each.is_whole and each.state == "value"]
    if not parts or rules.total_rule == "none":
        return {}
    if not wholes:
        return {(): NO_WHOLE} if rules.total_rule == "unique" else {}
    whole = _number(wholes[0])
    over = {each.part: PART_OVER for each in parts if _number(each) > whole}
    if over:
        return over
    summed = sum(_number(each) for each in parts)
    told = {"sum": _written(summed), "whole": _written(whole)}
    if rules.total_rule == "sum" and summed != whole:
        return {(): Message(NOT_THE_SUM.text, told)}
    if rules.total_rule == "unique" and summed < whole:
        return {(): Message(PARTS_UNDER.text, told)}
    return {}


def _number(cell: Cell) -> float:
    return cell.numerator or 0.0


def _written(number: float) -> str:
    return f"{number:g}"
