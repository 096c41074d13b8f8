"""Which of a chart's images run, and where its values name them.

The places and their defaults are derived from the chart (`images` in its contract); here stands
what values do not tell: what is left out, what falls back on what, and which switch turns an
image on. A place that the chart has and this table lacks is an error, and so the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.images import KUBECTL


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place of an image in a chart's values."""

    at: str
    """Path in the values."""
    source: str = ""
    """Registry and repository, where the values leave them out."""
    tag: str = ""
    """Tag where the values leave it out; `{app}` is the chart's app version, and that of a
    sub-chart stands under its name."""
    when: str = ""
    """Path of the switch that turns the image on."""
    on: bool = False
    """Where the chart has that switch."""
    unless: str = ""
    """Path of a switch that turns the image off, and that the chart has off."""
    inherits: bool = False
    """Left empty it is another place's image."""
    runs: bool = True
    """False for what only starts on request of something that the platform does not make."""


def _off(at: str, when: str, tag: str = "{app}") -> Place:
    """An image of something that the chart leaves off."""
    return Place(at=at, when=when, tag=tag)


def _app(at: str) -> Place:
    return Place(at=at, tag="{app}")


def _jetstack(at: str, name: str) -> Place:
    return Place(at=at, source=f"quay.io/jetstack/cert-manager-{name}", tag="{app}")


def _runtime(name: str) -> Place:
    at = f"kserve.servingruntime.{name}"
    return Place(at=at, tag="{app}", unless=f"{at}.disabled")


_RUNTIMES = (
    "autogluonserver", "huggingfaceserver", "lgbserver", "mlserver", "paddleserver", "pmmlserver",
    "predictiveserver", "sklearnserver", "tensorflow", "torchserve", "tritonserver", "vllmserver",
    "xgbserver",
)  # fmt: skip
_EXPLAINER = Place(at="kserve.servingruntime.art.image", runs=False)
_HOOKS = "prometheusOperator.admissionWebhooks"
_NODES = "prometheus-node-exporter"
_STATE = "kube-state-metrics"

