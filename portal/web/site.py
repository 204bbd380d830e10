"""What every handler may reach: the parts that `app` put together, once a process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from portal.clock import day_of
from portal.i18n.language import Language, load_language

if TYPE_CHECKING:
    from jinja2 import Environment
    from litestar import Request

    from portal.clock import Clock
    from portal.db import Store
    from portal.engines import Engines
    from portal.settings import Settings
    from portal.vocabularies.terms import Terms
    from portal.web.assets import Assets
    from search.engine import Engine


# the token of a session that is over, the fields of a form and its address: whether it was kept
KeepTyped = Callable[[str, list[tuple[str, str]], str], bool]

# a kind of record and its id: the credit lines of the projects that pay for it
CreditsOf = Callable[[str, str], list[str]]

# the token of a cookie: whether it opened a session once
HadSession = Callable[[str], bool]


@dataclass(frozen=True)
class DataVersion:
    """Which state of the published data everybody reads: its version, and of which day."""

    version: str
    day: str


@dataclass(frozen=True)
class Site:
    """One running portal."""

    settings: Settings
    store: Store
    terms: Terms
    engines: Engines
    templates: Environment
    assets: Assets
    clock: Clock
    checks: Callable[[], dict[str, bool]]
    keep_typed: KeepTyped
    had_session: HadSession
    credits_of: CreditsOf
    # None before the first publication
    data_version: Callable[[], DataVersion | None]

    @property
    def engine(self) -> Engine:
        """The search engine that is asked."""
        return self.engines.asked


def site_of(request: Request[Any, Any, Any]) -> Site:
    """The site that a request came to."""
    site: Site = request.app.state.site
    return site


def today_of(request: Request[Any, Any, Any]) -> date:
    """The day it is where the network lives."""
    site = site_of(request)
    return day_of(site.clock(), site.settings.timezone)


def language_of(request: Request[Any, Any, Any]) -> Language:
    """The language of the address, or else the one the browser and cookie ask for."""
    languages = site_of(request).settings.languages
    first = request.url.path.split("/")[1]
    return load_language(first if first in languages else preferred_language(request))


def preferred_language(request: Request[Any, Any, Any]) -> str:
    """The language to send a visitor to: the one chosen, now or before, else Accept-Language."""
    languages = site_of(request).settings.languages
    chosen = request.query_params.get("lang") or request.cookies.get("lang", "")
    if chosen in languages:
        return chosen
    asked = request.headers.get("accept-language", "")
    return next((code for code in _in_order(asked) if code in languages), languages[0])


def _in_order(accept_language: str) -> list[str]:
    weighed = []
    for part in accept_language[:200].split(","):
        tag, _, weight = part.strip().partition(";q=")
        weighed.append((_as_number(weight), tag.split("-")[0].lower()))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]


def _as_number(weight: str) -> float:
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
