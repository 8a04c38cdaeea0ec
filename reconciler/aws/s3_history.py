"""The files of a history in a bucket of S3.

A put is atomic there, and a list is sorted by name (Amazon S3 User Guide, "Listing object keys": in UTF-8 order). The
credentials are those that the run begins with, not those of the roles that environments assume.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import botocore.exceptions as boto

from reconciler.aws.clients import ProfileClients
from reconciler.aws.translate import failure_text
from reconciler.errors import HistoryError, ReconcilerError, UsageError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_PREFIX: Final = re.compile(r"[A-Za-z0-9!_.*'()/=+@:,-]{0,512}", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", re.ASCII)

_MOST_NAMES: Final = 100_000

_GONE: Final = frozenset({"NoSuchBucket", "404", "NotFound"})
_DENIED: Final = frozenset({"AccessDenied", "403", "Forbidden", "AllAccessDisabled"})
_NO_SUCH_KEY: Final = "NoSuchKey"

_CHECK_NETWORK: Final = "check the bucket, the credentials and the network"


class BucketPlace(NamedTuple):
    """A bucket, and the beginning of every key: "" or a text that ends with a slash."""

    bucket: str
    prefix: str

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"


def parse_bucket_place(url: str) -> BucketPlace:
    """Parse `s3://BUCKET/PREFIX`. Raises UsageError."""
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    prefix = prefix.strip("/")
    if not _BUCKET.fullmatch(bucket) or not _PREFIX.fullmatch(prefix) or "//" in prefix:
        raise UsageError(f"{url!r} is not a place in S3", "write it as in s3://my-bucket/drift/prod")
    return BucketPlace(bucket, f"{prefix}/" if prefix else "")


class S3History:
    """`ports.HistoryStore` below a prefix of a bucket. `profile` and `region`: boto3's choice where they are None."""

    def __init__(self, place: BucketPlace, profile: str | None = None, region: str | None = None) -> None:
        self._place = place
        self._profile = profile
        self._region = region
        self._opened: S3Client | None = None

    @property
    def place(self) -> str:
        """The URL."""
        return str(self._place)

    def names(self) -> Sequence[str]:
        """Return the names below the prefix, sorted, at most 100,000. Raises HistoryError."""
        with self._reporting("s3:ListBucket", f"arn:aws:s3:::{self._place.bucket}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._place.bucket, Prefix=self._place.prefix, Delimiter="/"
            )
            keys = (entry["Key"] for page in pages for entry in page.get("Contents", ()))
            names = (key.removeprefix(self._place.prefix) for key in islice(keys, _MOST_NAMES))
            return sorted(name for name in names if _NAME.fullmatch(name))

    def read(self, name: str, at_most: int) -> bytes | None:
        """Return a file, None if there is none. Raises HistoryError."""
        with self._reporting("s3:GetObject", self._arn(name)):
            try:
                answer = self._client.get_object(Bucket=self._place.bucket, Key=self._key(name))
            except boto.ClientError as failure:
                if _code(failure) == _NO_SUCH_KEY:
                    return None
                raise
            with answer["Body"] as body:
                content: bytes = body.read(at_most + 1)
        if len(content) > at_most:
            raise HistoryError(f"{self._place}{name} is larger than {at_most:,} bytes", "delete it")
        return content

    def write(self, name: str, content: bytes) -> None:
        """Create or replace a file. Raises HistoryError."""
        with self._reporting("s3:PutObject", self._arn(name)):
            self._client.put_object(
                Bucket=self._place.bucket, Key=self._key(name), Body=content, ContentType="application/json"
            )

    def delete(self, name: str) -> None:
        """Delete a file, if it is there. Raises HistoryError."""
        with self._reporting("s3:DeleteObject", self._arn(name)):
            self._client.delete_object(Bucket=self._place.bucket, Key=self._key(name))

    @property
    def _client(self) -> "S3Client":
        if self._opened is None:
            self._opened = ProfileClients(self._profile, 1).storage_client(self._region)
        return self._opened

    def _key(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise HistoryError(f"{name!r} is not a name of a file of a history")
        return f"{self._place.prefix}{name}"

    def _arn(self, name: str) -> str:
        return f"arn:aws:s3:::{self._place.bucket}/{self._place.prefix}{name}"

    @contextmanager
    def _reporting(self, action: str, resource: str) -> Iterator[None]:
        try:
            yield
        except HistoryError:
            raise
        except ReconcilerError as failure:
            raise HistoryError(f"{self._place}: {failure.message}", failure.remedy) from failure
        except boto.ClientError as failure:
            code = _code(failure)
            if code in _GONE:
                raise HistoryError(
                    f"{self._place}: there is no such bucket", "create it, or choose another one with --history"
                ) from failure
            if code in _DENIED:
                message = f"{self._place}: access denied: these credentials do not allow {action} on {resource}"
                raise HistoryError(
                    message, "allow it in the policies of the user, the role and the bucket"
                ) from failure
            raise HistoryError(f"{self._place}: {failure_text(failure)}", _CHECK_NETWORK) from failure
        except (boto.BotoCoreError, OSError) as failure:
            raise HistoryError(f"{self._place}: {failure_text(failure)}", _CHECK_NETWORK) from failure


def _code(failure: boto.ClientError) -> str:
    return str(failure.response.get("Error", {}).get("Code", ""))
