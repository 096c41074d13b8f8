"""How each type of resource appears in the picture; what is not listed appears in the counts
by type only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from rehearsal.report.model import ResourceRecord

Note: TypeAlias = Callable[[Mapping[str, Any]], str]

TIMES = "\N{MULTIPLICATION SIGN}"

EDGE = "Edge"
STORAGE = "Storage and registry"
KEYS = "Keys and secrets"
GUARDRAILS = "Guardrails"
DATA = "Data services"
SIGNALS = "Signals"
IDENTITY = "Identity"
RELEASES = "Releases"
PANELS = (EDGE, STORAGE, KEYS, GUARDRAILS, DATA, RELEASES, IDENTITY, SIGNALS)


@dataclass(frozen=True, kw_only=True)
class Depiction:
    """One type: the panel it belongs to, its colour, and what is said of it."""

    panel: str
    tone: str
    """Class of its colour: net, compute, data, key, guard, edge, plain."""
    title: str = ""
    """Shown instead of the logical name."""
    many: tuple[str, str] | None = None
    """Set for types of which only the number is of interest: `("role", "roles")`."""
    note: Note = lambda _facts: ""


def text(facts: Mapping[str, Any], key: str) -> str:
    """The input as text, or empty."""
    value = facts.get(key)
    return str(value) if isinstance(value, str | int | float) else ""


def texts(facts: Mapping[str, Any], key: str) -> list[str]:
    """The input as a list of texts; a value that is not known is left out."""
    value = facts.get(key)
    entries = cast("list[Any]", value) if isinstance(value, list) else []
    return [entry for entry in entries if isinstance(entry, str)]


def nested(facts: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The input as a mapping, or an empty one."""
    value = facts.get(key)
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _nodes(facts: Mapping[str, Any]) -> str:
    scaling = nested(facts, "scalingConfig")
    size, least, most = (text(scaling, key) for key in ("desiredSize", "minSize", "maxSize"))
    types = ", ".join(texts(facts, "instanceTypes"))
    return f"{size} {TIMES} {types} ({least}-{most})" if size and types else types


def _database(facts: Mapping[str, Any]) -> str:
    engine = {"postgres": "PostgreSQL"}.get(text(facts, "engine"), text(facts, "engine"))
    where = "Multi-AZ" if facts.get("multiAz") is True else "one zone"
    role = "replica" if facts.get("replicateSourceDb") else where
    parts = (f"{engine} {text(facts, 'engineVersion')}".strip(), text(facts, "instanceClass"), role)
    return ", ".join(part for part in parts if part)


def _cache(facts: Mapping[str, Any]) -> str:
    parts = (text(facts, "engine"), text(facts, "nodeType"), text(facts, "numCacheClusters"))
    return f" {TIMES} ".join(
        part for part in (", ".join(filter(None, parts[:2])), parts[2]) if part
    )


def _balancer(facts: Mapping[str, Any]) -> str:
    kind = "NLB" if text(facts, "loadBalancerType") == "network" else "ALB"
    return f"{kind}, {'internal' if facts.get('internal') is True else 'public'}"


def _version(facts: Mapping[str, Any]) -> str:
    version = text(facts, "version")
    return f"Kubernetes {version}" if version else ""


def _one(key: str) -> Note:
    return lambda facts: text(facts, key)


CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
NAT = "aws:ec2/natGateway:NatGateway"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
SPANNING: Mapping[str, Depiction] = {
    "aws:lb/loadBalancer:LoadBalancer": Depiction(panel=EDGE, tone="edge", note=_balancer),
    CLUSTER: Depiction(panel=DATA, tone="compute", title="EKS cluster", note=_version),
    NODE_GROUP: Depiction(panel=DATA, tone="compute", note=_nodes),
    "aws:rds/instance:Instance": Depiction(panel=DATA, tone="data", note=_database),
    "aws:elasticache/replicationGroup:ReplicationGroup": Depiction(
        panel=DATA, tone="data", note=_cache
    ),
}
"""What runs in several subnets: drawn across its tier, or in its panel where none is known."""

