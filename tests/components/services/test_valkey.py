"""The small online store: three pods that survive a drain, and a password for every user."""

from __future__ import annotations

import base64
import json
from typing import Any

from catalog.charts import CHARTS
from components.services.valkey import HOST, NAMESPACE, valkey
from tests.infra.services.stacks import judge, plans_of, settings_of

PLAN = valkey("mlops", 10)
SMALL = {"learning": {"feast": {"online_store": {"kind": "in-cluster"}}}}


def values() -> dict[str, Any]:
    return dict(PLAN.releases[0].values)


def test_a_stack_with_the_small_store_is_sound() -> None:
    judge(settings_of("production", SMALL))


def test_a_primary_has_two_replicas_and_a_drain_takes_one_pod_at_a_time() -> None:
    assert values()["replica"]["enabled"] is True
    assert values()["replica"]["replicas"] == 2
    assert values()["replica"]["persistence"] == {"size": "10Gi", "storageClass": "gp3"}
    assert values()["podDisruptionBudget"]["maxUnavailable"] == 1


def test_every_user_has_a_password_that_is_in_the_secret() -> None:
    """The chart's start script ends where one has none."""
    auth = values()["auth"]
    (secret,) = [
        one.manifest
        for one in PLAN.objects
        if one.manifest["metadata"]["name"] == auth["usersExistingSecret"]
    ]
    keys = {one["secretKey"] for one in secret["spec"]["data"]}
    assert {user["passwordKey"] for user in auth["aclUsers"].values()} <= keys
    assert values()["replica"]["replicationUser"] in auth["aclUsers"]


def test_nobody_gets_in_without_a_name() -> None:
    users = values()["auth"]["aclUsers"]
    assert users["default"]["permissions"] == "off"
    for name in ("replicator", "monitor"):
        assert users[name]["permissions"].startswith("-@all ")
        assert "~" not in users[name]["permissions"]
    assert values()["metrics"]["exporter"]["extraEnvs"]["REDIS_USER"] == "monitor"


def certificate_of() -> dict[str, Any]:
    (found,) = [one.manifest for one in PLAN.objects if one.kind == "Certificate"]
    return dict(found["spec"])


def test_it_speaks_tls_alone_with_a_certificate_of_the_authority_inside() -> None:
    tls = values()["tls"]
    assert tls["enabled"] is True
    assert tls["existingSecret"] == certificate_of()["secretName"]
    keys = (tls["serverPublicKey"], tls["serverKey"], tls["caPublicKey"])
    assert keys == ("tls.crt", "tls.key", "ca.crt")
    (release,) = PLAN.releases
    assert "certificate-valkey-tls" in release.after


def test_a_renewed_certificate_is_taken_without_a_restart() -> None:
    """Otherwise its clients would turn away from the old one after ninety days."""
    assert "tls-auto-reload-interval 3600" in values()["valkeyConfig"]
    major, minor, *_ = (int(part) for part in CHARTS["valkey"].app_version.split("."))
    assert (major, minor) >= (9, 1)


def test_whoever_asks_it_verifies_the_name_that_it_is_asked_by() -> None:
    names = certificate_of()["dnsNames"]
    exporter = values()["metrics"]["exporter"]
    assert exporter["extraEnvs"]["REDIS_ADDR"] == "rediss://localhost:6379"
    assert {"localhost", HOST} <= set(names)
    (mount,) = exporter["extraVolumeMounts"]
    authority = exporter["extraEnvs"]["REDIS_EXPORTER_TLS_CA_CERT_FILE"]
    assert authority == f"{mount['mountPath']}/ca.crt"


def test_feast_holds_it_to_the_authority_and_never_sees_its_key() -> None:
    plans = plans_of(settings_of("production", SMALL))
    (feast,) = [plan for plan in plans if plan.name == "feast"]
    (pod,) = [
        one.manifest["spec"]["template"]["spec"]
        for one in feast.objects
        if one.kind == "Deployment"
    ]
    (container,) = pod["containers"]
    told = {one["name"]: one.get("value") for one in container["env"]}
    store = json.loads(base64.b64decode(told["FEATURE_STORE_YAML_BASE64"]))
    said = store["online_store"]["connection_string"].split(",")
    assert said[0] == f"{HOST}:6379"
    assert said[-2:] == ["ssl=true", "ssl_ca_certs=/etc/valkey-authority/ca.crt"]
    (volume,) = [one for one in pod["volumes"] if "secret" in one]
    assert volume["secret"]["secretName"] == certificate_of()["secretName"]
    assert [one["key"] for one in volume["secret"]["items"]] == ["ca.crt"]
    mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    assert mounts[volume["name"]] == "/etc/valkey-authority"


def test_the_exporters_container_is_restricted_as_its_namespace_asks() -> None:
    security = values()["metrics"]["exporter"]["securityContext"]
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert security["runAsNonRoot"] is True


def test_replicas_reach_their_primary() -> None:
    (flow,) = [one for one in PLAN.flows if one.name == "valkey-replicates"]
    assert flow.source == flow.target
    assert flow.ports == (6379,)
    assert NAMESPACE == "mlops-platform"
