"""The contract of a stack's outputs: what is missing or of another kind is named."""

from __future__ import annotations

import pytest

from infra.outputs import OutputsError, load


def test_every_missing_output_is_named_with_what_to_do() -> None:
    with pytest.raises(OutputsError) as refused:
        load({"environment": "production", "region": 3})
    message = str(refused.value)
    assert "network: Field required" in message
    assert "region: Input should be a valid string" in message
    assert "run `pulumi up`" in message
