"""Clients of PostgreSQL: they know the server, and use no more rights than their work needs."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from catalog import rds_authorities
from catalog.regions import REGIONS
from components.services.database_bootstrap import (
    TENANTS,
    DatabaseBootstrapArgs,
    Tenant,
    database_bootstrap,
)
from components.services.database_trust import FILE, FOLDER, trust
from components.services.plan import ServicePlan
from tests.infra.services.stacks import SINGLE_SIGN_ON, committed, plans_of, settings_of

WEAK = re.compile(r'(?i)ssl_?mode(", "value)?["=: ]+(require|prefer|allow|disable)')


def plan(name: str) -> ServicePlan:
    (found,) = [one for one in committed("production") if one.name == name]
    return found


def pod(service: str, part: str) -> dict[str, Any]:
    (manifest,) = [one.manifest for one in plan(service).objects if one.name == part]
    spec = manifest["spec"]
    return spec.get("jobTemplate", {"spec": spec})["spec"]["template"]["spec"]


def bootstrap(**versions: int) -> ServicePlan:
    tenants = [
        dataclasses.replace(one, version=versions.get(one.name, one.version)) for one in TENANTS
    ]
    return database_bootstrap(
        DatabaseBootstrapArgs(
            host="db.internal",
            region="us-east-1",
            master_secret="master",
            passwords="mlops",
            tenants=tenants,
        )
    )


def job(made: ServicePlan) -> dict[str, Any]:
    (found,) = [one.manifest for one in made.objects if one.kind == "Job"]
    return dict(found)


@pytest.mark.parametrize("region", REGIONS)
def test_the_authorities_of_each_region_are_rds_own_and_stay_valid(region: str) -> None:
    text = trust("ca", "here", region).manifest["data"][FILE]
    found = x509.load_pem_x509_certificates(text.encode())
    names = {one.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value for one in found}
    assert names == {
        f"Amazon RDS {region} Root CA {kind} G1" for kind in ("RSA2048", "RSA4096", "ECC384")
    }
    for one in found:
        one.verify_directly_issued_by(one)
        assert one.not_valid_after_utc > datetime(2060, 1, 1, tzinfo=UTC)


def test_the_authorities_are_those_that_were_taken() -> None:
    known = (rds_authorities.FOLDER / "SHA256SUMS").read_text().splitlines()
    held = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
        for path in sorted(rds_authorities.FOLDER.glob("*.pem"))
    ]
    assert held == known


@pytest.mark.parametrize(
    ("service", "part"),
    [("database-bootstrap", "job"), ("database-backup", "job"), ("mlflow", "migration")],
)
def test_our_jobs_verify_the_server(service: str, part: str) -> None:
    spec = pod(service, part)
    container = (spec.get("initContainers") or spec["containers"])[0]
    said = {one["name"]: one.get("value") for one in container["env"]}
    assert said["PGSSLMODE"] == "verify-ca"
    mounts = {one["mountPath"]: one["name"] for one in container["volumeMounts"]}
    (volume,) = [one for one in spec["volumes"] if one["name"] == mounts[FOLDER]]
    held = {
        one.manifest["metadata"]["name"]: one.manifest
        for one in plan("database-bootstrap").objects
        if one.kind == "ConfigMap"
    }
    assert (
        said["PGSSLROOTCERT"] == f"{FOLDER}/{next(iter(held[volume['configMap']['name']]['data']))}"
    )


def test_the_exporter_and_grafana_verify_the_server() -> None:
    exporter = plan("database-exporter").releases[0].values
    source = exporter["config"]["datasource"]
    assert (source["sslmode"], source["extraParams"]) == (
        "verify-ca",
        f"sslrootcert={FOLDER}/{FILE}",
    )
    assert exporter["extraVolumeMounts"][0]["name"] == exporter["extraVolumes"][0]["name"]
    grafana = plan("monitoring").releases[0].values["grafana"]
    assert grafana["grafana.ini"]["database"]["ssl_mode"] == "verify-ca"
    assert grafana["grafana.ini"]["database"]["ca_cert_path"] == f"{FOLDER}/{FILE}"
    mounted = {one["configMap"] for one in grafana["extraConfigmapMounts"]}
    assert mounted < {one.manifest["metadata"]["name"] for one in plan("monitoring").objects}


def test_mlflow_verifies_the_server() -> None:
    values = plan("mlflow").releases[0].values
    assert values["extraEnvVars"]["PGSSLMODE"] == "verify-ca"
    assert values["extraEnvVars"]["PGSSLROOTCERT"] == f"{FOLDER}/{FILE}"
    assert_mounted(values["extraVolumes"], values["extraVolumeMounts"], "mlops-platform")


def test_feasts_registry_verifies_the_server() -> None:
    spec = pod("feast", "deployment")
    (container,) = spec["containers"]
    said = {one["name"]: one.get("value") for one in container["env"]}
    store = json.loads(base64.b64decode(said["FEATURE_STORE_YAML_BASE64"]))
    told = parse_qs(urlsplit(str(store["registry"]["path"])).query)
    assert told == {"sslmode": ["verify-ca"], "sslrootcert": [f"{FOLDER}/{FILE}"]}
    assert_mounted(spec["volumes"], container["volumeMounts"], "mlops-platform")


@pytest.mark.parametrize("part", ["controller", "server"])
@pytest.mark.parametrize("oidc", [False, True])
def test_argos_archive_verifies_the_server(part: str, oidc: bool) -> None:
    access = {"access": {"oidc": SINGLE_SIGN_ON}} if oidc else {}
    plans = plans_of(settings_of("production", access))
    (argo,) = [one for one in plans if one.name == "argo-workflows"]
    values = argo.releases[0].values
    archive = values["controller"]["persistence"]["postgresql"]
    assert (archive["ssl"], archive["sslMode"]) == (True, "verify-ca")
    said = {one["name"]: one["value"] for one in values[part]["extraEnv"]}
    assert said["PGSSLROOTCERT"] == f"{FOLDER}/{FILE}"
    assert_mounted(values[part]["volumes"], values[part]["volumeMounts"], "argo")


def test_nobody_asks_for_encryption_alone() -> None:
    """It would take any certificate, and so anybody's."""
    for one in committed("production"):
        told = [release.values for release in one.releases]
        text = json.dumps([*told, *(thing.manifest for thing in one.objects)], default=str)
        assert not re.search(r"(?i)ssl_?mode[\"=: ]+(require|prefer|allow|disable)", text), one.name


