"""Whether calls go to AWS itself or to another endpoint.

Nothing is sent, and no credentials are loaded. Only `endpoint_in_use` imports boto3.
"""

from functools import cache
from typing import Final
from urllib.parse import urlsplit

from reconciler.aws.translate import translating_setup_errors
from reconciler.models.targets import Coordinates

_DUMMY_KEY: Final = "nobody"
_ANY_REGION: Final = "us-east-1"


def custom_endpoint(url: str) -> str | None:
    """Return the endpoint without credentials, or None if it is AWS's own (interface endpoints included)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if any(host == suffix or host.endswith(f".{suffix}") for suffix in _suffixes()):
        return None
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def endpoint_in_use(coordinates: Coordinates) -> str | None:
    """Return the `custom_endpoint` that calls would go to. Raises ConfigurationError."""
    import boto3  # noqa: PLC0415 - costs 0.1 s

    with translating_setup_errors(f"profile {coordinates.profile}" if coordinates.profile else "AWS settings"):
        session = boto3.Session(
            aws_access_key_id=_DUMMY_KEY, aws_secret_access_key=_DUMMY_KEY, profile_name=coordinates.profile
        )
        client = session.client(
            "apigateway",
            region_name=coordinates.region or session.region_name or _ANY_REGION,
            endpoint_url=coordinates.endpoint_url,
        )
    return custom_endpoint(client.meta.endpoint_url)


@cache
def _suffixes() -> frozenset[str]:
    """Return the domain suffixes of every partition, from botocore's tables."""
    from botocore.loaders import create_loader  # noqa: PLC0415 - as above

    partitions = create_loader().load_data("partitions")["partitions"]
    outputs = [partition["outputs"] for partition in partitions]
    return frozenset(output[name] for output in outputs for name in ("dnsSuffix", "dualStackDnsSuffix"))
