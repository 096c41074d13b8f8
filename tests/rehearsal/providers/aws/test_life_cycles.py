"""Every resource type lives through the same life: made, found unchanged, changed, meddled
with behind the provider's back, and deleted twice."""

from __future__ import annotations

import pytest
from _pytest.mark.structures import ParameterSet

from rehearsal.providers.aws.shapes import same
from tests.rehearsal.providers.aws.life import Life, Living
from tests.rehearsal.providers.aws.lives import LIVES


def _lived(life: Life) -> ParameterSet:
    marks = [pytest.mark.xfail(reason=f"awaits {life.awaits}")] if life.awaits else []
    return pytest.param(life, id=life.token.rpartition(":")[2], marks=marks)


@pytest.mark.parametrize("life", [_lived(life) for life in LIVES])
def test_a_resource_is_made_found_changed_and_deleted(life: Life, living: Living) -> None:
    id_ = living.begin(life).found.id
    _found_unchanged(living)
    if life.change:
        living.deploy(life.change)
        assert life.look is not None
        assert same(life.look(living.account, id_), life.shows)
        _found_unchanged(living)
    if life.meddle:
        life.meddle(living.account, id_)
        found = living.refreshed()
        assert found is None or found.inputs != living.made["it"].inputs
    if life.undo:
        living.deploy(dict.fromkeys(life.undo))
    living.delete()
    assert (living.refreshed() is not None) == life.stays
    living.delete()


def _found_unchanged(living: Living) -> None:
    found, made = living.refreshed(), living.made["it"]
    assert found is not None
    assert found.inputs == made.inputs
    assert found.outputs == made.found.outputs
