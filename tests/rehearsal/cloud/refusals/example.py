"""How an example of a refusal is written: a function of the account and of `refused`, which
makes the call that AWS refuses. What it calls besides must succeed, and at least one call of
the rule's operations must: the refusal has a passing neighbour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.cloud.account import Account

Example = Callable[[Account, "Refused"], None]


class Refused:
    """Makes calls that must be refused with one code."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.count = 0

    def __call__(self, call: Callable[..., Any], *arguments: Any, **parameters: Any) -> None:
        with pytest.raises(ClientError) as refusal:
            call(*arguments, **parameters)
        said = cast("Any", refusal.value.response)["Error"]
        assert said["Code"] == self.code, str(refusal.value)
        self.count += 1


class Examples(dict[str, Example]):
    """Examples by the name of their rule."""

    def of(self, rule: str) -> Callable[[Example], Example]:
        """Decorator: the example of a rule."""

        def remember(example: Example) -> Example:
            assert rule not in self, f"two examples of {rule!r}"
            self[rule] = example
            return example

        return remember
