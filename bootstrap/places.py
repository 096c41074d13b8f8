"""Where setup puts things: the environment in the checkout, tools in a cache outside it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Places:
    """The folders that setup reads and writes; nothing outside them is touched."""

    root: Path
    """The checkout."""
    cache: Path
    """Shared by all checkouts of this user: tools in folders named by their version."""

    @classmethod
    def of(cls, root: Path, environ: Mapping[str, str] = os.environ) -> "Places":
        """`$MLOPS_CACHE_DIR`, else `$XDG_CACHE_HOME/mlops-platform`, else under `~/.cache`."""
        chosen = environ.get("MLOPS_CACHE_DIR")
        if chosen:
            return cls(root=root, cache=Path(chosen).expanduser().resolve())
        caches = environ.get("XDG_CACHE_HOME")
        home = Path(caches) if caches else Path.home() / ".cache"
        return cls(root=root, cache=home / "mlops-platform")

    @property
    def environment(self) -> Path:
        """The virtual environment; Pulumi.yaml names the same one."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's Python."""
        return self.environment / "bin" / "python"

    @property
    def lock_file(self) -> Path:
        """Every package with its hashes."""
        return self.root / "requirements.lock"

    @property
    def project_file(self) -> Path:
        """What the project is called, needs and offers."""
        return self.root / "pyproject.toml"

    @property
    def pulumi_source(self) -> Path:
        """The Go module that pins the Pulumi CLI's sources."""
        return self.root / "bootstrap" / "pulumi-source"

    @property
    def pulumi(self) -> Path:
        """A link to whichever Pulumi CLI was chosen: the one that rehearsals run."""
        return self.cache / "bin" / "pulumi"

    @property
    def control_plane_source(self) -> Path:
        """The Go module that pins the sources of Kubernetes and kwok."""
        return self.root / "bootstrap" / "control-plane-source"

    @property
    def control_plane(self) -> Path:
        """Links to the programs that the `control_plane` tests start."""
        return self.cache / "control-plane" / "bin"
