"""Which AWS types take tags: a fact of the provider's SDK, written down for the policy pack.

`python -m upkeep.taggable_types` writes `policies/taggable.txt`. The pack itself imports no SDK.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path("policies/taggable.txt")


def taggable(sdk: Path) -> list[str]:
    """Type tokens of the resources that have `tags`."""
    return sorted({token for path in sdk.rglob("*.py") for token in _tokens(path)})


def _tokens(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if "@pulumi.type_token(" not in text or "def tags(self)" not in text:
        return
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and any(
            isinstance(base, ast.Attribute) and base.attr == "CustomResource" for base in node.bases
        ):
            yield from _token(node)


def _token(node: ast.ClassDef) -> Iterator[str]:
    has_tags = any(isinstance(one, ast.FunctionDef) and one.name == "tags" for one in node.body)
    for decorator in node.decorator_list:
        if has_tags and isinstance(decorator, ast.Call) and decorator.args:
            argument = decorator.args[0]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def main() -> int:
    """Exit status; 1 where the SDK is not installed."""
    found = importlib.util.find_spec("pulumi_aws")
    if found is None or found.origin is None:
        print("taggable_types: pulumi_aws is not installed; run `make setup`")
        return 1
    types = taggable(Path(found.origin).parent)
    TARGET.write_text("".join(f"{one}\n" for one in types), encoding="utf-8")
    print(f"{TARGET}: {len(types)} types")
    return 0


if __name__ == "__main__":
    sys.exit(main())
