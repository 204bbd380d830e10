"""The data site where the portal mounts it: inside Litestar, under `/data`."""

from typing import Any

import pytest
from litestar import Litestar, asgi, get
from litestar.testing import TestClient
from litestar.types import Receive, Scope, Send

from portal.publication.datasite import DataSite
from portal.settings import Settings
from portal.web.headers import ALWAYS, every_answer


@get("/healthz", sync_to_thread=False)
def healthz() -> dict[str, str]:
    return {"status": "ok"}


def mounted(data_site: DataSite, settings: Settings) -> Litestar:
    @asgi("/data", is_mount=True, copy_scope=True)
    async def data(scope: Scope, receive: Receive, send: Send) -> None:
        await data_site(scope, receive, send)

    return Litestar(
        [data, healthz],
        before_send=[every_answer(settings)],
        lifespan=[data_site.lifespan],
        logging_config=None,
    )


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/data", 200),
        ("/data/", 200),
        ("/data/network", 200),
        ("/data/network/", 200),
        ("/data/network/organisations", 200),
        ("/data/network/organisations/o-open", 200),
        ("/data/network/organisations.json?_size=1", 200),
        ("/data/network/organisations.csv", 200),
        ("/data/network/home_visits?region=TM-M", 200),
        ("/data/network?sql=select+1", 400),
        ("/data/%5Cevil.example/", 404),
        ("/data//evil.example/", 404),
        ("/data/network.db", 404),
    ],
)
def test_addresses_below_the_mount(
    data_site: DataSite, settings: Settings, path: str, status: int
) -> None:
    with TestClient(mounted(data_site, settings)) as client:
        answer = client.get(path, follow_redirects=False)
    assert answer.status_code == status
    for name, value in ALWAYS.items():
        assert answer.headers.get_list(name) == [value]


@pytest.mark.usefixtures("store")
def test_the_rest_of_the_site_stays_up_without_a_publication(
    data_site: DataSite, settings: Settings
) -> None:
    with TestClient(mounted(data_site, settings)) as client:
        down: Any = client.get("/data/network/organisations")
        assert down.status_code == 503
        assert client.post("/data/network").status_code == 405
        assert client.get("/healthz").json() == {"status": "ok"}
