"""A module with its mutants, of which one at a time is switched on, made by mutmut."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

import libcst
from mutmut.mutation.file_mutation import (
    MutatedFile,
    Mutation,
    combine_mutations_to_source,
    create_mutations,
)

MESSAGE = "Broken"
"""What a rule found: its first argument is judged, the others are words for people."""

CAST = "cast"
"""What says a type: its second argument is handed on, and nothing is done."""


def mutants_of(path: Path) -> MutatedFile:
    """The module's source with every mutant that counts."""
    code = path.read_text(encoding="utf-8")
    module, mutations, classes, functions = create_mutations(str(path), code)
    words = _Words()
    module.visit(words)
    counting = [one for one in mutations if not _in_words(one, words.found)]
    return combine_mutations_to_source(module, counting, classes, functions)


class _Words(libcst.CSTVisitor):
    """What stands in the arguments of a `Broken` that are for people, and in a `cast` for the
    type checker."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[libcst.CSTNode] = set()

    def visit_Call(self, node: libcst.Call) -> None:  # noqa: N802 - libcst names it
        """Collect all below those arguments."""
        if _is_call_of(MESSAGE, node):
            for argument in node.args[1:]:
                self.found |= _below(argument)
        if _is_call_of(CAST, node):
            self.found |= _below(node.args[0])


def _below(node: libcst.CSTNode) -> set[libcst.CSTNode]:
    return {node}.union(*(_below(child) for child in node.children))


def _in_words(one: Mutation, words: set[libcst.CSTNode]) -> bool:
    """Whether only a text for people changes: what a `Broken` shows, or a text with a space in
    it, which no property, type or ARN has."""
    node, mutated = one.original_node, one.mutated_node
    if isinstance(node, libcst.SimpleString) and " " in node.value:
        return True
    if isinstance(node, libcst.Call) and isinstance(mutated, libcst.Call) and node.args:
        judged = _judged(node)
        same = len(node.args) == len(mutated.args)
        if judged is not None and same and node.args[judged] is mutated.args[judged]:
            return True
    return node in words


def _judged(call: libcst.Call) -> int | None:
    """Place of the one argument that counts; None where all do."""
    if _is_call_of(MESSAGE, call):
        return 0
    return 1 if _is_call_of(CAST, call) else None


def _is_call_of(name: str, call: libcst.Call) -> bool:
    return isinstance(call.func, libcst.Name) and call.func.value == name


@dataclass
class Mutating(MetaPathFinder, Loader):
    """Imports the module `name` with its mutants."""

    name: str
    source: MutatedFile
    path: Path

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A spec for that module only."""
        if fullname != self.name:
            return None
        return spec_from_loader(fullname, self, origin=str(self.path))

    def exec_module(self, module: ModuleType) -> None:
        """Run the mutated source as if it stood in the file."""
        module.__file__ = str(self.path)
        exec(compile(self.source.code, str(self.path), "exec"), module.__dict__)


def installed(name: str, path: Path) -> MutatedFile:
    """Let the module be imported with its mutants from now on."""
    source = mutants_of(path)
    sys.meta_path.insert(0, Mutating(name, source, path))
    return source
