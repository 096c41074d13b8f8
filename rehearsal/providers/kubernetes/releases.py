"""Helm releases, as pulumi-kubernetes' `helm.sh/v3:Release` installs them.

Templates are not rendered: what a chart brings that others depend on (CRDs, service accounts,
webhooks) is known from the catalogue, its values are held to the chart's contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.charts import CHARTS, Chart
from catalog.charts.contracts import wrong_values
from catalog.charts.learnt import contract
from rehearsal.providers.kubernetes.claims import claims
from rehearsal.providers.kubernetes.objects import Key, Object, Objects
from rehearsal.providers.plugin import Changes, Failure, PluginError
from rehearsal.providers.wire import Props, as_object, has_unknown

TYPE = "kubernetes:helm.sh/v3:Release"
KIND = "HelmRelease"
API_VERSION = "helm.sh/v3"

INPUTS = frozenset(
    {"allowNullValues", "atomic", "chart", "cleanupOnFail", "compat", "createNamespace",
     "dependencyUpdate", "description", "devel", "disableCRDHooks", "disableOpenapiValidation",
     "disableWebhooks", "forceUpdate", "keyring", "lint", "manifest", "maxHistory", "name",
     "namespace", "postrender", "recreatePods", "renderSubchartNotes", "replace",
     "repositoryOpts", "resetValues", "resourceNames", "reuseValues", "skipAwait", "skipCrds",
     "timeout", "valueYamlFiles", "values", "verify", "version", "waitForJobs"}
)  # fmt: skip
"""Inputs of the type. Source: pulumi-kubernetes 4, schema."""

REPLACED_BY = ("name", "namespace")


class Releases:
    """The releases of the simulated clusters, kept among their objects."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def failures(self, inputs: Props) -> list[Failure]:
        """What is wrong with a release before it is tried."""
        unknown = [key for key in inputs if key not in INPUTS and not key.startswith("__")]
        found = [Failure(key, "a release has no such input") for key in unknown]
        if not inputs.get("chart"):
            found.append(Failure("chart", "a release needs a chart"))
        return found

    def diff(self, olds: Props, news: Props) -> Changes:
        """A release moves by being uninstalled; everything else is an upgrade."""
        keys = sorted(key for key in INPUTS if olds.get(key) != news.get(key))
        replaces = [key for key in keys if key in REPLACED_BY and not has_unknown(news.get(key))]
        return Changes(keys, replaces, delete_before_replace=bool(replaces))

    def install(self, cluster: str, version: str, inputs: Props) -> str:
        """Install; the ID. Raises PluginError as Helm or the API server refuses."""
        key = self._key(cluster, inputs)
        if self._objects.get(key) is not None:
            raise PluginError(f"cannot re-use a name that is still in use: {key.id}")
        self._put(key, version, inputs)
        return key.id

    def upgrade(self, cluster: str, version: str, inputs: Props) -> None:
        """Upgrade in place. Raises PluginError as Helm does."""
        key = self._key(cluster, inputs)
        if self._objects.get(key) is None:
            raise PluginError(f'"{key.name}" has no deployed releases')
        self._put(key, version, inputs)

    def uninstall(self, cluster: str, inputs: Props) -> None:
        """Uninstall; CRDs among the templates go, and with them every object of their kinds."""
        key = self._key(cluster, inputs)
        chart = CHARTS.get(key.name)
        self._objects.delete(key)
        if chart is None:
            return
        values = as_object(inputs.get("values"))
        for claim in claims(key.name, key.namespace, values, stay=False):
            self._objects.delete(_key_of(cluster, claim))
        for body in _brought(chart, key.namespace):
            if body["kind"] != "CustomResourceDefinition":
                self._objects.delete(_key_of(cluster, body))
            elif chart.crds == "templates":
                self._objects.delete_kind(cluster, body["spec"]["names"]["kind"])
                self._objects.delete(_key_of(cluster, body))

    @staticmethod
    def claims(inputs: Props) -> Iterator[Object]:
        """Claims that a release makes, and without whose volumes its pods do not start."""
        namespace = str(inputs.get("namespace") or "default")
        for stay in (True, False):
            values = as_object(inputs.get("values"))
            yield from claims(str(inputs["name"]), namespace, values, stay=stay)

    def find(self, cluster: str, inputs: Props) -> Object | None:
        """The release as it was installed."""
        return self._objects.get(self._key(cluster, inputs))

    def _put(self, key: Key, version: str, inputs: Props) -> None:
        chart = self._accepted(key, version, inputs)
        if not inputs.get("skipCrds"):
            for body in _brought(chart, key.namespace):
                self._objects.put(_key_of(key.cluster, body), body)
        for claim in self.claims(inputs):
            self._objects.put(_key_of(key.cluster, claim), claim)
        named = {"name": key.name, "namespace": key.namespace}
        body = {"kind": KIND, "apiVersion": API_VERSION, "metadata": named, **_plain(inputs)}
        self._objects.put(key, body)

    def _accepted(self, key: Key, version: str, inputs: Props) -> Chart:
        chart = CHARTS.get(key.name)
        wanted = str(inputs["chart"]).rpartition("/")[2]
        if chart is None or wanted != chart.chart_name:
            raise PluginError(
                f"release {key.name}: chart {inputs['chart']!r}: the catalogue pins no such chart "
                "for this release"
            )
        problems = [*_misfits(chart, version, inputs), *_missing(self._objects, key, inputs)]
        if problems:
            raise PluginError(f"release {key.id}: " + "; ".join(problems))
        return chart

    @staticmethod
    def _key(cluster: str, inputs: Props) -> Key:
        namespace = str(inputs.get("namespace") or "default")
        return Key(cluster, API_VERSION, KIND, namespace, str(inputs["name"]))


