"""Every page of the site with an example of each state that looks different."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.request import Request, urlopen

from sqlite_utils import Database

from portal.accounts.actions import find_or_make_demo_account
from portal.actor import Actor
from portal.applications.actions import start
from portal.applications.acts import answer_criterion
from portal.applications.rules import LINK_GOOD_FOR, PURPOSE
from portal.clock import day_of, stamp
from portal.db import Store, column
from portal.handovers.actions import answer_open
from portal.indicators.periods import read_period
from portal.leaving.actions import make_farewell, suspend_member
from portal.leaving.forms import Ending
from portal.links.actions import make_link
from portal.membership.actions import move
from portal.organisations.actions import save_organisation
from portal.reports.actions import open_report
from portal.reports.queries import find_reports, quarter_due
from portal.settings import Settings
from seed_data.anchors import BAYRAMALY
from tests.conftest import JSON

EVERYBODY = ("visitor", "practitioner", "member", "coordinator", "admin")
DIRECTORY = ("member", "coordinator")
OTHERS = ("visitor", "practitioner", "admin")
ANYBODY = ("visitor", "member")
KEEPERS = ("coordinator", "admin")
WATCHERS = ("member", "coordinator", "observer")
STATES = ("open", "offered", "accepted")
SIGNED_IN = ("practitioner", "member", "coordinator", "admin")


@dataclass(frozen=True)
class Example:
    """An address (below the language, or below /data/), who sees it so, and the status."""

    path: str
    roles: tuple[str, ...] = EVERYBODY
    status: int = 200


EXAMPLES = {
    "front": Example(""),
    "sign-in": Example("sign-in"),
    "sign-in-kept": Example("sign-in?kept=1", ("visitor",)),
    "neutral": Example("calendar"),
    "organisations": Example("organisations"),
    "organisation": Example("organisations/{organisation}"),
    "no-organisations": Example("organisations?region=TM-B&service=shelter&kind=state", ANYBODY),
    "wrong-filter": Example("organisations?region=nowhere", ANYBODY, 422),
    "events": Example("events"),
    "event": Example("events/e-2014tj"),
    "event-new": Example("events/new", DIRECTORY),
    "event-organise": Example("events/e-3k7p9d/organise", ("coordinator",)),
    "event-edit": Example("events/e-3k7p9d/edit", ("coordinator",)),
    "event-programme": Example("events/e-3k7p9d/programme", ("coordinator",)),
    "event-participants": Example("events/e-3k7p9d/participants", ("coordinator",)),
    "event-materials": Example("events/e-3k7p9d/materials", ("coordinator",)),
    "event-certificates": Example("events/e-3k7p9d/certificates", ("coordinator",)),
    "evaluation": Example("events/e-3k7p9d/evaluation", DIRECTORY),
    "evaluation-questions": Example("events/e-3k7p9d/evaluation/questions", ("coordinator",)),
    "evaluation-sheet": Example("events/e-3k7p9d/evaluation/sheet", DIRECTORY),
    "evaluation-counts": Example("events/e-3k7p9d/evaluation/counts", ("coordinator",)),
    "indicators": Example("indicators", ("visitor", "member", "coordinator")),
    "indicators-year": Example("indicators?period=2025", ("member", "coordinator")),
    "indicators-region": Example("indicators?region=TM-M", ANYBODY),
    "indicators-nothing": Example("indicators?group=other", ANYBODY),
    "indicators-wrong": Example("indicators?region=nowhere", ANYBODY, 422),
    "indicators-quarter": Example("indicators/quarter", ("visitor", "coordinator")),
    "campaigns": Example("campaigns"),
    "campaign": Example("campaigns/c-example"),
    "no-campaigns": Example("campaigns?region=TM-B&year=1999", ANYBODY),
    "campaigns-wrong": Example("campaigns?region=nowhere", ANYBODY, 422),
    "campaign-new": Example("campaigns/new", ("member",)),
    "campaign-edit": Example("campaigns/c-example/edit", DIRECTORY),
    "activity-new": Example("campaigns/c-example/activities/new", DIRECTORY),
    "activity": Example("campaigns/c-example/activities/ca-example", DIRECTORY),
    "reports": Example("reports", ("member",)),
    "reports-all": Example("reports?state=all", ("coordinator",)),
    "report": Example("reports/{report}", ("member",)),
    "report-handed-in": Example("reports/{report_waits}", ("coordinator",)),
    "report-review": Example("reports/{report_waits}/review", ("coordinator",)),
    "plans": Example("plans", DIRECTORY),
    "plans-none": Example("plans?state=ended", ("member",)),
    "plan": Example("plans/{plan}", DIRECTORY),
    "plan-print": Example("plans/{plan}/print", ("member",)),
    "plan-new": Example("plans/new", ("coordinator",)),
    "plan-edit": Example("plans/{plan}/edit", ("coordinator",)),
    "plan-action-new": Example("plans/{plan}/actions/new", ("coordinator",)),
    "plan-action": Example("plans/{plan}/actions/{plan_action}", ("coordinator",)),
    "indicator": Example("indicators/leaflets"),
    "indicator-of-people": Example("indicators/assisted"),
    "indicator-quoted": Example("indicators/assisted_published", ANYBODY),
    "indicator-explained": Example("indicators/leaflets/explain"),
    "indicator-year": Example("indicators/leaflets/explain?period=2025", ANYBODY),
    "indicator-parts": Example("indicators/assisted/explain?region=TJ-SU", ("coordinator",)),
    "indicator-compare": Example("indicators/leaflets/compare"),
    "indicator-compared": Example(
        "indicators/leaflets/compare?region=all&region=TJ-SU&period=2025&period=2024", ANYBODY
    ),
    "indicator-compare-wrong": Example(
        "indicators/leaflets/compare?region=nowhere", ("visitor",), 422
    ),
    "membership": Example("membership", ("member",)),
    "report-offline": Example("reports/{own_report}/offline", DIRECTORY),
    "membership-renewal": Example("membership/renewal", ("member",)),
    "membership-affirm": Example("membership/affirm", ("member",)),
    "membership-phone": Example("membership/phone", ("member",)),
    "membership-phone-of": Example("memberships/{organisation}/phone", ("coordinator",)),
    "completeness": Example("completeness", DIRECTORY),
    "completeness-closed": Example("completeness?period={closed_quarter}", ("coordinator",)),
    "completeness-wrong": Example("completeness?period=2026", ("member",), 422),
    "closing": Example("completeness/{open_quarter}/close", ("coordinator",)),
    "closing-closed": Example("completeness/{closed_quarter}/close", ("coordinator",)),
    "reopening": Example("completeness/{closed_quarter}/reopen", ("coordinator",)),
    "memberships": Example("memberships", ("coordinator",)),
    "memberships-left": Example("memberships?state=left", ("coordinator",)),
    "memberships-late": Example("memberships?due=overdue", ("coordinator",)),
    "membership-of-one": Example("memberships/{organisation}", ("coordinator",)),
    "coverage": Example("coverage"),
    "coverage-language": Example("coverage?language=uz&gender=female", ("coordinator",)),
    "coverage-recruit": Example("coverage/recruit?language=uz", ("coordinator",)),
    "indicator-new": Example("indicators/new", ("coordinator",)),
    "indicator-definition": Example("indicators/assisted/definition", ("coordinator",)),
    "indicator-definition-counted": Example("indicators/members/definition", ("coordinator",)),
    "indicator-targets": Example("indicators/members/targets", ("coordinator",)),
    "materials": Example("materials"),
    "materials-chosen": Example("materials?kind=poster&language=ru&basket=m-6y3kd8"),
    "materials-nothing": Example("materials?q=qwxzqwxz&kind=poster", ANYBODY),
    "material": Example("materials/m-6y3kd8"),
    "material-note": Example("materials/m-6c2hw5"),
    "material-old": Example("materials/m-5n8dq4/versions/1", ANYBODY),
    "contribute": Example("contribute", DIRECTORY),
    "contribute-new": Example("contribute/new", ("member",)),
    "contribute-adapt": Example("contribute/m-6y3kd8/adapt", ("member",)),
    "contribute-forbidden": Example("contribute/m-7t5bw3/adapt", ("member",)),
    "contribute-work": Example("contribute/m-6y3kd8", ("coordinator",)),
    "contribute-words": Example("contribute/m-6y3kd8/words", ("coordinator",)),
    "contribute-text": Example("contribute/m-6c2hw5/text", ("coordinator",)),
    "contribute-consents": Example("contribute/m-6y3kd8/consents", ("coordinator",)),
    "material-print": Example("materials/m-6y3kd8/print", ANYBODY),
    "regions": Example("places"),
    "settlements": Example("places?region=TM-M"),
    "settlement": Example(f"places/{BAYRAMALY}"),
    "search": Example("search"),
    "search-found": Example("search?q=mary"),
    "search-slip": Example("search?q=Bayramalx", ANYBODY),
    "search-nothing": Example("search?q=qwxzqwxz&kind=events", ANYBODY),
    "search-near": Example(f"search?near={BAYRAMALY}&limit=5&page=2", ANYBODY),
    "search-wrong": Example("search?q=mary&near=nowhere", ANYBODY, 422),
    "nearby": Example("nearby"),
    "nearby-region": Example("nearby?region=TM-M", OTHERS),
    "nearby-found": Example(f"nearby?place={BAYRAMALY}"),
    "nearby-nobody": Example(
        f"nearby?place={BAYRAMALY}&profession=lawyer&language=en&language_must=1&gender=male"
        "&gender_must=1&specialisation=crisis",
        DIRECTORY,
    ),
    "nearby-ambiguous": Example("nearby?place=T%C3%BCrkmenba%C5%9Fy", status=422),
    "nearby-wrong": Example("nearby?place=Mary&date=2001-01-01", DIRECTORY, 422),
    "practitioners": Example("practitioners", DIRECTORY),
    "practitioner": Example("practitioners/{practitioner}", DIRECTORY),
    "own-record": Example("practitioners/{practitioner}", ("practitioner",)),
    "week": Example("practitioners/{practitioner}/week", ("practitioner", "coordinator")),
    "confirm": Example("practitioners/{practitioner}/confirm", ("practitioner", "coordinator")),
    "confirm-over": Example("confirm/nothing", ANYBODY, 404),
    "confirm-thanks": Example("confirm/thanks", ANYBODY),
    "confirmations": Example("confirmations", DIRECTORY),
    "cards": Example("cards", DIRECTORY),
    "telephone": Example("practitioners/{practitioner}/telephone", ("practitioner", "coordinator")),
    "telephone-pause": Example(
        "practitioners/{practitioner}/telephone?act=pause", ("coordinator",)
    ),
    "telephone-confirm": Example(
        "practitioners/{practitioner}/telephone?act=confirm", ("coordinator",)
    ),
    "contact": Example("practitioners/{listed}/contact", DIRECTORY),
    "who-looked": Example("practitioners/{practitioner}/looked", ("practitioner", "coordinator")),
    "looks": Example("contacts", ("coordinator",)),
    "report-practitioner": Example("practitioners/{listed}/report", DIRECTORY),
    "report-organisation": Example("organisations/{organisation}/report", SIGNED_IN),
    "tickets": Example("tickets", SIGNED_IN),
    "ticket-open": Example("tickets/{open_ticket}", DIRECTORY),
    "ticket-kept": Example("tickets/{kept_ticket}", DIRECTORY),
    "edit": Example("practitioners/{practitioner}/edit", ("practitioner", "coordinator")),
    "changes": Example("practitioners/{practitioner}/changes", ("practitioner", "coordinator")),
    "change": Example("practitioners/{practitioner}/changes/{change}", ("practitioner",)),
    "change-to-approve": Example("practitioners/{practitioner}/changes/{change}", ("coordinator",)),
    "versions": Example("practitioners/{practitioner}/versions", ("practitioner", "coordinator")),
    "version": Example("practitioners/{practitioner}/versions/1", ("practitioner",)),
    "propose": Example("practitioners/propose", ("member",)),
    "proposed": Example("practitioners/p-demo2/agreement", DIRECTORY),
    "to-agree": Example("practitioners/p-demo4/agreement", DIRECTORY),
    "agreed": Example("practitioners/{practitioner}/agreement", ("practitioner", "coordinator")),
    "own-consent": Example("practitioners/{practitioner}/consent", ("practitioner",)),
    "consent-done": Example("consent/done?answer=withdraw", ANYBODY),
    "consent-over": Example("consent/nothing", ANYBODY, 404),
    "ethics": Example("ethics", ANYBODY),
    "criteria": Example("criteria", ("visitor", "member", "coordinator")),
    "criteria-earlier": Example("criteria/versions/1", ANYBODY),
    "criteria-versions": Example("criteria/versions", ANYBODY),
    "criteria-changes": Example("criteria/versions/2/changes", ANYBODY),
    "criteria-draft": Example("criteria/draft", ("coordinator",)),
    "criteria-draft-hidden": Example("criteria/versions/99", ANYBODY, 404),
    "criteria-translations": Example("criteria/versions/2/translations", ("coordinator",)),
    "criteria-translate": Example(
        "criteria/versions/2/translations/tg/child_safety", ("coordinator",)
    ),
    "requests": Example("requests", ("member", "practitioner", "coordinator")),
    "request-new": Example("requests/new", DIRECTORY),
    "request-open": Example("requests/{request_open}", DIRECTORY),
    "request-offered": Example("requests/{request_offered}", ("practitioner",)),
    "request-accepted": Example("requests/{request_accepted}", ("member",)),
    "visit-sheet": Example("requests/{request_accepted}/sheet", ("member",)),
    "visit-ended": Example("requests/{request_accepted}/complete", ("member",)),
    "basket-empty": Example("basket", ANYBODY),
    "desk": Example("desk", ("member", "practitioner", "coordinator")),
    "desk-all": Example("desk?state=all", ("member",)),
    "wish-new": Example("desk/new", ("member",)),
    "wish-answered": Example("desk/{wish_answered}", ("member", "coordinator")),
    "account": Example("account", SIGNED_IN),
    "password": Example("account/password", SIGNED_IN),
    "printed-codes": Example("account/recovery-codes", SIGNED_IN),
    "passkeys": Example("account/passkeys", SIGNED_IN),
    "kept-text": Example("kept", SIGNED_IN),
    "lost-phone": Example("lost-phone", ("coordinator", "admin")),
    "work": Example("work", SIGNED_IN),
    "people": Example("people", KEEPERS),
    "person": Example("people/demo-member-another", KEEPERS),
    "invite": Example("people/invite", KEEPERS),
    "granted": Example("people/organisations?per_page=5", KEEPERS),
    "releases": Example("releases", ("coordinator",)),
    "release": Example("releases/1", ("coordinator",)),
    "release-changes": Example("releases/1/changes", ("coordinator",)),
    "approvals": Example("approvals", ("member", *KEEPERS)),
    "approval": Example("approvals/{approval}", KEEPERS),
    "review-over": Example("review/nothing", ANYBODY, 404),
    "apply": Example("apply", ANYBODY),
    "apply-asked": Example("apply?asked=1", ANYBODY),
    "apply-over": Example("apply/nothing", ANYBODY, 404),
    "apply-steps": Example("apply/{applying}", ("visitor",)),
    "apply-organisation": Example("apply/{applying}/organisation", ("visitor",)),
    "apply-criterion": Example("apply/{applying}/criteria/registered", ("visitor",)),
    "apply-principles": Example("apply/{applying}/principles", ("visitor",)),
    "apply-contact": Example("apply/{applying}/contact", ("visitor",)),
    "apply-withdraw": Example("apply/{applying}/withdraw", ("visitor",)),
    "apply-declined": Example("apply/{declined}", ("visitor",)),
    "apply-letter": Example("apply/{declined}/letter", ("visitor",)),
    "apply-appeal": Example("apply/{declined}/appeal", ("visitor",)),
    "apply-asked-more": Example("apply/{asked_more}", ("visitor",)),
    "apply-to-answer": Example("apply/{asked_more}/criteria/child_safety?saved=1", ("visitor",)),
    "apply-to-read": Example("apply/{asked_more}/criteria/registered", ("visitor",)),
    "apply-appealed": Example("apply/{appealed}", ("visitor",)),
    "apply-letter-earlier": Example("apply/{appealed}/letter", ("visitor",)),
    "applications": Example("applications", DIRECTORY),
    "application-to-take": Example("applications/a-9t3x6r", ("member",)),
    "application-mine": Example("applications/a-6m9d4z", DIRECTORY),
    "application-review": Example("applications/a-6m9d4z/review", ("member",)),
    "application-appealed": Example("applications/a-x8n3v6", ("coordinator",)),
    "application-to-decide": Example("applications/a-8c5p3j/decision", ("coordinator",)),
    "application-declined": Example("applications/a-5w4s7t/decision", ("coordinator",)),
    "applications-declined": Example("applications?state=declined", ("coordinator",)),
    "application-known": Example("applications/{returning}", ("coordinator",)),
    "binding": Example("applications/{returning}/binding", ("coordinator",)),
    "outside-review-over": Example("outside-review/nothing", ANYBODY, 404),
    "suspend": Example("memberships/{organisation}/suspend", ("coordinator",)),
    "leave-recorded": Example("memberships/{organisation}/leave", ("coordinator",)),
    "readmit": Example("memberships/{suspended}/readmit", ("coordinator",)),
    "founding": Example("memberships/{organisation}/founding", ("coordinator",)),
    "leave": Example("membership/leave", ("member",)),
    "farewell": Example("farewell/{farewell}", ("visitor",)),
    "farewell-over": Example("farewell/nothing", ANYBODY, 404),
    "own-question": Example("practitioners/{practitioner}/open-to-proposals", ("practitioner",)),
    "open-to-proposals": Example("proposals/open", DIRECTORY),
    "take-over": Example("proposals/open/{open_to}", DIRECTORY),
    "invitation-over": Example("join/nothing", ANYBODY, 404),
    "link-again": Example("links/again", ANYBODY),
    "link-asked": Example("links/again?asked=1", ANYBODY),
    "projects": Example("projects", WATCHERS),
    "project-new": Example("projects/new", DIRECTORY),
    "project": Example("projects/pr-murgap", WATCHERS),
    "project-edit": Example("projects/pr-murgap/edit", ("coordinator",)),
    "project-logframe": Example("projects/pr-murgap/logframe", ("coordinator",)),
    "project-links": Example("projects/pr-murgap/links", ("coordinator",)),
    "project-report": Example("projects/pr-sughd/report", WATCHERS),
    "overview": Example("overview", ("coordinator", "observer")),
    "not-allowed": Example("practitioners", ("practitioner", "admin"), 403),
    "not-found": Example("nothing", status=404),
    "data": Example("/data/", ANYBODY),
    "data-table": Example("/data/network/organisations", ANYBODY),
    "data-filtered": Example("/data/network/events?kind=training", ANYBODY),
    "data-row": Example("/data/network/events/e-2014tj", ANYBODY),
    "data-answer": Example("/data/network/home_visits?region=TM-M", ANYBODY),
    "data-figures": Example("/data/network/figures?indicator=assisted_published", ANYBODY),
    "data-over-time": Example("/data/network/indicator_over_time?indicator=trainings", ANYBODY),
    "data-no-row": Example("/data/network/events?kind=nothing", ANYBODY),
    "data-not-found": Example("/data/network/nothing", ANYBODY, 404),
    "data-refused": Example("/data/network?sql=select+1", ANYBODY, 400),
}


def path_of(name: str, language: str, ids: dict[str, str]) -> str:
    """The address of an example in a language."""
    path = EXAMPLES[name].path.format(**ids)
    if path.startswith("/data/"):
        return f"{path}{'&' if '?' in path else '?'}_lang={language}"
    return f"/{language}/{path}".rstrip("/")


def find_ids(site: str, settings: Settings) -> dict[str, str]:
    """An id for each that stands in an address of the examples: something in every state."""
    store = Store(settings.database)
    with store.transaction() as db:
        account = find_or_make_demo_account(db, "practitioner", None, datetime.now(UTC).date())
        practitioner = db.table("accounts").get(account)["practitioner_id"]
        (approval,) = column(db, "SELECT id FROM approvals WHERE kind = 'invite'")
        sql = "SELECT practitioner_id FROM listings WHERE confirmed_on > date('now', '-90 days')"
        sql += " AND coalesce(licence_expires_on, '9') > date('now', '2 days') AND practitioner_id"
        sql += " NOT IN (SELECT practitioner_id FROM consent_exclusions) LIMIT 1"
        (listed,) = column(db, sql)
        (opened,) = column(db, "SELECT id FROM tickets_now WHERE state = 'open'")
        (kept,) = column(db, "SELECT id FROM tickets_now WHERE state = 'kept'")
        sql = "SELECT max(id) FROM reports WHERE organisation_id = 'o-3vd8xw'"
        (own_report,) = column(db, sql)
        sql = "SELECT max(number) FROM changes_now WHERE practitioner_id = ? AND state = 'waiting'"
        change = str(db.execute(sql, [practitioner]).fetchone()[0])
        (wish,) = column(db, "SELECT id FROM wishes_now WHERE answered_at IS NOT NULL LIMIT 1")
        applying, declined = _begin(db), _decline(db)
        asked_more, appealed = (_link_to(db, each) for each in ("a-7r2b8n", "a-x8n3v6"))
        applying, declined, returning = _begin(db), _decline(db), _come_back(db)
        suspended, open_to = _suspend_one(db, practitioner)
        farewell = make_farewell(db, Actor("coordinator"), datetime.now(UTC), suspended)
        report, report_waits = _report(db, settings), _waiting(db)
        (closed,) = column(db, "SELECT max(period) FROM closed_periods")
        sql = "SELECT plan_id, id FROM plan_actions WHERE code = '2.1' ORDER BY plan_id LIMIT 1"
        plan, plan_action = db.execute(sql).fetchone()
        requests = {f"request_{state}": _request(db, state, practitioner) for state in STATES}
    store.close()
    asking = Request(f"{site}/en/organisations", headers=JSON)  # noqa: S310
    with urlopen(asking) as answer:  # noqa: S310
        organisation = json.load(answer)["results"][0]["id"]
    return {
        "practitioner": practitioner,
        "listed": listed,
        "organisation": organisation,
        "approval": approval,
        "open_ticket": opened,
        "kept_ticket": kept,
        "own_report": own_report,
        "change": change,
        "wish_answered": wish,
        "applying": applying,
        "declined": declined,
        "asked_more": asked_more,
        "appealed": appealed,
        "returning": returning,
        "suspended": suspended,
        "farewell": farewell,
        "report": report,
        "report_waits": report_waits,
        "open_to": open_to,
        "closed_quarter": closed,
        "open_quarter": read_period(closed).next.code,
        "plan": plan,
        "plan_action": plan_action,
        **requests,
    }


def _report(db: Database, settings: Settings) -> str:
    """A report that the demo's member has begun."""
    at = datetime.now(UTC)
    today = day_of(at, settings.timezone)
    account = find_or_make_demo_account(db, "member", None, today)
    own = str(db.table("accounts").get(account)["organisation_id"])
    member = Actor("member", account, organisation_id=own)
    return open_report(db, member, at, today, quarter_due(today), settings.timezone)


