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
