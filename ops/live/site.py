"""A region of the real world, put together from the stack's settings and outputs."""

from __future__ import annotations

import json
from dataclasses import dataclass

from infra.outputs import EdgeOutputs, Outputs
from infra.settings import Settings
from ops.clock import Clock
from ops.errors import Refused
from ops.live.aws import Aws
from ops.live.buckets import Buckets
from ops.live.clusters import Clusters
from ops.live.databases import Databases
from ops.live.engine import Engine
from ops.live.fence_table import FenceTable
from ops.live.file_systems import FileSystems
from ops.live.log_positions import LogPositions
from ops.live.mlflow_api import Login, MlflowApi
from ops.live.outside import outside
from ops.live.probe import Places, Probe
from ops.live.switch import Switch
from ops.world.site import SiteReads, SiteWorld

MODELS = "models"
MLFLOW = "mlflow"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What one region consists of. The same objects serve reading and changing: which of the two
    a step may do is a matter of the type that it gets."""

    aws: Aws
    fence: FenceTable
    database: Databases
    files: FileSystems
    cluster: Clusters
    traffic: Switch
    probe: Probe
    mlflow: MlflowApi
    declaration: Engine
    objects: Buckets
    clock: Clock

    def reads(self) -> SiteReads:
        """To look at."""
        return SiteReads(
            account=self.aws.account(),
            clock=self.clock,
            fence=self.fence,
            database=self.database,
            files=self.files,
            cluster=self.cluster,
            traffic=self.traffic,
            probe=self.probe,
            declaration=self.declaration,
            objects=self.objects,
        )

    def world(self) -> SiteWorld:
        """To change."""
        return SiteWorld(
            clock=self.clock,
            fence=self.fence,
            database=self.database,
            files=self.files,
            cluster=self.cluster,
            traffic=self.traffic,
            probe=self.probe,
            declaration=self.declaration,
            objects=self.objects,
        )


def parts(
    settings: Settings, outputs: Outputs, engine: Engine, platform: str, lost_region: str | None
) -> Parts:
    """The region of `settings`, for the platform whose production stack has the prefix
    `platform`. With `lost_region` no call can reach that region."""
    aws, beyond = Aws(settings.region, lost_region), outside()
    edge = _edge(outputs)
    balancers = {
        host: (edge.models if name == MODELS else edge.consoles).dns_name
        for name, host in edge.hosts.items()
    }
    objects = Buckets(aws)
    places = Places(
        mlflow=edge.hosts[MLFLOW],
        models=edge.hosts[MODELS],
        stored={model.name: model.storage_uri for model in settings.services.serving.models},
    )
    door = beyond.door(balancers)

    def login() -> Login:
        return _login(aws, platform)

    return Parts(
        aws=aws,
        fence=FenceTable(aws, platform),
        database=Databases(aws, LogPositions(aws, platform, settings.region, beyond.ask_server)),
        files=FileSystems(aws),
        cluster=Clusters(aws, outputs.cluster.name, beyond.cluster(outputs.cluster.kubeconfig)),
        traffic=Switch(
            aws,
            platform,
            heartbeat_role=outputs.flip_heartbeat_role_arn,
            balancers=balancers,
            public=beyond.door({}),
            resolve=beyond.resolve,
        ),
        probe=Probe(door, places, login, objects),
        mlflow=MlflowApi(door, places.mlflow, login),
        declaration=engine,
        objects=objects,
        clock=beyond.clock,
    )


def _edge(outputs: Outputs) -> EdgeOutputs:
    if outputs.edge is None:
        raise Refused(
            "edge: the stack's outputs have no public names, so there is no traffic to move: "
            "deploy the stack with a certificate first"
        )
    return outputs.edge


def _login(aws: Aws, platform: str) -> Login:
    # MLflow keeps its users in the database, and the database is the production stack's, also
    # where it was promoted: so is the password, whose secret is copied to this region.
    name = f"{platform}-mlflow-admin"
    secret = json.loads(
        aws.read("secretsmanager", "get_secret_value", SecretId=name)["SecretString"]
    )
    return Login(user=secret["username"], password=secret["password"])
