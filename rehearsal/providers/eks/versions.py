"""Versions of the packages whose resources the components register."""

from importlib.metadata import version

EKS = version("pulumi-eks")
KUBERNETES = version("pulumi-kubernetes")
