"""The `aws` plugin: looks up a resource's type and lets it act in the resource's region."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from rehearsal.calling import on_behalf
from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.aws.lookup import means_gone
from rehearsal.providers.aws.resource import Aws, Created, Function, Resource
from rehearsal.providers.aws.shapes import UnmappedProperty, same
from rehearsal.providers.plugin import (
    Changes,
    Checked,
    Failure,
    Found,
    HalfMade,
    Plugin,
    PluginError,
    Subject,
)
from rehearsal.providers.wire import (
    Props,
    Value,
    as_object,
    has_unknown,
    is_list,
    is_object,
    plain,
)

PROVIDER_SETTINGS = frozenset(
    {
        "region",
        "allowedAccountIds",
        "defaultTags",
        "version",
        # The SDK always sends these; they decide how the official provider starts up.
        "skipCredentialsValidation",
        "skipRegionValidation",
    }
)
_UNIVERSAL = frozenset({"region"})
"""Inputs that every type takes: since pulumi-aws 7 a resource may name its own region."""
_DEFAULTS = "__defaults"
"""Names the inputs that check filled in; the official provider marks them alike."""


class AwsProvider(Plugin):
    """The simulated AWS. A type that it does not know is an error, never an echo."""

    def __init__(
        self,
        resources: Iterable[Resource],
        functions: Mapping[str, Function] | None = None,
        connect: Callable[[str], Clients] = Clients,
    ) -> None:
        """`connect`: the clients of an account, given the provider's region."""
        self._resources = {resource.token: resource for resource in resources}
        self._functions = functions or {}
        self._connect = connect
        self._clients = connect("us-east-1")
        self._region = ""
        self._account = ""
        self._default_tags: Mapping[str, str] = {}

    def check_config(self, args: Props) -> Sequence[Failure]:
        """Only settings that mean something here; the engine's own `__` keys aside."""
        unknown = [key for key in args if key not in PROVIDER_SETTINGS and key[:2] != "__"]
        return [
            Failure(key, "the simulated provider does not know this setting") for key in unknown
        ]

    def configure(self, args: Props) -> None:
        region = plain(args.get("region"))
        if not region:
            raise PluginError("region: the provider needs one, for example us-east-1")
        self._region = str(region)
        self._clients = self._connect(self._region)
        with _Told(Subject("the aws provider", ""), "configuring"):
            self._account = self._clients.get("sts").get_caller_identity()["Account"]
        self._default_tags = (_nested(args, "defaultTags")).get("tags") or {}
        allowed = _sequence(args, "allowedAccountIds")
        if allowed and self._account not in allowed:
            raise PluginError(
                f"allowedAccountIds: the credentials are for account {self._account}, "
                f"expected one of {', '.join(allowed)}: use the credentials of that account"
            )

    def check(self, subject: Subject, news: Props, olds: Props) -> Checked:
        resource = self._resource(subject)
        inputs = {**resource.defaults, **news}
        filled_in = [key for key in resource.defaults if key not in news]
        if resource.autoname and not inputs.get(resource.autoname):
            inputs[resource.autoname] = olds.get(resource.autoname) or _generated(subject)
            filled_in.append(resource.autoname)
        inputs[_DEFAULTS] = sorted(filled_in)
        known = resource.inputs | _UNIVERSAL | {_DEFAULTS}
        failures = [
            Failure(key, f"the simulated {subject.type} does not honour this property")
            for key in inputs
            if key not in known
        ]
        failures += [
            Failure(key, f"{subject.type} needs this property")
            for key in resource.required - inputs.keys()
        ]
        return Checked(inputs, failures)

    def diff(self, subject: Subject, olds: Props, news: Props) -> Changes:
        resource = self._resource(subject)
        changed = [
            key
            for key in sorted({*olds, *news} - {_DEFAULTS} - resource.write_only)
            if has_unknown(news.get(key)) or not same(olds.get(key), news.get(key))
        ]
        fixed = resource.forces(olds, news) | _UNIVERSAL
        replaces = [key for key in changed if key in fixed]
        return Changes(
            changed, replaces, resource.delete_before_replace or _collides(resource, olds, news)
        )

    def create(self, subject: Subject, props: Props) -> Found:
        resource, aws = self._resource(subject), self._aws(props)
        with _Told(subject, "creating"):
            made = resource.create(aws, _own(props))
        made = made if isinstance(made, Created) else Created(made, {})
        try:
            with _Told(subject, "settling"):
                resource.configure(aws, made.id, _own(props))
                return self._found(resource, aws, made, props)
        except PluginError as error:
            half = Found(made.id, {**props, **made.told_once}, props)
            raise HalfMade(half, str(error)) from error

    def read(self, subject: Subject, id_: str, inputs: Props) -> Found | None:
        resource, aws = self._resource(subject), self._aws(inputs)
        if missing := sorted(resource.known_by - inputs.keys()):
            raise PluginError(
                f"{subject.type} {id_}: AWS knows no such ID, and it cannot be found without "
                f"its {', '.join(missing)}: declare it instead of importing it"
            )
        with _Told(subject, "reading"):
            now = resource.read(aws, id_, _own(inputs))
        if now is None:
            return None
        honoured = inputs.keys() | resource.known_by_state if inputs else resource.inputs
        found = {
            key: _given_parts(value, inputs.get(key), resource.computed_parts.get(key))
            for key, value in now.items()
            if key in honoured
        }
        shown = {**now, **_told_before(resource, subject)}
        return Found(id_, self._outputs(resource, aws, inputs, shown), {**inputs, **found})

    def update(self, subject: Subject, id_: str, olds: Props, news: Props) -> Found:
        resource, aws = self._resource(subject), self._aws(news)
        with _Told(subject, "updating"):
            resource.update(aws, id_, _own(olds), _own(news))
            return self._found(resource, aws, Created(id_, _told_before(resource, subject)), news)

    def delete(self, subject: Subject, id_: str, props: Props) -> None:
        resource = self._resource(subject)
        with _Told(subject, "deleting"):
            try:
                resource.delete(self._aws(props), id_, props)
            except ClientError as error:
                if not means_gone(error):
                    raise

    def invoke(self, token: str, args: Props) -> Props:
        function = self._functions.get(token)
        if function is None:
            return super().invoke(token, args)
        with _Told(Subject(token, ""), "calling"):
            return function(self._aws(args), args)

    def _resource(self, subject: Subject) -> Resource:
        found = self._resources.get(subject.type)
        if found is None:
            raise PluginError(
                f"{subject.type}: the simulated cloud does not know this resource type; "
                f"add it under rehearsal/providers/aws, or use one of the "
                f"{len(self._resources)} types that it knows"
            )
        return found

    def _aws(self, props: Props) -> Aws:
        region = str(plain(props.get("region")) or self._region)
        return Aws(self._clients, region, self._account, self._default_tags)

    def _found(self, resource: Resource, aws: Aws, made: Created, props: Props) -> Found:
        now = resource.read(aws, made.id, _own(props))
        if now is None:
            raise PluginError(f"{resource.token} {made.id}: gone right after it was made")
        shown = {**now, **made.told_once}
        return Found(made.id, self._outputs(resource, aws, props, shown), props)

    def _outputs(self, resource: Resource, aws: Aws, props: Props, now: Props) -> Props:
        shown = {**props, **now, "region": aws.region}
        if "tags" in resource.inputs:
            shown["tagsAll"] = {**aws.default_tags, **as_object(shown.get("tags"))}
        hidden = resource.write_only | {_DEFAULTS}
        return {key: value for key, value in shown.items() if key not in hidden}


