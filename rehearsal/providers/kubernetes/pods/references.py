"""What pods refer to in their namespace: secrets, configuration, claims, each there or not.

A secret is also there when external-secrets can make it: its ExternalSecret, the store and a
value in the AWS account; and when a certificate names it. A chart's own are not known here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rehearsal.providers.kubernetes.objects import Key, Object, Objects
from rehearsal.providers.kubernetes.pods.account import Account
from rehearsal.providers.kubernetes.releases import KIND as RELEASE
from rehearsal.providers.wire import Props, as_list, as_object

ROOT_CERTIFICATE = "kube-root-ca.crt"
"""A ConfigMap that the controller manager puts into every namespace."""
EXTERNAL_SECRETS = "external-secrets"


@dataclass(frozen=True)
class References:
    """The namespace of a pod, as the kubelet finds it."""

    objects: Objects
    cluster: str
    namespace: str
    region: str
    account: Account

    def problem(self, kind: str, name: str, key: str | None) -> str | None:
        """What is wrong with a Secret or ConfigMap, or with one key of it."""
        keys, why = self._secret(name) if kind == "Secret" else (self._config(name), "")
        what = kind.lower()
        if keys is None:
            return f'{what} "{name}" not found{why}'
        if key is not None and "*" not in keys and key not in keys:
            return f"couldn't find key {key} in {kind} {self.namespace}/{name}"
        return None

    def claim(self, name: str) -> Object | None:
        """The claim of this name."""
        return self._get("PersistentVolumeClaim", name)

    def _get(self, kind: str, name: str) -> Object | None:
        return self.objects.get(Key(self.cluster, "v1", kind, self.namespace, name))

    def _of(self, kind: str) -> Iterator[Object]:
        for one in self.objects.of_kind(self.cluster, kind):
            if one["metadata"].get("namespace") == self.namespace:
                yield one

    def _config(self, name: str) -> set[str] | None:
        found = self._get("ConfigMap", name)
        if found is None:
            return {"*"} if name == ROOT_CERTIFICATE else None
        return {*as_object(found.get("data")), *as_object(found.get("binaryData"))}

    def _secret(self, name: str) -> tuple[set[str] | None, str]:
        """Keys of the secret, or None and why."""
        found = self._get("Secret", name)
        if found is not None:
            return {*as_object(found.get("data")), *as_object(found.get("stringData"))}, ""
        for one in self._of("ExternalSecret"):
            if target(one) == name:
                why = self._unsynced(one)
                return (None, f": ExternalSecret {name}: {why}") if why else (_keys(one), "")
        if any(one["spec"].get("secretName") == name for one in self._of("Certificate")):
            return {"tls.crt", "tls.key", "ca.crt"}, ""
        return None, ""

    def _unsynced(self, external: Object) -> str | None:
        """Why external-secrets cannot make the secret; None where it can."""
        releases = self.objects.of_kind(self.cluster, RELEASE)
        if all(one["name"] != EXTERNAL_SECRETS for one in releases):
            return f"no release {EXTERNAL_SECRETS} syncs it"
        reference = external["spec"]["secretStoreRef"]
        kind = str(reference.get("kind") or "SecretStore")
        stores = {
            one["metadata"]["name"]: one
            for one in self.objects.of_kind(self.cluster, kind)
            if one["metadata"].get("namespace") in (None, "", self.namespace)
        }
        store = stores.get(reference["name"])
        if store is None:
            return f'could not get {kind} "{reference["name"]}"'
        aws = as_object(as_object(store["spec"]["provider"]).get("aws"))
        region = str(aws.get("region") or self.region)
        problems = (self._unread(region, one) for one in remote(external))
        return next((problem for problem in problems if problem), None)

    def _unread(self, region: str, remote: Props) -> str | None:
        value = self.account.secret(region, str(remote["key"]))
        if value is None:
            return f"{remote['key']} in {region}: no such secret, or one without a value"
        wanted = remote.get("property")
        if wanted and wanted not in _properties(value):
            return f"key {wanted} does not exist in secret {remote['key']}"
        return None


def target(external: Object) -> str:
    """Name of the secret that an ExternalSecret makes."""
    named = as_object(external["spec"].get("target")).get("name")
    return str(named or external["metadata"]["name"])


def remote(external: Object) -> Iterator[Props]:
    """What an ExternalSecret brings: `key`, and `property` where it is one of a JSON object."""
    for one in as_list(external["spec"].get("data")):
        yield as_object(one["remoteRef"])
    for one in as_list(external["spec"].get("dataFrom")):
        if "extract" in one:
            yield as_object(one["extract"])


def _properties(value: str) -> dict[str, Any]:
    try:
        return as_object(json.loads(value))
    except json.JSONDecodeError:
        return {}


def _keys(external: Object) -> set[str]:
    spec = external["spec"]
    template = as_object(as_object(spec.get("target")).get("template"))
    keys = {str(one["secretKey"]) for one in as_list(spec.get("data"))}
    if spec.get("dataFrom"):
        keys.add("*")
    return keys | set(as_object(template.get("data")))
