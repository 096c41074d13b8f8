"""Secrets are taken out of what is said, also by a rule that reads raw properties."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.concealment import SHORTEST, concealed, secrets_of
from tests.policies.scene import PLAINTEXT, Described, secret, settings_of


def _secrets(**properties: Any) -> set[str]:
    one = Described(type="aws:ssm/parameter:Parameter", name="one", properties=properties)
    return set(secrets_of(one.subject(settings_of("primary"))))


def _without_secrets(text: str, **properties: Any) -> str:
    return concealed(text, _secrets(**properties))


@pytest.mark.parametrize(
    "value",
    [
        secret(PLAINTEXT), [secret(PLAINTEXT)], {"b": secret(PLAINTEXT)}, secret([PLAINTEXT]),
        secret({"b": {"c": PLAINTEXT}}), secret([["x", PLAINTEXT]]),
    ],
)  # fmt: skip
def test_a_text_in_a_secret_is_one_wherever_it_stands(value: Any) -> None:
    assert _secrets(a=value, open="public") == {PLAINTEXT}


def test_what_lies_beside_a_secret_is_none() -> None:
    assert _secrets(a=[secret(PLAINTEXT), "beside"], b={"c": secret(PLAINTEXT), "d": "beside"}) == {
        PLAINTEXT
    }
    assert _without_secrets("public", a="public", b=["public"], c='{"d": "public"}') == "public"


@pytest.mark.parametrize("document", [{"password": PLAINTEXT}, [PLAINTEXT], PLAINTEXT])
def test_the_parts_of_a_secret_document_are_secrets(document: Any) -> None:
    told = _without_secrets(f"is {PLAINTEXT} now", a=secret(json.dumps(document)))
    assert told == "is [secret] now"


def test_a_secret_is_taken_out_as_json_has_it_too() -> None:
    odd = 'pä"ss\nword'
    assert _without_secrets(json.dumps({"a": odd}), a=secret(odd)) == '{"a": "[secret]"}'


def test_the_longest_secret_is_taken_out_first() -> None:
    assert concealed("is abzzzz now", ["zzzz", "abzzzz"]) == "is [secret] now"


def test_a_text_that_is_part_of_any_word_is_left() -> None:
    short, long = "x" * (SHORTEST - 1), "x" * SHORTEST
    assert _secrets(a=secret(short)) == set()
    assert _secrets(a=secret(long)) == {long}
    assert _secrets(a=secret(12345), b=secret(True), c=secret(None)) == set()
