"""The `kubernetes` plugin: objects come and go in the cluster that the kubeconfig names."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from catalog.charts.crds import BUILT_IN
from rehearsal.providers.kubernetes.kubeconfig import target
from rehearsal.providers.kubernetes.objects import Key, Object, Objects
from rehearsal.providers.kubernetes.place import Described, NoReaction, Place, Reaction, stored_as
from rehearsal.providers.kubernetes.pods.account import Account, NoAccount
from rehearsal.providers.kubernetes.pods.judge import CLAIM, Judge
from rehearsal.providers.kubernetes.pods.pod import MAKERS
from rehearsal.providers.kubernetes.releases import KIND, TYPE, Releases
from rehearsal.providers.kubernetes.schemas import validate
from rehearsal.providers.kubernetes.storage import unserved
from rehearsal.providers.kubernetes.webhooks import require_webhook
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
from rehearsal.providers.wire import Props, as_object, has_unknown, is_unknown, plain

Describe = Callable[[str, str], Described]
"""The cluster of this name in this region; raises PluginError where none answers."""

Addons = Callable[[str, str], frozenset[str]]
"""Names of the EKS add-ons of the cluster with this name in this region."""

ADDON_GROUPS: Mapping[str, str] = {"snapshot.storage.k8s.io": "snapshot-controller"}
"""API groups whose definitions an EKS add-on brings."""


def no_addons(region: str, cluster: str) -> frozenset[str]:
    """A cluster without add-ons."""
    del region, cluster
    return frozenset()


SETTINGS = frozenset(
    {"kubeconfig", "context", "cluster", "enableServerSideApply", "enableConfigMapMutable",
     "enableSecretMutable", "deleteUnreachable", "skipUpdateUnreachable", "namespace", "version",
     "suppressDeprecationWarnings", "clusterIdentifier"}
)  # fmt: skip
BUILT_IN_NAMESPACES = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
CLUSTER_SCOPED = frozenset(
    {"Namespace", "StorageClass", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding",
     "PriorityClass", "PersistentVolume", "VolumeSnapshotClass", "IngressClass", "GatewayClass",
     "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "RuntimeClass", "CSIDriver",
     "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService", "Node"}
)  # fmt: skip
AWAITED = frozenset({CLAIM, "Pod", *MAKERS})
"""Kinds whose creation waits for what comes of them."""
IMMUTABLE: Mapping[str, frozenset[str]] = {
    "StorageClass": frozenset(
        {"provisioner", "parameters", "reclaimPolicy", "volumeBindingMode", "mountOptions"}
    ),
    "PriorityClass": frozenset({"value", "preemptionPolicy"}),
    "RuntimeClass": frozenset({"handler"}),
}
"""Fields that the API server does not let change, by kind."""


class KubernetesProvider(Plugin):
    """Simulated Kubernetes. `describe` asks the simulated EKS."""

    def __init__(
        self,
        objects: Objects,
        describe: Describe,
        addons: Addons = no_addons,
        reaction: Reaction | None = None,
        account: Account | None = None,
    ) -> None:
        self._judge = Judge(objects, account or NoAccount())
        self._reaction = reaction or NoReaction()
        self._addons = addons
        self._objects = objects
        self._releases = Releases(objects)
        self._describe = describe
        self._cluster: str | None = None
        self._region = ""
        self._unreachable_is_gone = False

    def check_config(self, args: Props) -> Sequence[Failure]:
        unknown = [key for key in args if key not in SETTINGS and not key.startswith("__")]
        return [
            Failure(key, "the simulated provider does not know this setting") for key in unknown
        ]

    def configure(self, args: Props) -> None:
        kubeconfig = plain(args.get("kubeconfig"))
        if not kubeconfig:
            raise PluginError("kubeconfig: the simulated provider needs one, never the user's own")
        if not is_unknown(kubeconfig):
            self._region, self._cluster = target(kubeconfig)
        self._unreachable_is_gone = str(args.get("deleteUnreachable")).lower() == "true"

    def check(self, subject: Subject, news: Props, olds: Props) -> Checked:
        if subject.type == TYPE:
            named = {**news, "name": news.get("name") or olds.get("name") or subject.name}
            return Checked(named, self._releases.failures(named))
        body = dict(news)
        metadata = dict(body.get("metadata") or {})
        if not metadata.get("name"):
            before = as_object(olds.get("metadata")).get("name")
            metadata["name"] = before or f"{subject.name}-{subject.seed.hex()[:8] or '00000000'}"
        if "namespace" not in metadata and not self._is_cluster_scoped(body):
            metadata["namespace"] = "default"
        body["metadata"] = metadata
        return Checked(body)

    def diff(self, subject: Subject, olds: Props, news: Props) -> Changes:
        if subject.type == TYPE:
            return self._releases.diff(olds, news)
        changed = [key for key in sorted({*olds, *news}) if _differs(olds.get(key), news.get(key))]
        fixed = IMMUTABLE.get(str(news.get("kind")), frozenset())
        replaces = [key for key in changed if key in fixed or key in ("kind", "apiVersion")]
        if "metadata" in changed and _identity(olds) != _identity(news):
            replaces.append("metadata")
        return Changes(changed, replaces, delete_before_replace=bool(replaces))

    def create(self, subject: Subject, props: Props) -> Found:
        if subject.type == TYPE:
            return self._install(props)
        body, key = self._accepted_new(props)
        self._objects.put(key, body)
        self._react(key, body)
        return self._settled(key, body)

    def read(self, subject: Subject, id_: str, inputs: Props) -> Found | None:
        cluster = self._stored_if_there() if self._cluster and inputs else None
        if cluster is None:
            return None
        if subject.type == TYPE:
            release = self._releases.find(cluster, inputs)
            return Found(id_, inputs, inputs) if release else None
        body = self._objects.get(_key(cluster, inputs))
        return None if body is None else Found(id_, body, body)

    def update(self, subject: Subject, id_: str, olds: Props, news: Props) -> Found:
        if subject.type == TYPE:
            cluster, version = self._reached(news)
            self._releases.upgrade(cluster, version, news)
            self._reaction.changed(self._place(cluster), {**news, "kind": KIND})
            return Found(id_, {**news, "status": _deployed(news)}, news)
        body, key = self._accepted(news, before=self._objects.get(_key(self._stored(), news)))
        self._objects.put(key, body)
        self._reaction.changed(self._place(key.cluster), body)
        return self._settled(key, body)

    def delete(self, subject: Subject, id_: str, props: Props) -> None:
        if self._unreachable_is_gone and self._stored_if_there() is None:
            return
        place = self._place(self._stored())
        if subject.type == TYPE:
            self._releases.uninstall(place.stored, props)
            self._reaction.changed(place, {**props, "kind": KIND})
            return
        key = _key(place.stored, props)
        body = self._objects.get(key) or dict(props)
        self._reaction.require_finalized(place, body)
        self._objects.delete(key)
        self._reaction.changed(place, body)

    def _react(self, key: Key, body: Object) -> None:
        """Waits, as the official provider does, and takes back what nothing comes of."""
        try:
            self._reaction.changed(self._place(key.cluster), body)
        except Exception:
            self._objects.delete(key)
            raise

    def _install(self, props: Props) -> Found:
        cluster, version = self._reached(props)
        id_ = self._releases.install(cluster, version, props)
        self._require_volumes(cluster, id_, props)
        self._reaction.changed(self._place(cluster), {**props, "kind": KIND})
        return Found(id_, {**props, "status": _deployed(props)}, props)

    def _require_volumes(self, cluster: str, id_: str, props: Props) -> None:
        """Helm waits for the pods of a release, and takes it back where they never start."""
        for claim in self._releases.claims(props):
            why = unserved(self._objects, cluster, self._own_addons, claim, has_pod=True)
            if why:
                self._releases.uninstall(cluster, props)
                what = f'persistentvolumeclaim "{claim["metadata"]["name"]}"'
                raise PluginError(f"release {id_}: context deadline exceeded: {what}: {why}")

    def _reached(self, inputs: Props) -> tuple[str, str]:
        """The cluster and its version, with the release's namespace in it."""
        cluster, version = self._seen()
        namespace = str(inputs.get("namespace") or "default")
        self._require_namespace(Key(cluster, "", "Release", namespace, str(inputs["name"])))
        return cluster, version

    def _place(self, stored: str) -> Place:
        return Place(region=self._region, name=self._named_cluster(), stored=stored)

    def _stored(self) -> str:
        """The cluster as its objects are kept: a new one of its name begins empty."""
        return self._seen()[0]

    def _seen(self) -> tuple[str, str]:
        """The same, and its version. This asks EKS; whoever needs it twice hands it on."""
        name = self._named_cluster()
        described = self._describe(self._region, name)
        return stored_as(name, described.incarnation), described.version

    def _stored_if_there(self) -> str | None:
        """None for a cluster that does not answer."""
        try:
            return self._stored()
        except PluginError:
            return None

    def _named_cluster(self) -> str:
        if self._cluster is None:
            raise PluginError("kubeconfig: names no cluster yet; was the cluster created?")
        return self._cluster

    def _settled(self, key: Key, body: Object) -> Found:
        """The object once what it stands for runs. Raises HalfMade where that never comes: the
        object stays, as the official provider leaves it."""
        found = Found(key.id, body, body)
        if body["kind"] in AWAITED:
            stored, version = self._seen()
            place = self._place(stored)
            stuck = self._judge.stuck(
                place, key, version, body, self._own_addons, self._accepted_new
            )
            if stuck:
                raise HalfMade(
                    found, f"{body['kind']} {key.id}: timed out waiting to be ready: {stuck}"
                )
        return found

    def _own_addons(self) -> frozenset[str]:
        return self._addons(self._region, self._named_cluster())

    def _accepted_new(self, props: Props) -> tuple[Object, Key]:
        """As `_accepted`, for an object that is not there yet."""
        body, key = self._accepted(props)
        if self._objects.get(key) is not None:
            raise PluginError(f'{body["kind"].lower()} "{key.name}" already exists')
        return body, key

    def _accepted(self, props: Props, before: Object | None = None) -> tuple[Object, Key]:
        """The object as the API server would take it, at an update in place of `before`.
        Raises PluginError as it refuses."""
        body: Object = {k: v for k, v in props.items() if not k.startswith("__") and v is not None}
        stored, version = self._seen()
        key = _key(stored, body)
        validate(body, version, self._definitions(key))
        require_webhook(self._objects, key.cluster, body)
        self._require_namespace(key)
        self._judge.require_admitted(key, version, body, before)
        return body, key

    def _definitions(self, key: Key) -> list[Object]:
        """The definitions of the object's group, those of EKS's own add-ons among them."""
        group = key.api_version.rpartition("/")[0]
        if group in BUILT_IN:
            return []
        found = self._objects.definitions(key.cluster, group)
        addon = ADDON_GROUPS.get(group)
        if addon and addon in self._own_addons():
            found.append(_of_an_addon(key))
        return found

    def _require_namespace(self, key: Key) -> None:
        if not key.namespace or key.namespace in BUILT_IN_NAMESPACES:
            return
        if self._objects.get(Key(key.cluster, "v1", "Namespace", "", key.namespace)) is None:
            raise PluginError(
                f'namespaces "{key.namespace}" not found: create it before {key.name}'
            )

    def _is_cluster_scoped(self, body: Mapping[str, Any]) -> bool:
        if body.get("kind") in CLUSTER_SCOPED:
            return True
        group = str(body.get("apiVersion")).rpartition("/")[0]
        if self._cluster is None or group in BUILT_IN:
            return False
        cluster = self._stored_if_there()
        return cluster is not None and any(
            one["spec"]["names"]["kind"] == body.get("kind") and one["spec"]["scope"] == "Cluster"
            for one in self._objects.definitions(cluster, group)
        )


def _key(cluster: str, body: Mapping[str, Any]) -> Key:
    namespace, name = _identity(body)
    return Key(cluster, body["apiVersion"], body["kind"], namespace, name)


def _identity(body: Mapping[str, Any]) -> tuple[str, str]:
    metadata = as_object(body.get("metadata"))
    return str(metadata.get("namespace") or ""), str(metadata.get("name") or "")


def _differs(one: Any, other: Any) -> bool:
    return has_unknown(other) or json.dumps(one, sort_keys=True) != json.dumps(
        other, sort_keys=True
    )


def _of_an_addon(key: Key) -> Object:
    group, _, version = key.api_version.rpartition("/")
    return {
        "spec": {
            "group": group,
            "names": {"kind": key.kind},
            "scope": "Cluster" if not key.namespace else "Namespaced",
            "versions": [{"name": version, "served": True}],
        }
    }


def _deployed(inputs: Props) -> dict[str, object]:
    """A release's status, as the official provider tells it."""
    return {
        "chart": str(inputs["chart"]).rpartition("/")[2],
        "name": inputs["name"],
        "namespace": inputs.get("namespace") or "default",
        "status": "deployed",
        "version": inputs.get("version"),
    }
