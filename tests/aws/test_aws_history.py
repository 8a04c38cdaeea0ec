"""A history in a bucket, and one in a folder: the same port. Topics of SNS. On moto."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from reconciler.aws.s3_history import BucketPlace, S3History, parse_bucket_place
from reconciler.aws.sns import Topic
from reconciler.errors import HistoryError, NotificationError, UsageError
from reconciler.history import FolderHistory
from reconciler.ports import HistoryStore, Notification

BUCKET = "drift-history"
NOTIFICATION = Notification("API Gateway drift in prod: 1 finding", "one\ntwo\N{SNOWMAN}", "{}")

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture
def aws() -> Iterator[None]:
    """An AWS of moto's, with a bucket in another region than the configured one."""
    with mock_aws():
        boto3.client("s3", region_name="eu-central-1").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        yield


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, aws: None) -> HistoryStore:  # noqa: ARG001 - the bucket
    """Either kind of history, empty."""
    return FolderHistory(tmp_path / "history") if request.param == "folder" else S3History(BucketPlace(BUCKET, "a/b/"))


@pytest.fixture
def bucket(aws: None) -> S3History:  # noqa: ARG001 - the bucket
    """A history in the bucket, without a prefix."""
    return S3History(BucketPlace(BUCKET, ""))


def test_a_history_is_empty_at_first(store: HistoryStore) -> None:
    """Without a folder, too; deleting what is not there is fine."""
    store.delete("b.json")

    assert ([], None) == (list(store.names()), store.read("b.json", 99))


def test_files_are_written_listed_read_replaced_and_deleted(store: HistoryStore) -> None:
    """Names in order, contents as they are."""
    for name, content in (("b.json", b"1"), ("a.json", b"\xff\0"), ("b.json", b"2")):
        store.write(name, content)

    assert (["a.json", "b.json"], b"\xff\0", b"2") == (
        list(store.names()),
        store.read("a.json", 2),
        store.read("b.json", 99),
    )
    store.delete("a.json")
    assert ["b.json"] == list(store.names())


def test_a_large_file_is_not_read(store: HistoryStore) -> None:
    """The error names it, and how much would be read."""
    store.write("b.json", b"1234")

    with pytest.raises(HistoryError, match=r"b\.json is larger than 3 bytes"):
        store.read("b.json", 3)


def test_a_prefix_sees_only_its_own_files(bucket: S3History) -> None:
    """Neither those of longer prefixes nor those of others."""
    below, other = S3History(BucketPlace(BUCKET, "a/")), S3History(BucketPlace(BUCKET, "ab/"))
    for history in (bucket, below, other):
        history.write("x.json", b"")

    assert [["x.json"]] * 3 == [list(history.names()) for history in (bucket, below, other)]


def test_long_lists_have_pages(bucket: S3History, monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 gives 1,000 names at a time, moto as many as it is to give."""
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    names = [f"{number}.json" for number in range(5)]
    for name in names:
        bucket.write(name, b"")

    assert names == list(bucket.names())


@pytest.mark.parametrize(
    "call",
    [
        lambda history: history.names(),
        lambda history: history.read("a.json", 9),
        lambda history: history.write("a.json", b""),
        lambda history: history.delete("a.json"),
    ],
    ids=["list", "get", "put", "delete"],
)
def test_a_bucket_that_is_gone(aws: None, call: Callable[[S3History], Any]) -> None:  # noqa: ARG001 - no such bucket
    """Says so, and what to do."""
    with pytest.raises(HistoryError) as caught:
        call(S3History(BucketPlace("gone-bucket", "a/")))

    assert ("s3://gone-bucket/a/: there is no such bucket", "create it, or choose another one with --history") == (
        caught.value.message,
        caught.value.remedy,
    )


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("AccessDenied", 403, "access denied: these credentials do not allow s3:GetObject on arn:aws:s3:::drift"),
        ("ExpiredToken", 400, "An error occurred (ExpiredToken) when calling the GetObject operation: no"),
    ],
)
def test_an_error_names_the_bucket(monkeypatch: pytest.MonkeyPatch, code: str, status: int, said: str) -> None:
    """And the permission that is missing."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - a failure of boto3's

    failure = ClientError(
        {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "GetObject",
    )

    def fail(**_: object) -> None:
        raise failure

    history = S3History(BucketPlace("drift", "a/"))
    monkeypatch.setattr(history._client, "get_object", fail)

    with pytest.raises(HistoryError) as caught:
        history.read("a.json", 9)
    assert caught.value.message.startswith(f"s3://drift/a/: {said}")


def test_credentials_that_are_missing_name_the_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    """As everywhere else, with the way to get some."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")

    with pytest.raises(HistoryError, match=r"s3://drift/: no AWS credentials found") as caught:
        S3History(BucketPlace("drift", "")).names()
    assert "AWS_PROFILE" in caught.value.remedy


def test_an_unreachable_endpoint_names_the_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    """After boto3's own retries."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setattr("reconciler.aws.clients._ATTEMPTS", 1)

    with pytest.raises(HistoryError, match=r"s3://drift/: .*127\.0\.0\.1:9"):
        S3History(BucketPlace("drift", "")).names()


def test_a_name_has_no_slash(bucket: S3History) -> None:
    """It would be below another prefix."""
    with pytest.raises(HistoryError, match="not a name"):
        bucket.write("a/b", b"")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("s3://my-bucket", "s3://my-bucket/"),
        ("s3://my-bucket/", "s3://my-bucket/"),
        ("s3://my-bucket/drift/prod", "s3://my-bucket/drift/prod/"),
        ("s3://my.bucket/drift/", "s3://my.bucket/drift/"),
    ],
)
def test_places_in_s3(url: str, place: str) -> None:
    """With or without a prefix."""
    assert place == str(parse_bucket_place(url))


@pytest.mark.parametrize(
    "url", ["s3://", "s3:///a", "s3://My_Bucket/a", "s3://my-bucket/a//b", "s3://my-bucket/\N{SNOWMAN}"]
)
def test_what_is_no_place_in_s3(url: str) -> None:
    """The error shows how to write one."""
    with pytest.raises(UsageError, match="is not a place in S3") as caught:
        parse_bucket_place(url)
    assert "s3://my-bucket/drift/prod" in caught.value.remedy


def test_a_topic_gets_subject_and_text(aws: None) -> None:  # noqa: ARG001 - the topic
    """In the region of its ARN, which is not the configured one."""
    sns, sqs = (boto3.client(service, region_name="eu-central-1") for service in ("sns", "sqs"))
    topic = sns.create_topic(Name="drift")["TopicArn"]
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-central-1:123456789012:q")
    Topic(topic).send(Notification("drift\N{SNOWMAN}" + "x" * 200, NOTIFICATION.text, "{}"))
    body = json.loads(sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"])

    assert ("drift?" + "x" * 93, NOTIFICATION.text) == (body["Subject"], body["Message"])


def test_a_topic_that_is_gone_is_an_error(aws: None) -> None:  # noqa: ARG001 - no topic
    """With the permission to check."""
    arn = "arn:aws:sns:eu-west-1:123456789012:gone"

    with pytest.raises(NotificationError, match=f"{arn}: An error occurred") as caught:
        Topic(arn).send(NOTIFICATION)
    assert f"check the topic, and that the credentials allow sns:Publish on {arn}" == caught.value.remedy


def test_a_topic_without_credentials_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """As everywhere else."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")

    with pytest.raises(NotificationError, match="no AWS credentials found"):
        Topic("arn:aws:sns:eu-west-1:123456789012:drift").send(NOTIFICATION)
