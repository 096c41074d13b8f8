"""A stand-in for the engine that writes down what a program registers, for unit tests.

`record(build)` runs `build` to its end, every registration included, and only then returns a
`Recording`: so the absence of a resource can be asserted as safely as its presence.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

import pulumi
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime import mocks, rpc, stack
from pulumi.runtime.proto import resource_pb2

ACCOUNT = "123456789012"
REGION = "us-east-1"
PROJECT = "mlops-platform"
STACK = "production"
LIMIT_SECONDS = 120
"""An output that never resolves fails the test instead of hanging it. The first recording also
imports the SDK's modules, which takes long on a busy machine, and what a recording leaves
unfinished fails the next one."""

Result = TypeVar("Result")
Inputs = Mapping[str, Any]
"""Property names are the cloud's (camelCase), as in a state file."""
Answer = Callable[[Inputs], Inputs]
"""What the cloud adds to a resource's inputs, or answers to a function call."""

_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
_SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"


@dataclass(frozen=True, kw_only=True)
class Registered:
    """One registration: what the program asked of the engine."""

    type: str
    name: str
    urn: str
    parent: str
    """URN of the parent, the stack's for a resource at the top."""
    inputs: Inputs
    """In plain text, secrets included."""
    secrets: frozenset[str] = frozenset()
    """Names of the top-level inputs that hold a secret anywhere inside."""
    protect: bool = False
    retain: bool = False
    custom: bool = True
    remote: bool = False
    provider: str = ""
    import_id: str = ""
    """Physical identifier of what is adopted by an `import_` option."""
    read_id: str = ""
    """Physical identifier of what is only read (`Type.get`), or empty."""
    depends_on: frozenset[str] = frozenset()
    """URNs of everything it waits for, through inputs or options."""
    ignore_changes: tuple[str, ...] = ()
    delete_before_replace: bool = False
    additional_secret_outputs: tuple[str, ...] = ()
    transforms: tuple[Callable[..., Any], ...] = ()

    @property
    def tags(self) -> Mapping[str, str]:
        return self.inputs.get("tags", {})


@dataclass(frozen=True, kw_only=True)
class Call:
    """One function call (an invoke): `aws:eks/getAddonVersion:getAddonVersion`, …"""

    token: str
    arguments: Inputs


@dataclass
class Recording(Generic[Result]):
    """Everything a finished program registered, and what it built."""

    result: Result
    resources: list[Registered]
    calls: list[Call]
    outputs: dict[str, Inputs]
    """What components registered as outputs, by URN."""
    loop: asyncio.AbstractEventLoop = field(repr=False)
    context: contextvars.Context = field(repr=False)

    def all(self, type_: str) -> list[Registered]:
        """Every resource of the type, `aws:ec2/vpc:Vpc`, in order of registration."""
        return [resource for resource in self.resources if resource.type == type_]

    def one(self, type_: str, name: str | None = None) -> Registered:
        """The only resource of the type (and name); fails listing what there was instead."""
        found = [it for it in self.all(type_) if name is None or it.name == name]
        if len(found) != 1:
            raise AssertionError(self._not_one(type_, name, found))
        return found[0]

    def has(self, type_: str, name: str | None = None) -> bool:
        return any(name is None or it.name == name for it in self.all(type_))

    def named(self, name: str) -> Registered:
        """The only resource of that logical name, whatever its type."""
        found = [resource for resource in self.resources if resource.name == name]
        if len(found) != 1:
            raise AssertionError(self._not_one("anything", name, found))
        return found[0]

    def children(self, parent: Registered) -> list[Registered]:
        return [resource for resource in self.resources if resource.parent == parent.urn]

    def waits_for(self, later: Registered, earlier: Registered) -> bool:
        """Whether `later` is registered only once `earlier` exists, through any chain."""
        by_urn = {resource.urn: resource for resource in self.resources}
        seen, front = set[str](), [later.urn]
        while front:
            urn = front.pop()
            if urn in seen or urn not in by_urn:
                continue
            seen.add(urn)
            front.extend(by_urn[urn].depends_on)
        return earlier.urn in seen - {later.urn}

    def value(self, output: pulumi.Output[Any]) -> Any:
        """The value that an output of the component has in the end."""
        future: Awaitable[Any] = output.future()
        return self.context.run(self.loop.run_until_complete, future)

    def _not_one(self, type_: str, name: str | None, found: list[Registered]) -> str:
        present = "\n  ".join(sorted(f"{it.type} {it.name}" for it in self.resources))
        return f"expected one {type_} {name or ''}, found {len(found)}; there are:\n  {present}"


