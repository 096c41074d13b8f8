"""A monthly budget that warns before the money is spent, and again when it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.ownership import CREATE, Ownership


@dataclass(frozen=True, kw_only=True)
class BudgetArgs:
    """`ownership.existing`: `<account ID>:<budget name>`. Raises ValueError for fewer than two
    thresholds, or where nobody would be told."""

    monthly_usd: int
    actual_thresholds: Sequence[float] = (80.0, 100.0)
    """Percent of the budget already spent."""
    forecast_thresholds: Sequence[float] = (100.0,)
    """Percent of the budget that will be spent by the end of the month."""
    emails: Sequence[str] = ()
    topic_arns: Sequence[Input[str]] = ()
    ownership: Ownership = CREATE

    def __post_init__(self) -> None:
        """A budget that warns nobody, or only when it is too late, is none."""
        thresholds = [*self.actual_thresholds, *self.forecast_thresholds]
        if len(thresholds) < 2:
            raise ValueError(
                f"thresholds {thresholds}: at least two are expected, one of them in time to act"
            )
        if self.ownership.creates and not (self.emails or self.topic_arns):
            raise ValueError("emails, topic_arns: at least one subscriber is expected")


class Budget(Component):
    """The account's monthly cost budget."""

    budget_name: pulumi.Output[str] | None = None

    def __init__(
        self, name: str, args: BudgetArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        if args.ownership.creates:
            self.budget_name = self._budget(args).name
        elif args.ownership.adopted:
            found = aws.budgets.Budget.get(
                self.child("monthly"), args.ownership.adopted, opts=self.options()
            )
            self.budget_name = found.name
        self.register_outputs({"budget_name": self.budget_name})

    def _budget(self, args: BudgetArgs) -> aws.budgets.Budget:
        name = self.site.name("monthly")
        spent = [self._notification(args, "ACTUAL", at) for at in args.actual_thresholds]
        expected = [self._notification(args, "FORECASTED", at) for at in args.forecast_thresholds]
        return aws.budgets.Budget(
            self.child("monthly"),
            name=name,
            account_id=self.site.account_id,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=f"{args.monthly_usd}.0",
            limit_unit="USD",
            notifications=[*spent, *expected],
            tags=self.tags("monthly", name=name),
            opts=self.options(),
        )

    def _notification(
        self, args: BudgetArgs, kind: str, threshold: float
    ) -> aws.budgets.BudgetNotificationArgs:
        return aws.budgets.BudgetNotificationArgs(
            notification_type=kind,
            comparison_operator="GREATER_THAN",
            threshold=threshold,
            threshold_type="PERCENTAGE",
            subscriber_email_addresses=list(args.emails),
            subscriber_sns_topic_arns=list(args.topic_arns),
        )
