"""What proves the rules about how nodes are launched."""

from __future__ import annotations

import base64
import gzip
from typing import Any

from tests.policies.scene import (
    PLAINTEXT,
    UNKNOWN,
    Cases,
    Described,
    fails,
    passes,
    recorded,
    secret,
)

TEMPLATE = recorded("aws:ec2/launchTemplate:LaunchTemplate")
GROUP = recorded("aws:eks/nodeGroup:NodeGroup")
CLASS = recorded("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass")
OPTIONS = {"httpTokens": "required", "httpPutResponseHopLimit": 1.0}
INSTANCE = Described(
    type="aws:ec2/instance:Instance", name="bastion", properties={"metadataOptions": OPTIONS}
)
CONFIGURATION = Described(
    type="aws:ec2/launchConfiguration:LaunchConfiguration", name="old", properties={}
)
TOKENS, HOPS = "metadataOptions.httpTokens", "metadataOptions.httpPutResponseHopLimit"
EBS = {"deviceName": "/dev/xvdb", "ebs": {"volumeSize": 20.0}}
DISK = TEMPLATE.properties["blockDeviceMappings"][0]
ACCESS_KEY = "export KEY=AKIA" + "ABCDEFGHIJKLMNOP"
JOIN = 'TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token)\nset -- --pwd "${DB}"\n'


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _packed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode())).decode()


def _told(text: str) -> Described:
    return TEMPLATE.but({"userData": _encoded(text)})


def _interfaces(*interfaces: dict[str, Any]) -> Described:
    return TEMPLATE.but({"networkInterfaces": list(interfaces)})


