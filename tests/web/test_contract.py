"""The OpenAPI document against the running site: whatever it allows is answered as it says.

Each operation gets a few requests that a machine thinks up from the document, always the same ones,
as a stranger and as a coordinator; in process, without a network. Nothing may fail on our side, and
status, media type and shape of every answer are among those that the document names.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as examples
from litestar.testing import TestClient
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, browsing, settings_for
from tests.worlds import copy_world

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SEED = 20261123
REGISTERS = {
    "organisation_id": "organisations",
    "event_id": "events",
    "material_id": "materials",
    "campaign_id": "campaigns",
    "practitioner_id": "practitioners",
    "project_id": "projects",
    "plan_id": "plans",
    "request_id": "requests?state=all",
    "report_id": "reports?state=all",
}
# a coordinator who does these is none afterwards, or has another session
FAREWELLS = ("/sign-out", "/sign-in", "/devices/end")

Ask = Callable[..., list[str]]


@pytest.fixture(scope="module")
def site(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A site of its own: what a machine thinks up may change things."""
    folder = tmp_path_factory.mktemp("contract") / "data"
    copy_world(lived, folder)
    with browsing(settings_for(folder)) as opened:
        yield opened


@pytest.fixture(scope="module")
def document(site: TestClient) -> Any:
    """The document as a program reads it, with all its operations."""
    load_all_checks()
    read: dict[str, Any] = site.get("/api/openapi.json").json()
    return schemathesis.openapi.from_dict(read)


@pytest.fixture(scope="module")
def known(site: TestClient) -> dict[str, str]:
    """A record of each register, so that not every address leads nowhere."""
    site.post("/demo/sign-in", data={"role": "coordinator"})
    found = {"lang": "en", "code": "leaflets", "period": "2026-Q3"}
    for name, register in REGISTERS.items():
        answer = site.get(f"/en/{register}", headers=JSON).json()
        if results := answer.get("results"):
            found[name] = results[0]["id"]
    for kind in ("services", "organizations", "service_at_locations", "taxonomy_terms"):
        found[f"/hsds/{kind}"] = site.get(f"/hsds/{kind}").json()["contents"][0]["id"]
    site.cookies.clear()
    return found


@contextmanager
def somebody(site: TestClient, role: str) -> Iterator[dict[str, str]]:
    """The headers of a stranger, or of somebody with a session and its token."""
    site.cookies.clear()
    headers = dict(JSON)
    if role:
        site.post("/demo/sign-in", data={"role": role}, follow_redirects=False)
        headers["X-CSRF-Token"] = csrf_of(site)
    yield headers
    site.cookies.clear()


def problems(
    site: TestClient, operation: Any, known: dict[str, str], role: str, most: int
) -> set[str]:
    """What is wrong with the answers of one operation."""
    wrong: set[str] = set()

    @seed(SEED)
    @given(case=operation.as_strategy())
    @examples(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        case.path_parameters = {
            name: known.get(name, known.get(operation.path.partition("/{")[0], value))
            if name in known or (name == "record_id" and len(str(value)) % 2)
            else value
            for name, value in (case.path_parameters or {}).items()
        }
        sent = case.as_transport_kwargs(base_url=str(site.base_url))
        answer = site.request(
            sent["method"],
            sent["url"],
            params=sent.get("params"),
            headers={**headers},
            follow_redirects=False,
        )
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            said = {" ".join(str(each).split())[:300] for each in group.exceptions}
            wrong.update(f"{answer.request.method} {answer.request.url}: {each}" for each in said)

    with somebody(site, role) as headers:
        ask()
    return wrong


@pytest.mark.parametrize("role", ["", "coordinator"], ids=["a stranger", "a coordinator"])
@pytest.mark.parametrize(
    ("below", "most"), [("/hsds", 12), ("/", 2)], ids=["hsds", "the rest of the site"]
)
def test_whatever_the_document_allows_is_answered_as_it_says(
    below: str, most: int, role: str, site: TestClient, document: Any, known: dict[str, str]
) -> None:
    wrong: set[str] = set()
    asked = 0
    for found in document.get_all_operations():
        operation = found.ok()
        is_ours = operation.path.startswith("/hsds")
        if is_ours != (below == "/hsds") or operation.path.endswith(FAREWELLS):
            continue
        if role and operation.method.upper() != "GET":
            continue
        wrong |= problems(site, operation, known, role, most)
        asked += 1
    assert asked >= 11
    assert sorted(wrong) == [], "\n".join(sorted(wrong))
