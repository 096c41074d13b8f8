"""Every resource type lives through the same life: made, found unchanged, changed, meddled
with behind the provider's back, and deleted twice."""

from __future__ import annotations

import pytest

from rehearsal.providers.aws.provider import AwsProvider
from rehearsal.providers.aws.shapes import same
from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life, Living
from tests.rehearsal.providers.aws.lives import LIVES


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.token.rpartition(":")[2])
def test_a_resource_is_made_found_changed_and_deleted(
    life: Life, provider: AwsProvider, account: Account
) -> None:
    living = Living(life, provider, account)
    living.begin()
    _found_unchanged(living)
    if life.change:
        living.deploy(life.change)
        assert life.look is not None
        assert same(life.look(account, living.id), life.shows)
        _found_unchanged(living)
    if life.meddle:
        life.meddle(account, living.id)
        found = living.refreshed()
        assert found is None or found.inputs != living.inputs
    if life.undo:
        living.deploy(dict.fromkeys(life.undo))
    living.end()
    assert (living.refreshed() is not None) == life.stays
    living.end()


def _found_unchanged(living: Living) -> None:
    found = living.refreshed()
    assert found is not None
    assert found.inputs == living.inputs
    assert found.outputs == living.made["it"].outputs
