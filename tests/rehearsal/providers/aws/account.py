"""The simulated account as the tests of the `aws` provider see it: plain boto3, and what
most resources need (a network, a role, a key, a bucket), made when a test asks for it."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

import boto3

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.wire import is_list, is_object

ACCOUNT = "123456789012"
REGION = "us-east-1"
SESSION = boto3.session.Session(
    aws_access_key_id="AKIAREHEARSAL0000000", aws_secret_access_key="rehearsal"
)


class Account:
    """Calls the account behind the provider's back; each prerequisite is made once."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def __call__(self, service: str, region: str = REGION) -> Any:
        """The boto3 client of `service`."""
        return self._clients.get(service, region)

    @cached_property
    def vpc(self) -> str:
        """A VPC whose endpoints may take over the services' public names."""
        made = self("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self("ec2").modify_vpc_attribute(VpcId=made, EnableDnsHostnames={"Value": True})
        return made

    @cached_property
    def subnet_a(self) -> str:
        return self._subnet("10.0.1.0/24", "us-east-1a")

    @cached_property
    def public_subnet(self) -> str:
        """A subnet of the VPC once it has its internet gateway."""
        return self._subnet("10.0.100.0/24", "us-east-1a") if self.gateway else ""

    @cached_property
    def subnet_b(self) -> str:
        return self._subnet("10.0.2.0/24", "us-east-1b")

    @cached_property
    def group(self) -> str:
        return self("ec2").create_security_group(
            GroupName="some", Description="some", VpcId=self.vpc
        )["GroupId"]

    @cached_property
    def gateway(self) -> str:
        """An internet gateway, without which AWS makes no public load balancer."""
        ec2 = self("ec2")
        made = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=self.vpc)
        return made

    @cached_property
    def key(self) -> str:
        return self("kms").create_key()["KeyMetadata"]["Arn"]

    @cached_property
    def bucket(self) -> str:
        """A bucket that AWS's services may write to."""
        name = "some-bucket-123456789012"
        self("s3").create_bucket(Bucket=name)
        services = ("cloudtrail", "config", "delivery.logs", "logdelivery.elasticloadbalancing")
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": [f"{service}.amazonaws.com" for service in services]},
            "Action": ["s3:GetBucketAcl", "s3:ListBucket", "s3:PutObject"],
            "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        self("s3").put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
        return name

    @cached_property
    def topic(self) -> str:
        return self("sns").create_topic(Name="alerts")["TopicArn"]

    @cached_property
    def waf_logs(self) -> str:
        """ARN of a log group with the name that web ACLs require."""
        self("logs").create_log_group(logGroupName="aws-waf-logs-platform")
        return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:aws-waf-logs-platform"

    @cached_property
    def role(self) -> str:
        return self.role_for("eks")

    @cached_property
    def node_role(self) -> str:
        return self.role_for("ec2")

    @cached_property
    def pod_role(self) -> str:
        return self.role_for("pods.eks")

    @cached_property
    def scaling_group(self) -> str:
        """An Auto Scaling group without instances."""
        self("ec2").create_launch_template(
            LaunchTemplateName="nodes",
            LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "m5.large"},
        )
        self("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName="nodes",
            LaunchTemplate={"LaunchTemplateName": "nodes"},
            MinSize=0,
            MaxSize=0,
            VPCZoneIdentifier=self.subnet_a,
        )
        return "nodes"

    @cached_property
    def other_pod_role(self) -> str:
        return self.role_for("pods.eks", "other")

    @cached_property
    def config_role(self) -> str:
        return self.role_for("config")

    @cached_property
    def backup_role(self) -> str:
        return self.role_for("backup")

    def role_for(self, service: str, name: str | None = None) -> str:
        """ARN of a role that `service` takes."""
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": f"{service}.amazonaws.com"},
                    "Action": ["sts:AssumeRole", "sts:TagSession"],
                }
            ],
        }
        made = self("iam").create_role(
            RoleName=name or f"role-of-{service}", AssumeRolePolicyDocument=json.dumps(trust)
        )
        return made["Role"]["Arn"]

    def filled(self, template: Any) -> Any:
        """`template` with every `{name}` replaced by this account's thing of that name."""
        if is_object(template):
            return {key: self.filled(part) for key, part in template.items()}
        if is_list(template):
            return [self.filled(part) for part in template]
        if isinstance(template, str) and template[:1] == "{" and template[1:-1].isidentifier():
            return getattr(self, template[1:-1])
        return template

    def _subnet(self, cidr: str, zone: str) -> str:
        made = self("ec2").create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=zone)
        return made["Subnet"]["SubnetId"]
