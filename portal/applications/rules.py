"""What an application still lacks, how long its link is good, and what it may still change."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from portal.charter.rules import Point

# the link to one's own application: while it is written and looked at
LINK_GOOD_FOR = timedelta(days=30)
PURPOSE = "apply"

# of an address nobody has confirmed, and of an application nobody came back to
UNCONFIRMED_KEPT = timedelta(hours=72)
UNSENT_KEPT = timedelta(days=90)

# an appeal is possible once, within so many days of the decision
APPEAL_WITHIN = timedelta(days=30)

# contacts and evidence of a declined application go so long after nobody can appeal any more
CLOSED_KEPT = timedelta(days=30)

MOST_FILES = 30
MOST_BYTES_OF_ALL = 100 * 1024 * 1024

# what a letter to the applicant is about; the words stand in `letters`
LETTERS = ("start", "again", "received", "more_information", "admitted", "declined", "erased")


def missing_criteria(
    criteria: Sequence[Point], answered: Collection[str], shown: Collection[str]
) -> dict[str, list[str]]:
    """For each criterion that cannot be sent yet what it lacks: an `answer`, a `file`."""
    lacks = {
        each.code: [
            *(["answer"] if each.code not in answered else []),
            *(["file"] if each.asks_file and each.code not in shown else []),
        ]
        for each in criteria
    }
    return {code: what for code, what in lacks.items() if what}