def _waiting(db: Database) -> str:
    """A report of another organisation that waits for a coordinator."""
    found = [each for each in find_reports(db) if each.state == "submitted"]
    return next(each.id for each in found if each.organisation_id != "o-7k2m9q")


def _begin(db: Database) -> str:
    """The link of an application that was begun."""
    at = datetime.now(UTC)
    begun = start(db, at, "office@poppy.example", "Poppy of Tejen", "en")
    answer_criterion(db, at, begun, "registered", "Registered in 2015.", None)
    return make_link(db, at, PURPOSE, begun, LINK_GOOD_FOR)


def _link_to(db: Database, application_id: str) -> str:
    """The link of an application that the demo has."""
    return make_link(db, datetime.now(UTC), PURPOSE, application_id, LINK_GOOD_FOR)


def _decline(db: Database) -> str:
    """The link of an application that was declined today."""
    at = datetime.now(UTC)
    begun = _send(db, at, "Reed", "applicant", "under_review", "declined")
    row = {"id": f"d-{begun}", "application_id": begun, "is_appeal": 0, "by": "a", "at": stamp(at)}
    db.table("decisions").insert({**row, "verdict": "declined", "note": "Come back in a year."})
    why = {"decision_id": f"d-{begun}", "code": "registered", "met": 0, "reason": "Too young yet."}
    db.table("decision_points").insert(why)
    return make_link(db, at, PURPOSE, begun, LINK_GOOD_FOR)