DEPICTED: Mapping[str, Depiction] = {
    **SPANNING,
    "aws:route53/zone:Zone": Depiction(panel=EDGE, tone="edge", title="zone", note=_one("name")),
    "aws:acm/certificate:Certificate": Depiction(
        panel=EDGE, tone="edge", title="certificate", note=_one("domainName")
    ),
    "aws:wafv2/webAcl:WebAcl": Depiction(panel=EDGE, tone="guard", title="WAF"),
    "aws:s3/bucket:Bucket": Depiction(panel=STORAGE, tone="data"),
    "aws:efs/fileSystem:FileSystem": Depiction(panel=STORAGE, tone="data", note=lambda _: "EFS"),
    "aws:ecr/repository:Repository": Depiction(
        panel=STORAGE, tone="data", many=("repository", "repositories")
    ),
    "aws:dynamodb/table:Table": Depiction(panel=STORAGE, tone="data", note=lambda _: "table"),
    "aws:backup/vault:Vault": Depiction(panel=STORAGE, tone="data", note=lambda _: "backup vault"),
    "aws:kms/key:Key": Depiction(panel=KEYS, tone="key", note=lambda _: "key"),
    "aws:kms/replicaKey:ReplicaKey": Depiction(panel=KEYS, tone="key", note=lambda _: "replica"),
    "aws:secretsmanager/secret:Secret": Depiction(
        panel=KEYS, tone="key", many=("secret", "secrets")
    ),
    "aws:cloudtrail/trail:Trail": Depiction(panel=GUARDRAILS, tone="guard", title="CloudTrail"),
    "aws:guardduty/detector:Detector": Depiction(panel=GUARDRAILS, tone="guard", title="GuardDuty"),
    "aws:securityhub/account:Account": Depiction(
        panel=GUARDRAILS, tone="guard", title="Security Hub"
    ),
    "aws:cfg/recorder:Recorder": Depiction(panel=GUARDRAILS, tone="guard", title="Config"),
    "aws:accessanalyzer/analyzer:Analyzer": Depiction(
        panel=GUARDRAILS, tone="guard", title="Access Analyzer"
    ),
    "aws:ebs/encryptionByDefault:EncryptionByDefault": Depiction(
        panel=GUARDRAILS, tone="guard", title="EBS encryption"
    ),
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": Depiction(
        panel=GUARDRAILS, tone="guard", title="S3 account block"
    ),
    "aws:budgets/budget:Budget": Depiction(panel=GUARDRAILS, tone="guard", title="budget"),
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": Depiction(
        panel=GUARDRAILS, tone="guard", title="cost anomalies"
    ),
    "aws:ec2/flowLog:FlowLog": Depiction(panel=GUARDRAILS, tone="guard", title="flow logs"),
    "aws:iam/role:Role": Depiction(panel=IDENTITY, tone="plain", many=("role", "roles")),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Depiction(
        panel=IDENTITY, tone="plain", many=("pod identity", "pod identities")
    ),
    "aws:eks/accessEntry:AccessEntry": Depiction(
        panel=IDENTITY, tone="plain", many=("access entry", "access entries")
    ),
    "aws:eks/addon:Addon": Depiction(
        panel=RELEASES, tone="compute", many=("EKS add-on", "EKS add-ons")
    ),
    "kubernetes:helm.sh/v3:Release": Depiction(
        panel=RELEASES, tone="compute", note=_one("version")
    ),
    "aws:sns/topic:Topic": Depiction(panel=SIGNALS, tone="plain", many=("topic", "topics")),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Depiction(
        panel=SIGNALS, tone="plain", many=("alarm", "alarms")
    ),
    "aws:cloudwatch/logGroup:LogGroup": Depiction(
        panel=SIGNALS, tone="plain", many=("log group", "log groups")
    ),
}


def label(resource: ResourceRecord) -> str:
    """The logical name without its component's: `endpoints` of `network-endpoints`. Where
    only the kind would be left (`bucket` of `models-bucket`), the component's: `models`."""
    component = resource.parent.rpartition("::")[2]
    if not component or not resource.name.startswith(f"{component}-"):
        return resource.name
    short = resource.name.removeprefix(f"{component}-")
    return _within(resource.parent) if short in resource.type.lower() else short


def _within(urn: str) -> str:
    """A component's name without the kind of the component around it: `models` of
    `…::mlops:components:Buckets$mlops:components:Bucket::buckets-models`."""
    head, _, name = urn.rpartition("::")
    around = head.rpartition("$")[0].rpartition(":")[2].lower()
    return name.removeprefix(f"{around}-") if around else name
