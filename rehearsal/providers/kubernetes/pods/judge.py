"""Judges what an object brings into a cluster: at once, and by what its pods come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rehearsal.providers.kubernetes.admission_policies import require_allowed
from rehearsal.providers.kubernetes.objects import Key, Object, Objects
from rehearsal.providers.kubernetes.place import Place
from rehearsal.providers.kubernetes.pods import jobs
from rehearsal.providers.kubernetes.pods.account import Account, NodeGroup
from rehearsal.providers.kubernetes.pods.admission import refusal
from rehearsal.providers.kubernetes.pods.kubelet import unstartable
from rehearsal.providers.kubernetes.pods.nodes import pools
from rehearsal.providers.kubernetes.pods.pod import Pod, pod_of, waits
from rehearsal.providers.kubernetes.pods.quotas import Quotas
from rehearsal.providers.kubernetes.pods.references import References
from rehearsal.providers.kubernetes.pods.scheduling import unschedulable
from rehearsal.providers.kubernetes.resources import resource_of
from rehearsal.providers.kubernetes.roles import Account as ServiceAccount
from rehearsal.providers.kubernetes.roles import require_may
from rehearsal.providers.kubernetes.storage import Addons, unserved
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import as_list, as_object

CLAIM = "PersistentVolumeClaim"
COUNTED = (CLAIM, "Service", "ConfigMap", "Secret")
"""Kinds without pods that a quota may refuse."""

Accept = Callable[[Object], object]
"""Takes an object as the API server does, without keeping it. Raises PluginError."""


class Judge:
    """Of every cluster that one provider serves."""

    def __init__(self, objects: Objects, account: Account) -> None:
        self._objects = objects
        self._account = account
        self._groups: dict[str, list[NodeGroup]] = {}
        """Of a cluster, as last seen: asked for again only when nothing fits."""

    def require_admitted(
        self, key: Key, version: str, body: Object, before: Object | None = None
    ) -> None:
        """Raises PluginError where the API server refuses `body` itself.

        `before`: the object as it was, at an update.
        """
        if key.kind != "Pod" or before is not None:
            # A new pod is judged below, with what its namespace gives it of sizes.
            require_allowed(self._objects, key, body, before)
        if key.kind in COUNTED:
            told = Quotas(self._objects, key.cluster, key.namespace).object_refusal(body)
            if told:
                _, resource = resource_of(self._objects, key.cluster, body)
                raise PluginError(f'{resource} "{key.name}" is forbidden: {told}')
        pod = pod_of(body) if key.kind == "Pod" else None
        told = refusal(self._objects, key, pod, version) if pod else None
        if told:
            raise PluginError(told)

    def stuck(
        self, place: Place, key: Key, version: str, body: Object, addons: Addons, accept: Accept
    ) -> str | None:
        """Why what waits for `body` waits in vain, in the words of events; None if it does not."""
        if key.kind == CLAIM:
            return unserved(self._objects, key.cluster, addons, body, has_pod=False)
        pod = pod_of(body)
        if pod is None or pod.count == 0 or not waits(body):
            return None
        told = refusal(self._objects, key, pod, version) if pod.maker else None
        if told:
            return f"{pod.maker} [FailedCreate] Error creating: {told}"
        return next(self._waits_in_vain(place, pod, addons, body), None) or (
            self._job(key, pod, accept) if pod.maker == "Job" else None
        )

    def _waits_in_vain(self, place: Place, pod: Pod, addons: Addons, body: Object) -> Iterator[str]:
        here = References(self._objects, place.stored, pod.namespace, place.region, self._account)
        yield from self._unclaimed(place, pod, here, addons)
        for template in as_list(as_object(body["spec"]).get("volumeClaimTemplates")):
            pending = unserved(self._objects, place.stored, addons, template, has_pod=True)
            if pending:
                yield f'persistentvolumeclaim "{template["metadata"]["name"]}": {pending}'
        unplaced = self._unplaced(place, pod)
        if unplaced:
            yield unplaced
        unstarted = unstartable(pod, here)
        if unstarted:
            yield unstarted

    def _unclaimed(self, place: Place, pod: Pod, here: References, addons: Addons) -> Iterator[str]:
        for volume in as_list(pod.spec.get("volumes")):
            name = as_object(volume.get("persistentVolumeClaim")).get("claimName")
            claim = here.claim(str(name)) if name else None
            if name and claim is None:
                yield f'[Unschedulable] persistentvolumeclaim "{name}" not found'
            if claim:
                why = unserved(self._objects, place.stored, addons, claim, has_pod=True)
                if why:
                    yield f'persistentvolumeclaim "{name}": {why}'

    def _unplaced(self, place: Place, pod: Pod) -> str | None:
        if place.stored in self._groups:
            known = pools(self._objects, place.stored, self._groups[place.stored])
            if unschedulable(pod, known) is None:
                return None
        groups = self._account.node_groups(place.region, place.name)
        if groups is None:
            return None
        self._groups[place.stored] = list(groups)
        return unschedulable(pod, pools(self._objects, place.stored, groups))

    def _job(self, key: Key, pod: Pod, accept: Accept) -> str | None:
        account = ServiceAccount(namespace=pod.namespace, name=pod.account)

        def ask(body: Object) -> None:
            resource = resource_of(self._objects, key.cluster, body)
            namespace = str(body["metadata"]["namespace"])
            require_may(self._objects, key.cluster, account, "create", resource, namespace)
            accept(body)

        failed = jobs.failure(self._objects, key.cluster, pod, ask)
        return f"[BackoffLimitExceeded] {failed}" if failed else None
