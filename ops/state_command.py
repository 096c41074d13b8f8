"""`mlops bootstrap-state` and `mlops recover`, as an operator types them."""

from __future__ import annotations

from infra import stack_file
from ops.bootstrap_state import backend, bootstrap_state, state_target
from ops.clock import SystemClock
from ops.executor import Hands
from ops.progress import progress
from ops.recover import recover
from ops.regions import target_of
from ops.run import Options, perform
from ops.world.pending import PendingReads, PendingVerbs
from ops.world.state_store import StateReads, StateVerbs


def bootstrap(stack: str, options: Options) -> int:
    """Plan or make what holds the state of the platform of `stack`."""
    from ops.live.aws import Aws
    from ops.live.state_store import StateStore

    settings = stack_file.read(stack, options.project)
    target, home, copy = state_target(stack, settings)
    store = StateStore({place.region: Aws(place.region) for place in (home, copy)})
    hands: Hands[StateReads, StateVerbs] = Hands(
        reads=store,
        world=store,
        clock=SystemClock(),
        progress=progress(),
        confirm=options.confirm,
    )
    status = perform(bootstrap_state(target, home, copy), hands, options)
    if options.apply and status == 0:
        for line in backend(home):
            hands.progress.said(line)
    return status


def settle(stack: str, options: Options, *, dead: bool) -> int:
    """Plan or settle what a killed engine left pending; `dead`: its lock goes too."""
    from ops.live.aws import Aws
    from ops.live.engine import Engine
    from ops.live.pending import PendingOperations

    settings = stack_file.read(stack, options.project)
    operations = PendingOperations(Aws(settings.region), Engine(stack, options.project), dead=dead)
    hands: Hands[PendingReads, PendingVerbs] = Hands(
        reads=operations,
        world=operations,
        clock=SystemClock(),
        progress=progress(),
        confirm=options.confirm,
    )
    status = perform(recover(target_of(stack, settings), operations), hands, options)
    if options.apply and status == 0:
        # An engine that died between two operations left its lock alone.
        operations.unlock()
    return status
