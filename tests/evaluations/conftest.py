"""The same people as keep events."""

from tests.organising.conftest import network

__all__ = ["network"]
