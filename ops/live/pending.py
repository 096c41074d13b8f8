"""Pending operations in a stack's state, and what AWS has by the tag `mlops:id`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ops.live.aws import Aws, NotFound
from ops.live.engine import Engine
from ops.live.lookups import LOOKUPS
from ops.pending_state import pending_of, settled, unread_of
from ops.resource_ids import TAG
from ops.world.pending import Pending

GOING = ("PendingDeletion", "PendingReplicaDeletion")
"""Of a key."""
GONE = ("deleting", "deleted", "failed")
"""Of a NAT gateway."""


class PendingOperations:
    """One stack's state and its region."""

    def __init__(self, aws: Aws, engine: Engine, *, dead: bool = False) -> None:
        """`dead`: whether the operator says that no engine is at work, so that a lock is a dead
        one's."""
        self._aws, self._engine, self._dead = aws, engine, dead

    @property
    def account(self) -> str:
        """The account that the credentials belong to."""
        return self._aws.account()

    def pending(self) -> Sequence[Pending]:
        """Operations that are under way according to the state."""
        return pending_of(self._engine.state())

    def unread(self) -> Sequence[str]:
        """URNs of resources that were taken in and not read yet."""
        return unread_of(self._engine.state())

    def tagged(self, identity: str) -> Sequence[str]:
        """ARNs of what carries this `mlops:id` in the region."""
        wanted = [{"Key": TAG, "Values": [identity]}]
        pages = self._aws.pages("resourcegroupstaggingapi", "get_resources", TagFilters=wanted)
        found = [each["ResourceARN"] for page in pages for each in page["ResourceTagMappingList"]]
        return [arn for arn in found if not self._is_gone(arn)]

    def _is_gone(self, arn: str) -> bool:
        """Tags may outlive what they were on."""
        try:
            return self._going(arn)
        except NotFound:
            return True

    def looked_up(self, pending: Pending) -> str | None:
        """ID of what came of a creation whose type nothing marks, by what it belongs to."""
        return LOOKUPS[pending.type](self._aws, pending.inputs)

    def _going(self, arn: str) -> bool:
        """Keys and secrets keep their tags for the days in which their deletion could be called
        off, gateways for an hour after it."""
        if ":kms:" in arn:
            key = self._aws.read("kms", "describe_key", KeyId=arn)["KeyMetadata"]
            return key["KeyState"] in GOING
        if ":secretsmanager:" in arn:
            secret = self._aws.read("secretsmanager", "describe_secret", SecretId=arn)
            return bool(secret.get("DeletedDate"))
        if ":natgateway/" in arn:
            wanted = [arn.rpartition("/")[2]]
            found = self._aws.read("ec2", "describe_nat_gateways", NatGatewayIds=wanted)
            return all(each["State"] in GONE for each in found["NatGateways"])
        return False

    def settle(self, ids: Mapping[Pending, str | None]) -> None:
        """End all operations, and take in what has an ID."""
        self.unlock()
        self._engine.change_state(lambda deployment: settled(deployment, ids))

    def unlock(self) -> None:
        """Take a dead engine's lock away; where there is none, nothing."""
        if self._dead:
            self._engine.unlock()

    def read_anew(self, urns: Sequence[str]) -> None:
        """`pulumi refresh` of these."""
        self._engine.read_anew(urns)
