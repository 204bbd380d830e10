"""What is asked after an event, and how many people gave each answer; never who."""

from sqlite_utils import Database, Migrations

migrations = Migrations("evaluations")

TIERS = {
    "evaluation_questions": {
        "id": "members",
        "event_id": "members",
        "position": "members",
        "kind": "members",
        "ready": "members",
        "words": "members",
        "others": "members",
        "options": "members",
        "other_options": "members",
    },
    # answers are people counted (D0)
    "evaluation_counts": {
        "question_id": "members",
        "moment": "members",
        "option": "members",
        "people": "members",
    },
}


@migrations()
def create_evaluations(db: Database) -> None:
    """`kind` is choice, rating (1 to 5) or test; `ready` the code of one that we offer.

    `others` is JSON from language to words, `other_options` from language to a list as long as
    `options`. Counts are of the moment after the event; those of a test also of the one before,
    where option 1 is a right answer and option 0 a wrong one.
    """
    db.table("evaluation_questions").create(
        {
            "id": str,
            "event_id": str,
            "position": int,
            "kind": str,
            "ready": str,
            "words": str,
            "others": str,
            "options": str,
            "other_options": str,
        },
        pk="id",
        not_null={"event_id", "position", "kind", "others", "options", "other_options"},
        foreign_keys=[("event_id", "events", "id")],
    )
    db.table("evaluation_questions").create_index(["event_id", "position"])
    db.table("evaluation_counts").create(
        {"question_id": str, "moment": str, "option": int, "people": int},
        pk=("question_id", "moment", "option"),
        not_null={"people"},
        foreign_keys=[("question_id", "evaluation_questions", "id")],
    )
