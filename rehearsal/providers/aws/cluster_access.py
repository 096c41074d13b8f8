"""Who may enter an EKS cluster (access entries and their policies), and which role the pods
of a service account take (Pod Identity associations)."""

from __future__ import annotations

from typing import ClassVar

from rehearsal.providers.aws import tagging, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props


class AccessEntry(Resource):
    """The ID is `cluster:principal`."""

    token: ClassVar[str] = "aws:eks/accessEntry:AccessEntry"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"clusterName", "kubernetesGroups", "principalArn", "tags", "type", "userName"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"clusterName", "principalArn"})
    replaces: ClassVar[frozenset[str]] = frozenset({"clusterName", "principalArn", "type"})

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("eks", "CreateAccessEntry", props, only=self.inputs - {"tags"})
        marks = tagging.given(aws, "eks", "CreateAccessEntry", props)
        aws.client("eks").create_access_entry(**asked, **marks)
        return f"{props['clusterName']}:{props['principalArn']}"

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        cluster, _, principal = id_.partition(":")
        entry = aws.client("eks").describe_access_entry(
            clusterName=cluster, principalArn=principal
        )["accessEntry"]
        shown = {**entry, "tags": tags.own_map(aws, entry.get("tags"))}
        return {
            **reported(props, shown, self.inputs),
            "accessEntryArn": entry["accessEntryArn"],
            "createdAt": str(entry["createdAt"]),
            "modifiedAt": str(entry["modifiedAt"]),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        cluster, _, principal = id_.partition(":")
        changed = {k: new[k] for k in ("kubernetesGroups", "userName") if k in new}
        if any(old.get(key) != new.get(key) for key in ("kubernetesGroups", "userName")):
            asked = request("eks", "UpdateAccessEntry", {"kubernetesGroups": [], **changed})
            aws.client("eks").update_access_entry(
                clusterName=cluster, principalArn=principal, **asked
            )
        if old.get("tags") != new.get("tags"):
            entry = aws.client("eks").describe_access_entry(
                clusterName=cluster, principalArn=principal
            )["accessEntry"]
            tagging.retag(aws, "eks", entry["accessEntryArn"], old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        cluster, _, principal = id_.partition(":")
        aws.client("eks").delete_access_entry(clusterName=cluster, principalArn=principal)


class AccessPolicyAssociation(Resource):
    """The ID is `cluster#principal#policy`; associating again changes the scope."""

    token: ClassVar[str] = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"accessScope", "clusterName", "policyArn", "principalArn"}
    )
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = inputs

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("eks", "AssociateAccessPolicy", props, only=self.inputs)
        aws.client("eks").associate_access_policy(**asked)
        return "#".join(props[key] for key in ("clusterName", "principalArn", "policyArn"))

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        cluster, principal, policy = id_.split("#")
        listing = aws.client("eks").get_paginator("list_associated_access_policies")
        pages = listing.paginate(clusterName=cluster, principalArn=principal)
        for page in pages:
            for found in page["associatedAccessPolicies"]:
                if found["policyArn"] == policy:
                    shown = {**found, "clusterName": cluster, "principalArn": principal}
                    return {
                        **reported(props, shown, self.inputs),
                        "associatedAt": str(found["associatedAt"]),
                        "modifiedAt": str(found["modifiedAt"]),
                    }
        return None

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        cluster, principal, policy = id_.split("#")
        aws.client("eks").disassociate_access_policy(
            clusterName=cluster, principalArn=principal, policyArn=policy
        )


class PodIdentityAssociation(Resource):
    """The ID is the association's, `a-…`; an import gives `cluster,association`."""

    token: ClassVar[str] = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"clusterName", "disableSessionTags", "namespace", "policy", "roleArn"}
        | {"serviceAccount", "tags", "targetRoleArn"}
    )
    required: ClassVar[frozenset[str]] = frozenset(
        {"clusterName", "namespace", "roleArn", "serviceAccount"}
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"clusterName", "namespace", "serviceAccount"})

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("eks", "CreatePodIdentityAssociation", props, only=self.inputs - {"tags"})
        marks = tagging.given(aws, "eks", "CreatePodIdentityAssociation", props)
        made = aws.client("eks").create_pod_identity_association(**asked, **marks)
        return made["association"]["associationId"]

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        cluster, _, imported = id_.partition(",")
        found = aws.client("eks").describe_pod_identity_association(
            clusterName=cluster if imported else props["clusterName"],
            associationId=imported or id_,
        )["association"]
        shown = {**found, "tags": tags.own_map(aws, found.get("tags"))}
        return {
            **reported(props, shown, ("clusterName", "namespace", "roleArn", "serviceAccount")),
            "associationId": found["associationId"],
            "associationArn": found["associationArn"],
            "externalId": found.get("externalId"),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        settings = ("disableSessionTags", "policy", "roleArn", "targetRoleArn")
        if any(old.get(key) != new.get(key) for key in settings):
            asked = request("eks", "UpdatePodIdentityAssociation", new, only=settings)
            aws.client("eks").update_pod_identity_association(
                clusterName=new["clusterName"], associationId=id_, **asked
            )
        arn = aws.arn("eks", f"podidentityassociation/{new['clusterName']}/{id_}")
        tagging.retag(aws, "eks", arn, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("eks").delete_pod_identity_association(
            clusterName=props["clusterName"], associationId=id_
        )


RESOURCES: tuple[Resource, ...] = (
    AccessEntry(),
    AccessPolicyAssociation(),
    PodIdentityAssociation(),
)
