"""`mlops bootstrap-state`: bucket, multi-region key and copy of the state, in one command."""

from __future__ import annotations

from catalog.timings import seconds
from infra.settings import Settings
from ops.account import account_check
from ops.errors import Refused
from ops.regions import platform_of
from ops.step import Runbook, Step, Target
from ops.world.state_store import Place, StateReads, StateVerbs

NAME = "mlops-platform-state"

StateStep = Step[StateReads, StateVerbs]


def state_target(stack: str, settings: Settings) -> tuple[Target, Place, Place]:
    """The journal's address, the state's place and that of its copy: state lives in the region
    that one flees to. Raises Refused for a stack without another region."""
    peer = settings.peer
    if peer is None:
        raise Refused(
            f"stack {stack}: peer: expected another region, whose loss the state outlives"
        )
    here, there = settings.region, peer.region
    home, other = (here, there) if settings.source_stack is not None else (there, here)
    bucket = f"{NAME}-{settings.account_id}"
    target = Target(
        stack=stack,
        account_id=settings.account_id,
        region=home,
        platform=platform_of(settings),
        holder=home,
    )
    return target, Place(region=home, bucket=bucket), Place(region=other, bucket=f"{bucket}-backup")


def bootstrap_state(target: Target, home: Place, copy: Place) -> Runbook[StateReads, StateVerbs]:
    """Everything that holds the state, from nothing or from any part of it."""
    return Runbook(
        name="bootstrap-state",
        target=target,
        checks=[account_check(target)],
        steps=[
            _key(home.region),
            _copied_key(home.region, copy.region),
            *_bucket("bucket", home),
            *_bucket("copy", copy),
            _role(home, copy),
            _copied(home, copy),
        ],
    )


def backend(home: Place) -> list[str]:
    """How the state is used from now on."""
    return [
        f"pulumi login 's3://{home.bucket}?region={home.region}'",
        f"pulumi stack init <stack> --secrets-provider 'awskms://alias/{NAME}?region={home.region}'",
    ]


def _key(region: str) -> StateStep:
    def holds(reads: StateReads) -> bool:
        found = reads.key(region)
        return found is not None and found.rotates

    return Step(
        name="key",
        goal=f"alias/{NAME} in {region} is a multi-region key that rotates",
        holds=holds,
        make=lambda world: world.make_key(region),
        takes=seconds("aws:kms/key:Key", "create"),
    )


def _copied_key(source: str, region: str) -> StateStep:
    return Step(
        name="key's copy",
        goal=f"alias/{NAME} in {region} is the same key, so that a copied state can be read",
        holds=lambda reads: reads.key(region) is not None,
        make=lambda world: world.copy_key(source, region),
        takes=seconds("aws:kms/key:Key", "create"),
    )


def _bucket(name: str, place: Place) -> list[StateStep]:
    def safe(reads: StateReads) -> bool:
        found, key = reads.bucket(place), reads.key(place.region)
        return found is not None and key is not None and found.safe(key.arn)

    return [
        Step(
            name=name,
            goal=f"{place.bucket} is in {place.region}",
            holds=lambda reads: reads.bucket(place) is not None,
            make=lambda world: world.make_bucket(place),
            takes=seconds("aws:s3/bucket:Bucket", "create"),
        ),
        Step(
            name=f"safe {name}",
            goal=f"{place.bucket} is versioned, private, encrypted by the key, asked by TLS alone",
            holds=safe,
            make=lambda world: world.secure(place, _arn(world, place.region)),
            takes=seconds("aws:s3/bucket:Bucket", "create"),
        ),
    ]


def _role(home: Place, copy: Place) -> StateStep:
    return Step(
        name="role",
        goal="a role may copy the one bucket to the other, and nothing else",
        holds=lambda reads: reads.role() is not None,
        make=lambda world: world.make_role(
            home, _arn(world, home.region), copy, _arn(world, copy.region)
        ),
        takes=seconds("aws:iam/role:Role", "create"),
    )


def _copied(home: Place, copy: Place) -> StateStep:
    def make(world: StateVerbs) -> None:
        role = world.role()
        if role is not None:
            world.copy(home, copy, role, _arn(world, copy.region))

    return Step(
        name="copying",
        goal=f"{home.bucket} is copied to {copy.bucket}, its locks left out",
        holds=lambda reads: reads.copied_to(home) == copy.bucket,
        make=make,
        takes=seconds("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "create"),
    )


def _arn(reads: StateReads, region: str) -> str:
    found = reads.key(region)
    if found is None:
        raise Refused(f"alias/{NAME} in {region}: gone since it was made; run the command again")
    return found.arn