def _misfits(chart: Chart, version: str, inputs: Props) -> Iterator[str]:
    if inputs.get("version") != chart.version:
        yield f"version {inputs.get('version')!r}: no such version, expected {chart.version}"
    if version not in chart.kubernetes:
        yield f"chart {chart.version} supports Kubernetes {chart.kubernetes}, not {version}"
    yield from wrong_values(chart, as_object(inputs.get("values")))


def _missing(objects: Objects, key: Key, inputs: Props) -> Iterator[str]:
    """Charts leave monitors out without a word where their CRD is not there; we do not."""
    installed = {
        one["spec"]["names"]["kind"]
        for one in objects.of_kind(key.cluster, "CustomResourceDefinition")
    }
    wanted = {"servicemonitor": "ServiceMonitor", "podmonitor": "PodMonitor"}
    for kind in sorted({wanted[name] for name in _enabled(as_object(inputs.get("values")))}):
        if kind not in installed:
            yield f"asks for a {kind}, and its CustomResourceDefinition is not installed"


def _enabled(values: Mapping[str, Any]) -> Iterator[str]:
    """Monitors that the values switch on, however deep."""
    for key, value in values.items():
        below = as_object(value)
        name = key.lower()
        if name in ("servicemonitor", "podmonitor") and below.get("enabled") is True:
            yield name
        yield from _enabled(below)


def _brought(chart: Chart, namespace: str) -> Iterator[Object]:
    for one in contract(chart.name)["crds"]:
        if chart.crds != "none" and not chart.skip_crds:
            yield _definition(one)
    for name in chart.service_accounts:
        metadata = {"name": name, "namespace": namespace}
        yield {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}


def _definition(one: Mapping[str, Any]) -> Object:
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": one["name"]},
        "spec": {
            "group": one["group"],
            "scope": one["scope"],
            "names": {"kind": one["kind"], "plural": one["name"].partition(".")[0]},
            "versions": [{"name": version, "served": True} for version in one["versions"]],
        },
    }


def _key_of(cluster: str, body: Object) -> Key:
    metadata = body["metadata"]
    return Key(
        cluster, body["apiVersion"], body["kind"], metadata.get("namespace", ""), metadata["name"]
    )


def _plain(inputs: Props) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if not key.startswith("__")}
