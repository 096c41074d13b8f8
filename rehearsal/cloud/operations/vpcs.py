"""VPCs: what AWS makes with one goes with it."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call


def delete_vpc(call: Call) -> Answer:
    """DeleteVpc: moto leaves its default network ACL behind."""
    answer = call.upstream()
    acls = call.here.moto("ec2").network_acls
    for acl_id in [key for key, acl in acls.items() if acl.vpc_id == call.params["VpcId"]]:
        del acls[acl_id]
    return answer


OPERATIONS = {"DeleteVpc": delete_vpc}