CASES = {
    "no-ssh-to-nodes": Cases(
        failing=(
            fails(GROUP.but({"remoteAccess": {"ec2SshKey": "ops"}}), at="remoteAccess"),
            fails(TEMPLATE.but({"keyName": "ops"}), at="keyName", wanted="nothing"),
            fails(INSTANCE.but({"keyName": "ops"}), at="keyName"),
            fails(CONFIGURATION.but({"keyName": "ops"}), at="keyName"),
        ),
        passing=(
            passes(GROUP, TEMPLATE, INSTANCE, CONFIGURATION),
            passes(GROUP.but({"remoteAccess": {}}), TEMPLATE.but({"keyName": ""})),
        ),
        unknown=passes(TEMPLATE.but({"keyName": UNKNOWN})),
        secret=fails(TEMPLATE.but({"keyName": secret(PLAINTEXT)}), at="keyName"),
    ),
    "node-credentials-out-of-reach": Cases(
        failing=(
            fails(TEMPLATE.but({TOKENS: "optional"}), at=TOKENS, wanted="required"),
            fails(TEMPLATE.but({TOKENS: None}), at=TOKENS),
            fails(TEMPLATE.but({HOPS: 2.0}), at=HOPS, wanted="1"),
            fails(TEMPLATE.but({HOPS: 0}), at=HOPS),
            fails(TEMPLATE.but({HOPS: None}), at=HOPS),
            fails(TEMPLATE.but({HOPS: "many"}), at=HOPS),
            fails(INSTANCE.but({TOKENS: "optional"}), at=TOKENS),
            fails(CLASS.but({f"spec.{TOKENS}": "optional"}), at=f"spec.{TOKENS}"),
            fails(CLASS.but({f"spec.{HOPS}": 2.0}), at=f"spec.{HOPS}"),
        ),
        passing=(
            passes(TEMPLATE, CLASS, INSTANCE),
            passes(TEMPLATE.but({HOPS: "1"})),
            passes(TEMPLATE.but({"metadataOptions": {"httpEndpoint": "disabled"}})),
            passes(TEMPLATE.but({"metadataOptions": [OPTIONS]})),
        ),
        unknown=passes(TEMPLATE.but({HOPS: UNKNOWN})),
        secret=fails(TEMPLATE.but({TOKENS: secret(PLAINTEXT)}), at=TOKENS),
    ),
    "node-volumes-encrypted": Cases(
        failing=(
            fails(
                TEMPLATE.but({"blockDeviceMappings.0.ebs.encrypted": "false"}),
                at="blockDeviceMappings[0].ebs.encrypted",
                wanted="true",
            ),
            fails(
                TEMPLATE.but({"blockDeviceMappings": [DISK, EBS]}),
                at="blockDeviceMappings[1].ebs.encrypted",
            ),
            fails(
                TEMPLATE.but({"blockDeviceMappings": [EBS, {"virtualName": "ephemeral0"}]}),
                at="blockDeviceMappings[0].ebs.encrypted",
            ),
            fails(
                CLASS.but({"spec.blockDeviceMappings.0.ebs.encrypted": False}),
                at="spec.blockDeviceMappings[0].ebs.encrypted",
            ),
        ),
        passing=(
            passes(TEMPLATE, CLASS),
            passes(TEMPLATE.but({"blockDeviceMappings": [{"virtualName": "ephemeral0"}]})),
            passes(TEMPLATE.but({"blockDeviceMappings": None})),
            passes(TEMPLATE.but({"blockDeviceMappings.0.ebs.encrypted": True})),
        ),
        unknown=passes(TEMPLATE.but({"blockDeviceMappings.0.ebs.encrypted": UNKNOWN})),
        secret=fails(
            TEMPLATE.but({"blockDeviceMappings.0.ebs.encrypted": secret("false")}),
            at="blockDeviceMappings[0].ebs.encrypted",
        ),
    ),
    "no-public-nodes": Cases(
        failing=(
            fails(
                _interfaces({"associatePublicIpAddress": "true"}),
                at="networkInterfaces[0].associatePublicIpAddress",
                wanted="false",
            ),
            fails(
                _interfaces({"deviceIndex": 0}, {"associatePublicIpAddress": True}),
                at="networkInterfaces[1].associatePublicIpAddress",
            ),
            fails(
                CLASS.but({"spec.associatePublicIPAddress": True}),
                at="spec.associatePublicIPAddress",
            ),
        ),
        passing=(
            passes(TEMPLATE, CLASS),
            passes(_interfaces({"associatePublicIpAddress": "false"}, {"deviceIndex": 1})),
            passes(CLASS.but({"spec.associatePublicIPAddress": False})),
        ),
        unknown=passes(_interfaces({"associatePublicIpAddress": UNKNOWN})),
        secret=fails(
            _interfaces({"associatePublicIpAddress": secret("true")}),
            at="networkInterfaces[0].associatePublicIpAddress",
        ),
    ),
    "no-secrets-in-user-data": Cases(
        failing=(
            fails(_told(ACCESS_KEY), at="userData", wanted="no secret"),
            fails(_told(f"-----BEGIN RSA PRIVATE KEY-----\n{PLAINTEXT}"), at="userData"),
            fails(_told(f"-----BEGIN PRIVATE KEY-----\n{PLAINTEXT}"), at="userData"),
            fails(_told(f"PASSWORD={PLAINTEXT}"), at="userData"),
            fails(_told(f'{{"db_password": "{PLAINTEXT}"}}'), at="userData"),
            fails(_told(f"api-key: {PLAINTEXT}\naws_secret_access_key = abcdef"), at="userData"),
            fails(TEMPLATE.but({"userData": _packed(f"token: '{PLAINTEXT}'")}), at="userData"),
            fails(TEMPLATE.but({"userData": "no secret!"}), at="userData", wanted="Base64"),
            fails(
                TEMPLATE.but({"userData": base64.b64encode(b"\x1f\x8bbroken").decode()}),
                at="userData",
                wanted="Base64",
            ),
            fails(INSTANCE.but({"userData": ACCESS_KEY}), at="userData"),
            fails(INSTANCE.but({"userDataBase64": _encoded(ACCESS_KEY)}), at="userDataBase64"),
            fails(CONFIGURATION.but({"userData": ACCESS_KEY}), at="userData"),
            fails(CLASS.but({"spec.userData": ACCESS_KEY}), at="spec.userData"),
        ),
        passing=(
            passes(TEMPLATE, CLASS, INSTANCE, CONFIGURATION),
            passes(_told(JOIN), INSTANCE.but({"userData": JOIN})),
            passes(_told("password: short\ntoken={{ token }}\nsecret=`read`\nkey=AKIA123")),
            passes(
                TEMPLATE.but({"userData": "\n".join([_encoded(JOIN)[:40], _encoded(JOIN)[40:]])})
            ),
            passes(TEMPLATE.but({"userData": _packed(JOIN)})),
        ),
        unknown=passes(TEMPLATE.but({"userData": UNKNOWN})),
        secret=fails(TEMPLATE.but({"userData": secret(_encoded(PLAINTEXT))}), at="userData"),
    ),
}
