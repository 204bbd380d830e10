"""National action plans: their actions, what serves them, and what was said of each.

How an action stands is derived (`rules.state_of`); only what somebody said on a day is a row.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("plans")

_PLAN = ("id", "title", "titles", "starts_on", "ends_on", "source")
_ACTION = ("id", "plan_id", "code", "text", "texts", "starts_on", "ends_on", "responsible")

TIERS = {
    "plans": {**dict.fromkeys((*_PLAN, "changed_at"), "members"), "added_by": "coordinators"},
    "plan_countries": {"plan_id": "members", "country": "members"},
    "plan_states": {
        **dict.fromkeys(("id", "plan_id", "state", "at"), "members"),
        "by": "coordinators",
    },
    "plan_actions": {
        **dict.fromkeys((*_ACTION, "organisation_id", "changed_at"), "members"),
        "added_by": "coordinators",
    },
    "plan_action_states": {
        **dict.fromkeys(("id", "action_id", "said", "said_on", "reason", "at"), "members"),
        "by": "coordinators",
    },
    "plan_indicators": {"action_id": "members", "code": "members", "target": "members"},
    "plan_serving": {"action_id": "members", "kind": "members", "thing_id": "members"},
}


@migrations()
def create_plans(db: Database) -> None:
    """`plan_states` is draft, in_force or ended."""
    texts: dict[str, type] = dict.fromkeys(TIERS["plans"], str)
    db.table("plans").create(
        texts, pk="id", not_null={"title", "titles", "starts_on", "ends_on", "changed_at"}
    )
    of_plan = ("plan_id", "plans", "id")
    db.table("plan_countries").create(
        {"plan_id": str, "country": str}, pk=("plan_id", "country"), foreign_keys=[of_plan]
    )
    states: dict[str, type] = dict.fromkeys(TIERS["plan_states"], str)
    db.table("plan_states").create(
        {**states, "id": int},
        pk="id",
        not_null={"plan_id", "state", "at", "by"},
        foreign_keys=[of_plan],
    )
    db.table("plan_states").create_index(["plan_id", "id"])


@migrations()
def create_actions(db: Database) -> None:
    """`said` of an action is done, stopped or resumed.

    `plan_serving` names events, campaigns and activities (`kind`) by their id.
    """
    of_plan, of_action = ("plan_id", "plans", "id"), ("action_id", "plan_actions", "id")
    actions: dict[str, type] = dict.fromkeys(TIERS["plan_actions"], str)
    db.table("plan_actions").create(
        actions,
        pk="id",
        not_null={"plan_id", "code", "text", "texts", "starts_on", "ends_on", "changed_at"},
        foreign_keys=[of_plan, ("organisation_id", "organisations", "id")],
    )
    db.table("plan_actions").create_index(["plan_id", "code"], unique=True)
    said: dict[str, type] = dict.fromkeys(TIERS["plan_action_states"], str)
    db.table("plan_action_states").create(
        {**said, "id": int},
        pk="id",
        not_null={"action_id", "said", "said_on", "reason", "at", "by"},
        foreign_keys=[of_action],
    )
    db.table("plan_action_states").create_index(["action_id", "id"])
    db.table("plan_indicators").create(
        {"action_id": str, "code": str, "target": float},
        pk=("action_id", "code"),
        foreign_keys=[of_action, ("code", "indicators", "code")],
    )
    db.table("plan_serving").create(
        {"action_id": str, "kind": str, "thing_id": str},
        pk=("action_id", "kind", "thing_id"),
        foreign_keys=[of_action],
    )
