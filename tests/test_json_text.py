"""What is written as JSON comes back as it was, also what orjson refuses."""

import json
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.json_text import from_json, to_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=8,
)
"""Whole numbers of any size, and texts with lone surrogates and NUL."""


@given(VALUES)
def test_it_comes_back_as_it_was(value: Any) -> None:
    text = to_json(value)
    assert from_json(text) == value
    assert json.loads(text) == value


@pytest.mark.parametrize("text", ["\0", "a\ud800b", "\udfff"])
def test_what_no_database_takes_as_text_is_escaped(text: str) -> None:
    written = to_json({"said": text})
    assert "\0" not in written
    assert written.encode("utf-8").decode("utf-8") == written


def test_a_mapping_of_any_kind_is_an_object() -> None:
    assert to_json([MappingProxyType({"a": MappingProxyType({})})]) == '[{"a":{}}]'


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_json({"value": value})


@pytest.mark.parametrize("text", ["", "{", "[1,]", '{"a":}', "\ufeff{}", b"\xff"])
def test_what_cannot_be_read_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(text)
