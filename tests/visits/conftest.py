"""The stage of requests, on which visits follow."""

from tests.requests.conftest import browser, clock, stage

__all__ = ["browser", "clock", "stage"]
