"""The cast around one practitioner."""

from tests.keepers import her, sign_in, stranger

__all__ = ["her", "sign_in", "stranger"]
