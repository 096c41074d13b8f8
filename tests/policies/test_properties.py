"""Reading what the engine sends: missing, unknown, secret and wrong values are told apart."""

from __future__ import annotations

from typing import Any

import pytest

from policies.properties import SECRET, SIGNATURE, UNKNOWN, UNKNOWNS, Malformed, Properties, Unknown
from tests.policies.scene import PLAINTEXT, secret


def _of(**raw: Any) -> Properties:
    return Properties(raw)


def test_what_is_missing_is_falsy() -> None:
    empty = _of()
    assert empty.flag("a") is None
    assert empty.number("a.b") is None
    assert (empty.text("a"), empty.scalar("a"), empty.each("a"), empty.texts("a")) == (
        "",
        "",
        [],
        [],
    )
    assert not empty.has("a")
    assert empty.under("a").names() == []
    assert empty.document("a").names() == []
    assert empty.shown("a") == "nothing"


@pytest.mark.parametrize("mark", sorted(UNKNOWNS))
def test_what_is_unknown_is_set_and_cannot_be_read(mark: str) -> None:
    one = _of(a={"b": mark}, c=mark)
    assert one.has("a.b")
    assert not one.knows("a.b")
    for read in (one.flag, one.text, one.number, one.scalar, one.under, one.each, one.texts):
        with pytest.raises(Unknown) as caught:
            read("a.b")
        assert caught.value.path == "a.b"
    # Below something unknown, everything is.
    with pytest.raises(Unknown):
        one.text("c.d")
    assert one.shown("c") == "[unknown before up]"


WRONG: list[tuple[str, Any]] = [
        ("flag", "yes"), ("flag", 1), ("text", 1), ("text", True), ("number", "x"),
        ("number", True), ("under", "x"), ("under", [1, 2]), ("each", ["x"]), ("each", "x"),
        ("texts", [{}]), ("texts", 1), ("scalar", {}), ("document", "{"), ("document", "[]"),
        ("count", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), WRONG)
def test_what_is_of_a_wrong_type_is_named(kind: str, value: Any) -> None:
    with pytest.raises(Malformed) as caught:
        getattr(_of(a=value), kind)("a")
    assert caught.value.path.startswith("a")


def test_texts_stand_for_numbers_and_flags_where_providers_take_them() -> None:
    one = _of(flag="true", number="7", size=7.0)
    assert one.flag("flag") is True
    assert one.number("number") == 7
    assert one.scalar("size") == "7"


def test_a_block_is_an_object_or_a_list_of_one() -> None:
    assert _of(a=[{"b": 1}]).under("a").number("b") == 1
    assert _of(a=[{"b": 1}]).number("a.b") == 1
    assert [one.number("b") for one in _of(a={"b": 1}).each("a")] == [1]
    assert _of(a=[]).under("a").names() == []


def test_a_secret_is_read_and_never_shown() -> None:
    one = _of(a=secret(PLAINTEXT), b={"c": secret(PLAINTEXT)}, d=[secret(PLAINTEXT)])
    assert one.text("a") == PLAINTEXT
    assert one.is_secret("a")
    assert not one.is_secret("b")
    assert one.texts("d") == [PLAINTEXT]
    for key in ("a", "b", "d"):
        assert PLAINTEXT not in one.shown(key)


def test_a_wrong_secret_is_not_shown_either() -> None:
    with pytest.raises(Malformed) as caught:
        _of(a=secret(PLAINTEXT)).flag("a")
    assert PLAINTEXT not in str(caught.value)


def test_a_sealed_secret_is_unknown_and_a_plain_one_is_read() -> None:
    with pytest.raises(Unknown):
        _of(a={SIGNATURE: SECRET, "ciphertext": "v1:x"}).text("a")
    assert _of(a={SIGNATURE: SECRET, "plaintext": '"x"'}).text("a") == "x"


def test_long_values_are_cut_in_messages() -> None:
    assert len(_of(a="x" * 500).shown("a")) < 130


def test_paths_lead_from_the_resource_down() -> None:
    (one,) = _of(rules=[{"ports": {"from": UNKNOWN}}]).each("rules")
    with pytest.raises(Unknown) as caught:
        one.number("ports.from")
    assert caught.value.path == "rules[0].ports.from"
