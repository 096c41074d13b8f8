"""The catalogue of provisioning times."""

from catalog import timings


def test_a_type_with_a_row_takes_what_was_observed():
    timing = timings.seconds("aws:rds/instance:Instance", "create-multi-az")
    assert (timing.typical, timing.slow, timing.samples) == (827, 1020, 3)


def test_a_variant_without_a_row_takes_its_types_row():
    known = timings.seconds("aws:eks/addon:Addon", "create", "vpc-cni")
    other = timings.seconds("aws:eks/addon:Addon", "create", "snapshot-controller")
    assert (known.typical, other.typical) == (65, 45)


def test_a_special_case_without_a_row_takes_the_plain_verbs_row():
    assert timings.seconds("aws:eks/cluster:Cluster", "create-from-backup").typical == 540


def test_an_unknown_type_takes_one_api_call_also_for_its_deletion():
    for operation in ("create", "update", "delete"):
        timing = timings.seconds("aws:sns/topic:Topic", operation)
        assert (timing.typical, timing.slow) == (1, 2)
        assert timing.basis.startswith("default")


def test_what_lives_in_the_state_only_takes_no_time():
    assert timings.seconds("random:index/randomPassword:RandomPassword", "create").slow == 0
    assert timings.seconds("pulumi:providers:aws", "create").slow == 0


def test_no_row_is_slower_typically_than_in_the_slow_case():
    for row in timings.timings().values():
        assert 0 < row.typical <= row.slow, row


def test_a_figure_without_observations_says_that_it_is_none():
    stated = ("estimate", "documentation")
    for row in timings.timings().values():
        assert row.samples > 0 or row.basis.startswith(stated), row
