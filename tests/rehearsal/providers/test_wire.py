"""Property values on the wire."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rehearsal.providers.wire import (
    OUTPUT,
    RESOURCE,
    SECRET,
    SIGNATURE,
    UNKNOWN,
    from_struct,
    has_unknown,
    is_unknown,
    plain,
    to_struct,
)

_SCALARS = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=20)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(min_size=1, max_size=8), _VALUES, max_size=5))
def test_properties_survive_the_wire(props: dict[str, object]) -> None:
    """Whole numbers stay whole, nesting and nulls stay as they were."""
    assert from_struct(to_struct(props)) == props


def test_an_unknown_is_found_at_any_depth() -> None:
    assert has_unknown({"a": [{"b": UNKNOWN}]})
    assert not has_unknown({"a": [{"b": "known"}]})


def test_an_output_without_a_value_is_unknown() -> None:
    assert is_unknown({SIGNATURE: OUTPUT})
    assert not is_unknown({SIGNATURE: OUTPUT, "value": "x"})


def test_plain_values_lose_their_wrappings() -> None:
    secret = {SIGNATURE: SECRET, "value": {"password": "x"}}
    assert plain({"s": [secret]}) == {"s": [{"password": "x"}]}


def test_a_resource_becomes_its_id_and_without_one_an_unknown() -> None:
    assert plain({SIGNATURE: RESOURCE, "urn": "u", "id": "vpc-1"}) == "vpc-1"
    assert plain({SIGNATURE: RESOURCE, "urn": "u"}) == UNKNOWN
