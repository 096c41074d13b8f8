"""Identities: who may become a role, and that nobody has a key that lasts."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_have
from policies.policy_documents import allowing, grants, is_narrowed, principals
from policies.properties import Properties
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import Stack, Subject

DOCS = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
ROLE = "aws:iam/role:Role"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
EXCLUSIVE_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment"
EXCLUSIVE_ROLES = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
LASTING = ("aws:iam/user:User", "aws:iam/accessKey:AccessKey")
GITHUB = "token.actions.githubusercontent.com"
CONFUSED = ("pods.eks.amazonaws.com",)
"""Services that act for a caller and say for whom: a condition must name the account."""


def _trusting_too_many(one: Subject) -> Iterator[Broken]:
    for statement in allowing(one.properties.document("assumeRolePolicy")):
        named = principals(statement)
        if statement.has("NotPrincipal") or ("*" in named and not is_narrowed(statement)):
            yield Broken(statement.at("Principal"), statement.shown("Principal"), "who is meant")
        foreign = [name for name in named if _is_foreign(name, one.settings.account_id)]
        if foreign and not _asks_external_id(statement):
            found = statement.shown("Principal")
            yield Broken(statement.at("Principal"), found, "a condition on sts:ExternalId")
        if set(CONFUSED) & set(named) and not is_narrowed(statement):
            found = statement.shown("Principal")
            yield Broken(statement.at("Condition"), found, "a condition on aws:SourceAccount")


def _is_foreign(principal: str, account: str) -> bool:
    if principal.isdigit():
        return principal != account
    return principal.startswith("arn:aws:iam::") and principal.split(":")[4] != account


def _asks_external_id(statement: Properties) -> bool:
    tested = statement.under("Condition.StringEquals")
    return any(name.lower() == "sts:externalid" for name in tested.names())


def _trusting_any_pipeline(one: Subject) -> Iterator[Broken]:
    for statement in allowing(one.properties.document("assumeRolePolicy")):
        federated = [name for name in principals(statement) if name.endswith(f"/{GITHUB}")]
        if not federated or not grants(statement, "sts:AssumeRoleWithWebIdentity"):
            continue
        if "sts.amazonaws.com" not in _claims(statement, "aud"):
            yield Broken(
                statement.at("Condition"), "no audience", f"{GITHUB}:aud = sts.amazonaws.com"
            )
        subjects = _claims(statement, "sub")
        if not subjects or any(_is_loose(subject) for subject in subjects):
            shown = ", ".join(subjects) or "no subject"
            wanted = f"{GITHUB}:sub of one repository and one branch or environment"
            yield Broken(statement.at("Condition"), shown, wanted)


def _claims(statement: Properties, claim: str) -> list[str]:
    conditions = statement.under("Condition")
    return [
        value
        for operator in conditions.names()
        if operator in ("StringEquals", "StringLike")
        for value in conditions.under(operator).texts(f"{GITHUB}:{claim}")
    ]


def _is_loose(subject: str) -> bool:
    """`repo:owner/name:…`: owner and name in full, and something after them that narrows."""
    kind, _, rest = subject.partition(":")
    repository, _, narrowed = rest.partition(":")
    return kind != "repo" or "*" in repository or "/" not in repository or narrowed in ("", "*")


def _lasting(one: Subject) -> Iterator[Broken]:
    yield Broken("", one.type.rpartition(":")[2], "a role, and credentials that end by themselves")


def _attached_by_two(one: Subject, stack: Stack) -> Iterator[Broken]:
    role = one.properties.text("name")
    inline = one.properties.texts("managedPolicyArns")
    exclusive = any(True for _ in stack.referring(one, "roleName", EXCLUSIVE_ROLES)) or any(
        role in each.properties.texts("roles") for each in stack.of(EXCLUSIVE_ATTACHMENT)
    )
    # A role that is read back lists what others attached.
    apart = any(
        not inline or each.properties.text("policyArn") not in inline
        for each in stack.referring(one, "role", ATTACHMENT)
    )
    if apart and (inline or exclusive):
        wanted = "one way of attaching: the exclusive one detaches what the other attached"
        yield Broken("managedPolicyArns" if inline else "name", "two ways", wanted)


def _unbounded(one: Subject) -> Iterator[Broken]:
    yield from must_have(one.properties, "permissionsBoundary", "the ARN of the boundary policy")


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=70,
        name="role-trusts-named-principals",
        because="Whoever may become the role has its rights; a service that acts for others must "
        "say for whom.",
        fix="Name principals of the account, ask other accounts for an external ID, and pin "
        "services by aws:SourceAccount.",
        severity="critical",
        reference=f"{DOCS}/confused-deputy.html",
        types=(ROLE,),
        broken=_trusting_too_many,
    ),
    ResourceRule(
        number=71,
        name="ci-claims-pinned",
        because="Any repository of the host can ask for a token; only the claims tell it apart.",
        fix="Pin aud to sts.amazonaws.com and sub to the repository and its branch or environment.",
        severity="critical",
        reference="https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws",
        types=(ROLE,),
        broken=_trusting_any_pipeline,
    ),
    ResourceRule(
        number=72,
        name="no-lasting-credentials",
        because="A key that does not end is found in a log, one day.",
        fix="Let people come through the identity provider, and workloads through Pod Identity.",
        severity="high",
        reference=f"{DOCS}/best-practices.html#bp-workloads-use-roles",
        types=LASTING,
        broken=_lasting,
    ),
    StackRule(
        number=73,
        name="policies-attached-one-way",
        because="An exclusive attachment detaches what the others attach, at every other update.",
        fix="Use RolePolicyAttachment alone, without managedPolicyArns beside it.",
        severity="medium",
        reference="https://www.pulumi.com/registry/packages/aws/api-docs/iam/policyattachment/",
        types=(ROLE,),
        broken=_attached_by_two,
    ),
    ResourceRule(
        number=74,
        name="role-bounded",
        level="advisory",
        because="A boundary holds even when a policy is too generous.",
        fix="Set permissionsBoundary.",
        severity="low",
        reference=f"{DOCS}/access_policies_boundaries.html",
        types=(ROLE,),
        broken=_unbounded,
    ),
)
