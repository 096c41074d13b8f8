"""The cluster's end of a declared target group: pods of a service become its targets."""

from __future__ import annotations

from pulumi import Input

from components.services.plan import Object


def target_group_binding(
    *, name: str, namespace: str, service: str, port: int, target_group_arn: Input[str]
) -> Object:
    """A TargetGroupBinding. The security groups of both ends are declared with the balancer,
    so the controller is given no rules to manage."""
    return Object(
        name=f"targets-{name}",
        manifest={
            "apiVersion": "elbv2.k8s.aws/v1beta1",
            "kind": "TargetGroupBinding",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {
                "serviceRef": {"name": service, "port": port},
                "targetGroupARN": target_group_arn,
                "targetType": "ip",
            },
        },
        after=("@edge",),
    )
