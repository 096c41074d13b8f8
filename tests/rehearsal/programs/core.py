"""The data layer of the platform, as the stack file of production has it, without a peer."""

import json

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from infra.data import (
    build_buckets,
    build_database,
    build_file_system,
    build_internal_zone,
    build_keys,
    build_network,
    build_registry,
)
from infra.guardrails import alert_topics
from infra.settings import parse
from infra.where import aws_provider, site_of

document = json.loads(pulumi.Config().require("settings"))
settings = parse("production", json.dumps(document))
site = site_of(settings)
opts = ResourceOptions(providers=[aws_provider(settings)])
keys = build_keys(settings, site, opts)
network = build_network(settings, site, keys, opts)
nodes = aws.ec2.SecurityGroup(
    "nodes",
    name="nodes",
    description="nodes of a cluster",
    vpc_id=network.vpc_id,
    tags={"mlops:id": f"0123456789ab:{settings.prefix}-nodes"},
    opts=ResourceOptions(provider=opts.providers[0] if isinstance(opts.providers, list) else None),
)
topics = alert_topics(settings, site, keys.logs, opts)
zone = build_internal_zone(settings, site, network, opts)
build_buckets(settings, site, keys, opts)
build_registry(settings, site, keys, opts)
build_file_system(settings, site, network, keys, nodes.id, opts)
build_database(settings, site, network, keys, None, zone, nodes.id, topics.arns["critical"], opts)
