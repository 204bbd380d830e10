"""How a figure is made, step by step, in the reader's words."""

from collections.abc import Iterator, Sequence
from datetime import date

from portal.counting.registry import COUNTERS
from portal.explaining.registry import FigureGiven
from portal.i18n.language import Message
from portal.indicators.queries import Definition
from portal.indicators.rules import Figure
from portal.tracing.queries import Input
from portal.tracing.rules import lines_of
from portal.vocabularies.voice import Voice

# an addition is written out when it is no longer than a line or two
MOST_TERMS = 12

NO_REGION = Message("Organisations that have not reported are in no region.")


def steps_of(
    voice: Voice, definition: Definition, figure: FigureGiven, rows: Sequence[Input]
) -> list[str]:
    """How the figure of one period is made, step by step; without rows nothing is added up."""
    say, which = voice.language.say, figure.which
    steps = [say(each) for each in _begins(definition)]
    if not which.is_whole:
        part = {"part": voice.part(*which.part)}
        steps.append(say(Message("Only the part “%(part)s” is taken and added up.", part)))
    elif definition.source == "reported":
        steps.append(voice.term("total_rules", definition.total_rule) + ".")
    steps.append(voice.term("place_rules", definition.place_rule) + ".")
    if added := _addition(voice, definition, lines_of(definition.rules, rows, which), figure):
        steps.append(added)
    if figure.denominator is not None:
        told = {
            "some": voice.number("count", figure.numerator),
            "whole": voice.number("count", figure.denominator),
            "value": voice.number(definition.kind, figure.value),
        }
        steps.append(say(Message("%(some)s of %(whole)s make %(value)s.", told)))
    return [*steps, *(say(each) for each in _rests_on(definition, figure))]


def _begins(definition: Definition) -> Iterator[Message]:
    """Where the numbers come from and which version of the definition holds."""
    if definition.source == "reported":
        yield Message("Member organisations report it, and a coordinator accepts each report.")
    elif definition.source == "counted":
        yield counted_by(definition.counter or "")
    else:
        yield Message("It is quoted from a publication, which is named below.")
    told: dict[str, str | date] = {"number": str(definition.version), "day": definition.starts}
    yield Message(
        "Version %(number)s of the definition holds for it, in force since %(day)s.", told
    )


def counted_by(counter: str) -> Message:
    """What the portal counts, in the sentence of its counter."""
    if counter in COUNTERS:
        return COUNTERS[counter].says
    return Message(
        "The portal counts it itself when a quarter is closed (%(counter)s).", {"counter": counter}
    )


def _rests_on(definition: Definition, figure: FigureGiven) -> Iterator[Message]:
    """How whole a figure is; of a region nobody knows who is missing, for the silent name none."""
    if figure.region and not figure.organisation and definition.source == "reported":
        told = {"n": figure.reported}
        yield Message("It rests on %(n)s entry.", told, "It rests on %(n)s entries.")
        yield NO_REGION
    else:
        yield _of_all(figure)


def _of_all(figure: FigureGiven) -> Message:
    told = {"reported": str(figure.reported), "expected": str(figure.expected)}
    if figure.is_partial:
        return Message(
            "It rests on %(reported)s of %(expected)s expected entries. What is missing is"
            " unknown and not counted as zero.",
            told,
        )
    return Message(
        "The %(n)s expected entry is there.",
        {"n": figure.expected},
        "All %(n)s expected entries are there.",
    )


def _addition(
    voice: Voice, definition: Definition, lines: Sequence[Figure], figure: FigureGiven
) -> str | None:
    """The sum or the mean written out, where it is short and there is something to add."""
    known = [each for each in lines if each.numerator is not None]
    if not 1 < len(known) <= MOST_TERMS or figure.numerator is None:
        return None
    terms = " + ".join(voice.number("count", each.numerator) for each in known)
    if definition.place_rule == "mean":
        terms = f"({terms}) / {len(known)}"
    return f"{terms} = {voice.number('count', figure.numerator)}"


def longer_steps(
    voice: Voice, definition: Definition, figure: FigureGiven, made_of: Sequence[FigureGiven]
) -> list[str]:
    """How the figure of a longer period is made of shorter ones."""
    said = [voice.term("period_rules", definition.period_rule) + "."]
    for each in made_of:
        value = voice.number(definition.kind, each.value)
        said.append(f"{voice.language.period(each.period)}: {value}")
    return [*said, *(voice.language.say(each) for each in _rests_on(definition, figure))]
