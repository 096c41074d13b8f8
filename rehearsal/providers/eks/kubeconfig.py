"""The kubeconfig of a cluster and the Kubernetes provider made from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from rehearsal.providers.eks.component import Blueprint
from rehearsal.providers.eks.monitor import Registered
from rehearsal.providers.eks.traced import Traced, combined
from rehearsal.providers.eks.versions import KUBERNETES
from rehearsal.providers.wire import Props


def kubeconfig_of(cluster: Registered) -> Traced:
    """Fetches a token by the AWS CLI, in the cluster's own region."""
    return combined(
        _kubeconfig,
        cluster["name"],
        cluster["endpoint"],
        cluster["certificateAuthority"],
        cluster["arn"],
    )


def kubernetes_provider(plan: Blueprint, own: Registered, kubeconfig: Traced) -> None:
    """Register the provider that the component itself would use."""
    options = replace(plan.under(own), provider="")
    plan.monitor.resource(
        "pulumi:providers:kubernetes",
        f"{plan.name}-eks-k8s",
        {"kubeconfig": combined(json.dumps, kubeconfig)},
        options,
        version=KUBERNETES,
    )


def _kubeconfig(name: str, endpoint: str, authority: Mapping[str, str], arn: str) -> Props:
    region = arn.split(":")[3]
    arguments = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"]
    environment = {
        "name": "KUBERNETES_EXEC_INFO",
        "value": '{"apiVersion": "client.authentication.k8s.io/v1beta1"}',
    }
    command = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": arguments,
        "env": [environment],
    }
    server = {"server": endpoint, "certificate-authority-data": authority["data"]}
    return {
        "apiVersion": "v1",
        "clusters": [{"cluster": server, "name": "kubernetes"}],
        "contexts": [{"context": {"cluster": "kubernetes", "user": "aws"}, "name": "aws"}],
        "current-context": "aws",
        "kind": "Config",
        "users": [{"name": "aws", "user": {"exec": command}}],
    }
