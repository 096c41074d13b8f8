"""Objects of a cluster beside pods: namespaces, flows, roles, entrances, releases."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be, must_have
from policies.kubernetes_objects import (
    annotations_of,
    is_object,
    kind_of,
    labels_of,
    name_of,
    namespace_of,
)
from policies.properties import Properties
from policies.repair import Draft
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import Stack, Subject

DOCS = "https://kubernetes.io/docs"
NAMESPACE = "kubernetes:core/v1:Namespace"
SERVICE = "kubernetes:core/v1:Service"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
SCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
FLOWS = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
RELEASE = "kubernetes:helm.sh/v3:Release"
ENFORCE = "pod-security.kubernetes.io/enforce"
LEVELS = ("restricted", "baseline", "privileged")
SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme"
INTERNAL = "service.beta.kubernetes.io/aws-load-balancer-internal"
ALB_SCHEME = "alb.ingress.kubernetes.io/scheme"
RISING = frozenset({"escalate", "bind", "impersonate"})
"""Verbs by which one gets rights that nobody gave."""
CLUSTER_WIDE = frozenset(
    {
        "Namespace", "ClusterRole", "ClusterRoleBinding", "PriorityClass", "StorageClass",
        "CustomResourceDefinition", "ValidatingAdmissionPolicy", "ClusterIssuer",
        "ValidatingAdmissionPolicyBinding", "VolumeSnapshotClass", "ClusterSecretStore",
        "EC2NodeClass", "NodePool", "GatewayClass", "PersistentVolume", "RuntimeClass",
        "APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
        "IngressClass", "CSIDriver", "ClusterServingRuntime", "ClusterTrainingRuntime",
        "ClusterQueue", "ResourceFlavor", "WorkloadPriorityClass", "Cohort",
        "ClusterWorkflowTemplate", "ClusterExternalSecret", "ClusterStorageContainer",
    }
)  # fmt: skip
"""Kinds without a namespace; any other kind without one lands in `default`."""
TIMEOUT_SECONDS = 600


def _unlabelled(one: Subject) -> Iterator[Broken]:
    labels = labels_of(one)
    level = labels.text(ENFORCE)
    allowed = LEVELS if name_of(one) in one.settings.privileged_namespaces else LEVELS[:2]
    if level not in allowed:
        yield Broken(labels.at(ENFORCE), labels.shown(ENFORCE), " or ".join(allowed))


def _labelled(one: Subject, draft: Draft) -> None:
    if list(_unlabelled(one)):
        draft.put(["metadata", "labels"], ENFORCE, LEVELS[0])


def _open_by_default(one: Subject, stack: Stack) -> Iterator[Broken]:
    name = name_of(one)
    own = [flow for flow in stack.of(FLOWS) if namespace_of(flow) == name]
    if not any(_denies_everything(flow.properties.under("spec")) for flow in own):
        yield Broken("metadata.name", name, "a network policy in it that denies all by default")


def _denies_everything(spec: Properties) -> bool:
    everyone = not spec.under("podSelector").names()
    both = {"Ingress", "Egress"} <= set(spec.texts("policyTypes"))
    return everyone and both and not spec.count("ingress") and not spec.count("egress")


def _in_default(one: Subject) -> Iterator[Broken]:
    if kind_of(one.type) not in CLUSTER_WIDE and namespace_of(one) == "default":
        found = one.properties.shown("metadata.namespace")
        yield Broken("metadata.namespace", found, "a namespace of its own")


def _is_role(type_: str) -> bool:
    return kind_of(type_) in ("Role", "ClusterRole") and "rbac.authorization.k8s.io" in type_


def _over_powerful(one: Subject) -> Iterator[Broken]:
    for rule in one.properties.each("rules"):
        for key in ("apiGroups", "resources", "verbs"):
            if "*" in rule.texts(key):
                yield Broken(rule.at(key), rule.shown(key), "what is needed, by name")
        if RISING & set(rule.texts("verbs")):
            yield Broken(
                rule.at("verbs"), rule.shown("verbs"), f"none of {', '.join(sorted(RISING))}"
            )


def _alone(one: Subject, stack: Stack) -> Iterator[Broken]:
    namespace, name = namespace_of(one), name_of(one)
    scaled = [
        scaler for scaler in stack.of(SCALER)
        if namespace_of(scaler) == namespace
        and scaler.properties.text("spec.scaleTargetRef.name") == name
    ]  # fmt: skip
    least = min(
        (each.properties.number("spec.minReplicas") or 1 for each in scaled),
        default=one.properties.number("spec.replicas"),
    )
    if (least if least is not None else 1) == 1:
        yield Broken("spec.replicas", one.properties.shown("spec.replicas"), "2 or more")
        return
    labels = one.properties.under("spec.template.metadata.labels")
    if not any(
        namespace_of(budget) == namespace and _selects(budget, labels)
        for budget in stack.of(BUDGET)
    ):
        yield Broken("metadata.name", name, "a disruption budget that selects its pods")


def _selects(budget: Subject, labels: Properties) -> bool:
    wanted = budget.properties.under("spec.selector.matchLabels")
    keys = wanted.names()
    return bool(keys) and all(labels.text(key) == wanted.text(key) for key in keys)


def _public_service(one: Subject) -> Iterator[Broken]:
    if one.properties.text("spec.type") != "LoadBalancer" or _named(one):
        return
    notes = annotations_of(one)
    if notes.text(SCHEME) != "internal" and notes.scalar(INTERNAL) != "true":
        yield Broken(notes.at(SCHEME), notes.shown(SCHEME), "internal")


def _public_ingress(one: Subject) -> Iterator[Broken]:
    notes = annotations_of(one)
    if not _named(one) and notes.text(ALB_SCHEME) != "internal":
        yield Broken(notes.at(ALB_SCHEME), notes.shown(ALB_SCHEME), "internal")


def _public(one: Subject) -> Iterator[Broken]:
    yield from _public_service(one) if one.type == SERVICE else _public_ingress(one)


def _named(one: Subject) -> bool:
    return f"{namespace_of(one)}/{name_of(one)}" in one.settings.public_services


def _loose_release(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "atomic", True)
    if not one.properties.number("timeout"):
        yield Broken("timeout", one.properties.shown("timeout"), "seconds until it gives up")
    yield from must_have(one.properties, "version", "one exact version")
    if one.properties.knows("version") and _is_range(one.properties.text("version")):
        yield Broken("version", one.properties.shown("version"), "one exact version")
    if one.properties.flag("skipAwait"):
        yield Broken("skipAwait", one.properties.shown("skipAwait"), "false")


def _is_range(version: str) -> bool:
    return any(mark in version for mark in "*^~<>|, ") or version.lower().endswith((".x", "latest"))


def _tightened(one: Subject, draft: Draft) -> None:
    draft.set("atomic", True)
    if not one.properties.number("timeout"):
        draft.set("timeout", TIMEOUT_SECONDS)
    if one.properties.flag("skipAwait"):
        draft.set("skipAwait", False)


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=106,
        name="namespace-pod-security",
        because="Without a level every pod in it may take over its node.",
        fix=f"Label the namespace {ENFORCE}: restricted.",
        severity="high",
        reference=f"{DOCS}/concepts/security/pod-security-admission/",
        types=(NAMESPACE,),
        broken=_unlabelled,
        repair=_labelled,
    ),
    StackRule(
        number=114,
        name="namespace-default-deny",
        because="Where nothing is denied, one broken pod reaches everything.",
        fix="Add a network policy that selects all pods, for both directions, and allows nothing.",
        severity="high",
        reference=f"{DOCS}/concepts/services-networking/network-policies/#default-policies",
        types=(NAMESPACE,),
        broken=_open_by_default,
    ),
    ResourceRule(
        number=115,
        name="nothing-in-default",
        because="What lands in `default` has nobody's quota, flows or level.",
        fix="Name the namespace in metadata.namespace.",
        severity="medium",
        reference=f"{DOCS}/concepts/overview/working-with-objects/namespaces/",
        applies=is_object,
        broken=_in_default,
    ),
    ResourceRule(
        number=116,
        name="role-without-wildcards",
        because="A star grants what will be there tomorrow; escalate, bind and impersonate grant "
        "what nobody gave.",
        fix="Name groups, resources and verbs.",
        severity="high",
        reference=f"{DOCS}/concepts/security/rbac-good-practices/",
        applies=_is_role,
        broken=_over_powerful,
    ),
    StackRule(
        number=118,
        name="deployment-survives-a-drain",
        level="advisory",
        because="With one replica, or no budget, every upgrade of a node is an outage.",
        fix="Run two replicas or more, under a disruption budget.",
        severity="medium",
        reference=f"{DOCS}/tasks/run-application/configure-pdb/",
        types=(DEPLOYMENT,),
        broken=_alone,
    ),
    ResourceRule(
        number=119,
        name="entrance-internal",
        because="A load balancer is public unless it says otherwise.",
        fix=f"Annotate it {SCHEME}: internal ({ALB_SCHEME} for an ingress), or name it in "
        "public_services.",
        severity="critical",
        reference="https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/",
        types=(SERVICE, INGRESS),
        broken=_public,
    ),
    ResourceRule(
        number=120,
        name="release-atomic-and-pinned",
        because="A release that is half there, waits forever or takes any version cannot be "
        "repeated.",
        fix="Set atomic, timeout and one exact version.",
        severity="medium",
        reference="https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v3/release/",
        types=(RELEASE,),
        broken=_loose_release,
        repair=_tightened,
    ),
)
