"""GuardDuty."""

from __future__ import annotations

from components.base import Site
from components.threat_detection import ThreatDetection, ThreatDetectionArgs
from tests.components.recorder import Recording, record


def build(site: Site) -> Recording[ThreatDetection]:
    return record(lambda: ThreatDetection("threats", ThreatDetectionArgs(), site))


def test_there_is_one_detector_and_it_is_on(site: Site) -> None:
    detector = build(site).one("aws:guardduty/detector:Detector")
    assert detector.inputs["enable"] is True
    assert site.tags.items() <= detector.tags.items()


def test_clusters_buckets_and_databases_are_watched(site: Site) -> None:
    features = build(site).all("aws:guardduty/detectorFeature:DetectorFeature")
    watched = {one.inputs["name"]: one.inputs["status"] for one in features}
    assert {"EKS_AUDIT_LOGS", "S3_DATA_EVENTS", "RDS_LOGIN_EVENTS"} <= set(watched)
    assert set(watched.values()) == {"ENABLED"}
