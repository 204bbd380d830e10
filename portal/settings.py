"""Settings as data: one row a setting, read from the environment, listed by `portal check`.

Every `PORTAL_X` may also be given as `PORTAL_X_FILE`, a file that holds the value.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from portal.errors import Misconfigured

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# a language is a folder with a catalog
LANGUAGES = Path(__file__).parent / "i18n"

# what the keys look like that Meilisearch makes; a master key mostly does not
_MADE_KEY = re.compile(r"[0-9a-f]{64}")

_HOST_AND_PORT = re.compile(r"(\[[0-9a-fA-F:]+\]|[a-zA-Z0-9.-]+):[0-9]{1,5}")

DEFAULT_SECRET = "change-me"  # noqa: S105  production refuses to start with it


class Setting(msgspec.Struct, frozen=True):
    """One row of the table in the README."""

    name: str
    default: str
    says: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"PORTAL_{self.name.upper()}"


SETTINGS: tuple[Setting, ...] = (
    Setting("data_dir", "./var", "where the databases, the search index and the generations live"),
    Setting("env", "production", "`production` or `demo`; the demo has sign-in buttons"),
    Setting(
        "secret",
        DEFAULT_SECRET,
        "signs forms and makes the codes of phones; 32 characters or more in production",
    ),
    Setting("base_url", "http://localhost:8000", "the address people type"),
    Setting("countries", "TM,TJ", "whose settlements are shown"),
    Setting("timezone", "Asia/Ashgabat", "whose days, weeks and quarters count"),
    Setting("languages", "en,ru,tk,tg", "interface languages, in the order of the menu"),
    Setting("network_name", "Network against trafficking", "shown on every page"),
    Setting("hotline", "", "a number a country: `TM=+993…;TJ=+992…`"),
    Setting(
        "proxy_header",
        "",
        "the header in which your own proxy writes the visitor's numbers, as `X-Real-IP`;"
        " unset: those of the connection",
    ),
    Setting("exit_url", "", "where “Exit this page” goes; unset: a neutral page of our own"),
    Setting(
        "meilisearch_url",
        "",
        "a Meilisearch that answers searches, as `http://127.0.0.1:7700`; unset: embedded search",
    ),
    Setting(
        "meilisearch_key",
        "",
        "its key that writes the portal's indexes; `portal index keys` makes it and the next two",
    ),
    Setting("meilisearch_public_key", "", "its key that asks what the public may find"),
    Setting("meilisearch_members_key", "", "its key that asks what members may find"),
    Setting(
        "clamd",
        "",
        "the virus scanner: `/run/clamav/clamd.ctl` or `127.0.0.1:3310`; unset: nothing is scanned",
    ),
    Setting(
        "smtp_url",
        "",
        "the mail server: `smtp://user:password@host:587` (STARTTLS) or `smtps://…`, with"
        " `?from=` when the user is no address; unset: letters are kept in `outbox/`",
    ),
)


class Settings(msgspec.Struct, frozen=True):
    """The settings of one running portal, typed."""

    data_dir: Path
    env: str
    secret: str
    base_url: str
    countries: tuple[str, ...]
    timezone: str
    languages: tuple[str, ...]
    network_name: str
    hotline: dict[str, str]
    exit_url: str
    proxy_header: str = ""
    smtp_url: str = ""
    clamd: str = ""
    meilisearch_url: str = ""
    meilisearch_key: str = ""
    meilisearch_public_key: str = ""
    meilisearch_members_key: str = ""
    sources: dict[str, str] = {}

    @property
    def is_demo(self) -> bool:
        """True when everything personal in the site is invented."""
        return self.env == "demo"

    @property
    def host(self) -> str:
        """The host name that people type."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def origin(self) -> str:
        """Where pages of ours come from, as browsers write it: small letters, no usual port."""
        parts = urlsplit(self.base_url)
        usual = {"https": 443, "http": 80}[parts.scheme]
        port = "" if parts.port in (None, usual) else f":{parts.port}"
        return f"{parts.scheme}://{self.host}{port}"

    @property
    def database(self) -> Path:
        """The main database."""
        return self.data_dir / "portal.db"

    @property
    def search_folder(self) -> Path:
        """The embedded search engine's own files."""
        return self.data_dir / "search"

    @property
    def generations(self) -> Path:
        """Where each published generation has its folder."""
        return self.data_dir / "generations"

    @property
    def files(self) -> Path:
        """Where files that people gave are kept."""
        return self.data_dir / "files"

    @property
    def incoming(self) -> Path:
        """Where a file is while it is received and looked at."""
        return self.data_dir / "incoming"

    @property
    def outbox(self) -> Path:
        """Where letters are kept when no mail server is set."""
        return self.data_dir / "outbox"


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this environment; `Misconfigured` names the variable that is wrong."""
    found = {setting.name: _read(setting, environ) for setting in SETTINGS}
    value = {name: text for name, (text, _source) in found.items()}
    _check(value)
    return Settings(
        data_dir=Path(value["data_dir"]),
        env=value["env"],
        secret=value["secret"],
        base_url=value["base_url"].rstrip("/"),
        countries=_split(value["countries"]),
        timezone=value["timezone"],
        languages=_split(value["languages"]),
        network_name=value["network_name"],
        hotline=_by_country(value["hotline"]),
        exit_url=value["exit_url"],
        proxy_header=value["proxy_header"],
        smtp_url=value["smtp_url"],
        clamd=value["clamd"],
        meilisearch_url=value["meilisearch_url"].rstrip("/"),
        meilisearch_key=value["meilisearch_key"],
        meilisearch_public_key=value["meilisearch_public_key"],
        meilisearch_members_key=value["meilisearch_members_key"],
        sources={name: source for name, (_text, source) in found.items()},
    )


def refuse_unsafe(settings: Settings) -> None:
    """Stop a production site that would start with a secret everybody knows."""
    host = urlsplit(settings.base_url).hostname or ""
    if settings.is_demo:
        if host not in LOOPBACK:
            raise Misconfigured("The demo is for this machine: PORTAL_BASE_URL must be localhost.")
        return
    if len(settings.secret) < 32 or len(set(settings.secret)) < 8:
        raise Misconfigured("PORTAL_SECRET must be set to at least 32 characters of your own.")
    if settings.base_url.startswith("http://") and not (
        host in LOOPBACK or host.endswith(".onion")
    ):
        raise Misconfigured("PORTAL_BASE_URL must begin with https:// (or be an .onion address).")
    if settings.meilisearch_url:
        _refuse_unsafe_search_server(settings)


def _refuse_unsafe_search_server(settings: Settings) -> None:
    url = urlsplit(settings.meilisearch_url)
    # security: questions and the names of members must not be read on the way
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        raise Misconfigured(
            "PORTAL_MEILISEARCH_URL must begin with https://, or lead to this machine."
        )
    keys = {
        "PORTAL_MEILISEARCH_KEY": settings.meilisearch_key,
        "PORTAL_MEILISEARCH_PUBLIC_KEY": settings.meilisearch_public_key,
        "PORTAL_MEILISEARCH_MEMBERS_KEY": settings.meilisearch_members_key,
    }
    if unmade := [name for name, key in keys.items() if not _MADE_KEY.fullmatch(key)]:
        # security: a master key may do everything, so the web process never has it
        raise Misconfigured(
            f"{' and '.join(unmade)} must be a key that `portal index keys` made, never the master"
            " key."
        )
    if len(set(keys.values())) < len(keys):
        raise Misconfigured("The three keys of Meilisearch must be different ones.")


def _read(setting: Setting, environ: Mapping[str, str]) -> tuple[str, str]:
    if value := environ.get(setting.variable):
        return value.strip(), setting.variable
    if path := environ.get(f"{setting.variable}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip(), f"{setting.variable}_FILE"
        except OSError as error:
            raise Misconfigured(
                f"{setting.variable}_FILE cannot be read: {error.strerror}."
            ) from error
    return setting.default, "default"


def _check(value: Mapping[str, str]) -> None:
    if value["env"] not in ("production", "demo"):
        raise Misconfigured("PORTAL_ENV must be production or demo.")
    if not value["base_url"].startswith(("http://", "https://")):
        raise Misconfigured("PORTAL_BASE_URL must begin with http:// or https://.")
    known = {path.name for path in LANGUAGES.iterdir() if (path / "portal.po").is_file()}
    if not value["languages"] or set(_split(value["languages"])) - known:
        raise Misconfigured(f"PORTAL_LANGUAGES must be among {', '.join(sorted(known))}.")
    try:
        ZoneInfo(value["timezone"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Misconfigured("PORTAL_TIMEZONE is not the name of a time zone.") from error
    _check_search_server(value["meilisearch_url"])
    _check_mail_server(value["smtp_url"])
    _check_scanner(value["clamd"])


def _check_search_server(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        is_right = is_right and not (parts.username or parts.query or parts.fragment)
    except ValueError:
        is_right = False
    if url and not is_right:
        raise Misconfigured("PORTAL_MEILISEARCH_URL must look like http://127.0.0.1:7700.")


def _check_mail_server(url: str) -> None:
    # security: what is wrong is said without the value, which holds a password
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
    except ValueError:
        is_right = False
    if url and not is_right:
        raise Misconfigured("PORTAL_SMTP_URL must look like smtp://user:password@host:587.")


def _check_scanner(address: str) -> None:
    port = address.rpartition(":")[2]
    is_far = _HOST_AND_PORT.fullmatch(address) and 0 < int(port) < 65536
    if address and not address.startswith("/") and not is_far:
        raise Misconfigured("PORTAL_CLAMD must look like /run/clamav/clamd.ctl or 127.0.0.1:3310.")


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _by_country(text: str) -> dict[str, str]:
    pairs = (part.split("=", 1) for part in text.split(";") if part.strip())
    try:
        return {country.strip(): number.strip() for country, number in pairs}
    except ValueError as error:
        raise Misconfigured("PORTAL_HOTLINE must look like TM=+993…;TJ=+992….") from error
