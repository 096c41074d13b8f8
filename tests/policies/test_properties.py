"""Reading what the engine sends: missing, unknown, secret and wrong values are told apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from policies.properties import (
    SECRET,
    SHOWN,
    SIGNATURE,
    UNKNOWN,
    UNKNOWNS,
    Malformed,
    Properties,
    Unknown,
    shown,
)
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
        assert caught.value.path == str(caught.value) == "a.b"
    # Below something unknown, everything is.
    with pytest.raises(Unknown):
        one.text("c.d")
    assert one.shown("c") == "[unknown before up]"


IN_LISTS: list[tuple[str, list[Any], str]] = [
    ("under", [UNKNOWN], "a"),
    ("texts", ["x", UNKNOWN], "a[1]"),
    ("each", [{}, UNKNOWN], "a[1]"),
]


@pytest.mark.parametrize(("kind", "value", "path"), IN_LISTS)
def test_what_is_unknown_in_a_list_is_named_where_it_stands(
    kind: str, value: Any, path: str
) -> None:
    with pytest.raises(Unknown) as caught:
        getattr(_of(a=value), kind)("a")
    assert caught.value.path == path


def test_nothing_lies_below_a_text_or_a_list_of_several() -> None:
    one = _of(a="x", b=[{"c": 1}, {"c": 2}])
    assert not one.has("a.b")
    assert not one.has("b.c")


def test_an_empty_text_is_an_empty_document() -> None:
    assert _of(a="").document("a").names() == []
    assert _of(a={"b": 1}).document("a").number("b") == 1


WRONG: list[tuple[str, Any, str]] = [
        ("flag", "yes", 'a: "yes", expected true or false'),
        ("flag", 1, "a: 1, expected true or false"),
        ("text", 1, "a: 1, expected a text"),
        ("text", True, "a: true, expected a text"),
        ("number", "x", 'a: "x", expected a number'),
        ("number", True, "a: true, expected a number"),
        ("number", {}, "a: {}, expected a number"),
        ("under", "x", 'a: "x", expected an object'),
        ("under", [{}, {}], "a: [{}, {}], expected an object"),
        ("each", ["x"], 'a[0]: "x", expected an object'),
        ("each", "x", 'a: "x", expected a list'),
        ("texts", [{}], "a: [{}], expected a list of texts"),
        ("texts", 1, "a: 1, expected a list"),
        ("scalar", {}, "a: {}, expected a text, a number or a boolean"),
        ("document", "{", 'a: "{", expected a JSON document'),
        ("document", "[]", 'a: "[]", expected a JSON object'),
        ("document", [], "a: [], expected a JSON object"),
        ("count", "x", 'a: "x", expected a list'),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "told"), WRONG)
def test_what_is_of_a_wrong_type_is_told_with_what_was_expected(
    kind: str, value: Any, told: str
) -> None:
    with pytest.raises(Malformed) as caught:
        getattr(_of(a=value), kind)("a")
    assert str(caught.value) == told


def test_texts_stand_for_numbers_and_flags_where_providers_take_them() -> None:
    one = _of(flag="true", number="7", size=7.0, share=0.5, on=True)
    assert one.flag("flag") is True
    assert one.number("number") == 7
    assert one.scalar("size") == "7"
    assert one.scalar("share") == "0.5"
    assert one.scalar("on") == "true"


def test_a_block_is_an_object_or_a_list_of_one() -> None:
    assert _of(a=[{"b": 1}]).under("a").number("b") == 1
    assert _of(a=[{"b": 1}]).number("a.b") == 1
    assert [one.number("b") for one in _of(a={"b": 1}).each("a")] == [1]
    assert _of(a=[]).under("a").names() == []


SECRETS: list[tuple[Any, str, Any]] = [
    (secret(PLAINTEXT), "a", "[secret]"),
    (secret({"b": PLAINTEXT}), "a.b", "[secret]"),
    ({"b": secret(PLAINTEXT)}, "a.b", "[secret]"),
    (secret([{"b": PLAINTEXT}]), "a.b", "[secret]"),
    ([secret({"b": PLAINTEXT})], "a.b", "[secret]"),
    ({"b": secret(PLAINTEXT), "c": 1}, "a", '{"b": "[secret]", "c": 1}'),
    ([secret(PLAINTEXT), 1], "a", '["[secret]", 1]'),
]


@pytest.mark.parametrize(("value", "key", "told"), SECRETS)
def test_a_secret_is_read_and_never_shown(value: Any, key: str, told: str) -> None:
    one = _of(a=value)
    assert one.shown(key) == told
    assert one.is_secret(key) == (told == "[secret]")
    assert one.knows(key)


def test_the_texts_of_a_secret_are_read() -> None:
    one = _of(a=secret(PLAINTEXT), b=[secret(PLAINTEXT)], c=[secret({"d": PLAINTEXT})])
    assert (one.text("a"), one.texts("b"), one.text("c.d")) == (PLAINTEXT, [PLAINTEXT], PLAINTEXT)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("under", secret({"b": PLAINTEXT})),
        ("under", secret([{"b": PLAINTEXT}])),
        ("under", [secret({"b": PLAINTEXT})]),
        ("under", secret([secret({"b": PLAINTEXT})])),
        ("document", secret('{"b": "hidden-4711"}')),
        ("document", secret({"b": PLAINTEXT})),
    ],
)
def test_what_is_taken_out_of_a_secret_is_one(kind: str, value: Any) -> None:
    found = getattr(_of(a=value), kind)("a")
    assert found.text("b") == PLAINTEXT
    assert found.shown("b") == "[secret]"
    assert found.under("x").shown("y") == "[secret]"


@pytest.mark.parametrize(
    "value", [secret({"b": PLAINTEXT}), secret([{"b": PLAINTEXT}]), [secret({"b": PLAINTEXT})]]
)
def test_each_that_is_taken_out_of_a_secret_is_one(value: Any) -> None:
    (found,) = _of(a=value).each("a")
    assert found.text("b") == PLAINTEXT
    assert found.shown("b") == "[secret]"


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("flag", secret(PLAINTEXT), "a: [secret], expected true or false"),
        ("each", [secret(PLAINTEXT)], "a[0]: [secret], expected an object"),
        ("each", secret([PLAINTEXT]), "a[0]: [secret], expected an object"),
        ("each", [[secret(PLAINTEXT)]], 'a[0]: ["[secret]"], expected an object'),
    ],
)
def test_a_wrong_secret_is_not_shown_either(kind: str, value: Any, told: str) -> None:
    with pytest.raises(Malformed) as caught:
        getattr(_of(a=value), kind)("a")
    assert str(caught.value) == told


def test_a_sealed_secret_is_unknown_and_a_plain_one_is_read() -> None:
    with pytest.raises(Unknown):
        _of(a={SIGNATURE: SECRET, "ciphertext": "v1:x"}).text("a")
    assert _of(a={SIGNATURE: SECRET, "plaintext": '"x"'}).text("a") == "x"


def test_long_values_are_cut_in_messages() -> None:
    # Its quotation marks count.
    assert shown("x" * (SHOWN - 2)) == f'"{"x" * (SHOWN - 2)}"'
    assert shown("x" * SHOWN) == f'"{"x" * (SHOWN - 1)}…'


def test_what_no_json_has_is_shown_as_text() -> None:
    assert shown({"until": date(2026, 11, 28)}) == '{"until": "2026-11-28"}'


def test_a_secret_is_not_shown_wherever_it_stands() -> None:
    assert shown(secret(PLAINTEXT)) == "[secret]"
    assert shown([{"a": secret(PLAINTEXT)}]) == '[{"a": "[secret]"}]'


def test_paths_lead_from_the_resource_down() -> None:
    (one,) = _of(rules=[{"ports": {"from": UNKNOWN}}]).each("rules")
    with pytest.raises(Unknown) as caught:
        one.number("ports.from")
    assert caught.value.path == "rules[0].ports.from"
