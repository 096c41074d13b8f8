"""The agent's environment variables."""

import pytest

from lease.budget import Budget
from lease.settings import SettingsError, settings
from lease.writers import Deployment

GOOD = {
    "LEASE_TABLE": "mlops-fence",
    "LEASE_PLATFORM": "mlops",
    "LEASE_REGION": "us-east-1",
    "PGHOST": "postgres.internal.example.com",
    "PGDATABASE": "postgres",
    "PGUSER": "fence_agent",
    "PGPASSWORD": "secret",
}


def test_what_is_needed_is_enough() -> None:
    assert settings(GOOD).budget == Budget()


def test_figures_are_seconds_and_writers_a_list() -> None:
    parsed = settings(
        GOOD | {"LEASE_RENEW_SECONDS": "2.5", "LEASE_WRITERS": "mlflow/mlflow, feast/registry"}
    )
    assert parsed.budget.renew_every == 2_500
    assert parsed.writers == (
        Deployment(namespace="mlflow", name="mlflow"),
        Deployment(namespace="feast", name="registry"),
    )


def test_every_wrong_variable_is_named_at_once_and_no_password_is_shown() -> None:
    with pytest.raises(SettingsError) as refused:
        settings({"LEASE_TABLE": "x", "LEASE_WRITERS": "mlflow", "PGPASSWORD": "secret"})
    text = str(refused.value)
    for name in (
        "PGHOST", "PGDATABASE", "PGUSER", "LEASE_TABLE", "LEASE_PLATFORM", "LEASE_REGION",
        "LEASE_WRITERS",
    ):  # fmt: skip
        assert f"{name}: " in text
    assert "not 'mlflow'" in text
    assert "secret" not in text


def test_figures_that_contradict_each_other_are_named_as_they_were_given() -> None:
    with pytest.raises(SettingsError, match="LEASE_DURATION_SECONDS: expected at least 24000 ms"):
        settings(GOOD | {"LEASE_DURATION_SECONDS": "20"})
