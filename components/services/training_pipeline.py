"""`ml-training-pipeline`: from a dataset's address to a registered model, in five steps.

The steps are commands of the training image, called with parameters; what each reads and writes
is said in docs/services.md. Steps hand files on through the artifact repository in S3. Only the
GPU step waits in the queue, and only what the cluster did to a step is tried again: a dataset
that does not hold stays that way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components.services import training_pod
from components.services.flows import Flow, Pods
from components.services.kueue import QUEUE_LABEL
from components.services.plan import Object, Part, ServicePlan
from components.services.pod import resources
from components.services.priorities import TRAINING
from components.services.training_pod import WORK, Node, TrainingImage
from components.services.training_queues import QUEUE

NAME = "ml-training-pipeline"
STEP = "mlops/step"
"""Label that says which step a pod is."""
RUNNING: Mapping[str, str] = {"workflows.argoproj.io/completed": "false"}
"""Label that Argo gives the pods of steps while they run."""
HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class TrainingPipelineArgs:
    """`namespaces` have the template each."""

    image: TrainingImage
    node: Node
    deadline_hours: int
    """Hours that the GPU step may run; waiting in the queue does not count."""
    namespaces: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A command of the image. `reads` and `writes` are artifacts, `tells` are parameters that
    it writes to files of that name."""

    name: str
    after: str = ""
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    reads: Mapping[str, str] = field(default_factory=dict[str, str])
    """Artifact → the step that wrote it."""
    given: Mapping[str, str] = field(default_factory=dict[str, str])
    """Parameter → the step that told it."""
    writes: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    when: str = ""
    retries: str = "OnError"
    """`OnError`: what the cluster did; `Always`: a failed command too."""
    minutes: int = 60


STEPS = (
    Step(
        name="extract",
        options={"dataset-url": "{{workflow.parameters.dataset-url}}"},
        writes=("dataset",),
        # Whoever serves the dataset may be out for a moment.
        retries="Always",
    ),
    Step(name="validate", after="extract", reads={"dataset": "extract"}, writes=("report",)),
    Step(
        name="train",
        after="validate",
        options={
            "experiment": "{{workflow.parameters.experiment}}",
            "config": "{{workflow.parameters.config}}",
        },
        reads={"dataset": "extract"},
        writes=("model",),
        tells=("run-id",),
    ),
    Step(
        name="evaluate",
        after="train",
        options={"minimum": "{{workflow.parameters.minimum}}"},
        reads={"dataset": "extract", "model": "train"},
        given={"run-id": "train"},
        writes=("metrics",),
        tells=("accepted",),
    ),
    Step(
        name="register",
        after="evaluate",
        options={"model-name": "{{workflow.parameters.model-name}}"},
        given={"run-id": "train"},
        when="{{tasks.evaluate.outputs.parameters.accepted}} == true",
        minutes=15,
    ),
)


def training_pipeline(args: TrainingPipelineArgs) -> ServicePlan:
    """The template in each namespace, and what its pods may reach."""
    parts: list[Part] = [
        part for namespace in args.namespaces for part in _in_namespace(args, namespace)
    ]
    flows = [flow for namespace in args.namespaces for flow in _flows(namespace)]
    return ServicePlan(name="training-pipeline", parts=parts, flows=flows)


def _in_namespace(args: TrainingPipelineArgs, namespace: str) -> list[Object]:
    manifest = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "WorkflowTemplate",
        "metadata": {"name": NAME, "namespace": namespace},
        "spec": template(args),
    }
    return [Object(name=f"template-{namespace}", manifest=manifest)]


def template(args: TrainingPipelineArgs) -> dict[str, Any]:
    """The specification of the workflow."""
    return {
        "entrypoint": "pipeline",
        "serviceAccountName": training_pod.ACCOUNT,
        "activeDeadlineSeconds": 7 * 24 * HOUR,
        "archiveLogs": True,
        "securityContext": training_pod.security(),
        "podPriorityClassName": TRAINING,
        "arguments": {"parameters": _parameters()},
        "templates": [
            {"name": "pipeline", "dag": {"tasks": [_task(step) for step in STEPS]}},
            *(_template(step, args) for step in STEPS),
        ],
        "volumes": training_pod.volumes(),
    }


