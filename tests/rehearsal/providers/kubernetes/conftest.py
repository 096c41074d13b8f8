"""A simulated account beside the simulated cluster, empty at the start of each test."""

from __future__ import annotations

from tests.rehearsal.cloud.conftest import account, clients

__all__ = ["account", "clients"]
