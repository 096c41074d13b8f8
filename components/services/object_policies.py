"""What holds for objects that are no pods: models, entrances, routes, volumes, backups."""

from __future__ import annotations

from components.services.admission import Policy

PREDICTOR_SIZES = (
    "[object.spec.predictor.?model.?resources.orValue(dyn({}))] + "
    "object.spec.predictor.?containers.orValue(dyn([])).map(c, c.?resources.orValue(dyn({})))"
)
"""Resources of a model's own containers."""


ROUTES = {"gateway.networking.k8s.io": ("httproutes", "grpcroutes")}


def object_policies(models_host: str) -> list[Policy]:
    """Every policy on other objects; `models_host` is the public name of the models."""
    return [
        _same_gpus(),
        _internal_services(),
        _internal_ingresses(),
        _own_hostnames(models_host),
        _own_backends(),
        _driven_volumes(),
        _no_hooks(),
    ]


def _same_gpus() -> Policy:
    gpu = "'nvidia.com/gpu'"
    limit, request = f"s.?limits[?{gpu}]", f"s.?requests[?{gpu}]"
    same = (
        f"!{request}.hasValue() || "
        f"({limit}.hasValue() && string({request}.value()) == string({limit}.value()))"
    )
    return Policy(
        name="gpu-limit-is-request",
        because="a GPU cannot be overcommitted, and a model's pods would never start",
        fix="give nvidia.com/gpu the same request and limit",
        # The API server itself refuses such pods; a model's author would never see that.
        kinds={"serving.kserve.io": ("inferenceservices",)},
        variables={"sizes": PREDICTOR_SIZES},
        holds=f"variables.sizes.all(s, {same})",
    )


def _internal_services() -> Policy:
    key = "service.beta.kubernetes.io/aws-load-balancer-scheme"
    return Policy(
        name="internal-load-balancers",
        because="entrances to the platform are declared with it, firewall and logs included",
        fix="use a ClusterIP service and a TargetGroupBinding, or mark it internal",
        kinds={"": ("services",)},
        holds="object.spec.?type.orValue('ClusterIP') != 'LoadBalancer' || "
        + _annotated(key, "internal"),
    )


def _internal_ingresses() -> Policy:
    return Policy(
        name="internal-ingresses",
        because="entrances to the platform are declared with it, firewall and logs included",
        fix="use a TargetGroupBinding, or the annotation "
        "alb.ingress.kubernetes.io/scheme: internal",
        kinds={"networking.k8s.io": ("ingresses",)},
        holds=_annotated("alb.ingress.kubernetes.io/scheme", "internal"),
    )


def _own_hostnames(models_host: str) -> Policy:
    """The gateway's listener takes any name, so a route without one would take all of them; and
    external-dns makes records of names in annotations."""
    own = f"h.endsWith('-' + namespaceObject.metadata.name + '.{models_host}')"
    return Policy(
        name="own-hostnames",
        because="a route may take requests of its own namespace's models alone",
        fix=f"name hosts that end in -<namespace>.{models_host}",
        kinds=ROUTES,
        variables={"hosts": "object.spec.?hostnames.orValue([])"},
        holds=f"size(variables.hosts) > 0 && variables.hosts.all(h, {own}) && "
        "!object.metadata.?annotations.orValue({}).exists("
        "key, key.startsWith('external-dns.alpha.kubernetes.io/'))",
    )


def _own_backends() -> Policy:
    """Istio also takes hostnames as backends, of services in any namespace and without a grant."""
    own = (
        "b.?kind.orValue('Service') == 'Service' && "
        "b.?namespace.orValue(namespaceObject.metadata.name) == namespaceObject.metadata.name"
    )
    unmirrored = "!{}.?filters.orValue([]).exists(f, f.type == 'RequestMirror')"
    return Policy(
        name="own-backends",
        because="a route leads to services of its own namespace alone",
        fix="name services beside the route, and mirror no requests",
        kinds=ROUTES,
        variables={"rules": "object.spec.?rules.orValue([])"},
        holds=f"variables.rules.all(r, {unmirrored.format('r')} && "
        f"r.?backendRefs.orValue([]).all(b, {own} && {unmirrored.format('b')}))",
    )


def _driven_volumes() -> Policy:
    return Policy(
        name="volumes-by-driver",
        because="a volume that is a path of the node is the host, whatever its pod says",
        fix="claim from a storage class",
        kinds={"": ("persistentvolumes",)},
        holds="has(object.spec.csi)",
    )


def _no_hooks() -> Policy:
    return Policy(
        name="backups-without-hooks",
        because="their hooks run commands in any pod, and their modifiers rewrite any object",
        fix="drop hooks and resourceModifier; a pod's own hooks are its annotations",
        kinds={"velero.io": ("backups", "restores", "schedules")},
        variables={
            "asked": "object.kind == 'Schedule' ? object.spec.?template.orValue(dyn({})) : "
            "object.spec"
        },
        holds="size(variables.asked.?hooks.?resources.orValue(dyn([]))) == 0 && "
        "!variables.asked.?resourceModifier.hasValue()",
    )


def _annotated(key: str, value: str) -> str:
    return f"object.metadata.?annotations[?'{key}'].orValue('') == '{value}'"
