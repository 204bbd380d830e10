"""An authenticator made of software: it makes keys and signs, as a phone or a security key would.

What it is told to do wrong it does wrong, so that the portal can be attacked with its answers.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
ES256, P256, EC2 = -7, 1, 2


@dataclass
class Authenticator:
    """One key for one site and one account."""

    origin: str
    rp_id: str = ""
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    step: int = 1
    algorithm: int = ES256
    cross_origin: bool = False
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user: bytes = b""

    def make(self, options: dict[str, Any], **client: object) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        self.user = base64url_to_bytes(options["user"]["id"])
        self.rp_id = self.rp_id or options["rp"]["id"]
        key_id = len(self.id).to_bytes(2, "big") + self.id
        data = self._data(HAS_KEY) + bytes(16) + key_id + self._public()
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._client("webauthn.create", options["challenge"], client)
        return self._answer(
            clientDataJSON=bytes_to_base64url(said),
            attestationObject=bytes_to_base64url(attested),
            transports=["internal", "made-up"],
        )

    def sign(self, options: dict[str, Any], **client: object) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        self.counter += self.step
        self.rp_id = self.rp_id or options["rpId"]
        said, data = self._client("webauthn.get", options["challenge"], client), self._data()
        signed = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=bytes_to_base64url(said),
            authenticatorData=bytes_to_base64url(data),
            signature=bytes_to_base64url(signed),
            userHandle=bytes_to_base64url(self.user),
        )

    def _data(self, more: int = 0) -> bytes:
        site = hashlib.sha256(self.rp_id.encode()).digest()
        return site + bytes([self.flags | more]) + self.counter.to_bytes(4, "big")

    def _public(self) -> bytes:
        point = self.key.public_key().public_numbers()
        x, y = (n.to_bytes(32, "big") for n in (point.x, point.y))
        return cbor2.dumps({1: EC2, 3: self.algorithm, -1: P256, -2: x, -3: y})

    def _client(self, kind: str, challenge: str, other: dict[str, object]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin}
        return json.dumps({**said, "crossOrigin": self.cross_origin, **other}).encode()

    def _answer(self, **response: object) -> dict[str, Any]:
        named = bytes_to_base64url(self.id)
        return {"id": named, "rawId": named, "type": "public-key", "response": response}
