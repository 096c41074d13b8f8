"""The simulated account as a test sees it: boto3 clients, and the things that most tests
need to be there first."""

from __future__ import annotations

import json
import urllib.request
from typing import Any, cast

import boto3
from botocore.config import Config

from ops.live.aws import unprefixed

ACCOUNT_ID = "123456789012"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT_ID}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
"""A key that does not exist."""
GHOST = f"arn:aws:iam::{ACCOUNT_ID}:role/ghost"
"""A role that does not exist."""
ROOT = f"arn:aws:iam::{ACCOUNT_ID}:root"


def policy(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows something."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(*services: str) -> str:
    """A trust policy for services."""
    actions = ["sts:AssumeRole", "sts:TagSession"]
    statement = {"Effect": "Allow", "Action": actions, "Principal": {"Service": list(services)}}
    return policy(statement)


class Account:
    """One region of the account; attributes are boto3 clients by service (`ec2`, `eks`)."""

    def __init__(self, url: str, region: str = "us-east-1", known: dict[Any, Any] | None = None):
        self.url = url
        self.region = region
        self._known = {} if known is None else known

    def __getattr__(self, service: str) -> Any:
        return self.client(service.replace("service_quotas", "service-quotas"))

    def client(self, service: str) -> Any:
        """The client of a service, which does not retry."""
        key = (service, self.region)
        if key not in self._known:
            config = Config(retries={"max_attempts": 0}, inject_host_prefix=False)
            session = cast("Any", boto3.session.Session("AKIAIOSFODNN7EXAMPLE", "secret"))
            client = session.client(
                service, region_name=self.region, endpoint_url=self.url, config=config
            )
            if service == "s3control":
                client.meta.events.register("before-call.s3-control", unprefixed)
            self._known[key] = client
        return self._known[key]

    def there(self, region: str) -> Account:
        """The same account in another region."""
        return Account(self.url, region, self._known)

    def control(self, method: str, path: str, document: object = None) -> Any:
        """A request to the control endpoints: the JSON of the answer."""
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(f"{self.url}/_rehearsal/{path}", body, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    # What tests need to be there first.

    def vpc(self, block: str = "10.0.0.0/16", *, gateway: bool = False) -> str:
        vpc_id = self.ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
        if gateway:
            made = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
            self.ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=vpc_id)
        return vpc_id

    def subnets(self, vpc_id: str, zones: str = "abc", start: int = 0) -> list[str]:
        """A subnet per letter in `zones`."""
        return [
            self.ec2.create_subnet(
                VpcId=vpc_id,
                CidrBlock=f"10.0.{start + number}.0/24",
                AvailabilityZone=f"{self.region}{zone}",
            )["Subnet"]["SubnetId"]
            for number, zone in enumerate(zones)
        ]

    def group(self, vpc_id: str, name: str = "group") -> str:
        made = self.ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc_id)
        return made["GroupId"]

    def role(self, name: str, *services: str) -> str:
        document = trust(*(services or ("ec2.amazonaws.com",)))
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
        return made["Role"]["Arn"]

    def key(self, **more: Any) -> str:
        return self.kms.create_key(**more)["KeyMetadata"]["Arn"]

    def retired_key(self) -> str:
        """A key that waits for its deletion."""
        arn = self.key()
        self.kms.schedule_key_deletion(KeyId=arn, PendingWindowInDays=7)
        return arn

    def bucket(self, name: str, **more: Any) -> str:
        self.s3.create_bucket(Bucket=name, **more)
        return name

    def cluster(self, name: str = "main", version: str = "1.35", **more: Any) -> list[str]:
        """A cluster in a new VPC; its subnets."""
        subnets = self.subnets(self.vpc())
        self.eks.create_cluster(
            name=name,
            version=version,
            roleArn=self.role(f"{name}-cluster", "eks.amazonaws.com"),
            resourcesVpcConfig={"subnetIds": subnets},
            **{"accessConfig": {"authenticationMode": "API"}, **more},
        )
        return subnets

    def node_group(self, subnets: list[str], name: str = "system", **more: Any) -> None:
        """A node group of the cluster `main`, with a role of its own."""
        role = self.role(f"{name}-nodes", "ec2.amazonaws.com")
        self.eks.create_nodegroup(
            **{
                "clusterName": "main",
                "nodegroupName": name,
                "subnets": subnets,
                "nodeRole": role,
                **more,
            }
        )

    def database_subnets(self, name: str = "database") -> list[str]:
        """A database subnet group in a new VPC; its subnets."""
        subnets = self.subnets(self.vpc())
        self.rds.create_db_subnet_group(
            DBSubnetGroupName=name, DBSubnetGroupDescription="d", SubnetIds=subnets
        )
        return subnets

    def database(self, name: str = "main", **more: Any) -> None:
        """A PostgreSQL instance; `more` changes or, as None, removes what it is asked with."""
        asked = {
            "DBInstanceIdentifier": name,
            "DBInstanceClass": "db.r5.large",
            "Engine": "postgres",
            "EngineVersion": "17.6",
            "AllocatedStorage": 100,
            "MasterUsername": "mlops",
            "MasterUserPassword": "correcthorse1",
            "BackupRetentionPeriod": 7,
            **more,
        }
        given = {parameter: value for parameter, value in asked.items() if value is not None}
        self.rds.create_db_instance(**given)

    def balancer(self, name: str = "edge", kind: str = "application", **more: Any) -> str:
        """A load balancer in a new VPC with an internet gateway."""
        subnets = more.pop("subnets", None) or self.subnets(self.vpc(gateway=True))
        made = self.elbv2.create_load_balancer(Name=name, Subnets=subnets, Type=kind, **more)
        return made["LoadBalancers"][0]["LoadBalancerArn"]

    def target_group(self, vpc_id: str, protocol: str = "HTTP", name: str = "targets") -> str:
        made = self.elbv2.create_target_group(
            Name=name, Protocol=protocol, Port=80, VpcId=vpc_id, TargetType="ip"
        )
        return made["TargetGroups"][0]["TargetGroupArn"]

    def zone(self, name: str = "example.com") -> str:
        made = self.route53.create_hosted_zone(Name=name, CallerReference=name)
        return made["HostedZone"]["Id"].rpartition("/")[2]

    def change(self, zone_id: str, action: str, name: str, kind: str, **record: Any) -> None:
        """One change of a record."""
        changed = {"Name": name, "Type": kind, **record}
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": changed}]}
        self.route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=batch)

    def certificate(self, domain: str = "a.example.com", *, zone_id: str | None = None) -> str:
        """A certificate, issued if the zone for its validation record is given."""
        made = self.acm.request_certificate(DomainName=domain, ValidationMethod="DNS")
        arn = made["CertificateArn"]
        if zone_id:
            self.validate(arn, zone_id)
        return arn

    def validate(self, certificate: str, zone_id: str) -> None:
        """Put a certificate's validation records into a zone."""
        described = self.acm.describe_certificate(CertificateArn=certificate)["Certificate"]
        for option in described["DomainValidationOptions"]:
            record = option["ResourceRecord"]
            values = [{"Value": record["Value"]}]
            self.change(zone_id, "UPSERT", record["Name"], "CNAME", TTL=60, ResourceRecords=values)

    def web_acl(self, name: str = "acl", rules: list[dict[str, Any]] | None = None) -> Any:
        return self.wafv2.create_web_acl(
            Name=name,
            Scope="REGIONAL",
            DefaultAction={"Allow": {}},
            VisibilityConfig=VISIBLE,
            Rules=rules or [],
        )["Summary"]


VISIBLE = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
