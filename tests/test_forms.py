"""Submitted text becomes values, or a message for every field that is wrong."""

from contextlib import suppress
from datetime import date
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Invalid
from portal.forms import read_form


class Form(msgspec.Struct, frozen=True):
    name: Annotated[str, msgspec.Meta(max_length=10)]
    when: date | None = None
    many: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1
    kind: Literal["a", "b"] | None = None
    yes: bool = False


def test_values_are_typed() -> None:
    sent = {"name": " Aý ", "when": "2026-11-23", "many": "3", "kind": "b", "yes": "1"}
    assert read_form(Form, sent) == Form("Aý", date(2026, 11, 23), 3, "b", True)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        read_form(Form, {"when": "x", "many": "10", "kind": "c", "yes": "maybe", "what": "1"})
    assert set(caught.value.fields) == {"name", "when", "many", "kind", "yes", "what"}


@given(st.dictionaries(st.sampled_from([*Form.__struct_fields__, "other"]), st.text()))
def test_no_text_breaks_a_form(sent: dict[str, str]) -> None:
    with suppress(Invalid):
        assert isinstance(read_form(Form, sent), Form)


class Ticked(msgspec.Struct, frozen=True):
    name: Annotated[str, msgspec.Meta(max_length=3)] | None = None
    codes: list[str] = []


def test_ticked_boxes_become_a_list_and_the_last_of_others_counts() -> None:
    sent = {"name": ["a", "b"], "codes": ["x", "", " y "], "csrf": ["z"]}
    assert read_form(Ticked, sent) == Ticked("b", ["x", "y"])
    assert read_form(Ticked, {"codes": "x"}) == Ticked(None, ["x"])
    assert read_form(Ticked, {"codes": [""]}) == Ticked()


def test_a_text_that_is_too_long_is_told_how_long_it_may_be() -> None:
    with pytest.raises(Invalid) as told:
        read_form(Ticked, {"name": "abcd"})
    assert told.value.fields["name"][0].values == {"most": 3}  # type: ignore[union-attr]


class Numbered(msgspec.Struct, frozen=True):
    name: str = ""
    version: int | None = None


@pytest.mark.parametrize("version", ["9" * 20, "-" + "9" * 20, "9" * 5000, str(2**63)])
def test_a_number_that_no_row_can_have_is_wrong(version: str) -> None:
    with pytest.raises(Invalid) as told:
        read_form(Numbered, {"version": version})
    assert set(told.value.fields) == {"version"}
    assert read_form(Numbered, {"version": str(2**63 - 1)}).version == 2**63 - 1


def test_signs_that_turn_a_line_round_are_taken_out() -> None:
    turned = "\u202eelpmaxe\u202c \u2066Tulip\u2069\u200f\x00 \u200e"
    assert read_form(Numbered, {"name": turned}).name == "elpmaxe Tulip"
    # some scripts join or part their letters by these
    assert read_form(Numbered, {"name": "ab\u200cc\u200dd"}).name == "ab\u200cc\u200dd"
    assert read_form(Numbered, {"name": "\u202e\u2066"}).name == ""