@dataclass
class Cloud(mocks.Mocks):
    """Gives each resource its identifier, its ARN and what `answers` add, by type."""

    answers: Mapping[str, Answer]
    calls: list[Call] = field(default_factory=list[Call])
    refused: list[str] = field(default_factory=list[str])
    """What would not work in an account. Raising where it happens would leave an output
    unresolved for ever, so that it is reported when the program has ended."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        identifier = args.resource_id or f"{args.name}-id"
        answer = self.answers.get(args.typ, lambda _: {})
        inputs = cast("dict[str, Any]", args.inputs)
        return identifier, {**_arn(args), **inputs, **answer(inputs)}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.token not in self.answers:
            self.refused.append(
                f"the program calls {args.token}, which would ask a real account; "
                "give its answer to record(answers=...) if that is meant"
            )
            return {}, []
        arguments = cast("dict[str, Any]", args.args)
        self.calls.append(Call(token=args.token, arguments=arguments))
        return dict(self.answers[args.token](arguments)), []


class Monitor(mocks.MockMonitor):
    """The engine's side of registrations, with options and parents written down.

    Method names are the protocol's.
    """

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self.cloud = cloud
        self.registered: list[Registered] = []
        self.outputs: dict[str, Inputs] = {}

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """As the engine does: the stack's own type is left out of its children's."""
        above = parent.split("::")[2] if parent else ""
        chain = "" if above in ("", "pulumi:pulumi:Stack") else above + "$"
        return f"urn:pulumi:{STACK}::{PROJECT}::{chain}{type_}::{name}"

    def GetDeploymentInfo(  # noqa: N802
        self, request: empty_pb2.Empty
    ) -> resource_pb2.DeploymentInfo:
        """A resource given as an input is written down as its identifier, as a reader expects."""
        references = resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES
        known = super().GetDeploymentInfo(request).supportedFeatures  # pyright: ignore[reportUnknownMemberType]
        return resource_pb2.DeploymentInfo(
            supportedFeatures=[feature for feature in known if feature != references]
        )

    def RegisterResource(  # noqa: N802
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        if request.type == "pulumi:pulumi:Stack":
            return super().RegisterResource(request)  # pyright: ignore[reportUnknownMemberType]
        urn = self.make_urn(request.parent, request.type, request.name)
        if any(resource.urn == urn for resource in self.registered):
            self.cloud.refused.append(f"duplicate resource URN {urn}")
        self.registered.append(_registered(urn, request))
        return super().RegisterResource(request)  # pyright: ignore[reportUnknownMemberType]

    def ReadResource(  # noqa: N802
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        read = Registered(
            type=request.type,
            name=request.name,
            urn=self.make_urn(request.parent, request.type, request.name),
            parent=request.parent,
            inputs=rpc.deserialize_properties(request.properties),
            provider=request.provider,
            read_id=request.id,
        )
        self.registered.append(read)
        return super().ReadResource(request)  # pyright: ignore[reportUnknownMemberType]

    def RegisterResourceOutputs(  # noqa: N802
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        self.outputs[request.urn] = rpc.deserialize_properties(request.outputs)
        return empty_pb2.Empty()


def record(
    build: Callable[[], Result], *, answers: Mapping[str, Answer] | None = None
) -> Recording[Result]:
    """Run a program against the stand-in and return when all its registrations have landed.

    `answers` adds computed outputs by resource type, and results by function token. Needs a
    current event loop (see `conftest.py`), which also keeps the outputs readable afterwards.
    """
    cloud = Cloud({**COMPUTED, **(answers or {})})
    monitor = Monitor(cloud)
    loop = asyncio.get_event_loop()
    context = contextvars.copy_context()
    result = context.run(_run, build, cloud, monitor, loop)
    if cloud.refused:
        raise AssertionError("\n".join(cloud.refused))
    return Recording(
        result=result,
        resources=monitor.registered,
        calls=cloud.calls,
        outputs=monitor.outputs,
        loop=loop,
        context=context,
    )


def _run(
    build: Callable[[], Result], cloud: Cloud, monitor: Monitor, loop: asyncio.AbstractEventLoop
) -> Result:
    mocks.set_mocks(cloud, project=PROJECT, stack=STACK, preview=False, monitor=monitor)
    built: list[Result] = []
    program = stack.run_pulumi_func(lambda: built.append(build()))
    with _engine_thread() as engine:
        loop.set_default_executor(engine)
        loop.run_until_complete(asyncio.wait_for(program, timeout=LIMIT_SECONDS))
    return built[0]


@contextmanager
def _engine_thread() -> Generator[ThreadPoolExecutor]:
    """One thread serves registrations, in their order, with an event loop that is closed."""
    with (
        closing(asyncio.new_event_loop()) as served,
        ThreadPoolExecutor(1, initializer=lambda: asyncio.set_event_loop(served)) as thread,
    ):
        yield thread


def _registered(urn: str, request: resource_pb2.RegisterResourceRequest) -> Registered:
    return Registered(
        type=request.type,
        name=request.name,
        urn=urn,
        parent=request.parent,
        inputs=_revealed(rpc.deserialize_properties(request.object)),
        secrets=frozenset(key for key, value in request.object.items() if _holds_secret(value)),
        protect=request.protect,
        retain=request.retainOnDelete,
        custom=request.custom,
        remote=request.remote,
        provider=request.provider,
        import_id=request.importId,
        depends_on=frozenset(request.dependencies),
        ignore_changes=tuple(request.ignoreChanges),
        delete_before_replace=request.deleteBeforeReplace,
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        transforms=_transforms(cast("Iterable[object]", request.transforms)),
    )


def _transforms(callbacks: Iterable[object]) -> tuple[Callable[..., Any], ...]:
    """The functions behind the callbacks of a request, which carries only their tokens.

    Where it carries none, none are looked up: pulumi lists a servicer before it can be asked.
    """
    asked = tuple(callbacks)
    if not asked:
        return ()
    resolve = cast("Callable[[Iterable[object]], list[Any]]", mocks._resolve_callbacks)  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType]
    return tuple(resolve(asked))


def _holds_secret(value: object) -> bool:
    if isinstance(value, struct_pb2.Struct):
        return _holds_secret(json_format.MessageToDict(value))
    if isinstance(value, struct_pb2.ListValue):
        return any(_holds_secret(part) for part in value)
    if isinstance(value, dict):
        parts = cast("dict[str, object]", value)
        marked = parts.get(_SIGNATURE_KEY) == _SECRET_SIGNATURE
        return marked or any(_holds_secret(part) for part in parts.values())
    if isinstance(value, list):
        return any(_holds_secret(part) for part in cast("list[object]", value))
    return False


def _revealed(value: Any) -> Any:
    """The value with its secrets in plain text, at any depth."""
    if isinstance(value, dict):
        parts = cast("dict[str, object]", value)
        if parts.get(_SIGNATURE_KEY) == _SECRET_SIGNATURE:
            return _revealed(parts["value"])
        return {key: _revealed(part) for key, part in parts.items()}
    if isinstance(value, list):
        return [_revealed(part) for part in cast("list[object]", value)]
    return value


def _arn(args: mocks.MockResourceArgs) -> dict[str, str]:
    if not args.typ.startswith("aws:"):
        return {}
    service = args.typ.split(":")[1].split("/")[0]
    return {"arn": f"arn:aws:{service}:{REGION}:{ACCOUNT}:{args.name}"}


COMPUTED: Mapping[str, Answer] = {
    "aws:ec2/vpc:Vpc": lambda inputs: {
        "cidrBlock": inputs.get("cidrBlock", "10.0.0.0/16"),
        "defaultSecurityGroupId": "sg-default",
        "defaultNetworkAclId": "acl-default",
        "defaultRouteTableId": "rtb-default",
    },
    "aws:kms/key:Key": lambda _: {"keyId": "mrk-1"},
    "aws:kms/replicaKey:ReplicaKey": lambda _: {"keyId": "mrk-1"},
    "aws:elasticache/replicationGroup:ReplicationGroup": lambda inputs: {
        "primaryEndpointAddress": f"master.{inputs['replicationGroupId']}.cache.amazonaws.com",
    },
    "aws:rds/instance:Instance": lambda inputs: {
        "address": f"{inputs['identifier']}.abcdefgh.{REGION}.rds.amazonaws.com",
        "endpoint": f"{inputs['identifier']}.abcdefgh.{REGION}.rds.amazonaws.com:5432",
        "port": 5432,
    },
    "random:index/randomPassword:RandomPassword": lambda inputs: {
        "result": "x" * int(inputs["length"]),
    },
    "aws:ecr/repository:Repository": lambda inputs: {
        "repositoryUrl": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{inputs['name']}",
        "registryId": ACCOUNT,
    },
}
"""What the cloud itself adds, where a component reads it."""
