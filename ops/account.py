"""Every runbook's first check: the credentials are of the stack's account."""

from __future__ import annotations

from typing import Protocol, TypeVar

from ops.step import Check, Finding, Target

NAME = "account"


class Accounted(Protocol):
    """Whatever knows the account that the credentials belong to."""

    @property
    def account(self) -> str:
        """Its ID."""
        ...


Read = TypeVar("Read", bound=Accounted)


def account_check(target: Target) -> Check[Read]:
    """Refuses another account than the stack file's."""

    def judge(reads: Read) -> Finding:
        if reads.account == target.account_id:
            return Finding(check=NAME, says=reads.account)
        return Finding(
            check=NAME,
            says=f"the credentials are of account {reads.account}, the stack's is "
            f"{target.account_id}",
            refuses=True,
            fix="sign in to the stack's account, or name another stack",
        )

    return Check(name=NAME, judge=judge)
