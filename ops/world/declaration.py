"""The declaration: stack file and state, which follow what a failover did to the data plane."""

from __future__ import annotations

from typing import Protocol


class DeclarationReads(Protocol):
    """Looking at stack file and state; the state lies in the region that one flees to."""

    def declared_role(self) -> str:
        """The role in the stack file."""
        ...

    def deployed_role(self) -> str:
        """The role with which the stack was last deployed."""
        ...

    def known_source(self) -> str | None:
        """What the state believes that the database replicates; None: nothing."""
        ...

    def deployed_last(self) -> bool:
        """Whether the last that was done to the stack is a deployment, which made everything as
        it is declared; not a refresh or an adoption."""
        ...

    def known_database(self) -> str | None:
        """ID of the instance that the state takes for the database; None: it has none."""
        ...


class DeclarationVerbs(DeclarationReads, Protocol):
    """Changing stack file and state."""

    def declare_primary(self) -> None:
        """Write the role into the stack file, with what a primary must not have taken out."""
        ...

    def declare_standby(self) -> None:
        """Write the role into the stack file."""
        ...

    def refresh(self) -> None:
        """Let the state learn what was promoted and detached, and nothing else."""
        ...

    def adopt_database(self, resource_id: str) -> None:
        """Let the state take another instance, of the same identifier, for the database."""
        ...

    def deploy(self) -> None:
        """`pulumi up`. Raises Refused where it fails, with the end of what it said."""
        ...