def _come_back(db: Database) -> str:
    """An application that has the name of an organisation that left."""
    return _send(db, datetime.now(UTC), "Kerwen ýoly", "applicant")


def _send(db: Database, at: datetime, name: str, *states: str) -> str:
    """An application that was sent, and the states that followed; its id."""
    begun, by = start(db, at, "office@reed.example", name, "en"), Actor("admin")
    own = f"o-{begun}"
    save_organisation(db, by, at, own, {"name": name, "kind": "ngo", "visibility": "members"})
    sent = {"organisation_id": own, "submitted_at": stamp(at), "version": 2, "kind": "ngo"}
    db.table("applications").update(begun, sent)
    for state in states:
        move(db, by, at, own, state, application_id=begun)
    return begun


def _suspend_one(db: Database, practitioner: str) -> tuple[str, str]:
    """An organisation that is suspended, and one of its practitioners who may be proposed."""
    sql = """
        SELECT l.organisation_id FROM listings AS l JOIN organisations AS o
            ON o.id = l.organisation_id WHERE o.visibility = 'members' AND l.organisation_id
        NOT IN (SELECT organisation_id FROM accounts WHERE organisation_id IS NOT NULL)
        AND l.practitioner_id NOT IN (SELECT practitioner_id FROM consent_exclusions)
        AND l.practitioner_id NOT IN (SELECT practitioner_id FROM request_offers)
        AND l.practitioner_id <> :hers ORDER BY 1 LIMIT 1
    """
    asked = "SELECT practitioner_id FROM open_to_proposals WHERE organisation_id = :id"
    known = "SELECT organisation_id FROM open_to_proposals LIMIT 1"
    suspended = next(iter(column(db, known) or column(db, sql, hers=practitioner)))
    at, by = datetime.now(UTC), Actor("coordinator", "demo-coordinator")
    suspend_member(db, by, at, suspended, Ending("unreachable"))
    free = asked + " AND practitioner_id NOT IN (SELECT practitioner_id FROM consent_exclusions)"
    open_to = column(db, free + " ORDER BY 1", id=suspended)[0]
    answer_open(db, by, at, open_to, "yes")
    return str(suspended), str(open_to)


def _request(db: Database, state: str, practitioner: str) -> str:
    """A request of the demo's member in a state; the offered one waits for the practitioner."""
    sql = """
        SELECT r.id FROM requests AS r WHERE :state =
            (SELECT state FROM request_states WHERE request_id = r.id ORDER BY id DESC LIMIT 1)
        AND CASE WHEN :state = 'offered' THEN EXISTS (SELECT 1 FROM request_offers
            WHERE request_id = r.id AND practitioner_id = :hers AND over_at IS NULL)
            ELSE r.account_id = 'demo-member' END
    """
    return str(column(db, sql, state=state, hers=practitioner)[0])
