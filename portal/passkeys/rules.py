"""What is asked of an authenticator, and what its answer must show (WebAuthn level 2)."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

Purpose = Literal["add", "sign_in"]

GOOD_FOR = timedelta(minutes=5)
RECENTLY = timedelta(minutes=5)
MOST_KEYS = 10
MOST_CHALLENGES = 60

# Ed25519, ECDSA on P-256, and RSA for the computers that know nothing else
ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]


class Party(msgspec.Struct, frozen=True):
    """This site as authenticators know it: a host name, and the origin that its pages come from.

    Browsers take no numbers for a host, so the demo is `localhost`.
    """

    id: str
    origin: str


class Known(msgspec.Struct, frozen=True):
    """A credential that an account has already."""

    credential_id: str
    transports: list[str]


class Made(msgspec.Struct, frozen=True):
    """What an authenticator made: the public half, and what it says of itself."""

    credential_id: str
    public_key: str
    counter: int
    transports: list[str]


def challenge_of(secret: str, ticket: str, purpose: Purpose, session: str) -> bytes:
    """The 256 bits to be signed: of this ticket, for this purpose and in this session only."""
    text = "\x00".join((ticket, purpose, session)).encode()
    return hmac.new(secret.encode(), b"challenge:" + text, hashlib.sha256).digest()


def ticket_hash(ticket: str) -> str:
    """What is kept of an open challenge."""
    return hashlib.sha256(ticket.encode()).hexdigest()


def is_good(made: datetime, now: datetime) -> bool:
    """Younger than five minutes, and not from the future."""
    return made <= now < made + GOOD_FOR


def is_recent(signed_at: datetime | None, now: datetime) -> bool:
    """Signed in so short a while ago that nobody else can be at the keys."""
    return signed_at is not None and signed_at <= now < signed_at + RECENTLY


def creation_options(
    party: Party, challenge: bytes, account_id: str, name: str, known: Sequence[Known]
) -> str:
    """What a browser is asked to make, as JSON; in the phone it is called by the host alone."""
    options = generate_registration_options(
        rp_id=party.id,
        # security: the list of a phone's passkeys names no network against anything
        rp_name=party.id,
        user_id=account_id.encode(),
        user_name=name,
        challenge=challenge,
        timeout=int(GOOD_FOR.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(each) for each in known],
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json(options)


def request_options(party: Party, challenge: bytes) -> Any:
    """What a browser is asked to sign: with any passkey of this site, and its holder verified."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=int(GOOD_FOR.total_seconds() * 1000),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return msgspec.json.decode(options_to_json(options))


def read_made(answer: str, challenge: bytes, party: Party) -> Made | None:
    """The new credential of an answer, or None when anything in it is not as it was asked."""
    try:
        credential = parse_registration_credential_json(answer)
        _refuse_framed(credential.response.client_data_json)
        found = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    except Exception:
        # security: whatever a hostile answer breaks on its way through the parsers, it is refused
        return None
    return Made(
        credential_id=bytes_to_base64url(found.credential_id),
        public_key=bytes_to_base64url(found.credential_public_key),
        counter=found.sign_count,
        transports=[each.value for each in credential.response.transports or []],
    )


class Held(msgspec.Struct, frozen=True):
    """What is known of a passkey by which somebody wants to come in."""

    id: str
    account_id: str
    is_locked: bool
    public_key: str
    counter: int


def read_counter(answer: str, challenge: bytes, party: Party, held: Held) -> int | None:
    """The counter of a right answer; None for one that is not right.

    A counter that does not go forward speaks of a copied authenticator (WebAuthn §6.1.1); many
    passkeys always say 0.
    """
    try:
        credential = parse_authentication_credential_json(answer)
        _refuse_framed(credential.response.client_data_json)
        if credential.response.user_handle != held.account_id.encode():
            return None
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(held.public_key),
            credential_current_sign_count=held.counter,
            require_user_verification=True,
        )
    except Exception:
        # security: as above
        return None
    return found.new_sign_count


def credential_of(answer: str) -> str:
    """The id of the credential that an answer speaks of; empty when it speaks of none."""
    try:
        said = msgspec.json.decode(answer)
        return str(said["id"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return ""


def _refuse_framed(client_data: bytes) -> None:
    """A page of ours stands in no frame of another site."""
    if parse_client_data_json(client_data).cross_origin:
        raise ValueError


def _descriptor(known: Known) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(each) for each in known.transports]
    return PublicKeyCredentialDescriptor(
        id=base64url_to_bytes(known.credential_id), transports=transports
    )
