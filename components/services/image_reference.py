"""References of images: written out in full, and as they stand in a mirror."""

from __future__ import annotations

from dataclasses import dataclass, replace

DOCKER_HUB = "docker.io"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """`repository` begins with the registry's host."""

    repository: str
    tag: str = ""
    digest: str = ""

    def __str__(self) -> str:
        """As container runtimes read it."""
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.repository}{tag}" + (f"@{self.digest}" if self.digest else "")

    @property
    def undigested(self) -> str:
        """Its name in the lock: without a digest."""
        return str(replace(self, digest=""))

    @property
    def split(self) -> tuple[str, str]:
        """The registry's host, and the path in it."""
        host, _, path = self.repository.partition("/")
        return host, path


def reference(text: str) -> Reference:
    """`text` with the registry and path that runtimes add to short names."""
    name, _, digest = text.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    return Reference(repository=_in_full(f"{head}{slash}{last}"), tag=tag, digest=digest)


def _in_full(repository: str) -> str:
    first, slash, rest = repository.partition("/")
    named = slash and ("." in first or ":" in first or first == "localhost")
    host, path = (first, rest) if named else (DOCKER_HUB, repository)
    if host == DOCKER_HUB and "/" not in path:
        path = f"library/{path}"
    return f"{host}/{path}"
