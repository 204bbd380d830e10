"""Why somebody is listed: the network's agreement, their own consent, and a fresh confirmation.

Each is a history; the newest row is the present.
"""

from sqlite_utils import Database, Migrations

from search.folding import fold_words

migrations = Migrations("agreements")

TIERS = {
    "agreement_states": {
        "id": "coordinators",
        "practitioner_id": "coordinators",
        # a second organisation reads both before it agrees
        "state": "members",
        "at": "members",
        "by": "coordinators",
        # her own organisation and she herself read the history too, without who it was
        "organisation_id": "coordinators",
        "reason": "coordinators",
    },
    "consents": {
        "id": "coordinators",
        "practitioner_id": "coordinators",
        "scope": "coordinators",
        "given_on": "members",
        "withdrawn_on": "coordinators",
        "by": "coordinators",
        # the second organisation reads whether anybody but she can have answered
        "how": "members",
        "reference": "coordinators",
        "step_id": "coordinators",
        "version": "coordinators",
    },
    # silently: nobody but the practitioner learns who is excluded
    "consent_exclusions": {
        "practitioner_id": "practitioner",
        "kind": "practitioner",
        "value": "practitioner",
    },
    "confirmations": {
        "id": "members",
        "practitioner_id": "members",
        "confirmed_on": "members",
        "by": "coordinators",
        "how": "coordinators",
        "reference": "coordinators",
        "at": "coordinators",
    },
}


@migrations()
def create_agreements(db: Database) -> None:
    """Agreement, consent with its exclusions, confirmation.

    A state or a confirmation without a value says that it is not known any more.
    """
    belongs = [("practitioner_id", "practitioners", "id")]
    db.table("agreement_states").create(
        {"id": int, "practitioner_id": str, "state": str, "at": str, "by": str},
        pk="id",
        not_null={"practitioner_id", "at", "by"},
        foreign_keys=belongs,
    )
    db.table("consents").create(
        {
            "id": int,
            "practitioner_id": str,
            "scope": str,
            "given_on": str,
            "withdrawn_on": str,
            "by": str,
        },
        pk="id",
        not_null={"practitioner_id", "scope", "given_on", "by"},
        foreign_keys=belongs,
    )
    db.table("consent_exclusions").create(
        {"practitioner_id": str, "kind": str, "value": str},
        pk=("practitioner_id", "kind", "value"),
        foreign_keys=belongs,
    )
    db.table("confirmations").create(
        {"id": int, "practitioner_id": str, "confirmed_on": str, "by": str},
        pk="id",
        not_null={"practitioner_id", "by"},
        foreign_keys=belongs,
    )
    for table in ("agreement_states", "consents", "confirmations"):
        db.table(table).create_index(["practitioner_id", "id"])


@migrations()
def say_how_it_was_confirmed(db: Database) -> None:
    """By link, from the account or on the telephone; with which link or card; at which moment."""
    for name in ("how", "reference", "at"):
        db.table("confirmations").add_column(name, str)


@migrations()
def say_for_whom_why_and_how(db: Database) -> None:
    """For which organisation a state was set and why; how consent came, and where its paper is."""
    for name in ("organisation_id", "reason"):
        db.table("agreement_states").add_column(name, str)
    for name in ("how", "reference"):
        db.table("consents").add_column(name, str)


@migrations()
def say_what_was_consented_to(db: Database) -> None:
    """Which step of the agreement a consent came after (0: none), and which version she saw.

    Of earlier consents the version is not known; so no confirmation is made of them.
    """
    for name in ("step_id", "version"):
        db.table("consents").add_column(name, int)
    db.execute(
        """
        UPDATE consents SET step_id = coalesce((
            SELECT max(s.id) FROM agreement_states AS s
            WHERE s.practitioner_id = consents.practitioner_id
            AND substr(s.at, 1, 10) <= consents.given_on), 0)
        """
    )


# names with an x that was х in their keys and is ks now
_WITH_X = (("alex", "aleh"), ("maxim", "mahim"), ("oxan", "ohan"), ("xeni", "heni"))


@migrations()
def fold_excluded_people_anew(db: Database) -> None:
    """The rules of folding changed: whoever was excluded by name is so by the new key as well.

    Of the name only its key was kept; where that can be two names' key, both are excluded.
    """
    table = db.table("consent_exclusions")
    for row in list(table.rows_where("kind = 'person'")):
        words = f" {row['value']}"
        for letters, folded in _WITH_X:
            words = words.replace(f" {folded}", f" {letters}")
        # security: nobody who was excluded comes to see her because a rule of spelling changed
        for name in (row["value"], words):
            value = " ".join(sorted(fold_words(name)))
            db.execute(
                "INSERT OR IGNORE INTO consent_exclusions VALUES (?, 'person', ?)",
                [row["practitioner_id"], value],
            )
