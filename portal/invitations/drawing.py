"""The phone's key as a QR code."""

from io import BytesIO
from urllib.parse import urlsplit

import pyotp
import segno

from portal.credentials.rules import key_of
from portal.settings import Settings


def draw_key(settings: Settings, salt: str, name: str) -> bytes:
    """An SVG of what authenticator apps scan; in the phone it is called by the host alone."""
    # security: the list of a phone's apps names no network against anything
    host = urlsplit(settings.base_url).hostname or "portal"
    uri = pyotp.TOTP(key_of(settings.secret, salt)).provisioning_uri(name=name, issuer_name=host)
    svg = BytesIO()
    segno.make(uri, error="m", micro=False).save(
        svg, kind="svg", scale=6, border=4, light="#fff", svgclass=None, lineclass=None
    )
    return svg.getvalue()


def spaced(key: str) -> str:
    """The same key for typing, four letters at a time."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
