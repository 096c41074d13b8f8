"""EC2 instances: what goes with one goes when it is terminated."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call


def terminate_instances(call: Call) -> Answer:
    """TerminateInstances: moto leaves the interfaces that came with them."""
    going, interfaces = call.listed("InstanceIds"), call.here.moto("ec2").enis
    held = [key for key, one in interfaces.items() if _holder(one) in going]
    answer = call.upstream()
    for key in held:
        interfaces.pop(key, None)
    return answer


def _holder(interface: object) -> str | None:
    """The instance that an interface is attached to."""
    return getattr(getattr(interface, "instance", None), "id", None)


OPERATIONS = {"TerminateInstances": terminate_instances}
