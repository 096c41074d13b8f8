"""Kinds whose creation passes through a controller's webhook, and the release that serves it.

Until that release runs, the API server cannot call the webhook and refuses the object.
Sources: the charts' ValidatingWebhookConfigurations, all with `failurePolicy: Fail`.
"""

from __future__ import annotations

from collections.abc import Mapping

from rehearsal.providers.kubernetes.objects import Object, Objects
from rehearsal.providers.kubernetes.releases import KIND
from rehearsal.providers.plugin import PluginError

SERVED_BY: Mapping[str, tuple[str, str]] = {
    "cert-manager.io": ("cert-manager", "webhook.cert-manager.io"),
    "external-secrets.io": ("external-secrets", "validate.externalsecret.external-secrets.io"),
    "elbv2.k8s.aws": ("aws-load-balancer-controller", "vtargetgroupbinding.elbv2.k8s.aws"),
    "keda.sh": ("keda", "vscaledobject.kb.io"),
    "serving.kserve.io": ("kserve-resources", "inferenceservice.kserve-webhook-server.validator"),
    "kueue.x-k8s.io": ("kueue", "vclusterqueue.kb.io"),
    "trainer.kubeflow.org": (
        "kubeflow-trainer",
        "validator.clustertrainingruntime.trainer.kubeflow.org",
    ),
    "networking.istio.io": ("istiod", "validation.istio.io"),
}
"""API group → release and the webhook's name."""


def require_webhook(objects: Objects, cluster: str, body: Object) -> None:
    """Raises PluginError, with the API server's words, where nothing serves the webhook."""
    group = str(body["apiVersion"]).rpartition("/")[0]
    if group not in SERVED_BY:
        return
    release, webhook = SERVED_BY[group]
    what = f"{body['kind']} {body['metadata']['name']}"
    if all(one["name"] != release for one in objects.of_kind(cluster, KIND)):
        raise PluginError(
            f'Internal error occurred: failed calling webhook "{webhook}": no endpoints available '
            f"for the service of {release}: {what} came too early"
        )
