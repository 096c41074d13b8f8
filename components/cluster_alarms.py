"""The alarm of a cluster that no longer answers, kept outside it: what watches from inside is
silent then.

EKS reports the API server's requests every minute, at no charge, and a cluster without nodes
still has some. Source: EKS user guide, basic metrics in CloudWatch.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.metric_alarms import Threshold, under

NAMESPACE = "AWS/EKS"
MINUTES = 5


def thresholds(cluster_name: str) -> Sequence[Threshold]:
    """No request, or no word of any, for five minutes."""
    because = f"cluster unavailable: no API server of {cluster_name} answers for five minutes"
    return [
        under(
            "unavailable",
            "apiserver_request_total",
            1,
            MINUTES,
            because,
            statistic="Sum",
            ClusterName=cluster_name,
        )
    ]
