"""Physical names within AWS's limits: the part stays readable, the prefix gives way.

AWS allows 32 characters for load balancers and target groups and 64 for roles, while a prefix
such as `mlops-platform-production` takes 25. A shortened name carries a hash of its prefix, so
that two stacks of one account never meet.
"""

from __future__ import annotations

import hashlib

from components.base import Site

LOAD_BALANCER_LIMIT = 32
ROLE_LIMIT = 64
_HASH = 6


def fitted_name(site: Site, part: str, limit: int) -> str:
    """`<prefix>-<part>`, or with a shortened prefix and its hash where `limit` demands it.

    Raises ValueError where even the part alone leaves no room.
    """
    whole = site.name(part)
    if len(whole) <= limit:
        return whole
    room = limit - len(part) - _HASH - 2
    if room < 1:
        raise ValueError(
            f"name part {part!r}: at most {limit - _HASH - 3} characters fit a name of {limit}; "
            "use a shorter part"
        )
    digest = hashlib.sha256(site.prefix.encode()).hexdigest()[:_HASH]
    return f"{site.prefix[:room].rstrip('-')}-{digest}-{part}"
