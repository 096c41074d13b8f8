"""Between the consoles' balancer and the pods: TLS wherever a console can serve it."""

from __future__ import annotations

from typing import Any

import pytest

from components.services.plan import ServicePlan
from infra.edge import consoles
from infra.public_names import console_hosts
from infra.settings import Settings
from tests.infra.composed import recorded
from tests.infra.services.stacks import DIGEST, EVERYTHING, everything, plans_of, settings_of

PLAIN = {"platform_api": {"image_digest": DIGEST}, "web_ui": {"image_digest": DIGEST}}
IN_PLAIN_HTTP = {"mlflow"}
"""Its chart can probe it by plain HTTP alone."""


def settings() -> Settings:
    return settings_of("production", EVERYTHING)


def console_plans() -> dict[str, ServicePlan]:
    """The plan that answers for each console."""
    names = {host: console for console, host in console_hosts(settings()).items()}
    return {names[host]: plan for plan in everything() for host in plan.hosts if host in names}


def release(console: str) -> dict[str, Any]:
    (found,) = console_plans()[console].releases
    return dict(found.values)


def certificates(plan: ServicePlan) -> list[Any]:
    return [one for one in plan.objects if one.kind == "Certificate"]


def test_every_console_but_mlflow_can_be_asked_over_tls() -> None:
    spoken = {console.name: console.protocol for console in consoles(settings())}
    assert {name for name, protocol in spoken.items() if protocol == "HTTP"} == IN_PLAIN_HTTP


def test_an_application_speaks_what_its_image_does() -> None:
    plain = settings_of("production", {"applications": PLAIN})
    spoken = {console.name: console.protocol for console in consoles(plain)}
    assert (spoken["api"], spoken["web-ui"]) == ("HTTP", "HTTP")
    (api,) = [plan for plan in plans_of(plain) if plan.name == "platform-api"]
    assert certificates(api) == []


def test_the_balancer_asks_and_checks_each_pod_by_what_it_speaks() -> None:
    with recorded(settings()) as recording:
        groups = {
            one.name.removeprefix("consoles-"): one.inputs
            for one in recording.all("aws:lb/targetGroup:TargetGroup")
        }
    for console in consoles(settings()):
        group = groups[console.name]
        assert group["protocol"] == group["healthCheck"]["protocol"] == console.protocol


@pytest.mark.parametrize("console", sorted(console_hosts(settings())))
def test_a_console_that_is_asked_over_tls_has_a_certificate_for_its_service(console: str) -> None:
    plan = console_plans()[console]
    if console in IN_PLAIN_HTTP:
        assert certificates(plan) == []
        return
    (made,) = certificates(plan)
    (binding,) = [one for one in plan.objects if one.kind == "TargetGroupBinding"]
    service = binding.manifest["spec"]["serviceRef"]["name"]
    assert made.namespace == binding.namespace
    assert f"{service}.{made.namespace}.svc" in made.manifest["spec"]["dnsNames"]
    assert made.manifest["spec"]["issuerRef"] == {"name": "internal", "kind": "ClusterIssuer"}
    waiting = [part for part in plan.parts if made.name in part.after]
    assert waiting, f"{console}: nothing waits for {made.name}"


def test_grafana_serves_its_certificate_and_is_probed_and_read_over_tls() -> None:
    grafana = release("grafana")["grafana"]
    server = grafana["grafana.ini"]["server"]
    (mount,) = grafana["extraSecretMounts"]
    assert server["protocol"] == "https"
    assert server["cert_file"] == f"{mount['mountPath']}/tls.crt"
    assert server["cert_key"] == f"{mount['mountPath']}/tls.key"
    assert server["certs_watch_interval"]
    for probe in ("readinessProbe", "livenessProbe"):
        assert grafana[probe]["httpGet"]["scheme"] == "HTTPS"
    monitor = grafana["serviceMonitor"]
    assert monitor["scheme"] == "https"
    assert monitor["tlsConfig"]["ca"]["secret"] == {"name": mount["secretName"], "key": "ca.crt"}
    assert monitor["tlsConfig"]["serverName"] == "kube-prometheus-stack-grafana.monitoring.svc"
    for sidecar in ("dashboards", "datasources"):
        assert grafana["sidecar"][sidecar]["reloadURL"].startswith("https://localhost:3000/")


def test_argos_server_is_secure_and_may_read_its_certificate() -> None:
    server = release("argo")["server"]
    (made,) = certificates(console_plans()["argo"])
    secret = made.manifest["spec"]["secretName"]
    assert server["secure"] is True
    assert f"--tls-certificate-secret-name={secret}" in server["extraArgs"]
    assert secret in server["sso"]["rbac"]["secretWhitelist"]


def test_argo_cd_serves_the_secret_that_it_looks_for() -> None:
    (made,) = certificates(console_plans()["argocd"])
    assert made.manifest["spec"]["secretName"] == "argocd-server-tls"
    assert not release("argocd")["configs"].get("params", {}).get("server.insecure")


def pod(console: str) -> Any:
    (found,) = [one for one in console_plans()[console].objects if one.kind == "Deployment"]
    return found.manifest["spec"]["template"]["spec"]


@pytest.mark.parametrize("console", ["api", "web-ui"])
def test_an_application_that_serves_tls_gets_its_certificate_and_is_probed_over_it(
    console: str,
) -> None:
    (container,) = pod(console)["containers"]
    (made,) = certificates(console_plans()[console])
    volumes = {one["name"]: one for one in pod(console)["volumes"]}
    mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    assert volumes["tls"]["secret"]["secretName"] == made.manifest["spec"]["secretName"]
    environment = {one["name"]: one.get("value") for one in container["env"]}
    assert environment["TLS_CERT_FILE"] == f"{mounts['tls']}/tls.crt"
    assert environment["TLS_KEY_FILE"] == f"{mounts['tls']}/tls.key"
    for probe in ("readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["scheme"] == "HTTPS"


def test_prometheus_holds_the_platform_api_to_the_authority() -> None:
    (monitor,) = [
        one.manifest for one in console_plans()["api"].objects if one.kind == "ServiceMonitor"
    ]
    (endpoint,) = monitor["spec"]["endpoints"]
    assert endpoint["scheme"] == "https"
    assert endpoint["tlsConfig"]["serverName"] == "platform-api.mlops-platform.svc"
    assert endpoint["tlsConfig"]["ca"]["secret"] == {"name": "platform-api-tls", "key": "ca.crt"}


def test_the_prober_holds_the_web_ui_to_the_authority() -> None:
    (plan,) = [plan for plan in everything() if plan.name == "probes"]
    (probe,) = [one.manifest for one in plan.objects if one.name == "web-ui"]
    (prober,) = plan.releases
    (mount,) = prober.values["extraSecretMounts"]
    module = prober.values["config"]["modules"][probe["spec"]["module"]]
    assert probe["spec"]["targets"]["staticConfig"]["static"] == [
        "https://web-ui.mlops-platform.svc:443/"
    ]
    assert module["http"]["tls_config"] == {"ca_file": f"{mount['mountPath']}/ca.crt"}
    (made,) = certificates(plan)
    assert mount["secretName"] == made.manifest["spec"]["secretName"]


def test_a_binding_of_another_protocol_has_another_name_as_its_group_cannot_change() -> None:
    def bound(plans: Any) -> str:
        (plan,) = [plan for plan in plans if plan.name == "web-ui"]
        (found,) = [one for one in plan.objects if one.kind == "TargetGroupBinding"]
        return str(found.manifest["metadata"]["name"])

    plain = plans_of(settings_of("production", {"applications": PLAIN}))
    assert bound(plain) != bound(everything())
