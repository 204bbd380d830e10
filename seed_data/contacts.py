"""Invented ways to reach people: none of them can belong to anybody."""

# Prefixes that are not given out; the numbers are also too short to be dialled in either country
# (Turkmenistan has eight digits after the country code, Tajikistan nine).
PREFIXES = {"TM": "+993 00", "TJ": "+992 000"}


def phone(country: str, number: int) -> str:
    """A number of four digits behind a prefix that does not exist, so nobody can be rung up."""
    return f"{PREFIXES[country]} {number:04d}"


def email(mailbox: str) -> str:
    """An address under the domain reserved for examples (RFC 2606)."""
    return f"{mailbox}@example.org"
