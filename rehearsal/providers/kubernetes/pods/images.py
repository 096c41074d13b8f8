"""Images that pods pull: of the account's own registry it is known which are there, of any other
it is not."""

from __future__ import annotations

import re

from rehearsal.providers.kubernetes.pods.account import Account, OwnImage

_OWN = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/"
    r"(?P<repository>[^@:]+)(:(?P<tag>[^@]+))?(@(?P<digest>\S+))?"
)


def own_image(text: str) -> OwnImage | None:
    """The image that `text` names, where its registry is ECR."""
    found = _OWN.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    return OwnImage(
        account=parts["account"],
        region=parts["region"],
        repository=parts["repository"],
        tag=parts["tag"] or "latest",
        digest=parts["digest"] or "",
    )


def unpulled(text: str, account: Account) -> str | None:
    """The kubelet's words where the image is not there; None where it is, or nobody knows."""
    image = own_image(text)
    if image is None or account.has_image(image) is not False:
        return None
    return (
        f'Back-off pulling image "{text}": ErrImagePull: failed to resolve reference "{text}": '
        f"{text}: not found"
    )
