"""Images that the platform runs outside of charts, each once and pinned."""

from __future__ import annotations

KUBECTL = "registry.k8s.io/kubectl:v1.35.0"
"""kubectl alone, no shell. Licence: Apache-2.0."""

POSTGRES = "docker.io/library/postgres:17.6"
"""psql and pg_dump of the database's own major version. Licence: PostgreSQL."""

AWS_CLI = "public.ecr.aws/aws-cli/aws-cli:2.31.0"
"""Licence: Apache-2.0."""

MLFLOW = "docker.io/burakince/mlflow"
"""The image that the MLflow chart runs, without a tag: that is the chart's `app_version`."""

VELERO_AWS = "docker.io/velero/velero-plugin-for-aws:v1.14.0"
"""Velero's plugin for S3 and EBS. Licence: Apache-2.0."""

CLOUDWATCH_EXPORTER = "quay.io/prometheuscommunity/yet-another-cloudwatch-exporter:v0.64.0"
"""Figures of AWS's services as metrics. Licence: Apache-2.0."""

OPENCOST = "ghcr.io/opencost/opencost:1.119.2"
"""What runs in the cluster, at AWS's prices. Licence: Apache-2.0."""

FLUENT_BIT = "cr.fluentbit.io/fluent/fluent-bit:4.2.0"
"""The log collector; Pod Identity works from 4.0.1 on. Licence: Apache-2.0."""

FEAST = "quay.io/feastdev/feature-server:0.66.0"
"""Feast's feature server. Licence: Apache-2.0."""
