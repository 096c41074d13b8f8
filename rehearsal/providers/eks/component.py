"""What the engine asks a component to be: its inputs, options and the monitor to use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pulumi.runtime.proto import provider_pb2

from rehearsal.providers.eks.monitor import Monitor, Options, Registered
from rehearsal.providers.eks.traced import Traced, traced_inputs
from rehearsal.providers.wire import RESOURCE, SIGNATURE, as_object, from_struct, is_object


@dataclass(frozen=True)
class Blueprint:
    """One component to construct."""

    type: str
    name: str
    inputs: Mapping[str, Traced]
    options: Options
    monitor: Monitor

    def __getitem__(self, key: str) -> Traced:
        """An input; absent ones have no value."""
        return self.inputs.get(key, Traced())

    def own(self) -> Registered:
        """Register the component itself."""
        return self.monitor.component(self.type, self.name, self.options)

    def under(self, parent: Registered, *, depends_on: tuple[str, ...] = ()) -> Options:
        """Options of children of `parent`."""
        return replace(
            self.options,
            parent=parent.urn,
            provider=self.options.providers.get("aws", ""),
            depends_on=depends_on,
            providers={},
        )


def blueprint(request: provider_pb2.ConstructRequest, monitor: Monitor) -> Blueprint:
    """The component that `request` describes."""
    dependencies = {key: frozenset(one.urns) for key, one in request.inputDependencies.items()}
    options = Options(
        parent=request.parent,
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        depends_on=tuple(request.dependencies),
        providers=dict(request.providers),
    )
    inputs = traced_inputs(from_struct(request.inputs), dependencies)
    return Blueprint(request.type, request.name, inputs, options, monitor)


def resource_outputs(monitor: Monitor, reference: Traced) -> dict[str, Any]:
    """The outputs of the resource that an input refers to; of core data, itself."""
    value = reference.value
    if is_object(value) and value.get(SIGNATURE) == RESOURCE:
        return monitor.outputs_of(value["urn"])
    return as_object(value)
