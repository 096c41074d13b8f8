"""Tokens and properties are those that the official package sends: a slip in one would
refuse a right program, or accept a wrong one."""

from __future__ import annotations

import importlib
import inspect
import re
from functools import cache
from types import ModuleType

import pytest

from rehearsal.providers.aws.registry import FUNCTIONS, RESOURCES
from rehearsal.providers.aws.resource import Resource

PROPERTY = re.compile(r'@pulumi\.getter(?:\(name="(\w+)"\))?\n    def (\w+)\(self\)')


@cache
def official(token: str) -> ModuleType:
    """The module of the official package that registers `token`."""
    _, path, name = token.split(":")
    package, _, member = path.partition("/")
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", member).lower()
    module = importlib.import_module(f"pulumi_aws.{package}.{snake}")
    assert hasattr(module, name), f"{module.__name__} has no {name}"
    return module


def properties(token: str) -> set[str]:
    """Names, as sent, of the type's arguments and outputs."""
    source = inspect.getsource(official(token))
    return {given or plain for given, plain in PROPERTY.findall(source)}


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.token)
def test_every_property_is_one_of_the_official_package(resource: Resource) -> None:
    assert resource.token in inspect.getsource(official(resource.token))
    assert not resource.inputs - properties(resource.token)
    used = {*resource.required, *resource.replaces, *resource.write_only, *resource.defaults}
    assert not used - resource.inputs


def test_no_type_is_there_twice() -> None:
    tokens = [resource.token for resource in RESOURCES]
    assert len(tokens) == len(set(tokens))


@pytest.mark.parametrize("token", sorted(FUNCTIONS))
def test_every_function_is_one_of_the_official_package(token: str) -> None:
    _, path, name = token.split(":")
    package = path.partition("/")[0]
    exported = importlib.import_module(
        "pulumi_aws" if package == "index" else f"pulumi_aws.{package}"
    )
    assert hasattr(exported, re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
