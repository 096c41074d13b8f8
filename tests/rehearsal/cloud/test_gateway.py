"""The gateway as a whole: what is answered by whom, recorded and forgotten."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.cloud.account import ACCOUNT_ID, Account


def test_any_access_key_belongs_to_the_one_account(account: Account) -> None:
    assert account.sts.get_caller_identity()["Account"] == ACCOUNT_ID


def test_an_operation_that_nobody_implements_names_itself(account: Account) -> None:
    with pytest.raises(ClientError) as refusal:
        account.logs.put_query_definition(name="q", queryString="fields @message")
    said = cast("Any", refusal.value.response)
    assert said["Error"]["Code"] == "NotImplemented"
    assert "logs:PutQueryDefinition" in said["Error"]["Message"]
    assert said["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_a_service_that_moto_does_not_know_is_an_error_not_an_echo(account: Account) -> None:
    with pytest.raises(ClientError, match="does not implement pricing:DescribeServices"):
        account.pricing.describe_services()


def test_eks_operations_that_are_missing_never_reach_motos_own_eks(account: Account) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        account.eks.list_fargate_profiles(clusterName="c")


def test_what_moto_would_mistake_for_another_operation_is_refused(account: Account) -> None:
    account.bucket("models")
    with pytest.raises(ClientError, match="does not implement s3:PutBucketRequestPayment"):
        account.s3.put_bucket_request_payment(
            Bucket="models", RequestPaymentConfiguration={"Payer": "Requester"}
        )


def test_a_request_without_a_signature_is_refused_in_words(account: Account) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{account.url}/")
    with refusal.value as answer:
        assert answer.code == 403
        assert b"access key of 20 characters" in answer.read()


def test_calls_are_recorded_with_who_answered_and_without_values(account: Account) -> None:
    account.secretsmanager.create_secret(Name="s", SecretString="hunter2-hunter2")
    account.eks.list_clusters()
    with pytest.raises(ClientError):
        account.ec2.create_subnet(VpcId=account.vpc(), CidrBlock="10.0.0.0/29")
    calls = account.control("GET", "calls")
    by = [(call["operation"], call["by"], call["error"]) for call in calls]
    assert by == [
        ("CreateSecret", "operation", None),
        ("ListClusters", "operation", None),
        ("CreateVpc", "moto", None),
        ("CreateSubnet", "refusal", "InvalidSubnet.Range"),
    ]
    assert "hunter2" not in str(calls)
    assert {call["region"] for call in calls} == {"us-east-1"}


def test_equal_calls_have_equal_digests(account: Account) -> None:
    account.eks.list_clusters(maxResults=5)
    account.eks.list_clusters(maxResults=5)
    account.eks.list_clusters(maxResults=6)
    first, second, third = [call["parameters"] for call in account.control("GET", "calls")]
    assert first == second != third


def test_recorded_calls_can_be_read_on_from_a_number_and_forgotten(account: Account) -> None:
    account.eks.list_clusters()
    last = account.control("GET", "calls")[-1]["number"]
    account.kms.list_keys()
    newer = account.control("GET", f"calls?after={last}")
    assert [call["operation"] for call in newer] == ["ListKeys"]
    account.control("DELETE", "calls")
    assert account.control("GET", "calls") == []


def test_a_reset_empties_the_account_bucket_names_included(account: Account) -> None:
    account.bucket("models")
    account.cluster()
    account.control("POST", "reset")
    assert account.eks.list_clusters()["clusters"] == []
    assert account.s3.list_buckets()["Buckets"] == []
    account.bucket("models")


def test_an_unknown_control_request_lists_the_known_ones(account: Account) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        account.control("GET", "nonsense")
    with refusal.value as answer:
        assert b"GET health" in answer.read()


def test_health_tells_the_process_and_its_memory(account: Account) -> None:
    health = account.control("GET", "health")
    assert health["status"] == "ok"
    assert health["rss_bytes"] > 0


def test_regions_keep_their_own_things(account: Account) -> None:
    account.cluster()
    assert account.there("us-west-2").eks.list_clusters()["clusters"] == []


def test_calls_at_the_same_time_do_not_both_take_a_name(account: Account) -> None:
    role = account.role("c", "eks.amazonaws.com")
    given = {"roleArn": role, "resourcesVpcConfig": {"subnetIds": account.subnets(account.vpc())}}
    outcomes: list[str] = []

    def create() -> None:
        try:
            account.eks.create_cluster(name="main", **given)
            outcomes.append("made")
        except ClientError as problem:
            outcomes.append(cast("Any", problem.response)["Error"]["Code"])

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ResourceInUseException"] * 7 + ["made"]


def test_connections_stay_open(account: Account) -> None:
    headers = account.eks.list_clusters()["ResponseMetadata"]["HTTPHeaders"]
    assert "connection" not in headers


def test_an_object_with_a_body_is_stored_without_waiting(account: Account) -> None:
    account.bucket("models")
    account.s3.put_object(Bucket="models", Key="a folder/é+b", Body=b"weights" * 100_000)
    stored = account.s3.get_object(Bucket="models", Key="a folder/é+b")
    with stored["Body"] as body:
        assert len(body.read()) == 700_000
    put = account.control("GET", "calls")[1]
    assert put["seconds"] < 1