IMAGES: Mapping[str, tuple[Place, ...]] = {
    "prometheus-operator-crds": (),
    "karpenter-crd": (),
    "istio-base": (),
    "kserve-crd": (),
    "karpenter": (_app("controller.image"),),
    "cluster-autoscaler": (_app("image"),),
    "aws-load-balancer-controller": (_app("image"),),
    "cert-manager": (
        _jetstack("image", "controller"),
        _jetstack("webhook.image", "webhook"),
        _jetstack("cainjector.image", "cainjector"),
        _jetstack("acmesolver.image", "acmesolver"),
        _jetstack("startupapicheck.image", "startupapicheck"),
    ),
    "external-secrets": (_app("image"), _app("webhook.image"), _app("certController.image")),
    "external-dns": (
        Place(at="image", tag="v{app}"),
        Place(at="provider.webhook.image", inherits=True),
    ),
    "kube-prometheus-stack": (
        _app("alertmanager.alertmanagerSpec.image"),
        _app("prometheus.prometheusSpec.image"),
        _app("prometheusOperator.image"),
        _app("prometheusOperator.prometheusConfigReloader.image"),
        # An argument of the operator, whether anything starts it or not.
        _app("prometheusOperator.thanosImage"),
        _off(f"{_HOOKS}.deployment.image", f"{_HOOKS}.deployment.enabled"),
        Place(at=f"{_HOOKS}.patch.image", unless=f"{_HOOKS}.certManager.enabled"),
        _off("thanosRuler.thanosRulerSpec.image", "thanosRuler.enabled"),
        _off("crds.upgradeJob.image.busybox", "crds.upgradeJob.enabled"),
        _off("crds.upgradeJob.image.kubectl", "crds.upgradeJob.enabled"),
        Place(at="grafana.image", tag="{grafana}"),
        _app("grafana.sidecar.image"),
        # The chart has it on, but it is only there for a volume.
        _off("grafana.initChownData.image", "grafana.persistence.enabled"),
        _off("grafana.downloadDashboardsImage", "grafana.dashboards"),
        _off("grafana.imageRenderer.image", "grafana.imageRenderer.enabled"),
        # Runs under `helm test` alone.
        Place(at="grafana.testFramework.image", runs=False),
        Place(at=f"{_STATE}.image", tag=f"v{{{_STATE}}}"),
        _off(f"{_STATE}.kubeRBACProxy.image", f"{_STATE}.kubeRBACProxy.enabled"),
        Place(at=f"{_NODES}.image", tag=f"v{{{_NODES}}}"),
        _off(f"{_NODES}.kubeRBACProxy.image", f"{_NODES}.kubeRBACProxy.enabled"),
        # Mends the rights of files for some collectors; the chart asks for none.
        Place(at=f"{_NODES}.permissionInitContainer.image", runs=False),
        _off("prometheus-windows-exporter.image", "windowsMonitoring.enabled"),
    ),
    "prometheus-blackbox-exporter": (
        _app("image"),
        _off("configReloader.image", "configReloader.enabled"),
    ),
    "prometheus-postgres-exporter": (_app("image"),),
    "keda": (_app("image.keda"), _app("image.metricsApiServer"), _app("image.webhooks")),
    "istiod": (
        Place(at="image", source="registry.istio.io/release/pilot", tag="{app}"),
        # Of the gateways too: istiod makes their pods.
        Place(at="global.proxy.image", source="registry.istio.io/release/proxyv2", tag="{app}"),
        Place(at="global.proxy_init.image", source="registry.istio.io/release/proxyv2",
              tag="{app}"),
    ),
    "kserve-resources": (
        _app("kserve.controller"),
        _app("kserve.agent"),
        _app("kserve.router"),
        _app("kserve.storage"),
        Place(at="kserve.controller.rbacProxyImage"),
        _off("kserve.localmodel.controller", "kserve.localmodel.enabled"),
        _off("kserve.localmodel.agent", "kserve.localmodel.enabled"),
        _off("kserve.localmodel.defaultJobImage", "kserve.localmodel.enabled"),
        _EXPLAINER,
    ),
    "kserve-runtime-configs": (*(_runtime(name) for name in _RUNTIMES), _EXPLAINER),
    "knative-operator": (
        _app("knative_operator.knative_operator"),
        _app("knative_operator.operator_webhook"),
    ),
    "nvidia-device-plugin": (
        Place(at="image", tag="v{app}"),
        Place(at="nfd.image", tag="{nfd}", when="gfd.enabled"),
    ),
    "dcgm-exporter": (_app("image"),),
    "mlflow": (
        _app("image"),
        _app("initImages.iniFileInitializer"),
        _off("initImages.dbchecker", "backendStore.databaseConnectionCheck"),
        _off("initImages.mlflowDbMigration", "backendStore.databaseMigration"),
        # Their sub-charts have tags that are not this chart's.
        Place(at="postgresql.image", when="postgresql.enabled"),
        Place(at="mysql.image", when="mysql.enabled"),
        _off("oauth2Proxy.image", "oauth2Proxy.enabled"),
    ),
    "valkey": (_app("image"), _off("metrics.exporter.image", "metrics.enabled")),
    "argo-cd": (
        _app("global.image"),
        *(
            Place(at=f"{part}.image", inherits=True)
            for part in ("applicationSet", "commitServer", "controller", "notifications",
                         "redisSecretInit", "repoServer", "server")
        ),
        Place(at="dex.initImage", inherits=True),
        Place(at="dex.image", when="dex.enabled", on=True),
        Place(at="redis.image", unless="redis-ha.enabled"),
        _off("redis.exporter.image", "redis.exporter.enabled"),
        _off("redis-ha.image", "redis-ha.enabled"),
        _off("redis-ha.haproxy.image", "redis-ha.enabled"),
        _off("redis-ha.exporter", "redis-ha.exporter.enabled"),
        _off("redis-ha.sysctlImage", "redis-ha.sysctlImage.enabled"),
        # Runs under `helm test` alone.
        Place(at="redis-ha.configmapTest.image", runs=False),
        _off("server.extensions.image", "server.extensions.enabled"),
    ),
    "argo-workflows": (
        _app("controller.image"),
        _app("executor.image"),
        _app("server.image"),
        # Fetches what a Helm release cannot hold: the definitions with all their prose.
        Place(at="crds.upgradeJob.image", when="crds.full", on=True),
    ),
    "kueue": (
        Place(at="controllerManager.manager.image"),
        _off("kueueViz.backend.image", "enableKueueViz"),
        _off("kueueViz.frontend.image", "enableKueueViz"),
    ),
    "kubeflow-trainer": (
        Place(at="image", tag="v{app}"),
        Place(at="jobset.image", tag="v{jobset}"),
        _off("dataCache.cacheImage", "dataCache.enabled", "v{app}"),
        *(
            _off(f"runtimes.{name}.image", f"runtimes.{name}.enabled", "v{app}")
            for name in ("deepspeedDistributed", "mlxDistributed", "xgboostDistributed")
        ),
        # Of runtimes that are switched on one by one, below it.
        Place(at="runtimes.torchtuneDistributed.image", runs=False),
    ),
    "velero": (
        _app("image"),
        Place(at="kubectl.image", tag=KUBECTL.rpartition(":")[2], when="upgradeCRDs", on=True),
    ),
}  # fmt: skip
"""Places by chart; `tests/catalog/test_chart_images.py` holds them to the charts."""

SWEEPING: Mapping[str, tuple[str, ...]] = {
    "cert-manager": ("imageRegistry", "imageNamespace"),
    "external-secrets": ("global.repository",),
    "kube-prometheus-stack": (
        "global.imageRegistry",
        *(f"{below}.global.imageRegistry" for below in ("grafana", _STATE, _NODES)),
        "prometheus-windows-exporter.global.imageRegistry",
        "prometheusOperator.alertmanagerDefaultBaseImage",
        "prometheusOperator.prometheusDefaultBaseImage",
    ),
    "prometheus-blackbox-exporter": ("global.imageRegistry",),
    "prometheus-postgres-exporter": ("global.imageRegistry",),
    "keda": ("global.image.registry",),
    "istiod": ("hub", "tag", "variant", "global.hub", "global.tag", "global.variant"),
    "kserve-resources": ("kserve.version",),
    "kserve-runtime-configs": ("kserve.version", "kserve.llmisvcConfigs.enabled"),
    "valkey": ("global.imageRegistry",),
    "argo-workflows": ("images.tag",),
}
"""Keys of charts that change many images at once, or add some that no value names: what runs
then nobody can tell here."""
