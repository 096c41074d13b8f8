"""What holds for secrets from Secrets Manager where people work: training's account alone.

The store of external-secrets reads every secret of the stack, in each namespace that it answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.services.admission import Policy
from components.services.training_access import TRACKER


def secret_policies(passwords: str, platform: Sequence[str]) -> list[Policy]:
    """Every policy on secrets that are brought in; `passwords` begins the names of those that the
    database knows, `platform` are the platform's namespaces."""
    key = f"{passwords}-{TRACKER}"
    return [
        Policy(
            name="own-secrets",
            because="the stack's secrets are the platform's",
            fix=f"bring in {key} alone, by key",
            kinds={"external-secrets.io": ("externalsecrets", "pushsecrets")},
            exempt=tuple(platform),
            holds="object.kind == 'ExternalSecret' && "
            "size(object.spec.?dataFrom.orValue([])) == 0 && "
            f"object.spec.?data.orValue([]).all(d, d.remoteRef.key == '{key}')",
        )
    ]