def _parameters() -> list[dict[str, str]]:
    return [
        {"name": "dataset-url", "description": "https or s3 address of the dataset"},
        {"name": "model-name", "description": "name in MLflow's registry"},
        {
            "name": "experiment",
            "value": "training",
            "description": "experiment in MLflow that the run belongs to",
        },
        {
            "name": "config",
            "value": "{}",
            "description": "JSON object for the training command, such as its hyperparameters",
        },
        {
            "name": "minimum",
            "value": "0",
            "description": "score below which the model is not registered",
        },
        {
            "name": "priority",
            "value": "normal",
            "description": "place in the queue: urgent, normal or spare",
        },
    ]


def _task(step: Step) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if step.reads:
        arguments["artifacts"] = [
            {"name": name, "from": f"{{{{tasks.{source}.outputs.artifacts.{name}}}}}"}
            for name, source in step.reads.items()
        ]
    if step.given:
        arguments["parameters"] = [
            {"name": name, "value": f"{{{{tasks.{source}.outputs.parameters.{name}}}}}"}
            for name, source in step.given.items()
        ]
    task: dict[str, Any] = {"name": step.name, "template": step.name}
    if step.after:
        task["dependencies"] = [step.after]
    if step.when:
        task["when"] = step.when
    return {**task, "arguments": arguments} if arguments else task


def _template(step: Step, args: TrainingPipelineArgs) -> dict[str, Any]:
    trains = step.name == "train"
    size = args.node.resources if trains else resources("500m", "2Gi", memory_limit="4Gi")
    labels = {STEP: step.name} | (_queued() if trains else {})
    seconds = args.deadline_hours * HOUR if trains else step.minutes * 60
    made: dict[str, Any] = {
        "name": step.name,
        "metadata": {"labels": labels},
        "activeDeadlineSeconds": seconds,
        "retryStrategy": _retries(step),
        "inputs": _inputs(step),
        "outputs": _outputs(step),
        "container": {
            **training_pod.container(args.image, size, [step.name]),
            "args": [*_options(step)],
            "workingDir": WORK,
        },
    }
    if trains and args.node.tolerations:
        made["tolerations"] = args.node.tolerations
    return {key: value for key, value in made.items() if value}


def _queued() -> dict[str, str]:
    return {
        QUEUE_LABEL: QUEUE,
        "kueue.x-k8s.io/priority-class": "{{workflow.parameters.priority}}",
    }


def _retries(step: Step) -> dict[str, Any]:
    backoff = {"duration": "30s", "factor": 2, "maxDuration": "10m"}
    return {"limit": 2, "retryPolicy": step.retries, "backoff": backoff}


def _inputs(step: Step) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    if step.reads:
        inputs["artifacts"] = [{"name": name, "path": f"{WORK}/{name}"} for name in step.reads]
    if step.given:
        inputs["parameters"] = [{"name": name} for name in step.given]
    return inputs


def _outputs(step: Step) -> dict[str, Any]:
    outputs: dict[str, Any] = {}
    if step.writes:
        outputs["artifacts"] = [{"name": name, "path": f"{WORK}/{name}"} for name in step.writes]
    if step.tells:
        outputs["parameters"] = [
            {"name": name, "valueFrom": {"path": f"{WORK}/{name}"}} for name in step.tells
        ]
    return outputs


def _options(step: Step) -> list[str]:
    """A list, so that no shell reads what a parameter says; `-to` is where the step writes."""
    given = {name: f"{{{{inputs.parameters.{name}}}}}" for name in step.given}
    reads = {name: f"{WORK}/{name}" for name in step.reads}
    writes = {f"{name}-to": f"{WORK}/{name}" for name in (*step.writes, *step.tells)}
    options = {**step.options, **given, **reads, **writes}
    return [f"--{name}={value}" for name, value in options.items()]


def _flows(namespace: str) -> list[Flow]:
    """Beside what every workflow's pods may reach (`argo_workflows`)."""
    extract = Pods(namespace=namespace, labels={STEP: "extract"})
    return [Flow(name=f"{namespace}-reads-datasets", source=extract, target="world", ports=(443,))]