def _own(props: Props) -> Props:
    """The type's own properties: without the region, which `Aws` tells, and without the note
    on which of them were generated."""
    return {key: value for key, value in props.items() if key not in {*_UNIVERSAL, _DEFAULTS}}


class _Told:
    """Says which resource and verb an AWS error belongs to."""

    def __init__(self, subject: Subject, verb: str) -> None:
        self._at = f"{verb} {subject.type} ({subject.name})" if subject.name else subject.type
        self._calls = on_behalf(self._at)

    def __enter__(self) -> None:
        self._calls.__enter__()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._calls.__exit__(None, None, None)
        if isinstance(error, (ClientError, ParamValidationError, BotoCoreError, UnmappedProperty)):
            raise PluginError(f"{self._at}: {error}") from error
        if isinstance(error, Exception) and not isinstance(error, PluginError):
            where = traceback.extract_tb(error.__traceback__)[-1]
            told = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
            raise PluginError(f"{self._at}: the simulated provider failed: {told}") from error


def _generated(subject: Subject) -> str:
    """The logical name and seven hexadecimal digits, as the official provider names."""
    return f"{subject.name}-{subject.seed.hex()[:7] or '0000000'}"


def _collides(resource: Resource, olds: Props, news: Props) -> bool:
    """Whether a replacement would take the same name as what it replaces. A generated name
    would not: the engine has it generated anew for the replacement."""
    name = resource.autoname
    if name is None or name in (news.get(_DEFAULTS) or ()):
        return False
    return same(olds.get(name), news.get(name))


def _given_parts(now: Value, given: Value, computed: frozenset[str] | None) -> Value:
    """`now` without the parts that AWS computed and nobody gave."""
    if not computed:
        return now
    if is_list(now):
        before: list[Value] = [None] * len(now)
        if is_list(given) and len(given) == len(now):
            before = given
        return [_given_parts(n, g, computed) for n, g in zip(now, before, strict=True)]
    if not is_object(now):
        return now
    kept = as_object(given)
    return {key: part for key, part in now.items() if key not in computed or key in kept}


def _told_before(resource: Resource, subject: Subject) -> Props:
    return {key: subject.outputs[key] for key in resource.told_once if key in subject.outputs}


def _setting(args: Props, key: str) -> Any:
    """A provider setting; the engine hands over objects and lists as JSON text."""
    value = plain(args.get(key))
    return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value


def _nested(args: Props, key: str) -> Props:
    return as_object(_setting(args, key))


def _sequence(args: Props, key: str) -> list[str]:
    value = _setting(args, key)
    return [str(part) for part in value] if is_list(value) else []