def assert_mounted(
    volumes: Sequence[Mapping[str, Any]], mounts: Sequence[Mapping[str, Any]], namespace: str
) -> None:
    """At `FOLDER` are authorities that a ConfigMap of the namespace holds."""
    (mounted,) = [one["name"] for one in mounts if one["mountPath"] == FOLDER]
    (volume,) = [one for one in volumes if one["name"] == mounted]
    made = {
        one.manifest["metadata"]["name"]: one.manifest["data"]
        for each in committed("production")
        for one in each.objects
        if one.kind == "ConfigMap" and one.namespace == namespace
    }
    assert FILE in made[volume["configMap"]["name"]]


def test_the_dumps_are_not_made_as_the_master_user() -> None:
    text = json.dumps(pod("database-backup", "job"))
    assert '"database-dumps"' in text
    assert "database-master" not in text


def test_a_password_with_a_new_version_runs_the_bootstrap_again() -> None:
    assert job(bootstrap())["metadata"]["name"] == job(bootstrap())["metadata"]["name"]
    assert job(bootstrap(mlflow=2))["metadata"]["name"] != job(bootstrap())["metadata"]["name"]


def test_the_bootstrap_waits_for_the_version_that_it_sets() -> None:
    """A Secret is refreshed with its new key, and a container does not start without the key."""
    made = bootstrap(mlflow=2)
    (container,) = job(made)["spec"]["template"]["spec"]["containers"]
    asked = {
        one["name"]: one["valueFrom"]["secretKeyRef"]
        for one in container["env"]
        if "valueFrom" in one
    }
    assert asked["MLFLOW_PASSWORD"] == {"name": "database-mlflow", "key": "password-v2"}
    (secret,) = [one.manifest for one in made.objects if one.name == "secret-database-mlflow"]
    keys = {one["secretKey"] for one in secret["spec"]["data"]}
    assert keys == {"username", "password", "password-v2"}


def test_a_tenant_owns_a_database_or_is_given_a_look_at_all() -> None:
    assert Tenant(name="mlflow", connections=1).owns
    assert not Tenant(name="dumps", connections=1, granted="pg_read_all_data").owns
