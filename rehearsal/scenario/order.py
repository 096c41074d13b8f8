"""Whether a stack's objects wait for what they cannot do without: the definition of their kind,
the webhook that admits them, the AWS identity of their pods, or their own where they are accounts
that people's pods take later, and what their pods name.

Judged on the dependencies that the engine recorded, not on what happened to come first: the
next run may be faster. A wait may be indirect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from catalog.charts import CHARTS
from catalog.charts.crds import BUILT_IN
from catalog.charts.learnt import contract
from rehearsal.providers.kubernetes.provider import ADDON_GROUPS
from rehearsal.providers.kubernetes.releases import TYPE as RELEASE
from rehearsal.providers.kubernetes.webhooks import SERVED_BY
from rehearsal.providers.wire import as_object
from rehearsal.scenario.named import Named
from rehearsal.scenario.verdict import Check
from rehearsal.timeline.engine import Resource, resources

NAME = "every object waits for its definition, webhook and identity, and for what its pods name"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
ADDON = "aws:eks/addon:Addon"
DEFINITION = "CustomResourceDefinition"
ACCOUNT = "ServiceAccount"


def in_order(state: Mapping[str, Any]) -> Check:
    """The check on an exported state; its detail names what does not wait for what."""
    known = resources(state)
    providers = _Providers(known)
    reached = _reached(known)
    wrong = [
        f"{one.name} does not wait for {needed.name}"
        for one in known
        for needed in providers.of(one)
        if needed.urn not in reached[one.urn]
    ]
    judged = sum(1 for one in known if any(True for _ in providers.of(one)))
    return Check(NAME, not wrong, "; ".join(wrong) or f"{judged} objects judged")


def _reached(known: Sequence[Resource]) -> dict[str, frozenset[str]]:
    """By URN, everything that a resource waits for. A state lists what is needed first."""
    found: dict[str, frozenset[str]] = {}
    for one in known:
        below = (found.get(urn, frozenset[str]()) for urn in one.needs())
        found[one.urn] = frozenset(one.needs()).union(*below)
    return found


class _Providers:
    """Who brings what an object needs, among the resources of a stack."""

    def __init__(self, known: Iterable[Resource]) -> None:
        self._definitions: dict[str, Resource] = {}
        self._releases: dict[str, Resource] = {}
        self._identities: dict[tuple[str, str], Resource] = {}
        self._taken: set[tuple[str, str]] = set()
        self._named = Named()
        for one in known:
            self._learn(one)
            self._taken.update(_accounts(one))
            self._named.learn(one)

    def of(self, one: Resource) -> Iterator[Resource]:
        """What `one` must wait for."""
        group = str(one.inputs.get("apiVersion") or "").rpartition("/")[0]
        if one.type.startswith("kubernetes:") and one.type != RELEASE and group not in BUILT_IN:
            yield from _there(self._definitions.get(group))
            yield from _there(self._releases.get(SERVED_BY.get(group, ("", ""))[0]))
        for account in (*_accounts(one), *self._for_others(one)):
            yield from _there(self._identities.get(account))
        yield from self._named.of(one)

    def _for_others(self, one: Resource) -> Iterator[tuple[str, str]]:
        """The account that `one` is, where no pods of the stack take it but people's will."""
        if one.type.startswith("kubernetes:") and one.inputs.get("kind") == ACCOUNT:
            metadata = as_object(one.inputs.get("metadata"))
            account = str(metadata.get("namespace") or "default"), str(metadata.get("name"))
            if account not in self._taken:
                yield account

    def _learn(self, one: Resource) -> None:
        inputs = one.inputs
        if one.type == ASSOCIATION:
            self._identities[(inputs["namespace"], inputs["serviceAccount"])] = one
        elif one.type == RELEASE:
            self._releases[inputs["name"]] = one
            self._definitions |= dict.fromkeys(_groups(inputs["name"]), one)
        elif one.type.startswith("kubernetes:") and inputs.get("kind") == DEFINITION:
            self._definitions[inputs["spec"]["group"]] = one
        elif one.type == ADDON:
            brought = [group for group, addon in ADDON_GROUPS.items() if _is(addon, inputs)]
            self._definitions |= dict.fromkeys(brought, one)


def _is(addon: str, inputs: Mapping[str, Any]) -> bool:
    return inputs.get("addonName") == addon


def _groups(release: str) -> Iterator[str]:
    """API groups whose definitions a release brings."""
    chart = CHARTS.get(release)
    if chart is not None and chart.crds != "none" and not chart.skip_crds:
        yield from sorted({one["group"] for one in contract(release)["crds"]})


def _accounts(one: Resource) -> Iterator[tuple[str, str]]:
    """Namespace and service account of the pods that a resource brings."""
    if one.type == RELEASE:
        chart = CHARTS.get(str(one.inputs.get("name")))
        for account in chart.service_accounts if chart else ():
            yield str(one.inputs.get("namespace") or "default"), account
        return
    spec = _pod_spec(as_object(one.inputs.get("spec")))
    if one.type.startswith("kubernetes:") and spec:
        namespace = as_object(one.inputs.get("metadata")).get("namespace") or "default"
        yield str(namespace), str(spec.get("serviceAccountName") or "default")


def _pod_spec(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of a workload: a cron job has its template one level deeper."""
    inner = as_object(as_object(spec.get("jobTemplate")).get("spec")) or spec
    return as_object(as_object(inner.get("template")).get("spec"))


def _there(found: Resource | None) -> Iterator[Resource]:
    if found is not None:
        yield found
