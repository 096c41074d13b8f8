"""Security Hub: standards, the finding aggregator and settings of the hub."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.eks_records import identifier
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record

SUBSCRIPTIONS = "securityhub:standard"
AGGREGATORS = "securityhub:aggregator"
SETTINGS = "securityhub:settings"
STANDARDS = {
    "standards/aws-foundational-security-best-practices/v/1.0.0": (
        "AWS Foundational Security Best Practices v1.0.0"
    ),
    "standards/cis-aws-foundations-benchmark/v/1.4.0": ("CIS AWS Foundations Benchmark v1.4.0"),
    "standards/cis-aws-foundations-benchmark/v/3.0.0": ("CIS AWS Foundations Benchmark v3.0.0"),
    "standards/cis-aws-foundations-benchmark/v/5.0.0": ("CIS AWS Foundations Benchmark v5.0.0"),
    "standards/nist-800-53/v/5.0.0": "NIST Special Publication 800-53 Revision 5",
    "standards/pci-dss/v/4.0.1": "PCI DSS v4.0.1",
}
UNREGIONAL = {"ruleset/cis-aws-foundations-benchmark/v/1.2.0": "CIS AWS Foundations v1.2.0"}
BY_DEFAULT = "standards/aws-foundational-security-best-practices/v/1.0.0"


def standard_arns(region: str) -> dict[str, str]:
    """Name by ARN of every standard that Security Hub offers in a region."""
    regional = {f"arn:aws:securityhub:{region}::{k}": name for k, name in STANDARDS.items()}
    return regional | {f"arn:aws:securityhub:::{k}": name for k, name in UNREGIONAL.items()}


def enable_security_hub(call: Call) -> Answer:
    """EnableSecurityHub: with the default standards, unless told otherwise."""
    answer = call.upstream()
    if call.params.get("EnableDefaultStandards", True):
        _subscribe(call, f"arn:aws:securityhub:{call.region}::{BY_DEFAULT}")
    settings = {"AutoEnableControls": True, "ControlFindingGenerator": "SECURITY_CONTROL"}
    generator = call.params.get("ControlFindingGenerator")
    call.here.table(SETTINGS)["hub"] = {
        **settings,
        **({"ControlFindingGenerator": generator} if generator else {}),
    }
    return answer


def disable_security_hub(call: Call) -> Answer:
    """DisableSecurityHub: the standards go with it."""
    answer = call.upstream()
    call.here.table(SUBSCRIPTIONS).clear()
    call.here.table(SETTINGS).clear()
    return answer


def describe_hub(call: Call) -> Answer:
    """DescribeHub."""
    return {**call.upstream(), **call.here.table(SETTINGS).get("hub", {})}


def update_security_hub_configuration(call: Call) -> Answer:
    """UpdateSecurityHubConfiguration."""
    _require_hub(call)
    for name in ("AutoEnableControls", "ControlFindingGenerator"):
        if call.params.get(name) is not None:
            call.here.table(SETTINGS)["hub"][name] = call.params[name]
    return {}


def describe_standards(call: Call) -> Answer:
    """DescribeStandards."""
    standards = [
        {"StandardsArn": arn, "Name": name, "EnabledByDefault": arn.endswith(BY_DEFAULT)}
        for arn, name in standard_arns(call.region).items()
    ]
    return page(call, "Standards", standards, size="MaxResults", token="NextToken")


def batch_enable_standards(call: Call) -> Answer:
    """BatchEnableStandards: ready at once."""
    _require_hub(call)
    made = [
        _subscribe(call, request["StandardsArn"])
        for request in call.params["StandardsSubscriptionRequests"]
    ]
    return {"StandardsSubscriptions": made}


def batch_disable_standards(call: Call) -> Answer:
    """BatchDisableStandards."""
    _require_hub(call)
    table = call.here.table(SUBSCRIPTIONS)
    gone = [
        {**table.pop(arn), "StandardsStatus": "DELETING"}
        for arn in call.params["StandardsSubscriptionArns"]
        if arn in table
    ]
    return {"StandardsSubscriptions": gone}


def get_enabled_standards(call: Call) -> Answer:
    """GetEnabledStandards, all or those asked for."""
    _require_hub(call)
    wanted = call.listed("StandardsSubscriptionArns")
    table = call.here.table(SUBSCRIPTIONS)
    found = [each for arn, each in table.items() if not wanted or arn in wanted]
    return page(call, "StandardsSubscriptions", found, size="MaxResults", token="NextToken")


def create_finding_aggregator(call: Call) -> Answer:
    """CreateFindingAggregator: one per account."""
    _require_hub(call)
    if call.here.table(AGGREGATORS):
        raise ApiError("ResourceConflictException", "a finding aggregator exists already", 409)
    unique = identifier(call, "aggregator")
    arn = f"arn:aws:securityhub:{call.region}:{call.account}:finding-aggregator/{unique}"
    made: Record = {
        "FindingAggregatorArn": arn,
        "FindingAggregationRegion": call.region,
        "RegionLinkingMode": call.params["RegionLinkingMode"],
        "Regions": call.listed("Regions"),
    }
    call.here.table(AGGREGATORS)[arn] = made
    return made


def get_finding_aggregator(call: Call) -> Answer:
    """GetFindingAggregator."""
    return _aggregator(call)


def list_finding_aggregators(call: Call) -> Answer:
    """ListFindingAggregators."""
    arns = [{"FindingAggregatorArn": arn} for arn in call.here.table(AGGREGATORS)]
    return page(call, "FindingAggregators", arns, size="MaxResults", token="NextToken")


def update_finding_aggregator(call: Call) -> Answer:
    """UpdateFindingAggregator."""
    found = _aggregator(call)
    found["RegionLinkingMode"] = call.params["RegionLinkingMode"]
    found["Regions"] = call.listed("Regions")
    return found


def delete_finding_aggregator(call: Call) -> Answer:
    """DeleteFindingAggregator."""
    del call.here.table(AGGREGATORS)[_aggregator(call)["FindingAggregatorArn"]]
    return {}


def is_enabled(call: Call) -> bool:
    """Whether Security Hub is on in the region of the call."""
    return "hub" in call.here.table(SETTINGS)


def _require_hub(call: Call) -> None:
    if not is_enabled(call):
        raise ApiError(
            "InvalidAccessException",
            f"Account {call.account} is not subscribed to AWS Security Hub",
            401,
        )


def _subscribe(call: Call, arn: str) -> Record:
    name = arn.rsplit(":::", maxsplit=1)[-1].rsplit("::", maxsplit=1)[-1].partition("/")[2]
    subscription = f"arn:aws:securityhub:{call.region}:{call.account}:subscription/{name}"
    made: Record = {
        "StandardsSubscriptionArn": subscription,
        "StandardsArn": arn,
        "StandardsInput": {},
        "StandardsStatus": "READY",
    }
    call.here.table(SUBSCRIPTIONS)[subscription] = made
    return made


def _aggregator(call: Call) -> Record:
    found = call.here.table(AGGREGATORS).get(call.params["FindingAggregatorArn"])
    if found is None:
        raise ApiError("ResourceNotFoundException", "no such finding aggregator", 404)
    return found


OPERATIONS = {
    "BatchDisableStandards": batch_disable_standards,
    "BatchEnableStandards": batch_enable_standards,
    "CreateFindingAggregator": create_finding_aggregator,
    "DeleteFindingAggregator": delete_finding_aggregator,
    "DescribeHub": describe_hub,
    "DescribeStandards": describe_standards,
    "DisableSecurityHub": disable_security_hub,
    "EnableSecurityHub": enable_security_hub,
    "GetEnabledStandards": get_enabled_standards,
    "GetFindingAggregator": get_finding_aggregator,
    "ListFindingAggregators": list_finding_aggregators,
    "UpdateFindingAggregator": update_finding_aggregator,
    "UpdateSecurityHubConfiguration": update_security_hub_configuration,
}
