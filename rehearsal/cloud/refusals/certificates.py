"""ACM certificates."""

from __future__ import annotations

from rehearsal.cloud.call import Call
from rehearsal.cloud.plain import listing
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/acm/latest/userguide"


def _in_use(call: Call) -> str | None:
    arn = call.params["CertificateArn"]
    for balancer in call.here.moto("elbv2").load_balancers.values():
        for listener in balancer.listeners.values():
            held = [str(each) for each in listing(listener.certificates)]
            if any(arn in each for each in held) or arn == getattr(listener, "certificate", None):
                return f"Certificate {arn} is in use by {balancer.arn}"
    return None


RULES = (
    Rule(
        name="a certificate in use stays",
        service="acm",
        operations=("DeleteCertificate",),
        code="ResourceInUseException",
        url=f"{DOCS}/gs-acm-delete.html",
        broken=_in_use,
    ),
)
