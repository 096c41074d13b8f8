"""The architecture picture."""

from __future__ import annotations

import pytest

from rehearsal.report.architecture import draw, places
from rehearsal.report.architecture.layout import Drawing, Shape
from rehearsal.report.architecture.places import Places
from rehearsal.report.recording import resource_records
from tests.rehearsal.report.rehearsed import resource, stack
from tests.rehearsal.timeline import recorded


def recorded_places() -> Places:
    return places(stack(*resource_records(recorded.state("up"))))


def test_the_recorded_stack_has_its_tiers_zones_and_subnets():
    (network,) = recorded_places().networks
    assert network.cidr == "10.0.0.0/16"
    assert network.zones == ("us-east-1a", "us-east-1b")
    assert [tier.name for tier in network.tiers] == ["public", "private", "database"]
    public = network.tiers[0].subnets
    assert {(one.zone, one.cidr) for one in public} == {
        ("us-east-1a", "10.0.0.0/22"),
        ("us-east-1b", "10.0.4.0/22"),
    }
    assert [item.label for one in public for item in one.items] == ["NAT", "NAT"]


def test_the_cluster_holds_its_pools_in_the_tier_of_their_subnets():
    private = recorded_places().networks[0].tiers[1]
    (cluster,) = private.clusters
    assert cluster.item.note == "Kubernetes 1.35"
    assert [(pool.label, pool.note) for pool in cluster.pools] == [
        ("nodes-system", "3 \N{MULTIPLICATION SIGN} m5.large (3-6)")
    ]


def test_the_database_is_in_the_tier_of_its_subnet_group():
    database = recorded_places().networks[0].tiers[2]
    assert [(one.label, one.note) for one in database.spanning] == [
        ("database", "PostgreSQL 17.6, db.r5.large, Multi-AZ")
    ]


def test_endpoints_carry_the_name_of_their_service():
    endpoints = recorded_places().networks[0].endpoints
    assert [(one.label, one.note) for one in endpoints] == [("s3", "gateway"), ("sts", "")]


def test_what_is_in_no_network_is_in_a_panel():
    drawn = places(
        stack(
            resource("aws:s3/bucket:Bucket", "buckets-models", parent="buckets"),
            resource("aws:s3/bucket:Bucket", "logs-bucket", parent="logs"),
            resource("aws:rds/instance:Instance", "database-instance", engine="postgres"),
            resource("aws:iam/role:Role", "a"),
            resource("aws:iam/role:Role", "b"),
        )
    )
    assert drawn.networks == ()
    assert {panel.title: [item.label for item in panel.items] for panel in drawn.panels} == {
        "Storage and registry": ["models", "logs"],
        "Data services": ["database-instance"],
        "Identity": ["2 roles"],
    }


def test_what_is_alone_in_a_component_is_called_after_it():
    above = "mlops:components:Buckets$mlops:components:Bucket::buckets-models"
    drawn = places(stack(resource("aws:s3/bucket:Bucket", "buckets-models-bucket", parent=above)))
    assert [item.label for item in drawn.panels[0].items] == ["models"]


def test_a_tier_comes_from_a_tag_or_else_from_the_name():
    token = "aws:ec2/subnet:Subnet"
    drawn = places(
        stack(
            resource("aws:ec2/vpc:Vpc", "v", "vpc-1", cidrBlock="10.0.0.0/16"),
            resource(token, "public-a", "s1", vpcId="vpc-1", availabilityZone="a"),
            resource(token, "x", "s2", vpcId="vpc-1", availabilityZone="a", tags={"tier": "edge"}),
            resource(token, "other", "s3", vpcId="vpc-1", availabilityZone="b"),
        )
    )
    assert [tier.name for tier in drawn.networks[0].tiers] == ["public", "edge", "subnets"]


def inner(drawing: Drawing, kind: str) -> list[Shape]:
    return [shape for shape in drawing.shapes if shape.css.split()[0] == kind]


@pytest.mark.parametrize("width", [352, 760, 1120])
def test_nothing_leaves_the_frame_and_no_two_chips_overlap(width: float):
    drawing = draw(recorded_places(), width)
    for shape in drawing.shapes:
        assert shape.x >= 0
        assert shape.x + shape.width <= width
        assert shape.y + shape.height <= drawing.height
    for kind in ("panel", "subnet", "tier", "chip"):
        boxes = inner(drawing, kind)
        for index, one in enumerate(boxes):
            assert not [other for other in boxes[index + 1 :] if overlap(one, other)]


def overlap(one: Shape, other: Shape) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def test_two_subnets_of_one_tier_and_zone_are_drawn_one_below_the_other():
    token = "aws:ec2/subnet:Subnet"
    drawn = places(
        stack(
            resource("aws:ec2/vpc:Vpc", "v", "vpc-1", cidrBlock="10.0.0.0/16"),
            resource(token, "public-1", "s1", vpcId="vpc-1", availabilityZone="a"),
            resource(token, "public-2", "s2", vpcId="vpc-1", availabilityZone="a"),
        )
    )
    one, other = inner(draw(drawn, 352), "subnet")
    assert not overlap(one, other)


def test_a_name_too_long_for_its_chip_is_cut_and_kept_in_the_tooltip():
    name = "a-very-long-bucket-name-that-no-phone-can-show-in-one-line-of-text"
    drawing = draw(places(stack(resource("aws:s3/bucket:Bucket", name))), 352)
    (chip,) = inner(drawing, "chip")
    assert chip.text.endswith("…")
    assert name in chip.tooltip


def test_an_empty_stack_has_an_empty_frame():
    drawing = draw(places(stack()), 352)
    assert [shape.css for shape in drawing.shapes] == ["region"]
