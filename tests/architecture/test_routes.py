"""Every route against every role. A route without a row here fails the build."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from litestar.testing import TestClient

from tests.conftest import JSON

ROLES = ("visitor", "practitioner", "member", "coordinator", "admin")

# method, path with an example in place of each parameter, then the status for each role in order
OPEN = (200, 200, 200, 200, 200)
ACCOUNT = (401, 200, 200, 200, 200)
GONE = (401, 404, 404, 404, 404)
FORM = (401, 422, 422, 422, 422)
KEEPERS = (401, 403, 403, 200, 200)
NOBODY = (401, 404, 404, 404, 404)
# an event without an organisation of its own is kept by coordinators
KEPT = (401, 403, 403, 200, 403)
KEPT_FORM = (401, 403, 403, 422, 403)
PROJECTS = (401, 404, 200, 200, 404)
# a project of another organisation than the demo member's
OTHERS_PROJECT = (401, 404, 403, 200, 404)
OTHERS_PROJECT_FORM = (401, 404, 403, 422, 404)
HSDS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
RELEASES = (401, 404, 404, 200, 404)
TABLE: dict[tuple[str, str], tuple[str, tuple[int, ...]]] = {
    ("GET", "/"): ("/", (302,) * 5),
    ("GET", "/healthz"): ("/healthz", OPEN),
    ("GET", "/robots.txt"): ("/robots.txt", OPEN),
    ("GET", "/exit"): ("/exit", (303,) * 5),
    ("GET", "/static/{name:str}"): ("/static/nothing", (404,) * 5),
    ("GET", "/api"): ("/api", OPEN),
    ("GET", "/api/{path:str}"): ("/api/nothing", (404,) * 5),
    ("GET", "/api/openapi.json"): ("/api/openapi.json", OPEN),
    ("GET", "/hsds"): ("/hsds/", OPEN),
    **{("GET", f"/hsds/{kind}"): (f"/hsds/{kind}", OPEN) for kind in HSDS},
    **{
        ("GET", f"/hsds/{kind}/{{record_id:str}}"): (f"/hsds/{kind}/nothing", (404,) * 5)
        for kind in HSDS
    },
    ("POST", "/demo/sign-in"): ("/demo/sign-in", (422,) * 5),
    ("GET", "/{lang:str}"): ("/en", OPEN),
    ("GET", "/{lang:str}/sign-in"): ("/en/sign-in", OPEN),
    ("POST", "/{lang:str}/sign-in"): ("/en/sign-in", (422,) * 5),
    ("GET", "/{lang:str}/account"): ("/en/account", ACCOUNT),
    ("POST", "/{lang:str}/account/devices/end"): ("/en/account/devices/end", FORM),
    ("POST", "/{lang:str}/account/devices/end-others"): (
        "/en/account/devices/end-others",
        (401, 303, 303, 303, 303),
    ),
    ("GET", "/{lang:str}/lost-phone"): ("/en/lost-phone", (401, 403, 403, 200, 200)),
    ("POST", "/{lang:str}/lost-phone"): ("/en/lost-phone", (401, 403, 403, 422, 422)),
    ("GET", "/{lang:str}/account/password"): ("/en/account/password", ACCOUNT),
    ("POST", "/{lang:str}/account/password"): ("/en/account/password", FORM),
    ("GET", "/{lang:str}/account/recovery-codes"): ("/en/account/recovery-codes", ACCOUNT),
    ("POST", "/{lang:str}/account/recovery-codes"): (
        "/en/account/recovery-codes",
        (401, 403, 403, 403, 403),
    ),
    ("GET", "/{lang:str}/account/passkeys"): ("/en/account/passkeys", ACCOUNT),
    ("POST", "/{lang:str}/account/passkeys/new"): ("/en/account/passkeys/new", ACCOUNT),
    ("POST", "/{lang:str}/account/passkeys"): ("/en/account/passkeys", FORM),
    ("POST", "/{lang:str}/account/passkeys/remove"): ("/en/account/passkeys/remove", FORM),
    ("POST", "/{lang:str}/sign-in/passkey/challenge"): ("/en/sign-in/passkey/challenge", OPEN),
    ("POST", "/{lang:str}/sign-in/passkey"): ("/en/sign-in/passkey", (422,) * 5),
    ("GET", "/{lang:str}/kept"): ("/en/kept", ACCOUNT),
    ("POST", "/{lang:str}/kept/{draft_id:str}/send"): ("/en/kept/nothing/send", GONE),
    ("POST", "/{lang:str}/kept/{draft_id:str}/drop"): ("/en/kept/nothing/drop", GONE),
    ("POST", "/{lang:str}/sign-out"): ("/en/sign-out", (401, 303, 303, 303, 303)),
    ("GET", "/join/{link:str}"): ("/join/nothing", (302,) * 5),
    ("GET", "/{lang:str}/join/{link:str}"): ("/en/join/nothing", (404,) * 5),
    ("POST", "/{lang:str}/join/{link:str}"): ("/en/join/nothing", (404,) * 5),
    ("POST", "/{lang:str}/join/{link:str}/picture"): ("/en/join/nothing/picture", (404,) * 5),
    ("GET", "/{lang:str}/join/{link:str}/picture/{key:str}"): (
        "/en/join/nothing/picture/nothing",
        (404,) * 5,
    ),
    ("POST", "/{lang:str}/join/{link:str}/phone"): ("/en/join/nothing/phone", (404,) * 5),
    ("GET", "/{lang:str}/links/again"): ("/en/links/again", OPEN),
    ("POST", "/{lang:str}/links/again"): ("/en/links/again", (422,) * 5),
    ("GET", "/{lang:str}/calendar"): ("/en/calendar", OPEN),
    # who sees which figure: tests/explaining
    **{
        ("GET", f"/{{lang:str}}/indicators/{{code:str}}{page}"): (
            f"/en/indicators/leaflets{page}",
            {"/parts.svg": (404,) * 5, "/map.svg": (404, 404, 404, 200, 404)}.get(page, OPEN),
        )
        for page in (
            "",
            "/chart.svg",
            "/parts.svg",
            "/map.svg",
            "/explain",
            "/compare",
            "/figures.csv",
            "/figures.xlsx",
            "/figures.json",
        )
    },
    ("GET", "/{lang:str}/indicators/{code:str}/compare.svg"): (
        "/en/indicators/leaflets/compare.svg?region=all&period=2025",
        OPEN,
    ),
    ("POST", "/{lang:str}/indicators/{code:str}/organisations"): (
        "/en/indicators/leaflets/organisations",
        (401, 403, 403, 200, 403),
    ),
    ("GET", "/{lang:str}/basket"): ("/en/basket", OPEN),
    ("GET", "/{lang:str}/basket/zip"): ("/en/basket/zip", (303,) * 5),
    ("GET", "/{lang:str}/desk"): ("/en/desk", (401, 200, 200, 200, 403)),
    ("GET", "/{lang:str}/desk/new"): ("/en/desk/new", (401, 403, 200, 403, 403)),
    ("POST", "/{lang:str}/desk"): ("/en/desk", (401, 403, 422, 403, 403)),
    ("GET", "/{lang:str}/desk/{wish_id:str}"): ("/en/desk/nothing", GONE),
    ("POST", "/{lang:str}/desk/{wish_id:str}/answer"): ("/en/desk/nothing/answer", GONE),
    ("POST", "/{lang:str}/desk/{wish_id:str}/close"): ("/en/desk/nothing/close", GONE),
    ("GET", "/{lang:str}/completeness"): ("/en/completeness", (401, 404, 200, 200, 404)),
    ("GET", "/{lang:str}/completeness/{period:str}/close"): (
        "/en/completeness/2026-Q3/close",
        (401, 404, 404, 200, 404),
    ),
    # a quarter that runs is not closed
    ("POST", "/{lang:str}/completeness/{period:str}/close"): (
        "/en/completeness/2026-Q4/close",
        (401, 404, 404, 422, 404),
    ),
    ("GET", "/{lang:str}/completeness/{period:str}/reopen"): (
        "/en/completeness/2026-Q2/reopen",
        (401, 404, 404, 200, 404),
    ),
    ("POST", "/{lang:str}/completeness/{period:str}/reopen"): (
        "/en/completeness/2026-Q2/reopen",
        (401, 404, 404, 422, 404),
    ),
    ("GET", "/{lang:str}/organisations"): ("/en/organisations", OPEN),
    ("GET", "/{lang:str}/organisations/{organisation_id:str}"): (
        "/en/organisations/{organisation}",
        OPEN,
    ),
    ("GET", "/{lang:str}/practitioners"): ("/en/practitioners", (401, 403, 200, 200, 403)),
    ("GET", "/{lang:str}/practitioners/{practitioner_id:str}"): (
        "/en/practitioners/{practitioner}",
        (401, 404, 200, 200, 404),
    ),
    ("GET", "/{lang:str}/practitioners/{practitioner_id:str}/week"): (
        "/en/practitioners/{practitioner}/week",
        (401, 404, 404, 200, 404),
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/week"): (
        "/en/practitioners/{practitioner}/week",
        (401, 404, 404, 422, 404),
    ),
    ("GET", "/{lang:str}/practitioners/{practitioner_id:str}/confirm"): (
        "/en/practitioners/{practitioner}/confirm",
        (401, 404, 404, 200, 404),
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/confirm"): (
        "/en/practitioners/{practitioner}/confirm",
        (401, 404, 404, 422, 404),
    ),
    ("GET", "/{lang:str}/confirm/{code:str}"): ("/en/confirm/nothing", (404,) * 5),
    ("POST", "/{lang:str}/confirm/{code:str}"): ("/en/confirm/nothing", (404,) * 5),
    ("GET", "/{lang:str}/confirm/thanks"): ("/en/confirm/thanks", OPEN),
    ("GET", "/{lang:str}/confirmations"): ("/en/confirmations", (401, 403, 200, 200, 403)),
    ("GET", "/{lang:str}/cards"): ("/en/cards", (401, 403, 200, 200, 403)),
    ("POST", "/{lang:str}/cards"): ("/en/cards", (401, 403, 200, 200, 403)),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/card"): (
        "/en/practitioners/nothing/card",
        NOBODY,
    ),
    ("GET", "/{lang:str}/practitioners/{practitioner_id:str}/telephone"): (
        "/en/practitioners/{practitioner}/telephone",
        (401, 404, 404, 200, 404),
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/telephone"): (
        "/en/practitioners/{practitioner}/telephone",
        (401, 404, 404, 422, 404),
    ),
    # somebody whom nobody keeps: who is asked about elsewhere stays as she is
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/week/pause"): (
        "/en/practitioners/nothing/week/pause",
        NOBODY,
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/week/away"): (
        "/en/practitioners/nothing/week/away",
        NOBODY,
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/week/back"): (
        "/en/practitioners/nothing/week/back",
        NOBODY,
    ),
    ("GET", "/{lang:str}/practitioners/{practitioner_id:str}/contact"): (
        "/en/practitioners/{practitioner}/contact",
        (401, 403, 200, 200, 403),
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/contact"): (
        "/en/practitioners/{practitioner}/contact",
        (401, 403, 422, 422, 403),
    ),
    ("GET", "/{lang:str}/practitioners/{practitioner_id:str}/looked"): (
        "/en/practitioners/{practitioner}/looked",
        (401, 404, 404, 200, 404),
    ),
    ("GET", "/{lang:str}/practitioners/{practitioner_id:str}/report"): (
        "/en/practitioners/{practitioner}/report",
        (401, 404, 200, 200, 404),
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/report"): (
        "/en/practitioners/{practitioner}/report",
        (401, 404, 422, 422, 404),
    ),
    ("GET", "/{lang:str}/organisations/{organisation_id:str}/report"): (
        "/en/organisations/{organisation}/report",
        ACCOUNT,
    ),
    ("POST", "/{lang:str}/organisations/{organisation_id:str}/report"): (
        "/en/organisations/{organisation}/report",
        FORM,
    ),
    ("GET", "/{lang:str}/tickets"): ("/en/tickets", ACCOUNT),
    ("GET", "/{lang:str}/tickets/{ticket_id:str}"): (
        "/en/tickets/nothing",
        (401, 404, 404, 404, 404),
    ),
    ("POST", "/{lang:str}/tickets/{ticket_id:str}"): (
        "/en/tickets/nothing",
        (401, 404, 404, 404, 404),
    ),
    ("GET", "/{lang:str}/contacts"): ("/en/contacts", (401, 403, 403, 200, 403)),
    **{
        (method, f"/{{lang:str}}/practitioners/{{practitioner_id:str}}/{path}"): (
            f"/en/practitioners/{{practitioner}}/{path.replace('{number:int}', '1')}",
            (401, 404, 404, coordinator, 404),
        )
        for method, path, coordinator in (
            ("GET", "edit", 200),
            ("POST", "edit", 422),
            ("GET", "changes", 200),
            ("GET", "changes/{number:int}", 404),
            ("POST", "changes/{number:int}/approve", 404),
            ("POST", "changes/{number:int}/return", 404),
            ("POST", "changes/{number:int}/withdraw", 404),
            ("POST", "changes/{number:int}/undo", 404),
            ("GET", "versions", 200),
            ("GET", "versions/{number:int}", 200),
            ("POST", "versions/{number:int}/restore", 303),
        )
    },
    ("GET", "/{lang:str}/practitioners/propose"): (
        "/en/practitioners/propose",
        (401, 403, 200, 403, 403),
    ),
    ("POST", "/{lang:str}/practitioners/propose"): (
        "/en/practitioners/propose",
        (401, 403, 422, 403, 403),
    ),
    ("GET", "/{lang:str}/practitioners/{practitioner_id:str}/agreement"): (
        "/en/practitioners/{practitioner}/agreement",
        (401, 404, 404, 200, 404),
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/agreement"): (
        "/en/practitioners/{practitioner}/agreement",
        (401, 404, 404, 422, 404),
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/trainings"): (
        "/en/practitioners/{practitioner}/trainings",
        (401, 404, 404, 422, 404),
    ),
    ("GET", "/{lang:str}/practitioners/{practitioner_id:str}/consent"): (
        "/en/practitioners/{practitioner}/consent",
        (401, 404, 404, 404, 404),
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/consent"): (
        "/en/practitioners/{practitioner}/consent",
        (401, 404, 404, 404, 404),
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/consent/link"): (
        "/en/practitioners/p-nobody/consent/link",
        (401, 403, 404, 404, 403),
    ),
    ("GET", "/{lang:str}/apply"): ("/en/apply", OPEN),
    ("POST", "/{lang:str}/apply"): ("/en/apply", (422,) * 5),
    ("GET", "/{lang:str}/apply/{code:str}"): ("/en/apply/nothing", (404,) * 5),
    # by a link that opens nothing, whoever asks
    **{
        (method, f"/{{lang:str}}/apply/{{code:str}}/{step}"): (
            f"/en/apply/nothing/{step.replace('{point:str}', 'registered')}",
            (404,) * 5,
        )
        for step, methods in {
            "organisation": ("GET", "POST"),
            "criteria/{point:str}": ("GET", "POST"),
            "principles": ("GET", "POST"),
            "contact": ("GET", "POST"),
            "send": ("GET", "POST"),
            "withdraw": ("GET", "POST"),
            "appeal": ("GET", "POST"),
            "letter": ("GET",),
            "invitation": ("POST",),
        }.items()
        for method in methods
    },
    ("GET", "/{lang:str}/consent/done"): ("/en/consent/done", OPEN),
    ("GET", "/{lang:str}/consent/{code:str}"): ("/en/consent/nothing", (404,) * 5),
    ("POST", "/{lang:str}/consent/{code:str}"): ("/en/consent/nothing", (404,) * 5),
    ("GET", "/{lang:str}/ethics"): ("/en/ethics", OPEN),
    ("GET", "/{lang:str}/criteria"): ("/en/criteria", OPEN),
    ("GET", "/{lang:str}/criteria/versions"): ("/en/criteria/versions", OPEN),
    ("GET", "/{lang:str}/criteria/versions/{version:int}"): ("/en/criteria/versions/1", OPEN),
    ("GET", "/{lang:str}/criteria/versions/{version:int}/changes"): (
        "/en/criteria/versions/2/changes",
        OPEN,
    ),
    # there is no draft
    ("GET", "/{lang:str}/criteria/draft"): ("/en/criteria/draft", KEPT),
    ("POST", "/{lang:str}/criteria/draft"): ("/en/criteria/draft", KEPT_FORM),
    **{
        (method, f"/{{lang:str}}/criteria/draft/{path}"): (
            f"/en/criteria/draft/{path.replace('{code:str}', 'nothing')}",
            (401, 403, 403, 404, 403),
        )
        for method, path in (
            ("POST", "discard"),
            ("POST", "take-back"),
            ("GET", "notes"),
            ("POST", "notes"),
            ("GET", "add"),
            ("POST", "points"),
            ("GET", "points/{code:str}"),
            ("POST", "points/{code:str}"),
            ("POST", "points/{code:str}/remove"),
            ("POST", "points/{code:str}/move"),
            ("GET", "adoption"),
            ("POST", "adoption"),
        )
    },
    ("GET", "/{lang:str}/criteria/versions/{version:int}/translations"): (
        "/en/criteria/versions/1/translations",
        KEPT,
    ),
    **{
        (
            method,
            f"/{{lang:str}}/criteria/versions/{{version:int}}/translations/{{into:str}}/{{code:str}}{act}",
        ): (f"/en/criteria/versions/1/translations/ru/nothing{act}", (401, 403, 403, 404, 403))
        for method, act in (("GET", ""), ("POST", ""), ("POST", "/check"))
    },
    ("GET", "/{lang:str}/nearby"): ("/en/nearby?place=1219762", OPEN),
    ("POST", "/{lang:str}/nearby"): ("/en/nearby", (401, 422, 422, 422, 422)),
    ("GET", "/{lang:str}/nearby/map.svg"): (
        "/en/nearby/map.svg?place=1219762",
        (401, 403, 200, 200, 403),
    ),
    ("GET", "/{lang:str}/requests"): ("/en/requests", (401, 200, 200, 200, 403)),
    ("POST", "/{lang:str}/requests"): ("/en/requests", (401, 403, 422, 422, 403)),
    ("GET", "/{lang:str}/requests/new"): ("/en/requests/new", (401, 403, 200, 200, 403)),
    ("POST", "/{lang:str}/requests/new"): ("/en/requests/new", (401, 403, 200, 200, 403)),
    ("GET", "/{lang:str}/requests/referral"): ("/en/requests/referral", (303,) * 5),
    ("POST", "/{lang:str}/requests/referral"): (
        "/en/requests/referral",
        (401, 403, 422, 422, 403),
    ),
    ("GET", "/{lang:str}/requests/{request_id:str}"): (
        "/en/requests/nothing",
        (401, 404, 404, 404, 403),
    ),
    **{
        ("POST", f"/{{lang:str}}/requests/{{request_id:str}}/{act}"): (
            f"/en/requests/nothing/{act}",
            (401, 404, 404, 404, 404),
        )
        for act in ("offer", "cancel", "accept", "decline", "returned", "complete")
    },
    **{
        ("GET", f"/{{lang:str}}/requests/{{request_id:str}}/{page}"): (
            f"/en/requests/nothing/{page}",
            (401, 404, 404, 404, 404),
        )
        for page in ("sheet", "complete")
    },
    ("GET", "/{lang:str}/places"): ("/en/places?q=ba", OPEN),
    ("GET", "/{lang:str}/places/{place_id:str}"): ("/en/places/1219762", OPEN),
    ("POST", "/{lang:str}/places/nearest"): ("/en/places/nearest", (401, 422, 422, 422, 422)),
    ("GET", "/{lang:str}/events"): ("/en/events", OPEN),
    ("GET", "/{lang:str}/events/{event_id:str}"): ("/en/events/{event}", OPEN),
    ("GET", "/{lang:str}/contribute"): ("/en/contribute", (401, 403, 200, 200, 403)),
    ("GET", "/{lang:str}/contribute/new"): ("/en/contribute/new", (401, 403, 200, 403, 403)),
    ("POST", "/{lang:str}/contribute/new"): ("/en/contribute/new", (401, 403, 422, 403, 403)),
    **{
        (method, f"/{{lang:str}}/contribute/{{material_id:str}}{below}"): (
            f"/en/contribute/nothing{example or below}",
            (401, 403, 404, 403, 403) if below == "/adapt" else NOBODY,
        )
        for method, below, example in (
            ("GET", "", ""),
            ("GET", "/adapt", ""),
            ("POST", "/adapt", ""),
            ("GET", "/words", ""),
            ("POST", "/words", ""),
            ("GET", "/text", ""),
            ("POST", "/text", ""),
            ("GET", "/consents", ""),
            ("POST", "/consents", ""),
            ("POST", "/consents/{consent_id:int}/end", "/consents/1/end"),
            ("POST", "/files", ""),
            ("POST", "/files/{content_id:str}/remove", "/files/x/remove"),
            ("POST", "/version", ""),
            ("POST", "/{act:str}", "/send"),
        )
    },
    ("GET", "/{lang:str}/materials/sheet"): ("/en/materials/sheet?of=nothing", OPEN),
    **{
        ("GET", f"/{{lang:str}}/materials/{{material_id:str}}/files/{part}"): (
            f"/en/materials/nothing/files/{part.replace('{material_file_id:str}', 'nothing')}",
            (404,) * 5,
        )
        for part in (
            "{material_file_id:str}",
            "{material_file_id:str}/light",
            "{material_file_id:str}/picture",
        )
    },
    ("GET", "/{lang:str}/events/feed"): ("/en/events/feed", OPEN),
    ("GET", "/{lang:str}/events/{event_id:str}/evaluation.svg"): (
        "/en/events/e-2014tj/evaluation.svg",
        OPEN,
    ),
    ("GET", "/{lang:str}/events/new"): ("/en/events/new", (401, 403, 200, 200, 403)),
    ("POST", "/{lang:str}/events/new"): ("/en/events/new", (401, 403, 422, 422, 403)),
    **{
        (method, "/{lang:str}/events/{event_id:str}" + path): ("/en/events/{ours}" + path, row)
        for method, path, row in (
            ("GET", "/organise", KEPT),
            ("POST", "/organise", KEPT_FORM),
            ("GET", "/edit", KEPT),
            ("POST", "/edit", KEPT_FORM),
            ("GET", "/programme", KEPT),
            ("POST", "/programme", KEPT_FORM),
            ("POST", "/programme/drop", KEPT_FORM),
            ("GET", "/participants", KEPT),
            ("POST", "/participants", (401, 403, 403, 303, 403)),
            ("GET", "/materials", KEPT),
            ("POST", "/materials", KEPT_FORM),
            ("POST", "/materials/drop", KEPT_FORM),
            ("GET", "/certificates", KEPT),
            ("POST", "/certificates", (401, 403, 403, 303, 403)),
            ("GET", "/evaluation", (404, 404, 200, 200, 404)),
            ("GET", "/evaluation/answers.svg", (404, 404, 404, 404, 404)),
            ("GET", "/evaluation/test.svg", (404, 404, 404, 404, 404)),
            ("GET", "/evaluation/sheet", (401, 404, 200, 200, 404)),
            ("GET", "/evaluation/questions", KEPT),
            ("POST", "/evaluation/questions", KEPT_FORM),
            ("POST", "/evaluation/questions/ready", (401, 403, 403, 303, 403)),
            ("POST", "/evaluation/questions/drop", KEPT_FORM),
            ("GET", "/evaluation/counts", KEPT),
            ("POST", "/evaluation/counts", (401, 403, 403, 303, 403)),
        )
    },
    ("GET", "/{lang:str}/campaigns"): ("/en/campaigns", OPEN),
    ("GET", "/{lang:str}/campaigns/{campaign_id:str}"): ("/en/campaigns/nothing", (404,) * 5),
    ("GET", "/{lang:str}/campaigns/{campaign_id:str}/map.svg"): (
        "/en/campaigns/nothing/map.svg",
        (404,) * 5,
    ),
    ("GET", "/{lang:str}/campaigns/{campaign_id:str}/kinds.svg"): (
        "/en/campaigns/nothing/kinds.svg",
        (404,) * 5,
    ),
    ("GET", "/{lang:str}/campaigns/new"): ("/en/campaigns/new", (401, 403, 200, 403, 403)),
    ("POST", "/{lang:str}/campaigns/new"): ("/en/campaigns/new", (401, 403, 422, 403, 403)),
    **{
        (method, f"/{{lang:str}}/campaigns/{{campaign_id:str}}/{page}"): (
            f"/en/campaigns/nothing/{page}",
            GONE,
        )
        for method, page in (
            ("GET", "edit"),
            ("POST", "edit"),
            ("POST", "send"),
            ("POST", "take-back"),
            ("POST", "withdraw"),
            ("GET", "activities/new"),
            ("POST", "activities/new"),
        )
    },
    **{
        (
            method,
            f"/{{lang:str}}/campaigns/{{campaign_id:str}}/activities/{{activity_id:str}}{act}",
        ): (
            f"/en/campaigns/nothing/activities/nothing{act}",
            GONE,
        )
        for method, act in (("GET", ""), ("POST", ""), ("POST", "/remove"), ("POST", "/restore"))
    },
    ("GET", "/{lang:str}/plans"): ("/en/plans", (401, 404, 200, 200, 404)),
    ("GET", "/{lang:str}/plans/new"): ("/en/plans/new", (401, 404, 403, 200, 404)),
    ("POST", "/{lang:str}/plans/new"): ("/en/plans/new", (401, 404, 403, 422, 404)),
    **{
        ("GET", f"/{{lang:str}}/plans/{{plan_id:str}}{page}"): (
            f"/en/plans/{{plan}}{page}",
            (401, 404, 200, 200, 404),
        )
        for page in ("", "/print", "/plan.csv", "/plan.xlsx")
    },
    **{
        (method, f"/{{lang:str}}/plans/{{plan_id:str}}/{page}"): (
            f"/en/plans/{{plan}}/{page}",
            (401, 404, 403, 200 if method == "GET" else 422, 404),
        )
        for method, page in (
            ("GET", "edit"),
            ("POST", "edit"),
            ("POST", "state"),
            ("GET", "actions/new"),
            ("POST", "actions/new"),
        )
    },
    **{
        (method, f"/{{lang:str}}/plans/{{plan_id:str}}/actions/{{action_id:str}}{act}"): (
            f"/en/plans/{{plan}}/actions/{{action}}{act.replace('{act:str}', 'state')}",
            (401, 404, 403, 200 if method == "GET" else 422, 404),
        )
        for method, act in (("GET", ""), ("POST", ""), ("POST", "/{act:str}"))
    },
    # the demo's coordinator belongs to no organisation
    ("GET", "/{lang:str}/membership"): ("/en/membership", (401, 404, 200, 404, 404)),
    ("GET", "/{lang:str}/reports/{report_id:str}/offline"): ("/en/reports/nothing/offline", GONE),
    ("GET", "/{lang:str}/reports/{report_id:str}/sheet"): ("/en/reports/nothing/sheet", GONE),
    ("POST", "/{lang:str}/reports/{report_id:str}/sheet"): ("/en/reports/nothing/sheet", GONE),
    ("GET", "/{lang:str}/membership/renewal"): (
        "/en/membership/renewal",
        (401, 404, 200, 404, 404),
    ),
    ("POST", "/{lang:str}/membership/renewal"): (
        "/en/membership/renewal",
        (401, 404, 422, 404, 404),
    ),
    ("GET", "/{lang:str}/membership/affirm"): ("/en/membership/affirm", (401, 404, 200, 404, 404)),
    ("POST", "/{lang:str}/membership/affirm"): (
        "/en/membership/affirm",
        (401, 404, 422, 404, 404),
    ),
    ("GET", "/{lang:str}/membership/phone"): ("/en/membership/phone", (401, 404, 200, 404, 404)),
    ("POST", "/{lang:str}/membership/phone"): (
        "/en/membership/phone",
        (401, 404, 303, 404, 404),
    ),
    ("GET", "/{lang:str}/memberships/{organisation_id:str}/phone"): (
        "/en/memberships/{organisation}/phone",
        (401, 404, 404, 200, 404),
    ),
    ("POST", "/{lang:str}/memberships/{organisation_id:str}/phone"): (
        "/en/memberships/{organisation}/phone",
        (401, 404, 404, 303, 404),
    ),
    ("GET", "/{lang:str}/reports"): ("/en/reports", (401, 404, 200, 200, 404)),
    ("POST", "/{lang:str}/reports"): ("/en/reports", (401, 404, 422, 422, 404)),
    ("GET", "/{lang:str}/reports/{report_id:str}"): (
        "/en/reports/{report}",
        (401, 404, 404, 200, 404),
    ),
    # a coordinator reads the reports of others and writes in none
    ("POST", "/{lang:str}/reports/{report_id:str}"): ("/en/reports/{report}", NOBODY),
    ("POST", "/{lang:str}/reports/{report_id:str}/correct"): (
        "/en/reports/{report}/correct",
        NOBODY,
    ),
    ("GET", "/{lang:str}/reports/{report_id:str}/review"): (
        "/en/reports/{report}/review",
        (401, 404, 404, 200, 404),
    ),
    ("POST", "/{lang:str}/reports/{report_id:str}/review"): (
        "/en/reports/{report}/review",
        (401, 404, 404, 422, 404),
    ),
    ("GET", "/{lang:str}/memberships"): ("/en/memberships", (401, 404, 404, 200, 404)),
    ("GET", "/{lang:str}/memberships/{organisation_id:str}"): (
        "/en/memberships/{organisation}",
        (401, 404, 404, 200, 404),
    ),
    ("GET", "/{lang:str}/memberships/{organisation_id:str}/renewal"): (
        "/en/memberships/nothing/renewal",
        NOBODY,
    ),
    ("POST", "/{lang:str}/memberships/{organisation_id:str}/renewal"): (
        "/en/memberships/nothing/renewal",
        NOBODY,
    ),
    ("GET", "/{lang:str}/search"): ("/en/search?q=mary", OPEN),
    ("POST", "/{lang:str}/search"): ("/en/search", ACCOUNT),
    ("GET", "/{lang:str}/coverage"): ("/en/coverage", OPEN),
    # who sees which figure: tests/dashboard
    ("GET", "/{lang:str}/indicators"): ("/en/indicators", OPEN),
    ("GET", "/{lang:str}/indicators/quarter"): ("/en/indicators/quarter", OPEN),
    ("GET", "/{lang:str}/indicators/quarter.csv"): ("/en/indicators/quarter.csv", OPEN),
    ("GET", "/{lang:str}/indicators/quarter.xlsx"): ("/en/indicators/quarter.xlsx", OPEN),
    ("GET", "/{lang:str}/coverage/map.svg"): ("/en/coverage/map.svg", (401, 403, 403, 200, 403)),
    ("GET", "/{lang:str}/coverage/recruit"): ("/en/coverage/recruit", (401, 403, 403, 200, 403)),
    ("POST", "/{lang:str}/coverage/list"): ("/en/coverage/list", (401, 403, 403, 200, 403)),
    ("GET", "/{lang:str}/indicators/new"): ("/en/indicators/new", (401, 403, 403, 200, 403)),
    ("POST", "/{lang:str}/indicators/new"): ("/en/indicators/new", KEPT_FORM),
    ("GET", "/{lang:str}/indicators/{code:str}/definition"): (
        "/en/indicators/assisted/definition",
        KEPT,
    ),
    ("POST", "/{lang:str}/indicators/{code:str}/definition"): (
        "/en/indicators/assisted/definition",
        KEPT_FORM,
    ),
    # an indicator that nobody defined: those that are asked about elsewhere stay as they are
    ("POST", "/{lang:str}/indicators/{code:str}/openness"): (
        "/en/indicators/nothing/openness",
        (401, 403, 403, 404, 403),
    ),
    ("POST", "/{lang:str}/indicators/{code:str}/end"): (
        "/en/indicators/assisted/end",
        KEPT_FORM,
    ),
    ("GET", "/{lang:str}/indicators/{code:str}/targets"): ("/en/indicators/assisted/targets", KEPT),
    ("POST", "/{lang:str}/indicators/{code:str}/targets"): (
        "/en/indicators/assisted/targets",
        KEPT_FORM,
    ),
    ("GET", "/{lang:str}/work"): ("/en/work", ACCOUNT),
    ("GET", "/{lang:str}/people"): ("/en/people", KEEPERS),
    ("GET", "/{lang:str}/people/invite"): ("/en/people/invite", KEEPERS),
    ("POST", "/{lang:str}/people/invite"): ("/en/people/invite", (401, 403, 403, 422, 422)),
    ("GET", "/{lang:str}/people/organisations"): ("/en/people/organisations", KEEPERS),
    ("POST", "/{lang:str}/people/organisations/{organisation_id:str}"): (
        "/en/people/organisations/{organisation}",
        (401, 403, 403, 422, 422),
    ),
    # there are coordinators
    ("GET", "/{lang:str}/people/acting"): ("/en/people/acting", (401, 403, 404, 404, 404)),
    ("POST", "/{lang:str}/people/acting"): ("/en/people/acting", (401, 403, 404, 404, 404)),
    ("GET", "/{lang:str}/people/{account_id:str}"): ("/en/people/demo-coordinator", KEEPERS),
    ("POST", "/{lang:str}/people/{account_id:str}"): (
        "/en/people/demo-coordinator",
        (401, 403, 403, 422, 422),
    ),
    ("GET", "/{lang:str}/releases"): ("/en/releases", RELEASES),
    ("POST", "/{lang:str}/releases"): ("/en/releases", (401, 404, 404, 422, 404)),
    ("GET", "/{lang:str}/releases/{release_id:int}"): ("/en/releases/1", RELEASES),
    ("GET", "/{lang:str}/releases/{release_id:int}/changes"): ("/en/releases/1/changes", RELEASES),
    ("POST", "/{lang:str}/releases/{release_id:int}/approval"): (
        "/en/releases/1/approval",
        (401, 404, 404, 422, 404),
    ),
    ("POST", "/{lang:str}/releases/{release_id:int}/drop"): (
        "/en/releases/1/drop",
        (401, 404, 404, 422, 404),
    ),
    ("POST", "/{lang:str}/releases/{release_id:int}/rollback"): (
        "/en/releases/1/rollback",
        (401, 404, 404, 422, 404),
    ),
    ("GET", "/{lang:str}/approvals"): ("/en/approvals", (401, 403, 200, 200, 200)),
    ("GET", "/{lang:str}/approvals/{approval_id:str}"): (
        "/en/approvals/{approval}",
        (401, 404, 404, 200, 200),
    ),
    ("POST", "/{lang:str}/approvals/{approval_id:str}"): (
        "/en/approvals/{approval}",
        (401, 403, 404, 422, 422),
    ),
    ("POST", "/{lang:str}/approvals/{approval_id:str}/withdraw"): (
        "/en/approvals/{approval}/withdraw",
        (401, 403, 404, 403, 403),
    ),
    ("POST", "/{lang:str}/approvals/{approval_id:str}/link"): (
        "/en/approvals/{approval}/link",
        (401, 403, 404, 404, 404),
    ),
    ("POST", "/{lang:str}/approvals/{approval_id:str}/review"): (
        "/en/approvals/{approval}/review",
        (401, 403, 404, 422, 403),
    ),
    # who sees which material: tests/materials/test_who_sees.py
    ("GET", "/{lang:str}/materials"): ("/en/materials", OPEN),
    ("GET", "/{lang:str}/materials/feed"): ("/en/materials/feed", OPEN),
    ("GET", "/{lang:str}/materials/{material_id:str}"): ("/en/materials/nothing", (404,) * 5),
    ("GET", "/{lang:str}/materials/{material_id:str}/versions/{number:int}"): (
        "/en/materials/nothing/versions/1",
        (404,) * 5,
    ),
    ("GET", "/{lang:str}/materials/{material_id:str}/print"): (
        "/en/materials/nothing/print",
        (404,) * 5,
    ),
    **{
        (method, f"/{{lang:str}}/memberships/{{organisation_id:str}}/{act}"): (
            f"/en/memberships/{{organisation}}/{act}",
            (401, 403, 403, 200 if method == "GET" else 422, 403),
        )
        for act in ("suspend", "leave", "readmit", "founding")
        for method in ("GET", "POST")
    },
    # a member takes its export with its accounts
    ("POST", "/{lang:str}/memberships/{organisation_id:str}/farewell"): (
        "/en/memberships/{organisation}/farewell",
        (401, 403, 403, 422, 403),
    ),
    # the demo's coordinator belongs to no organisation
    ("GET", "/{lang:str}/membership/leave"): ("/en/membership/leave", (401, 403, 200, 403, 403)),
    ("POST", "/{lang:str}/membership/leave"): ("/en/membership/leave", (401, 403, 422, 403, 403)),
    ("POST", "/{lang:str}/membership/export"): ("/en/membership/export", (401, 403, 200, 403, 403)),
    ("GET", "/{lang:str}/farewell/{code:str}"): ("/en/farewell/nothing", (404,) * 5),
    ("POST", "/{lang:str}/farewell/{code:str}/export"): ("/en/farewell/nothing/export", (404,) * 5),
    ("GET", "/{lang:str}/practitioners/{practitioner_id:str}/open-to-proposals"): (
        "/en/practitioners/{practitioner}/open-to-proposals",
        NOBODY,
    ),
    ("POST", "/{lang:str}/practitioners/{practitioner_id:str}/open-to-proposals"): (
        "/en/practitioners/{practitioner}/open-to-proposals",
        NOBODY,
    ),
    ("GET", "/{lang:str}/proposals/open"): ("/en/proposals/open", (401, 403, 200, 200, 403)),
    **{
        (method, "/{lang:str}/proposals/open/{practitioner_id:str}"): (
            "/en/proposals/open/nothing",
            # the demo's coordinator has no organisation to propose for
            (401, 403, 404, 404 if method == "GET" else 403, 403),
        )
        for method in ("GET", "POST")
    },
    ("GET", "/{lang:str}/review/{code:str}"): ("/en/review/nothing", (404,) * 5),
    ("POST", "/{lang:str}/review/{code:str}"): ("/en/review/nothing", (404,) * 5),
    # who reads which application: tests/reviews
    ("GET", "/{lang:str}/applications"): ("/en/applications", (401, 403, 200, 200, 403)),
    ("GET", "/{lang:str}/applications/{application_id:str}"): ("/en/applications/nothing", NOBODY),
    ("POST", "/{lang:str}/applications/{application_id:str}/take"): (
        "/en/applications/nothing/take",
        NOBODY,
    ),
    ("POST", "/{lang:str}/applications/{application_id:str}/step-back"): (
        "/en/applications/nothing/step-back",
        NOBODY,
    ),
    ("POST", "/{lang:str}/applications/{application_id:str}/release"): (
        "/en/applications/nothing/release",
        NOBODY,
    ),
    ("GET", "/{lang:str}/applications/{application_id:str}/outside"): (
        "/en/applications/nothing/outside",
        NOBODY,
    ),
    ("POST", "/{lang:str}/applications/{application_id:str}/outside"): (
        "/en/applications/nothing/outside",
        NOBODY,
    ),
    ("POST", "/{lang:str}/applications/{application_id:str}/conflict"): (
        "/en/applications/nothing/conflict",
        NOBODY,
    ),
    ("POST", "/{lang:str}/applications/{application_id:str}/review"): (
        "/en/applications/nothing/review",
        NOBODY,
    ),
    ("GET", "/{lang:str}/applications/{application_id:str}/conflict"): (
        "/en/applications/nothing/conflict",
        NOBODY,
    ),
    ("GET", "/{lang:str}/applications/{application_id:str}/review"): (
        "/en/applications/nothing/review",
        NOBODY,
    ),
    ("GET", "/{lang:str}/applications/{application_id:str}/evidence/{evidence_id:str}"): (
        "/en/applications/nothing/evidence/nothing",
        NOBODY,
    ),
    ("GET", "/{lang:str}/applications/{application_id:str}/binding"): (
        "/en/applications/nothing/binding",
        (401, 403, 403, 404, 403),
    ),
    ("POST", "/{lang:str}/applications/{application_id:str}/binding"): (
        "/en/applications/nothing/binding",
        (401, 403, 403, 404, 403),
    ),
    ("GET", "/{lang:str}/applications/{application_id:str}/decision"): (
        "/en/applications/nothing/decision",
        (401, 403, 403, 404, 403),
    ),
    ("POST", "/{lang:str}/applications/{application_id:str}/decision"): (
        "/en/applications/nothing/decision",
        (401, 403, 403, 404, 403),
    ),
    ("GET", "/{lang:str}/outside-review/{code:str}"): ("/en/outside-review/nothing", (404,) * 5),
    # whoever has an account is not somebody from outside
    ("POST", "/{lang:str}/outside-review/{code:str}"): (
        "/en/outside-review/nothing",
        (404, 403, 403, 403, 403),
    ),
    ("GET", "/{lang:str}/outside-review/{code:str}/evidence/{evidence_id:str}"): (
        "/en/outside-review/nothing/evidence/nothing",
        (404,) * 5,
    ),
    ("GET", "/{lang:str}/projects"): ("/en/projects", PROJECTS),
    ("GET", "/{lang:str}/projects/new"): ("/en/projects/new", PROJECTS),
    ("POST", "/{lang:str}/projects/new"): ("/en/projects/new", (401, 404, 422, 422, 404)),
    ("GET", "/{lang:str}/projects/{project_id:str}"): ("/en/projects/pr-murgap", PROJECTS),
    ("GET", "/{lang:str}/projects/{project_id:str}/report"): (
        "/en/projects/pr-murgap/report",
        PROJECTS,
    ),
    ("GET", "/{lang:str}/projects/{project_id:str}/report.xlsx"): (
        "/en/projects/pr-murgap/report.xlsx",
        PROJECTS,
    ),
    ("GET", "/{lang:str}/projects/{project_id:str}/iati.xml"): (
        "/en/projects/pr-murgap/iati.xml",
        PROJECTS,
    ),
    ("POST", "/{lang:str}/projects/{project_id:str}/publishing"): (
        "/en/projects/pr-murgap/publishing",
        OTHERS_PROJECT_FORM,
    ),
    ("GET", "/{lang:str}/projects/{project_id:str}/edit"): (
        "/en/projects/pr-murgap/edit",
        OTHERS_PROJECT,
    ),
    ("POST", "/{lang:str}/projects/{project_id:str}/edit"): (
        "/en/projects/pr-murgap/edit",
        OTHERS_PROJECT_FORM,
    ),
    ("GET", "/{lang:str}/projects/{project_id:str}/logframe"): (
        "/en/projects/pr-murgap/logframe",
        OTHERS_PROJECT,
    ),
    ("POST", "/{lang:str}/projects/{project_id:str}/logframe/outcome"): (
        "/en/projects/pr-murgap/logframe/outcome",
        OTHERS_PROJECT_FORM,
    ),
    ("POST", "/{lang:str}/projects/{project_id:str}/logframe/line"): (
        "/en/projects/pr-murgap/logframe/line",
        OTHERS_PROJECT_FORM,
    ),
    ("POST", "/{lang:str}/projects/{project_id:str}/logframe/drop"): (
        "/en/projects/pr-murgap/logframe/drop",
        OTHERS_PROJECT_FORM,
    ),
    ("GET", "/{lang:str}/projects/{project_id:str}/links"): (
        "/en/projects/pr-murgap/links",
        OTHERS_PROJECT,
    ),
    ("POST", "/{lang:str}/projects/{project_id:str}/links"): (
        "/en/projects/pr-murgap/links",
        OTHERS_PROJECT_FORM,
    ),
    ("POST", "/{lang:str}/projects/{project_id:str}/links/drop"): (
        "/en/projects/pr-murgap/links/drop",
        OTHERS_PROJECT_FORM,
    ),
    ("GET", "/{lang:str}/overview"): ("/en/overview", (401, 404, 404, 200, 404)),
}

# served by the data site, which knows no roles: tests/publication
MOUNTED = {"/data"}


def routes_of(client: TestClient) -> set[tuple[str, str]]:
    """Method and path of everything that the application answers."""
    return {
        (method, route.path)
        for route in client.app.routes
        for method in getattr(route, "methods", ())
        if method not in ("HEAD", "OPTIONS")
    }


def test_02_every_route_has_a_row(visitor: TestClient) -> None:
    assert routes_of(visitor) - set(TABLE) == set()
    assert set(TABLE) - routes_of(visitor) == set()


def test_02_nothing_is_mounted_unseen(visitor: TestClient) -> None:
    mounted = {r.path for r in visitor.app.routes if not getattr(r, "methods", None)}
    assert mounted == MOUNTED


@dataclass
class Doors:
    """One browser with a session of each role, opened when it is first needed."""

    client: TestClient
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)

    def open(self, role: str) -> dict[str, str]:
        """Be somebody of this role, or nobody; the header with the token of a page of theirs."""
        self.client.cookies.clear()
        if role == "visitor":
            return {}
        if role not in self.sessions:
            self._sign_in(role)
            self.sessions[role] = (self.client.cookies["session"], csrf_of(self.client))
        cookie, token = self.sessions[role]
        self.client.cookies.clear()
        self.client.cookies.set("session", cookie)
        return {"X-CSRF-Token": token}

    def _sign_in(self, role: str) -> None:
        form = {"role": role}
        answer = self.client.post("/demo/sign-in", data=form, follow_redirects=False)
        assert answer.status_code == 303, answer.text

    def ask(self, role: str, method: str, where: str) -> tuple[int, str]:
        """The status and the text of an answer."""
        token = self.open(role)
        headers = {**JSON, **token} if method == "POST" else JSON
        answer = self.client.request(method, where, headers=headers, follow_redirects=False)
        if role in self.sessions and "session" in answer.headers.get("set-cookie", ""):
            del self.sessions[role]
        return answer.status_code, answer.text


@pytest.fixture(scope="module")
def doors(reading: TestClient) -> Iterator[Doors]:
    yield Doors(reading)
    reading.cookies.clear()


@pytest.fixture(scope="module")
def examples(doors: Doors) -> dict[str, str]:
    """An id of each kind that a member may see and whose card is public."""
    first = lambda path: doors.client.get(path, headers=JSON).json()["results"][0]["id"]  # noqa: E731
    doors.open("member")
    practitioner = first("/en/nearby?place=1219762&profession=psychologist")
    doors.client.cookies.clear()
    form = {"role": "coordinator", "organisation": "another"}
    doors.client.post("/demo/sign-in", data=form, follow_redirects=False)
    waiting = doors.client.get("/en/approvals", headers=JSON).json()["results"]
    (approval,) = [each["id"] for each in waiting if each["kind"] == "invite"]
    path = "/en/reports?state=all"
    found = doors.client.get(path, headers=JSON).json()["results"]
    of_others = [each["id"] for each in found if each["organisation_id"] not in ("o-3vd8xw", None)]
    report = of_others[-1]
    plan = first("/en/plans")
    action = doors.client.get(f"/en/plans/{plan}", headers=JSON).json()["progress"][0]["id"]
    doors.client.cookies.clear()
    return {
        "practitioner": practitioner,
        "organisation": first("/en/organisations"),
        "event": first("/en/events"),
        "ours": "e-3k7p9d",
        "plan": plan,
        "action": action,
        "approval": approval,
        "report": report,
    }


@pytest.mark.parametrize(("method", "path"), list(TABLE))
def test_02_each_role_gets_what_the_table_says(
    method: str, path: str, examples: dict[str, str], doors: Doors
) -> None:
    example, statuses = TABLE[method, path]
    others = {}
    for role, expected in zip(ROLES, statuses, strict=True):
        status, text = doors.ask(role, method, example.format(**examples))
        if status != expected:
            others[role] = (status, text)
    assert others == {}, statuses


# what an observer gets where it is not what a practitioner gets of somebody else's record
OBSERVER: dict[tuple[str, str], int] = {
    ("GET", "/{lang:str}/overview"): 200,
    ("GET", "/{lang:str}/projects"): 200,
    ("GET", "/{lang:str}/projects/new"): 403,
    ("POST", "/{lang:str}/projects/new"): 403,
    ("GET", "/{lang:str}/projects/{project_id:str}"): 200,
    ("GET", "/{lang:str}/projects/{project_id:str}/report"): 200,
    ("GET", "/{lang:str}/projects/{project_id:str}/report.xlsx"): 200,
    ("GET", "/{lang:str}/projects/{project_id:str}/iati.xml"): 200,
    ("POST", "/{lang:str}/projects/{project_id:str}/publishing"): 403,
    ("GET", "/{lang:str}/projects/{project_id:str}/edit"): 403,
    ("POST", "/{lang:str}/projects/{project_id:str}/edit"): 403,
    ("GET", "/{lang:str}/projects/{project_id:str}/logframe"): 403,
    ("POST", "/{lang:str}/projects/{project_id:str}/logframe/outcome"): 403,
    ("POST", "/{lang:str}/projects/{project_id:str}/logframe/line"): 403,
    ("POST", "/{lang:str}/projects/{project_id:str}/logframe/drop"): 403,
    ("GET", "/{lang:str}/projects/{project_id:str}/links"): 403,
    ("POST", "/{lang:str}/projects/{project_id:str}/links"): 403,
    ("POST", "/{lang:str}/projects/{project_id:str}/links/drop"): 403,
    ("GET", "/{lang:str}/completeness"): 200,
    ("GET", "/{lang:str}/desk"): 403,
    ("GET", "/{lang:str}/requests"): 403,
    ("GET", "/{lang:str}/requests/{request_id:str}"): 403,
    # observers read plans as members do, and keep none
    **{
        (method, path): statuses[ROLES.index("member")]
        for (method, path), (_, statuses) in TABLE.items()
        if path.startswith("/{lang:str}/plans")
    },
}


@pytest.mark.parametrize(("method", "path"), list(TABLE))
def test_02_an_observer_gets_what_a_practitioner_gets_of_others(
    method: str, path: str, examples: dict[str, str], doors: Doors
) -> None:
    example, statuses = TABLE[method, path]
    status, text = doors.ask("observer", method, example.format(**examples))
    assert status == OBSERVER.get((method, path), statuses[ROLES.index("practitioner")]), text


def csrf_of(client: TestClient) -> str:
    """The token that a page of this session carries."""
    page = client.get("/en/sign-in").text
    return page.split('name="csrf" value="')[1].split('"')[0]
