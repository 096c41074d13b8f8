"""How kwok's nodes and pods live: ready at once, jobs done at once, gone when deleted."""

from __future__ import annotations

from typing import Any

import yaml

_NODE = """
conditions:
{{ range NodeConditions }}
- {type: {{ .type | Quote }}, status: {{ .status | Quote }}, reason: {{ .reason | Quote }},
   message: {{ .message | Quote }}, lastHeartbeatTime: {{ Now | Quote }},
   lastTransitionTime: {{ Now | Quote }}}
{{ end }}
phase: Running
"""

_POD = """
phase: Running
startTime: {{ Now | Quote }}
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ Now | Quote }}}
- {type: Ready, status: "True", lastTransitionTime: {{ Now | Quote }}}
- {type: ContainersReady, status: "True", lastTransitionTime: {{ Now | Quote }}}
containerStatuses:
{{ range .spec.containers }}
- {name: {{ .name | Quote }}, image: {{ .image | Quote }}, ready: true, restartCount: 0,
   state: {running: {startedAt: {{ Now | Quote }}}}}
{{ end }}
"""

_DONE = """
phase: Succeeded
containerStatuses:
{{ range .spec.containers }}
- {name: {{ .name | Quote }}, image: {{ .image | Quote }}, ready: false, restartCount: 0,
   state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ Now | Quote }},
                        finishedAt: {{ Now | Quote }}}}}
{{ end }}
"""

_ALIVE = {"key": ".metadata.deletionTimestamp", "operator": "DoesNotExist"}
_READY = '.status.conditions.[] | select( .type == "Ready" ) | .status'


def stages() -> str:
    """kwok's configuration, a document per stage."""
    made = [
        _stage("node-ready", "Node", [_not_ready()], {"statusTemplate": _NODE}),
        _stage("pod-ready", "Pod", [_ALIVE, _phase("Pending")], {"statusTemplate": _POD}),
        _stage(
            "pod-done", "Pod", [_ALIVE, _phase("Running"), _of_a_job()], {"statusTemplate": _DONE}
        ),
        _stage(
            "pod-gone",
            "Pod",
            [{"key": ".metadata.deletionTimestamp", "operator": "Exists"}],
            {"delete": True},
        ),
    ]
    return yaml.safe_dump_all(made)


def _not_ready() -> dict[str, Any]:
    return {"key": _READY, "operator": "NotIn", "values": ["True"]}


def _phase(phase: str) -> dict[str, Any]:
    return {"key": ".status.phase", "operator": "In", "values": [phase]}


def _of_a_job() -> dict[str, Any]:
    return {"key": ".metadata.ownerReferences.[].kind", "operator": "In", "values": ["Job"]}


def _stage(
    name: str, kind: str, when: list[dict[str, Any]], then: dict[str, Any]
) -> dict[str, Any]:
    return {
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": name},
        "spec": {
            "resourceRef": {"apiGroup": "v1", "kind": kind},
            "selector": {"matchExpressions": when},
            "next": then,
        },
    }
