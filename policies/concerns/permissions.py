"""Permissions: no more than is needed, and no way to more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.finding import Broken
from policies.policy_documents import allowing, grants, on_everything
from policies.properties import Properties
from policies.rule import ResourceRule, Rule
from policies.subject import Subject

DOCS = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
POLICY = "aws:iam/policy:Policy"
INLINE = (
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
)
ROLE = "aws:iam/role:Role"
DOCUMENTED = (POLICY, *INLINE)
ATTACHING = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
)
ADMINISTRATORS = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")
RISING: Sequence[frozenset[str]] = tuple(
    frozenset(one)
    for one in (
        ("iam:createpolicyversion",),
        ("iam:setdefaultpolicyversion",),
        ("iam:attachrolepolicy",),
        ("iam:attachuserpolicy",),
        ("iam:attachgrouppolicy",),
        ("iam:putrolepolicy",),
        ("iam:putuserpolicy",),
        ("iam:putgrouppolicy",),
        ("iam:addusertogroup",),
        ("iam:updateassumerolepolicy",),
        ("iam:createaccesskey",),
        ("iam:createloginprofile",),
        ("iam:updateloginprofile",),
        ("iam:deleterolepermissionsboundary",),
        ("iam:passrole", "ec2:runinstances"),
        ("iam:passrole", "lambda:createfunction", "lambda:invokefunction"),
        ("iam:passrole", "cloudformation:createstack"),
        ("iam:passrole", "eks:createpodidentityassociation"),
    )
)
"""Sets of actions with which one gets any right, if they are allowed on everything.
Source: Rhino Security Labs, AWS IAM privilege escalation; the last is EKS's own."""
LEAKING = (
    "s3:getobject", "secretsmanager:getsecretvalue", "ssm:getparameter", "ssm:getparameters",
    "ssm:getparametersbypath", "rds:copydbsnapshot", "dynamodb:scan",
)  # fmt: skip
"""Actions that carry data out, if they are allowed on everything."""
DECRYPTING = ("kms:decrypt", "kms:reencryptfrom")
EVERY_KEY = (":key/*", ":*", ":alias/*")
UNSCOPED = frozenset(
    {
        "acm:listcertificates", "autoscaling:describe*", "cloudwatch:getmetricdata",
        "cloudwatch:listmetrics", "cloudwatch:putmetricdata", "ec2:describe*",
        "ecr:getauthorizationtoken", "eks:describeaddonversions", "elasticloadbalancing:describe*",
        "logs:describeloggroups", "pricing:getproducts", "route53:listhostedzones",
        "sts:getcalleridentity", "tag:getresources",
    }
)  # fmt: skip
"""Actions that know no resource, so a star is all that AWS takes."""


def _documents(one: Subject) -> Iterator[Properties]:
    """Documents of a policy, or inline ones of a role."""
    if one.type == ROLE:
        yield from (each.document("policy") for each in one.properties.each("inlinePolicies"))
    else:
        yield one.properties.document("policy")


def _statements(one: Subject) -> Iterator[Properties]:
    return (each for document in _documents(one) for each in allowing(document))


def _everything_everywhere(one: Subject) -> Iterator[Broken]:
    for statement in _statements(one):
        if grants(statement, "any:thing") and on_everything(statement):
            yield Broken(statement.at("Action"), statement.shown("Action"), "actions by name")


def _administrators_policy(one: Subject) -> Iterator[Broken]:
    for key in ("policyArn", "managedPolicyArns"):
        if one.properties.has(key):
            for arn in one.properties.texts(key):
                if arn.rpartition("/")[2] in ADMINISTRATORS:
                    yield Broken(key, one.properties.shown(key), "a policy of what is needed")


def _ways_up_and_out(one: Subject) -> Iterator[Broken]:
    wide = [each for each in _statements(one) if on_everything(each) and not _limited(each)]
    for statement in wide:
        if any(all(_named(statement, action) for action in actions) for actions in RISING):
            found = statement.shown("Action")
            yield Broken(statement.at("Action"), found, "resources by name: these give any right")
        if any(_named(statement, action) for action in LEAKING):
            found = statement.shown("Action")
            yield Broken(statement.at("Resource"), found, "resources by name: these carry data out")


def _named(statement: Properties, action: str) -> bool:
    """Allowed by more than a bare star, which another rule refuses."""
    return grants(statement, action) and not grants(statement, "any:thing")


def _limited(statement: Properties) -> bool:
    return bool(statement.under("Condition").names())


def _on_every_resource(one: Subject) -> Iterator[Broken]:
    for statement in _statements(one):
        if on_everything(statement) and not _limited(statement) and not _unscoped(statement):
            yield Broken(statement.at("Resource"), statement.shown("Resource"), "resources by name")


def _unscoped(statement: Properties) -> bool:
    actions = [action.lower() for action in statement.texts("Action")]
    return bool(actions) and all(
        action in UNSCOPED or action.startswith(_reading()) for action in actions
    )


def _reading() -> tuple[str, ...]:
    return tuple(action.removesuffix("*") for action in UNSCOPED if action.endswith("*"))


def _decrypting_everything(one: Subject) -> Iterator[Broken]:
    for statement in _statements(one):
        decrypts = any(_named(statement, action) for action in DECRYPTING)
        wide = on_everything(statement) or any(
            arn.startswith("arn:aws:kms:") and arn.endswith(EVERY_KEY)
            for arn in statement.texts("Resource")
        )
        if decrypts and wide and not _limited(statement):
            yield Broken(statement.at("Resource"), statement.shown("Resource"), "keys by ARN")


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=65,
        name="permissions-not-everything",
        because="Whoever takes over a role that may do everything owns the account.",
        fix="Name the actions and the resources.",
        severity="critical",
        reference=f"{DOCS}/best-practices.html#grant-least-privilege",
        types=(*DOCUMENTED, ROLE),
        broken=_everything_everywhere,
    ),
    ResourceRule(
        number=66,
        name="no-administrator-policy",
        because="AWS's policies for administrators grant what no workload needs.",
        fix="Attach a policy of what is needed.",
        severity="critical",
        reference=f"{DOCS}/access_policies_job-functions.html",
        types=(*ATTACHING, ROLE),
        broken=_administrators_policy,
    ),
    ResourceRule(
        number=67,
        name="no-way-up-or-out",
        because="Some actions on everything are as good as all actions, or carry all data out.",
        fix="Limit the statement to resources by name, or by a condition.",
        severity="critical",
        reference=f"{DOCS}/access_policies_boundaries.html",
        types=(*DOCUMENTED, ROLE),
        broken=_ways_up_and_out,
    ),
    ResourceRule(
        number=68,
        name="permissions-on-named-resources",
        level="advisory",
        because="A star reaches what will be there tomorrow.",
        fix="Name resources, or limit the statement by a condition.",
        severity="medium",
        reference=f"{DOCS}/reference_policies_elements_resource.html",
        types=(*DOCUMENTED, ROLE),
        broken=_on_every_resource,
    ),
    ResourceRule(
        number=69,
        name="no-decryption-with-every-key",
        because="Who may decrypt with every key needs only the ciphertext.",
        fix="Name the keys by ARN, or limit the statement by kms:ViaService.",
        severity="high",
        reference="https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-1",
        types=(*DOCUMENTED, ROLE),
        broken=_decrypting_everything,
    ),
)
