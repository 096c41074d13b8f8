"""What holds where training waits in queues: nothing takes nodes past them."""

from __future__ import annotations

from components.services.admission import Policy
from components.services.kueue import QUEUE_LABEL, QUEUED


def queue_policies() -> list[Policy]:
    """Every policy on what is queued."""
    return [
        Policy(
            name="queued-training",
            because="what takes nodes past its queue takes other teams' shares",
            fix=f"name the queue in the label {QUEUE_LABEL}",
            kinds={
                "": ("pods",),
                "batch": ("jobs",),
                "trainer.kubeflow.org": ("trainjobs",),
            },
            only=QUEUED,
            variables={"queued": f"'{QUEUE_LABEL}' in object.metadata.?labels.orValue({{}})"},
            holds=_queued(),
        )
    ]


def _queued() -> str:
    """Jobs name a queue; so do pods that take a GPU, but for those of a job, which was judged
    itself, and of a model, which serves and does not wait."""
    owned = "object.metadata.?ownerReferences.orValue([]).exists(o, o.kind in ['Job', 'JobSet'])"
    model = "'serving.kserve.io/inferenceservice' in object.metadata.?labels.orValue({})"
    takes = "object.spec.containers.exists(c, 'nvidia.com/gpu' in c.?resources.?limits.orValue({}))"
    waits_not = f"object.kind == 'Pod' && (!{takes} || {model})"
    return f"variables.queued || {owned} || ({waits_not})"
