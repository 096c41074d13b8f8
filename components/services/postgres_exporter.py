"""PostgreSQL's own statistics as metrics, read by a role that may read nothing else: of a replica
too, which has the role of its source."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input

from catalog.charts import CHARTS
from components.services.database_trust import MODE, MOUNT, PATH, trust, volume
from components.services.external_secret import external_secret
from components.services.flows import Flow, Pods, scraped
from components.services.plan import Release, ServicePlan
from components.services.pod import PLATFORM_SERVICE, resources

CHART = CHARTS["prometheus-postgres-exporter"]
PORT = 9187
AUTHORITIES = "database-exporter-ca"
SECRET = "database-exporter"  # noqa: S105 - a name
PODS = Pods(namespace=CHART.namespace, labels={"app.kubernetes.io/name": CHART.name})


@dataclass(frozen=True, kw_only=True)
class PostgresExporterArgs:
    """`passwords` begins the name of the role's secret."""

    host: Input[str]
    region: str
    passwords: str


def postgres_exporter(args: PostgresExporterArgs) -> ServicePlan:
    """One replica: two would count every connection twice."""
    secret = external_secret(
        name=SECRET,
        namespace=CHART.namespace,
        source=f"{args.passwords}-db-exporter",
        keys={"username": "username", "password": "password"},
    )
    authorities = trust(AUTHORITIES, CHART.namespace, args.region)
    release = Release(
        name="release",
        chart=CHART,
        values={
            "config": {
                "datasource": {
                    "host": args.host,
                    "userSecret": {"name": SECRET, "key": "username"},
                    "passwordSecret": {"name": SECRET, "key": "password"},
                    "database": "postgres",
                    "sslmode": MODE,
                    "extraParams": f"sslrootcert={PATH}",
                }
            },
            "extraVolumes": [volume(AUTHORITIES)],
            "extraVolumeMounts": [dict(MOUNT)],
            "serviceMonitor": {"enabled": True},
            "resources": resources("50m", "64Mi", memory_limit="128Mi"),
            "priorityClassName": PLATFORM_SERVICE,
        },
        uses=("monitoring.coreos.com",),
        after=(secret.name, authorities.name, "priorities", "database-bootstrap"),
    )
    flows = [
        Flow(name="database-exporter-to-database", source=PODS, target="vpc", ports=(5432,)),
        scraped("database-exporter", PODS, PORT),
    ]
    return ServicePlan(name="database-exporter", parts=[secret, authorities, release], flows=flows)
