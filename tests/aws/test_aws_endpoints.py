"""Whether calls go to AWS itself."""

import pytest

from reconciler.aws.endpoints import custom_endpoint


@pytest.mark.parametrize(
    "url",
    [
        "https://apigateway.eu-west-1.amazonaws.com",
        "https://apigateway-fips.us-east-1.amazonaws.com",
        "https://apigateway.eu-west-1.api.aws",
        "https://apigateway.cn-north-1.amazonaws.com.cn",
        "https://vpce-1-2.apigateway.eu-west-1.vpce.amazonaws.com",
    ],
)
def test_every_endpoint_of_aws_is_aws(url: str) -> None:
    """Endpoints of every partition, FIPS, dual-stack and interface endpoints of a VPC belong to AWS."""
    assert custom_endpoint(url) is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("http://localhost:4566/path", "http://localhost:4566"),
        ("https://somebody:secret@aws.example", "https://aws.example"),
        ("https://amazonaws.com.example", "https://amazonaws.com.example"),
    ],
)
def test_anything_else_is_shown_without_credentials(url: str, shown: str) -> None:
    """Any other endpoint is shown, even one that only looks like AWS."""
    assert shown == custom_endpoint(url)
